"""What messaging can be asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from .models import Message


@dataclass(frozen=True)
class MessageView:
    """That something was said, not what."""

    id: UUID
    kind: str
    language: str
    about_subject: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None


def of_customer(customer_id: UUID, most: int = 50) -> tuple[MessageView, ...]:
    """What the customer was told, newest first."""
    return _views(Q(customer_id=customer_id), most)


def about(subject: str, most: int = 50) -> tuple[MessageView, ...]:
    """What was said about a subject, newest first."""
    return _views(Q(about_subject=subject), most)


def failed(most: int = 50) -> tuple[MessageView, ...]:
    """What could not be sent, newest first."""
    return _views(Q(state="failed"), most)


def _views(which: Q, most: int) -> tuple[MessageView, ...]:
    return tuple(
        MessageView(
            row.id,
            row.kind,
            row.language,
            row.about_subject,
            row.state,
            row.attempts,
            row.error,
            row.created_at,
            row.sent_at,
        )
        for row in Message.objects.filter(which).order_by("-pk")[:most]
    )
