"""Shopify's exports, taken over: products first, then customers, then what they bought, whatever order they came in."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.customers.accounts.commands import Known, Reached
from samband.events.take_over import TakenOver
from samband.flows import take_over
from samband.flows.take_over import Ground
from samband.kernel.refusal import Refusal

from .. import rows
from ..progress import Watch
from ..rejects import Rejects, path_of
from ..tally import Worth
from . import customers, orders, products
from .customers import Customers
from .orders import Order, Orders
from .products import Product, Products
from .sheet import Kind, Sheet, recognised, reject, told

T = TypeVar("T")

SOURCE = "shopify"
KINDS: Sequence[Kind] = ("products", "customers", "orders")
CATEGORY_NAMES = {"en": "Other", "is": "Annað", "pl": "Inne", "lv": "Citi", "el": "Άλλα"}
SEVERAL = "in several currencies"
ORDERS_AT_ONCE = 500
PRODUCTS_AT_ONCE = 200


@dataclass
class _Sum:
    """What all files come to."""

    rows: int = 0
    products: int = 0
    customers: int = 0
    orders: int = 0
    worth: Worth = field(default_factory=Worth)
    left: Counter[str] = field(default_factory=Counter)
    currencies: set[str] = field(default_factory=set)


def import_shopify(
    paths: Sequence[Path], folder: Path, watch: Watch, market: str | None = None, location: str | None = None
) -> tuple[TakenOver, bool]:
    """Take the exports over; returns how it ended, and whether they had been taken over before. Rejects go to `folder`.

    Without a market it is the first that there is, else Great Britain. Prices of products are in its currency.
    Raises NoSuchFile, NotThatFile, UnknownMarket, UnknownLocation.
    """
    fingerprint = rows.fingerprint(paths)
    if known := take_over.earlier(SOURCE, fingerprint):
        return known, True
    sheets = sorted(map(recognised, paths), key=lambda sheet: KINDS.index(sheet.kind))
    ground = take_over.prepare(SOURCE, market or next(iter(pricing.markets()), "GB"), location, products.OTHER,
                               CATEGORY_NAMES)  # fmt: skip
    bring: Mapping[Kind, Callable[[Sheet, Ground, Rejects, Watch, _Sum], None]] = {
        "products": _bring_products,
        "customers": _bring_customers,
        "orders": _bring_orders,
    }
    whole = _Sum()
    with ExitStack() as open_rejects:
        every = []
        for sheet, path in zip(sheets, rejects_of(folder, [sheet.path for sheet in sheets]), strict=True):
            rejects = open_rejects.enter_context(Rejects(path, sheet.columns))
            every.append(rejects)
            bring[sheet.kind](sheet, ground, rejects, watch, whole)
        return take_over.sign_off(_receipt(fingerprint, ground, every, whole)), False


def rejects_of(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Where the rejects of each file lie: files of one name in different folders do not share them."""
    found: list[Path] = []
    for path in paths:
        wanted, nth = path_of(folder, path), 2
        while wanted in found:
            wanted, nth = path_of(folder, path.with_name(f"{path.stem}-{nth}.csv")), nth + 1
        found.append(wanted)
    return found


def _receipt(fingerprint: str, ground: Ground, every: Sequence[Rejects], whole: _Sum) -> TakenOver:
    reasons: Counter[str] = sum((rejects.reasons for rejects in every), Counter())
    rejected_worth = Worth()
    for rejects in every:
        rejected_worth.add(rejects.worth.sum)
    return TakenOver(
        source=SOURCE,
        fingerprint=fingerprint,
        rows=whole.rows,
        imported=whole.rows - reasons.total(),
        rejected=reasons.total(),
        unreadable=sum(rejects.worth.unreadable for rejects in every),
        imported_worth=str(whole.worth.sum),
        rejected_worth=str(rejected_worth.sum),
        currency=SEVERAL if len(whole.currencies) > 1 else next(iter(whole.currencies), ground.currency),
        products=whole.products,
        customers=whole.customers,
        orders=whole.orders,
        reasons=dict(reasons),
        left={code: times for code, times in sorted(whole.left.items()) if times},
    )


