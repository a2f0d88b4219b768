"""A till whose line is up again tells what it sold; what cannot be an order, a person decides."""

from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError

from samband.commerce.tills import queries as tills
from samband.flows import allot_to_till
from samband.flows.take_in_sale import accept as accept_sale
from samband.flows.take_in_sale import cancel as cancel_sale
from samband.flows.take_in_sale import take_in
from samband.kernel.clock import now

from . import shapes, showing
from .door import Asked, needs

MOST_BYTES = 1024 * 1024

log = structlog.get_logger("samband.pos")


@needs(cashier=False, asks=shapes.SyncWish, most_bytes=MOST_BYTES, also_revoked=True)
def sync(asked: Asked) -> showing.Shown:
    """Take in what a till sold by itself: an answer for each sale, in the order in which they were told.

    A device that was revoked is heard too. A sale that could not be taken in now for a reason of ours has no answer
    (None): the till sends it again. The others are none the worse for it.
    """
    device = asked.device
    answers = [_taken_in(asked, told) for told in asked.body.sales]
    seen = tills.device(device.id)
    return {
        "received_at": now(),
        "sales": answers,
        "allotment": showing.allotment(allot_to_till.allotment(device)),
        "last_sequence": seen.last_sequence,
        "revoked": seen.state == "revoked",
    }


def _taken_in(asked: Asked, told: Any) -> dict[str, Any] | None:
    try:
        return take_in(asked.device, told)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing of the batch is answered, and all of it comes again
    except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        log.error("sale_not_taken_in", device=str(asked.device.id), error=type(error).__name__)
        return None


@needs(cashier=False)
def conflicts(asked: Asked) -> showing.Shown:
    """Sales of this store that could not become orders as they were, those that wait first."""
    return {"conflicts": [showing.conflict(one) for one in tills.conflicts(asked.device.location)]}


@needs(part="tills", asks=shapes.AcceptWish, keyed=True, noted="did")
def accept(asked: Asked, sale: UUID) -> showing.Shown:
    """The sale was as it says, and becomes an order. Raises NoSuchSale, AlreadyResolved, CannotAccept, SoldOut."""
    wish = asked.body

    def do() -> str:
        return str(accept_sale(sale, asked.device.location, asked.cashier.id, wish.correct_stock, wish.note).id)

    return _decided(UUID(asked.once("accept", do)))


@needs(part="tills", asks=shapes.CancelWish, keyed=True, noted="did")
def cancel(asked: Asked, sale: UUID) -> showing.Shown:
    """The sale was none. Raises NoSuchSale, AlreadyResolved."""
    wish = asked.body

    def do() -> str:
        return str(cancel_sale(sale, asked.device.location, asked.cashier.id, wish.refunded_from_drawer, wish.note).id)

    return _decided(UUID(asked.once("cancel", do)))


def _decided(sale: UUID) -> showing.Shown:
    one = tills.sale(sale)
    return {"sale_id": one.id, "state": one.state, "order_id": one.order_id}
