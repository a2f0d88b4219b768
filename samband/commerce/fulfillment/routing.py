"""From where goods are sent: one parcel from one place if any place has them all, else as few parcels as can be.

Among places that would do equally well the order is: in the destination's country before abroad, a warehouse before a
store (whose goods somebody may be looking at), the nearer before the farther, and at last by code, so that the same
question always has the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from samband.kernel.geography import Place, distance_km
from samband.kernel.goods import Line, Position, gathered

from .refusals import CannotRoute

MOST_SITES_EXACT = 6
"""Up to so many places the fewest parcels are found by trying every choice (2⁶ at most); beyond, the fullest first."""

Stock = Mapping[str, Mapping[str, int]]
"""Available units by SKU and location."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place that goods may be sent from. `kind`: store or warehouse."""

    code: str
    kind: str
    place: Place | None
    country: str
    ships: bool


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the goods should go; the place is optional."""

    country: str
    place: Place | None = None


def route(wants: Iterable[Line], stock: Stock, sites: Iterable[Site], destination: Destination) -> tuple[Position, ...]:
    """Which units to take where: the quantities sum to the wants and never exceed what is available.

    Raises CannotRoute with `short` (`sku`, `wanted`, `available` at the places that ship) if all of them fall short.
    """
    lines = gathered(tuple(wants))
    ranked = sorted((site for site in sites if site.ships), key=lambda site: _rank(site, destination))
    shelves = {site.code: {line.sku: _available(stock, line.sku, site.code) for line in lines} for site in ranked}
    _refuse_short(lines, shelves)
    chosen = _fewest(lines, shelves)
    return _share_out(lines, {code: shelves[code] for code in chosen})


Shelves = dict[str, dict[str, int]]


def _rank(site: Site, destination: Destination) -> tuple[bool, bool, float, str]:
    far = float("inf")
    if site.place and destination.place:
        far = distance_km(site.place, destination.place)
    return (site.country != destination.country, site.kind != "warehouse", far, site.code)


def _available(stock: Stock, sku: str, code: str) -> int:
    return max(stock.get(sku, {}).get(code, 0), 0)


def _refuse_short(lines: Sequence[Line], shelves: Shelves) -> None:
    totals = {line.sku: sum(shelf[line.sku] for shelf in shelves.values()) for line in lines}
    short = [line for line in lines if totals[line.sku] < line.quantity]
    if short:
        raise CannotRoute(
            short=[{"sku": line.sku, "wanted": line.quantity, "available": totals[line.sku]} for line in short]
        )


def _fewest(lines: Sequence[Line], shelves: Shelves) -> Sequence[str]:
    """The fewest places that have everything between them, in order of rank."""
    useful = [code for code, shelf in shelves.items() if any(shelf.values())]
    for code in useful:
        if _enough(lines, [shelves[code]]):
            return [code]
    if len(useful) <= MOST_SITES_EXACT:
        return _by_trying(lines, shelves, useful)
    return _by_fullest(lines, shelves, useful)


def _by_trying(lines: Sequence[Line], shelves: Shelves, useful: Sequence[str]) -> Sequence[str]:
    for size in range(2, len(useful) + 1):
        enough = [
            chosen
            for chosen in combinations(range(len(useful)), size)
            if _enough(lines, [shelves[useful[at]] for at in chosen])
        ]
        if enough:
            best = min(enough, key=lambda chosen: (sum(chosen), chosen))
            return [useful[at] for at in best]
    return useful


def _by_fullest(lines: Sequence[Line], shelves: Shelves, useful: Sequence[str]) -> Sequence[str]:
    missing = {line.sku: line.quantity for line in lines}
    chosen: list[str] = []
    while any(missing.values()):
        rest = [code for code in useful if code not in chosen]
        # max() keeps the first of equals, which is the one of better rank.
        fullest = max(rest, key=lambda code: sum(min(missing[sku], units) for sku, units in shelves[code].items()))
        chosen.append(fullest)
        for sku, units in shelves[fullest].items():
            missing[sku] -= min(missing[sku], units)
    return [code for code in useful if code in chosen]


def _enough(lines: Sequence[Line], shelves: Sequence[Mapping[str, int]]) -> bool:
    return all(sum(shelf[line.sku] for shelf in shelves) >= line.quantity for line in lines)


def _share_out(lines: Sequence[Line], shelves: Shelves) -> tuple[Position, ...]:
    """Take each line whole from one of the places if any has it whole, else from one after the other."""
    positions: list[Position] = []
    for line in lines:
        whole = [code for code, shelf in shelves.items() if shelf[line.sku] >= line.quantity]
        missing = line.quantity
        for code in whole[:1] or shelves:
            units = min(missing, shelves[code][line.sku])
            if units:
                positions.append(Position(code, line.sku, units))
                missing -= units
    return tuple(sorted(positions, key=lambda position: (position.location, position.sku)))
