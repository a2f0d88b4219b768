"""A store of the demo that is open whenever the tests run, with the codes that hang in it."""

import json
from dataclasses import dataclass
from typing import Any

from tests.browser.running import House

OPEN_ALL_DAY = """
import json
from zoneinfo import ZoneInfo
from samband.commerce.fulfillment.promise import is_holiday
from samband.commerce.inventory import commands, queries
from samband.commerce.spots import queries as spots
from samband.kernel.clock import now

sites = [one for one in queries.locations().values() if one.kind == "store"]
open_today = [one for one in sites if not is_holiday(now().astimezone(ZoneInfo(one.time_zone)).date(), one.country)]
site = (open_today or sites)[-1]
commands.save_location(
    site.code, kind=site.kind, name=site.name, names=dict(site.names), market=site.market, country=site.country,
    address=dict(site.address), latitude=site.place.latitude, longitude=site.place.longitude, time_zone=site.time_zone,
    opening=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00", "24:00")),
    pickup=site.pickup, ships=site.ships, position=site.position,
)
print(json.dumps({
    "code": site.code, "holiday": not open_today, "latitude": site.place.latitude, "longitude": site.place.longitude,
    "spots": {one.code: spots.code_of(one) for one in spots.spots(site.code)},
    "skus": {one.code: one.sku for one in spots.spots(site.code) if one.sku},
    "word": spots.word_of_the_day(site.code, site.time_zone),
}))
"""


@dataclass(frozen=True)
class Store:
    """A store: its code, where it is, its number of today, and the tokens of its spots by their codes."""

    code: str
    holiday: bool
    latitude: float
    longitude: float
    spots: dict[str, str]
    skus: dict[str, str]
    word: str

    @property
    def position(self) -> Any:
        return {"latitude": self.latitude, "longitude": self.longitude, "accuracy": 20}


def open_store(house: House) -> Store:
    """Keep the demo's last store open around the clock; codes from screens are a few minutes old at most."""
    told = house.program(OPEN_ALL_DAY).strip().splitlines()[-1]
    return Store(**json.loads(told))
