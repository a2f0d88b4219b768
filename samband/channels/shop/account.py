"""The customer's own pages: orders, addresses, particulars."""

import secrets
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import commands
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import CustomerView
from samband.customers.accounts.rules import Particulars
from samband.flows import find_customer
from samband.flows.customer_orders import customer_orders
from samband.kernel.refusal import NotFound, Refusal

from . import reading
from .checkout import POSTCODE_EXAMPLES
from .codes import qr_picture
from .pages import go, page, render
from .refusal_texts import field_errors, said, sentence
from .visits import Visit

MOST_ORDERS = 10
ADDRESS = ("name", "line1", "line2", "postcode", "city", "country", "phone")


@page()
def account(visit: Visit) -> HttpResponse:
    """Orders, addresses and particulars of whoever is signed in; the others are asked to."""
    if visit.customer is None:
        return _to_sign_in(visit)
    return _show(visit, visit.customer)


@page("POST")
def particulars(visit: Visit) -> HttpResponse:
    """Change name, telephone and language."""
    if visit.customer is None:
        return _to_sign_in(visit)
    sent = visit.request.POST
    try:
        commands.change(
            visit.customer.id,
            name=reading.text(sent, "name", 160),
            phone=reading.text(sent, "phone", 60),
            language=reading.text(sent, "language", 8),
        )
    except Refusal as refusal:
        return _show(visit, visit.customer, refusal, "particulars")
    return go(visit.front.at("account/?kept"))


@page("POST")
def address(visit: Visit) -> HttpResponse:
    """Keep an address, or change one."""
    if visit.customer is None:
        return _to_sign_in(visit)
    sent = visit.request.POST
    try:
        given = Particulars(**{field: reading.text(sent, field) for field in ADDRESS})
        which = _uuid(sent.get("address", "")) if sent.get("address") else None
        commands.save_address(visit.customer.id, given, address_id=which, default=bool(sent.get("default")))
    except Refusal as refusal:
        return _show(visit, visit.customer, refusal, "address")
    return go(visit.front.at("account/?kept#addresses"))


@page("POST")
def remove_address(visit: Visit) -> HttpResponse:
    """Take an address out of the book. Raises NotFound."""
    if visit.customer is None:
        return _to_sign_in(visit)
    commands.remove_address(visit.customer.id, _uuid(visit.request.POST.get("address", "")))
    return go(visit.front.at("account/?kept#addresses"))


@page()
def code(visit: Visit) -> HttpResponse:
    """A code by which a till knows whose phone it sees, large enough to be scanned."""
    if visit.customer is None:
        return _to_sign_in(visit)
    template = "customer_code_inside.html" if visit.by_htmx else "customer_code.html"
    return render(visit, template, minutes=int(find_customer.LASTS.total_seconds()) // 60, fresh=secrets.token_hex(4))


@page()
def code_picture(visit: Visit) -> HttpResponse:
    """The code as a picture, made anew each time."""
    if visit.customer is None:
        raise NotFound("There is no such thing.")
    return qr_picture(find_customer.code_for(visit.customer.id))


def _show(visit: Visit, customer: CustomerView, refusal: Refusal | None = None, form: str = "") -> HttpResponse:
    sent = visit.request.GET
    before = _uuid(sent["before"]) if sent.get("before") else None
    cards = customer_orders(customer.id, before, MOST_ORDERS + 1)
    book = accounts.addresses(customer.id)
    editing = sent.get("address", "") or visit.request.POST.get("address", "")
    left_behind = visit.request.session.pop("left_behind", "")
    return render(
        visit,
        "account.html",
        refusal.status if refusal else 200,
        customer=customer,
        orders=cards[:MOST_ORDERS],
        older=cards[MOST_ORDERS - 1].id if len(cards) > MOST_ORDERS else None,
        book=book,
        editing=next((one for one in book if str(one.id) == editing), None),
        typed={field: str(visit.request.POST.get(field, ""))[: reading.LONGEST] for field in ADDRESS}
        if refusal
        else {},
        wrong=form,
        errors=field_errors(refusal) if refusal else {},
        told=sentence(refusal) if refusal else "",
        kept=_("It is kept.") if "kept" in sent else "",
        left_behind=said(left_behind) if left_behind else "",
        countries=pricing.markets(),
        postcode_example=POSTCODE_EXAMPLES.get(visit.front.country, ""),
        here="account",
    )


def _typed(visit: Visit) -> dict[str, str]:
    return {field: str(visit.request.POST.get(field, ""))[: reading.LONGEST] for field in (*ADDRESS, "default")}


def _to_sign_in(visit: Visit) -> HttpResponse:
    return go(visit.front.at("sign-in/?next=account/"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such thing.") from None
