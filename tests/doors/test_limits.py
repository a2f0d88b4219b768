"""Whoever guesses at a door is held up, and whoever is right is not."""

import json

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samband.channels.api import keys
from samband.channels.api import tries as api_tries
from samband.channels.hooks import tries as hook_tries
from samband.channels.kiosk import tries as kiosk_tries
from samband.channels.shop import tries as shop_tries
from samband.tries.limits import Limit
from tests import worlds


@pytest.fixture
def world(transactional_db):
    yield worlds.small_world()
    worlds.fresh_processes()


def narrowed(monkeypatch, door, name: str, most: int = 3) -> None:
    """The same limit, reached sooner."""
    limit: Limit = getattr(door, name)
    monkeypatch.setattr(door, name, Limit(limit.what, most, limit.seconds))


def statuses(times: int, knock) -> list[int]:
    return [knock().status_code for _ in range(times)]


def test_enrolling_a_screen_is_not_tried_until_it_fits(world) -> None:
    found = statuses(11, lambda: Client().post("/kiosk/enrol/", {"code": "AAAA-AAAA"}))
    assert (set(found[:10]), found[10]) == ({403}, 429)
    assert kiosk_tries.enrolling.most == 10


def test_wrong_keys_are_held_up_and_right_ones_cost_nothing(world, monkeypatch) -> None:
    narrowed(monkeypatch, api_tries, "keys")

    def knock(key: str):
        return Client().get("/api/v1/markets", headers={"Authorization": f"Bearer {key}"})

    assert statuses(5, lambda: knock("sb_wrong_wrong")) == [401, 401, 401, 429, 429]
    held_up = knock("sb_wrong_wrong")
    assert int(held_up.headers["Retry-After"]) > 1
    assert json.loads(held_up.content)["code"] == "too_many_attempts"
    keys.forget()
    from django.db import connection

    with CaptureQueriesContext(connection) as statements:
        assert knock(world.api_key).status_code == 200
    assert not [one for one in statements if "tries_tried" in one["sql"]]


@pytest.mark.parametrize("path", ["pay/forged/", "cart/take/forged/", "letters/forged/", "newsletter/confirm/forged/"])
def test_links_are_not_guessed(path: str, world, monkeypatch) -> None:
    narrowed(monkeypatch, shop_tries, "links")
    found = statuses(4, lambda: Client().get(f"/en-is/{path}"))
    assert found[0] in (403, 404)
    assert found == [found[0]] * 3 + [429]


def test_notices_that_nobody_signed_are_held_up(world, monkeypatch) -> None:
    narrowed(monkeypatch, hook_tries, "forged")
    sent = {"data": b'{"id": "1"}', "content_type": "application/json"}
    found = statuses(4, lambda: Client().post("/hooks/payments/sandbox", **sent))
    assert found[3] == 429
    assert 429 not in found[:3]


def test_an_orders_number_is_tried_six_times_from_wherever(world) -> None:
    asked = {"number": "AAAAA-AAAAA", "email": "anna@example.com"}
    found = [Client(REMOTE_ADDR=f"10.0.0.{turn}").post("/en-is/order/", asked).status_code for turn in range(7)]
    assert found == [404] * 6 + [429]