def _bring_products(sheet: Sheet, ground: Ground, rejects: Rejects, watch: Watch, whole: _Sum) -> None:
    found = products.read(sheet, ground, rejects)
    take_over.open_categories(dict(product.category for product in found.products), ground.language)
    take_over.open_choices([choices for product in found.products for choices in product.choices], ground.language)
    stage = watch.begin("products", len(found.products))
    for batch in _batches(found.products, PRODUCTS_AT_ONCE):
        whole.products += _bring_batch(found, batch, ground, rejects)
        stage.more(len(batch))
    whole.rows += found.rows
    whole.left += found.left


def _bring_batch(found: Products, batch: Sequence[Product], ground: Ground, rejects: Rejects) -> int:
    """All at once; if one of them is refused, one by one, so that it alone stays behind."""
    try:
        take_over.bring_goods(ground, [product.offer for product in batch])
        return len(batch)
    except Refusal as refusal:
        if len(batch) == 1:
            reject(found.sheet, rejects, batch[0].parts, "refused", told(refusal))
            return 0
    return sum(_bring_batch(found, [product], ground, rejects) for product in batch)


def _bring_customers(sheet: Sheet, ground: Ground, rejects: Rejects, watch: Watch, whole: _Sum) -> None:
    found = customers.read(sheet, ground, rejects)
    stage = watch.begin("customers", len(found.known))
    for batch in _batches(found.known, ORDERS_AT_ONCE):
        known = _bring_known(found, batch)
        whole.customers += known
        whole.left["erased"] += len(batch) - known
        stage.more(len(batch))
    whole.rows += found.rows
    whole.left += found.left


@transaction.atomic
def _bring_known(found: Customers, batch: Sequence[Known]) -> int:
    """How many they are: whoever asked to be forgotten is left out."""
    ids = accounts.bring_in(SOURCE, batch)
    for one in batch:
        address = found.addresses.get(one.reference)
        if one.reference in ids and address and not account_queries.addresses(ids[one.reference]):
            accounts.save_address(ids[one.reference], address, default=True)
    return len(ids)


def _bring_orders(sheet: Sheet, ground: Ground, rejects: Rejects, watch: Watch, whole: _Sum) -> None:
    markets = {known.currency: code for code, known in reversed(pricing.markets().items())}
    markets[ground.currency] = ground.market
    found = orders.read(sheet, SOURCE, markets, ground.language, rejects)
    stage = watch.begin("orders", sum(len(order.parts) for order in found.orders))
    for batch in _batches(found.orders, ORDERS_AT_ONCE):
        whole.orders += _bring_history(found, sheet, batch, ground, rejects)
        stage.more(sum(len(order.parts) for order in batch))
    whole.rows += found.rows
    whole.worth.add(found.worth.sum)
    whole.currencies |= found.currencies
    whole.left += found.left


def _bring_history(found: Orders, sheet: Sheet, batch: Sequence[Order], ground: Ground, rejects: Rejects) -> int:
    try:
        _bring_buyers_and_orders(batch, ground)
        return len(batch)
    except Refusal as refusal:
        if len(batch) == 1:
            worths = [orders.worth_of(part) for part in batch[0].parts]
            reject(sheet, rejects, batch[0].parts, "refused", told(refusal), worths)
            for worth in worths:
                found.worth.add(-worth if worth else worth)
            return 0
    return sum(_bring_history(found, sheet, [order], ground, rejects) for order in batch)


@transaction.atomic
def _bring_buyers_and_orders(batch: Sequence[Order], ground: Ground) -> None:
    buyers = {customers.by_email(order.email): order for order in batch if order.email}
    ids = accounts.bring_in(
        SOURCE, [Known(reference, order.email, order.name, order.phone, ground.language) for reference, order in
                 buyers.items()],
    )  # fmt: skip
    customer_of = {
        order.deal.order.reference: ids[reference]
        for order in batch
        if order.email and (reference := customers.by_email(order.email)) in ids
    }
    contacts = accounts.bring_in_contacts(
        SOURCE,
        [
            Reached(reference, order.email, order.name, order.phone, customer_of[reference])
            for order in batch
            if (reference := order.deal.order.reference) in customer_of
        ],
    )
    deals = [
        replace(
            order.deal,
            order=replace(
                order.deal.order,
                customer_id=customer_of.get(order.deal.order.reference),
                contact_id=contacts.get(order.deal.order.reference),
            ),
        )
        for order in batch
    ]
    known = catalog.items(list({line.sku for deal in deals for line in deal.order.lines}))
    take_over.bring_orders(ground, deals, known.__contains__)


def _batches(things: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
