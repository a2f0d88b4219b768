"""What consent knows of a person: give it out whole, or take away what is not needed to honour a refusal."""

from typing import Any

from django.db import connection, transaction

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
            for entry in queries.history(reach.keys, most=100_000)
        ],
        "askings": list(
            Asking.objects.filter(address__in=reach.keys)
            .order_by("asked_at")
            .values("purposes", "language", "source", "channel", "asked_at", "confirmed_at")
        ),
    }


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
    with connection.cursor() as cursor:
        cursor.execute("select set_config('samband.erasing_consent', 'on', true)")
        cursor.execute(_FORGET, {"keys": list(reach.keys), "accounts": list(reach.accounts)})
        cursor.execute(_BARE, [list(reach.keys), list(reach.accounts)])
        cursor.execute("select set_config('samband.erasing_consent', '', true)")
    queries.forget_remembered()
