"""What is told to us, understood: who was there, what happened, and when it did."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samband.kernel.identifier import KINDS, Identifier

from .shapes import Happening, Link, Note, Origin
from .vocabulary import told

_STRENGTH = {kind: nth for nth, kind in enumerate(KINDS)}


def message_of(origin: int, message_id: str) -> UUID:
    """The hash by which a source's message is known for good."""
    known = hashlib.blake2b(message_id.encode("utf-8", "surrogatepass"), digest_size=16, salt=b"%d" % origin)
    return UUID(bytes=known.digest())


def strongest_first(identifiers: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Each once, the one that says most first."""
    return tuple(sorted(dict.fromkeys(identifiers), key=lambda one: (_STRENGTH[one.kind], one)))


def linked(identifiers: Sequence[Identifier], rule: str) -> tuple[Link, ...]:
    """Everybody in one event belongs to the strongest of them, by this rule."""
    return tuple((0, nth, rule) for nth in range(1, len(identifiers)))


def noted(note: Note, origin: Origin) -> Happening:
    """A note of the house as a happening."""
    identifiers = strongest_first(note.identifiers)
    said = told(note.properties)
    return Happening(
        message=message_of(origin.id, note.message),
        event=note.event,
        occurred_at=note.occurred_at,
        channel=note.channel,
        payload=msgspec.json.encode({"properties": note.properties}),
        identifiers=identifiers,
        links=linked(identifiers, note.rule),
        place=note.place or said.place,
        sku=note.sku or said.sku,
        category=note.category or said.category,
        order_ref=note.order_ref or said.order_ref,
        worth=said.worth if note.worth is None else note.worth,
        currency=note.currency or said.currency,
    )


def moment(told_at: datetime | None, received_at: datetime) -> datetime:
    """When it happened: never after we heard of it."""
    return received_at if told_at is None or told_at > received_at else told_at
