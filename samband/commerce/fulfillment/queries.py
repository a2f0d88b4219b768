"""What fulfillment can be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from . import pickup_codes
from .kept import PromiseCount, kept_promises
from .models import Fulfillment, FulfillmentLine
from .refusals import UnknownFulfillment
from .slot_book import SlotRuleView, SlotView, slot, slot_load, slot_reaches, slot_rules, slots
from .transitions import STATES

__all__ = [
    "FulfillmentLineView",
    "FulfillmentView",
    "PickList",
    "PromiseCount",
    "SlotRuleView",
    "SlotView",
    "ToPick",
    "Waiting",
    "by_code",
    "due_to_expire",
    "fulfillment",
    "fulfillments",
    "kept_promises",
    "of_order",
    "parcels",
    "pick_list",
    "pickups",
    "served_since",
    "servings",
    "slot",
    "slot_load",
    "slot_reaches",
    "slot_rules",
    "slots",
    "units_to_pick",
    "waiting",
]


FETCHED = ("ship", "pickup")
"""Ways whose goods somebody of ours fetches from the shelves: what is carried along, its customer has in hand."""


@dataclass(frozen=True, slots=True)
class FulfillmentLineView:
    """Units of a SKU to get ready, and how many are in the basket. `called_off` were asked for and are not any more."""

    sku: str
    quantity: int
    picked: int
    called_off: int


@dataclass(frozen=True, slots=True)
class FulfillmentView:
    """A fulfillment. `times` tells when it reached each state; `pickup_code` is for its customer, never for a log.

    `place` is where in the location it is served, `slot_id` the slot in which it is brought.
    """

    id: UUID
    number: str
    order_id: UUID
    customer_id: UUID | None
    address_id: UUID | None
    kind: str
    location: str
    state: str
    pickup_code: str | None
    promised_from: datetime
    promised_until: datetime
    wait_until: datetime | None
    carrier: str
    tracking: str
    cancel_reason: str
    created_at: datetime
    changed_at: datetime
    times: Mapping[str, datetime]
    lines: tuple[FulfillmentLineView, ...]
    place: str
    slot_id: UUID | None
    service: str


@dataclass(frozen=True, slots=True)
class ToPick:
    """Units of a SKU still to fetch from the shelves, for so many fulfillments."""

    sku: str
    quantity: int
    fulfillments: int


@dataclass(frozen=True, slots=True)
class PickList:
    """What a location has to get ready, the soonest promised first, and the walk along its shelves for all of it."""

    location: str
    fulfillments: tuple[FulfillmentView, ...]
    goods: tuple[ToPick, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a location has on its hands: to pick, pickups ready, and those of them that expire soon."""

    location: str
    to_pick: int
    ready: int
    expiring: int


def fulfillment(fulfillment_id: UUID) -> FulfillmentView:
    """One fulfillment. Raises UnknownFulfillment."""
    return _only(_views(Fulfillment.objects.filter(pk=fulfillment_id)), fulfillment_id=str(fulfillment_id))


def fulfillments(fulfillment_ids: Sequence[UUID]) -> tuple[FulfillmentView, ...]:
    """These fulfillments, the oldest first; those we do not know are left out."""
    return _views(Fulfillment.objects.filter(pk__in=fulfillment_ids).order_by("created_at", "id"))


def of_order(order_id: UUID) -> tuple[FulfillmentView, ...]:
    """The fulfillments of an order, in the order in which they were requested."""
    return _views(Fulfillment.objects.filter(order_id=order_id).order_by("position"))


def pick_list(location: str, most: int = 100) -> PickList:
    """What waits to be picked at a location; up to so many fulfillments. What is served has a board of its own."""
    waiting = Fulfillment.objects.filter(location=location, kind__in=FETCHED, state__in=("requested", "picking"))
    views = _views(waiting.order_by("promised_until", "id")[:most])
    goods: dict[str, list[int]] = {}
    for view in views:
        for line in view.lines:
            if line.picked < line.quantity:
                goods.setdefault(line.sku, []).append(line.quantity - line.picked)
    return PickList(location, views, tuple(ToPick(sku, sum(each), len(each)) for sku, each in sorted(goods.items())))


