"""A customer's timeline: what was told of them and of their payments, and orders they made before we knew them.

Newest first and paged. The entries come in the order in which they were recorded; history that was imported stands at
the day on which it happened.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from samband.commerce.orders.queries import MOST_A_PAGE, OrderCard
from samband.commerce.payments import queries as payments
from samband.engagement.messaging import queries as messages
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline
from samband.timeline.queries import Told

from .customer_orders import customer_orders

KINDS: dict[str, tuple[str, ...]] = {
    "orders": (
        "orders.OrderDrafted",
        "orders.OrderPlaced",
        "orders.LineTakenOff",
        "orders.LineReplaced",
        "orders.GroupRedirected",
        "orders.OrderCancelled",
        "orders.OrderCompleted",
    ),
    "goods": (
        "fulfillment.FulfillmentRequested",
        "fulfillment.PickingStarted",
        "fulfillment.PickupReady",
        "fulfillment.ServingReady",
        "fulfillment.SubstituteProposed",
        "fulfillment.SubstituteAnswered",
        "fulfillment.GoodsHandedOver",
        "fulfillment.ParcelShipped",
        "fulfillment.ParcelSeen",
        "fulfillment.ParcelDelivered",
        "fulfillment.PickupExpired",
        "fulfillment.FulfillmentCancelled",
    ),
    "payments": (
        "payments.PaymentChallenged",
        "payments.PaymentAuthorised",
        "payments.PaymentCaptured",
        "payments.PaymentDeclined",
        "payments.PaymentVoided",
        "payments.TransferNoted",
        "payments.PaymentRefunded",
    ),
    "messages": ("messaging.MessageQueued", "messaging.MessageSent", "messaging.MessageFailed"),
    "account": (
        "accounts.CustomerRegistered",
        "accounts.CustomerSignedIn",
        "accounts.CustomerChanged",
        "cart.CartsJoined",
    ),
}
"""The kinds a timeline can be narrowed to, and the events of each. Events that are in none are for the house alone."""

IMPORTED = "order_imported"
"""The code of an order from another system: it stands where it happened, not where it was written down."""

MOST_ORDERS = 2_000
"""Of somebody who ordered more often, the latest so many."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `code` is the event's name or `order_imported`, `details` its fields as plain values.

    `order` is the order it belongs to, where that is known.
    """

    at: datetime
    kind: str
    code: str
    details: Mapping[str, Any]
    order: OrderCard | None = None


@dataclass(frozen=True)
class CustomerStory:
    """One page of the timeline; `before` is where the next one begins, nothing on the last."""

    moments: tuple[Moment, ...]
    before: str


@dataclass
class _Cursor:
    """How far both streams were read: the position of the last entry and the last imported order."""

    position: int | None = None
    imported: UUID | None = None

    @classmethod
    def read(cls, text: str) -> "_Cursor":
        position, _, imported = text.partition(".")
        try:
            return cls(int(position) if position else None, UUID(imported) if imported else None)
        except ValueError as error:
            raise Invalid("That is not a place on a timeline.") from error

    def __str__(self) -> str:
        return f"{self.position if self.position is not None else ''}.{self.imported or ''}"


@dataclass
class _Reading:
    """One look at a customer's orders, payments and messages."""

    customer_id: UUID
    orders: dict[UUID, OrderCard] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    order_of: dict[str, UUID] = field(default_factory=dict)

    def imported(self, after: UUID | None) -> list[OrderCard]:
        """Orders of other systems, newest first, those after a cursor."""
        theirs = [card for card in self.orders.values() if card.source]
        if after is None:
            return theirs
        for place, card in enumerate(theirs):
            if card.id == after:
                return theirs[place + 1 :]
        return []

    def subjects(self) -> list[str]:
        """The subjects under which payments, and orders made as a guest, are told."""
        ours = [card.id for card in self.orders.values() if not card.source]
        self.order_of = {f"intent:{one.id}": one.order_id for one in payments.of_orders(ours)} if ours else {}
        as_guest = [f"order:{card.id}" for card in self.orders.values() if card.customer_id is None and not card.source]
        return [*self.order_of, *as_guest]

    def learn(self, told: Sequence[Told]) -> None:
        """Find out which orders the messages that speak of a pickup or parcel belong to."""
        spoken_of = {str(one.payload.get("about_subject", "")) for one in told}
        if goods := sorted(subject for subject in spoken_of if subject.startswith("fulfillment:")):
            requested = timeline.story((), goods, ["fulfillment.FulfillmentRequested"], most=len(goods))
            self.order_of |= {one.subject: UUID(one.payload["order_id"]) for one in requested}

    def moment(self, told: Told) -> Moment:
        return Moment(told.recorded_at, _kind_of(told.name), told.name, told.payload, self._order(told))

    def _order(self, told: Told) -> OrderCard | None:
        if order_id := told.payload.get("order_id"):
            return self.orders.get(UUID(order_id))
        kind, _, about = subject = str(told.payload.get("about_subject", "")).partition(":")
        known = UUID(about) if kind == "order" else self.order_of.get("".join(subject))
        return self.orders.get(known) if known else None

    def worth_telling(self, told: Told) -> bool:
        """A message that has gone out is told once: as sent."""
        return told.name != "messaging.MessageQueued" or str(told.payload.get("message_id")) in self.waiting


