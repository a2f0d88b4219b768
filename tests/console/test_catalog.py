"""The catalog in the console: a product is described in five languages, shown, withdrawn and pictured."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samband.commerce.catalog import commands, queries
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.kernel.clock import held_at
from samband.kernel.ids import new_id
from samband.timeline import queries as timeline
from tests.commerce.assortment import SVG
from tests.console.counter import Counter
from tests.worlds import CUP, SOFA, SOFA_BLUE, World

NEW = "/console/catalog/new/"


def at(product_id: UUID) -> str:
    return f"/console/catalog/products/{product_id}/"


@pytest.fixture
def sofa(world: World) -> UUID:
    return world.products["sofa-hallormur"]


@pytest.fixture
def merchant(world: World) -> Counter:
    return Counter("merchandiser")


def test_a_product_is_found_by_name_sku_and_gtin(merchant: Counter) -> None:
    for text in ("sofa", SOFA, "5690000000015"):
        page = merchant.words(merchant.get(f"/console/catalog/?q={text}"))
        assert "1 product " in page
        assert "Sofa" in page
    assert "No product matches." in merchant.words(merchant.get("/console/catalog/?q=%00nothing"))


def test_saving_a_product_as_it_stands_changes_nothing(merchant: Counter, sofa: UUID) -> None:
    commands.save_attribute("width", "number", {"en": "Width"}, unit="cm")
    commands.save_attribute("care", "text", {"en": "Care"})
    before = queries.product_by_id(sofa)
    merchant.do(at(sofa), "save")
    assert queries.product_by_id(sofa) == before


def test_texts_are_written_in_five_languages_once(merchant: Counter, sofa: UUID) -> None:
    names = {"en": "Hallormur sofa", "is": "Hallormur sófi", "pl": "Sofa", "lv": "Dīvāns", "el": "Καναπές"}
    merchant.twice(
        at(sofa),
        "save",
        **{f"names__{code}": name for code, name in names.items()},
        texts__el="Για τρεις.\r\n\r\nΖεστός.",
    )
    page = queries.product_by_id(sofa)
    assert page.names == names
    assert page.texts == {"el": "Για τρεις.\n\nΖεστός."}
    assert [one.sku for one in page.variants] == [SOFA, SOFA_BLUE]
    changes = timeline.story(subjects=[f"product:{sofa}"], names=["catalog.ProductChanged"])
    assert len(changes) == 2


def test_attributes_are_added_by_kind_and_taken_away_by_emptying(merchant: Counter, sofa: UUID) -> None:
    commands.save_attribute("width", "number", {"en": "Width"}, unit="cm")
    commands.save_attribute("fold-out", "flag", {"en": "Folds out"})
    commands.save_attribute("care", "text", {"en": "Care"})
    form = merchant.form(at(sofa), "save")
    for code in ("width", "fold-out", "care"):
        more = merchant.client.post(at(sofa), {**form, "deed": "more", "add-attribute": code})
        assert more.status_code == 200
        assert queries.product_by_id(sofa).specs == ()
    sent = {
        **form, "attribute": ["width", "fold-out", "care"], "a-width": "210,5", "a-fold-out": "yes",
        "a-care-en": "Wash at 30 °C", "a-care-is": "Þvoið við 30 °C",
    }  # fmt: skip
    assert merchant.client.post(at(sofa), sent).status_code == 303
    told = {spec.code: (spec.value, spec.unit) for spec in queries.product_by_id(sofa).specs}
    care = {"en": "Wash at 30 °C", "is": "Þvoið við 30 °C"}
    assert told == {"width": (210.5, "cm"), "fold-out": (True, ""), "care": (care, "")}
    merchant.do(at(sofa), "save", **{"a-width": "", "attribute": ["width", "fold-out", "care"]})
    assert {spec.code for spec in queries.product_by_id(sofa).specs} == {"fold-out", "care"}


def test_what_does_not_fit_is_refused_and_what_was_typed_stays(merchant: Counter, sofa: UUID) -> None:
    commands.save_attribute("width", "number", {"en": "Width"}, unit="cm")
    before = queries.product_by_id(sofa)
    for fields, status, said in (
        ({"attribute": "width", "a-width": "wide"}, 422, "The value of “Width” does not fit."),
        ({"names-en": ""}, 422, "A name is needed in at least one language."),
        ({"slug": "Not A Slug"}, 422, "small letters"),
        ({"slug": "cup"}, 409, "Another product has this address already."),
        ({"category": "nowhere"}, 404, "There is no such category."),
        ({"vgtin-0": "5690000000016"}, 422, "is not a GTIN"),
        ({"vweight-0": "heavy"}, 422, "Weight: please give a whole number"),
        ({"vsku-2": CUP}, 409, "Another product has the SKU CUP."),
        ({"return_days": "-1"}, 422, "Days to return: please give a whole number"),
        ({"vat_class": "none"}, 422, "not described well enough"),
        ({"vgone-0": "1", "vgone-1": "1"}, 422, "not described well enough"),
        ({"texts-el": "α" * 20_001}, 422, "too long"),
    ):
        form = merchant.form(at(sofa), "save")
        refused = merchant.client.post(at(sofa), {**form, "texts-pl": "Zostaje", **fields})
        assert (refused.status_code, said in merchant.words(refused)) == (status, True), (fields, said)
        if said != "too long":
            assert ">Zostaje</textarea>" in refused.content.decode()
    assert queries.product_by_id(sofa) == before


def test_variants_come_and_go(merchant: Counter, sofa: UUID) -> None:
    form = merchant.form(at(sofa), "save")
    merchant.client.post(
        at(sofa),
        {
            **form,
            "vsku-2": "SOFA-SMALL",
            "vgtin-2": "5690000000022",
            "vweight-2": "41000",
            "va-2-colour": "blue",
            "vgone-1": "1",
        },
    )
    page = queries.product_by_id(sofa)
    assert [(one.sku, one.gtin, one.weight_grams) for one in page.variants] == [
        (SOFA, "5690000000015", None),
        ("SOFA-SMALL", "5690000000022", 41_000),
    ]
    assert page.variants[1].labels["en"] == "Blue"


def test_a_new_product_is_made_once(merchant: Counter) -> None:
    merchant.twice(NEW, "save", names__en="Bowl", slug="bowl", category="home", vsku__0="BOWL")
    (row,) = queries.console_products("BOWL").rows
    assert row.channels == ()
    assert "It is shown nowhere." in merchant.words(merchant.get(at(row.product_id)))
    refused = merchant.do(NEW, "save", names__en="Bowl again", slug="bowl", category="home", vsku__0="BOWL-2")
    assert refused.status_code == 409
    assert 'value="Bowl again"' in refused.content.decode()


def test_a_product_is_published_for_a_time_and_withdrawn(merchant: Counter, world: World) -> None:
    cup = world.products["cup"]
    merchant.twice(at(cup), "withdraw", {"channel": "shop"})
    with pytest.raises(NoSuchProduct):
        queries.product("cup", "shop")
    merchant.twice(
        at(cup), "publish", channel="shop", visible_from="2030-03-01T10:00", visible_until="2030-04-01T00:00"
    )
    with held_at(datetime(2030, 3, 15, tzinfo=UTC)):
        assert queries.product("cup", "shop").product_id == cup
    with held_at(datetime(2030, 4, 2, tzinfo=UTC)), pytest.raises(NoSuchProduct):
        queries.product("cup", "shop")
    backwards = merchant.do(
        at(cup), "publish", channel="shop", visible_from="2030-03-01T10:00", visible_until="2030-02-01T00:00"
    )
    assert "must be shown from before" in merchant.words(backwards)
    assert merchant.do(at(cup), "publish", channel="moon").status_code == 422
    assert merchant.do(at(cup), "publish", channel="shop", visible_from="soon").status_code == 422


def test_times_of_publication_are_on_the_clocks_of_the_store(world: World) -> None:
    riga = Counter("merchandiser", location="RIX")
    cup = world.products["cup"]
    riga.do(at(cup), "publish", channel="pos", visible_from="2030-07-01T10:00")
    (window,) = [one for one in queries.product_by_id(cup).windows if one.channel == "pos"]
    assert window.visible_from == datetime(2030, 7, 1, 7, tzinfo=UTC)


def test_a_picture_is_hung_once_and_taken_down(merchant: Counter, sofa: UUID, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    form = merchant.form(at(sofa), "attach")
    for _ in range(2):
        file = SimpleUploadedFile("sofa.svg", SVG)
        assert (
            merchant.client.post(at(sofa), {**form, "file": file, "sku": SOFA, "alts-en": "A sofa"}).status_code == 303
        )
    (media,) = queries.product_by_id(sofa).media
    assert (media.sku, media.alts["en"], media.width) == (SOFA, "A sofa", 800)
    assert (tmp_path / media.path).read_bytes() == SVG
    merchant.twice(at(sofa), "detach", {"media": str(media.id)})
    assert queries.product_by_id(sofa).media == ()


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("evil.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 422, "was not taken"),
        ("page.html", b"<html></html>", 422, "was not taken"),
        ("sofa.png", SVG, 422, "The file says it is png, but it is svg."),
        ("model.glb", SVG, 422, "was not taken"),
        ("huge.svg", b"x" * (20 * 1024 * 1024 + 1), 413, "larger than 20 MB"),
        ("empty.png", b"", 422, ""),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_claims_is_not_hung(
    merchant: Counter, sofa: UUID, settings, tmp_path, name: str, content: bytes, status: int, said: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    refused = merchant.do(at(sofa), "attach", file=SimpleUploadedFile(name, content))
    assert refused.status_code == status
    assert said in merchant.words(refused)
    assert queries.product_by_id(sofa).media == ()
    assert list(tmp_path.rglob("*.*")) == []


def test_no_file_at_all_is_told(merchant: Counter, sofa: UUID) -> None:
    form = merchant.form(at(sofa), "attach")
    form.pop("file", None)
    assert "File is missing." in merchant.words(merchant.client.post(at(sofa), form))


def test_categories_grow_change_and_go(merchant: Counter) -> None:
    address = "/console/catalog/categories/"
    merchant.twice(address, "save", slug="lamps", parent="home", names__en="Lamps", names__is="Lampar")
    assert "Lamps" in merchant.words(merchant.get(address))
    merchant.twice(f"{address}lamps/", "save", names__en="Lights", position="3", texts__en="All that shines.")
    node, way = queries.category("lamps")
    assert (node.names["en"], node.position, [step.slug for step in way]) == ("Lights", 3, ["home", "lamps"])
    loop = merchant.do(f"{address}home/", "save", parent="lamps")
    assert (loop.status_code, "cannot lie below itself" in merchant.words(loop)) == (409, True)
    gone = merchant.do(f"{address}lamps/", "remove")
    assert "The category Lights is gone." in merchant.told(gone)
    assert merchant.get(f"{address}lamps/").status_code == 404
    full = merchant.do(f"{address}sofas/", "remove")
    assert "There are still products or categories in it." in merchant.words(full)


def test_an_analyst_reads_the_catalog_and_has_no_buttons(world: World, sofa: UUID) -> None:
    analyst = Counter("analyst")
    assert "disabled" in analyst.get(at(sofa)).content.decode()
    csrf = analyst.client.cookies["csrftoken"].value
    for deed in ("save", "more", "publish", "withdraw", "attach", "detach"):
        sent = {"csrfmiddlewaretoken": csrf, "deed": deed, "key": str(new_id()), "channel": "shop"}
        assert analyst.client.post(at(sofa), sent).status_code == 403
    assert analyst.get(NEW).status_code == 403
    assert queries.product_by_id(sofa).windows


def test_a_product_that_is_not_there_is_told_so(merchant: Counter) -> None:
    assert merchant.get(at(new_id())).status_code == 404


def test_products_are_paged(merchant: Counter, monkeypatch) -> None:
    monkeypatch.setattr("samband.commerce.catalog.queries.PER_PAGE", 2)
    pages = [merchant.get(f"/console/catalog/?page={page}").content.decode() for page in (1, 2, 3)]
    assert ["page=2" in pages[0], "page=3" in pages[1], 'rel="next"' in pages[2]] == [True, True, False]


def test_the_statements_of_the_catalog_are_counted(merchant: Counter, sofa: UUID) -> None:
    merchant.get("/console/catalog/")
    assert merchant.statements("/console/catalog/") == 4
    assert merchant.statements(at(sofa)) == 8
