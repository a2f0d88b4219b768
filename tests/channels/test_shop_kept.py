"""A kept page says what a page written anew would say, whatever changed and whoever asks; else it is the kept one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import pytest
from django.db import OperationalError

from samband.channels.shop import browsing, editions, keeping, pages, stocks
from samband.channels.shop.forgetting import forget
from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog import queries as products
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.catalog.search import catch_up, reading
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as levels
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing import queries as prices
from samband.customers.consent import wordings, writing
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Position
from tests import worlds
from tests.channels.shopper import Shopper
from tests.worlds import CUP, STOCK

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = ("c/home/", "search/?q=cup", "c/home/?sort=price")
SOON = timedelta(hours=1)


@pytest.fixture(autouse=True)
def house(transactional_db, settings, tmp_path, monkeypatch) -> Iterator[None]:
    """Nothing is trusted for a moment: every page is looked at each time it is asked for."""
    settings.SEARCH_ROOT = tmp_path / "search"
    worlds.small_world()
    catch_up()
    forget()
    worlds.fresh_processes()
    for module in (keeping, pages):
        monkeypatch.setattr(module, "TRUSTED_SECONDS", -1.0)
    for module in (editions, stocks, reading):
        monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", -1.0)
    for module in (levels, prices, wordings):
        monkeypatch.setattr(module, "REMEMBERED_SECONDS", -1.0)
    yield
    forget()
    worlds.fresh_processes()


def mug(name: str, slug: str = "mug") -> ProductDraft:
    return ProductDraft(slug=slug, category="home", names={"en": name}, variants=(VariantDraft(f"SKU-{slug}"),))


def nothing_left() -> None:
    for location in STOCK:
        inventory.count(location, (Position(location, CUP, 0),), "empty")


def cheaper() -> None:
    pricing.set_prices("isk-regular", {CUP: 1})


def another_name() -> None:
    variants = (VariantDraft(CUP),)
    catalog.save_products([ProductDraft(slug="cup", category="home", names={"en": "Cup of gold"}, variants=variants)])


def withdrawn() -> None:
    catalog.withdraw(products.items([CUP])[CUP].product_id, "shop")
    catch_up()


def newly_found() -> None:
    """Catalog and prices stay as they are; only the index learns of it."""
    catch_up()


def a_store_gives_up() -> None:
    inventory.save_location(
        worlds.REYKJAVIK, kind="store", name="Samband", market="IS", country="IS", time_zone="Atlantic/Reykjavik",
        opening={}, pickup=False, ships=False,
    )  # fmt: skip


def other_words() -> None:
    writing.write_wording("choices", {"en": "New words"}, by="gudrun")


def stocked_mug(visible_from=None) -> None:
    (event,) = catalog.save_products([mug("Cup with a handle")])
    catalog.publish_many([event.product_id], "shop", visible_from=visible_from or worlds.OPENED)
    pricing.set_prices("isk-regular", {"SKU-mug": 900})


def as_time_goes_by() -> AbstractContextManager[object]:
    return held_at(now() + 2 * SOON)


CHANGES: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "stock": (lambda: None, nothing_left),
    "price": (lambda: None, cheaper),
    "name": (lambda: None, another_name),
    "withdrawn": (lambda: None, withdrawn),
    "index": (stocked_mug, newly_found),
    "location": (lambda: None, a_store_gives_up),
    "words": (lambda: None, other_words),
    "time": (lambda: (stocked_mug(now() + SOON), catch_up()), as_time_goes_by),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_said_to_whoever_has_nothing_of_their_own(change, path) -> None:
    first, then = CHANGES[change]
    first()
    before = Shopper().look(path).source
    changed = then()
    with changed if isinstance(changed, AbstractContextManager) else nullcontext():
        kept = Shopper().look(path).source
        forget()
        assert kept == Shopper().look(path).source
        assert kept != before


@pytest.mark.parametrize("change", CHANGES)
def test_and_to_whoever_carries_a_cart(change) -> None:
    shop = Shopper().put(worlds.LAMP)
    first, then = CHANGES[change]
    first()
    before = shop.look("c/home/").page
    changed = then()
    with changed if isinstance(changed, AbstractContextManager) else nullcontext():
        kept = shop.look("c/home/").page
        forget()
        assert kept == shop.look("c/home/").page
        assert kept != before


@pytest.mark.parametrize("path", PATHS)
def test_what_stayed_is_neither_put_together_nor_looked_for_again(path, monkeypatch) -> None:
    first = Shopper().look(path)
    monkeypatch.setattr(browsing, "listing", None)
    again = Shopper().look(path, HTTP_IF_NONE_MATCH=first.response["ETag"])
    assert again.status == 304
    assert Shopper().look(path).source == first.source


def test_a_house_whose_database_is_away_says_so_and_keeps_its_pages(monkeypatch) -> None:
    before = Shopper(raise_request_exception=False).look("c/home/").source

    def away(*asked: object) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as broken:
        broken.setattr(editions.catalog, "version", away)
        assert Shopper(raise_request_exception=False).look("c/home/").status == 503
    assert Shopper().look("c/home/").source == before
