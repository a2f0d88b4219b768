"""What pricing knows of a person: the coupons that are theirs and what they made use of, by ids alone."""

from typing import Any

from samband.kernel.reach import Reach

from .models import Coupon, CustomerTally, PromotionUse


def export(reach: Reach) -> dict[str, Any]:
    """Their coupons, and the promotions that their orders made use of, as plain values."""
    uses = PromotionUse.objects.filter(order_id__in=reach.orders).order_by("at")
    tallies = CustomerTally.objects.filter(customer_id__in=reach.accounts).order_by("kind", "code")
    return {
        "coupons": list(
            Coupon.objects.filter(customer_id__in=reach.accounts)
            .order_by("code")
            .values("code", "promotion_id", "valid_from", "valid_until", "taken")
        ),
        "uses": list(uses.values("order_id", "promotion_id", "coupon", "state", "at")),
        "counted": list(tallies.values("kind", "code", "taken")),
    }


def erase(reach: Reach) -> int:
    """Nothing here names anybody: what a promotion gave stays counted, or others would get less of it."""
    return 0
