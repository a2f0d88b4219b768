"""Workers that die: each delivers in a process of its own that kills itself at a chosen statement.

Reads how many statements each lives for, a line each; writes `killed` or how many deliveries it tried before it found
nothing more to do. Started with `many`, a reaction takes events a few at a time, and the others one by one. The events
and the reactions are the tests' own, and so are the tables that the effects are written to.
"""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from samband.kernel.event import Event  # noqa: E402
from samband.kernel.ids import new_id  # noqa: E402
from samband.timeline import delivering, on, on_many, record  # noqa: E402
from samband.timeline.reacting import Heard  # noqa: E402

MANY = "many" in sys.argv
FEW_AT_ONCE = 5


@dataclass(frozen=True, kw_only=True)
class Counted(Event, about="story_id"):
    story_id: UUID
    chapter: int


def note(event: Counted) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into note (story, chapter) values (%s::uuid, %s::int)", [event.story_id, event.chapter])


def note_each(heard: Sequence[Heard]) -> None:
    """A statement for each of them, so that a kill finds a turn half done."""
    for one in heard:
        note(one.event)


if MANY:
    delivering._MOST_AT_ONCE = FEW_AT_ONCE
    on_many(Counted)(note_each)
else:
    on(Counted)(note)


@on(Counted)
def count(event: Counted) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update tally set heard = heard + 1")


def tell(stories: int, chapters: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create table note (id bigserial primary key, story uuid, chapter int)")
        cursor.execute("create table tally (heard int)")
        cursor.execute("insert into tally values (0)")
    names = [new_id() for _ in range(stories)]
    for chapter in range(chapters):
        for name in names:
            with transaction.atomic():
                record(Counted(story_id=name, chapter=chapter))


def deliver(lives: int) -> int:
    statements = 0

    def die_at(execute, sql, params, many, context):
        nonlocal statements
        statements += 1
        result = execute(sql, params, many, context)
        if statements == lives:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(die_at):
        return delivering.deliver(100_000)


def main() -> None:
    for line in sys.stdin:
        ours, theirs = os.pipe()
        child = os.fork()  # nobody has opened a connection yet that a child could inherit
        if child == 0:
            os.write(theirs, str(deliver(int(line))).encode())
            os._exit(0)
        os.close(theirs)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else os.read(ours, 100).decode(), flush=True)
        os.close(ours)


if "tell" in sys.argv:
    tell(stories=8, chapters=12)
else:
    main()
