"""One customer: what somebody ordered before signing in is theirs once the address is proved, and nobody else's."""

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.orders import queries as orders
from samband.customers.accounts import commands as accounts
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Part, Tender, check_out
from samband.flows.customer_orders import customer_orders, is_theirs
from samband.flows.customer_story import customer_story
from tests.worlds import CUP, card, small_world

pytestmark = pytest.mark.django_db(transaction=True)

HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")


def bought_as_guest(email: str):
    cart = carts.open_cart("IS")
    carts.put(cart.id, CUP, 1)
    seen = basket(cart.id, "shop", None, "ship")
    wish = Checkout(
        cart_id=cart.id, version=seen.cart.version, customer_id=None, channel="shop", language="is", email=email,
        name="Anna", parts=(Part(kind="ship", address=HOME),), tenders=(Tender(method="card", token=card()),),
        seen_total=seen.quote.total,
    )  # fmt: skip
    return check_out(wish, key=email)


def test_what_a_guest_ordered_is_there_after_signing_in():
    small_world()
    outcome = bought_as_guest("anna@example.is")
    other = bought_as_guest("other@example.is")
    anna = accounts.sign_in("anna@example.is", accounts.ask_code("anna@example.is", "is").code, "shop").customer_id
    assert [one.id for one in customer_orders(anna)] == [outcome.order_id]
    assert is_theirs(orders.order(outcome.order_id), anna)
    assert not is_theirs(orders.order(other.order_id), anna)
    told = [moment.code for moment in customer_story(anna).moments]
    assert "orders.OrderPlaced" in told
    assert "payments.PaymentCaptured" in told
