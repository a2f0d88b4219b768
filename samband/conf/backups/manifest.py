"""What a copy says of itself, and whether it is what it says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import BackupFailed

NAME = "manifest.json"
AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """`kind` is "house" or "keys"; `at` the moment (ISO 8601, UTC); `migrations` the last of each room; `files` the
    SHA-256 of everything else in the folder, by its path there.
    """

    kind: str
    at: str
    version: str
    server: str
    migrations: Mapping[str, str]
    files: Mapping[str, str]


def write(folder: Path, manifest: Manifest) -> None:
    """Last of all."""
    (folder / NAME).write_text(json.dumps(asdict(manifest), indent=2, sort_keys=True))


def summed(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a folder, the manifest apart."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    return {str(path.relative_to(folder)): _sum(path) for path in files}


def checked(folder: Path, kind: str) -> Manifest:
    """The manifest of a copy that is whole. Raises BackupFailed."""
    try:
        told = Manifest(**json.loads((folder / NAME).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupFailed(f"{folder} is no finished copy: it has no manifest that can be read.") from error
    if told.kind != kind:
        raise BackupFailed(f"{folder} is a copy of {told.kind}, not of {kind}.")
    differing = {name for name, _ in set(told.files.items()) ^ set(summed(folder).items())}
    if differing:
        raise BackupFailed(f"{folder} is damaged: {', '.join(sorted(differing)[:5])} differ from what was written.")
    return told


def _sum(path: Path) -> str:
    summing = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(AT_ONCE):
            summing.update(part)
    return summing.hexdigest()
