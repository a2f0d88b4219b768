"""Whom the shop knows by name is known to identity: who signs in, who orders as a guest, who came with an import."""

from collections.abc import Iterator

import pytest

from samband.commerce.cart import commands as carts
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import privacy
from samband.customers.accounts.commands import Known, Reached
from samband.customers.identity import books, commands, queries
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Part, Tender, check_out
from samband.flows.know_customers import know_everybody
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from samband.kernel.reach import Reach
from samband.timeline import record
from samband.timeline.delivering import deliver
from samband.timeline.models import Delivery
from tests.worlds import CUP, REYKJAVIK, card, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = identifier("email", "anna@example.is")
PHONE = identifier("phone", "+3545811234")


@pytest.fixture(autouse=True)
def _fresh(transactional_db: None) -> Iterator[None]:
    yield
    assert list(books.findings()) == []


def settle() -> None:
    while deliver():
        pass
    assert not Delivery.objects.filter(attempts__gt=0).exists()
    commands.resolve()


def rules_of(customer: object) -> set[tuple[str, str]]:
    return {(one.rule, one.source) for one in queries.assertions(customer)}  # type: ignore[arg-type]


def test_an_address_that_was_proved_is_the_accounts_own():
    account = accounts.sign_in("anna@example.is", accounts.ask_code("anna@example.is", "is").code, "shop", "is")
    accounts.change(account.customer_id, phone="+354 581 1234")
    settle()
    assert queries.find(MAIL) == queries.find(PHONE) == account.customer_id
    assert ("verified", "accounts") in rules_of(account.customer_id)
    assert {one.kind for one in queries.members(account.customer_id)} == {"account", "email", "phone"}


def test_an_address_that_was_only_given_weighs_less():
    account = accounts.register("anna@example.is", source="console")
    settle()
    assert rules_of(account) == {("account", "accounts")}


def test_who_was_forgotten_before_it_was_heard_is_not_known():
    account = accounts.register("anna@example.is", source="console")
    privacy.erase(Reach(account, (account,), (), (), ("anna@example.is",), ()))
    settle()
    assert queries.find(MAIL) is None
    assert queries.customer_of(account) is None


def test_a_guest_is_known_by_what_they_gave_and_becomes_the_account_that_proves_it():
    small_world()
    cart = carts.open_cart("IS")
    carts.add(cart.id, CUP, 1)
    seen = basket(cart.id, "shop", None, "pickup")
    wish = Checkout(
        cart_id=cart.id, version=None, customer_id=None, channel="shop", language="is", email="anna@example.is",
        name="Anna", phone="581 1234", parts=(Part(kind="pickup", location=REYKJAVIK),),
        tenders=(Tender(method="card", token=card()),), seen_total=seen.quote.total,
    )  # fmt: skip
    check_out(wish, key=str(new_id()))
    settle()
    assert queries.find(PHONE) == queries.find(MAIL) == MAIL.key
    account = accounts.sign_in("anna@example.is", accounts.ask_code("anna@example.is", "is").code, "shop", "is")
    settle()
    assert queries.find(PHONE) == queries.customer_of(MAIL.key) == account.customer_id
    fresh_processes()


def test_who_came_with_an_import_is_known_once_the_roll_is_called():
    know_everybody()
    brought = accounts.bring_in("old shop", [Known("7", "anna@example.is", "Anna", "+3545811234")])
    accounts.bring_in_contacts("old shop", [Reached("o-1", "bjorn@example.is", phone="+3545815678")])
    assert know_everybody() == 0, "the roll was called, and nothing told of an import"
    from django.db import transaction

    from samband.events.take_over import TakenOver

    with transaction.atomic():
        record(TakenOver(
            source="old shop", fingerprint="1", rows=2, imported=2, rejected=0, unreadable=0, imported_worth="0",
            rejected_worth="0", currency="ISK", products=0, customers=1, orders=1,
        ))  # fmt: skip
    settle()
    assert know_everybody() == 2
    assert know_everybody() == 0
    commands.resolve()
    assert queries.find(MAIL) == queries.find(PHONE) == brought["7"]
    assert queries.find(identifier("phone", "+3545815678")) == queries.find(identifier("email", "bjorn@example.is"))


def test_who_signed_in_before_anybody_listened_proved_it_all_the_same():
    asked = accounts.ask_code("anna@example.is", "is")
    account = accounts.sign_in("anna@example.is", asked.code, "shop", "is").customer_id
    Delivery.objects.all().delete()
    assert know_everybody() == 1
    commands.resolve()
    assert rules_of(account) == {("verified", "accounts")}
