"""The documentation for people: pages of our own from the OpenAPI document, without a script from anywhere else."""

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .answers import sent
from .openapi import Schema, anchor, document
from .openapi import problems as known_problems
from .problems import title_of
from .refusals import MethodNotAllowed


def openapi(request: HttpRequest) -> HttpResponse:
    """The document itself."""
    _only_get(request)
    return sent(request, document(), 200, tagged=True)


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, for reading."""
    _only_get(request)
    described = document()
    return render(
        request,
        "api/docs.html",
        {"document": described, "tags": _by_tag(), "anchor": anchor, "as_json": _as_json, "shape": _shape},
    )


def problems(request: HttpRequest) -> HttpResponse:
    """Every kind of problem, for whoever followed the `type` of one."""
    _only_get(request)
    told = [
        {
            "code": code,
            "kinds": [{"status": kind.status, "title": title_of(kind)} for kind in kinds],
            "operations": _answering(code),
        }
        for code, kinds in known_problems().items()
    ]
    return render(request, "api/problems.html", {"problems": told, "anchor": anchor})


def _only_get(request: HttpRequest) -> None:
    if request.method != "GET":
        raise MethodNotAllowed(allowed=["GET", "HEAD"])


@cache
def _by_tag() -> list[dict[str, Any]]:
    """The operations under their tags, each with its method and path."""
    described = document()
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, details in methods.items():
            responses = {status: _resolved(one) for status, one in details["responses"].items()}
            found[details["tags"][0]].append(
                {"method": method.upper(), "path": path, **details, "responses": responses}
            )
    return [
        {"name": tag["name"], "description": tag["description"], "operations": found[tag["name"]]}
        for tag in described["tags"]
    ]


def _resolved(part: Schema) -> Schema:
    """What a reference stands for."""
    for step in part.get("$ref", "").removeprefix("#/").split("/") if "$ref" in part else ():
        part = document() if step == "components" else part
        part = part[step]
    return part


@cache
def _answering(code: str) -> list[dict[str, str]]:
    """The operations that may answer with a problem, but for those that everybody may."""
    described = [one for tag in _by_tag() for one in tag["operations"]]
    found = [
        {"id": one["operationId"], "summary": one["summary"]}
        for one in described
        if any(
            code in content["examples"]
            for response in one["responses"].values()
            for kind, content in response.get("content", {}).items()
            if kind == "application/problem+json"
        )
    ]
    return found if len(found) < len(described) * 2 // 3 else []


def _as_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _shape(schema: Schema) -> list[dict[str, Any]]:
    """The members of a shape, a row each."""
    name = schema["$ref"].rsplit("/", 1)[-1]
    found = document()["components"]["schemas"][name]
    required = set(found.get("required", ()))
    return [
        {"name": member, "type": _type(part), "about": part.get("description", ""), "required": member in required}
        for member, part in found["properties"].items()
    ]


def _type(schema: Schema) -> str:
    """A schema's type in few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    match schema.get("type"):
        case "array":
            return f"array of {_type(schema['items'])}" if "items" in schema else "array"
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            return f"object of {_type(schema['additionalProperties'])}"
        case None:
            return "any"
        case kind:
            return str(schema.get("format", kind))
