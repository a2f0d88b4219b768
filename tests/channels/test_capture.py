"""The tracking API as its clients speak it: what is acknowledged is kept once, what is wrong is said so."""

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from samband.channels.capture import keys
from samband.channels.capture.reading import LARGEST_BYTES
from samband.customers.identity import queries as identity
from samband.customers.touchpoints import books, commands, queries
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import identifier
from tests.channels.capture_client import Client, basic, browser_source, server_source, track

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    return Client(server_source())


@pytest.fixture
def browser():
    return Client(browser_source())


def kept():
    """What stands in the house, oldest first."""
    return list(reversed(queries.latest(most=1000)))


def rejected():
    return {(one.source, one.code): one.count for one in queries.rejected((now() - timedelta(days=1)).date())}


# --- what is acknowledged is kept, once


def test_a_batch_is_answered_with_exactly_200_and_stands(server):
    answer = server.batch(track(1), track(2))
    assert answer.status == 200
    assert answer.json == {"success": True}
    assert [one.event for one in kept()] == ["Product Viewed", "Product Viewed"]


def test_what_is_acknowledged_is_committed_for_everybody(server):
    server.batch(track(1))
    seen = []

    def look():
        seen.append(len(kept()))
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(look).result()
    assert seen == [1]


def test_a_message_sent_again_is_kept_once_however_much_later(server):
    server.batch(track(1))
    with held_at(now() + timedelta(days=900)):
        assert server.batch(track(1), track(2)).status == 200
    assert len(kept()) == 2


def test_a_message_twice_in_one_batch_is_kept_once(server):
    server.batch(track(1), track(1), track(1))
    assert len(kept()) == 1


def test_ids_are_any_text_and_each_source_has_its_own(server):
    other = Client(server_source("till"))
    ids = ("node-next-1700000000000-9b2f0f0a", "ÞÆÖ 🧺", "x" * 500, "7", "\u00e9", "e\u0301")
    for client in (server, other, server):
        assert client.batch(*(track(messageId=one) | {"messageId": one} for one in ids)).status == 200
    assert len(kept()) == 2 * len(ids)


def test_without_an_id_the_content_is_the_id(server):
    one = {"type": "track", "event": "A", "userId": "7", "timestamp": "2026-01-05T10:00:00Z"}
    server.batch(one, one, {**one, "event": "B"})
    assert len(kept()) == 3, "the same twice in one request was meant twice"
    server.batch(one, one, {**one, "event": "B"}, sentAt=now().isoformat())
    assert len(kept()) == 3, "the same request again"


def test_a_hundred_who_send_the_same_at_once_are_kept_once(server):
    items = [track(nth) for nth in range(50)]

    def send(turn):
        try:
            return Client(server.key).batch(*(items if turn % 2 else reversed(items))).status
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(24))) == {200}
    assert len(kept()) == 50
    assert list(books.findings()) == []


def test_order_of_arrival_is_the_order_of_positions(server):
    server.batch(*(track(nth, properties={"nth": nth}) for nth in range(30)))
    assert [one.payload["properties"]["nth"] for one in kept()] == list(range(30))


# --- who it was


def test_a_touchpoint_is_kept_under_the_strongest_identifier_it_came_with(server):
    server.batch(
        track(1), track(2, userId="u-1"), {**track(3), "type": "identify", "traits": {"email": "Anna@Mail.is"}}
    )
    cookie = identifier("cookie", "visitor-1", "erp")
    user = identifier("user", "u-1", "erp")
    email = identifier("email", "anna@mail.is")
    numbers = identity.numbers([cookie.key, user.key, email.key])
    assert [one.identifier for one in kept()] == [numbers[cookie.key], numbers[user.key], numbers[email.key]]
    assert [one.device for one in kept()] == [None, numbers[cookie.key], numbers[cookie.key]]


def test_users_of_two_systems_are_two_people(server):
    other = Client(server_source("till"))
    server.batch(track(1, userId="1", anonymousId=None))
    other.batch(track(1, userId="1", anonymousId=None))
    assert len({one.identifier for one in kept()}) == 2


