"""What a client of the tracking API sent, item by item: what happened, or why an item is not taken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from samband.customers.touchpoints.messages import Context, Item, Moment
from samband.customers.touchpoints.messages import item as decode
from samband.customers.touchpoints.reading import Reader
from samband.customers.touchpoints.refusals import ItemTooLarge
from samband.customers.touchpoints.shapes import Happening, Origin, Rejection
from samband.kernel.refusal import Refusal

from .gating import as_allowed

IGNORED = "identifier_ignored"
"""Counted with what is rejected: an item was taken, but something in it that was to say who it was says nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes that a whole body and one event may have at most."""

    batch: int
    event: int


@dataclass(frozen=True, slots=True)
class Understood:
    """`items` to take in; `rejected` are not, each with its place; `counted` is how often which reason was met."""

    items: list[Happening]
    rejected: tuple[Rejection, ...]
    counted: Mapping[str, int]


def understand(
    origin: Origin,
    sent: Sequence[Item | bytes | msgspec.Raw],
    largest: int,
    received_at: datetime,
    *,
    call: str | None = None,
    of_all: Context | None = None,
    sent_at: Moment = None,
    gpc: bool = False,
) -> Understood:
    """Read each of the items, of which at most `largest` bytes are kept. One that cannot be taken hinders no other.

    `call` is what the address said, `of_all` a batch's context.
    """
    reader = Reader(origin, received_at, of_all, sent_at)
    items: list[Happening] = []
    rejected: list[Rejection] = []
    for nth, raw in enumerate(sent):
        try:
            one = reader.read(raw if isinstance(raw, Item) else decode(raw), call)
            if len(one.payload) > largest:
                raise ItemTooLarge()
            items.append(one)
        except Refusal as refusal:
            rejected.append(Rejection(nth, refusal.code))
    counted = Counter(one.code for one in rejected)
    if reader.ignored:
        counted[IGNORED] = reader.ignored
    return Understood(as_allowed(origin, items, gpc=gpc), tuple(rejected), counted)
