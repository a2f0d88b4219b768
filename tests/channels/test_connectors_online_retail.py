"""Every row of an Online Retail file is a line of an order, a note about stock, or a reject with its reason."""

import csv
import random
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.channels.connectors import online_retail, rows
from samband.channels.connectors.assortment import offers
from samband.channels.connectors.naming import shop_name, slug
from samband.channels.connectors.online_retail import Reading
from samband.channels.connectors.rejects import REASONS, Rejects
from samband.flows.take_over import Ground
from tests import retail_files as files
from tests.retail_files import EVERY, GOOD, NOTES, OTHER_CUSTOMER, REJECTED, SALE, row

GROUND = Ground("online-retail", "GB", "GBP", "en", "LON", "list", "gifts")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("retail")


def read(folder, some, name="file.csv") -> tuple[Reading, Rejects]:
    path = files.write(folder / name, some)
    with Rejects(folder / "rejects.csv", online_retail.COLUMNS) as rejects:
        return online_retail.read(path, rejects, lambda number: None), rejects


def rejected(rejects: Rejects) -> list[dict[str, str]]:
    with rejects.path.open(newline="") as file:
        return list(csv.DictReader(file))


def lines(reading: Reading) -> int:
    return sum(len(invoice.lines) for invoice in reading.sold())


class TestRows:
    def test_good_rows_become_lines_of_orders(self, folder):
        reading, rejects = read(folder, GOOD)
        assert (lines(reading), reading.notes(), rejects.rows) == (len(GOOD), [], 0)
        first = reading.invoices["600001"]
        assert [line.sku for line in first.lines] == ["85123A", "71053", "POST", "21730"]
        assert first.at.isoformat() == "2011-03-01T10:15:00+00:00"
        assert first.customer == "17850"
        assert len(list(reading.sold())) == 11

    def test_what_was_paid_includes_vat_of_a_fifth(self, folder):
        reading, _ = read(folder, GOOD)
        line = reading.invoices["600001"].lines[0]
        assert (line.quantity, line.unit, line.total, line.net, line.vat) == (6, 255, 1530, 1275, 255)
        back = reading.invoices["C600008"].lines[0]
        assert (back.quantity, back.unit, back.total, back.net, back.vat) == (-2, 255, -510, -425, -85)

    def test_a_moment_is_londons(self, folder):
        reading, _ = read(folder, [row("1", "22386", "BAG", 1, "1.95", at="2011-07-01T12:00:00.000000")])
        assert reading.invoices["1"].at.isoformat() == "2011-07-01T12:00:00+01:00"

    def test_an_order_is_what_its_invoice_says(self, folder):
        reading, _ = read(folder, GOOD)
        customers = {"17850": "id of 17850"}
        sale = online_retail.deal(reading.invoices["600001"], GROUND, customers)
        assert (sale.order.kind, sale.order.customer_id, sale.order.source) == ("sale", "id of 17850", "online-retail")
        assert sale.order.total == sale.taken == 1530 + 2034 + 1800 + 2550
        assert (sale.given_back, sale.order.total_net + sale.order.total_vat) == (0, sale.order.total)
        credit = online_retail.deal(reading.invoices["C600008"], GROUND, customers)
        assert (credit.order.kind, credit.order.total, credit.taken, credit.given_back) == ("credit", -3260, 0, 3260)

    def test_rows_for_nothing_and_nobody_are_notes_about_stock(self, folder):
        reading, rejects = read(folder, NOTES)
        assert [(note.sku, note.quantity, note.reason) for note in reading.notes()] == [
            ("71053", -5, "damaged?"),
            ("84880", -11, "84880"),
            ("22804", 7, "found some more on shelf"),
        ]
        assert (lines(reading), rejects.rows) == (0, 0)

    @pytest.mark.parametrize(("reason", "one"), REJECTED, ids=lambda value: value if isinstance(value, str) else "")
    def test_a_row_that_is_not_taken_over_says_why(self, folder, reason, one):
        reading, rejects = read(folder, [one])
        (told,) = rejected(rejects)
        assert (told["reason"], told["explanation"], told["row"], told["file"]) == (
            reason,
            REASONS[reason],
            "2",
            "file.csv",
        )
        assert (reading.rows, lines(reading), reading.notes()) == (1, 0, [])

    def test_a_row_of_another_customer_does_not_slip_into_an_invoice(self, folder):
        reading, rejects = read(folder, [SALE, OTHER_CUSTOMER])
        assert (lines(reading), dict(rejects.reasons)) == (1, {"other_customer": 1})

    def test_an_invoice_has_no_more_lines_than_an_order_can(self, folder):
        reading, rejects = read(folder, [SALE] * 10_003)
        assert (lines(reading), dict(rejects.reasons)) == (10_000, {"too_many_lines": 3})

    def test_a_reject_is_shown_as_it_was_but_never_run_by_a_spreadsheet(self, folder):
        _, rejects = read(folder, [row("X1", "22386", '=HYPERLINK("http://x.example")', -1, "1.95")])
        (told,) = rejected(rejects)
        assert told["Description"] == '\'=HYPERLINK("http://x.example")'
        assert told["Quantity"] == "-1"
        assert rejects.path.stat().st_mode & 0o077 == 0


