"""Stock that is kept for a channel, what should be ordered, and what should be moved."""

from typing import Annotated

from msgspec import Meta, field

from .words import Channel, Id, LocationCode, Moment, Next, Quantity, Shown, Sku, Wish

Units = Annotated[int, Meta(examples=[5])]


class GiveBackGiven(Wish):
    """When a fence gives its units back to everybody, whichever comes first; what is not said never does it.

    So many hours before its location closes; after so many days in which its channel took nothing; once fewer units
    than `free_below` are free for everybody, wherever they lie.
    """

    hours_before_closing: Annotated[float, Meta(ge=0, le=24, examples=[1.5])] | None = None
    idle_days: Annotated[int, Meta(ge=1, le=365, examples=[7])] | None = None
    free_below: Annotated[int, Meta(ge=1, le=1_000_000, examples=[3])] | None = None


class FenceWish(Wish):
    """Units of a SKU at a location to keep for one channel, until a moment or for good."""

    channel: Channel
    location: LocationCode
    sku: Sku
    quantity: Quantity
    until: Moment | None = None
    give_back: GiveBackGiven = field(default_factory=GiveBackGiven)


class GiveBack(Shown):
    """The rules that end a fence."""

    hours_before_closing: float | None
    idle_days: int | None
    free_below: int | None


class Fence(Shown):
    """Units kept for a channel: `quantity` at first, `left` now.

    `ended_for` says why it ended: unfenced, stock_gone, until, closing, idle, needed_elsewhere.
    """

    id: Id
    channel: Channel
    location: LocationCode
    sku: Sku
    quantity: Units
    left: Units
    until: Moment | None
    give_back: GiveBack
    opened_at: Moment
    ended_at: Moment | None
    ended_for: Annotated[str, Meta(examples=[""])]


class FenceList(Shown):
    """A page of open fences, by SKU, location and channel."""

    items: tuple[Fence, ...]
    next: Next


class ReleaseWish(Wish):
    """How many units to give back to everybody; all that are left, unless said otherwise."""

    quantity: Quantity | None = None


class LowStock(Shown):
    """A SKU at a location that is at its reorder point or below: units to sell, sold a day, days that they last.

    `order`: so many more would last for three weeks beyond the wait for them.
    """

    location: LocationCode
    sku: Sku
    to_sell: Units
    pace: Annotated[float, Meta(examples=[1.5])]
    days: Annotated[float, Meta(examples=[3.3])]
    reorder_point: Units
    order: Annotated[int, Meta(examples=[40])]


class LowStockList(Shown):
    """What should be ordered, what lasts the shortest before the others."""

    items: tuple[LowStock, ...]


class TransferProposed(Shown):
    """Units of a SKU to move, and for how many days the goods last at both ends without it and with it.

    No days: nothing is sold there, so they last for ever. `abroad`: from another country.
    """

    sku: Sku
    location: LocationCode
    to_location: LocationCode
    quantity: Units
    days_here: float | None
    days_here_after: float | None
    days_there: float | None
    days_there_after: float | None
    km: float | None
    abroad: bool


class ProposalList(Shown):
    """Transfers that would help, to where goods are sold out first before the others."""

    items: tuple[TransferProposed, ...]
