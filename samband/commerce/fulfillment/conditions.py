"""What routing and promises go by now: the carriers' ways, and how much work waits where. Each process remembers it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time as clock
from datetime import timedelta

import msgspec
from django.db import connection

from .promise import USUAL_LANES, Lane, Lanes

REMEMBERED_SECONDS = 60.0
USUAL_UNITS_AN_HOUR = 60
"""What a location picks in an hour unless somebody said otherwise."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The ways that carriers go, the hours of picking that wait at each location (none: left out), and what lies there.

    `slow` says by SKU and location how many cents less a unit costs from where it does not sell.
    """

    lanes: Lanes
    hours: Mapping[str, float]
    slow: Mapping[str, Mapping[str, int]]

    def backlog(self, location: str) -> timedelta:
        """The work that waits at a location."""
        return timedelta(hours=self.hours.get(location, 0.0))


class _Lane(msgspec.Struct):
    origin: str
    destination: str
    service: str
    carrier: str
    cut_off: clock
    least_days: int
    most_days: int
    active: bool


_NOW = """
select (select coalesce(json_agg(lane), '[]') from fulfillment_lane lane)::text,
       (select coalesce(json_object_agg(location, hours), '{}') from (
           select f.location, sum(l.quantity - l.called_off - l.picked)::float
                  / coalesce(max(pace.units_an_hour), %s::int) as hours
           from fulfillment_fulfillment f
           join fulfillment_fulfillmentline l on l.fulfillment = f.id
           left join fulfillment_pace pace on pace.location = f.location
           where f.state in ('requested', 'picking') and f.kind <> 'carry'
           group by f.location
       ) waiting where hours > 0)::text,
       (select coalesce(json_object_agg(sku, places), '{}') from (
           select sku, json_object_agg(location, cents) as places from fulfillment_lying group by sku
       ) slow)::text
"""

_remembered: tuple[float, Conditions] | None = None


def conditions() -> Conditions:
    """How things stand. One statement once a minute; inside a transaction what is remembered is good enough."""
    global _remembered
    remembered = _remembered
    if remembered and (connection.in_atomic_block or time.monotonic() < remembered[0]):
        return remembered[1]
    found = _read()
    _remembered = (time.monotonic() + REMEMBERED_SECONDS, found)
    return found


def forget() -> None:
    """Read them anew when they are next asked for."""
    global _remembered
    _remembered = None


def _read() -> Conditions:
    with connection.cursor() as cursor:
        cursor.execute(_NOW, [USUAL_UNITS_AN_HOUR])
        lanes, hours, slow = cursor.fetchone()
    return Conditions(
        _lanes(msgspec.json.decode(lanes, type=list[_Lane])), msgspec.json.decode(hours), msgspec.json.decode(slow)
    )


def _lanes(written: list[_Lane]) -> Lanes:
    """The usual ways, but for those that are written down otherwise."""
    lanes = dict(USUAL_LANES)
    for one in written:
        key = (one.origin, one.destination, one.service)
        if one.active:
            lanes[key] = Lane(one.carrier, one.cut_off, one.least_days, one.most_days)
        else:
            lanes.pop(key, None)
    return lanes
