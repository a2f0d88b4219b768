"""Who may come in where: every address of the console, every role, looking and sending."""

from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, reverse

from samband.console import urls
from samband.console.doors import ANYBODY, CUSTOMER, LOOK, STAFF
from samband.console.sessions import COOKIE
from samband.kernel.clock import held_at, in_future
from samband.staff import commands as staff
from samband.staff import factors, rules
from samband.staff.models import Session as StaffSession
from samband.staff.session_store import SessionStore, name_of, name_of_hash
from tests.console.counter import PASSWORD, ROLES, Counter

PARTS = {
    "home": STAFF, "sign-in": ANYBODY, "sign-out": ANYBODY, "language": STAFF,
    "second-step": ANYBODY, "ask-passkey": ANYBODY, "sure": STAFF, "my-sign-in": STAFF, "record": "record",
    "gift-cards": "orders", "gift-card": "orders", "bank-transfers": "orders",
    "orders": "orders", "unsettled": "orders", "order-by-id": "orders", "order": "orders",
    "slots": "pickups", "promises": "pickups", "parcel-label": "pickups",
    "pickups": "pickups", "fulfillment": "pickups", "spots": "pickups", "spot-sheet": "pickups",
    "customers": "customers", "customer": "customers", "consents": "customers", "customer-consents": "customers",
    "segments": "customers", "segments-text": "customers", "new-segment": "customers", "segment": "customers",
    "segment-rows": "customers", "segment-count": "customers",
    "identity-reviews": "customers", "identity-review": "customers",
    "privacy-requests": "privacy", "privacy-request": "privacy", "privacy-keeping": "privacy", "privacy-file": "erase",
    "products": "catalog", "new-product": "catalog", "product": "catalog", "categories": "catalog",
    "category": "catalog",
    "price-lists": "prices", "sku-prices": "prices", "price-list": "prices",
    "stock": "stock", "stock-receive": "stock", "stock-move": "stock", "stock-adjust": "stock", "stock-count": "stock",
    "sku-stock": "stock", "stock-allocation": "stock", "stock-devices": "stock", "stock-low": "stock",
    "stock-transfers": "stock", "parity": "stock",
    "promotions": "prices", "new-promotion": "prices", "promotion": "prices", "coupons": "prices",
    "price-history": "prices",
    "delivery": "delivery", "staff": "staff", "keys": "keys",
    "sources": "sources", "sources-live": "sources",
    "tills": "tills", "till-people": "tills", "drawers": "tills", "drawer": "tills", "till-conflicts": "tills",
}  # fmt: skip
"""To which part each address belongs. An address that is not here fails, so that somebody decides."""

SHOW_CUSTOMERS = {
    "orders", "order", "pickups", "fulfillment", "parcel-label", "customers", "customer", "customer-consents",
    "segment", "identity-reviews", "identity-review", "privacy-requests", "privacy-request", "privacy-file",
}  # fmt: skip
"""Addresses that show whose data it is: whoever looks goes into the record."""

SHOW_NOBODY = {
    "home", "sign-in", "sign-out", "language", "second-step", "ask-passkey", "sure", "my-sign-in", "record",
    "gift-cards", "gift-card", "bank-transfers", "unsettled", "order-by-id", "slots", "promises", "spots", "spot-sheet",
    "consents", "segments", "segments-text", "new-segment", "segment-rows", "segment-count", "privacy-keeping",
    "products", "new-product", "product", "categories", "category", "price-lists", "sku-prices", "price-list",
    "stock", "stock-receive", "stock-move", "stock-adjust", "stock-count", "sku-stock", "stock-allocation",
    "stock-devices", "stock-low", "stock-transfers", "parity", "promotions", "new-promotion", "promotion", "coupons",
    "price-history", "delivery", "staff", "keys", "sources", "sources-live", "tills", "till-people", "drawers",
    "drawer", "till-conflicts",
}  # fmt: skip
"""Addresses that show goods, money, settings or colleagues, and at most ids of customers."""

WANT_PROOF = {
    "staff": {"add", "deactivate", "reactivate", "role", "reset", "need"}, "keys": {"issue", "revoke"},
    "privacy-request": {"agree", "again"}, "privacy-file": {LOOK}, "privacy-keeping": {"keep", "let-go"},
    "my-sign-in": {"begin-app", "confirm-app", "remove-app", "make-passkey", "remove-passkey", "draw-codes"},
}  # fmt: skip
"""What is done only by somebody who proved a short while ago who they are."""

