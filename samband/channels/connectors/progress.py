"""How far an import is, on the terminal: a bar with rows a second. Where there is no terminal, nothing."""

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class _Speed(ProgressColumn):
    def render(self, task: Task) -> Text:
        taken = task.finished_time or task.elapsed or 0
        return Text(f"{task.completed / taken if taken else 0:,.0f} rows/s")


class Watch:
    """Tells a person at the terminal about each stage: `begin` it, then say how many rows are done of how many."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Speed(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )

    def __enter__(self) -> "Watch":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        self._bar.stop()

    def begin(self, stage: str, total: int | None = None) -> "Stage":
        return Stage(self._bar, stage, total)


class Stage:
    """One stage of the work."""

    def __init__(self, bar: Progress, stage: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(stage, total=total)

    def done(self, rows: int) -> None:
        """So many rows are done by now."""
        self._bar.update(self._task, completed=rows)

    def more(self, rows: int) -> None:
        """So many rows more are done."""
        self._bar.advance(self._task, rows)

    def expect(self, rows: int) -> None:
        """So many rows it will be in the end."""
        self._bar.update(self._task, total=rows)

    def end(self) -> None:
        """Nothing more will come."""
        self._bar.update(self._task, total=self._bar.tasks[self._task].completed)