@pytest.mark.parametrize(
    "nobody", [None, "", "null", "undefined", "[object Object]", "00000000-0000-0000-0000-000000000000"]
)
def test_what_clients_send_instead_of_nobody_is_nobodys_and_not_lost(server, nobody):
    assert server.batch(track(1, anonymousId=nobody, userId=nobody)).status == 200
    assert [one.identifier for one in kept()] == [0]


def test_an_identifier_that_is_none_is_counted(server):
    server.batch(track(1, userId="undefined"), {**track(2), "type": "identify", "traits": {"email": "nonsense"}})
    assert rejected() == {("erp", "identifier_ignored"): 2}
    assert len(kept()) == 2


def test_a_novel_for_an_identifier_is_nobodys(server):
    assert server.batch(track(1, userId="x" * 20_000, anonymousId=None)).status == 200
    assert kept()[0].identifier == 0


def test_ids_may_be_numbers(server):
    server.batch(track(1, userId=17), track(2, userId="17"))
    assert len({one.identifier for one in kept()}) == 1


def test_rudderstack_tells_traits_in_the_context_alone(server):
    item = {"type": "identify", "userId": "7", "context": {"traits": {"email": "b@mail.is"}}, "messageId": "1"}
    server.batch(item)
    assert identity.find(identifier("email", "b@mail.is")) is not None


def test_a_groups_traits_are_not_a_persons(server):
    server.batch(
        {"type": "group", "userId": "7", "groupId": "g", "traits": {"email": "office@firm.is"}, "messageId": "1"}
    )
    assert identity.find(identifier("email", "office@firm.is")) is None
    assert kept()[0].payload["group"]["id"] == "g"


# --- what is never kept


def test_addresses_agents_and_secrets_are_never_kept(server):
    context = {
        "ip": "203.0.113.9",
        "userAgent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/120.0",
        "device": {"id": "d-1", "name": "Anna's phone", "advertisingId": "ad-77", "model": "Pixel"},
        "page": {"url": "https://shop.is/p?mail=anna@mail.is#x", "search": "?mail=anna@mail.is"},
        "location": {"latitude": 64.1, "longitude": -21.9},
    }
    server.batch(track(1, context=context, properties={"ip": "203.0.113.9", "password": "hunter2", "sku": "CUP"}))
    with connection.cursor() as cursor:
        cursor.execute("select t::text from touchpoints_touchpoint t")
        ((row,),) = cursor.fetchall()
    for trace in ("203.0.113", "Pixel 8", "Anna", "ad-77", "anna@mail.is", "hunter2", "64.1", server.key):
        assert trace not in row
    assert kept()[0].payload["agent"] == "Chrome, Android"
    assert kept()[0].payload["page"]["url"] == "https://shop.is/p"
    assert kept()[0].payload["device"] == {"model": "Pixel"}


def test_of_a_write_key_only_the_hash_is_kept(server):
    with connection.cursor() as cursor:
        cursor.execute("select s::text from touchpoints_source s")
        assert all(server.key not in row for (row,) in cursor.fetchall())


# --- what was agreed to


def test_without_consent_a_browser_is_nobody_and_its_event_is_counted():
    client = Client(browser_source(needs_consent=True))
    properties = {"sku": "CUP", "email": "anna@mail.is", "order_id": "o-1"}
    answer = client.batch(track(1, userId="u", properties=properties, context={"page": {"path": "/anna"}}))
    assert answer.status == 200
    (one,) = kept()
    assert (one.identifier, one.device, one.sku, one.order_ref) == (0, None, "CUP", None)
    assert one.payload == {"properties": {"sku": "CUP"}}
    assert identity.find(identifier("cookie", "visitor-1", "web")) is None


