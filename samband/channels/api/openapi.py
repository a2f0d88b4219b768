"""The OpenAPI 3.1 document, put together from what the operations declare."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec

from samband.kernel.refusal import Refusal
from samband.staff.rules import SCOPES

from .door import DOORS, api
from .operations import OPERATIONS, Operation
from .problems import DOCUMENTED_AT, MEDIA_TYPE, title_of
from .shapes.words import Money

Schema = dict[str, Any]

BASE = "/api/v1"
REFERENCE = "#/components/schemas/{name}"

ABOUT = """\
The door for the retailer's own programs. Send your key as `Authorization: Bearer sb_…`; each operation names the
scope it needs. A key that is revoked opens nothing after five seconds.

Amounts are whole minor units of their currency: `{"amount": 1999, "currency": "EUR"}` is 19.99 €, and ISK has no minor
unit. Moments are RFC 3339 with a zone. What is not asked for is refused: unknown members of a body and unknown
parameters are a 422, never passed over.

Whatever is refused comes as an RFC 9457 problem (`application/problem+json`) with a stable `code` that a program can
decide by, and nothing has changed. Every answer carries `X-Request-Id`, and so does every problem.

What moves money or goods needs an `Idempotency-Key`, one of your own making for each thing that you want done. The same
key with the same wish is done once however often it is asked; the answer then has `Idempotency-Replayed: true`.
The same key with another wish is refused. Keys belong to the API key that they were sent with.

