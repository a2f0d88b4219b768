"""Small worlds to try things in, made through the rooms' own commands.

`small_world()` is one retailer with five markets, three stores and a warehouse, and a handful of goods.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

ROOT = Path(__file__).resolve().parent.parent
SKUS = ("SOFA-GREY", "SOFA-BLUE", "LAMP", "MUG")
"""Goods that can be shipped. There is also CAKE, fresh food that stays in the store."""

EVERY_DAY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00", "24:00"))


def small_world(stock: int = 1000) -> None:
    """Markets IS, PL, LV, GR and GB; stores RVK, WAW and ATH and the warehouse LON, each with so many of everything.

    Prices are the same number of minor units in every currency: sofas 89900, the lamp 4900, the mug 1200, cake 600.
    """
    from samband.commerce.catalog import commands as catalog
    from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
    from samband.commerce.inventory import commands as inventory
    from samband.commerce.pricing import commands as pricing
    from samband.demo.places import MARKETS, SITES, VAT_BASIS_POINTS
    from samband.kernel.goods import Line

    for position, (code, currency, language, names) in enumerate(MARKETS):
        pricing.save_market(code, code, currency, language, names, position)
        for vat_class, basis_points in VAT_BASIS_POINTS[code].items():
            pricing.save_vat_rate(code, vat_class, basis_points)
        for shipping_class in ("parcel", "bulky"):
            pricing.save_shipping_rate(code, shipping_class, "ship", 990, 100_000)
        for shipping_class in ("parcel", "bulky", "store_only"):
            pricing.save_shipping_rate(code, shipping_class, "pickup", 0)
    for site in SITES:
        if site.code != "RIX":
            inventory.save_location(
                site.code, kind=site.kind, name=site.name, names=site.names, market=site.market, country=site.market,
                address=site.address, latitude=site.latitude, longitude=site.longitude, time_zone=site.time_zone,
                opening=EVERY_DAY, pickup=site.kind == "store", ships=True,
            )  # fmt: skip
    catalog.save_category("furniture", None, {"en": "Furniture", "el": "Έπιπλα", "pl": "Meble"})
    catalog.save_category("cafe", None, {"en": "Café", "el": "Καφέ", "pl": "Kawiarnia"})
    colours = {
        "grey": {"en": "Grey", "el": "Γκρι", "hex": "#888888"},
        "blue": {"en": "Blue", "el": "Μπλε", "hex": "#336699"},
    }
    catalog.save_attribute("colour", "choice", {"en": "Colour", "el": "Χρώμα"}, choices=colours, facet=True)
    drafts = [
        ProductDraft(
            slug="hraun-sofa", category="furniture", shipping_class="bulky",
            names={
                "en": "Hraun sofa", "is": "Hraun sófi", "pl": "Sofa Hraun", "lv": "Dīvāns Hraun", "el": "Καναπές Hraun",
            },
            variants=(
                VariantDraft(sku="SOFA-GREY", attributes={"colour": "grey"}),
                VariantDraft(sku="SOFA-BLUE", attributes={"colour": "blue"}),
            ),
        ),
        ProductDraft(
            slug="ljos-lamp", category="furniture", names={"en": "Ljós lamp"}, variants=(VariantDraft(sku="LAMP"),)
        ),
        ProductDraft(slug="bolli-mug", category="cafe", names={"en": "Bolli mug"}, variants=(VariantDraft(sku="MUG"),)),
        ProductDraft(
            slug="cake", category="cafe", names={"en": "Cake"}, vat_class="food", shipping_class="store_only",
            return_days=0, variants=(VariantDraft(sku="CAKE"),),
        ),
    ]  # fmt: skip
    opened = datetime(2026, 1, 1, tzinfo=UTC)
    for event in catalog.save_products(drafts):
        for channel in ("shop", "api"):
            catalog.publish(event.product_id, channel, visible_from=opened)
    amounts = {"SOFA-GREY": 89900, "SOFA-BLUE": 89900, "LAMP": 4900, "MUG": 1200, "CAKE": 600}
    for currency in ("EUR", "GBP", "PLN", "ISK"):
        pricing.save_price_list(currency.lower(), currency)
        pricing.set_prices(currency.lower(), amounts)
    if stock:
        for site in SITES:
            if site.code != "RIX":
                lines = tuple(Line(sku, stock) for sku in amounts)
                inventory.receive(site.code, lines, "opening", key=f"opening-{site.code}")


@contextmanager
def own_database(name: str) -> Iterator[Mapping[str, str]]:
    """A fresh, migrated database for whole processes: the environment that points them at it. Dropped after."""
    from django.db import connection

    at = conninfo_to_dict(make_conninfo(**{k: v for k, v in _parameters(connection).items() if v}))
    with psycopg.connect(**{**at, "dbname": "postgres"}, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        environment = {
            **os.environ,
            "SAMBAND_DATABASE_URL": make_conninfo(**{**at, "dbname": name}),
            "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
            "PYTHONPATH": str(ROOT),
        }
        try:
            subprocess.run([sys.executable, "-m", "samband", "migrate"], env=environment, check=True, cwd=ROOT)
            yield environment
        finally:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _parameters(connection: object) -> dict[str, object]:
    settings = connection.settings_dict  # type: ignore[attr-defined]
    return {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
