"""The menu at a table or a seat."""

from django.http import HttpResponse

from samband.commerce.inventory.queries import LocationView
from samband.commerce.spots import queries as spots
from samband.flows.arrive import check_visit
from samband.flows.order_at_spot import Dish, dish_of, menu
from samband.kernel.refusal import Refusal

from . import reading
from .basketing import MOST_OF_ONE, basket_of, context, count, have, item_of
from .pages import go, page, render
from .refusal_texts import sentence
from .visitors import Visitor


@page()
def order(visitor: Visitor) -> HttpResponse:
    """What can be brought to this place now. Raises VisitOver, NotForThat."""
    visit = visitor.on_visit()
    check_visit(visit, "serve")
    spot, said = spots.spot(visit.spot), basket_of(visitor)
    return render(
        visitor,
        "menu.html",
        spot=spot,
        courses=menu(_site(visitor), spot.category, visitor.language, visitor.group),
        hads={line.sku: line.quantity for line in said.lines} if said else {},
        **context(visitor, said),
    )


@page("POST")
def dish(visitor: Visitor) -> HttpResponse:
    """Have so many of a dish. Raises VisitOver, NotForThat, and without htmx what hinders it."""
    check_visit(visitor.on_visit(), "serve")
    sent = visitor.request.POST
    sku, quantity = reading.sku(sent), reading.whole(sent, "quantity", 0, MOST_OF_ONE)
    told = ""
    try:
        have(visitor, item_of(sku), quantity)
    except Refusal as refusal:
        if not visitor.by_htmx:
            raise
        visitor.look_again()
        told = sentence(refusal)
    return _renewed(visitor, sku, told) if visitor.by_htmx else go("/kiosk/menu/")


def _renewed(visitor: Visitor, sku: str, told: str) -> HttpResponse:
    """The dish as it is now, and the bar below."""
    shown: Dish = dish_of(_site(visitor), item_of(sku), visitor.group)
    return render(
        visitor,
        "dish_renewed.html",
        dish=shown,
        had=count(visitor, sku),
        dish_told=told,
        **context(visitor, basket_of(visitor)),
    )


def _site(visitor: Visitor) -> LocationView:
    assert visitor.site is not None
    return visitor.site
