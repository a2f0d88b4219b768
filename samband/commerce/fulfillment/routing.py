"""From where goods are sent: the split over places that costs least, over all lines of the order at once.

A parcel from a place costs something by itself (more across a border, from afar, from a store, from a place that has
its hands full), every line picked there a little more, and every unit by its weight and way; a unit that lies there
without selling is taken for less. Usually one place has everything and no two parcels could cost less: that is seen
at once. Otherwise up to eight places are tried in every combination (`trying.py`), and more are put to a solver
(`solving.py`). The same question has the same answer, in whatever order the places are named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from samband.kernel.geography import Place, distance_km
from samband.kernel.goods import Line, Position, gathered

from .refusals import CannotRoute
from .splits import Split, Take

MOST_SITES_EXACT = 8
"""Up to so many places that may matter, every combination is tried (2⁸ at most)."""

Stock = Mapping[str, Mapping[str, int]]
"""Available units by SKU and location."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place that goods may be sent from. `kind`: store or warehouse; `load`: hours of picking already waiting."""

    code: str
    kind: str
    place: Place | None
    country: str
    ships: bool
    load: float = 0.0


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the goods should go; the place is optional."""

    country: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What it costs to send goods, in cents; only how the amounts compare matters. All are whole and ≥ 0.

    `grams` is what a unit of a SKU weighs; `slow` how much less a unit costs that does not sell at a location, by SKU
    and location (never below nothing).
    """

    parcel: int = 900
    abroad: int = 500
    per_100_km: int = 10
    from_store: int = 60
    per_hour_of_load: int = 40
    line: int = 40
    per_kg: int = 30
    per_kg_abroad: int = 60
    grams: Mapping[str, int] = field(default_factory=dict)
    slow: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


DEFAULT = Costs()
USUAL_GRAMS = 1_000
FARTHEST_KM = 5_000
"""What a place is taken to be from a destination that we do not know on the map, and at most."""

MOST_HOURS_OF_LOAD = 24


def route(
    wants: Iterable[Line], stock: Stock, sites: Iterable[Site], destination: Destination, costs: Costs = DEFAULT
) -> tuple[Position, ...]:
    """Which units to take where: the quantities sum to the wants and never exceed what is available.

    The cheapest split there is, if up to eight places matter; else at most 1 % dearer, as far as the solver gets in
    its time. Raises CannotRoute with `short` (`sku`, `wanted`, `available` at the places that ship) if all of them
    fall short.
    """
    lines = gathered(tuple(wants))
    split = as_split(lines, stock, sites, destination, costs)
    _refuse_short(lines, split)
    return tuple(
        sorted(
            (Position(split.codes[take.site], lines[take.line].sku, take.units) for take in _cheapest(split)),
            key=lambda position: (position.location, position.sku),
        )
    )


def as_split(
    lines: Sequence[Line], stock: Stock, sites: Iterable[Site], destination: Destination, costs: Costs = DEFAULT
) -> Split:
    """The question in numbers: places that have anything of it, the cheapest parcel first."""
    wanted = [line.quantity for line in lines]
    shelves = [stock.get(line.sku, {}) for line in lines]
    found = []
    for site in sites:
        if not site.ships:
            continue
        code = site.code
        room = [min(max(shelf.get(code, 0), 0), units) for shelf, units in zip(shelves, wanted, strict=True)]
        if any(room):
            found.append((_parcel(site, destination, costs), code, room, site.country != destination.country))
    found.sort(key=lambda one: one[:2])
    return Split(
        codes=[code for _, code, _, _ in found],
        parcels=[parcel for parcel, _, _, _ in found],
        rooms=[room for _, _, room, _ in found],
        units=[[_unit(line.sku, code, abroad, costs) for line in lines] for _, code, _, abroad in found],
        wanted=wanted,
        pick=costs.line,
    )


def _parcel(site: Site, destination: Destination, costs: Costs) -> int:
    km = FARTHEST_KM if destination.place else 0
    if site.place and destination.place:
        km = min(int(distance_km(site.place, destination.place)), FARTHEST_KM)
    cost = costs.parcel + costs.per_100_km * km // 100
    cost += int(costs.per_hour_of_load * min(max(site.load, 0.0), MOST_HOURS_OF_LOAD))
    if site.country != destination.country:
        cost += costs.abroad
    if site.kind != "warehouse":
        cost += costs.from_store
    return cost


def _unit(sku: str, code: str, abroad: bool, costs: Costs) -> int:
    rate = costs.per_kg_abroad if abroad else costs.per_kg
    cost = rate * costs.grams.get(sku, USUAL_GRAMS) // 1000
    if costs.slow and sku in costs.slow:
        cost -= min(costs.slow[sku].get(code, 0), cost)
    return cost


def _refuse_short(lines: Sequence[Line], split: Split) -> None:
    totals = [sum(room[at] for room in split.rooms) for at in range(len(lines))]
    short = [(line, total) for line, total in zip(lines, totals, strict=True) if total < line.quantity]
    if short:
        raise CannotRoute(
            short=[{"sku": line.sku, "wanted": line.quantity, "available": total} for line, total in short]
        )


def _cheapest(split: Split) -> Sequence[Take]:
    best, cost = split.best_single()
    if best is not None and cost <= split.least_of_two():
        return split.all_from(best)
    from . import solving, trying  # the ordinary order needs neither, nor waits for the solver to be loaded

    left = split.without_dominated()
    if len(left.codes) <= MOST_SITES_EXACT:
        found = trying.cheapest(left)
    else:
        found = solving.cheapest(left)
    return split.named(left, found)
