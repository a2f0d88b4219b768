"""What lies on this machine: secrets that nobody else reads, room on the disk, copies, and files that belong to us."""

import os
import resource
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from samband.conf.backups import tools
from samband.conf.backups.errors import BackupFailed
from samband.conf.backups.writing import NOTE
from samband.kernel.clock import now

from .finding import Finding, look, well, wrong

LEAST_FREE = 2 << 30
SCARCE_FREE = 500 << 20
OLDEST_COPY = timedelta(days=2)
LEAST_FILES = 1024


def examine() -> Iterator[Finding]:
    yield _secrets()
    yield _room()
    yield _writable()
    yield _languages()
    yield _copy_tool()
    yield _copies()
    yield _open_files()


def _secrets() -> Finding:
    folder = settings.HOME / "secrets"
    read = [path.name for path in [folder, *sorted(folder.glob("*"))] if path.exists() and _others_may(path)]
    if read:
        return wrong("secrets", f"others may read {', '.join(read)}", f"chmod -R go-rwx {folder}")
    return well("secrets", "nobody else may read them")


def _others_may(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _room() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    told = f"{free / (1 << 30):.1f} GB free where {settings.HOME} lies"
    if free < SCARCE_FREE:
        return wrong("disk", told, "Make room now: without any the database takes no more orders.")
    if free < LEAST_FREE:
        return look("disk", told, "Make room soon.")
    return well("disk", told)


def _writable() -> Finding:
    closed = [
        str(path) for path in (settings.HOME, settings.MEDIA_ROOT, settings.SEARCH_ROOT)
        if path.exists() and not os.access(path, os.W_OK | os.X_OK)
    ]  # fmt: skip
    if closed:
        return wrong("folders", f"we may not write into {', '.join(closed)}", "Give them to the account that serves.")
    return well("folders", "ours to write into")


def _languages() -> Finding:
    absent = [
        code for code, _ in settings.LANGUAGES
        if code != "en" and not (settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.mo").exists()
    ]  # fmt: skip
    if absent:
        return wrong("languages", f"not compiled: {', '.join(absent)}", "Run `make locale`.")
    return well("languages", "all there")


def _copy_tool() -> Finding:
    try:
        tool = tools.tool("pg_dump")
    except BackupFailed as error:
        return wrong("pg_dump", str(error), "Without it `samband backup` cannot copy the database.")
    return well("pg_dump", tool)


def _copies() -> Finding:
    advice = "Run `samband backup FOLDER --keys OTHER` every night, or see that somebody else's tool copies it."
    note = settings.HOME / NOTE
    if not note.exists():
        return look("backup", "none was ever made from here", advice)
    made = datetime.fromisoformat(note.read_text().split()[0])
    told = f"last made {made:%Y-%m-%d %H:%M} UTC"
    return look("backup", told, advice) if now() - made > OLDEST_COPY else well("backup", told)


def _open_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < LEAST_FILES:
        return look("open files", f"at most {soft}", f"Allow {LEAST_FILES} or more: each connection is one.")
    return well("open files", f"at most {soft}")
