"""What consent can be asked."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from . import deciding, purposes
from .deciding import Verdict

RELATION = "consent_standing"
"""The answers that hold, for readers of whole sets: `address` uuid (the key of an identifier), `purpose` text,
`granted` boolean, `at` timestamptz; one row for each address and purpose that was ever spoken of."""

TRUSTED_SECONDS = 2.0
MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class StandingView:
    """What holds for one address and one purpose."""

    address: UUID
    kind: str
    purpose: str
    granted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class StateView:
    """What holds for a customer and a purpose: the stricter `answer` over all addresses, or none was ever given."""

    purpose: str
    answer: bool | None
    standings: tuple[StandingView, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One answer as it was given, with the words that were shown."""

    id: UUID
    address: UUID
    kind: str
    purpose: str
    granted: bool
    source: str
    channel: str
    wording: str
    version: str
    language: str
    at: datetime
    recorded_at: datetime
    account: UUID | None
    proof: str
    by: str


_STANDINGS = "select address, kind, purpose, granted, at from consent_standing where address = any(%s::uuid[])"


def may(keys: Iterable[UUID], purpose: str, address: UUID | None = None) -> Verdict:
    """Whether somebody known under these keys may be served for a purpose, or written to at one address of theirs.

    A reason to write or to call is judged for an address; without one it tells whether there is no refusal and some
    agreement. Raises NoSuchPurpose.
    """
    purposes.purpose(purpose)
    asked = {*keys} | ({address} if address else set())
    answers: dict[UUID, bool | None] = dict.fromkeys(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            "select address, granted from consent_standing where address = any(%s::uuid[]) and purpose = %s",
            [list(asked), purpose],
        )
        answers |= dict(cursor.fetchall())
    return deciding.verdict(answers, address)


def states(keys: Iterable[UUID]) -> dict[str, StateView]:
    """What holds for somebody known under these keys, by purpose; every purpose is there."""
    by_purpose: dict[str, list[StandingView]] = {slug: [] for slug in purposes.PURPOSES}
    for one in standings(keys):
        by_purpose.setdefault(one.purpose, []).append(one)
    return {
        slug: StateView(slug, deciding.stricter(one.granted for one in found), tuple(found))
        for slug, found in by_purpose.items()
    }


def standings(keys: Iterable[UUID]) -> tuple[StandingView, ...]:
    """What holds for each of these addresses and each purpose they were asked about."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_STANDINGS} order by purpose, address", [list(keys)])
        return tuple(StandingView(*row) for row in cursor.fetchall())


_ENTRIES = """
select e.id, e.address, e.kind, e.purpose, e.granted, e.source, e.channel, coalesce(w.text, ''),
       coalesce(w.version, ''), coalesce(w.language, ''), e.at, e.recorded_at, e.account, e.proof, e.by
from consent_entry e left join consent_wording w on w.id = e.wording_id
"""


def history(keys: Iterable[UUID], most: int = 200) -> tuple[EntryView, ...]:
    """Everything that was ever said under these keys, what was said last first."""
    return _entries("where e.address = any(%s::uuid[]) order by e.at desc, e.id desc limit %s", [list(keys), most])


def newest(most: int = 50, before: UUID | None = None) -> tuple[EntryView, ...]:
    """What was written down last, by anybody."""
    ahead = "" if before is None else "where e.id < %s::uuid "
    given: list[Any] = [most] if before is None else [before, most]
    return _entries(f"{ahead}order by e.id desc limit %s", given)


def _entries(which: str, given: Sequence[Any]) -> tuple[EntryView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES + which, given)
        return tuple(EntryView(*row) for row in cursor.fetchall())


def counts() -> dict[str, tuple[int, int]]:
    """Of each purpose, how many addresses agree to it and how many refuse."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select purpose, count(*) filter (where granted), count(*) filter (where not granted)"
            " from consent_standing group by purpose"
        )
        return {purpose: (granted, refused) for purpose, granted, refused in cursor.fetchall()}


class _AtCapture:
    """What cookies and devices agreed to, remembered for a moment in each process."""

    def __init__(self) -> None:
        self._known: OrderedDict[UUID, tuple[float, Mapping[str, bool] | None]] = OrderedDict()

    def of(self, keys: Iterable[UUID]) -> dict[UUID, Mapping[str, bool] | None]:
        wanted, at = set(keys), time.monotonic()
        found = {key: kept[1] for key in wanted if (kept := self._known.get(key)) and at < kept[0]}
        if missing := wanted - found.keys():
            read = _categories(missing)
            found |= read
            for key, categories in read.items():
                self._known[key] = (at + TRUSTED_SECONDS, categories)
                self._known.move_to_end(key)
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        self._known.clear()


_remembered = _AtCapture()


def at_capture(key: UUID) -> Mapping[str, bool] | None:
    """The categories somebody known under this key answered to, for `policy.allowed`; none if never asked.

    True two seconds ago at worst.
    """
    return _remembered.of([key])[key]


def at_capture_of(keys: Iterable[UUID]) -> dict[UUID, Mapping[str, bool] | None]:
    """The same for many at once: one statement at most."""
    return _remembered.of(keys)


def forget_remembered() -> None:
    """Ask the log anew; for tests and for whoever has just changed it."""
    _remembered.forget()


def _categories(keys: Iterable[UUID]) -> dict[UUID, Mapping[str, bool] | None]:
    """A category is agreed to if one of its purposes is and was not refused as a whole."""
    said: dict[UUID, dict[str, bool]] = {}
    for one in standings(keys):
        known = purposes.PURPOSES.get(one.purpose)
        if known is not None and not known.contact:
            categories = said.setdefault(one.address, {})
            categories[known.category] = categories.get(known.category, False) or one.granted
    return {key: said.get(key) for key in keys}
