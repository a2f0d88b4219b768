"""The door: who may come in, how it says no, and that what it says of itself is true."""

import json
import re
from http import HTTPStatus

import pytest
from django.db import OperationalError

from samband.channels.api import keys
from samband.channels.api.openapi import document, example_of, problems
from samband.channels.api.operations import OPERATIONS
from samband.staff import commands as staff
from samband.staff.rules import SCOPES
from tests.channels.api_client import Answered, Api, resolved

NOWHERE = "01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"

PUBLIC = {"getHealth"}


def address(operation) -> str:
    """An address of the operation, leading nowhere."""
    path = re.sub(r"{uuid:\w+}", NOWHERE, operation.path)
    return re.sub(r"{int:\w+}", "1", re.sub(r"{(path:)?\w+}", "x", path))


def ask(api: Api, operation) -> Answered:
    return api.ask(operation.method, address(operation), b"{}", **{"Idempotency-Key": "k"})


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_needs_a_key_or_says_that_it_does_not(world, operation):
    answer = ask(Api(None), operation)
    if operation.id in PUBLIC:
        assert operation.scope is None
        assert answer.status == 200
    else:
        assert (answer.status, answer.code) == (401, "api_key_missing")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        wrong = ask(Api("sb_nobody_nothing"), operation)
        assert (wrong.status, wrong.code) == (401, "unknown_api_key")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_opens_to_its_scope_and_to_no_other(api_with, operation):
    if operation.scope is None:
        return
    others = set(SCOPES) - {operation.scope}
    answer = ask(api_with(*others), operation)
    assert (answer.status, answer.code, answer.body["scope"]) == (403, "scope_missing", operation.scope)
    assert ask(api_with(operation.scope), operation).status not in (401, 403, 500)


def test_every_scope_opens_something():
    assert {operation.scope for operation in OPERATIONS.values()} - {None} == set(SCOPES)


@pytest.mark.parametrize(
    "presented",
    ["", "Bearer", "Bearer ", "Basic c2I6eA==", "Bearer sb_", "Bearer é", "Bearer " + "x" * 5000],
)
def test_what_is_no_key_opens_nothing(world, presented):
    answer = Api(None).get("/markets", Authorization=presented)
    assert answer.status == 401


def test_a_revoked_key_opens_nothing_after_a_few_seconds(world, monkeypatch):
    key = staff.issue_key("Till", ["prices:read"])
    till = Api(key)
    assert till.get("/markets").status == 200
    staff.revoke_key(key.split("_")[1])
    assert till.get("/markets").status == 200
    later = keys.time.monotonic() + keys.REMEMBERED_SECONDS
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    assert till.get("/markets").code == "unknown_api_key"


@pytest.mark.django_db(transaction=True)
def test_a_key_is_looked_up_once_while_it_is_remembered(api, django_assert_num_queries):
    api.get("/categories")
    with django_assert_num_queries(1):
        api.get("/categories")


@pytest.mark.parametrize("path", ["/nothing", "/carts/not-an-id", "/products/", "/orders/x/y/z", "/"])
def test_what_is_not_there_is_a_problem_too(api, path):
    assert (api.get(path).status, api.get(path).code) == (404, "no_such_path")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/carts", "POST"),
        ("PATCH", "/health", "GET"),
        ("TRACE", "/orders", "GET"),
        ("OPTIONS", "/customers", "GET, POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
def test_what_cannot_be_done_there_says_what_can(api, method, path, allowed):
    answer = api.ask(method, path)
    assert (answer.status, answer.code, answer.headers["Allow"]) == (405, "method_not_allowed", allowed)


def test_head_is_get_without_a_body(api):
    response = api.http.head("/api/v1/health")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "malformed_json"),
        (b"", 415, "unsupported_media_type"),
        (b"{", 400, "malformed_json"),
        (b'{"market": "IS"} {}', 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_json"),
        (b'{"market": "\xff"}', 400, "malformed_json"),
        (b'{"market": "\\ud800"}', 400, "malformed_json"),
        (b'{"market": NaN}', 400, "malformed_json"),
        (b"\xef\xbb\xbf{}", 400, "malformed_json"),
        (b"[" * 100_000, 422, "invalid_body"),
        (b'{"market":' * 20_000, 422, "invalid_body"),
        (b"[]", 422, "invalid_body"),
        (b"null", 422, "invalid_body"),
        (b"{}", 422, "invalid_body"),
        (b'{"market": 1}', 422, "invalid_body"),
        (b'{"market": "IS", "markt": "PL"}', 422, "invalid_body"),
        (b'{"market": "I\\u0000S"}', 422, "invalid_body"),
        (b'{"market": "IS", "lines": [{"sku": "CUP", "quantity": 1e400}]}', 422, "invalid_body"),
        (b'{"market": "IS", "lines": [{"sku": "CUP", "quantity": ' + b"9" * 5000 + b"}]}", 422, "invalid_body"),
        (b'{"market": "IS", "lines": [{"sku": "CUP", "quantity": "1"}]}', 422, "invalid_body"),
        (b'{"market": "IS", "lines": [{"sku": "CUP", "quantity": true}]}', 422, "invalid_body"),
        (b'{"market": "IS", "customer_id": "me"}', 422, "invalid_body"),
        (b'{"market": "IS"' + b" " * 300_000 + b"}", 413, "body_too_large"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_that_cannot_be_understood_is_refused_by_name(api, body, status, code):
    answer = api.post("/carts", body)
    assert (answer.status, answer.code) == (status, code)


def test_json_nested_too_deeply_is_refused_where_anything_may_stand(api):
    deep = b'{"category": "home", "names": {"en": "x"}, "variants": [{"sku": "A", "attributes": {"a": ' + b"[" * 60_000
    assert api.put("/products/deep", deep).code in ("invalid_body", "malformed_json")


def test_a_backslash_is_no_nul(api):
    answer = api.post("/customers", b'{"email": "a@example.com", "name": "back\\\\u0000slash"}')
    assert (answer.status, answer.body["name"]) == (201, "back\\u0000slash")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "json"])
