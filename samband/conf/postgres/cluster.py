"""What the rest of the program asks of its database server: be there, and go when nobody needs you."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from samband.conf.postgres import installation, server
from samband.conf.postgres.errors import PostgresFailed
from samband.conf.postgres.place import PORT, Place


@dataclass(frozen=True)
class Cluster:
    """A running server. `socket` is the directory to give as host; `version` is that of the binaries, say "18.4"."""

    url: str = field(repr=False)
    version: str
    socket: Path
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    durable: bool


@dataclass
class _Use:
    """This process as a user of one cluster, through a file it holds open."""

    fd: int
    inside_using: int = 0
    by_ensure: bool = False

    @property
    def is_over(self) -> bool:
        return not self.inside_using and not self.by_ensure


# One per cluster; read and written under _uses_change.
_uses: dict[Path, _Use] = {}
_uses_change = threading.RLock()


def ensure_running(home: Path, *, fsync: bool = True, binaries: Path | None = None) -> Cluster:
    """The cluster of this home, made and started if need be, and taking connections. Asking twice is asking once.

    The process counts as a user from now on, until `stop_if_last`. Without `fsync` a power cut may ruin the data;
    asked for with fsync while it runs without, it is turned durable, and never the other way.
    `binaries` names the directory of a PostgreSQL to be used instead of the one found.

    Raises PostgresMissing, PostgresVersionDiffers, PostgresNotYours, PostgresFailed.
    """
    place = Place.under(home)
    with _uses_change, place.alone():
        use = _join(place)
        try:
            cluster = _running(place, fsync, binaries)
            use.by_ensure = True
        finally:
            _leave_if_over(place)
    return cluster


def stop_if_last(home: Path) -> bool:
    """This process needs the server no more; True when nobody else did and it was stopped.

    Inside `using` the process stays a user.
    """
    if not (Path(home) / "postgres").is_dir():
        return False
    place = Place.under(home)
    with _uses_change, place.alone():
        if use := _uses.get(place.root):
            use.by_ensure = False
            _leave_if_over(place)
        return not place.has_users() and server.stop(place)


def stop(home: Path) -> None:
    """Stop the server, whoever uses it. Nothing happens when it does not run."""
    if not (Path(home) / "postgres").is_dir():
        return
    place = Place.under(home)
    with place.alone():
        server.stop(place)
        place.note()


def is_used_here(home: Path) -> bool:
    """Whether this process is a user of the cluster."""
    return Path(home).resolve() / "postgres" in _uses


def revive(home: Path) -> bool:
    """Start the server again, as it was, if we use it and it ended although nobody stopped it; True if it did.

    Raises what `ensure_running` raises.
    """
    place = Place.under(home)
    with _uses_change, place.alone():
        started = place.noted()
        if not started or place.has_server() or not is_used_here(home):
            return False
        _start(place, bool(started.get("durable")), None)
    return True


@contextmanager
def using(home: Path, *, fsync: bool = True, binaries: Path | None = None) -> Iterator[Cluster]:
    """The running cluster for as long as the block lasts; the last one out stops it. May be nested.

    Raises what `ensure_running` raises.
    """
    place = Place.under(home)
    with _uses_change, place.alone():
        use = _join(place)
        try:
            cluster = _running(place, fsync, binaries)
            use.inside_using += 1
        finally:
            _leave_if_over(place)
    try:
        yield cluster
    finally:
        with _uses_change, place.alone():
            use.inside_using -= 1
            _leave_if_over(place)
            if not place.has_users():
                server.stop(place)


def _join(place: Place) -> _Use:
    if place.root not in _uses:
        _uses[place.root] = _Use(place.join_users())
    return _uses[place.root]


def _leave_if_over(place: Place) -> None:
    if _uses[place.root].is_over:
        os.close(_uses.pop(place.root).fd)


def _running(place: Place, fsync: bool, binaries: Path | None) -> Cluster:
    if not server.is_ready(place):
        _start(place, fsync, binaries)
    elif not place.password_file.exists():
        raise PostgresFailed(
            f"{place.password_file} is gone. Stop the server (samband stop); the next start makes one."
        )
    elif fsync and not place.noted().get("durable"):
        server.make_durable(place)
    return _describe(place)


def _start(place: Place, durable: bool, binaries: Path | None) -> None:
    if place.data.exists() and place.data_major is None:
        raise PostgresFailed(f"{place.data} holds no PostgreSQL data. Move it away, and a new cluster is made there.")
    found = installation.choose(binaries, place.data_major).within_reach_of(place.account)
    if place.data_major is None:
        server.build(place, found, durable=durable)
    server.start(place, found, durable=durable)


def _describe(place: Place) -> Cluster:
    noted, socket, password = place.noted(), place.socket_directory(), server.read_or_make_password(place)
    where = urlencode({"host": str(socket), "port": PORT}, quote_via=quote, safe="/")
    return Cluster(
        url=f"postgresql://{server.USER}:{quote(password, safe='')}@/{server.DATABASE}?{where}",
        version=noted.get("version", str(place.data_major)),
        socket=socket,
        port=PORT,
        user=server.USER,
        password=password,
        database=server.DATABASE,
        durable=bool(noted.get("durable")),
    )
