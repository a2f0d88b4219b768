"""The door of the till: who asks, what they sent, and one way of saying no whatever goes wrong."""

import re
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from samband.commerce.tills import commands as tills
from samband.commerce.tills import deeds
from samband.commerce.tills import queries as till_queries
from samband.commerce.tills.queries import DeviceView
from samband.flows.sell_at_till import Counter
from samband.kernel.clock import now
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Refusal
from samband.staff.queries import Cashier

from . import keys, recording
from .refusal_texts import sentence
from .refusals import (
    BodyTooLarge,
    Broken,
    CashierMissing,
    DatabaseAway,
    KeyMissing,
    NotJson,
    NotPermittedHere,
    TillHeaderMissing,
    WrongMethod,
    WrongShape,
    WrongType,
)

T = TypeVar("T")
View = Callable[..., Any]

MOST_BYTES = 64 * 1024
RETRY_SECONDS = 5
FURTHEST_CLOCK_MS = 400 * 86_400_000 * 10
"""A device's clock may be wrong by years; what is further off is no clock."""

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json")
_KEY = re.compile(r"[\x21-\x7e]{1,100}")

log = structlog.get_logger("samband.pos")


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent back: JSON, or bytes of some other type."""

    body: Any = None
    status: int = 200
    media: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    leave: Callable[[HttpResponse], None] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, by which device and by whom. `body` is what was sent, in the shape that is asked for."""

    request: HttpRequest
    found_device: DeviceView | None
    found_cashier: Cashier | None
    language: str
    body: Any
    key: str
    about: list[str] = field(default_factory=list)
    """Whom else it turned out to be about, for the record: `customer:…`."""

    @property
    def device(self) -> DeviceView:
        """The till that asks."""
        assert self.found_device is not None
        return self.found_device

    @property
    def cashier(self) -> Cashier:
        """Who stands there."""
        assert self.found_cashier is not None
        return self.found_cashier

    @property
    def counter(self) -> Counter:
        """Where and by whom something is sold, with the drawer under the device."""
        return Counter(self.device, self.cashier, till_queries.drawer_at(self.device.id))

    @property
    def own_key(self) -> str:
        """The idempotency key as the house knows it: two devices may think of the same."""
        return f"{self.device.id}:{self.key}"

    def once(self, deed: str, do: Callable[[], str]) -> str:
        """Do something once for the key that was sent, and tell what it was about."""
        return deeds.once(self.device.id, self.key, [deed, self.request.path, self.body], do)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a view needs before it is asked."""

    view: View
    device: bool
    cashier: bool
    part: str
    asks: Any
    keyed: bool
    most_bytes: int
    also_revoked: bool
    noted: str


def needs(
    *,
    device: bool = True,
    cashier: bool = True,
    part: str = "till",
    asks: Any = None,
    keyed: bool = False,
    most_bytes: int = MOST_BYTES,
    also_revoked: bool = False,
    noted: str = "",
) -> Callable[[View], Rule]:
    """What a view needs: an enrolled device, somebody signed in whose role opens `part`, a body, a key of its own.

    `noted` says what goes into the record of the staff: that somebody `did` it, or `saw` whose data it is.
    """

    def made(view: View) -> Rule:
        return Rule(view, device, cashier and device, part, asks, keyed, most_bytes, also_revoked, noted)

    return made


def at(**rules: Rule) -> Callable[..., HttpResponse]:
    """An address: the views of each method. Whatever goes wrong leaves as a problem in the asker's language."""

    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        language = _language(request)
        try:
            rule = rules.get(str(request.method).lower())
            if rule is None:
                raise WrongMethod(allowed=sorted(name.upper() for name in rules))
            asked = _asked(request, rule, language)
            with translation.override(asked.language):
                response = _sent(recording.of(asked, rule, given))
        except Exception as error:
            with translation.override(language):
                response = problem(as_refusal(error))
        response.headers["X-Samband-Time"] = str(int(time.time() * 1000))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # the header and the strict cookies stand for its token
    return answer


