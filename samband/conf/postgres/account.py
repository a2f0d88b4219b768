"""Whose name the server runs under. PostgreSQL refuses to run as root, so root lends it another account."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samband.conf.postgres.errors import PostgresFailed

ACCOUNTS = ("samband", "postgres")
LAST_RESORT = "nobody"
ACCOUNT_MAKERS = (
    (
        "useradd",
        "--system",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        "samband",
    ),
    ("adduser", "-S", "-D", "-H", "samband"),
)
# What else is in our environment (secrets of providers, say) is none of the server's business.
INHERITED = ("PATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Account:
    """The uid and gid the server's processes have."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls, data: Path, home_uid: int) -> Account:
        """The account for the cluster whose files lie in `data`, in a home that belongs to `home_uid`.

        Anybody but root uses their own. For root it is whoever owns the data already, else the owner of the home,
        else an account made for it.
        """
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if data.is_dir() and (status := data.stat()).st_uid != 0:
            return cls(status.st_uid, status.st_gid)
        if home_uid != 0 and (owner := _by_uid(home_uid)):
            return cls(owner.pw_uid, owner.pw_gid)
        return cls._lent_by_root()

    @classmethod
    def _lent_by_root(cls) -> Account:
        for entry in _candidates():
            if entry.pw_uid != 0:
                return cls(entry.pw_uid, entry.pw_gid)
        raise PostgresFailed(
            "PostgreSQL does not run as root and there is no other account for it: "
            "create one named samband, or name a database in SAMBAND_DATABASE_URL."
        )

    @property
    def is_lent(self) -> bool:
        return self.uid != os.geteuid()

    def must_have_a_name(self) -> None:
        """Raises PostgresFailed: initdb, and only initdb, wants the account to be in the machine's list."""
        if _by_uid(self.uid) is None:
            raise PostgresFailed(
                f"User id {self.uid} has no name on this machine and PostgreSQL's initdb insists on one: "
                "add it to /etc/passwd, or name a database in SAMBAND_DATABASE_URL."
            )

    def may(self, status: os.stat_result, wanted: int) -> bool:
        """Whether the mode bits let this account do `wanted` (4 read, 2 write, 1 enter or execute)."""
        if status.st_uid == self.uid:
            granted = stat.S_IMODE(status.st_mode) >> 6
        elif status.st_gid == self.gid:
            granted = stat.S_IMODE(status.st_mode) >> 3
        else:
            granted = stat.S_IMODE(status.st_mode)
        return granted & wanted == wanted

    def to_run(self) -> dict[str, Any]:
        """The arguments of subprocess that make a child run as this account, apart from our terminal."""
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        apart: dict[str, Any] = {
            "cwd": "/",
            "env": environment | {"LC_ALL": "C", "TZ": "UTC"},
            "start_new_session": True,
            "umask": 0o077,
        }
        if self.is_lent:
            apart |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return apart


def _candidates() -> Iterator[pwd.struct_passwd]:
    for name in ACCOUNTS:
        if entry := _by_name(name):
            yield entry
    for maker in ACCOUNT_MAKERS:
        if shutil.which(maker[0]) and subprocess.run(maker, capture_output=True, check=False).returncode == 0:
            yield pwd.getpwnam("samband")
    if entry := _by_name(LAST_RESORT):
        yield entry


def _by_name(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _by_uid(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None
