"""The code with which a customer collects: easy to read aloud, unguessable, and not to be tried out."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from samband.kernel.clock import now
from samband.kernel.ids import readable_code

from .models import Fulfillment, WrongCodes
from .refusals import CodeLocked, WrongCode

CODE_LENGTH = 6
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=10)


def unused(location: str) -> str:
    """A code that no other pickup waiting at the location has."""
    while True:
        code = readable_code(CODE_LENGTH)
        if not Fulfillment.objects.filter(location=location, pickup_code=code, state="ready").exists():
            return code


def read(code: str) -> str:
    """The code as we keep it, however it was typed: in capitals, without spaces and dashes."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def check(fulfillment: Fulfillment, code: str) -> None:
    """Compare the code for a fulfillment whose row the caller has locked, so that tries come one by one.

    Raises WrongCode with the `tries_left`, or CodeLocked with `locked_until`, be the code right or wrong.
    """
    spent = WrongCodes.objects.filter(pk=fulfillment.pk).first()
    if spent and spent.locked_until and spent.locked_until > now():
        raise CodeLocked(locked_until=spent.locked_until.isoformat())
    if not secrets.compare_digest(read(code).encode(), (fulfillment.pickup_code or "").encode()):
        raise WrongCode(tries_left=MOST_TRIES - _spend_try(fulfillment.pk))


_SPEND = """
insert into fulfillment_wrongcodes as spent (fulfillment_id, tries, locked_until) values (%(id)s::uuid, 1, null)
on conflict (fulfillment_id) do update set
    tries = case when spent.locked_until is null then spent.tries + 1 else 1 end,
    locked_until = case
        when spent.locked_until is null and spent.tries + 1 >= %(most)s::int then %(locked_until)s::timestamptz
    end
returning tries
"""


def _spend_try(fulfillment_id: UUID) -> int:
    """Count a wrong try, for good: on a connection of its own, since the transaction we are in will be undone."""
    locked_until: datetime = now() + LOCKED_FOR
    apart = connection.copy()
    try:
        with apart.cursor() as cursor:
            cursor.execute(_SPEND, {"id": fulfillment_id, "most": MOST_TRIES, "locked_until": locked_until})
            tries: int = cursor.fetchone()[0]
            return tries
    finally:
        apart.close()
