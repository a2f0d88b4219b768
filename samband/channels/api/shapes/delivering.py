"""Delivery slots and the rules that open them, promises kept and broken, changes of an order, substitutes."""

from typing import Annotated, Literal

from msgspec import Meta

from .checkout import AddressGiven
from .fulfillments import Fulfillment
from .words import Country, Id, LocationCode, Moment, Money, Quantity, Shown, Sku, Wish

Clock = Annotated[
    str, Meta(min_length=5, max_length=5, description="HH:MM on the location's clocks.", examples=["17:00"])
]
Postcode = Annotated[str, Meta(min_length=1, max_length=10, examples=["101"])]
Weekdays = Annotated[
    tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...], Meta(min_length=1, max_length=7)
]


class Slot(Shown):
    """A time in which a location brings goods. So many may still take it (`left`), until `order_until`."""

    id: Id
    location: LocationCode
    country: Country
    starts_at: Moment
    ends_at: Moment
    order_until: Moment
    capacity: Annotated[int, Meta(examples=[12])]
    taken: Annotated[int, Meta(examples=[5])]
    left: Annotated[int, Meta(examples=[7])]


class SlotList(Shown):
    """Delivery slots, the soonest first; full ones too."""

    items: tuple[Slot, ...]


class SlotRule(Shown):
    """By which slots are opened every week; times are on the clocks of `time_zone`. No postcodes: the whole country."""

    id: Id
    location: LocationCode
    country: Country
    time_zone: Annotated[str, Meta(examples=["Atlantic/Reykjavik"])]
    days: tuple[str, ...]
    starts: Clock
    ends: Clock
    capacity: Annotated[int, Meta(examples=[12])]
    notice_minutes: Annotated[int, Meta(examples=[120])]
    opens_days: Annotated[int, Meta(examples=[7])]
    postcodes: tuple[str, ...]


class SlotRuleList(Shown):
    """The rules that open slots, in the order of the day."""

    items: tuple[SlotRule, ...]


class SlotRuleWish(Wish):
    """On these days a location brings goods between two times, to so many orders at most.

    Slots are opened so many days ahead, and may be ordered until so many minutes before they begin. `postcodes` are the
    beginnings of those it reaches, in the location's own country or in the one named.
    """

    location: LocationCode
    days: Weekdays
    starts: Clock
    ends: Clock
    capacity: Annotated[int, Meta(ge=1, le=10_000, examples=[12])]
    notice_minutes: Annotated[int, Meta(ge=0, le=20_160, examples=[120])] = 120
    opens_days: Annotated[int, Meta(ge=0, le=90, examples=[7])] = 7
    postcodes: Annotated[tuple[Postcode, ...], Meta(max_length=500)] = ()
    country: Country | None = None


Count = Annotated[int, Meta(examples=[12])]


class KindCount(Shown):
    """Promises of one way: kept, broken, late and still not done, and still to be kept."""

    kept: Count
    broken: Count
    open_late: Count
    still_open: Count
    kept_basis_points: Annotated[int | None, Meta(description="Kept of those decided; null of nothing.")]


class PromiseCount(KindCount):
    """Promises that fell due in a time, and the same for each way."""

    by_kind: dict[str, KindCount]


class Changeable(Shown):
    """A parcel, pickup or serving that nobody has begun to pick. `redirects`: it may go to another address or slot."""

    fulfillment: Fulfillment
    redirects: bool
    slots: tuple[Slot, ...]


class ChangeableList(Shown):
    """What of an order may still be changed; nothing once it is picked."""

    items: tuple[Changeable, ...]


class RedirectWish(Wish):
    """Where a parcel shall go instead: in the same country."""

    address: AddressGiven


class SlotWish(Wish):
    """In which delivery slot a parcel shall come; null: with the carrier."""

    slot_id: Id | None


class FewerWish(Wish):
    """So many units of a SKU that are not wanted any more."""

    sku: Sku
    quantity: Quantity


class Fewer(Shown):
    """So much goes back; `cancelled`: those were the last units, so the whole order is off."""

    order_id: Id
    amount: Money
    cancelled: bool


class LeaveOutWish(Wish):
    """So many units that a picker does not find. `missing`: they are not where the books say, which is put right."""

    sku: Sku
    quantity: Quantity
    missing: bool = False


class SubstituteWish(Wish):
    """As many units of something else, for units that a picker does not find; held while the customer thinks."""

    sku: Sku
    quantity: Quantity
    substitute: Sku
    answer_minutes: Annotated[int, Meta(ge=1, le=1440, examples=[30])] = 30
    missing: bool = False


class SubstituteAnswer(Wish):
    """Who answered: the customer from afar, or at the counter."""

    by: Literal["customer", "counter"] = "customer"


class Substitute(Shown):
    """Something else in place of goods. `worth` was paid for them, `price` is charged: the `difference` goes back."""

    id: Id
    fulfillment_id: Id
    order_id: Id
    location: LocationCode
    sku: Sku
    quantity: Quantity
    substitute: Sku
    worth: Money
    price: Money
    difference: Money
    missing: bool
    state: Literal["proposed", "agreed", "declined", "lapsed"]
    answered_by: Annotated[str, Meta(examples=[""])]
    proposed_at: Moment
    answer_until: Moment


class SubstituteList(Shown):
    """All that was proposed for an order, the latest first."""

    items: tuple[Substitute, ...]
