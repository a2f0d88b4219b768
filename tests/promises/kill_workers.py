"""A worker like `samband work` that is killed and begun again when told to; a word a line. Prints how far it was."""

import contextlib
import json
import os
import signal
import sys
import threading

import django

django.setup()

from django.db import connection  # noqa: E402

from samband.timeline import delivering  # noqa: E402
from samband.timeline.chores import do_due  # noqa: E402
from tests.promises import kill_counting as kill_counting  # noqa: E402


def main() -> None:
    worker, heard = _begin()
    print(json.dumps({"delivered": 0}), flush=True)
    for line in sys.stdin:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        with os.fdopen(heard, "rb") as told:
            print(json.dumps({"delivered": len(told.read())}), flush=True)
        if line.strip() == "end":
            return
        worker, heard = _begin()


def _begin() -> tuple[int, int]:
    """Nobody has opened a connection here that a child could inherit."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    worker = os.fork()
    if worker:
        os.close(theirs)
        return worker, ours
    os.close(ours)
    os.close(0)
    _say_when_delivering(theirs)
    delivering.work(threading.Event(), do_due)
    os._exit(0)


def _say_when_delivering(at: int) -> None:
    """A byte for each delivery, so that who kills knows whether it was at work."""

    def told(execute, sql, *given):
        if "delete from timeline_delivery" in str(sql):
            with contextlib.suppress(BlockingIOError):
                os.write(at, b".")
        return execute(sql, *given)

    connection.execute_wrappers.append(told)


main()
