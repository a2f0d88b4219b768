"""A Shopify shop tells of its orders, carts and customers: signed, once, in any order."""

import base64
import hashlib
import hmac
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

from samband.channels.hooks import shopify_words
from samband.channels.hooks.signed import LARGEST_BYTES
from samband.channels.hooks.told import Setting
from samband.customers.consent import queries as consent
from samband.customers.consent.deciding import Address
from samband.customers.identity import commands as identity
from samband.customers.identity import queries as identities
from samband.customers.rights import queries as rights
from samband.customers.touchpoints import commands as sources
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.queries import TouchpointView
from samband.kernel.identifier import identifier
from tests.channels.signing import Sender, hook_setting, signature
from tests.worlds import CUP, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "shpss_5a1d6b0c2f"

ORDER: dict[str, Any] = {
    "id": 5551234567890,
    "admin_graphql_api_id": "gid://shopify/Order/5551234567890",
    "name": "#1042",
    "order_number": 1042,
    "test": False,
    "source_name": "web",
    "email": "anna@example.com",
    "contact_email": "anna@example.com",
    "phone": None,
    "created_at": "2026-06-01T14:03:11+02:00",
    "processed_at": "2026-06-01T14:03:10+02:00",
    "updated_at": "2026-06-01T14:03:12+02:00",
    "cancelled_at": None,
    "cancel_reason": None,
    "currency": "EUR",
    "total_price": "59.80",
    "total_tax": "10.38",
    "total_discounts": "5.00",
    "total_shipping_price_set": {"shop_money": {"amount": "4.90", "currency_code": "EUR"}},
    "financial_status": "paid",
    "fulfillment_status": None,
    "payment_gateway_names": ["shopify_payments"],
    "cart_token": "c1-68778783ad298f1c80c3bafcddeea02f",
    "checkout_token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
    "customer_locale": "lv-LV",
    "browser_ip": "203.0.113.9",
    "note": "Please ring twice, the bell is weak",
    "discount_codes": [{"code": "SUMMER", "amount": "5.00", "type": "fixed_amount"}],
    "customer": {
        "id": 700001, "email": "anna@example.com", "phone": "+37126123456", "first_name": "Anna", "last_name": "Ozola",
    },
    "shipping_address": {"name": "Anna Ozola", "address1": "Brīvības iela 1", "city": "Rīga", "country_code": "LV"},
    "billing_address": {"name": "Anna Ozola", "country_code": "LV"},
    "shipping_lines": [{"title": "Standard", "code": "standard", "price": "4.90"}],
    "line_items": [
        {"id": 1, "product_id": 11, "variant_id": 111, "sku": CUP, "title": "Cup", "quantity": 2, "price": "9.90"},
        {"id": 2, "product_id": 12, "variant_id": 121, "sku": "OLD-1", "title": "Rug", "quantity": 1, "price": "40.10"},
    ],
    "refunds": [],
    "fulfillments": [],
}  # fmt: skip

REFUND: dict[str, Any] = {
    "id": 890088186047, "order_id": ORDER["id"], "created_at": "2026-06-05T09:00:00+02:00",
    "transactions": [
        {"id": 1, "kind": "refund", "status": "success", "amount": "9.90", "currency": "EUR"},
        {"id": 2, "kind": "refund", "status": "failure", "amount": "9.90", "currency": "EUR"},
    ],
    "refund_line_items": [{"id": 1, "quantity": 1, "restock_type": "return", "line_item": {"sku": CUP}}],
}  # fmt: skip

PARCEL: dict[str, Any] = {
    "id": 255858046, "order_id": ORDER["id"], "status": "success", "tracking_company": "Omniva",
    "tracking_number": "CE123456789LV", "shipment_status": "delivered", "email": "anna@example.com", "name": "#1042.1",
    "created_at": "2026-06-02T08:00:00+02:00", "updated_at": "2026-06-03T16:00:00+02:00",
}  # fmt: skip

CART: dict[str, Any] = {
    "id": ORDER["cart_token"], "token": ORDER["cart_token"], "note": "", "created_at": "2026-06-01T11:00:00.000Z",
    "updated_at": "2026-06-01T11:50:00.000Z",
    "line_items": [{"id": 1, "sku": CUP, "title": "Cup", "quantity": 2, "price": "9.90", "variant_id": 111}],
}  # fmt: skip

