"""What must hold in pricing."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.money import MINOR_DIGITS

_FINDINGS = (
    (
        "select 'Price of ' || sku || ' in list ' || price_list_id || ' is ' || amount || '.'"
        " from pricing_price where amount < 0 order by 1"
    ),
    (
        "select 'Price of ' || p.sku || ' is in list ' || p.price_list_id || ', which does not exist.'"
        " from pricing_price p left join pricing_pricelist l on l.code = p.price_list_id where l.code is null"
        " order by 1"
    ),
    (
        "select 'Price list ' || l.code || ' is for market ' || l.market_id ||"
        " case when m.code is null then ', which does not exist.'"
        " else ', which trades in ' || m.currency || ' and not in ' || l.currency || '.' end"
        " from pricing_pricelist l left join pricing_market m on m.code = l.market_id"
        " where l.market_id is not null and m.currency is distinct from l.currency order by 1"
    ),
    (
        "select 'Price list ' || code || ' ends before it begins.'"
        " from pricing_pricelist where valid_from >= valid_until order by 1"
    ),
    (
        "select 'Market ' || m.code || ' has no standard VAT rate for ' || m.country || '.' from pricing_market m"
        " where not exists (select from pricing_vatrate r where r.country = m.country and r.vat_class = 'standard')"
        " order by 1"
    ),
    (
        "select 'Shipping rate ' || s.market_id || ' ' || s.shipping_class || ' ' || s.method ||"
        " case when m.code is null then ' is for a market that does not exist.' else ' is negative.' end"
        " from pricing_shippingrate s left join pricing_market m on m.code = s.market_id"
        " where m.code is null or s.amount < 0 or s.free_from < 0 order by 1"
    ),
    (
        "select 'Promotion ' || t.promotion_id || ' counts ' || t.taken || ' uses, but orders make ' || count(u.*) ||"
        " ' uses of it.' from pricing_tally t left join pricing_promotionuse u"
        " on u.promotion_id = t.promotion_id and u.state <> 'freed'"
        " group by t.promotion_id, t.taken having t.taken <> count(u.*) order by 1"
    ),
    (
        "select 'Promotion ' || promotion_id || ' is used ' || taken || ' times, ' || limit_total || ' are allowed.'"
        " from pricing_tally where taken > limit_total order by 1"
    ),
    (
        "select 'Coupon ' || c.code || ' counts ' || c.taken || ' uses, but orders make ' || count(u.*) ||"
        " ' uses of it.' from pricing_coupon c left join pricing_promotionuse u"
        " on u.coupon = c.code and u.state <> 'freed' where c.limit_total is not null"
        " group by c.code, c.taken having c.taken <> count(u.*) order by 1"
    ),
    (
        "select 'Coupon ' || code || ' is used ' || taken || ' times, ' || limit_total || ' are allowed.'"
        " from pricing_coupon where taken > limit_total order by 1"
    ),
    (
        "select 'A customer counts ' || t.taken || ' uses of the ' || t.kind || ' ' || t.code || ', but made ' ||"
        " count(u.*) || '.' from pricing_customertally t left join pricing_promotionuse u"
        " on u.customer_id = t.customer_id and u.state <> 'freed'"
        " and t.code = case t.kind when 'promotion' then u.promotion_id else u.coupon end"
        " group by t.customer_id, t.kind, t.code, t.taken having t.taken <> count(u.*) order by 1"
    ),
    (
        "select 'Order ' || order_id || ' makes use of promotion ' || promotion_id || ' by coupon ' || coupon ||"
        " ', which opens ' || coalesce(c.opens, 'nothing') || '.' from pricing_promotionuse u"
        " left join (select code, promotion_id as opens from pricing_coupon) c on c.code = u.coupon"
        " where u.coupon is not null and c.opens is distinct from u.promotion_id order by 1"
    ),
    (
        "select 'Price of ' || sku || ' in list ' || list || ' is ' || coalesce(p.amount::text, 'gone') ||"
        " ', but the history says ' || coalesce(h.amount::text, 'it is gone') || '.'"
        " from (select sku, price_list_id as list, amount from pricing_price) p full join ("
        " select distinct on (sku, price_list) sku, price_list as list, amount from pricing_pricechange"
        " order by sku, price_list, id desc) h using (sku, list)"
        " where p.amount is distinct from h.amount order by 1"
    ),
)

_CURRENCIES = (
    "select 'Market ' || code || ' trades in ' || currency || ', which the shop does not know.'"
    " from pricing_market where currency <> all(%s::text[]) order by 1"
)


def findings() -> Iterator[str]:
    """One sentence for every price, list, market or rate that cannot be right."""
    with connection.cursor() as cursor:
        for statement in _FINDINGS:
            cursor.execute(statement)
            yield from (sentence for (sentence,) in cursor.fetchall())
        cursor.execute(_CURRENCIES, [list(MINOR_DIGITS)])
        yield from (sentence for (sentence,) in cursor.fetchall())
