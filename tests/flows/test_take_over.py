"""A shop is taken over from a file: twice as good as once, killed anywhere and begun again the same."""

import csv
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection

from samband.channels.connectors.importing import import_online_retail
from samband.channels.connectors.progress import Watch
from samband.channels.connectors.shopify import import_shopify
from samband.commerce.cart import commands as carts
from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog import queries as catalogs
from samband.commerce.catalog import search
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.refusals import UnknownLocation
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import queries as accounts
from samband.events.take_over import TakenOver
from samband.flows import take_over
from samband.flows.audit import audit
from samband.flows.basket import basket
from samband.kernel.money import Money
from samband.timeline import delivering
from tests import retail_files as files
from tests import shopify_files as shop_files
from tests import worlds
from tests.processes import ROOT, own_database
from tests.retail_files import EVERY, GOOD, NOTES, REJECTED, SALE, row
from tests.shopify_files import BAD_CUSTOMERS, BAD_ORDERS, BAD_PRODUCTS, CUSTOMERS, ORDERS, PRODUCTS, flat

KILLS = 10

STATE = """
select 'order', source_reference, kind, state, total, total_vat, placed_at::text, customer_id is null from orders_order
union all
select 'line', o.source_reference, l.sku, l.name, l.total, l.quantity, l.position::text, null
from orders_orderline l join orders_order o on o.id = l.order_id
union all
select 'payment', o.source_reference, i.state, i.currency, i.captured, i.refunded, i.created_at::text, i.payout
from payments_intent i join orders_order o on o.id = i.order_id
union all select 'customer', source_reference, source, market, null, null, null, null from accounts_customer
union all select 'product', slug, category_id, names::text, null, null, null, null from catalog_product
union all select 'price', sku, price_list_id, null, amount, null, null, null from pricing_price
union all select 'level', sku, location, null, on_hand, held, null, null from inventory_level
union all select 'moves', sku, kind, location, sum(quantity), null, null, null from inventory_move
    where kind in ('issue', 'receive') group by sku, kind, location
union all select 'notes', sku, reference, reason, quantity, null, at::text, null from inventory_move
    where kind = 'adjust' and reason <> 'balance of history'
union all select 'told', name, case when name like 'orders.%%' then payload ->> 'total' end, null, count(*), null, null,
    null from timeline_entry where name not like '%%HistoryImported' group by 1, 2, 3, 4
order by 1, 2, 3, 4, 5, 6, 7
"""


def shopify(folder: Path) -> list[Path]:
    """Orders, customers and products with everything good and bad, as three files in a folder."""
    bad_orders = [rows for _, rows in BAD_ORDERS]
    return [
        shop_files.write(folder / "orders_export.csv", shop_files.ORDER, flat([*ORDERS, *bad_orders])),
        shop_files.write(
            folder / "customers.csv", shop_files.CUSTOMER, [*CUSTOMERS, *(row for _, row in BAD_CUSTOMERS)]
        ),
        shop_files.write(folder / "products.csv", shop_files.PRODUCT, [*PRODUCTS, *(row for _, row in BAD_PRODUCTS)]),
    ]


def state() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(STATE.replace("%%", "%"))
        return cursor.fetchall()


@pytest.fixture
def bring(transactional_db, tmp_path):
    """Take over a file of these rows; returns how it ended and whether it was known."""
    worlds.fresh_processes()

    def brought(some, name="file.csv", **options) -> tuple[TakenOver, bool]:
        with Watch() as watch:
            return import_online_retail(files.write(tmp_path / name, some), tmp_path / "imports", watch, **options)

    yield brought
    worlds.fresh_processes()


