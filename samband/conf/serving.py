"""A server in the foreground: several processes that answer, and one thread beside them that delivers."""

import logging
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from django.conf import settings

from . import observing, postgres
from .environment import address, log_level

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

LOGGERS = {"loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}}}
"""The server's own loggers write what everybody writes: lines of JSON."""

AT_ONCE = 4_000
"""Requests of which a process hears or answers at once; who comes then waits to be let in."""

MOST_FILES = 65_536
"""Connections and files a process may have open, if the system lets us: each who is slow has one."""

STOPPING_SECONDS = 30
"""Told to stop, nobody new is let in; who is being answered has so long until the process is ended."""


class BegunAgain(dict[int, float]):
    """When the server last began each of its processes again, as it remembers it to see whether they die in a loop.

    It takes a process that dies twice in a few seconds for one, and ends with all the others. That may be bad luck;
    only one that has died so many times in a row is a fault that stays.
    """

    LOOP, FORGOTTEN_AFTER_SECONDS = 10, 60.0

    def __init__(self) -> None:
        super().__init__()
        self._deaths: dict[int, list[float]] = {}

    def __setitem__(self, process: int, at: float) -> None:
        recent = [then for then in self._deaths.get(process, ()) if at - then < self.FORGOTTEN_AFTER_SECONDS]
        self._deaths[process] = [*recent, at]
        if len(self._deaths[process]) >= self.LOOP:
            super().__setitem__(process, at)


def serve(announce: Callable[[str], None], workers: int | None = None, deliver: bool = True) -> None:
    """Serve until told to stop by SIGINT or SIGTERM."""
    from granian.constants import Interfaces
    from granian.server import Server

    host, port = address()
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    server = Server(
        "samband.conf.wsgi:heard",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        workers=workers or os.cpu_count() or 1,
        backpressure=AT_ONCE,
        log_enabled=log_level() <= logging.INFO,
        log_dictconfig=LOGGERS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING_SECONDS,
    )
    stop = threading.Event()
    beside = [threading.Thread(target=_announce, args=(announce, host, port, stop), name="announcing", daemon=True)]
    if deliver:
        beside.append(threading.Thread(target=_deliver, args=(stop,), name="delivering", daemon=True))
    _stand(server, stop, beside)


def _stand(server: "AbstractServer", stop: threading.Event, beside: Sequence[threading.Thread]) -> None:
    """Serve with these threads beside it, and one that keeps our own PostgreSQL alive.

    Server processes begin from nothing and are no copies of this one: a copy, made while a thread here holds a lock,
    would wait for it for ever.
    """
    multiprocessing.set_start_method("spawn", force=True)
    _may_open_many()
    server.respawned_wrks = BegunAgain()
    beside = [*beside, _keeping(stop)]
    with observing.metrics_of_all(settings.HOME) as let_them_be_read:

        @server.on_startup
        def begin() -> None:
            let_them_be_read()
            observing.plug_in()
            for thread in beside:
                thread.start()

        try:
            server.serve()
        finally:
            stop.set()
            for thread in beside:
                if thread.is_alive():
                    thread.join(STOPPING_SECONDS)


def capture(announce: Callable[[str], None], bind: str, workers: int | None = None) -> None:
    """Take in what is captured at this address, and nothing else, until told to stop by SIGINT or SIGTERM."""
    from granian.constants import Interfaces
    from granian.server import Server

    host, port = address(bind)
    server = Server(
        "samband.conf.capturing:heard",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        workers=workers or os.cpu_count() or 1,
        backpressure=AT_ONCE,
        log_enabled=log_level() <= logging.INFO,
        log_dictconfig=LOGGERS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING_SECONDS,
    )
    stop = threading.Event()
    _stand(server, stop, [threading.Thread(target=_announce_capture, args=(announce, host, port, stop), daemon=True)])


def _may_open_many() -> None:
    """As many files as are allowed us: what is allowed at first is meant for programs with few."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def work() -> None:
    """Deliver and do chores in the foreground until told to stop: then what is under way is finished."""
    stop = threading.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: stop.set())
    with observing.metrics_of_all(settings.HOME) as let_them_be_read:
        let_them_be_read()
        observing.plug_in()
        _keeping(stop).start()
        _deliver(stop)


def _keeping(stop: threading.Event) -> threading.Thread:
    """Starts our own PostgreSQL again if it ends by itself."""
    return threading.Thread(target=postgres.keep, args=(settings.HOME, stop), name="keeping", daemon=True)


def _deliver(stop: threading.Event) -> None:
    from samband.timeline.chores import do_due
    from samband.timeline.delivering import work as deliver_until

    deliver_until(stop, do_due)


def _answers(host: str, port: int) -> bool:
    """Whether a server process answers there: that the socket listens says nothing yet."""
    asked = HTTPConnection(host, port, timeout=2)
    try:
        asked.request("GET", "/robots.txt")
        return asked.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def _open_at(host: str, port: int, stop: threading.Event) -> str:
    """Our address, as soon as somebody answers there; nothing if we are told to stop before."""
    shown = f"[{host}]" if ":" in host else host
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    while not stop.wait(0.05) and not _answers(near, port):
        pass
    return "" if stop.is_set() else f"http://{shown}:{port}"


def _announce_capture(say: Callable[[str], None], host: str, port: int, stop: threading.Event) -> None:
    if at := _open_at(host, port, stop):
        say(f"ready: {at}/v1/batch  capture")


def _announce(say: Callable[[str], None], host: str, port: int, stop: threading.Event) -> None:
    """Say where we are as soon as somebody answers there."""
    at = _open_at(host, port, stop)
    if not at:
        return
    say(f"ready: {at}/  shop  ·  {at}/console/  console  ·  {at}/api/v1/docs  API")
    from django.db import connection

    from samband.demo.opening import sign_ins

    for line in sign_ins():
        say(f"  {line}")
    connection.close()
