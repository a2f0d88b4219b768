"""What orders can be asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.goods import Line
from samband.kernel.money import Money

from .refusals import OrderNotFound

MOST_A_PAGE = 200
LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it was shown and priced; of a credit, quantity and amounts are negative."""

    position: int
    sku: str
    name: str
    quantity: int
    unit: Money
    total: Money
    net: Money
    vat: Money
    vat_basis_points: int
    cancelled_quantity: int
    discount: Money


@dataclass(frozen=True, slots=True)
class GroupView:
    """Goods from one location on one way: ship, pickup, carry or serve (brought to a `place` in the location)."""

    position: int
    kind: str
    location: str
    goods: tuple[Line, ...]
    address_id: UUID | None
    promised_from: datetime | None
    promised_until: datetime | None
    slot_id: UUID | None
    place: str


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order in a list. `units` counts what was ordered."""

    id: UUID
    number: str
    kind: str
    state: str
    customer_id: UUID | None
    contact_id: UUID | None
    channel: str
    market: str
    total: Money
    refunded: Money
    units: int
    source: str
    created_at: datetime
    placed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order, whole. Amounts include VAT unless the name says otherwise; `quote` is what the shopper saw."""

    id: UUID
    number: str
    kind: str
    state: str
    customer_id: UUID | None
    contact_id: UUID | None
    cart_id: UUID | None
    channel: str
    market: str
    language: str
    total: Money
    total_net: Money
    total_vat: Money
    shipping: Money
    shipping_vat: Money
    refunded: Money
    quote: dict[str, Any]
    reason: str
    patient: bool
    sold_at: str
    sold_by: UUID | None
    source: str
    source_reference: str
    created_at: datetime
    placed_at: datetime | None
    closed_at: datetime | None
    lines: tuple[LineView, ...]
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """So many orders of a kind in a state, worth so much in one currency."""

    state: str
    kind: str
    orders: int
    total: Money


class _Line(msgspec.Struct):
    position: int
    sku: str
    name: str
    quantity: int
    unit: int
    total: int
    net: int
    vat: int
    vat_basis_points: int
    cancelled_quantity: int
    discount: int


class _Group(msgspec.Struct):
    position: int
    kind: str
    location: str
    goods: dict[str, int]
    address_id: UUID | None
    promised_from: datetime | None
    promised_until: datetime | None
    slot_id: UUID | None
    place: str


_LINES = msgspec.json.Decoder(list[_Line])
_GROUPS = msgspec.json.Decoder(list[_Group])

_ORDER = """
select id, number, kind, state, customer_id, contact_id, cart_id, channel, market, language, currency, total, total_net,
       total_vat, shipping, shipping_vat, refunded, quote::text, reason, patient, sold_at, sold_by, source,
       source_reference, created_at, placed_at, closed_at,
       (select coalesce(json_agg(l order by l.position), '[]') from orders_orderline l where l.order_id = o.id)::text,
       (select coalesce(json_agg(g order by g.position), '[]') from orders_ordergroup g where g.order_id = o.id)::text
from orders_order o where {where}
"""

_CARD = """
select id, number, kind, state, customer_id, contact_id, channel, market, currency, total, refunded,
       (select coalesce(sum(abs(l.quantity)), 0)::bigint from orders_orderline l where l.order_id = o.id),
       source, created_at, placed_at
from orders_order o where {where}
order by created_at desc, id desc limit %s
"""

_BEFORE = "(created_at, id) < (select b.created_at, b.id from orders_order b where b.id = %s::uuid)"


def order(order_id: UUID) -> OrderView:
    """One order. Raises OrderNotFound."""
    return _order("o.id = %s::uuid", order_id)


def by_number(number: str) -> OrderView:
    """The order with this number, typed in capitals or not, with or without its dash. Raises OrderNotFound."""
    return _order("o.number = %s", as_number(number))


def by_source(source: str, reference: str) -> OrderView:
    """An order of another system by its name there. Raises OrderNotFound."""
    return _order("o.source = %s and o.source <> '' and o.source_reference = %s", source, reference)


def as_number(text: str) -> str:
    """The text as an order number of ours, if it can be one; else as it is."""
    letters = re.sub(r"[\s-]", "", text[:LONGEST_SEARCH].replace("\x00", "")).upper()
    return f"{letters[:5]}-{letters[5:]}" if len(letters) == 10 else text[:LONGEST_SEARCH].replace("\x00", "")


def of_customer(
    customer_ids: Sequence[UUID],
    before: UUID | None = None,
    most: int = 20,
    contact_ids: Sequence[UUID] = (),
) -> tuple[OrderCard, ...]:
    """What these customers (one person, perhaps joined of several) ordered, newest first; drafts are not shown.

    `contact_ids` are those with which they ordered as a guest. `before` is the last order of the page before.
    """
    whose = "(customer_id = any(%s::uuid[]) or (customer_id is null and contact_id = any(%s::uuid[])))"
    conditions, values = [whose, "state <> 'draft'", _NEVER_PLACED], [list(customer_ids), list(contact_ids)]
    return _cards(conditions, values, before, most)


_NEVER_PLACED = "(state <> 'cancelled' or placed_at is not null)"


