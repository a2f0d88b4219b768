"""Files below SAMBAND_HOME that may hold a person: mails of the trial, rejects of imports, exports; and sessions.

Pictures, the search index and logs hold none: the first two are of goods, the last tell ids and codes.
"""

import contextlib
import csv
import json
import os
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session

from samband.customers.rights import queries as rights
from samband.kernel.identifier import key_of

MAILS, REJECTS, EXPORTS, ERASURES = "mail", "imports", "exports", "erasures"
BETWEEN_MAILS = b"\n" + b"-" * 79 + b"\n"
"""What the backend that writes mails into files writes between two of them."""


def folder(name: str) -> Path:
    """Where files of a kind lie."""
    return Path(settings.HOME) / name


def erase_from_files(sought: Mapping[str, Any]) -> dict[str, int]:
    """Take a person out of every file: `sought` has their `emails`, `phones`, `references` and `accounts`.

    Safe to repeat. How many mails, rows, exports and sessions it were.
    """
    texts = [str(one) for kind in ("emails", "phones", "references") for one in sought.get(kind, ())]
    return {
        "mails": sum(_erase_mails(path, texts) for path in _files(MAILS)),
        "rejected_rows": sum(_erase_rows(path, texts) for path in _files(REJECTS)),
        "exports": sum(_remove(folder(EXPORTS) / str(name)) for name in sought.get("exports", ())),
        "sessions": end_sessions({str(one) for one in sought.get("accounts", ())}),
    }


def _erase_mails(path: Path, texts: Collection[str]) -> int:
    """How many of a file's mails were to them or spoke of them."""
    mails = path.read_bytes().split(BETWEEN_MAILS)
    others = [mail for mail in mails if not _speaks_of(mail, texts)]
    if len(others) == len(mails):
        return 0
    if not any(mail.strip() for mail in others):
        _remove(path)
    else:
        _replace(path, BETWEEN_MAILS.join(others))
    return len(mails) - len(others)


def _speaks_of(mail: bytes, texts: Collection[str]) -> bool:
    message = message_from_bytes(mail.lstrip(), policy=policy.default)
    said = [str(value) for value in message.values()]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            said.append(str(part.get_content()))
    whole = "\n".join(said).casefold()
    return any(text.casefold() in whole for text in texts)


def _erase_rows(path: Path, texts: Collection[str]) -> int:
    """How many rows of a file of rejects named them."""
    if path.suffix.lower() != ".csv":
        return 0
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.reader(file))
    kept = [row for row in rows if not _names(row, texts)]
    if len(kept) == len(rows):
        return 0
    with _replacing(path) as file:
        csv.writer(file).writerows(kept)
    return len(rows) - len(kept)


def _names(row: list[str], texts: Collection[str]) -> bool:
    cells = [cell.casefold() for cell in row]
    return any(
        # What another system calls them is short and stands alone; an address may stand among other words.
        cell == text.casefold() or (("@" in text or text.startswith("+")) and text.casefold() in cell)
        for cell in cells
        for text in texts
    )


def leave_out_erased(path: Path) -> int:
    """Take out of a file of rejects every row of somebody who asked to be forgotten; how many it were."""
    if not path.exists():
        return 0
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.reader(file))
    keys = [{key_of("email", cell.strip().lower()) for cell in row if "@" in cell} for row in rows]
    away = rights.suppressed({key for one in keys for key in one})
    kept = [row for row, own in zip(rows, keys, strict=True) if not own & away]
    if len(kept) < len(rows):
        with _replacing(path) as file:
            csv.writer(file).writerows(kept)
    return len(rows) - len(kept)


def end_sessions(accounts: Collection[str]) -> int:
    """Sign whoever these accounts are out on every device; how many sessions it were."""
    ended = 0
    for session in Session.objects.all().iterator(1000) if accounts else ():
        if str(session.get_decoded().get("customer_id", "")) in accounts:
            ended += Session.objects.filter(pk=session.pk).delete()[0]
    return ended


def old_files(kind: str, before: datetime) -> Iterator[Path]:
    """Files of a kind that were written before then."""
    for path in _files(kind):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                yield path


def remove(path: Path) -> int:
    """Remove a file; 0 if somebody else did."""
    return _remove(path)


# --- the record that no backup takes back


def note_erasure(
    erasure_id: UUID, at: datetime, customer: UUID, accounts: Collection[UUID], keys: Collection[UUID]
) -> None:
    """Write down that somebody was erased, by ids and keyed hashes: whole and on the disk before this returns."""
    told = {
        "erasure": str(erasure_id),
        "at": at.isoformat(),
        "customer": str(customer),
        "accounts": sorted(map(str, accounts)),
        "keys": sorted(map(str, keys)),
    }
    folder(ERASURES).mkdir(parents=True, exist_ok=True, mode=0o700)
    with _replacing(folder(ERASURES) / f"{erasure_id}.json") as file:
        file.write(json.dumps(told, indent=1) + "\n")


def noted_erasures() -> Iterator[dict[str, Any]]:
    """Every erasure that was written down, oldest first."""
    told = [json.loads(path.read_text()) for path in _files(ERASURES) if path.suffix == ".json"]
    yield from sorted(told, key=lambda one: (one["at"], one["erasure"]))


def _files(kind: str) -> Iterator[Path]:
    place = folder(kind)
    yield from sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else ()


def _remove(path: Path) -> int:
    try:
        path.unlink()
    except FileNotFoundError:
        return 0
    return 1


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Any]:
    """A file is there as it was or as it shall be, never in between."""
    draft = path.with_name(f".{path.name}.new")
    try:
        with open(draft, "w", newline="", encoding="utf-8", errors="surrogateescape") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
