"""Reading what was sent: of the right type, not too large, JSON, of the shape asked for and nothing else."""

import re
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest

from .refusals import BodyTooLarge, MalformedJson, WrongBody, WrongContentType

T = TypeVar("T")

MOST_BYTES = 256 * 1024
"""The largest body, unless an operation says otherwise."""

JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$?\.?(?P<where>.*)`)?$", re.DOTALL)


def read(request: HttpRequest, decoder: msgspec.json.Decoder[T], most_bytes: int = MOST_BYTES) -> T:
    """The body as what it should be.

    Raises WrongContentType, BodyTooLarge, MalformedJson, and WrongBody saying where. Numbers are numbers: true is
    not 1, 1.0 is no count, and there is no NaN.
    """
    if not JSON.fullmatch(request.content_type or ""):
        raise WrongContentType(accepted=["application/json"])
    body = read_bytes(request, most_bytes)
    try:
        found = decoder.decode(body)
    except msgspec.ValidationError as error:
        raise WrongBody(errors=[_told(str(error))]) from None
    except UnicodeDecodeError:
        raise MalformedJson("The body is not UTF-8.") from None
    except RecursionError:
        raise MalformedJson("The body is nested too deeply.") from None
    except msgspec.DecodeError as error:
        raise MalformedJson(str(error)[:200]) from None
    # Hardly any body has this in it, so the walk over what it holds is hardly ever taken.
    if b"\\u0000" in body and _holds_nul(msgspec.to_builtins(found)):
        raise WrongBody(errors=[{"where": "", "message": "No text may hold a NUL character."}])
    return found


def read_bytes(request: HttpRequest, most_bytes: int) -> bytes:
    """The raw body. Raises BodyTooLarge, before reading more than that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if said.isdecimal() and int(said[:20]) > most_bytes:
        raise BodyTooLarge(most_bytes=most_bytes)
    # Django reads nothing where no length is told, as in a body sent in chunks: the server's own stream knows its end.
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    stream = request.META["wsgi.input"] if chunked else request
    body: bytes = stream.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise BodyTooLarge(most_bytes=most_bytes)
    return body


def _told(complaint: str) -> dict[str, str]:
    """Where a body is wrong, and how."""
    parts = _PLACE.match(complaint)
    if not parts:
        return {"where": "", "message": complaint[:300]}
    return {"where": (parts["where"] or "")[:200], "message": parts["what"][:300]}


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(_holds_nul(part) for part in value)
