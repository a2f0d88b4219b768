"""Orders: finding one, seeing what its shopper saw, and doing what can still be done about it."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderCard, OrderView
from samband.commerce.payments import asking
from samband.commerce.payments import queries as payments
from samband.commerce.payments.queries import IntentView
from samband.commerce.payments.refusals import PaymentNotFound
from samband.commerce.payments.rules import REFUND_REASONS
from samband.customers.accounts import queries as accounts
from samband.engagement.messaging import queries as messages
from samband.flows import finish_order
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal
from samband.timeline import queries as timeline

from .. import event_texts, order_search, reading, reason_texts, state_words
from ..doors import CUSTOMER, about, me, opens
from ..pages import Done, answer, page, words_for
from ..words import Words

A_PAGE = 40
REASONS = ("customer", "retailer")


@opens("orders", sees=CUSTOMER)
def found(request: HttpRequest) -> HttpResponse:
    """The latest orders, or those that match."""
    text, state = reading.asked(request), request.GET.get("state", "")
    state = state if state in state_words.ORDER_STATES else ""
    cards = order_search.found(text, state or None, reading.cursor(request), A_PAGE + 1)
    about(request, *(f"order:{card.id}" for card in cards[:A_PAGE]))
    return page(
        request,
        "orders.html",
        q=text,
        state=state,
        cards=cards[:A_PAGE],
        names=_names(cards[:A_PAGE]),
        before=cards[A_PAGE - 1].id if len(cards) > A_PAGE else None,
    )


def _names(cards: Iterable[OrderCard]) -> dict[UUID, str]:
    """Who ordered, by the id of the order; two statements."""
    cards = list(cards)
    contacts = accounts.contacts({card.contact_id for card in cards if card.contact_id})
    others = {card.customer_id for card in cards if card.customer_id and card.contact_id not in contacts}
    customers = accounts.customers(others) if others else {}
    names = {}
    for card in cards:
        if card.contact_id in contacts:
            contact = contacts[card.contact_id]
            names[card.id] = contact.name or contact.email
        elif card.customer_id in customers:
            customer = customers[card.customer_id]
            names[card.id] = customer.name or customer.email or ""
    return names


@opens("orders")
def unsettled(request: HttpRequest) -> HttpResponse:
    """What a person should look at: payments without an answer, and messages that could not be sent."""
    operations = payments.unsettled()
    return page(
        request,
        "unsettled.html",
        operations=operations,
        cards=orders.cards([one.order_id for one in operations]),
        failed=messages.failed(),
    )


@opens("orders")
def by_id(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Other parts know an order by its id: go on to its number."""
    return HttpResponseRedirect(reverse("console:order", args=[orders.order(order_id).number]))


@opens("orders", sees=CUSTOMER)
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order, with everything that is known of it."""
    view = orders.by_number(number)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return _show(request, orders.order(view.id) if refusal else view, refusal)

    def cancel(request: HttpRequest) -> Done:
        reason = reading.chosen(request.POST, "reason", REASONS)
        finish_order.cancel_order(view.id, reason, key=reading.key(request))
        return Done(_("The order is cancelled. The goods are free again, and what was paid goes back."))

    def refund(request: HttpRequest) -> Done:
        intent = _intent(request, view)
        amount = reading.amount(request.POST, "amount", intent.amount.currency)
        reason = reading.chosen(request.POST, "reason", REFUND_REASONS)
        words = words_for(me(request))
        if asking.ask_to_refund(intent.id, amount, reason, key=reading.key(request)) is None:
            return Done(_("The provider has not answered yet; %(amount)s will go back.") % _told(amount, words))
        return Done(_("%(amount)s went back to the customer.") % _told(amount, words))

    def capture(request: HttpRequest) -> Done:
        intent = _intent(request, view)
        amount = reading.amount(request.POST, "amount", intent.amount.currency)
        words = words_for(me(request))
        if asking.ask_to_capture(intent.id, amount, key=reading.key(request)) is None:
            return Done(_("The provider has not answered yet; look again soon."))
        return Done(_("%(amount)s was taken.") % _told(amount, words))

    return answer(request, show, {"cancel": cancel, "refund": refund, "capture": capture})


def _told(amount: Money, words: Words) -> dict[str, str]:
    return {"amount": words.money(amount)}


def _intent(request: HttpRequest, view: OrderView) -> IntentView:
    """The payment that the form speaks of: one of this order. Raises PaymentNotFound or NotFound."""
    intent = payments.intent(reading.uuid(request.POST, "intent"))
    if intent.order_id != view.id:
        raise PaymentNotFound()
    return intent


def _show(request: HttpRequest, view: OrderView, refusal: Refusal | None) -> HttpResponse:
    words = words_for(me(request))
    about(request, f"order:{view.id}", *([f"customer:{view.customer_id}"] if view.customer_id else []))
    groups = fulfillments.of_order(view.id)
    paid = payments.of_order(view.id)
    subjects = [f"order:{view.id}", *(f"fulfillment:{one.id}" for one in groups), *(f"intent:{one.id}" for one in paid)]
    story = timeline.story((), subjects, most=200)
    contact = accounts.contacts([view.contact_id]).get(view.contact_id) if view.contact_id else None
    customer = accounts.customers([view.customer_id]).get(view.customer_id) if view.customer_id else None
    address_id = next((group.address_id for group in view.groups if group.address_id), None)
    with_us = all(one.state in ("requested", "picking", "ready", "cancelled") for one in groups)
    return page(
        request,
        "order.html",
        refusal=refusal,
        words=words,
        order=view,
        contact=contact,
        customer=customer,
        address=accounts.address(address_id) if address_id else None,
        reasons=_reasons(view, words),
        shipping_reasons=[_reason(one, words) for one in view.quote.get("shipping_reasons", ())],
        fulfillments=groups,
        payments=[(one, payments.movements(one.id)) for one in paid],
        messages=[one for subject in subjects for one in messages.about(subject)],
        story=[(one, event_texts.sentence(one.name, one.payload, words)) for one in story],
        cancellable=view.state == "placed" and with_us,
        cancel_reasons=REASONS,
        refund_reasons=[(code, state_words.word(state_words.REFUND_REASONS, code)) for code in REFUND_REASONS],
    )


def _reasons(view: OrderView, words: Words) -> dict[str, list[str]]:
    """Why each line cost what it did, as the shopper was shown it, by SKU."""
    return {line["sku"]: [_reason(one, words) for one in line["reasons"]] for line in view.quote.get("lines", ())}


def _reason(one: dict[str, object], words: Words) -> str:
    return reason_texts.sentence(str(one["code"]), one["params"], words)  # type: ignore[arg-type]