def test_a_body_of_another_type_is_refused(api, kind):
    answer = api.ask("POST", "/carts", b'{"market": "IS"}', content_type=kind)
    assert (answer.status, answer.code, answer.body["accepted"]) == (
        415,
        "unsupported_media_type",
        ["application/json"],
    )


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge-patch+json"])
def test_json_by_any_of_its_names_is_taken(api, kind):
    assert api.ask("POST", "/carts", b'{"market": "IS"}', content_type=kind).status == 201


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/orders?limit=0", "query.limit"),
        ("/orders?limit=101", "query.limit"),
        ("/orders?limit=ten", "query.limit"),
        ("/orders?state=lost", "query.state"),
        ("/orders?sate=placed", "query.sate"),
        ("/orders?text=a%00b", ""),
        ("/products/a%00b", ""),
        ("/products", "query.market"),
        ("/products?market=IS&filter=colour", "query.filter"),
        (f"/carts/{NOWHERE}?customer_id=me", "query.customer_id"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(api, path, where):
    answer = api.get(path)
    assert (answer.status, answer.code, answer.body["errors"][0]["where"]) == (422, "invalid_parameter", where)


def test_a_cursor_is_good_for_its_own_question_only(api, world):
    for name in "abc":
        api.post("/customers", {"email": f"{name}@example.com"})
    first = api.get("/customers?limit=2").body
    assert [one["email"][0] for one in first["items"]] == ["c", "b"]
    link = api.get("/customers?limit=2").headers["Link"]
    assert link == f'</api/v1/customers?limit=2&cursor={first["next"]}>; rel="next"'
    second = api.get(f"/customers?limit=2&cursor={first['next']}")
    assert ([one["email"][0] for one in second.body["items"]], second.body["next"]) == (["a"], None)
    assert "Link" not in second.headers
    tampered = ("B" if first["next"][0] == "A" else "A") + first["next"][1:]
    for path in (
        f"/customers?text=a&cursor={first['next']}",
        f"/orders?cursor={first['next']}",
        f"/customers?cursor={tampered}",
        "/customers?cursor=1",
        "/customers?cursor=%C3%A9",
        "/customers?cursor=" + "A" * 399,
    ):
        assert (api.get(path).status, api.get(path).code) == (422, "bad_cursor"), path


def test_what_is_as_it_was_is_not_sent_again(api):
    first = api.get("/categories")
    tag = first.headers["ETag"]
    assert api.get("/categories", **{"If-None-Match": f'"other", W/{tag}'}).status == 304
    assert api.get("/categories", **{"If-None-Match": "*"}).status == 304
    api.put("/categories/garden", {"names": {"en": "Garden"}})
    assert api.get("/categories", **{"If-None-Match": tag}).status == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(RuntimeError("Anna's secret"), 500, "internal_error"), (OperationalError("gone"), 503, "database_unavailable")],
)
def test_a_bug_is_a_problem_that_tells_nothing(api, monkeypatch, capfd, error, status, code):
    def broken(*_):
        raise error

    monkeypatch.setattr("samband.commerce.catalog.queries.tree", broken)
    answer = api.get("/categories")
    assert (answer.status, answer.code) == (status, code)
    assert str(error) not in json.dumps(answer.body)
    assert str(error) not in capfd.readouterr().err