Lists come in pages: send `next` back as `cursor`, or follow the `Link` header. What is read has an ETag; send it in
`If-None-Match` and hear 304 when nothing is different. A cart's ETag in `If-Match` guards an edit.
"""


@cache
def document() -> Schema:
    """The whole document."""
    known = api.get_openapi_schema(path_prefix=f"{BASE}/")
    shapes, schemas = _schemas()
    paths: Schema = {}
    refusals: Schema = {}
    for path, methods in known["paths"].items():
        for method, details in methods.items():
            operation = OPERATIONS[details["operationId"]]
            paths.setdefault(path, {})[method] = _described(operation, details, shapes, schemas, refusals)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samband", "version": "1", "summary": "Commerce on every channel.", "description": ABOUT},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/", "description": "Where this document comes from."}],
        "tags": [{"name": door.tag, "description": door.about} for door in DOORS],
        "paths": paths,
        "components": {
            "schemas": {**schemas, **known["components"]["schemas"], "Problem": PROBLEM},
            "securitySchemes": {
                "ApiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of the retailer's. Scopes: " + ", ".join(SCOPES) + ".",
                }
            },
            "headers": HEADERS,
            "responses": dict(sorted(refusals.items())),
        },
    }


PROBLEM: Schema = {
    "title": "Problem",
    "description": "Why it was refused (RFC 9457). Further members depend on the `code`.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where it is explained."},
        "title": {"type": "string", "description": "What it means: the same words every time."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What it means this time."},
        "code": {"type": "string", "description": "What a program decides by. It never changes its meaning."},
        "request": {"type": "string", "description": "The id under which our logs know this request."},
        "errors": {
            "description": "Where a body or a parameter is wrong, and how.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "message": {"type": "string"}},
                "required": ["where", "message"],
            },
        },
        "short": {
            "description": "The lines of which there are too few: what was wanted, and what there is, if known.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "sku": {"type": "string"},
                    "location": {"type": "string"},
                    "wanted": {"type": "integer"},
                    "available": {"type": "integer"},
                },
                "required": ["sku"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "request"],
}

HEADERS: Schema = {
    "X-Request-Id": {"description": "The id under which our logs know this request.", "schema": {"type": "string"}},
    "ETag": {"description": "Equal as long as the answer is equal.", "schema": {"type": "string"}},
    "Link": {"description": "The next page, with rel=next, if there is one.", "schema": {"type": "string"}},
    "Location": {"description": "Where it is.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` when this was done before under the same key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "WWW-Authenticate": {"description": "How to present a key.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
}

IDEMPOTENCY_KEY: Schema = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "One of your own making for each thing that you want done: 1 to 100 visible ASCII characters.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    "example": "order-2026-000118",
}
IF_NONE_MATCH: Schema = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of what you have: 304 if that is how it still is.",
    "schema": {"type": "string"},
}
IF_MATCH: Schema = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag of the cart that you have seen: 412 if it is another one by now.",
    "schema": {"type": "string", "pattern": r'^(W/)?"[0-9]{1,18}(-[0-9a-f]*)?"$|^\*$'},
}


_CART = dict.fromkeys(("getCart", "putLine", "addLines", "removeLine", "enterCoupon", "checkOut"), ("cart", "id"))
_ORDER = dict.fromkeys(("getOrder", "listPayments", "listFulfillments", "cancelOrder"), ("order", "order_id"))
_CUSTOMER = dict.fromkeys(("getCustomer", "changeCustomer", "addAddress", "writeConsent"), ("customer", "id"))

LINKS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "openCart": _CART,
    "addLines": _CART,
    "checkOut": {**_ORDER, "settleOrder": ("order", "order_id"), "refundOrder": ("order", "order_id")},
    "registerCustomer": _CUSTOMER,
    "fenceStock": {"getFence": ("fence", "id"), "releaseFence": ("fence", "id")},
    "issueGiftCard": dict.fromkeys(("getGiftCard", "adjustGiftCard", "cancelGiftCard"), ("card", "gift_card/id")),
}
"""Where an answer leads: by operation, the operations that its parts are asked for in, as which parameter and by which
part of the answer."""


def _schemas() -> tuple[Mapping[Any, Schema], Schema]:
    """A reference for each shape that goes over the wire, and what they refer to."""
    used: list[Any] = [Money]
    for operation in OPERATIONS.values():
        used += [one for one in (operation.asks, operation.answers, *operation.others.values()) if one]
    shapes = list(dict.fromkeys(used))
    references, schemas = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
    return dict(zip(shapes, references, strict=True)), {name: _plain(one) for name, one in sorted(schemas.items())}


def _plain(schema: Any) -> Any:
    """msgspec's schema without what only repeats our docstrings' line breaks."""
    if isinstance(schema, dict):
        return {name: _joined(one) if name == "description" else _plain(one) for name, one in schema.items()}
    return [_plain(one) for one in schema] if isinstance(schema, list) else schema


def _joined(text: Any) -> Any:
    return " ".join(text.split()) if isinstance(text, str) else _plain(text)


def _described(
    operation: Operation, details: Schema, shapes: Mapping[Any, Schema], schemas: Schema, refusals: Schema
) -> Schema:
    described: Schema = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": _about(operation),
        "parameters": [*details["parameters"], *_headers_sent(operation)],
        "responses": {**_answers(operation, shapes, schemas), **_refusals(operation, refusals)},
        "security": [{"ApiKey": [operation.scope]}] if operation.scope else [],
    }
    if leads := LINKS.get(operation.id):
        described["responses"][str(operation.status)]["links"] = {to: _link(to, *by) for to, by in leads.items()}
    if operation.asks:
        schema = shapes[operation.asks]
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example_of(schema, schemas)}},
        }
    if operation.media:
        content = {one: {"schema": {"contentMediaType": one}} for one in operation.media}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _link(operation: str, parameter: str, where: str) -> Schema:
    return {"operationId": operation, "parameters": {parameter: f"$response.body#/{where}"}}


def _about(operation: Operation) -> str:
    needs = f"Needs the scope `{operation.scope}`." if operation.scope else "No key is needed."
    return f"{operation.description}\n\n{needs}".strip()


def _headers_sent(operation: Operation) -> Iterator[Schema]:
    if operation.once:
        yield IDEMPOTENCY_KEY
    if operation.tagged:
        yield IF_NONE_MATCH
    if operation.edits_cart:
        yield IF_MATCH


def _answers(operation: Operation, shapes: Mapping[Any, Schema], schemas: Schema) -> Schema:
    told: Schema = {}
    for status, shape in {operation.status: operation.answers, **operation.others}.items():
        told[str(status)] = _answered(operation, status, shape and shapes[shape], schemas)
    if operation.tagged:
        headers = _headers("X-Request-Id", "ETag")
        told["304"] = {"description": "What you have is how it still is.", "headers": headers}
    return told


def _refusals(operation: Operation, refusals: Schema) -> Schema:
    """The problems of an operation by status. Many answer with the same ones: those are described once."""
    by_status: dict[int, dict[str, type[Refusal]]] = {}
    for kind in operation.refuses:
        by_status.setdefault(kind.status, {})[kind.code] = kind
    told: Schema = {}
    for status, kinds in sorted(by_status.items()):
        name = ".".join([str(status), *sorted(kinds)])
        refusals.setdefault(name, _refused(status, list(kinds.values())))
        told[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return told


def _answered(operation: Operation, status: int, schema: Schema | None, schemas: Schema) -> Schema:
    names = ["X-Request-Id"]
    names += ["ETag"] if operation.tagged else []
    names += ["Idempotency-Replayed"] if operation.once else []
    names += operation.headers
    if schema and "next" in schemas[schema["$ref"].rsplit("/", 1)[-1]]["properties"]:
        names.append("Link")
    response: Schema = {"description": HTTPStatus(status).phrase, "headers": _headers(*names)}
    if schema:
        response["content"] = {"application/json": {"schema": schema, "example": example_of(schema, schemas)}}
    return response


def _headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refused(status: int, kinds: list[type[Refusal]]) -> Schema:
    headers = ["X-Request-Id"]
    headers += ["WWW-Authenticate"] if status == HTTPStatus.UNAUTHORIZED else []
    headers += ["Retry-After"] if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else []
    return {
        "description": " · ".join(f"`{kind.code}`: {title_of(kind)}" for kind in kinds),
        "headers": _headers(*headers),
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "allOf": [
                        {"$ref": REFERENCE.format(name="Problem")},
                        {"properties": {"code": {"enum": sorted({kind.code for kind in kinds})}}},
                    ]
                },
                "examples": {kind.code: {"summary": title_of(kind), "value": _problem(kind)} for kind in kinds},
            }
        },
    }


def _problem(kind: type[Refusal]) -> Schema:
    return {
        "type": DOCUMENTED_AT + kind.code,
        "title": title_of(kind),
        "status": kind.status,
        "detail": title_of(kind),
        "code": kind.code,
        "request": "01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11",
    }


# --- examples


def example_of(schema: Schema, schemas: Schema, seen: tuple[str, ...] = ()) -> Any:
    """A value that fits the schema, made of the examples of its parts; what holds itself is empty inside itself."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return example_of(schemas[name], schemas, (*seen, name))
    if "anyOf" in schema:
        options = [one for one in schema["anyOf"] if one != {"type": "null"}]
        return schema["default"] if schema.get("default") else example_of(options[0], schemas, seen)
    if "enum" in schema:
        return schema.get("default", schema["enum"][0])
    match schema.get("type"):
        case "object":
            parts = schema.get("properties", {})
            return {name: example_of(part, schemas, seen) for name, part in parts.items()}
        case "array":
            return _array(schema, schemas, seen)
        case "integer" | "number":
            return schema.get("default", schema.get("minimum", 0))
        case "boolean":
            return schema.get("default", True)
        case "string":
            return _string(schema)
        case _:
            return None


