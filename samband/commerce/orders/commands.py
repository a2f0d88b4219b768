"""What orders can be told to do."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, connection, transaction

from samband.events.orders import OrderCancelled, OrderCompleted, OrderDrafted, OrderImported, OrderPlaced
from samband.kernel.clock import now
from samband.kernel.ids import READABLE, new_id
from samband.kernel.refusal import Invalid
from samband.timeline import command, record_many

from .refusals import CartAlreadySold, NotADraft, NotPlaced, NumberTaken, OrderNotFound, OrderOver
from .rules import Draft, DraftGroup, DraftLine, Historic, check, check_historic

_DRAFT = """
with made as (
    insert into orders_order (
        id, number, kind, state, customer_id, contact_id, cart_id, channel, market, language, currency,
        total, total_net, total_vat, shipping, shipping_vat, quote, patient, sold_at, sold_by, created_at)
    values (
        %(id)s::uuid, %(number)s, 'sale', 'draft', %(customer)s::uuid, %(contact)s::uuid, %(cart)s::uuid, %(channel)s,
        %(market)s, %(language)s, %(currency)s, %(total)s::bigint, %(total_net)s::bigint, %(total_vat)s::bigint,
        %(shipping)s::bigint, %(shipping_vat)s::bigint, %(quote)s::jsonb, %(patient)s::bool, %(sold_at)s,
        %(sold_by)s::uuid, %(now)s::timestamptz)
    on conflict (number) do nothing
    returning id
), lines as (
    insert into orders_orderline (
        order_id, position, sku, name, quantity, unit, total, net, vat, vat_basis_points, discount)
    select made.id, line.position, line.sku, line.name, line.quantity, line.unit, line.total, line.net, line.vat,
           line.basis_points, line.discount
    from made, rows from (json_to_recordset(%(lines)s::json) as (
        sku text, name text, quantity int, unit bigint, total bigint, net bigint, vat bigint, vat_basis_points int,
        discount bigint
    )) with ordinality as line (
        sku, name, quantity, unit, total, net, vat, basis_points, discount, position)
), groups as (
    insert into orders_ordergroup (
        order_id, position, kind, location, goods, address_id, promised_from, promised_until, slot_id, place)
    select made.id, part.position, part.kind, part.location, part.goods, part.address_id, part.promised_from,
           part.promised_until, part.slot_id, part.place
    from made, rows from (json_to_recordset(%(groups)s::json) as (
        kind text, location text, goods jsonb, address_id uuid, promised_from timestamptz, promised_until timestamptz,
        slot_id uuid, place text
    )) with ordinality as part (
        kind, location, goods, address_id, promised_from, promised_until, slot_id, place, position)
)
select count(*) from made
"""

_PLACE = """
update orders_order set state = 'placed', placed_at = %s::timestamptz where id = %s::uuid and state = 'draft'
returning number, customer_id, contact_id, channel, language, total, currency, sold_at
"""

_CANCEL = """
with was as (
    select id, state from orders_order where id = %(id)s::uuid and state in ('draft', 'placed') for update
), called_off as (
    update orders_orderline line set cancelled_quantity = greatest(line.quantity, 0)
    from was where line.order_id = was.id
)
update orders_order set state = 'cancelled', reason = %(reason)s, closed_at = %(now)s::timestamptz
from was where orders_order.id = was.id
returning number, customer_id, contact_id, was.state = 'placed', language
"""

_COMPLETE = """
update orders_order set state = 'completed', closed_at = %s::timestamptz where id = %s::uuid and state = 'placed'
returning number, customer_id
"""

CANCEL_REASONS = ("declined", "abandoned", "customer", "retailer", "pickup_expired")


@command
def draft(wish: Draft) -> OrderDrafted:
    """Write down what a shopper is about to pay for.

    Raises DoesNotAddUp when lines, shipping, VAT and groups do not sum to the totals; Invalid for malformed wishes.
    """
    check(wish)
    while not _wrote(wish, number := _new_number()):
        pass  # somebody drew the same number of 800 million million: draw again
    return OrderDrafted(
        order_id=wish.order_id,
        number=number,
        customer_id=wish.customer_id,
        total=wish.total,
        currency=wish.currency,
    )


def _wrote(wish: Draft, number: str) -> bool:
    # One JSON text for all the lines: nine arrays would cost psycopg more than the database.
    values: dict[str, Any] = {
        "id": wish.order_id,
        "number": number,
        "customer": wish.customer_id,
        "contact": wish.contact_id,
        "cart": wish.cart_id,
        "channel": wish.channel,
        "market": wish.market,
        "language": wish.language,
        "currency": wish.currency,
        "total": wish.total,
        "total_net": wish.total_net,
        "total_vat": wish.total_vat,
        "shipping": wish.shipping,
        "shipping_vat": wish.shipping_vat,
        "quote": msgspec.json.encode(wish.quote).decode(),
        "now": now(),
        "lines": msgspec.json.encode(wish.lines).decode(),
        "groups": msgspec.json.encode([_group(group) for group in wish.groups]).decode(),
        "patient": wish.patient,
        "sold_at": wish.sold_at,
        "sold_by": wish.sold_by,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DRAFT, values)
        return bool(cursor.fetchone()[0])


def _group(group: DraftGroup) -> dict[str, Any]:
    goods: dict[str, int] = {}
    for line in group.goods:
        goods[line.sku] = goods.get(line.sku, 0) + line.quantity
    return {**{field: getattr(group, field) for field in DraftGroup.__slots__}, "goods": goods}


def _new_number() -> str:
    """Ten unguessable characters in two halves, such as S7K3M-QX4PD."""
    drawn = secrets.randbits(80)
    letters = []
    for _ in range(10):
        drawn, letter = divmod(drawn, len(READABLE))
        letters.append(READABLE[letter])
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


@command
def place(order_id: UUID) -> OrderPlaced:
    """The payment is secured: the draft becomes an order that stands.

    Raises NotADraft if it has already gone on, CartAlreadySold if another order came of the same cart.
    """
    try:
        row = _change(_PLACE, [now(), order_id])
    except IntegrityError as error:
        if "orders_cart_sold_once" in str(error):
            raise CartAlreadySold(order=str(order_id)) from error
        raise
    if row is None:
        raise NotADraft(order=str(order_id), state=_state(order_id))
    number, customer_id, contact_id, channel, language, total, currency, sold_at = row
    return OrderPlaced(
        order_id=order_id,
        number=number,
        customer_id=customer_id,
        contact_id=contact_id,
        channel=channel,
        language=language,
        total=total,
        currency=currency,
        sold_at=sold_at,
    )


@command
def cancel(order_id: UUID, reason: str) -> OrderCancelled:
    """The order, or the draft of one, is off. `reason`: declined, abandoned, customer, retailer, pickup_expired.

    Raises OrderOver if it is completed or cancelled already.
    """
    if reason not in CANCEL_REASONS:
        raise Invalid("That is no reason to cancel an order.", reason=str(reason)[:40])
    row = _change(_CANCEL, {"id": order_id, "reason": reason, "now": now()})
    if row is None:
        raise OrderOver(order=str(order_id), state=_state(order_id))
    number, customer_id, contact_id, was_placed, language = row
    return OrderCancelled(
        order_id=order_id,
        number=number,
        customer_id=customer_id,
        contact_id=contact_id,
        was_placed=was_placed,
        reason=reason,
        language=language,
    )


@command
def complete(order_id: UUID) -> OrderCompleted:
    """Everything is in the customer's hands, or called off. Raises NotPlaced if the order does not stand."""
    row = _change(_COMPLETE, [now(), order_id])
    if row is None:
        raise NotPlaced(order=str(order_id), state=_state(order_id))
    number, customer_id = row
    return OrderCompleted(order_id=order_id, number=number, customer_id=customer_id)


