"""Sending what is queued: claimed in one transaction, handed over between transactions, noted in another.

Killed in between, a message is sent again after its lease, under the Message-ID by which mail systems know a repeat.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from samband.events.messaging import MessageFailed, MessageSent
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.money import Money
from samband.timeline import record
from samband.timeline.chores import every

from . import permission
from .facts import KINDS, TRANSACTIONAL, OrderFacts
from .models import Message

log = structlog.get_logger("samband.messaging")

LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200))

_CLAIM = """
update messaging_message
set state = 'sending', attempts = attempts + 1, due_at = %(now)s::timestamptz + make_interval(secs => %(lease)s::float)
where id = (
    select id from messaging_message where state in ('queued', 'sending') and due_at <= %(now)s::timestamptz
    order by due_at limit 1 for update skip locked)
returning id
"""


@every(seconds=0.5)
def send_due(most: int = 50) -> int:
    """Send what is due; returns how many were tried."""
    for done in range(most):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"now": now(), "lease": LEASE.total_seconds()})
            row = cursor.fetchone()
        if row is None:
            return done
        _send(row[0])
    return most


def _send(message_id: UUID) -> None:
    message = Message.objects.get(pk=message_id)
    try:
        right = _right(message)
        if not right.allowed:
            _give_up(message, f"withheld: {right.because}")
            return
        mail = written(message)
        mail.extra_headers |= right.headers
        mail.send()
    except Exception as error:
        _note_failure(message, error)
    else:
        _note_sent(message)


def _right(message: Message) -> permission.Right:
    """Whether it may still be sent: what was agreed to may have been taken back while it waited."""
    purpose = KINDS[message.kind]
    if purpose == TRANSACTIONAL:
        return permission.Right(True, "transactional")
    return permission.to_write(message.email, purpose)


def written(message: Message) -> EmailMultiAlternatives:
    """The message in its language, as text and as HTML."""
    facts: dict[str, Any] = dict(message.facts)
    if "about" in facts:
        facts["about"] = msgspec.convert(facts["about"], OrderFacts)
    facts |= {"language": message.language, "wording": wording, "money": lambda amount: Money(**amount)}
    with translation.override(message.language):
        subject = " ".join(render_to_string(f"messaging/{message.kind}.subject.txt", facts).split())
        mail = EmailMultiAlternatives(
            subject,
            render_to_string(f"messaging/{message.kind}.txt", facts).strip() + "\n",
            to=[message.email],
            headers={"Message-ID": f"<{message.id}@samband>", "Content-Language": message.language},
        )
        mail.attach_alternative(render_to_string(f"messaging/{message.kind}.html", facts), "text/html")
    return mail


@transaction.atomic
def _note_sent(message: Message) -> None:
    message.state, message.email, message.facts, message.sent_at, message.error = "sent", "", {}, now(), ""
    if not _keep(message):
        return
    record(
        MessageSent(
            message_id=message.id,
            customer_id=message.customer_id,
            kind=message.kind,
            about_subject=message.about_subject,
        )
    )


@transaction.atomic
def _note_failure(message: Message, error: Exception) -> None:
    message.error = type(error).__name__
    log.warning("message_not_sent", message=str(message.id), kind=message.kind, error=message.error)
    if message.attempts <= len(PAUSES):
        message.state, message.due_at = "queued", now() + PAUSES[message.attempts - 1]
        _keep(message)
        return
    _give_up(message, message.error)


@transaction.atomic
def _give_up(message: Message, reason: str) -> None:
    message.state, message.email, message.facts, message.error = "failed", "", {}, reason
    if not _keep(message):
        return
    record(MessageFailed(message_id=message.id, customer_id=message.customer_id, kind=message.kind, reason=reason))


def _keep(message: Message) -> bool:
    """Write down how it stands, unless it was deleted meanwhile: nobody who was forgotten comes back by a mail."""
    changed = {name: getattr(message, name) for name in ("state", "email", "facts", "due_at", "error", "sent_at")}
    return bool(Message.objects.filter(pk=message.pk).update(**changed))
