"""What shoppers find, in five languages, and what they can narrow it by."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from samband.commerce.catalog import commands, queries
from samband.commerce.catalog.drafts import VariantDraft
from samband.commerce.catalog.refusals import BadAsk
from samband.commerce.catalog.search import Ask, Facet, Listing, catch_up, find, prices
from samband.events.pricing import PricesChanged
from samband.kernel.clock import held_at
from samband.timeline import record
from samband.timeline.delivering import deliver
from tests.commerce.assortment import Prices, attributes, draft, on_sale, priced, tree

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _assortment(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.SEARCH_ROOT = tmp_path
    with priced(prices.NoPrices()):
        tree()
        attributes()
        yield


def ask(text: str = "", language: str = "en", **more: Any) -> Listing:
    catch_up()
    return find(Ask("shop", more.pop("market", "GR"), language, text, **more))


def found(text: str = "", language: str = "en", **more: Any) -> list[str]:
    ids = ask(text, language, **more).product_ids
    return [card.slug for card in queries.cards(ids, "shop")]


def facet(listing: Listing, code: str) -> dict[str, int]:
    return {value.value: value.count for value in whole_facet(listing, code).values}


def whole_facet(listing: Listing, code: str) -> Facet:
    return next(one for one in listing.facets if one.code == code)


@pytest.fixture
def sofas() -> None:
    texts = {"en": "Deep seats of wool.", "el": "Βαθιά καθίσματα από μαλλί.", "is": "Djúp sæti úr ull."}
    names = {
        "en": "Hraun 3-seat sofa",
        "is": "Hraun þriggja sæta sófi",
        "pl": "Sofa trzyosobowa Hraun",
        "lv": "Trīsvietīgs dīvāns Hraun",
        "el": "Τριθέσιος καναπές Hraun",
    }
    table = {"en": "Katla oak table", "is": "Katla eikarborð", "pl": "Stół dębowy Katla", "el": "Δρύινο τραπέζι Katla"}
    on_sale("hraun", "FU-SOF-HRA-GRY", names=names, texts=texts)
    on_sale(
        "katla",
        "FU-TAB-KAT",
        names=table,
        category="tables",
        variants=(VariantDraft("FU-TAB-KAT", gtin="4006381333931"),),
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "sofa"),
        ("en", "sofas"),
        ("en", "SOFA"),
        ("en", "soffa"),
        ("en", "sfoa"),
        ("en", "3 seat sofa"),
        ("en", "hra"),
        ("en", "grey sofa"),
        ("en", "wool"),
        ("is", "sófi"),
        ("is", "sofi"),
        ("is", "sófar"),
        ("is", "þriggja sæta"),
        ("is", "thriggja saeta"),
        ("is", "grár"),
        ("pl", "sofy"),
        ("pl", "sofę"),
        ("pl", "trzyosobowe sofy"),
        ("pl", "szara sofa"),
        ("lv", "dīvāni"),
        ("lv", "divans"),
        ("lv", "divāsn"),
        ("el", "καναπές"),
        ("el", "καναπες"),
        ("el", "ΚΑΝΑΠΕΣ"),
        ("el", "καναπέδες"),
        ("el", "κανπες"),
        ("el", "kanapes"),
        ("el", "γκρι καναπε"),
        ("en", "καναπές"),
        ("el", "sofa"),
        ("pl", "FU-SOF-HRA-GRY"),
        ("en", "fusofhragry"),
    ],
)
@pytest.mark.usefixtures("sofas")
def test_the_sofa_is_found(language: str, text: str) -> None:
    assert found(text, language) == ["hraun"]


@pytest.mark.parametrize("text", ["4006381333931", "04006381333931", "FU-TAB", "oak", "taible", "tables"])
@pytest.mark.usefixtures("sofas")
def test_the_table_is_found(text: str) -> None:
    assert found(text) == ["katla"]


@pytest.mark.parametrize("text", ["bicycle", "zzzzzz", "-", "()[]:*\"'\\", "\x00", "AND OR NOT", "x" * 5000, "🛋️"])
@pytest.mark.usefixtures("sofas")
def test_nonsense_finds_nothing_or_everything_but_never_fails(text: str) -> None:
    assert ask(text).total in (0, 2)


@pytest.mark.usefixtures("sofas")
def test_a_misspelling_is_answered_with_what_was_meant() -> None:
    assert ask("soffa").did_you_mean == "sofa"
    assert ask("κανπές", "el").did_you_mean == "καναπές"
    assert ask("sofa").did_you_mean is None
    assert ask("sofas").did_you_mean is None


@pytest.mark.usefixtures("sofas")
def test_words_that_no_product_has_together_still_find_those_that_have_one() -> None:
    assert set(found("oak sofa")) == {"hraun", "katla"}
    assert found("sofa bicycle") == ["hraun"]


def test_the_name_counts_more_than_the_description() -> None:
    on_sale("lamp", names={"en": "Lamp"}, texts={"en": "Stands well beside a sofa, any sofa, every sofa."})
    on_sale("hraun")
    commands.save_product(draft("lamp", names={"en": "Lamp"}, category="cafe", texts={"en": "Beside a sofa."}))
    assert found("sofa") == ["hraun", "lamp"]


def test_what_is_not_published_is_never_found() -> None:
    commands.save_product(draft("secret"))
    on_sale("counter", channel="pos")
    on_sale("hraun")
    withdrawn = on_sale("withdrawn")
    commands.withdraw(withdrawn, "shop")
    assert found() == found("sofa") == ["hraun"]
    assert ask("SECRET-1").total == 0


def test_published_from_tomorrow_appears_tomorrow_without_indexing_anew() -> None:
    with held_at(MORNING):
        on_sale("hraun")
        later = commands.save_product(draft("esja")).product_id
        commands.publish(later, "shop", MORNING + timedelta(days=1), MORNING + timedelta(days=3))
        catch_up()
    asked = Ask("shop", "GR", "en", category="sofas")
    for days, total in ((0, 1), (0.99, 1), (1, 2), (2.99, 2), (3, 1), (0, 1), (1, 2)):
        with held_at(MORNING + timedelta(days=days)):
            assert find(asked).total == total, days
            assert find(Ask("shop", "GR", "en", "sofa")).total == total, days


def test_a_category_holds_what_lies_below_it() -> None:
    on_sale("hraun")
    on_sale("katla", category="tables")
    on_sale("cake", category="cafe")
    assert set(found(category="furniture")) == {"hraun", "katla"}
    assert found(category="sofas") == ["hraun"]
    assert found(category="boats") == []


def test_a_category_that_moves_takes_its_products_along() -> None:
    on_sale("hraun")
    assert found(category="cafe") == []
    commands.save_category("sofas", "cafe", {"en": "Couches"})
    assert found(category="cafe") == ["hraun"]
    assert found("couches") == ["hraun"]
    assert found(category="furniture") == []


@pytest.fixture
def shelf() -> None:
    """Six sofas: three grey, two red, one both red and blue."""
    for number, (colours, size, width, folds) in enumerate(
        [
            (("grey",), "s", 150, False),
            (("grey",), "m", 180, False),
            (("grey",), "l", 210, True),
            (("red",), "s", 150, False),
            (("red",), "l", 240, True),
            (("red", "blue"), "xl", 250.5, True),
        ]
    ):
        variants = tuple(VariantDraft(f"S{number}-{colour}", {"colour": colour}) for colour in colours)
        on_sale(f"sofa-{number}", variants=variants, attributes={"size": size, "width": width, "fold-out": folds})


@pytest.mark.usefixtures("shelf")
def test_facets_count_what_is_there_in_the_merchants_order() -> None:
    listing = ask(category="sofas")
    assert listing.total == 6
    assert facet(listing, "colour") == {"grey": 3, "red": 3, "blue": 1}
    assert list(facet(listing, "size")) == ["s", "m", "l", "xl"]
    assert facet(listing, "fold-out") == {"true": 3, "false": 3}
    assert [one.code for one in listing.facets] == ["colour", "size", "width", "fold-out"]
    colours = whole_facet(ask(category="sofas", language="el"), "colour")
    assert (colours.name, colours.values[0].label) == ("Χρώμα", "Γκρι")


@pytest.mark.usefixtures("shelf")
def test_a_facet_filtered_by_stays_selectable_and_narrows_the_others() -> None:
    listing = ask(category="sofas", filters={"colour": ("grey",)})
    assert listing.total == 3
    assert facet(listing, "colour") == {"grey": 3, "red": 3, "blue": 1}
    assert facet(listing, "size") == {"s": 1, "m": 1, "l": 1}
    assert [value.value for value in whole_facet(listing, "colour").values if value.chosen] == ["grey"]

    both = ask(category="sofas", filters={"colour": ("grey", "blue"), "size": ("l", "xl")})
    assert both.total == 2
    assert facet(both, "colour") == {"grey": 1, "red": 2, "blue": 1}
    assert facet(both, "size") == {"s": 1, "m": 1, "l": 1, "xl": 1}


@pytest.mark.usefixtures("shelf")
def test_numbers_are_narrowed_by_range() -> None:
    listing = ask(category="sofas")
    width = whole_facet(listing, "width")
    assert (width.low, width.high, width.unit) == (150, 250.5, "cm")
    assert facet(listing, "width") == {"150..150": 2, "180..180": 1, "210..210": 1, "240..240": 1, "250.5..250.5": 1}
    assert [value.label for value in whole_facet(ask(language="pl"), "width").values][-1] == "250,5 cm"

    assert set(found(filters={"width": (180, 240)})) == {"sofa-1", "sofa-2", "sofa-4"}
    assert set(found(filters={"width": ("150..150", "250..")})) == {"sofa-0", "sofa-3", "sofa-5"}
    assert found(filters={"width": (None, 100)}) == []
    narrowed = ask(filters={"width": ("180..180",), "fold-out": ("false",)})
    assert facet(narrowed, "width") == {"150..150": 2, "180..180": 1}


@pytest.mark.usefixtures("shelf")
def test_facets_follow_the_words_too() -> None:
    on_sale("katla", category="tables", names={"en": "Katla table"}, variants=(VariantDraft("K", {"colour": "blue"}),))
    assert facet(ask("katla"), "colour") == {"blue": 1}


def test_a_filter_nobody_defined_is_refused() -> None:
    on_sale()
    for wrong in ({"weather": ("fine",)}, {"care": ("by hand",)}, {"width": ("wide",)}, {"price": (1, 2)}):
        with pytest.raises(BadAsk):
            ask(filters=wrong)
    with pytest.raises(BadAsk):
        ask(sort="price")
    assert ask(filters={"colour": ("mauve' OR 1=1",)}).total == 0


def test_an_attribute_that_becomes_a_facet_is_counted() -> None:
    commands.save_attribute("legs", "number", {"en": "Legs"})
    on_sale("three", attributes={"legs": 3})
    on_sale("four", attributes={"legs": 4})
    assert "legs" not in [one.code for one in ask().facets]
    commands.save_attribute("legs", "number", {"en": "Legs"}, facet=True)
    assert facet(ask(), "legs") == {"3..3": 1, "4..4": 1}


def test_names_are_sorted_as_the_language_sorts_them() -> None:
    for slug, name in (("a", "Zeta"), ("b", "Þoka"), ("c", "Ás"), ("d", "Askja"), ("e", "Öldugangur")):
        on_sale(slug, names={"is": name, "en": name})
    assert found(language="is", sort="name") == ["d", "c", "a", "b", "e"]


def test_the_newest_come_first_without_words_and_pages_follow_each_other() -> None:
    for number in range(5):
        with held_at(MORNING + timedelta(minutes=number)):
            on_sale(f"sofa-{number}")
    assert found() == found(sort="newest") == [f"sofa-{number}" for number in (4, 3, 2, 1, 0)]
    pages = [found(page=page, per_page=2) for page in (1, 2, 3, 4)]
    assert pages == [["sofa-4", "sofa-3"], ["sofa-2", "sofa-1"], ["sofa-0"], []]
    assert ask(page=3, per_page=2).total == 5


def test_prices_sort_narrow_and_span() -> None:
    for slug in ("cheap", "middle", "dear", "unpriced"):
        on_sale(slug)
    on_sale("twofold", "TWO-1", "TWO-2")
    amounts = {"CHEAP_1": 10_000, "MIDDLE_1": 20_000, "DEAR_1": 90_000, "TWO_1": 50_000, "TWO_2": 15_000}
    with priced(Prices(**amounts)):
        assert found(sort="price") == ["cheap", "twofold", "middle", "dear"]
        assert found(sort="price_desc") == ["dear", "middle", "twofold", "cheap"]
        assert set(found(filters={"price": (15_000, 20_000)})) == {"twofold", "middle"}
        span = ask(filters={"price": ("..15000",)}).price_range
        assert span is not None
        assert (span.low, span.high, span.chosen_low, span.chosen_high) == (10_000, 90_000, None, 15_000)
        assert set(found(market="LV")) == {"cheap", "middle", "dear", "unpriced", "twofold"}


@pytest.mark.django_db(transaction=True)
def test_new_prices_are_heard_of() -> None:
    on_sale("hraun")
    on_sale("esja")
    asked = Prices(HRAUN_1=100, ESJA_1=200)
    with priced(asked):
        assert found(sort="price") == ["hraun", "esja"]
        asked.amounts["HRAUN-1"] = 300
        assert found(sort="price") == ["hraun", "esja"]
        with transaction.atomic():
            record(PricesChanged(price_list="base", skus=("HRAUN-1",)))
        deliver()
        assert found(sort="price") == ["esja", "hraun"]

        asked.amounts["ESJA-1"] = 900
        asked.said = "a price list has begun"
        assert found(sort="price") == ["hraun", "esja"]


def test_finding_asks_the_database_nothing(django_assert_num_queries) -> None:
    on_sale("hraun")
    assert ask("sofa").total == 1
    with django_assert_num_queries(0):
        assert find(Ask("shop", "GR", "en", category="sofas", filters={"colour": ("grey",)})).total == 1
        assert find(Ask("shop", "GR", "en", "soffa")).total == 1


def test_a_change_is_found_after_catching_up_and_nothing_is_done_twice() -> None:
    on_sale("hraun")
    assert catch_up() is True
    assert catch_up() is False
    commands.save_product(draft("hraun", names={"en": "Renamed armchair"}))
    assert found("armchair") == ["hraun"]
    assert found("3-seat") == []
