"""The orders of which a history is made: a few dozen, really placed through the flows, one of everything that happens.

Fifty of them are past: sent and delivered, fetched, called off, refunded in part; ten are still being worked at.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.test.utils import override_settings

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.orders import queries as orders
from samband.commerce.payments import gift_cards
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing import queries as known_prices
from samband.commerce.pricing.promotions import Percent, Promotion
from samband.customers.accounts import commands as accounts
from samband.customers.accounts.rules import Particulars
from samband.customers.touchpoints.shapes import HOUSE, Note
from samband.engagement.messaging.sending import send_due
from samband.flows import finish_order
from samband.flows.basket import Basket, basket
from samband.flows.check_out import Checkout, Part, Tender, check_out
from samband.flows.follow_customers import follow
from samband.flows.refund_order import refund_order
from samband.flows.take_in_touchpoints import note
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import Identifier, identifier
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline.delivering import deliver

from .house import BenchFailed

PAST, OPEN = 50, 10
"""How many orders there are of each kind."""

TOOK = timedelta(days=30)
"""So long ago the past ones were placed: everything that becomes of them has happened by now."""

PROMOTION, COUPON = "bench-history", "HISTORY"
MOST_USES = 1_000_000_000
CARD = "4242424242424242"


@dataclass(frozen=True)
class _Shop:
    market: str
    currency: str
    language: str
    country: str
    skus: tuple[str, ...]


@dataclass(frozen=True)
class _Buyer:
    """Somebody with an account, or a guest."""

    nth: int
    account: UUID | None
    email: str


def settle_everything() -> None:
    """Deliver what is to be delivered, send what is to be sent (to nobody), follow who is to be followed."""
    with _nobody_reads():
        while deliver() or send_due() or follow():
            pass


def place_past() -> None:
    """Orders that are done with, of customers with accounts and of guests."""
    shop = _shop()
    _offer(shop)
    began = now() - TOOK
    buyers = [_buyer(shop, nth, began) for nth in range(PAST // 2)]
    with _nobody_reads():
        for nth in range(PAST):
            buyer = buyers[nth * 7 % len(buyers)]
            with held_at(began + timedelta(hours=nth)):
                order_id = _buy(shop, buyer, nth)
            _follow(order_id, nth, began + timedelta(hours=nth))
    settle_everything()


def place_open() -> None:
    """Orders of today: just placed, being picked, or standing ready to be fetched."""
    shop = _shop()
    today = now() - timedelta(hours=20)
    with _nobody_reads():
        for nth in range(OPEN):
            with held_at(today):
                order_id = _buy(shop, _buyer(shop, PAST + nth, today), nth)
            with held_at(today + timedelta(hours=1)):
                for view in fulfillments.of_order(order_id):
                    if nth % 3:
                        _pick(view)
                    if nth % 3 == 2 and view.kind == "pickup":
                        finish_order.make_ready(view.id, now() + timedelta(days=7), key=f"history-{view.id}")
    settle_everything()


@contextmanager
def _nobody_reads() -> Iterator[None]:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        yield


def _shop() -> _Shop:
    """The first market, and what there is to be sent in it."""
    markets = known_prices.markets()
    if not markets:
        raise BenchFailed("There is no market to buy in: fill the house with goods first.")
    code, market = next(iter(markets.items()))
    with connection.cursor() as cursor:
        cursor.execute("""
            select sku from inventory_level join catalog_variant using (sku)
            join catalog_product p on p.id = product_id and p.shipping_class = 'parcel'
            where on_hand - held - fenced > 50 group by sku order by sku limit 200
        """)
        skus = tuple(sku for (sku,) in cursor.fetchall())
    sold = known_prices.tags(skus, code, "shop")
    skus = tuple(sku for sku in skus if sku in sold)
    if not skus:
        raise BenchFailed("There is nothing to buy: fill the house with goods first.")
    return _Shop(code, market.currency, market.default_language, market.country, skus)


def _offer(shop: _Shop) -> None:
    """A coupon whose uses are counted, as often as anybody likes."""
    if PROMOTION in {row[0] for row in _rows("select promotion_id from pricing_coupon where code = %s", COUPON)}:
        return
    ten_percent = Promotion(
        code=PROMOTION, names={"en": "Ten percent off"}, deal=Percent(basis_points=1_000), by_coupon=True,
        limit_total=MOST_USES,
    )  # fmt: skip
    pricing.save_promotion(ten_percent)
    pricing.issue_coupons(PROMOTION, codes=[COUPON], limit_total=MOST_USES)


def _buyer(shop: _Shop, nth: int, at: datetime) -> _Buyer:
    """Two of three have an account; half of those were seen in a browser before."""
    email = f"history-{new_id().hex}@customer.example"
    if nth % 3 == 2:
        return _Buyer(nth, None, email)
    with held_at(at):
        account = accounts.register(
            email, source="shop", name=f"Visitor {nth}", phone="", language=shop.language, market=shop.market
        )
        accounts.save_address(account, _home(shop, nth), default=True)
        if nth % 2:
            _look_around(account, at)
    return _Buyer(nth, account, email)


def _look_around(account: UUID, at: datetime) -> None:
    cookie = identifier("cookie", str(new_id()))
    known = (Identifier("account", str(account)), cookie)
    note(
        HOUSE,
        Note(message=f"history-{new_id()}", event="Product Viewed", identifiers=(cookie,), occurred_at=at,
             channel="shop", properties={"sku": "B000001"}),
        Note(message=f"history-{new_id()}", event="Identified", identifiers=known, occurred_at=at, channel="shop",
             properties={"how": "signed_in"}, rule="signed_in"),
    )  # fmt: skip


def _home(shop: _Shop, nth: int) -> Particulars:
    return Particulars(
        name=f"Visitor {nth}", line1=f"Main Street {nth}", city="Somewhere", country=shop.country, postcode="N1 9GU"
    )


def _buy(shop: _Shop, buyer: _Buyer, nth: int) -> UUID:
    cart = carts.open_cart(shop.market, buyer.account)
    for line in range(1 + nth % 4):
        carts.put(cart.id, shop.skus[(nth * 5 + line * 3) % len(shop.skus)], 1 + (nth + line) % 3)
    if nth % 5 == 3:
        carts.enter_coupon(cart.id, COUPON)
    method = "pickup" if nth % 10 in (2, 5, 8) else "ship"
    seen = basket(cart.id, "shop", None, method)
    quote = seen.quoted(method)
    if quote is None or seen.changes:
        raise BenchFailed(f"These goods are not to be had: {seen.changes}")
    part = Part(kind="ship", address=_home(shop, nth)) if method == "ship" else _fetched(seen)
    outcome = check_out(
        Checkout(
            cart_id=cart.id, version=seen.cart.version, customer_id=buyer.account, channel="shop",
            language=shop.language, email=buyer.email, name=f"Visitor {buyer.nth}", parts=(part,),
            tenders=tuple(_tenders(quote.total, nth)), seen_total=quote.total,
        ),
        key=f"history-{new_id()}",
    )  # fmt: skip
    if outcome.state != "placed":
        raise BenchFailed(f"An order was not placed: {outcome.state} {outcome.reason}")
    return outcome.order_id


def _fetched(seen: Basket) -> Part:
    for way in seen.pickups():
        if way.possible and way.location:
            return Part(kind="pickup", location=way.location.code)
    raise BenchFailed("Nothing can be picked up anywhere.")


def _tenders(total: Money, nth: int) -> Sequence[Tender]:
    """A card; every seventh with a gift card that pays a third of it, every twentieth with one that pays for all."""
    card = Tender(method="card", provider="sandbox", token=tokenise(CARD, f"12/{(now().year + 3) % 100:02}", "123"))
    if nth % 20 == 6:
        worth = Money(total.amount + 500, total.currency)
        return (Tender(method="gift_card", provider="gift_card", token=_gift_card(worth)),)
    if nth % 7 == 4:
        third = Money(total.amount // 3, total.currency)
        return (Tender(method="gift_card", provider="gift_card", token=_gift_card(third), amount=third), card)
    return (card,)


def _gift_card(worth: Money) -> str:
    return gift_cards.issue_gift_card(new_id(), worth, reason="goodwill").code


def _follow(order_id: UUID, nth: int, at: datetime) -> None:
    if nth % 25 == 9:
        with held_at(at + timedelta(hours=1)):
            finish_order.cancel_order(order_id, "customer", key=f"history-{order_id}")
        return
    for view in fulfillments.of_order(order_id):
        with held_at(at + timedelta(days=1)):
            _pick(view)
            if view.kind == "pickup":
                finish_order.make_ready(view.id, now() + timedelta(days=7), key=f"history-{view.id}")
            else:
                finish_order.ship(view.id, "Post", view.number.replace("-", ""), key=f"history-{view.id}")
        with held_at(at + timedelta(days=3)):
            if view.kind == "pickup":
                code = fulfillments.fulfillment(view.id).pickup_code or ""
                finish_order.hand_over(view.id, code, key=f"history-{view.id}-over")
            else:
                fulfillment.deliver(view.id)
    with held_at(at + timedelta(days=4)):
        finish_order.complete_if_done(order_id)
        if nth % 10 == 7:
            back = Money(orders.order(order_id).total.amount // 4, orders.order(order_id).total.currency)
            refund_order(order_id, back, "damaged", key=f"history-{order_id}-back")


def _pick(view: FulfillmentView) -> None:
    fulfillment.start_picking(view.id)
    for line in view.lines:
        fulfillment.pick(view.id, line.sku, line.quantity)


def _rows(statement: str, *values: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
