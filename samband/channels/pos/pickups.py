"""Web orders that wait to be picked up here, and handing them over."""

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.refusals import UnknownFulfillment
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.customers.accounts import queries as accounts
from samband.flows import finish_order

from . import shapes, showing, tries
from .door import Asked, needs

STATES = ("ready", "picking", "requested")


@needs(part="pickups", noted="saw")
def pickups(asked: Asked) -> showing.Shown:
    """What is to be picked up in this store: ready ones first."""
    location = asked.device.location
    found = [view for state in STATES for view in fulfillments.pickups(location, state)]
    items = catalog.items(sorted({line.sku for view in found for line in view.lines}))
    names = _names(found)
    paid = payments.balances([view.order_id for view in found])
    return {
        "pickups": [
            {
                **_view(view, items),
                "customer": names.get(str(view.order_id), ""),
                "promised_until": view.promised_until,
                "wait_until": view.wait_until,
                "paid": (money := paid.get(view.order_id)) is not None and money.refunded < money.secured,
            }
            for view in found
        ]
    }


def _view(view: FulfillmentView, items: dict[str, Item]) -> showing.Shown:
    return {
        "id": view.id,
        "number": view.number,
        "order_id": view.order_id,
        "state": view.state,
        "lines": [
            {
                "sku": line.sku,
                "names": items[line.sku].names if line.sku in items else {},
                "labels": items[line.sku].variant_labels if line.sku in items else {},
                "quantity": line.quantity,
                "picked": line.picked,
            }
            for line in view.lines
        ],
    }


def _names(views: list[FulfillmentView]) -> dict[str, str]:
    """First name and first letter of the last: enough to call somebody to the counter."""
    cards = orders.cards([view.order_id for view in views])
    contacts = accounts.contacts([card.contact_id for card in cards.values() if card.contact_id])
    told = {}
    for card in cards.values():
        contact = contacts.get(card.contact_id) if card.contact_id else None
        first, *others = (contact.name if contact else "").split() or [""]
        told[str(card.id)] = f"{first} {others[-1][0]}." if others else first
    return told


@needs(part="pickups", asks=shapes.HandOverWish, keyed=True, noted="did")
def hand_over(asked: Asked) -> showing.Shown:
    """Give a pickup to whoever has its code.

    Raises UnknownFulfillment, WrongCode, CodeLocked, NotPermitted, NothingIsPaid.
    """
    location, code = asked.device.location, asked.body.code.strip()
    fulfillment_id = asked.body.fulfillment_id
    with tries.pickups.of_wrong(asked.request, UnknownFulfillment):
        view = fulfillments.fulfillment(fulfillment_id) if fulfillment_id else fulfillments.by_code(location, code)
        if view.location != location or view.kind != "pickup":
            raise UnknownFulfillment()
    finish_order.hand_over(view.id, code, key=asked.own_key)
    view = fulfillments.fulfillment(view.id)
    return _view(view, catalog.items([line.sku for line in view.lines]))
