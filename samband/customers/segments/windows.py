"""Out of which windows time moves people, and whom it moved.

Nothing is kept for that: the index by event and time is the queue. Between two looks exactly those touchpoints leave a
window of so many days that lie between the earlier and the later look, so many days back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .compiling import BOUGHT
from .definitions import Bought, Definition, Did, Doing, Trait, Visited, walk
from .reckoning import Kept
from .relations import relations


@dataclass(frozen=True, slots=True)
class Window:
    """Something of which a condition asks whether it is so many days ago: an event (any if ""), or a trait."""

    event: str | None
    trait: str | None
    days: int


def windows(definition: Definition) -> Iterator[Window]:
    """All that time moves out of."""
    for _, _, value in walk(definition.who):
        if isinstance(value, Trait):
            yield from (Window(None, value.name, days) for days in _days(value.within_days, value.longer_ago_than_days))
        elif isinstance(value, Did):
            ends = [one for one in (value.first, value.last) if one is not None]
            both = [days for when in ends for days in (when.within_days, when.longer_ago_than_days)]
            yield from (Window(value.event, None, days) for days in _days(value.within_days, *both))
        elif isinstance(value, Doing):
            yield from (Window(value.event, None, days) for days in _days(value.within_days))
        elif isinstance(value, Bought):
            yield from (Window(BOUGHT, None, days) for days in _days(value.within_days))
        elif isinstance(value, Visited):
            yield from (Window("", None, days) for days in _days(value.within_days))


def _days(*days: int | None) -> list[int]:
    return [one for one in days if one is not None]


def due(segments: Iterable[Kept]) -> dict[Window, datetime]:
    """Every window there is, and since when nobody looked at it."""
    found: dict[Window, datetime] = {}
    for one in segments:
        if one.swept_at is not None:
            for window in windows(one.definition):
                found[window] = min(found.get(window, one.swept_at), one.swept_at)
    return found


def lapsed(since_when: dict[Window, datetime], at: datetime) -> tuple[str, dict[str, Any]]:
    """Who may have left one of these windows since then: a select of `customer`, and its parameters."""
    where, selects, values = relations(), [], dict[str, Any]()
    for nth, (window, since) in enumerate(sorted(since_when.items(), key=repr)):
        ago = timedelta(days=window.days)
        values |= {f"from{nth}": since - ago, f"to{nth}": at - ago}
        between = f"%(from{nth})s::timestamptz and {{0}} <= %(to{nth})s::timestamptz"
        if window.trait is not None:
            selects.append(
                f"select customer from {where.profiles} where {window.trait} > {between.format(window.trait)}"
            )
        else:
            selects.append(
                f"select m.customer from {where.touchpoints} t join {where.identifiers} m on m.id = t.identifier"
                f" where t.event = any(array(select id from {where.events}{_named(window, nth, values)}))"
                f" and t.occurred_at > {between.format('t.occurred_at')} and t.identifier <> 0"
            )
    return f"select distinct customer from ({' union all '.join(selects)}) moved where customer is not null", values


def _named(window: Window, nth: int, values: dict[str, Any]) -> str:
    if not window.event:
        return ""
    values[f"event{nth}"] = window.event
    return f" where name = %(event{nth})s::text"
