"""An order that stands may be amended, and adds up at every moment."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.orders import amending, books, commands, queries
from samband.commerce.orders.refusals import (
    DoesNotAddUp,
    NoSuchGroup,
    NotPlaced,
    OrderNotFound,
    TooFewOrdered,
)
from samband.commerce.orders.rules import Draft, DraftGroup, DraftLine
from samband.events.orders import LineReplaced, LineTakenOff
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from tests.commerce.shelves import racing, refused

pytestmark = pytest.mark.django_db

SOFA = DraftLine("SOFA", "Sófi", 1, 129_900, 129_900, 104_758, 25_142, 2400)
CUPS = DraftLine("CUP", "Bolli", 4, 1_500, 5_000, 4_032, 968, 2400, discount=1_000)
GIFT = DraftLine("CUP", "Bolli", 1, 1_500, 0, 0, 0, 2400, discount=1_500)
MUG = DraftLine("MUG", "Krús", 1, 1_200, 1_200, 1_081, 119, 1100)


def placed(*lines: DraftLine, shipping: int = 1_500) -> UUID:
    lines = lines or (SOFA, CUPS)
    goods: dict[str, int] = {}
    for line in lines:
        goods[line.sku] = goods.get(line.sku, 0) + line.quantity
    vat = sum(line.vat for line in lines)
    total = sum(line.total for line in lines) + shipping
    wish = Draft(
        order_id=new_id(), customer_id=new_id(), contact_id=new_id(), cart_id=None, channel="shop", market="IS",
        language="is", currency="ISK", total=total, total_net=total - vat, total_vat=vat, shipping=shipping,
        shipping_vat=0, lines=tuple(lines), quote={},
        groups=(DraftGroup("ship", "LON", tuple(Line(*one) for one in goods.items()), new_id()),),
    )  # fmt: skip
    commands.draft(wish)
    commands.place(wish.order_id)
    return wish.order_id


def off(order_id: UUID, sku: str, quantity: int) -> LineTakenOff:
    amount = amending.worth(queries.order(order_id).lines, sku, quantity)
    return amending.take_off(order_id, sku, quantity, amount)


def told(order_id: UUID) -> list[tuple[str, int, int, int]]:
    return [(one.sku, one.quantity, one.cancelled_quantity, one.total.amount) for one in queries.order(order_id).lines]


def balanced() -> bool:
    assert list(books.findings()) == []
    return True


def test_units_that_are_taken_off_get_a_line_of_their_own_with_their_share():
    order_id = placed()
    before = queries.order(order_id)
    event = off(order_id, "CUP", 1)
    assert event.amount == 1_250
    assert told(order_id) == [("SOFA", 1, 0, 129_900), ("CUP", 3, 0, 3_750), ("CUP", 1, 1, 1_250)]
    after = queries.order(order_id)
    assert (after.total, after.total_vat, after.total_net) == (before.total, before.total_vat, before.total_net)
    assert [line.vat.amount for line in after.lines][1:] == [726, 242]
    assert [line.discount.amount for line in after.lines][1:] == [750, 250]
    off(order_id, "CUP", 3)
    assert told(order_id)[1:] == [("CUP", 3, 3, 3_750), ("CUP", 1, 1, 1_250)]
    assert balanced()


def test_what_was_paid_for_is_taken_off_before_what_was_free():
    order_id = placed(CUPS, GIFT)
    assert off(order_id, "CUP", 4).amount == 5_000
    assert off(order_id, "CUP", 1).amount == 0
    assert balanced()


def test_no_more_is_taken_off_than_there_is():
    order_id = placed()
    off(order_id, "CUP", 3)
    with refused(TooFewOrdered) as refusal:
        off(order_id, "CUP", 2)
    assert refusal.value.details == {"sku": "CUP", "left": 1}
    with refused(TooFewOrdered):
        off(order_id, "LAMP", 1)
    with refused(Invalid):
        off(order_id, "CUP", 0)
    with refused(DoesNotAddUp):
        amending.take_off(order_id, "CUP", 1, 9)
    with refused(OrderNotFound):
        amending.take_off(new_id(), "CUP", 1, 9)
    commands.complete(order_id)
    with refused(NotPlaced):
        off(order_id, "CUP", 1)
    assert balanced()


def test_asking_twice_with_one_key_takes_off_once():
    order_id = placed()
    for _ in range(2):
        amending.take_off(order_id, "CUP", 1, 1_250, key="less")
    assert told(order_id)[1:] == [("CUP", 3, 0, 3_750), ("CUP", 1, 1, 1_250)]


@pytest.mark.django_db(transaction=True)
def test_units_that_many_take_off_at_once_are_taken_off_once():
    order_id = placed()
    answers = racing(*[lambda: amending.take_off(order_id, "CUP", 1, 1_250) for _ in range(6)])
    assert sum(isinstance(one, LineTakenOff) for one in answers) == 4
    assert sum(line.cancelled_quantity for line in queries.order(order_id).lines) == 4
    assert balanced()


# Substitutes


def instead(order_id: UUID, substitute: DraftLine = MUG, quantity: int = 1, group: int = 1) -> LineReplaced:
    amount = amending.worth(queries.order(order_id).lines, "CUP", quantity)
    return amending.put_in_place(order_id, group, "CUP", quantity, amount, substitute)


def test_a_substitute_is_paid_for_by_what_it_stands_for():
    order_id = placed()
    before = queries.order(order_id)
    event = instead(order_id)
    assert (event.amount, event.currency) == (50, "ISK")
    assert told(order_id) == [
        ("SOFA", 1, 0, 129_900),
        ("CUP", 3, 0, 3_750),
        ("CUP", 1, 1, 50),
        ("MUG", 1, 0, 1_200),
    ]
    after = queries.order(order_id)
    assert after.total == before.total
    assert after.total_vat.amount == before.total_vat.amount - 242 + 10 + 119, "another rate of VAT"
    assert [(line.sku, line.quantity) for line in after.groups[0].goods] == [("CUP", 4), ("MUG", 1), ("SOFA", 1)]
    assert balanced()


def test_a_substitute_is_never_dearer():
    order_id = placed()
    with refused(DoesNotAddUp):
        instead(order_id, DraftLine("MUG", "Krús", 1, 1_300, 1_300, 1_171, 129, 1100))
    with refused(Invalid):
        instead(order_id, replace_line(MUG, sku="CUP"))
    with refused(NoSuchGroup):
        instead(order_id, group=7)
    assert told(order_id) == [("SOFA", 1, 0, 129_900), ("CUP", 4, 0, 5_000)]


def replace_line(line: DraftLine, **changes: object) -> DraftLine:
    fields = {name: getattr(line, name) for name in line.__struct_fields__}
    return DraftLine(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_substitute_can_be_taken_off_or_replaced_in_its_turn():
    order_id = placed()
    instead(order_id)
    assert off(order_id, "MUG", 1).amount == 1_200
    assert balanced()


@pytest.mark.parametrize(
    ("unit", "quantity", "most", "total", "vat", "discount"),
    [(1_240, 1, 5_000, 1_240, 240, 0), (1_240, 2, 2_000, 2_000, 387, 480), (0, 3, 500, 0, 0, 0)],
)
def test_the_lower_price_wins(unit, quantity, most, total, vat, discount):
    line = amending.charged(Money(unit, "ISK"), quantity, 2400, most, "MUG", "Krús")
    assert (line.total, line.vat, line.net, line.discount) == (total, vat, total - vat, discount)


# Where it goes


def test_a_parcel_goes_elsewhere():
    order_id, there, slot = placed(), new_id(), new_id()
    at = now()
    amending.redirect_group(order_id, 1, there, slot, at, at + timedelta(hours=2))
    (group,) = queries.order(order_id).groups
    assert (group.address_id, group.slot_id, group.promised_from) == (there, slot, at)
    with refused(NoSuchGroup):
        amending.redirect_group(order_id, 2, there, None, at, at)
    assert balanced()


# Whatever is taken off


@st.composite
def sold(draw: st.DrawFn) -> DraftLine:
    quantity, unit = draw(st.integers(1, 9)), draw(st.integers(0, 5_000))
    total = draw(st.integers(0, unit * quantity))
    vat = draw(st.integers(0, total))
    discount = unit * quantity - total
    return DraftLine(draw(st.sampled_from("AB")), "Goods", quantity, unit, total, total - vat, vat, 2400, discount)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(sold(), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 4), st.integers(0, 9_000)), max_size=5),
)
def test_whatever_is_amended_no_money_and_no_unit_is_lost(lines, amendments):
    order_id = placed(*lines)
    before = queries.order(order_id)
    units = sum(line.quantity for line in before.lines)
    back = 0
    for sku, quantity, price in amendments:
        left = sum(line.quantity - line.cancelled_quantity for line in queries.order(order_id).lines if line.sku == sku)
        if left < quantity:
            continue
        amount = amending.worth(queries.order(order_id).lines, sku, quantity)
        if price:
            line = amending.charged(Money(price, "ISK"), quantity, 1100, amount, "C", "Instead")
            back += amending.put_in_place(order_id, 1, sku, quantity, amount, line).amount
            units += quantity
        else:
            back += amending.take_off(order_id, sku, quantity, amount).amount
        after = queries.order(order_id)
        assert after.total == before.total
        assert sum(line.total.amount for line in after.lines) + 1_500 == after.total.amount
        assert sum(line.vat.amount for line in after.lines) == after.total_vat.amount
        assert sum(line.quantity for line in after.lines) == units
        assert sum(line.total.amount for line in after.lines if line.cancelled_quantity) == back
        assert all(line.cancelled_quantity in (0, line.quantity) for line in after.lines)
        assert balanced()
