"""Signing in without a password, and what a customer keeps with us."""

import re

import pytest
from django.http import HttpResponse

from samband.customers.accounts import queries as accounts
from samband.flows import find_customer
from tests.channels.shopper import Shopper
from tests.worlds import CUP, LAMP

ADDRESS = {
    "name": "Anna Jónsdóttir", "line1": "Laugavegur 12", "line2": "", "postcode": "101", "city": "Reykjavík",
    "country": "IS", "phone": "",
}  # fmt: skip


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def test_strangers_are_led_to_the_sign_in(shop):
    assert shop.look("account/").went_to == "/en-is/sign-in/?next=account/"
    for path in ("account/particulars/", "account/address/", "account/address/remove/"):
        assert shop.send(path, ADDRESS).went_to == "/en-is/sign-in/?next=account/"


def test_a_code_that_came_by_mail_lets_one_in(shop):
    shop.sign_in()
    assert shop.went_to == "/en-is/account/"
    assert shop.follow().says("anna@example.com")
    assert shop.client.cookies["sessionid"]["httponly"]


def test_a_wrong_code_lets_nobody_in(shop):
    shop.send("sign-in/", {"email": "anna@example.com"})
    right = shop.code_mailed_to("anna@example.com")
    wrong = "000000" if right != "000000" else "111111"
    for code in (wrong, "", "12", "a\x00b", "9" * 39):
        shop.send("sign-in/code/", {"email": "anna@example.com", "code": code})
        assert shop.status == 422, code
    assert shop.look("account/").status == 303


def test_what_is_no_address_is_said_beside_the_field(shop):
    for email in ("", "nobody", "a@b", "x" * 300 + "@example.com", "a\x00@example.com"):
        shop.send("sign-in/", {"email": email})
        assert shop.status == 422, email
        assert 'role="alert"' in shop.source, email


def test_asking_for_codes_again_and_again_is_stopped(shop):
    answers = [shop.send("sign-in/", {"email": "anna@example.com"}).status for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert shop.says("Too many codes were asked for.")


def test_what_a_guest_gathered_comes_along_and_nothing_is_doubled(shop):
    shop.sign_in().put(CUP, 2)
    guest = Shopper().put(CUP, 3).put(LAMP)
    guest.sign_in()
    guest.look("cart/")
    assert guest.says("3 × Cup")
    assert guest.says("1 × Lamp")
    assert shop.look("cart/").says("3 × Cup")


def test_after_signing_in_one_is_led_on_but_never_out_of_the_shop(shop):
    for wanted, led in (
        ("checkout/", "checkout/"),
        ("//evil.example", "account/"),
        ("https://evil.example", "account/"),
    ):
        guest = Shopper().again()
        email = f"{abs(hash(wanted))}@example.com"
        guest.send("sign-in/", {"email": email})
        guest.send("sign-in/code/", {"email": email, "code": guest.code_mailed_to(email), "next": wanted})
        assert guest.went_to == f"/en-is/{led}"


def test_signing_out_leaves_nothing_on_the_browser(shop):
    shop.sign_in().put(CUP)
    before = shop.client.cookies["sessionid"].value
    shop.send("sign-out/")
    assert shop.look("account/").status == 303
    assert shop.look("cart/").says("There is nothing in your cart yet.")
    assert shop.client.cookies["sessionid"].value != before


def test_signing_out_is_not_done_by_a_link(shop):
    shop.sign_in()
    assert shop.look("sign-out/").status == 405
    assert shop.response.headers["Allow"] == "POST"
    assert shop.look("account/").status == 200


def test_addresses_are_kept_changed_and_removed(shop):
    shop.sign_in()
    assert shop.send("account/address/", ADDRESS).status == 303
    shop.look("account/?kept")
    assert shop.says("It is kept.")
    assert shop.says("Laugavegur 12")
    assert shop.says("usual address")
    customer = accounts.by_email("anna@example.com")
    assert customer
    (kept,) = accounts.addresses(customer.id)
    shop.send("account/address/", ADDRESS | {"address": str(kept.id), "line1": "Skólavörðustígur 3"})
    assert shop.look("account/").says("Skólavörðustígur 3")
    assert not shop.says("Laugavegur 12")
    assert shop.send("account/address/remove/", {"address": str(kept.id)}).status == 303
    assert accounts.addresses(customer.id) == ()


def test_a_bad_address_says_what_is_wrong_and_keeps_what_was_typed(shop):
    shop.sign_in().send("account/address/", ADDRESS | {"postcode": "1", "city": ""})
    assert shop.status == 422
    assert 'id="e-postcode"' in shop.source
    assert 'id="e-city"' in shop.source
    assert shop.field("line1") == "Laugavegur 12"


def test_another_customers_address_is_not_to_be_touched(shop):
    shop.sign_in().send("account/address/", ADDRESS)
    customer = accounts.by_email("anna@example.com")
    assert customer
    (kept,) = accounts.addresses(customer.id)
    other = Shopper().sign_in("eve@example.com")
    assert other.send("account/address/", ADDRESS | {"address": str(kept.id), "city": "Vík"}).status == 404
    assert other.send("account/address/remove/", {"address": str(kept.id)}).status == 404
    assert other.send("account/address/remove/", {"address": "nonsense"}).status == 404
    assert accounts.addresses(customer.id) == (kept,)


def test_particulars_are_changed_and_checked(shop):
    shop.sign_in()
    assert (
        shop.send("account/particulars/", {"name": "Anna J.", "phone": "+3545551234", "language": "is"}).status == 303
    )
    customer = accounts.by_email("anna@example.com")
    assert customer
    assert (customer.name, customer.phone, customer.language) == ("Anna J.", "+3545551234", "is")
    shop.send("account/particulars/", {"name": "", "phone": "", "language": "is"})
    assert shop.status == 422
    assert 'aria-describedby="own-name-wrong"' in shop.source
    assert shop.send("account/particulars/", {"name": "A", "phone": "", "language": "tlh"}).status == 422


def test_orders_are_listed_with_the_newest_first(shop):
    shop.sign_in()
    for sku in (CUP, LAMP):
        shop.put(sku)
        assert shop.send("checkout/", shop.wish()).status == 303
    shop.look("account/")
    assert shop.says("under way")
    assert shop.page.index("ISK14,900") < shop.page.index("ISK1,490")
    assert shop.look("account/?before=nonsense").status == 404


def test_the_account_shows_a_code_by_which_a_till_finds_its_customer(shop):
    assert shop.look("account/code/").went_to == "/en-is/sign-in/?next=account/"
    assert shop.look("account/code.svg").status == 404
    shop.sign_in().look("account/")
    assert 'href="/en-is/account/code/"' in shop.source
    shop.look("account/code/")
    assert shop.says("It is good for 5 minutes")
    assert shop.says("Show a new code")
    picture = re.search(r'src="(/en-is/account/code\.svg\?\w+)"', shop.source)
    assert picture
    shop.look("account/code/", headers={"HX-Request": "true"})
    assert "<html" not in shop.source
    assert picture[1] not in shop.source
    shop.look("account/code.svg")
    assert (shop.response.headers["Content-Type"], shop.response.headers["Cache-Control"]) == (
        "image/svg+xml", "private, no-store",
    )  # fmt: skip


def test_the_code_in_the_picture_is_the_customers_own(shop, monkeypatch):
    drawn = []
    monkeypatch.setattr("samband.channels.shop.account.qr_picture", lambda text: drawn.append(text) or HttpResponse())
    shop.sign_in().look("account/code.svg")
    assert find_customer.by_code(drawn[0]).customer.email == "anna@example.com"
