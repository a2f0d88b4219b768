"""Clients that send more than can be taken in, and come again when they are told to, as Segment's do.

    python -m samband.bench.overload_load

The first line of standard input is a job in JSON: `host`, `port`, `key`, `seed`, `connections`, `every` (seconds
between two new batches of a connection), `seconds` (for so long there are new ones) and `patience` (seconds until it
gives up). When all are connected it says `warm` and waits for a second line, when to begin in seconds since the epoch.
It prints JSON: the batches offered and taken while new ones came, those refused, the milliseconds that accepted ones
took, how many events were sent and acknowledged, when the last was taken, and what went wrong.
"""

import heapq
import json
import re
import sys
import threading
import time
from typing import Any

from .load import Connection
from .visitors import Traffic

_RETRY_AFTER = re.compile(rb"\r\nretry-after: *(\d+)", re.IGNORECASE)


class Insisting(threading.Thread):
    """One connection: what is due next, be it new or refused before."""

    def __init__(self, job: dict[str, Any], nth: int, begin: threading.Event) -> None:
        super().__init__(daemon=True)
        self.connection = Connection(job["host"], job["port"])
        self.traffic = Traffic(job["seed"] * 1000 + nth)
        self.every, self.seconds, self.patience = float(job["every"]), float(job["seconds"]), float(job["patience"])
        self.first_due = self.every * nth / job["connections"]
        self.head = (
            b"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\nContent-Type: application/json"
            b"\r\nUser-Agent: bench\r\nContent-Length: " % job["key"].encode()
        )
        self.begin = begin
        self.again: list[tuple[float, int, bytes]] = []
        self.took: list[float] = []
        self.wrong: list[str] = []
        self.offered = self.refused = self.in_time = self.made = 0
        self.ended = 0.0

    def run(self) -> None:
        """Until everything was taken, or patience is at an end."""
        self.begin.wait()
        began = time.perf_counter()
        try:
            while (due := self._due(began)) is not None and time.perf_counter() < began + self.patience:
                time.sleep(max(0.0, due - time.perf_counter()))
                self._send(self._next(due), began)
        except (OSError, ValueError) as error:
            self.wrong.append(str(error))
        self.ended = time.perf_counter() - began

    def _due(self, began: float) -> float | None:
        new = began + self.first_due + self.made * self.every
        # Who is behind with what is new does not make up for it: afterwards only what was refused comes again.
        dues = [new] if max(new, time.perf_counter()) < began + self.seconds else []
        if self.again:
            dues.append(self.again[0][0])
        return min(dues, default=None)

    def _next(self, due: float) -> bytes:
        if self.again and self.again[0][0] <= due:
            return heapq.heappop(self.again)[2]
        self.made += 1
        body = self.traffic.batch()
        return self.head + b"%d\r\n\r\n%b" % (len(body), body)

    def _send(self, request: bytes, began: float) -> None:
        asked = time.perf_counter()
        status, answer = self.connection.ask(request)
        now = time.perf_counter()
        early = now < began + self.seconds
        self.offered += early
        if status == 200:
            self.took.append(round((now - asked) * 1000, 3))
            self.in_time += early
        elif status == 429 and (told := _RETRY_AFTER.search(self.connection.head)):
            self.refused += 1
            heapq.heappush(self.again, (now + int(told[1]), self.refused, request))
        else:
            raise ValueError(f"{status}: {answer[:200].decode(errors='replace')}")


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.readline())
    begin = threading.Event()
    clients = [Insisting(job, nth, begin) for nth in range(job["connections"])]
    for client in clients:
        client.start()
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    at = json.loads(sys.stdin.readline())
    time.sleep(max(0.0, at - time.time()))
    begin.set()
    for client in clients:
        client.join()
    told = {
        "offered": sum(one.offered for one in clients),
        "in_time": sum(one.in_time for one in clients),
        "refused": sum(one.refused for one in clients),
        "acknowledged": sum(len(one.took) for one in clients),
        "made": sum(one.made for one in clients),
        "different": sum(one.traffic.different for one in clients),
        "took": [moment for one in clients for moment in one.took],
        "wrong": [text for one in clients for text in one.wrong],
        "ended": max(one.ended for one in clients),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
