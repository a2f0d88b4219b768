"""How far an order has come, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory.queries import LocationView
from samband.flows.order_story import OrderStory, Parcel, Step
from samband.kernel.geography import TIME_ZONES

from .tracking import Seen, seen
from .wording import Words

WAYS = {
    "pickup": ("requested", "picking", "ready", "handed_over"),
    "ship": ("requested", "picking", "shipped", "delivered"),
    "serve": ("requested", "picking", "ready", "handed_over"),
    "carry": ("requested", "handed_over"),
}
AT_THE_STORE = ("pickup", "serve", "carry")
ENDED = ("cancelled", "expired")


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage on the way: done, now or ahead."""

    said: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class ParcelView:
    """Goods that come together, as their customer sees them."""

    fulfillment: FulfillmentView
    site: LocationView | None
    zone: str
    title: str
    stages: tuple[StageView, ...]
    ended: str
    lines: tuple[tuple[int, str], ...]
    promise: str
    waits: str
    tracking: str
    seen: tuple[Seen, ...]


def parcel_views(story: OrderStory, words: Words) -> list[ParcelView]:
    names = {line.sku: line.name for line in story.order.lines}
    return [_parcel(parcel, story, names, words) for parcel in story.parcels]


def _parcel(parcel: Parcel, story: OrderStory, names: dict[str, str], words: Words) -> ParcelView:
    one = parcel.fulfillment
    zone = (
        parcel.site.time_zone if parcel.site and one.kind in AT_THE_STORE else TIME_ZONES.get(story.order.market, "UTC")
    )
    return ParcelView(
        fulfillment=one,
        site=parcel.site,
        zone=zone,
        title=_title(parcel, words),
        stages=tuple(_stages(one, zone, words)),
        ended=_ended(one),
        lines=tuple((line.quantity, names.get(line.sku, line.sku)) for line in one.lines),
        promise=_promise(one, zone, words),
        waits=words.day(one.wait_until, zone) if one.wait_until else "",
        tracking=" ".join(filter(None, (one.carrier, one.tracking))),
        seen=seen(one, zone, words),
    )


def _title(parcel: Parcel, words: Words) -> str:
    if parcel.fulfillment.kind == "ship":
        return _("Brought to you")
    place = words.text(parcel.site.names) or parcel.site.name if parcel.site else parcel.fulfillment.location
    match parcel.fulfillment.kind:
        case "carry":
            return _("Taken along: %(place)s") % {"place": place}
        case "serve":
            return _("Served: %(place)s") % {"place": place}
        case _:
            return _("To pick up: %(place)s") % {"place": place}


def _stages(one: FulfillmentView, zone: str, words: Words) -> Iterator[StageView]:
    way = WAYS[one.kind]
    handed_over = {"carry": _("Taken along"), "serve": _("Served")}.get(one.kind) or _("Picked up")
    said = {
        "requested": _("Ordered"),
        "picking": _("Being prepared") if one.kind == "serve" else _("Being packed"),
        "ready": _("Ready for you"),
        "handed_over": handed_over,
        "shipped": _("On its way"),
        "delivered": _("Delivered"),
    }
    reached = (
        way.index(one.state)
        if one.state in way
        else max((way.index(state) for state in one.times if state in way), default=0)
    )
    for number, state in enumerate(way):
        at = one.times.get(state)
        how = "done" if number <= reached else "ahead"
        if number == reached and number < len(way) - 1 and one.state not in ENDED:
            how = "now"
        yield StageView(said[state], how, words.moment(at, zone) if at and number <= reached else "")


def _ended(one: FulfillmentView) -> str:
    if one.state == "expired":
        return _("Nobody came for it in time. The goods went back to the shelf, and what was paid goes back to you.")
    return _("Cancelled.") if one.state == "cancelled" else ""


def _promise(one: FulfillmentView, zone: str, words: Words) -> str:
    if one.state in (*ENDED, "handed_over", "delivered", "ready") or one.kind in ("carry", "serve"):
        return ""
    if one.slot_id:
        said = {
            "day": words.day(one.promised_from, zone),
            "hours": words.hours(one.promised_from, one.promised_until, zone),
        }
        return _("Promised for %(day)s, %(hours)s") % said
    until = words.moment(one.promised_until, zone) if one.kind == "pickup" else words.day(one.promised_until, zone)
    if one.kind == "pickup":
        return _("Promised to be ready by %(moment)s") % {"moment": until}
    first = words.day(one.promised_from, zone)
    if first == until:
        return _("Promised for %(day)s") % {"day": until}
    return _("Promised between %(first)s and %(last)s") % {"first": first, "last": until}


def story_said(story: OrderStory, words: Words) -> list[tuple[str, str]]:
    """When, and what happened then."""
    zone = TIME_ZONES.get(story.order.market, "UTC")
    return [(words.moment(step.at, zone), _step(step, story, words)) for step in story.steps]


def _step(step: Step, story: OrderStory, words: Words) -> str:
    place = _place(step, story, words)
    match step.code:
        case "placed":
            return _("You ordered, and it is paid.") if story.payment else _("You ordered.")
        case "picking":
            return _("%(place)s began to pack.") % {"place": place}
        case "ready":
            return _("Ready to be picked up: %(place)s.") % {"place": place}
        case "handed_over" if _at_once(step, story):
            return _("In your hands: %(place)s.") % {"place": place}
        case "handed_over":
            return _("Picked up: %(place)s.") % {"place": place}
        case "shipped":
            carrier = " ".join(filter(None, (step.details.get("carrier"), step.details.get("tracking"))))
            return _("Given to the carrier: %(carrier)s.") % {"carrier": carrier}
        case "delivered":
            return _("Delivered.")
        case "expired":
            return _("Nobody came for it in time.")
        case "cancelled":
            return _cancelled(step.details.get("reason", ""))
        case _:
            return ""


def _place(step: Step, story: OrderStory, words: Words) -> str:
    sites = {parcel.fulfillment.location: parcel.site for parcel in story.parcels}
    site = sites.get(step.details.get("location", ""))
    return words.text(site.names) or site.name if site else step.details.get("location", "")


def _at_once(step: Step, story: OrderStory) -> bool:
    """Whether it was served or taken along, and never waited to be picked up."""
    kinds = {parcel.fulfillment.location: parcel.fulfillment.kind for parcel in story.parcels}
    return kinds.get(step.details.get("location", "")) in ("carry", "serve")


def _cancelled(reason: str) -> str:
    match reason:
        case "customer":
            return _("You cancelled the order. What was paid goes back to you.")
        case "pickup_expired":
            return _("The order was cancelled, because nobody came for it. What was paid goes back to you.")
        case _:
            return _("The order was cancelled. What was paid goes back to you.")


def since(at: datetime, words: Words, market: str) -> str:
    """A day of an order in its market."""
    return words.day(at, TIME_ZONES.get(market, "UTC"))
