"""Locations, what is on their shelves, and how it moves."""

from typing import Annotated, Literal

from msgspec import Meta, field

from .words import (
    Country,
    Id,
    LineGiven,
    LocationCode,
    MarketCode,
    Moment,
    Next,
    Short,
    Shown,
    Sku,
    SomeTexts,
    Texts,
    Wish,
)

Units = Annotated[int, Meta(examples=[12])]


class Place(Shown):
    """A point in degrees (WGS 84)."""

    latitude: Annotated[float, Meta(examples=[64.1466])]
    longitude: Annotated[float, Meta(examples=[-21.9426])]


class Location(Shown):
    """A store or a warehouse. `opening` maps mon … sun to opening and closing time on its own clocks."""

    code: LocationCode
    kind: Literal["store", "warehouse"]
    name: Annotated[str, Meta(examples=["Samband Reykjavík"])]
    names: Texts
    market: MarketCode
    country: Country
    address: Annotated[dict[str, str], Meta(examples=[{"line1": "Laugavegur 12", "city": "Reykjavík"}])]
    place: Place | None
    time_zone: Annotated[str, Meta(examples=["Atlantic/Reykjavik"])]
    opening: Annotated[dict[str, tuple[str, str]], Meta(examples=[{"mon": ["10:00", "18:00"]}])]
    pickup: bool
    ships: bool
    position: int


class LocationList(Shown):
    """Every location, in the retailer's order."""

    items: tuple[Location, ...]


class PlaceGiven(Wish):
    """A point in degrees (WGS 84)."""

    latitude: Annotated[float, Meta(ge=-90, le=90, examples=[64.1466])]
    longitude: Annotated[float, Meta(ge=-180, le=180, examples=[-21.9426])]


class LocationWish(Wish):
    """A store or a warehouse as it shall be. `opening` maps mon … sun to opening and closing time on its own clocks."""

    kind: Literal["store", "warehouse"]
    name: Annotated[str, Meta(min_length=1, max_length=200, examples=["Samband Reykjavík"])]
    market: Annotated[str, Meta(min_length=1, max_length=8, examples=["IS"])]
    country: Country
    time_zone: Annotated[str, Meta(min_length=1, max_length=64, examples=["Atlantic/Reykjavik"])]
    names: SomeTexts = field(default_factory=dict)
    address: Annotated[
        dict[Annotated[str, Meta(max_length=200)], Annotated[str, Meta(max_length=200)]],
        Meta(max_length=20, examples=[{"line1": "Laugavegur 12", "city": "Reykjavík"}]),
    ] = field(default_factory=dict)
    place: PlaceGiven | None = None
    opening: Annotated[dict[str, tuple[str, str]], Meta(max_length=7, examples=[{"mon": ["10:00", "18:00"]}])] = field(
        default_factory=dict
    )
    pickup: bool = False
    ships: bool = False
    position: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class AtLocation(Shown):
    """Units at a location. `available` may still be promised: on hand less held less safety less what is `fenced` for
    other channels than the one asked for, never below none.
    """

    location: LocationCode
    on_hand: Units
    held: Annotated[int, Meta(examples=[2])]
    safety: Annotated[int, Meta(examples=[1])]
    available: Annotated[int, Meta(examples=[9])]
    fenced: Annotated[int, Meta(examples=[0])]


class Availability(Shown):
    """What may be promised of a SKU: `available` is the sum over all locations."""

    sku: Sku
    available: Annotated[int, Meta(examples=[9])]
    locations: tuple[AtLocation, ...]


class AvailabilityList(Shown):
    """What may be promised of these SKUs, in the order asked for."""

    items: tuple[Availability, ...]


class Level(Shown):
    """Units of a SKU at a location; `available` to everybody, for what is `fenced` belongs to its channels."""

    location: LocationCode
    sku: Sku
    on_hand: Units
    held: Annotated[int, Meta(examples=[2])]
    safety: Annotated[int, Meta(examples=[1])]
    available: Annotated[int, Meta(examples=[9])]
    fenced: Annotated[int, Meta(examples=[0])]


class LevelList(Shown):
    """A page of levels, by SKU and location."""

    items: tuple[Level, ...]
    next: Next


class Move(Shown):
    """A line of the ledger. `quantity` is signed; `reference` of an issue is the order it went out for."""

    id: Id
    location: LocationCode
    sku: Sku
    quantity: Annotated[int, Meta(examples=[-2])]
    kind: Annotated[str, Meta(examples=["issue"])]
    reason: Annotated[str, Meta(examples=[""])]
    reference: Annotated[str, Meta(examples=["PO-2026-118"])]
    at: Moment


class MoveList(Shown):
    """A page of the ledger, newest first."""

    items: tuple[Move, ...]
    next: Next


Lines = Annotated[tuple[LineGiven, ...], Meta(min_length=1, max_length=10_000)]


class ReceiveWish(Wish):
    """Goods that came in at a location. `reference` is your word for it: a delivery note, a purchase order."""

    location: LocationCode
    lines: Lines
    reference: Short = ""


class TransferWish(Wish):
    """Goods that go from one location to another."""

    location: LocationCode
    to_location: LocationCode
    lines: Lines
    reference: Short = ""


class Difference(Wish):
    """So many units more or less."""

    sku: Sku
    difference: Annotated[int, Meta(ge=-1_000_000, le=1_000_000, examples=[-1])]


class AdjustWish(Wish):
    """What is different from the books at a location, and why."""

    location: LocationCode
    differences: Annotated[tuple[Difference, ...], Meta(min_length=1, max_length=10_000)]
    reason: Annotated[str, Meta(min_length=1, max_length=200, examples=["damaged"])]
    reference: Short = ""


class Counted(Wish):
    """So many units were found on the shelf."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=0, le=1_000_000, examples=[11])]


class CountWish(Wish):
    """What was counted at a location. SKUs that are not named were not counted and stay as they are."""

    location: LocationCode
    counted: Annotated[tuple[Counted, ...], Meta(min_length=1, max_length=10_000)]
    reference: Short = ""


class SafetyWish(Wish):
    """Units to keep out of every promise."""

    safety: Annotated[int, Meta(ge=0, le=1_000_000, examples=[2])]


class Position(Shown):
    """So many units of a SKU at a location; less than none in an adjustment."""

    location: LocationCode
    sku: Sku
    quantity: Annotated[int, Meta(examples=[2])]


class Moved(Shown):
    """What moved."""

    location: LocationCode
    positions: tuple[Position, ...]
    reference: Annotated[str, Meta(examples=["PO-2026-118"])]
