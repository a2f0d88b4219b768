"""What has to be looked after now and then: holds that lapse, messages to send, pickups nobody came for.

A chore is short, safe to repeat, and done by one worker at a time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import connection

log = structlog.get_logger("samband.timeline")

Chore = Callable[[], object]


@dataclass
class _Rota:
    every_seconds: float
    chore: Chore
    last: float = field(default=0.0)


_rotas: dict[str, _Rota] = {}


def every(seconds: float) -> Callable[[Chore], Chore]:
    """Have a function called about this often by whoever delivers events."""

    def put_on_rota(chore: Chore) -> Chore:
        _rotas[f"{chore.__module__}.{chore.__name__}"] = _Rota(seconds, chore)
        return chore

    return put_on_rota


def do_due() -> None:
    """Do every chore whose time has come, unless another worker is at it. One that fails has its next turn."""
    for name, rota in _rotas.items():
        if time.monotonic() - rota.last < rota.every_seconds:
            continue
        rota.last = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 2))", [name])
            mine = cursor.fetchone()[0]
        if not mine:
            continue
        try:
            rota.chore()
        except Exception as error:
            log.error("chore_failed", chore=name, error=type(error).__name__)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 2))", [name])


def do_all() -> None:
    """Do every chore now; for tests and for commands that must not wait."""
    for rota in _rotas.values():
        rota.chore()