def test_consent_said_per_category_is_heeded():
    client = Client(browser_source(needs_consent=True))
    said = {"consent": {"categoryPreferences": {"analytics": True, "advertising": False}}}
    client.batch(
        track(1, context=said, properties={"sku": "CUP", "gclid": "click-1"}),
        track(2, context={"consent": {"categoryPreferences": {"analytics": "yes"}}}),
        track(3, context={"consent": {"categoryPreferences": None}}),
    )
    assert [one.identifier > 0 for one in kept()] == [True, False, False]
    assert kept()[0].payload["properties"] == {"sku": "CUP"}


def test_a_batchs_context_is_of_all_its_items():
    client = Client(browser_source(needs_consent=True))
    said = {"consent": {"categoryPreferences": {"analytics": True}}, "locale": "is-IS", "device": {"id": "d-9"}}
    client.batch(track(1), track(2, context={"locale": "pl-PL"}), context=said)
    assert [one.payload["locale"] for one in kept()] == ["is-IS", "pl-PL"]
    assert all(one.identifier for one in kept())
    assert len({one.device for one in kept()}) == 1


def test_gpc_takes_what_advertisers_know_a_click_by(browser):
    item = track(1, properties={"sku": "CUP", "fbclid": "click", "products": [{"gclid": "deep", "sku": "A"}]})
    browser.post("/v1/track", item, {"Sec-GPC": "1"})
    assert kept()[0].payload["properties"] == {"sku": "CUP", "products": [{"sku": "A"}]}
    assert kept()[0].identifier > 0


# --- when it was


def test_clocks_that_are_off_are_put_right_by_when_it_was_sent(server):
    moment = now()
    behind = moment - timedelta(days=3650)
    with held_at(moment):
        server.batch(track(1, timestamp=(behind - timedelta(minutes=5)).isoformat()), sentAt=behind.isoformat())
    assert abs(kept()[0].occurred_at - (moment - timedelta(minutes=5))) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "told", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", 10**30, -5, [], "0001-01-01"]
)
def test_a_moment_that_cannot_be_is_when_we_heard_of_it(server, told):
    moment = now()
    with held_at(moment):
        assert server.batch(track(1, timestamp=told)).status == 200
    assert kept()[0].occurred_at == moment


def test_the_past_can_be_told(server):
    server.post("/v1/import", {"batch": [track(1, timestamp="2026-01-17T12:00:00+02:00")]})
    assert kept()[0].occurred_at.isoformat() == "2026-01-17T10:00:00+00:00"


def test_an_offline_queue_keeps_its_moments(server):
    moment = now()
    with held_at(moment):
        server.batch(track(1, timestamp=(moment - timedelta(days=4)).isoformat()), sentAt=moment.isoformat())
    assert kept()[0].occurred_at == moment - timedelta(days=4)


# --- goods, worth, names


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({"total": 12.5, "currency": "EUR"}, (1250, "EUR")),
        ({"revenue": "0.1", "currency": "pln"}, (10, "PLN")),
        ({"price": 1999, "currency": "ISK"}, (1999, "ISK")),
        ({"value": 1.005, "currency": "USD"}, (100, "USD")),
        ({"total": 19.99, "currency": "GBP"}, (1999, "GBP")),
        ({"total": 12}, (None, None)),
        ({"total": "a lot", "currency": "EUR"}, (None, "EUR")),
        ({"total": 1e300, "currency": "EUR"}, (None, "EUR")),
        ({"total": True, "currency": "EUR"}, (None, "EUR")),
        ({"total": 0, "price": 7, "currency": "EUR"}, (0, "EUR")),
    ],
)
def test_worth_is_in_minor_units(server, properties, told):
    server.batch(track(1, properties=properties))
    assert (kept()[0].worth, kept()[0].currency) == told


def test_the_single_product_is_the_product_and_of_several_none(server):
    server.batch(
        track(1, "Order Completed", properties={"order_id": 7, "products": [{"sku": "CUP", "category": "cups"}]}),
        track(2, "Order Completed", properties={"order_id": "8", "products": [{"sku": "CUP"}, {"sku": "LAMP"}]}),
    )
    assert [(one.sku, one.category, one.order_ref) for one in kept()] == [("CUP", "cups", "7"), (None, None, "8")]