CUSTOMER: dict[str, Any] = {
    "id": 700001, "email": "anna@example.com", "phone": "+37126123456", "first_name": "Anna", "last_name": "Ozola",
    "created_at": "2026-05-01T10:00:00+02:00", "updated_at": "2026-06-01T10:00:00+02:00", "verified_email": True,
    "default_address": {"country_code": "LV", "city": "Rīga"},
    "email_marketing_consent": {
        "state": "subscribed", "opt_in_level": "confirmed_opt_in", "consent_updated_at": "2026-05-01T10:00:00+02:00",
    },
    "sms_marketing_consent": {"state": "not_subscribed", "consent_updated_at": None},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    small_world()
    sources.open_source("riga-shopify", "The shop in Riga", "webhook", namespace="riga")
    monkeypatch.setenv(hook_setting("RIGA_SHOPIFY"), SECRET)
    yield
    fresh_processes()


@pytest.fixture
def shop() -> Sender:
    return Sender("/hooks/shopify/riga-shopify", "X-Shopify-Topic", "X-Shopify-Hmac-Sha256", SECRET)


def captured(event: str | None = None) -> list[TouchpointView]:
    found = list(reversed(touchpoints.latest(most=1000)))
    return [one for one in found if event in (None, one.event)]


def events() -> list[str]:
    return [one.event for one in captured()]


def now_with(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return deepcopy(body) | changes


def test_the_signature_is_the_one_that_another_implementation_makes() -> None:
    for secret in ("k", "x" * 64, "x" * 65, SECRET):
        theirs = base64.b64encode(hmac.new(secret.encode(), b"body", hashlib.sha256).digest()).decode()
        assert signature(secret, b"body") == theirs


def test_an_order_tells_what_was_bought_and_by_whom(shop: Sender) -> None:
    assert shop.send("orders/create", ORDER) == 200
    assert shop.said == {"received": True}
    bought, coupon = captured()
    assert (bought.event, bought.source, bought.channel) == ("Order Completed", "riga-shopify", "shop")
    assert (bought.order_ref, bought.worth, bought.currency) == ("#1042", 5980, "EUR")
    assert bought.occurred_at == datetime(2026, 6, 1, 12, 3, 10, tzinfo=UTC)
    said = bought.payload["properties"]
    assert (said["payment"], said["delivery"], said["country"], said["language"]) == ("card", "ship", "LV", "lv-LV")
    assert [(one["sku"], one["quantity"], one["price"]) for one in said["products"]] == [
        (CUP, 2, 9.9),
        ("OLD-1", 1, 40.1),
    ]
    assert said["products"][0]["category"], "goods that we know are given their category"
    assert "category" not in said["products"][1]
    assert (coupon.event, coupon.payload["properties"]["coupon_id"]) == ("Coupon Applied", "SUMMER")


def test_what_names_a_person_becomes_identifiers_and_is_nowhere_else(shop: Sender) -> None:
    shop.send("orders/create", ORDER)
    told = json.dumps([one.payload for one in captured()], ensure_ascii=False)
    for name in ("anna", "Anna", "Ozola", "Brīvības", "203.0.113.9", "26123456", "bell"):
        assert name not in told
    with connection.cursor() as cursor:
        cursor.execute("select value, namespace from identity_identifier order by kind, value")
        assert cursor.fetchall() == [
            ("700001", "riga"),
            ("anna@example.com", ""),
            ("+37126123456", ""),
            (f"cart:{ORDER['cart_token']}", "riga"),
        ]


def test_the_cart_somebody_filled_before_is_theirs_once_they_order(shop: Sender) -> None:
    shop.send("carts/update", CART)
    before = identities.find(identifier("cookie", f"cart:{CART['token']}", "riga"))
    assert before != identities.find(identifier("email", "anna@example.com"))
    shop.send("orders/create", ORDER)
    identity.resolve()
    anna = identities.find(identifier("email", "anna@example.com"))
    assert anna is not None
    assert identities.find(identifier("cookie", f"cart:{CART['token']}", "riga")) == anna
    assert identities.find(identifier("user", "700001", "riga")) == anna


def test_a_notice_sent_again_adds_nothing_whatever_its_headers_say(shop: Sender) -> None:
    for delivery in ("b54557e4-e9e0-4d5c-8e6b", "b54557e4-e9e0-4d5c-8e6b", "another"):
        assert shop.send("orders/create", ORDER, **{"X-Shopify-Webhook-Id": delivery}) == 200
    assert events() == ["Order Completed", "Coupon Applied"]


def later() -> list[tuple[str, dict[str, Any]]]:
    """The life of an order, as it is told."""
    refunded = {"refunds": [REFUND], "fulfillments": [PARCEL], "updated_at": "2026-06-05T09:00:01+02:00"}
    return [
        ("carts/update", CART),
        ("orders/create", ORDER),
        ("orders/updated", now_with(ORDER, **refunded)),
        ("fulfillments/update", PARCEL),
        ("refunds/create", REFUND),
        ("orders/cancelled", now_with(ORDER, **refunded, cancelled_at="2026-06-06T10:00:00+02:00")),
    ]


def test_in_whatever_order_notices_come_the_same_is_known(shop: Sender) -> None:
    told = []
    for nth, order in enumerate(itertools.islice(itertools.permutations(later()), 0, 720, 97)):
        slug = f"shop-{nth}"
        sources.open_source(slug, slug, "webhook", namespace="riga", secret_ref="riga-shopify")
        there = Sender(f"/hooks/shopify/{slug}", shop.topic_header, shop.signature_header, SECRET)
        assert [there.send(topic, body) for topic, body in order] == [200] * len(order)
        mine = [one for one in captured() if one.source == slug]
        told.append(sorted((one.event, one.order_ref, one.worth, one.occurred_at) for one in mine if one.order_ref))
    assert all(each == told[0] for each in told)
    assert [event for event, *_ in told[0]] == sorted(
        ["Order Completed", "Coupon Applied", "Order Updated", "Order Refunded", "Return Received", "Parcel Shipped",
         "Parcel Delivered", "Order Cancelled"]
    )  # fmt: skip
    (back,) = [worth for event, _, worth, _ in told[0] if event == "Order Refunded"]
    assert back == 990, "what failed did not go back"


def test_a_checkout_is_begun_once_and_goes_on(shop: Sender) -> None:
    checkout = {
        "id": 1, "token": ORDER["checkout_token"], "cart_token": ORDER["cart_token"], "email": "anna@example.com",
        "created_at": "2026-06-01T14:00:00+02:00", "updated_at": "2026-06-01T14:00:00+02:00", "completed_at": None,
        "currency": "EUR", "total_price": "59.80", "line_items": ORDER["line_items"],
        "abandoned_checkout_url": "https://shop.example/checkouts/secret",
    }  # fmt: skip
    shop.send("checkouts/create", checkout)
    shop.send("checkouts/update", now_with(checkout, updated_at="2026-06-01T14:01:00+02:00"))
    shop.send("checkouts/update", now_with(checkout, completed_at="2026-06-01T14:03:00+02:00"))
    assert events() == ["Checkout Started", "Checkout Step Completed"]
    assert captured()[0].worth == 5980
    assert "secret" not in json.dumps([one.payload for one in captured()])


def standing(kind: str, value: str, purpose: str) -> str:
    address = Address.of(identifier(kind, value))
    return consent.may([address.key], purpose, address.key).because


def test_what_was_agreed_to_there_counts_here_and_the_latest_word_holds(shop: Sender) -> None:
    shop.send("customers/create", CUSTOMER)
    assert events() == ["Signed Up", "Identified"]
    assert standing("email", "anna@example.com", "newsletter_email") == "granted"
    assert standing("phone", "+37126123456", "offers_sms") == "never_said"
    no = {
        "customer_id": 700001, "email_address": "anna@example.com",
        "email_marketing_consent": {
            "state": "UNSUBSCRIBED", "opt_in_level": "SINGLE_OPT_IN", "consent_updated_at": "2026-06-02T00:00:00Z",
        },
    }  # fmt: skip
    for _ in range(2):
        assert shop.send("customers_email_marketing_consent/update", no) == 200
    assert shop.send("customers/update", CUSTOMER) == 200, "an older word comes late"
    assert standing("email", "anna@example.com", "newsletter_email") == "refused"
    yes = {"id": 700001, "phone": "+37126123456", "sms_marketing_consent": {
        "state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": "2026-06-03T00:00:00Z",
    }}  # fmt: skip
    shop.send("customers_marketing_consent/update", yes)
    assert standing("phone", "+37126123456", "offers_sms") == "granted"


@pytest.mark.parametrize(
    "signed",
    ["", "AAAA", "é", "not base64!", signature("another secret", json.dumps(ORDER).encode()), signature(SECRET, b"{}")],
    ids=["none", "short", "no ascii", "no base64", "of another secret", "of another body"],
)
def test_a_forged_notice_is_refused_and_changes_nothing(shop: Sender, signed: str) -> None:
    assert shop.send("orders/create", ORDER, signed=signed) == 401
    assert shop.said["code"] == "forged_notice"
    assert captured() == []


def test_one_byte_changed_on_the_way_is_a_forgery(shop: Sender) -> None:
    body = json.dumps(ORDER).encode()
    assert shop.send("orders/create", body.replace(b"59.80", b"59.81"), signed=signature(SECRET, body)) == 401


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"id": "\\ud800"}', b"[" * 20_000], ids=repr
)
def test_a_signed_but_unreadable_notice_is_refused_and_counted(shop: Sender, body: bytes) -> None:
    status = shop.send("orders/create", body)
    if status == 200:
        assert captured() == []
        return
    assert (status, shop.said["code"]) == (400, "malformed")
    (counted,) = touchpoints.rejected(datetime(2026, 1, 1, tzinfo=UTC).date())
    assert (counted.source, counted.code, counted.count) == ("riga-shopify", "malformed", 1)


