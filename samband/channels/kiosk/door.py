"""The door: it reads exit passes, each once, and asks now and then to look into the bag."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpResponse

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.orders import queries as orders
from samband.commerce.spots import commands
from samband.commerce.spots import queries as spots
from samband.flows.scan_and_go import LetOut, let_out
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal

from . import reading
from .pages import go, render
from .refusal_texts import sentence
from .stations import Station, station
from .visitors import Visitor
from .words import Words

SHOWN_SINCE = timedelta(hours=12)
MOST_SHOWN = 8
SHORTEST_KEY = 16


@station("door", "GET", "HEAD", "POST")
def door(visitor: Visitor, where: Station) -> HttpResponse:
    """GET opens the camera; POST checks the pass that it saw."""
    if visitor.request.method != "POST":
        return _show(visitor, where)
    sent = visitor.request.POST
    try:
        out = let_out(
            reading.text(sent, "code", 300), where.site.code, where.by, key=f"door:{reading.key(sent, SHORTEST_KEY)}"
        )
    except Refusal as refusal:
        return _show(visitor, where, refusal=refusal)
    return _show(visitor, where, out=out)


@station("door", "POST")
def looked(visitor: Visitor, where: Station) -> HttpResponse:
    """What came of looking into the bag. Raises NothingToLookAt, OtherStore, UnknownPass, Invalid."""
    sent = visitor.request.POST
    commands.note_look(reading.uuid(sent, "exit_pass"), where.site.code, reading.text(sent, "found", 20))
    return _show(visitor, where) if visitor.by_htmx else go("/kiosk/door/")


def _show(visitor: Visitor, where: Station, out: LetOut | None = None, refusal: Refusal | None = None) -> HttpResponse:
    passes = spots.passes(where.site.code, now() - SHOWN_SINCE, MOST_SHOWN)
    numbers = orders.cards([one.order_id for one in passes])
    return render(
        visitor,
        "door_inside.html" if visitor.by_htmx else "door.html",
        # htmx only puts an answer in its place that is none of an error's.
        200 if refusal is None or visitor.by_htmx else refusal.status,
        out=out,
        key=str(new_id()),
        goods=_goods(out),
        site=where.site,
        passes=passes,
        numbers={one: card.number for one, card in numbers.items()},
        told=_told(visitor, where, refusal) if refusal else "",
    )


def _goods(out: LetOut | None) -> Sequence[tuple[int, Item | None, str]]:
    """What should be in the bag: so many of what."""
    if out is None:
        return ()
    items = catalog.items([line.sku for line in out.goods])
    return [(line.quantity, items.get(line.sku), line.sku) for line in out.goods]


def _told(visitor: Visitor, where: Station, refusal: Refusal) -> str:
    """Why the pass was not taken and, if it was before, when."""
    told = sentence(refusal)
    if at := refusal.details.get("at"):
        hour = Words(visitor.language).moment(datetime.fromisoformat(at), where.site.time_zone)
        return f"{told} ({hour})"
    return told
