"""What the environment says of how we run, looked at before anything begins."""

import ipaddress
import logging
import os

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LARGEST_PORT = 65_535
LONGEST_BACKUP = 3_650
LEAST_RECORD, LONGEST_RECORD = 30, 7_300
LONGEST_PATIENCE = 3_600
MOST_PROXIES = 10


class Misconfigured(Exception):
    """A setting that cannot be what it is, told in one sentence."""


def log_level() -> int:
    """SAMBAND_LOG as the standard library counts levels. Raises Misconfigured."""
    named = os.environ.get("SAMBAND_LOG", "WARNING").upper()
    if named not in LEVELS:
        raise Misconfigured(f"SAMBAND_LOG is {named!r}: it must be one of {', '.join(LEVELS)}.")
    return logging.getLevelNamesMapping()[named]


def address(bind: str | None = None, name: str = "--bind") -> tuple[str, int]:
    """Host and port of SAMBAND_BIND, or of what was said instead, under that name. Raises Misconfigured."""
    name = "SAMBAND_BIND" if bind is None else name
    bind = os.environ.get("SAMBAND_BIND", "127.0.0.1:8000") if bind is None else bind
    host, _, port = bind.rpartition(":")
    if not _is_port(port):
        raise Misconfigured(f"{name} is {bind!r}: it must be a host and a port, such as 127.0.0.1:8000.")
    return host.strip("[]") or "127.0.0.1", int(port)


def is_loopback() -> bool:
    """Whether only this machine can come to SAMBAND_BIND. Raises Misconfigured."""
    host, _ = address()
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def smtp_port() -> int:
    """SAMBAND_SMTP_PORT. Raises Misconfigured."""
    port = os.environ.get("SAMBAND_SMTP_PORT", "25")
    if not _is_port(port):
        raise Misconfigured(f"SAMBAND_SMTP_PORT is {port!r}: it must be a port from 1 to {LARGEST_PORT}.")
    return int(port)


def backup_days() -> int:
    """SAMBAND_BACKUP_DAYS: how long this house keeps copies of its database, as it tells its customers.

    Raises Misconfigured.
    """
    days = os.environ.get("SAMBAND_BACKUP_DAYS", "35")
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= LONGEST_BACKUP):
        raise Misconfigured(f"SAMBAND_BACKUP_DAYS is {days!r}: it must be a number of days from 1 to {LONGEST_BACKUP}.")
    return int(days)


def record_days() -> int:
    """SAMBAND_RECORD_DAYS: how long it is kept what staff did and saw. Raises Misconfigured."""
    days = os.environ.get("SAMBAND_RECORD_DAYS", "730")
    if not (days.isascii() and days.isdigit() and LEAST_RECORD <= int(days[:6]) <= LONGEST_RECORD):
        raise Misconfigured(
            f"SAMBAND_RECORD_DAYS is {days!r}: it must be a number of days from {LEAST_RECORD} to {LONGEST_RECORD}."
        )
    return int(days)


def patience() -> float:
    """SAMBAND_PATIENCE: for how many seconds a request waits for the database. Raises Misconfigured."""
    seconds = os.environ.get("SAMBAND_PATIENCE", "30")
    if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds[:6]) <= LONGEST_PATIENCE):
        raise Misconfigured(f"SAMBAND_PATIENCE is {seconds!r}: it must be a number of seconds from 1 to 3600.")
    return float(seconds)


def proxies() -> int:
    """SAMBAND_PROXIES: how many proxies of ours a request comes through before it comes to us. Raises Misconfigured."""
    many = os.environ.get("SAMBAND_PROXIES", "0")
    if not (many.isascii() and many.isdigit() and int(many[:6]) <= MOST_PROXIES):
        raise Misconfigured(f"SAMBAND_PROXIES is {many!r}: it must be a number of proxies from 0 to {MOST_PROXIES}.")
    return int(many)


def metrics() -> tuple[str, int] | None:
    """SAMBAND_METRICS_BIND: where metrics are read; None when nobody reads them. Raises Misconfigured."""
    bind = os.environ.get("SAMBAND_METRICS_BIND", "")
    return address(bind, "SAMBAND_METRICS_BIND") if bind else None


def traces() -> str:
    """SAMBAND_TRACES: the address of an OpenTelemetry collector (OTLP over HTTP); empty without one.

    Raises Misconfigured.
    """
    endpoint = os.environ.get("SAMBAND_TRACES", "").rstrip("/")
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise Misconfigured(f"SAMBAND_TRACES is {endpoint!r}: it must be an address such as http://127.0.0.1:4318.")
    return endpoint


def check() -> None:
    """Look at everything that may be written wrongly. Raises Misconfigured."""
    log_level()
    address()
    smtp_port()
    backup_days()
    record_days()
    patience()
    proxies()
    metrics()
    traces()


def _is_port(port: str) -> bool:
    return port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= LARGEST_PORT
