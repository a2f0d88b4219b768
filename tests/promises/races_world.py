"""The house in which races are run: the small retailer, open day and night, with goods of which a few come in."""

import json
import os
from pathlib import Path
from typing import Any

from tests import worlds
from tests.worlds import OPENED, REYKJAVIK

RACED = tuple(f"RACE-{number}" for number in range(1, 31))
"""Goods that are raced for in Reykjavík; each round has some of its own come in."""

PLENTY = "PLENTY"
"""Of this nobody ever runs out, so that a race is about something else."""

PRICE, PRICE_OF_PLENTY = 1_000, 500
DAY_AND_NIGHT = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00", "23:59"))


def open_house() -> None:
    """Build it, and write down what everybody who races needs."""
    from samband.commerce.catalog import commands as catalog
    from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
    from samband.commerce.inventory import commands as inventory
    from samband.commerce.pricing import commands as pricing
    from samband.customers.touchpoints import commands as touchpoints
    from samband.kernel.goods import Line
    from tests.channels import phone

    world = worlds.small_world()
    inventory.save_location(
        REYKJAVIK, kind="store", name="Samband RVK", market="IS", country="IS", time_zone="Atlantic/Reykjavik",
        opening=DAY_AND_NIGHT, pickup=True, ships=True, position=0,
    )  # fmt: skip
    skus = (*RACED, PLENTY)
    drafts = [
        ProductDraft(slug=sku.lower(), category="home", names={"en": sku}, variants=(VariantDraft(sku),))
        for sku in skus
    ]
    saved = catalog.save_products(drafts)
    for channel in worlds.CHANNELS:
        catalog.publish_many([one.product_id for one in saved], channel, visible_from=OPENED)
    prices = {**dict.fromkeys(RACED, PRICE), PLENTY: PRICE_OF_PLENTY}
    for currency in ("ISK", "EUR", "GBP"):
        pricing.set_prices(f"{currency.lower()}-regular", prices)
    inventory.receive(REYKJAVIK, tuple(Line(sku, 1) for sku in RACED), "so that there is a level")
    inventory.receive(REYKJAVIK, (Line(PLENTY, 900_000),), "plenty")
    inventory.adjust(REYKJAVIK, _all_of(RACED), "lost", "and nothing on it")
    phone.make_spots(REYKJAVIK)
    write_key = touchpoints.open_source("races", "Races", "server")[1]
    _kept_at().write_text(json.dumps({"api_key": world.api_key, "write_key": write_key}))


def known(name: str) -> Any:
    """What was written down when the house was opened: `api_key`, `write_key`."""
    return json.loads(_kept_at().read_text())[name]


def _all_of(skus: tuple[str, ...]) -> Any:
    from samband.kernel.goods import Position

    return tuple(Position(REYKJAVIK, sku, -1) for sku in skus)


def _kept_at() -> Path:
    return Path(os.environ["SAMBAND_HOME"], "race.json")
