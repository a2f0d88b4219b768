"""Paying an order by its link: what was drafted at a till or by somebody of ours, paid on the customer's own phone.

The page tells what is bought and what it comes to, and nothing of whoever it is for: a link goes from hand to hand.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.inventory.refusals import UnknownHold
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.orders.refusals import NotADraft
from samband.commerce.payments import queries as payments
from samband.commerce.payments.queries import IntentView
from samband.flows.check_out import Outcome, Tender, come_back, drop, how_it_stands, pay
from samband.flows.pay_link import order_in, payable_until
from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal

from . import gift_cards, reading
from .checkout import PAYMENT_REQUIRED
from .filling_in import NotFilledIn, tender
from .gift_cards import Entered, shares
from .pages import go, page, render
from .paying import Sum, WaysToPay, ways_to_pay
from .refusal_texts import said, sentence
from .savings import order_savings
from .storefronts import CHANNEL
from .transferring import waited_for
from .visits import Visit
from .wording import Words

SECURED = ("authorised", "captured")
TYPED = ("pay", "plan")


@page("GET", "HEAD", "POST")
def show(visit: Visit, token: str) -> HttpResponse:
    """GET shows what is to be paid, POST pays it. Raises PayLinkRefused, OrderNotFound."""
    order = orders.order(order_in(token))
    if visit.request.method == "POST" and order.state == "draft" and _held(order):
        return _act(visit, token, order)
    return _show(visit, token, order)


def _act(visit: Visit, token: str, order: OrderView) -> HttpResponse:
    sent = visit.request.POST
    if sent.get("do") == "another":
        _drop_open(order)
        return go(visit.front.at(f"pay/{token}/"))
    asked = "gift" if sent.get("gift_code") else sent.get("do", "order")
    if asked == "order" and "drop_gift" not in sent:
        return _pay(visit, token, order)
    cards, told = gift_cards.entered(visit, sent, order.total.currency)
    if "drop_gift" in sent:
        cards = [one for one in cards if str(one.card.id) != sent["drop_gift"]]
    elif asked == "gift":
        told = gift_cards.enter(visit, sent, order.total.currency, cards) or told
    return _show(visit, token, order, cards=cards, gift_told=told, status=409 if told else 200)


def _drop_open(order: OrderView) -> None:
    """Take back what the payer has not confirmed yet, so that they can choose anew."""
    for intent in payments.wanted(order.id):
        if intent.state == "requires_action":
            drop(order.id, intent.id)


def _pay(visit: Visit, token: str, order: OrderView) -> HttpResponse:
    sent = visit.request.POST
    try:
        tenders = _tenders(visit, order)
        key = reading.text(sent, "key", 64)
        if len(key) < 16:
            raise Invalid("This form is not one of ours.", field="key")
        outcome = pay(
            order.id,
            tenders,
            key=f"pay-link:{order.id}:{key}",
            return_url=visit.front.at(f"pay/{token}/"),
            language=visit.front.language,
            channel=CHANNEL,
        )
    except NotADraft:
        return go(visit.front.at(f"pay/{token}/"))
    except Refusal as refusal:
        return _again(visit, token, order, refusal)
    if outcome.state == "action_required" and not any(one.method == "transfer" for one in tenders):
        return go(outcome.url)
    if outcome.state == "awaiting" and outcome.reason:
        cards, gift_told = gift_cards.entered(visit, sent, order.total.currency)
        told = said(outcome.reason, status=409)
        return _show(visit, token, order, told=told, cards=cards, gift_told=gift_told, status=PAYMENT_REQUIRED)
    return go(visit.front.at(f"pay/{token}/"))


def _tenders(visit: Visit, order: OrderView) -> tuple[Tender, ...]:
    """What the form pays with. Raises NotFilledIn, also if what is left is not what was shown, and Invalid."""
    sent, currency = visit.request.POST, order.total.currency
    agreed = reading.money(sent, "agreed", currency)
    if agreed is None or agreed != how_it_stands(order.id).left:
        raise NotFilledIn(errors={"agreed": _("What is left to pay has changed. Please look once more.")})
    paid, left = gift_cards.agreed(visit, sent, "", agreed)
    errors: dict[str, str] = {}
    rest = tender(errors, sent, _ways(visit, order, left)) if left else None
    if errors:
        raise NotFilledIn(errors=errors)
    return (*paid, *((rest,) if rest else ()))


def _ways(visit: Visit, order: OrderView, left: Money) -> WaysToPay:
    """How what is left can be paid: by nothing that takes longer than the goods are held."""
    kinds = tuple(dict.fromkeys(group.kind for group in order.groups))
    ways = ways_to_pay(visit.front, [Sum("", kinds, left)])
    held = payable_until(order.id) - now()
    return ways.without(lambda one: one.lasts is not None and one.lasts > held)


def _again(visit: Visit, token: str, order: OrderView, refusal: Refusal) -> HttpResponse:
    errors = refusal.details["errors"] if isinstance(refusal, NotFilledIn) else {}
    told = errors.pop("agreed", "") or (_("Please look at what is said beside the fields.") if errors else "")
    cards, gift_told = gift_cards.entered(visit, visit.request.POST, order.total.currency)
    return _show(
        visit, token, order, told=told or sentence(refusal), errors=errors, cards=cards, gift_told=gift_told,
        status=refusal.status,
    )  # fmt: skip


def _show(visit: Visit, token: str, order: OrderView, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page as the order stands."""
    outcome = come_back(order.id) if order.state == "draft" else how_it_stands(order.id)
    if outcome.state != "placed" and order.state == "draft":
        order = orders.order(order.id)
    live = payments.wanted(order.id)
    standing = _standing(order, outcome)
    words = Words(visit.front.language)
    context = {
        "order": order,
        "token": token,
        "standing": standing,
        "outcome": outcome,
        "savings": order_savings(order, words),
        "secured": [one for one in live if one.state in SECURED],
        "box": waited_for(live) if standing == "bank" else None,
        "theirs": order.id in visit.own_orders,
    }
    if standing == "open":
        context |= _to_pay(visit, order, outcome, live, **more)
    template = "pay_link_inside.html" if visit.by_htmx else "pay_link.html"
    return render(visit, template, status, **context)


def _standing(order: OrderView, outcome: Outcome) -> str:
    """paid, lapsed, bank (the payer is asked for something), waiting, or open to be paid."""
    match outcome.state:
        case "placed":
            return "paid"
        case "action_required":
            return "bank"
        case "processing":
            return "waiting"
        case "awaiting" if _held(order):
            return "open"
        case _:
            return "lapsed"


def _held(order: OrderView) -> bool:
    try:
        return payable_until(order.id) > now()
    except UnknownHold:
        return False


def _to_pay(
    visit: Visit,
    order: OrderView,
    outcome: Outcome,
    live: Sequence[IntentView],
    told: str = "",
    errors: dict[str, str] | None = None,
    cards: Sequence[Entered] = (),
    gift_told: str = "",
) -> dict[str, Any]:
    left = outcome.left or order.total
    paid = shares(cards, left)
    return {
        "left": left,
        "until": payable_until(order.id),
        "zone": TIME_ZONES.get(order.market, "UTC"),
        "gifts": cards,
        "paid": {"": paid},
        "paying": _ways(visit, order, paid[1]),
        "typed": {name: reading.text(visit.request.POST, name, 40) for name in TYPED},
        "told": told,
        "errors": errors or {},
        "gift_told": gift_told,
        "key": secrets.token_urlsafe(24),
    }
