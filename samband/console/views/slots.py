"""Delivery slots: how full they are, and the rules by which they are opened."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.fulfillment import arranging, queries, slotting
from samband.commerce.fulfillment.promise import DAYS
from samband.commerce.fulfillment.queries import SlotView
from samband.commerce.inventory import queries as inventory
from samband.kernel.clock import now
from samband.kernel.refusal import Refusal

from .. import reading
from ..doors import me, opens
from ..pages import Done, answer, page

AHEAD = timedelta(days=14)
MOST_POSTCODES = 500


@opens("pickups")
def slots(request: HttpRequest) -> HttpResponse:
    """The slots of the days to come, and the form for a rule."""
    sites = inventory.locations()
    code = request.GET.get("location", "") or me(request).location
    code = code if code in sites else next(iter(sites), "")

    def show(refusal: Refusal | None = None) -> HttpResponse:
        at = now()
        zone = sites[code].time_zone if code else "UTC"
        found = queries.slot_load(at - timedelta(hours=12), at + AHEAD, code or None)
        return page(
            request,
            "slots.html",
            refusal=refusal,
            at="slots",
            site=sites.get(code),
            sites=sites.values(),
            countries=sorted({site.country for site in sites.values()}),
            days=_by_day(found, zone),
            zone=zone,
            rules=queries.slot_rules(code or None),
            now=at,
        )

    return answer(request, show, {"save": _save, "end": _end})


def _by_day(found: Iterable[SlotView], zone: str) -> list[tuple[datetime, list[SlotView]]]:
    def day(slot: SlotView) -> datetime:
        return slot.starts_at.astimezone(ZoneInfo(zone)).replace(hour=12, minute=0, second=0, microsecond=0)

    return [(of, list(slots)) for of, slots in groupby(found, key=day)]


def _save(request: HttpRequest) -> Done:
    given = request.POST
    site = inventory.location(reading.chosen(given, "location", tuple(inventory.locations())))
    # The form's key is also the rule's id, so that the form sent twice asks for the same rule.
    rule_id: UUID = reading.uuid(given, "rule" if given.get("rule") else "key")
    arranging.save_slot_rule(
        rule_id,
        location=site.code,
        country=site.country,
        time_zone=site.time_zone,
        days=[day for day in DAYS if reading.ticked(given, f"on-{day}")],
        starts=reading.clock(given, "starts"),
        ends=reading.clock(given, "ends"),
        capacity=reading.whole(given, "capacity", 1, arranging.MOST_PLACES),
        notice_minutes=reading.whole(given, "notice", 0, arranging.LONGEST_NOTICE_MINUTES),
        opens_days=reading.whole(given, "ahead", 0, arranging.FARTHEST_AHEAD_DAYS),
        postcodes=reading.text(given, "postcodes", 2000).replace(",", " ").split()[:MOST_POSTCODES],
    )
    slotting.open_slots()
    return Done(_("The slots are open."))


def _end(request: HttpRequest) -> Done:
    arranging.end_slot_rule(reading.uuid(request.POST, "rule"))
    return Done(_("No more slots are opened by this rule. Those that somebody has taken stay."))
