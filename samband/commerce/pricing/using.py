"""Counting what there is only so much of: coupons, and promotions with a limit. Whoever orders asks for it here."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.clock import now
from samband.kernel.refusal import Invalid

from .quotes import Use
from .refusals import CouponUsedUp

MOST_USES = 250


def reserve_uses(order_id: UUID, uses: Sequence[Use], customer_id: UUID | None) -> None:
    """Make use of these for an order that is not placed yet. One statement, or none; asking twice is asking once.

    Call it late in the transaction: whoever wants the same coupon waits for its end. Raises CouponUsedUp with
    `promotion` and `coupon` of the first that there is no more of; then the transaction must not go on.
    """
    if not uses:
        return
    if len(uses) > MOST_USES or len({use.promotion for use in uses}) != len(uses):
        raise Invalid("An order makes use of a promotion once.")
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            "select short_promotion, short_coupon"
            " from pricing_reserve_uses(%s::uuid, %s::uuid, %s::text[], %s::text[], %s::timestamptz)",
            [order_id, customer_id, [use.promotion for use in uses], [use.coupon for use in uses], now()],
        )
        if short := cursor.fetchall():
            promotion, coupon = min(short, key=lambda one: (one[1] is None, one))
            raise CouponUsedUp(promotion=promotion, coupon=coupon)


def keep_uses(order_id: UUID) -> None:
    """The order is placed: what was reserved for it is used. One statement; asking twice is asking once."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            "update pricing_promotionuse set state = 'kept' where order_id = %s::uuid and state = 'reserved'",
            [order_id],
        )


def free_uses(order_id: UUID) -> int:
    """The order comes to nothing: others may make use of what it had. One statement; asking twice is asking once.

    Returns how many uses were freed.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("select pricing_free_uses(%s::uuid)", [order_id])
        return int(cursor.fetchone()[0])
