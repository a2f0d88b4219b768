"""The checkout on one page: whom to tell, how to have it, how to pay, and what it comes to."""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.payments.refusals import CardRefused
from samband.customers.accounts import commands as account_commands
from samband.customers.accounts import queries as accounts
from samband.customers.accounts import rules
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import look_at
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out, come_back, how_it_stands
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal

from . import reading
from .carting import line_views, note_seen
from .carting import show as show_cart
from .explaining import quote_explained
from .pages import go, page, render
from .refusal_texts import field_errors, said, sentence
from .storefronts import CHANNEL
from .visits import Visit
from .wording import Words

METHODS = ("ship", "pickup")
TYPED = ("email", "name", "phone", "method", "location", "ship_name", "line1", "line2", "postcode", "city", "keep")
"""What is put back into the form when it has to be shown again; of the card nothing is."""

POSTCODE_EXAMPLES = {"IS": "101", "PL": "00-029", "LV": "LV-1011", "GR": "105 63", "GB": "SW1A 1AA"}
PAYMENT_REQUIRED = 402


@page("GET", "HEAD", "POST")
def checkout(visit: Visit) -> HttpResponse:
    """GET shows it, POST orders and pays. Nothing has changed when it is shown again with what is wrong."""
    return _order(visit) if visit.request.method == "POST" else _show(visit, **_tried(visit))


@page()
def back(visit: Visit) -> HttpResponse:
    """The payer is back from their bank."""
    if not visit.own_orders:
        return go(visit.front.at("cart/"))
    return _lead_on(visit, come_back(visit.own_orders[0]))


def _tried(visit: Visit) -> dict[str, Any]:
    """What came of the attempt before, if that is why they are here."""
    if "tried" not in visit.request.GET or not visit.own_orders:
        return {}
    outcome = how_it_stands(visit.own_orders[0])
    if outcome.state not in ("declined", "cancelled"):
        return {}
    return {"told": _why_not(outcome), "typed": _typed_before(visit.own_orders[0])}


def _why_not(outcome: Outcome) -> str:
    """Why nothing came of it."""
    return said(outcome.reason or "hold_lapsed", status=409)


def _typed_before(order_id: UUID) -> dict[str, str]:
    """What was typed for the attempt that came to nothing, so that nobody has to type it again."""
    tried = orders.order(order_id)
    typed = dict.fromkeys(TYPED, "")
    if tried.contact_id:
        contact = accounts.contact(tried.contact_id)
        typed |= {"email": contact.email, "name": contact.name, "phone": contact.phone}
    for group in tried.groups[:1]:
        typed |= {"method": group.kind, "location": group.location if group.kind == "pickup" else ""}
        if group.address_id:
            typed |= _address_typed(accounts.address(group.address_id).given)
    return typed


def _address_typed(given: Particulars) -> dict[str, str]:
    return {
        "ship_name": given.name,
        "line1": given.line1,
        "line2": given.line2,
        "postcode": given.postcode,
        "city": given.city,
    }


def _order(visit: Visit) -> HttpResponse:
    sent = visit.request.POST
    cart_id = visit.guest_cart_id or (visit.cart.id if visit.cart else None)
    if cart_id is None:
        return go(visit.front.at("cart/"))
    try:
        wish = _wish(visit, cart_id, sent)
        key = reading.text(sent, "key", 64)
        if len(key) < 16:
            raise Invalid("This form is not one of ours.", field="key")
        outcome = check_out(wish, key=f"shop:{cart_id}:{key}", return_url=visit.front.at("checkout/back/"))
    except Refusal as refusal:
        return _again(visit, sent, refusal)
    if sent.get("keep") and visit.customer_id and wish.parts[0].address and outcome.state != "declined":
        account_commands.save_address(visit.customer_id, wish.parts[0].address)
    visit.remember_order(outcome.order_id)
    if outcome.state in ("declined", "cancelled"):
        visit.__dict__.pop("cart", None)
        return _show(visit, _typed(sent), told=_why_not(outcome), status=PAYMENT_REQUIRED)
    return _lead_on(visit, outcome)


class NotFilledIn(Invalid):
    """Fields of the form are missing or wrong; `errors` tells what to say beside each."""

    code = "not_filled_in"


def _wish(visit: Visit, cart_id: UUID, sent: QueryDict) -> Checkout:
    """What the shopper asks for. Raises NotFilledIn with everything that is wrong at once, and Invalid."""
    errors: dict[str, str] = {}
    method = reading.text(sent, "method", 10)
    if method not in METHODS:
        errors["method"] = field_errors(Invalid(field="method"))["method"]
    email = _checked(errors, "email", lambda: rules.email(reading.text(sent, "email", 254)))
    name = _checked(errors, "name", lambda: rules.name(reading.text(sent, "name")))
    phone = _checked(errors, "phone", lambda: rules.phone(reading.text(sent, "phone", 60), visit.front.country))
    address = _address(errors, visit, sent, name) if method == "ship" else None
    location = reading.text(sent, "location", 40) if method == "pickup" else ""
    if method == "pickup" and location not in inventory.locations():
        errors["location"] = field_errors(Invalid(field="location"))["location"]
    token = _token(errors, sent)
    if errors:
        raise NotFilledIn(errors=errors)
    agreed = reading.money(sent, f"agreed_{method}", visit.front.currency)
    return Checkout(
        cart_id=cart_id,
        version=reading.whole(sent, "version", 0, 10**12),
        customer_id=visit.customer_id,
        channel=CHANNEL,
        language=visit.front.language,
        email=email,
        name=name,
        phone=phone,
        parts=(Part(kind=method, location=location or None, address=address),),
        tenders=(Tender(method="card", provider="sandbox", token=token),),
        # Without a total nobody has agreed to anything: then any total is another one.
        seen_total=agreed or Money(0, visit.front.currency),
        group=visit.group,
    )


