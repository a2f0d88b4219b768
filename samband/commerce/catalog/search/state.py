"""What this host's index has caught up with, in one small file that is replaced as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from django.conf import settings

from samband.kernel.ids import secret_token

from ..attributes import Definition
from .fields import Shape


@dataclass(frozen=True)
class State:
    """`folder` holds the index; `cursor` is the catalog version it has caught up with; `documents` how many it holds.

    `price_terms` are those its prices were read under.
    """

    folder: str
    fingerprint: str
    database: str
    cursor: int
    documents: int
    shape: Shape
    definitions: Mapping[str, Definition]
    price_terms: str


def root() -> Path:
    """Where this host keeps its indexes."""
    return Path(settings.SEARCH_ROOT)


def state_file() -> Path:
    """The file whose replacement makes a new state of the index visible to every process."""
    return root() / "current.json"


def read_state() -> State | None:
    """The current state; None if there is none, or none that can be read."""
    try:
        return msgspec.json.decode(state_file().read_bytes(), type=State)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


_written = 0


def written_here() -> int:
    """How often this process has made a new state, so that it sees its own at once."""
    return _written


def write_state(state: State) -> None:
    """Make this the current state, in one step."""
    global _written
    beside = root() / f".{secret_token()}"
    try:
        beside.write_bytes(msgspec.json.encode(state))
        beside.replace(state_file())
    finally:
        beside.unlink(missing_ok=True)
    _written += 1


def database_name() -> str:
    """Which database this is, so that an index of another one is not taken for ours."""
    parts = settings.DATABASES["default"]
    return ":".join(str(parts.get(part, "")) for part in ("HOST", "PORT", "NAME"))
