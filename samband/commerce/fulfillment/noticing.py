"""The sandbox carrier sends what it owes: signed notices, as a real one would, through whatever is plugged in."""

from collections.abc import Callable

import structlog

from samband.kernel.refusal import Refusal
from samband.timeline.chores import every

from .providers import sandbox

log = structlog.get_logger("samband.fulfillment")

Sender = Callable[[bytes, str], object]
"""Delivers a body with its signature; raises if it was not taken."""

_sender: Sender | None = None


def plug(sender: Sender | None) -> None:
    """How the sandbox carrier reaches us: over HTTP, or in the same process."""
    global _sender
    _sender = sender


def plugged() -> Sender | None:
    """The sender now in use."""
    return _sender


@every(30)
def deliver_sandbox_notices() -> int:
    """Send every notice that is due, as often as it is owed; returns how many were taken. Without a sender, none."""
    taken = 0
    while _sender and (due := sandbox.due_notices()):
        taken_now = sum(_deliver(_sender, notice) for notice in due)
        taken += taken_now
        if not taken_now:
            break
    return taken


def _deliver(sender: Sender, notice: sandbox.OwedNotice) -> bool:
    try:
        sender(notice.body, notice.signature)
    except Refusal as refusal:
        log.warning("sandbox_notice_refused", notice=str(notice.id), code=refusal.code)
    except Exception as error:
        log.warning("sandbox_notice_not_taken", notice=str(notice.id), error=type(error).__name__)
    else:
        sandbox.was_sent(notice.id, taken=True)
        return True
    sandbox.was_sent(notice.id, taken=False)
    return False
