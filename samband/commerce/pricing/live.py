"""The promotions that are live, as this process knows them: read anew when the edition of prices has moved on.

The edition's key names a change that was committed, or one of this transaction: a number alone would come again after
a transaction that was undone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import msgspec
from django.db import connection

from .holding import Asker, holds_at, holds_for, is_timed, is_weekly
from .promotions import Promotion, spread

EDITION = "(select number || '.' || xmin from pricing_edition)"

_READ = f"""
select {EDITION},
       (select json_agg(json_build_array(definition, branches) order by code)::text
        from pricing_promotionrow where ended_at is null)
"""

MOST_ASKERS = 500

_rows = msgspec.json.Decoder(list[tuple[Promotion, dict[str, list[str]]]])


@dataclass(slots=True)
class Live:
    """Every promotion that is not ended, in the order of their codes, at one edition."""

    key: str | None
    promotions: tuple[Promotion, ...] = ()
    by_asker: dict[Asker, tuple[tuple[Promotion, ...], tuple[Promotion, ...]]] = field(default_factory=dict)
    by_code: dict[str, Promotion] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()
    """The segments that any of them is for: of an asker no others matter."""

    def now_for(self, asker: Asker, at: datetime, zone: str) -> list[Promotion]:
        """Those that hold for somebody at this moment."""
        always, timed = self._for_whom(asker)
        return [*always, *(one for one in timed if holds_at(one, at, zone))]

    def _for_whom(self, asker: Asker) -> tuple[tuple[Promotion, ...], tuple[Promotion, ...]]:
        """Those that are for somebody, at all times and at some; worked out once for each kind of asker."""
        found = self.by_asker.get(asker)
        if found is None:
            if len(self.by_asker) >= MOST_ASKERS:
                self.by_asker.clear()
            theirs = [one for one in self.promotions if holds_for(one, asker)]
            timed = tuple(one for one in theirs if is_timed(one))
            found = (tuple(one for one in theirs if not is_timed(one)), timed)
            self.by_asker[asker] = found
        return found

    def phase(self, at: datetime, zones: Iterable[str]) -> str:
        """A short text that changes whenever one that comes and goes with days and hours does so in a zone."""
        weekly = [one for one in self.promotions if is_weekly(one)]
        return "".join("x" if holds_at(one, at, zone) else "." for zone in sorted(set(zones)) for one in weekly)


class _Known:
    live = Live(None)
    lock = Lock()


def live(key: str | None) -> Live:
    """The promotions at this edition, or at a later one. One statement if this process does not know it, else none."""
    known = _Known.live
    if known.key == key and key is not None:
        return known
    with _Known.lock, connection.cursor() as cursor:
        cursor.execute(_READ)
        known = _read(cursor.fetchone())
        _Known.live = known
    return known


def forget() -> None:
    """Have this process read them anew."""
    _Known.live = Live(None)


def _read(row: tuple[Any, ...]) -> Live:
    found = _rows.decode(row[1]) if row[1] else []
    promotions = tuple(spread(promotion, branches) for promotion, branches in found)
    named = frozenset(segment for one in promotions for segment in one.segments)
    return Live(row[0], promotions, {}, {one.code: one for one in promotions}, named)
