"""Going to pay over HTTP: from a cart to an order that stands."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from samband.commerce.cart.refusals import CartClosed, CartEdited, NoSuchCart
from samband.commerce.inventory.refusals import SoldOut
from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments.providers import sandbox
from samband.commerce.payments.refusals import (
    CardRefused,
    ReturnAddressRefused,
    UnknownMethod,
    UnknownProvider,
)
from samband.commerce.pricing.refusals import NotForSale
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.refusals import AddressIncomplete, NotAnEmail, NotAPhone
from samband.customers.accounts.rules import Particulars
from samband.flows import check_out as flow
from samband.flows.check_out import BasketChanged, BasketEmpty, Checkout, NoSuchWay, NotYourCart, Part, Tender
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .carts import CHANNEL, expected_version
from .operations import Door
from .orders import find
from .refusals import BadPrecondition, CartMoved, CheckoutCancelled, PaymentRefused
from .shapes import carts as shapes
from .shapes.words import shown

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
        NotForSale,
        NotAnEmail,
        NotAPhone,
        AddressIncomplete,
        UnknownProvider,
        UnknownMethod,
        ReturnAddressRefused,
        PaymentRefused,
        CheckoutCancelled,
        NotFound,
        Invalid,
    ),
)
def check_out(request: HttpRequest, cart: UUID, ask: shapes.CheckoutWish, key: str) -> Answer:
    """Order and pay what is in a cart.

    201: the order stands. 202: the bank wants a second factor (send the shopper to `url`, then ask `settleOrder`) or
    has not answered yet. A refusal leaves the cart as it was: `basket_changed` tells the `changes` and the new `total`;
    it, `sold_out` and `no_such_way` name the lines that fell `short`. Asking again with the same key and the same wish
    never orders or charges twice, whatever happened in between; a token counts as the same whatever it is.
    """
    expected = expected_version(request)
    version = ask.version if ask.version is not None else expected
    try:
        return _answer(flow.check_out(_wish(cart, version, ask), key=key, return_url=ask.return_url))
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
    if ask.contact is not None:
        email, name, phone = ask.contact.email, ask.contact.name, ask.contact.phone
    elif ask.customer_id is None:
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
        parts=_parts(ask),
        tenders=(Tender(method=ask.pay_by, provider=ask.provider, token=ask.token),),
        seen_total=Money(ask.seen_total.amount, ask.seen_total.currency),
        group=group,
    )


def _parts(ask: shapes.CheckoutWish) -> tuple[Part, ...]:
    address = _address(ask.address) if ask.address else None
    return (Part(kind=ask.method, location=ask.location, address=address),)


def _address(given: shapes.AddressGiven) -> Particulars:
    return Particulars(given.name, given.line1, given.city, given.country, given.postcode, given.line2, given.phone)


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
    return _answer(flow.come_back(find(order).id), placed=200)


def _answer(outcome: flow.Outcome, placed: int = 201) -> Answer:
    about = {"order_id": str(outcome.order_id), "number": outcome.number}
    match outcome.state:
        case "declined":
            raise PaymentRefused(reason=outcome.reason, **about)
        case "cancelled":
            raise CheckoutCancelled(**about)
        case state:
            return Answer(
                shown(outcome, shapes.Outcome),
                status=placed if state == "placed" else 202,
                headers={"Location": f"/api/v1/orders/{outcome.number}"},
            )


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
