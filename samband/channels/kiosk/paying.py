"""Paying on the phone: on one page, and never for anything that was not just seen."""

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from samband.commerce.payments import queries as payments
from samband.commerce.payments.gift_codes import look_at
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.payments.queries import MethodView
from samband.commerce.payments.refusals import CardRefused, GiftCardClosed, OtherCurrency
from samband.customers.accounts import rules
from samband.flows.by_phone import PhoneOrder, pay_for
from samband.flows.check_out import BasketChanged, Outcome, Tender, come_back, how_it_stands
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal

from . import reading
from .basketing import BasketSaid, basket_of, context, note_seen, show
from .pages import CHANNEL, go, page, render
from .refusal_texts import said as sentence_of
from .refusal_texts import sentence
from .visitors import Visitor

SHOWN = ("card", "pay_later")
"""Ways to pay that this page has fields for."""

OWN_BANK = "sandbox"
PAYMENT_REQUIRED = 402
SHORTEST_KEY = 16
LONGEST_GIFT = 40


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift card that was entered, and what it can pay. Its code stays in the form, and nowhere else."""

    code: str
    balance: Money


class NotFilledIn(Invalid):
    """Fields of the form are missing or wrong; `errors` tells what to say beside each."""

    code = "not_filled_in"


@page("GET", "HEAD", "POST")
def pay(visitor: Visitor) -> HttpResponse:
    """GET shows what is to be paid, POST pays it. Raises VisitOver."""
    visitor.on_visit()
    if visitor.request.method != "POST":
        return _show(visitor, told=_tried(visitor))
    return _enter_gift_card(visitor) if "gift_code" in visitor.request.POST else _pay(visitor)


@page()
def back(visitor: Visitor) -> HttpResponse:
    """The payer is back from their bank."""
    if not visitor.own_orders:
        return go("/kiosk/basket/")
    return _lead_on(visitor, come_back(visitor.own_orders[0]))


def _tried(visitor: Visitor) -> str:
    """What came of the attempt before, if that is why they are here."""
    if "tried" not in visitor.request.GET or not visitor.own_orders:
        return ""
    outcome = how_it_stands(visitor.own_orders[0])
    return _why_not(outcome) if outcome.state in ("declined", "cancelled") else ""


def _why_not(outcome: Outcome) -> str:
    return sentence_of(outcome.reason or "hold_lapsed")


def _enter_gift_card(visitor: Visitor) -> HttpResponse:
    """Look at a gift card that was typed, and show what it pays and what it leaves."""
    sent = visitor.request.POST
    try:
        code = reading.text(sent, "gift_code", LONGEST_GIFT)
        card = look_at(code, f"kiosk:{visitor.on_visit().id}")
        if not card.open:
            raise GiftCardClosed(state=card.state)
        if visitor.cart and card.currency != visitor.cart.currency:
            raise OtherCurrency(expected=visitor.cart.currency, got=card.currency)
    except Refusal as refusal:
        return _show(visitor, refusal.status, told=sentence(refusal))
    return _show(visitor, gift=Gift(code, card.balance))


def _pay(visitor: Visitor) -> HttpResponse:
    sent = visitor.request.POST
    if visitor.cart is None:
        return go("/kiosk/basket/")
    cart_id = visitor.cart.id
    try:
        order = _order(visitor, sent)
        key = reading.text(sent, "key", 64)
        if len(key) < SHORTEST_KEY:
            raise Invalid("This form is not one of ours.", field="key")
        outcome = pay_for(order, key=f"kiosk:{cart_id}:{key}", return_url="/kiosk/pay/back/")
    except NotFilledIn as refusal:
        return _show(visitor, refusal.status, _typed(sent), refusal.details["errors"])
    except Refusal as refusal:
        visitor.look_again()
        return _again(visitor, sent, refusal)
    visitor.remember_order(outcome.order_id)
    if outcome.state in ("declined", "cancelled"):
        visitor.look_again()
        return _show(visitor, PAYMENT_REQUIRED, _typed(sent), told=_why_not(outcome))
    return _lead_on(visitor, outcome)


def _again(visitor: Visitor, sent: QueryDict, refusal: Refusal) -> HttpResponse:
    """What has changed is told line by line in the basket, and they are asked again; anything else above the form."""
    said = basket_of(visitor)
    if isinstance(refusal, BasketChanged) or said is None or said.hindered or said.here.basket.changes:
        return show(visitor, refusal)
    return _show(visitor, refusal.status, _typed(sent), told=sentence(refusal))


def _order(visitor: Visitor, sent: QueryDict) -> PhoneOrder:
    """What they ask for. Raises NotFilledIn with everything that is wrong at once, and Invalid."""
    assert visitor.cart is not None
    errors: dict[str, str] = {}
    customer = visitor.customer
    email = (customer.email or "") if customer else ""
    if typed := reading.text(sent, "email", 254):
        try:
            email = rules.email(typed)
        except Refusal as refusal:
            errors["email"] = sentence(refusal)
    agreed = reading.money(sent, "agreed", visitor.cart.currency)
    tenders = tuple(_tenders(errors, sent, agreed))
    if errors:
        raise NotFilledIn(errors=errors)
    return PhoneOrder(
        visit=visitor.on_visit(),
        cart_id=visitor.cart.id,
        version=reading.whole(sent, "version", 0, 10**12),
        seen_total=agreed,
        tenders=tenders,
        language=visitor.language,
        customer_id=visitor.customer_id,
        group=visitor.group,
        email=email,
        name=(customer.name if customer else "") or email,  # nobody is asked for more than where the receipt goes
    )


def _tenders(errors: dict[str, str], sent: QueryDict, total: Money) -> Iterator[Tender]:
    """The gift card first, for what the form said it pays; then whatever was chosen for the rest."""
    left = total
    if sent.get("gift"):
        share = reading.money(sent, "gift_pays", total.currency)
        yield Tender(method="gift_card", token=reading.text(sent, "gift", LONGEST_GIFT), amount=share)
        left -= share
    if not left:
        return
    if sent.get("method") == "pay_later":
        yield Tender(method="pay_later", plan=reading.text(sent, "plan", 40))
    else:
        yield Tender(method="card", provider=OWN_BANK, token=_token(errors, sent))


def _token(errors: dict[str, str], sent: QueryDict) -> str:
    """The card as the bank's token: the number goes no further than here."""
    number, expiry, cvc = (str(sent.get(f"card_{part}", ""))[:40] for part in ("number", "expiry", "cvc"))
    expiry = re.sub(r"^\s*(\d{2})\s*(\d{2})\s*$", r"\1/\2", expiry)
    try:
        return tokenise(number, expiry, cvc)
    except CardRefused as refusal:
        errors[f"card_{refusal.details.get('field', 'number')}"] = sentence(refusal)
        return ""


