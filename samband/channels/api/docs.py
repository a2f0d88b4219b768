"""The documentation for people: pages of our own from the OpenAPI document, without a script from anywhere."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .answers import sent
from .openapi import ABOUT, Schema, anchor, document
from .openapi import problems as known_problems
from .problems import MEDIA_TYPE, title_of
from .refusals import MethodNotAllowed

TRY_IT = """\
curl -X POST {site}/api/v1/carts -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
     -d '{{"market": "IS", "method": "pickup", "lines": [{{"sku": "SOFA-3-GREY", "quantity": 1}}]}}'

curl -X POST {site}/api/v1/carts/$CART/checkout -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
     -H "Idempotency-Key: order-2026-000118" \\
     -d '{{"method": "pickup", "location": "RVK", "seen_total": {{"amount": 134900, "currency": "ISK"}},
          "token": "tok_…", "contact": {{"email": "anna@example.com", "name": "Anna Jónsdóttir"}}}}'

curl -X POST {site}/api/v1/carts/$CART/checkout -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
     -H "Idempotency-Key: order-2026-000119" \\
     -d '{{"seen_total": {{"amount": 134900, "currency": "ISK"}},
          "parts": [{{"kind": "pickup", "location": "RVK"}}],
          "tenders": [{{"method": "gift_card", "token": "K7M2-…", "amount": {{"amount": 20000, "currency": "ISK"}}}},
                      {{"method": "pay_later", "plan": "in-3"}}],
          "contact": {{"email": "anna@example.com", "name": "Anna Jónsdóttir"}}}}'
"""

_CODE = re.compile(r"`([^`]*)`")


def openapi(request: HttpRequest) -> HttpResponse:
    """The document itself."""
    _only_get(request)
    return sent(request, document(), 200, tagged=True)


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, for reading."""
    _only_get(request)
    return render(
        request,
        "api/docs.html",
        {
            "tags": _tags(),
            "shapes": _shapes(),
            "about": [_words(" ".join(paragraph.split())) for paragraph in ABOUT.strip().split("\n\n")],
            "curl": TRY_IT.format(site=f"{request.scheme}://{request.get_host()}"),
            "anchor": anchor,
        },
    )


def problems(request: HttpRequest) -> HttpResponse:
    """Every kind of problem, for whoever followed the `type` of one."""
    _only_get(request)
    told = [
        {
            "code": code,
            "kinds": [{"status": kind.status, "title": _words(title_of(kind))} for kind in kinds],
            "operations": _answering(code),
        }
        for code, kinds in known_problems().items()
    ]
    return render(request, "api/problems.html", {"problems": told})


def _only_get(request: HttpRequest) -> None:
    if request.method != "GET":
        raise MethodNotAllowed(allowed=["GET", "HEAD"])


@cache
def _tags() -> list[dict[str, Any]]:
    """The operations under their tags, as the page shows them."""
    described = document()
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, details in methods.items():
            found[details["tags"][0]].append(_operation(method, path, details))
    return [
        {"name": tag["name"], "description": tag["description"], "operations": found[tag["name"]]}
        for tag in described["tags"]
    ]


def _operation(method: str, path: str, details: Schema) -> dict[str, Any]:
    responses = {status: resolved(one) for status, one in details["responses"].items()}
    content = details.get("requestBody", {}).get("content", {})
    asked = content.get("application/json")
    return {
        "id": details["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": details["summary"],
        "description": _words(details["description"].rpartition("\n\n")[0]),
        "scope": details["security"][0]["ApiKey"][0] if details["security"] else None,
        "parameters": [_parameter(one) for one in details["parameters"]],
        "body": asked and _body(asked),
        "media": list(content) if not asked else [],
        "answers": [
            _answer(status, one) for status, one in responses.items() if MEDIA_TYPE not in one.get("content", {})
        ],
        "refusals": [
            {"status": status, "codes": list(one["content"][MEDIA_TYPE]["examples"])}
            for status, one in responses.items()
            if MEDIA_TYPE in one.get("content", {})
        ],
    }


def _body(asked: Schema) -> dict[str, Any]:
    shape = resolved(asked["schema"])
    return {
        "about": _words(shape["description"]),
        "members": _members(shape),
        "example": _as_json(asked["example"]),
    }


def _parameter(one: Schema) -> dict[str, Any]:
    about = one.get("description", "")
    where = {"header": "In a header.", "path": "", "query": ""}[one["in"]]
    return {
        "name": one["name"],
        "type": _type(one["schema"]),
        "about": f"{about} {where}".strip(),
        "required": one["required"],
    }


def _answer(status: str, response: Schema) -> dict[str, Any]:
    content = response.get("content", {}).get("application/json")
    return {
        "status": status,
        "description": response["description"],
        "shape": content["schema"]["$ref"].rsplit("/", 1)[-1] if content else "",
        "example": _as_json(content["example"]) if content else "",
        "headers": [name for name in response["headers"] if name != "X-Request-Id"],
    }


@cache
def _shapes() -> list[dict[str, Any]]:
    return [
        {"name": name, "about": _words(schema.get("description", "")), "members": _members(schema)}
        for name, schema in document()["components"]["schemas"].items()
    ]


def _members(schema: Schema) -> list[dict[str, Any]]:
    """The members of a shape, a row each."""
    required = set(schema.get("required", ()))
    return [
        {"name": name, "type": _type(part), "about": part.get("description", ""), "required": name in required}
        for name, part in schema.get("properties", {}).items()
    ]


def _type(schema: Schema) -> list[dict[str, Any]]:
    """A schema's type in few words, of which some are the names of shapes."""
    return list(_type_words(schema))


def _type_words(schema: Schema) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield {"text": schema["$ref"].rsplit("/", 1)[-1], "shape": True}
    elif "anyOf" in schema:
        for i, one in enumerate(schema["anyOf"]):
            yield from [{"text": " or ", "shape": False}] if i else []
            yield from _type_words(one)
    elif schema.get("type") == "array":
        yield {"text": "array of ", "shape": False}
        yield from _type_words(schema.get("items") or schema["prefixItems"][0])
    elif schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        yield {"text": "object of ", "shape": False}
        yield from _type_words(schema["additionalProperties"])
    else:
        yield {"text": _plain_type(schema), "shape": False}


def _plain_type(schema: Schema) -> str:
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    words = [str(schema.get("format") or schema.get("type") or "any")]
    for limit, sign in (("minimum", "≥"), ("maximum", "≤")):
        words += [f"{sign} {schema[limit]:,}"] if limit in schema else []
    words += [f"≤ {schema['maxLength']:,} characters"] if "maxLength" in schema else []
    return " ".join(words)


def resolved(part: Schema) -> Schema:
    """What a reference stands for."""
    if "$ref" not in part:
        return part
    found = document()
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


@cache
def _answering(code: str) -> list[dict[str, str]]:
    """The operations that may answer with a problem, unless nearly all may."""
    every = [one for tag in _tags() for one in tag["operations"]]
    found = [{"id": one["id"]} for one in every if any(code in refusal["codes"] for refusal in one["refusals"])]
    return found if len(found) < len(every) // 2 else []


def _words(text: str) -> list[dict[str, Any]]:
    """A text in parts, of which some are code."""
    return [{"text": part, "code": bool(i % 2)} for i, part in enumerate(_CODE.split(text)) if part]


def _as_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
