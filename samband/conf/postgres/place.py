"""Where the cluster lies under SAMBAND_HOME, and the locks that say who is alive.

A lock taken with flock belongs to the open file, and the kernel lets go of it when the last process that has the file
open ends, however it ends. So `alive` is held by the server and its children, and `users` by everybody who uses it: no
list of process ids to keep, none to prune, no id that a later process could bear, and it holds across containers that
share the home but not their process ids.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samband.conf.postgres.account import Account
from samband.conf.postgres.errors import PostgresNotYours

PORT = 5432
# 104 on macOS and 108 on Linux, with the closing zero.
LONGEST_SOCKET_PATH_BYTES = 103


@dataclass(frozen=True)
class Place:
    """The directory `postgres` of a home. Belongs to `uid`, which is not the server's account when root lends one."""

    root: Path
    uid: int
    gid: int

    @classmethod
    def under(cls, home: Path) -> Place:
        """Made if need be, and closed to everybody else.

        Raises PostgresNotYours.
        """
        root = Path(home).resolve() / "postgres"
        try:
            root.parent.mkdir(parents=True, exist_ok=True)
            _make_root(root)
            status = root.stat()
        except PermissionError as error:
            raise PostgresNotYours(f"The database cannot be kept in {root}: {error.strerror}.") from error
        if os.geteuid() not in (0, status.st_uid):
            raise PostgresNotYours(f"{root} belongs to user id {status.st_uid}: run this as that user or as root.")
        if stat.S_IMODE(status.st_mode) != 0o700:
            root.chmod(0o700)
        return cls(root, status.st_uid, status.st_gid)

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def password_file(self) -> Path:
        return self.root / "password"

    @property
    def local_settings(self) -> str:
        try:
            return (self.root / "local.conf").read_text()
        except FileNotFoundError:
            return ""

    @property
    def account(self) -> Account:
        return Account.for_server(self.data, self.uid)

    @property
    def data_major(self) -> int | None:
        """The major version that wrote the data, None when there are none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def cluster_name(self) -> str:
        """In the title of every process of this cluster, and of no other on the machine."""
        status = self.root.stat()
        return f"samband-{status.st_dev:x}-{status.st_ino:x}"

    # Who is alive

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else starts, stops or counts users meanwhile."""
        fd = self.open("lock")
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            fcntl.flock(fd, fcntl.LOCK_UN)
            os.close(fd)

    def join_users(self) -> int:
        """A descriptor that counts this process as a user while it, or a fork of it, has it open."""
        fd = self.open("users")
        fcntl.flock(fd, fcntl.LOCK_SH)
        return fd

    def has_users(self) -> bool:
        return self._is_held("users")

    def has_server(self) -> bool:
        """Whether any process of the server lives, be it a child that outlived its postmaster."""
        return self._is_held("alive")

    def lock_for_server(self) -> int:
        """A descriptor for the server to inherit. Close ours, never unlock it: that would unlock the server's."""
        fd = self.open("alive")
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return fd

    def _is_held(self, name: str) -> bool:
        fd = self.open(name)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(fd, fcntl.LOCK_UN)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    # Files

    def open(self, name: str, flags: int = os.O_RDWR) -> int:
        fd = os.open(self.root / name, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._give_to_owner(fd)
        return fd

    def write(self, path: Path, text: str, owner: Account | None = None) -> None:
        """All of it or nothing, readable by its owner only.

        It replaces what bears the name instead of following it: in the data directory the name is in the hands of the
        server's account, and root must not write where that account points.
        """
        fd, unfinished = tempfile.mkstemp(dir=self.root)
        with os.fdopen(fd, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(fd)
            self._give_to_owner(fd, owner)
        os.replace(unfinished, path)

    def _give_to_owner(self, fd: int, owner: Account | None = None) -> None:
        if os.geteuid() == 0:
            os.fchown(fd, owner.uid if owner else self.uid, owner.gid if owner else self.gid)

    def note(self, **facts: Any) -> None:
        """Keep what whoever started the server knows of it, for those who find it running."""
        self.write(self.root / "server.json", json.dumps(facts))

    def noted(self) -> dict[str, Any]:
        try:
            facts = json.loads((self.root / "server.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    # The way to the socket

    def socket_directory(self) -> Path:
        """The data directory; through a short link to it where its own name does not fit into a socket's address."""
        # libpq takes a comma for the end of one host and the beginning of another.
        fits = len(os.fsencode(self.data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH_BYTES
        if fits and "," not in str(self.data):
            return self.data
        return self._short_way() / "s"

    def forget_short_way(self) -> None:
        """Leave nothing outside the home. The name stays noted, so that the next start gives the same address."""
        way = self._noted_way()
        if way is not None and self._is_ours(way):
            with suppress(OSError):
                (way / "s").unlink()
            with suppress(OSError):
                way.rmdir()

    def _short_way(self) -> Path:
        way = self._noted_way()
        if way is not None:
            with suppress(FileExistsError):
                self._make_way(way)
            if self._is_ours(way):
                self._link(way)
                return way
        way = Path(tempfile.mkdtemp(prefix="samband-", dir="/tmp"))
        if os.geteuid() == 0:
            os.chown(way, self.uid, self.gid)
        self._link(way)
        self.write(self.root / "way", str(way))
        return way

    def _noted_way(self) -> Path | None:
        try:
            return Path((self.root / "way").read_text())
        except FileNotFoundError:
            return None

    def _make_way(self, way: Path) -> None:
        way.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(way, self.uid, self.gid)

    def _is_ours(self, way: Path) -> bool:
        """Nobody else made it or can write to it, and it is not another home's (ours may be a copy of that one)."""
        try:
            status = way.lstat()
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.uid or status.st_mode & 0o077:
            return False
        return not (way / "s").is_symlink() or os.readlink(way / "s") == str(self.data)

    def _link(self, way: Path) -> None:
        if not (way / "s").is_symlink():
            (way / "s").symlink_to(self.data)


def _make_root(root: Path) -> None:
    with suppress(FileExistsError):
        root.mkdir(mode=0o700)
        if os.geteuid() == 0:
            home = root.parent.stat()
            os.chown(root, home.st_uid, home.st_gid)
