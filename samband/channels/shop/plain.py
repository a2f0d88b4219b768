"""Pages that say how things are done here, and the stores."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.pricing import queries as pricing
from samband.customers.rights import queries as rights
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
    """What is kept, for how long and why: by the rules that hold in this house."""
    return render(
        visit,
        "privacy.html",
        kept=_kept(),
        backup_days=settings.BACKUP_DAYS,
        canonical=visit.front.at("privacy/"),
    )


def _kept() -> Callable[[str], str]:
    days = {one.rule.code: one.days for one in rights.keeping()}
    return lambda code: _span(days[code])


def _span(days: int | None) -> str:
    """So many days as people count them."""
    if days is None:
        return _("for as long as there is no need to let it go")
    if days >= 730 and days % 365 <= days // 365:
        return ngettext("%(num)s year", "%(num)s years", days // 365) % {"num": days // 365}
    if days > 92:
        return ngettext("%(num)s month", "%(num)s months", round(days / 30.4)) % {"num": round(days / 30.4)}
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


@page()
def about(visit: Visit) -> HttpResponse:
    return render(visit, "about.html", stores=stores_near(visit.front), canonical=visit.front.at("about/"))
