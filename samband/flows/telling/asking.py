"""Asking the rooms for what their events leave out: a few statements for many events, none for what needs none."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from samband.commerce.catalog import queries as catalog
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders.sold import Sold, sold
from samband.commerce.payments import queries as payments
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import queries as accounts
from samband.events.fulfillment import GoodsHandedOver
from samband.events.orders import GroupRedirected, LineReplaced, OrderCancelled, OrderImported, OrderPlaced
from samband.kernel.event import Event

from .facts import Facts, Paid

IN_FULL = (OrderPlaced, OrderImported, OrderCancelled, LineReplaced, GroupRedirected)
"""Events that are told with goods and payments; the others only name their order."""


def facts_for(events: Sequence[Event]) -> Facts:
    """What is to be known before these events are told: six statements at most, however many events there are."""
    orders = sold(_named(events, "order_id"))
    in_full = {
        event.order_id: orders[event.order_id]
        for event in events
        if isinstance(event, IN_FULL) and event.order_id in orders
    }
    named = _named(events, "customer_id") | {one.customer_id for one in orders.values() if one.customer_id}
    return Facts(
        orders=orders,
        payments=_payments(in_full),
        emails=_emails(orders.values()),
        categories=catalog.categories_of(sorted(_skus(in_full.values()))) if in_full else {},
        countries={code: market.country for code, market in pricing.markets().items()},
        kinds=_kinds([event.fulfillment_id for event in events if isinstance(event, GoodsHandedOver)]),
        erased=_erased(named),
    )


def _named(events: Iterable[Event], field: str) -> set[UUID]:
    return {named for event in events if (named := getattr(event, field, None)) is not None}


def _skus(orders: Iterable[Sold]) -> set[str]:
    return {line.sku for order in orders for line in order.lines}


def _emails(orders: Iterable[Sold]) -> dict[UUID, str]:
    """The address of whoever ordered without an account."""
    guests = {order.contact_id for order in orders if order.customer_id is None and order.contact_id}
    return {one.id: one.email for one in accounts.contacts(guests).values()} if guests else {}


def _payments(orders: Collection[UUID] | Mapping[UUID, Sold]) -> dict[UUID, tuple[Paid, ...]]:
    """What the orders are, or were, paid by. Of payments that were declined nothing is said."""
    found: defaultdict[UUID, list[Paid]] = defaultdict(list)
    for one in payments.of_orders(list(orders)) if orders else ():
        if one.authorised.amount or one.captured.amount:
            found[one.order_id].append(Paid(one.method, one.captured.amount or one.authorised.amount))
    return {order_id: tuple(paid) for order_id, paid in found.items()}


def _kinds(fulfillment_ids: Sequence[UUID]) -> dict[UUID, str]:
    return {one.id: one.kind for one in fulfillments.fulfillments(fulfillment_ids)} if fulfillment_ids else {}


def _erased(customer_ids: set[UUID]) -> frozenset[UUID]:
    """Accounts that are gone, among them those nobody has ever heard of."""
    known = accounts.customers(customer_ids) if customer_ids else {}
    return frozenset(one for one in customer_ids if one not in known or known[one].erased_at is not None)
