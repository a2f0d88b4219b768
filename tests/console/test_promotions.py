"""Promotions in the console: begun of every kind, changed, ended; coupons made; and what goods cost before."""

from datetime import timedelta

import pytest

from samband.commerce.pricing import commands, queries
from samband.commerce.pricing.promotions import (
    Amount,
    Bundle,
    BuyGet,
    FreeSample,
    FreeShipping,
    Goods,
    Needs,
    Part,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from samband.kernel.clock import held_at, now
from tests.console.counter import Counter
from tests.worlds import CUP, LAMP, SOFA

LIST = "/console/prices/promotions/"
NEW = "/console/prices/new-promotion/"


@pytest.fixture
def merchant(world) -> Counter:
    return Counter("merchandiser")


def saved(code: str) -> Promotion:
    return queries.promotion(code).promotion


def begin(merchant: Counter, kind: str, code: str = "new-one", **fields: str) -> None:
    merchant.twice(f"{NEW}?kind={kind}", "save", code=code, **fields)


@pytest.mark.parametrize(
    ("kind", "fields", "deal"),
    [
        ("percent", {"percent": "12,5"}, Percent(1_250)),
        (
            "percent",
            {"percent": "20", "goods_skus": f"{CUP},\n {LAMP} ", "goods_categories": "home", "goods_but_not": SOFA},
            Percent(2_000, Goods(frozenset({CUP, LAMP}), frozenset({"home"}), frozenset({SOFA}))),
        ),
        ("amount", {"amount__ISK": "500", "amount__EUR": "3,50"}, Amount({"ISK": 500, "EUR": 350}, each=True)),
        ("buy_get", {"buy": "2", "get": "1"}, BuyGet(2, 1)),
        (
            "buy_get",
            {"buy": "1", "get": "1", "percent": "50", "got_skus": CUP, "times": "1"},
            BuyGet(1, 1, got=Goods(frozenset({CUP})), basis_points=5_000, times=1),
        ),
        (
            "bundle",
            {"amount__ISK": "9900", "part_skus__0": CUP, "part_quantity__0": "4", "part_skus__2": f"{LAMP}, {SOFA}"},
            Bundle((Part(frozenset({CUP}), 4), Part(frozenset({LAMP, SOFA}))), {"ISK": 9_900}),
        ),
        (
            "tiered",
            {"tier_quantity__0": "3", "tier_percent__0": "5", "tier_quantity__1": "6", "tier_percent__1": "10"},
            Tiered((Tier(quantity=3, basis_points=500), Tier(quantity=6, basis_points=1_000))),
        ),
        (
            "tiered",
            {"tier_worth-0__ISK": "10000", "tier_amount-0__ISK": "500"},
            Tiered((Tier(worth={"ISK": 10_000}, amounts={"ISK": 500}),)),
        ),
        ("free_shipping", {"class__parcel": "1"}, FreeShipping(classes=frozenset({"parcel"}))),
        ("free_sample", {"sku": CUP, "quantity": "2"}, FreeSample(CUP, 2)),
    ],
)
def test_every_kind_is_begun_shown_and_saved_as_it_was(merchant: Counter, kind: str, fields, deal) -> None:
    begin(merchant, kind, names__en="A good one", stack_group="sale", **fields)
    assert saved("new-one").deal == deal
    page = merchant.words(merchant.get(LIST))
    assert "A good one new-one" in page
    before = saved("new-one")
    merchant.do(f"{LIST}new-one/", "save")
    assert saved("new-one") == before


def test_conditions_are_typed_and_told(merchant: Counter) -> None:
    begin(
        merchant, "percent", percent="10", market__IS="1", channel__pos="1", places="RVK, RIX/table-7", groups="club",
        segments="new-mothers", on__fri="1", from_hour="16:00", until_hour="18:00", needs_quantity="2",
        needs_worth__ISK="5000", needs_categories="home", stacking="alone", priority="3", limit_total="50",
        limit_per_customer="1", valid_until="2099-01-01T00:00", by_coupon="1",
    )  # fmt: skip
    one = saved("new-one")
    assert one.needs == Needs({"ISK": 5_000}, 2, Goods(categories=frozenset({"home"})))
    assert (one.markets, one.channels, one.places) == (frozenset({"IS"}), frozenset({"pos"}), ("RVK", "RIX/table-7"))
    assert (one.weekdays, one.from_hour, one.until_hour) == (frozenset({"fri"}), "16:00", "18:00")
    assert (one.exclusive, one.stack_group, one.priority) == (True, "", 3)
    assert (one.limit_total, one.limit_per_customer, one.by_coupon) == (50, 1, True)
    page = merchant.words(merchant.get(f"{LIST}new-one/"))
    for told in (
        "10% off everything", "with a coupon", "Point of sale", "at RVK, RIX/table-7", "customer groups: club",
        "segments: new-mothers", "from 2 units of home", "from ISK5,000 worth of home", "Friday", "16:00–18:00",
        "50 times in all", "alone in its basket",
    ):  # fmt: skip
        assert told in page


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("percent", {"percent": "101"}, "at most 100%"),
        ("percent", {"percent": "much"}, "Percent: please give a number"),
        ("percent", {"percent": "1.005"}, "Percent: please give a number"),
        ("percent", {"percent": "10", "valid_from": "2099-01-02T00:00", "valid_until": "2099-01-01T00:00"}, "must end"),
        ("percent", {"percent": "10", "valid_until": "2020-01-01T00:00"}, "end has passed"),
        ("percent", {"percent": "10", "goods_categories": "boats"}, "no such category"),
        ("percent", {"percent": "10", "stack_group": ""}, "Group is missing"),
        ("amount", {}, "an amount above zero"),
        ("bundle", {"amount__ISK": "1", "part_skus__0": CUP}, "at least two units"),
        ("tiered", {"tier_quantity__0": "3"}, "Each step needs"),
        ("free_sample", {"sku": "?"}, "is no SKU"),
    ],
)
def test_what_makes_no_sense_is_refused_and_what_was_typed_stays(merchant: Counter, kind: str, fields, says) -> None:
    refused = merchant.do(f"{NEW}?kind={kind}", "save", code="absurd", names__en="Odd", **fields)
    assert refused.status_code == 422
    assert says in merchant.words(refused)
    assert 'value="Odd"' in refused.content.decode()
    assert queries.promotions() == ()


