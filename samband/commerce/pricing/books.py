"""What must hold in pricing."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.money import MINOR_DIGITS

USES = "select order_id, promotion_id, coupon, customer_id, state from pricing_promotionuse"
"""What each order made use of: `state` is reserved, kept or freed."""

PRICES = (
    Check(
        "negative_price",
        "Price of {sku} in list {list} is {amount}.",
        "select sku, price_list_id as list, amount from pricing_price where amount < 0 order by 1",
    ),
    Check(
        "no_such_list",
        "Price of {sku} is in list {list}, which does not exist.",
        """
select p.sku, p.price_list_id as list
from pricing_price p left join pricing_pricelist l on l.code = p.price_list_id where l.code is null order by 1
""",
    ),
    Check(
        "list_of_market",
        "Price list {list} is for market {market}, which {told}.",
        """
select l.code as list, l.market_id as market, case when m.code is null then 'does not exist'
       else 'trades in ' || m.currency || ' and not in ' || l.currency end as told
from pricing_pricelist l left join pricing_market m on m.code = l.market_id
where l.market_id is not null and m.currency is distinct from l.currency order by 1
""",
    ),
    Check(
        "list_ends_before",
        "Price list {list} ends before it begins.",
        "select code as list from pricing_pricelist where valid_from >= valid_until order by 1",
    ),
    Check(
        "history",
        "Price of {sku} in list {list} is {kept}, but the history says {told}.",
        """
select sku, list, coalesce(p.amount::text, 'gone') as kept, coalesce(h.amount::text, 'it is gone') as told
from (select sku, price_list_id as list, amount from pricing_price) p full join (
    select distinct on (sku, price_list) sku, price_list as list, amount from pricing_pricechange
    order by sku, price_list, id desc
) h using (sku, list)
where p.amount is distinct from h.amount order by 1, 2
""",
    ),
)

MARKETS = (
    Check(
        "no_standard_rate",
        "Market {market} has no standard VAT rate for {country}.",
        """
select m.code as market, m.country from pricing_market m
where not exists (select from pricing_vatrate r where r.country = m.country and r.vat_class = 'standard') order by 1
""",
    ),
    Check(
        "shipping_rate",
        "Shipping rate {market} {shipping_class} {method} is {told}.",
        """
select s.market_id as market, s.shipping_class, s.method,
       case when m.code is null then 'for a market that does not exist' else 'negative' end as told
from pricing_shippingrate s left join pricing_market m on m.code = s.market_id
where m.code is null or s.amount < 0 or s.free_from < 0 order by 1
""",
    ),
    Check(
        "currency",
        "Market {market} trades in {currency}, which the shop does not know.",
        """
select code as market, currency from pricing_market where currency <> all(%(known)s::text[]) order by 1
""",
        lambda: {"known": list(MINOR_DIGITS)},
    ),
)

PROMOTIONS = (
    Check(
        "promotion_tally",
        "Promotion {promotion} counts {taken} uses, but orders make {uses} uses of it.",
        """
select t.promotion_id as promotion, t.taken, coalesce(u.uses, 0) as uses from pricing_tally t
left join (
    select promotion_id, count(*) as uses from pricing_promotionuse where state <> 'freed' group by promotion_id
) u using (promotion_id)
where t.taken <> coalesce(u.uses, 0) order by 1
""",
    ),
    Check(
        "promotion_overused",
        "Promotion {promotion} is used {taken} times, {allowed} are allowed.",
        """
select promotion_id as promotion, taken, limit_total as allowed from pricing_tally where taken > limit_total order by 1
""",
    ),
    Check(
        "coupon_tally",
        "Coupon {coupon} counts {taken} uses, but orders make {uses} uses of it.",
        """
select c.code as coupon, c.taken, coalesce(u.uses, 0) as uses from pricing_coupon c
left join (
    select coupon, count(*) as uses from pricing_promotionuse
    where coupon is not null and state <> 'freed' group by coupon
) u on u.coupon = c.code
where c.limit_total is not null and c.taken <> coalesce(u.uses, 0) order by 1
""",
    ),
    Check(
        "coupon_overused",
        "Coupon {coupon} is used {taken} times, {allowed} are allowed.",
        "select code as coupon, taken, limit_total as allowed from pricing_coupon where taken > limit_total order by 1",
    ),
    Check(
        "customer_tally",
        "A customer counts {taken} uses of the {kind} {code}, but made {uses}.",
        """
select t.customer_id, t.taken, t.kind, t.code, coalesce(u.uses, 0) as uses from pricing_customertally t
left join (
    select customer_id, kind, code, count(*) as uses from (
        select customer_id, 'promotion' as kind, promotion_id as code from pricing_promotionuse where state <> 'freed'
        union all
        select customer_id, 'coupon', coupon from pricing_promotionuse where state <> 'freed' and coupon is not null
    ) used where customer_id is not null group by customer_id, kind, code
) u using (customer_id, kind, code)
where t.taken <> coalesce(u.uses, 0) order by 1, 3, 4
""",
    ),
    Check(
        "wrong_coupon",
        "Order {order_id} makes use of promotion {promotion} by coupon {coupon}, which opens {opens}.",
        """
select u.order_id, u.promotion_id as promotion, u.coupon, coalesce(c.opens, 'nothing') as opens
from pricing_promotionuse u
left join (select code, promotion_id as opens from pricing_coupon) c on c.code = u.coupon
where u.coupon is not null and c.opens is distinct from u.promotion_id order by 1
""",
    ),
)

CHECKS = (*PRICES, *MARKETS, *PROMOTIONS)


def findings() -> Iterator[Finding]:
    """One sentence for each price, list, market or use of an offer that cannot be right."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
