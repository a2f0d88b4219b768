"""A server that ended by itself, out of memory perhaps, is started again while somebody uses it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import structlog

from samband.conf.postgres.cluster import is_used_here, revive
from samband.conf.postgres.errors import PostgresError

log = structlog.get_logger("samband.postgres")

LOOK_EVERY_S = 1.0
REST_S = (1.0, 60.0)
"""At first and at most, after a start that failed or did not last: it doubles each time."""

LASTED_S = 300.0


def keep(home: Path, stop: threading.Event) -> None:
    """Look after the cluster of this home until `stop`. Returns at once in a process that does not use it.

    Whoever says `samband stop` means it: that server stays down.
    """
    rest, tried = REST_S[0], float("-inf")
    while is_used_here(home) and not stop.wait(LOOK_EVERY_S):
        try:
            if not revive(home):
                continue
            log.warning("postgres_ended_by_itself")
        except PostgresError as error:
            log.error("postgres_not_started_again", error=type(error).__name__)
        now = time.monotonic()
        rest = REST_S[0] if now - tried > LASTED_S else min(2 * rest, REST_S[1])
        tried = now
        stop.wait(rest)
