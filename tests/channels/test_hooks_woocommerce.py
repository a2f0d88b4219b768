"""A WooCommerce shop tells of its orders and customers: signed, once, in any order."""

import itertools
import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from samband.channels.hooks import woocommerce_words
from samband.channels.hooks.told import Setting
from samband.customers.touchpoints import commands as sources
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.queries import TouchpointView
from tests.channels.signing import Sender, hook_setting, signature
from tests.worlds import CUP, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "wc-7f0d!%aB"

ORDER: dict[str, Any] = {
    "id": 727, "parent_id": 0, "status": "processing", "currency": "PLN", "version": "9.1.2", "number": "727",
    "created_via": "checkout", "date_created": "2026-03-22T16:28:02", "date_created_gmt": "2026-03-22T15:28:02",
    "date_modified_gmt": "2026-03-22T15:28:08", "date_completed_gmt": None, "discount_total": "10.00",
    "shipping_total": "12.00", "total": "129.00", "total_tax": "24.12", "customer_id": 25,
    "customer_ip_address": "198.51.100.7", "customer_user_agent": "Mozilla/5.0", "customer_note": "Gate code 4711",
    "billing": {
        "first_name": "Jan", "last_name": "Kowalski", "address_1": "ul. Długa 7", "postcode": "00-029", "country": "PL",
        "email": "Jan@Example.com", "phone": "+48 601 234 567",
    },
    "shipping": {"first_name": "Jan", "last_name": "Kowalski", "address_1": "ul. Długa 7", "country": "PL"},
    "payment_method": "cod", "payment_method_title": "Za pobraniem", "cart_hash": "d41d8cd9",
    "line_items": [
        {"id": 315, "name": "Kubek", "product_id": 93, "variation_id": 0, "quantity": 3, "sku": CUP, "price": 39,
         "total": "117.00"},
    ],
    "shipping_lines": [{"id": 317, "method_title": "Odbiór", "method_id": "local_pickup", "total": "12.00"}],
    "coupon_lines": [{"id": 318, "code": "wiosna", "discount": "10.00"}],
    "refunds": [],
    "meta_data": [{"id": 1, "key": "_secret_note", "value": "Kowalski likes red"}],
}  # fmt: skip