class TestWhatComesIn:
    def test_everything_is_accounted_for(self, bring, tmp_path):
        taken, before = bring(EVERY)
        assert not before
        assert (taken.rows, taken.imported, taken.rejected) == (len(EVERY), len(GOOD) + len(NOTES), len(REJECTED) + 1)
        worth = Decimal(taken.imported_worth) + Decimal(taken.rejected_worth)
        assert worth == sum(map(files.worth, EVERY), Decimal(0))
        with (tmp_path / "imports" / "file-rejects.csv").open(newline="") as file:
            assert len(list(csv.reader(file))) == 1 + taken.rejected
        assert taken.reasons["bookkeeping"] == 5

    def test_the_books_balance(self, bring):
        bring(EVERY)
        assert list(audit()) == []

    def test_orders_with_their_payments(self, bring):
        bring(EVERY)
        sale = orders.by_source("online-retail", "600001")
        assert (sale.kind, sale.state, sale.total, sale.market) == ("sale", "completed", Money(7914, "GBP"), "GB")
        assert [line.sku for line in sale.lines] == ["85123A", "71053", "POST", "21730"]
        (paid,) = payments.of_order(sale.id)
        assert (paid.state, paid.captured, paid.created_at) == ("captured", sale.total, sale.placed_at)
        credit = orders.by_source("online-retail", "C600008")
        (paid_out,) = payments.of_order(credit.id)
        assert (credit.total, paid_out.refunded, paid_out.captured) == (
            Money(-3260, "GBP"), Money(3260, "GBP"), Money(0, "GBP"),
        )  # fmt: skip
        assert payments.of_order(orders.by_source("online-retail", "600007").id) == ()

    def test_customers_by_their_number_with_the_market_they_bought_from(self, bring):
        bring(EVERY)
        sale = orders.by_source("online-retail", "600003")
        assert sale.customer_id
        buyer = accounts.customer(sale.customer_id)
        assert (buyer.email, buyer.market, buyer.source) == (None, "IS", "online-retail")
        german = orders.by_source("online-retail", "600007").customer_id
        assert german
        assert accounts.customer(german).market is None
        assert orders.by_source("online-retail", "600002").customer_id is None
        assert len(orders.of_customer([orders.by_source("online-retail", "600001").customer_id])) == 3

    def test_the_shop_sells_what_came(self, bring, settings, tmp_path):
        settings.SEARCH_ROOT = tmp_path / "search"
        bring(EVERY)
        while delivering.deliver():
            pass
        search.catch_up()
        found = search.find(search.Ask("shop", "GB", "en", "lantern"))
        assert [card.slug for card in catalogs.cards(found.product_ids, "shop")] == ["white-metal-lantern-71053"]
        assert pricing.tags(["71053"], "GB", "shop")["71053"].unit == Money(330, "GBP")
        cart = carts.open_cart("GB", None)
        carts.put(cart.id, "71053", 2, Money(330, "GBP"))
        seen = basket(cart.id, "shop", None, "ship")
        assert seen.quote
        assert [way.kind for way in seen.ways() if way.possible] == ["ship"]

    def test_no_more_is_in_stock_than_was_sold_lately(self, bring):
        bring(EVERY)
        assert {level.sku: level.on_hand for level in inventory.levels().rows if level.on_hand} == {
            "71053": 2, "85123A": 1,
        }  # fmt: skip
        ledger = [(move.kind, move.quantity) for move in inventory.ledger("71053")]
        assert sorted(ledger) == [("adjust", -5), ("import", 2), ("import", 5), ("import", 8), ("issue", -8)]

    def test_into_a_shop_that_trades_already(self, bring):
        worlds.small_world()
        before = {level.sku: level.on_hand for level in inventory.levels(worlds.LONDON).rows}
        bring(EVERY)
        after = {level.sku: level.on_hand for level in inventory.levels(worlds.LONDON).rows}
        assert before.items() <= after.items()
        assert after["71053"] == 2
        assert list(audit()) == []

    def test_to_a_location_that_is_named(self, bring):
        worlds.small_world()
        bring([SALE], location=worlds.REYKJAVIK)
        assert [move.location for move in inventory.ledger("85123A")] == [worlds.REYKJAVIK] * 3
        with pytest.raises(UnknownLocation):
            bring([SALE, SALE], location="NOWHERE")

    def test_goods_that_the_shop_has_made_its_own_are_left_alone(self, bring):
        worlds.small_world()
        draft = ProductDraft(slug="lantern", category="home", names={"en": "Ours"}, variants=(VariantDraft("71053"),))
        catalog.save_product(draft)
        bring(EVERY)
        assert catalogs.items(["71053"])["71053"].names == {"en": "Ours"}
        assert "71053" not in {price.sku for price in pricing.list_prices(["71053"])}
        assert [at.available for at in inventory.available(["71053"])["71053"]] == [0]