OPENED_TO = {
    "orders": {"admin", "manager", "service", "analyst"},
    "pickups": {"admin", "manager", "cashier", "stock", "service"},
    "customers": {"admin", "manager", "service"},
    "privacy": {"admin", "manager", "service"},
    "erase": {"admin"},
    "catalog": {"admin", "merchandiser", "analyst"},
    "prices": {"admin", "merchandiser"},
    "stock": {"admin", "manager", "merchandiser", "stock"},
    "delivery": {"admin"},
    "staff": {"admin"},
    "keys": {"admin"},
    "sources": {"admin", "analyst"},
    "till": {"admin", "manager", "cashier"},
    "tills": {"admin", "manager"},
    "record": {"admin"},
}
LOOK_ONLY = {"analyst"}
CHANGE_ONLY = {"new-product", "new-segment", "segment-rows", "segment-count"}
ARGUMENTS = {
    "order_id": UUID(int=7), "fulfillment_id": UUID(int=7), "customer_id": UUID(int=7), "product_id": UUID(int=7),
    "card_id": UUID(int=7), "request_id": UUID(int=7), "review_id": 7,
    "drawer_id": UUID(int=7), "number": "AAAAA-AAAAA", "slug": "nothing", "code": "nothing", "sku": "NOTHING",
}  # fmt: skip


def patterns() -> list[URLPattern]:
    return [one for one in urls.urlpatterns if isinstance(one, URLPattern)]


def anna() -> None:
    """Somebody whose password is all that it takes."""
    staff.add_member("anna@samband.example", "Anna", "admin", PASSWORD)
    factors.need("admin", False)


def address(pattern: URLPattern) -> str:
    return reverse(f"console:{pattern.name}", kwargs={name: ARGUMENTS[name] for name in pattern.pattern.converters})


def test_every_address_says_its_part_and_there_is_no_other() -> None:
    assert len(patterns()) == len(urls.urlpatterns)
    assert {one.name: getattr(one.callback, "part", None) for one in patterns()} == PARTS


def test_every_address_says_whether_it_shows_somebodys_data() -> None:
    said = {one.name: getattr(one.callback, "sees", None) for one in patterns()}
    assert SHOW_CUSTOMERS.isdisjoint(SHOW_NOBODY)
    assert said == dict.fromkeys(SHOW_CUSTOMERS, CUSTOMER) | dict.fromkeys(SHOW_NOBODY, "")


def test_dangerous_deeds_want_a_fresh_proof() -> None:
    said = {one.name: set(getattr(one.callback, "proved", ())) for one in patterns()}
    assert {name: deeds for name, deeds in said.items() if deeds} == WANT_PROOF


def test_what_a_role_opens_is_what_it_is_for() -> None:
    for part, roles in OPENED_TO.items():
        assert {role for role in ROLES if rules.may(role, part)} == roles
        assert {role for role in ROLES if rules.may(role, part, change=True)} == roles - LOOK_ONLY
    assert set(rules.ROLES) == set(ROLES)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_in_where_it_may_and_nowhere_else(role: str) -> None:
    counter = Counter(role)
    for pattern in patterns():
        if PARTS[pattern.name] == ANYBODY:
            continue
        part, at = PARTS[pattern.name], address(pattern)
        opened = part == STAFF or role in OPENED_TO[part]
        changes = opened and not (role in LOOK_ONLY and part != STAFF)
        looks = changes if pattern.name in CHANGE_ONLY else opened
        csrf = counter.client.cookies["csrftoken"].value
        answers = (
            ("GET", looks, counter.client.get(at)),
            ("POST", changes, counter.client.post(at, {"csrfmiddlewaretoken": csrf, "deed": "nothing"})),
        )
        for method, may, answer in answers:
            assert (answer.status_code != 403) == may, (role, method, at, answer.status_code)
            assert answer.status_code < 500


@pytest.mark.django_db
def test_nobody_comes_in_without_signing_in() -> None:
    client = Client()
    for pattern in patterns():
        if PARTS[pattern.name] == ANYBODY:
            continue
        at = address(pattern)
        for answer in (client.get(at), client.post(at, {"deed": "nothing"})):
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith(reverse("console:sign-in"))
        live = client.get(at, headers={"HX-Request": "true"})
        assert live.headers["HX-Redirect"].startswith(reverse("console:sign-in"))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_menu_holds_what_the_role_opens(role: str) -> None:
    page = Counter(role).get("/console/").content.decode()
    menu = page[page.index('<nav class="menu"') : page.index("</nav>")]
    for part, view in (
        ("orders", "orders"), ("pickups", "pickups"), ("customers", "customers"), ("catalog", "products"),
        ("prices", "price-lists"), ("stock", "stock"), ("delivery", "delivery"), ("staff", "staff"), ("keys", "keys"),
    ):  # fmt: skip
        assert (f'href="{reverse(f"console:{view}")}"' in menu) == (role in OPENED_TO[part]), part


@pytest.mark.django_db
def test_a_form_without_its_token_is_not_taken() -> None:
    counter = Counter("admin")
    assert counter.client.post("/console/staff/", {"deed": "deactivate", "email": "x@x.example"}).status_code == 403


@pytest.mark.django_db
def test_other_methods_are_not_answered() -> None:
    counter = Counter("admin")
    assert counter.client.put("/console/orders/").status_code in (403, 405)
    assert Client().put("/console/orders/").status_code == 405


