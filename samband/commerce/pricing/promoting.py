"""What pricing can be told of promotions and their coupons."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from samband.events.pricing import CouponsEnded, CouponsIssued, PromotionChanged
from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from samband.timeline import command, record_all

from . import goods
from .coupons import LONGEST_CODE, tidy
from .defining import check, currencies
from .holding import is_weekly
from .models import Coupon, CustomerTally, Market, PromotionChange, PromotionRow, PromotionUse, Tally
from .promotions import Promotion, categories_in
from .refusals import (
    CouponTaken,
    LimitBelowUses,
    PromotionAbsurd,
    PromotionTaken,
    TooManyCoupons,
    UnknownCoupon,
    UnknownMarket,
    UnknownPromotion,
)
from .turns import take_turn

MOST_COUPONS = 10_000
COUPON = re.compile(r"[A-Z0-9][A-Z0-9_-]{2,39}")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are taken for one another."""

DRAWN = 12
"""Characters of a drawn code: sixty bits, so that nobody finds one by trying."""


@command
def save_promotion(promotion: Promotion, *, new: bool = False) -> PromotionChanged:
    """Begin a promotion or change it; one that was over begins anew. A `new` one must have a code of its own.

    Raises PromotionTaken, PromotionAbsurd with `why` (see `defining.check`; also unknown_category, currency_of_markets,
    has_coupons), UnknownMarket, and LimitBelowUses when it is in use more often than its limits allow.
    """
    moment = now()
    markets = dict(Market.objects.values_list("code", "country"))
    check(promotion, moment, {code: TIME_ZONES.get(country, "UTC") for code, country in markets.items()})
    take_turn()
    _check_markets(promotion)
    branches = _branches(promotion)
    definition = _as_kept(promotion)
    earlier = PromotionRow.objects.select_for_update().filter(code=promotion.code).first()
    if earlier and new:
        raise PromotionTaken(promotion=promotion.code)
    if earlier and not promotion.by_coupon and Coupon.objects.filter(promotion_id=promotion.code).exists():
        raise PromotionAbsurd(why="has_coupons")
    PromotionRow.objects.update_or_create(
        code=promotion.code,
        defaults={
            "definition": definition,
            "branches": branches,
            "valid_from": promotion.valid_from,
            "valid_until": promotion.valid_until,
            "weekly": is_weekly(promotion),
            "ended_at": None,
            "announced_until": moment,
        },
    )
    _limit(promotion)
    if earlier is None or earlier.ended_at is not None or earlier.definition != definition:
        PromotionChange.objects.create(
            promotion=promotion.code, definition={"promotion": definition, "branches": branches}, at=moment
        )
    return PromotionChanged(promotion=promotion.code)


def _as_kept(promotion: Promotion) -> dict[str, object]:
    kept: dict[str, object] = msgspec.json.decode(msgspec.json.encode(promotion, order="deterministic"))
    return kept


def _check_markets(promotion: Promotion) -> None:
    """The markets exist, and one of them trades in a currency that the promotion speaks of."""
    trading = dict(Market.objects.values_list("code", "currency"))
    for market in sorted(promotion.markets - set(trading)):
        raise UnknownMarket(market=market)
    spoken = currencies(promotion)
    here = {currency for code, currency in trading.items() if not promotion.markets or code in promotion.markets}
    if spoken is not None and not spoken & here:
        raise PromotionAbsurd(why="currency_of_markets")


def _branches(promotion: Promotion) -> dict[str, list[str]]:
    named = categories_in(promotion)
    found = goods.branches(sorted(named)) if named else {}
    if missing := sorted(named - set(found)):
        raise PromotionAbsurd(why="unknown_category", category=missing[0])
    return {slug: sorted(below) for slug, below in sorted(found.items())}


