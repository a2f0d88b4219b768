"""Looking around: the first page, departments, search and products, in every language and market."""

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.channels.shop import browsing
from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.catalog.search import catch_up
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.pricing import commands as pricing
from samband.kernel.clock import in_future
from samband.kernel.goods import Line
from tests.channels.shopper import Shopper
from tests.commerce.test_catalog_rules import glb
from tests.worlds import CAKE, CUP, LAMP, LONDON, REYKJAVIK, SOFA, SOFA_BLUE, fresh_processes, open_markets


@pytest.fixture
def shop(world, settings, tmp_path) -> Shopper:
    settings.SEARCH_ROOT = tmp_path / "search"
    catch_up()
    return Shopper().again()


def offer(sku: str = LAMP, amount: int = 9_900) -> None:
    pricing.save_price_list("autumn", "ISK", names={"en": "Autumn offer"}, priority=9, valid_until=in_future(days=7))
    pricing.set_prices("autumn", {sku: amount})


def many(count: int) -> None:
    drafts = [
        ProductDraft(
            slug=f"bowl-{n}", category="home", names={"en": f"Bowl {n}"}, variants=(VariantDraft(f"BOWL-{n}"),)
        )
        for n in range(count)
    ]
    events = catalog.save_products(drafts)
    catalog.publish_many([event.product_id for event in events], "shop")
    pricing.set_prices("isk-regular", {f"BOWL-{n}": 1_000 + n for n in range(count)})
    inventory.receive(LONDON, tuple(Line(f"BOWL-{n}", 5) for n in range(count)), "bowls")
    catch_up()


def test_the_bare_address_leads_to_the_language_of_the_browser_or_to_where_one_was_last(shop):
    bare = Shopper()
    assert bare.client.get("/", headers={"Accept-Language": "lv"}).headers["Location"] == "/lv-lv/"
    assert bare.client.get("/", headers={"Accept-Language": "en-IS,en;q=0.8"}).headers["Location"] == "/en-is/"
    assert bare.client.get("/", headers={"Accept-Language": "tlh"}).headers["Location"] == "/en-gb/"
    bare.client.get("/is-is/")
    assert bare.client.get("/", headers={"Accept-Language": "lv"}).headers["Location"] == "/is-is/"


def test_a_storefront_we_do_not_have_is_not_found(shop):
    for front in ("en-us", "de-is", "xx-yy", "en-"):
        shop.front = front
        assert shop.look().status == 404, front
        assert "<h1>" in shop.source


def test_the_first_page_shows_departments_stores_and_only_what_really_costs_less(shop):
    shop.look()
    assert shop.says("Home")
    assert shop.says("Café")
    assert shop.says("Samband RVK")
    assert not shop.says("Costs less now")
    offer()
    shop.again().look()
    assert shop.says("Costs less now")
    assert shop.says("−33 %")
    assert shop.says("ISK9,900")
    assert shop.says("ISK14,900")


def test_each_market_has_its_own_price_and_each_language_its_own_words(shop):
    assert shop.look("c/sofas/").says("ISK129,900")
    shop.front = "is-lv"
    shop.look("c/sofas/")
    assert shop.says("899,00 EUR") or shop.says("899,00 €")
    assert shop.says("Sófar")
    assert '<html lang="is">' in shop.source


def test_language_and_market_are_switched_without_leaving_the_page(shop):
    shop.look("c/home/?f.colour=grey&sort=price")
    assert 'href="/is-is/c/home/?f.colour=grey&amp;sort=price"' in shop.source
    assert 'href="/en-lv/c/home/?f.colour=grey&amp;sort=price"' in shop.source


def test_a_department_shows_what_lies_below_it_with_stock_and_swatches(shop):
    shop.look("c/home/")
    assert shop.says("4 products")
    assert shop.says("Sofa")
    assert shop.says("from ISK129,900")
    assert 'fill="#8a8d91"' in shop.source
    assert 'fill="#3a5f8a"' in shop.source
    assert shop.says("In store now")
    assert shop.says("Can be sent")
    assert 'href="/en-is/c/sofas/"' in shop.source


def test_facets_are_counted_chosen_several_at_once_and_taken_off_one_by_one(shop):
    shop.look("c/home/?f.colour=grey&f.colour=blue")
    assert shop.says("1 product")
    assert shop.source.count("checked") == 2
    assert 'href="/en-is/c/home/?f.colour=blue"' in shop.source
    assert 'href="/en-is/c/home/"' in shop.source
    assert shop.says("Clear all")


def test_a_price_range_narrows_and_the_order_is_as_asked(shop):
    shop.look("c/home/?from=5000&to=20000")
    assert shop.says("2 products")
    assert shop.says("ISK5,000 to ISK20,000")
    shop.look("c/home/?sort=price")
    assert shop.page.index("Cup") < shop.page.index("Lamp") < shop.page.index("Sofa ")
    shop.look("c/home/?sort=price_desc")
    assert shop.page.index("from ISK129,900") < shop.page.index("ISK14,900") < shop.page.index("ISK1,490")


