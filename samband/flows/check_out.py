"""Checking out: from a cart to an order that is paid and on somebody's pick list.

Three steps, each whole by itself. *Agree*: one transaction holds the goods, writes the order down as a draft and
starts its payment. *Pay*: the provider is asked, with no transaction open. *Settle*: one transaction turns hold into
allocation and draft into order, or calls both off. Whatever dies in between is finished by the reactions in this
folder: a draft whose payment came in is placed, one whose hold lapsed is called off, and money nobody counts on goes
back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import msgspec
from django.db import DatabaseError, transaction

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import CartClosed, CartEdited
from samband.commerce.cart.rules import CartView
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as holds
from samband.commerce.inventory.queries import locations
from samband.commerce.inventory.refusals import HoldClosed, HoldLapsed, UnknownHold
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import GroupView, OrderView
from samband.commerce.orders.refusals import CartAlreadySold, NotADraft, OrderOver
from samband.commerce.orders.rules import Draft, DraftGroup, DraftLine
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments import queries as payments
from samband.commerce.payments.commands import Begun
from samband.commerce.payments.queries import IntentView
from samband.commerce.payments.refusals import ReturnAddressRefused
from samband.commerce.payments.rules import Answer, Approved
from samband.commerce.pricing.quoting import Quote
from samband.customers.accounts import commands as accounts
from samband.customers.accounts.rules import Particulars
from samband.events.orders import OrderDrafted
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentDeclined
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.languages import pick
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict, Invalid, Refusal
from samband.timeline import claim, told_at_once

from . import delivery
from .basket import Basket, look_at

HOLD_LASTS = timedelta(minutes=20)
"""How long goods are held for somebody who is paying: longer than a bank lets its second factor take."""

EITHER = ("ship", "pickup")


class BasketChanged(Conflict):
    """Prices or stock are not what the shopper saw; look again before paying."""

    code = "basket_changed"


class BasketEmpty(Invalid):
    """There is nothing in the cart."""

    code = "basket_empty"


class NoSuchWay(Conflict):
    """The goods cannot be had this way; `short` names what hinders it."""

    code = "no_such_way"


class NotYourCart(Conflict):
    """This cart belongs to somebody who is signed in."""

    code = "not_your_cart"


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What a shopper asks for. `seen_total` is the total they agreed to, `version` the cart they saw, if that counts.

    Goods are shipped to `address` or picked up at `location`. `pay_token` stands for their card at the provider.
    """

    cart_id: UUID
    version: int | None
    customer_id: UUID | None
    channel: str
    language: str
    email: str
    name: str
    phone: str = ""
    method: str
    location: str | None = None
    address: Particulars | None = None
    pay_by: str = "card"
    provider: str = "sandbox"
    pay_token: str
    seen_total: Money
    group: str | None = None


@dataclass(frozen=True)
class Outcome:
    """Where that leaves the shopper. `state`: placed, action_required (at `url`), processing, declined, cancelled."""

    order_id: UUID
    number: str
    state: str
    url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _Agreed:
    """What was agreed a moment ago, so that nothing of it has to be read again."""

    cart: CartView
    draft: Draft
    number: str
    intent_id: UUID
    payment: Begun


def check_out(wish: Checkout, *, key: str, return_url: str = "/") -> Outcome:
    """Order and pay. Asking twice with one key is asking once.

    Raises BasketEmpty, BasketChanged (with `changes` and `total`), NoSuchWay, SoldOut, CartEdited, CartClosed,
    NotYourCart, NotForSale, NotAnEmail, NotAPhone, AddressIncomplete, ReturnAddressRefused, Invalid, KeyReused; then
    nothing has changed.
    """
    if not asking.is_ours(return_url):
        raise ReturnAddressRefused()
    locations()  # which are not remembered if they are first asked for inside a transaction
    agreed = _agree(wish, key)
    if isinstance(agreed, OrderDrafted):
        return _go_on(agreed.order_id, wish, return_url)
    return _take_in(agreed, asking.put(agreed.payment, wish.pay_token, return_url, wish.language))


