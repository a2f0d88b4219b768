"""Going to pay over HTTP: from a cart to an order that stands."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from samband.commerce.cart.refusals import CartClosed, CartEdited, NoSuchCart
from samband.commerce.fulfillment.refusals import SlotClosed, SlotFull, UnknownSlot
from samband.commerce.inventory.refusals import SoldOut, UnknownHold
from samband.commerce.orders import queries as orders
from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments.providers import sandbox
from samband.commerce.payments.refusals import (
    CardRefused,
    MethodNotAvailable,
    PaymentUnderWay,
    ReturnAddressRefused,
    UnknownMethod,
    UnknownPlan,
    UnknownProvider,
)
from samband.commerce.pricing.refusals import CouponUsedUp, NotForSale
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.refusals import AddressIncomplete, NotAnEmail, NotAPhone
from samband.customers.accounts.rules import Particulars
from samband.flows import check_out as flow
from samband.flows.check_out import (
    BasketChanged,
    BasketEmpty,
    Checkout,
    MethodNotOffered,
    NoSuchWay,
    NotYourCart,
    Part,
    Tender,
    TendersDiffer,
)
from samband.flows.check_out.wishes import HERE_AND_NOW
from samband.flows.pay_link import link_to_pay, payable_until
from samband.kernel.goods import Line
from samband.kernel.money import CurrencyMismatch, Money
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .cart_answers import CHANNEL, expected_version
from .operations import Door
from .orders import find
from .refusals import BadPrecondition, CartMoved, CheckoutCancelled, PaymentRefused
from .shapes import checkout as shapes
from .shapes.words import shown

TENDERS = (
    TendersDiffer,
    CurrencyMismatch,
    MethodNotOffered,
    MethodNotAvailable,
    UnknownMethod,
    UnknownProvider,
    UnknownPlan,
    PaymentUnderWay,
    ReturnAddressRefused,
    PaymentRefused,
    CheckoutCancelled,
)

door = Door("Checkout", "From a cart to an order that is paid and on somebody's pick list, without a way to pay twice.")


@door.post(
    "/carts/{uuid:cart}/checkout",
    scope="orders:write",
    once=True,
    asks=shapes.CheckoutWish,
    answers=shapes.Outcome,
    status=201,
    others={202: shapes.Outcome},
    headers=("Location",),
    edits_cart=True,
    refuses=(
        NoSuchCart,
        CartClosed,
        CartEdited,
        CartMoved,
        BadPrecondition,
        NotYourCart,
        BasketEmpty,
        BasketChanged,
        NoSuchWay,
        SoldOut,
        UnknownSlot,
        SlotFull,
        SlotClosed,
        CouponUsedUp,
        NotForSale,
        NotAnEmail,
        NotAPhone,
        AddressIncomplete,
        *TENDERS,
        NotFound,
        Invalid,
    ),
)
def check_out(request: HttpRequest, cart: UUID, ask: shapes.CheckoutWish, key: str) -> Answer:
    """Order and pay what is in a cart.

    201: the order stands. 202: the bank wants a second factor (send the shopper to `url`, then ask `settleOrder`) or
    has not answered yet, or the order waits to be paid. Declined is, besides what a bank declines, a gift card that is
    none (`unknown_gift_card`), over (`gift_card_closed`), in another currency (`payment_other_currency`) or holds less
    (`gift_card_short`): the `reason` of `payment_declined`, or of an order that waits. A refusal leaves the cart as it
    was: `basket_changed` tells the `changes` and the new `total`; it, `sold_out` and `no_such_way` name the lines that
    fell `short`. Asking again with the same key and the same wish never orders or charges twice, whatever happened in
    between; a token counts as the same whatever it is.
    """
    expected = expected_version(request)
    version = ask.version if ask.version is not None else expected
    try:
        return answer(flow.check_out(_wish(cart, version, ask), key=key, return_url=ask.return_url))
    except CartEdited as refusal:
        if version == expected:
            raise CartMoved(**refusal.details) from refusal
        raise
    except BasketChanged as refusal:
        raise BasketChanged(**refusal.details, short=_fallen_short(refusal.details["changes"])) from refusal
    except NoSuchWay as refusal:
        details = {**refusal.details, "short": [{"sku": sku} for sku in refusal.details["short"]]}
        raise NoSuchWay(refusal.message, **details) from refusal


def _fallen_short(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of which there are too few by now, told as `sold_out` tells them."""
    lacking = [change for change in changes if change["code"] in ("short", "sold_out", "gone")]
    return [{"sku": change["sku"], "wanted": change["was"], "available": change["now"]} for change in lacking]