def _lead_on(visitor: Visitor, outcome: Outcome) -> HttpResponse:
    """Where they go from here."""
    match outcome.state:
        case "placed":
            return go(f"/kiosk/order/{outcome.number}/")
        case "action_required":
            return go(outcome.url)
        case "declined" | "cancelled":
            return go("/kiosk/pay/?tried" if visitor.visit else f"/kiosk/order/{outcome.number}/")
        case _:
            return go(f"/kiosk/order/{outcome.number}/")


def _typed(sent: QueryDict) -> dict[str, str]:
    """What is put back into the form when it has to be shown again; of the card nothing is."""
    return {name: str(sent.get(name, ""))[: reading.LONGEST] for name in ("email", "method", "plan")}


def _show(
    visitor: Visitor,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    told: str = "",
    gift: Gift | None = None,
) -> HttpResponse:
    said = basket_of(visitor)
    if said is None or said.total is None:
        return go("/kiosk/basket/")
    gift = gift or _gift_before(visitor, said.total)
    if said.hindered or said.here.basket.changes:
        return show(visitor)
    response = render(
        visitor, "pay.html", status, **context(visitor, said), **_form(visitor, said, typed, errors, told, gift)
    )
    note_seen(visitor, said)
    return response


def _form(
    visitor: Visitor,
    said: BasketSaid,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str] | None,
    told: str,
    gift: Gift | None,
) -> dict[str, Any]:
    total = said.total
    assert total is not None
    gift_pays = min(gift.balance, total) if gift else Money(0, total.currency)
    left = total - gift_pays
    ways = [one for one in _offered(visitor, left) if _has_fields(one)]
    chosen = (typed or {}).get("method", "")
    return {
        "typed": typed or {"email": (visitor.customer.email or "") if visitor.customer else ""},
        "errors": errors or {},
        "told": told or (_("Something is missing or not quite right. It is said beside the fields.") if errors else ""),
        "key": secrets.token_urlsafe(24),
        "ways": ways,
        "gift": gift,
        "gift_pays": gift_pays,
        "left": left,
        "takes_gifts": gift is None and any(one.method == "gift_card" for one in _offered(visitor, total)),
        "chosen": chosen if chosen in {way.method for way in ways} else "card",
    }


def _gift_before(visitor: Visitor, total: Money) -> Gift | None:
    """The gift card that was in the form which is shown again."""
    sent = visitor.request.POST
    if not sent.get("gift"):
        return None
    return Gift(reading.text(sent, "gift", LONGEST_GIFT), reading.money(sent, "gift_pays", total.currency))


def _offered(visitor: Visitor, total: Money) -> list[MethodView]:
    """The ways to pay that can be had for this here and now."""
    visit, site = visitor.on_visit(), visitor.site
    assert site is not None
    offered = payments.methods(site.market, CHANNEL, total, (visit.purpose,))
    return [one for one in offered if one.available]


def _has_fields(one: MethodView) -> bool:
    return one.method in SHOWN and (one.method != "card" or one.provider == OWN_BANK)