# --- agree


def _agree(wish: Checkout, key: str) -> _Agreed | OrderDrafted:
    """What is agreed now; or, if the key was used before, what was drafted then."""
    with transaction.atomic(), told_at_once():
        # The token is left out of what the key stands for: the same card typed again is another token.
        # One attempt of a cart at a time: each sees, and calls off, the draft of the one before. It is not the cart's
        # row that is locked, for whoever places an order comes to that last, with the payment in hand.
        claimed = claim("check_out", key, replace(wish, pay_token=""), alone=str(wish.cart_id))
        if isinstance(claimed.earlier, OrderDrafted):
            return claimed.earlier
        cart = carts.cart(wish.cart_id)
        _check_cart(cart, wish)
        _give_up_earlier(cart.id)
        basket = look_at(cart, wish.channel, wish.group, wish.method)
        quote = _agreed(basket, wish)
        positions = _positions(basket, wish)
        order_id = new_id()
        address_id = None
        if wish.method == "ship" and wish.address:
            address_id = accounts.keep_address(wish.address, customer_id=wish.customer_id)
        contact_id = accounts.keep_contact(
            wish.email, wish.name, wish.phone, customer_id=wish.customer_id, country=basket.country
        )
        inventory.hold(order_id, positions, now() + HOLD_LASTS)
        draft = _draft(order_id, basket, quote, positions, wish, contact_id, address_id)
        drafted = order_commands.draft(draft, key=claimed)
        intent_id = new_id()
        payment_commands.start(
            intent_id, order_id, draft.total, draft.currency, wish.pay_by, wish.provider, "automatic", asking=True
        )
        payment = Begun(payment_commands.authorise_key(intent_id), quote.total, automatic=True, provider=wish.provider)
        return _Agreed(cart, draft, drafted.number, intent_id, payment)


def _check_cart(cart: CartView, wish: Checkout) -> None:
    if cart.customer_id is not None and cart.customer_id != wish.customer_id:
        raise NotYourCart()
    if cart.state != "open":
        raise CartClosed(state=cart.state)
    if wish.version is not None and cart.version != wish.version:
        raise CartEdited(version=cart.version)
    if not cart.lines:
        raise BasketEmpty()
    if wish.method not in EITHER:
        raise Invalid("Goods are shipped or picked up.")
    if wish.method == "ship" and wish.address is None:
        raise Invalid("What is shipped needs an address.", fields=["address"])
    if wish.method == "pickup" and wish.location not in locations():
        raise Invalid("Choose a store to pick up at.", fields=["location"])


def _give_up_earlier(cart_id: UUID) -> None:
    """An attempt of this cart that was not paid is called off: the shopper begins anew.

    Raises CartClosed if it was placed while we came to it: nobody pays twice for one cart.
    """
    for order_id in orders.drafts_of_cart(cart_id):
        call_off(order_id, "abandoned")
        if orders.order(order_id).state in ("placed", "completed"):
            raise CartClosed(state="ordered")


def _agreed(basket: Basket, wish: Checkout) -> Quote:
    """The quote, if it is what the shopper saw."""
    quote = basket.quote
    if quote is None or basket.changes or quote.total != wish.seen_total:
        raise BasketChanged(
            changes=[
                {"code": one.code, "sku": one.sku, "was": _plain(one.was), "now": _plain(one.now)}
                for one in basket.changes
            ],
            total=_plain(quote.total) if quote else None,
        )
    return quote


