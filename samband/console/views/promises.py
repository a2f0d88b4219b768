"""Promises: how many were kept, and what they go by: the carriers' ways, and how fast each location picks."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.fulfillment import arrangements, arranging, conditions, queries
from samband.commerce.fulfillment.promise import STANDARD
from samband.commerce.inventory import queries as inventory
from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.refusal import Refusal

from .. import reading
from ..doors import opens
from ..pages import Done, answer, page

PERIODS = (7, 30, 90)
COUNTRIES = tuple(TIME_ZONES)


@opens("pickups")
def promises(request: HttpRequest) -> HttpResponse:
    """What fell due in the last days, by location and kind, and what promises are made of."""
    sites = inventory.locations()
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]

    def show(refusal: Refusal | None = None) -> HttpResponse:
        until = now()
        since = until - timedelta(days=days)
        return page(
            request,
            "promises.html",
            refusal=refusal,
            at="promises",
            days=days,
            periods=PERIODS,
            overall=queries.kept_promises(since, until),
            by_place={code: queries.kept_promises(since, until, code) for code in sites},
            lanes=arrangements.lanes(frozenset(site.country for site in sites.values())),
            paces=arrangements.paces(frozenset(sites)),
            hours=conditions.conditions().hours,
            countries=COUNTRIES,
            standard=STANDARD,
        )

    return answer(request, show, {"lane": _lane, "pace": _pace})


def _lane(request: HttpRequest) -> Done:
    given = request.POST
    arranging.save_lane(
        reading.chosen(given, "origin", COUNTRIES),
        reading.chosen(given, "destination", COUNTRIES),
        reading.text(given, "service", 40) or STANDARD,
        carrier=reading.text(given, "carrier", 100),
        cut_off=reading.clock(given, "cut_off"),
        least_days=reading.whole(given, "least", 1, arranging.MOST_DAYS),
        most_days=reading.whole(given, "most", 1, arranging.MOST_DAYS),
        active=reading.ticked(given, "active"),
    )
    return Done(_("Promises go by this from now on."))


def _pace(request: HttpRequest) -> Done:
    given = request.POST
    location = reading.chosen(given, "location", tuple(inventory.locations()))
    arranging.set_pace(location, reading.whole(given, "pace", 1, 100_000))
    return Done(_("Promises go by this from now on."))
