"""What happened, and how far behind the telling of it is."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from .words import Moment, Next, Shown, Wish


class Told(Shown):
    """An event. `payload` holds ids and figures, never a person's data."""

    position: Annotated[int, Meta(examples=[1042])]
    name: Annotated[str, Meta(examples=["orders.OrderPlaced"])]
    subject: Annotated[str, Meta(examples=["order:01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"])]
    payload: Annotated[dict[str, Any], Meta(examples=[{"number": "S7K3M-QX4PD"}])]
    recorded_at: Moment


class Timeline(Shown):
    """A page of a story, newest first."""

    items: tuple[Told, ...]
    next: Next


class Backlog(Shown):
    """Deliveries of events that wait, that were set aside, and the age of the oldest one waiting."""

    waiting: int
    set_aside: int
    oldest_seconds: float


class Owed(Shown):
    """A delivery that has not succeeded yet. `error` says what kind of error and where, never with whose data."""

    id: Annotated[int, Meta(examples=[17])]
    position: Annotated[int, Meta(examples=[1042])]
    reaction: Annotated[str, Meta(examples=["messaging.thank_for_order"])]
    event: Annotated[str, Meta(examples=["orders.OrderPlaced"])]
    subject: Annotated[str, Meta(examples=["order:01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"])]
    attempts: Annotated[int, Meta(examples=[8])]
    error: Annotated[str, Meta(examples=["KeyError"])]
    due_at: Moment
    set_aside_at: Moment | None


class OwedList(Shown):
    """Deliveries, the oldest first."""

    items: tuple[Owed, ...]


class RetryWish(Wish):
    """Whose deliveries to try again: one reaction's, or everybody's."""

    reaction: Annotated[str, Meta(max_length=200, examples=["messaging.thank_for_order"])] | None = None


class Retried(Shown):
    """So many will be tried again."""

    deliveries: Annotated[int, Meta(examples=[3])]


class Health(Shown):
    """Whether the database answers, and how far behind delivery is."""

    status: Literal["ok"]
    backlog: Backlog