def _array(schema: Schema, schemas: Schema, seen: tuple[str, ...]) -> list[Any]:
    if "prefixItems" in schema:
        return [example_of(one, schemas, seen) for one in schema["prefixItems"]]
    inside = schema.get("items", {})
    if inside.get("$ref", "").rsplit("/", 1)[-1] in seen:
        return []
    return [example_of(inside, schemas, seen)]


def _string(schema: Schema) -> str:
    formats = {"uuid": "01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11", "date-time": "2026-11-21T14:30:00Z"}
    return str(schema.get("default") or formats.get(schema.get("format", ""), "text"))


# --- problems


def problems() -> dict[str, list[type[Refusal]]]:
    """Every kind of refusal that an operation may answer with, by code."""
    from .refusals import MethodNotAllowed, NoSuchPath

    kinds = {kind for operation in OPERATIONS.values() for kind in operation.refuses} | {MethodNotAllowed, NoSuchPath}
    told: dict[str, list[type[Refusal]]] = {}
    for kind in sorted(kinds, key=lambda one: (one.code, one.status)):
        told.setdefault(kind.code, []).append(kind)
    return told


_WORD = re.compile(r"[^a-z0-9]+")


def anchor(text: str) -> str:
    """The text as the name of a place in a page."""
    return _WORD.sub("-", text.lower()).strip("-")
