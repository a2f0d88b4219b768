"""What carts know of a person: what they mean to buy. What was ordered is told by the order."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from samband.kernel.reach import Reach

from .models import Cart, CartLine


def widen(reach: Reach) -> Reach:
    """With every cart of theirs, those they gathered as a guest and took along too."""
    own = set(Cart.objects.filter(customer_id__in=reach.accounts).values_list("pk", flat=True)) | {*reach.carts}
    joined = Cart.objects.filter(joined_into__in=own).values_list("pk", flat=True)
    return replace(reach, carts=tuple(sorted({*own, *joined})))


def export(reach: Reach) -> dict[str, Any]:
    """Their carts with what lies in them, as plain values."""
    lines = CartLine.objects.filter(cart_id__in=reach.carts).order_by("cart_id", "added_at")
    return {
        "carts": list(Cart.objects.filter(pk__in=reach.carts).order_by("created_at").values()),
        "lines": list(lines.values("cart_id", "sku", "quantity", "seen_amount", "added_at")),
    }


@transaction.atomic
def erase(reach: Reach) -> int:
    """Carts that were never ordered go, and from all others whatever was typed into them as a coupon."""
    mine = Cart.objects.filter(pk__in=reach.carts)
    loose = list(mine.exclude(state="ordered").values_list("pk", flat=True))
    done = CartLine.objects.filter(cart_id__in=loose).delete()[0]
    done += Cart.objects.filter(pk__in=loose).delete()[0]
    return done + mine.exclude(coupons=[]).update(coupons=[])


def old_guest_carts(before: datetime) -> int:
    """How many carts of nobody were left before then."""
    return int(_old(before).count())


@transaction.atomic
def forget_guest_carts(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    chosen = list(_old(before).select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    CartLine.objects.filter(cart_id__in=chosen).delete()
    return Cart.objects.filter(pk__in=chosen).delete()[0]


def _old(before: datetime) -> Any:
    return Cart.objects.filter(changed_at__lt=before, customer_id__isnull=True).exclude(state="ordered")
