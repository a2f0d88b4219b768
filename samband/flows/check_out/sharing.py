"""Which goods go on which way, and where they are taken from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.inventory.queries import AtLocation, locations
from samband.kernel.goods import Line, Position
from samband.kernel.refusal import Invalid

from .. import delivery
from ..basket import STORE_ONLY, Basket
from .wishes import PICKUP, SHIP, WAYS, NoSuchWay, Part

Stock = dict[str, tuple[AtLocation, ...]]


@dataclass(frozen=True)
class Share:
    """A part of a wish with the goods that go on it, and where they are taken from."""

    part: Part
    goods: tuple[Line, ...]
    positions: tuple[Position, ...]


def ways_of(parts: Sequence[Part]) -> dict[str, str]:
    """The way of every SKU that a part names; what goes on two ways counts as shipped if one of them is."""
    ways: dict[str, str] = {}
    for part in parts:
        for line in part.goods or ():
            if ways.get(line.sku) != SHIP:
                ways[line.sku] = part.kind
    return ways


def main_way(parts: Sequence[Part]) -> str | None:
    """The way of whatever no part names."""
    return next((part.kind for part in parts if part.goods is None), None)


def check_parts(parts: Sequence[Part]) -> None:
    """Raises Invalid for parts that say nothing, or the same twice."""
    if not parts:
        raise Invalid("Say how the goods are to be had.", fields=["parts"])
    if sum(part.goods is None for part in parts) > 1:
        raise Invalid("Only one part can be the rest of the goods.", fields=["parts"])
    for part in parts:
        if part.kind not in WAYS:
            raise Invalid("Goods are shipped, picked up, carried away or served.", fields=["method"])
        if part.kind == SHIP and part.address is None:
            raise Invalid("What is shipped needs an address.", fields=["address"])
        if part.kind == PICKUP and part.location not in locations():
            raise Invalid("Choose a store to pick up at.", fields=["location"])
        if part.kind != SHIP and part.location not in locations():
            raise Invalid("Say where the goods are taken from.", fields=["location"])
        if part.slot_id is not None and part.kind != SHIP:
            raise Invalid("Only what is sent comes in a delivery slot.", fields=["slot"])


def share(basket: Basket, parts: Sequence[Part]) -> tuple[Share, ...]:
    """The goods of each part and where they are. Raises NoSuchWay naming what is short, Invalid for other goods."""
    stock = dict(basket.stock)
    shares = []
    for part, goods in _goods(basket, parts):
        positions = _positions(part, goods, basket, stock)
        _take(stock, positions)
        shares.append(Share(part, goods, positions))
    return tuple(shares)


def _goods(basket: Basket, parts: Sequence[Part]) -> list[tuple[Part, tuple[Line, ...]]]:
    left = {line.sku: line.quantity for line in basket.cart.lines}
    for part in parts:
        for line in part.goods or ():
            left[line.sku] = left.get(line.sku, 0) - line.quantity
            if left[line.sku] < 0:
                raise Invalid("A part names goods that are not in the cart.", fields=["parts"], sku=line.sku)
    rest = tuple(Line(sku, quantity) for sku, quantity in left.items() if quantity)
    if rest and all(part.goods is not None for part in parts):
        raise Invalid("Say how the rest of the goods is to be had.", fields=["parts"], sku=rest[0].sku)
    shared = [(part, rest if part.goods is None else part.goods) for part in parts]
    return [(part, goods) for part, goods in shared if goods]


def _positions(part: Part, goods: tuple[Line, ...], basket: Basket, stock: Stock) -> tuple[Position, ...]:
    if part.kind == SHIP:
        return _sent(part, goods, basket, stock)
    site = locations()[str(part.location)]
    short = [line.sku for line in goods if _at(stock.get(line.sku, ()), site.code) < line.quantity]
    if short or (part.kind == PICKUP and not site.pickup):
        raise NoSuchWay(short=short)
    if part.kind == PICKUP and delivery.promised(PICKUP, site.code, site.country, basket.at) is None:
        raise NoSuchWay(short=[])
    return tuple(Position(site.code, line.sku, line.quantity) for line in goods)


def _sent(part: Part, goods: tuple[Line, ...], basket: Basket, stock: Stock) -> tuple[Position, ...]:
    if part.address and part.address.country != basket.country:
        raise NoSuchWay("This market does not ship there.", short=[], country=part.address.country[:8])
    classes = {line.sku: line.item.shipping_class for line in basket.lines if line.item}
    if fixed := [line.sku for line in goods if classes.get(line.sku) == STORE_ONLY]:
        raise NoSuchWay(short=fixed)
    if part.slot_id is not None:
        return _in_slot(part, part.slot_id, goods, basket, stock)
    try:
        places = {line.sku: stock.get(line.sku, ()) for line in goods}
        positions = delivery.parcels(goods, places, basket.country, basket.items)
    except CannotRoute as refusal:
        raise NoSuchWay(short=[short["sku"] for short in refusal.details["short"]]) from refusal
    coming = (delivery.promised(SHIP, spot.location, basket.country, basket.at) for spot in positions)
    if delivery.last_of(coming) is None:
        raise NoSuchWay(short=[])
    return positions


def _in_slot(part: Part, slot_id: UUID, goods: tuple[Line, ...], basket: Basket, stock: Stock) -> tuple[Position, ...]:
    """A slot is a location's own: it brings what lies there, to the addresses that it reaches. Raises UnknownSlot."""
    slot, postcode = fulfillments.slot(slot_id), part.address.postcode if part.address else ""
    location = slot.location
    reached = fulfillments.slot_reaches(slot_id, location, basket.country, postcode)
    if not reached or slot.order_until <= basket.at:
        raise NoSuchWay("Nobody comes to this address in that delivery slot.", short=[])
    if short := [line.sku for line in goods if _at(stock.get(line.sku, ()), location) < line.quantity]:
        raise NoSuchWay(short=short)
    return tuple(Position(location, line.sku, line.quantity) for line in goods)


def _at(places: Sequence[AtLocation], location: str) -> int:
    return next((place.available for place in places if place.location == location), 0)


def _take(stock: Stock, positions: Sequence[Position]) -> None:
    """What one part takes, no other part can."""
    taken: Mapping[tuple[str, str], int] = {(at.location, at.sku): at.quantity for at in positions}
    for sku in {at.sku for at in positions}:
        stock[sku] = tuple(
            replace(place, available=place.available - taken.get((place.location, sku), 0))
            for place in stock.get(sku, ())
        )
