"""Logs are lines of JSON on standard error. Personal data stays out: log ids and codes, never what a person typed.

Of an error its kind and where it happened are told, never its message: a database's may hold somebody's values.
"""

import logging
import sys
import traceback
from http import HTTPStatus
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from .environment import log_level

NAME = "samband"
MOST_FRAMES = 12


def configure(_config: dict[str, object]) -> None:
    """Set structlog and the standard library's loggers up alike. Raises Misconfigured."""
    level = log_level()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _write_with(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_address],
            processors=[
                _without_message,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=lambda value: type(value).__name__),
            ],
        ),
        level,
    )


def _write_with(formatter: logging.Formatter, level: int) -> None:
    """One handler, at the root; Django's own would write beside it, in lines of text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(NAME)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if one.name == NAME]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level)
    for name in ("django", "django.server"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
    # Statements come with their values.
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    # What cannot be written would be told with the values it was given.
    logging.raiseExceptions = False


def _without_address(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What Django tells of a request, by the route and not by the address, in which anything may have been typed."""
    record: logging.LogRecord = event["_record"]
    request = getattr(record, "request", None)
    if request is None:
        return event
    status = getattr(record, "status_code", None)
    match = getattr(request, "resolver_match", None)
    return {
        **event,
        "event": HTTPStatus(status).phrase if status in set(HTTPStatus) else "Request",
        "status": status,
        "method": getattr(request, "method", None),
        "route": match.route if match else None,
    }


def _without_message(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An error as its kind and its frames."""
    event.pop("stack_info", None)
    error, frames = _error(event.pop("exc_info", None))
    if error is not None:
        event["error"] = error.__name__
        event["where"] = [
            f"{frame.filename.rsplit('site-packages/', 1)[-1].rsplit('/samband/', 1)[-1]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(frames)[-MOST_FRAMES:]
        ]
    return event


def _error(given: Any) -> tuple[type[BaseException] | None, TracebackType | None]:
    """Kind and frames, however the error was handed over: itself, its three parts, or as the one at hand."""
    if isinstance(given, BaseException):
        return type(given), given.__traceback__
    if isinstance(given, tuple):
        return given[0], given[2]
    if given:
        kind, _, frames = sys.exc_info()
        return kind, frames
    return None, None
