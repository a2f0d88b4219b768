"""Links to pay by: ours, unforgeable, and no older than goods are held."""

from datetime import timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory.refusals import UnknownHold
from samband.flows import pay_link
from samband.flows.pay_link import LONGEST, PayLinkRefused, link_to_pay, order_in, payable_until
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from tests.worlds import CUP, REYKJAVIK, open_locations, open_markets, shelve


@pytest.fixture
def world(db) -> None:
    open_markets()
    open_locations()
    shelve()


def token_of(link: str) -> str:
    return link.partition("/pay/")[2].partition("?")[0]


def test_a_link_leads_to_its_order_in_the_language_and_market_it_was_made_for(settings):
    settings.SITE_URL = "https://shop.example"
    order_id = new_id()
    link = link_to_pay(order_id, "pl", "IS")
    assert link.startswith("https://shop.example/pay/")
    assert link.endswith("?at=pl-is")
    assert order_in(token_of(link)) == order_id


@given(st.text(max_size=80))
def test_what_we_did_not_sign_is_refused(text):
    with pytest.raises(PayLinkRefused):
        order_in(text)


@pytest.mark.parametrize("other", ["cart-handover", "order-link", "shop.cart"])
def test_what_we_signed_for_something_else_is_refused(other):
    with pytest.raises(PayLinkRefused):
        order_in(signing.dumps(new_id().hex, salt=other, compress=False))


@pytest.mark.parametrize("what", [None, 7, "no id", ["x"], {}])
def test_what_is_no_order_is_refused_even_if_it_is_signed(what):
    with pytest.raises(PayLinkRefused):
        order_in(signing.dumps(what, salt=pay_link.SALT, compress=False))


def test_a_link_changed_in_one_letter_is_refused():
    token = token_of(link_to_pay(new_id(), "en", "GB"))
    changed = token[:4] + ("a" if token[4] != "a" else "b") + token[5:]
    with pytest.raises(PayLinkRefused):
        order_in(changed)


def test_no_link_is_older_than_goods_are_held(monkeypatch):
    order_id = new_id()
    token = token_of(link_to_pay(order_id, "en", "GB"))
    moment = now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: moment + LONGEST.total_seconds() - 60)
    assert order_in(token) == order_id
    monkeypatch.setattr("django.core.signing.time.time", lambda: moment + LONGEST.total_seconds() + 60)
    with pytest.raises(PayLinkRefused):
        order_in(token)


@pytest.mark.parametrize("days", [1, 13])
def test_it_can_be_paid_as_long_as_its_goods_are_held(world, days):
    order_id, lapses_at = new_id(), now() + timedelta(days=days)
    inventory.hold(order_id, (Position(REYKJAVIK, CUP, 1),), lapses_at)
    assert payable_until(order_id) == lapses_at


def test_without_goods_held_nothing_can_be_paid(world):
    with pytest.raises(UnknownHold):
        payable_until(new_id())


def test_no_hold_makes_a_link_live_longer_than_it_can(world):
    order_id = new_id()
    with held_at(now()):
        inventory.hold(order_id, (Position(REYKJAVIK, CUP, 1),), now() + timedelta(days=30))
        assert payable_until(order_id) == now() + LONGEST
