"""Erasing: what a customer was known by becomes empty stones, and what others are known by is computed again."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from samband.events.identity import CustomerForgotten
from samband.kernel.clock import now
from samband.timeline import record

from .gathering import alone
from .rules import SAME
from .settling import queue, settle

_ERASE = """
update identity_identifier
set value = null, key = null, customer = null, erased_at = %s::timestamptz
where customer = %s::uuid returning id, shared or marked
"""
_AWAY = """
delete from identity_assertion where a = any(%(numbers)s::bigint[]) or b = any(%(numbers)s::bigint[])
returning id, a, b, rule
"""
_ALSO_SHARED = "select id from identity_identifier where id = any(%s::bigint[]) and shared"


def forget(customer: UUID) -> tuple[int, ...]:
    """Leave nothing that names the customer; returns the numbers of their identifiers, which stay as stones.

    Inside a transaction. Whoever remembers numbers finds the edition raised. Nothing for who is no customer now.
    """
    with connection.cursor() as cursor:
        cursor.execute("select identity_raise_edition()")
        alone()
        cursor.execute(_ERASE, [now(), customer])
        erased: dict[int, bool] = dict(cursor.fetchall())
        if not erased:
            return ()
        numbers = sorted(erased)
        cursor.execute(_AWAY, {"numbers": numbers})
        gone = cursor.fetchall()
        ids = [row[0] for row in gone]
        cursor.execute("delete from identity_retraction where assertion = any(%s::bigint[])", [ids])
        cursor.execute("delete from identity_pending where assertion = any(%s::bigint[])", [ids])
        cursor.execute(
            "delete from identity_review where a = any(%(n)s::bigint[]) or b = any(%(n)s::bigint[])", {"n": numbers}
        )
        near = {number for _, a, b, _ in gone for number in (a, b)} - erased.keys()
        held = {number for _, a, b, rule in gone for number in (a, b) if _held(erased, a, b, rule)} - erased.keys()
        cursor.execute(_ALSO_SHARED, [list(near - held)])
        others = held | {row[0] for row in cursor.fetchall()}
    if others:
        settle(others, recount=others, because="erased")
    queue({customer})
    record(CustomerForgotten(customer_id=customer, identifiers=len(numbers)))
    return tuple(numbers)


def _held(erased: Mapping[int, bool], a: int, b: int, rule: str) -> bool:
    """Whether more than the number of neighbours may change: not where a shared value held nobody."""
    return rule in (SAME, "verified") or not (erased.get(a) or erased.get(b))
