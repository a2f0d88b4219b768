"""Where a visit stands: its first page, its end, and taking the basket to the till."""

from django.http import HttpResponse

from samband.commerce.cart.refusals import CartEmpty
from samband.flows.cart_handover import hand_out, link_to

from .arriving import onward
from .leaving import qr
from .pages import go, page, render
from .visitors import Visitor


@page()
def home(visitor: Visitor) -> HttpResponse:
    """On a visit, its own first page; otherwise how to begin one."""
    if visitor.visit is not None:
        return go(onward(visitor.visit.purpose))
    return render(visitor, "home.html", orders=visitor.own_orders[:1])


@page("POST")
def leave(visitor: Visitor) -> HttpResponse:
    """They leave without buying: what is in the basket stays on the shelves."""
    visitor.leave_store()
    return go("/kiosk/")


@page()
def till(visitor: Visitor) -> HttpResponse:
    """A code by which a till takes the basket over, for whoever would rather pay there. Raises VisitOver, CartEmpty."""
    visitor.on_visit()
    if visitor.cart is None or not visitor.cart.lines:
        raise CartEmpty()
    token, until = hand_out(visitor.cart.id)
    return render(visitor, "till.html", qr=qr(link_to(token)), until=until, site=visitor.site)
