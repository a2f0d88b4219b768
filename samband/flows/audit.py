"""Do the books balance? Each room's own, and what must agree between rooms. A finding is a sentence naming the rows."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import islice

from django.apps import apps
from django.db import connection, transaction

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import Standing
from samband.commerce.payments import queries as payments
from samband.commerce.pricing import promoted
from samband.timeline.queries import backlog

from . import count_cash

AT_ONCE = 2000
STANDS = frozenset({"placed", "completed"})


def audit() -> Iterator[str]:
    """Everything that is wrong, one sentence each; nothing when every book balances.

    All books are read as they were at one moment, so a shop that is open may be audited.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        for app in apps.get_app_configs():
            if app.name.startswith("samband.") and find_spec(f"{app.name}.books"):
                yield from import_module(f"{app.name}.books").findings()
        yield from between_rooms()


def between_rooms() -> Iterator[str]:
    """What one room says that another must agree with: an order, its payment, its hold and its fulfillments."""
    caught_up = backlog().waiting == 0
    standings = orders.standings()
    while batch := list(islice(standings, AT_ONCE)):
        yield from _money_agrees(batch, caught_up)
        yield from _goods_agree([one for one in batch if not one.source], caught_up)
        yield from _uses_agree(batch, caught_up)
    yield from _payments_have_orders()
    yield from count_cash.findings()


def _money_agrees(batch: list[Standing], caught_up: bool) -> Iterator[str]:
    """An order that stands is paid in full (a credit: paid out), and both books note the same refunds."""
    taken = payments.balances([one.order_id for one in batch])
    for one in batch:
        paid = taken.get(one.order_id)
        secured = paid.secured - paid.paid_out if paid else 0
        if one.state in STANDS and secured != one.total:
            yield f"Order {one.number} stands at {one.total} {one.currency}, but {secured} were secured for it."
        if caught_up and paid and paid.refunded != one.refunded:
            yield f"Order {one.number} notes {one.refunded} {one.currency} refunded, its payments {paid.refunded}."


def _goods_agree(batch: list[Standing], caught_up: bool) -> Iterator[str]:
    """A draft holds its goods, a placed order has them allocated or gone, an order that is off holds nothing."""
    ids = [one.order_id for one in batch]
    holds = inventory.hold_standings(ids)
    work = fulfillments.workloads(ids)
    for one in batch:
        hold = holds.get(one.order_id)
        if hold is None:
            yield f"Order {one.number} ({one.state}) never held its goods."
        elif one.state == "draft":
            if caught_up and hold.state != "live":
                yield f"Draft {one.number} has a hold that is {hold.state}."
        elif one.state == "cancelled":
            if hold.left:
                yield f"Order {one.number} is off, but {hold.left} units are still held for it."
        else:
            asked = work.get(one.order_id)
            if asked is None or asked.asked != one.units:
                yield f"Order {one.number} has {one.units} units, but {asked.asked if asked else 0} were asked for."
            elif hold.left != asked.with_us:
                yield f"Order {one.number} has {asked.with_us} units still with us, but {hold.left} are held for it."


USED_WHILE = {"draft": "reserved", "placed": "kept", "completed": "kept", "cancelled": "freed"}
"""How an order's coupons and limited promotions are counted while it is so."""


def _uses_agree(batch: list[Standing], caught_up: bool) -> Iterator[str]:
    """What an order made use of is spent while it stands, kept for it while it is a draft, and given back when off."""
    used = promoted.use_states([one.order_id for one in batch])
    for one in batch:
        states = used.get(one.order_id, frozenset()) - {USED_WHILE[one.state]}
        if states and (caught_up or one.state != "cancelled"):
            yield f"Order {one.number} is {one.state}, but what it made use of is {', '.join(sorted(states))}."


def _payments_have_orders() -> Iterator[str]:
    """No payment without its order."""
    paid = payments.paid_orders()
    while batch := list(islice(paid, AT_ONCE)):
        known = orders.states(batch)
        for order_id in batch:
            if order_id not in known:
                yield f"There is a payment for order {order_id}, which does not exist."
