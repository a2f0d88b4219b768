"""The customer export: one row a customer, with their default address."""

from collections import Counter
from dataclasses import dataclass, field

from samband.customers.accounts import rules
from samband.customers.accounts.commands import Known
from samband.customers.accounts.rules import Particulars
from samband.flows.take_over import Ground
from samband.kernel.geography import TIME_ZONES
from samband.kernel.identifier import key_of
from samband.kernel.refusal import Refusal

from ..rejects import Rejects
from .sheet import Record, Sheet, records, reject


@dataclass
class Customers:
    """Customers who can be known, their addresses by reference, and what is left behind, by code."""

    known: list[Known] = field(default_factory=list)
    addresses: dict[str, Particulars] = field(default_factory=dict)
    rows: int = 0
    left: Counter[str] = field(default_factory=Counter)


def read(sheet: Sheet, ground: Ground, rejects: Rejects) -> Customers:
    """Every row is a customer or among the rejects."""
    found = Customers()
    references: set[str] = set()
    emails: set[str] = set()
    for record in records(sheet, rejects):
        found.rows += 1
        email = record["Email"]
        try:
            email = rules.email(email) if email else ""
        except Refusal:
            reject(sheet, rejects, [record], "not_a_customer")
            continue
        reference = record["Customer ID"].lstrip("'") or (by_email(email) if email else "")
        if not reference or len(reference) > 100:
            reject(sheet, rejects, [record], "not_a_customer")
        elif reference in references or email in emails:
            reject(sheet, rejects, [record], "repeated")
        else:
            references.add(reference)
            emails.update([email] if email else [])
            _add(found, record, reference, email, ground)
    found.rows += rejects.reasons["unreadable"]
    return found


def _add(found: Customers, record: Record, reference: str, email: str, ground: Ground) -> None:
    name = clean_name(f"{record['First Name']} {record['Last Name']}")
    country = record.first("Default Address Country Code", "Country Code")
    market = country if country in TIME_ZONES else None
    phone = clean_phone(record.first("Phone", "Default Address Phone"), country, found.left)
    found.known.append(Known(reference, email or None, name, phone, ground.language, market))
    if record.first("Default Address Address1", "Address1"):
        address = Particulars(
            name=name,
            line1=record.first("Default Address Address1", "Address1"),
            line2=record.first("Default Address Address2", "Address2"),
            postcode=record.first("Default Address Zip", "Zip").lstrip("'"),
            city=record.first("Default Address City", "City"),
            country=country,
            phone=phone,
        )
        try:
            found.addresses[reference] = rules.address(address)
        except Refusal:
            found.left["addresses"] += 1


def by_email(email: str) -> str:
    """The reference of somebody of whom only the address is known: a keyed hash, which does not tell the address."""
    return "email:" + key_of("email", email).hex


def clean_name(text: str) -> str:
    """The name with its spaces in order; nothing if it is none."""
    try:
        return rules.name(text)
    except Refusal:
        return ""


def clean_phone(text: str, country: str, left: Counter[str]) -> str:
    """The number in E.164; nothing if it cannot be dialled."""
    try:
        return rules.phone(text.lstrip("'"), country if country in TIME_ZONES else None)
    except Refusal:
        left["phones"] += 1
        return ""
