"""Whoever types codes that are none is held up: after ten in a quarter of an hour they are not looked at any more."""

from datetime import timedelta

from django.db import connection

from samband.kernel.clock import now
from samband.timeline.chores import every

from . import gift_ledger
from .gift_ledger import GiftCardView
from .refusals import TooManyCodes, UnknownGiftCard

WRONG_ALLOWED = 10
WINDOW = timedelta(minutes=15)

_COUNT = """
insert into payments_giftcardtry (asker, wrong, since) values (%(asker)s, 1, %(now)s::timestamptz)
on conflict (asker) do update set
    wrong = case when payments_giftcardtry.since < %(begin)s::timestamptz then 1
                 else payments_giftcardtry.wrong + 1 end,
    since = case when payments_giftcardtry.since < %(begin)s::timestamptz then %(now)s::timestamptz
                 else payments_giftcardtry.since end
"""


def look_at(code: str, asker: str) -> GiftCardView:
    """The gift card with this code. `asker` says who types: a session, a device, an address; it is kept as a hash.

    Not inside a transaction that a refusal undoes: a wrong try is counted. Raises UnknownGiftCard, TooManyCodes.
    """
    refuse_guessing(asker)
    try:
        return gift_ledger.by_code(code)
    except UnknownGiftCard:
        count_wrong(asker)
        raise


def of_payment(key: str) -> str:
    """Who asks with an authorisation: whoever pays for that order, with however many tries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select order_id from payments_intent where id = (select intent_id from payments_operation where key = %s)",
            [key],
        )
        row = cursor.fetchone()
    return f"order:{row[0]}" if row else key


def refuse_guessing(asker: str) -> None:
    """Raises TooManyCodes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from payments_giftcardtry where asker = %s and wrong >= %s::int and since >= %s::timestamptz",
            [_hashed(asker), WRONG_ALLOWED, now() - WINDOW],
        )
        if cursor.fetchone():
            raise TooManyCodes()


def count_wrong(asker: str) -> None:
    """Another code that is none."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"asker": _hashed(asker), "now": now(), "begin": now() - WINDOW})


@every(3600)
def forget_tries() -> int:
    """Whoever tried codes is forgotten once it no longer matters; returns how many were."""
    with connection.cursor() as cursor:
        cursor.execute("delete from payments_giftcardtry where since < %s::timestamptz", [now() - WINDOW])
        return int(cursor.rowcount)


def _hashed(asker: str) -> str:
    """Keyed, for an address on the network is soon guessed from a plain hash."""
    return gift_ledger.hashed(f"asker {asker}")
