"""Changing an order: until somebody begins to pack it, where a parcel goes, when it comes and how much is in it; and
while it is packed, whether something else will do for what was not found."""

import secrets
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.fulfillment import substitutions
from samband.commerce.fulfillment.queries import FulfillmentView, SlotView
from samband.commerce.fulfillment.refusals import UnknownSubstitution
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.customers.accounts import queries as accounts
from samband.customers.accounts import rules
from samband.customers.accounts.rules import Particulars
from samband.flows import change_order, substitute
from samband.flows.change_order import Changeable
from samband.kernel.geography import TIME_ZONES
from samband.kernel.refusal import Conflict, Invalid, Refusal

from . import reading
from .checkout import POSTCODE_EXAMPLES
from .ordered import check_theirs
from .ordered import show as show_order
from .pages import go, page, render
from .refusal_texts import field_errors, sentence
from .slots import SlotDay, days_of
from .visits import Visit
from .wording import Words

ADDRESS = ("name", "line1", "line2", "postcode", "city", "phone")


class BeingPacked(Conflict):
    """Somebody packs it already, or it is on its way."""

    code = "being_packed"


@page("GET", "HEAD", "POST")
def change(visit: Visit, number: str, part: UUID) -> HttpResponse:
    """GET shows what of a part may be changed, POST changes it. Raises OrderNotFound, BeingPacked."""
    order = orders.by_number(number)
    check_theirs(visit, order)
    found = _part(order, part)
    if visit.request.method != "POST":
        return _show(visit, order, found)
    sent = visit.request.POST
    try:
        key = reading.text(sent, "key", 64)
        if len(key) < 16:
            raise Invalid("This form is not one of ours.", field="key")
        _change(visit, found, f"shop-change:{part}:{key}")
    except Refusal as refusal:
        return _show(visit, order, found, refusal)
    return go(visit.front.at(f"order/{order.number}/?changed"))


@page("POST")
def answer(visit: Visit, number: str, proposal: UUID) -> HttpResponse:
    """Take the substitute, or do without. Raises OrderNotFound, UnknownSubstitution."""
    order = orders.by_number(number)
    check_theirs(visit, order)
    if substitutions.substitution(proposal).order_id != order.id:
        raise UnknownSubstitution(substitution=str(proposal))
    yes = visit.request.POST.get("answer") == "yes"
    try:
        deed = substitute.agree if yes else substitute.decline
        deed(proposal, key=f"shop-{'agree' if yes else 'decline'}-{proposal}")
    except Refusal as refusal:
        return show_order(visit, order, refusal)
    return go(visit.front.at(f"order/{order.number}/?{'agreed' if yes else 'declined'}"))


def _part(order: OrderView, part: UUID) -> Changeable:
    for one in change_order.changeable(order.id):
        if one.fulfillment.id == part:
            return one
    raise BeingPacked()


def _change(visit: Visit, found: Changeable, key: str) -> None:
    sent = visit.request.POST
    view = found.fulfillment
    match sent.get("do"):
        case "address":
            change_order.change_address(view.id, _address(visit, view), key=key)
        case "slot":
            change_order.change_slot(view.id, _slot(sent.get("slot", "")), key=key)
        case "goods":
            _take_off(visit, view, key)
        case _:
            raise Invalid("There is nothing to change.", field="do")


def _address(visit: Visit, view: FulfillmentView) -> Particulars:
    sent = visit.request.POST
    country = accounts.address(view.address_id).given.country if view.address_id else visit.front.country
    return rules.address(Particulars(**{field: reading.text(sent, field) for field in ADDRESS}, country=country))


def _slot(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Invalid("There is no such slot.", field="slot") from None


def _take_off(visit: Visit, view: FulfillmentView, key: str) -> None:
    """As many of each as are wanted from now on; more than there are is no change."""
    for line in view.lines:
        wanted = reading.whole(visit.request.POST, f"q.{line.sku}", 0, line.quantity, otherwise=line.quantity)
        if wanted < line.quantity:
            change_order.fewer(view.id, line.sku, line.quantity - wanted, key=f"{key}:{line.sku}")


def _show(visit: Visit, order: OrderView, found: Changeable, refusal: Refusal | None = None) -> HttpResponse:
    view, front = found.fulfillment, visit.front
    given = accounts.address(view.address_id).given if view.address_id else None
    names = {line.sku: line.name for line in order.lines}
    errors = field_errors(refusal) if refusal and visit.request.POST.get("do") == "address" else {}
    told = sentence(refusal) if refusal else ""
    return render(
        visit,
        "change.html",
        refusal.status if refusal else 200,
        order=order,
        view=view,
        lines=[(line.sku, names.get(line.sku, line.sku), line.quantity) for line in view.lines],
        given=given,
        typed=_typed(visit, given) if found.redirects else {},
        slot_days=_days(found.slots, order, Words(front.language)),
        redirects=found.redirects,
        errors=errors,
        told=told or (_("Please look at what is said beside the fields.") if errors else ""),
        key=secrets.token_urlsafe(24),
        postcode_example=POSTCODE_EXAMPLES.get(given.country if given else front.country, ""),
    )


def _typed(visit: Visit, given: Particulars | None) -> dict[str, str]:
    """What is in the address form: what was just typed, else where it goes now."""
    if visit.request.POST.get("do") == "address":
        return {field: str(visit.request.POST.get(field, ""))[: reading.LONGEST] for field in ADDRESS}
    return {field: str(getattr(given, field, "")) for field in ADDRESS}


def _days(slots: tuple[SlotView, ...], order: OrderView, words: Words) -> tuple[SlotDay, ...]:
    return days_of(slots, TIME_ZONES.get(order.market, "UTC"), words)
