"""What a merchant may say of the assortment, and what everybody else is told of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from samband.commerce.catalog import books, commands, queries, refusals
from samband.commerce.catalog.drafts import VariantDraft
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal
from samband.timeline import queries as timeline
from tests.commerce.assortment import SVG, attributes, draft, on_sale, refused, tree

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _assortment() -> None:
    tree()
    attributes()


def test_a_product_is_told_with_everything_a_buyer_asks() -> None:
    grey = VariantDraft("HR-GRY", {"colour": "grey"}, gtin="4006381333931", weight_grams=41_000)
    red = VariantDraft("HR-RED", {"colour": "red"})
    product_id = on_sale(variants=(grey, red), attributes={"width": 228, "fold-out": True}, return_days=14)

    page = queries.product("hraun", "shop")

    assert page.product_id == product_id
    assert [step.slug for step in page.path] == ["furniture", "sofas"]
    assert page.path[1].names["el"] == "Καναπέδες"
    assert [(spec.code, spec.value, spec.unit) for spec in page.specs] == [("width", 228, "cm"), ("fold-out", True, "")]
    assert [(one.sku, one.labels["pl"], one.swatch) for one in page.variants] == [
        ("HR-GRY", "Szary", "#8a8d91"),
        ("HR-RED", "Czerwony", "#c1272d"),
    ]
    assert (page.variants[0].gtin, page.variants[0].weight_grams, page.return_days) == ("4006381333931", 41_000, 14)


def test_what_is_not_published_here_and_now_is_not_there() -> None:
    product_id = commands.save_product(draft()).product_id
    with refused(refusals.NoSuchProduct):
        queries.product("hraun", "shop")
    commands.publish(product_id, "pos")
    with refused(refusals.NoSuchProduct):
        queries.product("hraun", "shop")
    assert queries.product("hraun", "pos").product_id == product_id
    assert queries.product_by_id(product_id).slug == "hraun"


def test_publication_begins_and_ends_on_time() -> None:
    with held_at(MORNING):
        product_id = commands.save_product(draft()).product_id
        commands.publish(product_id, "shop", MORNING + timedelta(days=1), MORNING + timedelta(days=2))
    for days, shown in ((0, False), (1, True), (1.9, True), (2, False)):
        with held_at(MORNING + timedelta(days=days)):
            assert queries.items(["HRAUN-1"])["HRAUN-1"].published("shop", now()) is shown


def test_many_products_are_shown_on_several_channels_at_once_and_what_was_shown_is_left_alone() -> None:
    drafts = [draft(slug=slug, variants=(VariantDraft(slug.upper()),)) for slug in ("one", "two")]
    first, second = (event.product_id for event in commands.save_products(drafts))
    commands.publish(first, "pos")
    events = commands.publish_on(["shop", "pos"], [first, second])
    assert [(event.product_id, event.channel) for event in events] == [
        (first, "shop"),
        (second, "shop"),
        (second, "pos"),
    ]
    assert all(
        queries.items([sku])[sku].published(channel, now()) for sku in ("ONE", "TWO") for channel in ("shop", "pos")
    )
    assert commands.publish_on(["shop", "pos"], [first, second]) == ()
    with refused(refusals.NoSuchProduct):
        commands.publish_on(["shop"], [first, uuid4()])


def test_publishing_again_keeps_since_when_it_is_shown() -> None:
    with held_at(MORNING):
        product_id = on_sale()
    with held_at(MORNING + timedelta(days=3)):
        commands.publish(product_id, "shop")
        assert queries.product("hraun", "shop").windows[0].visible_from == MORNING


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    product_id = commands.save_product(draft()).product_id
    with refused(refusals.BadWindow):
        commands.publish(product_id, "shop", MORNING, MORNING)
    with refused(refusals.NoSuchProduct):
        commands.publish(uuid4(), "shop")


def test_withdrawn_is_gone_from_lists_and_pages() -> None:
    product_id = on_sale()
    assert len(queries.cards([product_id], "shop")) == 1
    commands.withdraw(product_id, "shop")
    assert queries.cards([product_id], "shop") == []
    with refused(refusals.NoSuchProduct):
        queries.product("hraun", "shop")


@pytest.mark.parametrize(
    "wrong",
    [
        {"attributes": {"width": "wide"}},
        {"attributes": {"width": True}},
        {"attributes": {"width": float("nan")}},
        {"attributes": {"fold-out": "yes"}},
        {"attributes": {"colour": "mauve"}},
        {"attributes": {"colour": []}},
        {"attributes": {"weather": "fine"}},
        {"attributes": {"care": ""}},
        {"attributes": {"care": {"xx": "by hand"}}},
    ],
)
def test_a_value_that_does_not_fit_its_attribute_is_refused(wrong: dict[str, object]) -> None:
    with refused(refusals.WrongValue) as refusal:
        commands.save_product(draft(**wrong))
    assert refusal.value.details["slug"] == "hraun"
    assert queries.console_products("").total == 0


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"names": {}}, refusals.BadText),
        ({"names": {"en": "  "}}, refusals.BadText),
        ({"names": {"de": "Sofa"}}, refusals.BadText),
        ({"names": {"en": "x" * 201}}, refusals.BadText),
        ({"texts": {"en": "nul \x00"}}, refusals.BadText),
        ({"category": "boats"}, refusals.NoSuchCategory),
        ({"vat_class": "luxury"}, refusals.BadProduct),
        ({"shipping_class": "By Boat"}, refusals.BadProduct),
        ({"return_days": -1}, refusals.BadProduct),
        ({"variants": ()}, refusals.BadProduct),
        ({"variants": (VariantDraft("A"), VariantDraft("A"))}, refusals.BadProduct),
        ({"variants": (VariantDraft("A", gtin="4006381333932"),)}, refusals.BadGtin),
        ({"variants": (VariantDraft(""),)}, refusals.BadCode),
        ({"variants": (VariantDraft("A", weight_grams=-1),)}, refusals.BadProduct),
    ],
)
def test_a_product_that_is_not_well_described_is_refused(wrong: dict[str, object], refusal: type[Refusal]) -> None:
    with refused(refusal):
        commands.save_product(draft(**wrong))
    assert queries.console_products("").total == 0


def test_no_two_products_share_a_sku_a_gtin_or_a_slug() -> None:
    commands.save_product(draft("hraun", variants=(VariantDraft("A", gtin="4006381333931"),)))
    with refused(refusals.SkuTaken):
        commands.save_product(draft("esja", "A"))
    with refused(refusals.GtinTaken):
        commands.save_product(draft("esja", variants=(VariantDraft("B", gtin="4006381333931"),)))
    with refused(refusals.SlugTaken):
        commands.save_product(draft("hraun", "B", id=uuid4()))


def test_two_variants_may_exchange_their_gtins() -> None:
    one, other = "4006381333931", "73513537"
    commands.save_product(draft(variants=(VariantDraft("A", gtin=one), VariantDraft("B", gtin=other))))
    commands.save_product(draft(variants=(VariantDraft("A", gtin=other), VariantDraft("B", gtin=one))))
    assert {sku: item.gtin for sku, item in queries.items(["A", "B"]).items()} == {"A": other, "B": one}


def test_a_variant_that_is_no_longer_described_is_gone() -> None:
    product_id = on_sale("hraun", "A", "B")
    commands.attach_media(product_id, "image", SVG, "b.svg", {}, "B")
    commands.save_product(draft("hraun", "A"))
    assert set(queries.items(["A", "B"])) == {"A"}
    assert queries.product_by_id(product_id).media == ()


def test_a_scanner_finds_a_variant_however_many_zeros_it_reads() -> None:
    commands.save_product(draft(variants=(VariantDraft("A", gtin="036000291452"),)))
    assert queries.by_gtin("036000291452").sku == "A"
    assert queries.by_gtin("0036000291452").sku == "A"
    assert queries.by_gtin("00036000291452").sku == "A"
    with refused(refusals.NoSuchProduct):
        queries.by_gtin("4006381333931")


def test_the_database_itself_refuses_the_impossible() -> None:
    on_sale("hraun", "A")
    for impossible in (
        "update catalog_variant set gtin = '12'",
        "update catalog_product set vat_class = 'luxury'",
        "update catalog_category set parent_id = slug",
        "update catalog_publication set visible_until = visible_from",
        "insert into catalog_revision (id, number) values (2, 2)",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(impossible)


def test_a_category_never_comes_to_lie_below_itself() -> None:
    with refused(refusals.CategoryLoop):
        commands.save_category("furniture", "sofas", {"en": "Furniture"})
    with refused(refusals.CategoryLoop):
        commands.save_category("cafe", "cafe", {"en": "Café"})
    with refused(refusals.NoSuchCategory):
        commands.save_category("boats", "harbour", {"en": "Boats"})


def test_the_tree_is_in_the_merchants_order_and_follows_changes() -> None:
    assert [(root.slug, [child.slug for child in root.children]) for root in queries.tree()] == [
        ("furniture", ["sofas", "tables"]),
        ("cafe", []),
    ]
    commands.save_category("sofas", "furniture", {"en": "Sofas"}, position=5)
    assert [child.slug for child in queries.tree()[0].children] == ["tables", "sofas"]
    node, way = queries.category("sofas")
    assert (node.names["en"], [step.slug for step in way]) == ("Sofas", ["furniture", "sofas"])
    with refused(refusals.NoSuchCategory):
        queries.category("boats")


def test_only_an_empty_category_can_be_taken_away() -> None:
    commands.save_product(draft())
    for full in ("furniture", "sofas"):
        with refused(refusals.CategoryInUse):
            commands.remove_category(full)
    commands.remove_category("tables")
    with refused(refusals.NoSuchCategory):
        commands.remove_category("tables")


def test_an_attribute_in_use_keeps_its_kind_and_its_choices() -> None:
    commands.save_product(draft())
    grey_gone = {"red": {"en": "Red"}}
    with refused(refusals.AttributeInUse):
        commands.save_attribute("colour", "choice", {"en": "Colour"}, choices=grey_gone, facet=True)
    with refused(refusals.AttributeInUse):
        commands.save_attribute("colour", "text", {"en": "Colour"})
    only_grey = {"grey": {"en": "Gray", "hex": "#808080"}}
    commands.save_attribute("colour", "choice", {"en": "Colour"}, choices=only_grey, facet=True)
    assert queries.items(["HRAUN-1"])["HRAUN-1"].variant_labels["en"] == "Gray"


@pytest.mark.parametrize(
    ("code", "kind", "fields"),
    [
        ("Colour!", "choice", {"choices": {"grey": {"en": "Grey"}}}),
        ("price", "number", {}),
        ("shade", "choice", {}),
        ("shade", "choice", {"choices": {"grey": {"en": "Grey", "hex": "grey"}}}),
        ("weight", "text", {"unit": "kg"}),
        ("origin", "text", {"facet": True}),
        ("mood", "feeling", {}),
    ],
)
def test_an_attribute_that_could_not_be_checked_against_is_refused(code: str, kind: str, fields: dict) -> None:
    with refused(refusals.BadAttribute, refusals.BadCode):
        commands.save_attribute(code, kind, {"en": "Name"}, **fields)  # type: ignore[arg-type]


def test_choices_stay_in_the_merchants_order() -> None:
    assert list(queries.attributes()["size"].choices) == ["xs", "s", "m", "l", "xl"]


def test_saving_many_writes_only_what_differs_and_tells_of_it() -> None:
    drafts = [draft(f"sofa-{number}") for number in range(700)]
    told = commands.save_products(drafts)
    assert len(told) == 700
    assert timeline.of_subject(told[0].subject)[0].name == "catalog.ProductChanged"

    drafts[3] = draft("sofa-3", return_days=7)
    assert [event.skus for event in commands.save_products(drafts)] == [("SOFA-3-1",)]
    assert queries.product_by_id(told[3].product_id).return_days == 7


def test_saving_many_looks_at_all_before_it_writes_any() -> None:
    with refused(refusals.WrongValue):
        commands.save_products([draft("good"), draft("bad", attributes={"width": "wide"})])
    with refused(refusals.SkuTaken):
        commands.save_products([draft("one", "A"), draft("other", "A")])
    with refused(refusals.BadProduct):
        commands.save_products([draft("one", "A"), draft("one", "B")])
    assert queries.console_products("").total == 0


def test_saving_a_thousand_takes_few_statements() -> None:
    drafts = [draft(f"sofa-{number}") for number in range(1000)]
    with CaptureQueriesContext(connection) as asked:
        commands.save_products(drafts)
    assert len([one for one in asked if "timeline_entry" not in one["sql"]]) <= 3 + 2 * 8


def test_asking_twice_with_one_key_is_asking_once() -> None:
    first = commands.save_product(draft(), key="one")
    again = commands.save_product(draft(), key="one")
    assert first == again
    assert len(timeline.of_subject(first.subject)) == 1


def test_media_are_kept_by_content_and_shown_on_cards_and_lines() -> None:
    product_id = on_sale("hraun", "A", "B")
    commands.attach_media(product_id, "image", SVG, "hraun.svg", {"en": "A grey sofa"})
    blue = SVG.replace(b"#8a8d91", b"#2f6db5")
    commands.attach_media(product_id, "image", blue, "blue.svg", {}, "B")
    commands.attach_media(product_id, "image", SVG, "hraun.svg", {"en": "A sofa, grey"})

    page = queries.product("hraun", "shop")
    assert [(one.sku, one.alts.get("en"), one.width) for one in page.media] == [
        (None, "A sofa, grey", 800),
        ("B", None, 800),
    ]
    items = queries.items(["A", "B"])
    assert items["A"].image == page.media[0].path
    assert items["B"].image == page.media[1].path
    assert queries.cards([product_id], "shop")[0].alts == {"en": "A sofa, grey"}

    commands.detach_media(product_id, page.media[0].id)
    assert queries.items(["A"])["A"].image is None
    with refused(refusals.NoSuchProduct):
        commands.detach_media(product_id, page.media[0].id)


def test_media_belong_to_a_product_and_its_variants() -> None:
    product_id = on_sale("hraun", "A")
    with refused(refusals.NoSuchProduct):
        commands.attach_media(uuid4(), "image", SVG, "a.svg", {})
    with refused(refusals.NoSuchProduct):
        commands.attach_media(product_id, "image", SVG, "a.svg", {}, "OTHER")
    with refused(refusals.MediaRefused):
        commands.attach_media(product_id, "image", SVG, "a.png", {})
    with refused(refusals.MediaRefused):
        commands.attach_media(product_id, "hologram", SVG, "a.svg", {})


def test_cards_come_in_the_order_asked_with_the_colours_they_come_in() -> None:
    variants = tuple(
        VariantDraft(f"V{place}", {"colour": colour}) for place, colour in enumerate(("grey", "red", "grey"))
    )
    first, second = on_sale("first", variants=variants), on_sale("second")
    cards = queries.cards([second, uuid4(), first], "shop")
    assert [card.slug for card in cards] == ["second", "first"]
    assert cards[1].skus == ("V0", "V1", "V2")
    assert [(swatch.colour, swatch.sku) for swatch in cards[1].swatches] == [("#8a8d91", "V0"), ("#c1272d", "V1")]


def test_the_hot_questions_take_one_statement(django_assert_num_queries) -> None:
    ids = [on_sale(f"sofa-{number}") for number in range(24)]
    queries.tree()
    number = queries.version()
    with django_assert_num_queries(1):
        assert len(queries.cards(ids, "shop")) == 24
    with django_assert_num_queries(1):
        assert len(queries.items([f"SOFA-{number}-1" for number in range(24)])) == 24
    with django_assert_num_queries(1):
        queries.product("sofa-1", "shop")
    with django_assert_num_queries(1):
        queries.tree()
    with django_assert_num_queries(0):
        queries.tree(number)
    with django_assert_num_queries(1):
        assert queries.version() == number


def test_every_change_gives_another_version() -> None:
    seen = {queries.version()}
    product_id = commands.save_product(draft()).product_id

    def changed() -> bool:
        number = queries.version()
        return number not in seen and not seen.add(number)  # type: ignore[func-returns-value]

    assert changed()
    for change in (
        lambda: commands.publish(product_id, "shop"),
        lambda: commands.withdraw(product_id, "shop"),
        lambda: commands.attach_media(product_id, "image", SVG, "a.svg", {}),
        lambda: commands.save_category("cafe", None, {"en": "Coffee"}),
        lambda: commands.save_attribute("height", "number", {"en": "Height"}, unit="cm"),
        lambda: commands.freshen(["HRAUN-1"]),
    ):
        change()
        assert changed()


def test_the_console_finds_a_product_by_what_staff_have_at_hand() -> None:
    commands.save_product(draft("esja", variants=(VariantDraft("ES-100", gtin="4006381333931"),)))
    commands.save_product(draft("hraun"))
    for text in ("esja", "es-100", "4006381333931"):
        assert [row.slug for row in queries.console_products(text).rows] == ["esja"], text
    assert queries.console_products("sofa").total == 2
    assert queries.console_products("100%").total == 0
    assert queries.console_products("", page=2).rows == ()


def test_an_unknown_product_is_told_so() -> None:
    with refused(refusals.NoSuchProduct):
        queries.product_by_id(UUID(int=5))
    with refused(refusals.NoSuchProduct):
        commands.withdraw(new_id(), "shop")
    assert queries.items(["NOTHING"]) == {}


def test_the_books_balance_and_say_what_does_not() -> None:
    product_id = on_sale("hraun", "A", "B")
    commands.attach_media(product_id, "image", SVG, "a.svg", {}, "B")
    assert list(books.findings()) == []
    with connection.cursor() as cursor:
        cursor.execute("update catalog_category set parent_id = 'sofas' where slug = 'furniture'")
        cursor.execute("delete from catalog_variant where sku = 'B'")
        cursor.execute("update catalog_variant set gtin = '4006381333932'")
        cursor.execute("update catalog_media set path = 'no/where.svg'")
        cursor.execute("update catalog_product set revision = 9e9")
    assert set(books.findings()) == {
        "Category furniture lies below itself.",
        "Category sofas lies below itself.",
        "Category tables lies below itself.",
        "GTIN 4006381333932 has a wrong check digit.",
        "Media file no/where.svg is missing.",
        "A picture or model of hraun is of a variant that is not there.",
        "Product hraun has a revision that was never drawn.",
    }
    with connection.cursor() as cursor:
        cursor.execute("delete from catalog_variant")
    assert "Product hraun has no variant." in list(books.findings())
