"""The form of a segment: its fields, reading them back, and rows that come and go. Amounts are in major units.

A row is named by its place: `0`, `1`, and `1-0` for the first row of the group in row 1. Its fields are `c1-0.event`
and so on. What lies deeper than that only the text can say.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from samband.customers.segments import definitions
from samband.customers.segments.definitions import (
    Agreed,
    Amount,
    Bought,
    Condition,
    Definition,
    Did,
    Doing,
    Trait,
    Visited,
    When,
)
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .reading import NotRead

SEVERAL = "several"
MOST_ROWS = 40
_ROW = re.compile(r"c(\d{1,3}(?:-\d{1,3})?)\.kind")
_NUMBER = re.compile(r"-?\d{1,15}", re.ASCII)


class Fields:
    """What the fields of the form hold: each some texts, for most of them one."""

    def __init__(self, held: Mapping[str, Sequence[str]] | None = None) -> None:
        self.held = {name: list(texts) for name, texts in (held or {}).items()}

    @classmethod
    def sent(cls, given: QueryDict) -> "Fields":
        return cls({name: texts for name, texts in given.lists() if name.startswith("c") or name in _OF_ALL})

    def get(self, name: str) -> str:
        texts = self.held.get(name, ())
        return texts[-1].strip() if texts else ""

    def all(self, name: str) -> list[str]:
        return [text for text in self.held.get(name, ()) if text]

    def put(self, name: str, value: object) -> None:
        """Hold this, unless it is nothing."""
        if isinstance(value, tuple | list):
            self.held[name] = [str(one) for one in value]
        elif value not in (None, ""):
            self.held[name] = [str(value)]

    def rows(self, inside: str = "") -> list[str]:
        """The rows on a level, in their order."""
        found = [match[1] for name in self.held if (match := _ROW.fullmatch(name))]
        here = [row for row in found if row.rpartition("-")[0] == inside]
        return sorted(here, key=lambda row: int(row.rpartition("-")[2]))

    def add(self, inside: str = "") -> str:
        """One more row at the end, if there are not too many to look through; the place of the last one."""
        rows = self.rows(inside)
        if len(rows) >= MOST_ROWS:
            return rows[-1]
        number = int(rows[-1].rpartition("-")[2]) + 1 if rows else 0
        row = f"{inside}-{number}" if inside else str(number)
        self.put(f"c{row}.kind", "did")
        return row

    def take_out(self, row: str) -> None:
        """Have a row no longer, nor what is inside it."""
        self.held = {name: texts for name, texts in self.held.items() if not re.match(rf"c{re.escape(row)}[.-]", name)}


_OF_ALL = ("how", "slug", "zone", "about", *(f"names-{code}" for code in ("en", "is", "pl", "lv", "el")))


# --- from a segment to fields


def fields(definition: Definition) -> Fields | None:
    """What the form holds of a segment; None if it says more than the form can show."""
    found = Fields()
    who = definition.who
    [(kind, value)] = definitions.said(who).items()
    found.put("how", kind if kind in definitions.GROUPS else "all")
    inner = value if kind in definitions.GROUPS else (who,)
    assert isinstance(inner, tuple)
    return found if all(_row(found, str(nth), one, deep=True) for nth, one in enumerate(inner)) else None


def _row(found: Fields, row: str, condition: Condition, *, deep: bool) -> bool:
    [(kind, value)] = definitions.said(condition).items()
    if kind in definitions.GROUPS:
        assert isinstance(value, tuple)
        found.put(f"c{row}.kind", SEVERAL)
        found.put(f"c{row}.how", kind)
        return deep and all(_row(found, f"{row}-{nth}", one, deep=False) for nth, one in enumerate(value))
    found.put(f"c{row}.kind", kind)
    match value:
        case Trait():
            _put_trait(found, f"c{row}", value)
        case Doing() | Bought() | Visited():
            _put_doing(found, f"c{row}", value)
        case Agreed():
            found.put(f"c{row}.purpose", value.purpose)
            found.put(f"c{row}.answer", value.answer)
        case tuple():
            found.put(f"c{row}.words", value if kind == "known_by" else ", ".join(value))
        case str():
            found.put(f"c{row}.segment", value)
    return True


def _put_trait(found: Fields, at: str, trait: Trait) -> None:
    found.put(f"{at}.trait", trait.name)
    for name in ("at_least", "at_most"):
        number = getattr(trait, name)
        found.put(f"{at}.{name}", _major(number, trait.currency) if trait.currency and number is not None else number)
    found.put(f"{at}.currency", trait.currency)
    if isinstance(trait.value, bool):
        found.put(f"{at}.flag", "yes" if trait.value else "no")
    elif trait.value is not None:
        found.put(f"{at}.words", ", ".join(trait.value))
    if trait.known is not None:
        found.put(f"{at}.known", "yes" if trait.known else "no")
    _put_when(found, at, When(trait.within_days, trait.longer_ago_than_days, trait.since, trait.until))


def _put_doing(found: Fields, at: str, value: Doing | Bought | Visited) -> None:
    _put_when(found, at, When(within_days=value.within_days, since=value.since, until=value.until))
    if isinstance(value, Visited):
        found.put(f"{at}.place", value.any_of)
    else:
        for name in ("channel", "place", "category"):
            found.put(f"{at}.{name}", getattr(value, name))
        found.put(f"{at}.sku", ", ".join(value.sku))
    if isinstance(value, Doing):
        found.put(f"{at}.event", value.event)
        _put_amount(found, f"{at}.worth", value.worth)
    if not isinstance(value, Doing) or isinstance(value, Did):
        found.put(f"{at}.at_least", value.at_least)
        found.put(f"{at}.at_most", value.at_most)
    if isinstance(value, Did | Bought):
        _put_amount(found, f"{at}.total", value.total)
    if isinstance(value, Did):
        for name, when in (("first", value.first), ("last", value.last)):
            _put_when(found, f"{at}.{name}", when or When())


def _put_when(found: Fields, at: str, when: When) -> None:
    for name in ("within_days", "longer_ago_than_days", "since", "until"):
        found.put(f"{at}.{name}", getattr(when, name))


def _put_amount(found: Fields, at: str, amount: Amount | None) -> None:
    if amount is not None:
        found.put(f"{at}.currency", amount.currency)
        for name in ("at_least", "at_most"):
            number = getattr(amount, name)
            found.put(f"{at}.{name}", None if number is None else _major(number, amount.currency))


def _major(number: int, currency: str) -> str:
    return f"{Money(number, currency).decimal:f}"


# --- from fields to a segment


def read(sent: Fields, kinds: Mapping[str, str]) -> Condition:
    """Who is in the segment. `kinds` are those of the traits. Raises NotRead for a field that cannot be read."""
    how = sent.get("how") if sent.get("how") in definitions.GROUPS else "all"
    rows = tuple(_read_row(sent, row, kinds) for row in sent.rows())
    if how == "all" and len(rows) == 1:
        return rows[0]
    return definitions.of(how, rows)


def _read_row(sent: Fields, row: str, kinds: Mapping[str, str]) -> Condition:
    at, kind = f"c{row}", sent.get(f"c{row}.kind")
    match kind:
        case "several":
            how = sent.get(f"{at}.how")
            inner = tuple(_read_row(sent, one, kinds) for one in sent.rows(row))
            return definitions.of(how if how in definitions.GROUPS else "any", inner)
        case "did":
            return Condition(did=_did(sent, at))
        case "did_not":
            return Condition(did_not=Doing(**_doing(sent, at)))
        case "bought":
            return Condition(bought=_bought(sent, at))
        case "place":
            return Condition(place=Visited(tuple(sent.all(f"{at}.place")), **_times(sent, at), **_window(sent, at)))
        case "trait":
            return Condition(trait=_trait(sent, at, kinds))
        case "consent":
            return Condition(consent=Agreed(sent.get(f"{at}.purpose"), sent.get(f"{at}.answer") or "granted"))
        case "group":
            return Condition(group=_words(sent, f"{at}.words"))
        case "known_by":
            return Condition(known_by=tuple(sent.all(f"{at}.words")))
        case "in" | "not_in":
            return definitions.of(kind, sent.get(f"{at}.segment"))
    raise NotRead(field=f"{at}.kind", want="choice")


def _did(sent: Fields, at: str) -> Did:
    first, last = (_when(sent, f"{at}.{end}") for end in ("first", "last"))
    return Did(
        **_doing(sent, at),
        **_times(sent, at),
        total=_amount(sent, f"{at}.total"),
        first=first if first != When() else None,
        last=last if last != When() else None,
    )


def _doing(sent: Fields, at: str) -> dict[str, Any]:
    return {
        "event": sent.get(f"{at}.event"),
        "worth": _amount(sent, f"{at}.worth"),
        **_window(sent, at),
        **_where(sent, at),
    }


def _bought(sent: Fields, at: str) -> Bought:
    return Bought(
        **_where(sent, at), **_times(sent, at), **_window(sent, at), total=_amount(sent, f"{at}.total")
    )  # fmt: skip


def _where(sent: Fields, at: str) -> dict[str, Any]:
    ticked = {name: tuple(dict.fromkeys(sent.all(f"{at}.{name}"))) for name in ("channel", "place", "category")}
    return {**ticked, "sku": _words(sent, f"{at}.sku")}


def _trait(sent: Fields, at: str, kinds: Mapping[str, str]) -> Trait:
    name = sent.get(f"{at}.trait")
    kind = kinds.get(name, "count")
    if known := sent.get(f"{at}.known"):
        return Trait(name, known=known == "yes")
    match kind:
        case "flag":
            return Trait(name, value=sent.get(f"{at}.flag") != "no")
        case "text":
            return Trait(name, value=_words(sent, f"{at}.words"))
        case "moment":
            when = _when(sent, at)
            return Trait(
                name, within_days=when.within_days, longer_ago_than_days=when.longer_ago_than_days,
                since=when.since, until=when.until,
            )  # fmt: skip
        case "money":
            amount = _amount(sent, at) or Amount(sent.get(f"{at}.currency"))
            return Trait(name, amount.at_least, amount.at_most, amount.currency)
    return Trait(name, _whole(sent, f"{at}.at_least"), _whole(sent, f"{at}.at_most"))


def _times(sent: Fields, at: str) -> dict[str, Any]:
    most = _whole(sent, f"{at}.at_most")
    least = _whole(sent, f"{at}.at_least")
    found = {"at_least": 1 if least is None else least}
    return found if most is None else {**found, "at_most": most}


def _window(sent: Fields, at: str) -> dict[str, Any]:
    when = _when(sent, at)
    return {"within_days": when.within_days, "since": when.since, "until": when.until}


def _when(sent: Fields, at: str) -> When:
    return When(
        _whole(sent, f"{at}.within_days"),
        _whole(sent, f"{at}.longer_ago_than_days"),
        _day(sent, f"{at}.since"),
        _day(sent, f"{at}.until"),
    )


def _whole(sent: Fields, name: str) -> int | None:
    text = re.sub(r"\s", "", sent.get(name))
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise NotRead(field=name.rpartition(".")[2], want="whole")
    return int(text)


def _day(sent: Fields, name: str) -> date | None:
    text = sent.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotRead(field=name.rpartition(".")[2], want="day") from error


def _amount(sent: Fields, at: str) -> Amount | None:
    """Between two amounts of one currency; nothing if neither is typed."""
    currency = sent.get(f"{at}.currency")
    least, most = (_minor(sent.get(f"{at}.{name}"), currency, name) for name in ("at_least", "at_most"))
    return None if least is None and most is None else Amount(currency, least, most)


def _minor(text: str, currency: str, name: str) -> int | None:
    found = re.sub(r"\s", "", text)
    if not found:
        return None
    if found.count(",") == 1 and "." not in found:
        found = found.replace(",", ".")
    try:
        if not re.fullmatch(r"-?\d{1,13}(\.\d*)?", found, re.ASCII):
            raise NotRead(field=name, want="amount")
        return Money.parse(Decimal(found), currency).amount
    except (InvalidOperation, Invalid) as error:
        raise NotRead(field=name, want="amount") from error


def _words(sent: Fields, name: str) -> tuple[str, ...]:
    """Words between commas or new lines, each once."""
    parts: Iterable[str] = (part.strip() for text in sent.all(name) for part in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))