def pickups(location: str, state: str = "ready", most: int = 100) -> tuple[FulfillmentView, ...]:
    """Pickups at a location in this state, the soonest promised first."""
    found = Fulfillment.objects.filter(location=location, kind="pickup", state=state)
    return _views(found.order_by("promised_until", "id")[:most])


def parcels(location: str, state: str = "shipped", most: int = 100) -> tuple[FulfillmentView, ...]:
    """Parcels from a location in this state, the latest change first."""
    found = Fulfillment.objects.filter(location=location, kind="ship", state=state)
    return _views(found.order_by("-changed_at", "id")[:most])


def servings(location: str, most: int = 200) -> tuple[FulfillmentView, ...]:
    """What is to be served at a location and is not yet, the longest waiting first."""
    found = Fulfillment.objects.filter(location=location, kind="serve", state__in=("requested", "picking", "ready"))
    return _views(found.order_by("created_at", "id")[:most])


def served_since(location: str, at: datetime, most: int = 20) -> tuple[FulfillmentView, ...]:
    """What was served at a location since a moment, the latest first."""
    found = Fulfillment.objects.filter(location=location, kind="serve", state="handed_over", handed_over_at__gte=at)
    return _views(found.order_by("-handed_over_at", "id")[:most])


def waiting(expiring_before: datetime) -> dict[str, Waiting]:
    """What each location has on its hands; one statement, and those with nothing are left out."""
    ready = Q(state="ready")
    rows = (
        Fulfillment.objects.filter(kind__in=FETCHED, state__in=("requested", "picking", "ready"))
        .values("location")
        .annotate(
            to_pick=Count("id", filter=~ready),
            ready=Count("id", filter=ready),
            expiring=Count("id", filter=ready & Q(wait_until__lt=expiring_before)),
        )
        .order_by("location")
    )
    return {row["location"]: Waiting(**row) for row in rows}


def by_code(location: str, code: str) -> FulfillmentView:
    """The pickup waiting at a location under this code. Raises UnknownFulfillment."""
    return _only(
        _views(Fulfillment.objects.filter(location=location, pickup_code=pickup_codes.read(code), state="ready"))
    )


def due_to_expire(at: datetime, most: int = 100) -> tuple[UUID, ...]:
    """Pickups that have waited long enough, the longest first."""
    over = Fulfillment.objects.filter(state="ready", wait_until__lte=at).order_by("wait_until", "id")
    return tuple(over.values_list("id", flat=True)[:most])


def units_to_pick(location: str) -> int:
    """How many units a location still has to fetch from its shelves."""
    lines = FulfillmentLine.objects.filter(
        fulfillment__location=location,
        fulfillment__kind__in=FETCHED,
        fulfillment__state__in=("requested", "picking"),
    ).aggregate(missing=Sum(F("quantity") - F("called_off") - F("picked")))
    return lines["missing"] or 0


def _only(views: tuple[FulfillmentView, ...], **asked: str) -> FulfillmentView:
    if not views:
        raise UnknownFulfillment(**asked)
    return views[0]


def _views(rows: Any) -> tuple[FulfillmentView, ...]:
    return tuple(_view(row) for row in rows.prefetch_related("lines"))


def _view(row: Fulfillment) -> FulfillmentView:
    times = {"requested": row.created_at}
    times |= {state: at for state in STATES[1:] if (at := getattr(row, f"{state}_at"))}
    lines = sorted(row.lines.all(), key=lambda line: line.sku)
    return FulfillmentView(
        id=row.id,
        number=row.number,
        order_id=row.order_id,
        customer_id=row.customer_id,
        address_id=row.address_id,
        kind=row.kind,
        location=row.location,
        state=row.state,
        pickup_code=row.pickup_code,
        promised_from=row.promised_from,
        promised_until=row.promised_until,
        wait_until=row.wait_until,
        carrier=row.carrier,
        tracking=row.tracking,
        cancel_reason=row.cancel_reason,
        created_at=row.created_at,
        changed_at=row.changed_at,
        times=times,
        lines=tuple(_line(line) for line in lines if line.called_off < line.quantity or row.state == "cancelled"),
        place=row.place,
        slot_id=row.slot_id,
        service=row.service,
    )


def _line(row: FulfillmentLine) -> FulfillmentLineView:
    return FulfillmentLineView(row.sku, row.quantity - row.called_off, row.picked, row.called_off)
