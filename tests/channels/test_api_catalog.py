"""Programs keep the assortment and its prices, and find what shoppers find."""

import pytest

from samband.commerce.catalog.search import catch_up
from tests.worlds import CAKE, CUP, LAMP, PRICES, REYKJAVIK, RIGA, SOFA, SOFA_BLUE

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'
CHAIR = {
    "category": "home",
    "names": {"en": "Chair", "is": "Stóll"},
    "variants": [{"sku": "CHAIR-GREY", "attributes": {"colour": "grey"}}],
}


@pytest.fixture
def search(settings, tmp_path, world):
    settings.SEARCH_ROOT = tmp_path
    catch_up()


def slugs(answer) -> list[str]:
    return sorted(one["slug"] for one in answer.body["items"])


def test_products_are_found_with_price_stock_and_facets(api, search):
    answer = api.get("/products?market=IS&text=sofa")
    (sofa,) = answer.body["items"]
    assert (sofa["slug"], sofa["price"], sofa["several_prices"]) == (
        "sofa-hallormur",
        {"amount": PRICES[SOFA]["ISK"], "currency": "ISK"},
        True,
    )
    assert sofa["stock"] == "in_store"
    assert [swatch["sku"] for swatch in sofa["swatches"]] == [SOFA, SOFA_BLUE]
    (colour,) = answer.body["facets"]
    assert {value["value"]: value["count"] for value in colour["values"]} == {"grey": 1, "blue": 1}
    assert slugs(api.get("/products?market=IS&filter=colour:blue")) == ["sofa-hallormur"]
    assert slugs(api.get("/products?market=IS&category=cafe")) == ["cake"]
    assert slugs(api.get("/products?market=GB&filter=price:..2000")) == ["cake", "cup"]
    assert [one["slug"] for one in api.get("/products?market=IS&sort=price&limit=2").body["items"]] == ["cake", "cup"]


def test_products_come_page_by_page(api, search):
    seen, path = [], "/products?market=IS&sort=name&limit=2"
    while path:
        answer = api.get(path)
        seen += [one["slug"] for one in answer.body["items"]]
        path = answer.headers["Link"].split(">")[0].removeprefix("</api/v1") if "Link" in answer.headers else None
    assert sorted(seen) == ["cake", "cup", "lamp", "last-ten", "sofa-hallormur"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/products?market=XX", "unknown_market"),
        ("/products?market=IS&filter=weather:rain", "search_ask"),
        ("/products?market=IS&filter=price:a..b", "search_ask"),
    ],
)
def test_what_cannot_be_searched_for_is_refused(api, search, path, code):
    assert api.get(path).code == code


def test_a_product_is_read_by_any_of_its_names(api, world):
    by_slug = api.get("/products/sofa-hallormur").body
    for path in (f"/products/{world.products['sofa-hallormur']}", f"/skus/{SOFA}", "/gtins/05690000000015"):
        assert api.get(path).body == by_slug
    assert [variant["sku"] for variant in by_slug["variants"]] == [SOFA, SOFA_BLUE]
    assert by_slug["path"][-1]["slug"] == "sofas"
    for path in ("/products/nothing", "/products/01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11", "/skus/nothing", "/gtins/1"):
        assert (api.get(path).status, api.get(path).code) == (404, "product_not_found")


def test_an_offer_tells_price_stores_and_delivery(api, world):
    answer = api.get(f"/products/{world.products['sofa-hallormur']}/offer?market=IS").body
    grey = answer["offers"][0]
    assert (grey["sku"], grey["price"]["unit"]["amount"], grey["available"]) == (SOFA, PRICES[SOFA]["ISK"], 24)
    assert [(store["location"], store["available"]) for store in grey["stores"]] == [(REYKJAVIK, 3), (RIGA, 1)]
    assert grey["sending"]["cost"] == {"amount": 8_940, "currency": "ISK"}
    assert [reason["code"] for reason in grey["price"]["reasons"]] == ["price_list", "vat_included"]
    cake = api.get("/products/cake/offer?market=IS").body
    assert (cake["travels"], cake["offers"][0]["sending"]) == (False, None)
    assert api.get("/products/cake/offer?market=XX").code == "unknown_market"


