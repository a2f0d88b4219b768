"""A whole Online Retail file: read, hand over batch by batch, account for every row, sign off."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from math import ceil
from pathlib import Path
from typing import TypeVar

from samband.customers.accounts import commands as accounts
from samband.customers.accounts.commands import Known
from samband.events.take_over import TakenOver
from samband.flows import take_over
from samband.flows.take_over import Deal, Ground

from . import assortment, online_retail, rows
from .online_retail import Reading
from .progress import Watch
from .rejects import Rejects, path_of

T = TypeVar("T")

ORDERS_AT_ONCE = 2_000
NOTES_AT_ONCE = 5_000
CATEGORY = "gifts"
CATEGORY_NAMES = {"en": "Gifts", "is": "Gjafavara", "pl": "Upominki", "lv": "Dāvanas", "el": "Δώρα"}


def import_online_retail(path: Path, folder: Path, watch: Watch, location: str | None = None) -> tuple[TakenOver, bool]:
    """Take over the file; returns how it ended, and whether it had been taken over before. Rejects go to `folder`.

    Raises NoSuchFile, NotThatFile, UnknownLocation.
    """
    fingerprint = rows.fingerprint([path])
    if known := take_over.earlier(online_retail.SOURCE, fingerprint):
        return known, True
    with Rejects(path_of(folder, path), online_retail.COLUMNS) as rejects:
        stage = watch.begin("reading")
        with _without_garbage():
            reading = online_retail.read(path, rejects, stage.done)
        stage.end()
        ground = take_over.prepare(online_retail.SOURCE, online_retail.MARKET, location, CATEGORY, CATEGORY_NAMES)
        return take_over.sign_off(_bring(reading, ground, fingerprint, rejects, watch)), False


@contextmanager
def _without_garbage() -> Iterator[None]:
    """Reading makes a great many things and throws none of them in a ring: looking for such rings is lost time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _bring(reading: Reading, ground: Ground, fingerprint: str, rejects: Rejects, watch: Watch) -> TakenOver:
    customers = accounts.bring_in(ground.source, _customers(reading))
    sold = list(reading.sold())

    def deals(nth: int) -> list[Deal]:
        some = sold[nth * ORDERS_AT_ONCE : (nth + 1) * ORDERS_AT_ONCE]
        return [online_retail.deal(invoice, ground, customers) for invoice in some]

    with take_over.Writers(ground, reading.goods, ceil(len(sold) / ORDERS_AT_ONCE), deals) as writers:
        offers = list(assortment.offers(reading, ground))
        take_over.bring_goods(ground, offers, watch.begin("products", len(offers)).done)
        stage = watch.begin("orders", reading.rows)
        writers.finish(stage.more)
        stage.end()
    for batch in _batches(reading.notes(), NOTES_AT_ONCE):
        take_over.bring_notes(ground, batch)
    return TakenOver(
        source=ground.source,
        fingerprint=fingerprint,
        rows=reading.rows,
        imported=reading.rows - rejects.rows,
        rejected=rejects.rows,
        unreadable=rejects.worth.unreadable,
        imported_worth=str(Decimal(reading.worth).scaleb(-2)),
        rejected_worth=str(rejects.worth.sum),
        currency=ground.currency,
        products=len(offers),
        customers=len(customers),
        orders=len(sold),
        reasons=dict(rejects.reasons),
    )


def _customers(reading: Reading) -> Iterator[Known]:
    """Whoever bought, each once; nothing is known of them but a number and the country they bought from first."""
    countries: dict[str, str] = {}
    for invoice in reading.sold():
        if invoice.customer:
            countries.setdefault(invoice.customer, invoice.country)
    for reference, country in countries.items():
        yield Known(reference, market=online_retail.COUNTRIES.get(country))


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
