"""The index as this process reads it. Whether there is a newer state is looked up a few times a second at most."""

import os
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import structlog
from tantivy import DocAddress, FieldType, Index, Occur, Order, Query, Schema, Searcher

from samband.kernel.refusal import Unavailable

from .fields import FOR_GOOD, build_schema, teach
from .indexing import catch_up, rebuild
from .state import State, read_state, root, state_file, written_here

log = structlog.get_logger("samband.catalog")

LOOK_EVERY_SECONDS = 0.2
MOST_KEPT = 2_000
"""Answers remembered, those that were asked for last: some ten megabytes."""

MUST, SHOULD, MUST_NOT = Occur.Must, Occur.Should, Occur.MustNot
ASC, DESC = Order.Asc, Order.Desc

T = TypeVar("T")


class Damaged(Exception):
    """The index on disk is not what its state says."""


class Opened:
    """One state of the index, open for reading, and what this process has found out about it.

    `number` is no other's in this process.
    """

    _numbers = count(1)

    def __init__(self, state: State, index: Index) -> None:
        self.number = next(self._numbers)
        self.state = state
        self.index = index
        self.schema: Schema = build_schema(state.shape)
        self.searcher: Searcher = index.searcher()
        self.kept: OrderedDict[Any, Any] = OrderedDict()
        self.ranges: dict[Any, Any] = {}
        self._turns: dict[str, tuple[int, int]] = {}
        if self.searcher.num_docs < state.documents:
            raise Damaged

    def visible(self, channel: str, at: int) -> Query:
        """Products to be seen on the channel at this moment (microseconds)."""
        if channel not in self.state.shape.channels:
            return Query.empty_query()
        return Query.boolean_query(
            [
                (MUST, self.between(f"from_{channel}", None, at)),
                (MUST, self.between(f"until_{channel}", at + 1, None)),
            ]
        )

    def between(self, field: str, low: int | None, high: int | None) -> Query:
        """Documents whose integer lies between the bounds, both included."""
        return Query.range_query(self.schema, field, FieldType.Integer, low, high)

    def span(self, channel: str, at: int) -> tuple[int, int]:
        """From when to when (not included) the same products are visible as at this moment."""
        since, turn = self._turns.get(channel, (0, 0))
        if not since <= at < turn:
            since, turn = self._turns[channel] = (at, self._next_turn(channel, at))
        return since, turn

    def _next_turn(self, channel: str, at: int) -> int:
        if channel not in self.state.shape.channels:
            return FOR_GOOD
        turns = []
        for field in (f"from_{channel}", f"until_{channel}"):
            later = self.between(field, at + 1, FOR_GOOD - 1)
            found = self.searcher.search(later, 1, count=False, order_by_field=field, order=ASC).hits
            turns += [moment for moment, _ in found]
        return min(turns, default=FOR_GOOD)

    def ids(self, addresses: list[DocAddress]) -> tuple[UUID, ...]:
        """The products at these addresses."""
        high = self.searcher.fast_field_values("id_high", addresses)
        low = self.searcher.fast_field_values("id_low", addresses)
        return tuple(UUID(int=(int(h or 0) << 64) | int(lo or 0)) for h, lo in zip(high, low, strict=True))

    def known(self, key: Any) -> Any:
        """What was remembered under the key, if it was asked for lately."""
        if (value := self.kept.get(key)) is not None:
            with suppress(KeyError):  # another thread may just have let it go
                self.kept.move_to_end(key)
        return value

    def keep(self, key: Any, value: Any) -> None:
        """Remember an answer for as long as this state of the index is the current one."""
        self.kept[key] = value
        if len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)


class _Reader:
    def __init__(self) -> None:
        self.lock = Lock()
        self.opened: Opened | None = None
        self.seen: tuple[object, ...] = ()
        self.looked_at = 0.0
        self.here: tuple[int, Path] = (0, Path())

    def current(self) -> Opened:
        """The newest state, looked for a few times a second; built on the spot if there is none at all."""
        moment, here = time.monotonic(), (written_here(), root())
        if self.opened and here == self.here and moment - self.looked_at < LOOK_EVERY_SECONDS:
            return self.opened
        with self.lock:
            self.looked_at, self.here = moment, here
            seen = _stamp()
            if self.opened is None or seen != self.seen or seen is None:
                self.opened = _open(self.opened)
                self.seen = _stamp() or ()
            return self.opened


def _stamp() -> tuple[object, ...] | None:
    try:
        found = os.stat(state_file())
    except FileNotFoundError:
        return None
    return (str(root()), found.st_ino, found.st_mtime_ns, found.st_size)


def _open(before: Opened | None) -> Opened:
    """Open the current state. What is missing or damaged is built anew, once."""
    for mend in (catch_up, rebuild):
        state = read_state()
        if state is not None:
            try:
                return _opened(state, before)
            except (ValueError, OSError, Damaged) as error:
                log.warning("search_index_damaged", error=type(error).__name__)
                mend = rebuild
        mend()
    state = read_state()
    if state is None:
        raise Unavailable("Search is being prepared.")
    return _opened(state, None)


def _opened(state: State, before: Opened | None) -> Opened:
    if before and before.state.folder == state.folder and before.state.fingerprint == state.fingerprint:
        before.index.reload()
        return Opened(state, before.index)
    index = teach(Index.open(str(root() / state.folder)))
    index.config_reader("manual")
    index.reload()
    return Opened(state, index)


_reader = _Reader()


def current() -> Opened:
    """The index as it is now (or was a fifth of a second ago)."""
    return _reader.current()


def mended(question: Callable[[Opened], T]) -> T:
    """Ask the index; if it turns out to be damaged on disk, build it anew and ask once more."""
    opened = current()
    try:
        return question(opened)
    except (ValueError, OSError) as error:
        if _sound(opened):
            raise
        log.warning("search_index_damaged", error=type(error).__name__)
        rebuild()
        return question(current())


def _sound(opened: Opened) -> bool:
    """Whether the index on disk can still be opened and read through."""
    try:
        again = Opened(opened.state, teach(Index.open(str(root() / opened.state.folder))))
        again.searcher.search(Query.all_query(), 1, order_by_field="newest")
        again.searcher.aggregate(Query.all_query(), {"all": {"terms": {"field": "facet", "size": 10}}})
    except (ValueError, OSError, Damaged):
        return False
    return True
