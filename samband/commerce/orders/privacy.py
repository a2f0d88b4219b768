"""What orders know of a person: what they agreed to. Money and goods stay, as the law wants; no order names anybody."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from samband.kernel.reach import Reach

from .models import Order, OrderGroup, OrderLine

OPEN = ("draft", "placed")


def widen(reach: Reach) -> Reach:
    """With their orders, those they made as a guest too, the carts these were and the addresses these went to."""
    orders = tuple(sorted(_of(reach).values_list("pk", flat=True)))
    groups = OrderGroup.objects.filter(order_id__in=orders, address_id__isnull=False)
    carts = Order.objects.filter(pk__in=orders, cart_id__isnull=False).values_list("cart_id", flat=True)
    return replace(
        reach,
        orders=orders,
        addresses=_with(reach.addresses, groups.values_list("address_id", flat=True)),
        carts=_with(reach.carts, carts),
    )


def under_way(reach: Reach) -> tuple[str, ...]:
    """The numbers of their orders that are not over yet."""
    found = _of(reach).filter(state__in=OPEN, source="")
    return tuple(found.order_by("created_at").values_list("number", flat=True))


def export(reach: Reach) -> dict[str, Any]:
    """Their orders with lines and groups, as plain values."""
    return {
        "orders": list(Order.objects.filter(pk__in=reach.orders).order_by("created_at", "pk").values()),
        "lines": list(
            OrderLine.objects.filter(order_id__in=reach.orders)
            .order_by("order_id", "position")
            .values(*_columns(OrderLine))
        ),
        "groups": list(
            OrderGroup.objects.filter(order_id__in=reach.orders)
            .order_by("order_id", "position")
            .values(*_columns(OrderGroup))
        ),
    }


# What somebody typed for a coupon and is none may be anything; one that took something off is part of the agreement.
_FORGET_TYPED = """
update orders_order set quote = jsonb_set(quote, '{coupons}', coalesce(
    (select jsonb_agg(c) from jsonb_array_elements(quote -> 'coupons') c where c ->> 'state' = 'applied'), '[]'))
where id = any(%s::uuid[]) and jsonb_typeof(quote -> 'coupons') = 'array'
  and exists (select from jsonb_array_elements(quote -> 'coupons') c where c ->> 'state' <> 'applied')
"""


def erase(reach: Reach) -> int:
    """Of what was agreed nothing names anybody but what was typed for a coupon: that goes. How many orders it was.

    Another system's number stays: by it an order is not imported twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TYPED, [list(reach.orders)])
        return int(cursor.rowcount)


def in_use(address_ids: tuple[UUID, ...]) -> frozenset[UUID]:
    """Those of these addresses that some order goes to."""
    found = OrderGroup.objects.filter(address_id__in=address_ids).values_list("address_id", flat=True)
    return frozenset(one for one in found if one)


def ended(before: datetime, after: UUID | None, most: int, *, drafts: bool) -> list[tuple[UUID, UUID]]:
    """Orders that were over before then, as id and contact, by id: `drafts` that came to nothing, or others."""
    found = Order.objects.filter(closed_at__lt=before, contact_id__isnull=False, placed_at__isnull=drafts)
    if after is not None:
        found = found.filter(pk__gt=after)
    return [
        (order, contact) for order, contact in found.order_by("pk").values_list("pk", "contact_id")[:most] if contact
    ]


def addresses_of(order_ids: list[UUID]) -> tuple[UUID, ...]:
    """Where these orders went."""
    found = OrderGroup.objects.filter(order_id__in=order_ids, address_id__isnull=False)
    return tuple(one for one in found.values_list("address_id", flat=True) if one)


def _of(reach: Reach) -> Any:
    return Order.objects.filter(
        Q(customer_id__in=reach.accounts)
        | Q(customer_id__isnull=True, contact_id__in=reach.contacts)
        | Q(pk__in=reach.orders)
    )


def _with(known: tuple[UUID, ...], more: Any) -> tuple[UUID, ...]:
    return tuple(sorted({*known, *(one for one in more if one)}))


def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
