"""What the invoices tell of the goods: their names, what they cost lately, and how fast they went."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from samband.commerce.catalog.drafts import LONGEST_NAME, ProductDraft, VariantDraft
from samband.commerce.orders.rules import DraftLine
from samband.flows.take_over import Ground, Offer

from .naming import shop_name, slug
from .online_retail import Reading

IN_STOCK = timedelta(days=28)
"""The file does not say what is in stock: we take it to be what was sold in the last four weeks that it tells of."""

Month = tuple[int, int]


def offers(reading: Reading, ground: Ground) -> Iterator[Offer]:
    """Every kind of goods that was ever sold for money, as a product of one SKU."""
    stock = _sold_lately(reading)
    for sku, sold in sorted(_sold(reading).items()):
        shown = shop_name(_name(sold))[:LONGEST_NAME] or sku
        draft = ProductDraft(
            slug=slug(shown, sku),
            category=ground.category,
            names={"en": shown},
            variants=(VariantDraft(sku=sku),),
        )
        yield Offer(draft, {sku: _price(sold)}, {sku: stock[sku]})


def _sold(reading: Reading) -> dict[str, list[tuple[DraftLine, Month, int]]]:
    """By SKU: lines that were paid for, with the month and how often they came in it."""
    months: defaultdict[Month, list[list[DraftLine]]] = defaultdict(list)
    for invoice in reading.sold():
        if not invoice.is_credit:
            months[invoice.at.year, invoice.at.month].append(invoice.lines)
    sold: defaultdict[str, list[tuple[DraftLine, Month, int]]] = defaultdict(list)
    # Equal lines are one object, so their identity can be counted, which is much quicker than their content.
    goods = {id(line): line for line in reading.goods}
    for month, parts in sorted(months.items()):
        for identity, times in Counter(map(id, chain.from_iterable(parts))).items():
            if line := goods.get(identity):
                sold[line.sku].append((line, month, times))
    return sold


def _name(sold: list[tuple[DraftLine, Month, int]]) -> str:
    """The name it had most often."""
    names: Counter[str] = Counter()
    for line, _, times in sold:
        names[line.name] += times
    return max(names, key=lambda name: (names[name], name))


def _price(sold: list[tuple[DraftLine, Month, int]]) -> int:
    """What it was sold for most often in the last month in which it was; of two such prices the higher."""
    latest = max(month for _, month, _ in sold)
    prices: Counter[int] = Counter()
    for line, month, times in sold:
        if month == latest:
            prices[line.unit] += times
    return max(prices, key=lambda price: (prices[price], price))


def _sold_lately(reading: Reading) -> Counter[str]:
    units: Counter[str] = Counter()
    last = max((invoice.at for invoice in reading.sold()), default=None)
    for invoice in reading.sold():
        if last and not invoice.is_credit and invoice.at > last - IN_STOCK:
            for line in invoice.lines:
                units[line.sku] += line.quantity
    return units
