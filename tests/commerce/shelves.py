"""Stores with goods on their shelves, and ways to try them: refused, balanced, racing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from samband.commerce.inventory import books, commands, queries
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), ("10:00", "18:00"))


def store(code: str = "RVK", **fields: Any) -> str:
    """A store stands; its code."""
    described = {
        "kind": "store",
        "name": f"Samband {code}",
        "market": "IS",
        "country": "IS",
        "time_zone": "Atlantic/Reykjavik",
        "opening": WEEK,
        "pickup": True,
        "ships": True,
        **fields,
    }
    commands.save_location(code, **described)
    return code


def shelve(location: str, **units: int) -> None:
    """Goods come in: so many units by SKU."""
    commands.receive(location, tuple(Line(sku, quantity) for sku, quantity in units.items()), "delivery note 1")


def at(location: str, **units: int) -> tuple[Position, ...]:
    """Positions at one location, by SKU."""
    return tuple(Position(location, sku, quantity) for sku, quantity in units.items())


def held(*positions: Position, minutes: float = 15, channel: str = "") -> UUID:
    """A hold is made; its id."""
    hold_id = new_id()
    commands.hold(hold_id, positions, now() + timedelta(minutes=minutes), channel)
    return hold_id


def allocated(*positions: Position, channel: str = "") -> UUID:
    """A hold is made and kept; its id."""
    hold_id = held(*positions, channel=channel)
    commands.keep(hold_id)
    return hold_id


def fenced(channel: str, location: str, /, **units: int) -> UUID:
    """Units of one SKU are kept for a channel; the fence's id."""
    ((sku, quantity),) = units.items()
    fence_id = new_id()
    commands.fence(fence_id, channel, location, sku, quantity)
    return fence_id


def allotted(*positions: Position, hours: float = 8, **about: Any) -> UUID:
    """A device gets goods that it may sell by itself; the allotment's id."""
    allotment_id = new_id()
    commands.allot(allotment_id, positions, now() + timedelta(hours=hours), **about)
    return allotment_id


def free(sku: str, channel: str = "", location: str = "RVK") -> int:
    """What may be promised of it there to a channel."""
    return {each.location: each.available for each in queries.available([sku], channel)[sku]}.get(location, 0)


def level(location: str, sku: str) -> tuple[int, int]:
    """On hand and held."""
    found = {each.location: (each.on_hand, each.held) for each in queries.available([sku])[sku]}
    return found.get(location, (0, 0))


@contextmanager
def refused(kind: type[Refusal]) -> Iterator[Any]:
    """What is tried inside is refused, and leaves the transaction around it as it was."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal
    assert type(refusal.value) is kind


def balanced() -> bool:
    """The room's books have nothing to say."""
    assert list(books.findings()) == []
    return True


def racing(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of these at once, each in a thread and connection of its own; what each returned or was refused with."""
    together = threading.Barrier(len(deeds))
    answers: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
            together.wait()
            answers[place] = deed()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refusal):
            raise answer
    return answers


class _TakenBack(Exception):
    pass


def while_undecided(first: Callable[[], Any], second: Callable[[], Any], *, take_back: bool = False) -> Any:
    """Do the first deed, and before it is committed (or taken back) let somebody else try the second.

    The first is decided once the second waits for it, or is done without waiting. Returns what the
    second returned or was refused with.
    """
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(second())
        except Refusal as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with suppress(_TakenBack), transaction.atomic():
        first()
        thread.start()
        while thread.is_alive() and not _somebody_waits_for_us():
            pass
        if take_back:
            raise _TakenBack
    thread.join()
    return answers[0]


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        # Not pg_stat_activity: inside a transaction that stays as it was first seen.
        cursor.execute(
            "select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
