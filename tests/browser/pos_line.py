"""The line between a till and the house: it can be cut, and a test may stand at any point of a request."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

STEP = "/pos/api/--step/"
"""Where a page tells of its own steps; answered by the line itself, so the page stands still meanwhile."""

HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class Line:
    """What the browser of a till talks to instead of the house.

    `heard` is called with the name of each step: "put queue", "complete", … as the page tells them, and "ask <path>"
    and "answer <path>" before a request goes on to the house and before its answer goes back. `changes` may make
    another answer of one.
    """

    def __init__(self, house: str) -> None:
        self.house = urlsplit(house)
        self.down = False
        self.heard: Callable[[str], None] = lambda step: None
        self.changes: Callable[[str, bytes], bytes] = lambda path, answer: answer
        self._door = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._door.daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._door.server_port}"

    def open(self) -> None:
        threading.Thread(target=self._door.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._door.shutdown()
        self._door.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *told: object) -> None:
                """A test says what went wrong; nobody reads this."""

            def do_GET(self) -> None:
                line.carry(self)

            do_POST = do_GET  # noqa: N815  # the name that the library asks for

        return Handler

    def carry(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        path = urlsplit(asked.path).path
        if path.startswith(STEP):
            self.heard(path.removeprefix(STEP).replace("-", " "))
            return self._answer(asked, 204, [], b"")
        if self.down:
            return self._cut(asked)
        self.heard(f"ask {path}")
        status, headers, answer = self._ask_house(asked, body)
        self.heard(f"answer {path}")
        answer = self.changes(path, answer)
        return self._cut(asked) if self.down else self._answer(asked, status, headers, answer)

    def _ask_house(self, asked: BaseHTTPRequestHandler, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        way = http.client.HTTPConnection(str(self.house.hostname), self.house.port or 80, timeout=60)
        try:
            headers = {name: value for name, value in asked.headers.items() if name.lower() not in HOPS}
            way.request(asked.command, asked.path, body or None, {**headers, "Host": self.house.netloc})
            answer = way.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            way.close()

    def _answer(self, asked: BaseHTTPRequestHandler, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        try:
            asked.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOPS:
                    asked.send_header(name, value)
            asked.send_header("Content-Length", str(len(body)))
            asked.end_headers()
            asked.wfile.write(body)
        except OSError:
            asked.close_connection = True

    def _cut(self, asked: BaseHTTPRequestHandler) -> None:
        """Silence: the connection ends without an answer."""
        asked.close_connection = True
        asked.connection.close()


@contextmanager
def line_to(house: str) -> Iterator[Line]:
    line = Line(house)
    line.open()
    try:
        yield line
    finally:
        line.close()
