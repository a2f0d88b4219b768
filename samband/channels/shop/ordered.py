"""An order's page: what happened, what comes next, and the code to pick it up with."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments import queries as payments
from samband.customers.accounts import queries as accounts
from samband.flows.check_out import Outcome, call_off, come_back, settle
from samband.flows.customer_orders import is_theirs
from samband.flows.finish_order import cancel_order
from samband.flows.message_facts import number_in
from samband.flows.order_story import order_story
from samband.flows.pay_link import payable_until, token_for
from samband.kernel.geography import TIME_ZONES
from samband.kernel.refusal import Refusal

from . import reading, tries
from .explaining import order_explained
from .pages import go, page, render
from .progress import parcel_views, story_said
from .refusal_texts import sentence
from .savings import order_savings
from .substitutes import proposals
from .transferring import waited_for
from .visits import Visit
from .wording import Words


@page("GET", "HEAD", "POST")
def find(visit: Visit) -> HttpResponse:
    """Find an order by its number and the e-mail address it was placed with. Raises OrderNotFound, TooMany."""
    if visit.request.method != "POST":
        return render(visit, "find_order.html")
    number = orders.as_number(reading.text(visit.request.POST, "number", 40))
    email = reading.text(visit.request.POST, "email", 254).lower()
    tries.finding.count_address(visit.request)
    tries.finding_one.count(number)
    try:
        order = orders.by_number(number)
    except OrderNotFound as refusal:
        return _not_found(visit, number, email, refusal)
    contact = accounts.contacts([order.contact_id]).get(order.contact_id) if order.contact_id else None
    if contact is None or contact.email != email or not _can_be_shown(order):
        return _not_found(visit, number, email, OrderNotFound())
    visit.remember_order(order.id)
    return go(visit.front.at(f"order/{order.number}/"))


def _can_be_shown(order: OrderView) -> bool:
    """Nobody looks for what was never ordered, but for the account to send the money to."""
    return order.state != "draft" or waited_for(payments.wanted(order.id)) is not None


def _not_found(visit: Visit, number: str, email: str, refusal: OrderNotFound) -> HttpResponse:
    told = sentence(refusal)
    return render(visit, "find_order.html", refusal.status, told=told, number=number, email=email)


@page()
def order(visit: Visit, number: str) -> HttpResponse:
    """The order's page. Six statements and the visitor's own. Raises OrderNotFound for whoever may not see it."""
    found = orders.by_number(number)
    if token := visit.request.GET.get("t"):
        if number_in(token) != found.number:
            raise OrderNotFound()
        visit.remember_order(found.id)
        return go(visit.front.at(f"order/{found.number}/"))
    check_theirs(visit, found)
    if found.state == "draft":
        outcome = _come_back(found.id)
        if outcome.state in ("declined", "cancelled"):
            return _elsewhere(visit, "checkout/?tried")
        found = orders.order(found.id)
    if found.state == "draft" and outcome.state == "awaiting":
        return _elsewhere(visit, f"pay/{token_for(found.id)}/")
    if found.state == "draft":
        return _waiting(visit, found, outcome)
    if visit.by_htmx:
        return _elsewhere(visit, f"order/{found.number}/?placed")
    return show(visit, found)


def show(visit: Visit, found: OrderView, refusal: Refusal | None = None) -> HttpResponse:
    """An order that was placed, as far as it has come; with what could not be done about it just now."""
    story = order_story(found)
    words, asked = Words(visit.front.language), visit.request.GET
    return render(
        visit,
        "order.html",
        refusal.status if refusal else 200,
        story=story,
        order=found,
        parcels=parcel_views(story, words),
        made=order_explained(found, words),
        savings=order_savings(found, words),
        told_story=story_said(story, words),
        proposals=proposals(story, words),
        told=sentence(refusal) if refusal else "",
        done=_done(asked),
        just_placed="placed" in asked and found.state == "placed",
    )


def _done(asked: Mapping[str, str]) -> str:
    """What somebody has just done, in a sentence."""
    if "changed" in asked:
        return _("It is changed. If something is to be paid back, it goes back the way it came.")
    if "agreed" in asked:
        return _("Thank you. You get it instead; if it costs less, the difference goes back the way it came.")
    if "declined" in asked:
        return _("All right, not that. Whoever packs it looks once more; what is not there is paid back.")
    return ""


def _come_back(order_id: UUID) -> Outcome:
    """How an order stands that is not paid yet. If its money came without anybody telling us, it is placed now."""
    outcome = come_back(order_id)
    return settle(order_id, None) if outcome.state == "processing" else outcome


def _waiting(visit: Visit, found: OrderView, outcome: Outcome) -> HttpResponse:
    """An order that is not paid yet: the bank thinks it over, asks its customer, or waits for their transfer."""
    box = waited_for(payments.wanted(found.id)) if outcome.state == "action_required" else None
    template = "order_waiting_inside.html" if visit.by_htmx else "order_waiting.html"
    zone = TIME_ZONES.get(found.market, "UTC")
    until = payable_until(found.id) if box else None
    return render(visit, template, order=found, outcome=outcome, box=box, until=until, zone=zone)


@page("POST")
def give_up(visit: Visit, number: str) -> HttpResponse:
    """An order that is not paid yet comes to nothing; its goods are still in the cart. Raises OrderNotFound."""
    found = orders.by_number(number)
    check_theirs(visit, found)
    call_off(found.id, "abandoned")
    return go(visit.front.at("checkout/"))


@page("POST")
def cancel(visit: Visit, number: str) -> HttpResponse:
    """Call the order off while its goods are with us. Raises OrderNotFound, OrderOver, NotPermitted."""
    found = orders.by_number(number)
    check_theirs(visit, found)
    cancel_order(found.id, "customer", key=f"shop-cancel-{found.id}")
    return go(visit.front.at(f"order/{found.number}/"))


def check_theirs(visit: Visit, found: OrderView) -> None:
    """The browser that placed it, or the customer whose it is. Anybody else is told what a stranger is told."""
    if found.id in visit.own_orders:
        return
    if visit.customer_id is None or not is_theirs(found, visit.customer_id):
        raise OrderNotFound()


def _elsewhere(visit: Visit, path: str) -> HttpResponse:
    """Look there, also for a browser that renews a part of its page."""
    if not visit.by_htmx:
        return go(visit.front.at(path))
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = visit.front.at(path)
    return response
