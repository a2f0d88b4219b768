"""What consent can be told to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from samband.events.consent import ConsentGiven, ConsentWithdrawn
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline import record_all

from . import archive, purposes
from .deciding import Address

LONGEST_WORDING = 4_000
Said = ConsentGiven | ConsentWithdrawn


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One answer on its way into the log. `at` is when it was said (never later than now), `key` makes a repeat one.

    `wording` is the text that was shown, `version` and `language` tell which. `proof` names what shows that it was
    said, `by` the member of staff who wrote it down, `account` the customer who was signed in.
    """

    address: Address
    purpose: str
    granted: bool
    source: str
    channel: str
    wording: str = ""
    version: str = ""
    language: str = ""
    at: datetime | None = None
    key: str | None = None
    account: UUID | None = None
    proof: str = ""
    by: str = ""


def say(
    address: Address,
    purpose: str,
    granted: bool,
    *,
    source: str,
    channel: str,
    wording: str = "",
    version: str = "",
    language: str = "",
    at: datetime | None = None,
    key: str | None = None,
    account: UUID | None = None,
    proof: str = "",
    by: str = "",
) -> Said:
    """Write down that a purpose was agreed to, or refused, for an address; a repeat under one `key` is said once.

    Raises NoSuchPurpose, NotForThatAddress, Invalid, and KeyReused for a key under which something else was said.
    """
    saying = Saying(
        address=address, purpose=purpose, granted=granted, source=source, channel=channel, wording=wording,
        version=version, language=language, at=at, key=key, account=account, proof=proof, by=by,
    )  # fmt: skip
    return say_many([saying])[0]


@transaction.atomic(savepoint=False)
def say_many(sayings: Sequence[Saying]) -> tuple[Said, ...]:
    """Write many answers down at once, each as `say` would; their events, in their order."""
    if not sayings:
        return ()
    for saying in sayings:
        _check(saying)
    wordings = archive.keep({(one.purpose, one.language, one.version, one.wording) for one in sayings if one.wording})
    rows = [_row(saying, wordings) for saying in sayings]
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [msgspec.json.encode(rows).decode()])
        fresh = {found for (found,) in cursor.fetchall()}
    said = [
        _event(saying, row["id"]) if row["id"] in fresh else _earlier(saying)
        for saying, row in zip(sayings, rows, strict=True)
    ]
    record_all(event for event in said if event.entry_id in fresh)
    return tuple(said)


# One order of rows for everybody: two who speak for the same addresses wait, they never deadlock. Of two answers under
# one key in one call the first counts.
_SAY = """
with said as (
    select * from json_to_recordset(%s::json) as (
        id uuid, key text, address uuid, kind text, purpose text, granted boolean, source text, channel text,
        wording_id bigint, account uuid, proof text, by text, at timestamptz, recorded_at timestamptz)
),
entry as (
    insert into consent_entry (id, key, address, kind, purpose, granted, source, channel, wording_id, account, proof,
                               by, at, recorded_at)
    select id, key, address, kind, purpose, granted, source, channel, wording_id, account, proof, by, at, recorded_at
    from said order by address, purpose, id
    on conflict (key) do nothing
    returning id, address, purpose, kind, granted, at
),
standing as (
    insert into consent_standing as kept (address, purpose, kind, granted, at, entry)
    select distinct on (address, purpose) address, purpose, kind, granted, at, id
    from entry order by address, purpose, at desc, granted
    on conflict (address, purpose) do update
    set granted = excluded.granted, at = excluded.at, entry = excluded.entry
    where excluded.at > kept.at or (excluded.at = kept.at and kept.granted and not excluded.granted)
)
select id from entry
"""


def _check(saying: Saying) -> None:
    purposes.check(saying.purpose, saying.address.kind)
    if not saying.source or not saying.channel:
        raise Invalid("A consent says where it comes from.")
    if len(saying.wording) > LONGEST_WORDING or (saying.key is not None and not 1 <= len(saying.key) <= 200):
        raise Invalid("That consent cannot be written down.")


def _row(saying: Saying, wordings: Mapping[archive.Text, int]) -> dict[str, Any]:
    recorded_at = now()
    return {
        "id": new_id(),
        "key": saying.key,
        "address": saying.address.key,
        "kind": saying.address.kind,
        "purpose": saying.purpose,
        "granted": saying.granted,
        "source": saying.source,
        "channel": saying.channel,
        "wording_id": wordings.get((saying.purpose, saying.language, saying.version, saying.wording)),
        "account": saying.account,
        "proof": saying.proof,
        "by": saying.by,
        # A clock that runs ahead must not outlive the next withdrawal.
        "at": min(saying.at or recorded_at, recorded_at),
        "recorded_at": recorded_at,
    }


def _event(saying: Saying, entry_id: UUID) -> Said:
    kind = ConsentGiven if saying.granted else ConsentWithdrawn
    return kind(
        address=saying.address.key,
        kind=saying.address.kind,
        purpose=saying.purpose,
        entry_id=entry_id,
        source=saying.source,
        channel=saying.channel,
        customer_id=saying.account,
    )


_UNDER_KEY = """
select id, source, channel, account, (address, purpose, granted) = (%s::uuid, %s, %s::boolean)
from consent_entry where key = %s
"""


def _earlier(saying: Saying) -> Said:
    """What was said under the same key before."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_KEY, [saying.address.key, saying.purpose, saying.granted, saying.key])
        entry_id, source, channel, account, same = cursor.fetchone()
    if not same:
        raise KeyReused()
    kind = ConsentGiven if saying.granted else ConsentWithdrawn
    return kind(
        address=saying.address.key, kind=saying.address.kind, purpose=saying.purpose, entry_id=entry_id, source=source,
        channel=channel, customer_id=account,
    )  # fmt: skip
