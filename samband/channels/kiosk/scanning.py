"""Scan and go: the camera or a typed number puts goods into the basket, one after the other."""

from django.http import HttpResponse

from samband.flows.arrive import check_visit
from samband.flows.scan_and_go import goods_of
from samband.kernel.refusal import Refusal

from . import reading, telling
from .basketing import basket_of, context, count, have, note_seen, stand_before
from .pages import page, render
from .refusal_texts import sentence
from .visitors import Visitor


@page("GET", "HEAD", "POST")
def scan(visitor: Visitor) -> HttpResponse:
    """GET opens the camera; POST takes what it saw, or what was typed. Raises VisitOver, NotForThat."""
    visit = visitor.on_visit()
    check_visit(visit, "carry")
    if visitor.request.method != "POST":
        return _show(visitor, "scan.html")
    template = "scan_inside.html" if visitor.by_htmx else "scan.html"
    try:
        found = goods_of(reading.text(visitor.request.POST, "code", 300), visit.location)
        have(visitor, found.item, count(visitor, found.item.sku) + 1)
    except Refusal as refusal:
        visitor.look_again()
        return _show(visitor, template, refusal=refusal)
    telling.scanned(visitor, found.item.sku, found.item.category)
    if found.spot is not None:
        stand_before(visitor, found.spot)
    return _show(visitor, template, sku=found.item.sku)


def _show(visitor: Visitor, template: str, refusal: Refusal | None = None, sku: str = "") -> HttpResponse:
    said = basket_of(visitor)
    response = render(
        visitor,
        template,
        # htmx puts an answer in its place whatever its status; a script that reads it sees none of an error's.
        200 if refusal is None or visitor.by_htmx else refusal.status,
        told=sentence(refusal) if refusal else "",
        latest=next((line for line in said.lines if line.sku == sku), None) if said else None,
        again="/kiosk/scan/",
        **context(visitor, said),
    )
    if said is not None:
        note_seen(visitor, said)
    return response
