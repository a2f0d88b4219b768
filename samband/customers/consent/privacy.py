"""What consent knows of a person: give it out whole, or take away what is not needed to honour a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.identifier import key_of
from samband.kernel.reach import Reach

from . import queries
from .models import Asking


def export(reach: Reach) -> dict[str, Any]:
    """Everything that was said under the person's identifiers, with the words that were shown, as plain values."""
    return {
        "consents": [
            {
                "address": str(entry.address),
                "kind": entry.kind,
                "purpose": entry.purpose,
                "granted": entry.granted,
                "source": entry.source,
                "channel": entry.channel,
                "wording": entry.wording,
                "version": entry.version,
                "language": entry.language,
                "said_at": entry.at.isoformat(),
                "recorded_at": entry.recorded_at.isoformat(),
                "proof": entry.proof,
            }
            for entry in queries.history(_keys(reach), most=100_000)
        ],
        "askings": list(
            Asking.objects.filter(address__in=_keys(reach))
            .order_by("asked_at")
            .values("purposes", "language", "source", "channel", "asked_at", "confirmed_at")
        ),
    }


def _keys(reach: Reach) -> list[UUID]:
    """The keys of everything the person is known by, also of addresses that identity has not heard of."""
    clear = (("email", reach.emails), ("phone", reach.phones))
    named = {key_of(kind, value) for kind, values in clear for value in values}
    return sorted({*reach.keys, *reach.accounts, *named})


# A refusal outlives the person: were it forgotten, the next list of addresses would have us write to them again
# (GDPR, Article 21(3) with Recital 65). What is kept is a keyed hash of a mail address or number, a purpose and a time.
_FORGET = """
with standing as (
    delete from consent_standing
    where address = any(%(keys)s::uuid[]) and not (kind in ('email', 'phone') and not granted)
),
entry as (
    delete from consent_entry e where e.address = any(%(keys)s::uuid[]) and not exists (
        select from consent_standing s where s.entry = e.id and s.kind in ('email', 'phone') and not s.granted)
)
delete from consent_asking where address = any(%(keys)s::uuid[]) or account = any(%(accounts)s::uuid[])
"""
_BARE = """
update consent_entry set account = null, proof = '', key = null, by = ''
where address = any(%s::uuid[]) or account = any(%s::uuid[])
"""


@transaction.atomic
def erase(reach: Reach) -> None:
    """Forget what was said, but for the refusals that stand for mail addresses and telephone numbers."""
    keys, accounts = _keys(reach), list(reach.accounts)
    with _erasing(), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"keys": keys, "accounts": accounts})
        cursor.execute(_BARE, [keys, accounts])
    queries.forget_remembered()


# What a browser answered is proof for as long as it may be asked for; afterwards it is a number of nobody's.
_OLD = """
with old as (
    select address from consent_entry where kind in ('cookie', 'device')
    group by address having max(recorded_at) < %s::timestamptz order by max(recorded_at) limit %s
),
standing as (delete from consent_standing s using old where s.address = old.address)
delete from consent_entry e using old where e.address = old.address
"""


_COUNT_OLD = """
select coalesce(sum(entries), 0)::bigint from (
    select count(*) as entries from consent_entry where kind in ('cookie', 'device')
    group by address having max(recorded_at) < %s::timestamptz
) old
"""


def old_browsers(before: datetime) -> int:
    """How many answers there are of browsers and devices that have answered nothing since then."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_OLD, [before])
        return int(cursor.fetchone()[0])


@transaction.atomic
def forget_browsers(before: datetime, most: int) -> int:
    """Forget what browsers and devices answered that have answered nothing since; returns how many entries went.

    `most` is how many browsers are forgotten at once.
    """
    with _erasing(), connection.cursor() as cursor:
        cursor.execute(_OLD, [before, most])
        return int(cursor.rowcount)


@contextmanager
def _erasing() -> Iterator[None]:
    """The log lets entries go only to whoever says that this is erasing, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('samband.erasing_consent', 'on', true)")
        yield
        cursor.execute("select set_config('samband.erasing_consent', '', true)")
