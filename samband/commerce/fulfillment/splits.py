"""An order over several places, in numbers: what each parcel, line and unit costs there, and how many it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_COMPARED = 64
"""With how many cheaper places each is compared, when those are left out that no cheapest split needs."""


@dataclass(frozen=True, slots=True)
class Take:
    """So many units of a line from a place, both by their position in the split."""

    site: int
    line: int
    units: int


@dataclass(frozen=True, slots=True)
class Split:
    """Places in order of what a parcel from them costs, then by code. All amounts are whole cents, none negative.

    `rooms` and `units` are by place and line: how many it could give (never more than wanted) and what a unit costs.
    `pick` is what each line costs at each place that gives any of it.
    """

    codes: Sequence[str]
    parcels: Sequence[int]
    rooms: Sequence[Sequence[int]]
    units: Sequence[Sequence[int]]
    wanted: Sequence[int]
    pick: int

    def best_single(self) -> tuple[int | None, int]:
        """The place from which all of it costs least, and how much; None if no place has it all."""
        best, least = None, 0
        wanted, everywhere = self.wanted, self.pick * len(self.wanted)
        for site, room in enumerate(self.rooms):
            if room == wanted:
                cost = self.parcels[site] + everywhere
                for unit, units in zip(self.units[site], wanted, strict=True):
                    cost += unit * units
                if best is None or cost < least:
                    best, least = site, cost
        return best, least

    def least_of_two(self) -> int:
        """No split over two places or more costs less: the two cheapest parcels, each line at its cheapest."""
        cost = sum(self.parcels[:2]) + self.pick * len(self.wanted)
        for line, units in enumerate(self.wanted):
            cost += units * min(unit[line] for unit, room in zip(self.units, self.rooms, strict=True) if room[line])
        return cost

    def all_from(self, site: int) -> list[Take]:
        return [Take(site, line, units) for line, units in enumerate(self.wanted)]

    def cost(self, takes: Iterable[Take]) -> int:
        """What a way of splitting costs."""
        takes = list(takes)
        parcels = sum(self.parcels[site] for site in {take.site for take in takes})
        return parcels + sum(self.pick + take.units * self.units[take.site][take.line] for take in takes)

    def without_dominated(self) -> "Split":
        """The same without places that another can stand in for, at no more cost, in whatever they give."""
        kept: list[int] = []
        for site in range(len(self.codes)):
            if not any(self._stands_in(other, site) for other in kept[:MOST_COMPARED]):
                kept.append(site)
        return self.only(kept)

    def _stands_in(self, other: int, site: int) -> bool:
        # It has all that is wanted of every line that the place could give, so it can give that too, whatever else
        # it gives.
        return all(
            not has or (could == units and dear >= cheap)
            for has, could, units, dear, cheap in zip(
                self.rooms[site], self.rooms[other], self.wanted, self.units[site], self.units[other], strict=True
            )
        )

    def only(self, sites: Sequence[int]) -> "Split":
        """The same with these places alone, which come in their order here."""
        return Split(
            codes=[self.codes[site] for site in sites],
            parcels=[self.parcels[site] for site in sites],
            rooms=[self.rooms[site] for site in sites],
            units=[self.units[site] for site in sites],
            wanted=self.wanted,
            pick=self.pick,
        )

    def named(self, part: "Split", takes: Iterable[Take]) -> list[Take]:
        """What was found for a part of the places, by their positions here."""
        at = {code: site for site, code in enumerate(self.codes)}
        return [Take(at[part.codes[take.site]], take.line, take.units) for take in takes]

    def fill(self, line: int, sites: Iterable[int]) -> tuple[list[Take], int] | None:
        """Take a line from these places, the cheapest units first; what that costs. None if they fall short."""
        missing, cost = self.wanted[line], 0
        takes = []
        for site in sorted(sites, key=lambda site: (self.units[site][line], site)):
            units = min(missing, self.rooms[site][line])
            if units:
                takes.append(Take(site, line, units))
                cost += self.pick + units * self.units[site][line]
                missing -= units
        return (takes, cost) if not missing else None
