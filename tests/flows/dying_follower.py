"""A follower that kills itself at a chosen statement: LIVES, or `tell` for something to follow.

One that lives writes how many profiles were wrong and how many books do not balance afterwards.
"""

import os
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from samband.customers.profiles import books, commands  # noqa: E402
from samband.flows.follow_customers import follow  # noqa: E402
from tests.customers.touched import Told, cookie, day, same, tell  # noqa: E402


def main() -> None:
    names = [cookie(str(nth)) for nth in range(6)]
    if sys.argv[1] == "tell":
        for nth in range(30):
            tell(Told(names[nth % 6], at=day(nth), channel=f"c{nth % 4}"))
        same((names[0], names[1]), (names[2], names[3]), (names[4], names[5]))
        return
    lives, statements = int(sys.argv[1]), 0

    def die_at(execute, sql, params, many, context):
        nonlocal statements
        statements += 1
        result = execute(sql, params, many, context)
        if statements == lives:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(die_at):
        follow(most=10)
    print(commands.rebuild(), len(list(books.findings())))


main()
