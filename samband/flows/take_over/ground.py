"""Where what is taken over comes to stand: a market, a location, a price list. What is there already is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from django.db import transaction

from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog import queries as catalogs
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as inventories
from samband.commerce.inventory.refusals import UnknownLocation
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing import queries as prices
from samband.commerce.pricing.refusals import UnknownMarket
from samband.kernel.geography import TIME_ZONES
from samband.kernel.languages import LANGUAGES

COUNTRIES: Mapping[str, tuple[str, str, int]] = {
    "IS": ("ISK", "is", 2400),
    "PL": ("PLN", "pl", 2300),
    "LV": ("EUR", "lv", 2100),
    "GR": ("EUR", "el", 2400),
    "GB": ("GBP", "en", 2000),
}
"""Currency, language and standard VAT (basis points) of the countries in which a market can be opened here."""

SHIPPING_CLASS = "parcel"


@dataclass(frozen=True)
class Ground:
    """Where a source's goods are sold, where they lie, which list prices them and in what category they are shown."""

    source: str
    market: str
    currency: str
    language: str
    location: str
    price_list: str
    category: str


@transaction.atomic
def prepare(source: str, market: str, location: str | None, category: str, names: Mapping[str, str]) -> Ground:
    """Make sure that there is a market, somewhere to keep goods, a category and a price list of this source.

    A market that is new sends parcels for nothing until somebody says what sending costs. Without a location it is the
    first of the market that ships, else a new warehouse. Raises UnknownMarket, UnknownLocation.
    """
    _open_market(market)
    known = prices.markets()[market]
    ground = Ground(
        source=source,
        market=market,
        currency=known.currency,
        language=known.default_language,
        location=_location(market, known.country, location),
        price_list=f"{source}-{market.lower()}",
        category=category,
    )
    if not any(node.slug == category for node in catalogs.tree()):
        catalog.save_category(category, None, names)
    if ground.price_list not in prices.price_lists():
        pricing.save_price_list(ground.price_list, ground.currency, market=market, names=names)
    return ground


def _open_market(market: str) -> None:
    if market in prices.markets():
        return
    if market not in COUNTRIES:
        raise UnknownMarket(market=market[:8])
    currency, language, basis_points = COUNTRIES[market]
    names = {code: str(Locale(code).territories[market]) for code in LANGUAGES}
    pricing.save_market(market, market, currency, language, names, position=len(prices.markets()))
    pricing.save_vat_rate(market, "standard", basis_points)
    pricing.save_vat_rate(market, "zero", 0)
    for method in ("ship", "pickup"):
        pricing.save_shipping_rate(market, SHIPPING_CLASS, method, 0)


def _location(market: str, country: str, wanted: str | None) -> str:
    sites = inventories.locations()
    if wanted is not None:
        if wanted not in sites:
            raise UnknownLocation(location=wanted[:40])
        return wanted
    for site in sorted(sites.values(), key=lambda site: (site.kind != "warehouse", site.position, site.code)):
        if site.market == market and site.ships:
            return site.code
    code = f"{market}-WAREHOUSE"
    inventory.save_location(
        code, kind="warehouse", name=code, market=market, country=country, time_zone=TIME_ZONES[country], ships=True
    )
    return code