def test_a_topic_nobody_listens_to_is_acknowledged_and_counted(shop: Sender) -> None:
    assert shop.send("products/update", {"id": 1}) == 200
    assert captured() == []
    (counted,) = touchpoints.rejected(datetime(2026, 1, 1, tzinfo=UTC).date())
    assert counted.code == "unknown_topic"


def test_a_trial_order_was_never_placed(shop: Sender) -> None:
    assert shop.send("orders/create", now_with(ORDER, test=True)) == 200
    assert captured() == []


def test_who_cannot_come_in(shop: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop.send("orders/create", b"x" * (LARGEST_BYTES + 1)) == 413
    refused = shop.client.get(shop.address)
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert Sender("/hooks/shopify/nobody", "X-Shopify-Topic", "X-Shopify-Hmac-Sha256", SECRET).send("a", {}) == 404
    sources.open_source("a-server", "A server", "server")
    there = Sender("/hooks/shopify/a-server", "X-Shopify-Topic", "X-Shopify-Hmac-Sha256", SECRET)
    assert there.send("orders/create", ORDER) == 404, "another kind of source has a key of its own"
    sources.close_source("riga-shopify")
    assert shop.send("orders/create", ORDER) == 404
    sources.open_again("riga-shopify")
    monkeypatch.delenv(hook_setting("RIGA_SHOPIFY"))
    assert shop.send("orders/create", ORDER) == 503
    assert shop.said["code"] == "secret_missing"


def test_while_a_secret_is_changed_both_hold(shop: Sender, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(hook_setting("RIGA_SHOPIFY"))
    folder = settings.HOME / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hook_riga_shopify").write_text(f"the-new-one\n{SECRET}\n")
    try:
        assert shop.send("orders/create", ORDER) == 200
        shop.secret = "the-new-one"
        assert shop.send("orders/create", ORDER) == 200
        shop.secret = "an-old-one"
        assert shop.send("orders/create", ORDER) == 401
    finally:
        (folder / "hook_riga_shopify").unlink()


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(sorted(ORDER)), inside, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(shopify_words._TOPICS)), st.dictionaries(st.sampled_from(sorted(ORDER)), ODD))
def test_no_notice_however_odd_is_more_than_we_can_take(topic: str, odd: dict[str, Any]) -> None:
    setting = Setting("riga", datetime(2026, 6, 1, tzinfo=UTC))
    told = shopify_words.told(topic, deepcopy(ORDER) | odd, setting)
    assert told is not None
    assert all(note.occurred_at <= setting.at for note in told.notes)
    assert len({note.message for note in told.notes}) == len(told.notes) or "refunds" in odd or "discount_codes" in odd


def test_what_somebody_asked_about_their_data_waits_for_a_person(shop: Sender) -> None:
    wish = {"shop_id": 954889, "shop_domain": "riga.example", "customer": {"id": 700001, "email": "anna@example.com"}}
    assert shop.send("customers/redact", wish) == 200
    assert rights.requests() == (), "of somebody nobody knows there is nothing to forget"
    shop.send("orders/create", ORDER)
    identity.resolve()
    for _ in range(2):
        assert shop.send("customers/redact", wish) == 200
    shop.send("customers/data_request", wish)
    anna = identities.find(identifier("email", "anna@example.com"))
    asked = {(one.kind, one.state, one.subject) for one in rights.requests()}
    assert asked == {("erasure", "open", anna), ("export", "open", anna)}
