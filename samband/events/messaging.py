"""What messaging tells: what was sent to whom (by id), never what it said."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Event, about="message_id"):
    """A message will be sent. `kind` is its template, such as pickup_ready."""

    message_id: UUID
    customer_id: UUID | None
    kind: str
    about_subject: str


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event, about="message_id"):
    """The mail server (or the folder) took it."""

    message_id: UUID
    customer_id: UUID | None
    kind: str
    about_subject: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event, about="message_id"):
    """It was tried to the end and could not be sent."""

    message_id: UUID
    customer_id: UUID | None
    kind: str
    reason: str
