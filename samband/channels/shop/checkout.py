"""The checkout on one page: whom to tell, how to have it, how to pay, and what it comes to.

It is one form. Most of its buttons order nothing: they look up slots, enter a coupon or a gift card, and show the form
again as it was typed. What was typed into a code's field but not entered yet is entered first, and nothing is ordered.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from samband.commerce.orders import queries as orders
from samband.customers.accounts import commands as account_commands
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import Basket, look_at
from samband.flows.check_out import Outcome, check_out, come_back, how_it_stands
from samband.kernel.refusal import Invalid, Refusal

from . import couponing, gift_cards, letters, reading, visiting
from .carting import line_views, note_seen
from .carting import show as show_cart
from .explaining import quote_explained
from .filling_in import NotFilledIn, wish
from .gift_cards import Entered, shares
from .pages import go, page, render
from .paying import CARD, TRANSFER, Sum, ways_to_pay
from .refusal_texts import said, sentence
from .savings import coupon_views, savings
from .slots import slot_days
from .storefronts import CHANNEL
from .visits import Visit
from .wording import Words

TYPED = (
    "email", "name", "phone", "method", "location", "ship_name", "line1", "line2", "postcode", "city", "keep", "slot",
    "pay", "plan", "letters",
)  # fmt: skip
"""What is put back into the form when it has to be shown again; of the card nothing is."""

POSTCODE_EXAMPLES = {"IS": "101", "PL": "00-029", "LV": "LV-1011", "GR": "105 63", "GB": "SW1A 1AA"}
PAYMENT_REQUIRED = 402


@page("GET", "HEAD", "POST")
def checkout(visit: Visit) -> HttpResponse:
    """GET shows it, POST orders and pays. Nothing has changed when it is shown again with what is wrong."""
    if visit.request.method != "POST":
        return _show(visit, **_tried(visit))
    sent = visit.request.POST
    asked = _asked(sent)
    if asked == "order":
        return _order(visit)
    cards, told = gift_cards.entered(visit, sent, visit.front.currency)
    coupon_told = ""
    match asked:
        case "coupon":
            coupon_told = couponing.put_in(visit, sent)
        case "gift":
            told = gift_cards.enter(visit, sent, visit.front.currency, cards) or told
        case "drop_coupon":
            couponing.take_out(visit, sent.get("drop_coupon", ""))
        case "drop_gift":
            cards = [one for one in cards if str(one.card.id) != sent.get("drop_gift")]
    return _show(
        visit,
        _typed(sent),
        told=_code_came_first() if sent.get("do", "order") == "order" and asked in ("coupon", "gift") else "",
        cards=cards,
        coupon_told=coupon_told,
        gift_told=told,
        status=409 if coupon_told or told else 200,
    )


def _code_came_first() -> str:
    return _("Nothing is ordered yet: your code was looked at first. Please look at the total once more.")


def _asked(sent: QueryDict) -> str:
    """What the button stands for. A code that waits in its field comes before ordering."""
    for dropped in ("drop_coupon", "drop_gift"):
        if dropped in sent:
            return dropped
    do = sent.get("do", "order")
    if do == "order":
        do = next((code for code, field in (("coupon", "coupon"), ("gift", "gift_code")) if sent.get(field)), do)
    return do if do in ("order", "coupon", "gift") else "look"


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
        wanted = wish(visit, cart_id, sent)
        key = reading.text(sent, "key", 64)
        if len(key) < 16:
            raise Invalid("This form is not one of ours.", field="key")
        outcome = check_out(wanted, key=f"shop:{cart_id}:{key}", return_url=visit.front.at("checkout/back/"))
    except Refusal as refusal:
        return _again(visit, sent, refusal)
    address = wanted.parts[0].address
    if sent.get("keep") and visit.customer_id and address and outcome.state != "declined":
        account_commands.save_address(visit.customer_id, address)
    visit.remember_order(outcome.order_id)
    if outcome.state in ("declined", "cancelled"):
        return _once_more(visit, sent, {}, _why_not(outcome), PAYMENT_REQUIRED)
    _tell_who(visit, wanted.email)
    if sent.get("letters"):
        letters.from_checkout(visit, wanted.email)
    if any(tender.method == TRANSFER for tender in wanted.tenders) and outcome.state == "action_required":
        return go(visit.front.at(f"order/{outcome.number}/"))
    return _lead_on(visit, outcome)


def _tell_who(visit: Visit, email: str) -> None:
    """Whoever goes to pay has said who they are."""
    if visit.customer_id:
        visiting.is_customer(visit, visit.customer_id, "ordered")
    else:
        visiting.is_guest(visit, email)


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
    """What is wrong is said beside the fields or above them."""
    errors = refusal.details["errors"] if isinstance(refusal, NotFilledIn) else {}
    told = _("Something is missing or not quite right. It is said beside the fields.") if errors else sentence(refusal)
    return _once_more(visit, sent, errors, told, refusal.status)


def _once_more(visit: Visit, sent: QueryDict, errors: Mapping[str, str], told: str, status: int) -> HttpResponse:
    """The form once more, as it was typed."""
    visit.__dict__.pop("cart", None)
    cards, gift_told = gift_cards.entered(visit, sent, visit.front.currency)
    return _show(visit, _typed(sent), errors, told, cards=cards, gift_told=gift_told, status=status)


def _typed(sent: QueryDict) -> dict[str, str]:
    return {name: str(sent.get(name, ""))[: reading.LONGEST] for name in TYPED}


def _show(
    visit: Visit,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    told: str = "",
    *,
    cards: Sequence[Entered] = (),
    coupon_told: str = "",
    gift_told: str = "",
    status: int = 200,
) -> HttpResponse:
    """Four statements for a guest, one more for coupons, one for slots once a postcode is known."""
    front = visit.front
    if visit.cart is None or not visit.cart.lines or visit.cart.market != front.market:
        return go(front.at("cart/")) if status < 400 else show_cart(visit, told=told, status=status)
    basket = look_at(visit.cart, CHANNEL, visit.group, "pickup")
    if basket.quote is None or any(isinstance(change.now, int) for change in basket.changes):
        if status < 400:
            return go(front.at("cart/"))
        return show_cart(visit, told=told, status=status)
    context = _basket_context(visit, basket)
    typed = dict(typed) if typed else _known(visit, can_ship=context["sent"] is not None)
    context |= _paying_context(visit, context, cards)
    context |= {
        "typed": typed,
        "errors": errors or {},
        "told": told,
        "coupon_told": coupon_told,
        "gift_told": gift_told,
        "key": secrets.token_urlsafe(24),
        "postcode_example": POSTCODE_EXAMPLES.get(front.country, ""),
        "slot_days": slot_days(basket, typed["postcode"], Words(front.language)) if context["sent"] else (),
    }
    note_seen(visit, basket)
    return render(visit, "checkout_form.html" if visit.by_htmx else "checkout.html", status, **context)


def _basket_context(visit: Visit, basket: Basket) -> dict[str, Any]:
    """The goods, the ways to have them, and what they come to on each."""
    front, words, quote = visit.front, Words(visit.front.language), basket.quote
    assert quote is not None
    shipping = basket.shipping()
    sent = basket.quoted("ship") if shipping.possible else None
    pickups = basket.pickups()
    lines = line_views(basket, front)
    names = {line.sku: line.full_name for line in lines}
    return {
        "basket": basket,
        "lines": lines,
        "names": names,
        "quote": quote,
        "saved": savings(quote, words),
        "made_picked_up": quote_explained(quote, names, words),
        "shipping": shipping if sent else None,
        "sent": sent,
        "saved_sent": savings(sent, words) if sent else None,
        "made_sent": quote_explained(sent, names, words) if sent else (),
        "coupons": coupon_views(basket.cart.coupons, sent or quote, words),
        "near": [way for way in pickups if way.location and way.location.country == front.country],
        "far": [way for way in pickups if way.location and way.location.country != front.country],
    }


def _paying_context(visit: Visit, context: Mapping[str, Any], cards: Sequence[Entered]) -> dict[str, Any]:
    """What gift cards pay on each way, and how the rest can be paid."""
    totals = {"pickup": context["quote"].total}
    if context["sent"]:
        totals = {"ship": context["sent"].total, **totals}
    paid = {way: shares(cards, total) for way, total in totals.items()}
    return {
        "gifts": cards,
        "paid": paid,
        "paying": ways_to_pay(visit.front, [Sum(way, (way,), left) for way, (_paid, left) in paid.items()]),
    }


def _known(visit: Visit, *, can_ship: bool) -> dict[str, str]:
    """What we know of somebody who is signed in."""
    typed = dict.fromkeys(TYPED, "")
    typed |= {"method": "ship" if can_ship else "pickup", "pay": CARD}
    if customer := visit.customer:
        typed |= {"email": customer.email or "", "name": customer.name, "phone": customer.phone}
        here = [one.given for one in accounts.addresses(customer.id) if one.given.country == visit.front.country]
        if here:
            typed |= _address_typed(here[0])
    return typed
