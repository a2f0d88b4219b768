"""A client that costs little: one keep-alive connection, one request at a time, and a clock.

    python -m samband.bench.load

The first line of standard input is a job in JSON: `kind` (one of KINDS), `host`, `port`, `warm_up` in seconds,
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
from urllib.parse import quote_plus

from .words import ONE_IN_NEW, unheard, weights

LEAST_PAGE = 3_000
"""Bytes; a page of the shop is larger."""

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_COOKIE = re.compile(rb"(?i)\r\nset-cookie: *([^=]+)=([^;\r]*)")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
_TOTAL = re.compile(rb'"seen_total":(\{[^}]*\})')


class Connection:
    """One connection that is kept; another one if the server closes it."""

    def __init__(self, host: str, port: int) -> None:
        self.at = (host, port)
        self.socket = socket.create_connection(self.at)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = b""

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body; the headers are kept as `head`."""
        self.socket.sendall(request)
        head, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        self.head = head
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
        self.began = time.time_ns()
        self.made = 0
        card = json.dumps({"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123"}).encode()
        _, answer = self._expect(201, post(b"/api/v1/payments/sandbox/tokens", job["key"], card))
        self.agreed = json.dumps({**job["agreed"], "token": json.loads(answer)["token"]}).encode()[:-1]

    def __call__(self) -> None:
        self.made += 1
        lines = [{"sku": self.dice.choice(shelf), "quantity": 1} for shelf in self.job["shelves"]]
        wish = json.dumps({"market": self.job["market"], "method": self.job["agreed"]["method"], "lines": lines})
        key = b"Idempotency-Key: bench-%d-%d-%d\r\n" % (self.job["seed"], self.began, self.made)
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


class Searches:
    """Words typed into the shop's search: those of the job by Zipf's law and some new ones, or (`anew`) only new."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.dice = random.Random(job["seed"])
        self.requests = [_page(job["path"], words) for words in job["searches"]]
        self.weights = weights(len(self.requests))
        self.path = job["path"]
        self.products = job["products"]
        self.anew = bool(job["anew"])

    def __call__(self) -> None:
        if self.anew or self.dice.randrange(ONE_IN_NEW) == 0:
            request = _page(self.path, unheard(self.dice, self.products))
        else:
            (request,) = self.dice.choices(self.requests, cum_weights=self.weights)
        status, body = self.connection.ask(request)
        if status != 200 or len(body) < LEAST_PAGE:
            raise ValueError(f"{status} with {len(body)} bytes")


def _page(path: str, words: str) -> bytes:
    return get(f"{path}?q={quote_plus(words)}")


def get(path: str, headers: str = "") -> bytes:
    """A request for a page as a browser sends it."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n{headers}\r\n".encode()


class Goods:
    """Pages of products, drawn evenly or (`often`) by Zipf's law."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.dice = random.Random(job["seed"])
        self.path = job["path"]
        self.products = range(1, job["products"] + 1)
        self.weights = weights(len(self.products))

    def __call__(self) -> None:
        (number,) = self.dice.choices(self.products, cum_weights=self.weights)
        status, body = self.connection.ask(get(self.path.format(number)))
        if status != 200 or len(body) < LEAST_PAGE:
            raise ValueError(f"{status} with {len(body)} bytes")


class Baskets:
    """Goods put into carts over the API, one request each; after so many adds another cart is opened."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.job = job
        self.dice = random.Random(job["seed"])
        self.made = 0
        self.cart = b""

    def __call__(self) -> None:
        turn = self.made % len(self.job["shelves"])
        line = {"sku": self.dice.choice(self.job["shelves"][turn]), "quantity": 1}
        self.made += 1
        key = b"Idempotency-Key: add-%d-%d\r\n" % (self.job["seed"], self.made)
        if turn == 0:
            wish = json.dumps({"market": self.job["market"], "lines": [line]}).encode()
            status, body = self.connection.ask(post(b"/api/v1/carts", self.job["key"], wish, key))
        else:
            path = b"/api/v1/carts/%b/lines" % self.cart
            more = json.dumps({"lines": [line]}).encode()
            status, body = self.connection.ask(post(path, self.job["key"], more, key))
        if status not in (200, 201):
            raise ValueError(f"{status}: {body[:300].decode(errors='replace')}")
        if turn == 0:
            self.cart = _found(_ID, body)


class Visitors:
    """Goods put into carts in the shop, as the page's script does it; after so many adds another visitor comes."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.job = job
        self.dice = random.Random(job["seed"])
        self.made = 0
        self.cookies: dict[bytes, bytes] = {}
        _, page = connection.ask(get(job["page"]))
        self._keep()
        self.form = b"csrfmiddlewaretoken=%b&quantity=1&sku=" % _found(_TOKEN, page)

    def __call__(self) -> None:
        turn = self.made % len(self.job["shelves"])
        if turn == 0:
            self.cookies.pop(b"samband_cart", None)
        self.made += 1
        body = self.form + self.dice.choice(self.job["shelves"][turn]).encode()
        cookies = b"; ".join(b"%b=%b" % one for one in self.cookies.items())
        status, page = self.connection.ask(
            b"POST %b HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nHX-Request: true\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nCookie: %b\r\n\r\n%b"
            % (self.job["path"].encode(), len(body), cookies, body)
        )
        self._keep()
        if status != 200:
            raise ValueError(f"{status}: {page[:300].decode(errors='replace')}")

    def _keep(self) -> None:
        self.cookies.update((name, value) for name, value in _COOKIE.findall(self.connection.head))


class Holds:
    """Goods set aside, two different ones at a time."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.job = job
        self.dice = random.Random(job["seed"])

    def __call__(self) -> None:
        wish = json.dumps([self.dice.choice(shelf) for shelf in self.job["shelves"]]).encode()
        status, body = self.connection.ask(post(self.job["path"].encode(), self.job["key"], wish))
        if status != 201:
            raise ValueError(f"{status}: {body[:300].decode(errors='replace')}")


class Reads:
    """Answers of the API to be read, one of many each time."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self.connection = connection
        self.dice = random.Random(job["seed"])
        allowed = f"Authorization: Bearer {job['key']}\r\n"
        self.requests = [get(path, allowed) for path in job["paths"]]

    def __call__(self) -> None:
        status, body = self.connection.ask(self.dice.choice(self.requests))
        if status != 200:
            raise ValueError(f"{status}: {body[:300].decode(errors='replace')}")


KINDS: dict[str, Callable[[Connection, dict[str, Any]], Callable[[], None]]] = {
    "orders": Orders,
    "pages": Pages,
    "searches": Searches,
    "goods": Goods,
    "baskets": Baskets,
    "visitors": Visitors,
    "holds": Holds,
    "reads": Reads,
}


LEAST_TO_WARM_UP = 5
MOST_WRONG = 5


def work(deed: Callable[[], object], until: float, least: int = 0) -> tuple[list[float], list[str]]:
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
    stand_by(job, KINDS[job["kind"]](Connection(job["host"], job["port"]), job))


def stand_by(job: dict[str, Any], deed: Callable[[], object]) -> None:
    """Warm up, say so, wait for the moment to begin, and tell what became of it."""
    _, wrong = work(deed, time.time() + job["warm_up"], LEAST_TO_WARM_UP)
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    begin, until = json.loads(sys.stdin.readline())
    time.sleep(max(0.0, begin - time.time()))
    took, more = work(deed, until)
    sys.stdout.write(json.dumps({"took": took, "wrong": wrong + more}))


if __name__ == "__main__":
    main()
