"""Reading books, several at a time if need be, all of them as they were at one moment."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from samband.kernel.books import Check, Checks, Extent, Finding

# A statement sorts and hashes in so much memory before it goes to disk; one book has one statement at a time.
_QUIETLY = """
set local work_mem = '64MB'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
set local jit = off
"""


@dataclass(frozen=True, slots=True)
class Book:
    """What is looked at together. `checks` are asked for inside the snapshot in which they look."""

    name: str
    checks: Callable[[], Checks]


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong in a book, and how many seconds reading it took."""

    book: str
    findings: tuple[Finding, ...]
    seconds: float


def read(books: Sequence[Book], extent: Extent, jobs: int) -> Iterator[Told]:
    """Read them all as they are at this moment; each as soon as it is done."""
    with _at_this_moment():
        if jobs <= 1 or len(books) == 1:
            for book in books:
                yield _read(book, extent)
        else:
            yield from _together(books, extent, jobs)


@contextmanager
def _at_this_moment(snapshot: str = "") -> Iterator[None]:
    """See the house as it is now, or as another transaction sees it. Inside a transaction, as that one does."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                if snapshot:
                    cursor.execute(f"set transaction snapshot '{snapshot}'")
                for setting in _QUIETLY.split(";"):
                    cursor.execute(setting)
        yield


def _read(book: Book, extent: Extent) -> Told:
    began = time.perf_counter()
    findings: list[Finding] = []
    with connection.cursor() as cursor:
        for check in book.checks():
            # Whole sets are hashed, never looked up row by row; a walk goes from one row to the next.
            cursor.execute(f"set local enable_nestloop = {'off' if isinstance(check, Check) else 'on'}")
            findings += check.findings(cursor, extent)
        cursor.execute("set local enable_nestloop = on")
    return Told(book.name, tuple(findings), time.perf_counter() - began)


def _together(books: Sequence[Book], extent: Extent, jobs: int) -> Iterator[Told]:
    """Share the books among so many threads, each with a connection of its own that sees what this one sees."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    waiting: queue.SimpleQueue[Book] = queue.SimpleQueue()
    for book in books:
        waiting.put(book)
    done: queue.SimpleQueue[Told | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def work() -> None:
        try:
            with _at_this_moment(snapshot):
                while not stop.is_set():
                    done.put(_read(waiting.get_nowait(), extent))
        except queue.Empty:
            pass
        except BaseException as error:
            done.put(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, name=f"audit-{nth}") for nth in range(min(jobs, len(books)))]
    for thread in threads:
        thread.start()
    try:
        for _ in books:
            told = done.get()
            if isinstance(told, BaseException):
                raise told
            yield told
    finally:
        stop.set()
        for thread in threads:
            thread.join()
