"""When it happened, by our clock: senders' clocks are off by seconds, hours or years."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOTHING = timedelta()
HEEDED = timedelta(seconds=2)
"""Less than this between sending and receiving is the way here, not a wrong clock."""

OLDEST = timedelta(days=365 * 20)
"""What is said to have happened longer ago than this was told by a clock that nobody set."""

_MILLISECONDS = 1e11


def parsed(told: Any) -> datetime | None:
    """A moment as clients write it (ISO 8601, or seconds or milliseconds since 1970); None for what is none."""
    if isinstance(told, str):
        try:
            moment = datetime.fromisoformat(told)
        except ValueError:
            return None
        try:
            if moment.tzinfo is UTC:
                return moment
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except OverflowError:
            return None
    if isinstance(told, (int, float)) and not isinstance(told, bool):
        try:
            return datetime.fromtimestamp(told / 1000 if abs(told) >= _MILLISECONDS else told, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return None


def skew(sent_at: datetime | None, received_at: datetime) -> timedelta:
    """How much the sender's clock is behind ours: what has to be added to its moments."""
    if sent_at is None:
        return NOTHING
    behind = received_at - sent_at
    return behind if abs(behind) > HEEDED else NOTHING


def corrected(told: datetime | None, behind: timedelta, received_at: datetime) -> datetime:
    """The moment by our clock: never after we heard of it, and that moment where nothing sensible was told."""
    if told is None:
        return received_at
    try:
        moment = told + behind
    except OverflowError:
        return received_at
    return moment if received_at - OLDEST < moment < received_at else received_at
