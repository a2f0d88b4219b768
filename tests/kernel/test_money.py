"""Money is whole minor units of a currency: nothing is lost, nothing is mixed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.kernel.money import LARGEST, MINOR_DIGITS, CurrencyMismatch, Money, UnknownCurrency, total
from samband.kernel.refusal import Invalid

currencies = st.sampled_from(sorted(MINOR_DIGITS))
amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(lambda given: sum(given) > 0)


@given(amounts, currencies, weights)
def test_splitting_loses_nothing(amount, currency, shares):
    parts = Money(amount, currency).split(shares)
    assert total(parts, currency) == Money(amount, currency)
    assert len(parts) == len(shares)


@given(amounts, currencies, weights)
def test_each_part_is_within_one_unit_of_its_fair_share(amount, currency, shares):
    whole = sum(shares)
    for part, weight in zip(Money(amount, currency).split(shares), shares, strict=True):
        assert abs(part.amount * whole - amount * weight) < whole
        assert weight or not part, "nothing for nothing"


@given(amounts, currencies)
def test_what_is_written_can_be_read(amount, currency):
    money = Money(amount, currency)
    assert Money.parse(str(money.decimal), currency) == money


@given(amounts, amounts, currencies)
def test_adding_and_taking_away_again(one, other, currency):
    a, b = Money(one, currency), Money(other, currency)
    assert a + b - b == a
    assert a + -a == Money(0, currency)
    assert (a < b) == (one < other)


def test_currencies_do_not_mix():
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "ISK")
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "EUR") < Money(2, "PLN")


@pytest.mark.parametrize("text", ["", "abc", "1.005", "NaN", "Infinity", "-Infinity", "1,50", "1e-3"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Invalid):
        Money.parse(text, "EUR")


def test_kronur_have_no_aurar():
    assert Money.parse("1490", "ISK").amount == 1490
    with pytest.raises(Invalid):
        Money.parse("1490.5", "ISK")


@pytest.mark.parametrize("amount", [1.5, True, "1", LARGEST + 1, -LARGEST - 1, None])
def test_an_amount_is_a_whole_number_of_a_sane_size(amount):
    with pytest.raises(Invalid):
        Money(amount, "EUR")


def test_there_is_no_money_of_an_unknown_currency():
    with pytest.raises(UnknownCurrency):
        Money(1, "XXX")


@given(amounts, st.integers(0, 10_000))
def test_a_share_is_rounded_half_away_from_zero(amount, basis_points):
    rate = Decimal(basis_points).scaleb(-4)
    share = Money(amount, "EUR").share(rate)
    assert abs(Decimal(share.amount) - amount * rate) <= Decimal("0.5")
    assert Money(-amount, "EUR").share(rate) == -share


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [-1, 2]])
def test_nobody_splits_by_nothing(shares):
    with pytest.raises((Invalid, ValueError)):
        Money(100, "EUR").split(shares)
