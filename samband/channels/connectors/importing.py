"""A whole Online Retail file: read, hand over batch by batch, account for every row, sign off."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from samband.customers.accounts import commands as accounts
from samband.customers.accounts.commands import Known
from samband.customers.accounts.holding_back import held_back
from samband.events.take_over import TakenOver
from samband.flows import take_over
from samband.flows.take_over import Ground, Writers

from . import assortment, online_retail, rows
from .online_retail import Invoice, Reading
from .progress import Watch
from .rejects import Rejects, path_of

T = TypeVar("T")

ORDERS_AT_ONCE = 3_000
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
    online_retail.check(path)
    ground = take_over.prepare(online_retail.SOURCE, online_retail.MARKET, location, CATEGORY, CATEGORY_NAMES)
    with Rejects(path_of(folder, path), online_retail.COLUMNS) as rejects:
        return take_over.sign_off(_bring(path, ground, fingerprint, rejects, watch)), False


def _bring(path: Path, ground: Ground, fingerprint: str, rejects: Rejects, watch: Watch) -> TakenOver:
    reading_stage, orders_stage, products_stage = map(watch.begin, ("reading", "orders", "products"))
    products: list[int] = []

    def read_so_far(rows: int) -> None:
        reading_stage.done(rows)
        writers.go_on()

    with take_over.Writers() as writers:
        sales = _Sales(ground, writers, orders_stage.more)
        with _without_garbage():
            reading = online_retail.read(path, rejects, read_so_far, sales.add)
        reading_stage.end()
        writers.do(partial(_bring_products, reading, ground), products.append)
        writers.do(partial(_bring_notes, reading, ground))
        sales.write()
        orders_stage.expect(sum(len(invoice.lines) for invoice in reading.sold()))
        writers.finish()
    orders_stage.end()
    products_stage.more(sum(products))
    products_stage.end()
    erased = len(held_back([(one, None, "") for one in sales.countries], ground.source))
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
        products=sum(products),
        customers=len(sales.countries) - erased,
        orders=sales.count,
        reasons=dict(rejects.reasons),
        left={"erased": erased} if erased else {},
    )


def _bring_products(reading: Reading, ground: Ground) -> int:
    offers = list(assortment.offers(reading, ground))
    take_over.bring_goods(ground, offers)
    return len(offers)


def _bring_notes(reading: Reading, ground: Ground) -> None:
    for batch in _batches(reading.notes(), NOTES_AT_ONCE):
        take_over.bring_notes(ground, batch)


class _Sales:
    """Invoices gathered to batches, which are written while reading goes on.

    `countries` has each customer, of whom nothing is known but a number, with the country they bought from first.
    """

    def __init__(self, ground: Ground, writers: Writers, progress: Callable[[int], None]) -> None:
        self.countries: dict[str, str] = {}
        self.count = 0
        self._ground = ground
        self._writers = writers
        self._progress = progress
        self._batch: list[Invoice] = []

    def add(self, invoice: Invoice) -> None:
        if invoice.customer:
            self.countries.setdefault(invoice.customer, invoice.country)
        self._batch.append(invoice)
        if len(self._batch) == ORDERS_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Let the batch be written, full or not."""
        if self._batch:
            self.count += len(self._batch)
            self._writers.do(partial(self._bring, self._batch), self._progress)
            self._batch = []

    def _bring(self, batch: list[Invoice]) -> int:
        """Write a batch; returns how many lines it has."""
        buyers = {invoice.customer for invoice in batch} - {""}
        customers = accounts.bring_in(
            self._ground.source,
            [Known(one, market=online_retail.COUNTRIES.get(self.countries[one])) for one in sorted(buyers)],
        )
        deals = [online_retail.deal(invoice, self._ground, customers) for invoice in batch]
        take_over.bring_history(self._ground, deals, online_retail.is_goods)
        return sum(len(invoice.lines) for invoice in batch)


@contextmanager
def _without_garbage() -> Iterator[None]:
    """Reading makes a great many things and throws none of them in a ring: looking for such rings is lost time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
