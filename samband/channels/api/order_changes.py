"""Changing an order before it is picked, and substitutes while it is, over HTTP."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.http import HttpRequest

from samband.commerce.fulfillment import queries, substitutions
from samband.commerce.fulfillment.refusals import (
    NoPromise,
    NotOrdered,
    NotPermitted,
    ProposedAlready,
    SlotClosed,
    SlotFull,
    SubstitutionOver,
    TooFewLeft,
    UnknownFulfillment,
    UnknownSlot,
    UnknownSubstitution,
)
from samband.commerce.fulfillment.substitutions import SubstitutionView
from samband.commerce.inventory.refusals import HeldAlready, HoldClosed, HoldLapsed, NotHeld, SoldOut
from samband.commerce.orders.refusals import NotPlaced, OrderNotFound, OrderOver, TooFewOrdered
from samband.commerce.payments.refusals import MoreThanCaptured
from samband.customers.accounts.refusals import AddressIncomplete, NotAPhone
from samband.customers.accounts.rules import Particulars
from samband.flows import change_order, substitute
from samband.flows.change_order import OtherCountry, SlotDoesNotReach
from samband.flows.substitute import NoSubstitute
from samband.kernel.goods import Line
from samband.kernel.refusal import Invalid

from .operations import Door
from .orders import Customer, OrderRef, find
from .shapes import delivering as shapes
from .shapes.fulfillments import Fulfillment
from .shapes.words import shown

SUBSTITUTES = UUID("0c6a4b0e-3b0c-4b51-9f8f-2f1f6a1d5c93")
"""From this and an idempotency key the id of the substitute is made that is proposed under it."""

_REDIRECTS = (OrderNotFound, UnknownFulfillment, NotPermitted, NotPlaced, SlotDoesNotReach)
_TAKES_OFF = (
    UnknownFulfillment,
    NotPermitted,
    NotPlaced,
    NotOrdered,
    TooFewOrdered,
    TooFewLeft,
    NotHeld,
    HoldClosed,
    OrderOver,
    MoreThanCaptured,
    Invalid,
)
_ANSWERS = (UnknownSubstitution, SubstitutionOver)

door = Door(
    "Order changes",
    "Another address, another slot, fewer of something, until picking begins; and what is had instead of what a picker "
    "does not find. Stock, order and money move together.",
)


@door.get("/orders/{order}/changes", scope="orders:read", answers=shapes.ChangeableList, refuses=(OrderNotFound,))
def list_changes(request: HttpRequest, order: OrderRef, customer_id: Customer = None) -> shapes.ChangeableList:
    """Read what of an order may still be changed; nothing once it is picked."""
    found = change_order.changeable(find(order, customer_id).id)
    return shapes.ChangeableList(items=tuple(shown(one, shapes.Changeable) for one in found))


@door.post(
    "/orders/{order}/fulfillments/{uuid:fulfillment}/address",
    scope="orders:write",
    personal=True,
    once=True,
    asks=shapes.RedirectWish,
    answers=Fulfillment,
    refuses=(*_REDIRECTS, OtherCountry, AddressIncomplete, NotAPhone),
)
def redirect_parcel(
    request: HttpRequest,
    order: OrderRef,
    fulfillment: UUID,
    ask: shapes.RedirectWish,
    key: str,
    customer_id: Customer = None,
) -> Fulfillment:
    """Send a parcel to another address in the same country."""
    _check_theirs(order, customer_id, fulfillment)
    to = ask.address
    address = Particulars(to.name, to.line1, to.city, to.country, to.postcode, to.line2, to.phone)
    change_order.change_address(fulfillment, address, key=key)
    return _fulfillment(fulfillment)


@door.post(
    "/orders/{order}/fulfillments/{uuid:fulfillment}/slot",
    scope="orders:write",
    once=True,
    asks=shapes.SlotWish,
    answers=Fulfillment,
    refuses=(*_REDIRECTS, UnknownSlot, SlotFull, SlotClosed, NoPromise),
)
def reschedule_parcel(
    request: HttpRequest,
    order: OrderRef,
    fulfillment: UUID,
    ask: shapes.SlotWish,
    key: str,
    customer_id: Customer = None,
) -> Fulfillment:
    """Bring a parcel in another delivery slot, or send it with the carrier; refused, it comes in the slot it had."""
    _check_theirs(order, customer_id, fulfillment)
    change_order.change_slot(fulfillment, ask.slot_id, key=key)
    return _fulfillment(fulfillment)


@door.post(
    "/orders/{order}/fulfillments/{uuid:fulfillment}/reductions",
    scope="orders:write",
    once=True,
    asks=shapes.FewerWish,
    answers=shapes.Fewer,
    refuses=(OrderNotFound, *_TAKES_OFF),
)
def reduce_line(
    request: HttpRequest,
    order: OrderRef,
    fulfillment: UUID,
    ask: shapes.FewerWish,
    key: str,
    customer_id: Customer = None,
) -> shapes.Fewer:
    """Take units of a SKU off an order; their money goes back the way it came.

    The last units call the order off.
    """
    _check_theirs(order, customer_id, fulfillment)
    return shown(change_order.fewer(fulfillment, ask.sku, ask.quantity, key=key), shapes.Fewer)


def _check_theirs(order: str, customer_id: UUID | None, fulfillment: UUID) -> None:
    """Raises OrderNotFound, and UnknownFulfillment for one of another order."""
    if queries.fulfillment(fulfillment).order_id != find(order, customer_id).id:
        raise UnknownFulfillment(fulfillment_id=str(fulfillment))


@door.post(
    "/fulfillments/{uuid:fulfillment}/omissions",
    scope="fulfillment:write",
    once=True,
    asks=shapes.LeaveOutWish,
    answers=shapes.Fewer,
    refuses=_TAKES_OFF,
)
def leave_line_out(request: HttpRequest, fulfillment: UUID, ask: shapes.LeaveOutWish, key: str) -> shapes.Fewer:
    """Leave out what a picker does not find and has no substitute for; its money goes back."""
    left = substitute.leave_out(fulfillment, Line(ask.sku, ask.quantity), key=key, missing=ask.missing)
    return shown(left, shapes.Fewer)


# --- substitutes


@door.get("/orders/{order}/substitutes", scope="orders:read", answers=shapes.SubstituteList, refuses=(OrderNotFound,))
def list_substitutes(request: HttpRequest, order: OrderRef, customer_id: Customer = None) -> shapes.SubstituteList:
    """Read what was proposed for an order, the latest first."""
    found = substitutions.of_order(find(order, customer_id).id)
    return shapes.SubstituteList(items=tuple(_told(one) for one in found))


@door.post(
    "/fulfillments/{uuid:fulfillment}/substitutes",
    scope="fulfillment:write",
    once=True,
    asks=shapes.SubstituteWish,
    answers=shapes.Substitute,
    status=201,
    refuses=(
        UnknownFulfillment,
        NotPermitted,
        NotPlaced,
        NotOrdered,
        TooFewOrdered,
        TooFewLeft,
        ProposedAlready,
        NoSubstitute,
        SoldOut,
        Invalid,
    ),
)
def propose_substitute(
    request: HttpRequest, fulfillment: UUID, ask: shapes.SubstituteWish, key: str
) -> shapes.Substitute:
    """Propose something else for goods that a picker does not find.

    It is held until the customer has answered, or the time is over. The lower price wins.
    """
    return _told(
        substitute.propose(
            fulfillment,
            Line(ask.sku, ask.quantity),
            ask.substitute,
            substitution_id=uuid5(SUBSTITUTES, key),
            answer_within=timedelta(minutes=ask.answer_minutes),
            missing=ask.missing,
        )
    )


@door.post(
    "/substitutes/{uuid:substitution}/agreement",
    scope="fulfillment:write",
    once=True,
    asks=shapes.SubstituteAnswer,
    answers=shapes.Substitute,
    refuses=(
        *_ANSWERS,
        NotPermitted,
        NotPlaced,
        TooFewLeft,
        TooFewOrdered,
        NoSubstitute,
        HoldLapsed,
        HoldClosed,
        NotHeld,
        HeldAlready,
        MoreThanCaptured,
        Invalid,
    ),
)
def agree_to_substitute(
    request: HttpRequest, substitution: UUID, ask: shapes.SubstituteAnswer, key: str
) -> shapes.Substitute:
    """Say that the customer takes a substitute: it is charged what it costs, but no more than what it stands for."""
    return _told(substitute.agree(substitution, by=ask.by, key=key))


@door.post(
    "/substitutes/{uuid:substitution}/refusal",
    scope="fulfillment:write",
    once=True,
    asks=shapes.SubstituteAnswer,
    answers=shapes.Substitute,
    refuses=_ANSWERS,
)
def decline_substitute(
    request: HttpRequest, substitution: UUID, ask: shapes.SubstituteAnswer, key: str
) -> shapes.Substitute:
    """Say that the customer does not want a substitute: the goods are still to be found, or left out."""
    return _told(substitute.decline(substitution, by=ask.by, key=key))


def _told(view: SubstitutionView) -> shapes.Substitute:
    return shown(view, shapes.Substitute)


def _fulfillment(fulfillment: UUID) -> Fulfillment:
    return shown(queries.fulfillment(fulfillment), Fulfillment)