class TestFiles:
    def test_plain_or_gzipped_with_a_mark_or_without_it_is_the_same(self, folder):
        plain, _ = read(folder, EVERY)
        zipped, _ = read(folder, EVERY, "file.csv.gz")
        marked = folder / "marked.csv"
        marked.write_bytes(b"\xef\xbb\xbf" + (folder / "file.csv").read_bytes())
        with Rejects(folder / "rejects.csv", online_retail.COLUMNS) as rejects:
            assert online_retail.read(marked, rejects, lambda number: None) == plain == zipped

    def test_another_kind_of_file_is_refused(self, folder):
        for other in (["Handle", "Title"], [*files.HEADER, "More"], [], [name.lower() for name in files.HEADER]):
            path = files.write(folder / "other.csv", [], other)
            with pytest.raises(rows.NotThatFile), Rejects(folder / "r.csv", []) as rejects:
                online_retail.read(path, rejects, lambda number: None)
        assert not (folder / "r.csv").exists()

    def test_a_file_that_is_not_there_or_breaks_off_is_refused(self, folder):
        with pytest.raises(rows.NoSuchFile):
            rows.fingerprint([folder / "nowhere.csv"])
        whole = files.write(folder / "file.csv.gz", EVERY).read_bytes()
        (folder / "half.csv.gz").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(rows.NotThatFile), Rejects(folder / "r.csv", []) as rejects:
            online_retail.read(folder / "half.csv.gz", rejects, lambda number: None)

    def test_letters_that_are_no_letters_spoil_only_their_row(self, folder):
        path = files.write(folder / "latin.csv", [SALE, row("2", "22386", "CAFÉ BAG", 1, "1.95")])
        path.write_bytes(path.read_bytes().replace("É".encode(), b"\xc9"))
        with Rejects(folder / "rejects.csv", online_retail.COLUMNS) as rejects:
            reading = online_retail.read(path, rejects, lambda number: None)
        assert (lines(reading), dict(rejects.reasons), rejects.worth.sum) == (1, {"unreadable": 1}, Decimal("1.95"))

    def test_a_field_without_an_end_is_one_unreadable_row(self, folder):
        path = files.write(folder / "open.csv", [SALE])
        path.write_bytes(path.read_bytes() + b'600099,22386,"never closed' + b"x" * 1_100_000 + b"\r\n")
        with Rejects(folder / "rejects.csv", online_retail.COLUMNS) as rejects:
            reading = online_retail.read(path, rejects, lambda number: None)
        assert lines(reading) == 1
        assert set(rejects.reasons) == {"unreadable"}
        assert reading.rows == 1 + rejects.rows

    def test_the_same_files_have_the_same_name_in_any_order(self, folder):
        one, other = files.write(folder / "1.csv", GOOD), files.write(folder / "2.csv", NOTES)
        assert rows.fingerprint([one, other]) == rows.fingerprint([other, one]) != rows.fingerprint([one])