def customer_story(customer_id: UUID, kind: str | None = None, before: str = "", most: int = 40) -> CustomerStory:
    """What happened with a customer, newest first. `kind` is one of KINDS; `before` where the last page ended.

    Six statements at most for anybody with up to 200 orders. Raises Invalid for a kind or a place that is none.
    """
    if kind is not None and kind not in KINDS:
        raise Invalid("There is no such kind of moment.", kind=kind[:40])
    cursor = _Cursor.read(before)
    reading = _Reading(customer_id, {card.id: card for card in _orders_of(customer_id)}, _waiting(customer_id))
    names = [name for one, names in KINDS.items() if kind in (None, one) for name in names]
    told = timeline.story([customer_id], reading.subjects(), names, cursor.position, most + 1)
    imported = reading.imported(cursor.imported) if kind in (None, "orders") else []
    reading.learn(told)
    entries, cards = list(reversed(told)), list(reversed(imported))
    moments = tuple(_latest_of(reading, entries, cards, cursor, most))
    return CustomerStory(moments, str(cursor) if entries or cards else "")


def _latest_of(
    reading: _Reading, entries: list[Told], cards: list[OrderCard], cursor: _Cursor, most: int
) -> Iterator[Moment]:
    """Take up to so many from the ends of both streams, the later first; the cursor moves along."""
    for _ in range(most):
        if not entries and not cards:
            return
        if entries and (not cards or entries[-1].recorded_at >= _when(cards[-1])):
            entry = entries.pop()
            cursor.position = entry.position
            if reading.worth_telling(entry):
                yield reading.moment(entry)
        else:
            card = cards.pop()
            cursor.imported = card.id
            yield Moment(_when(card), "orders", IMPORTED, {"number": card.number}, card)


def _when(card: OrderCard) -> datetime:
    return card.placed_at or card.created_at


def _kind_of(name: str) -> str:
    return next(kind for kind, names in KINDS.items() if name in names)


def _orders_of(customer_id: UUID) -> Iterator[OrderCard]:
    before: UUID | None = None
    for _ in range(MOST_ORDERS // MOST_A_PAGE):
        page = customer_orders(customer_id, before, MOST_A_PAGE)
        yield from page
        if len(page) < MOST_A_PAGE:
            return
        before = page[-1].id


def _waiting(customer_id: UUID) -> frozenset[str]:
    """Messages that have been neither sent nor given up."""
    told = messages.of_customer(customer_id)
    return frozenset(str(message.id) for message in told if message.state in ("queued", "sending"))
