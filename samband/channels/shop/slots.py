"""Delivery slots as the checkout offers them: from a store near the address that has everything on its shelf."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import SlotView
from samband.commerce.inventory import queries as inventory
from samband.flows.basket import Basket
from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES

from .wording import Words

FEW = 3
"""How many places may be left for it to be said."""

MOST_DAYS = 4


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """A slot in words. `left` is said when there are few places; a full one cannot be chosen."""

    id: UUID
    hours: str
    left: int
    full: bool
    few: bool


@dataclass(frozen=True, slots=True)
class SlotDay:
    """The slots of one day; `today` if it is this one."""

    day: str
    today: bool
    slots: tuple[SlotChoice, ...]


def slot_days(basket: Basket, postcode: str, words: Words) -> tuple[SlotDay, ...]:
    """The next days with slots to this postcode. One statement, none while no store has everything."""
    stores = with_everything(basket)
    if not postcode.strip() or not stores:
        return ()
    zone = TIME_ZONES.get(basket.country, "UTC")
    found = fulfillments.slots(basket.country, postcode[:16], now(), stores)
    return days_of(found, zone, words)


def days_of(found: tuple[SlotView, ...], zone: str, words: Words) -> tuple[SlotDay, ...]:
    """These slots by day, the next days only."""
    return tuple(_days(found, zone, words))[:MOST_DAYS]


def with_everything(basket: Basket) -> list[str]:
    """The locations of the market's country that have all of the cart."""
    return [
        site.code
        for site in inventory.locations().values()
        if site.country == basket.country and basket.buyable and all(_there(basket, site.code))
    ]


def _there(basket: Basket, location: str) -> Iterator[bool]:
    for line in basket.buyable:
        places = basket.stock.get(line.sku, ())
        yield any(place.location == location and place.available >= line.quantity for place in places)


def _days(found: tuple[SlotView, ...], zone: str, words: Words) -> Iterator[SlotDay]:
    today = words.day(now(), zone)
    for day, slots in groupby(found, key=lambda slot: words.day(slot.starts_at, zone)):
        yield SlotDay(day, day == today, tuple(_choice(slot, zone, words) for slot in slots))


def _choice(slot: SlotView, zone: str, words: Words) -> SlotChoice:
    return SlotChoice(
        id=slot.id,
        hours=words.hours(slot.starts_at, slot.ends_at, zone),
        left=slot.left,
        full=slot.left <= 0,
        few=0 < slot.left <= FEW,
    )