def test_what_fits_nothing_says_so_and_offers_a_way_out(shop):
    shop.look("c/home/?from=1&to=2")
    assert shop.status == 200
    assert shop.says("Nothing fits all of that at once.")
    assert shop.says("0 products")
    shop.look("search/?q=qqqqqqq")
    assert shop.status == 200
    assert shop.says("We found nothing under these words.")


def test_many_products_come_in_pages_and_a_page_beyond_the_last_is_not_found(shop):
    many(60)
    shop.again().look("c/home/")
    assert shop.says("64 products")
    assert shop.source.count('class="card"') == 24
    assert 'rel="next" href="/en-is/c/home/?page=2"' in shop.source
    assert shop.look("c/home/?page=3").source.count('class="card"') == 16
    assert 'rel="next"' not in shop.source
    assert shop.look("c/home/?page=4").status == 404
    assert shop.look("c/home/?page=9999").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "c/home/?page=99999", "c/home/?page=0", "c/home/?page=-1", "c/home/?page=abc", "c/home/?f.nothing=x",
        "search/?q=" + "a" * 500,
        "search/?q=a%00b", "c/home/?page=" + "9" * 400, "c/home/?" + "&".join(f"f.{n}=1" for n in range(60)),
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_clear_answer(shop, path):
    shop.look(path)
    assert shop.status in (404, 422), shop.status
    assert shop.says("That did not work") or shop.says("Not here")


@pytest.mark.parametrize(
    "path",
    [
        "c/home/?f.colour=" + "&f.colour=".join(map(str, range(60))),
        "c/home/?from=abc&to=1e400",
        "c/home/?sort=drop+table",
        "c/home/?from=-5",
        "search/?q=%F0%9F%9B%8B",
        "search/?q=",
    ],
)
def test_what_is_merely_odd_is_passed_over(shop, path):
    assert shop.look(path).status == 200


@pytest.mark.parametrize(
    "path", ["c/nowhere/", "p/nothing/", "p/cup/extra/", "c/", "order/", "%00/", "p/%00/", "x" * 3000]
)
def test_an_address_of_nothing_is_a_page_of_ours_too(shop, path):
    shop.look(path)
    assert shop.status == (200 if path == "order/" else 404)
    assert shop.says("Samband")


def test_search_forgives_a_slip_and_says_what_it_took_it_for(shop):
    shop.look("search/?q=soffa")
    assert shop.says("1 product")
    assert shop.says("Did you mean sofa ?")
    assert shop.look(f"search/?q={CUP}").says("1 product")


def test_nobody_is_shown_what_is_not_published_or_has_no_price_here(shop, world):
    catalog.withdraw(world.products["lamp"], "shop")
    catch_up()
    assert not shop.again().look("c/home/").says("Lamp")
    assert shop.look("p/lamp/").status == 404


def test_one_second_the_same_then_anew(shop):
    shop.look("c/home/")
    with CaptureQueriesContext(connection) as said:
        shop.look("c/home/")
    assert len(said) == 0
    shop.again()
    offer(CUP, 1_290)
    assert shop.look("c/home/").says("ISK1,290")


def test_a_page_that_the_browser_has_already_is_not_sent_again_and_travels_packed(shop):
    plain = shop.look("c/home/").response
    packed = shop.look("c/home/", headers={"Accept-Encoding": "gzip"}).response
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed.headers["Content-Length"]) == len(packed.content)
    again = shop.look("c/home/", headers={"If-None-Match": plain.headers["ETag"]}).response
    assert again.status_code == 304
    assert not again.content


def test_whoever_brings_nothing_gets_the_kept_page_before_anything_is_made_ready(shop, monkeypatch):
    page = "c/home/?f.colour=grey"
    first = Shopper().look(page).response
    monkeypatch.setattr(browsing, "_kept", None)  # whoever gets there breaks
    again = Shopper().look(page).response
    assert again.content == first.content
    assert again.resolver_match.url_name == first.resolver_match.url_name
    assert first.headers.pop("X-Request-Id") != again.headers.pop("X-Request-Id")
    assert dict(again.headers) == dict(first.headers), "the same is said of it, by every layer"
    packed = Shopper().look(page, headers={"Accept-Encoding": "gzip"}).response
    assert packed.headers.keys() == first.headers.keys() | {"Content-Encoding", "X-Request-Id"}
    for other in ({"HX-Request": "true"}, {"Cookie": "samband_cart=anything"}):
        with pytest.raises(TypeError):
            Shopper().look(page, headers=other)
    with pytest.raises(TypeError):
        Shopper().again().look(page)


def test_one_visitors_badge_is_never_anothers(shop):
    shop.put(CUP, 3)
    for path in ("", "c/home/"):
        assert shop.look(path).says("3 pieces in the cart")
        assert not Shopper().look(path).says("in the cart")
        assert shop.look(path).says("3 pieces in the cart")
        assert "<!--badge-->" not in shop.source


