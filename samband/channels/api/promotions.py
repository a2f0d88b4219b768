"""Promotions and their coupons over HTTP."""

from datetime import datetime
from typing import Annotated

import msgspec
from django.http import HttpRequest
from ninja import Query

from samband.commerce.pricing import promoting, queries
from samband.commerce.pricing.promotions import Promotion
from samband.commerce.pricing.refusals import (
    CouponTaken,
    LimitBelowUses,
    PromotionAbsurd,
    TooManyCoupons,
    UnknownCoupon,
    UnknownMarket,
    UnknownPromotion,
)
from samband.commerce.pricing.views import PromotionView
from samband.kernel.refusal import Invalid

from .answers import Answer
from .cursors import Cursor, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import promotions as shapes
from .shapes.words import shown

LARGE = 4 * 1024 * 1024
FIRST_YEAR, LAST_YEAR = 1970, 9000

door = Door(
    "Promotions",
    "What comes off a price, for whom, where and when: percents, amounts, sets, tiers, free shipping, samples; and the "
    "coupons that open them. A cart's quote explains what each took off.",
)


@door.get("/promotions", scope="prices:read", answers=shapes.PromotionList)
def list_promotions(request: HttpRequest) -> shapes.PromotionList:
    """Read every promotion: those that are not ended first, then by code."""
    return shapes.PromotionList(items=tuple(_told(one) for one in queries.promotions()))


@door.get("/promotions/{code}", scope="prices:read", answers=shapes.PromotionTold, refuses=(UnknownPromotion,))
def get_promotion(request: HttpRequest, code: str) -> shapes.PromotionTold:
    """Read a promotion."""
    return _told(queries.promotion(code))


@door.put(
    "/promotions/{code}",
    scope="prices:write",
    asks=shapes.PromotionWish,
    answers=shapes.PromotionTold,
    most_bytes=LARGE,
    refuses=(PromotionAbsurd, UnknownMarket, LimitBelowUses),
)
def save_promotion(request: HttpRequest, code: str, ask: shapes.PromotionWish) -> shapes.PromotionTold:
    """Begin a promotion or change it; one that was over begins anew.

    One that contradicts itself, or that nobody could ever have, is refused: `why` says how.
    """
    _check_years(ask.valid_from, ask.valid_until)
    promoting.save_promotion(msgspec.convert({**msgspec.to_builtins(ask), "code": code}, Promotion))
    return _told(queries.promotion(code))


def _check_years(*moments: datetime | None) -> None:
    """Raises PromotionAbsurd for a year of which no calendar can be made."""
    if any(moment is not None and not FIRST_YEAR < moment.year < LAST_YEAR for moment in moments):
        raise PromotionAbsurd(why="window")


@door.delete("/promotions/{code}", scope="prices:write", status=204, refuses=(UnknownPromotion,))
def end_promotion(request: HttpRequest, code: str) -> None:
    """End a promotion: from now on it takes nothing off any more, and its coupons open nothing."""
    promoting.end_promotion(code)


@door.post(
    "/promotions/{code}/coupons",
    scope="prices:write",
    once=True,
    asks=shapes.CouponsWish,
    answers=shapes.CouponsIssued,
    status=201,
    most_bytes=LARGE,
    refuses=(UnknownPromotion, CouponTaken, TooManyCoupons, PromotionAbsurd, Invalid),
)
def issue_coupons(request: HttpRequest, code: str, ask: shapes.CouponsWish, key: str) -> shapes.CouponsIssued:
    """Make codes that open a promotion: all of them, or none."""
    issued = promoting.issue_coupons(
        code,
        codes=ask.codes,
        count=ask.count,
        limit_total=ask.limit_total,
        limit_per_customer=ask.limit_per_customer,
        customer_id=ask.customer_id,
        valid_from=ask.valid_from,
        valid_until=ask.valid_until,
        key=key,
    )
    made, _ = queries.coupons(code, batch_id=issued.batch_id)
    return shapes.CouponsIssued(promotion=code, batch_id=issued.batch_id, codes=tuple(one.code for one in made))


@door.get(
    "/promotions/{code}/coupons",
    scope="prices:read",
    answers=shapes.CouponList,
    refuses=(UnknownPromotion, BadCursor),
)
def list_coupons(
    request: HttpRequest,
    code: str,
    text: Annotated[str, Query(max_length=40, description="The beginning of a code.")] = "",
    cursor: Cursor = "",
) -> Answer:
    """List the coupons of a promotion by code, fifty a page."""
    pages = Pages(request, cursor)
    page = pages.after(int) or 1
    queries.promotion(code)
    rows, more = queries.coupons(code, text, page)
    following = pages.next(page + 1) if more else None
    items = tuple(shown(row, shapes.Coupon) for row in rows)
    return pages.answer(shapes.CouponList(items=items, next=following), following)


@door.post(
    "/promotions/{code}/coupons/endings",
    scope="prices:write",
    asks=shapes.CouponsGone,
    answers=shapes.CouponsEnded,
    most_bytes=LARGE,
    refuses=(UnknownPromotion, UnknownCoupon),
)
def end_coupons(request: HttpRequest, code: str, ask: shapes.CouponsGone) -> shapes.CouponsEnded:
    """Have codes of a promotion open nothing from now on: all of them, or none if one is unknown."""
    return shown(promoting.end_coupons(code, ask.codes), shapes.CouponsEnded)


def _told(view: PromotionView) -> shapes.PromotionTold:
    definition = msgspec.to_builtins(view.promotion, order="deterministic")
    code = definition.pop("code")
    return shapes.PromotionTold(
        code=code,
        promotion=msgspec.convert(definition, shapes.PromotionWish),
        ended_at=view.ended_at,
        uses=view.uses,
        coupons=view.coupons,
    )