def _limit(promotion: Promotion) -> None:
    """Count what there is only so much of. Whoever makes use of the promotion meanwhile waits for its row."""
    limits = (promotion.limit_total, promotion.limit_per_customer)
    known = Tally.objects.filter(pk=promotion.code).first()
    if limits == (None, None) and known is None:
        return
    uses = PromotionUse.objects.filter(promotion_id=promotion.code).exclude(state="freed")
    taken = uses.count()
    if promotion.limit_total is not None and taken > promotion.limit_total:
        raise LimitBelowUses(promotion=promotion.code, taken=taken)
    Tally.objects.update_or_create(
        promotion_id=promotion.code,
        defaults={"limit_total": promotion.limit_total, "limit_per_customer": promotion.limit_per_customer,
                  "taken": taken},
    )  # fmt: skip
    _count_customers(promotion)


def _count_customers(promotion: Promotion) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from pricing_customertally where kind = 'promotion' and code = %s::text", [promotion.code]
        )
        if promotion.limit_per_customer is not None:
            cursor.execute(
                "insert into pricing_customertally (customer_id, kind, code, taken)"
                " select customer_id, 'promotion', promotion_id, count(*) from pricing_promotionuse"
                " where promotion_id = %s::text and state <> 'freed' and customer_id is not null group by 1, 3",
                [promotion.code],
            )
    most = CustomerTally.objects.filter(kind="promotion", code=promotion.code).aggregate(most=Max("taken"))["most"]
    if promotion.limit_per_customer is not None and (most or 0) > promotion.limit_per_customer:
        raise LimitBelowUses(promotion=promotion.code, taken=most)


@command
def end_promotion(code: str) -> PromotionChanged:
    """From now on it takes nothing off any more; its coupons open nothing. Raises UnknownPromotion."""
    take_turn()
    row = _locked(code)
    if row.ended_at is None:
        moment = now()
        PromotionRow.objects.filter(code=code).update(ended_at=moment)
        PromotionChange.objects.create(promotion=code, definition=None, at=moment)
    return PromotionChanged(promotion=code)


def _locked(code: object) -> PromotionRow:
    row = PromotionRow.objects.select_for_update().filter(code=code).first() if isinstance(code, str) else None
    if row is None:
        raise UnknownPromotion(promotion=str(code)[:64])
    return row


