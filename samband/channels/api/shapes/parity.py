"""Where channels say different things."""

from typing import Annotated

from msgspec import Meta

from .words import Channel, LocationCode, Shown, Sku


class ChannelsDiffer(Shown):
    """Channels that say different things of one aspect: available, price, ways:ship, methods:card, returns or sold.

    `told` has what each says; without a `reason` that the retailer stated it is a `fault`.
    """

    sku: Sku
    location: LocationCode
    aspect: Annotated[str, Meta(examples=["available"])]
    told: Annotated[dict[str, str], Meta(examples=[{"shop": "3 / 24", "pos": "5 / 26"}])]
    reason: Annotated[str, Meta(examples=["fenced"])]
    fault: bool


class DifferenceList(Shown):
    """Every difference between these channels, and how many of them are faults."""

    channels: tuple[Channel, ...]
    items: tuple[ChannelsDiffer, ...]
    faults: Annotated[int, Meta(examples=[0])]
