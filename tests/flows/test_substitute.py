"""What is not found is replaced by something else if the customer agrees, and the lower price wins."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.refusals import (
    NotPermitted,
    ProposedAlready,
    SubstitutionOver,
    TooFewLeft,
    UnknownSubstitution,
)
from samband.commerce.fulfillment.substitutions import SubstitutionView, of_order
from samband.commerce.inventory import chores
from samband.commerce.inventory import commands as stock
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.refusals import SoldOut
from samband.commerce.orders import queries as orders
from samband.commerce.pricing import commands as pricing
from samband.flows import finish_order, substitute
from samband.flows.audit import audit
from samband.flows.substitute import NoSubstitute
from samband.kernel.clock import held_at, in_future
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal
from samband.timeline.delivering import deliver
from tests.commerce.shelves import racing
from tests.console.counter import bought
from tests.worlds import CAKE, CUP, LAMP, LAST_TEN, REYKJAVIK, SOFA, SOFA_BLUE, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    yield
    fresh_processes()


def picking(*skus: str) -> FulfillmentView:
    order_id = bought(*skus).order_id
    (view,) = fulfillments.of_order(order_id)
    fulfillment.start_picking(view.id)
    return fulfillments.fulfillment(view.id)


def proposed(view: FulfillmentView, sku: str, instead: str, quantity: int = 1, missing: bool = False) -> UUID:
    given = new_id()
    substitute.propose(view.id, Line(sku, quantity), instead, substitution_id=given, missing=missing)
    return given


def at_reykjavik(sku: str) -> tuple[int, int]:
    """On hand, and what may be promised."""
    there = next(at for at in inventory.available([sku])[sku] if at.location == REYKJAVIK)
    return there.on_hand, there.available


def handed_over(view: FulfillmentView) -> None:
    for line in fulfillments.fulfillment(view.id).lines:
        fulfillment.pick(view.id, line.sku, line.quantity)
    finish_order.make_ready(view.id, in_future(days=3), key="ready")
    finish_order.hand_over(view.id, fulfillments.fulfillment(view.id).pickup_code or "", key="over")


def balanced() -> bool:
    deliver()
    assert list(audit()) == []
    return True


def refunded(view: FulfillmentView) -> int:
    deliver()
    return orders.order(view.order_id).refunded.amount


def test_a_cheaper_substitute_costs_what_it_costs_and_the_difference_goes_back():
    view = picking(LAMP, SOFA)
    given = proposed(view, LAMP, CUP)
    (shown,) = of_order(view.order_id)
    assert (shown.worth, shown.price, shown.difference) == (
        Money(14_900, "ISK"),
        Money(1_490, "ISK"),
        Money(13_410, "ISK"),
    )
    for _ in range(2):
        assert substitute.agree(given, key="yes").state == "agreed"
    assert refunded(view) == 13_410
    assert {line.sku: line.quantity for line in fulfillments.fulfillment(view.id).lines} == {CUP: 1, SOFA: 1}
    order = orders.order(view.order_id)
    assert [(line.sku, line.quantity, line.cancelled_quantity, line.total.amount) for line in order.lines] == [
        (LAMP, 1, 1, 13_410),
        (SOFA, 1, 0, 129_900),
        (CUP, 1, 0, 1_490),
    ]
    handed_over(view)
    assert orders.order(view.order_id).state == "placed"
    assert balanced()
    assert orders.order(view.order_id).state == "completed"
    assert (at_reykjavik(CUP), at_reykjavik(LAMP)) == ((39, 39), (5, 5))


def test_a_dearer_substitute_costs_no_more_than_what_was_paid():
    view = picking(SOFA, CUP)
    given = proposed(view, SOFA, SOFA_BLUE)
    assert substitute.agree(given, by="counter", key="yes").answered_by == "counter"
    assert refunded(view) == 0
    blue = next(line for line in orders.order(view.order_id).lines if line.sku == SOFA_BLUE)
    assert (blue.unit.amount, blue.total.amount, blue.discount.amount) == (134_900, 129_900, 5_000)
    assert balanced()


def test_other_vat_on_a_substitute_is_reckoned_from_what_it_costs():
    view = picking(CUP, CUP)
    substitute.agree(proposed(view, CUP, CAKE), key="yes")
    order = orders.order(view.order_id)
    cake = next(line for line in order.lines if line.sku == CAKE)
    assert (cake.total.amount, cake.vat.amount, cake.vat_basis_points) == (890, 88, 1100)
    assert order.total == Money(2_980, "ISK")
    assert refunded(view) == 600
    assert balanced()


def test_what_is_proposed_is_held_until_it_is_answered():
    view = picking(LAMP)
    stock.count(REYKJAVIK, (Position(REYKJAVIK, SOFA_BLUE, 1),), "one is left")
    given = proposed(view, LAMP, SOFA_BLUE)
    assert at_reykjavik(SOFA_BLUE) == (1, 0)
    with pytest.raises(SoldOut):
        proposed(picking(CUP), CUP, SOFA_BLUE)
    for _ in range(2):
        assert substitute.decline(given, key="no").state == "declined"
    assert at_reykjavik(SOFA_BLUE) == (1, 1)
    with pytest.raises(SubstitutionOver):
        substitute.agree(given, key="yes after all")
    substitute.agree(proposed(view, LAMP, CUP), key="yes")
    assert balanced()


def test_nobody_answers_in_time():
    view = picking(LAMP)
    given = proposed(view, LAMP, CUP)
    before = at_reykjavik(CUP)
    with held_at(in_future(minutes=31)):
        with pytest.raises(SubstitutionOver):
            substitute.agree(given, key="too late")
        assert substitute.lapse_substitutes() == 1
        assert substitute.lapse_substitutes() == 0
        chores.lapse_holds()
        deliver()
    assert of_order(view.order_id)[0].state == "lapsed"
    assert at_reykjavik(CUP) == (before[0], before[1] + 1)
    assert orders.order(view.order_id).state == "placed"
    assert balanced()


def test_the_hold_may_lapse_before_anybody_looks():
    view = picking(LAMP)
    proposed(view, LAMP, CUP)
    with held_at(in_future(minutes=31)):
        chores.lapse_holds()
        assert substitute.lapse_substitutes() == 1
        deliver()
    assert balanced()


def test_asking_twice_proposes_once():
    view, given = picking(LAMP), new_id()
    first, second = (substitute.propose(view.id, Line(LAMP, 1), CUP, substitution_id=given) for _ in range(2))
    assert first == second
    with pytest.raises(ProposedAlready):
        proposed(view, LAMP, SOFA_BLUE)
    assert at_reykjavik(SOFA_BLUE) == (2, 2), "nothing was held for what was refused"
    assert balanced()


def test_what_cannot_be_a_substitute_is_refused():
    view = picking(LAMP, CUP)
    for wrong, refusal in ((CUP, NoSubstitute), ("NO-SUCH", NoSubstitute), (LAMP, NoSubstitute), (LAST_TEN, SoldOut)):
        with pytest.raises(refusal):
            proposed(view, LAMP, wrong)
    with pytest.raises(Refusal):
        proposed(view, LAMP, SOFA_BLUE, quantity=2)
    with pytest.raises(Invalid):
        substitute.propose(view.id, Line(LAMP, 1), SOFA_BLUE, substitution_id=new_id(), answer_within=timedelta(days=3))
    with pytest.raises(UnknownSubstitution):
        substitute.agree(new_id(), key="what")
    fulfillment.pick(view.id, LAMP, 1)
    with pytest.raises(TooFewLeft):
        proposed(view, LAMP, SOFA_BLUE)
    (untouched,) = fulfillments.of_order(bought(LAMP).order_id)
    with pytest.raises(NotPermitted):
        proposed(untouched, LAMP, SOFA_BLUE)
    assert of_order(view.order_id) == ()
    assert balanced()


def test_goods_that_turned_up_are_not_replaced():
    view = picking(LAMP)
    given = proposed(view, LAMP, CUP)
    fulfillment.pick(view.id, LAMP, 1)
    with pytest.raises(TooFewLeft):
        substitute.agree(given, key="yes")
    assert of_order(view.order_id)[0].state == "proposed"
    assert refunded(view) == 0
    substitute.decline(given, key="no")
    assert balanced()


def test_a_price_that_fell_meanwhile_is_the_lower_one():
    view = picking(LAMP)
    given = proposed(view, LAMP, CUP)
    pricing.set_prices("isk-regular", {CUP: 1_000})
    substitute.agree(given, key="yes")
    assert refunded(view) == 13_900
    assert balanced()


def test_a_price_that_rose_meanwhile_is_the_one_that_was_proposed():
    view = picking(LAMP)
    given = proposed(view, LAMP, CUP)
    pricing.set_prices("isk-regular", {CUP: 2_000})
    substitute.agree(given, key="yes")
    assert refunded(view) == 13_410
    assert balanced()


def test_an_order_that_is_called_off_needs_no_substitute():
    view = picking(LAMP)
    proposed(view, LAMP, CUP)
    finish_order.cancel_order(view.order_id, "customer", key="off")
    deliver()
    assert of_order(view.order_id)[0].state == "lapsed"
    assert at_reykjavik(CUP) == (40, 40)
    assert balanced()


def test_what_is_not_where_the_books_say_is_not_sold_to_the_next():
    view = picking(LAMP)
    substitute.agree(proposed(view, LAMP, CUP, missing=True), key="yes")
    assert at_reykjavik(LAMP) == (4, 4)
    other = picking(LAMP, CUP)
    for _ in range(2):
        left = substitute.leave_out(other.id, Line(LAMP, 1), key="gone", missing=True)
    assert (left.amount, left.cancelled) == (Money(14_900, "ISK"), False)
    assert at_reykjavik(LAMP) == (3, 3)
    last = picking(LAMP)
    for _ in range(2):
        assert substitute.leave_out(last.id, Line(LAMP, 1), key="gone too", missing=True).cancelled
    assert at_reykjavik(LAMP) == (2, 2)
    deliver()
    assert orders.order(last.order_id).state == "cancelled"
    assert refunded(last) == 14_900
    assert balanced()


def test_of_two_answers_at_once_one_counts():
    for n in range(4):
        view = picking(LAMP)
        given = proposed(view, LAMP, CUP)
        answers = racing(
            partial(substitute.agree, given, key=f"yes {n}"),
            partial(substitute.agree, given, by="counter", key=f"yes, over the counter {n}"),
            partial(substitute.decline, given, key=f"no {n}"),
        )
        assert sum(isinstance(one, SubstitutionView) for one in answers) == 1
        assert {type(one) for one in answers if isinstance(one, Refusal)} == {SubstitutionOver}
        agreed = of_order(view.order_id)[0].state == "agreed"
        assert refunded(view) == (13_410 if agreed else 0)
    assert balanced()


def test_agreeing_and_calling_off_at_once_never_lose_a_unit_or_a_crown():
    for n in range(4):
        view = picking(LAMP)
        given = proposed(view, LAMP, CUP)
        racing(
            partial(substitute.agree, given, key=f"yes {n}"),
            partial(finish_order.cancel_order, view.order_id, "customer", key=f"off {n}"),
        )
        deliver()
        order = orders.order(view.order_id)
        assert order.state in ("placed", "cancelled")
        if order.state == "cancelled":
            assert order.refunded == order.total
    assert balanced()
