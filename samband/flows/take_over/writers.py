"""Writing history with several processes: half a million lines are more than one core can form, check and keep.

The processes are forked, so that each has what was read without a copy of it. None outlives its work: each looks after
every batch whether whoever began it is still there, and a batch is one transaction.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence, Set
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from django.db import connection

from samband.commerce.inventory import history as stock

from .ground import Ground
from .history import Deal, bring_orders

WRITERS = 3

_forked = multiprocessing.get_context("fork")


class WriterDied(RuntimeError):
    """A process that wrote history ended before its time. What it wrote stands; begin again for the rest."""


class Writers:
    """Processes that write `batches` batches, each of which `deals_of` makes of its number (from 0), meanwhile.

    Not inside a transaction. `goods` are the SKUs that lie on a shelf.
    """

    def __init__(
        self, ground: Ground, goods: Set[str], batches: int, deals_of: Callable[[int], Sequence[Deal]]
    ) -> None:
        self._ground = ground
        self._goods = goods
        self._batches = batches
        self._deals_of = deals_of
        self._taken = _forked.Value("q", 0)
        self._parent = os.getpid()
        self._processes: list[Any] = []
        self._ears: list[Connection] = []

    def __enter__(self) -> "Writers":
        stock.make_room(self._ground.location, self._goods)
        connection.close()  # a connection must not be in two processes
        gc.collect()
        gc.freeze()
        for _ in range(min(WRITERS, self._batches)):
            ear, mouth = _forked.Pipe(duplex=False)
            process = _forked.Process(target=self._write, args=(mouth,), daemon=True)
            process.start()
            mouth.close()
            self._processes.append(process)
            self._ears.append(ear)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        for process in self._processes:
            if kind is not None:
                process.terminate()
            process.join()
        gc.unfreeze()

    def finish(self, progress: Callable[[int], None]) -> int:
        """Wait for the last; returns how many orders were new. `progress` hears how many lines were done at a time.

        Raises what a writer met, WriterDied if it could not say.
        """
        new = 0
        speaking = list(self._ears)
        while speaking:
            for ear in wait(speaking):
                told = self._hear(ear)  # type: ignore[arg-type]
                if told is None:
                    speaking.remove(ear)  # type: ignore[arg-type]
                    continue
                lines, orders = told
                progress(lines)
                new += orders
        return new

    def _hear(self, ear: Connection) -> tuple[int, int] | None:
        try:
            told = ear.recv()
        except EOFError as error:
            raise WriterDied() from error
        if isinstance(told, BaseException):
            raise told
        return told  # type: ignore[no-any-return]

    def _write(self, mouth: Connection) -> None:
        """The life of a process: it tells lines and new orders of each batch, then nothing more, or what went wrong."""
        try:
            while (nth := self._next()) < self._batches and os.getppid() == self._parent:
                deals = self._deals_of(nth)
                new = bring_orders(self._ground, deals, self._goods)
                mouth.send((sum([len(deal.order.lines) for deal in deals]), new))
            mouth.send(None)
        except Exception as error:
            mouth.send(error)
        finally:
            connection.close()

    def _next(self) -> int:
        with self._taken.get_lock():
            self._taken.value += 1
            return int(self._taken.value) - 1
