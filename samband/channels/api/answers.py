"""What is sent back: JSON with an ETag, or nothing when the asker has it already."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with what goes around it. `mark` goes before the hash in its ETag, such as a cart's version."""

    body: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


def sent(request: HttpRequest, said: Any, status: int, tagged: bool) -> HttpResponse:
    """The response. A tagged one has an ETag of its content and is 304 for whoever has it already."""
    answer = said if isinstance(said, Answer) else Answer(said)
    if answer.body is None:
        response = HttpResponse(status=answer.status or status)
        del response.headers["Content-Type"]
    else:
        content = _encoder.encode(answer.body)
        etag = etag_of(content, answer.mark) if tagged or answer.mark else ""
        if tagged and _held(request) & {etag, "*"}:
            response = HttpResponseNotModified()
        else:
            response = HttpResponse(content, status=answer.status or status, content_type="application/json")
        if etag:
            response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def etag_of(content: bytes, mark: str = "") -> str:
    """A strong ETag: equal for equal bytes."""
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    return f'"{mark}-{digest}"' if mark else f'"{digest}"'


def _held(request: HttpRequest) -> set[str]:
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    return {tag.strip().removeprefix("W/") for tag in given.split(",")} if given else set()
