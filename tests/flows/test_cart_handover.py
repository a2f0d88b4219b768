"""A cart goes from the till to a phone and back, and stays one cart."""

from datetime import timedelta

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.cart import queries
from samband.commerce.cart.refusals import CartClosed, NotYourCart
from samband.flows.cart_handover import LASTS, HandoverRefused, hand_out, take_over
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from tests.worlds import open_markets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _markets(db):
    open_markets()


def filled():
    opened = carts.open_cart("IS")
    carts.put(opened.id, "CUP", 2)
    return opened


def test_a_phone_takes_the_tills_cart_over_and_it_is_the_same():
    cart = filled()
    token, _ = hand_out(cart.id)
    assert take_over(token).id == cart.id


def test_a_customers_own_cart_takes_it_in():
    customer = new_id()
    own = carts.open_cart("IS", customer)
    carts.put(own.id, "LAMP", 1)
    token, _ = hand_out(filled().id)
    taken = take_over(token, customer)
    assert taken.id == own.id
    assert {line.sku: line.quantity for line in taken.lines} == {"LAMP": 1, "CUP": 2}


def test_the_till_still_finds_a_cart_that_the_phone_made_its_customers_own():
    cart, customer = filled(), new_id()
    token, _ = hand_out(cart.id)
    joined = take_over(token, customer)
    assert take_over(token).id == joined.id


def test_nobody_takes_the_cart_of_another_customer():
    cart = carts.open_cart("IS", new_id())
    token, _ = hand_out(cart.id)
    with pytest.raises(NotYourCart):
        take_over(token, new_id())


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", "\x00"])
def test_a_forged_code_is_refused(token):
    with pytest.raises(HandoverRefused):
        take_over(token)


def test_an_altered_code_is_refused():
    token, _ = hand_out(filled().id)
    with pytest.raises(HandoverRefused):
        take_over(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_an_old_code_is_refused(monkeypatch):
    token, until = hand_out(filled().id)
    assert until == pytest.approx(now() + LASTS, abs=timedelta(minutes=1))
    late = (now() + LASTS + timedelta(seconds=5)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: late)
    with pytest.raises(HandoverRefused):
        take_over(token)


def test_an_ordered_cart_is_not_handed_on():
    cart = filled()
    token, _ = hand_out(cart.id)
    carts.order(cart.id, queries.cart(cart.id).version, new_id())
    with pytest.raises(CartClosed):
        take_over(token)
    with pytest.raises(CartClosed):
        hand_out(cart.id)


def test_the_clock_of_the_house_may_stand_still():
    with held_at(now()):
        token, _ = hand_out(filled().id)
        assert take_over(token)
