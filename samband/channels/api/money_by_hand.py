"""Money that no bank tells us of, over HTTP: transfers that came in, and what somebody has to hand out."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query

from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments import payouts, transfers
from samband.commerce.payments.refusals import OtherCurrency, TransferNotedOtherwise, UnknownPayout, UnknownTransfer
from samband.commerce.payments.transfers import TransferView
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .orders import find
from .payments import door
from .shapes import gift_cards as shapes
from .shapes import words
from .shapes.words import shown


@door.get("/bank-transfers", scope="payments:write", answers=shapes.BankTransferList)
def list_transfers(request: HttpRequest) -> shapes.BankTransferList:
    """Read the bank transfers that have not come in full, the oldest first."""
    return shapes.BankTransferList(items=tuple(_transfer(one) for one in transfers.waiting()))


@door.post(
    "/bank-transfers",
    scope="payments:write",
    asks=shapes.BankTransferWish,
    answers=shapes.BankTransferNoted,
    status=201,
    refuses=(UnknownTransfer, OtherCurrency, TransferNotedOtherwise, Invalid),
)
def note_transfer(request: HttpRequest, ask: shapes.BankTransferWish) -> shapes.BankTransferNoted:
    """Note a bank transfer that came in.

    Once all of it is there, the payment is captured and the order goes on. What comes beyond that, or when nobody waits
    for it any more, is owed back. The bank's own name for the transaction does what a key does elsewhere.
    """
    noted = transfers.note_transfer(ask.reference, Money(ask.amount.amount, ask.amount.currency), entry_id=ask.entry_id)
    return shapes.BankTransferNoted(
        transfer=_transfer(transfers.expected(noted.transfer.reference)),
        again=noted.again,
        missing=shown(noted.missing, words.Money),
        excess=shown(noted.excess, words.Money),
    )


def _transfer(view: TransferView) -> shapes.BankTransfer:
    told = {name: getattr(view, name) for name in ("reference", "order_id", "amount", "received", "missing", "state")}
    return shown({**told, "payment_id": view.intent_id}, shapes.BankTransfer)


@door.get("/payouts", scope="payments:write", answers=shapes.PayoutList, refuses=(OrderNotFound,))
def list_payouts(
    request: HttpRequest,
    order: Annotated[str | None, Query(max_length=40, description="Only of the order with this number or id.")] = None,
) -> shapes.PayoutList:
    """Read which money is still to be given out by hand, the oldest first: refunds of cash and of transfers."""
    found = payouts.owed(find(order).id if order else None)
    return shapes.PayoutList(
        items=tuple(
            shown({**{name: getattr(one, name) for name in one.__slots__}, "payment_id": one.intent_id}, shapes.Payout)
            for one in found
        )
    )


@door.post("/payouts/paid", scope="payments:write", asks=shapes.PaidOut, status=204, refuses=(UnknownPayout,))
def pay_out(request: HttpRequest, ask: shapes.PaidOut) -> None:
    """Say that somebody gave the money out. Saying so twice is saying it once."""
    payouts.pay_out(ask.key, place=ask.place)