def test_every_call_is_kept_under_its_name(server):
    for call in ("identify", "page", "screen", "group", "alias"):
        assert server.post(f"/v1/{call}", {"userId": "7", "previousId": "a", "messageId": call}).status == 200
    assert [one.event for one in kept()] == ["Identified", "Page Viewed", "Screen Viewed", "Grouped", "Aliased"]


# --- browsers


@pytest.mark.parametrize("path", ["/v1/t", "/v1/i", "/v1/p", "/v1/s", "/v1/g", "/v1/a"])
def test_the_browsers_short_addresses_take_plain_text_with_the_key_inside(browser, path):
    body = json.dumps({**track(path), "userId": "7", "previousId": "0x", "writeKey": browser.key, "type": "track"})
    answer = browser.ask(path, body.encode(), headers={"Content-Type": "text/plain"})
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert len(kept()) == 1


def test_the_browsers_batch(browser):
    body = json.dumps({"batch": [track(1), track(2)], "writeKey": browser.key, "sentAt": now().isoformat()})
    assert browser.ask("/v1/b", body.encode()).status == 200
    assert len(kept()) == 2


def test_a_preflight_allows_what_the_client_sends(browser):
    answer = browser.ask("/v1/t", method="OPTIONS", headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 200
    assert {"authorization", "content-type"} <= {
        name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")
    }
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_the_browsers_client_reads_where_to_send(browser):
    answer = browser.ask(f"/v1/projects/{browser.key}/settings", method="GET")
    sending = answer.json["integrations"]["Segment.io"]
    assert (sending["apiKey"], sending["apiHost"], sending["protocol"]) == (browser.key, "shop.example/v1", "https")
    assert browser.ask("/v1/projects/nobody/settings", method="GET").status == 404


# --- keys


def test_a_key_may_come_by_basic_bearer_or_in_the_body(server):
    body = json.dumps({"batch": [track(1)]}).encode()
    inside = json.dumps({"batch": [track(1)], "writeKey": server.key}).encode()
    assert server.ask("/v1/batch", body, headers={"Authorization": basic(server.key)}).status == 200
    assert server.ask("/v1/batch", body, headers={"Authorization": f"Bearer {server.key}"}).status == 200
    assert server.ask("/v1/batch", inside).status == 200
    assert server.ask("/v1/batch", inside, headers={"Authorization": "Bearer a-token-of-oauth"}).status == 200


@pytest.mark.parametrize(
    "said", ["", "Basic", "Basic !!!", "Basic /w==", "Bearer", "Bearer nobody", "Digest x", "Basic " + "A" * 9000]
)
def test_a_key_that_nobody_has_opens_nothing(server, said):
    answer = server.ask("/v1/batch", b'{"batch":[]}', headers={"Authorization": said})
    assert (answer.status, answer.code) == (401, "unknown_write_key")
    assert answer.json["message"]


def test_a_closed_source_takes_nothing_more(server, monkeypatch):
    assert server.batch(track(1)).status == 200
    commands.close_source("erp")
    monkeypatch.setattr(keys, "KNOWN_FOR_SECONDS", 0.0)
    monkeypatch.setattr(keys, "ASKED_AGAIN_AFTER_SECONDS", 0.0)
    assert server.batch(track(2)).status == 401
    commands.open_again("erp")
    assert server.batch(track(3)).status == 200


def test_another_key_closes_the_old_one(server, monkeypatch):
    monkeypatch.setattr(keys, "KNOWN_FOR_SECONDS", 0.0)
    monkeypatch.setattr(keys, "ASKED_AGAIN_AFTER_SECONDS", 0.0)
    fresh = commands.change_key("erp")
    assert server.batch(track(1)).status == 401
    server.key = fresh
    assert server.batch(track(1)).status == 200


# --- what is wrong


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b"null", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"batch": 7}', 400, "malformed"),
        (b'{"batch": {"a": 1}}', 400, "malformed"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "too_deep"),
        (b'{"batch": [{"properties": ' + b"[" * 10_000 + b"]" * 10_000 + b"}]}", 400, "too_deep"),
    ],
)
def test_what_cannot_be_read_is_a_400_for_good(server, body, status, code):
    answer = server.post("/v1/batch", body)
    assert (answer.status, answer.code) == (status, code)
    assert answer.json["message"]
    assert kept() == []


