"""Each process of capture stays on one processor, and no two on the same; where none is free, nothing changes."""

import os
import secrets
import subprocess
import sys
from contextlib import ExitStack

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes are not placed on this system")

SETTLE = """
import os, sys, threading
name, processors = sys.argv[1], {int(one) for one in sys.argv[2:]}
threading.Thread(target=threading.Event().wait, daemon=True).start()
for thread in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(thread), processors)
from samband.channels.capture import settling
settling._CLAIM = chr(0) + name + "-%d"
claim = settling.settle()
places = {tuple(sorted(os.sched_getaffinity(int(one)))) for one in os.listdir("/proc/self/task")}
assert len(places) == 1, places
print(claim is not None, *places.pop(), flush=True)
sys.stdin.read()
"""


def settled(times, processors):
    """What so many processes say at once: whether each has a processor of its own, and where it may run."""
    name = secrets.token_hex(8)
    with ExitStack() as standing:
        told = []
        for _ in range(times):
            command = [sys.executable, "-c", SETTLE, name, *map(str, processors)]
            process = standing.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            standing.callback(process.stdin.close)
            own, *places = process.stdout.readline().split()
            told.append((own == "True", [int(one) for one in places]))
        return told


def test_each_process_has_a_processor_of_its_own_until_none_is_free():
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) < 2:
        pytest.skip("there is one processor")
    *own, late = settled(len(processors) + 1, processors)
    assert all(settles for settles, _ in own)
    assert sorted(places for _, places in own) == [[one] for one in processors]
    assert late == (False, processors)


def test_with_one_processor_there_is_nothing_to_choose():
    only = min(os.sched_getaffinity(0))
    assert settled(1, [only]) == [(False, [only])]
