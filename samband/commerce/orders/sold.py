"""What was sold, many orders at a time and in few words: for whoever tells of orders rather than changes them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection


@dataclass(frozen=True, slots=True)
class SoldLine:
    """Goods of an order. Amounts are minor units, VAT included; of a credit they are negative, as is the quantity."""

    sku: str
    name: str
    quantity: int
    unit: int
    total: int


@dataclass(frozen=True, slots=True)
class SoldWay:
    """How some of the goods come to the customer (ship, pickup, carry, serve), from where, and how many pieces."""

    kind: str
    location: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Sold:
    """An order. Amounts are minor units of `currency`, VAT included; `coupons` are those that made it cost less.

    `source` and `reference` name another system and the order's name there, if it was sold there.
    """

    id: UUID
    number: str
    kind: str
    customer_id: UUID | None
    contact_id: UUID | None
    channel: str
    market: str
    language: str
    currency: str
    total: int
    vat: int
    shipping: int
    refunded: int
    discount: int
    sold_at: str
    source: str
    reference: str
    state: str
    placed_at: datetime | None
    closed_at: datetime | None
    coupons: tuple[str, ...]
    lines: tuple[SoldLine, ...]
    ways: tuple[SoldWay, ...]


_SOLD = """
select o.id, o.number, o.kind, o.customer_id, o.contact_id, o.channel, o.market, o.language, o.currency, o.total,
       o.total_vat, o.shipping, o.refunded,
       case when jsonb_typeof(o.quote #> '{discount,amount}') = 'number'
            then (o.quote #>> '{discount,amount}')::bigint else 0 end,
       o.sold_at, o.source, o.source_reference, o.state, o.placed_at, o.closed_at,
       (select coalesce(json_agg(c ->> 'code'), '[]') from jsonb_array_elements(
           case when jsonb_typeof(o.quote -> 'coupons') = 'array' then o.quote -> 'coupons' else '[]' end) c
        where c ->> 'state' = 'applied')::text,
       (select coalesce(json_agg(json_build_array(l.sku, l.name, l.quantity, l.unit, l.total) order by l.position),
           '[]') from orders_orderline l where l.order_id = o.id)::text,
       (select coalesce(json_agg(json_build_array(g.kind, g.location, (
           select coalesce(sum(n.value::bigint), 0) from jsonb_each_text(g.goods) n)) order by g.position), '[]')
        from orders_ordergroup g where g.order_id = o.id)::text
from orders_order o where o.id = any(%s::uuid[])
"""

_COUPONS = msgspec.json.Decoder(tuple[str, ...])
_LINES = msgspec.json.Decoder(tuple[tuple[str, str, int, int, int], ...])
_WAYS = msgspec.json.Decoder(tuple[tuple[str, str, int], ...])


def sold(order_ids: Collection[UUID]) -> dict[UUID, Sold]:
    """These orders, drafts among them; those we do not know are left out. One statement."""
    if not order_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, [list(order_ids)])
        return {row[0]: _order(row) for row in cursor.fetchall()}


def _order(row: Any) -> Sold:
    *said, coupons, lines, ways = row
    parts: list[Any] = [*said, _COUPONS.decode(coupons)]
    parts.append(tuple([SoldLine(*line) for line in _LINES.decode(lines)]))
    parts.append(tuple([SoldWay(*way) for way in _WAYS.decode(ways)]))
    return Sold(*parts)