CUSTOMER: dict[str, Any] = {
    "id": 25, "date_created_gmt": "2026-01-02T10:00:00", "date_modified_gmt": "2026-03-22T15:28:02",
    "email": "jan@example.com", "first_name": "Jan", "last_name": "Kowalski", "role": "customer", "username": "janek",
    "billing": {"phone": "601 234 567", "country": "PL"}, "shipping": {},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    small_world()
    sources.open_source("warsaw", "The shop in Warsaw", "webhook")
    monkeypatch.setenv(hook_setting("WARSAW"), SECRET)
    yield
    fresh_processes()


@pytest.fixture
def shop() -> Sender:
    return Sender("/hooks/woocommerce/warsaw", "X-WC-Webhook-Topic", "X-WC-Webhook-Signature", SECRET)


def captured(event: str | None = None) -> list[TouchpointView]:
    found = list(reversed(touchpoints.latest(most=1000)))
    return [one for one in found if event in (None, one.event)]


def events() -> list[str]:
    return [one.event for one in captured()]


def as_it_was(**changes: Any) -> dict[str, Any]:
    return deepcopy(ORDER) | changes


def test_an_order_tells_what_was_bought_and_by_whom(shop: Sender) -> None:
    assert shop.send("order.created", ORDER) == 200
    bought, coupon = captured()
    assert (bought.event, bought.order_ref, bought.worth, bought.currency) == ("Order Completed", "727", 12900, "PLN")
    assert (bought.sku, bought.channel) == (CUP, "shop")
    assert bought.category, "goods that we know are given their category"
    assert bought.occurred_at == datetime(2026, 3, 22, 15, 28, 2, tzinfo=UTC)
    said = bought.payload["properties"]
    assert (said["payment"], said["delivery"], said["country"]) == ("on_delivery", "pickup", "PL")
    assert coupon.payload["properties"]["coupon_id"] == "wiosna"
    with connection.cursor() as cursor:
        cursor.execute("select value, namespace from identity_identifier order by kind")
        assert cursor.fetchall() == [("25", "warsaw"), ("jan@example.com", ""), ("+48601234567", "")]
    told = json.dumps([one.payload for one in captured()], ensure_ascii=False)
    for name in ("Kowalski", "Jan", "Długa", "198.51", "4711", "red"):
        assert name not in told


def test_a_guest_is_their_address(shop: Sender) -> None:
    shop.send("order.created", as_it_was(customer_id=0))
    with connection.cursor() as cursor:
        cursor.execute("select value from identity_identifier order by kind")
        assert cursor.fetchall() == [("jan@example.com",), ("+48601234567",)]


def life() -> list[tuple[str, dict[str, Any]]]:
    refund = {"id": 801, "reason": "chipped", "total": "-39.00"}
    return [
        ("order.created", as_it_was(status="pending")),
        ("order.updated", as_it_was(date_modified_gmt="2026-03-22T15:30:00")),
        ("order.updated", as_it_was(status="completed", date_completed_gmt="2026-03-25T10:00:00",
                                    date_modified_gmt="2026-03-25T10:00:00")),
        ("order.updated", as_it_was(status="completed", date_completed_gmt="2026-03-25T10:00:00",
                                    date_modified_gmt="2026-03-27T09:00:00", refunds=[refund])),
    ]  # fmt: skip


def test_in_whatever_order_notices_come_the_same_is_known(shop: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for nth, order in enumerate(itertools.permutations(life())):
        slug = f"warsaw-{nth}"
        sources.open_source(slug, slug, "webhook", namespace="warsaw", secret_ref="warsaw")
        there = Sender(f"/hooks/woocommerce/{slug}", shop.topic_header, shop.signature_header, SECRET)
        assert [there.send(topic, body) for topic, body in (*order, order[0])] == [200] * 5
        mine = [one for one in captured() if one.source == slug]
        told.append(sorted((one.event, one.order_ref, one.worth or 0, one.occurred_at) for one in mine))
    names = [event for event, *_ in told[0]]
    assert names == sorted(
        ["Checkout Started", "Coupon Applied", "Order Completed", "Order Fulfilled", "Order Refunded"]
        + ["Order Updated"] * 3
    )
    # When money went back is not told: it is as old as the first notice that speaks of it.
    assert all(each == told[0] for each in told)
    assert [worth for event, _, worth, _ in told[0] if event == "Order Refunded"] == [3900]


def test_an_order_that_is_not_paid_is_none_yet(shop: Sender) -> None:
    for state in ("pending", "checkout-draft", "failed", "trash"):
        shop.send("order.updated", as_it_was(status=state))
    assert events() == ["Checkout Started", "Payment Failed"]


def test_an_order_that_is_called_off_says_so(shop: Sender) -> None:
    shop.send("order.created", ORDER)
    shop.send("order.updated", as_it_was(status="cancelled", date_modified_gmt="2026-03-23T08:00:00"))
    assert events() == ["Order Completed", "Coupon Applied", "Order Cancelled"]


def test_customers_are_known_by_what_cannot_be_misread(shop: Sender) -> None:
    assert shop.send("customer.created", CUSTOMER) == 200
    assert shop.send("customer.updated", CUSTOMER) == 200
    assert events() == ["Signed Up", "Identified"]
    with connection.cursor() as cursor:
        cursor.execute("select value from identity_identifier order by kind")
        assert cursor.fetchall() == [("25",), ("jan@example.com",)], "a number without its country is nobody's"


def test_it_knocks_before_it_tells(shop: Sender) -> None:
    """When a webhook is saved, its number is posted without a signature, and has to be taken."""
    answer = shop.client.post(shop.address, {"webhook_id": "12"}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 401, "only the number itself is a knock"
    answer = shop.client.post(shop.address, b"webhook_id=12", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, captured()) == (200, [])
    nowhere = shop.address.replace("warsaw", "nowhere")
    answer = shop.client.post(nowhere, b"webhook_id=12", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 404


@pytest.mark.parametrize("signed", ["", "x", signature("other", json.dumps(ORDER).encode())])
def test_a_forged_notice_is_refused_and_changes_nothing(shop: Sender, signed: str) -> None:
    assert shop.send("order.created", ORDER, signed=signed) == 401
    assert captured() == []


def test_a_signature_of_one_shop_opens_no_other(shop: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    sources.open_source("krakow", "The shop in Kraków", "webhook")
    monkeypatch.setenv(hook_setting("KRAKOW"), "another")
    there = Sender("/hooks/woocommerce/krakow", shop.topic_header, shop.signature_header, SECRET)
    assert there.send("order.created", ORDER) == 401


@pytest.mark.parametrize("topic", ["product.updated", "order.deleted", "customer.deleted", "action.anything", ""])
def test_what_we_do_not_listen_to_is_acknowledged(shop: Sender, topic: str) -> None:
    assert shop.send(topic or "x", {"id": 727}) == 200
    assert captured() == []


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(sorted(ORDER)), inside, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(woocommerce_words._TOPICS)), st.dictionaries(st.sampled_from(sorted(ORDER)), ODD))
def test_no_notice_however_odd_is_more_than_we_can_take(topic: str, odd: dict[str, Any]) -> None:
    setting = Setting("warsaw", datetime(2026, 6, 1, tzinfo=UTC))
    told = woocommerce_words.told(topic, deepcopy(ORDER) | odd, setting)
    assert told is not None
    assert all(note.occurred_at <= setting.at for note in told.notes)
