"""Small worlds to try things in, built through the rooms' own commands.

`small_world()` opens a retailer with three markets, two stores, a warehouse and a handful of goods on every channel:
enough for whole checkouts, few enough statements for every test. Everything is named by the constants here, so a test
can say what it means. `fresh_processes()` forgets what this process remembers of another world.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.fulfillment import conditions
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as inventory_queries
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing import queries as pricing_queries
from samband.kernel.goods import Line
from samband.staff.commands import issue_key
from samband.staff.rules import SCOPES

REYKJAVIK, RIGA, LONDON = "RVK", "RIX", "LON"
"""Two stores and a warehouse."""

SOFA, SOFA_BLUE, CUP, LAMP, CAKE, LAST_TEN = "SOFA-GREY", "SOFA-BLUE", "CUP", "LAMP", "CAKE", "LAST-TEN"
"""Two of one product, three of their own, fresh food that never travels, and something of which only ten are left."""

CHANNELS = ("shop", "api", "pos", "kiosk")
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("08:00", "20:00"))

MARKETS = {"IS": ("ISK", "is", 2400, 1100), "LV": ("EUR", "lv", 2100, 1200), "GB": ("GBP", "en", 2000, 0)}
"""Currency, language, and VAT on ordinary goods and food in basis points."""

PRICES = {
    SOFA: {"ISK": 129_900, "EUR": 89_900, "GBP": 79_900},
    SOFA_BLUE: {"ISK": 134_900, "EUR": 92_900, "GBP": 82_900},
    CUP: {"ISK": 1_490, "EUR": 990, "GBP": 890},
    LAMP: {"ISK": 14_900, "EUR": 9_900, "GBP": 8_900},
    CAKE: {"ISK": 890, "EUR": 490, "GBP": 450},
    LAST_TEN: {"ISK": 9_900, "EUR": 6_900, "GBP": 5_900},
}
"""Minor units, VAT included."""

STOCK = {
    REYKJAVIK: {SOFA: 3, SOFA_BLUE: 2, CUP: 40, LAMP: 5, CAKE: 12},
    RIGA: {SOFA: 1, CUP: 20, CAKE: 6},
    LONDON: {SOFA: 20, SOFA_BLUE: 10, CUP: 500, LAMP: 50, LAST_TEN: 10},
}
SHIPPING = {"ISK": (1_490, 15_000), "EUR": (490, 5_900), "GBP": (399, 4_900)}
"""What a parcel costs, and from what worth of goods it is free."""


@dataclass(frozen=True)
class World:
    """What was built: product ids by slug, and a key for the API that opens everything."""

    products: dict[str, UUID] = field(default_factory=dict)
    api_key: str = ""


def small_world() -> World:
    """Open the small retailer. Takes some sixty statements."""
    fresh_processes()
    open_markets()
    open_locations()
    products = stock_catalog()
    set_prices()
    shelve()
    fresh_processes()
    return World(products, issue_key("Tests", SCOPES))


def fresh_processes() -> None:
    """Forget what is remembered per process: markets, locations and API keys of a world that is gone."""
    from samband.channels.api import keys
    from samband.console import words
    from samband.customers.consent import queries as consent_queries
    from samband.customers.consent import wordings

    words.forget()
    pricing_queries.forget()
    consent_queries.forget_remembered()
    wordings.forget()
    inventory_queries.forget_locations()
    keys.forget()
    conditions.forget()
    conditions.conditions()  # asked for once a minute, and not by whoever counts statements


def open_markets() -> None:
    """Iceland, Latvia and Great Britain with their VAT; parcels cost, pickups do not."""
    for position, (code, (currency, language, standard, food)) in enumerate(MARKETS.items()):
        pricing.save_market(code, code, currency, language, {"en": code}, position)
        pricing.save_vat_rate(code, "standard", standard)
        pricing.save_vat_rate(code, "food", food)
        amount, free_from = SHIPPING[currency]
        pricing.save_shipping_rate(code, "parcel", "ship", amount, free_from)
        pricing.save_shipping_rate(code, "bulky", "ship", amount * 6, None)
        for shipping_class in ("parcel", "bulky", "store_only"):
            pricing.save_shipping_rate(code, shipping_class, "pickup", 0)


def open_locations() -> None:
    """A store in Reykjavík and one in Rīga, open every day, and a warehouse in London that ships."""
    for position, (code, kind, country, zone) in enumerate(
        [
            (REYKJAVIK, "store", "IS", "Atlantic/Reykjavik"),
            (RIGA, "store", "LV", "Europe/Riga"),
            (LONDON, "warehouse", "GB", "Europe/London"),
        ]
    ):
        inventory.save_location(
            code,
            kind=kind,
            name=f"Samband {code}",
            market=country,
            country=country,
            time_zone=zone,
            opening=WEEK,
            pickup=kind == "store",
            ships=True,
            position=position,
        )


def stock_catalog() -> dict[str, UUID]:
    """Six SKUs of five products in three categories, published everywhere; their ids by slug."""
    catalog.save_attribute(
        "colour",
        "choice",
        {"en": "Colour", "is": "Litur"},
        choices={"grey": {"en": "Grey", "is": "Grár", "hex": "#8a8d91"}, "blue": {"en": "Blue", "hex": "#3a5f8a"}},
        facet=True,
    )
    catalog.save_category("home", None, {"en": "Home", "is": "Heimili"})
    catalog.save_category("sofas", "home", {"en": "Sofas", "is": "Sófar"})
    catalog.save_category("cafe", None, {"en": "Café", "is": "Kaffihús"})
    sofa = (VariantDraft(SOFA, {"colour": "grey"}, "5690000000015"), VariantDraft(SOFA_BLUE, {"colour": "blue"}))
    drafts = [
        _draft("sofa-hallormur", "sofas", "Sofa", sofa, shipping_class="bulky"),
        _draft("cup", "home", "Cup", (VariantDraft(CUP),)),
        _draft("lamp", "home", "Lamp", (VariantDraft(LAMP),)),
        _draft("cake", "cafe", "Cake", (VariantDraft(CAKE),), vat_class="food", shipping_class="store_only"),
        _draft("last-ten", "home", "The last ten", (VariantDraft(LAST_TEN),)),
    ]
    events = catalog.save_products(drafts)
    ids = {draft.slug: event.product_id for draft, event in zip(drafts, events, strict=True)}
    for channel in CHANNELS:
        catalog.publish_many(list(ids.values()), channel, visible_from=OPENED)
    pricing.save_vat_classes({CAKE: "food"})
    return ids


def _draft(slug: str, category: str, name: str, variants: tuple[VariantDraft, ...], **more: str) -> ProductDraft:
    return ProductDraft(slug=slug, category=category, names={"en": name}, variants=variants, **more)


def set_prices() -> None:
    """One price list a currency, VAT included, for everybody."""
    for currency in ("ISK", "EUR", "GBP"):
        code = f"{currency.lower()}-regular"
        pricing.save_price_list(code, currency, names={"en": "Regular price"})
        pricing.set_prices(code, {sku: amounts[currency] for sku, amounts in PRICES.items()})


def shelve() -> None:
    """Goods come in at every location."""
    for location, units in STOCK.items():
        inventory.receive(location, tuple(Line(sku, quantity) for sku, quantity in units.items()), "opening stock")


def card(number: str = "4242424242424242") -> str:
    """A token for a test card; this one pays."""
    return tokenise(number, "12/99", "123")
