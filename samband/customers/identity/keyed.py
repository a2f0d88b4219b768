"""One house, one secret: with another one, everybody would come back as a stranger and erasure would find nobody."""

from django.db import connection, transaction

from samband.kernel.clock import now
from samband.kernel.identifier import key_of

from .refusals import AnotherSecret

WORD = "samband keeps one secret"

_ONCE = """
insert into identity_keyedwith (id, made, at) values (1, %s::uuid, %s::timestamptz) on conflict (id) do nothing
"""


def same_secret() -> None:
    """See to it that keys go on being made with the secret they were made with; whoever asks first says which it is.

    For whoever serves, works or captures, before anything is taken in; safe to repeat. Raises AnotherSecret.
    """
    made = key_of("user", WORD, "samband")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select made from identity_keyedwith")
        kept = cursor.fetchone()
        if kept is None:
            cursor.execute(_ONCE, [made, now()])
            cursor.execute("select made from identity_keyedwith")
            kept = cursor.fetchone()
    if kept != (made,):
        raise AnotherSecret()
