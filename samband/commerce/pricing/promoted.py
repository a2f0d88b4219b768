"""What can be asked of promotions, their coupons and who makes use of them, for the console and the API."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from .coupons import tidy
from .promotions import Promotion
from .refusals import UnknownCoupon, UnknownPromotion
from .views import CouponView, PromotionView, UseView

PER_PAGE = 50

_PROMOTIONS = """
select p.definition::text, p.ended_at,
       (select count(*) from pricing_promotionuse u where u.promotion_id = p.code and u.state <> 'freed'),
       (select count(*) from pricing_coupon c where c.promotion_id = p.code)
from pricing_promotionrow p
"""

_COUPONS = """
select c.code, c.promotion_id, c.batch_id, c.limit_total, c.limit_per_customer, c.customer_id, c.valid_from,
       c.valid_until, c.ended_at,
       (select count(*) from pricing_promotionuse u where u.coupon = c.code and u.state <> 'freed')
from pricing_coupon c
"""

_definition = msgspec.json.Decoder(Promotion)


def promotions() -> tuple[PromotionView, ...]:
    """All promotions: those that are not ended first, then by code. One statement."""
    return tuple(_promotions("order by p.ended_at is not null, p.code", []))


def promotion(code: str) -> PromotionView:
    """One promotion. Raises UnknownPromotion."""
    for found in _promotions("where p.code = %s::text", [code]):
        return found
    raise UnknownPromotion(promotion=code[:64])


def _promotions(which: str, values: Sequence[Any]) -> Iterator[PromotionView]:
    with connection.cursor() as cursor:
        cursor.execute(_PROMOTIONS + which, values)
        for definition, ended_at, used, made in cursor.fetchall():
            yield PromotionView(_definition.decode(definition), ended_at, used, made)


def coupons(
    promotion: str, text: str = "", page: int = 1, *, batch_id: UUID | None = None
) -> tuple[tuple[CouponView, ...], bool]:
    """A page of a promotion's coupons whose codes begin with a text, by code; and whether there are more.

    With a batch only its own, and all of them. One statement.
    """
    which = "where c.promotion_id = %(promotion)s::text and starts_with(c.code, %(text)s::text)"
    given: dict[str, Any] = {"promotion": promotion, "text": tidy(text)}
    if batch_id is not None:
        rows = _coupons(which + " and c.batch_id = %(batch)s::uuid order by c.code", {**given, "batch": batch_id})
        return tuple(rows), False
    given |= {"most": PER_PAGE + 1, "before": (page - 1) * PER_PAGE}
    rows = _coupons(which + " order by c.code limit %(most)s::int offset %(before)s::int", given)
    return tuple(rows[:PER_PAGE]), len(rows) > PER_PAGE


def coupon(code: str) -> CouponView:
    """One coupon, however it is written. Raises UnknownCoupon."""
    for found in _coupons("where c.code = %(code)s::text", {"code": tidy(code)}):
        return found
    raise UnknownCoupon(coupon=code[:40])


def _coupons(which: str, given: dict[str, Any]) -> list[CouponView]:
    with connection.cursor() as cursor:
        cursor.execute(_COUPONS + which, given)
        return [CouponView(*row) for row in cursor.fetchall()]


def uses(promotion: str | None = None, coupon: str | None = None, most: int = 50) -> tuple[UseView, ...]:
    """The latest orders that make use, or made use, of a promotion or a coupon. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select order_id, promotion_id, coupon, customer_id, state, at from pricing_promotionuse"
            " where (%(promotion)s::text is null or promotion_id = %(promotion)s::text)"
            " and (%(coupon)s::text is null or coupon = %(coupon)s::text)"
            " order by at desc, order_id limit %(most)s::int",
            {"promotion": promotion, "coupon": tidy(coupon) if coupon else None, "most": most},
        )
        return tuple(UseView(*row) for row in cursor.fetchall())
