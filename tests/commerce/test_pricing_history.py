"""What was asked is not forgotten: beside every reduction stands the lowest price of the thirty days before it."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.commerce.pricing import commands, queries
from samband.commerce.pricing.books import findings
from samband.commerce.pricing.promotions import Amount, Goods, Percent, Promotion
from samband.commerce.pricing.refusals import UnknownMarket
from samband.kernel.clock import held_at
from samband.kernel.money import Money

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.fixture(autouse=True)
def shop(db):
    queries.forget()
    with held_at(day(-100)):
        commands.save_market("LV", "LV", "EUR", "lv", {"en": "Latvia"}, position=1)
        commands.save_vat_rate("LV", "standard", 2100)
        commands.save_price_list("euro", "EUR")
    yield
    queries.forget()


def costs(number: float, amount: int, price_list: str = "euro", sku: str = "LAMP") -> None:
    """From this day on it costs that in a list."""
    with held_at(day(number)):
        commands.set_prices(price_list, {sku: amount})


def campaign(first: float, last: float, amount: int, code: str = "campaign", said: float | None = None) -> None:
    """Between these days it costs that; said in advance."""
    with held_at(day(first - 1 if said is None else said)):
        commands.save_price_list(code, "EUR", valid_from=day(first), valid_until=day(last), priority=5)
        commands.set_prices(code, {"LAMP": amount})


def lowest(number: float, **asked: object) -> int | None:
    found = queries.tags(["LAMP"], "LV", "shop", at=day(number), **asked)["LAMP"].lowest_30
    return found.amount if found else None


class TestLowestBefore:
    def test_without_a_reduction_there_is_none(self):
        costs(-60, 10_000)
        costs(0, 8_000)
        assert lowest(1) is None

    def test_it_is_the_lowest_of_the_thirty_days_before_and_not_of_an_earlier_one(self):
        costs(-90, 7_000)
        costs(-60, 10_000)
        costs(-20, 9_000)
        costs(-10, 12_000)
        campaign(0, 20, 8_500)
        assert lowest(1) == 9_000
        assert lowest(19) == 9_000
        assert lowest(20) is None

    def test_a_price_raised_to_be_lowered_again_is_found_out(self):
        costs(-90, 10_000)
        costs(-5, 15_000)
        campaign(0, 20, 12_000)
        tag = queries.tags(["LAMP"], "LV", "shop", at=day(1))["LAMP"]
        assert (tag.regular, tag.lowest_30) == (Money(15_000, "EUR"), Money(10_000, "EUR"))

    def test_a_price_that_ended_within_the_thirty_days_counts_and_one_that_ended_before_does_not(self):
        costs(-90, 10_000)
        campaign(-40, -31, 5_000, "far")
        campaign(-35, -29, 6_000, "near")
        campaign(0, 20, 9_000)
        assert lowest(1) == 6_000

    def test_a_reduction_that_is_deepened_without_a_break_began_with_its_first_step(self):
        costs(-90, 10_000)
        campaign(0, 30, 9_000, "first")
        campaign(10, 30, 8_000, "second", said=9)
        with held_at(day(9)):
            commands.save_price_list("second", "EUR", valid_from=day(10), valid_until=day(30), priority=9)
        assert lowest(5) == 10_000
        assert lowest(15) == 10_000

    def test_one_that_is_made_smaller_begins_anew(self):
        costs(-90, 10_000)
        campaign(0, 10, 8_000, "first")
        campaign(10, 30, 9_000, "second", said=-1)
        assert lowest(15) == 8_000

    def test_one_price_changed_within_the_campaign_is_a_deeper_step(self):
        costs(-90, 10_000)
        campaign(0, 30, 9_000)
        costs(10, 8_000, "campaign")
        assert lowest(15) == 10_000

    def test_goods_that_had_no_price_before_are_compared_with_what_they_cost_without_it(self):
        campaign(0, 30, 9_000, said=0)
        costs(0, 10_000)
        assert lowest(5) == 10_000

    def test_a_lower_price_of_some_customers_is_theirs(self):
        costs(-90, 10_000)
        with held_at(day(-80)):
            commands.save_price_list("club", "EUR", customer_group="club")
            commands.set_prices("club", {"LAMP": 9_500})
        campaign(0, 30, 8_000)
        assert lowest(5) == 10_000
        assert queries.tags(["LAMP"], "LV", "shop", "club", day(5))["LAMP"].unit == Money(9_500, "EUR")

    def test_a_price_without_vat_is_told_with_it(self):
        with held_at(day(-90)):
            commands.save_price_list("net", "EUR", includes_vat=False, priority=1)
            commands.set_prices("net", {"LAMP": 10_000})
        campaign(0, 30, 9_000)
        assert lowest(5) == 12_100


class TestPromotions:
    def promote(self, number: float, deal: object, code: str = "sale", **about: object) -> None:
        with held_at(day(number)):
            commands.save_promotion(Promotion(code=code, deal=deal, **about))

    def test_an_announced_promotion_is_a_reduction(self):
        costs(-90, 10_000)
        costs(-10, 11_000)
        self.promote(-1, Percent(2000), valid_from=day(0), valid_until=day(9))
        assert (lowest(-0.5), lowest(1), lowest(10)) == (None, 10_000, None)

    def test_one_of_the_last_thirty_days_counts_as_a_price_that_was_asked(self):
        costs(-90, 10_000)
        self.promote(-20, Amount({"EUR": 3_000}, Goods(skus=frozenset({"LAMP"})), each=True), "before")
        with held_at(day(-15)):
            commands.end_promotion("before")
        campaign(0, 20, 9_000)
        assert lowest(1) == 7_000

    def test_one_that_nobody_could_have_without_more_is_no_price(self):
        costs(-90, 10_000)
        self.promote(-20, Percent(5000), "coupon", by_coupon=True)
        self.promote(-20, Percent(5000), "club", groups=frozenset({"club"}))
        self.promote(-20, Percent(5000, Goods(skus=frozenset({"OTHER"}))), "other")
        campaign(0, 20, 9_000)
        assert lowest(1) == 10_000

    def test_what_it_was_then_counts_and_not_what_it_is_now(self):
        costs(-90, 10_000)
        self.promote(-20, Percent(4000))
        self.promote(-10, Percent(1000))
        assert lowest(1) == 6_000


class TestAsking:
    def test_takes_one_statement_more_and_none_when_asked_again(self):
        costs(-90, 10_000)
        campaign(0, 30, 9_000)
        for expected in (2, 1):
            with CaptureQueriesContext(connection) as said:
                assert lowest(5) == 10_000
            assert len(said) == expected

    def test_terms_tell_it_to_who_asks_for_it(self):
        costs(-90, 10_000)
        campaign(0, 30, 9_000)
        classes = {"LAMP": ("standard", "parcel")}
        assert queries.terms(classes, "LV", "shop", at=day(5)).tags["LAMP"].lowest_30 is None
        told = queries.terms(classes, "LV", "shop", at=day(5), lowest=True)
        assert told.tags["LAMP"].lowest_30 == Money(10_000, "EUR")

    def test_the_history_is_told_the_latest_first(self):
        costs(-90, 10_000)
        campaign(0, 10, 8_000)
        with held_at(day(20)):
            commands.remove_prices("euro", ["LAMP"])
        told = [(step.since, step.until, step.unit, step.regular) for step in queries.history("LAMP", "LV", at=day(30))]
        assert told == [
            (day(20), None, None, None),
            (day(10), day(20), Money(10_000, "EUR"), None),
            (day(0), day(10), Money(8_000, "EUR"), Money(10_000, "EUR")),
            (day(-90), day(0), Money(10_000, "EUR"), None),
        ]
        assert queries.history("NOTHING", "LV") == ()
        with pytest.raises(UnknownMarket):
            queries.history("LAMP", "XX")


@pytest.mark.parametrize("seed", range(6))
def test_the_history_says_of_every_moment_what_was_asked_at_it(seed):
    chance = random.Random(seed)
    asked: list[tuple[datetime, int | None]] = []
    lists = ["euro", "a", "b"]
    for step in range(40):
        at = day(step * 3)
        with held_at(at):
            match chance.choice(["price", "price", "gone", "list", "promotion", "end"]):
                case "price":
                    code = chance.choice([one for one in lists if one == "euro" or one in queries.price_lists()])
                    commands.set_prices(code, {"LAMP": chance.randint(1, 20) * 500})
                case "gone":
                    code = chance.choice([one for one in lists if one == "euro" or one in queries.price_lists()])
                    commands.remove_prices(code, ["LAMP"])
                case "list":
                    commands.save_price_list(
                        chance.choice(["a", "b"]), "EUR",
                        valid_from=chance.choice([None, day(step * 3 + chance.randint(-20, 20))]),
                        valid_until=chance.choice([None, day(step * 3 + chance.randint(21, 40))]),
                        priority=chance.randint(-1, 2), includes_vat=chance.random() < 0.5,
                        channel=chance.choice([None, None, "pos"]),
                    )  # fmt: skip
                case "promotion":
                    commands.save_promotion(
                        Promotion(
                            code=chance.choice(["x", "y"]), deal=Percent(chance.choice([1000, 2500])),
                            stack_group=chance.choice(["", "g"]), by_coupon=chance.random() < 0.2,
                            valid_until=chance.choice([None, day(step * 3 + chance.randint(1, 30))]),
                        )
                    )  # fmt: skip
                case "end":
                    for view in queries.promotions():
                        commands.end_promotion(view.promotion.code)
        for moment in (at, at + timedelta(days=1.5)):
            tag = queries.tags(["LAMP"], "LV", "shop", at=moment).get("LAMP")
            paid = (tag.announced.unit if tag.announced else tag.unit).amount if tag else None
            asked.append((moment, paid))
    history = queries.history("LAMP", "LV", at=day(200))
    for moment, paid in asked:
        found = [one for one in history if one.since <= moment and (one.until is None or moment < one.until)]
        assert (found[0].unit.amount if found and found[0].unit else None) == paid, moment
    assert list(findings()) == []