def _asked(request: HttpRequest, rule: Rule, language: str) -> Asked:
    changing = request.method not in ("GET", "HEAD")
    if changing and request.headers.get("X-Samband-Till") != "1":
        raise TillHeaderMissing()
    device = keys.device_of(request, also_revoked=rule.also_revoked) if rule.device else None
    cashier = keys.cashier_of(request, device) if device else None
    if device:
        skew = _skew(request)
        tills.see(device.id, skew, device.seen_at)
        device = replace(device, skew_ms=device.skew_ms if skew is None else skew)
    if rule.cashier and cashier is None:
        raise CashierMissing()
    if rule.cashier and cashier and not cashier.may(rule.part):
        raise NotPermittedHere(part=rule.part)
    key = _key(request) if rule.keyed else ""
    body = _body(request, rule) if changing else None
    spoken = request.headers.get("X-Samband-Language") or (cashier.language if cashier else "")
    return Asked(request, device, cashier, spoken if spoken in LANGUAGES else language, body, key)


def _language(request: HttpRequest) -> str:
    named = request.headers.get("X-Samband-Language", "")
    return named if named in LANGUAGES else translation.get_language_from_request(request)


def _skew(request: HttpRequest) -> int | None:
    """How far the device's clock is ahead of ours, in milliseconds, if it tells."""
    told = request.headers.get("X-Samband-Clock", "")
    if not re.fullmatch(r"-?\d{1,16}", told):
        return None
    skew = int(told) - int(now().timestamp() * 1000)
    return skew if abs(skew) <= FURTHEST_CLOCK_MS else None


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyMissing()
    return str(key)


def _body(request: HttpRequest, rule: Rule) -> Any:
    said = request.META.get("CONTENT_LENGTH") or "0"
    if said.isdecimal() and int(said[:20]) > rule.most_bytes:
        raise BodyTooLarge(most_bytes=rule.most_bytes)
    raw = request.read(rule.most_bytes + 1)
    if len(raw) > rule.most_bytes:
        raise BodyTooLarge(most_bytes=rule.most_bytes)
    if rule.asks is None:
        return None
    if not _JSON.fullmatch(request.content_type or ""):
        raise WrongType(accepted=["application/json"])
    return read(raw, rule.asks)


def read(raw: bytes, shape: type[T]) -> T:
    """The body as what it should be. Raises NotJson, and WrongShape saying where."""
    try:
        found = msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        raise WrongShape(errors=[{"where": where.strip(".`")[:200], "message": what[:300]}]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotJson() from None
    if b"\\u0000" in raw and shape is not Any and "\x00" in _texts_of(found):
        raise WrongShape(errors=[{"where": "", "message": "No text may hold a NUL sign."}])
    return found


def _texts_of(value: Any) -> str:
    """All texts of a body, run together."""
    if isinstance(value, str):
        return value
    if isinstance(value, msgspec.Struct):
        return _texts_of(msgspec.structs.asdict(value))
    if isinstance(value, Mapping):
        return "".join(_texts_of(part) for pair in value.items() for part in pair)
    return "".join(map(_texts_of, value)) if isinstance(value, list | tuple) else ""


def _sent(said: Any) -> HttpResponse:
    sent = said if isinstance(said, Sent) else Sent(said)
    if sent.body is None:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT if sent.status == HTTPStatus.OK else sent.status)
        with suppress(KeyError):
            del response.headers["Content-Type"]
    else:
        body = sent.body if isinstance(sent.body, bytes) else msgspec.json.encode(sent.body)
        response = HttpResponse(body, status=sent.status, content_type=sent.media)
    for name, value in sent.headers.items():
        response.headers[name] = value
    if sent.leave:
        sent.leave(response)
    return response


def problem(refusal: Refusal) -> HttpResponse:
    """The answer that tells a refusal: `text` is for whoever stands at the till."""
    hidden = {"code", "status", "detail", "text", "request"}
    details = {f"given_{name}" if name in hidden else name: value for name, value in refusal.details.items()}
    document = {
        "code": refusal.code,
        "status": refusal.status,
        "detail": refusal.message,
        "text": sentence(refusal),
        "request": structlog.contextvars.get_contextvars().get("request", ""),
        **details,
    }
    response = HttpResponse(
        msgspec.json.encode(document, enc_hook=str), status=refusal.status, content_type="application/problem+json"
    )
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(refusal.details.get("allowed", ()))
    if refusal.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = str(refusal.details.get("retry_after", RETRY_SECONDS))
    return response


def as_refusal(error: Exception) -> Refusal:
    """What went wrong, as something that can be said. A bug is logged with where it happened, never with values."""
    if isinstance(error, Refusal):
        return error
    ours = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename]
    where = [f"{frame.filename.rsplit('samband/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in ours[-6:]]
    log.error("request_failed", error=type(error).__name__, where=where)
    return DatabaseAway() if isinstance(error, OperationalError | InterfaceError) else Broken()
