"""A keeper of segments that kills itself at a chosen statement: LIVES, or `tell` for something to keep up with.

One that lives (0) writes what was told of every customer, and what the books find, as JSON.
"""

import json
import os
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from samband.customers.segments import books, commands  # noqa: E402
from samband.customers.segments.definitions import Condition, Definition, Did, Doing  # noqa: E402
from samband.timeline import queries as timeline  # noqa: E402
from tests.customers.segmenting import Done, World, settle  # noqa: E402
from tests.customers.touched import cookie, day  # noqa: E402

PEOPLE = [cookie(str(nth)) for nth in range(6)]


def begin() -> None:
    twice = Condition(did=Did(event="Product Viewed", at_least=2))
    commands.save(Definition(segment="twice", who=twice))
    commands.save(Definition(segment="not-twice", who=Condition(not_in="twice")))
    commands.save(Definition(segment="no-orders", who=Condition(did_not=Doing("Order Completed"))))
    settle()
    world = World()
    world.tell(*(Done(one, at=day(1)) for one in PEOPLE))
    settle()
    world.tell(*(Done(one, at=day(2)) for one in PEOPLE), Done(PEOPLE[0], "Order Completed", day(3)))
    world.same(PEOPLE[4], PEOPLE[5])
    commands.save(Definition(segment="late", who=twice))


def keep_up(lives: int) -> None:
    statements = 0

    def die_at(execute, sql, params, many, context):
        nonlocal statements
        statements += 1
        result = execute(sql, params, many, context)
        if statements == lives:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(die_at):
        settle()


def told() -> list[list[str]]:
    stories = (timeline.of_subject(f"customer:{one.key}") for one in PEOPLE)
    named = [[f"{one.name}:{one.payload['segment']}" for one in story if "segments" in one.name] for story in stories]
    return [sorted(one) for one in named]


if sys.argv[1] == "tell":
    begin()
else:
    keep_up(int(sys.argv[1]))
    print(json.dumps({"told": told(), "findings": list(books.findings())}))
