"""Pages that say how things are done here, and the stores."""

from django.http import HttpResponse

from samband.commerce.pricing import queries as pricing
from samband.kernel.money import Money

from .home import stores_near
from .pages import page, render
from .visits import Visit


@page()
def stores(visit: Visit) -> HttpResponse:
    """Every store with its hours."""
    return render(visit, "stores.html", stores=stores_near(visit.front), canonical=visit.front.at("stores/"))


@page()
def delivery(visit: Visit) -> HttpResponse:
    """What delivery costs and how picking up goes, by the rates that hold now."""
    front = visit.front
    rates = [rate for rate in pricing.shipping_rates(front.market) if rate.method == "ship"]
    return render(
        visit,
        "delivery.html",
        rates=rates,
        amount=lambda minor: Money(minor, front.currency),
        canonical=front.at("delivery/"),
    )


@page()
def returns(visit: Visit) -> HttpResponse:
    return render(visit, "returns.html", canonical=visit.front.at("returns/"))


@page()
def privacy(visit: Visit) -> HttpResponse:
    return render(visit, "privacy.html", canonical=visit.front.at("privacy/"))


@page()
def about(visit: Visit) -> HttpResponse:
    return render(visit, "about.html", stores=stores_near(visit.front), canonical=visit.front.at("about/"))