def _checked(errors: dict[str, str], field: str, read: Callable[[], str]) -> str:
    """What was read, or nothing and a word beside the field."""
    try:
        return read()
    except Refusal as refusal:
        errors |= field_errors(Invalid(field=field, unwritable=refusal.details.get("unwritable", ())))
        return ""


def _address(errors: dict[str, str], visit: Visit, sent: QueryDict, name: str) -> Particulars | None:
    try:
        given = Particulars(
            name=reading.text(sent, "ship_name") or name or "?",
            line1=reading.text(sent, "line1"),
            line2=reading.text(sent, "line2"),
            postcode=reading.text(sent, "postcode", 40),
            city=reading.text(sent, "city"),
            country=visit.front.country,
        )
        return rules.address(given)
    except Refusal as refusal:
        told = field_errors(refusal)
        if "name" in told:
            told["ship_name"] = told.pop("name")
        errors |= told
        return None


def _token(errors: dict[str, str], sent: QueryDict) -> str:
    """The card as the bank's token: the number goes no further than here."""
    number, expiry, cvc = (str(sent.get(f"card_{part}", ""))[:40] for part in ("number", "expiry", "cvc"))
    expiry = re.sub(r"^\s*(\d{2})\s*(\d{2})\s*$", r"\1/\2", expiry)
    try:
        return tokenise(number, expiry, cvc)
    except CardRefused as refusal:
        errors[f"card_{refusal.details.get('field', 'number')}"] = sentence(refusal)
        return ""


def _lead_on(visit: Visit, outcome: Outcome) -> HttpResponse:
    """Where the shopper goes from here."""
    match outcome.state:
        case "placed":
            return go(visit.front.at(f"order/{outcome.number}/?placed"))
        case "action_required":
            return go(outcome.url)
        case "declined" | "cancelled":
            return go(visit.front.at("checkout/?tried"))
        case _:
            return go(visit.front.at(f"order/{outcome.number}/"))


def _again(visit: Visit, sent: QueryDict, refusal: Refusal) -> HttpResponse:
    """The form once more, as it was typed, with what is wrong said beside the fields or above them."""
    errors = refusal.details["errors"] if isinstance(refusal, NotFilledIn) else {}
    told = _("Something is missing or not quite right. It is said beside the fields.") if errors else sentence(refusal)
    visit.__dict__.pop("cart", None)
    return _show(visit, typed=_typed(sent), errors=errors, told=told, status=refusal.status)


def _typed(sent: QueryDict) -> dict[str, str]:
    return {name: str(sent.get(name, ""))[: reading.LONGEST] for name in TYPED}


def _show(
    visit: Visit,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    front = visit.front
    if visit.cart is None or not visit.cart.lines or visit.cart.market != front.market:
        return go(front.at("cart/")) if status < 400 else show_cart(visit, told=told, status=status)
    basket = look_at(visit.cart, CHANNEL, visit.group, "pickup")
    if basket.quote is None or any(isinstance(change.now, int) for change in basket.changes):
        if status < 400:
            return go(front.at("cart/"))
        return show_cart(visit, told=told, status=status)
    shipping = basket.shipping()
    sent = basket.quoted("ship") if shipping.possible else None
    pickups = basket.pickups()
    lines = line_views(basket, front)
    names = {line.sku: line.full_name for line in lines}
    words = Words(front.language)
    context = {
        "basket": basket,
        "lines": lines,
        "quote": basket.quote,
        "shipping": shipping if sent else None,
        "sent": sent,
        "near": [way for way in pickups if way.location and way.location.country == front.country],
        "far": [way for way in pickups if way.location and way.location.country != front.country],
        "typed": dict(typed) if typed else _known(visit, can_ship=sent is not None),
        "errors": errors or {},
        "told": told,
        "key": secrets.token_urlsafe(24),
        "postcode_example": POSTCODE_EXAMPLES.get(front.country, ""),
        "names": names,
        "made_sent": quote_explained(sent, names, words) if sent else (),
        "made_picked_up": quote_explained(basket.quote, names, words),
    }
    note_seen(visit, basket)
    return render(visit, "checkout.html", status, **context)


def _known(visit: Visit, *, can_ship: bool) -> dict[str, str]:
    """What we know of somebody who is signed in."""
    typed = dict.fromkeys(TYPED, "")
    typed["method"] = "ship" if can_ship else "pickup"
    if customer := visit.customer:
        typed |= {"email": customer.email or "", "name": customer.name, "phone": customer.phone}
        here = [one.given for one in accounts.addresses(customer.id) if one.given.country == visit.front.country]
        if here:
            typed |= _address_typed(here[0])
    return typed
