"""What runs out where, and what could be moved there from where it lies.

A location is *short* of a SKU if what it has lasts for less than `short_days` at the pace of its sales. What is moved
there makes it last for `aim_days`, and comes from locations that keep enough for `keep_days` themselves. Where there is
not enough for all, units go one by one to whoever would be sold out first: no other sharing leaves the worst-off better
(maximin fairness; greedy is exact for it, because a unit's worth to a location only falls with the units before it).
Of those who can give, the nearest gives first, abroad last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from math import ceil, exp, inf, sqrt

from samband.kernel.geography import Place, distance_km

LEAD_DAYS = 7.0
SERVICE = 0.95
"""In nineteen of twenty waits for goods they do not run out."""
QUANTILE = 1.645
"""The standard normal quantile of SERVICE."""
MANY = 400.0
"""Beyond so many units the Poisson distribution is as good as normal."""


@dataclass(frozen=True, slots=True)
class Cover:
    """For how many days goods should last; see above."""

    short_days: float = 7.0
    aim_days: float = 21.0
    keep_days: float = 42.0


COVER = Cover()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A SKU at a location: units it may still sell, those of them that may be moved (they are fenced for nobody), and
    units sold a day.
    """

    location: str
    to_sell: int
    movable: int
    pace: float
    country: str = ""
    place: Place | None = None

    @property
    def days(self) -> float:
        """For how many days it lasts; endless where nothing is sold."""
        return self.to_sell / self.pace if self.pace else inf

    def is_short(self, cover: Cover = COVER) -> bool:
        """Whether it will be sold out soon."""
        return self.days < cover.short_days

    def lacks(self, cover: Cover = COVER) -> int:
        """Units missing for the days that are aimed at."""
        return max(ceil(self.pace * cover.aim_days) - self.to_sell, 0) if self.is_short(cover) else 0

    def spares(self, cover: Cover = COVER) -> int:
        """Units it can give away."""
        if self.is_short(cover):
            return 0
        return max(min(self.movable, self.to_sell - ceil(self.pace * cover.keep_days)), 0)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Units to move, and for how many days the goods last at both ends without it and with it."""

    location: str
    to_location: str
    quantity: int
    days_here: float
    days_here_after: float
    days_there: float
    days_there_after: float
    km: float | None
    abroad: bool


def reorder_point(pace: float, lead_days: float = LEAD_DAYS) -> int:
    """The stock at which to order anew, in units: as much as will do while goods are on their way, with SERVICE.

    Sales are taken as Poisson: the smallest s with P(sold meanwhile ≤ s) ≥ SERVICE, for many units s = λL + z√(λL).
    Source: Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains (2017), chapter 6, the
    order-point system with a specified probability of no stockout in a replenishment cycle.
    """
    expected = pace * lead_days
    if expected > MANY:
        return ceil(expected + QUANTILE * sqrt(expected))
    units, chance = 0, exp(-expected)
    enough = chance
    while enough < SERVICE:
        units += 1
        chance *= expected / units
        enough += chance
    return units


def balance(shelves: Sequence[Shelf], cover: Cover = COVER) -> tuple[Transfer, ...]:
    """Transfers of one SKU that would help, to the location that is sold out first before the others."""
    shelves = sorted(shelves, key=lambda shelf: shelf.location)
    spare = {shelf.location: units for shelf in shelves if (units := shelf.spares(cover))}
    shares = _shared(shelves, sum(spare.values()), cover)
    by_code = {shelf.location: shelf for shelf in shelves}
    given = dict.fromkeys(by_code, 0)
    found = []
    for to, location, quantity in _from_the_nearest(by_code, shares, spare):
        here, there = by_code[location], by_code[to]
        given[location] -= quantity
        given[to] += quantity
        found.append((here, there, quantity))
    return tuple(_transfer(here, there, quantity, given) for here, there, quantity in found)


def _shared(shelves: Iterable[Shelf], spare: int, cover: Cover) -> dict[str, int]:
    """How many units each location that is short should get."""
    short = [shelf for shelf in shelves if shelf.lacks(cover)]
    shares = dict.fromkeys((shelf.location for shelf in short), 0)
    waiting = [(shelf.days, shelf.location, shelf) for shelf in short]
    heapify(waiting)
    for _ in range(min(spare, sum(shelf.lacks(cover) for shelf in short))):
        _, code, shelf = waiting[0]
        shares[code] += 1
        full = shares[code] == shelf.lacks(cover)
        heapreplace(waiting, (inf if full else (shelf.to_sell + shares[code]) / shelf.pace, code, shelf))
    return shares


def _from_the_nearest(
    by_code: dict[str, Shelf], shares: dict[str, int], spare: dict[str, int]
) -> Iterator[tuple[str, str, int]]:
    left = dict(spare)
    for to in sorted(shares, key=lambda code: (by_code[code].days, code)):
        wanted = shares[to]
        for location in sorted(left, key=lambda code: (*_way(by_code[code], by_code[to]), -left[code], code)):
            quantity = min(wanted, left[location])
            if quantity:
                left[location] -= quantity
                wanted -= quantity
                yield to, location, quantity


def _way(here: Shelf, there: Shelf) -> tuple[bool, float]:
    """How far: abroad or not, and the distance, endless if it is not known."""
    km = _km(here, there)
    return here.country != there.country, inf if km is None else km


def _km(here: Shelf, there: Shelf) -> float | None:
    return distance_km(here.place, there.place) if here.place and there.place else None


def _transfer(here: Shelf, there: Shelf, quantity: int, given: dict[str, int]) -> Transfer:
    return Transfer(
        here.location,
        there.location,
        quantity,
        here.days,
        _days(here, given),
        there.days,
        _days(there, given),
        _km(here, there),
        here.country != there.country,
    )


def _days(shelf: Shelf, given: dict[str, int]) -> float:
    """For how many days it lasts once all transfers are done."""
    return (shelf.to_sell + given[shelf.location]) / shelf.pace if shelf.pace else inf
