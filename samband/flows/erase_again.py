"""After an older backup was restored: everybody who had been forgotten since is there again, and is forgotten again.

Who it was is told by files below SAMBAND_HOME/erasures: ids and keyed hashes, in no backup of the database. What came
after somebody was forgotten is not touched: they may have come back themselves.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from samband.customers.accounts import privacy as accounts
from samband.customers.identity import queries as identity
from samband.customers.rights import commands
from samband.customers.rights.refusals import NothingKept
from samband.kernel.identifier import key_of
from samband.kernel.reach import Reach

from . import files_of_customer as files
from .erase_customer import erase_rooms, sought
from .reach_customer import follow, reach_of


@dataclass(frozen=True, slots=True)
class Noted:
    """An erasure as its file tells it."""

    erasure: UUID
    at: datetime
    customer: UUID
    accounts: tuple[UUID, ...]
    keys: frozenset[UUID]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Noted":
        return cls(
            UUID(told["erasure"]),
            datetime.fromisoformat(told["at"]),
            UUID(told["customer"]),
            tuple(map(UUID, told["accounts"])),
            frozenset(map(UUID, told["keys"])),
        )


@dataclass(frozen=True, slots=True)
class Again:
    """An erasure that was looked at again: whether anything of the person had come back, and went again."""

    erasure: UUID
    came_back: bool


Held = Mapping[UUID, Collection[tuple[str, datetime]]]
"""Addresses that are kept now and since when, by their keyed hash."""


def erase_again() -> Iterator[Again]:
    """Forget everybody again who was forgotten. Twice changes nothing."""
    noted = [Noted.read(told) for told in files.noted_erasures()]
    held = _held(frozenset(key for one in noted for key in one.keys))
    for one in noted:
        yield Again(one.erasure, _again(one, held))


def _held(keys: frozenset[UUID]) -> Held:
    found: dict[UUID, list[tuple[str, datetime]]] = {}
    for email, at in accounts.every_email():
        if (key := key_of("email", email)) in keys:
            found.setdefault(key, []).append((email, at))
    return found


def _again(one: Noted, held: Held) -> bool:
    back = list(_back(one, held))
    came_themselves = {key for key in one.keys if any(at >= one.at for _, at in held.get(key, ()))}
    searched = [sought(reach) for reach in back]
    with transaction.atomic():
        for reach in back:
            erase_rooms(reach)
        commands.note_again(one.erasure, one.customer, one.accounts, one.keys - came_themselves, one.at)
    for told in searched:
        files.erase_from_files(told)
    return bool(back)


def _back(one: Noted, held: Held) -> Iterator[Reach]:
    """Who they were, as far as it is here again: accounts, what identity knew by then, and orders as a guest."""
    emails = {email for key in one.keys for email, at in held.get(key, ()) if at < one.at}
    seen: set[UUID] = set()
    for customer in (*one.accounts, *accounts.of_emails(emails, one.at), *_known(one)):
        if customer in seen:
            continue
        try:
            reach = reach_of(customer)
        except NothingKept:
            continue
        seen |= {reach.customer, *reach.accounts}
        yield reach
    if guests := accounts.guests_of(emails, one.at):
        yield follow(Reach(one.customer, (), (), (), (), (), contacts=guests))


def _known(one: Noted) -> Iterator[UUID]:
    """Customers whom identity knows by one of the hashes since before they were forgotten."""
    customers = identity.customers_of(one.keys)
    members = identity.members_of(set(customers.values()))
    for key, customer in customers.items():
        if any(held.key == key and held.first_seen < one.at for held in members.get(customer, ())):
            yield customer
