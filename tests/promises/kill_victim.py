"""A process that does deeds, each in a child of its own; a child may be told to die.

Reads a JSON line for each from standard input: `deed`, what is `given` to it, and perhaps where to die: after so many
steps it `lives` (`when`: before or after the last of them), or after so many `seconds`. A step is a statement, a copy
or a commit. Writes a JSON line for each: `answer` and `steps` if it lived, `killed`, or `failed`.
"""

import contextlib
import json
import os
import select
import signal
import sys
import traceback

import django

django.setup()

import psycopg  # noqa: E402
from django.db import connection  # noqa: E402

from samband.kernel.refusal import Refusal  # noqa: E402
from tests.promises import kill_deeds  # noqa: E402

steps = 0


def main() -> None:
    for line in sys.stdin:
        wish = json.loads(line)
        ours, theirs = os.pipe()
        child = os.fork()  # nobody has opened a connection yet that a child could inherit
        if child == 0:
            os.setpgid(0, 0)  # who dies takes those along that it has begun
            os.write(theirs, json.dumps(_done(wish), default=str).encode())
            os._exit(0)
        os.close(theirs)
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(child, child)  # whoever of the two comes first
        if "seconds" in wish:
            _kill_after(child, ours, wish["seconds"])
        with os.fdopen(ours, "rb") as heard:
            said = heard.read().decode()
        _, status = os.waitpid(child, 0)
        print('{"killed": true}' if os.WIFSIGNALED(status) and not said else said or '{"failed": "?"}', flush=True)


def _kill_after(child: int, ours: int, seconds: float) -> None:
    """Unless it is done before."""
    if not select.select([ours], [], [], seconds)[0]:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpgid(child), signal.SIGKILL)


def _done(wish: dict) -> dict:
    _die_at(wish.get("lives", 0), wish.get("when", "after"))
    try:
        answer = getattr(kill_deeds, wish["deed"])(**wish["given"])
    except Refusal as refusal:
        return {"answer": None, "refused": refusal.code, "details": refusal.details, "steps": steps}
    except Exception:
        return {"failed": traceback.format_exc()[-1500:]}
    return {"answer": answer, "steps": steps}


def _die_at(lives: int, when: str) -> None:
    def counted(act):
        global steps
        steps += 1
        if steps == lives and when == "before":
            os.killpg(0, signal.SIGKILL)
        done = act()
        if steps == lives:
            os.killpg(0, signal.SIGKILL)
        return done

    copy, commit = psycopg.Cursor.copy, psycopg.Connection.commit
    psycopg.Cursor.copy = lambda *args, **kwargs: counted(lambda: copy(*args, **kwargs))
    psycopg.Connection.commit = lambda self: counted(lambda: commit(self))
    connection.execute_wrappers.append(lambda execute, *given: counted(lambda: execute(*given)))


if __name__ == "__main__":
    main()