@settings(max_examples=200)
@given(st.lists(st.sampled_from(EVERY), max_size=80), st.randoms(use_true_random=False))
def test_whatever_rows_a_file_has_nothing_is_lost(folder, some, dice: random.Random):
    dice.shuffle(some)
    reading, rejects = read(folder, some)
    assert reading.rows == len(some) == lines(reading) + len(reading.notes()) + rejects.rows
    accounted = Decimal(reading.worth).scaleb(-2) + rejects.worth.sum
    assert accounted == sum(map(files.worth, some), Decimal(0))
    assert reading.worth == sum(line.total for invoice in reading.sold() for line in invoice.lines)
    assert len(rejected(rejects)) == rejects.rows == rejects.reasons.total()
    unreadable = [
        one for one in some if files.worth(one) == 0 and one in [bad for why, bad in REJECTED if why == "unreadable"]
    ]
    assert rejects.worth.unreadable <= len(unreadable)


class TestGoods:
    def test_what_was_sold_for_money_is_offered_with_its_latest_usual_price(self, folder):
        again = [row(f"70000{n}", "71053", "WHITE METAL LANTERN", 1, price, at="2011-12-08T10:00:00") for n, price in
                 enumerate(("3.75", "3.75", "9.99"))]  # fmt: skip
        reading, _ = read(folder, [*EVERY, *again])
        by_sku = {offer.draft.variants[0].sku: offer for offer in offers(reading, GROUND)}
        assert sorted(by_sku) == ["21730", "22386", "22720", "23843", "71053", "85123A"]
        lantern = by_sku["71053"]
        assert lantern.prices == {"71053": 375}
        assert lantern.stock == {"71053": 2 + 3}
        assert (lantern.draft.names, lantern.draft.slug) == ({"en": "White metal lantern"}, "white-metal-lantern-71053")
        assert by_sku["85123A"].prices == {"85123A": 295}
        assert by_sku["22720"].stock == {"22720": 0}

    def test_codes_in_small_and_large_letters_are_one(self, folder):
        reading, _ = read(folder, [row("1", "85123a", "HEART", 1, "2.95"), row("2", "85123A", "HEART", 1, "2.95")])
        assert [offer.draft.variants[0].sku for offer in offers(reading, GROUND)] == ["85123A"]

    def test_nothing_sold_nothing_offered(self, folder):
        assert list(offers(read(folder, NOTES)[0], GROUND)) == []

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("WHITE HANGING HEART T-LIGHT HOLDER", "White hanging heart T-light holder"),
            ("KNITTED UNION FLAG HOT WATER BOTTLE", "Knitted Union flag hot water bottle"),
            ("SET OF 3 CAKE TINS PANTRY DESIGN ", "Set of 3 cake tins pantry design"),
            ("  RED   RETROSPOT  MUG. ", "Red retrospot mug"),
            ("*USB OFFICE MIRROR BALL", "USB office mirror ball"),
            ("CHRISTMAS TREE T-LIGHT HOLDER", "Christmas tree T-light holder"),
            ("POLYESTER FILLER PAD 40x40cm", "POLYESTER FILLER PAD 40x40cm"),
            ("Dr. Jam's Arouzer Stress Ball", "Dr. Jam's Arouzer Stress Ball"),
            ("3 STRIPEY MICE FELTCRAFT", "3 stripey mice feltcraft"),
            ("EMERGENCY FIRST AID TIN ", "Emergency first aid tin"),
            ("???", "???"),
            ("", ""),
        ],
    )
    def test_names_are_made_fit_for_a_window(self, written, shown):
        assert shop_name(written) == shown

    @pytest.mark.parametrize(
        ("name", "address"),
        [
            ("Café £20.00", "cafe-20-00"),
            ("Ísbjörn í þoku", "isbjorn-i-thoku"),
            ("Łódź & Kraków", "lodz-krakow"),
            ("---", ""),
            ("x" * 500, "x" * 100),
        ],
    )
    def test_names_are_made_fit_for_an_address(self, name, address):
        assert slug(name) == address


def test_every_reason_is_explained():
    told = Counter(reason for reason, _ in REJECTED)
    assert told.keys() | {"other_customer", "too_many_lines"} <= REASONS.keys()