class TestAgain:
    def test_the_same_file_is_known_at_once(self, bring):
        first, _ = bring(EVERY)
        was = state()
        again, before = bring(EVERY)
        assert before
        assert again == first
        assert state() == was

    def test_the_same_rows_in_other_bytes_change_nothing(self, bring):
        first, _ = bring(EVERY)
        was = [one for one in state() if one[:2] != ("told", "take_over.TakenOver")]
        again, before = bring(EVERY, "file.csv.gz")
        assert not before
        assert (again.imported, again.reasons) == (first.imported, first.reasons)
        assert [one for one in state() if one[:2] != ("told", "take_over.TakenOver")] == was

    def test_a_longer_file_adds_what_is_new(self, bring):
        bring([*GOOD[:6], *NOTES[:1]])
        bring(EVERY, "longer.csv")
        assert list(audit()) == []
        assert orders.by_source("online-retail", "600011")
        assert sum(move.quantity for move in inventory.ledger("71053") if move.kind == "issue") == -8
        assert [move.quantity for move in inventory.ledger("71053") if move.reason == "damaged?"] == [-5]

    def test_what_has_been_sold_since_does_not_come_back(self, bring):
        bring(EVERY)
        was = inventory.available(["85123A"])
        bring([*EVERY, row("600099", "85123A", "HEART", 50, "2.95", at="2011-12-09T13:00:00")], "longer.csv")
        assert inventory.available(["85123A"]) == was


@pytest.fixture(scope="module")
def house(django_db_blocker):
    with django_db_blocker.unblock(), own_database("samband_import_killed") as environment:
        yield environment


