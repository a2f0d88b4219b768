"""One price everywhere: tags and quotes agree, at every moment, for everybody whom a list is for and nobody else."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.commerce.pricing import commands, goods, queries
from samband.commerce.pricing.books import findings
from samband.commerce.pricing.models import Market, Price, PriceList, ShippingRate, VatRate
from samband.commerce.pricing.queries import Quote, QuoteLine, quote, tags
from samband.commerce.pricing.refusals import (
    CurrencyFixed,
    NotForSale,
    TooManyLines,
    TooManyPrices,
    UnknownMarket,
    UnknownPriceList,
)
from samband.events.catalog import ProductChanged
from samband.kernel.clock import held_at
from samband.kernel.ids import new_id
from samband.kernel.money import Money, UnknownCurrency
from samband.kernel.refusal import Invalid, KeyReused, Refusal
from samband.timeline import delivering, record
from samband.timeline.models import Entry
from tests.undefended import undefend

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def markets(db):
    commands.save_market("IS", "IS", "ISK", "is", {"en": "Iceland", "is": "Ísland"}, position=1)
    commands.save_market("LV", "LV", "EUR", "lv", {"en": "Latvia"}, position=2)
    commands.save_market("GR", "GR", "EUR", "el", {"en": "Greece"}, position=3)
    commands.save_market("GB", "GB", "GBP", "en", {"en": "Britain"}, position=4)
    for country, standard, food in [("IS", 2400, 1100), ("LV", 2100, 1200), ("GR", 2400, 1300), ("GB", 2000, 0)]:
        commands.save_vat_rate(country, "standard", standard)
        commands.save_vat_rate(country, "food", food)
    yield
    queries.forget()


@contextmanager
def refused(kind: type[Refusal]) -> Iterator[None]:
    """The command refuses, and what it did until then is taken back."""
    with pytest.raises(kind), transaction.atomic():
        yield


def euros(**amounts: int) -> None:
    commands.save_price_list("euro", "EUR")
    commands.set_prices("euro", amounts)


def line(sku: str, quantity: int = 1, vat_class: str = "standard") -> QuoteLine:
    return QuoteLine(sku, quantity, vat_class, "parcel")


class TestTags:
    def test_carry_unit_net_and_the_rate_of_the_market(self):
        euros(CHAIR=12_400)
        assert tags(["CHAIR"], "GR", "shop")["CHAIR"].net == Money(10_000, "EUR")
        assert tags(["CHAIR"], "LV", "shop")["CHAIR"].vat_basis_points == 2100

    def test_of_a_list_without_vat_are_as_dear_as_the_market_taxes(self):
        commands.save_price_list("net", "EUR", includes_vat=False)
        commands.set_prices("net", {"CHAIR": 10_000})
        assert tags(["CHAIR"], "GR", "shop")["CHAIR"].unit == Money(12_400, "EUR")
        assert tags(["CHAIR"], "LV", "shop")["CHAIR"].unit == Money(12_100, "EUR")

    def test_hold_in_the_markets_that_trade_in_the_lists_currency(self):
        euros(CHAIR=12_400)
        assert tags(["CHAIR"], "IS", "shop") == {}

    def test_are_missing_for_what_is_unknown_or_no_sku_at_all(self):
        euros(CHAIR=1)
        assert set(tags(["CHAIR", "NOWHERE", "", "\x00", "Ö"], "LV", "shop")) == {"CHAIR"}
        assert tags([], "LV", "shop") == {}

    def test_are_missing_where_the_country_names_no_rate_for_the_class(self):
        commands.save_market("PL", "PL", "PLN", "pl", {})
        commands.save_price_list("zloty", "PLN")
        commands.set_prices("zloty", {"CHAIR": 100})
        assert tags(["CHAIR"], "PL", "shop") == {}
        assert tags({"CHAIR": "zero"}, "PL", "shop")["CHAIR"].vat_basis_points == 0

    def test_know_food_by_the_catalogs_word_or_by_what_was_learnt(self):
        euros(COFFEE=1_120)
        assert tags({"COFFEE": "food"}, "LV", "shop")["COFFEE"].vat_basis_points == 1200
        commands.save_vat_classes({"COFFEE": "food"})
        assert tags(["COFFEE"], "LV", "shop")["COFFEE"].vat_basis_points == 1200
        commands.save_vat_classes({"COFFEE": "standard"})
        assert tags(["COFFEE"], "LV", "shop")["COFFEE"].vat_basis_points == 2100

    def test_name_the_regular_price_and_why_it_is_not_asked(self):
        euros(CHAIR=10_000)
        commands.save_price_list("summer", "EUR", priority=1, valid_from=NOON, valid_until=NOON + DAY)
        commands.set_prices("summer", {"CHAIR": 8_000})
        tag = tags(["CHAIR"], "LV", "shop", at=NOON)["CHAIR"]
        assert (tag.unit.amount, tag.regular) == (8_000, Money(10_000, "EUR"))
        assert tag.reasons[0].params == {"price_list": "summer", "valid_until": (NOON + DAY).isoformat()}
        assert tag.reasons[1].code == "instead_of"
        assert tag.reasons[1].params == {"price_list": "euro", "amount": 10_000, "currency": "EUR"}

    def test_are_one_statement_however_many(self, django_assert_num_queries):
        euros(**{f"SKU{i}": 100 + i for i in range(150)})
        with django_assert_num_queries(1):
            assert len(tags([f"SKU{i}" for i in range(150)], "LV", "shop", "trade")) == 150


class TestWindows:
    def test_a_list_holds_from_its_first_moment_until_just_before_its_last(self):
        euros(CHAIR=10_000)
        commands.save_price_list("day", "EUR", priority=1, valid_from=NOON, valid_until=NOON + DAY)
        commands.set_prices("day", {"CHAIR": 8_000})
        tick = timedelta(microseconds=1)
        asked = {at: tags(["CHAIR"], "LV", "shop", at=at)["CHAIR"].unit.amount
                 for at in (NOON - tick, NOON, NOON + DAY - tick, NOON + DAY)}  # fmt: skip
        assert list(asked.values()) == [10_000, 8_000, 8_000, 10_000]

    def test_windows_that_meet_leave_no_gap_and_no_overlap(self):
        commands.save_price_list("a", "EUR", valid_until=NOON)
        commands.save_price_list("b", "EUR", valid_from=NOON)
        commands.set_prices("a", {"CHAIR": 1})
        commands.set_prices("b", {"CHAIR": 2})
        with held_at(NOON - timedelta(microseconds=1)):
            assert tags(["CHAIR"], "LV", "shop")["CHAIR"].price_list == "a"
        with held_at(NOON):
            assert tags(["CHAIR"], "LV", "shop")["CHAIR"].price_list == "b"

    def test_a_vat_rate_holds_from_its_moment_on(self):
        euros(CHAIR=12_400)
        commands.save_vat_rate("LV", "standard", 2200, valid_from=NOON)
        before, after = (
            tags(["CHAIR"], "LV", "shop", at=at)["CHAIR"] for at in (NOON - timedelta(microseconds=1), NOON)
        )
        assert (before.vat_basis_points, after.vat_basis_points) == (2100, 2200)
        assert before.unit == after.unit

    def test_openings_and_closings_are_told_once(self):
        with held_at(NOON - DAY):
            commands.save_price_list("day", "EUR", valid_from=NOON, valid_until=NOON + DAY)
            commands.set_prices("day", {"CHAIR": 1})
            assert commands.announce_windows() == 0
        with held_at(NOON):
            assert commands.announce_windows() == 1
            assert commands.announce_windows() == 0
        with held_at(NOON + DAY):
            assert commands.announce_windows() == 1
        told = Entry.objects.filter(name="pricing.PricesChanged", payload__skus=["CHAIR"])
        assert told.count() == 3

    def test_a_rate_to_come_is_told_for_prices_without_vat_when_it_comes(self):
        with held_at(NOON - DAY):
            for code, includes_vat in (("net", False), ("gross", True)):
                commands.save_price_list(code, "EUR", includes_vat=includes_vat)
                commands.set_prices(code, {"CHAIR": 1})
            commands.save_vat_rate("LV", "standard", 2200, valid_from=NOON)
        with held_at(NOON):
            assert commands.announce_windows() == 1


SCOPES = st.fixed_dictionaries(
    {
        "market": st.sampled_from([None, "LV", "GR"]),
        "channel": st.sampled_from([None, "shop", "pos"]),
        "customer_group": st.sampled_from([None, "trade", "staff"]),
        "includes_vat": st.booleans(),
        "valid_from": st.sampled_from([None, NOON - DAY, NOON]),
        "valid_until": st.sampled_from([None, NOON + timedelta(hours=1), NOON + DAY]),
        "priority": st.integers(0, 1),
    }
)
ANY_LISTS = st.lists(st.tuples(SCOPES, st.integers(0, 900)), max_size=6)
ASKS = st.tuples(
    st.sampled_from(["LV", "GR"]),
    st.sampled_from(["shop", "pos"]),
    st.sampled_from([None, "trade", "staff"]),
    st.sampled_from([NOON - 2 * DAY, NOON - DAY, NOON, NOON + timedelta(hours=1), NOON + DAY]),
)


def expected(lists, market, channel, group, at):
    """The same rule again, told list by list without a database."""
    rate = {"LV": 2100, "GR": 2400}[market]
    open_to = []
    for number, (scope, amount) in enumerate(lists):
        if scope["market"] not in (None, market) or scope["channel"] not in (None, channel):
            continue
        if scope["customer_group"] not in (None, group):
            continue
        if (scope["valid_from"] and at < scope["valid_from"]) or (scope["valid_until"] and at >= scope["valid_until"]):
            continue
        gross = amount if scope["includes_vat"] else (amount * (10_000 + rate) * 2 + 10_000) // 20_000
        rank = [scope[part] is not None for part in ("customer_group", "channel", "market")]
        open_to.append(([not one for one in rank], -scope["priority"], gross, f"list{number}"))
    return min(open_to)[2:] if open_to else None


@given(ANY_LISTS, ASKS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_lists_everybody_gets_the_price_meant_for_them(lists, ask, shuffle: random.Random):
    with transaction.atomic():
        numbered = list(enumerate(lists))
        shuffle.shuffle(numbered)
        for number, (scope, amount) in numbered:
            commands.save_price_list(f"list{number}", "EUR", **scope)
            commands.set_prices(f"list{number}", {"CHAIR": amount})
        market, channel, group, at = ask
        tag = tags(["CHAIR"], market, channel, group, at).get("CHAIR")
        assert (tag and (tag.unit.amount, tag.price_list)) == expected(lists, *ask)
        if tag is None:
            with pytest.raises(NotForSale):
                quote([line("CHAIR")], market, channel, group, at=at)
        else:
            (priced,) = quote([line("CHAIR")], market, channel, group, at=at).lines
            assert (priced.unit, priced.total, priced.net) == (tag.unit, tag.unit, tag.net)
            assert (priced.price_list, priced.reasons) == (tag.price_list, tag.reasons)
            owners = {scope["customer_group"] for i, (scope, _) in enumerate(lists) if f"list{i}" == tag.price_list}
            assert owners <= {None, group}
        transaction.set_rollback(True)


class TestQuote:
    def test_is_one_statement_however_many_lines(self, django_assert_num_queries):
        euros(**{f"SKU{i}": 100 + i for i in range(200)})
        commands.save_shipping_rate("LV", "parcel", "ship", 590)
        with django_assert_num_queries(1):
            made = quote([line(f"SKU{i}", 2) for i in range(200)], "LV", "shop", method="ship")
        assert len(made.lines) == 200
        assert made.total.amount == sum(2 * (100 + i) for i in range(200)) + 590

    def test_is_kept_as_the_shopper_saw_it(self):
        euros(CHAIR=10_000, COFFEE=560)
        commands.save_shipping_rate("LV", "parcel", "ship", 590, free_from=20_000)
        made = quote([line("CHAIR"), line("COFFEE", 3, "food")], "LV", "shop", method="ship")
        assert msgspec.json.decode(msgspec.json.encode(made), type=Quote) == made
        assert made.total.amount == 10_000 + 3 * 560 + 590
        assert [share.basis_points for share in made.vat_summary] == [2100, 1200]

    def test_knows_what_every_way_costs_whichever_is_asked_for(self):
        euros(CHAIR=10_000, SOFA=20_000)
        commands.save_shipping_rate("LV", "parcel", "ship", 590)
        commands.save_shipping_rate("LV", "parcel", "pickup", 100)
        lines = [line("CHAIR"), QuoteLine("SOFA", 1, "standard", "parcel", "pickup")]
        assert quote(lines, "LV", "shop", method="ship").shipping == Money(690, "EUR")
        assert quote(lines, "LV", "shop").shipping == Money(100, "EUR")
        with refused(Invalid):
            quote(lines, "LV", "shop", method="fly")

    def test_asks_each_market_its_own_shipping(self):
        euros(CHAIR=10_000)
        commands.save_shipping_rate("LV", "parcel", "ship", 590)
        commands.save_shipping_rate("GR", "parcel", "ship", 990)
        commands.save_shipping_rate("GR", "parcel", "pickup", 100)
        asked = [("LV", "ship"), ("GR", "ship"), ("GR", "pickup"), ("LV", "pickup")]
        answers = [quote([line("CHAIR")], market, "shop", method=method).shipping.amount for market, method in asked]
        assert answers == [590, 990, 100, 0]

    def test_of_nothing_is_nothing(self):
        made = quote([], "IS", "shop", method="ship")
        assert (made.total, made.lines, made.vat_summary) == (Money(0, "ISK"), (), ())

    def test_of_isk_has_no_fractions_of_a_krona(self):
        commands.save_price_list("kronur", "ISK", includes_vat=False)
        commands.set_prices("kronur", {"CHAIR": 8_063})
        made = quote([line("CHAIR", 3)], "IS", "shop")
        assert made.total == Money(24_189 + 5_805, "ISK")

    @pytest.mark.parametrize("market", ["XX", "", "lv", None, "\x00", "L" * 99, 5])
    def test_in_an_unknown_market_is_refused(self, market):
        with pytest.raises(UnknownMarket):
            quote([], market, "shop")
        with pytest.raises(UnknownMarket):
            tags(["CHAIR"], market, "shop")

    @pytest.mark.parametrize(
        "asked",
        [
            {"channel": ""}, {"channel": None}, {"channel": "a\x00"}, {"group": ""}, {"group": "\x00"},
            {"method": "drone"}, {"method": ""}, {"at": datetime(2026, 1, 1)},
        ],
    )  # fmt: skip
    def test_of_something_unintelligible_is_refused(self, asked):
        with pytest.raises(Invalid):
            quote([], **{"market": "LV", "channel": "shop", **asked})

    def test_of_too_many_lines_or_of_a_fortune_is_refused(self):
        euros(**{f"SKU{i}": 10**9 for i in range(2)})
        with pytest.raises(TooManyLines):
            quote([line(f"SKU{i}") for i in range(201)], "LV", "shop")
        with pytest.raises(Invalid):
            quote([line(f"SKU{i}", 10**6) for i in range(2)], "LV", "shop")

    def test_names_what_is_not_for_sale(self):
        euros(CHAIR=1)
        with pytest.raises(NotForSale) as refused:
            quote([line("CHAIR"), line("SOFA")], "LV", "shop")
        assert refused.value.details == {"sku": "SOFA", "market": "LV"}


class TestCommands:
    def test_changed_prices_are_told_and_unchanged_ones_are_not(self):
        euros(CHAIR=1, SOFA=2)
        event = commands.set_prices("euro", {"CHAIR": 1, "SOFA": 3, "TABLE": 4})
        assert event.skus == ("SOFA", "TABLE")
        assert commands.save_price_list("euro", "EUR", priority=2).skus == ("CHAIR", "SOFA", "TABLE")

    def test_setting_prices_twice_is_setting_them_once(self):
        commands.save_price_list("euro", "EUR")
        first = commands.set_prices("euro", {"CHAIR": 1}, key="monday")
        assert commands.set_prices("euro", {"CHAIR": 1}, key="monday") == first
        with refused(KeyReused):
            commands.set_prices("euro", {"CHAIR": 2}, key="monday")
        assert tags(["CHAIR"], "LV", "shop")["CHAIR"].unit.amount == 1

    def test_a_removed_price_is_no_longer_for_sale(self):
        euros(CHAIR=1, SOFA=2)
        assert commands.remove_prices("euro", ("CHAIR", "NOWHERE")).skus == ("CHAIR",)
        assert set(tags(["CHAIR", "SOFA"], "LV", "shop")) == {"SOFA"}

    def test_thousands_of_prices_are_set_in_a_few_statements(self, django_assert_max_num_queries):
        commands.save_price_list("euro", "EUR")
        with django_assert_max_num_queries(5):
            event = commands.set_prices("euro", {f"SKU{i}": i for i in range(4000)})
        assert len(event.skus) == 4000

    @pytest.mark.parametrize("amount", [-1, 10**9 + 1, True, 1.5, "1", None])
    def test_a_price_that_is_none_is_refused_and_no_price_is_set(self, amount):
        euros(CHAIR=1)
        with refused(Invalid):
            commands.set_prices("euro", {"CHAIR": 2, "SOFA": amount})
        assert tags(["CHAIR"], "LV", "shop")["CHAIR"].unit.amount == 1

    @pytest.mark.parametrize("sku", ["", "Á", "\x00", "A" * 65, None])
    def test_a_price_of_no_sku_is_refused(self, sku):
        euros(CHAIR=1)
        with refused(Invalid):
            commands.set_prices("euro", {sku: 2})

    def test_prices_for_an_unknown_list_or_too_many_are_refused(self):
        with refused(UnknownPriceList):
            commands.set_prices("nowhere", {"CHAIR": 1})
        with refused(TooManyPrices):
            commands.set_prices("nowhere", {f"SKU{i}": i for i in range(50_001)})

    def test_a_list_is_refused_that_could_never_be_right(self):
        with refused(Invalid):
            commands.save_price_list("a", "EUR", valid_from=NOON, valid_until=NOON)
        with refused(Invalid):
            commands.save_price_list("a", "EUR", valid_from=datetime(2026, 1, 1))
        with refused(Invalid):
            commands.save_price_list("a", "EUR", market="IS")
        with refused(UnknownMarket):
            commands.save_price_list("a", "EUR", market="XX")
        with refused(UnknownCurrency):
            commands.save_price_list("a", "USD")
        assert not PriceList.objects.exists()

    def test_currencies_are_fixed(self):
        euros(CHAIR=1)
        with refused(CurrencyFixed):
            commands.save_price_list("euro", "PLN")
        with refused(CurrencyFixed):
            commands.save_market("LV", "LV", "PLN", "lv", {})

    @pytest.mark.parametrize(
        "given",
        [
            ("lv!", "LV", "EUR", "lv", {}), ("LV", "Latvia", "EUR", "lv", {}), ("LV", "LV", "EUR", "xx", {}),
            ("LV", "LV", "EUR", "lv", {"xx": "a"}), ("LV", "LV", "EUR", "lv", {"en": 1}), ("LV", "LV", "XYZ", "lv", {}),
        ],
    )  # fmt: skip
    def test_a_market_that_makes_no_sense_is_refused(self, given):
        with refused(Invalid):
            commands.save_market(*given)

    @pytest.mark.parametrize("given", [("LV", "luxury", 1), ("LV", "food", -1), ("LV", "food", 10_001),
                                       ("LV", "zero", 1), ("lv", "food", 1), ("LV", "food", True)])  # fmt: skip
    def test_a_vat_rate_that_makes_no_sense_is_refused(self, given):
        with refused(Invalid):
            commands.save_vat_rate(*given)

    def test_a_shipping_rate_that_makes_no_sense_is_refused(self):
        for rate in (("LV", "parcel", "drone", 1), ("LV", "parcel", "ship", -1), ("LV", "parcel", "ship", 1, -1)):
            with refused(Invalid):
                commands.save_shipping_rate(*rate)
        with refused(UnknownMarket):
            commands.save_shipping_rate("XX", "parcel", "ship", 1)

    def test_saving_a_rate_again_replaces_it(self):
        for amount in (500, 700):
            commands.save_shipping_rate("LV", "parcel", "ship", amount, 9_000)
            commands.save_vat_rate("LV", "standard", amount)
        assert [(rate.amount, rate.free_from) for rate in queries.shipping_rates("LV")] == [(700, 9_000)]
        assert [rate.basis_points for rate in queries.vat_rates() if rate.country == "LV"] == [1200, 700]

    @pytest.mark.django_db(transaction=True)
    def test_the_catalogs_word_on_vat_is_learnt_when_a_product_changes(self, monkeypatch):
        monkeypatch.setattr(goods, "vat_classes", lambda skus: dict.fromkeys(skus, "food"))
        euros(COFFEE=1)
        with transaction.atomic():
            record(ProductChanged(product_id=new_id(), skus=("COFFEE",)))
        delivering.deliver()
        assert tags(["COFFEE"], "LV", "shop")["COFFEE"].vat_basis_points == 1200


class TestWhatIsRemembered:
    def test_markets_are_read_once_and_anew_after_a_change(self, django_assert_num_queries):
        queries.forget()
        with django_assert_num_queries(1):
            assert list(queries.markets()) == ["IS", "LV", "GR", "GB"]
            assert queries.markets()["IS"].currency == "ISK"
        commands.save_market("IS", "IS", "ISK", "en", {"en": "Iceland"}, position=9)
        assert queries.markets()["IS"].default_language == "en"
        assert list(queries.markets())[-1] == "IS"

    def test_lists_are_named_for_those_who_word_them(self):
        commands.save_price_list("summer", "EUR", market="GR", names={"en": "Summer", "el": "Καλοκαίρι"})
        assert queries.price_lists()["summer"].names["el"] == "Καλοκαίρι"
        commands.set_prices("summer", {"CHAIR": 5})
        (price,) = queries.list_prices(["CHAIR"])
        assert (price.price_list, price.amount, price.currency) == ("summer", 5, "EUR")

    def test_the_version_moves_with_whatever_moves_a_price(self, django_assert_num_queries):
        seen = [queries.version(NOON)]

        def moved() -> bool:
            seen.append(queries.version(NOON))
            return len(set(seen)) == len(seen)

        euros(CHAIR=1)
        assert moved()
        commands.set_prices("euro", {"CHAIR": 2})
        assert moved()
        commands.save_vat_rate("LV", "standard", 2200)
        assert moved()
        commands.save_shipping_rate("LV", "parcel", "ship", 1)
        assert moved()
        commands.save_vat_classes({"CHAIR": "food"})
        assert moved()
        Price.objects.update(amount=7)
        assert moved()
        commands.save_price_list("day", "EUR", valid_from=NOON - DAY, valid_until=NOON + DAY)
        assert moved()
        assert len({queries.version(at) for at in (NOON - 2 * DAY, NOON, NOON + DAY)}) == 3
        with django_assert_num_queries(1):
            queries.version()

    def test_the_version_stays_while_nothing_moves(self):
        euros(CHAIR=1)
        assert queries.version(NOON) == queries.version(NOON + DAY)
        commands.save_vat_classes({"CHAIR": "standard"})
        assert queries.version(NOON) == queries.version(NOON + DAY)


class TestBooks:
    def test_balance(self):
        euros(CHAIR=1)
        commands.save_shipping_rate("LV", "parcel", "ship", 1)
        assert list(findings()) == []

    def test_name_a_market_without_vat(self):
        VatRate.objects.filter(country="GR").delete()
        assert list(findings()) == ["Market GR has no standard VAT rate for GR."]

    def test_name_what_the_tables_would_have_refused(self):
        euros(CHAIR=1)
        commands.save_price_list("greek", "EUR", market="GR")
        commands.save_shipping_rate("LV", "parcel", "ship", 1)
        with transaction.atomic(), connection.cursor() as cursor:
            undefend(cursor, "pricing_price", "pricing_pricelist", "pricing_shippingrate", "pricing_market")
            cursor.execute("alter table pricing_price drop constraint price_amount")
            cursor.execute("alter table pricing_pricelist drop constraint price_list_window")
            cursor.execute("update pricing_price set amount = -5")
            cursor.execute("insert into pricing_price (sku, amount, price_list_id) values ('SOFA', 3, 'nowhere')")
            cursor.execute("update pricing_pricelist set currency = 'PLN' where code = 'greek'")
            cursor.execute(
                "update pricing_pricelist set valid_from = '2026-02-01', valid_until = '2026-01-01' where code = 'euro'"
            )
            cursor.execute("update pricing_shippingrate set market_id = 'XX'")
            cursor.execute("update pricing_market set currency = 'USD' where code = 'GB'")
            found = list(findings())
            transaction.set_rollback(True)
        assert sorted(found) == sorted(
            [
                "Price of CHAIR in list euro is -5.",
                "Price of SOFA is in list nowhere, which does not exist.",
                "Price list greek is for market GR, which trades in EUR and not in PLN.",
                "Price list euro ends before it begins.",
                "Shipping rate XX parcel ship is for a market that does not exist.",
                "Price of CHAIR in list euro is -5, but the history says 1.",
                "Price of SOFA in list nowhere is 3, but the history says it is gone.",
                "Market GB trades in USD, which the shop does not know.",
            ]
        )

    @pytest.mark.parametrize(
        "impossible",
        [
            lambda: Price.objects.update(amount=-1),
            lambda: PriceList.objects.update(valid_from=NOON, valid_until=NOON),
            lambda: PriceList.objects.update(market_id="IS"),
            lambda: Market.objects.filter(code="LV").update(currency="euro"),
            lambda: VatRate.objects.update(basis_points=10_001),
            lambda: ShippingRate.objects.update(free_from=-1),
            lambda: ShippingRate.objects.update(method="drone"),
        ],
    )
    def test_the_tables_refuse_what_can_never_be(self, impossible):
        euros(CHAIR=1)
        commands.save_shipping_rate("LV", "parcel", "ship", 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            impossible()
