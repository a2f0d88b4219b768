"""Selling and being paid, in any mix of ways."""

from collections.abc import Sequence
from uuid import UUID

from samband.commerce.payments import providers
from samband.commerce.payments.providers import sandbox
from samband.commerce.tills import deeds
from samband.customers.accounts.rules import Particulars
from samband.flows import count_cash, sell_at_till
from samband.flows.check_out import Tender
from samband.flows.pay_link import payable_until
from samband.flows.sell_at_till import Handed, Sale, WayOf, Ways
from samband.kernel.refusal import NotFound

from . import shapes, showing
from .carts import ways_of
from .door import Asked, needs

TEST_CARDS = {
    "4242424242424242": "Visa 4242",
    "5555555555554444": "Mastercard 4444",
    "4000000000000002": "Visa 0002",
    "4000000000009995": "Visa 9995",
}
"""What can be held to the sandbox bank's terminal: two that pay, one that is declined, one without money."""

RETURN_TO = "/"


@needs(asks=shapes.CheckoutWish, keyed=True, noted="did")
def check_out(asked: Asked, cart: UUID) -> showing.Shown:
    """Sell what is in a cart. Raises what `sell_at_till.sell` does."""
    wish, deed = asked.body, ["checkout", str(cart), _known(asked.body)]
    if earlier := deeds.earlier(asked.device.id, asked.key, deed):
        return showing.outcome(sell_at_till.status(asked.counter, UUID(earlier)))
    contact = wish.contact or shapes.Contact()
    sale = Sale(
        cart_id=cart,
        version=wish.version,
        seen_total=wish.seen_total.money,
        ways=_in_slot(ways_of(wish.ways), wish.slot_id),
        tenders=_handed(wish.tenders),
        address=_address(wish.address) if wish.address else None,
        email=contact.email,
        name=contact.name,
        phone=contact.phone,
        language=wish.language,
    )
    sold = sell_at_till.sell(asked.counter, sale, key=asked.own_key, return_url=RETURN_TO)
    deeds.note(asked.device.id, asked.key, deed, str(sold.order.id))
    return showing.outcome(sold)


@needs(asks=shapes.PayWish, keyed=True, noted="did")
def pay(asked: Asked, order: UUID) -> showing.Shown:
    """Pay what an order waits for, or some of it. Raises what `sell_at_till.pay_more` does."""
    wish, deed = asked.body, ["pay", str(order), _known(asked.body)]
    if deeds.earlier(asked.device.id, asked.key, deed):
        return showing.outcome(sell_at_till.status(asked.counter, order))
    sold = sell_at_till.pay_more(
        asked.counter,
        order,
        _handed(wish.tenders),
        key=asked.own_key,
        language=wish.language,
        return_url=RETURN_TO,
    )
    deeds.note(asked.device.id, asked.key, deed, str(order))
    return showing.outcome(sold)


def _known(wish: shapes.CheckoutWish | shapes.PayWish) -> object:
    """What a key stands for: everything but tokens, of which the same card has another each time."""
    tenders = [[one.method, one.provider, one.plan, one.amount, one.given] for one in wish.tenders]
    if isinstance(wish, shapes.PayWish):
        return tenders
    return [tenders, wish.seen_total, wish.ways, str(wish.slot_id), wish.address, wish.contact]


def _in_slot(ways: Ways, slot_id: UUID | None) -> Ways:
    """One slot for all that is sent, unless a line names its own."""
    return {
        sku: WayOf(way.kind, way.location, way.slot_id or slot_id) if way.kind == "ship" else way
        for sku, way in ways.items()
    }


def _handed(tenders: Sequence[shapes.TenderWish]) -> tuple[Handed, ...]:
    return tuple(
        Handed(
            Tender(
                method=one.method,
                provider=one.provider,
                token=one.token,
                amount=one.amount.money if one.amount else None,
                plan=one.plan,
            ),
            one.given.money if one.given else None,
        )
        for one in tenders
    )


def _address(given: shapes.Address) -> Particulars:
    return Particulars(given.name, given.line1, given.city, given.country, given.postcode, given.line2, given.phone)


@needs(asks=shapes.Nothing)
def status(asked: Asked, order: UUID) -> showing.Shown:
    """How a sale stands; whoever has to is asked. Raises OrderNotFound, NotSoldHere."""
    return showing.outcome(sell_at_till.status(asked.counter, order))


@needs(asks=shapes.Nothing, keyed=True, noted="did")
def call_off(asked: Asked, order: UUID) -> showing.Shown:
    """A sale that waits to be paid is off, and what was paid goes back. Raises OrderNotFound, NotSoldHere."""
    return showing.outcome(sell_at_till.call_it_off(asked.counter, order))


@needs(asks=shapes.Nothing, noted="did")
def link(asked: Asked, order: UUID) -> showing.Shown:
    """The address at which the customer pays on their own phone. Raises OrderNotFound, NotSoldHere, UnknownHold."""
    url = sell_at_till.link(asked.counter, order, asked.language)
    return {"url": url, "qr": showing.qr(url), "expires_at": payable_until(order)}


@needs()
def terminal_tokens(asked: Asked) -> showing.Shown:
    """What can be held to the terminal where it is the sandbox bank's: tokens of test cards. Elsewhere none."""
    if not providers.is_offered("sandbox"):
        return {"cards": []}
    return {"cards": [{"token": sandbox.tap(number), "label": label} for number, label in TEST_CARDS.items()]}


@needs()
def payouts(asked: Asked) -> showing.Shown:
    """Cash that has to be handed out, of orders of this store's tills."""
    found = []
    for one in count_cash.owed():
        order = sell_at_till.order_if_here(asked.counter, one.order_id)
        if order:
            found.append(
                {
                    "key": one.key,
                    "order_id": order.id,
                    "number": order.number,
                    "amount": one.amount,
                    "owed_at": one.owed_at,
                }
            )
    return {"payouts": found}


@needs(asks=shapes.PayoutWish, keyed=True, noted="did")
def hand_out(asked: Asked) -> showing.Shown:
    """Cash that is owed is given out of the drawer. Raises NotFound, DrawerNeeded, DrawerInOtherCurrency."""
    for one in count_cash.owed():
        if one.key == asked.body.key and sell_at_till.order_if_here(asked.counter, one.order_id):
            drawer = sell_at_till.drawer_of(asked.counter, one.amount)
            return {"key": one.key, "amount": count_cash.hand_out(one, drawer.id, asked.cashier.id)}
    raise NotFound("Nothing of this kind is owed.")