def lock_draft(order_id: UUID) -> tuple[int, str]:
    """Have a draft stand still until the transaction ends; returns its total in minor units and the currency.

    Whoever adds to or takes from its payments does this first, so that it is not placed meanwhile. Raises NotADraft.
    """
    row = _change(
        "select total, currency from orders_order where id = %s::uuid and state = 'draft' for no key update", [order_id]
    )
    if row is None:
        raise NotADraft(order=str(order_id), state=_state(order_id))
    return row[0], row[1]


def leave_cart(order_id: UUID) -> None:
    """The cart that an order was made of goes on with other goods: another order may come of it."""
    _change("update orders_order set cart_id = null where id = %s::uuid returning id", [order_id])


def _change(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def _state(order_id: UUID) -> str:
    row = _change("select state from orders_order where id = %s::uuid", [order_id])
    if row is None:
        raise OrderNotFound()
    return str(row[0])


def note_refund(order_id: UUID, amount: int) -> None:
    """So much (minor units) went back to the customer. An order we do not know is passed over."""
    _amend("update orders_order set refunded = refunded + %s::bigint where id = %s::uuid", [amount, order_id])


def _amend(statement: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# Sorted, so that two who import the same orders wait for each other and never deadlock.
_WRITE_ORDERS = """
insert into orders_order (
    id, number, kind, state, customer_id, contact_id, channel, market, language, currency, total, total_net, total_vat,
    shipping, shipping_vat, refunded, quote, source, source_reference, created_at, placed_at, closed_at)
select id, number, kind, state, customer, contact, channel, market, language, currency, total, total_net, total_vat,
    shipping, shipping_vat, refunded, '{}', source, reference, placed_at, placed_at, placed_at
from json_to_recordset(%s::json) as o (
    id uuid, number text, kind text, state text, customer uuid, contact uuid, channel text, market text, language text,
    currency text, total bigint, total_net bigint, total_vat bigint, shipping bigint, shipping_vat bigint,
    refunded bigint, source text, reference text, placed_at timestamptz)
order by source, reference
on conflict (source, source_reference) where source <> '' do nothing
returning id
"""
_LINE_COLUMNS = "order_id, position, sku, name, quantity, unit, total, net, vat, vat_basis_points, discount"


@transaction.atomic(savepoint=False)
def write_history(batch: Sequence[Historic]) -> dict[str, UUID]:
    """Write orders of another system down; returns {reference: order id} of those that were new.

    Orders already known by (source, reference) are passed over, so a repeat changes nothing. All of a batch is
    written or, on a refusal, none. Good batches are some thousand orders.
    Raises DoesNotAddUp, Invalid, and NumberTaken for a given number that another order has.
    """
    for order in batch:
        check_historic(order)
    if len({(order.source, order.reference) for order in batch}) != len(batch):
        raise Invalid("A batch names an order twice.")
    try:
        with connection.wrap_database_errors, connection.cursor() as cursor:
            fresh = _write_orders(cursor, batch)
            _copy_lines(cursor, fresh)
    except IntegrityError as error:
        if "orders_number_once" in str(error):
            raise NumberTaken() from error
        raise
    record_many(
        OrderImported(
            order_id=order_id,
            number=number,
            customer_id=order.customer_id,
            total=order.total,
            currency=order.currency,
        )
        for order_id, number, order in fresh
    )
    return {order.reference: order_id for order_id, _, order in fresh}


def _write_orders(cursor: Any, batch: Sequence[Historic]) -> list[tuple[UUID, str, Historic]]:
    """Write those that are not known yet, and tell which. Whoever is just writing the same ones is waited for."""
    if not batch:
        return []
    numbered = [(new_id(), order.number or _new_number(), order) for order in batch]
    cursor.execute(_WRITE_ORDERS, [msgspec.json.encode([_order_row(*one) for one in numbered]).decode()])
    written = {row[0] for row in cursor.fetchall()}
    return [one for one in numbered if one[0] in written]


def _copy_lines(cursor: Any, fresh: Sequence[tuple[UUID, str, Historic]]) -> None:
    # Formatting line after line, value after value, would cost more than the database's own work. Histories repeat
    # themselves: the same goods, as many of them, at the same price. The batch keeps its lines, so no id comes twice.
    formed: dict[int, str] = {}
    with cursor.copy(f"copy orders_orderline ({_LINE_COLUMNS}) from stdin") as copy:
        for first in range(0, len(fresh), _ORDERS_A_WRITE):
            rows: list[str] = []
            for order_id, _, order in fresh[first : first + _ORDERS_A_WRITE]:
                begins = f"{order_id}\t"
                for position, line in enumerate(order.lines, 1):
                    form = formed.get(id(line)) or formed.setdefault(id(line), _line_form(line))
                    rows.append(f"{begins}{position}{form}")
            copy.write("".join(rows))


_ORDERS_A_WRITE = 200
_LINE_FORM = "\t%s" * 9 + "\n"
_COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _line_form(line: DraftLine) -> str:
    """A line as COPY reads it, but for the order and the position that it begins with."""
    texts = line.sku + line.name
    if "\\" in texts or not texts.isprintable():
        sku, name = line.sku.translate(_COPY_ESCAPES), line.name.translate(_COPY_ESCAPES)
        line = msgspec.structs.replace(line, sku=sku, name=name)
    return _LINE_FORM % msgspec.structs.astuple(line)


def _order_row(order_id: UUID, number: str, order: Historic) -> dict[str, Any]:
    return {
        "id": order_id,
        "number": number,
        "kind": order.kind,
        "state": order.state,
        "customer": order.customer_id,
        "contact": order.contact_id,
        "channel": order.channel,
        "market": order.market,
        "language": order.language,
        "currency": order.currency,
        "total": order.total,
        "total_net": order.total_net,
        "total_vat": order.total_vat,
        "shipping": order.shipping,
        "shipping_vat": order.shipping_vat,
        "refunded": order.refunded,
        "source": order.source,
        "reference": order.reference,
        "placed_at": order.placed_at,
    }