def test_bad_items_hinder_no_other_and_are_counted_without_their_content(server):
    bad = [
        7, None, "x", [], {"type": "track"}, {"type": "track", "event": " "}, {"type": "track", "event": "x" * 300},
        {"type": "dance", "userId": "7"}, {"event": "no type"}, track("large", properties={"x": "y" * 33_000}),
    ]  # fmt: skip
    answer = server.batch(track(1), *bad, track(2))
    assert answer.status == 200
    assert [one["index"] for one in answer.json["rejected"]] == list(range(1, 11))
    assert len(kept()) == 2
    assert rejected() == {
        ("erp", "not_an_item"): 4,
        ("erp", "event_missing"): 3,
        ("erp", "unknown_type"): 2,
        ("erp", "event_too_large"): 1,
    }


def test_a_batch_of_nothing_good_is_a_400_and_counted(server):
    answer = server.batch({"type": "dance"}, 7)
    assert (answer.status, answer.code) == (400, "nothing_taken")
    assert [one["code"] for one in answer.json["rejected"]] == ["unknown_type", "not_an_item"]
    assert rejected() == {("erp", "unknown_type"): 1, ("erp", "not_an_item"): 1}


@pytest.mark.parametrize(
    ("path", "item", "status", "code"),
    [
        ("/v1/track", {"userId": "7"}, 400, "event_missing"),
        ("/v1/track", [], 400, "not_an_item"),
        ("/v1/track", {"event": "A", "properties": {"x": "y" * 40_000}}, 413, "event_too_large"),
    ],
)
def test_a_single_call_that_cannot_be_taken_says_why(server, path, item, status, code):
    answer = server.post(path, item)
    assert (answer.status, answer.code) == (status, code)


def test_careless_fields_cost_nothing_but_themselves(server):
    careless = track(1, properties=["no"], context={"page": "p", "device": {"id": {}, "model": "M"}, "locale": "is"},
                     integrations=7, timestamp={}, userId={"id": 7})  # fmt: skip
    assert server.batch(careless).status == 200
    (one,) = kept()
    assert one.payload == {"device": {"model": "M"}, "locale": "is"}
    assert one.identifier > 0


@pytest.mark.parametrize(
    "text", [r"a\u0000b", r"\ud83d", r"\udc00\ud83d", r"\\u0000", r"\ud83d\ude00", "\\u0007\\n", "🧺"]
)
def test_texts_that_postgresql_or_half_of_the_world_would_choke_on(server, text):
    body = '{"batch":[{"type":"track","event":"A","messageId":"1","properties":{"text":"' + text + '"}}]}'
    assert server.post("/v1/batch", body.encode()).status == 200
    assert "\x00" not in kept()[0].payload["properties"]["text"]


@pytest.mark.parametrize("number", ["1e400", "-1e999999", "1" + "0" * 5000, "1e308", "0.1e-400"])
def test_numbers_beyond_all_bounds_hinder_no_other(server, number):
    body = '{"batch":[{"type":"track","event":"A","properties":{"n":' + number + '}},{"type":"track","event":"B"}]}'
    assert server.post("/v1/batch", body.encode()).status == 200
    assert "B" in {one.event for one in kept()}


def test_gzip_is_unpacked(server):
    assert server.packed(track(1), track(2)).status == 200
    assert len(kept()) == 2


