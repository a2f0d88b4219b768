"""One processor for one process: Python runs one thread at a time, and what is warm stays where it is.

Threads that take turns on several processors, one that listens and those that write, carry the interpreter's whole
memory from one to the next with each turn. Whoever shares a machine with us is scheduled around it.
"""

import os
import random
import socket
from collections.abc import Iterable

_CLAIM = "\0samband-capture-processor-%d"


def settle() -> socket.socket | None:
    """Keep this process, with all threads it has and will have, on a processor that no other process of ours has.

    Returns the claim, which holds as long as it is kept; None where there is nothing to choose or all are taken, and
    then nothing changes.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    allowed = sorted(os.sched_getaffinity(0))
    # Not everybody begins with the first: processes in containers do not see each other's claims.
    random.shuffle(allowed)
    if len(allowed) < 2 or (claimed := _claimed(allowed)) is None:
        return None
    processor, claim = claimed
    for thread in os.listdir("/proc/self/task"):
        os.sched_setaffinity(int(thread), {processor})
    return claim


def _claimed(processors: Iterable[int]) -> tuple[int, socket.socket] | None:
    """The first that is free: a name that the system lets one process have, and takes back when that one ends."""
    for processor in processors:
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(_CLAIM % processor)
        except OSError:
            claim.close()
            continue
        return processor, claim
    return None
