"""Whether a process of ours is well, for balancers and watchers: asked before Django, under whatever host name.

`/health/live` says that the process answers; `/health/ready` that it can do its work, which takes the database.
"""

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import structlog

PREFIX = "/health/"
MOST_MS = 2000

log = structlog.get_logger("samband.health")

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def asked_first(application: Application) -> Application:
    """An application that says how it is itself."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return application(environ, start_response)
        status, told = _how_it_is(environ["PATH_INFO"].removeprefix(PREFIX))
        body = json.dumps(told).encode()
        start_response(
            f"{status.value} {status.phrase}",
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [body]

    return answer


def _how_it_is(asked: str) -> tuple[HTTPStatus, dict[str, str]]:
    if asked == "live":
        return HTTPStatus.OK, {"status": "ok"}
    if asked == "ready":
        answers = _database_answers()
        status = HTTPStatus.OK if answers else HTTPStatus.SERVICE_UNAVAILABLE
        return status, {"status": "ok" if answers else "waiting", "database": "ok" if answers else "unavailable"}
    return HTTPStatus.NOT_FOUND, {"status": "unknown"}


def _database_answers() -> bool:
    from django.db import Error, connection, transaction

    try:
        connection.close_if_unusable_or_obsolete()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('statement_timeout', %s, true)", [str(MOST_MS)])
            cursor.execute("select 1")
        return True
    except Error as error:
        log.warning("not_ready", error=type(error).__name__)
        connection.close()
        return False
