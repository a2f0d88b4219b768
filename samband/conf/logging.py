"""Logs are lines of JSON on standard error. Personal data stays out: log ids and codes, never what a person typed."""

import logging
import os

import structlog


def configure(_config: dict[str, object]) -> None:
    """Set structlog and the standard library's loggers up alike."""
    level = logging.getLevelName(os.environ.get("SAMBAND_LOG", "WARNING").upper())
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=__import__("sys").stderr),
        cache_logger_on_first_use=False,
    )
