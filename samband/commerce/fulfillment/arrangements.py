"""What the retailer arranged: the carriers' ways that are written down, and how fast each location picks."""

from dataclasses import dataclass
from datetime import time

from .conditions import USUAL_UNITS_AN_HOUR
from .models import Lane, Pace
from .promise import USUAL_LANES


@dataclass(frozen=True, slots=True)
class LaneView:
    """How a carrier goes from country to country. `usual`: nobody wrote it down; not `active`: nobody goes there."""

    origin: str
    destination: str
    service: str
    carrier: str
    cut_off: time
    least_days: int
    most_days: int
    active: bool
    usual: bool


def lanes(origins: frozenset[str]) -> tuple[LaneView, ...]:
    """The ways that leave these countries: those that are written down, and the usual ones besides."""
    found = {
        key: LaneView(*key, usual.carrier, usual.cut_off, usual.least_days, usual.most_days, active=True, usual=True)
        for key, usual in USUAL_LANES.items()
        if key[0] in origins
    }
    for row in Lane.objects.filter(origin__in=origins):
        found[row.origin, row.destination, row.service] = LaneView(
            row.origin,
            row.destination,
            row.service,
            row.carrier,
            row.cut_off,
            row.least_days,
            row.most_days,
            row.active,
            usual=False,
        )
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1] != key[0], key[1], key[2])))


def paces(locations: frozenset[str]) -> dict[str, int]:
    """How many units each of these locations picks in an hour."""
    known = dict(Pace.objects.filter(location__in=locations).values_list("location", "units_an_hour"))
    return {location: known.get(location, USUAL_UNITS_AN_HOUR) for location in locations}
