"""Erasing: what a customer was known by becomes empty stones, and what others are known by is computed again."""

from uuid import UUID

from django.db import connection

from samband.events.identity import CustomerForgotten
from samband.kernel.clock import now
from samband.timeline import record

from .gathering import alone
from .settling import queue, settle

_ERASE = """
update identity_identifier
set value = null, key = null, customer = null, erased_at = %s::timestamptz
where customer = %s::uuid returning id
"""
_AWAY = """
delete from identity_assertion where a = any(%(numbers)s::bigint[]) or b = any(%(numbers)s::bigint[])
returning id, a, b
"""


def forget(customer: UUID) -> tuple[int, ...]:
    """Leave nothing that names the customer; returns the numbers of their identifiers, which stay as stones.

    Inside a transaction. Whoever remembers numbers finds the edition raised. Nothing for who is no customer now.
    """
    with connection.cursor() as cursor:
        cursor.execute("select identity_raise_edition()")
        alone()
        cursor.execute(_ERASE, [now(), customer])
        numbers = sorted(row[0] for row in cursor.fetchall())
        if not numbers:
            return ()
        cursor.execute(_AWAY, {"numbers": numbers})
        gone = cursor.fetchall()
        ids = [row[0] for row in gone]
        cursor.execute("delete from identity_retraction where assertion = any(%s::bigint[])", [ids])
        cursor.execute("delete from identity_pending where assertion = any(%s::bigint[])", [ids])
        cursor.execute(
            "delete from identity_review where a = any(%(n)s::bigint[]) or b = any(%(n)s::bigint[])", {"n": numbers}
        )
    others = {number for _, *pair in gone for number in pair} - set(numbers)
    if others:
        settle(others, recount=others, because="erased")
    queue({customer})
    record(CustomerForgotten(customer_id=customer, identifiers=len(numbers)))
    return tuple(numbers)
