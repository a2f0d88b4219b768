"""Promotions as they are saved, found and ended: for whom, where, when, and never an absurd one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from samband.commerce.pricing import askers, commands, goods, queries
from samband.commerce.pricing.books import findings
from samband.commerce.pricing.models import PromotionRow
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
from samband.commerce.pricing.queries import QuoteLine
from samband.commerce.pricing.quoting import quote as make_quote
from samband.commerce.pricing.refusals import (
    LimitBelowUses,
    PromotionAbsurd,
    TooManyLines,
    UnknownMarket,
    UnknownPromotion,
)
from samband.events.catalog import ProductChanged
from samband.kernel.clock import held_at
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import KeyReused, Refusal
from samband.timeline import delivering, record
from samband.timeline.models import Entry
from tests.undefended import undefend

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""A Monday."""

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def shop(db, monkeypatch):
    queries.forget()
    commands.save_market("LV", "LV", "EUR", "lv", {"en": "Latvia"}, position=1)
    commands.save_market("PL", "PL", "PLN", "pl", {"en": "Poland"}, position=2)
    for country in ("LV", "PL"):
        commands.save_vat_rate(country, "standard", 2100)
    commands.save_price_list("euro", "EUR")
    commands.set_prices("euro", {"CHAIR": 5_000, "LAMP": 2_000, "SOFA": 50_000})
    commands.save_shipping_rate("LV", "parcel", "ship", 590)
    tree = {"home": ("home", "seats", "light"), "seats": ("seats",), "light": ("light",)}
    where = {"CHAIR": "seats", "SOFA": "seats", "LAMP": "light"}
    monkeypatch.setattr(goods, "branches", lambda asked: {slug: tree[slug] for slug in asked if slug in tree})
    monkeypatch.setattr(goods, "categories", lambda skus: {sku: where[sku] for sku in skus if sku in where})
    yield
    queries.forget()


@contextmanager
def refused(kind: type[Refusal], **details: object) -> Iterator[None]:
    """The command refuses, says why, and what it did until then is taken back."""
    with pytest.raises(kind) as caught, transaction.atomic():
        yield
    assert {name: caught.value.details.get(name) for name in details} == details


def promote(code: str = "tenth", deal: object = None, **about: object) -> None:
    commands.save_promotion(Promotion(code=code, deal=deal or Percent(1000), **about))


def off(*skus: str, market: str = "LV", channel: str = "shop", group: str | None = None, **asked: object) -> int:
    """What comes off one of each of these (the chair and the lamp, if none are named)."""
    lines = [QuoteLine(sku, 1, "standard", "parcel") for sku in skus or ("CHAIR", "LAMP")]
    return queries.quote(lines, market, channel, group, **asked).discount.amount


