"""The goods that are sold and listed while we measure: so many products in one department, deep stock in two places.

python -m samband.bench.assortment 1000
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from . import words

if TYPE_CHECKING:
    from samband.commerce.catalog.drafts import ProductDraft

MARKET, COUNTRY, CURRENCY, LANGUAGE = "GB", "GB", "GBP", "en"
DEPARTMENT = "goods"
WAREHOUSE, STORE = "LON", "YRK"
CHANNELS = ("shop", "api")
DEEP = 1_000_000
COLOURS = {"red": "#a33a2a", "green": "#3f6f4a", "blue": "#33567a", "sand": "#d9c7a3"}
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_DAY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("08:00", "20:00"))


def sku(number: int) -> str:
    """The SKU of a product by its number, from 1."""
    return f"B{number:06d}"


def stock_up(products: int) -> str:
    """Open the house: one market, a warehouse and a store, and so many products with prices, pictures and stock.

    Returns a key for the API.
    """
    from samband.commerce.catalog import commands as catalog
    from samband.commerce.catalog import search
    from samband.commerce.inventory import commands as inventory
    from samband.commerce.pricing import commands as pricing
    from samband.kernel.goods import Line
    from samband.staff import commands as staff

    pricing.save_market(MARKET, COUNTRY, CURRENCY, LANGUAGE, {"en": "United Kingdom"}, 0)
    pricing.save_vat_rate(COUNTRY, "standard", 2000)
    pricing.save_shipping_rate(MARKET, "parcel", "ship", 399, 4900)
    pricing.save_shipping_rate(MARKET, "parcel", "pickup", 0)
    for code, kind, city, latitude, longitude in (
        (WAREHOUSE, "warehouse", "London", 51.5, -0.1),
        (STORE, "store", "York", 53.96, -1.08),
    ):
        inventory.save_location(
            code, kind=kind, name=f"Samband {city}", names={"en": city}, market=MARKET, country=COUNTRY,
            address={"line1": "High Street 1", "postcode": "YO1 7HH", "city": city}, latitude=latitude,
            longitude=longitude, time_zone="Europe/London", opening=EVERY_DAY, pickup=kind == "store", ships=True,
        )  # fmt: skip
    choices = {code: {"en": code.title(), "hex": value} for code, value in COLOURS.items()}
    catalog.save_attribute("colour", "choice", {"en": "Colour"}, choices=choices, facet=True)
    catalog.save_attribute("width", "number", {"en": "Width"}, unit="cm", facet=True)
    catalog.save_category(DEPARTMENT, None, {"en": "Goods"}, {"en": "Everything there is to buy here."})
    ids = [event.product_id for event in catalog.save_products(_drafts(products))]
    for channel in CHANNELS:
        catalog.publish_many(ids, channel, visible_from=OPENED)
    for number, product_id in enumerate(ids, 1):
        name = {"en": f"A thing, number {number}"}
        catalog.attach_media(product_id, "image", _picture(number), f"{sku(number)}.svg", name, sku=sku(number))
    pricing.save_price_list("gbp", CURRENCY)
    pricing.set_prices("gbp", {sku(number): 990 + number % 100 * 10 for number in range(1, products + 1)})
    for location in (WAREHOUSE, STORE):
        lines = tuple(Line(sku(number), DEEP) for number in range(1, products + 1))
        inventory.receive(location, lines, "opening")
    search.catch_up()
    return staff.issue_key("bench", ("carts:write", "orders:write"))


def _drafts(products: int) -> Iterator["ProductDraft"]:
    from samband.commerce.catalog.drafts import ProductDraft, VariantDraft

    colours = list(COLOURS)
    for number in range(1, products + 1):
        yield ProductDraft(
            slug=f"thing-{number}",
            category=DEPARTMENT,
            names={"en": words.name(number)},
            texts={"en": words.text(number)},
            attributes={"colour": colours[number % len(colours)], "width": 10 + number % 90},
            variants=(VariantDraft(sku=sku(number)),),
        )


def _picture(number: int) -> bytes:
    colour = list(COLOURS.values())[number % len(COLOURS)]
    left, width, round_by = 10 + number % 40, 30 + number % 30, number % 9
    drawn = f'<rect x="{left}" y="20" width="{width}" height="60" rx="{round_by}" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{drawn}</svg>'.encode()


def main() -> None:
    """Stock up the house that the environment names, and print a key for its API."""
    import django

    django.setup()
    sys.stdout.write(f"{stock_up(int(sys.argv[1]))}\n")


if __name__ == "__main__":
    main()
