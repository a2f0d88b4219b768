"""Opening the demo retailer: everything through the rooms' own commands, the same every time, twice as good as once."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog import queries as catalog_queries
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing import queries as pricing_queries
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.refusal import Conflict
from samband.staff import commands as staff
from samband.staff import factors
from samband.staff import queries as staff_queries
from samband.staff.refusals import AlreadyThere
from samband.staff.rules import SCOPES

from . import counters, pictures, store_floor
from .assortment import Assortment, Product, load
from .offers import COUPONS, make_offers
from .places import MARKETS, SHIPPING, SITES, VAT_BASIS_POINTS, Site

SEED = 20261121
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
CHANNELS = ("shop", "api", "pos", "kiosk")
PASSWORD = "samband-demo-2026"
API_SECRET = "demo-key-for-trying-things-out-only"
STAFF = (
    ("admin@samband.example", "Anna Karlsdóttir", "admin", "RVK", "en"),
    ("goods@samband.example", "Jānis Bērziņš", "merchandiser", "RIX", "lv"),
    ("stock@samband.example", "Zofia Nowak", "stock", "WAW", "pl"),
    ("athens@samband.example", "Ελένη Παπαδοπούλου", "stock", "ATH", "el"),
    ("service@samband.example", "Guðrún Jónsdóttir", "service", "RVK", "is"),
    ("figures@samband.example", "Emma Clarke", "analyst", "LON", "en"),
)

Say = Callable[[str], None]


class HouseTaken(Conflict):
    """This house has staff of its own: the demo, whose passwords everybody knows, is not opened in it."""

    code = "house_taken"


def is_empty() -> bool:
    """Whether nobody trades or works here yet but the demo's own."""
    return not pricing_queries.markets() and not _is_taken()


def open_shop(say: Say) -> None:
    """Open the demo retailer; what is there already is left as it is. Raises HouseTaken."""
    from .looking import look_around
    from .patronage import bring_customers

    if _is_taken():
        raise HouseTaken()
    say("opening the demo retailer …")
    save_markets()
    save_sites()
    hire()
    assortment = load()
    products = save_assortment(assortment)
    save_prices(assortment)
    say("drawing pictures …")
    hang_pictures(assortment, products)
    receive_goods(assortment)
    store_floor.lay_out(assortment)
    counters.open_counters(assortment, PASSWORD)
    make_offers()
    from samband.commerce.catalog.search import catch_up

    catch_up()
    say("customers come and buy …")
    crowd = bring_customers(assortment)
    say("and look around …")
    look_around(assortment, crowd)


def _is_taken() -> bool:
    here = {colleague.email for colleague in staff_queries.colleagues()}
    return bool(here) and here.isdisjoint(email for email, *_ in STAFF)


def sign_ins() -> Iterator[str]:
    """What to tell whoever started the demo; nothing in a house that is not the demo's."""
    here = {colleague.email for colleague in staff_queries.colleagues()}
    for email, _, role, _, _ in STAFF:
        if email in here:
            yield f"console, {role}: {email} / {PASSWORD}"
    if {email for email, *_ in STAFF} & here and not any(factors.needed().values()):
        yield "console: nobody needs a second factor here, for the passwords are known anyway"
    if any(key.prefix == "demo" and key.revoked_at is None for key in staff_queries.api_keys()):
        yield f"API key: sb_demo_{API_SECRET}"
        yield f"shop: any e-mail address; codes to sign in with are mails in {settings.EMAIL_FILE_PATH}"
        yield from store_floor.addresses()
        yield f"coupons: {', '.join(COUPONS.values())}"
        if till := counters.enrolment():
            yield f"till: /pos/, code {till[1]} (once, within half an hour), then PIN {counters.PIN}"
        yield "cards: 4242 4242 4242 4242 pays, 4000 0000 0000 3220 wants a second factor, 4000 0000 0000 0002 declines"


def save_markets() -> None:
    """Markets with their VAT and what sending costs there; picking up is free."""
    for position, (code, currency, language, names) in enumerate(MARKETS):
        pricing.save_market(code, code, currency, language, names, position)
        for vat_class, basis_points in VAT_BASIS_POINTS[code].items():
            pricing.save_vat_rate(code, vat_class, basis_points)
        for shipping_class, (amount, free_from) in SHIPPING[code].items():
            pricing.save_shipping_rate(code, shipping_class, "ship", amount, free_from)
        for shipping_class in ("parcel", "bulky", "store_only"):
            pricing.save_shipping_rate(code, shipping_class, "pickup", 0)


def save_sites() -> None:
    """Stores and the warehouse, with their pictures."""
    folder = Path(settings.MEDIA_ROOT) / "stores"
    folder.mkdir(parents=True, exist_ok=True)
    for position, site in enumerate(SITES):
        inventory.save_location(
            site.code,
            kind=site.kind,
            name=site.name,
            names=site.names,
            market=site.market,
            country=site.market,
            address=site.address,
            latitude=site.latitude,
            longitude=site.longitude,
            time_zone=site.time_zone,
            opening=site.opening,
            pickup=site.kind == "store",
            ships=True,
            position=position,
        )
        (folder / f"{site.code}.svg").write_text(pictures.draw_store(site.picture))


def hire() -> None:
    """One of each role, and a key for the API."""
    is_new = not staff_queries.colleagues()
    for email, name, role, location, language in STAFF:
        try:
            staff.add_member(email, name, role, PASSWORD, location=location, language=language)
        except AlreadyThere:
            continue
    # Everybody knows these passwords anyway: a second factor would only keep people from looking around.
    for role, is_needed in factors.needed().items():
        if is_needed and is_new:
            factors.need(role, False)
    staff.issue_key("Trying things out", SCOPES, secret=API_SECRET)


