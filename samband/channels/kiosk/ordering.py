"""The menu at a table or a seat."""

from django.http import HttpResponse

from samband.commerce.spots import queries as spots
from samband.flows.arrive import check_visit
from samband.flows.order_at_spot import menu

from .basketing import basket_of, context
from .pages import page, render
from .visitors import Visitor


@page()
def order(visitor: Visitor) -> HttpResponse:
    """What can be brought to this place now. Raises VisitOver, NotForThat."""
    visit = visitor.on_visit()
    check_visit(visit, "serve")
    spot, site = spots.spot(visit.spot), visitor.site
    assert site is not None
    said = basket_of(visitor)
    return render(
        visitor,
        "menu.html",
        spot=spot,
        courses=menu(site, spot.category, visitor.language, visitor.group),
        had={line.sku: line.quantity for line in said.lines} if said else {},
        **context(visitor, said),
    )
