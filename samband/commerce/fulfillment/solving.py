"""The cheapest split over many places, by a solver for mixed-integer programmes (HiGHS).

For every place a yes or no (is there a parcel?), for every line there a yes or no (is any of it picked?) and how many
units. All the units of a line are wanted; none come from where nothing is picked; nothing is picked where there is no
parcel. A filling that looks only at the next best place bounds it from above, and stands in if the solver has found
nothing better in its time.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .splits import Split, Take

LONGEST_SECONDS = 1.0
GAP = 0.005
"""The solver may stop once what it has is proven to cost at most so much more than the cheapest."""

MOST_PAIRS = 600
"""Places times lines that are put to the solver; of more, the places that look least useful are left out."""

MOST_NODES = 20
"""Nearly all its time goes into the first node, nearly always with the cheapest split; so many make sure."""


def cheapest(split: Split) -> list[Take]:
    """A split that costs next to nothing more than the cheapest, unless there were too many places."""
    near = nearest(split)
    part = _useful(split, near)
    found = split.named(part, solve(part, GAP, LONGEST_SECONDS, MOST_NODES) or [])
    return found if found and split.cost(found) <= split.cost(near) else near


def nearest(split: Split) -> list[Take]:
    """Place after place the one that costs least for each unit it adds; those not needed in the end are left out."""
    missing = list(split.wanted)
    chosen: list[int] = []
    while any(missing):
        best = min(
            (site for site in range(len(split.codes)) if site not in chosen and _adds(split, site, missing)),
            key=lambda site: (_each(split, site, missing), site),
        )
        chosen.append(best)
        missing = [units - min(units, room) for units, room in zip(missing, split.rooms[best], strict=True)]
    for site in sorted(chosen, key=lambda site: -split.parcels[site]):
        rest = [one for one in chosen if one != site]
        if rest and (filled := _filled(split, rest)) and split.cost(filled) <= split.cost(_filled(split, chosen) or ()):
            chosen = rest
    return _filled(split, chosen) or []


def _adds(split: Split, site: int, missing: Sequence[int]) -> int:
    return sum(min(units, room) for units, room in zip(missing, split.rooms[site], strict=True))


def _each(split: Split, site: int, missing: Sequence[int]) -> float:
    cost = split.parcels[site]
    for line, units in enumerate(missing):
        if given := min(units, split.rooms[site][line]):
            cost += split.pick + given * split.units[site][line]
    return cost / _adds(split, site, missing)


def _filled(split: Split, sites: Sequence[int]) -> list[Take] | None:
    """Each line whole from the cheapest of the places that has it whole, or else from one after the other."""
    takes: list[Take] = []
    for line, units in enumerate(split.wanted):
        ways = [split.fill(line, [site]) for site in sites if split.rooms[site][line] == units]
        filled = min(filter(None, [*ways, split.fill(line, sites)]), key=lambda way: way[1], default=None)
        if filled is None:
            return None
        takes += filled[0]
    return takes


def _useful(split: Split, near: Sequence[Take]) -> Split:
    """The places worth putting to the solver: those of the near answer, and of each line those that give it cheaply."""
    most = max(MOST_PAIRS // len(split.wanted), 2)
    if len(split.codes) <= most:
        return split
    kept = {take.site for take in near}
    ranked = [
        sorted(
            (site for site in range(len(split.codes)) if split.rooms[site][line]),
            key=lambda site: (-sum(map(bool, split.rooms[site])), split.parcels[site] + split.units[site][line], site),
        )
        for line in range(len(split.wanted))
    ]
    depth = 0
    while len(kept) < most and any(depth < len(sites) for sites in ranked):
        kept.update(sites[depth] for sites in ranked if depth < len(sites))
        depth += 1
    return split.only(sorted(kept))


def solve(split: Split, gap: float, seconds: float, nodes: int) -> list[Take] | None:
    """What the solver finds with so many nodes in this time, or once it is proven to be within a share of the cheapest.

    None if it finds nothing. The same question has the same answer, unless it is the time that ends it.
    """
    model = _Model(split)
    solver = _solver(model, gap, seconds, nodes)
    solver.run()
    values = solver.getSolution().col_value
    if not len(values):
        return None
    takes = [
        Take(site, line, round(values[column])) for (site, line), column in model.units.items() if round(values[column])
    ]
    given = [sum(take.units for take in takes if take.line == line) for line in range(len(split.wanted))]
    return takes if given == list(split.wanted) else None


def run_seconds(split: Split) -> float:
    """How long the solver itself takes for a split, as it is asked for here; for measuring."""
    solver = _solver(_Model(split), GAP, LONGEST_SECONDS, MOST_NODES)
    solver.run()
    return float(solver.getRunTime())


def _solver(model: "_Model", gap: float, seconds: float, nodes: int) -> Any:
    solver = _highspy().Highs()
    for name, value in {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 1,
        "presolve": "off",
        "mip_rel_gap": gap,
        "time_limit": seconds,
        "mip_max_nodes": nodes,
    }.items():
        solver.setOptionValue(name, value)
    solver.passModel(model.programme)
    return solver


@lru_cache(maxsize=1)
def _highspy() -> Any:
    import highspy

    return highspy


class _Programme:
    """Columns and rows of the programme, as the solver reads them."""

    def __init__(self) -> None:
        self.costs: list[int] = []
        self.most: list[int] = []
        self.least_row: list[float] = []
        self.most_row: list[float] = []
        self.starts: list[int] = [0]
        self.index: list[int] = []
        self.value: list[int] = []

    def column(self, cost: int, most: int) -> int:
        self.costs.append(cost)
        self.most.append(most)
        return len(self.costs) - 1

    def row(self, least: float, most: float, parts: Sequence[tuple[int, int]]) -> None:
        self.least_row.append(least)
        self.most_row.append(most)
        self.index += [column for column, _ in parts]
        self.value += [times for _, times in parts]
        self.starts.append(len(self.index))


class _Model:
    """The programme for a split, and which of its columns counts the units of a line from a place."""

    def __init__(self, split: Split) -> None:
        self.made = _Programme()
        self.units: dict[tuple[int, int], int] = {}
        self.picked: dict[tuple[int, int], int] = {}
        none = -float("inf")
        parcels = [self.made.column(cost, 1) for cost in split.parcels]
        for line, wanted in enumerate(split.wanted):
            for site, room in enumerate(split.rooms):
                if room[line]:
                    self._pair(split, site, line, room[line], parcels[site], none)
            columns = [column for (_, of), column in self.units.items() if of == line]
            self.made.row(wanted, wanted, [(column, 1) for column in columns])
            picks = [(column, 1) for (_, of), column in self.picked.items() if of == line]
            self.made.row(_fewest(split, line), float("inf"), picks)

    def _pair(self, split: Split, site: int, line: int, room: int, parcel: int, none: float) -> None:
        unit = split.units[site][line]
        if room == 1:
            units = picked = self.made.column(unit + split.pick, 1)
            self.made.row(none, 0, [(units, 1), (parcel, -1)])
        else:
            units = self.made.column(unit, room)
            picked = self.made.column(split.pick, 1)
            self.made.row(none, 0, [(units, 1), (picked, -room)])
            self.made.row(none, 0, [(picked, 1), (parcel, -1)])
        self.units[site, line], self.picked[site, line] = units, picked

    @property
    def programme(self) -> Any:
        import numpy

        highspy, made = _highspy(), self.made
        columns, rows = len(made.costs), len(made.least_row)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = columns, rows
        programme.col_cost_ = numpy.array(made.costs, dtype=float)
        programme.col_lower_ = numpy.zeros(columns)
        programme.col_upper_ = numpy.array(made.most, dtype=float)
        programme.row_lower_ = numpy.array(made.least_row)
        programme.row_upper_ = numpy.array(made.most_row)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.num_col_, programme.a_matrix_.num_row_ = columns, rows
        programme.a_matrix_.start_ = numpy.array(made.starts, dtype=numpy.int32)
        programme.a_matrix_.index_ = numpy.array(made.index, dtype=numpy.int32)
        programme.a_matrix_.value_ = numpy.array(made.value, dtype=float)
        programme.integrality_ = [highspy.HighsVarType.kInteger] * columns
        return programme


def _fewest(split: Split, line: int) -> int:
    """At how many places a line is picked at least. The solver could do without, and needs longer."""
    missing, places = split.wanted[line], 0
    for room in sorted((room[line] for room in split.rooms), reverse=True):
        if missing <= 0:
            break
        missing, places = missing - room, places + 1
    return places
