"""A client that costs little: one keep-alive connection, one request at a time, and a clock.

    python -m samband.bench.load

The first line of standard input is a job in JSON: `kind` (orders or pages), `host`, `port`, `warm_up` in seconds,
`seed`, and what the kind needs. After its warm-up it says `warm` and waits for a second line, [begin, until] in seconds
since the epoch. Then it prints JSON with the milliseconds that each deed took and what went wrong. It knows nothing of
the program but its addresses.
"""

import json
import random
import re
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
_TOTAL = re.compile(rb'"seen_total":(\{[^}]*\})')


class Connection:
    """One connection that is kept; another one if the server closes it."""

    def __init__(self, host: str, port: int) -> None:
        self.at = (host, port)
        self.socket = socket.create_connection(self.at)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self.socket.sendall(request)
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if found is None:
            raise ValueError("an answer without its length")
        length = int(found[1])
        parts, had = [body], len(body)
        while had < length:
            part = self.socket.recv(262144)
            if not part:
                raise ConnectionError("closed within an answer")
            parts.append(part)
            had += len(part)
        return int(head[9:12]), b"".join(parts)

    def _until(self, mark: bytes) -> bytes:
        read = b""
        while mark not in read:
            part = self.socket.recv(262144)
            if not part:
                raise ConnectionError("closed before an answer")
            read += part
        return read


def post(path: bytes, key: str, body: bytes, headers: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    return (
        b"POST %b HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n%b\r\n%b" % (path, key.encode(), len(body), headers, body)
    )


class Orders:
    """From no cart to an order that stands, in two requests."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.job = job
        self.dice = random.Random(job["seed"])
        self.made = 0
        card = json.dumps({"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123"}).encode()
        _, answer = self._expect(201, post(b"/api/v1/payments/sandbox/tokens", job["key"], card))
        self.agreed = json.dumps({**job["agreed"], "token": json.loads(answer)["token"]}).encode()[:-1]

    def __call__(self) -> None:
        self.made += 1
        lines = [{"sku": self.dice.choice(shelf), "quantity": 1} for shelf in self.job["shelves"]]
        wish = json.dumps({"market": self.job["market"], "method": self.job["agreed"]["method"], "lines": lines})
        key = b"Idempotency-Key: bench-%d-%d\r\n" % (self.job["seed"], self.made)
        _, cart = self._expect(201, post(b"/api/v1/carts", self.job["key"], wish.encode(), key))
        cart_id, total = _found(_ID, cart), _found(_TOTAL, cart)
        body = self.agreed + b',"seen_total":%b}' % total
        self._expect(201, post(b"/api/v1/carts/%b/checkout" % cart_id, self.job["key"], body, key))

    def _expect(self, status: int, request: bytes) -> tuple[int, bytes]:
        told, body = self.connection.ask(request)
        if told != status:
            raise ValueError(f"{told}: {body[:300].decode(errors='replace')}")
        return told, body


def _found(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"no {pattern.pattern!r} in the answer")
    return found[1]


class Pages:
    """One page, again and again, whole. With `anew` each time under an address that nobody asked for before."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.length = job["length"]
        self.address = f"GET {job['path']}".encode()
        self.query = f"?n={job['seed']}-".encode()
        self.after = b" HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
        self.anew = bool(job["anew"])
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        address = self.address + self.query + b"%d" % self.asked if self.anew else self.address
        status, body = self.connection.ask(address + self.after)
        if status != 200 or len(body) < self.length or (len(body) > self.length and not self.anew):
            raise ValueError(f"{status} with {len(body)} bytes")


KINDS: dict[str, Callable[[Connection, dict[str, Any]], Callable[[], None]]] = {"orders": Orders, "pages": Pages}


LEAST_TO_WARM_UP = 5
MOST_WRONG = 5


def work(deed: Callable[[], None], until: float, least: int = 0) -> tuple[list[float], list[str]]:
    """Do the deed until the time is over, and at least so often; what took how long, and what went wrong.

    What is not finished in time does not count.
    """
    took: list[float] = []
    wrong: list[str] = []
    while (time.time() < until or len(took) < least) and len(wrong) < MOST_WRONG:
        before = time.perf_counter()
        try:
            deed()
        except (OSError, ValueError) as error:
            wrong.append(str(error))
        else:
            if len(took) < least or time.time() <= until:
                took.append(round((time.perf_counter() - before) * 1000, 3))
    return took, wrong


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.readline())
    deed = KINDS[job["kind"]](Connection(job["host"], job["port"]), job)
    _, wrong = work(deed, time.time() + job["warm_up"], LEAST_TO_WARM_UP)
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    begin, until = json.loads(sys.stdin.readline())
    time.sleep(max(0.0, begin - time.time()))
    took, more = work(deed, until)
    sys.stdout.write(json.dumps({"took": took, "wrong": wrong + more}))


if __name__ == "__main__":
    main()