class TestShopify:
    @pytest.fixture
    def files_of(self, tmp_path):
        return shopify(tmp_path)

    @pytest.fixture
    def bring_shop(self, transactional_db, tmp_path):
        worlds.small_world()

        def brought(paths) -> tuple[TakenOver, bool]:
            with Watch() as watch:
                return import_shopify(paths, tmp_path / "imports", watch, market="GB")

        yield brought
        worlds.fresh_processes()

    def test_the_files_come_in_any_order(self, bring_shop, files_of):
        orders_file, customers_file, products_file = files_of
        taken, before = bring_shop([orders_file, products_file, customers_file])
        good = len(flat(ORDERS)) + len(CUSTOMERS) + len(PRODUCTS) - 1
        assert not before
        assert (taken.imported, taken.orders, taken.products) == (good, len(ORDERS), 3)
        assert (
            taken.rejected == len(BAD_PRODUCTS) + len(BAD_CUSTOMERS) + len(flat([rows for _, rows in BAD_ORDERS])) + 1
        )
        assert taken.rows == taken.imported + taken.rejected
        assert taken.currency == "in several currencies"
        assert list(audit()) == []

    def test_what_came_is_one_shop(self, bring_shop, files_of):
        bring_shop(files_of)
        sold = orders.by_number("#1001")
        buyer = accounts.by_email("zofia@customer.example")
        assert buyer
        assert (sold.customer_id, buyer.name, buyer.market) == (buyer.id, "Zofia Nowak", "GB")
        assert [address.given.postcode for address in accounts.addresses(buyer.id)] == ["BS1 4DJ"]
        assert sold.contact_id
        assert accounts.contact(sold.contact_id).email == "zofia@customer.example"
        refunded = orders.by_number("#1002")
        (paid,) = payments.of_order(refunded.id)
        assert (refunded.refunded, paid.state, paid.refunded) == (
            Money(1000, "GBP"),
            "partly_refunded",
            refunded.refunded,
        )
        assert orders.by_number("#1003").contact_id is None
        assert orders.by_number("#1008").total == Money(4990, "ISK")
        assert pricing.tags(["MUG-B-L"], "GB", "shop")["MUG-B-L"].unit == Money(1200, "GBP")
        assert catalogs.items(["MUG-B-L"])["MUG-B-L"].variant_labels["en"] == "Blue, Large"
        assert [(at.location, at.available) for at in inventory.available(["MUG-B-L"])["MUG-B-L"]] == [("LON", 5)]
        assert sum(move.quantity for move in inventory.ledger("MUG-B-L") if move.kind == "issue") < 0

    def test_what_is_a_draft_there_is_not_shown_here(self, bring_shop, files_of):
        bring_shop(files_of)
        assert catalogs.items(["BOWL"])["BOWL"].windows == ()
        assert catalogs.items(["MUG-B-L"])["MUG-B-L"].windows

    def test_twice_is_once(self, bring_shop, files_of):
        first, _ = bring_shop(files_of)
        was = state()
        again, before = bring_shop(list(reversed(files_of)))
        assert before
        assert again == first
        assert state() == was

    def test_more_of_the_same_adds_only_what_is_new(self, bring_shop, files_of, tmp_path):
        bring_shop(files_of)
        was = state()
        more = shop_files.write(tmp_path / "more.csv", shop_files.ORDER, [*flat(ORDERS), shop_files.order("#1100")])
        taken, before = bring_shop([more])
        assert not before
        assert taken.imported == len(flat(ORDERS)) + 1
        new = {one[1] for one in state() if one[0] == "order"} - {one[1] for one in was if one[0] == "order"}
        assert new == {"#1100"}
        assert list(audit()) == []

    def test_orders_alone_make_customers_who_are_known_again_later(self, bring_shop, files_of):
        orders_file, customers_file, _ = files_of
        bring_shop([orders_file])
        bring_shop([customers_file])
        buyer = accounts.by_email("zofia@customer.example")
        assert buyer
        assert orders.by_number("#1001").customer_id == buyer.id

    def test_a_refused_product_does_not_keep_the_others_back(self, bring_shop, files_of, tmp_path):
        product = shop_files.product("cup", "Our cup again", sku="CUP-2")  # the shop has a product at this address
        path = shop_files.write(tmp_path / "p.csv", shop_files.PRODUCT, [*PRODUCTS, product])
        catalog.save_product(ProductDraft(slug="other", category="home", names={"en": "x"},
                                          variants=(VariantDraft("X", gtin="5690000100005"),)))  # fmt: skip
        taken, _ = bring_shop([path])
        assert taken.reasons["refused"] >= 1
        assert catalogs.items(["BOWL"])
        assert list(audit()) == []


