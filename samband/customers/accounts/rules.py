"""How a person's particulars are read: cleaned, checked, never guessed."""

import re
from dataclasses import dataclass, replace

import phonenumbers

from samband.kernel.refusal import Invalid

from .refusals import AddressIncomplete, NotAnEmail, NotAPhone

LONGEST = {"name": 120, "line1": 160, "line2": 160, "postcode": 16, "city": 80}

POSTCODES: dict[str, re.Pattern[str]] = {
    "IS": re.compile(r"\d{3}"),
    "PL": re.compile(r"\d{2}-\d{3}"),
    "LV": re.compile(r"LV-\d{4}"),
    "GR": re.compile(r"\d{3} \d{2}"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
}
"""How each country writes its postcodes, after `_written_postcode` has put them in form."""

_EMAIL = re.compile(
    r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)


@dataclass(frozen=True)
class Particulars:
    """An address as somebody gives it."""

    name: str
    line1: str
    city: str
    country: str
    postcode: str = ""
    line2: str = ""
    phone: str = ""


def email(text: str) -> str:
    """The address in lower case. Raises NotAnEmail."""
    address = text.strip().lower() if isinstance(text, str) else ""
    local = address.partition("@")[0]
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address or local[0] == "." or local[-1] == ".":
        raise NotAnEmail()
    return address


def phone(text: str, country: str | None) -> str:
    """The number in E.164, or nothing for nothing; without + it is dialled in `country`. Raises NotAPhone."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text.strip()[:40], country)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone() from error
    if not phonenumbers.is_possible_number(number):
        raise NotAPhone()
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def name(text: str) -> str:
    """A person's name with its spaces in order. Raises Invalid if it is empty, or `unwritable`: too long or strange."""
    clean = " ".join(text.split())
    if not clean:
        raise Invalid("A name is needed.", fields=["name"])
    if _unwritable("name", clean):
        raise Invalid("That name cannot be written on a parcel.", fields=["name"], unwritable=["name"])
    return clean


def address(given: Particulars) -> Particulars:
    """The address in the country's form. Raises AddressIncomplete naming every field that is wrong.

    Those of them that hold something, but too much of it or signs that no label has, are also named `unwritable`.
    """
    clean = replace(
        given,
        name=" ".join(given.name.split()),
        line1=" ".join(given.line1.split()),
        line2=" ".join(given.line2.split()),
        city=" ".join(given.city.split()),
        postcode=_written_postcode(given.postcode, given.country),
    )
    wrong = [field for field in ("name", "line1", "city") if not getattr(clean, field)]
    unwritable = [field for field in LONGEST if _unwritable(field, getattr(clean, field))]
    wrong += unwritable
    if clean.country not in POSTCODES:
        wrong.append("country")
    elif not POSTCODES[clean.country].fullmatch(clean.postcode):
        wrong.append("postcode")
    try:
        clean = replace(clean, phone=phone(given.phone, given.country if given.country in POSTCODES else None))
    except NotAPhone:
        wrong.append("phone")
    if wrong:
        raise AddressIncomplete(fields=sorted(set(wrong)), unwritable=sorted(unwritable))
    return clean


def _unwritable(field: str, text: str) -> bool:
    return len(text) > LONGEST[field] or not text.isprintable()


def _written_postcode(text: str, country: str) -> str:
    """Put separators where the country wants them: people leave them out or put them elsewhere."""
    bare = re.sub(r"[\s-]", "", text.upper())[:20]
    if country == "PL" and len(bare) == 5:
        return f"{bare[:2]}-{bare[2:]}"
    if country == "LV":
        return f"LV-{bare.removeprefix('LV')}"
    if country == "GR" and len(bare) == 5:
        return f"{bare[:3]} {bare[3:]}"
    if country == "GB" and len(bare) > 3:
        return f"{bare[:-3]} {bare[-3:]}"
    return bare