def test_a_code_is_given_once(merchant: Counter) -> None:
    begin(merchant, "percent", percent="10")
    again = merchant.do(f"{NEW}?kind=percent", "save", code="new-one", percent="20")
    assert "Another promotion has this code already." in merchant.words(again)
    assert saved("new-one").deal == Percent(1_000)


def test_a_promotion_is_ended_and_begun_anew(merchant: Counter) -> None:
    begin(merchant, "percent", percent="10")
    merchant.twice(f"{LIST}new-one/", "end")
    assert queries.promotion("new-one").ended_at is not None
    assert "end" not in merchant.deeds(f"{LIST}new-one/")
    merchant.do(f"{LIST}new-one/", "save")
    assert queries.promotion("new-one").ended_at is None


class TestCoupons:
    @pytest.fixture(autouse=True)
    def welcome(self, world):
        commands.save_promotion(Promotion(code="welcome", deal=Percent(1_000), by_coupon=True))

    def test_are_made_and_the_batch_is_shown(self, merchant: Counter) -> None:
        address = f"{LIST}welcome/coupons/"
        made = merchant.do(address, "issue", count="3")
        page = merchant.words(merchant.get(made.headers["Location"]))
        found, _more = queries.coupons("welcome")
        assert "3 coupons were made." in page
        assert len(found) == 3
        assert all(one.code in page and one.limit_total == 1 for one in found)

    def test_are_named_found_and_ended(self, merchant: Counter) -> None:
        address = f"{LIST}welcome/coupons/"
        merchant.twice(address, "issue", codes="Summer-26, friends", limit_total="", limit_per_customer="2")
        assert queries.coupon("FRIENDS").limit_per_customer == 2
        assert "SUMMER-26" in merchant.words(merchant.get(f"{address}?q=summ"))
        assert "FRIENDS" not in merchant.words(merchant.get(f"{address}?q=summ"))
        merchant.do(address, "end", {"coupon": "FRIENDS"})
        assert queries.coupon("FRIENDS").ended_at is not None
        assert queries.coupon("SUMMER-26").ended_at is None

    def test_that_are_there_already_are_refused_by_name(self, merchant: Counter) -> None:
        address = f"{LIST}welcome/coupons/"
        merchant.do(address, "issue", codes="ONCE")
        refused = merchant.do(address, "issue", codes="ONCE, TWICE")
        assert "There are such coupons already: ONCE. None was made." in merchant.words(refused)
        assert queries.promotion("welcome").coupons == 1

    def test_of_a_promotion_that_needs_none_are_not_made(self, merchant: Counter) -> None:
        commands.save_promotion(Promotion(code="open", deal=Percent(1_000)))
        assert "issue" not in merchant.deeds(f"{LIST}open/coupons/")


def test_what_goods_cost_before_is_told_with_the_lowest_of_thirty_days(merchant: Counter) -> None:
    with held_at(now() - timedelta(days=40)):
        commands.save_price_list("early", "ISK", priority=-1)
        commands.set_prices("early", {CUP: 1_200})
    commands.save_promotion(Promotion(code="cups", deal=Percent(2_000), names={"en": "Cup days"}))
    page = merchant.words(merchant.get(f"/console/prices/history/{CUP}/?market=IS"))
    assert "The lowest price of the thirty days before was ISK1,200" in page
    assert "Cup days" in page
    assert merchant.get("/console/prices/history/NOTHING/").status_code == 404


def test_who_may_only_look_changes_nothing(world) -> None:
    commands.save_promotion(Promotion(code="one", deal=Percent(1_000), by_coupon=True))
    looker = Counter("analyst")
    if looker.get(LIST).status_code == 200:
        assert looker.deeds(f"{LIST}one/") == set()
        assert looker.deeds(f"{LIST}one/coupons/") == set()
    assert looker.get(NEW).status_code == 403


def test_there_is_no_such_promotion_or_kind(merchant: Counter) -> None:
    assert merchant.get(f"{LIST}nothing/").status_code == 404
    assert merchant.get(f"{LIST}nothing/coupons/").status_code == 404
    assert merchant.get(f"{NEW}?kind=theft").status_code == 404


def test_the_statements_of_promotions_are_counted(merchant: Counter) -> None:
    commands.save_promotion(Promotion(code="one", deal=Percent(1_000), by_coupon=True))
    for address in (LIST, f"{LIST}one/", f"{LIST}one/coupons/"):
        merchant.get(address)
    assert merchant.statements(LIST) == 3
    assert merchant.statements(f"{LIST}one/") == 5
    assert merchant.statements(f"{LIST}one/coupons/") == 4