def test_gzip_that_ends_too_early_or_is_none(server):
    whole = gzip.compress(json.dumps({"batch": [track(nth) for nth in range(50)]}).encode())
    for broken in (whole[:-9], whole[: len(whole) // 2], b"not gzip", whole[:3], whole + whole[:20]):
        answer = server.post("/v1/batch", broken, {"Content-Encoding": "gzip"})
        assert (answer.status, answer.code) == (400, "broken_gzip")
    assert kept() == []


def test_a_gzip_bomb_costs_no_more_than_the_most_that_is_taken(server):
    import tracemalloc

    bomb = gzip.compress(b"0" * 300_000_000, compresslevel=9)
    tracemalloc.start()
    answer = server.post("/v1/batch", bomb, {"Content-Encoding": "gzip"})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status, answer.code) == (413, "body_too_large")
    assert peak < 6 * LARGEST_BYTES
    many = gzip.compress(b"") * 100_000
    assert server.post("/v1/batch", many, {"Content-Encoding": "gzip"}).status == 400


def test_an_encoding_that_we_do_not_speak(server):
    assert server.post("/v1/batch", b"x", {"Content-Encoding": "br"}).status == 415


def test_bodies_have_a_limit_that_rudderstack_may_exceed(server):
    large = [track(nth, properties={"x": "y" * 30_000}) for nth in range(20)]
    assert server.batch(*large, writeKey=server.key).status == 413
    answer = server.post("/v1/batch", {"batch": large}, {"User-Agent": "analytics-python/2.1.9"})
    assert answer.status == 200
    assert server.post("/v1/batch", b" " * (LARGEST_BYTES + 1)).status == 413


def test_a_source_may_be_given_larger_batches():
    client = Client(server_source(largest_batch=2_000_000))
    assert client.batch(*(track(nth, properties={"x": "y" * 60_000}) for nth in range(20))).status == 200


def test_a_browser_is_not_rudderstack(browser):
    large = [track(nth, properties={"x": "y" * 30_000}) for nth in range(20)]
    assert browser.post("/v1/batch", {"batch": large}, {"User-Agent": "analytics-python/2.1.9"}).status == 413


def test_a_body_larger_than_anything_is_not_even_read(server):
    class Endless:
        def read(self, most):
            raise AssertionError("it was read")

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/batch",
        "CONTENT_LENGTH": "9999999999",
        "wsgi.input": Endless(),
    }
    said = []
    server.door(environ, lambda status, headers: said.append(status))
    assert said[0].startswith("413")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/batch", 405), ("PUT", "/v1/t", 405), ("POST", "/v1/dance", 404), ("POST", "/v1/", 404),
     ("POST", "/v1/projects/x/settings", 405)],
)  # fmt: skip
def test_other_ways_and_addresses(server, method, path, status):
    answer = server.ask(path, b"{}", method=method, headers={"Authorization": basic(server.key)})
    assert answer.status == status
    assert answer.code
    assert answer.json["message"]


def test_when_the_database_does_not_answer_nothing_is_acknowledged(server, monkeypatch):
    from django.db import OperationalError

    from samband.channels.capture import storing

    def gone(takings):
        raise OperationalError("gone")

    assert server.batch(track(0)).status == 200
    with monkeypatch.context() as patched:
        patched.setattr(storing, "keep_together", gone)
        answer = server.batch(track(1))
    assert (answer.status, answer.code) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    assert server.batch(track(1)).status == 200
    assert len(kept()) == 2


def test_a_key_that_nobody_has_is_not_looked_up_at_every_try(server):
    tries = 50
    with connection.execute_wrapper(counting := _Counting()):
        began = time.monotonic()
        for nth in range(tries):
            server.ask("/v1/batch", b'{"batch":[]}', headers={"Authorization": f"Bearer guess-{nth}"})
        took = time.monotonic() - began
    assert counting.statements <= 2 + took / keys.ASKED_AGAIN_AFTER_SECONDS


class _Counting:
    def __init__(self):
        self.statements = 0

    def __call__(self, execute, sql, params, many, context):
        self.statements += 1
        return execute(sql, params, many, context)