def test_a_product_is_saved_published_and_withdrawn(api):
    saved = api.put("/products/chair", CHAIR)
    assert (saved.status, saved.body["windows"]) == (200, [])
    assert api.put("/products/chair", CHAIR).body == saved.body
    shown = api.put("/products/chair/publications/api", {})
    assert [window["channel"] for window in shown.body["windows"]] == ["api"]
    later = {"visible_from": "2027-01-01T00:00:00Z", "visible_until": "2026-12-01T00:00:00Z"}
    assert api.put("/products/chair/publications/api", later).code == "publication_window"
    assert api.delete("/products/chair/publications/api").status == 204
    assert api.get("/products/chair").body["windows"] == []
    assert api.put("/products/nothing/publications/api", {}).code == "product_not_found"
    listed = api.get("/assortment?text=chair").body
    assert [(row["slug"], row["channels"]) for row in listed["items"]] == [("chair", [])]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"category": "nowhere"}, "category_not_found"),
        ({"names": {}}, "catalog_text"),
        ({"names": {"xx": "Chair"}}, "invalid_body"),
        ({"variants": []}, "invalid_body"),
        ({"variants": [{"sku": CUP}]}, "sku_taken"),
        ({"variants": [{"sku": "CHAIR", "gtin": "123"}]}, "gtin"),
        ({"variants": [{"sku": "CHAIR", "gtin": "5690000000015"}]}, "gtin_taken"),
        ({"variants": [{"sku": "CHAIR"}, {"sku": "CHAIR"}]}, "product_draft"),
        ({"variants": [{"sku": "no sku!"}]}, "catalog_code"),
        ({"attributes": {"colour": "loud"}}, "attribute_value"),
        ({"attributes": {"weather": 1}}, "attribute_value"),
        ({"attributes": {"colour": [["grey"]]}}, "invalid_body"),
        ({"shipping_class": "By Air"}, "product_draft"),
        ({"return_days": True}, "invalid_body"),
    ],
)
def test_a_product_that_makes_no_sense_is_refused_and_nothing_is_kept(api, change, code):
    answer = api.put("/products/chair", {**CHAIR, **change})
    assert answer.code == code
    assert api.get("/products/chair").status == 404
    assert api.put("/products/No Slug", CHAIR).code == "catalog_code"


