"""The checkout on one page: whom to tell, how to have it, how to pay, and what it comes to."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.payments.refusals import CardRefused
from samband.customers.accounts import commands as account_commands
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import look_at
from samband.flows.check_out import Checkout, Outcome, check_out, come_back, how_it_stands
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal

from . import reading
from .carting import line_views, note_seen, quoted
from .carting import show as show_cart
from .pages import go, page, render
from .refusal_texts import field_errors, said, sentence
from .storefronts import CHANNEL
from .visits import Visit

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
    return {"told": said(outcome.reason or "hold_lapsed", status=409)}


def _order(visit: Visit) -> HttpResponse:
    sent = visit.request.POST
    cart_id = visit.guest_cart_id or (visit.cart.id if visit.cart else None)
    if cart_id is None:
        return go(visit.front.at("cart/"))
    try:
        wish = _wish(visit, sent)
        key = reading.text(sent, "key", 64)
        if len(key) < 16:
            raise Invalid("This form is not one of ours.", field="key")
        outcome = check_out(wish, key=f"shop:{cart_id}:{key}", return_url=visit.front.at("checkout/back/"))
    except Refusal as refusal:
        return _again(visit, sent, refusal)
    if sent.get("keep") and visit.customer_id and wish.address and outcome.state != "declined":
        account_commands.save_address(visit.customer_id, wish.address)
    visit.remember_order(outcome.order_id)
    return _lead_on(visit, outcome)


def _wish(visit: Visit, sent: QueryDict) -> Checkout:
    """What the shopper asks for. Raises Invalid and CardRefused naming the fields."""
    cart_id = visit.guest_cart_id or (visit.cart and visit.cart.id)
    method = reading.text(sent, "method", 10)
    if method not in METHODS:
        raise Invalid("Goods are shipped or picked up.", fields=["method"])
    name = reading.text(sent, "name", 120)
    agreed = reading.money(sent, f"agreed_{method}", visit.front.currency)
    address = None
    if method == "ship":
        address = Particulars(
            name=reading.text(sent, "ship_name", 160) or name,
            line1=reading.text(sent, "line1"),
            line2=reading.text(sent, "line2"),
            postcode=reading.text(sent, "postcode", 40),
            city=reading.text(sent, "city"),
            country=visit.front.country,
        )
    return Checkout(
        cart_id=cart_id,  # type: ignore[arg-type]  # looked at before
        version=reading.whole(sent, "version", 0, 10**12),
        customer_id=visit.customer_id,
        channel=CHANNEL,
        language=visit.front.language,
        email=reading.text(sent, "email"),
        name=name,
        phone=reading.text(sent, "phone", 60),
        method=method,
        location=(reading.text(sent, "location", 40) or None) if method == "pickup" else None,
        address=address,
        pay_token=_token(sent),
        # Without a total nobody has agreed to anything: then any total is another one.
        seen_total=agreed or Money(0, visit.front.currency),
        group=visit.group,
    )


def _token(sent: QueryDict) -> str:
    """The card as the bank's token: the number goes no further than here."""
    number, expiry, cvc = (str(sent.get(f"card_{part}", ""))[:40] for part in ("number", "expiry", "cvc"))
    expiry = re.sub(r"^\s*(\d{2})\s*(\d{2})\s*$", r"\1/\2", expiry)
    return tokenise(number, expiry, cvc)


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
    errors = field_errors(refusal)
    if isinstance(refusal, CardRefused):
        errors = {f"card_{refusal.details.get('field', 'number')}": sentence(refusal)}
    typed = {name: str(sent.get(name, ""))[: reading.LONGEST] for name in TYPED}
    if errors and "address" in errors:
        errors |= {"line1": errors.pop("address")}
    if typed["method"] == "ship" and "name" in errors and typed["ship_name"]:
        errors["ship_name"] = errors.pop("name")
    told = _("Something is missing or not quite right. It is said beside the fields.") if errors else sentence(refusal)
    visit.__dict__.pop("cart", None)
    return _show(visit, typed=typed, errors=errors, told=told, status=refusal.status)


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
    sent = quoted(basket, "ship", visit.group) if shipping.possible else None
    pickups = basket.pickups()
    lines = line_views(basket, front)
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
        "names": {line.sku: line.name for line in lines},
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
            given = here[0]
            typed |= {"ship_name": given.name, "line1": given.line1, "line2": given.line2}
            typed |= {"postcode": given.postcode, "city": given.city}
    return typed
