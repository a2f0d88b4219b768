"""The docket: how a fulfillment is written down, with its goods and its place among those of its order."""

from typing import Any

from django.db import connection

from samband.kernel.goods import Line

from .models import Fulfillment
from .refusals import FulfillmentExists

MOST_AT_ONCE = 50

# The place among the order's fulfillments is taken by whoever inserts first; the other finds no row and asks again.
_INSERT = """
with place as (
    select coalesce(max(position), 0) + 1 as next from fulfillment_fulfillment where order_id = %(order_id)s::uuid
),
made as (
    insert into fulfillment_fulfillment (
        id, order_id, position, number, customer_id, address_id, kind, location, place, slot_id, service, state,
        promised_from, promised_until, carrier, tracking, cancel_reason, created_at, changed_at
    )
    select %(id)s::uuid, %(order_id)s::uuid, next, %(number)s::text || '-' || next, %(customer_id)s::uuid,
        %(address_id)s::uuid, %(kind)s::text, %(location)s::text, %(place)s::text, %(slot_id)s::uuid,
        %(service)s::text, 'requested', %(promise_from)s::timestamptz, %(promise_until)s::timestamptz,
        '', '', '', %(at)s::timestamptz, %(at)s::timestamptz
    from place
    on conflict do nothing
    returning id
)
insert into fulfillment_fulfillmentline (fulfillment, sku, quantity, picked)
select made.id, line.sku, line.quantity, 0
from made, unnest((select %(skus)s::text[]), (select %(quantities)s::int[])) as line (sku, quantity)
"""


def write(goods: tuple[Line, ...], fields: dict[str, Any]) -> None:
    """Write a fulfillment down in one statement. Raises FulfillmentExists if its id or number was used before."""
    lines: dict[str, Any] = {"skus": [line.sku for line in goods], "quantities": [line.quantity for line in goods]}
    for _ in range(MOST_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, {**fields, **lines})
            if cursor.rowcount:
                return
        if Fulfillment.objects.filter(pk=fields["id"]).exists():
            break
    raise FulfillmentExists(fulfillment_id=str(fields["id"]))
