"""What comes in, once it is understood: things that happened, where from, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from samband.kernel.identifier import Identifier

KINDS = ("browser", "server", "house", "import", "webhook")
"""Kinds of sources: anybody's browser, a server that holds a secret key, we ourselves, a file, another shop's hook."""

HOUSE = "house"
"""The source of what our own flows tell; its userIds are accounts of ours."""

NOBODY = 0
"""Instead of an identifier's number, where nobody may be or can be known."""

LONGEST_NAME = 200
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """A source as those see it who take in what it sends."""

    id: int
    slug: str
    name: str
    kind: str
    namespace: str
    needs_consent: bool
    largest_batch: int | None


Link = tuple[int, int, str]
"""Two of a happening's identifiers, by their places, and the rule by which they belong to one person."""


class Happening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that happened, ready to be kept. `message` is the hash of source and id it came with (16 bytes).

    `identifiers` stand strongest first. `worth` is in minor units of `currency`; `payload` is JSON. `categories` is
    what the person allowed, as the sender told it: None if it said nothing.
    """

    message: bytes
    event: str
    occurred_at: datetime
    channel: str
    payload: bytes
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    place: str | None = None
    sku: str | None = None
    category: str | None = None
    order_ref: str | None = None
    worth: int | None = None
    currency: str | None = None
    categories: Mapping[str, bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something the house itself saw. `message` is its id for good: the same one again is the same thing.

    Identifiers belong to one person by `rule`. `properties` are named as in docs/touchpoints.md and become the payload;
    sku, category, order and worth are read from them unless they are given.
    """

    message: str
    event: str
    identifiers: Sequence[Identifier]
    occurred_at: datetime
    channel: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    place: str | None = None
    sku: str | None = None
    category: str | None = None
    order_ref: str | None = None
    worth: int | None = None
    currency: str | None = None
    rule: str = "same_event"


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item that is not taken in: its place in what was sent, and the reason's code."""

    nth: int
    code: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of what was sent: all of it is committed when this is answered."""

    stored: int
    repeated: int
    refused: int


class Row(msgspec.Struct, gc=False):
    """A happening with the numbers of its source, of its event and of the identifiers it is kept under."""

    happening: Happening
    source: int
    event: int
    identifier: int
    device: int | None
