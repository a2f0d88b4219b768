"""Receipts: for the screen, the printer and the mail."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from samband.commerce.tills.rules import OfflineSale, read
from samband.flows import receipts as flow
from samband.flows import sell_at_till
from samband.flows.receipt_printing import USUAL, printed
from samband.kernel.refusal import Invalid

from . import shapes, showing
from .door import MOST_BYTES, Asked, Sent, needs

PRINTER = "application/octet-stream"


@needs(noted="saw")
def receipt(asked: Asked, order: UUID) -> showing.Shown:
    """The receipt of an order. Raises OrderNotFound, NotSoldHere."""
    sell_at_till.sold_here(asked.counter, order)
    made = flow.of_order(order, asked.request.GET.get("language", ""))
    return {
        "number": made.number,
        "order_id": made.order_id,
        "at": made.at,
        "time_zone": made.zone,
        "store": {"name": made.store.name, "address": made.store.address, "registration": ""},
        "cashier": made.cashier,
        "language": made.language,
        "lines": made.lines,
        "discount": made.discount,
        "shipping": made.shipping,
        "total": made.total,
        "vat": made.vat,
        "tenders": made.tenders,
        "parts": [
            {
                "kind": one.kind,
                "location": one.location,
                "names": one.names,
                "from": one.start,
                "until": one.until,
                "lines": one.goods,
            }
            for one in made.parts
        ],
        "texts": made.texts,
        "offline": made.offline,
    }


@needs()
def escpos(asked: Asked, order: UUID) -> Sent:
    """The same for the printer beside the till. Raises OrderNotFound, NotSoldHere, Invalid."""
    sell_at_till.sold_here(asked.counter, order)
    made = flow.of_order(order, asked.request.GET.get("language", ""))
    return Sent(printed(made, width(asked.request)), media=PRINTER)


@needs(cashier=False, asks=dict[str, Any], most_bytes=MOST_BYTES)
def escpos_of_sale(asked: Asked) -> Sent:
    """The receipt of a sale that is no order yet, for the printer. Raises Invalid."""
    sale = read(asked.body)
    if not isinstance(sale, OfflineSale):
        raise Invalid("That is no sale.", fields=[str(sale.get("where", ""))])
    return Sent(printed(flow.of_sale(sale, asked.device.location), width(asked.request)), media=PRINTER)


def width(request: HttpRequest) -> int:
    """How many letters fit on a line of the printer."""
    text = request.GET.get("width", str(USUAL))
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else 0


@needs(asks=shapes.MailWish, keyed=True, noted="did")
def mail(asked: Asked, order: UUID) -> Sent:
    """Send the receipt by mail. Raises OrderNotFound, NotSoldHere, NotAnEmail."""
    sell_at_till.sold_here(asked.counter, order)
    flow.mail(order, asked.body.email, asked.body.language or "", key=asked.own_key)
    return Sent({"queued": True}, status=202)
