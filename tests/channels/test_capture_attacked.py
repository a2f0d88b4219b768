"""Whoever means harm: what it costs is bounded, the answer is typed, and nobody else's events are the worse for it."""

import gzip
import json
import sys

import pytest

from samband.channels.capture import door, keys
from samband.customers.touchpoints import messages, parts, queries
from tests.channels.capture_client import Client, browser_source, server_source, track

pytestmark = pytest.mark.django_db(transaction=True)

LEVELS = sys.getrecursionlimit()


@pytest.fixture
def browser():
    return Client(browser_source())


def raw(*items: bytes) -> bytes:
    return b'{"batch":[' + b",".join(items) + b"]}"


def event(nth: int, properties: bytes = b"{}", context: bytes = b"{}") -> bytes:
    told = json.dumps({"type": "track", "event": "A", "messageId": f"m-{nth}", "anonymousId": "v-1"}).encode()
    return told[:-1] + b',"properties":%b,"context":%b}' % (properties, context)


def kept():
    return list(queries.latest(most=5000))


def test_who_hammers_with_an_unknown_key_is_told_so_before_anything_of_it_is_read(browser, monkeypatch):
    asked = []
    monkeypatch.setattr(keys, "ASKED_AGAIN_AFTER_SECONDS", 3600.0)
    monkeypatch.setattr(messages, "batch", lambda body: pytest.fail("nobody's batch was read"))
    look = queries.origins_by_key
    monkeypatch.setattr(queries, "origins_by_key", lambda: asked.append(1) or look())
    body = json.dumps({"batch": [track(nth) for nth in range(500)], "writeKey": "guessed too"}).encode()
    stranger = Client("guessed")
    for _ in range(50):
        answer = stranger.post("/v1/batch", body)
        assert (answer.status, answer.code) == (401, "unknown_write_key")
    assert len(asked) <= 2, "the database is not asked at every try"


def test_large_bodies_are_read_from_those_whose_key_is_a_secret(browser):
    body = json.dumps({"batch": [track(nth, properties={"text": "x" * 900}) for nth in range(600)]}).encode()
    assert len(body) > door.LARGEST_BATCH
    for client, status in ((browser, 413), (Client("nobody's"), 413), (Client(server_source()), 413)):
        answer = client.post("/v1/batch", body)
        assert (answer.status, answer.code) == (status, "body_too_large")
    bomb = gzip.compress(b'{"batch":[' + b" " * 50_000_000 + b"]}")
    answer = browser.post("/v1/batch", bomb, {"Content-Encoding": "gzip"})
    assert (answer.status, answer.json["most"]) == (413, door.LARGEST_BATCH)
    assert not kept()


def test_a_body_that_ends_before_it_said_is_no_batch(browser):
    whole = raw(event(1), event(2))
    for cut in (1, len(whole) // 2, len(whole) - 1):
        assert browser.post("/v1/batch", whole[:cut]).status == 400
    assert not kept()


@pytest.mark.parametrize("levels", [LEVELS // 2, LEVELS - 20, LEVELS + 20, 4000])
@pytest.mark.parametrize("where", ["properties", "page", "traits"])
def test_however_deep_one_event_is_the_others_are_kept(browser, levels, where):
    deep = b'{"a":' * levels + b"1" + b"}" * levels
    match where:
        case "properties":
            bad = event(2, properties=deep)
        case "page":
            bad = event(2, context=b'{"page":%b}' % deep)
        case _:
            bad = event(2, context=b'{"traits":%b}' % deep)
    answer = browser.post("/v1/batch", raw(event(1), bad, event(3)))
    if answer.status == 200:
        assert {one["code"] for one in answer.json.get("rejected", [])} <= {"too_deep", "not_an_item"}
        assert len(kept()) == 3 - len(answer.json.get("rejected", []))
    else:
        assert (answer.status, answer.code) == (400, "too_deep")
        assert not kept(), "nothing was taken, and it was said so"


@pytest.mark.parametrize(
    "properties",
    [b'{"a":"\xff\xfe"}', b'{"a":1e999999}', b'{"a":01}', b'{"a":"\x00"}', b'{"a":nan}', b'{"a":1,}', b'{"\xc3":1}'],
)
def test_what_is_no_json_within_one_event_is_rejected_every_time_and_hinders_no_other(browser, properties):
    for turn in range(3):
        answer = browser.post("/v1/batch", raw(event(turn), event(100 + turn, properties)))
        if answer.status == 200:
            assert [one["code"] for one in answer.json["rejected"]] == ["not_an_item"]
        else:
            assert (answer.status, answer.code) == (400, "malformed")
    assert len(kept()) == (3 if answer.status == 200 else 0)
    assert all(one.payload == {} for one in kept())


@pytest.mark.parametrize("properties", [b"null", b"[]", b'"text"', b"5", b"true", b'[{"sku":"A"}]', b"{}"])
def test_properties_that_are_none_cost_nothing_but_themselves(browser, properties):
    assert browser.post("/v1/batch", raw(event(1, properties), event(2, b'{"sku":"A"}'))).json == {"success": True}
    assert {one.sku for one in kept()} == {None, "A"}


@pytest.mark.parametrize("page", [b"null", b"[]", b'"/p"', b'{"path":7,"title":"T"}', b'{"path":"/p?mail=a@b.is#x"}'])
def test_of_a_page_is_kept_what_is_one(browser, page):
    assert browser.post("/v1/batch", raw(event(1, context=b'{"page":%b}' % page))).json == {"success": True}
    (one,) = kept()
    assert one.payload.get("page") in (None, {"title": "T"}, {"path": "/p"})


def test_the_same_name_many_times_is_one_property(browser):
    assert browser.post("/v1/batch", raw(event(1, b'{"sku":"A","sku":"B","sku":"C"}'))).status == 200
    (one,) = kept()
    assert (one.sku, one.payload["properties"]) == ("C", {"sku": "C"})


def test_very_many_different_names_and_values_leave_no_more_behind_than_a_few_megabytes(browser):
    wide = {f"name-{nth}": nth for nth in range(1500)}
    assert browser.batch(track("wide", properties=wide)).status == 200
    assert kept()[0].payload["properties"] == wide
    memories = (parts._remembered_properties, parts._remembered_page, parts._remembered_surroundings)
    for one in memories:
        one.cache_clear()
    different = [
        track(nth, properties={"nth": nth}, context={"page": {"path": f"/{nth}"}, "userAgent": f"A {nth}" + "x" * 2000})
        for nth in range(100)
    ]
    assert browser.batch(*different).status == 200
    for one in memories:
        assert 0 < one.cache_info().currsize <= one.cache_info().maxsize == parts.MOST
    longest = track(
        "long", properties={"text": "x" * parts.LONGEST}, context={"locale": "x" * 5000, "page": {"path": "/1"}}
    )
    before = [one.cache_info().currsize for one in memories]
    assert browser.batch(longest).status == 200
    assert [one.cache_info().currsize for one in memories] == before, "what is long is not remembered"


def test_what_is_remembered_of_one_source_says_nothing_to_another(browser):
    """The same goods on the same page, once from a browser that needs consent: only the common part is shared."""
    careful = Client(browser_source("careful", needs_consent=True))
    one = track(1, properties={"sku": "A", "email": "anna@mail.example"}, context={"page": {"path": "/p"}})
    assert browser.batch(one).status == careful.batch(one).status == 200
    with_who, without = sorted(kept(), key=lambda kept_one: -kept_one.identifier)
    assert (with_who.sku, without.sku) == ("A", "A")
    assert without.identifier == 0
    assert "email" not in json.dumps(without.payload)
