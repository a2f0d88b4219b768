"""What rights tells: that somebody asked for their data and what was done, by ids and counts only."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class RightAsked(Event, about="request_id"):
    """Somebody wants their data (`kind` export) or wants it gone (erasure). `by`: customer, staff or program."""

    request_id: UUID
    customer_id: UUID
    kind: str
    by: str


@dataclass(frozen=True, kw_only=True)
class RightWithdrawn(Event, about="request_id"):
    """They thought better of it, or whoever asked in their name did."""

    request_id: UUID
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class DataHandedOut(Event, about="request_id"):
    """What is kept about somebody lies ready for them, until `good_until`; so many bytes."""

    request_id: UUID
    customer_id: UUID
    size: int


@dataclass(frozen=True, kw_only=True)
class DataFetched(Event, about="request_id"):
    """It was fetched. `by`: customer, staff or program."""

    request_id: UUID
    customer_id: UUID
    by: str


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Event, about="erasure_id"):
    """A person is known here no more; `customer_id` names nobody from here on."""

    erasure_id: UUID
    customer_id: UUID
    accounts: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class EmailProved(Event, about="customer_id"):
    """A customer's new e-mail address is theirs: they knew the code that was mailed to it."""

    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class KeptNoLonger(Event, about="rule"):
    """So many of what a rule of keeping names were let go."""

    rule: str
    count: int


@dataclass(frozen=True, kw_only=True)
class KeepingChanged(Event, about="rule"):
    """A rule of keeping counts other days from now on; None: it lets go of nothing."""

    rule: str
    days: int | None
    by: UUID