@pytest.mark.slow
class TestKilled:
    """Each statement of an import may be its last; the next import ends as one that was never killed."""

    def wipe(self, house) -> None:
        with psycopg.connect(house["SAMBAND_DATABASE_URL"], autocommit=True) as session:
            tables = session.execute(
                "select string_agg(format('%I', tablename), ', ') from pg_tables"
                " where schemaname = 'public' and tablename not like 'django_%'"
            ).fetchone()
            session.execute(f"truncate {tables[0]} restart identity cascade")

    def state(self, house) -> list[tuple]:
        with psycopg.connect(house["SAMBAND_DATABASE_URL"]) as session:
            return session.execute(STATE.replace("%%", "%")).fetchall()

    def begin(self, house, path, lives: int) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.flows.take_over_victim", str(path), str(path.parent), str(lives)]
        return subprocess.Popen(
            command,
            env=house,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, house, path, lives: int = 0) -> tuple[int, str]:
        process = self.begin(house, path, lives)
        said, wrong = process.communicate(timeout=120)
        assert process.returncode in (0, -9), wrong
        return process.returncode, said

    def test_killed_anywhere_and_begun_again_it_ends_the_same(self, house, tmp_path):
        path = files.write(tmp_path / "file.csv.gz", EVERY)
        self.wipe(house)
        _, said = self.run(house, path)
        statements, whole = int(said), self.state(house)
        dice = random.Random(20261121)
        for lives in sorted(dice.sample(range(1, statements), KILLS)):
            self.wipe(house)
            ended, _ = self.run(house, path, lives)
            assert ended == -9, lives
            assert self.run(house, path)[0] == 0
            assert self.state(house) == whole, lives
        audit = subprocess.run(
            [sys.executable, "-m", "samband", "audit"], env=house, cwd=ROOT, capture_output=True, text=True
        )
        assert audit.returncode == 0, audit.stdout

    def test_an_import_of_exports_killed_anywhere_ends_the_same(self, house, tmp_path):
        folder = tmp_path / "exports"
        folder.mkdir()
        shopify(folder)
        self.wipe(house)
        _, said = self.run(house, folder)
        statements, whole = int(said), self.state(house)
        for lives in sorted(random.Random(7).sample(range(1, statements), KILLS // 2)):
            self.wipe(house)
            assert self.run(house, folder, lives)[0] == -9, lives
            assert self.run(house, folder)[0] == 0
            assert self.state(house) == whole, lives

    def test_two_at_once_are_as_good_as_one(self, house, tmp_path):
        path = files.write(tmp_path / "file.csv.gz", EVERY)
        self.wipe(house)
        self.run(house, path)
        whole = self.state(house)
        for _ in range(3):
            self.wipe(house)
            both = [self.begin(house, path, 0) for _ in range(2)]
            for process in both:
                _, wrong = process.communicate(timeout=120)
                assert process.returncode == 0, wrong
            assert self.state(house) == whole


class TestReceipts:
    def test_a_receipt_is_written_once(self, db):
        taken = TakenOver(
            source="elsewhere", fingerprint="f", rows=1, imported=1, rejected=0, unreadable=0, imported_worth="1",
            rejected_worth="0", currency="GBP", products=0, customers=0, orders=1, reasons={},
        )  # fmt: skip
        assert take_over.earlier("elsewhere", "f") is None
        assert take_over.sign_off(taken) == taken
        assert take_over.earlier("elsewhere", "f") == taken
        assert take_over.earlier("elsewhere", "g") is None
        other = replace(taken, rows=2)
        assert take_over.sign_off(other) == taken


def test_the_command_tells_how_it_ended(transactional_db, tmp_path, monkeypatch):
    from samband.conf import cli

    worlds.fresh_processes()
    monkeypatch.setenv("SAMBAND_HOME", str(tmp_path))
    path = files.write(tmp_path / "retail.csv", EVERY)
    first = CliRunner().invoke(cli.cli, ["import", "online-retail", str(path)])
    assert first.exit_code == 0, first.output
    assert f"together        {len(EVERY)} rows worth" in first.output
    assert "5 × bookkeeping" in first.output
    assert str(tmp_path / "imports" / "retail-rejects.csv") in first.output
    again = CliRunner().invoke(cli.cli, ["import", "online-retail", str(path)])
    assert again.output.startswith("Nothing to do")
    absent = CliRunner().invoke(cli.cli, ["import", "online-retail", str(tmp_path / "nowhere")])
    assert absent.exit_code == 1
    assert "There is no such file" in absent.output
    worlds.fresh_processes()
