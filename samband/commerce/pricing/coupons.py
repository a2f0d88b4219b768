"""What a code that somebody entered is good for now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from .live import Live
from .quotes import CouponSaid
from .reducing import NOT_APPLICABLE

MOST_CODES = 50
LONGEST_CODE = 40

_LOOK_UP = """
select c.code, c.promotion_id, c.valid_from, c.valid_until, c.ended_at is not null,
       c.customer_id is distinct from null and c.customer_id is distinct from %(customer)s::uuid
           or c.limit_per_customer is not null and %(customer)s::uuid is null,
       coalesce(c.taken >= c.limit_total, false)
           or coalesce(u.taken >= c.limit_per_customer, false)
from pricing_coupon c
left join pricing_customertally u
    on u.customer_id = %(customer)s::uuid and u.kind = 'coupon' and u.code = c.code
where c.code = any(%(codes)s::text[])
"""


def tidy(code: str) -> str:
    """A code as it is kept: in capitals, without what is around it."""
    return code.strip().upper()


def looked_up(
    codes: Sequence[str], customer_id: UUID | None, at: datetime, live: Live, used_up: frozenset[str]
) -> tuple[CouponSaid, ...]:
    """Each code once, in the order they were entered, with the promotion it opens or what hinders it. One statement.

    One that hinders nothing is `not_applicable` until a quote makes use of it. `used_up` are promotions.
    """
    entered = [code for code in dict.fromkeys(tidy(code) for code in codes[:MOST_CODES]) if code]
    if not entered:
        return ()
    with connection.cursor() as cursor:
        asked = [code for code in entered if len(code) <= LONGEST_CODE and "\x00" not in code]
        cursor.execute(_LOOK_UP, {"codes": asked, "customer": customer_id})
        rows = {row[0]: row for row in cursor.fetchall()}
    return tuple(_said(code, rows.get(code), at, live, used_up) for code in entered)


def _said(code: str, row: Sequence[Any] | None, at: datetime, live: Live, used_up: frozenset[str]) -> CouponSaid:
    if row is None:
        return CouponSaid(code, "unknown")
    _, promotion, valid_from, valid_until, ended, anothers, taken = row
    opened = live.by_code.get(promotion)
    if anothers:
        return CouponSaid(code, "not_yours")
    if ended or opened is None or any(end is not None and at >= end for end in (valid_until, opened.valid_until)):
        return CouponSaid(code, "expired", promotion)
    if any(begin is not None and at < begin for begin in (valid_from, opened.valid_from)):
        return CouponSaid(code, "not_yet", promotion)
    if taken or promotion in used_up:
        return CouponSaid(code, "used_up", promotion)
    return CouponSaid(code, NOT_APPLICABLE, promotion)