def _wish(cart: UUID, version: int | None, ask: shapes.CheckoutWish) -> Checkout:
    email, name, phone, group = "", "", "", None
    if ask.customer_id is not None:
        customer = accounts.customer(ask.customer_id)
        email, name, phone, group = customer.email or "", customer.name, customer.phone, customer.group
    parts = _parts(ask)
    here = [part for part in parts if part.kind in HERE_AND_NOW]
    if ask.contact is not None:
        email, name, phone = ask.contact.email, ask.contact.name, ask.contact.phone
    elif ask.customer_id is None and len(here) < len(parts):
        raise Invalid("Say whom to tell about the order.", fields=["contact"])
    return Checkout(
        cart_id=cart,
        version=version,
        customer_id=ask.customer_id,
        channel=CHANNEL,
        language=ask.language,
        email=email,
        name=name,
        phone=phone,
        parts=parts,
        tenders=_paid_by(ask),
        seen_total=Money(ask.seen_total.amount, ask.seen_total.currency),
        group=group,
        sold_at=(here[0].location or "") if len(here) == len(parts) else "",
        place=ask.place,
        patient=ask.patient,
        lasts=timedelta(minutes=ask.hold_minutes),
    )


def _parts(ask: shapes.CheckoutWish) -> tuple[Part, ...]:
    """The ways that goods go, named one by one or as one. Raises Invalid for both, and for neither."""
    if (ask.method is None) == (not ask.parts):
        raise Invalid("Name one `method` for all goods, or `parts`.", fields=["method", "parts"])
    if ask.method is not None:
        return (Part(kind=ask.method, location=ask.location, address=_address(ask.address)),)
    if ask.location or ask.address:
        raise Invalid("Where goods go stands in their part.", fields=["location", "address"])
    return tuple(
        Part(
            kind=one.kind,
            location=one.location,
            address=_address(one.address),
            slot_id=one.slot_id,
            place=one.place,
            goods=None if one.lines is None else tuple(Line(line.sku, line.quantity) for line in one.lines),
        )
        for one in ask.parts
    )


def _address(given: shapes.AddressGiven | None) -> Particulars | None:
    if given is None:
        return None
    return Particulars(given.name, given.line1, given.city, given.country, given.postcode, given.line2, given.phone)


def _paid_by(ask: shapes.CheckoutWish) -> tuple[Tender, ...]:
    """What it is paid with. Raises Invalid for a card and tenders besides."""
    if ask.token is None:
        return tenders_of(ask.tenders)
    if ask.tenders:
        raise Invalid("Pay with one `token`, or with `tenders`.", fields=["token", "tenders"])
    return (Tender(method=ask.pay_by, provider=ask.provider, token=ask.token),)


def tenders_of(given: tuple[shapes.TenderGiven, ...]) -> tuple[Tender, ...]:
    """What is paid with what."""
    return tuple(
        Tender(
            method=one.method,
            provider=one.provider,
            token=one.token,
            amount=Money(one.amount.amount, one.amount.currency) if one.amount else None,
            plan=one.plan,
        )
        for one in given
    )


@door.post(
    "/orders/{order}/settlement",
    scope="orders:write",
    answers=shapes.Outcome,
    others={202: shapes.Outcome},
    headers=("Location",),
    refuses=(OrderNotFound, PaymentRefused, CheckoutCancelled),
)
def settle_order(request: HttpRequest, order: str) -> Answer:
    """Ask how a payment stands, and go on from there.

    For when the shopper comes back from their bank, or the bank had not answered. Nothing is charged by asking, and
    asking again is safe, so it needs no key.
    """
    return answer(flow.come_back(find(order).id), placed=200)


def answer(outcome: flow.Outcome, placed: int = 201) -> Answer:
    """Where that leaves the shopper. Raises PaymentRefused and CheckoutCancelled where it came to nothing."""
    about = {"order_id": str(outcome.order_id), "number": outcome.number}
    match outcome.state:
        case "declined":
            raise PaymentRefused(reason=outcome.reason, **about)
        case "cancelled":
            raise CheckoutCancelled(**about)
        case state:
            return Answer(
                _outcome(outcome),
                status=placed if state == "placed" else 202,
                headers={"Location": f"/api/v1/orders/{outcome.number}"},
            )


def _outcome(outcome: flow.Outcome) -> shapes.Outcome:
    """What is told of it; of an order that waits also where it is paid, and until when."""
    pay_link, until = "", None
    if outcome.state == "awaiting":
        order = orders.order(outcome.order_id)
        with suppress(UnknownHold):
            until = payable_until(order.id)
            pay_link = link_to_pay(order.id, order.language, order.market)
    told = {name: getattr(outcome, name) for name in ("order_id", "number", "state", "url", "reason", "left")}
    return shown({**told, "pay_link": pay_link, "payable_until": until}, shapes.Outcome)


@door.post(
    "/payments/sandbox/tokens",
    scope="orders:write",
    asks=shapes.CardWish,
    answers=shapes.Token,
    status=201,
    refuses=(CardRefused,),
)
def tokenise_card(request: HttpRequest, ask: shapes.CardWish) -> shapes.Token:
    """Have the sandbox bank's token for a test card.

    4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined, 4000 0000 0000 3220 wants a second factor (the code is
    1234), 4000 0000 0000 0119 is never answered. The number is kept nowhere.
    """
    return shapes.Token(token=sandbox.tokenise(ask.number, ask.expiry, ask.cvc))
