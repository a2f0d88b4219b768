"""A request is heard to its end before anybody works on it: who is slow to send holds a connection, and nobody's time.

Servers call a WSGI application as soon as the headers are there, and whoever then sends the rest byte by byte holds the
thread that waits for it; a few such clients stand for a whole shop. So the server hands over what it hears piece by
piece (RSGI, its own interface), and the application is called once all is there.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
Headers = list[tuple[str, str]]

PATIENCE_SECONDS = 20.0
LEAST_BYTES_A_SECOND = 1024
"""So long a client may say nothing; after that it must have sent at this rate."""

LARGEST_BYTES = 32 * 1024 * 1024
"""More than that nobody here takes: it is cut off there, and the application says what it thinks of it."""

IN_MEMORY_BYTES = 512 * 1024
"""What is larger waits on the disk."""

PIECE_BYTES = 64 * 1024
"""Of a file that is sent."""


class Heard:
    """A WSGI application as the server calls it. Answers are made in the thread that listens, one after another, or in
    so many `threads`, for an application that waits for others most of the time.

    An answer of several pieces is sent as fast as its client takes them, and others are answered meanwhile: pieces come
    from memory or files, never from the database.
    """

    def __init__(self, application: Application, threads: int = 0) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "answering") if threads else None
        self._always: Environ = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.input_terminated": True,
            "wsgi.multithread": bool(threads),
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": lambda file, _: FileWrapper(file, PIECE_BYTES),
        }

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        environ = self._always | environ_of(scope)
        try:
            with await _body(protocol, environ) as body:
                environ["wsgi.input"] = body
                await _send(protocol, await self._answer(environ))
        except _TooSlow:
            _refuse(protocol, HTTPStatus.REQUEST_TIMEOUT)
        except (_CutShort, ProtocolClosed):
            pass  # nobody is there any more
        except Exception as error:
            log.exception("answer_failed", error=type(error).__name__)
            _refuse(protocol, HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _answer(self, environ: Environ) -> "_Answer":
        if self._threads is None:
            return _Answer(self._application, environ)
        return await asyncio.get_running_loop().run_in_executor(self._threads, _Answer, self._application, environ)


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
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
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


class _Answer:
    """What the application says: its status, its headers, and its first two pieces."""

    def __init__(self, application: Application, environ: Environ) -> None:
        self.status, self.headers = 500, []  # type: int, Headers
        self._said = application(environ, self._start)
        self.pieces: Iterator[bytes] = iter(self._said)
        self.first = next(self.pieces, b"")
        self.second = next(self.pieces, None)

    def _start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = int(status[:3]), headers

    def close(self) -> None:
        """Let the application end what it began for this answer."""
        if (close := getattr(self._said, "close", None)) is not None:
            close()


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
        answer.close()


def _refuse(protocol: HTTPProtocol, status: HTTPStatus) -> None:
    said = status.phrase.encode()
    headers = [("Content-Type", "text/plain"), ("X-Content-Type-Options", "nosniff"), ("Connection", "close")]
    protocol.response_bytes(status.value, headers, said)