@pytest.mark.django_db
def test_a_wrong_password_is_told_and_after_eight_the_door_closes_for_a_while() -> None:
    counter = Counter()
    anna()
    for _ in range(8):
        refused = counter.sign_in("anna@samband.example", "wrong-password")
        assert refused.status_code == 403
        assert "do not belong together" in counter.words(refused)
    throttled = counter.sign_in("anna@samband.example")
    assert throttled.status_code == 429
    assert "Please wait: 15 minutes." in counter.words(throttled)
    with held_at(in_future(minutes=16)):
        assert counter.sign_in("anna@samband.example").status_code == 303


@pytest.mark.django_db
def test_signing_in_leads_on_into_the_console_and_nowhere_else() -> None:
    anna()
    for onward, leads_to in (
        ("/console/orders/?state=placed", "/console/orders/?state=placed"),
        ("https://elsewhere.example/console/", "/console/"),
        ("//elsewhere.example/console/", "/console/"),
        ("/en-is/", "/console/"),
    ):
        assert Counter().sign_in("anna@samband.example", onward=onward).headers["Location"] == leads_to


@pytest.mark.django_db
def test_the_staffs_session_is_not_the_shoppers() -> None:
    counter = Counter()
    anna()
    session = counter.client.session
    session["cart"] = "the shopper's"
    session.save()
    counter.sign_in("anna@samband.example")
    staffs = counter.client.cookies[COOKIE]
    assert (staffs["path"], staffs["samesite"], staffs["httponly"]) == ("/console/", "Strict", True)
    assert name_of_hash(StaffSession.objects.get().pk) == name_of(staffs.value)
    assert "cart" not in SessionStore(staffs.value).load()
    assert Session.objects.get(pk=session.session_key).get_decoded() == {"cart": "the shopper's"}
    assert counter.get("/console/").status_code == 200


@pytest.mark.django_db
def test_a_session_that_somebody_planted_is_not_the_one_after_signing_in() -> None:
    counter, planted = Counter(), SessionStore()
    anna()
    planted["planted"] = "yes"
    planted.save()
    counter.client.cookies[COOKIE] = planted.session_key
    counter.sign_in("anna@samband.example")
    assert counter.client.cookies[COOKIE].value != planted.session_key
    assert not planted.exists(planted.session_key)
    assert "planted" not in SessionStore(counter.client.cookies[COOKIE].value).load()


@pytest.mark.django_db
def test_signing_out_takes_a_form_and_ends_the_session() -> None:
    counter = Counter("admin")
    assert counter.get("/console/sign-out/").status_code == 405
    before = counter.client.cookies[COOKIE].value
    csrf = counter.client.cookies["csrftoken"].value
    out = counter.client.post("/console/sign-out/", {"csrfmiddlewaretoken": csrf})
    assert out.headers["Location"] == "/console/sign-in/"
    assert counter.get("/console/").status_code == 302
    counter.client.cookies[COOKIE] = before
    assert counter.get("/console/").status_code == 302


@pytest.mark.django_db
def test_whoever_is_let_in_no_more_is_out_at_once() -> None:
    admin, other = Counter("admin"), Counter("service")
    assert admin.do("/console/staff/", "deactivate", {"email": "service@samband.example"}).status_code == 303
    assert other.get("/console/").status_code == 302
    assert Counter().sign_in("service@samband.example").status_code == 403
    admin.do("/console/staff/", "reactivate", {"email": "service@samband.example"})
    assert Counter().sign_in("service@samband.example").status_code == 303


@pytest.mark.django_db
def test_everybody_sees_the_console_in_their_own_language() -> None:
    counter = Counter("admin", language="is")
    assert '<html lang="is">' in counter.get("/console/").content.decode()
    csrf = counter.client.cookies["csrftoken"].value
    answer = counter.client.post(
        "/console/language/", {"csrfmiddlewaretoken": csrf, "language": "el", "next": "/console/orders/"}
    )
    assert answer.headers["Location"] == "/console/orders/"
    assert '<html lang="el">' in counter.get("/console/").content.decode()
    refused = counter.client.post("/console/language/", {"csrfmiddlewaretoken": csrf, "language": "tlh"})
    assert refused.status_code == 422
    assert '<html lang="el">' in counter.get("/console/").content.decode()


@pytest.mark.django_db
def test_what_stands_on_a_page_is_kept_nowhere_and_needs_no_script_of_its_own() -> None:
    page = Counter("admin").get("/console/")
    assert page.headers["Cache-Control"] == "no-store"
    html = page.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "<script>" not in html


@pytest.mark.django_db
def test_whoever_has_no_figures_of_today_finds_their_parts_there() -> None:
    page = Counter("merchandiser").get("/console/").content.decode()
    main = page[page.index("<main") :]
    for view in ("products", "price-lists", "stock"):
        assert f'href="{reverse(f"console:{view}")}"' in main
    assert "/console/orders/" not in main
