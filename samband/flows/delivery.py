"""From where, and when: the stock and the sites that inventory knows, put to fulfillment's routing and promises.

By the carriers' ways and the work that waits at each place, as fulfillment knows them now.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from samband.commerce.fulfillment import arranging, promise
from samband.commerce.fulfillment.conditions import conditions
from samband.commerce.fulfillment.promise import Origin, Promise
from samband.commerce.fulfillment.refusals import NoPromise
from samband.commerce.fulfillment.routing import DEFAULT, Costs, Destination, Site, route
from samband.commerce.inventory import demand
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import AtLocation
from samband.kernel.goods import Line, Position
from samband.timeline.chores import every


class Weighed(Protocol):
    """Goods of which the catalog may know what they weigh."""

    @property
    def weight_grams(self) -> int | None: ...


def parcels(
    wants: Sequence[Line],
    stock: Mapping[str, tuple[AtLocation, ...]],
    country: str,
    items: Mapping[str, Weighed | None] | None = None,
) -> tuple[Position, ...]:
    """Where to take goods from, so that sending them costs least. Raises CannotRoute naming what is short.

    `items` tell what the goods weigh; what is not told weighs what is usual.
    """
    standing = conditions()
    sites = [
        Site(site.code, site.kind, site.place, site.country, site.ships, standing.hours.get(site.code, 0.0))
        for site in inventory.locations().values()
    ]
    free = {sku: {place.location: place.available for place in places} for sku, places in stock.items()}
    grams = {sku: item.weight_grams for sku, item in (items or {}).items() if item and item.weight_grams}
    costs = Costs(grams=grams, slow=standing.slow) if grams or standing.slow else DEFAULT
    return route(wants, free, sites, Destination(country), costs)


def promised(kind: str, location: str, country: str, at: datetime) -> Promise | None:
    """What is promised to somebody who orders at this moment; None where nothing can be."""
    site, now_holds = inventory.locations()[location], conditions()
    origin = Origin(site.country, site.time_zone, site.opening, now_holds.backlog(location))
    try:
        return promise.promise(kind, origin, at, country, lanes=now_holds.lanes)
    except NoPromise:
        return None


def last_of(promises: Iterable[Promise | None]) -> Promise | None:
    """What is promised for all of it: the parcel that comes last. None if any of it cannot be promised."""
    known = list(promises)
    if not known or None in known:
        return None
    return max((one for one in known if one), key=lambda one: one.latest)


LYING_CENTS = 40
"""How much less a unit costs that is taken from where it lies, while it is missed elsewhere."""

MOST_LYING = 2_000


@every(3600)
def note_what_lies() -> int:
    """Goods that lie at one place and are missed at another are sent from where they lie; returns how many SKUs."""
    found = demand.uneven(MOST_LYING)
    arranging.note_lying({one.sku: {shelf.location: LYING_CENTS for shelf in one.lying} for one in found})
    return len(found)
