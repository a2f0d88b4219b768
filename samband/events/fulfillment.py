"""What fulfillment tells."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class FulfillmentRequested(Event, about="fulfillment_id"):
    """A location was told to get goods ready. `kind`: ship, pickup, carry (taken along now) or serve (at a `place`)."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    kind: str
    location: str
    place: str = ""
    slot_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class PickingStarted(Event, about="fulfillment_id"):
    """Somebody is walking the shelves for it."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PickupReady(Event, about="fulfillment_id"):
    """The goods wait at the store until a moment; the customer may come with the code."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    location: str
    wait_until: datetime


@dataclass(frozen=True, kw_only=True)
class ServingReady(Event, about="fulfillment_id"):
    """What was ordered at a place in the location is ready to be brought there."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    location: str
    place: str


@dataclass(frozen=True, kw_only=True)
class GoodsHandedOver(Event, about="fulfillment_id"):
    """The customer has the goods: came with the code of a pickup, was served, or took them along."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    location: str


@dataclass(frozen=True, kw_only=True)
class ParcelShipped(Event, about="fulfillment_id"):
    """The goods are with the carrier."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    location: str
    carrier: str
    tracking: str


@dataclass(frozen=True, kw_only=True)
class ParcelDelivered(Event, about="fulfillment_id"):
    """The carrier says the customer has it."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PickupExpired(Event, about="fulfillment_id"):
    """Nobody came; the goods go back to the shelf."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    location: str


@dataclass(frozen=True, kw_only=True)
class FulfillmentCancelled(Event, about="fulfillment_id"):
    """It was called off before the goods left."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class SlotReserved(Event, about="order_id"):
    """An order has a place in a delivery slot: until its draft comes to nothing, or for good once it stands."""

    order_id: UUID
    slot_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlotFreed(Event, about="order_id"):
    """An order's place in a delivery slot is somebody else's to take."""

    order_id: UUID
    slot_id: UUID


@dataclass(frozen=True, kw_only=True)
class FulfillmentReduced(Event, about="fulfillment_id"):
    """Fewer units of a SKU are wanted than were asked for. With nothing `left` to get ready it is cancelled."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    sku: str
    quantity: int
    left: int


@dataclass(frozen=True, kw_only=True)
class FulfillmentExtended(Event, about="fulfillment_id"):
    """Units of another SKU are to be got ready with it: a substitute."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    sku: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class FulfillmentRedirected(Event, about="fulfillment_id"):
    """The parcel goes to another address, or in another slot, before anybody began to pick it."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    slot_id: UUID | None
    promised_from: datetime
    promised_until: datetime


@dataclass(frozen=True, kw_only=True)
class LabelBought(Event, about="fulfillment_id"):
    """A carrier sold a label for a parcel. `amount` is decimal, as the carrier says it."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    label_id: UUID
    carrier: str
    service: str
    tracking: str
    amount: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class LabelRefused(Event, about="fulfillment_id"):
    """A carrier would not sell a label for a parcel."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    label_id: UUID
    carrier: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LabelVoided(Event, about="fulfillment_id"):
    """A label that is not needed any more: the carrier took it back, or would not (`taken_back`)."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    label_id: UUID
    taken_back: bool


@dataclass(frozen=True, kw_only=True)
class ParcelSeen(Event, about="fulfillment_id"):
    """The carrier tells where a parcel is: announced, on_the_way, out_for_delivery, delivered, trouble, returned."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    label_id: UUID
    mark: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SubstituteProposed(Event, about="fulfillment_id"):
    """A picker does not find goods and proposes something else, to be answered until a moment."""

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    substitution_id: UUID
    sku: str
    quantity: int
    substitute: str
    answer_until: datetime


@dataclass(frozen=True, kw_only=True)
class SubstituteAnswered(Event, about="fulfillment_id"):
    """A proposed substitute was agreed to or declined (`answer`), or nobody answered in time (lapsed).

    `by`: customer, counter, or nobody.
    """

    fulfillment_id: UUID
    order_id: UUID
    customer_id: UUID | None
    substitution_id: UUID
    answer: str
    by: str
