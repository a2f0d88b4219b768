"""What a customer sees and may do about their own data, with a browser."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail

from samband.commerce.orders import queries as orders
from samband.customers.accounts import queries as accounts
from samband.customers.rights import commands
from samband.customers.rights import queries as rights
from samband.engagement.messaging.sending import send_due
from samband.flows.erase_customer import carry_on_erasures
from samband.flows.export_customer import lapse_exports
from samband.flows.finish_order import cancel_order
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.timeline.delivering import deliver
from tests.channels.shopper import Shopper
from tests.worlds import CUP

ANNA = "anna@example.com"


@pytest.fixture
def shop(world, settings, tmp_path) -> Shopper:
    settings.HOME = tmp_path
    return Shopper().again()


@pytest.fixture
def anna(shop) -> Shopper:
    return shop.sign_in(ANNA)


def code_to(email: str) -> str:
    send_due()
    told = next(one for one in reversed(mail.outbox) if one.to == [email])
    return re.search(r"\b\d{6}\b", told.subject)[0]


def proved(shop: Shopper, deed: str) -> Shopper:
    shop.send("account/data/prove/", {"for": deed})
    return shop.send("account/data/prove/", {"for": deed, "code": code_to(ANNA)})


def ordered(shop: Shopper) -> str:
    shop.put(CUP)
    shop.send("checkout/", {**shop.wish(), "number": "4242424242424242", "expiry": "12/99", "cvc": "123"})
    assert shop.status == 303, shop.page
    return re.search(r"order/([^/]+)/", shop.went_to)[1]


PAGES = ("", "prove/?for=take", "erase/")
FORMS = ("prove/", "take/", "erase/", "withdraw/", "email/", "email/code/")


def test_strangers_are_led_to_the_sign_in_from_every_page_and_form(shop):
    for path in PAGES:
        assert shop.look(f"account/data/{path}").went_to == "/en-is/sign-in/?next=account/data/", path
    for path in FORMS:
        assert shop.send(f"account/data/{path}").went_to == "/en-is/sign-in/?next=account/data/", path


def test_the_account_leads_there_and_it_says_what_is_kept(anna):
    assert anna.look("account/").says("Your data: see it, take it home, have it erased")
    anna.look("account/data/")
    assert anna.status == 200
    assert anna.says(ANNA)
    assert anna.says("Have it erased")


def test_without_a_fresh_code_nothing_is_taken_or_erased(anna):
    assert anna.send("account/data/take/").went_to == "/en-is/account/data/prove/?for=take"
    assert anna.send("account/data/erase/", {"meant": "1"}).went_to == "/en-is/account/data/prove/?for=erase"
    assert rights.requests() == ()
    for wrong in ("", "000000", "12"):
        anna.send("account/data/prove/", {"for": "take", "code": wrong})
        assert anna.status == 422
    assert anna.look("account/data/prove/?for=steal").status == 404


def test_a_code_is_good_for_a_while_and_not_for_whoever_signs_in_next(anna):
    proved(anna, "erase")
    assert anna.look("account/data/erase/").status == 200
    with held_at(now() + timedelta(minutes=16)):
        assert anna.look("account/data/erase/").status == 303
    anna.send("sign-out/")
    anna.sign_in("bo@example.com")
    assert anna.look("account/data/erase/").status == 303


def test_everything_is_taken_home_in_one_file(anna):
    number = ordered(anna)
    proved(anna, "take")
    assert anna.went_to == "/en-is/account/data/#ready"
    anna.look("account/data/")
    link = re.search(r'href="/en-is/(account/data/file/[^"]+)"', anna.source)[1]
    fetched = anna.client.get(f"/en-is/{link}")
    assert fetched.headers["Cache-Control"] == "private, no-store"
    pack = zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content)))
    told = json.loads(pack.read("data.json"))
    assert told["accounts"]["customer"][0]["email"] == ANNA
    assert [one["number"] for one in told["orders"]["orders"]] == [number]
    assert told["payments"]["payments"][0]["paid_with"] == "visa 4242"
    assert "Everything we keep about you" in pack.read("README.txt").decode()


def test_a_link_opens_for_nobody_else_and_lapses(anna, shop):
    proved(anna, "take")
    anna.look("account/data/")
    link = re.search(r'href="/en-is/(account/data/file/[^"]+)"', anna.source)[1]
    other = Shopper().sign_in("bo@example.com")
    assert other.look(link).status == 403
    assert other.look(link[:-3] + "xx/").status == 404
    assert Shopper().look(link).went_to == "/en-is/sign-in/?next=account/data/"
    (request,) = rights.requests()
    with held_at(now() + timedelta(days=8)):
        assert lapse_exports() == 1
        assert rights.request(request.id).file == ""
        assert not anna.look("account/data/").says("Fetch your data")
    assert anna.look(link).status == 404


def test_whoever_speaks_another_language_is_written_a_page_in_it(anna):
    proved(anna, "take")
    anna.front = "is-is"
    anna.send("account/data/take/")
    (latest, _) = rights.requests()
    assert latest.language == "is"


def test_erasing_is_explained_meant_and_done(anna):
    customer = accounts.by_email(ANNA)
    proved(anna, "erase")
    assert anna.look("account/data/erase/").says("What stays, and why")
    assert anna.send("account/data/erase/").status == 422, "without the tick it was not meant"
    assert accounts.by_email(ANNA)
    anna.send("account/data/erase/", {"meant": "1"})
    assert anna.says("Your data is erased")
    assert accounts.by_email(ANNA) is None
    assert accounts.customer(customer.id).erased_at
    assert anna.look("account/").went_to == "/en-is/sign-in/?next=account/"


def test_an_order_under_way_is_named_and_erasing_waits_for_its_end(anna):
    number = ordered(anna)
    proved(anna, "erase")
    assert anna.look("account/data/erase/").says(number)
    anna.send("account/data/erase/", {"meant": "1"})
    assert anna.went_to == "/en-is/account/data/?waits"
    assert anna.follow().says("You asked us to erase your data")
    assert accounts.by_email(ANNA)
    cancel_order(orders.by_number(number).id, "customer", key=str(new_id()))
    while deliver():
        pass
    with held_at(now() + timedelta(hours=2)):
        carry_on_erasures()
    assert accounts.by_email(ANNA) is None


def test_thinking_better_of_it_keeps_everything(anna):
    ordered(anna)
    proved(anna, "erase")
    anna.send("account/data/erase/", {"meant": "1"})
    (request,) = rights.requests()
    assert (
        Shopper().sign_in("bo@example.com").send("account/data/withdraw/", {"request": str(request.id)}).status == 404
    )
    anna.send("account/data/withdraw/", {"request": str(request.id)})
    assert rights.request(request.id).state == "withdrawn"
    with held_at(now() + timedelta(days=2)):
        carry_on_erasures()
    assert accounts.by_email(ANNA)


def test_ones_address_is_changed_by_a_code_mailed_to_the_new_one_and_the_old_one_is_told(anna):
    anna.send("account/data/email/", {"email": "nobody"})
    assert anna.status == 422
    anna.send("account/data/email/", {"email": "Anna.New@example.com"})
    assert anna.says("anna.new@example.com")
    right = code_to("anna.new@example.com")
    wrong = "000000" if right != "000000" else "111111"
    assert anna.send("account/data/email/code/", {"email": "anna.new@example.com", "code": wrong}).status == 422
    assert accounts.by_email(ANNA)
    anna.send("account/data/email/code/", {"email": "anna.new@example.com", "code": right})
    assert anna.went_to == "/en-is/account/data/?kept"
    assert accounts.by_email("anna.new@example.com")
    send_due()
    assert mail.outbox[-1].to == [ANNA]
    assert "changed" in mail.outbox[-1].subject


def test_a_code_for_one_address_does_not_prove_another(anna):
    anna.send("account/data/email/", {"email": "mine@example.com"})
    code = code_to("mine@example.com")
    assert anna.send("account/data/email/code/", {"email": "bo@example.com", "code": code}).status == 422
    assert accounts.by_email("bo@example.com") is None


def test_an_address_that_another_customer_has_is_not_taken_and_only_its_holder_learns_of_it(anna):
    Shopper().sign_in("bo@example.com")
    anna.send("account/data/email/", {"email": "bo@example.com"})
    assert anna.status == 200, "before the code nothing is told"
    anna.send("account/data/email/code/", {"email": "bo@example.com", "code": code_to("bo@example.com")})
    assert anna.status == 409
    assert accounts.by_email(ANNA)


def test_the_shops_own_page_says_how_long_things_are_kept_by_the_rules_that_hold(shop):
    assert shop.look("privacy/").says("60 days")
    commands.keep("guest_carts", 12, new_id())
    assert shop.look("privacy/").says("12 days")
    for front in ("is-is", "el-gb", "lv-lv", "pl-gb"):
        assert Shopper(front).look("privacy/").status == 200
