"""A door before the server at which things go wrong: it answers in the server's stead, cuts the line, has it killed."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASS, REFUSE, BUSY, FORGET, CUT, KILL = "pass", "refuse", "busy", "forget", "cut", "kill"
"""Let through; 500 or 429 without asking; ask, then answer 500; ask, then hang up; kill it while it is asked."""

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length"}


class Trouble(ThreadingHTTPServer):
    """Passes on to `port` what comes, but for what `plan` says of the first so many requests of each client."""

    daemon_threads = True

    def __init__(self, port: int, plan: list[str], kill: Callable[[], None]) -> None:
        super().__init__(("127.0.0.1", 0), Visitor)
        self.upstream, self.plan, self.kill = port, plan, kill
        self.lock = threading.Lock()
        self.asked: Counter[str] = Counter()
        self.met: Counter[str] = Counter()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_for(self, client: str) -> str:
        """What happens to this client now: each goes through the whole plan."""
        with self.lock:
            nth = self.asked[client]
            self.asked[client] += 1
            what = self.plan[nth] if nth < len(self.plan) else PASS
            self.met[what] += 1
            return what


class Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Trouble

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        client = self.headers.get("Authorization", self.path)
        match self.server.next_for(client):
            case "pass":
                self._pass_on(body)
            case "refuse":
                self._say(500, b"<h1>Internal Server Error</h1>", {})
            case "busy":
                self._say(429, b'{"code": "too_many_attempts", "message": "Later."}', {"Retry-After": "1"})
            case "forget":
                self._ask(body)
                self._say(500, b"", {})
            case "cut":
                self._ask(body)
                self.close_connection = True
                self.connection.close()
            case "kill":
                asking = threading.Thread(target=self._ask, args=(body,))
                asking.start()
                self.server.kill()
                asking.join()
                self._say(502, b"Bad Gateway", {})

    def do_GET(self) -> None:
        self._pass_on(b"")

    def do_OPTIONS(self) -> None:
        self._pass_on(b"")

    def _pass_on(self, body: bytes) -> None:
        answer = self._ask(body)
        if answer is None:
            self._say(503, b"Service Unavailable", {})
        else:
            status, told, headers = answer
            self._say(status, told, headers)

    def _ask(self, body: bytes) -> tuple[int, bytes, dict[str, str]] | None:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        line = HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
        try:
            line.request(self.command, self.path, body or None, headers)
            answer = line.getresponse()
            told = answer.read()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            return answer.status, told, kept
        except (OSError, HTTPException):
            return None
        finally:
            line.close()

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # they have hung up

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def trouble(port: int, plan: list[str], kill: Callable[[], None]) -> Iterator[Trouble]:
    """Stand before the server until the block ends."""
    door = Trouble(port, plan, kill)
    thread = threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield door
    finally:
        door.shutdown()
        door.server_close()
        thread.join()
