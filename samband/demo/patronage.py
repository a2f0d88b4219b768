"""The demo's customers come and buy: through the same flows as anybody, with the clock held at days gone by."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.test.utils import override_settings

from samband.commerce.cart import commands as carts
from samband.commerce.cart.refusals import CartFull
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.orders import queries as orders
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.engagement.messaging.sending import send_due
from samband.flows import finish_order
from samband.flows.basket import Basket, Way, basket
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out
from samband.kernel.clock import held_at, now
from samband.timeline.delivering import deliver

from .assortment import Assortment, Product
from .people import Person, people

SEED = 20261121
CUSTOMERS = 240
DAYS = 90
CARRIERS = {"IS": "Pósturinn", "PL": "Poczta Polska", "LV": "Latvijas Pasts", "GR": "ΕΛΤΑ", "GB": "Royal Mail"}
_KEYS = UUID("0196a0de-0000-7000-8000-5a3b0000de30")


def bring_customers(assortment: Assortment) -> list[Person]:
    """A few hundred customers and what they bought in the last three months; those known already stay as they are.

    Returns those that were not known before.
    """
    dice = random.Random(SEED)
    today = now()
    crowd = list(people(CUSTOMERS, dice))
    known = {person.email for person in crowd if account_queries.by_email(person.email)}
    visits = sorted(
        (dice.uniform(0.1, DAYS), at) for at, _ in enumerate(crowd) for _ in range(dice.choice((0, 1, 1, 1, 2, 3)))
    )
    # Nobody reads the mail of people who do not exist.
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        for days, at in reversed(visits):
            _visit(crowd[at], assortment, today - timedelta(days=days), days, dice, known)
        while deliver() or send_due():
            pass
    return [person for person in crowd if person.email not in known]


def _visit(
    person: Person, assortment: Assortment, at: datetime, days: float, dice: random.Random, known: set[str]
) -> None:
    key = f"demo-{uuid5(_KEYS, f'{person.email}-{days:.6f}')}"
    wanted = [_wish(assortment, dice) for _ in range(dice.choice((1, 1, 2, 2, 3, 4)))]
    roll = [dice.random() for _ in range(4)]
    if person.email in known:
        return
    with held_at(at):
        outcome = _buy(person, wanted, roll, key)
    if outcome and outcome.state == "placed":
        _follow(outcome.order_id, person, at, roll)


def _wish(assortment: Assortment, dice: random.Random) -> tuple[str, int]:
    product: Product = dice.choice(assortment.products)
    quantity = 1 if product.shipping == "bulky" else dice.choice((1, 1, 1, 2, 3))
    return dice.choice(product.variants).sku, quantity


def _buy(person: Person, wanted: Sequence[tuple[str, int]], roll: list[float], key: str) -> Outcome | None:
    customer_id = accounts.register(
        person.email, source="shop", name=person.name, phone="", language=person.language, market=person.market
    )
    if not account_queries.addresses(customer_id):
        accounts.save_address(customer_id, person.home, default=True)
        if roll[3] < 0.25:
            accounts.change(customer_id, group="club")
    group = account_queries.customer(customer_id).group
    cart = carts.open_cart(person.market, customer_id)
    tags = pricing.tags([sku for sku, _ in wanted], person.market, "shop", group)
    for sku, quantity in wanted:
        try:
            carts.put(cart.id, sku, quantity, tags[sku].unit)
        except CartFull:
            break
    method = "pickup" if roll[0] < 0.35 else "ship"
    seen = basket(cart.id, "shop", group, method)
    way = _way(seen, method)
    if way is None:  # some of it is not to be had that way: they put it back and leave
        for line in seen.lines:
            carts.put(cart.id, line.sku, 0)
        return None
    assert seen.quote is not None
    return check_out(
        Checkout(
            cart_id=cart.id,
            version=seen.cart.version,
            customer_id=customer_id,
            channel="shop",
            language=person.language,
            email=person.email,
            name=person.name,
            phone=person.phone,
            parts=(
                Part(
                    kind=method,
                    location=way.location.code if way.location else None,
                    address=person.home if method == "ship" else None,
                ),
            ),
            tenders=(Tender(method="card", provider="sandbox", token=_card(roll[1])),),
            seen_total=seen.quote.total,
            group=group,
        ),
        key=key,
    )


def _way(seen: Basket, method: str) -> Way | None:
    if seen.changes or seen.quote is None:
        return None
    ways = [way for way in seen.ways() if way.kind == method and way.possible and way.promise]
    near = [way for way in ways if way.location is None or way.location.country == seen.country]
    return next(iter(near), None)


def _card(roll: float) -> str:
    number = "4000000000000002" if roll < 0.05 else "4242424242424242"
    return tokenise(number, f"12/{(now().year + 3) % 100:02}", "123")


def _follow(order_id: UUID, person: Person, at: datetime, roll: list[float]) -> None:
    """What became of the order by now: older ones are done with, the latest are still being got ready."""
    if roll[2] < 0.04:
        with held_at(at + timedelta(hours=1)):
            finish_order.cancel_order(order_id, "customer", key=f"demo-cancel-{order_id}")
        return
    in_time = roll[3] < 0.94
    for view in fulfillments.of_order(order_id):
        if view.kind == "pickup":
            _get_ready(view, at, in_time)
        else:
            _send(view, person, at, in_time)
    with held_at(min(at + timedelta(days=12), now())):
        finish_order.complete_if_done(orders.order(order_id).id)


def _get_ready(view: FulfillmentView, at: datetime, in_time: bool) -> None:
    ready = view.promised_until + (timedelta(minutes=-20) if in_time else timedelta(hours=3))
    fetched = ready + timedelta(days=4)
    if _is_over(ready):
        with held_at(max(at, ready - timedelta(minutes=30))):
            _pick(view)
        with held_at(ready):
            fulfillment.make_ready(view.id, now() + timedelta(days=7))
    if _is_over(fetched):
        with held_at(fetched):
            code = fulfillments.fulfillment(view.id).pickup_code or ""
            finish_order.hand_over(view.id, code, key=f"demo-{view.id}")


def _send(view: FulfillmentView, person: Person, at: datetime, in_time: bool) -> None:
    arrives = view.promised_until + (timedelta(hours=-4) if in_time else timedelta(days=1))
    leaves = min(at + timedelta(days=1), arrives - timedelta(hours=2))
    if _is_over(leaves):
        with held_at(max(at, leaves - timedelta(hours=2))):
            _pick(view)
        with held_at(leaves):
            finish_order.ship(view.id, CARRIERS[person.market], view.number.replace("-", ""), key=f"demo-{view.id}")
    if _is_over(arrives):
        with held_at(arrives):
            fulfillment.deliver(view.id)


def _is_over(moment: datetime) -> bool:
    """Whether it is past by the clock on the wall, wherever the story's clock is held."""
    return moment < now()


def _pick(view: FulfillmentView) -> None:
    fulfillment.start_picking(view.id)
    for line in view.lines:
        fulfillment.pick(view.id, line.sku, line.quantity)
