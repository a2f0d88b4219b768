"""Asking an address whether it is so: what was agreed to beside a typed address counts once the mail is answered."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from samband.events.consent import ConsentAsked
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier
from samband.kernel.ids import new_id, secret_token
from samband.kernel.refusal import TooMany
from samband.timeline import record
from samband.timeline.chores import every

from . import purposes
from .commands import Said, Saying, say_many
from .deciding import Address
from .models import Asking
from .refusals import NotAnAsking
from .wordings import Shown

LASTS = timedelta(days=7)
AN_HOUR = 3
"""How many mails one address is asked with at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An asking that was made: `token` goes into the mail and nowhere else."""

    id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class AskingView:
    """What waits to be confirmed, or was."""

    id: UUID
    purposes: tuple[str, ...]
    texts: tuple[str, ...]
    language: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was agreed to. `email` is in clear the first time only, for whoever is to keep it."""

    address: Address
    email: str
    said: tuple[Said, ...]


@transaction.atomic
def ask(
    email: Identifier, agreed: Sequence[Shown], *, source: str, channel: str, language: str, account: UUID | None = None
) -> Asked:
    """Keep what was agreed to beside a typed address until it is confirmed there. Raises TooMany, NotForThatAddress."""
    for one in agreed:
        purposes.check(one.about, email.kind)
    with connection.cursor() as cursor:
        # One at a time for an address, or two at once would both be the third.
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 12))", [str(email.key)])
    if Asking.objects.filter(address=email.key, asked_at__gt=now() - timedelta(hours=1)).count() >= AN_HOUR:
        raise TooMany()
    asked = Asked(new_id(), secret_token())
    Asking.objects.create(
        id=asked.id,
        address=email.key,
        email=email.value,
        token_hash=_hash(asked.token),
        purposes=[one.about for one in agreed],
        shown={one.about: {"text": one.text, "version": one.version} for one in agreed},
        language=language,
        source=source,
        channel=channel,
        account=account,
        asked_at=now(),
        expires_at=now() + LASTS,
    )
    record(
        ConsentAsked(
            asking_id=asked.id, address=email.key, purposes=tuple(one.about for one in agreed), source=source,
            channel=channel, customer_id=account,
        )
    )  # fmt: skip
    return asked


def asking(token: str) -> AskingView:
    """What a mail asked about. Raises NotAnAsking."""
    found = _find(token)
    texts = tuple(found.shown[purpose]["text"] for purpose in found.purposes)
    return AskingView(found.id, tuple(found.purposes), texts, found.language, found.confirmed_at)


@transaction.atomic(savepoint=False)
def confirm(token: str) -> Confirmed:
    """Count what was agreed to from now on. A second time changes nothing. Raises NotAnAsking."""
    found = _find(token, alone=True)
    address = Address(found.address, "email")
    if found.confirmed_at is not None:
        return Confirmed(address, "", ())
    said = say_many(
        [
            Saying(
                address=address, purpose=purpose, granted=True, source=found.source, channel=found.channel,
                wording=found.shown[purpose]["text"], version=found.shown[purpose]["version"],
                language=found.language, account=found.account, proof=f"asking:{found.id}",
                key=f"asking:{found.id}:{purpose}",
            )
            for purpose in found.purposes
        ]
    )  # fmt: skip
    email, found.email, found.confirmed_at = found.email, "", now()
    found.save(update_fields=["email", "confirmed_at"])
    return Confirmed(address, email, said)


@every(seconds=3600)
def forget_unanswered() -> int:
    """Forget what was not confirmed in time, with the address that was typed; returns how many."""
    forgotten, _ = Asking.objects.filter(confirmed_at__isnull=True, expires_at__lt=now()).delete()
    return forgotten


def _find(token: str, *, alone: bool = False) -> Asking:
    rows = Asking.objects.select_for_update() if alone else Asking.objects.all()
    found = rows.filter(token_hash=_hash(token)).first()
    if found is None or (found.confirmed_at is None and found.expires_at <= now()):
        raise NotAnAsking()
    return found


def _hash(token: str) -> bytes:
    return hashlib.sha256(token[:100].encode()).digest()
