"""How a timeline is read: streams of moments, each newest first, of which the latest is taken again and again."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from samband.commerce.orders.queries import OrderCard
from samband.commerce.payments import queries as payments
from samband.customers.profiles.telling import Touch
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline
from samband.timeline.queries import Told

from .story_kinds import IMPORTED, event_kind

Mark = TypeVar("Mark")

READS_A_PAGE = 5
"""So often a stream is read on for one page, if little of it is wanted; then the page is short, and another follows."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `code` is the event's name, `order_imported` or a touchpoint's name (then it is in
    `touch`); `details` are the event's fields as plain values. `order` is the order it belongs to, where that is known.
    """

    at: datetime
    kind: str
    code: str
    details: Mapping[str, Any]
    order: OrderCard | None = None
    touch: Touch | None = None

    @property
    def channel(self) -> str:
        """Where it happened, as far as that is known."""
        if self.touch:
            return self.touch.channel
        return str(self.details.get("channel") or (self.order.channel if self.order else ""))


@dataclass(frozen=True)
class CustomerStory:
    """One page of the timeline; `before` is where the next one begins, nothing on the last."""

    moments: tuple[Moment, ...]
    before: str


@dataclass(frozen=True)
class Cursor:
    """How far the streams were read: the position of the last event, the last imported order, the last touchpoint."""

    position: int | None = None
    imported: UUID | None = None
    captured: tuple[datetime, int] | None = None

    @classmethod
    def read(cls, text: str) -> "Cursor":
        position, _, rest = text.partition(".")
        imported, _, captured = rest.partition(".")
        try:
            return cls(
                int(position) if position else None,
                UUID(imported) if imported else None,
                _moment_of(captured) if captured else None,
            )
        except (ValueError, OverflowError) as error:
            raise Invalid("That is not a place on a timeline.") from error

    def __str__(self) -> str:
        position = "" if self.position is None else self.position
        return f"{position}.{self.imported or ''}.{_as_text(self.captured) if self.captured else ''}"


def _moment_of(text: str) -> tuple[datetime, int]:
    microseconds, _, position = text.partition("-")
    if not (microseconds.lstrip("~").isdecimal() and position.isdecimal()):
        raise ValueError(text)
    sign = -1 if microseconds.startswith("~") else 1
    return _EPOCH + sign * timedelta(microseconds=int(microseconds.lstrip("~"))), int(position)


def _as_text(captured: tuple[datetime, int]) -> str:
    microseconds = (captured[0] - _EPOCH) // timedelta(microseconds=1)
    return f"{'~' if microseconds < 0 else ''}{abs(microseconds)}-{captured[1]}"


class Stream(Generic[Mark]):
    """Moments of one kind of record, newest first, read on as they are used up. `mark` is the last one taken."""

    def __init__(
        self,
        read: Callable[[Mark | None], Iterable[tuple[Mark, Moment | None]]],
        mark: Mark | None,
        at_once: int,
        *,
        empty: bool = False,
    ) -> None:
        self.read, self.mark, self.at_once = read, mark, at_once
        self.waiting: deque[tuple[Mark, Moment | None]] = deque()
        self.reads = 0
        self.ended = empty

    def head(self) -> Moment | None:
        """The next moment; what is not wanted is passed over."""
        while True:
            while self.waiting:
                mark, moment = self.waiting[0]
                if moment is not None:
                    return moment
                self.mark = mark
                self.waiting.popleft()
            if self.ended or self.reads == READS_A_PAGE:
                return None
            self.waiting.extend(self.read(self.mark))
            self.reads += 1
            self.ended = len(self.waiting) < self.at_once

    def take(self) -> Moment:
        self.mark, moment = self.waiting.popleft()
        assert moment is not None
        return moment

    def goes_on(self) -> bool:
        """Whether there is, or may be, more."""
        return self.head() is not None or not self.ended


def latest(streams: Sequence[Stream[Any]], most: int) -> Iterator[Moment]:
    """Take up to so many moments, the latest first; of two at one moment, that of the earlier stream."""
    for _ in range(most):
        heads = [(moment.at, -place) for place, one in enumerate(streams) if (moment := one.head())]
        if not heads:
            return
        yield streams[-max(heads)[1]].take()


@dataclass
class Reading:
    """One look at a customer's orders, payments and messages."""

    orders: dict[UUID, OrderCard]
    waiting: frozenset[str]
    order_of: dict[str, UUID] = field(default_factory=dict)

    def subjects(self) -> list[str]:
        """The subjects under which payments, and orders made as a guest, are told."""
        ours = [card.id for card in self.orders.values() if not card.source]
        self.order_of = {f"intent:{one.id}": one.order_id for one in payments.of_orders(ours)} if ours else {}
        as_guest = [f"order:{card.id}" for card in self.orders.values() if card.customer_id is None and not card.source]
        return [*self.order_of, *as_guest]

    def imported(self) -> list[OrderCard]:
        """Orders of other systems, the latest first."""
        return sorted((card for card in self.orders.values() if card.source), key=_when, reverse=True)

    def learn(self, told: Sequence[Told]) -> None:
        """Find out which orders the messages that speak of a pickup or parcel belong to."""
        spoken_of = {str(one.payload.get("about_subject", "")) for one in told}
        goods = sorted(one for one in spoken_of if one.startswith("fulfillment:") and one not in self.order_of)
        if goods:
            requested = timeline.story((), goods, ["fulfillment.FulfillmentRequested"], most=len(goods))
            self.order_of |= {one.subject: UUID(one.payload["order_id"]) for one in requested}

    def moment(self, told: Told) -> Moment | None:
        """An event as a moment. A message that has gone out is told once: as sent."""
        if told.name == "messaging.MessageQueued" and str(told.payload.get("message_id")) not in self.waiting:
            return None
        return Moment(told.recorded_at, event_kind(told.name), told.name, told.payload, self._order(told))

    def order_imported(self, card: OrderCard) -> Moment:
        return Moment(_when(card), "orders", IMPORTED, {"number": card.number}, card)

    def _order(self, told: Told) -> OrderCard | None:
        if order_id := told.payload.get("order_id"):
            return self.orders.get(UUID(order_id))
        kind, _, about = subject = str(told.payload.get("about_subject", "")).partition(":")
        known = UUID(about) if kind == "order" else self.order_of.get("".join(subject))
        return self.orders.get(known) if known else None


def _when(card: OrderCard) -> datetime:
    return card.placed_at or card.created_at
