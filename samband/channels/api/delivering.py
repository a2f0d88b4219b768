"""Delivery slots, the rules that open them, and how promises were kept, over HTTP."""

from datetime import time
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query
from pydantic import AwareDatetime, StringConstraints

from samband.commerce.fulfillment import arranging, queries
from samband.commerce.fulfillment.queries import PromiseCount, SlotRuleView
from samband.commerce.fulfillment.refusals import InvalidSlotRule, UnknownSlotRule
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.refusals import UnknownLocation
from samband.kernel.clock import now

from .operations import Door
from .shapes import delivering as shapes
from .shapes.words import shown
from .stock import Site

door = Door(
    "Delivery slots",
    "Times in which goods are brought, to so many orders each; the weekly rules that open them; and promises kept.",
)


@door.get("/delivery-slots", scope="carts:write", answers=shapes.SlotList)
def list_delivery_slots(
    request: HttpRequest,
    country: Annotated[str, Query(pattern="^[A-Z]{2}$", description="ISO 3166.")],
    postcode: Annotated[str, Query(max_length=16, description="Where the goods shall go.")] = "",
    location: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=32)]],
        Query(max_length=100, description="Only from these locations; all of them, unless said otherwise. Repeatable."),
    ] = [],  # noqa: B006 - Ninja's way to say that none is fine
) -> shapes.SlotList:
    """Read the delivery slots that reach an address, the soonest first; full ones too.

    A slot brings what lies at its location: give its `id` as the `slot_id` of a part when you check out.
    """
    found = queries.slots(country, postcode, now(), location or list(inventory.locations()))
    return shapes.SlotList(items=tuple(shown(one, shapes.Slot) for one in found))


@door.get("/slot-rules", scope="fulfillment:write", answers=shapes.SlotRuleList)
def list_slot_rules(request: HttpRequest, location: Site = None) -> shapes.SlotRuleList:
    """Read the rules that open delivery slots."""
    return shapes.SlotRuleList(items=tuple(_rule(one) for one in queries.slot_rules(location)))


@door.put(
    "/slot-rules/{uuid:rule}",
    scope="fulfillment:write",
    asks=shapes.SlotRuleWish,
    answers=shapes.SlotRule,
    refuses=(UnknownLocation, InvalidSlotRule),
)
def save_slot_rule(request: HttpRequest, rule: UUID, ask: shapes.SlotRuleWish) -> shapes.SlotRule:
    """Make a rule that opens delivery slots, or change it.

    New slots are open within minutes. A change holds for slots opened from then on; the capacity also for those that
    are open.
    """
    site = inventory.location(ask.location)
    arranging.save_slot_rule(
        rule,
        location=site.code,
        country=ask.country or site.country,
        time_zone=site.time_zone,
        days=ask.days,
        starts=_clock(ask.starts, "starts"),
        ends=_clock(ask.ends, "ends"),
        capacity=ask.capacity,
        notice_minutes=ask.notice_minutes,
        opens_days=ask.opens_days,
        postcodes=ask.postcodes,
    )
    return next(_rule(one) for one in queries.slot_rules(site.code) if one.id == rule)


def _clock(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise InvalidSlotRule(field=field) from None


@door.delete("/slot-rules/{uuid:rule}", scope="fulfillment:write", status=204, refuses=(UnknownSlotRule,))
def end_slot_rule(request: HttpRequest, rule: UUID) -> None:
    """Open no more slots by a rule; those that nobody has taken are closed."""
    arranging.end_slot_rule(rule)


@door.get("/promises", scope="orders:read", answers=shapes.PromiseCount, refuses=(UnknownLocation,))
def count_promises(
    request: HttpRequest,
    since: Annotated[AwareDatetime, Query(description="Promises that fell due from this moment.")],
    until: Annotated[AwareDatetime, Query(description="Until just before this one.")],
    location: Site = None,
) -> shapes.PromiseCount:
    """Count the promises that were kept and those that were broken, of one location or all.

    A parcel keeps its promise when it is delivered in time, a pickup and what is served when they are ready in time.
    """
    if location is not None:
        inventory.location(location)
    found = queries.kept_promises(since, until, location)
    by_kind = {kind: shown(_count(one), shapes.KindCount) for kind, one in found.by_kind.items()}
    return shown({**_count(found), "by_kind": by_kind}, shapes.PromiseCount)


def _count(one: PromiseCount) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("kept", "broken", "open_late", "still_open", "kept_basis_points")}


def _rule(view: SlotRuleView) -> shapes.SlotRule:
    told = {name: getattr(view, name) for name in view.__slots__}
    return shown({**told, "starts": f"{view.starts:%H:%M}", "ends": f"{view.ends:%H:%M}"}, shapes.SlotRule)
