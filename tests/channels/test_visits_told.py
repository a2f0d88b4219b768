"""Whose a browser, a scan or a visit is, the server says: of those who agreed, and of nobody else."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection

from samband.channels.shop import visiting
from samband.customers.accounts import commands as accounts
from samband.customers.consent import commands as consent
from samband.customers.consent.deciding import Address
from samband.customers.identity import commands as identity
from samband.customers.identity import queries as identities
from samband.customers.touchpoints import commands as sources
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.queries import TouchpointView
from samband.flows.telling import own_pages
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import Identifier, identifier
from samband.kernel.ids import new_id
from tests import worlds
from tests.channels.phone import NOON, Phone, store_with_spots
from tests.channels.shopper import Shopper
from tests.channels.till_client import TillClient
from tests.commerce import till as tills
from tests.worlds import CUP, REYKJAVIK, RIGA

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    worlds.small_world()
    yield
    worlds.fresh_processes()


@pytest.fixture
def shop(settings, tmp_path) -> Shopper:
    settings.SEARCH_ROOT = tmp_path / "search"
    return Shopper().again()


def visitor(shop: Shopper, agreed: str = "111") -> Identifier:
    """A browser whose visitor has said what they agree to (preferences, statistics, marketing)."""
    number = secrets.token_hex(16)
    shop.client.cookies["samband_choices"] = f"1.{agreed}.{int(now().timestamp())}.{number}"
    return identifier("cookie", number)


def captured(event: str) -> list[TouchpointView]:
    return [one for one in reversed(touchpoints.latest(most=1000)) if one.event == event]


def whose(one: TouchpointView) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select value from identity_identifier where id = %s::bigint", [one.identifier])
        row = cursor.fetchone()
    return row[0] if row else "nobody"


def one_customer(*known: Identifier) -> bool:
    while identity.resolve():
        pass
    found = {identities.find(one) for one in known}
    return len(found) == 1 and None not in found


def account(email: str) -> Identifier:
    from samband.customers.accounts import queries

    found = queries.by_email(email)
    assert found
    return identifier("account", str(found.id))


def test_signing_in_makes_browser_and_account_one(shop: Shopper) -> None:
    browser = visitor(shop)
    shop.sign_in("anna@example.com")
    assert one_customer(browser, account("anna@example.com"))
    (told,) = captured("Identified")
    assert (told.source, told.payload["properties"]) == ("house", {"how": "signed_in"})


@pytest.mark.parametrize("agreed", ["101", "100"])
def test_without_statistics_no_browser_is_anybodys(shop: Shopper, agreed: str) -> None:
    browser = visitor(shop, agreed)
    shop.sign_in("anna@example.com").put(CUP)
    shop.send("checkout/", shop.wish())
    assert shop.status == 303
    assert identities.find(browser) is None
    assert captured("Identified") == []


def test_a_customer_who_agrees_later_is_known_from_then_on(shop: Shopper) -> None:
    shop.sign_in("anna@example.com")
    shop.send("privacy/choices/", {"do": "agree"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert shop.status == 303
    number = shop.client.cookies["samband_choices"].value.rpartition(".")[2]
    assert one_customer(identifier("cookie", number), account("anna@example.com"))


def test_a_guest_who_orders_is_the_address_they_gave(shop: Shopper) -> None:
    browser = visitor(shop)
    shop.put(CUP)
    shop.send("checkout/", shop.wish(email="berglind@example.com"))
    assert shop.status == 303
    assert one_customer(browser, identifier("email", "berglind@example.com"))


def test_an_address_that_came_to_nothing_is_nobodys(shop: Shopper) -> None:
    browser = visitor(shop)
    shop.put(CUP)
    shop.send("checkout/", shop.wish(email="berglind@example.com", card_number="4000 0000 0000 0002"))
    assert shop.status == 402
    assert identities.find(browser) is None


def test_two_who_share_a_browser_are_never_made_one(shop: Shopper) -> None:
    browser = visitor(shop)
    for email in ("anna@example.com", "berglind@example.com"):
        shop.sign_in(email)
        shop.send("sign-out/")
    assert not one_customer(account("anna@example.com"), account("berglind@example.com"))
    assert identities.find(browser) is not None


def test_the_shop_is_a_source_whose_key_stands_in_its_pages(shop: Shopper) -> None:
    page = shop.look().source
    assert f'data-key="{own_pages.write_key()}"' in page
    source = touchpoints.source("shop")
    assert (source.kind, source.namespace, source.needs_consent) == ("browser", "house", True)
    opened = touchpoints.origins_by_key()[hashlib.sha256(own_pages.write_key().encode()).digest()]
    assert opened.slug == "shop"
    sources.close_source("shop")
    own_pages.open_source()
    assert touchpoints.source("shop").disabled_at is not None, "what staff closed stays closed"


def test_what_a_page_shows_is_the_same_for_everybody(shop: Shopper) -> None:
    nobody = shop.look("p/cup/").source
    visitor(shop)
    shop.sign_in("anna@example.com")
    somebody = shop.look("p/cup/").source

    def seen(page: str) -> str:
        return page.partition("data-seen=")[2].partition("</div>")[0]

    assert seen(somebody) == seen(nobody) != ""
    assert "&#34;sku&#34;" in seen(nobody)
    for word in ("anna", "account"):
        assert word not in seen(somebody)


def test_what_is_shown_cannot_break_out_of_its_place() -> None:
    said = str(visiting.seen("Products Searched", query='"><script>alert(1)</script>'))
    assert "<script>" not in said
    assert said.count("<") == 2


# --- in the store


def agrees(email: str) -> UUID:
    customer_id = accounts.register(email, source="shop")
    known = Identifier("account", str(customer_id))
    consent.say(Address.of(known), "analytics", True, source="test", channel="shop")
    identity.know([known], now())
    return customer_id


def signed_in(phone: Phone, email: str) -> None:
    shop = Shopper()
    shop.client = phone.client
    shop.client.handler.enforce_csrf_checks = False
    shop.sign_in(email)
    shop.client.handler.enforce_csrf_checks = True


@pytest.mark.parametrize("agreed", [True, False])
def test_a_phone_in_the_store_is_its_customers_only_if_they_agreed(agreed: bool, settings, tmp_path) -> None:
    settings.SEARCH_ROOT = tmp_path / "search"
    email = "anna@example.com"
    if agreed:
        agrees(email)
    with held_at(NOON):
        spots = store_with_spots()
        phone = Phone()
        signed_in(phone, email)
        phone.arrive(spots["door-1"])
        phone.touch("/kiosk/scan/", code=CUP)
        phone.touch("/kiosk/scan/", code="there-is-no-such-thing")
    (visit,), (scan,) = captured("Store Visited"), captured("Item Scanned")
    assert (visit.channel, visit.place, scan.place, scan.sku) == ("kiosk", RIGA, RIGA, CUP)
    assert scan.category
    expected = account(email).value if agreed else "nobody"
    assert {whose(visit), whose(scan)} == {expected}


def test_a_cart_brought_to_the_till_is_told_once() -> None:
    from samband.commerce.cart import commands as carts
    from samband.flows import cart_handover

    at_till = TillClient(tills.till()).sign_in()
    customer_id = accounts.register("anna@example.com", source="shop")
    cart = carts.open_cart("IS", customer_id)
    carts.add(cart.id, CUP, 1)
    token, _until = cart_handover.hand_out(cart.id)
    key = str(new_id())
    for _ in range(2):
        at_till.post("carts/take-over", {"token": token}, key=key)
        assert at_till.status == 200
    (told,) = captured("Cart Handed Over")
    assert (told.channel, told.place, whose(told)) == ("pos", REYKJAVIK, str(customer_id))
    assert token not in json.dumps(told.payload)


def test_who_is_found_at_the_till_was_there_if_they_agreed() -> None:
    at_till = TillClient(tills.till()).sign_in()
    told = agrees("anna@example.com")
    silent = accounts.register("berglind@example.com", source="shop")
    for customer_id in (told, silent):
        at_till.post("carts", {"customer_id": str(customer_id), "lines": []})
        assert at_till.status == 201
    (visit,) = captured("Store Visited")
    assert (visit.place, whose(visit)) == (REYKJAVIK, str(told))
