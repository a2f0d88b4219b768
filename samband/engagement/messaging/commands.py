"""What messaging can be told to do."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from samband.events.messaging import MessageQueued
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Invalid
from samband.timeline import record

from . import permission
from .facts import KINDS, TRANSACTIONAL
from .refusals import NoRightToSend


@transaction.atomic(savepoint=False)
def queue(
    kind: str,
    send_key: str,
    *,
    email: str,
    language: str,
    about: str,
    facts: Any,
    customer_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> bool:
    """Have a message sent soon; False if one with this key was queued before.

    A kind that is not transactional takes the consent of the address, now and again when it is sent. `facts` is what
    its template speaks of, as plain values or a frozen dataclass; `about` a subject such as `order:…`. Raises Invalid
    for an unknown kind, NoRightToSend.
    """
    if kind not in KINDS or language not in LANGUAGES:
        raise Invalid("There is no such message.", kind=kind[:40])
    if KINDS[kind] != TRANSACTIONAL:
        _refuse_without_right(email, KINDS[kind])
    message_id = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into messaging_message (id, send_key, kind, language, email, contact_id, customer_id,"
            " about_subject, facts, state, attempts, due_at, error, created_at)"
            " values (%(id)s::uuid, %(send_key)s, %(kind)s, %(language)s, %(email)s, %(contact)s::uuid,"
            " %(customer)s::uuid, %(about)s, %(facts)s::jsonb, 'queued', 0, %(now)s::timestamptz, '',"
            " %(now)s::timestamptz) on conflict (send_key) do nothing",
            {
                "id": message_id,
                "send_key": send_key,
                "kind": kind,
                "language": language,
                "email": email,
                "contact": contact_id,
                "customer": customer_id,
                "about": about,
                "facts": msgspec.json.encode(facts).decode(),
                "now": now(),
            },
        )
        if not cursor.rowcount:
            return False
    record(MessageQueued(message_id=message_id, customer_id=customer_id, kind=kind, about_subject=about))
    return True


def _refuse_without_right(email: str, purpose: str) -> None:
    right = permission.to_write(email, purpose)
    if not right.allowed:
        raise NoRightToSend(purpose=purpose, because=right.because)
