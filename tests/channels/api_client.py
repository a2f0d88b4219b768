"""A client that holds every answer against the OpenAPI document: an undocumented status or shape fails a test."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
from django.db import connection, transaction
from django.test import Client

from samband.channels.api.openapi import document

BASE = "/api/v1"


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        """The problem's code, or nothing."""
        return self.body.get("code", "") if isinstance(self.body, dict) and self.status >= 400 else ""


class Api:
    """A program with a key."""

    def __init__(self, key: str | None) -> None:
        self.key = key
        self.http = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Answered:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Answered:
        """`key` is the Idempotency-Key."""
        return self.ask("POST", path, body, **({"Idempotency-Key": key} if key else {}), **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answered:
        return self.ask("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answered:
        return self.ask("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answered:
        return self.ask("DELETE", path, **headers)

    def ask(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **headers: str
    ) -> Answered:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        if self.key:
            headers = {"Authorization": f"Bearer {self.key}", **headers}
        response = _apart(lambda: self.http.generic(method, BASE + path, raw, content_type, headers=headers))
        answered = Answered(response.status_code, _body(response), response.headers)
        conforms(method, path, answered)
        return answered


class _Refused(Exception):
    pass


def _apart(send: Callable[[], Any]) -> Any:
    """Send a request; inside a test's transaction, in a savepoint, which a refusal takes back as it would its own."""
    if not connection.in_atomic_block:
        return send()
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # it is the test's own, so providers may be asked
    response = None
    with suppress(_Refused), block:
        response = send()
        if connection.needs_rollback:
            raise _Refused
    return response


def _body(response: Any) -> Any:
    kind = response.headers.get("Content-Type", "")
    return json.loads(response.content) if "json" in kind else response.content or None


def conforms(method: str, path: str, answered: Answered) -> None:
    """The answer is one that the document knows. What is at no address and what cannot be done there is told alike."""
    assert answered.headers["X-Request-Id"]
    if answered.status >= 400:
        assert answered.headers["Content-Type"] == "application/problem+json"
        assert answered.body["status"] == answered.status
        assert answered.body["request"] == answered.headers["X-Request-Id"]
        assert answered.body["type"] == f"/api/v1/docs/problems#{answered.body['code']}"
    operation = documented(method, path.split("?")[0])
    if operation is None or answered.code in ("no_such_path", "method_not_allowed"):
        assert answered.status in (404, 405), (method, path, answered)
        return
    responses = operation["responses"]
    assert str(answered.status) in responses, f"{method} {path}: {answered.status} {answered.body} is not documented"
    described = resolved(responses[str(answered.status)])
    for kind, content in described.get("content", {}).items():
        assert answered.headers["Content-Type"] == kind
        errors = [error.message for error in _validator(json.dumps(content["schema"])).iter_errors(answered.body)]
        assert not errors, f"{method} {path}: {answered.status} {answered.body}: {errors}"
    if "content" not in described:
        assert answered.body is None
    for name in ("Link", "Location", "Idempotency-Replayed", "ETag", "Retry-After", "WWW-Authenticate"):
        if name in answered.headers:
            assert name in described["headers"], f"{method} {path}: header {name} is not documented"


@cache
def _addresses() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    found = []
    for path, methods in document()["paths"].items():
        parts = [re.escape(part) if i % 2 == 0 else "(.+)" for i, part in enumerate(re.split(r"{(\w+)}", path))]
        found.append((re.compile("".join(parts).replace("(.+)/", "([^/]+)/")), methods))
    return sorted(found, key=lambda one: -len(one[0].pattern.replace("(.+)", "").replace("([^/]+)", "")))


def documented(method: str, path: str) -> dict[str, Any] | None:
    """The operation at this address, if there is one."""
    for address, methods in _addresses():
        if address.fullmatch(BASE + path) and method.lower() in methods:
            return methods[method.lower()]
    return None


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    if "$ref" not in part:
        return part
    found = document()
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


@cache
def _validator(schema: str) -> Any:
    return jsonschema_rs.Draft202012Validator({**json.loads(schema), "components": document()["components"]})
