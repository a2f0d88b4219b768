"""What is kept about somebody, in short: for the page on which they see it. The file has all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.customers.identity import queries as identity
from samband.customers.rights.refusals import NothingKept
from samband.customers.touchpoints import queries as touchpoints
from samband.engagement.messaging import queries as messages

from .customer_orders import customer_orders
from .reach_customer import reach_of

MOST = 1_000
"""Beyond this it is only said that it is more."""

SHOWN = frozenset({"email", "phone", "user", "loyalty", "social"})
"""Kinds whose value says something to whoever it belongs to; a browser's does not."""


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Something that they are known by: `value` is empty where it would tell them nothing."""

    kind: str
    value: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """How much there is of each kind, up to MOST, and what they are known by."""

    counts: Mapping[str, int]
    known_by: tuple[KnownBy, ...]


def kept_about(account: UUID) -> Kept:
    """What is kept about whoever has this account, as far as it is proved to be theirs."""
    try:
        reach = reach_of(account, proved=True)
    except NothingKept:
        return Kept({}, ())
    own = {*reach.numbers}
    return Kept(
        {
            "orders": len(customer_orders(account, None, MOST)),
            "addresses": len(reach.addresses),
            "carts": len(reach.carts),
            "messages": len(messages.of_customer(account, MOST)),
            "touchpoints": len(touchpoints.of_numbers(reach.numbers, most=MOST)) if reach.numbers else 0,
        },
        tuple(
            KnownBy(one.kind, one.value if one.kind in SHOWN else "", one.first_seen)
            for one in identity.members(reach.customer)
            if one.number in own and one.kind != "account"
        ),
    )
