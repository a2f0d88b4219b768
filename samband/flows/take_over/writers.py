"""Writing beside reading: half a million lines are more than one core can form, check and keep.

Each part of the work is done by a process of its own, forked, so that it has what was read without a copy of it. If
whoever began it is killed, it ends with its part, which is made of whole transactions.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from django.db import connection

WRITERS = 4
"""Processes at work at once."""

_forked = multiprocessing.get_context("fork")

Task = Callable[[], Any]
Done = Callable[[Any], None]


class WriterDied(RuntimeError):
    """A process ended before its time. What was written stands; begin again for the rest."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the work, whom to tell what came of it, and the process that is at it."""

    task: Task
    done: Done
    process: Any = None


class Writers:
    """Processes that do one part of the work each. Not inside a transaction."""

    def __init__(self) -> None:
        self._waiting: deque[_Part] = deque()
        self._at_work: dict[Connection, _Part] = {}

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        for part in self._at_work.values():
            part.process.terminate()
            part.process.join()

    def do(self, task: Task, done: Done = lambda result: None) -> None:
        """Have the task done as soon as a writer is free; `done` hears here what it gave back.

        Raises as `go_on` does.
        """
        self._waiting.append(_Part(task, done))
        self.go_on()

    def go_on(self) -> None:
        """Hear of what has been done and begin what waits; to be called now and then.

        Raises what a task met, WriterDied if it could not say.
        """
        while self._at_work and self._hear(at_most_seconds=0):
            pass
        while self._waiting and len(self._at_work) < WRITERS:
            self._begin(self._waiting.popleft())

    def finish(self) -> None:
        """Wait until all is done. Raises as `go_on` does."""
        self.go_on()
        while self._at_work:
            self._hear()
            self.go_on()

    def _begin(self, part: _Part) -> None:
        connection.close()  # a connection must not be in two processes
        ear, mouth = _forked.Pipe(duplex=False)
        process = _forked.Process(target=_work, args=(part.task, mouth), daemon=True)
        process.start()
        mouth.close()
        self._at_work[ear] = _Part(part.task, part.done, process)

    def _hear(self, at_most_seconds: float | None = None) -> bool:
        """Wait for whoever is done first; whether anybody was."""
        ready = wait(list(self._at_work), at_most_seconds)
        for ear in ready:
            assert isinstance(ear, Connection)
            try:
                went_well, told = ear.recv()
            except EOFError as error:
                raise WriterDied() from error
            if not went_well:
                raise told
            part = self._at_work.pop(ear)
            part.process.join()
            ear.close()
            part.done(told)
        return bool(ready)


def _work(task: Task, mouth: Connection) -> None:
    """The life of a process."""
    try:
        mouth.send((True, task()))
    except Exception as error:
        mouth.send((False, error))
    except (KeyboardInterrupt, SystemExit):
        return
    finally:
        connection.close()
