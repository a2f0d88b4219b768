"""How an operation of this door is declared: its address, scope, body, answer and refusals in one place.

What is declared here is what is checked on every request and what the OpenAPI document says, so the two cannot part.
"""

import hashlib
import hmac
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from samband.kernel.refusal import KeyReused, Refusal, TooMany
from samband.staff.queries import Key
from samband.staff.refusals import UnknownKey
from samband.staff.rules import PERSONAL_SCOPES, SCOPES
from samband.timeline import noticing_repeats

from . import bodies, recording
from .answers import sent
from .keys import Scope
from .refusals import (
    BodyTooLarge,
    Broken,
    DatabaseAway,
    IdempotencyKeyInvalid,
    IdempotencyKeyMissing,
    KeyMissing,
    MalformedJson,
    NoSuchPath,
    ScopeMissing,
    WrongBody,
    WrongContentType,
    WrongParameter,
)

Refusals = tuple[type[Refusal], ...]

ALWAYS: Refusals = (WrongParameter, Broken, DatabaseAway)
WITH_A_KEY: Refusals = (KeyMissing, UnknownKey, ScopeMissing, TooMany)
WITH_A_BODY: Refusals = (WrongContentType, BodyTooLarge, MalformedJson, WrongBody)
ONCE_ONLY: Refusals = (IdempotencyKeyMissing, IdempotencyKeyInvalid, KeyReused)

_KEY = re.compile(r"[!-~]{1,100}")


@dataclass(frozen=True, slots=True)
class Operation:
    """Everything that is known of an operation. `scope` None means that anybody may, without a key."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    scope: str | None
    asks: Any
    media: tuple[str, ...]
    answers: Any
    status: int
    others: Mapping[int, Any]
    headers: tuple[str, ...]
    refuses: Refusals
    once: bool
    tagged: bool
    edits_cart: bool
    most_bytes: int
    personal: bool


OPERATIONS: dict[str, Operation] = {}
"""Every operation by its id."""


class Door:
    """The operations on one kind of thing."""

    def __init__(self, tag: str, about: str) -> None:
        self.tag = tag
        self.about = about
        self.router = Router(tags=[tag])

    def get(self, path: str, **declared: Any) -> Callable[..., Any]:
        return self._operation("GET", path, **{"tagged": True, **declared})

    def post(self, path: str, **declared: Any) -> Callable[..., Any]:
        return self._operation("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[..., Any]:
        return self._operation("PUT", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[..., Any]:
        return self._operation("PATCH", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[..., Any]:
        return self._operation("DELETE", path, **declared)

    def _operation(
        self,
        method: str,
        path: str,
        *,
        scope: str | None,
        answers: Any = None,
        status: int = 200,
        asks: Any = None,
        media: tuple[str, ...] = (),
        others: Mapping[int, Any] | None = None,
        headers: tuple[str, ...] = (),
        refuses: Refusals = (),
        once: bool = False,
        tagged: bool = False,
        edits_cart: bool = False,
        most_bytes: int = bodies.MOST_BYTES,
        personal: bool = False,
    ) -> Callable[..., Any]:
        """Declare an operation. The function's first lines of docstring are its summary and description.

        `asks` is the type of the JSON body, given as `ask`; `media` instead are the types of raw bytes taken, given as
        `content`. `answers` is the type of the answer with `status`, `others` those of answers with other statuses.
        `headers` names what comes with them. `once`: it needs an Idempotency-Key, given as `key`, scoped by the API
        key. `tagged`: it has an ETag. `edits_cart`: it heeds If-Match. `personal`: it shows or changes what is known of
        a person, and goes into the record; what a scope of customers, privacy or orders opens does so anyway.
        """
        if scope is not None and scope not in SCOPES:
            raise ValueError(f"no such scope: {scope}")

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            summary, _, description = inspect.cleandoc(function.__doc__ or "").partition("\n")
            general = ALWAYS + (WITH_A_KEY if scope else ()) + (ONCE_ONLY if once else ())
            general += (NoSuchPath,) if "{" in path else ()
            general += WITH_A_BODY if asks else (WrongContentType, BodyTooLarge) if media else ()
            head, *rest = function.__name__.split("_")
            operation = Operation(
                id=head + "".join(word.capitalize() for word in rest),
                method=method,
                path=path,
                tag=self.tag,
                summary=summary.rstrip("."),
                description=" ".join(description.split()),
                scope=scope,
                asks=asks,
                media=media,
                answers=answers,
                status=status,
                others=others or {},
                headers=headers,
                refuses=(*general, *refuses),
                once=once,
                tagged=tagged,
                edits_cart=edits_cart,
                most_bytes=most_bytes,
                personal=personal or scope in PERSONAL_SCOPES,
            )
            if operation.id in OPERATIONS:
                raise ValueError(f"two operations are called {operation.id}")
            OPERATIONS[operation.id] = operation
            self.router.add_api_operation(
                path,
                [method],
                _answering(operation, function),
                auth=Scope(scope) if scope else None,
                response={status: None},
                operation_id=operation.id,
                summary=operation.summary,
                description=operation.description or None,
            )
            return function

        return declare


_GIVEN = frozenset({"ask", "content", "key"})


def _answering(operation: Operation, function: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """The function as Ninja calls it: with what it needs besides the address and the query."""
    signature = inspect.signature(function)
    told = [one for name, one in signature.parameters.items() if name not in _GIVEN]
    in_path = set(re.findall(r"{(?:\w+:)?(\w+)}", operation.path))
    in_query = {one.name for one in told} - in_path - {"request"}
    decoder = msgspec.json.Decoder(operation.asks) if operation.asks else None

    @wraps(function)
    def answer(request: HttpRequest, **given: Any) -> HttpResponse:
        _check_query(request, in_query)
        caller: Key | None = getattr(request, "auth", None)
        if operation.once and caller:
            given["key"] = f"api:{caller.prefix}:{_kept_as(_idempotency_key(request))}"
        if decoder:
            given["ask"] = bodies.read(request, decoder, operation.most_bytes)
        if operation.media:
            given["content"] = _medium(request, operation)
        if not operation.once:
            with recording.of(operation, caller, given):
                return sent(request, function(request, **given), operation.status, operation.tagged)
        with noticing_repeats() as repeats, recording.of(operation, caller, given):
            response = sent(request, function(request, **given), operation.status, operation.tagged)
        if repeats.seen:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    answer.__signature__ = signature.replace(parameters=told)  # type: ignore[attr-defined]
    return answer


def _check_query(request: HttpRequest, known: set[str]) -> None:
    """Nothing is passed over in silence: what is not asked for is refused."""
    if not request.META.get("QUERY_STRING"):
        return
    if unknown := sorted(request.GET.keys() - known):
        errors = [{"where": f"query.{name[:64]}", "message": "There is no such parameter."} for name in unknown[:20]]
        raise WrongParameter(errors=errors)


def _idempotency_key(request: HttpRequest) -> str:
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        raise IdempotencyKeyMissing()
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid()
    return key


def _kept_as(key: str) -> str:
    """A keyed hash of it: what a program makes up may hold a customer's address, and goes into the books."""
    return hmac.new(settings.SECRET_KEY.encode(), f"idempotency:{key}".encode(), hashlib.sha256).hexdigest()[:40]


def _medium(request: HttpRequest, operation: Operation) -> bytes:
    if request.content_type not in operation.media:
        raise WrongContentType(accepted=list(operation.media))
    return bodies.read_bytes(request, operation.most_bytes)
