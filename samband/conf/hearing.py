"""A request is heard to its end before anybody works on it: who is slow to send holds a connection, and nobody's time.

Servers call a WSGI application as soon as the headers are there, and whoever then sends the rest byte by byte holds the
thread that waits for it; a few such clients stand for a whole shop. So the server hands over what it hears piece by
piece (RSGI, its own interface), and the application is called once all is there.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from wsgiref.util import FileWrapper

import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]

log = structlog.get_logger("samband.hearing")

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
Promising = Callable[[Environ, Any], Awaitable[Iterable[bytes]] | Iterable[bytes]]
"""As PEP 3333 has it, or with an answer that is still to come."""
Headers = list[tuple[str, str]]

PATIENCE_SECONDS = 20.0
LEAST_BYTES_A_SECOND = 1024
"""So long a client may say nothing; after that it must have sent at this rate."""

LARGEST_BYTES = 32 * 1024 * 1024
"""More than that nobody here takes: it is cut off there, and the application says what it thinks of it."""

IN_MEMORY_BYTES = 128 * 1024
"""What is larger waits on the disk: thousands may be sending at once."""

PIECE_BYTES = 64 * 1024
"""Of a file that is sent."""


class Heard:
    """A WSGI application as the server calls it: in the thread that listens, one request after another.

    One that waits for others may promise its answer instead, as a coroutine function does. An answer of several pieces
    is sent as fast as its client takes them. Meanwhile others are answered: pieces come from memory or files, and never
    from the database.
    """

    def __init__(self, application: Promising) -> None:
        self._application = application
        self._always: Environ = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.input_terminated": True,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": lambda file, _: FileWrapper(file, PIECE_BYTES),
        }

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        environ = self._always | environ_of(scope)
        try:
            with await _body(protocol, environ) as body:
                environ["wsgi.input"] = body
                await _send(protocol, await _answer(self._application, environ))
        except _TooSlow:
            _refuse(protocol, HTTPStatus.REQUEST_TIMEOUT)
        except (_CutShort, ProtocolClosed):
            pass  # nobody is there any more
        except Exception as error:
            log.exception("answer_failed", error=type(error).__name__)
            _refuse(protocol, HTTPStatus.INTERNAL_SERVER_ERROR)


def environ_of(scope: Scope) -> Environ:
    """What PEP 3333 has in the environment of a request, without its body.

    A name with an underscore could pass for another header (`X_Forwarded_For`), so that such headers are not heard.
    """
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        key = _KEYS.get(name) or _key(name)
        if key is None:
            continue
        said = environ.get(key)
        environ[key] = value if said is None else f"{said}{';' if key == 'HTTP_COOKIE' else ','}{value}"
    # Who names no host is not thought to have meant ours: an empty name is refused.
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ


_PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_USUAL = (
    "host connection accept accept-encoding accept-language user-agent cookie origin referer authorization"
    " content-encoding if-none-match if-match cache-control x-requested-with x-forwarded-for x-forwarded-proto"
)
_KEYS = _PLAIN | {name: "HTTP_" + name.upper().replace("-", "_") for name in _USUAL.split()}


def _key(name: str) -> str | None:
    return None if "_" in name else "HTTP_" + name.upper().replace("-", "_")


class _TooSlow(Exception):
    """A client did not send what it had begun to."""


class _CutShort(Exception):
    """A client went away before it had sent what it had begun to."""


async def _body(protocol: HTTPProtocol, environ: Environ) -> IO[bytes]:
    """All of it, as far as anybody takes it. Raises _TooSlow, _CutShort, ProtocolClosed."""
    said = environ.get("CONTENT_LENGTH")
    if said is None and "HTTP_TRANSFER_ENCODING" not in environ and environ["SERVER_PROTOCOL"] < "HTTP/2":
        return BytesIO()
    declared = int(said) if said is not None and said.isdecimal() else None
    if declared == 0:
        return BytesIO()
    try:
        if declared is None or declared > IN_MEMORY_BYTES:
            return await _in_pieces(protocol, declared)
        async with asyncio.timeout(PATIENCE_SECONDS + declared / LEAST_BYTES_A_SECOND):
            return BytesIO(await protocol())
    except TimeoutError as silence:
        raise _TooSlow() from silence


async def _in_pieces(protocol: HTTPProtocol, declared: int | None) -> IO[bytes]:
    began = asyncio.get_running_loop().time()
    heard: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - whoever asked closes it
    size = 0
    try:
        async with asyncio.timeout_at(began + PATIENCE_SECONDS) as patience:
            async for piece in protocol:
                heard.write(piece)
                size += len(piece)
                if size > LARGEST_BYTES:
                    break
                patience.reschedule(began + PATIENCE_SECONDS + size / LEAST_BYTES_A_SECOND)
        if declared is not None and size < min(declared, LARGEST_BYTES):
            raise _CutShort()
    except BaseException:
        heard.close()
        raise
    heard.seek(0)
    return heard


@dataclass(slots=True)
class _Answer:
    """What the application says; of its pieces the first two are there, or there is but one."""

    said: Any
    status: int = 500
    headers: Headers = field(default_factory=list)
    pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))
    first: bytes = b""
    second: bytes | None = None

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        """What an application calls before its answer."""
        self.status, self.headers = int(status[:3]), headers

    def close(self) -> None:
        """Let the application end what it began for this answer."""
        if (close := getattr(self.said, "close", None)) is not None:
            close()


async def _answer(application: Promising, environ: Environ) -> _Answer:
    answer = _Answer(None)
    with _not_listening():
        said = application(environ, answer.start)
    answer.said = await said if isinstance(said, Awaitable) else said
    with _not_listening():
        answer.pieces = iter(answer.said)
        answer.first = next(answer.pieces, b"")
        answer.second = next(answer.pieces, None)
    return answer


@contextmanager
def _not_listening() -> Iterator[None]:
    """Meanwhile this is a thread like any other. To Django and others one that listens has a world of its own for each
    request, with a connection of its own to the database.
    """
    listening = asyncio.get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(listening)


async def _send(protocol: HTTPProtocol, answer: _Answer) -> None:
    try:
        if answer.second is None:
            protocol.response_bytes(answer.status, answer.headers, answer.first)
            return
        stream = protocol.response_stream(answer.status, answer.headers)
        await stream.send_bytes(answer.first)
        await stream.send_bytes(answer.second)
        for piece in answer.pieces:
            await stream.send_bytes(piece)
    finally:
        with _not_listening():
            answer.close()


def _refuse(protocol: HTTPProtocol, status: HTTPStatus) -> None:
    said = status.phrase.encode()
    headers = [("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff"), ("Connection", "close")]
    protocol.response_bytes(status.value, headers, said)
