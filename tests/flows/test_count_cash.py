"""Cash and drawers agree, whoever dies in between, and whichever way the money goes."""

import pytest
from django.db import connection, transaction

from samband.commerce.cart import commands as carts
from samband.commerce.payments import payouts
from samband.commerce.payments import queries as payments
from samband.commerce.tills import drawers
from samband.flows import count_cash
from samband.flows.audit import audit
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out
from samband.flows.refund_order import refund_order
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline import delivering
from tests.commerce import till as tills
from tests.commerce.till import FLOAT, Till
from tests.undefended import undefend
from tests.worlds import CUP, PRICES, REYKJAVIK, small_world

pytestmark = pytest.mark.django_db(transaction=True)
CUP_PRICE = PRICES[CUP]["ISK"]


@pytest.fixture
def till() -> Till:
    small_world()
    return tills.till()


def sold(token: str) -> Outcome:
    """A sale for cash whose seller died before the money was counted."""
    cart = carts.open_cart("IS")
    carts.put(cart.id, CUP, 2)
    seen = basket(cart.id, "pos", None, "carry", place=REYKJAVIK)
    wish = Checkout(
        cart_id=cart.id, version=seen.cart.version, customer_id=None, channel="pos", language="is",
        parts=(Part(kind="carry", location=REYKJAVIK),), tenders=(Tender(method="cash", provider="cash", token=token),),
        seen_total=seen.quote.total, sold_at=REYKJAVIK, place=REYKJAVIK,
    )  # fmt: skip
    return check_out(wish, key=str(new_id()))


def deliver() -> None:
    while delivering.deliver():
        pass


def test_cash_that_nobody_counted_is_counted_by_the_house_once(till) -> None:
    outcome = sold(str(till.drawer_id))
    assert till.drawer.expected == Money(FLOAT, "ISK")
    deliver()
    assert till.drawer.expected == Money(FLOAT + 2 * CUP_PRICE, "ISK")
    for _ in range(2):
        count_cash.count(outcome.order_id)
    assert till.drawer.expected == Money(FLOAT + 2 * CUP_PRICE, "ISK")
    assert list(audit()) == []


@pytest.mark.parametrize("token", ["", "no drawer", "00000000-0000-0000-0000-000000000007"])
def test_cash_without_a_drawer_hinders_nobody(till, token) -> None:
    sold(token)
    deliver()
    assert till.drawer.expected == Money(FLOAT, "ISK")
    assert list(audit()) == []


def test_cash_that_is_owed_is_handed_out_of_a_drawer_once(till) -> None:
    outcome = sold(str(till.drawer_id))
    deliver()
    refund_order(outcome.order_id, Money(500, "ISK"), "damaged", key="sorry")
    (owed,) = count_cash.owed(outcome.order_id)
    assert owed.amount == Money(500, "ISK")
    for _ in range(2):
        assert count_cash.hand_out(owed, till.drawer_id, till.cashier_id) == Money(500, "ISK")
    deliver()
    assert count_cash.owed() == ()
    assert till.drawer.expected == Money(FLOAT + 2 * CUP_PRICE - 500, "ISK")
    (paid,) = payments.of_order(outcome.order_id)
    assert paid.refunded == Money(500, "ISK")
    assert list(audit()) == []


def test_cash_handed_out_by_somebody_without_a_drawer_is_no_fault(till) -> None:
    outcome = sold(str(till.drawer_id))
    deliver()
    refund_order(outcome.order_id, Money(500, "ISK"), "damaged", key="sorry")
    (owed,) = count_cash.owed(outcome.order_id)
    payouts.pay_out(owed.key, by=till.cashier_id)
    count_cash.hand_out(owed, till.drawer_id, till.cashier_id)
    deliver()
    assert till.drawer.expected == Money(FLOAT + 2 * CUP_PRICE, "ISK")
    assert list(audit()) == []


def test_the_audit_finds_cash_that_is_in_no_drawer_or_in_two(till) -> None:
    outcome = sold(str(till.drawer_id))
    deliver()
    assert list(audit()) == []
    drawers.put_in(till.drawer_id, new_id(), outcome.order_id, Money(1, "ISK"))
    (told,) = audit()
    assert str(outcome.order_id) in told
    with transaction.atomic(), connection.cursor() as cursor:
        undefend(cursor, "tills_drawermovement")
        cursor.execute("update tills_drawermovement set amount = 5 where kind = 'sale'")
        assert [one for one in audit() if one.startswith(f"Order {outcome.order_id} has ")]
        transaction.set_rollback(True)