class TestHolding:
    def test_a_promotion_holds_from_when_it_is_saved_until_it_is_ended(self):
        assert off() == 0
        promote()
        assert off() == 700
        commands.end_promotion("tenth")
        assert off() == 0
        promote()
        assert off() == 700

    def test_a_change_holds_at_once_and_in_one_statement_more(self):
        promote()
        assert off() == 700
        promote(deal=Percent(2000))
        with CaptureQueriesContext(connection) as said:
            assert off() == 1400
        assert len(said) == 2
        with CaptureQueriesContext(connection) as said:
            off()
        assert len(said) == 1

    def test_what_was_undone_is_not_remembered(self):
        promote()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            promote(deal=Percent(9000))
            assert off() == 6300
            raise ZeroDivisionError
        with transaction.atomic():
            commands.save_price_list("other", "EUR")  # the edition has the number it had then
        assert off() == 700

    @pytest.mark.parametrize(
        ("condition", "matching", "others"),
        [
            ({"channels": frozenset({"pos"})}, {"channel": "pos"}, {"channel": "shop"}),
            ({"groups": frozenset({"club"})}, {"group": "club"}, {"group": None}),
            ({"segments": frozenset({"new"})}, {"segments": ("new", "x")}, {"segments": ("x",)}),
            ({"places": ("RVK",)}, {"place": "RVK/table-7"}, {"place": "RVKX"}),
            ({"places": ("RVK/bar",)}, {"place": "RVK/bar"}, {"place": "RVK"}),
            ({"markets": frozenset({"LV"})}, {}, {}),
        ],
    )
    def test_it_is_for_those_whom_it_names(self, condition, matching, others):
        promote(**condition)
        assert off(**matching) == 700
        if others:
            assert off(**others) == 0

    def test_the_segments_of_a_customer_are_asked_for_only_while_they_matter(self, monkeypatch):
        her, asked = new_id(), []
        monkeypatch.setattr(askers, "segments_of", lambda customer: asked.append(customer) or ("new", "x"))
        assert off(customer_id=her) == 0
        assert asked == []
        promote(segments=frozenset({"new", "faithful"}))
        assert off(customer_id=her) == 700
        assert asked == [her]
        assert off(customer_id=her, segments=("faithful",)) == 700
        assert off() == 0
        assert asked == [her]

    def test_it_is_for_the_markets_it_names(self):
        commands.save_price_list("zloty", "PLN")
        commands.set_prices("zloty", {"CHAIR": 20_000})
        promote(markets=frozenset({"PL"}))
        assert off() == 0
        assert off("CHAIR", market="PL") == 2_000

    def test_an_amount_is_of_the_currency_it_is_said_in(self):
        commands.save_price_list("zloty", "PLN")
        commands.set_prices("zloty", {"CHAIR": 20_000})
        promote(deal=Amount({"EUR": 300, "PLN": 1_200}))
        assert (off(), off("CHAIR", market="PL")) == (300, 1_200)
        promote(deal=Amount({"EUR": 300}))
        assert off("CHAIR", market="PL") == 0

    def test_it_holds_from_its_beginning_until_just_before_its_end(self):
        with held_at(NOON):
            promote(valid_from=NOON + HOUR, valid_until=NOON + 2 * HOUR)
        moments = [NOON, NOON + HOUR, NOON + 2 * HOUR - timedelta(seconds=1), NOON + 2 * HOUR]
        assert [off(at=moment) for moment in moments] == [0, 700, 700, 0]

    def test_it_holds_on_its_days_and_hours_on_the_clocks_of_the_market(self):
        promote(weekdays=frozenset({"mon"}), from_hour="16:00", until_hour="18:00")
        afternoon = datetime(2026, 6, 1, 13, tzinfo=UTC)  # sixteen o'clock in Rīga's summer
        assert [off(at=afternoon + shift) for shift in (-HOUR, timedelta(), HOUR, 2 * HOUR, DAY)] == [0, 700, 700, 0, 0]

    def test_hours_past_midnight_belong_to_the_day_before(self):
        promote(weekdays=frozenset({"mon"}), from_hour="22:00", until_hour="02:00")
        evening = datetime(2026, 6, 1, 20, tzinfo=UTC)  # Monday, 23:00 in Rīga
        assert [off(at=evening + shift) for shift in (timedelta(), 2 * HOUR, 3 * HOUR, -22 * HOUR)] == [700, 700, 0, 0]

    def test_it_holds_for_a_basket_that_has_what_it_needs(self):
        promote(needs=Needs(worth={"EUR": 7_000}))
        assert (off("CHAIR"), off("CHAIR", "LAMP")) == (0, 700)
        promote(needs=Needs(quantity=2))
        assert (off("CHAIR"), off("CHAIR", "LAMP")) == (0, 700)
        promote(needs=Needs(quantity=1, goods=Goods(skus=frozenset({"SOFA"}))))
        assert (off("CHAIR", "LAMP"), off("CHAIR", "SOFA")) == (0, 5_500)