def _plain(value: Money | int) -> dict[str, object] | int:
    return {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value


def _positions(basket: Basket, wish: Checkout) -> tuple[Position, ...]:
    way = basket.shipping() if wish.method == "ship" else basket.pickup(locations()[str(wish.location)])
    if wish.method == "ship" and wish.address and wish.address.country != basket.country:
        raise NoSuchWay("This market does not ship there.", short=[], country=wish.address.country[:8])
    if not way.possible or way.promise is None:
        raise NoSuchWay(short=list(way.short))
    return basket.positions(wish.method, wish.location)


def _draft(
    order_id: UUID,
    basket: Basket,
    quote: Quote,
    positions: Sequence[Position],
    wish: Checkout,
    contact_id: UUID,
    address_id: UUID | None,
) -> Draft:
    items = {line.sku: line.item for line in basket.lines if line.item}
    groups = tuple(_groups(positions, basket, wish, address_id))
    return Draft(
        order_id=order_id,
        customer_id=wish.customer_id,
        contact_id=contact_id,
        cart_id=wish.cart_id,
        channel=wish.channel,
        market=basket.cart.market,
        language=wish.language,
        currency=quote.currency,
        total=quote.total.amount,
        total_net=quote.total_net.amount,
        total_vat=quote.total_vat.amount,
        shipping=quote.shipping.amount,
        shipping_vat=quote.shipping_vat.amount,
        lines=tuple(
            DraftLine(
                sku=line.sku,
                name=_name(items[line.sku].names, items[line.sku].variant_labels, wish.language),
                quantity=line.quantity,
                unit=line.unit.amount,
                total=line.total.amount,
                net=line.net.amount,
                vat=line.vat.amount,
                vat_basis_points=line.vat_basis_points,
            )
            for line in quote.lines
        ),
        groups=groups,
        quote=msgspec.to_builtins(quote),
    )


def _name(names: Mapping[str, str], labels: Mapping[str, str], language: str) -> str:
    label = pick(labels, language)
    return f"{pick(names, language)}, {label}" if label else pick(names, language)


def _groups(
    positions: Sequence[Position], basket: Basket, wish: Checkout, address_id: UUID | None
) -> Sequence[DraftGroup]:
    places: dict[str, list[Line]] = {}
    for position in positions:
        places.setdefault(position.location, []).append(Line(position.sku, position.quantity))
    groups = []
    for location, goods in places.items():
        promise = delivery.promised(wish.method, location, basket.country, basket.at)
        groups.append(
            DraftGroup(
                kind=wish.method,
                location=location,
                goods=tuple(goods),
                address_id=address_id,
                promised_from=promise.earliest if promise else None,
                promised_until=promise.latest if promise else None,
            )
        )
    return groups


# --- pay


def _go_on(order_id: UUID, wish: Checkout, return_url: str) -> Outcome:
    """The same was asked before: it is being paid, or whoever did so died before the bank was asked, or it is over."""
    intent = _wanted(order_id)
    if intent is None or intent.state != "processing":
        return how_it_stands(order_id)
    return settle(order_id, asking.put_again(intent.id, wish.pay_token, return_url, wish.language))


def come_back(order_id: UUID) -> Outcome:
    """The payer is back from their bank, or looks again: ask how the payment stands, and go on from there."""
    intent = _wanted(order_id)
    event = (
        asking.ask_how_it_stands(intent.id) if intent and intent.state in ("processing", "requires_action") else None
    )
    return settle(order_id, event) if event else how_it_stands(order_id)


# --- settle


def _take_in(agreed: _Agreed, answer: Answer) -> Outcome:
    """Take the bank's answer in and, if it is yes, place the order in the same transaction."""
    if isinstance(answer, Approved):
        try:
            if placed := _place_paid(agreed, answer):
                return placed
        except (Refusal, DatabaseError):
            pass  # whatever hinders the order, the answer is taken in
    return settle(agreed.draft.order_id, payment_commands.note_answer(agreed.intent_id, answer))


@transaction.atomic
def _place_paid(agreed: _Agreed, answer: Approved) -> Outcome | None:
    draft = agreed.draft
    with told_at_once():
        event = payment_commands.note_answer(agreed.intent_id, answer)
        if not isinstance(event, PaymentAuthorised | PaymentCaptured):
            return None
        order_commands.place(draft.order_id)
        inventory.keep(draft.order_id)
        _get_ready(draft.order_id, draft.customer_id, agreed.number, draft.groups)
        cart, customer_id = agreed.cart, draft.customer_id or agreed.cart.customer_id
        if not cart_commands.order_as_seen(cart.id, cart.version, draft.order_id, customer_id):
            _close_cart(orders.order(draft.order_id))
    return Outcome(draft.order_id, agreed.number, "placed")


def settle(order_id: UUID, event: object) -> Outcome:
    """Go on from where the payment stands. Safe to repeat, and to be asked by two at once."""
    match event:
        case PaymentAuthorised() | PaymentCaptured():
            try:
                return _place(order_id)
            except NotADraft:
                pass  # somebody else was faster
            except (HoldLapsed, HoldClosed, UnknownHold, CartAlreadySold):
                # Paid too late: the goods are somebody else's by now, or another attempt came first.
                call_off(order_id, "abandoned")
        case PaymentDeclined():
            call_off(order_id, "declined")
        case _:
            pass
    return how_it_stands(order_id)


@transaction.atomic
def _place(order_id: UUID) -> Outcome:
    with told_at_once():
        order_commands.place(order_id)
        inventory.keep(order_id)
        order = orders.order(order_id)
        _get_ready(order_id, order.customer_id, order.number, order.groups)
        _close_cart(order)
    return Outcome(order_id, order.number, "placed")


def _get_ready(
    order_id: UUID, customer_id: UUID | None, number: str, groups: Sequence[DraftGroup] | Sequence[GroupView]
) -> None:
    for group in groups:
        fulfillment.request(
            new_id(),
            order_id,
            customer_id,
            group.kind,
            group.location,
            group.goods,
            group.promised_from or now(),
            group.promised_until or now(),
            group.address_id,
            number,
        )


def _close_cart(order: OrderView) -> None:
    """What was ordered leaves the cart; what was put in while the bank was asked stays."""
    if order.cart_id is None:
        return
    cart = carts.cart(order.cart_id)
    ordered = {line.sku: line.quantity for line in order.lines}
    if cart.state != "open":
        return
    if {line.sku: line.quantity for line in cart.lines} == ordered:
        cart_commands.order(cart.id, cart.version, order.id, order.customer_id or cart.customer_id)
        return
    for line in cart.lines:
        if line.sku in ordered:
            cart_commands.put(cart.id, line.sku, max(line.quantity - ordered[line.sku], 0))


def call_off(order_id: UUID, reason: str) -> None:
    """A draft comes to nothing: its goods go back, its money is let go. An order that stands is left alone."""
    if orders.order(order_id).state != "draft":
        return
    try:
        _call_off(order_id, reason)
    except (OrderOver, HoldClosed):
        return  # somebody else was faster, or will be: a lapsed hold calls its draft off by itself


@transaction.atomic
def _call_off(order_id: UUID, reason: str) -> None:
    with told_at_once():
        # Payment, order, goods: whoever places an order locks them in the same sequence.
        payment_commands.abandon_order(order_id)
        if order_commands.cancel(order_id, reason).was_placed:
            # It was paid since we looked, and its shopper was told so: what is done here is undone.
            raise OrderOver(order=str(order_id), state="placed")
        if holds.hold(order_id).state != "closed":
            inventory.release(order_id, "cancelled")


def how_it_stands(order_id: UUID) -> Outcome:
    """Where an order and its payment are now. Raises OrderNotFound."""
    order = orders.order(order_id)
    if order.state in ("placed", "completed"):
        return Outcome(order_id, order.number, "placed")
    if order.state == "cancelled":
        declined = [intent.decline_reason for intent in payments.of_order(order_id) if intent.decline_reason]
        return Outcome(order_id, order.number, "declined" if declined else "cancelled", reason="".join(declined[:1]))
    intent = _wanted(order_id)
    if intent and intent.state == "requires_action":
        return Outcome(order_id, order.number, "action_required", url=intent.challenge_url)
    return Outcome(order_id, order.number, "processing")


def _wanted(order_id: UUID) -> IntentView | None:
    """The one payment of an order that is paid in one."""
    return next(iter(payments.wanted(order_id)), None)
