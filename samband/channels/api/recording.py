"""What programs read and change of people's data goes into the record, by the key that they show."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from samband.kernel.refusal import Refusal
from samband.staff import record
from samband.staff.queries import Key

DOOR = "api"


class Operation(Protocol):
    """What is asked of this door."""

    @property
    def id(self) -> str: ...

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def personal(self) -> bool: ...


@contextmanager
def of(operation: Operation, caller: Key | None, given: Mapping[str, Any]) -> Iterator[None]:
    """Note a change before it is made, and a look once it was given; a refused change is noted as refused."""
    if caller is None or not operation.personal:
        yield
        return
    about = _about(operation.path, given)
    with record.acting(record.key(caller.prefix), DOOR):
        if operation.method == "GET":
            yield
            record.saw(operation.id, about)
            return
        noted = record.did(operation.id, about)
        try:
            yield
        except Refusal as refusal:
            record.refused(operation.id, refusal.code, about, refuses=noted)
            raise


def _about(path: str, given: Mapping[str, Any]) -> list[str]:
    """Whom the address speaks of."""
    named = [(name, value) for name, value in given.items() if f"{name}}}" in path]
    return [f"{_kind(name, value)}:{value}" for name, value in named]


def _kind(name: str, value: object) -> str:
    """Orders are named by their number or by their id."""
    kind = name.removesuffix("_id").replace("_", "-")
    return "order-number" if kind == "order" and not isinstance(value, UUID) and not _is_id(str(value)) else kind


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
