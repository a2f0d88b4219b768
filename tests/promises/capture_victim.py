"""Captures that die: each in a process of its own that kills itself before or after a chosen statement.

Reads a line for each from standard input: how many statements to live for, `before` or `after` the last of them, and
the number of the batch. Writes a line for each: `killed`, or the answer's status and how many statements it took.
"""

import os
import signal
import sys

import django

django.setup()

import psycopg  # noqa: E402
from django.db import connection  # noqa: E402

from tests.channels.capture_client import Client  # noqa: E402

SHARED = 5
"""So many messages of a batch came with the batch before it, too."""


def items(number: int) -> list[dict[str, object]]:
    """The batch of this number: visitors who tell who they are, and some of what was sent before."""
    return [
        {
            "type": "identify" if nth % 3 == 0 else "track",
            "event": f"Event {number % 4}",
            "anonymousId": f"visitor-{nth // 3}",
            "messageId": f"m-{nth}",
            "traits": {"email": f"visitor-{nth // 3}@mail.example"} if nth % 3 == 0 else None,
        }
        for nth in range(number * 30 - SHARED, number * 30 + 30)
    ]


def capture(lives: int, when: str, number: int, key: str) -> str:
    statements = 0

    def counted(act):
        nonlocal statements
        statements += 1
        if statements == lives and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = act()
        if statements == lives:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    copy, commit = psycopg.Cursor.copy, psycopg.Connection.commit
    psycopg.Cursor.copy = lambda *args, **kwargs: counted(lambda: copy(*args, **kwargs))
    psycopg.Connection.commit = lambda self: counted(lambda: commit(self))
    client = Client(key)
    with connection.execute_wrapper(lambda execute, *given: counted(lambda: execute(*given))):
        answer = client.batch(*items(number))
    return f"{answer.status} {statements}"


def main() -> None:
    for line in sys.stdin:
        lives, when, number, key = line.split()
        ours, theirs = os.pipe()
        child = os.fork()  # nobody has opened a connection yet that a child could inherit
        if child == 0:
            os.write(theirs, capture(int(lives), when, int(number), key).encode())
            os._exit(0)
        os.close(theirs)
        _, status = os.waitpid(child, 0)
        said = os.read(ours, 1000).decode()
        os.close(ours)
        print("killed" if os.WIFSIGNALED(status) else said or "failed", flush=True)


if __name__ == "__main__":
    main()
