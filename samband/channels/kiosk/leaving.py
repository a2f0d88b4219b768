"""After paying: how far an order for a table is, and the pass that opens the door."""

from typing import Any

import segno
from django.http import HttpResponse
from markupsafe import Markup

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.spots import codes
from samband.commerce.spots import queries as spots
from samband.commerce.spots.queries import PassView
from samband.flows.check_out import come_back
from samband.flows.customer_orders import is_theirs
from samband.flows.scan_and_go import pass_of

from .pages import elsewhere, page, render
from .renewing import answered
from .visitors import Visitor

SERVE_STAGES = ("requested", "picking", "ready", "handed_over")


@page()
def order(visitor: Visitor, number: str) -> HttpResponse:
    """An order's page: what happens with it now. Raises OrderNotFound for whoever may not see it."""
    found = _own(visitor, number)
    if found.state == "draft":
        outcome = come_back(found.id)
        if outcome.state in ("declined", "cancelled") and visitor.visit:
            return elsewhere(visitor, "/kiosk/pay/?tried")
        found = orders.order(found.id)
        if found.state == "draft":
            return render(visitor, "waiting.html", order=found, outcome=outcome)
    return render(visitor, "order.html", **_standing(found))


@page()
def progress(visitor: Visitor, number: str) -> HttpResponse:
    """The part of the page that changes: nothing is sent while nothing has."""
    found = _own(visitor, number)
    return answered(visitor, "order_inside.html", **_standing(found))


def show_pass(visitor: Visitor, token: str) -> HttpResponse:
    """Somebody scanned an exit pass with an ordinary camera: its owner sees it, anybody else what it is for."""
    one = spots.exit_pass(spots.pass_said(token))
    if one.order_id in visitor.own_orders:
        return render(visitor, "order.html", **_standing(orders.order(one.order_id)))
    return render(visitor, "pass_elsewhere.html", site=inventory.locations().get(one.location))


def _own(visitor: Visitor, number: str) -> OrderView:
    """The phone that placed it, or the customer whose it is. Anybody else is told what a stranger is told."""
    found = orders.by_number(number)
    if found.id in visitor.own_orders:
        return found
    if visitor.customer_id is None or not is_theirs(found, visitor.customer_id):
        raise OrderNotFound()
    return found


def _standing(found: OrderView) -> dict[str, Any]:
    """How far an order is: its servings, its pass, and where."""
    exit_pass = pass_of(found)
    parts = fulfillments.of_order(found.id)
    served = next((one for one in parts if one.kind == "serve"), None)
    location = found.sold_at or (parts[0].location if parts else "")
    return {
        "order": found,
        "exit_pass": exit_pass,
        "qr": qr(codes.address(codes.exit_pass(exit_pass.id))) if exit_pass and exit_pass.state == "open" else "",
        "served": served,
        "place_name": _place_name(served) if served else "",
        "reached": _reached(served) if served else 0,
        "stages": SERVE_STAGES,
        "site": inventory.locations().get(location),
        "over": _is_over(found, exit_pass, served),
    }


def _place_name(served: FulfillmentView) -> str:
    names = {one.code: one.name for one in spots.spots(served.location)}
    return names.get(served.place, served.place)


def _reached(served: FulfillmentView) -> int:
    return SERVE_STAGES.index(served.state) if served.state in SERVE_STAGES else 0


def _is_over(found: OrderView, exit_pass: PassView | None, served: FulfillmentView | None) -> bool:
    """Whether nothing of it will change any more, so that nobody need ask again."""
    if found.state in ("completed", "cancelled"):
        return True
    return bool(exit_pass and exit_pass.state != "open") or bool(served and served.state == "handed_over")


def qr(text: str) -> Markup:
    """A code as a drawing, with words for whoever cannot see it beside it on the page."""
    return Markup(
        segno.make(text, error="m", micro=False).svg_inline(
            scale=4, border=2, dark="#1d2b2a", light="#fff", omitsize=True, svgclass="k-qr", lineclass=None
        )
    )
