"""What is told to us, understood: who was there, what happened, and when it did."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec

from samband.kernel.identifier import KINDS, Identifier, NotAnIdentifier, identifier

from . import moments, parts, vocabulary
from .messages import Context, Item, Moment, merged, things, without_nothing
from .payloads import categories, payload
from .refusals import NoEvent, UnknownCall
from .shapes import HOUSE, LONGEST_NAME, Happening, Link, Note, Origin

_STRENGTH = {kind: nth for nth, kind in enumerate(KINDS)}
_NAMED = {
    "identify": vocabulary.IDENTIFY,
    "page": vocabulary.PAGE,
    "screen": vocabulary.SCREEN,
    "group": vocabulary.GROUP,
    "alias": vocabulary.ALIAS,
}
_encode = msgspec.json.Encoder().encode


class Reader:
    """Reads what one request of a source says. `ignored` counts what was sent for an identifier and is none.

    This is the hottest path of the house: what is the same for all items of a request is worked out once, and what
    nearly every item is (a known browser that did something) goes the short way.
    """

    def __init__(
        self, origin: Origin, received_at: datetime, of_all: Context | None = None, sent_at: Moment = None
    ) -> None:
        self.received_at = received_at
        self.oldest = received_at - moments.OLDEST
        self.of_all = of_all
        self.behind = self._behind(sent_at)
        self.ignored = 0
        house = origin.namespace == HOUSE
        # Of the shop's own pages only we say whose account a browser is: we let them in. It says which browser it is.
        self.only_browser = house and origin.kind == "browser"
        self.user_kind = "account" if house else "user"
        self.namespace = "" if house else origin.namespace
        self.rule = "stated" if origin.kind == "browser" else "user"
        self.of_browser = "shop" if house else "web"
        self.channel = self.of_browser if origin.kind == "browser" else origin.kind
        self.origin = origin
        self._digest = blake2b(_prefix(origin.id), digest_size=16)
        self._without_id: dict[bytes, int] = {}

    def read(self, item: Item, call: str | None = None) -> Happening:
        """One item as something that happened; `call` is what the address said. Raises UnknownCall, NoEvent."""
        call = call or item.type
        event = event_name(item.event) if call == "track" else _NAMED.get(call or "")
        if event is None or call is None:
            raise UnknownCall()
        context = item.context if self.of_all is None else merged(item.context, self.of_all)
        # A group's traits are not a person's, and some clients send a person's in the context alone.
        traits = item.traits if call != "group" else None
        if traits is None and context is not None:
            traits = context.traits
        links: tuple[Link, ...] = ()
        if self.only_browser or (
            item.user_id is None and not traits and (context is None or context.device is None) and call != "alias"
        ):
            identifiers = self._visitor(item.anonymous_id)
        else:
            identifiers, links = self._who(call, item, traits, context)
        sku, category, order_ref, worth, currency, place, channel, properties = parts.properties(item.properties)
        if channel is None:
            channel = self.channel if item.channel is None and call != "screen" else self._channel(call, item)
        kept = payload(call, item, properties, traits, context)
        return Happening(
            message=self._message(item, call),
            event=event,
            occurred_at=self._when(item),
            channel=channel,
            payload=without_nothing(kept) if b"\\" in kept else kept,
            identifiers=identifiers,
            links=links,
            place=place,
            sku=sku,
            category=category,
            order_ref=order_ref,
            worth=worth,
            currency=currency,
            categories=None if context is None or context.consent is None else categories(context),
        )

    def _who(
        self, call: str, item: Item, traits: Mapping[str, Any] | None, context: Context | None
    ) -> tuple[tuple[Identifier, ...], tuple[Link, ...]]:
        visitor = item.anonymous_id
        found: list[Identifier] = []
        if item.user_id is not None:
            self._add(found, self.user_kind, item.user_id, self.namespace)
            if isinstance(item.user_id, str) and "@" in item.user_id:
                self._add(found, "email", item.user_id, quietly=True)
        if visitor is not None:
            self._add(found, "cookie", visitor, self.namespace)
        if traits:
            self._add_told(found, traits)
        if context is not None and context.device is not None and context.device.id is not None:
            self._add(found, "device", context.device.id, self.namespace)
        if call == "alias" and item.previous_id is not None:
            self._add(found, "cookie", item.previous_id, self.namespace)
        if len(found) < 2:
            return tuple(found), ()
        ordered = strongest_first(found)
        return ordered, linked(ordered, self._rule(call, ordered[0]))

    def _visitor(self, visitor: str | int | None) -> tuple[Identifier, ...]:
        """Of whom nothing is known but their browser."""
        if visitor is None:
            return ()
        if isinstance(visitor, str) and len(visitor) <= LONGEST_REMEMBERED:
            known = _remembered_alone(visitor, self.namespace)
            if not known and visitor != "":
                self.ignored += 1
            return known
        found: list[Identifier] = []
        self._add(found, "cookie", visitor, self.namespace)
        return tuple(found)

    def _add_told(self, found: list[Identifier], traits: Mapping[str, Any]) -> None:
        """What somebody gave of themselves."""
        for name, kind in _GIVEN:
            if (value := traits.get(name)) is not None:
                self._add(found, kind, value)

    def _rule(self, call: str, strongest: Identifier) -> str:
        if call == "alias":
            return "alias"
        return self.rule if strongest.kind == self.user_kind else "stated"

    def _add(self, found: list[Identifier], kind: str, value: Any, namespace: str = "", quietly: bool = False) -> None:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        often = kind in _OFTEN and isinstance(value, str) and len(value) <= LONGEST_REMEMBERED
        known = _remembered(kind, value, namespace) if often else _known(kind, value, namespace)
        if known is not None:
            found.append(known)
        elif not quietly and value != "":
            self.ignored += 1

    def _message(self, item: Item, call: str) -> bytes:
        said = item.message_id
        if said is None or said == "":
            return self._from_content(item, call)
        told = said if isinstance(said, str) else str(said)
        digest = self._digest.copy()  # a third sooner than to begin with the prefix again
        digest.update(told.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def _from_content(self, item: Item, call: str) -> bytes:
        """Without an id, the content is the id; the same twice in one request was meant twice."""
        properties = things(bytes(item.properties))
        told = (item.user_id, item.anonymous_id, item.previous_id, item.group_id, item.event, item.name, item.category,
                properties, item.traits, item.timestamp, item.original_timestamp)  # fmt: skip
        content = msgspec.json.encode([call, *told], order="deterministic")
        digest = blake2b(content, digest_size=16).digest()
        self._without_id[digest] = nth = self._without_id.get(digest, 0) + 1
        return message_of(self.origin.id, f"content:{digest.hex()}:{nth}")

    def _when(self, item: Item) -> datetime:
        told = moments.parsed(item.timestamp)
        if item.sent_at is None and item.original_timestamp is None:
            behind = self.behind
            if behind is moments.NOTHING and told is not None and self.oldest < told < self.received_at:
                return told
        elif told is not None and item.original_timestamp is not None:
            behind = moments.NOTHING  # somebody has put it right already
        else:
            told = told or moments.parsed(item.original_timestamp)
            behind = self.behind if item.sent_at is None else self._behind(item.sent_at)
        return moments.corrected(told, behind, self.received_at)

    def _behind(self, sent_at: Moment) -> timedelta:
        return moments.skew(moments.parsed(sent_at), self.received_at)

    def _channel(self, call: str, item: Item) -> str:
        if call == "screen" or item.channel == "mobile":
            return "app"
        return self.of_browser if item.channel in ("browser", "client") else self.channel


def event_name(told: str | None) -> str:
    """An event's name in its one form. Raises NoEvent."""
    if told is None or len(told) > LONGEST_NAME:
        raise NoEvent()
    return _one_form(told)


