"""A cart remembers the codes that were entered in it, wherever they were entered."""

import pytest

from samband.commerce.cart import commands, queries
from samband.commerce.cart.models import MOST_COUPONS
from samband.commerce.cart.refusals import CartClosed, TooManyCoupons
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from tests.worlds import open_markets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _markets(db):
    open_markets()


def test_a_code_is_kept_in_capitals_and_once():
    opened = commands.open_cart("LV")
    commands.enter_coupon(opened.id, " spring ")
    assert commands.enter_coupon(opened.id, "SPRING").coupons == ("SPRING",)


def test_entering_and_dropping_are_edits():
    opened = commands.open_cart("LV")
    entered = commands.enter_coupon(opened.id, "SPRING")
    dropped = commands.drop_coupon(opened.id, "spring")
    assert opened.version < entered.version < dropped.version
    assert dropped.coupons == ()


@pytest.mark.parametrize("code", ["", "   ", "X" * 41, "A\x00B", None, 7])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(Invalid):
        commands.enter_coupon(commands.open_cart("LV").id, code)


def test_a_cart_holds_so_many_codes_and_no_more():
    opened = commands.open_cart("LV")
    for number in range(MOST_COUPONS):
        commands.enter_coupon(opened.id, f"CODE{number}")
    with pytest.raises(TooManyCoupons):
        commands.enter_coupon(opened.id, "ONE-MORE")
    assert len(queries.cart(opened.id).coupons) == MOST_COUPONS


def test_a_guests_codes_come_along_at_sign_in():
    customer = new_id()
    own = commands.enter_coupon(commands.open_cart("LV", customer).id, "MINE")
    guest = commands.enter_coupon(commands.open_cart("LV").id, "THEIRS")
    commands.join(guest.id, customer)
    assert queries.cart(own.id).coupons == ("MINE", "THEIRS")
    assert queries.cart(guest.id).joined_into == own.id


def test_nothing_is_entered_in_a_cart_that_is_closed():
    customer = new_id()
    commands.open_cart("LV", customer)
    guest = commands.open_cart("LV")
    commands.join(guest.id, customer)
    with pytest.raises(CartClosed):
        commands.enter_coupon(guest.id, "LATE")
