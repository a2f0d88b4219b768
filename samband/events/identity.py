"""What identity tells: which customers became one, which parted, and what people decided. Keys and numbers only."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class CustomersJoined(Event, about="customer_id"):
    """What was known as `joined` is `customer_id` now, by this assertion foremost."""

    customer_id: UUID
    joined: tuple[UUID, ...]
    assertion_id: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class CustomersParted(Event, about="customer_id"):
    """Some of what was known as `customer_id` is `parted` now. `because`: taken_back, said_different, marked_shared,
    erased, learnt (more was asserted: a value is shared, or belongs to somebody else).
    """

    customer_id: UUID
    parted: tuple[UUID, ...]
    because: str
    assertion_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AssertionRetracted(Event, about="assertion_id"):
    """Somebody took back that two identifiers are one person's. `customer_id` had the first of them until then."""

    assertion_id: int
    customer_id: UUID | None
    by: str


@dataclass(frozen=True, kw_only=True)
class AssertionRestored(Event, about="assertion_id"):
    """What was taken back holds again. `customer_id` has the first of the two since."""

    assertion_id: int
    customer_id: UUID | None
    by: str


@dataclass(frozen=True, kw_only=True)
class DeclaredSame(Event, about="assertion_id"):
    """Somebody decided that two identifiers are one person's."""

    assertion_id: int
    customer_id: UUID | None
    by: str


@dataclass(frozen=True, kw_only=True)
class DeclaredDifferent(Event, about="assertion_id"):
    """Somebody decided that two identifiers are not one person's."""

    assertion_id: int
    customer_id: UUID | None
    by: str


@dataclass(frozen=True, kw_only=True)
class IdentifierMarkedShared(Event, about="number"):
    """Somebody said that an identifier is used by many, or (`shared` false) that it is not."""

    number: int
    customer_id: UUID | None
    shared: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(Event, about="review_id"):
    """A pair that waited for a person: `accepted` if they are one person's."""

    review_id: int
    kind: str
    accepted: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class CustomerForgotten(Event, about="customer_id"):
    """Everything a customer was known by is gone; so many identifiers are empty stones."""

    customer_id: UUID
    identifiers: int