@command
def issue_coupons(
    promotion: str,
    *,
    codes: Sequence[str] = (),
    count: int = 0,
    limit_total: int | None = 1,
    limit_per_customer: int | None = None,
    customer_id: UUID | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> CouponsIssued:
    """Make codes that open a promotion: these, or so many drawn ones. `queries.coupons` tells the codes of the batch.

    Each may be used so often in all (None: as often as they like) and so often by one customer; with a customer it is
    theirs alone. Raises UnknownPromotion, CouponTaken naming `codes` that are there already, TooManyCoupons,
    PromotionAbsurd when the promotion needs no coupon, and Invalid for what is no code, limit or window; then none is
    made.
    """
    given = [tidy(code) if isinstance(code, str) else "" for code in codes]
    _check_coupons(given, count)
    _check_limits(limit_total, limit_per_customer)
    _check_window(valid_from, valid_until)
    row = _locked(promotion)
    if not msgspec.convert(row.definition, Promotion).by_coupon:
        raise PromotionAbsurd(why="needs_no_coupon")
    batch = Coupon(
        promotion_id=promotion, batch_id=new_id(), limit_total=limit_total, limit_per_customer=limit_per_customer,
        customer_id=customer_id, valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip
    if given:
        if taken := set(given) - _kept(batch, given):
            raise CouponTaken(codes=sorted(taken)[:10])
    else:
        _draw(batch, count)
    return CouponsIssued(promotion=promotion, batch_id=batch.batch_id, count=len(given) or count)


def _check_coupons(given: Sequence[str], count: object) -> None:
    if not isinstance(count, int) or isinstance(count, bool) or count < 0 or bool(given) == bool(count):
        raise Invalid("Name the codes, or say how many.", fields=["codes", "count"])
    if max(len(given), count) > MOST_COUPONS:
        raise TooManyCoupons(most=MOST_COUPONS)
    if any(len(code) > LONGEST_CODE or not COUPON.fullmatch(code) for code in given):
        raise Invalid("A code has 3 to 40 letters, digits, dashes and underscores.", fields=["codes"])
    if len(set(given)) != len(given):
        raise Invalid("A code stands there twice.", fields=["codes"])


def _check_limits(*limits: object) -> None:
    for limit in limits:
        if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 10**9):
            raise Invalid("A limit is a whole number from one.")


def _check_window(valid_from: object, valid_until: object) -> None:
    for moment in (valid_from, valid_until):
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            raise Invalid("A moment has a time zone.")
    begin = max(now(), valid_from) if isinstance(valid_from, datetime) else now()
    if isinstance(valid_until, datetime) and valid_until <= begin:
        raise Invalid("A coupon ends after it begins, and not in the past.")


def _draw(batch: Coupon, count: int) -> None:
    """So many codes that nobody has yet."""
    while count > 0:
        drawn = {"".join(secrets.choice(ALPHABET) for _ in range(DRAWN)) for _ in range(count)}
        count -= len(_kept(batch, sorted(drawn)))


def _kept(batch: Coupon, codes: Sequence[str]) -> set[str]:
    """Which of these codes were free, and are kept now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into pricing_coupon (code, promotion_id, batch_id, limit_total, limit_per_customer, customer_id,"
            " valid_from, valid_until)"
            " select code, %s::text, %s::uuid, %s::int, %s::int, %s::uuid, %s::timestamptz, %s::timestamptz"
            " from unnest(%s::text[]) as given (code) order by code on conflict (code) do nothing returning code",
            [batch.promotion_id, batch.batch_id, batch.limit_total, batch.limit_per_customer, batch.customer_id,
             batch.valid_from, batch.valid_until, list(codes)],
        )  # fmt: skip
        return {code for (code,) in cursor.fetchall()}


@command
def end_coupons(promotion: str, codes: Sequence[str]) -> CouponsEnded:
    """Have these codes of a promotion open nothing from now on. Raises UnknownPromotion, UnknownCoupon naming one."""
    _locked(promotion)
    wanted = {tidy(code) for code in codes}
    known = Coupon.objects.filter(promotion_id=promotion, code__in=wanted)
    if missing := sorted(wanted - set(known.values_list("code", flat=True))):
        raise UnknownCoupon(coupon=missing[0])
    return CouponsEnded(promotion=promotion, count=known.filter(ended_at=None).update(ended_at=now()))


def announce_promotions() -> int:
    """Record PromotionChanged for every promotion whose window opened or closed since it was last told.

    Where the category tree has changed meanwhile, promotions learn what hangs below the categories they name. Returns
    how many promotions that were.
    """
    moment = now()
    with transaction.atomic(savepoint=False):
        stale = _whose_branches_changed()
        turned = _turned(moment)
        if not stale and not turned:
            return 0
        take_turn()
        for row, branches in stale:
            PromotionRow.objects.filter(code=row.code).update(branches=branches)
            definition = {"promotion": row.definition, "branches": branches}
            PromotionChange.objects.create(promotion=row.code, definition=definition, at=moment)
        PromotionRow.objects.filter(code__in=turned).update(announced_until=moment)
        changed = sorted({*turned, *(row.code for row, _ in stale)})
        record_all(PromotionChanged(promotion=code) for code in changed)
    return len(changed)


def _turned(moment: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select code from pricing_promotionrow where ended_at is null and ("
            " (valid_from > announced_until and valid_from <= %(now)s::timestamptz)"
            " or (valid_until > announced_until and valid_until <= %(now)s::timestamptz)) order by code",
            {"now": moment},
        )
        return [code for (code,) in cursor.fetchall()]


def _whose_branches_changed() -> list[tuple[PromotionRow, dict[str, list[str]]]]:
    rows = list(PromotionRow.objects.filter(ended_at=None).exclude(branches={}).order_by("code"))
    found = goods.branches(sorted({slug for row in rows for slug in row.branches})) if rows else {}
    now_below = [(row, {slug: sorted(found.get(slug, ())) for slug in row.branches}) for row in rows]
    return [(row, branches) for row, branches in now_below if branches != row.branches]
