"""Bare render: the same bytes from memory, behind all of Django, and behind nothing but the server.

Neither is reachable in a house at work: `conf` mounts the view (and the door to holds that benches use) only where
SAMBAND_BENCH_ECHO names the file with what to answer, and only the bench starts the bare one.
"""

import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

ECHO = "SAMBAND_BENCH_ECHO"
PATH = "bench/echo/"

OF_THE_CONNECTION = frozenset({"connection", "date", "keep-alive", "server", "transfer-encoding"})
"""Headers that the server itself adds to whatever it sends."""


def keep(file: Path, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    """Put an answer aside for both."""
    kept = [(name, value) for name, value in headers if name.lower() not in OF_THE_CONNECTION]
    file.with_suffix(".headers").write_text(json.dumps(kept))
    file.write_bytes(body)


@cache
def _kept() -> tuple[tuple[tuple[str, str], ...], bytes]:
    file = Path(os.environ[ECHO])
    return tuple(kept_headers(file)), file.read_bytes()


def kept_headers(file: Path) -> list[tuple[str, str]]:
    """The headers of the answer that was put aside."""
    return [(name, value) for name, value in json.loads(file.with_suffix(".headers").read_text())]


def page(request: HttpRequest) -> HttpResponse:
    """The answer that was put aside, through every layer that a page of ours goes through."""
    headers, body = _kept()
    response = HttpResponse(body)
    for name, value in headers:
        response.headers[name] = value
    return response


async def bare(scope: Any, protocol: Any) -> None:
    """The same answer, to whatever the server asks, with nothing around it."""
    headers, body = _kept()
    protocol.response_bytes(200, list(headers), body)
