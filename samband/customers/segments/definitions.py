"""What a segment says: conditions over what is known of a customer. Pure values; `writing` has them as text.

Every condition is one of a kind: exactly one field of it is set. Amounts are in minor units of their currency. Days are
24 hours before now; dates are whole days on the clocks of the segment's zone, the last one included.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import msgspec


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """At least or at most so much in one currency."""

    currency: str
    at_least: int | None = None
    at_most: int | None = None


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When something was: in the last days, longer ago than that, or between two dates."""

    within_days: int | None = None
    longer_ago_than_days: int | None = None
    since: date | None = None
    until: date | None = None


class Trait(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A trait of the profile: a number between, one of some words, yes or no, or a moment."""

    name: str
    at_least: int | None = None
    at_most: int | None = None
    currency: str = ""
    value: bool | tuple[str, ...] | None = msgspec.field(default=None, name="is")
    within_days: int | None = None
    longer_ago_than_days: int | None = None
    since: date | None = None
    until: date | None = None
    known: bool | None = None


class Doing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something happened: an event (any if none is named), in a window (ever if none is given), where this holds."""

    event: str = ""
    within_days: int | None = None
    since: date | None = None
    until: date | None = None
    channel: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    sku: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    worth: Amount | None = None


class Did(Doing, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """It happened so often, was worth so much in all, and happened first or last at some time.

    Several sources may tell of one order: what has an order number counts once for each.
    """

    at_least: int = 1
    at_most: int | None = None
    total: Amount | None = None
    first: When | None = None
    last: When | None = None


class Bought(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Orders, not cancelled, with any of these goods (any goods if none are named)."""

    sku: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    at_least: int = 1
    at_most: int | None = None
    total: Amount | None = None
    within_days: int | None = None
    since: date | None = None
    until: date | None = None
    channel: tuple[str, ...] = ()
    place: tuple[str, ...] = ()


class Visited(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whatever happened there: touchpoints at one of these places."""

    any_of: tuple[str, ...]
    at_least: int = 1
    at_most: int | None = None
    within_days: int | None = None
    since: date | None = None
    until: date | None = None


class Agreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What holds for a purpose over all addresses of the customer: granted, refused or unknown."""

    purpose: str
    answer: str = msgspec.field(default="granted", name="is")


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One condition, or several of which all, any or none must hold."""

    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None
    none: tuple["Condition", ...] | None = None
    trait: Trait | None = None
    did: Did | None = None
    did_not: Doing | None = None
    bought: Bought | None = None
    place: Visited | None = None
    consent: Agreed | None = None
    group: tuple[str, ...] | None = None
    known_by: tuple[str, ...] | None = None
    within: str | None = msgspec.field(default=None, name="in")
    not_in: str | None = None


GROUPS = ("all", "any", "none")
KINDS = tuple(field.encode_name for field in msgspec.structs.fields(Condition))
"""The kinds of conditions, as they are written."""

_ATTRIBUTES = {field.encode_name: field.name for field in msgspec.structs.fields(Condition)}


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A segment: its name in addresses and texts, what people call it, and who is in it."""

    segment: str
    names: dict[str, str] = {}
    about: str = ""
    zone: str = "UTC"
    who: Condition


def said(condition: Condition) -> dict[str, object]:
    """What is set of a condition, by kind."""
    found = {kind: getattr(condition, attribute) for kind, attribute in _ATTRIBUTES.items()}
    return {kind: value for kind, value in found.items() if value is not None}


def of(kind: str, value: Any) -> Condition:
    """The condition of a kind that says this."""
    return Condition(**{_ATTRIBUTES[kind]: value})


def walk(condition: Condition, place: str = "who") -> Iterator[tuple[str, str, object]]:
    """Every condition below and with this one: its place in the text, its kind, and what it says."""
    for kind, value in said(condition).items():
        yield f"{place}.{kind}", kind, value
        if kind in GROUPS:
            for nth, inner in enumerate(cast(tuple[Condition, ...], value)):
                yield from walk(inner, f"{place}.{kind}[{nth}]")


def needs(definition: Definition) -> frozenset[str]:
    """The segments that this one asks about."""
    return frozenset(str(value) for _, kind, value in walk(definition.who) if kind in ("in", "not_in"))


def categories(definition: Definition) -> frozenset[str]:
    """The categories that it names."""
    named: set[str] = set()
    for _, _, value in walk(definition.who):
        if isinstance(value, Doing | Bought):
            named.update(value.category)
        elif isinstance(value, Trait) and value.name == "favourite_category" and isinstance(value.value, tuple):
            named.update(value.value)
    return frozenset(named)