def recent(
    state: str | None = None, text: str = "", before: UUID | None = None, most: int = 50
) -> tuple[OrderCard, ...]:
    """The latest orders, newest first. `text` is the beginning of a number, or an order's whole name in another system.

    `before` is the last order of the page before.
    """
    conditions: list[str] = []
    values: list[Any] = []
    if state:
        conditions.append("state = %s")
        values.append(state)
    if text := text.strip().replace("\x00", "")[:LONGEST_SEARCH]:
        conditions.append("(number like %s or (source <> '' and source_reference = %s))")
        begins = re.sub(r"([\\%_])", r"\\\1", as_number(text).upper())
        values += [f"{begins}%", text]
    return _cards(conditions, values, before, most)


def of_contacts(contact_ids: Sequence[UUID], before: UUID | None = None, most: int = 50) -> tuple[OrderCard, ...]:
    """Orders made with these contacts, such as a guest's; newest first."""
    return _cards(["contact_id = any(%s::uuid[])"], [list(contact_ids)], before, most)


def addresses_of_guests(contact_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The addresses that guests' orders for these contacts went to, by contact."""
    rows = _all(
        "select o.contact_id, array_agg(distinct g.address_id) from orders_order o"
        " join orders_ordergroup g on g.order_id = o.id"
        " where o.customer_id is null and o.contact_id = any(%s::uuid[]) and g.address_id is not null"
        " group by o.contact_id",
        [list(contact_ids)],
    )
    return {contact: tuple(found) for contact, found in rows}


def cards(order_ids: Sequence[UUID]) -> dict[UUID, OrderCard]:
    """These orders as a list shows them; those we do not know are left out."""
    if not order_ids:
        return {}
    return {card.id: card for card in _cards(["id = any(%s::uuid[])"], [list(order_ids)], None, MOST_A_PAGE)}


def summary_counts() -> tuple[Count, ...]:
    """How many orders there are and what they are worth, by state, kind and currency."""
    rows = _all(
        "select state, kind, count(*), sum(total)::bigint, currency from orders_order"
        " group by state, kind, currency order by state, kind, currency",
        [],
    )
    return tuple(Count(state, kind, many, Money(total, currency)) for state, kind, many, total, currency in rows)


def abandoned(before: datetime, most: int = 100) -> tuple[UUID, ...]:
    """Drafts begun before a moment that nobody placed; the oldest first."""
    rows = _all(
        "select id from orders_order where state = 'draft' and created_at < %s::timestamptz"
        " order by created_at, id limit %s",
        [before, most],
    )
    return tuple(row[0] for row in rows)


def drafts_of_cart(*cart_ids: UUID) -> tuple[UUID, ...]:
    """Drafts that this cart, or one of these, has not been paid for."""
    drafts = "select id from orders_order where cart_id = any(%s::uuid[]) and state = 'draft' order by id"
    return tuple(row[0] for row in _all(drafts, [list(cart_ids)]))


@dataclass(frozen=True, slots=True)
class Due:
    """What a payment has to know of an order: its state, what it comes to, and whether it waits for another try."""

    state: str
    total: Money
    patient: bool
    channel: str


def due(order_id: UUID) -> Due:
    """What is to be paid for an order. Raises OrderNotFound."""
    rows = _all("select state, total, currency, patient, channel from orders_order where id = %s::uuid", [order_id])
    if not rows:
        raise OrderNotFound()
    state, total, currency, patient, channel = rows[0]
    return Due(state, Money(total, currency), patient, channel)


def states(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The state of each of these orders; those we do not know are left out."""
    return dict(_all("select id, state from orders_order where id = any(%s::uuid[])", [list(order_ids)]))


def _order(where: str, *values: Any) -> OrderView:
    rows = _all(_ORDER.format(where=where), values)
    if not rows:
        raise OrderNotFound()
    *agreed, currency, total, net, vat, shipping, shipping_vat, refunded, quote = rows[0][:18]
    *later, lines, groups = rows[0][18:]
    amounts = [Money(amount, currency) for amount in (total, net, vat, shipping, shipping_vat, refunded)]
    parts: list[Any] = [*agreed, *amounts, msgspec.json.decode(quote), *later]
    parts.append(tuple(_line(line, currency) for line in _LINES.decode(lines)))
    parts.append(tuple(_group(group) for group in _GROUPS.decode(groups)))
    return OrderView(*parts)


def _line(line: _Line, currency: str) -> LineView:
    return LineView(
        line.position,
        line.sku,
        line.name,
        line.quantity,
        Money(line.unit, currency),
        Money(line.total, currency),
        Money(line.net, currency),
        Money(line.vat, currency),
        line.vat_basis_points,
        line.cancelled_quantity,
        Money(line.discount, currency),
    )


def _group(group: _Group) -> GroupView:
    return GroupView(
        group.position,
        group.kind,
        group.location,
        tuple(Line(sku, quantity) for sku, quantity in sorted(group.goods.items())),
        group.address_id,
        group.promised_from,
        group.promised_until,
        group.slot_id,
        group.place,
    )


def _cards(conditions: list[str], values: list[Any], before: UUID | None, most: int) -> tuple[OrderCard, ...]:
    if before is not None:
        conditions, values = [*conditions, _BEFORE], [*values, before]
    where = " and ".join(conditions) or "true"
    rows = _all(_CARD.format(where=where), [*values, max(1, min(most, MOST_A_PAGE))])
    return tuple(_card(row) for row in rows)


def _card(row: Any) -> OrderCard:
    key, number, kind, state, customer_id, contact_id, channel, market, currency, total, refunded, *rest = row
    return OrderCard(
        key,
        number,
        kind,
        state,
        customer_id,
        contact_id,
        channel,
        market,
        Money(total, currency),
        Money(refunded, currency),
        *rest,
    )


def _all(statement: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
