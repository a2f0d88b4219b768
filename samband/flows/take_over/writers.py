"""Writing history beside the reading of it: half a million lines are more than one core can form, check and keep.

Each batch is written by a process of its own, forked, so that it has what was read without a copy of it. If whoever
began it is killed, it ends with its batch, which is one transaction.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from django.db import connection

from samband.commerce.inventory import history as stock

from .ground import Ground
from .history import Deal, bring_orders

WRITERS = 3
"""Batches that are written at once."""

_forked = multiprocessing.get_context("fork")


class WriterDied(RuntimeError):
    """A process that wrote history ended before its time. What was written stands; begin again for the rest."""


class Writers:
    """Processes that write batches of orders. Not inside a transaction.

    `is_goods` tells the SKUs that lie on a shelf; `progress` hears how many lines are done each time a batch is.
    """

    def __init__(self, ground: Ground, is_goods: Callable[[str], bool], progress: Callable[[int], None]) -> None:
        self._ground = ground
        self._is_goods = is_goods
        self._progress = progress
        self._at_work: dict[Connection, Any] = {}

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        for process in self._at_work.values():
            process.terminate()
            process.join()

    def write(self, deals: Callable[[], Sequence[Deal]]) -> None:
        """Write the batch that `deals` makes, as soon as one of the writers is free.

        Raises what a writer of an earlier batch met, WriterDied if it could not say.
        """
        while len(self._at_work) >= WRITERS:
            self._hear()
        connection.close()  # a connection must not be in two processes
        ear, mouth = _forked.Pipe(duplex=False)
        process = _forked.Process(target=self._write, args=(deals, mouth), daemon=True)
        process.start()
        mouth.close()
        self._at_work[ear] = process

    def finish(self) -> None:
        """Wait until everything is written. Raises as `write` does."""
        while self._at_work:
            self._hear()

    def _hear(self) -> None:
        """Wait for whoever is done first."""
        for ear in wait(list(self._at_work)):
            assert isinstance(ear, Connection)
            try:
                told = ear.recv()
            except EOFError as error:
                raise WriterDied() from error
            if isinstance(told, BaseException):
                raise told
            self._at_work.pop(ear).join()
            ear.close()
            self._progress(told)

    def _write(self, deals: Callable[[], Sequence[Deal]], mouth: Connection) -> None:
        """The life of a process: it tells how many lines it wrote, or what went wrong."""
        try:
            batch = deals()
            skus = {line.sku for deal in batch for line in deal.order.lines}
            # Beforehand, so that those who write side by side need not wait for each other's new levels.
            stock.make_room(self._ground.location, filter(self._is_goods, skus))
            bring_orders(self._ground, batch, self._is_goods)
            mouth.send(sum([len(deal.order.lines) for deal in batch]))
        except Exception as error:
            mouth.send(error)
        except (KeyboardInterrupt, SystemExit):
            return
        finally:
            connection.close()
