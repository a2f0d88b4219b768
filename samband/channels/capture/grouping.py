"""Group commit: requests hand over what they brought, a few writers keep it together, each waits for its commit."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from samband.customers.touchpoints.shapes import Taken
from samband.flows.take_in_touchpoints import Taking

from .refusals import NotNow, Overloaded

log = structlog.get_logger("samband.capture")

Keep = Callable[[Sequence[Taking]], list[Taken]]

GROUP_EVENTS = 1000
WORTH_ANOTHER_EVENTS = 300
MOST_WAITING_EVENTS = 40_000
MOST_WAITING_BYTES = 64 * 1024 * 1024
LONGEST_WAIT_SECONDS = 20.0
"""Who comes in is decided in `admitting`; these are the walls for what nobody thought of."""


@dataclass(eq=False, slots=True)
class _Job:
    """What one request brought, and what became of it."""

    taking: Taking
    size: int
    done: Callable[[], object]
    taken: Taken | None = None
    error: Exception | None = None

    def outcome(self) -> Taken:
        """Once it is done. Raises what keeping it raised."""
        if self.error is not None:
            raise self.error
        assert self.taken is not None
        return self.taken


class Group:
    """Gathers what waits. More than fits is refused at once: nobody waits for what will not be done in time."""

    def __init__(self, keep: Keep, writers: int = 2, most_events: int = MOST_WAITING_EVENTS) -> None:
        self._keep = keep
        self._most_events = most_events
        self._waiting: deque[_Job] = deque()
        self._events = 0
        self._bytes = 0
        self._something = threading.Condition()
        self._writers = writers
        self._begun = self._writing = 0

    def take_in(self, taking: Taking, size: int) -> Taken:
        """Keep it, with what others brought; committed when this returns. `size` in bytes.

        Raises Overloaded, NotNow, and whatever keeping raises.
        """
        done = threading.Event()
        job = _Job(taking, size, done.set)
        self._hand_over(job)
        if not done.wait(LONGEST_WAIT_SECONDS):
            raise NotNow()  # it may still be kept: sent again, it is a repeat
        return job.outcome()

    async def promise(self, taking: Taking, size: int) -> Taken:
        """The same for whoever has other things to do meanwhile. Raises as `take_in`."""
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def tell() -> None:
            with suppress(RuntimeError):  # who listened has ended, and hears nothing any more
                loop.call_soon_threadsafe(done.set)

        job = _Job(taking, size, tell)
        self._hand_over(job)
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await done.wait()
        except TimeoutError as silence:
            raise NotNow() from silence
        return job.outcome()

    def _hand_over(self, job: _Job) -> None:
        with self._something:
            self._begin()
            full = self._events + len(job.taking.items) > self._most_events or self._bytes > MOST_WAITING_BYTES
            if full and self._waiting:
                raise Overloaded()
            self._waiting.append(job)
            self._events += len(job.taking.items)
            self._bytes += job.size
            self._something.notify()

    def _begin(self) -> None:
        """Writers begin with the first request: in the process that answers, not in the one it was copied from."""
        while self._begun < self._writers:
            self._begun += 1
            threading.Thread(target=self._write, name=f"writing-{self._begun}", daemon=True).start()

    def _write(self) -> None:
        while True:
            jobs = self._next()
            try:
                self._keep_jobs(jobs)
            except Exception as error:
                self._one_by_one(jobs, error)
            with self._something:
                self._writing -= 1
                self._something.notify()
            for job in jobs:
                job.done()

    def _next(self) -> list[_Job]:
        """What waits, as much as makes a group."""
        with self._something:
            while not self._is_worth_it():
                self._something.wait()
            jobs: list[_Job] = []
            events = 0
            while self._waiting and (not jobs or events + len(self._waiting[0].taking.items) <= GROUP_EVENTS):
                job = self._waiting.popleft()
                jobs.append(job)
                events += len(job.taking.items)
                self._bytes -= job.size
            self._events -= events
            self._writing += 1
            return jobs

    def _is_worth_it(self) -> bool:
        """A transaction costs as much as some hundred events: beside one that is under way, only so many are worth it.

        What comes meanwhile is the next group, which is the larger the more there is to do.
        """
        return bool(self._waiting) and (not self._writing or self._events >= WORTH_ANOTHER_EVENTS)

    def _keep_jobs(self, jobs: Sequence[_Job]) -> None:
        for job, taken in zip(jobs, self._keep([job.taking for job in jobs]), strict=True):
            job.taken = taken

    def _one_by_one(self, jobs: Sequence[_Job], error: Exception) -> None:
        """What went wrong for all may be one request's fault alone."""
        if len(jobs) == 1:
            jobs[0].error = error
            return
        log.warning("group_failed", error=type(error).__name__, requests=len(jobs))
        for job in jobs:
            try:
                self._keep_jobs([job])
            except Exception as its_own:
                job.error = its_own