@lru_cache(maxsize=5000)
def _one_form(told: str) -> str:
    name = told.strip() if told.isprintable() else " ".join(told.replace("\x00", " ").split())
    if not name:
        raise NoEvent()
    return name


_GIVEN = (
    ("email", "email"),
    ("phone", "phone"),
    ("loyalty_number", "loyalty"),
    ("loyaltyNumber", "loyalty"),
    ("loyalty_id", "loyalty"),
    ("loyaltyId", "loyalty"),
)
_OFTEN = frozenset({"cookie", "device", "user", "account"})
"""Kinds that come again and again from one visitor, and are no address of anybody."""

LONGEST_REMEMBERED = 64


def _known(kind: str, value: Any, namespace: str) -> Identifier | None:
    try:
        return identifier(kind, value, namespace)
    except NotAnIdentifier:
        return None


@lru_cache(maxsize=20_000)
def _remembered(kind: str, value: str, namespace: str) -> Identifier | None:
    return _known(kind, value, namespace)


@lru_cache(maxsize=20_000)
def _remembered_alone(visitor: str, namespace: str) -> tuple[Identifier, ...]:
    known = _known("cookie", visitor, namespace) if visitor else None
    return () if known is None else (known,)


def message_of(origin: int, message_id: str) -> bytes:
    """The hash by which a source's message is known for good."""
    return blake2b(_prefix(origin) + message_id.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _prefix(origin: int) -> bytes:
    return b"%d:" % origin


def strongest_first(identifiers: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Each once, the one that says most first."""
    return tuple(sorted(dict.fromkeys(identifiers), key=lambda one: (_STRENGTH[one.kind], one.value, one.namespace)))


def linked(identifiers: Sequence[Identifier], rule: str) -> tuple[Link, ...]:
    """Everybody in one event belongs to the strongest of them, by this rule."""
    return tuple((0, nth, rule) for nth in range(1, len(identifiers)))


def noted(note: Note, origin: Origin) -> Happening:
    """A note of the house as a happening. Raises NoEvent."""
    identifiers = strongest_first(note.identifiers)
    sku, category, order_ref, worth, currency, place = vocabulary.told(note.properties)
    return Happening(
        message=message_of(origin.id, note.message),
        event=event_name(note.event),
        occurred_at=note.occurred_at,
        channel=note.channel,
        payload=without_nothing(_encode({"properties": note.properties})),
        identifiers=identifiers,
        links=linked(identifiers, note.rule),
        place=note.place or place,
        sku=note.sku or sku,
        category=note.category or category,
        order_ref=note.order_ref or order_ref,
        worth=worth if note.worth is None else note.worth,
        currency=note.currency or currency,
    )
