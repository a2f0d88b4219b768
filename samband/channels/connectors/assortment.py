"""What the invoices tell of the goods: their names, what they cost lately, and how fast they went."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from samband.commerce.catalog.drafts import LONGEST_NAME, ProductDraft, VariantDraft
from samband.commerce.orders.rules import DraftLine
from samband.flows.take_over import Ground, Offer

from .naming import shop_name, slug
from .online_retail import Reading

IN_STOCK = timedelta(days=28)
"""The file does not say what is in stock: we take it to be what was sold in the last four weeks that it tells of."""

Sold = list[tuple[DraftLine, int]]
T = TypeVar("T", str, int)


def offers(reading: Reading, ground: Ground) -> Iterator[Offer]:
    """Every kind of goods that was ever sold for money, as a product of one SKU.

    Its name and price are those that it had most often in the last month in which it was sold.
    """
    stock = _sold_lately(reading)
    for sku, sold in sorted(_last_sold(reading).items()):
        shown = shop_name(_most(sold, attrgetter("name")))[:LONGEST_NAME] or sku
        draft = ProductDraft(
            slug=slug(shown, sku),
            category=ground.category,
            names={"en": shown},
            variants=(VariantDraft(sku=sku),),
        )
        yield Offer(draft, {sku: _most(sold, attrgetter("unit"))}, {sku: stock[sku]})


def _last_sold(reading: Reading) -> dict[str, Sold]:
    """By SKU: the lines of its last month, with how often each came."""
    months: defaultdict[tuple[int, int], list[list[DraftLine]]] = defaultdict(list)
    for invoice in reading.sold():
        if not invoice.is_credit:
            months[invoice.at.year, invoice.at.month].append(invoice.lines)
    # Equal lines are one object, so their identity can be counted, which is much quicker than their content.
    goods = {id(line): line for line in reading.goods}
    last: dict[str, Sold] = {}
    for month in sorted(months, reverse=True):
        this_month: defaultdict[str, Sold] = defaultdict(list)
        for identity, times in Counter(map(id, chain.from_iterable(months[month]))).items():
            line = goods.get(identity)
            if line is not None and line.sku not in last:
                this_month[line.sku].append((line, times))
        last.update(this_month)
    return last


def _most(sold: Sold, told: Callable[[DraftLine], T]) -> T:
    """What lines tell most often; of two things told as often the greater."""
    counts: Counter[T] = Counter()
    for line, times in sold:
        counts[told(line)] += times
    return max(counts, key=lambda one: (counts[one], one))


def _sold_lately(reading: Reading) -> Counter[str]:
    units: Counter[str] = Counter()
    last = max((invoice.at for invoice in reading.sold()), default=None)
    for invoice in reading.sold():
        if last and not invoice.is_credit and invoice.at > last - IN_STOCK:
            for line in invoice.lines:
                units[line.sku] += line.quantity
    return units
