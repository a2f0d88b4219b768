"""What fulfillment knows of a person: where their goods went, by which carrier and under which number."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from samband.kernel.reach import Reach

from .models import Fulfillment, FulfillmentLine, Label, ParcelMark, SlotPlace, Substitution


def widen(reach: Reach) -> Reach:
    """With the parcels and pickups of their orders, and where these went."""
    mine = Fulfillment.objects.filter(
        Q(order_id__in=reach.orders) | Q(customer_id__in=reach.accounts) | Q(pk__in=reach.fulfillments)
    )
    rows = list(mine.values_list("pk", "address_id"))
    return replace(
        reach,
        fulfillments=tuple(sorted(pk for pk, _ in rows)),
        addresses=tuple(sorted({*reach.addresses, *(address for _, address in rows if address)})),
    )


def export(reach: Reach) -> dict[str, Any]:
    """Their parcels and pickups with lines, labels and what carriers told, as plain values."""
    labels = Label.objects.filter(fulfillment_id__in=reach.fulfillments).order_by("asked_at")
    lines = FulfillmentLine.objects.filter(fulfillment_id__in=reach.fulfillments).order_by("fulfillment_id", "sku")
    marks = ParcelMark.objects.filter(label_id__in=labels.values("pk")).order_by("pk")
    instead = Substitution.objects.filter(fulfillment_id__in=reach.fulfillments).order_by("proposed_at")
    return {
        "fulfillments": list(Fulfillment.objects.filter(pk__in=reach.fulfillments).order_by("created_at").values()),
        "lines": list(lines.values("fulfillment_id", "sku", "quantity", "picked", "called_off")),
        "labels": list(labels.values()),
        "marks": list(marks.values("label_id", "mark", "at", "heard_at")),
        "delivery_slots": list(SlotPlace.objects.filter(order_id__in=reach.orders).order_by("pk").values()),
        "substitutes": list(instead.values()),
    }


def erase(reach: Reach) -> int:
    """The label's picture has name and address on it: its address at the carrier goes. How many labels it were."""
    return Label.objects.filter(fulfillment_id__in=reach.fulfillments).exclude(label_url="").update(label_url="")


def in_use(address_ids: tuple[UUID, ...]) -> frozenset[UUID]:
    """Those of these addresses that something goes to."""
    found = Fulfillment.objects.filter(address_id__in=address_ids).values_list("address_id", flat=True)
    return frozenset(one for one in found if one)


def addresses_of(order_ids: list[UUID]) -> tuple[UUID, ...]:
    """Where the goods of these orders went."""
    found = Fulfillment.objects.filter(order_id__in=order_ids, address_id__isnull=False)
    return tuple(one for one in found.values_list("address_id", flat=True) if one)


def old_labels(before: datetime) -> int:
    """How many labels were bought before then and still lead to their picture."""
    return int(_old(before).count())


def forget_labels(before: datetime, most: int) -> int:
    """Forget where so many of them lie at the carrier; how many it were."""
    chosen = list(_old(before).values_list("pk", flat=True)[:most])
    return Label.objects.filter(pk__in=chosen).update(label_url="")


def _old(before: datetime) -> Any:
    over = ("shipped", "delivered", "cancelled")
    return Label.objects.filter(asked_at__lt=before, fulfillment__state__in=over).exclude(label_url="")