def test_htmx_gets_the_results_alone_and_a_tidy_address(shop):
    shop.look("c/home/?sort=relevance&from=&to=&f.colour=grey", headers={"HX-Request": "true"})
    assert shop.response.headers["HX-Push-Url"] == "/en-is/c/home/?f.colour=grey"
    assert "<html" not in shop.source
    assert 'class="facets"' in shop.source
    assert shop.says("1 product")


def test_the_product_page_answers_everything(shop):
    shop.look("p/sofa-hallormur/")
    assert shop.says("ISK129,900")
    assert shop.says("including ISK25,142 VAT (24%)")
    assert shop.says("Grey")
    assert shop.says("Blue")
    assert shop.says("3 left")
    assert shop.says("ready")
    assert shop.says("Delivery costs ISK8,940.")
    assert shop.says("You have 30 days to bring or send it back.")
    assert shop.says("Article number SOFA-GREY")
    assert shop.says("GTIN 5690000000015")
    assert 'itemprop="price" content="129900"' in shop.source
    assert '<link rel="canonical" href="' in shop.source


def test_a_variant_has_an_address_of_its_own(shop):
    shop.look(f"p/sofa-hallormur/?sku={SOFA_BLUE}")
    assert shop.says("ISK134,900")
    assert shop.field("sku") == SOFA_BLUE
    assert shop.look(f"p/sofa-hallormur/?sku={CUP}").field("sku") == SOFA


def test_a_price_that_is_lower_now_says_instead_of_what_and_until_when(shop):
    offer()
    shop.again().look("p/lamp/")
    assert shop.says("ISK9,900 instead of ISK14,900")
    assert shop.says("Autumn offer, until")


def test_fresh_food_is_never_sent_and_what_is_gone_cannot_be_put_in_the_cart(shop):
    assert shop.look("p/cake/").says("This is made fresh and never sent.")
    for location in (REYKJAVIK, "RIX"):
        held = next(place for place in stock.available([CAKE])[CAKE] if place.location == location)
        inventory.set_safety(location, CAKE, held.on_hand)
    shop.look("p/cake/")
    assert shop.says("Sold out.")
    assert "cart/add" not in shop.source


def test_machines_find_every_page_once(shop):
    robots = shop.client.get("/robots.txt").content.decode()
    assert "Disallow: /*/checkout/" in robots
    assert "/sitemap.xml" in robots
    index = shop.client.get("/sitemap.xml").content.decode()
    assert index.count("<sitemap>") == 15
    pages = shop.client.get("/en-is/sitemap.xml").content.decode()
    for path in ("/en-is/p/cup/", "/en-is/c/sofas/", "/en-is/stores/"):
        assert pages.count(f"{path}</loc>") == 1
    shop.look("c/home/")
    assert shop.source.count('rel="alternate"') == 16
    assert 'hreflang="is-LV"' in shop.source
    assert 'name="robots" content="noindex' in shop.look("c/home/?sort=name").source
    assert 'name="robots" content="noindex' in shop.look("search/?q=cup").source


@pytest.mark.parametrize("path", ["stores/", "delivery/", "returns/", "privacy/", "about/"])
def test_plain_pages_stand_in_every_storefront(shop, path):
    for front in ("en-is", "is-is", "lv-lv", "el-gb", "pl-lv"):
        shop.front = front
        assert shop.look(path).status == 200
        assert shop.source.count("<h1") == 1


def test_scripts_and_styles_come_from_our_own_files_only(shop, settings):
    for path in ("", "c/home/", "p/cup/", "stores/"):
        shop.look(path)
        assert " style=" not in shop.source
        assert "<style" not in shop.source
        assert "<script>" not in shop.source
        assert " onclick" not in shop.source
        assert "http://" not in shop.source.replace(settings.SITE_URL, "").replace("http://www.w3.org", "")


def test_a_3d_model_can_be_taken_home_from_the_product_page(shop, world):
    slug, product_id = next(iter(world.products.items()))
    catalog.attach_media(product_id, "model3d", glb(), "model.glb", {"en": "Model"})
    shop.look(f"p/{slug}/")
    assert shop.says("3D model (GLB)")
    assert '.glb" download' in shop.source


def test_a_house_without_markets_tells_how_the_shop_is_opened(db):
    fresh_processes()
    bare = Shopper().arrive()
    assert bare.status == 200
    assert bare.says("The shop has not been opened yet")
    assert bare.says("samband demo")
    assert 'href="/console/"' in bare.source
    assert 'href="/api/v1/docs"' in bare.source
    polish = Shopper().arrive(headers={"Accept-Language": "pl"})
    assert polish.says("Sklep nie został jeszcze otwarty")
    assert '<html lang="pl">' in polish.source


def test_the_first_market_opens_the_shop(db):
    fresh_processes()
    assert Shopper().arrive().says("The shop has not been opened yet")
    open_markets()
    fresh_processes()
    assert Shopper().arrive().went_to == "/en-gb/"
