"""The statements of what people decide: taking back, restoring, saying same or different, marking as shared."""

from uuid import UUID

from django.db import IntegrityError, connection, transaction

from samband.kernel.clock import now

from .refusals import AlreadyTakenBack, NoSuchAssertion, NoSuchIdentifier, NotTakenBack
from .rules import DIFFERENT, SAME

STAFF = "staff"
"""The source of what people decide."""


def ends(assertion_id: int) -> tuple[int, int]:
    """The two numbers an assertion names. Raises NoSuchAssertion."""
    with connection.cursor() as cursor:
        cursor.execute("select a, b from identity_assertion where id = %s", [assertion_id])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchAssertion()
    return row[0], row[1]


def take_back(assertion_id: int, by: str, reason: str) -> None:
    """Raises AlreadyTakenBack."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into identity_retraction (assertion, at, by, reason, restored_by)"
                " values (%s, %s::timestamptz, %s, %s, '')",
                [assertion_id, now(), by, reason],
            )
    except IntegrityError as error:
        raise AlreadyTakenBack() from error


def put_back(assertion_id: int, by: str) -> None:
    """Raises NotTakenBack."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update identity_retraction set restored_at = %s::timestamptz, restored_by = %s"
            " where assertion = %s and restored_at is null",
            [now(), by, assertion_id],
        )
        if not cursor.rowcount:
            raise NotTakenBack()


def declare(a: int, b: int, rule: str, by: str, reason: str) -> int:
    """Write down what a person decided of two numbers and take back the opposite; returns the assertion's id."""
    a, b = min(a, b), max(a, b)
    with connection.cursor() as cursor:
        cursor.execute(_OPPOSITE, [now(), by, reason, a, b, DIFFERENT if rule == SAME else SAME])
        cursor.execute(_DECLARE, [a, b, rule, STAFF, now(), reason])
        cursor.execute(
            "select id from identity_assertion where (a, b, rule, source) = (%s, %s, %s, %s)", [a, b, rule, STAFF]
        )
        assertion_id: int = cursor.fetchone()[0]
        cursor.execute(
            "update identity_retraction set restored_at = %s::timestamptz, restored_by = %s"
            " where assertion = %s and restored_at is null",
            [now(), by, assertion_id],
        )
    return assertion_id


_OPPOSITE = """
insert into identity_retraction (assertion, at, by, reason, restored_by)
select e.id, %s::timestamptz, %s, %s, '' from identity_assertion e
where (e.a, e.b, e.rule) = (%s, %s, %s)
  and not exists (select from identity_retraction r where r.assertion = e.id and r.restored_at is null)
"""
_DECLARE = """
insert into identity_assertion (a, b, rule, source, first_at, reason)
values (%s, %s, %s, %s, %s::timestamptz, %s) on conflict (a, b, rule, source) do nothing
"""


def standing(key: UUID) -> tuple[int, int, UUID]:
    """The number, the kind's place and the customer of the identifier with this key. Raises NoSuchIdentifier."""
    with connection.cursor() as cursor:
        cursor.execute("select id, kind, customer from identity_identifier where key = %s::uuid", [key])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchIdentifier()
    return row[0], row[1], row[2]


def mark(number: int, marked: bool) -> None:
    """Write down whether a person says that many use this."""
    with connection.cursor() as cursor:
        cursor.execute("update identity_identifier set marked = %s where id = %s", [marked, number])
