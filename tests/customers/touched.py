"""Things told of people, in a few words: written down as the way in writes them, and followed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from samband.customers.identity import commands as identity
from samband.customers.identity import queries as who
from samband.customers.identity.rules import Pair
from samband.customers.touchpoints import commands as sources
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints import storing
from samband.customers.touchpoints.reading import message_of
from samband.customers.touchpoints.shapes import Happening, Row
from samband.kernel.identifier import Identifier, identifier

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
KINDS = ("house", "server", "webhook", "import", "browser")


def day(number: float) -> datetime:
    """So many days after everything began."""
    return BEGAN + timedelta(days=number)


@dataclass(frozen=True)
class Told:
    """Something told of somebody. `source` is the kind of source that tells it."""

    who: Identifier
    event: str = "Page Viewed"
    at: datetime = BEGAN
    channel: str = "web"
    source: str = "server"
    place: str | None = None
    category: str | None = None
    order: str | None = None
    worth: int | None = None
    currency: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    traits: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


def cookie(name: str) -> Identifier:
    return identifier("cookie", f"cookie-{name}")


def email(name: str) -> Identifier:
    return identifier("email", f"{name}@customer.example")


def open_sources() -> dict[str, int]:
    """One source of each kind."""
    known = {one.slug: one.id for one in touchpoints.sources()}
    for kind in KINDS:
        if kind not in known:
            known[kind] = sources.open_source(kind, kind, kind)[0]
    return known


@transaction.atomic
def tell(*told: Told) -> None:
    """Write them down, in this order, as one request."""
    origins = open_sources()
    numbers = identity.know([one.who for one in told], BEGAN)
    events = storing.event_numbers(sorted({one.event for one in told}))
    rows = [
        Row(_happening(one, nth), origins[one.source], events[one.event], numbers[one.who.key], None)
        for nth, one in enumerate(told)
    ]
    storing.store(rows, datetime.now(UTC))


def _happening(one: Told, nth: int) -> Happening:
    payload = {"properties": one.properties, "traits": one.traits, "context": one.context}
    return Happening(
        message=message_of(1, f"told-{nth}"), event=one.event, occurred_at=one.at, channel=one.channel,
        payload=msgspec.json.encode(payload), place=one.place, category=one.category, order_ref=one.order,
        worth=one.worth, currency=one.currency,
    )  # fmt: skip


def same(*pairs: tuple[Identifier, Identifier], rule: str = "stated") -> None:
    """Say that these are one person's."""
    numbers = identity.know({one for pair in pairs for one in pair}, BEGAN)
    identity.assert_pairs([Pair(numbers[a.key], numbers[b.key], rule, "test", BEGAN) for a, b in pairs])


def customer(one: Identifier) -> UUID:
    """Whose it is now."""
    found = who.find(one)
    assert found is not None
    return found
