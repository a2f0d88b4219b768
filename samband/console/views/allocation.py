"""Stock that is spoken for in advance: kept for a channel, or given to a till so that it sells without the line."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import commands
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.commands import GiveBack
from samband.kernel.clock import now
from samband.kernel.refusal import Refusal

from .. import goods, reading, state_words, stock_texts
from ..doors import opens
from ..pages import Done, answer, page
from .stock import device_names, here, site_in

CHANNELS = tuple(state_words.CHANNELS)
MOST_HOURS = 24
MOST_DAYS = 365


@opens("stock")
def fences(request: HttpRequest) -> HttpResponse:
    """What is kept for which channel, until when, and the form that keeps more."""
    location = here(request, everywhere=True)
    channel = request.GET.get("channel", "")
    channel = channel if channel in CHANNELS else ""
    text, number = reading.asked(request), reading.page_number(request)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        found = inventory.fences(location, channel, text, number)
        return page(
            request,
            "allocation.html",
            refusal=refusal,
            q=text,
            location=location,
            channel=channel,
            channels=CHANNELS,
            sites=inventory.locations(),
            found=found,
            items=catalog.items([row.sku for row in found.rows]),
            rules=stock_texts.rules,
            prefilled=request.GET.get("sku", "")[:64],
            again={"q": text, "location": location or "all", "channel": channel},
        )

    return answer(request, show, {"fence": _fence, "unfence": _unfence})


def _fence(request: HttpRequest) -> Done:
    given = request.POST
    location = site_in(request, "location")
    channel = reading.chosen(given, "channel", CHANNELS)
    ((sku, quantity), *more) = goods.read(given).items()
    if more:
        raise reading.NotRead(field="sku", want="choice")
    until = reading.moment(given, "until", inventory.location(location).time_zone)
    give_back = GiveBack(
        hours_before_closing=reading.maybe_whole(given, "hours", most=MOST_HOURS),
        idle_days=reading.maybe_whole(given, "idle_days", 1, MOST_DAYS),
        free_below=reading.maybe_whole(given, "free_below", 1),
    )
    # The form's key is also the fence's id, so that the form sent twice asks for the same fence.
    fence_id, key = reading.uuid(given, "key"), reading.key(request)
    commands.fence(fence_id, channel, location, sku, quantity, until=until, give_back=give_back, key=key)
    return Done(_("Kept for the channel."))


def _unfence(request: HttpRequest) -> Done:
    commands.unfence(reading.uuid(request.POST, "fence"), key=reading.key(request))
    return Done(_("Free for everybody again."))


@opens("stock")
def devices(request: HttpRequest) -> HttpResponse:
    """What tills may sell while the line is down, and taking it back from one that is lost."""
    location = here(request, everywhere=True)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        found = inventory.allotments(location)
        return page(
            request,
            "allocation_devices.html",
            refusal=refusal,
            location=location,
            sites=inventory.locations(),
            found=found,
            names=device_names(),
            now=now(),
            items=catalog.items(sorted({line.sku for one in found for line in one.lines})),
        )

    return answer(request, show, {"take-back": _take_back})


def _take_back(request: HttpRequest) -> Done:
    allotment_id: UUID = reading.uuid(request.POST, "allotment")
    commands.give_back(allotment_id, key=reading.key(request))
    return Done(_("Taken back. What the till sells from now on comes off the shelf."))
