"""What stands on the floor of the demo stores: the café tables and seats, shelves, labels and a door, with codes."""

from collections.abc import Iterator

from samband.commerce.spots import codes, commands, queries
from samband.commerce.spots.commands import SpotDraft

from .assortment import Assortment, Product
from .places import SITES

TABLES, SEATS, SHELVES = 8, 4, 12
SERVED = "bakery"

NAMES = {
    "IS": ("Borð", "Sæti við barinn", "Aðalinngangur"),
    "PL": ("Stolik", "Miejsce przy barze", "Wejście główne"),
    "LV": ("Galds", "Vieta pie bāra", "Galvenā ieeja"),
    "GR": ("Τραπέζι", "Θέση στο μπαρ", "Κύρια είσοδος"),
}
"""What stands on the signs of a store: a table, a seat, the door."""

LANGUAGE = {"IS": "is", "PL": "pl", "LV": "lv", "GR": "el"}


def lay_out(assortment: Assortment) -> None:
    """Give every store its places; those that are there already stay as they are."""
    for site in SITES:
        if site.kind == "store":
            commands.make(site.code, list(_of(site.market, assortment)))


def _of(market: str, assortment: Assortment) -> Iterator[SpotDraft]:
    table, seat, door = NAMES[market]
    for number in range(1, TABLES + 1):
        yield SpotDraft(code=f"table-{number}", kind="table", name=f"{table} {number}", category=SERVED)
    for number in range(1, SEATS + 1):
        yield SpotDraft(
            code=f"bar-{number}", kind="seat", name=f"{seat} {number}", category=SERVED, on_screen=number == SEATS
        )
    for number, product in enumerate(_on_shelves(assortment), 1):
        name = product.name[LANGUAGE[market]][:60]
        yield SpotDraft(code=f"shelf-{number}", kind="shelf", name=name, sku=product.variants[0].sku)
    yield SpotDraft(code="door-1", kind="door", name=door)


def _on_shelves(assortment: Assortment) -> list[Product]:
    """Some of each department, spread over what it sells."""
    sold = [product for product in assortment.products if product.shipping != "store_only"]
    return sold[:: max(len(sold) // SHELVES, 1)][:SHELVES]


def addresses() -> Iterator[str]:
    """Codes to try: a table, a shelf and the door of the first store."""
    site = next(site for site in SITES if site.kind == "store")
    spots = queries.spots(site.code)
    for kind in ("table", "shelf", "door"):
        one = next((spot for spot in spots if spot.kind == kind), None)
        if one is not None:
            yield f"phone in the store, {kind}: {codes.address(queries.code_of(one))}"
    if spots:
        yield f"number of today there: {queries.word_of_the_day(site.code, site.time_zone)}"
