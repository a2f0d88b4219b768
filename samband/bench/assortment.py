"""The goods that are sold and listed while we measure: so many products in one department, deep stock in two places.

python -m samband.bench.assortment 1000
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

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


ONE_BY_ONE = 2_000
"""So many products are saved by the catalog's own commands; what is beyond that is copied from them in sets."""


def stock_up(products: int) -> tuple[str, float]:
    """Open the house: one market, a warehouse and a store, and so many products with prices, pictures and stock.

    Returns a key for the API, and the seconds that building the search's index took.
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
    first = min(products, ONE_BY_ONE)
    ids = [event.product_id for event in catalog.save_products(_drafts(first))]
    for channel in CHANNELS:
        catalog.publish_many(ids, channel, visible_from=OPENED)
    for number, product_id in enumerate(ids, 1):
        name = {"en": f"A thing, number {number}"}
        catalog.attach_media(product_id, "image", _picture(number), f"{sku(number)}.svg", name, sku=sku(number))
    pricing.save_price_list("gbp", CURRENCY)
    pricing.set_prices("gbp", {sku(number): 990 + number % 100 * 10 for number in range(1, first + 1)})
    for location in (WAREHOUSE, STORE):
        lines = tuple(Line(sku(number), DEEP) for number in range(1, first + 1))
        inventory.receive(location, lines, "opening")
    if products > first:
        _copy_more(first, products)
    began = time.perf_counter()
    search.catch_up()
    return staff.issue_key("bench", ("carts:write", "orders:write", "orders:read")), time.perf_counter() - began


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


_MORE = (
    """
    create temporary table more as
    select n as number, gen_random_uuid() as id, n %% %(first)s::int + 1 as like_number,
        'B' || lpad(n::text, greatest(6, length(n::text)), '0') as sku,
        things[n %% cardinality(things) + 1] as thing,
        stuffs[n / cardinality(things) %% cardinality(stuffs) + 1] as stuff,
        collections[n / (cardinality(things) * cardinality(stuffs)) %% cardinality(collections) + 1] as collection,
        looks[n %% cardinality(looks) + 1] as look
    from generate_series(%(first)s::int + 1, %(products)s::int) as n,
        (select %(things)s::text[] as things, %(stuffs)s::text[] as stuffs, %(collections)s::text[] as collections,
            %(looks)s::text[] as looks) as words
    """,
    """
    insert into catalog_product (id, slug, names, texts, attributes, vat_class, shipping_class, return_days, created_at,
        changed_at, revision, category_id)
    select m.id, 'thing-' || number,
        jsonb_build_object('en', initcap(stuff) || ' ' || thing || ' ' || collection || ' ' || number),
        jsonb_build_object('en', 'A ' || look || ' ' || thing || ', made well of ' || stuff
            || ', priced fairly, and to be had today.'),
        p.attributes, p.vat_class, p.shipping_class, p.return_days, p.created_at, p.changed_at,
        (select number from catalog_revision) + row_number() over (order by m.number), p.category_id
    from more m join catalog_product p on p.slug = 'thing-' || like_number
    """,
    "update catalog_revision set number = (select max(revision) from catalog_product)",
    """
    insert into catalog_variant (sku, gtin, attributes, labels, swatch, position, weight_grams, product_id)
    select sku, null, '{}', '{}', '', 0, null, id from more
    """,
    """
    insert into catalog_publication (channel, visible_from, product_id)
    select channel, %(opened)s, id from more, unnest(%(channels)s::text[]) as channel
    """,
    """
    insert into catalog_media (id, sku, kind, path, alts, position, width, height, product_id)
    select gen_random_uuid(), m.sku, i.kind, i.path, i.alts, i.position, i.width, i.height,
        m.id
    from more m join catalog_media i on i.sku = 'B' || lpad(like_number::text, 6, '0')
    """,
    """
    insert into pricing_price (sku, amount, price_list_id)
    select sku, 990 + number %% 100 * 10, 'gbp' from more
    """,
    """
    insert into pricing_pricechange (sku, price_list, amount, at)
    select sku, 'gbp', 990 + number %% 100 * 10, now() from more
    """,
    """
    insert into inventory_level (sku, location, on_hand, held, safety, fenced)
    select sku, location, %(deep)s, 0, 0, 0
    from more, unnest(%(locations)s::text[]) as location
    """,
    """
    insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)
    select gen_random_uuid(), location, sku, %(deep)s, 'receive', '', 'opening', now()
    from more, unnest(%(locations)s::text[]) as location
    """,
)


def _copy_more(first: int, products: int) -> None:
    """The other products, each like one that was saved, under a name and a number of its own."""
    from django.db import connection, transaction

    given: dict[str, Any] = {
        "first": first,
        "products": products,
        "things": list(words.THINGS),
        "stuffs": list(words.MADE_OF),
        "collections": list(words.COLLECTIONS),
        "looks": list(words.LOOKS),
        "opened": OPENED,
        "channels": list(CHANNELS),
        "deep": DEEP,
        "locations": [WAREHOUSE, STORE],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _MORE:
            cursor.execute(statement, given)
        cursor.execute("analyze")


def _picture(number: int) -> bytes:
    colour = list(COLOURS.values())[number % len(COLOURS)]
    left, width, round_by = 10 + number % 40, 30 + number % 30, number % 9
    drawn = f'<rect x="{left}" y="20" width="{width}" height="60" rx="{round_by}" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{drawn}</svg>'.encode()


def main() -> None:
    """Stock up the house that the environment names; print how long the index took, and a key for its API."""
    import django

    django.setup()
    key, indexed = stock_up(int(sys.argv[1]))
    sys.stdout.write(f"{indexed:.3f} {key}\n")


if __name__ == "__main__":
    main()
