"""What changed since the shopper looked is told, line by line, and nothing else is."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.cart.rules import CartLineView, Change, changes
from samband.kernel.money import CurrencyMismatch, Money


@dataclass(frozen=True)
class Tag:
    unit: Money


def euro(amount: int) -> Money:
    return Money(amount, "EUR")


def told(line: CartLineView, now: int | None = 100, available: int | None = 10, published: bool = True):
    tags = {} if now is None else {line.sku: Tag(euro(now))}
    stock = {} if available is None else {line.sku: available}
    return changes([line], tags, stock, {line.sku} if published else set())


def test_nothing_is_told_while_all_is_as_it_was():
    assert told(CartLineView("CHAIR", 10, euro(100))) == ()


def test_a_price_is_told_up_or_down_with_what_it_was_and_is():
    assert told(CartLineView("CHAIR", 1, euro(90))) == (Change("price_up", "CHAIR", euro(90), euro(100)),)
    assert told(CartLineView("CHAIR", 1, euro(110))) == (Change("price_down", "CHAIR", euro(110), euro(100)),)


def test_a_price_never_shown_has_not_changed():
    assert told(CartLineView("CHAIR", 1, None)) == ()


def test_short_stock_is_told_besides_a_new_price():
    assert told(CartLineView("CHAIR", 5, euro(90)), available=3) == (
        Change("short", "CHAIR", 5, 3),
        Change("price_up", "CHAIR", euro(90), euro(100)),
    )


@pytest.mark.parametrize("available", [0, -2, None])
def test_what_is_sold_out_is_told_once(available):
    assert told(CartLineView("CHAIR", 5, euro(90)), available=available) == (Change("sold_out", "CHAIR", 5, 0),)


def test_what_is_no_longer_sold_is_gone_whether_the_price_or_the_product_went():
    gone = (Change("gone", "CHAIR", 5, 0),)
    assert told(CartLineView("CHAIR", 5, euro(90)), now=None) == gone
    assert told(CartLineView("CHAIR", 5, euro(90)), published=False) == gone


def test_prices_in_two_currencies_are_never_compared():
    with pytest.raises(CurrencyMismatch):
        told(CartLineView("CHAIR", 1, Money(90, "PLN")))


LINES = st.lists(
    st.builds(
        CartLineView,
        sku=st.sampled_from(["A", "B", "C", "D"]),
        quantity=st.integers(1, 9),
        seen=st.none() | st.integers(0, 3).map(euro),
    ),
    unique_by=lambda line: line.sku,
)


@given(
    LINES,
    st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 3).map(euro).map(Tag)),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(-1, 9)),
    st.sets(st.sampled_from("ABCD")),
)
def test_a_line_is_silent_exactly_when_it_can_be_bought_as_it_was_seen(lines, tags, available, published):
    found = changes(lines, tags, available, published)
    speaking = {change.sku for change in found}
    for line in lines:
        buyable = line.sku in tags and line.sku in published and available.get(line.sku, 0) >= line.quantity
        as_seen = buyable and line.seen in (None, tags[line.sku].unit)
        assert (line.sku not in speaking) == as_seen
    assert [change.sku for change in found] == sorted(
        (change.sku for change in found), key=[line.sku for line in lines].index
    )
