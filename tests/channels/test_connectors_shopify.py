"""Every row of Shopify's exports is taken over or rejected with its reason; nothing is put right in silence."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.channels.connectors.rejects import LEFT, REASONS, Rejects
from samband.channels.connectors.rows import NotThatFile
from samband.channels.connectors.shopify import customers, orders, products, rejects_of
from samband.channels.connectors.shopify.plain import plain_text
from samband.channels.connectors.shopify.products import named_sku
from samband.channels.connectors.shopify.sheet import recognised
from samband.flows.take_over import Ground
from tests import shopify_files as files
from tests.shopify_files import BAD_CUSTOMERS, BAD_ORDERS, BAD_PRODUCTS, CUSTOMERS, ORDERS, PRODUCTS, flat

GROUND = Ground("shopify", "GB", "GBP", "en", "LON", "list", "other")
MARKETS = {"GBP": "GB", "ISK": "IS"}
COLUMNS = {"products": files.PRODUCT, "customers": files.CUSTOMER, "orders": files.ORDER}


@pytest.fixture
def read(tmp_path):
    def reading(kind: str, rows):
        sheet = recognised(files.write(tmp_path / f"{kind}.csv", COLUMNS[kind], rows))
        assert sheet.kind == kind
        with Rejects(tmp_path / "rejects.csv", sheet.columns) as rejects:
            if kind == "products":
                return products.read(sheet, GROUND, rejects), rejects
            if kind == "customers":
                return customers.read(sheet, GROUND, rejects), rejects
            return orders.read(sheet, "shopify", MARKETS, "en", rejects), rejects

    return reading


class TestProducts:
    def test_a_product_with_its_variants(self, read):
        found, rejects = read("products", PRODUCTS)
        mug = found.products[0].offer
        assert (mug.draft.slug, mug.draft.category, mug.draft.names) == ("harbour-mug", "mugs", {"en": "Harbour mug"})
        assert mug.draft.texts == {"en": "Holds half a litre, warm & dry.\nStoneware"}
        assert [(one.sku, one.attributes, one.gtin, one.weight_grams) for one in mug.draft.variants] == [
            ("MUG-B-L", {"colour": "blue", "size": "large"}, "5690000100005", 350),
            ("MUG-G-L", {"colour": "grun", "size": "large"}, None, None),
        ]
        assert mug.prices == {"MUG-B-L": 1200, "MUG-G-L": 1350}
        assert (mug.stock, mug.shown) == ({"MUG-B-L": 5, "MUG-G-L": 0}, True)
        assert [(one.code, one.name, one.values) for one in found.products[0].choices] == [
            ("colour", "Colour", {"blue": "Blue", "grun": "Grün"}),
            ("size", "Size", {"large": "Large"}),
        ]
        assert dict(rejects.reasons) == {"picture": 1}
        assert +found.left == Counter(pictures=1, crossed_out=1, barcodes=1, negative_stock=1, stock_not_counted=1)

    def test_what_has_no_sku_or_no_latin_letters_gets_a_name_that_stays(self, read):
        found, _ = read("products", PRODUCTS)
        lamp, bowl = (product.offer for product in found.products[1:])
        assert [one.sku for one in lamp.draft.variants] == ["THOKA-LAMPI"] == [named_sku("Þoka lampi")]
        assert (lamp.draft.slug, lamp.draft.category, lamp.draft.variants[0].attributes) == ("thoka-lampi", "ljos", {})
        ((code, value),) = bowl.draft.variants[0].attributes.items()
        assert code.startswith("x")
        assert value.startswith("x")
        assert not bowl.shown

    @pytest.mark.parametrize(("reason", "row"), BAD_PRODUCTS)
    def test_a_product_that_cannot_be_says_why(self, read, reason, row):
        found, rejects = read("products", [*PRODUCTS, row])
        assert len(found.products) == 3
        assert rejects.reasons - Counter(picture=1) == Counter({reason: 1})

    def test_one_bad_variant_keeps_the_whole_product_back(self, read):
        found, rejects = read("products", [*PRODUCTS[:2], files.product("harbour-mug", sku="BAD", price="1.005")])
        assert (found.products, dict(rejects.reasons)) == ([], {"finer_than_a_penny": 3})

    def test_prices_are_in_the_markets_money(self, read):
        found, rejects = read("products", [files.product("x", "X", price="12.5", sku="X")])
        assert (found.products[0].offer.prices, rejects.rows) == ({"X": 1250}, 0)


class TestCustomers:
    def test_customers_as_they_were_known(self, read):
        found, rejects = read("customers", CUSTOMERS)
        zofia, olafur, jan = found.known
        assert (zofia.reference, zofia.email, zofia.name, zofia.phone, zofia.market) == (
            "7001", "zofia@customer.example", "Zofia Nowak", "+441174960123", "GB",
        )  # fmt: skip
        assert (olafur.email, olafur.name, olafur.phone, olafur.market) == (None, "Ólafur", "", "IS")
        assert (jan.name, jan.market) == ("Line break", None)
        assert jan.reference.startswith("email:")
        assert "jan" not in jan.reference
        assert {reference: address.postcode for reference, address in found.addresses.items()} == {"7001": "BS1 4DJ"}
        assert (rejects.rows, +found.left) == (0, Counter(phones=1, addresses=1))

    @pytest.mark.parametrize(("reason", "row"), BAD_CUSTOMERS)
    def test_a_row_that_is_nobody_new_says_why(self, read, reason, row):
        found, rejects = read("customers", [*CUSTOMERS, row])
        assert (len(found.known), dict(rejects.reasons)) == (3, {reason: 1})


class TestOrders:
    def test_an_order_taxed_inside_its_prices(self, read):
        found, rejects = read("orders", ORDERS[0])
        (one,) = found.orders
        order = one.deal.order
        assert (order.reference, order.number, order.state, order.market) == ("#1001", "#1001", "completed", "GB")
        assert (order.total, order.total_vat, order.total_net, order.shipping) == (2800, 467, 2333, 400)
        assert [(line.sku, line.quantity, line.total, line.vat_basis_points) for line in order.lines] == [
            ("MUG-B-L", 2, 2400, 2002)
        ]
        assert (one.deal.taken, one.deal.given_back, order.refunded, rejects.rows) == (2800, 0, 0, 0)
        assert (one.email, one.name) == ("zofia@customer.example", "Zofia Nowak")
        assert order.placed_at.isoformat() == "2024-05-14T10:22:01+01:00"

    def test_an_order_taxed_on_top(self, read):
        found, _ = read("orders", ORDERS[2])
        order = found.orders[0].deal.order
        assert (order.total, order.total_vat, order.shipping, order.shipping_vat) == (3360, 560, 480, 80)
        assert [(line.total, line.net, line.vat, line.vat_basis_points) for line in order.lines] == [
            (2880, 2400, 480, 2000)
        ]
        assert found.orders[0].email == ""

    def test_a_discount_is_shared_out_to_the_last_penny(self, read):
        found, _ = read("orders", ORDERS[1])
        deal = found.orders[0].deal
        assert [line.total for line in deal.order.lines] == [2160, 7830]
        assert [line.sku for line in deal.order.lines] == ["MUG-B-L", "THOKA-LAMPI"]
        assert (deal.taken, deal.given_back, deal.order.refunded) == (9990, 1000, 1000)

    def test_how_orders_ended(self, read):
        found, rejects = read("orders", flat(ORDERS))
        assert rejects.rows == 0
        ended = {
            order.deal.order.reference: (order.deal.order.state, order.deal.taken, order.deal.given_back)
            for order in found.orders
        }
        assert ended == {
            "#1001": ("completed", 2800, 0), "#1002": ("completed", 9990, 1000), "#1003": ("completed", 3360, 0),
            "#1004": ("cancelled", 2800, 2800), "#1005": ("cancelled", 0, 0), "#1006": ("completed", 0, 0),
            "#1007": ("completed", 2600, 0), "#1008": ("completed", 4990, 0),
        }  # fmt: skip
        assert found.orders[-1].deal.order.market == "IS"

    @pytest.mark.parametrize(
        ("reason", "rows"), BAD_ORDERS, ids=[rows[0]["Name"] or "nameless" for _, rows in BAD_ORDERS]
    )
    def test_an_order_that_cannot_be_history_says_why_with_all_its_rows(self, read, reason, rows):
        found, rejects = read("orders", [*flat(ORDERS[:1]), *rows])
        assert (len(found.orders), dict(rejects.reasons)) == (1, {reason: len(rows)})

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from([*ORDERS, *(rows for _, rows in BAD_ORDERS)]), unique_by=id, max_size=12))
    def test_whatever_orders_there_are_nothing_is_lost(self, read, some):
        rows = flat(some)
        found, rejects = read("orders", rows)
        assert found.rows == len(rows) == rejects.rows + sum(len(order.parts) for order in found.orders)
        worth = sum((Decimal(row["Lineitem quantity"]) * Decimal(row["Lineitem price"]) for row in rows), Decimal(0))
        assert found.worth.sum + rejects.worth.sum == worth
        for order in found.orders:
            one = order.deal.order
            assert one.total == one.shipping + sum(line.total for line in one.lines)
            assert one.total_vat == one.shipping_vat + sum(line.vat for line in one.lines)


class TestFiles:
    def test_other_files_are_refused(self, tmp_path):
        with pytest.raises(NotThatFile):
            recognised(files.write(tmp_path / "x.csv", ["InvoiceNo", "StockCode"], []))

    def test_rows_that_are_none_are_accounted_for(self, read, tmp_path):
        path = files.write(tmp_path / "orders.csv", files.ORDER, ORDERS[0])
        path.write_bytes(path.read_bytes() + b"#1,too,short\r\n" + b"\r\n")
        with Rejects(tmp_path / "rejects.csv", files.ORDER) as rejects:
            found = orders.read(recognised(path), "shopify", MARKETS, "en", rejects)
        assert (found.rows, len(found.orders), dict(rejects.reasons)) == (3, 1, {"unreadable": 2})
        assert rejects.worth.unreadable == 2

    def test_files_of_one_name_do_not_share_their_rejects(self):
        paths = [Path("a/orders.csv"), Path("b/orders.csv"), Path("products.csv")]
        assert [path.name for path in rejects_of(Path("x"), paths)] == [
            "orders-rejects.csv", "orders-2-rejects.csv", "products-rejects.csv",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("a<br/>b <b>c</b>", "a\nb c"),
        ("<style>p{}</style><script>alert('</p>')</script>seen", "seen"),
        ("&lt;script&gt; is shown, not run", "<script> is shown, not run"),
        ("<div>unclosed <i>marks", "unclosed marks"),
        ("<svg><script>x</script></svg>after", "after"),
        ("", ""),
    ],
)
def test_text_is_what_a_reader_would_see(html, text):
    assert plain_text(html) == text


def test_every_reason_is_explained():
    used = {reason for reason, _ in (*BAD_PRODUCTS, *BAD_CUSTOMERS, *BAD_ORDERS)}
    assert used <= REASONS.keys()
    assert all(LEFT.values())