class TestCategories:
    def learn(self):
        commands.save_categories({"CHAIR": "seats", "SOFA": "seats", "LAMP": "light"})

    def test_a_category_covers_everything_below_it(self):
        self.learn()
        promote(deal=Percent(1000, Goods(categories=frozenset({"home"}))))
        assert off("CHAIR", "LAMP") == 700
        promote(deal=Percent(1000, Goods(categories=frozenset({"seats"}), but_not=frozenset({"SOFA"}))))
        assert off("CHAIR", "LAMP", "SOFA") == 500

    def test_the_catalogs_word_at_hand_goes_before_what_was_learnt(self):
        self.learn()
        promote(deal=Percent(1000, Goods(categories=frozenset({"light"}))))
        lines = [QuoteLine("CHAIR", 1, "standard", "parcel", category="light")]
        assert queries.quote(lines, "LV", "shop").discount.amount == 500

    @pytest.mark.django_db(transaction=True)
    def test_where_goods_hang_is_learnt_when_the_catalog_tells_of_them(self):
        promote(deal=Percent(1000, Goods(categories=frozenset({"home"}))))
        assert off("CHAIR", "LAMP") == 0
        with transaction.atomic():
            record(ProductChanged(product_id=new_id(), skus=("CHAIR",)))
        delivering.deliver()
        assert off("CHAIR", "LAMP") == 500

    def test_a_tree_that_changes_is_followed(self, monkeypatch):
        self.learn()
        promote(deal=Percent(1000, Goods(categories=frozenset({"home"}))))
        monkeypatch.setattr(goods, "branches", lambda asked: {"home": ("home", "light")})
        assert off("CHAIR", "LAMP") == 700
        assert commands.announce_promotions() == 1
        assert off("CHAIR", "LAMP") == 200
        assert commands.announce_promotions() == 0

    def test_one_that_there_is_not_is_refused(self):
        with refused(PromotionAbsurd, why="unknown_category"):
            promote(deal=Percent(1000, Goods(categories=frozenset({"boats"}))))


class TestAbsurdities:
    @pytest.mark.parametrize(
        ("why", "deal", "about"),
        [
            ("share", Percent(10_001), {}),
            ("share", Percent(0), {}),
            ("share", Percent(-1), {}),
            ("form", Percent("1000"), {}),
            ("form", Percent(True), {}),
            ("form", "percent", {}),
            ("amount", Amount({}), {}),
            ("amount", Amount({"EUR": 0}), {}),
            ("amount", Amount({"EUR": 10**12}), {}),
            ("currency", Amount({"XXX": 1}), {}),
            ("currency_of_markets", Amount({"ISK": 1}), {}),
            ("currency_of_markets", Amount({"EUR": 1}), {"markets": frozenset({"PL"})}),
            ("currency_of_markets", Amount({"EUR": 1}), {"needs": Needs(worth={"PLN": 1})}),
            ("units", BuyGet(buy=0, get=1), {}),
            ("units", BuyGet(buy=1, get=0), {}),
            ("share", BuyGet(buy=1, get=1, basis_points=20_000), {}),
            ("times", BuyGet(buy=1, get=1, times=0), {}),
            ("parts", Bundle((), {"EUR": 1}), {}),
            ("parts", Bundle((Part(frozenset({"CHAIR"})),), {"EUR": 1}), {}),
            ("parts_overlap", Bundle((Part(frozenset({"A", "B"})), Part(frozenset({"B"}))), {"EUR": 1}), {}),
            ("no_goods", Bundle((Part(frozenset()), Part(frozenset({"B"}))), {"EUR": 1}), {}),
            ("tiers", Tiered(()), {}),
            ("tiers", Tiered((Tier(quantity=1),)), {}),
            ("tiers", Tiered((Tier(basis_points=100),)), {}),
            ("tiers", Tiered((Tier(quantity=1, basis_points=100, amounts={"EUR": 1}),)), {}),
            ("tiers_mixed", Tiered((Tier(quantity=1, basis_points=9), Tier(quantity=2, amounts={"EUR": 1}))), {}),
            ("tiers_do_not_rise", Tiered((Tier(quantity=5, basis_points=9), Tier(quantity=2, basis_points=10))), {}),
            ("tiers_do_not_rise", Tiered((Tier(quantity=2, basis_points=9), Tier(quantity=5, basis_points=9))), {}),
            ("share", FreeShipping(0), {}),
            ("sku", FreeSample(" no sku"), {}),
            ("units", FreeSample("CREAM", 0), {}),
            ("no_goods", Percent(1, Goods(skus=frozenset({"A"}), but_not=frozenset({"A"}))), {}),
            ("sku", Percent(1, Goods(skus=frozenset({"\x00"}))), {}),
            ("too_many_goods", Percent(1, Goods(skus=frozenset(f"S{n}" for n in range(10_001)))), {}),
            ("code", Percent(1), {"code": "with space"}),
            ("code", Percent(1), {"code": ""}),
            ("names", Percent(1), {"names": {"xx": "?"}}),
            ("window", Percent(1), {"valid_from": NOON + DAY, "valid_until": NOON}),
            ("window", Percent(1), {"valid_from": NOON, "valid_until": NOON}),
            ("window", Percent(1), {"valid_from": datetime(2026, 1, 1)}),
            ("over", Percent(1), {"valid_until": datetime(2020, 1, 1, tzinfo=UTC)}),
            ("hours", Percent(1), {"weekdays": frozenset({"today"})}),
            ("hours", Percent(1), {"from_hour": "25:00"}),
            ("hours", Percent(1), {"from_hour": "10:00", "until_hour": "10:00"}),
            ("alone_in_a_group", Percent(1), {"exclusive": True, "stack_group": "sale"}),
            ("limit", Percent(1), {"limit_total": 0}),
            ("limit", Percent(1), {"limit_total": 2, "limit_per_customer": 3}),
            ("priority", Percent(1), {"priority": 5000}),
            ("condition", Percent(1), {"channels": frozenset({"\x00"})}),
        ],
    )
    def test_are_refused_and_say_why(self, why, deal, about):
        with held_at(datetime(2026, 5, 1, tzinfo=UTC)), refused(PromotionAbsurd, why=why):
            commands.save_promotion(Promotion(**{"code": "absurd", "deal": deal, **about}))
        assert queries.promotions() == ()

    def test_a_window_in_which_its_hours_never_come_is_refused(self):
        friday = datetime(2026, 6, 5, tzinfo=UTC)
        about = {"weekdays": frozenset({"sun"}), "from_hour": "10:00", "until_hour": "12:00"}
        with held_at(NOON):
            with refused(PromotionAbsurd, why="never_open"):
                promote(valid_from=friday, valid_until=friday + DAY, **about)
            promote(valid_from=friday, valid_until=friday + 3 * DAY, **about)

    def test_a_market_there_is_not_is_refused(self):
        with refused(UnknownMarket, market="XX"):
            promote(markets=frozenset({"XX"}))

    def test_ending_what_there_is_not_is_refused(self):
        with refused(UnknownPromotion):
            commands.end_promotion("nothing")

    def test_ten_thousand_lines_are_refused(self):
        classes = {f"S{nth}": ("standard", "parcel") for nth in range(10_000)}
        lines = [QuoteLine(sku, 1, "standard", "parcel") for sku in classes]
        with refused(TooManyLines):
            queries.quote(lines, "LV", "shop")
        with refused(TooManyLines):
            make_quote(lines, queries.terms({}, "LV", "shop"), None)


