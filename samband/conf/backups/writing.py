"""Making a copy: the database at one moment, then the pictures, which are never changed once they are there."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from samband import __version__
from samband.kernel.clock import now

from . import tools
from .errors import BackupFailed
from .keys import gather
from .manifest import Manifest, summed
from .manifest import write as write_manifest

DATABASE = "database.dump"
MEDIA = "media"
PREFIX = {"house": "samband-", "keys": "samband-keys-"}
NOTE = "last_backup"


def write(folder: Path, keep: int | None, say: Callable[[str], None]) -> Path:
    """Copy database and pictures into a new folder below this one; of older copies only so many are kept.

    Raises BackupFailed.
    """
    with _unfinished(folder, "house") as making:
        say("copying the database …")
        tools.dump(making / DATABASE)
        if settings.MEDIA_ROOT.is_dir():
            say("copying the pictures …")
            shutil.copytree(settings.MEDIA_ROOT, making / MEDIA)
        made = _finish(making, folder, "house")
    (settings.HOME / NOTE).write_text(f"{now().isoformat()} {made}\n")
    _forget_older(folder, "house", keep)
    return made


def write_keys(folder: Path, keep: int | None) -> Path:
    """Copy the secrets and the list of who was forgotten. Raises BackupFailed."""
    with _unfinished(folder, "keys") as making:
        gather(settings.HOME, making)
        made = _finish(making, folder, "keys")
    _forget_older(folder, "keys", keep)
    return made


@contextmanager
def _unfinished(folder: Path, kind: str) -> Iterator[Path]:
    """A folder that only we may read, gone again unless it was finished."""
    making = folder / f".unfinished-{PREFIX[kind]}{os.getpid()}"
    try:
        making.mkdir(parents=True, mode=0o700)
        yield making
    except OSError as error:
        raise BackupFailed(f"The copy cannot be written: {error.strerror} ({error.filename}).") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _finish(making: Path, folder: Path, kind: str) -> Path:
    at = now()
    applied: dict[str, str] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        applied[app] = name
    server = str(tools.servers_version())
    write_manifest(making, Manifest(kind, at.isoformat(), __version__, server, applied, summed(making)))
    _on_disk(making)
    made = folder / f"{PREFIX[kind]}{at:%Y%m%dT%H%M%S.%fZ}"
    making.rename(made)
    return made


def _on_disk(folder: Path) -> None:
    """A copy that is there after a power cut."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def copies(folder: Path, kind: str) -> list[Path]:
    """The finished copies in a folder, oldest first."""
    return sorted(path for path in folder.glob(f"{PREFIX[kind]}[0-9]*") if path.is_dir())


def _forget_older(folder: Path, kind: str, keep: int | None) -> None:
    for old in copies(folder, kind)[:-keep] if keep else []:
        shutil.rmtree(old)
