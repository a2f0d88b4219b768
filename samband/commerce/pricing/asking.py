"""The one statement behind every price: tags, shipping rates and what is used up, as they are at one moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.refusal import Invalid

from .holding import Asker
from .live import EDITION, Live, live
from .quotes import ShippingOffer
from .refusals import UnknownMarket
from .tagging import Candidate, PriceTag, Taxed, tag

# A row for each SKU and each list in which it has a price that holds at the moment, with the VAT rate that belongs to
# the SKU. Without such a list one row with no price; without the market no row. What is true of the market as a whole
# stands in every row: what bringing these classes of goods costs, the edition, and promotions that are used up (for
# everybody, or for this customer). Arrays come out of inner selects, so that no plan is made anew for their length.
_ASK = f"""
with market as (select code, country, currency from pricing_market where code = %(market)s::text),
rate as (
    select distinct on (r.vat_class) r.vat_class, r.basis_points
    from pricing_vatrate r join market m on m.country = r.country
    where r.valid_from <= %(at)s::timestamptz
    order by r.vat_class, r.valid_from desc
),
price as materialized (
    select p.sku, p.price_list_id, p.amount, l.includes_vat, l.customer_group, l.channel, l.market_id, l.priority,
           l.valid_until
    from pricing_price p
    join pricing_pricelist l on l.code = p.price_list_id
    join market m on m.currency = l.currency and (l.market_id is null or l.market_id = m.code)
    where p.sku = any((select %(skus)s::text[])::text[])
      and (l.channel is null or l.channel = %(channel)s::text)
      and (l.customer_group is null or l.customer_group = %(group)s::text)
      and (l.valid_from is null or l.valid_from <= %(at)s::timestamptz)
      and (l.valid_until is null or l.valid_until > %(at)s::timestamptz)
)
select m.country, m.currency,
       (select json_agg(json_build_array(s.method, s.shipping_class, s.amount, s.free_from))::text
        from pricing_shippingrate s
        where s.market_id = m.code and s.shipping_class = any((select %(shipping)s::text[])::text[])),
       {EDITION},
       exists (select from pricing_promotionrow where ended_at is null),
       (select array_agg(t.promotion_id) from pricing_tally t
        where t.taken >= t.limit_total or (t.limit_per_customer is not null and (
            %(customer)s::uuid is null or exists (
                select from pricing_customertally u
                where u.customer_id = %(customer)s::uuid and u.kind = 'promotion' and u.code = t.promotion_id
                  and u.taken >= t.limit_per_customer)))),
       a.sku,
       coalesce(rate.basis_points, case coalesce(a.vat_class, c.vat_class) when 'zero' then 0 end),
       g.category,
       price.price_list_id, price.amount, price.includes_vat, price.customer_group, price.channel, price.market_id,
       price.priority, price.valid_until
from market m
left join unnest((select %(skus)s::text[]), (select %(vat)s::text[])) a (sku, vat_class) on true
left join pricing_skuvatclass c on c.sku = a.sku
left join pricing_skucategory g on g.sku = a.sku
left join rate on rate.vat_class = coalesce(a.vat_class, c.vat_class, 'standard')
left join price on price.sku = a.sku
"""

_offers = msgspec.json.Decoder(list[tuple[str, str, int, int | None]])
NO_PROMOTIONS = Live(None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for some SKUs: tags, categories, offers by way and shipping class; what is live, and what used up."""

    country: str
    currency: str
    at: datetime
    tags: dict[str, PriceTag]
    categories: dict[str, str]
    offers: dict[str, dict[str, ShippingOffer]]
    live: Live
    used_up: frozenset[str]
    edition: str | None

    @property
    def zone(self) -> str:
        """The time zone of the market's country."""
        return TIME_ZONES.get(self.country, "UTC")


def ask(
    skus: Sequence[str],
    vat_classes: Sequence[str | None],
    shipping_classes: Collection[str],
    asker: Asker,
    at: datetime | None,
    customer_id: UUID | None = None,
) -> Answer:
    """What holds for these SKUs, given with their VAT classes where they are at hand.

    One statement, and one more when this process does not know the promotions of this edition yet. Raises
    UnknownMarket, and Invalid for what is no code.
    """
    if not _is_code(asker.market):
        raise UnknownMarket()
    if not _is_code(asker.channel) or not (asker.group is None or _is_code(asker.group)):
        raise Invalid("That is not a channel or a customer group.")
    if at is not None and at.tzinfo is None:
        raise Invalid("A moment has a time zone.")
    moment = at or now()
    given: dict[str, Any] = {
        "skus": list(skus),
        "vat": list(vat_classes),
        "shipping": list(shipping_classes),
        "market": asker.market,
        "channel": asker.channel,
        "group": asker.group,
        "at": moment,
        "customer": customer_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASK, given)
        rows = cursor.fetchall()
    if not rows:
        raise UnknownMarket(market=asker.market)
    return _answer(rows, moment)


def _is_code(text: object) -> bool:
    return isinstance(text, str) and text.isprintable() and 1 <= len(text) <= 64


def _answer(rows: Sequence[Sequence[Any]], at: datetime) -> Answer:
    country, currency, offered, edition, promoted, used_up = rows[0][:6]
    candidates: dict[tuple[str, int], list[Candidate]] = {}
    categories: dict[str, str] = {}
    for _, _, _, _, _, _, sku, basis_points, category, price_list, *price in rows:
        if category is not None:
            categories[sku] = category
        if price_list is not None and basis_points is not None:
            candidates.setdefault((sku, basis_points), []).append(Candidate(price_list, *price))
    where = Taxed(country, currency)
    found = {}
    for (sku, basis_points), prices in candidates.items():
        if price_tag := tag(sku, prices, basis_points, where):
            found[sku] = price_tag
    offers: dict[str, dict[str, ShippingOffer]] = {"ship": {}, "pickup": {}}
    for method, shipping_class, amount, free_from in _offers.decode(offered) if offered else ():
        offers[method][shipping_class] = ShippingOffer(amount, free_from)
    known = live(edition) if promoted else NO_PROMOTIONS
    return Answer(country, currency, at, found, categories, offers, known, frozenset(used_up or ()), edition)