def test_health_is_for_everybody(world, monkeypatch):
    answer = Api(None).get("/health")
    assert (answer.status, answer.body["status"]) == (200, "ok")
    assert answer.body["backlog"]["set_aside"] == 0

    def gone():
        raise OperationalError

    monkeypatch.setattr("samband.timeline.queries.backlog", gone)
    assert (Api(None).get("/health").status, Api(None).get("/health").headers["Retry-After"]) == (503, "5")


# --- what it says of itself


def test_the_document_is_openapi_3_1_and_every_operation_is_in_it(client):
    served = json.loads(client.get("/api/v1/openapi.json").content)
    assert served == json.loads(json.dumps(document()))
    assert served["openapi"] == "3.1.0"
    described = {details["operationId"] for methods in served["paths"].values() for details in methods.values()}
    assert described == set(OPERATIONS)


def test_every_operation_documents_scope_problems_headers_and_examples():
    for path, methods in document()["paths"].items():
        for method, details in methods.items():
            operation = OPERATIONS[details["operationId"]]
            where = f"{method} {path}"
            assert details["summary"], where
            assert details["tags"], where
            assert details["security"] == ([{"ApiKey": [operation.scope]}] if operation.scope else []), where
            assert all("description" in one for one in details["parameters"] if one["in"] != "path"), where
            for status, response in details["responses"].items():
                found = resolved(response)
                assert "X-Request-Id" in found["headers"], where
                for kind, content in found.get("content", {}).items():
                    assert content.get("example") or content.get("examples"), (where, status)
                    assert (kind == "application/problem+json") == (int(status) >= 400), (where, status)
            if operation.asks:
                assert details["requestBody"]["content"]["application/json"]["example"], where
            assert ("Idempotency-Key" in {one["name"] for one in details["parameters"]}) == operation.once, where
            told = {HTTPStatus(int(status)) for status in details["responses"]}
            assert {kind.status for kind in operation.refuses} <= told, where


def test_the_examples_of_bodies_are_bodies():
    import msgspec

    schemas = document()["components"]["schemas"]
    for operation in OPERATIONS.values():
        for shape in (operation.asks, operation.answers, *operation.others.values()):
            if shape:
                example = example_of({"$ref": f"#/components/schemas/{shape.__name__}"}, schemas)
                assert msgspec.convert(example, shape), operation.id


WITHOUT_A_KEY = {
    "openCart": "opens a cart, which holds nothing and costs nothing",
    "addLines": "fills a cart: guarded by If-Match",
    "enterCoupon": "a code that is entered twice is there once",
    "handCartOut": "a code opens a cart, which holds nothing",
    "takeCartOver": "a code leads to one cart, however often",
    "dropPayment": "what is dropped is dropped",
    "tokeniseCard": "keeps nothing",
    "lookGiftCardUp": "a code in an address would be written down on the way",
    "cancelGiftCard": "what is cancelled is cancelled",
    "noteTransfer": "the bank's own name for the transaction is the key",
    "payOut": "the money has a key of its own",
    "settleOrder": "asks how a payment stands; asking again is the same",
    "attachMedium": "the same file again is the same picture",
    "removePrices": "what is gone is gone",
    "endCoupons": "what is ended is ended",
    "registerCustomer": "an address is one customer's",
    "askPrivacy": "what is asked again while it is under way is the same request",
    "sizeSegment": "counts and keeps nothing",
    "addAddress": "an address book is no goods",
    "retryDelivery": "a reaction takes effect once",
    "retryDeliveries": "a reaction takes effect once",
}


def test_every_post_takes_an_idempotency_key_or_says_why_not():
    posts = {operation.id for operation in OPERATIONS.values() if operation.method == "POST" and not operation.once}
    assert posts == set(WITHOUT_A_KEY)


def test_the_documentation_is_readable_and_names_everything(client):
    page = client.get("/api/v1/docs").content.decode()
    for operation in OPERATIONS:
        assert f'id="{operation}"' in page
    assert "<script" not in page
    assert "style=" not in page
    listed = client.get("/api/v1/docs/problems").content.decode()
    for code in problems():
        assert f'id="{code}"' in listed


def test_the_documentation_loads_nothing_from_elsewhere(client):
    for path in ("/api/v1/docs", "/api/v1/docs/problems"):
        page = client.get(path).content.decode()
        loaded = re.findall(r"""(?:src|href)="([^"#]+)""", page)
        assert {one.split("?")[0] for one in loaded if not one.startswith("/api/v1/")} == {"/static/api/docs.css"}
