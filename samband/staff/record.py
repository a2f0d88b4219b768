"""The record of what staff and programs did and saw. Rows are only ever added.

A deed is noted before it is done, so that none is missing whatever dies in between; one that was refused is noted again
with the reason. Notes carry ids and codes, never what somebody typed and nobody's name.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import connection

from samband.kernel.clock import now

from . import secrecy

NOBODY = "nobody"
COMMAND_LINE = "command line"
MOST_ABOUT = 60
LONGEST = 200

_INSERT = """
insert into staff_note (at, actor, door, outcome, deed, about, code, request, refuses)
select %(at)s::timestamptz, %(actor)s::text, %(door)s::text, %(outcome)s::text, %(deed)s::text, %(about)s::text[],
    %(code)s::text, %(request)s::text, %(refuses)s::bigint
from (select {durably}) as how
returning id
"""
# A look waits for no disk: what a crash of the database can lose is the last moment's (wal_writer_delay, 0.2 s).
_LOOK = _INSERT.format(durably="set_config('synchronous_commit', 'off', true)")
_DEED = _INSERT.format(durably="1")


@dataclass(frozen=True)
class Acting:
    """Who acts in what goes on now: `actor` is `member:…`, `key:…`, `command line` or `nobody`."""

    actor: str
    door: str


_UNKNOWN = Acting(NOBODY, "")
_acting: ContextVar[Acting] = ContextVar("acting", default=_UNKNOWN)


@contextmanager
def acting(actor: str, door: str) -> Iterator[None]:
    """Inside the block whatever is noted is noted of this actor."""
    token = _acting.set(Acting(actor, door))
    try:
        yield
    finally:
        _acting.reset(token)


def member(member_id: UUID) -> str:
    """One of the staff, as the record calls them."""
    return f"member:{member_id}"


def key(prefix: str) -> str:
    """A program, by the key that it shows."""
    return f"key:{prefix}"


def email(address: str) -> str:
    """Whoever typed this address, by a keyed hash: it may be anybody's."""
    return f"email:{secrecy.keyed('email', address.strip().lower())[:10].hex()}"


def did(deed: str, on: Sequence[str] = (), *, actor: str = "") -> int:
    """Note that something is about to be done, or was within this transaction."""
    return note(actor or _acting.get().actor, deed, on, "did")


def saw(deed: str, on: Sequence[str] = (), *, actor: str = "") -> int:
    """Note that somebody's data was shown."""
    return note(actor or _acting.get().actor, deed, on, "saw")


def refused(deed: str, code: str, on: Sequence[str] = (), *, actor: str = "", refuses: int | None = None) -> int:
    """Note that it was refused, and why; `refuses` is the note of what was asked for, if there is one.

    Inside a transaction that the refusal has doomed nothing can be noted that would stay: then 0.
    """
    if connection.in_atomic_block and connection.needs_rollback:
        return 0
    return note(actor or _acting.get().actor, deed, on, "refused", code=code, refuses=refuses)


def note(
    actor: str,
    deed: str,
    on: Sequence[str],
    outcome: str,
    *,
    door: str = "",
    code: str = "",
    refuses: int | None = None,
) -> int:
    """Write one row down, in one statement; inside an open transaction it stands or falls with it. Returns its number.

    `on` are subjects such as `customer:0192…` (the first 60 count); `outcome` is did, saw or refused.
    """
    lazily = outcome == "saw" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK if lazily else _DEED,
            {
                "at": now(),
                "actor": actor[:LONGEST],
                "door": door or _acting.get().door,
                "outcome": outcome,
                "deed": deed[:LONGEST],
                "about": [one[:LONGEST] for one in dict.fromkeys(on)][:MOST_ABOUT],
                "code": code[:LONGEST],
                "request": str(structlog.contextvars.get_contextvars().get("request", "")),
                "refuses": refuses,
            },
        )
        return int(cursor.fetchone()[0])
