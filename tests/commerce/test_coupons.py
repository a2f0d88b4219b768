"""A code opens a promotion for whom it is meant, as often as it may, and says why when it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from samband.commerce.pricing import commands, queries
from samband.commerce.pricing.books import findings
from samband.commerce.pricing.promotions import Amount, FreeSample, Goods, Percent, Promotion
from samband.commerce.pricing.queries import Quote, QuoteLine, Use
from samband.commerce.pricing.refusals import (
    CouponTaken,
    CouponUsedUp,
    PromotionAbsurd,
    TooManyCoupons,
    UnknownCoupon,
    UnknownPromotion,
)
from samband.kernel.clock import held_at
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid, KeyReused, Refusal
from tests.undefended import undefend

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA, BERTA = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def shop(db):
    queries.forget()
    commands.save_market("LV", "LV", "EUR", "lv", {"en": "Latvia"}, position=1)
    commands.save_vat_rate("LV", "standard", 2100)
    commands.save_price_list("euro", "EUR")
    commands.set_prices("euro", {"CHAIR": 5_000, "LAMP": 2_000})
    commands.save_promotion(Promotion(code="welcome", deal=Percent(1000), by_coupon=True, names={"en": "Welcome"}))
    yield
    queries.forget()


@contextmanager
def refused(kind: type[Refusal], **details: object) -> Iterator[None]:
    """The command refuses, and what it did until then is taken back."""
    with pytest.raises(kind) as caught, transaction.atomic():
        yield
    assert {name: caught.value.details.get(name) for name in details} == details


def made(*coupons: str, sku: str = "CHAIR", **asked: object) -> Quote:
    return queries.quote([QuoteLine(sku, 1, "standard", "parcel")], "LV", "shop", coupons=coupons, **asked)


def said(*coupons: str, **asked: object) -> list[str]:
    return [one.state for one in made(*coupons, **asked).coupons]


def issue(*codes: str, promotion: str = "welcome", **about: object) -> None:
    commands.issue_coupons(promotion, codes=codes, **about)


def use(code: str, customer_id: UUID | None = None, order_id: UUID | None = None) -> UUID:
    order_id = order_id or new_id()
    with transaction.atomic():
        commands.reserve_uses(order_id, [Use("welcome", code)], customer_id)
    return order_id


class TestSaying:
    def test_a_code_opens_its_promotion_and_nothing_is_off_without_it(self):
        issue("HELLO")
        assert made().discount.amount == 0
        quote = made("HELLO")
        assert quote.discount.amount == 500
        (applied,) = quote.applied
        assert (applied.promotion, applied.coupon, applied.names) == ("welcome", "HELLO", {"en": "Welcome"})
        assert quote.lines[0].discounts[0].coupon == "HELLO"
        assert quote.lines[0].reasons[-1].params["coupon"] == "HELLO"
        assert quote.uses == (Use("welcome", "HELLO"),)

    def test_how_it_is_typed_does_not_matter(self):
        issue("hello-1")
        assert said(" Hello-1 ", "HELLO-1") == ["applied"]

    def test_what_nobody_made_is_unknown_whatever_it_looks_like(self):
        assert said("NOTHING", "", "  ", "\x00", "Ö" * 4000) == ["unknown", "unknown", "unknown"]

    def test_without_codes_nothing_more_is_asked(self):
        issue("HELLO")
        made()
        with CaptureQueriesContext(connection) as statements:
            made()
        assert len(statements) == 1
        with CaptureQueriesContext(connection) as statements:
            made("HELLO", "OTHER", "THIRD")
        assert len(statements) == 2

    def test_it_holds_in_its_window(self):
        with held_at(NOON):
            issue("WINDOW", valid_from=NOON + DAY, valid_until=NOON + 2 * DAY)
        assert [said("WINDOW", at=NOON + days * DAY) for days in (0, 1, 2)] == [["not_yet"], ["applied"], ["expired"]]

    def test_it_holds_in_the_window_of_its_promotion(self):
        with held_at(NOON):
            about = {"valid_from": NOON + DAY, "valid_until": NOON + 2 * DAY, "by_coupon": True}
            commands.save_promotion(Promotion(code="spring", deal=Percent(1), **about))
            issue("SPRING", promotion="spring")
        assert [said("SPRING", at=NOON + days * DAY) for days in (0, 1, 2)] == [["not_yet"], ["applied"], ["expired"]]

    def test_it_is_over_when_it_or_its_promotion_is_ended(self):
        issue("ONE", "TWO")
        commands.end_coupons("welcome", ["one"])
        assert said("ONE", "TWO") == ["expired", "applied"]
        commands.end_promotion("welcome")
        assert said("TWO") == ["expired"]

    def test_one_for_somebody_is_theirs_alone(self):
        issue("FORANNA", customer_id=ANNA)
        assert [said("FORANNA", customer_id=who) for who in (ANNA, BERTA, None)] == [
            ["applied"], ["not_yours"], ["not_yours"],
        ]  # fmt: skip

    def test_one_that_each_may_use_once_needs_to_know_who_asks(self):
        issue("EACH", limit_total=None, limit_per_customer=1)
        assert said("EACH") == ["not_yours"]
        use("EACH", ANNA)
        assert [said("EACH", customer_id=who) for who in (ANNA, BERTA)] == [["used_up"], ["applied"]]

    def test_one_whose_promotion_does_not_hold_for_the_basket_is_not_applicable(self):
        commands.save_promotion(
            Promotion(code="lamps", deal=Percent(1000, Goods(skus=frozenset({"LAMP"}))), by_coupon=True)
        )
        issue("LAMPS", promotion="lamps")
        assert said("LAMPS") == ["not_applicable"]
        assert made("LAMPS", sku="CHAIR").uses == ()
        assert said("LAMPS", sku="LAMP") == ["applied"]

    def test_of_two_for_one_promotion_one_is_used_and_the_other_kept_for_later(self):
        issue("ONE", "TWO")
        assert said("TWO", "ONE") == ["not_applicable", "applied"]
        assert made("TWO", "ONE").uses == (Use("welcome", "ONE"),)

    def test_of_two_of_a_group_only_the_better_is_used(self):
        for code, share in (("a", 1000), ("b", 2000)):
            commands.save_promotion(Promotion(code=code, deal=Percent(share), by_coupon=True, stack_group="coupon"))
            issue(f"CODE-{code}", promotion=code)
        assert said("CODE-A", "CODE-B") == ["not_applicable", "applied"]
        assert made("CODE-A", "CODE-B").uses == (Use("b", "CODE-B"),)

    def test_one_that_gives_a_sample_is_used_too(self):
        commands.save_promotion(Promotion(code="sample", deal=FreeSample("CREAM"), by_coupon=True))
        issue("CREAMY", promotion="sample")
        quote = made("CREAMY")
        assert ([gift.sku for gift in quote.gifts], quote.uses) == (["CREAM"], (Use("sample", "CREAMY"),))

    def test_a_price_that_nothing_can_be_taken_off_uses_no_code_up(self):
        commands.set_prices("euro", {"CHAIR": 0})
        commands.save_promotion(Promotion(code="welcome", deal=Amount({"EUR": 500}), by_coupon=True))
        issue("HELLO")
        assert said("HELLO") == ["not_applicable"]


class TestUsing:
    def test_one_use_is_one_order_and_asking_twice_is_asking_once(self):
        issue("ONCE")
        order_id = use("ONCE")
        use("ONCE", order_id=order_id)
        assert said("ONCE") == ["used_up"]
        with refused(CouponUsedUp, coupon="ONCE", promotion="welcome"):
            use("ONCE")
        assert queries.coupon("once").uses == 1

    def test_it_takes_one_statement_and_without_uses_none(self):
        issue("ONCE")
        with transaction.atomic(), CaptureQueriesContext(connection) as statements:
            commands.reserve_uses(new_id(), [Use("welcome", "ONCE")], None)
            commands.reserve_uses(new_id(), [], None)
        assert len(statements) == 1

    def test_what_an_order_gives_up_another_may_use(self):
        issue("ONCE")
        order_id = use("ONCE")
        assert [commands.free_uses(order_id) for _ in range(2)] == [1, 0]
        assert said("ONCE") == ["applied"]
        again = use("ONCE", order_id=order_id)
        commands.keep_uses(again)
        commands.keep_uses(again)
        assert [one.state for one in queries.uses(coupon="ONCE")] == ["kept"]
        assert commands.free_uses(again) == 1
        assert queries.coupon("ONCE").uses == 0
        assert list(findings()) == []

    def test_freeing_what_was_never_used_is_nothing(self):
        assert commands.free_uses(new_id()) == 0
        commands.keep_uses(new_id())

    def test_of_several_uses_all_or_none_is_made(self):
        commands.save_promotion(Promotion(code="few", deal=Percent(1), limit_total=1))
        issue("ONCE")
        with transaction.atomic():
            commands.reserve_uses(new_id(), [Use("few")], None)
        with refused(CouponUsedUp, promotion="few", coupon=None):
            commands.reserve_uses(new_id(), [Use("few"), Use("welcome", "ONCE")], None)
        assert said("ONCE") == ["applied"]

    def test_limits_of_a_customer_hold_for_that_customer(self):
        issue("EACH", limit_total=3, limit_per_customer=2)
        for _ in range(2):
            use("EACH", ANNA)
        with refused(CouponUsedUp):
            use("EACH", ANNA)
        with refused(CouponUsedUp):
            use("EACH", None)
        order_id = use("EACH", BERTA)
        with refused(CouponUsedUp):
            use("EACH", BERTA)
        commands.free_uses(order_id)
        use("EACH", BERTA)
        assert list(findings()) == []

    def test_one_without_limit_is_used_without_end_and_nobody_waits_for_its_row(self):
        issue("FREE", limit_total=None)
        for _ in range(5):
            use("FREE")
        assert queries.coupon("FREE").uses == 5
        with connection.cursor() as cursor:
            cursor.execute("select taken from pricing_coupon where code = 'FREE'")
            assert cursor.fetchone()[0] == 0

    def test_a_promotion_stands_once_in_an_order(self):
        issue("ONE", "TWO")
        with refused(Invalid):
            commands.reserve_uses(new_id(), [Use("welcome", "ONE"), Use("welcome", "TWO")], None)


class TestIssuing:
    def test_drawn_codes_are_all_different_and_hard_to_guess(self):
        batch = commands.issue_coupons("welcome", count=200)
        found, more = queries.coupons("welcome", batch_id=batch.batch_id)
        assert (len(found), more) == (200, False)
        assert len({one.code for one in found}) == 200
        assert all(len(one.code) == 12 for one in found)

    def test_asking_twice_is_asking_once(self):
        first, again = (commands.issue_coupons("welcome", count=3, key="k") for _ in range(2))
        assert first == again
        assert queries.promotion("welcome").coupons == 3
        with refused(KeyReused):
            commands.issue_coupons("welcome", count=4, key="k")

    def test_a_code_there_is_already_is_refused_and_none_is_made(self):
        issue("ONE")
        with refused(CouponTaken, codes=["ONE"]):
            issue("one", "two")
        assert queries.promotion("welcome").coupons == 1

    @pytest.mark.parametrize(
        "about",
        [
            {},
            {"codes": ["AB"]},
            {"codes": ["A B C"]},
            {"codes": ["ÆÐÞ"]},
            {"codes": ["A" * 41]},
            {"codes": ["SAME", "same"]},
            {"codes": [7]},
            {"codes": ["ABC"], "count": 1},
            {"count": -1},
            {"count": True},
            {"count": 1, "limit_total": 0},
            {"count": 1, "limit_per_customer": "1"},
            {"count": 1, "valid_until": datetime(2020, 1, 1, tzinfo=UTC)},
            {"count": 1, "valid_until": datetime(2090, 1, 1)},
            {"count": 1, "valid_from": NOON + 900 * DAY, "valid_until": NOON + 800 * DAY},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, about):
        with refused(Invalid):
            commands.issue_coupons("welcome", **about)
        assert queries.promotion("welcome").coupons == 0

    def test_more_than_can_be_made_at_once_is_refused(self):
        with refused(TooManyCoupons):
            commands.issue_coupons("welcome", count=10_001)

    def test_only_a_promotion_that_a_coupon_opens_has_coupons(self):
        commands.save_promotion(Promotion(code="open", deal=Percent(1)))
        with refused(PromotionAbsurd, why="needs_no_coupon"):
            issue("ABC", promotion="open")
        with refused(UnknownPromotion):
            issue("ABC", promotion="nothing")
        issue("HELLO")
        with refused(PromotionAbsurd, why="has_coupons"):
            commands.save_promotion(Promotion(code="welcome", deal=Percent(1000)))

    def test_codes_are_found_by_how_they_begin(self):
        issue("AAA-1", "AAA-2", "BBB")
        found, more = queries.coupons("welcome", "aaa")
        assert ([one.code for one in found], more) == (["AAA-1", "AAA-2"], False)
        with refused(UnknownCoupon):
            queries.coupon("CCC")
        with refused(UnknownCoupon, coupon="CCC"):
            commands.end_coupons("welcome", ["AAA-1", "CCC"])


def test_the_books_find_a_coupon_that_was_overspent():
    issue("ONCE", "TWICE", limit_total=2)
    use("ONCE", ANNA)
    with connection.cursor() as cursor:
        undefend(cursor, "pricing_coupon", "pricing_promotionuse")
        cursor.execute("update pricing_coupon set taken = 2 where code = 'ONCE'")
        cursor.execute("update pricing_promotionuse set coupon = 'NOWHERE' where coupon = 'ONCE'")
    said = list(findings())
    assert "Coupon ONCE counts 2 uses, but orders make 0 uses of it." in said
    assert any("NOWHERE, which opens nothing" in one for one in said)
