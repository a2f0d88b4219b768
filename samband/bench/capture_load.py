"""Clients that send batches of a hundred events each, over connections that are kept.

    python -m samband.bench.capture_load

The first line of standard input is a job in JSON: `host`, `port`, `key`, `seed`, `connections`, `batches` for each of
them, and `every`, the seconds between two batches of a connection (0: as fast as they are answered). When all are
connected it says `warm` and waits for a second line, when to begin in seconds since the epoch. Then it prints JSON: the
milliseconds that each batch took (from when it was due), how often it was told to wait, and what went wrong.
"""

import json
import sys
import threading
import time
from typing import Any

from .load import Connection
from .visitors import Traffic

PATIENCE = 200


class Sender(threading.Thread):
    """One connection, with visitors of its own."""

    def __init__(self, job: dict[str, Any], nth: int, begin: threading.Event) -> None:
        super().__init__(daemon=True)
        self.connection = Connection(job["host"], job["port"])
        self.traffic = Traffic(job["seed"] * 1000 + nth)
        self.batches, self.every = int(job["batches"]), float(job["every"])
        self.first_due = self.every * nth / max(1, job["connections"])
        self.head = (
            b"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\nContent-Type: application/json"
            b"\r\nUser-Agent: bench\r\nContent-Length: " % job["key"].encode()
        )
        self.begin = begin
        self.took: list[float] = []
        self.wrong: list[str] = []
        self.waited = 0

    def run(self) -> None:
        """Send all."""
        self.begin.wait()
        began = time.perf_counter()
        for nth in range(self.batches):
            due = began + self.first_due + nth * self.every if self.every else time.perf_counter()
            body = self.traffic.batch()
            if self.every:
                time.sleep(max(0.0, due - time.perf_counter()))
            else:
                due = time.perf_counter()
            try:
                self._send(body)
            except (OSError, ValueError) as error:
                self.wrong.append(str(error))
                return
            self.took.append(round((time.perf_counter() - due) * 1000, 3))

    def _send(self, body: bytes) -> None:
        request = self.head + b"%d\r\n\r\n%b" % (len(body), body)
        for _ in range(PATIENCE):
            status, answer = self.connection.ask(request)
            if status == 200:
                return
            if status != 429:
                raise ValueError(f"{status}: {answer[:200].decode(errors='replace')}")
            self.waited += 1
            time.sleep(0.05)
        raise ValueError("told to wait again and again")


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.readline())
    begin = threading.Event()
    senders = [Sender(job, nth, begin) for nth in range(job["connections"])]
    for sender in senders:
        sender.start()
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    at = json.loads(sys.stdin.readline())
    time.sleep(max(0.0, at - time.time()))
    begin.set()
    for sender in senders:
        sender.join()
    told = {
        "took": [one for sender in senders for one in sender.took],
        "wrong": [one for sender in senders for one in sender.wrong],
        "waited": sum(sender.waited for sender in senders),
        "different": sum(sender.traffic.different for sender in senders),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
