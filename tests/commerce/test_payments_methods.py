"""Ways to pay: which there are where, and what paying later comes to before anybody agrees."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.payments import commands, queries
from samband.commerce.payments.offering import REASONS
from samband.commerce.payments.plans import BASIS, TERMS, YEAR_DAYS, Terms, annual_rate, bounds, plan, plans
from samband.commerce.payments.refusals import MethodNotAvailable, UnknownMethod, UnknownPlan
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.commerce.paying import eur

CHANNELS = ("shop", "api", "pos", "kiosk")
WAYS = ("ship", "pickup", "carry", "serve")


def reasons(channel: str, total: Money, *ways: str) -> dict[str, str]:
    return {one.method: one.reason for one in queries.methods("IS", channel, total, ways)}


class TestWhatIsOffered:
    def test_a_sofa_to_be_shipped_can_be_paid_the_same_ways_in_the_store_and_online(self):
        shop, till = reasons("shop", eur(90_000), "ship"), reasons("pos", eur(90_000), "ship")
        assert {method for method, reason in shop.items() if not reason} == {
            "card", "pay_later", "gift_card", "transfer", "on_delivery",
        }  # fmt: skip
        assert {method: (shop[method], till[method]) for method in shop if shop[method] != till[method]} == {
            "card": ("", "terminal_instead"),
            "card_present": ("needs_a_terminal", ""),
            "cash": ("only_in_a_store", ""),
        }

    def test_goods_carried_away_are_not_paid_by_what_comes_later(self):
        till = reasons("pos", eur(900), "carry")
        assert till["transfer"] == "goods_leave_now"
        assert till["on_delivery"] == "only_for_parcels"
        assert till["cash"] == till["card_present"] == till["gift_card"] == ""
        assert till["pay_later"] == "below_smallest"

    @given(st.sampled_from(CHANNELS), st.integers(0, 10**7), st.lists(st.sampled_from(WAYS), max_size=3))
    def test_whatever_cannot_be_had_says_why(self, channel, amount, ways):
        for one in queries.methods("IS", channel, Money(amount, "ISK"), ways):
            assert one.available == (one.reason == "")
            assert one.reason in ("", *REASONS)
            if one.plans and one.smallest and one.largest:
                assert one.smallest.amount <= amount <= one.largest.amount

    def test_nothing_to_pay_needs_no_way_to_pay(self):
        assert set(reasons("shop", eur(0), "ship").values()) == {"nothing_to_pay"}

    def test_a_transfer_needs_an_account_that_takes_the_currency(self):
        assert reasons("shop", Money(5000, "ISK"), "ship")["transfer"] == ""
        assert reasons("shop", Money(5000, "PLN"), "ship")["transfer"] == "currency_not_taken"
        with override_settings(PAYEE_IBAN=""):
            assert reasons("shop", eur(5000), "ship")["transfer"] == "not_set_up"
        with override_settings(PAYEE_IBAN="IS140159260076545510730338"):
            assert reasons("shop", eur(5000), "ship")["transfer"] == "not_set_up", "its check digits are wrong"

    def test_every_method_has_one_that_carries_it_out(self):
        offered = [one.method for one in queries.methods("IS", "shop", eur(1), ("ship",))]
        assert len(offered) == len(set(offered))
        assert {method: queries.provider_of(method) for method in ("card", "pay_later", "cash")} == {
            "card": "sandbox", "pay_later": "sandbox", "cash": "cash",
        }  # fmt: skip
        with pytest.raises(UnknownMethod):
            queries.provider_of("shells")


@pytest.mark.django_db
class TestStarting:
    def start(self, amount: Money, method: str, provider: str, plan: str = ""):
        return commands.start(
            new_id(), new_id(), amount.amount, amount.currency, method, provider, plan=plan, asking=True
        )

    def test_paying_later_takes_one_of_the_plans_that_were_shown(self):
        self.start(eur(50_000), "pay_later", "sandbox", "in-3")
        with pytest.raises(UnknownPlan) as refused:
            self.start(eur(50_000), "pay_later", "sandbox", "in-99")
        assert refused.value.details["plans"] == ["in-30-days", "in-3", "in-12"]
        with pytest.raises(UnknownPlan):
            self.start(eur(50_000), "pay_later", "sandbox")
        with pytest.raises(UnknownPlan):
            self.start(eur(50_000), "card", "sandbox", "in-3")

    @pytest.mark.parametrize(("amount", "reason"), [(1999, "below_smallest"), (300_001, "above_largest")])
    def test_too_little_or_too_much_is_not_paid_later(self, amount, reason):
        with pytest.raises(MethodNotAvailable) as refused:
            self.start(eur(amount), "pay_later", "sandbox", "in-3")
        assert refused.value.details["reason"] == reason

    @override_settings(PAYEE_IBAN="")
    def test_no_transfer_without_an_account(self):
        with pytest.raises(MethodNotAvailable):
            self.start(eur(5000), "transfer", "transfer")


MONEY = st.one_of(
    *[
        st.integers(*(bound.amount for bound in bounds(currency))).map(lambda amount, cur=currency: Money(amount, cur))
        for currency in ("EUR", "ISK", "PLN", "GBP")
    ]
)


class TestPlans:
    @given(MONEY)
    def test_instalments_sum_to_the_total_to_the_cent(self, amount):
        for one in plans(amount):
            assert sum(part.amount.amount for part in one.parts) == one.total.amount
            assert one.total == amount + one.cost
            assert len(one.parts) == one.instalments
            assert all(part.amount.amount > 0 for part in one.parts)
            assert one.parts[0].amount == one.each
            assert one.parts[0].after_days == one.first_after_days
            days = [part.after_days for part in one.parts]
            assert days == sorted(set(days))

    @given(MONEY)
    def test_without_interest_it_costs_nothing(self, amount):
        free = [one for one, terms in zip(plans(amount), TERMS, strict=True) if not terms.rate]
        assert len(free) == 2
        assert all(one.total == amount and one.annual_rate_basis_points == 0 for one in free)

    @given(MONEY, st.integers(100, 3000), st.integers(2, 36))
    def test_interest_is_paid_in_level_parts_but_the_last(self, amount, rate, instalments):
        one = plan(amount, Terms("x", instalments, 30, rate))
        assert one.cost.amount > 0
        assert {part.amount for part in one.parts[:-1]} <= {one.each}
        assert one.parts[-1].amount.amount <= one.each.amount

    @given(MONEY, st.integers(100, 3000), st.integers(1, 36))
    def test_the_annual_rate_makes_all_parts_worth_the_amount_today(self, amount, rate, instalments):
        one = plan(amount, Terms("x", instalments, 30, rate))
        found = one.annual_rate_basis_points

        def worth(basis_points: float) -> float:
            return sum(
                part.amount.amount / (1 + basis_points / BASIS) ** (part.after_days / YEAR_DAYS) for part in one.parts
            )

        assert worth(found + 1) <= amount.amount <= worth(max(found - 1, 0))

    def test_a_known_case(self):
        """1,000 euro in twelve parts, thirty days apart, at a nominal 11.90 %, by hand.

        r = 0.119 · 30 / 365 = 0.978082 %; 1,000 · r / (1 − (1 + r)⁻¹²) = 88.722, so 88.73 each;
        (1 + r)^(365/30) − 1 = 12.57 %.
        """
        one = next(one for one in plans(eur(100_000)) if one.id == "in-12")
        assert one.each == eur(8_873)
        assert 11 * 8_873 < one.total.amount <= 12 * 8_873
        assert one.annual_rate_basis_points == 1_257

    def test_the_annual_rate_of_one_payment_is_simple_to_see(self):
        """1,100 after a year for 1,000 today is 10 % (Directive 2008/48/EC, annex I)."""
        assert annual_rate(1000, [(365, 1100)]) == 1000
        assert annual_rate(1000, [(365, 1000)]) == 0