def save_assortment(assortment: Assortment) -> dict[str, UUID]:
    """Attributes, the category tree and the products, shown on every channel; returns product ids by slug."""
    for position, attribute in enumerate(assortment.attributes.values()):
        choices = {
            code: {**choice.name, **({"hex": choice.hex} if choice.hex else {})}
            for code, choice in attribute.choices.items()
        }
        catalog.save_attribute(
            attribute.code,
            attribute.kind,
            attribute.name,
            unit=attribute.unit or "",
            choices=choices,
            facet=attribute.facet,
            position=position,
        )
    for position, category in enumerate(assortment.categories):
        catalog.save_category(category.slug, category.parent, category.name, category.text, position)
    catalog.save_products(_draft(product) for product in assortment.products)
    ids = catalog_queries.ids_of(product.slug for product in assortment.products)
    for channel in CHANNELS:
        catalog.publish_many(list(ids.values()), channel, visible_from=OPENED)
    return ids


def _draft(product: Product) -> ProductDraft:
    return ProductDraft(
        slug=product.slug,
        category=product.category,
        names=product.name,
        texts=product.text,
        attributes=product.attributes,
        vat_class=product.vat,
        shipping_class=product.shipping,
        return_days=product.return_days,
        variants=tuple(
            VariantDraft(sku=variant.sku, gtin=variant.gtin, attributes=variant.attributes)
            for variant in product.variants
        ),
    )


def save_prices(assortment: Assortment) -> None:
    """A list a currency, a summer sale that everybody gets, and a better price for members of the club."""
    regular = {
        "en": "Regular price",
        "is": "Venjulegt verð",
        "pl": "Cena regularna",
        "lv": "Parastā cena",
        "el": "Κανονική τιμή",
    }
    autumn = {
        "en": "Autumn offer",
        "is": "Hausttilboð",
        "pl": "Jesienna oferta",
        "lv": "Rudens piedāvājums",
        "el": "Φθινοπωρινή προσφορά",
    }
    club = {"en": "Club price", "is": "Klúbbverð", "pl": "Cena klubowa", "lv": "Kluba cena", "el": "Τιμή μέλους"}
    dice = random.Random(SEED)
    reduced = {product.slug for product in assortment.products if dice.random() < 0.12 and product.vat == "standard"}
    for currency in ("EUR", "GBP", "PLN", "ISK"):
        code = currency.lower()
        all_prices = {v.sku: v.prices[currency] for product in assortment.products for v in product.variants}
        offers = {
            v.sku: _reduced(v.prices[currency], 85, currency)
            for product in assortment.products
            if product.slug in reduced
            for v in product.variants
        }
        members = {sku: _reduced(amount, 95, currency) for sku, amount in {**all_prices, **offers}.items()}
        pricing.save_price_list(f"{code}-regular", currency, names=regular)
        pricing.set_prices(f"{code}-regular", all_prices)
        pricing.save_price_list(f"{code}-autumn", currency, priority=10, valid_until=_offer_ends(), names=autumn)
        pricing.set_prices(f"{code}-autumn", offers)
        pricing.save_price_list(f"{code}-club", currency, customer_group="club", names=club)
        pricing.set_prices(f"{code}-club", members)


def _offer_ends() -> datetime:
    """The first day of the month after next: the same however often the demo is opened this month."""
    today = now()
    months = today.year * 12 + today.month + 1
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _reduced(amount: int, percent: int, currency: str) -> int:
    """So many percent of an amount, rounded down to what a price looks like: tens of minor units, or of krónur."""
    step = 10
    return max(step, amount * percent // 100 // step * step)


def hang_pictures(assortment: Assortment, products: dict[str, UUID]) -> None:
    """A drawing for every variant, in its own colour."""
    hung = catalog_queries.with_media(products.values())
    colours = assortment.attributes["colour"].choices
    for product in assortment.products:
        product_id = products[product.slug]
        if product_id in hung:
            continue
        for variant in product.variants:
            colour = variant.attributes.get("colour", product.attributes.get("colour"))
            shade = (colours[str(colour)].hex if colour else None) or _shade(product)
            drawing = pictures.draw(product.kind, product.look, shade)
            catalog.attach_media(
                product_id, "image", drawing.encode(), f"{variant.sku}.svg", product.name, sku=variant.sku
            )


def _shade(product: Product) -> str:
    """Goods that come in no colour get one of the house's, always the same."""
    house = ("#4f6f52", "#c8643c", "#9fc3cf", "#d9a441", "#8a8d91", "#7a4b3a", "#5b7a99")
    return house[sum(product.slug.encode()) % len(house)]


def receive_goods(assortment: Assortment) -> None:
    """Stock the shelves, once: the warehouse deep, stores as wide as they are, fresh food only in stores."""
    for site in SITES:
        dice = random.Random(f"{SEED}-{site.code}")
        lines = tuple(_deliveries(assortment, site, dice))
        inventory.receive(site.code, lines, "opening stock", key=f"demo-opening-{site.code}")


def _deliveries(assortment: Assortment, site: Site, dice: random.Random) -> Iterator[Line]:
    for product in assortment.products:
        for variant in product.variants:
            quantity = _how_many(product, site, dice)
            if quantity:
                yield Line(variant.sku, quantity)


def _how_many(product: Product, site: Site, dice: random.Random) -> int:
    luck = dice.random()
    if product.shipping == "store_only":
        return dice.randint(6, 24) if site.kind == "store" else 0
    if site.kind == "warehouse":
        return 0 if luck < 0.03 else dice.randint(8, 40) if product.shipping == "bulky" else dice.randint(30, 200)
    if product.shipping == "bulky":
        return 0 if luck < 0.35 else dice.randint(1, 6)
    return 0 if luck < 0.2 else dice.randint(2, 30)
