"""What is done by those who die. Each deed may be asked for again with the same words, and then is done once."""

import random
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments import queries as payments
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.tills import queries as tills
from samband.customers.accounts.rules import Particulars
from samband.flows import finish_order
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Part, Tender, check_out
from samband.flows.refund_order import refund_order
from samband.flows.take_in_sale import take_in
from samband.kernel.money import Money
from samband.timeline import chores, delivering, record_all
from tests.promises.capture_victim import items
from tests.promises.kill_counting import Counted
from tests.worlds import CUP, LAMP, REYKJAVIK, SOFA

HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
CARDS = ("4242424242424242", "4242424242424242", "4000000000003220", "4000000000000002", "4000000000000259")
"""Three in five pay; one wants a second factor, one is declined, one is answered later."""
NAMED = UUID("0192f7c0-0000-7000-8000-000000000000")


def open_cart(seed: str) -> dict[str, Any]:
    """A cart with one or two things in it, and what it comes to on either way."""
    dice = random.Random(seed)
    cart = carts.open_cart("IS")
    for sku in dice.sample((CUP, LAMP, SOFA), dice.choice((1, 2))):
        carts.put(cart.id, sku, dice.choice((1, 2)))
    return {"cart": str(cart.id)}


def buy(cart: str, key: str, way: str = "ship", card: str = CARDS[0], method: str = "card") -> dict[str, Any]:
    """Check out: what was agreed on is what the cart comes to now."""
    seen = basket(UUID(cart), "shop", None, way)
    part = Part(kind="ship", address=HOME) if way == "ship" else Part(kind=way, location=REYKJAVIK)
    token = tokenise(card, "12/40", "123") if method == "card" else ""
    assert seen.quote is not None
    wish = Checkout(
        cart_id=UUID(cart), patient=not method, version=None, customer_id=None, channel="shop", language="is",
        email="anna@example.is", name="Anna", parts=(part,), seen_total=seen.quote.total,
        tenders=(Tender(method=method, token=token),) if method else (),
    )  # fmt: skip
    outcome = check_out(wish, key=key)
    return {"order": str(outcome.order_id), "state": outcome.state}


def bought(seed: str, way: str = "ship", method: str = "card") -> dict[str, Any]:
    """An order that stands, with what is to be done for it."""
    cart = open_cart(seed)["cart"]
    made = buy(cart, f"bought-{seed}", way, method=method)
    while delivering.deliver():
        pass
    return {**made, **_about(UUID(made["order"]))}


def set_aside(seed: str) -> dict[str, Any]:
    """An order that stands by money that is set aside and not taken yet."""
    made = buy(open_cart(seed)["cart"], f"aside-{seed}", method="")
    (order_id, intent_id) = UUID(made["order"]), uuid5(NAMED, seed)
    due = orders.order(order_id).total
    payment_commands.start(intent_id, order_id, due.amount, due.currency, "card", "sandbox", "manual")
    asking.ask_to_authorise(intent_id, tokenise(CARDS[0], "12/40", "123"))
    while delivering.deliver():
        pass
    return {**made, **_about(order_id)}


def _about(order_id: UUID) -> dict[str, Any]:
    (payment,) = payments.of_order(order_id)
    return {
        "intent": str(payment.id),
        "amount": payment.amount.amount,
        "currency": payment.amount.currency,
        "fulfillments": [str(one.id) for one in fulfillments.of_order(order_id)],
    }


def refund(order: str, amount: int, currency: str, key: str) -> str:
    done = refund_order(UUID(order), Money(amount, currency), "goodwill", key=key)
    return ",".join(part.state for part in done.parts)


def capture(intent: str, amount: int, currency: str, key: str) -> bool:
    return asking.ask_to_capture(UUID(intent), Money(amount, currency), key) is not None


def let_go(intent: str, key: str) -> bool:
    return asking.ask_to_void(UUID(intent), key) is not None


def cancel(order: str, key: str) -> str:
    return finish_order.cancel_order(UUID(order), "customer", key=key).number


def get_ready(fulfillment_id: str, until: str, key: str) -> dict[str, Any]:
    """Pick and pack, from wherever it stands. A pickup's code, for whoever comes for it."""
    view = fulfillments.fulfillment(UUID(fulfillment_id))
    if view.state == "requested":
        fulfillment.start_picking(view.id, key=f"start-{key}")
    if view.state in ("requested", "picking"):
        for line in view.lines:
            fulfillment.pick(view.id, line.sku, line.quantity)
    if view.kind == "ship":
        return {"code": ""}
    finish_order.make_ready(view.id, datetime.fromisoformat(until), key=f"ready-{key}")
    return {"code": fulfillments.fulfillment(view.id).pickup_code}


def give(fulfillment_id: str, code: str, key: str) -> str:
    """Hand it over, or give the parcel to the carrier."""
    view = fulfillments.fulfillment(UUID(fulfillment_id))
    if view.kind == "ship":
        finish_order.ship(view.id, "post", "T-1", key=f"ship-{key}")
    else:
        finish_order.hand_over(view.id, code, key=f"hand-{key}")
    return fulfillments.fulfillment(view.id).state


def sold_at_till(device: str, told: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = take_in(tills.device(UUID(device)), told)
    return answer


def send(number: int, key: str) -> int:
    """A batch of what visitors did, through the door for capture; its status."""
    from tests.channels.capture_client import Client

    return Client(key).batch(*items(number)).status


def tell(first: int, many: int) -> int:
    """Many events, several about each of a few subjects; who hears them counts."""
    from django.db import transaction

    with transaction.atomic():
        record_all(Counted(subject_id=uuid5(NAMED, str(nth % 7)), nth=nth) for nth in range(first, first + many))
    return many


def look_after(most: int = 1000) -> int:
    """Deliver what is owed and do every chore once."""
    done = delivering.deliver(most)
    chores.do_all()
    return done


def bring(kind: str, files: list[str], folder: str) -> int:
    """Take over files of another shop, a little at a time, so that there are many moments to die in."""
    from samband.channels.connectors import importing
    from samband.channels.connectors.progress import Watch
    from samband.channels.connectors.shopify import import_shopify, taking_over
    from samband.channels.connectors.touchpoints.importing import import_touchpoints
    from samband.flows.take_over import goods

    goods.AT_ONCE = importing.NOTES_AT_ONCE = importing.ORDERS_AT_ONCE = 20
    taking_over.PRODUCTS_AT_ONCE = taking_over.ORDERS_AT_ONCE = 5
    paths = [Path(one) for one in files]
    with Watch() as watch:
        match kind:
            case "online-retail":
                importing.import_online_retail(paths[0], Path(folder), watch, REYKJAVIK)
            case "shopify":
                import_shopify(paths, Path(folder), watch, "GB")
            case _:
                import_touchpoints(paths[0], paths[1], Path(folder), watch)
    return 1
