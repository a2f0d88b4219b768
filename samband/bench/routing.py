"""Routes a second over a thousand orders, most as a shop sees them, some with goods scattered over many stores.

Beside the least that any method has to do: read the stock of each order once and, where many places matter, run the
solver on the same programme.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from samband.commerce.fulfillment import solving
from samband.commerce.fulfillment.routing import (
    MOST_SITES_EXACT,
    Costs,
    Destination,
    Site,
    Stock,
    as_split,
    route,
)
from samband.commerce.fulfillment.splits import Split, Take
from samband.kernel.geography import Place
from samband.kernel.goods import Line, Position, gathered

from .house import BenchFailed
from .report import Report, machine, percentile

COUNTRIES = ("IS", "PL", "LV", "GR", "GB")
HOME = Destination("IS", Place(64.15, -21.94))
GRAMS = (200, 1_000, 5_000, 30_000)
FOREVER = 1e6
NO_LIMIT = 2**31 - 1

NOTES = (
    "Of ten orders seven are ordinary (some place has everything), two have goods scattered over up to eight places,"
    " one over nine to twenty-four.",
    "The limit reads each order's stock once and, for those that are put to the solver, counts the solver's own time"
    " on the same programme, without making it.",
    "`above_exact` compares with the cheapest split there is: the solver run until that is proven.",
)


@dataclass(frozen=True)
class Case:
    """An order to route."""

    wants: tuple[Line, ...]
    stock: Stock
    sites: tuple[Site, ...]
    costs: Costs
    destination: Destination = HOME

    def routed(self) -> tuple[Position, ...]:
        return route(self.wants, self.stock, self.sites, self.destination, self.costs)

    def split(self) -> Split:
        return as_split(gathered(self.wants), self.stock, self.sites, self.destination, self.costs)

    def cost(self, positions: Sequence[Position]) -> int:
        """What a route costs, in cents."""
        split = self.split()
        sites = {code: at for at, code in enumerate(split.codes)}
        lines = {line.sku: at for at, line in enumerate(gathered(self.wants))}
        return split.cost(Take(sites[one.location], lines[one.sku], one.quantity) for one in positions)

    def least(self) -> int:
        """What the cheapest route costs, in cents: the solver run to the end on all places."""
        split = self.split()
        found = solving.solve(split, 0.0, FOREVER, NO_LIMIT)
        if found is None:
            raise BenchFailed("The solver found no route.")
        return split.cost(found)


def scattered(draw: random.Random, most_sites: int, least_sites: int = 2, most_lines: int = 7) -> Case:
    """An order whose goods lie here a few and there a few, so that hardly any place has everything."""
    places = _places(draw, draw.randint(least_sites, most_sites))
    wants = tuple(Line(f"SKU-{n}", draw.randint(1, 4)) for n in range(draw.randint(2, most_lines)))
    share = draw.uniform(0.1, 0.6)
    stock = {line.sku: {site.code: draw.randint(1, 4) for site in places if draw.random() < share} for line in wants}
    for line in wants:
        shelf = stock[line.sku]
        while sum(shelf.values()) < line.quantity:
            code = draw.choice(places).code
            shelf[code] = shelf.get(code, 0) + 1
    return Case(wants, stock, places, _costs(draw, wants, places))


def ordinary(draw: random.Random) -> Case:
    """An order of one to three lines; a warehouse and most stores have them all."""
    places = _places(draw, draw.randint(3, 12))
    wants = tuple(Line(f"SKU-{n}", draw.randint(1, 2)) for n in range(draw.randint(1, 3)))
    stock = {
        line.sku: {site.code: draw.randint(2, 40) for site in places if site is places[0] or draw.random() < 0.8}
        for line in wants
    }
    return Case(wants, stock, places, _costs(draw, wants, places))


def _places(draw: random.Random, many: int) -> tuple[Site, ...]:
    return tuple(
        Site(
            code=f"S{n:02}",
            kind=draw.choice(("store", "store", "store", "warehouse")),
            place=Place(draw.uniform(38, 66), draw.uniform(-22, 25)),
            country=draw.choice(COUNTRIES),
            ships=True,
            load=draw.uniform(0, 4),
        )
        for n in range(many)
    )


def _costs(draw: random.Random, wants: Sequence[Line], places: Sequence[Site]) -> Costs:
    return Costs(
        grams={line.sku: draw.choice(GRAMS) for line in wants},
        slow={line.sku: {site.code: draw.randint(5, 30) for site in places if draw.random() < 0.2} for line in wants},
    )


def orders(many: int, seed: int = 1) -> Iterator[Case]:
    """As many orders as are asked for, the same for the same seed."""
    draw = random.Random(seed)
    for n in range(many):
        kind = n % 10
        if kind < 7:
            yield ordinary(draw)
        elif kind < 9:
            yield scattered(draw, MOST_SITES_EXACT)
        else:
            yield scattered(draw, 24, MOST_SITES_EXACT + 1)


def routing(many: int = 1000, seed: int = 1) -> Report:
    """Route each order once, and compare every route with the cheapest there is. Raises BenchFailed."""
    cases = list(orders(many, seed))
    cases[-1].routed()  # the solver is loaded once a process
    took: list[float] = []
    routes = []
    for case in cases:
        began = time.perf_counter()
        routes.append(case.routed())
        took.append(time.perf_counter() - began)
    bare = sum(_bare(case) for case in cases)
    above = sorted(case.cost(found) / case.least() - 1 for case, found in zip(cases, routes, strict=True))
    in_ms = sorted(seconds * 1000 for seconds in took)
    return Report(
        name="routing",
        unit="routes/s",
        ours=many / sum(took),
        limit=many / bare,
        limit_name="reading the stock once, and the solver's own time",
        p50_ms=percentile(in_ms, 0.5),
        p99_ms=percentile(in_ms, 0.99),
        machine=machine(),
        about={
            "routes": many,
            "ordinary_us": round(_typical(cases, took, range(7)) * 1e6, 1),
            "few_places_us": round(_typical(cases, took, range(7, 9)) * 1e6, 1),
            "many_places_us": round(_typical(cases, took, range(9, 10)) * 1e6, 1),
            "parcels_per_order": round(sum(len({one.location for one in found}) for found in routes) / many, 3),
            "above_exact": {
                "most": round(above[-1], 5),
                "mean": round(sum(above) / many, 6),
                "routes": sum(share > 0 for share in above),
            },
        },
        notes=NOTES,
    )


def _typical(cases: Sequence[Case], took: Sequence[float], kinds: range) -> float:
    """The median of the seconds that orders of these kinds took."""
    some = sorted(seconds for n, seconds in enumerate(took) if n % 10 in kinds)
    return some[len(some) // 2] if some else 0.0


def _bare(case: Case) -> float:
    """Seconds to read what is in stock, and for the solver to run if it has to."""
    began = time.perf_counter()
    codes = [site.code for site in case.sites]
    for line in case.wants:
        shelf = case.stock[line.sku]
        for code in codes:
            shelf.get(code, 0)
    seconds = time.perf_counter() - began
    left = case.split().without_dominated()
    if len({one.location for one in case.routed()}) > 1 and len(left.codes) > MOST_SITES_EXACT:
        seconds += solving.run_seconds(left)
    return seconds
