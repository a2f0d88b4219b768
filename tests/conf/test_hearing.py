"""A request is handed over whole, as PEP 3333 has it, or not at all; and its answer goes out as it was given."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.validate import validator

import pytest
from django.db import connection
from granian.rsgi import ProtocolClosed

from samband.conf import hearing
from samband.conf.hearing import IN_MEMORY_BYTES, Heard, environ_of
from tests.loops import run

MANY = 20


@dataclass
class Headers:
    said: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        return self.said


@dataclass
class Scope:
    headers: Headers = field(default_factory=lambda: Headers([("host", "shop.example")]))
    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    http_version: str = "1.1"
    scheme: str = "http"
    server: str = "127.0.0.1:8000"
    client: str = "192.0.2.7:5000"
    authority: str | None = None


@dataclass
class Protocol:
    """What the server hands over: pieces as they come, None for silence without end, an error for a line that broke."""

    pieces: list[bytes | Exception | None] = field(default_factory=list)
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    asked: int = 0

    async def __call__(self) -> bytes:
        return b"".join([piece async for piece in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.asked += 1
            await asyncio.sleep(0.01)
            if piece is None:
                await asyncio.Event().wait()
            elif isinstance(piece, Exception):
                raise piece
            else:
                yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert not self.status
        self.status, self.headers, self.sent = status, headers, [body]

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Protocol":
        assert not self.status
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, piece: bytes) -> None:
        self.sent.append(piece)


class Echo:
    """Answers with what it heard, and counts."""

    def __init__(self, *answer: bytes) -> None:
        self.answer = answer
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.called = self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.called += 1
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start_response("201 Created", [("X-Said", "yes")])
        return self

    def __iter__(self) -> Any:
        return iter(self.answer)

    def close(self) -> None:
        self.closed += 1


def posted(length: int | None, *pieces: bytes | Exception | None) -> tuple[Scope, Protocol]:
    size = ("transfer-encoding", "chunked") if length is None else ("content-length", str(length))
    return Scope(Headers([("host", "shop.example"), size]), "POST"), Protocol(list(pieces))


def ask(application: Any, scope: Scope, protocol: Protocol) -> Protocol:
    run(Heard(application).__rsgi__(scope, protocol))  # type: ignore[arg-type]
    return protocol


@pytest.mark.parametrize("length", [6, None])
def test_what_was_said_in_pieces_is_heard_as_one(length) -> None:
    echo = Echo(b"heard")
    answered = ask(echo, *posted(length, b"ab", b"", b"cdef"))
    assert (echo.body, echo.called, echo.closed) == (b"abcdef", 1, 1)
    assert (answered.status, answered.headers, answered.sent) == (201, [("X-Said", "yes")], [b"heard"])


def test_what_is_large_is_heard_whole(monkeypatch) -> None:
    echo = Echo(b"")
    large = b"0123456789" * (IN_MEMORY_BYTES // 4)
    halves = large[: len(large) // 2], large[len(large) // 2 :]
    assert ask(echo, *posted(len(large), *halves)).status == 201
    assert echo.body == large


@pytest.mark.parametrize("declared", [True, False])
def test_what_is_too_large_is_not_read_to_its_end(monkeypatch, declared) -> None:
    monkeypatch.setattr(hearing, "LARGEST_BYTES", 2 * IN_MEMORY_BYTES)
    pieces = [b"x" * IN_MEMORY_BYTES] * 100
    echo = Echo(b"too large")
    answered = ask(echo, *posted(sum(map(len, pieces)) if declared else None, *pieces))
    assert answered.asked == 3
    assert len(echo.body) == 3 * IN_MEMORY_BYTES
    assert answered.sent == [b"too large"]


@pytest.mark.parametrize("length", [6, None, IN_MEMORY_BYTES + 1])
def test_who_falls_silent_is_told_and_nobody_is_bothered(monkeypatch, length) -> None:
    monkeypatch.setattr(hearing, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(hearing, "LEAST_BYTES_A_SECOND", 1024 * 1024)
    echo = Echo()
    answered = ask(echo, *posted(length, b"abc", None))
    assert (answered.status, echo.called) == (408, 0)
    assert ("Connection", "close") in answered.headers


def test_who_goes_on_sending_is_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(hearing, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(hearing, "LEAST_BYTES_A_SECOND", 10_000)
    pieces = [b"x" * 1_000] * 20  # ten milliseconds each, and a tenth of a second is what each is worth
    echo = Echo(b"")
    assert ask(echo, *posted(None, *pieces)).status == 201
    assert len(echo.body) == 20_000


@pytest.mark.parametrize(
    ("length", "ended"),
    [(6, [ProtocolClosed()]), (IN_MEMORY_BYTES + 1, [ProtocolClosed()]), (IN_MEMORY_BYTES + 1, [])],
    ids=["broken off", "broken off when large", "ended early"],
)
def test_half_of_what_was_announced_is_nothing(length, ended) -> None:
    echo = Echo()
    assert ask(echo, *posted(length, b"abc", *ended)).status == 0
    assert echo.called == 0


def test_a_long_answer_goes_piece_by_piece_and_is_ended() -> None:
    echo = Echo(b"a", b"b", b"c")
    answered = ask(echo, Scope(), Protocol())
    assert (answered.sent, echo.closed) == ([b"a", b"b", b"c"], 1)


def test_who_leaves_in_the_middle_of_an_answer_leaves_nothing_open() -> None:
    class Leaving(Protocol):
        async def send_bytes(self, piece: bytes) -> None:
            raise ProtocolClosed()

    echo = Echo(b"a", b"b", b"c")
    ask(echo, Scope(), Leaving())
    assert echo.closed == 1


def test_whatever_goes_wrong_is_an_answer(caplog) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError("Kristin's address")

    with caplog.at_level(logging.CRITICAL):
        answered = ask(broken, Scope(), Protocol())
    assert answered.status == 500
    assert b"Kristin" not in b"".join(answered.sent)


def test_who_promises_an_answer_keeps_nobody_waiting() -> None:
    async def both() -> list[str]:
        order: list[str] = []
        asked = asyncio.Event()

        async def promising(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            start_response("200 OK", [])
            await asked.wait()
            order.append("promised")
            return [b"at last"]

        def prompt(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            asked.set()
            order.append("prompt")
            start_response("200 OK", [])
            return [b"at once"]

        protocols = Protocol(), Protocol()
        await asyncio.gather(
            Heard(promising).__rsgi__(Scope(), protocols[0]),  # type: ignore[arg-type]
            Heard(prompt).__rsgi__(Scope(), protocols[1]),  # type: ignore[arg-type]
        )
        assert [one.sent for one in protocols] == [[b"at last"], [b"at once"]]
        return order

    assert run(both()) == ["prompt", "promised"]


def test_the_environment_is_what_the_standard_says() -> None:
    def polite(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(6)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
        return [body]

    scope, protocol = posted(6, b"abcdef")
    scope.headers.said.append(("content-type", "text/plain"))
    assert ask(validator(polite), scope, protocol).sent == [b"abcdef"]


def test_what_a_request_says_is_where_pep_3333_has_it() -> None:
    said = [
        ("host", "shop.example"), ("content-type", "a/b"), ("x-a", "1"), ("x-a", "2"),
        ("cookie", "a=1"), ("cookie", "b=2"), ("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "192.0.2.66"),
    ]  # fmt: skip
    environ = environ_of(Scope(Headers(said), path="/á/b", query_string="q=%20", client="[2001:db8::1]:9"))  # type: ignore[arg-type]
    assert environ == {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/á/b".encode().decode("latin-1"), "QUERY_STRING": "q=%20",
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
        "REMOTE_ADDR": "2001:db8::1", "wsgi.url_scheme": "http", "HTTP_HOST": "shop.example", "CONTENT_TYPE": "a/b",
        "HTTP_X_A": "1,2", "HTTP_COOKIE": "a=1;b=2", "HTTP_X_FORWARDED_FOR": "192.0.2.1",
    }  # fmt: skip


def test_who_names_no_host_has_named_none() -> None:
    assert environ_of(Scope(Headers([])))["HTTP_HOST"] == ""  # type: ignore[arg-type]


def test_who_speaks_http_2_names_the_host_otherwise() -> None:
    assert environ_of(Scope(Headers([]), authority="shop.example"))["HTTP_HOST"] == "shop.example"  # type: ignore[arg-type]
    assert environ_of(Scope(authority="other.example"))["HTTP_HOST"] == "shop.example"  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_a_process_has_one_connection_to_the_database_however_many_it_answers() -> None:
    asked = 0

    def asking(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        nonlocal asked
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            said = [str(cursor.fetchone()[0]).encode()]
        start_response("200 OK", [])
        asked += 1
        if asked > MANY:
            connection.close()
        return said

    async def many() -> set[bytes]:
        heard, protocols = Heard(asking), [Protocol() for _ in range(MANY)]
        await asyncio.gather(*(heard.__rsgi__(Scope(), one) for one in protocols))  # type: ignore[arg-type]
        await heard.__rsgi__(Scope(), closing := Protocol())  # type: ignore[arg-type]
        return {one.sent[0] for one in (*protocols, closing)}

    assert len(run(many())) == 1
