"""Reading the history of prices, and remembering what was worked out of it for as long as prices stay as they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection

from .chronicle import Changes, ListTerms, lowest_before, steps
from .holding import Asker
from .promotions import Promotion, spread
from .tagging import PriceTag

FAR_BACK = timedelta(days=400)
MOST_KEPT = 20_000

# Of everything that ever was, what still held at some moment of the time we look back on.
_READ = """
select 'price' as kind, sku, json_build_array(price_list, amount, at)::text, at, id
from (select *, lead(at) over (partition by sku, price_list order by id) as gone
      from pricing_pricechange where sku = any(%(skus)s::text[])) one
where gone is null or gone > %(since)s::timestamptz
union all
select 'list', null, json_build_array(price_list, definition, at)::text, at, id
from (select *, lead(at) over (partition by price_list order by id) as gone from pricing_listchange) one
where gone is null or gone > %(since)s::timestamptz
union all
select 'promotion', null, json_build_array(promotion, definition, at)::text, at, id
from (select *, lead(at) over (partition by promotion order by id) as gone from pricing_promotionchange) one
where gone is null or gone > %(since)s::timestamptz
union all
select 'rate', vat_class, json_build_array(basis_points, valid_from)::text, valid_from, 0
from pricing_vatrate where country = %(country)s::text
union all
select 'class', sku, to_json(vat_class)::text, null, 0 from pricing_skuvatclass where sku = any(%(skus)s::text[])
union all
select 'category', sku, to_json(category)::text, null, 0 from pricing_skucategory where sku = any(%(skus)s::text[])
order by 4, 5
"""


class _Kept(msgspec.Struct):
    promotion: Promotion
    branches: dict[str, list[str]]


_price = msgspec.json.Decoder(tuple[str, int | None, datetime])
_list = msgspec.json.Decoder(tuple[str, ListTerms, datetime])
_promotion = msgspec.json.Decoder(tuple[str, _Kept | None, datetime])
_rate = msgspec.json.Decoder(tuple[int, datetime])
_text = msgspec.json.Decoder(str)


def changes_of(skus: Sequence[str], country: str, at: datetime) -> dict[str, Changes]:
    """What moved the prices of these SKUs in the 400 days before a moment. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"skus": list(skus), "country": country, "since": at - FAR_BACK})
        rows = cursor.fetchall()
    return _by_sku(skus, rows)


def _by_sku(skus: Iterable[str], rows: Sequence[Sequence[Any]]) -> dict[str, Changes]:
    prices: dict[str, list[tuple[str, int | None, datetime]]] = {}
    lists, promotions = [], []
    rates: dict[str, list[tuple[int, datetime]]] = {}
    told: dict[tuple[str, str], str] = {}
    for kind, about, text, *_ in rows:
        match kind:
            case "price":
                prices.setdefault(about, []).append(_price.decode(text))
            case "list":
                lists.append(_list.decode(text))
            case "promotion":
                code, kept, since = _promotion.decode(text)
                promotions.append((code, spread(kept.promotion, kept.branches) if kept else None, since))
            case "rate":
                rates.setdefault(about, []).append(_rate.decode(text))
            case _:
                told[kind, about] = _text.decode(text)
    return {
        sku: Changes(
            sku,
            told.get(("category", sku), ""),
            prices.get(sku, ()),
            lists,
            promotions,
            rates.get(told.get(("class", sku), "standard"), ()),
        )
        for sku in skus
    }


class _Lowest:
    """The lowest prices that were worked out at one edition."""

    def __init__(self, edition: str | None = None) -> None:
        self.edition = edition
        self.known: dict[tuple[object, ...], int | None] = {}


_kept = _Lowest()


def forget(edition: str | None = None) -> dict[tuple[object, ...], int | None]:
    """Have this process work them out anew; returns what is known at this edition: nothing yet."""
    global _kept
    _kept = _Lowest(edition)
    return _kept.known


def lowest_of(
    tags: Mapping[str, PriceTag],
    told: Mapping[str, Sequence[Promotion]],
    asker: Asker,
    country: str,
    at: datetime,
    edition: str | None,
) -> dict[str, int]:
    """For each of these tags with a reduction: the lowest price before it, in minor units.

    `told` are the promotions that announce something of a SKU. One statement, or none if this process has worked them
    out at this edition.
    """
    known = _kept.known if _kept.edition == edition and len(_kept.known) < MOST_KEPT else forget(edition)
    keys = {sku: _key(tag, told.get(sku, ()), asker) for sku, tag in tags.items() if tag.regular or sku in told}
    missing = [sku for sku, key in keys.items() if key not in known]
    if missing:
        for sku, changes in changes_of(missing, country, at).items():
            found = steps(changes, asker, country, tags[sku].unit.currency, at)
            known[keys[sku]] = lowest_before(found, at)
    lowest = {sku: known.get(key) for sku, key in keys.items()}
    return {sku: amount for sku, amount in lowest.items() if amount is not None}


def _key(tag: PriceTag, told: Iterable[Promotion], asker: Asker) -> tuple[object, ...]:
    """Windows open and close without a new edition: then another list is on the tag, or other promotions are told."""
    return asker, tag.sku, tag.price_list, tag.unit.amount, tuple(one.code for one in told)