class TestStory:
    def told(self) -> list[str]:
        return [entry.name for entry in Entry.objects.filter(name__contains="Promotion").order_by("position")]

    def test_every_change_is_told_and_asking_twice_is_asking_once(self):
        for _ in range(2):
            commands.save_promotion(Promotion(code="tenth", deal=Percent(1000)), key="one")
        assert self.told() == ["pricing.PromotionChanged"]
        with refused(KeyReused):
            commands.save_promotion(Promotion(code="tenth", deal=Percent(2000)), key="one")
        commands.end_promotion("tenth")
        assert len(self.told()) == 2

    def test_a_window_that_opens_or_closes_is_told_once(self):
        with held_at(NOON):
            promote(valid_from=NOON + HOUR, valid_until=NOON + 2 * HOUR)
            assert commands.announce_promotions() == 0
        with held_at(NOON + HOUR):
            assert [commands.announce_promotions() for _ in range(2)] == [1, 0]
        with held_at(NOON + 3 * HOUR):
            assert [commands.announce_promotions() for _ in range(2)] == [1, 0]

    def test_the_version_moves_with_a_promotion_its_window_and_its_hours(self):
        before = queries.version(NOON)
        with held_at(NOON):
            promote(valid_from=NOON + HOUR, weekdays=frozenset({"tue"}))
        versions = [queries.version(at) for at in (NOON, NOON + HOUR, NOON + DAY, NOON + 2 * DAY)]
        assert before not in versions
        assert len(set(versions)) == 3  # saved, then open, then on its day; the day after is as before its day
        assert versions[1] == versions[3]

    def test_history_is_only_added_to(self):
        promote()
        for statement in ("update pricing_promotionchange set promotion = 'x'", "delete from pricing_pricechange"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


class TestTags:
    def test_announce_what_comes_off_each_unit_for_everybody_who_asks_so(self):
        promote(code="sale", deal=Percent(2500, Goods(skus=frozenset({"LAMP"}))), names={"en": "Lamp days"})
        tags = queries.tags(["LAMP", "CHAIR"], "LV", "shop")
        assert tags["LAMP"].announced.unit == Money(1_500, "EUR")
        assert tags["LAMP"].announced.promotions == ("sale",)
        assert tags["LAMP"].announced.names == ({"en": "Lamp days"},)
        assert tags["LAMP"].unit == Money(2_000, "EUR")
        assert tags["CHAIR"].announced is None

    @pytest.mark.parametrize(
        ("deal", "about"),
        [
            (Percent(2500), {"needs": Needs(quantity=2)}),
            (Percent(2500), {"by_coupon": True}),
            (Percent(2500), {"groups": frozenset({"club"})}),
            (Amount({"EUR": 100}), {}),
            (BuyGet(buy=1, get=1), {}),
            (FreeShipping(), {}),
        ],
    )
    def test_announce_nothing_that_hangs_on_more_than_who_asks(self, deal, about):
        promote(deal=deal, **about)
        assert queries.tags(["LAMP"], "LV", "shop")["LAMP"].announced is None

    def test_announce_what_holds_at_a_place(self):
        promote(places=("RVK",))
        assert queries.tags(["LAMP"], "LV", "shop")["LAMP"].announced is None
        assert queries.tags(["LAMP"], "LV", "shop", place="RVK/shelf-2")["LAMP"].announced.unit == Money(1_800, "EUR")


class TestLimits:
    def uses(self, *customers) -> None:
        for customer_id in customers:
            commands.reserve_uses(new_id(), [queries.Use("tenth")], customer_id)

    def test_what_is_used_up_is_offered_no_more(self):
        promote(limit_total=2)
        self.uses(None)
        assert off() == 700
        self.uses(None)
        assert off() == 0
        with CaptureQueriesContext(connection) as said:
            off()
        assert len(said) == 1

    def test_what_each_may_have_once_is_offered_to_who_is_known_and_has_not_had_it(self):
        anna, berta = uuid4(), uuid4()
        promote(limit_per_customer=1)
        self.uses(anna)
        assert [off(customer_id=who) for who in (anna, berta, None)] == [0, 700, 0]

    def test_a_limit_that_comes_later_counts_what_was_used_before(self):
        promote()
        anna = uuid4()
        self.uses(anna, anna, None)
        with refused(LimitBelowUses, taken=3):
            promote(limit_total=2)
        with refused(LimitBelowUses, taken=2):
            promote(limit_per_customer=1)
        promote(limit_total=3, limit_per_customer=2)
        assert off() == 0
        assert list(findings()) == []

    def test_a_quote_says_what_must_be_counted(self):
        promote(limit_total=2)
        promote(code="more", deal=Percent(500))
        lines = [QuoteLine("CHAIR", 1, "standard", "parcel")]
        assert queries.quote(lines, "LV", "shop").uses == (queries.Use("tenth"),)


def test_the_books_find_what_cannot_be():
    promote(limit_total=5)
    assert list(findings()) == []
    with connection.cursor() as cursor:
        undefend(cursor, "pricing_promotionrow", "pricing_price", "pricing_pricechange")
        cursor.execute("update pricing_tally set taken = 3")
        cursor.execute("update pricing_price set amount = 1 where sku = 'CHAIR'")
    said = "\n".join(findings())
    assert "tenth" in said
    assert "CHAIR" in said


def test_every_kind_survives_being_kept():
    deals = [
        Percent(1000, Goods(categories=frozenset({"seats"}))),
        Amount({"EUR": 100}, each=True),
        BuyGet(2, 1, got=Goods(skus=frozenset({"LAMP"})), times=3),
        Bundle((Part(frozenset({"CHAIR", "LAMP"}), 2),), {"EUR": 100}),
        Tiered((Tier(worth={"EUR": 10}, amounts={"EUR": 1}),)),
        FreeShipping(classes=frozenset({"parcel"})),
        FreeSample("CREAM"),
    ]
    for nth, deal in enumerate(deals):
        promote(code=f"p{nth}", deal=deal, weekdays=frozenset({"mon"}), needs=Needs(quantity=2))
    assert [view.promotion.deal for view in queries.promotions()] == deals
    assert PromotionRow.objects.count() == len(deals)