@pytest.mark.parametrize(("kind", "content", "suffix"), [("image/png", PNG, "png"), ("image/svg+xml", SVG, "svg")])
def test_pictures_are_looked_into_before_they_are_kept(api, settings, tmp_path, kind, content, suffix):
    settings.MEDIA_ROOT = tmp_path
    answer = api.ask("POST", f"/products/cup/media?sku={CUP}&alt_en=A%20cup", content, content_type=kind)
    (medium,) = answer.body["media"]
    assert (answer.status, medium["kind"], medium["sku"], medium["alts"]) == (201, "image", CUP, {"en": "A cup"})
    assert (tmp_path / medium["path"]).read_bytes() == content
    assert medium["path"].endswith(f".{suffix}")
    again = api.ask("POST", f"/products/cup/media?sku={CUP}&alt_en=Cup", content, content_type=kind)
    assert [one["alts"] for one in again.body["media"]] == [{"en": "Cup"}]
    assert api.delete(f"/products/cup/media/{medium['id']}").status == 204
    assert api.delete(f"/products/cup/media/{medium['id']}").code == "product_not_found"


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("image/png", b"not a picture", "media_refused"),
        ("image/jpeg", PNG, "media_refused"),
        ("model/gltf-binary", PNG, "media_refused"),
        ("image/svg+xml", SVG.replace(b"<rect", b"<script>alert(1)</script><rect"), "media_refused"),
        ("image/gif", b"GIF89a", "unsupported_media_type"),
        ("image/png", b"\x00" * (20 * 1024 * 1024 + 1), "body_too_large"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_file_that_is_not_what_it_says_is_refused(api, settings, tmp_path, kind, content, code):
    settings.MEDIA_ROOT = tmp_path
    assert api.ask("POST", "/products/cup/media", content, content_type=kind).code == code
    assert list(tmp_path.iterdir()) == []


def test_the_category_tree_grows_and_is_pruned(api):
    assert api.put("/categories/chairs", {"names": {"en": "Chairs"}, "parent": "home"}).body["parent"] == "home"
    home = next(one for one in api.get("/categories").body["items"] if one["slug"] == "home")
    assert [child["slug"] for child in home["children"]] == ["chairs", "sofas"]
    assert api.put("/categories/home", {"names": {"en": "Home"}, "parent": "chairs"}).code == "category_loop"
    assert api.delete("/categories/home").code == "category_in_use"
    assert api.delete("/categories/chairs").status == 204
    assert api.delete("/categories/chairs").code == "category_not_found"


def test_attributes_are_defined_and_kept_from_losing_their_meaning(api):
    width = {"kind": "number", "names": {"en": "Width"}, "unit": "cm", "facet": True}
    assert api.put("/attributes/width", width).body["unit"] == "cm"
    assert {one["code"] for one in api.get("/attributes").body["items"]} == {"colour", "width"}
    assert api.put("/attributes/colour", {"kind": "text", "names": {"en": "Colour"}}).code == "attribute_in_use"
    assert api.put("/attributes/width", {**width, "kind": "choice"}).code == "attribute_definition"
    assert api.put("/attributes/price", width).code == "catalog_code"


# --- prices


def test_prices_are_told_with_their_reasons(api):
    assert [market["currency"] for market in api.get("/markets").body["items"]] == ["ISK", "EUR", "GBP"]
    answer = api.get(f"/prices?market=IS&sku={CUP}&sku={CAKE}&sku=NOTHING").body["items"]
    assert {tag["sku"]: tag["vat_basis_points"] for tag in answer} == {CUP: 2400, CAKE: 1100}
    assert api.get(f"/prices?market=XX&sku={CUP}").code == "unknown_market"


def test_a_price_list_is_opened_filled_and_emptied(api):
    club = {"currency": "ISK", "customer_group": "club", "names": {"en": "Club"}}
    assert api.put("/price-lists/isk-club", club).body["customer_group"] == "club"
    set_first = api.put("/price-lists/isk-club/prices", {"prices": {CUP: 1_000, LAMP: 9_000}})
    assert set_first.body == {"price_list": "isk-club", "skus": [CUP, LAMP]}
    assert api.put("/price-lists/isk-club/prices", {"prices": {CUP: 1_000, LAMP: 9_500}}).body["skus"] == [LAMP]
    (tag,) = api.get(f"/prices?market=IS&sku={CUP}&group=club").body["items"]
    assert tag["unit"]["amount"] == 1_000
    listed = api.get(f"/list-prices?sku={CUP}").body["items"]
    assert {one["price_list"]: one["amount"] for one in listed if one["currency"] == "ISK"} == {
        "isk-club": 1_000,
        "isk-regular": PRICES[CUP]["ISK"],
    }
    assert api.post("/price-lists/isk-club/removals", {"skus": [CUP, "NOTHING"]}).body["skus"] == [CUP]
    assert "isk-club" in {one["code"] for one in api.get("/price-lists").body["items"]}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/price-lists/nothing/prices", {"prices": {CUP: 1}}, "unknown_price_list"),
        ("/price-lists/isk-regular/prices", {"prices": {CUP: -1}}, "invalid_body"),
        ("/price-lists/isk-regular/prices", {"prices": {CUP: 1.5}}, "invalid_body"),
        ("/price-lists/isk-regular/prices", {"prices": {CUP: True}}, "invalid_body"),
        ("/price-lists/isk-regular/prices", {"prices": {"no sku!": 1}}, "invalid"),
        ("/price-lists/isk-regular/prices", {"prices": {}}, "invalid_body"),
        ("/price-lists/isk-regular", {"currency": "EUR"}, "currency_fixed"),
        ("/price-lists/new", {"currency": "SEK"}, "invalid_body"),
        ("/price-lists/new", {"currency": "EUR", "market": "IS"}, "invalid"),
        ("/price-lists/new", {"currency": "EUR", "market": "XX"}, "unknown_market"),
        ("/price-lists/new", {"currency": "EUR", "valid_from": "2026-11-21T10:00:00"}, "invalid_body"),
    ],
)
def test_prices_that_cannot_be_are_refused(api, path, body, code):
    assert api.put(path, body).code == code
    (tag,) = api.get(f"/prices?market=IS&sku={CUP}").body["items"]
    assert tag["unit"]["amount"] == PRICES[CUP]["ISK"]
