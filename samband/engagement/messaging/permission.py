"""The right to write to somebody: asked of whoever keeps the consents, before a message waits and before it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Right:
    """Whether an address may be written to for a purpose, and why; `headers` say how to stop such letters."""

    allowed: bool
    because: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Permission(Protocol):
    """Answers what only the room of consents knows."""

    def to_write(self, email: str, purpose: str) -> Right: ...


_plugged: list[Permission] = []


def plug(permission: Permission) -> None:
    """Called by the wiring, once."""
    _plugged[:] = [permission]


def to_write(email: str, purpose: str) -> Right:
    """What was plugged in answers; where nobody was, nothing may be sent that needs a consent."""
    return _plugged[0].to_write(email, purpose) if _plugged else Right(False, "nobody_to_ask")
