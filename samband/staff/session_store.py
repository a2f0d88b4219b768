"""Where the staff's sessions are kept: by a keyed hash of their key, so that the table opens nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from samband.kernel.clock import now

from . import secrecy
from .models import Session

LASTS = timedelta(hours=12)
"""However busy: a working day; afterwards one signs in again (ASVS 4.0.3, 3.3.2)."""

IDLE = timedelta(minutes=30)
"""Without a deed or a look."""

NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when somebody was last there."""


class SessionStore(SessionBase):
    """One browser's session. `agent` and `address` say, roughly, which browser and from where."""

    agent = ""
    address = ""
    seen_at: Any = None

    def load(self) -> dict[str, Any]:
        """What it holds; nothing for a session that is over, or was never there."""
        row = Session.objects.filter(pk=_hash(self.session_key), **alive()).first() if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        self.seen_at = row.seen_at
        return self.decode(row.data)

    def see(self) -> None:
        """Its owner is there: it goes on."""
        if self.session_key and self.seen_at and self.seen_at < now() - NOTED_EVERY:
            Session.objects.filter(pk=_hash(self.session_key)).update(seen_at=now())

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=_hash(session_key)).exists()

    def create(self) -> None:
        """Begin one under a new key. Nobody chooses their key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs leave it out
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep it. Raises UpdateError if it ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        held = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the same
        whose = held.get(SESSION_KEY)
        fields = {"data": self.encode(held), "member_id": UUID(str(whose)) if whose else None}
        hashed = _hash(self.session_key)
        if not must_create:
            if not Session.objects.filter(pk=hashed).update(seen_at=now(), **fields):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                Session.objects.create(
                    hash=hashed, began_at=now(), seen_at=now(), agent=self.agent, address=self.address, **fields
                )
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        if found := session_key or self.session_key:
            Session.objects.filter(pk=_hash(found)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        sweep()


def name_of(session_key: str) -> str:
    """How a session is named on a page: by the start of its hash, which opens nothing."""
    return name_of_hash(_hash(session_key))


def name_of_hash(hashed: bytes | memoryview) -> str:
    """The same, of what the table holds."""
    return bytes(hashed).hex()[:16]


def alive() -> dict[str, Any]:
    """What a session that goes on looks like, as a filter."""
    moment = now()
    return {"seen_at__gt": moment - IDLE, "began_at__gt": moment - LASTS}


def sweep() -> int:
    """Forget sessions that are over; returns how many."""
    moment = now()
    over = Session.objects.filter(seen_at__lte=moment - IDLE) | Session.objects.filter(began_at__lte=moment - LASTS)
    return int(over.delete()[0])


def _hash(session_key: str) -> bytes:
    return secrecy.keyed("session", session_key)
