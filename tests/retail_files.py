"""Small files in the form of the Online Retail file, with everything odd that the real one has, and then some."""

import csv
import gzip
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

HEADER = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
UK = "United Kingdom"

Row = list[str]


def row(
    invoice: str, code: str, name: str, quantity: object, price: str, customer: str = "", country: str = UK,
    at: str = "2011-03-01T10:15:00.000000",
) -> Row:  # fmt: skip
    return [invoice, code, name, str(quantity), at, price, customer, country]


SALE = row("600001", "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 6, "2.55", "17850")

GOOD = (
    SALE,
    row("600001", "71053", "WHITE METAL LANTERN", 6, "3.39", "17850"),
    row("600001", "POST", "POSTAGE", 1, "18.0", "17850"),
    row("600002", "85123a", "WHITE HANGING HEART T-LIGHT HOLDER", 1, "2.95", "", at="2011-12-05T09:00:00.000000"),
    row("600003", "22720", 'SET OF 3 CAKE TINS "PANTRY" DESIGN ', 3, "4.95", "12583", "Iceland"),
    row("600003", "22720", 'SET OF 3 CAKE TINS "PANTRY" DESIGN ', 3, "4.95", "12583", "Iceland"),
    row("600004", "gift_0001_20", "Dotcomgiftshop Gift Voucher £20.00", 1, "17.02"),
    row("600004", "M", "Manual", 1, "764.12"),
    row("600004", "22470", "HEART OF WICKER LARGE", 2, "0.0"),
    row("600005", "22386", "JUMBO BAG, two\nlines", 10, "1.95", "14606", "Poland"),
    row("600006", "BANK CHARGES", "Bank Charges", 1, "15.0", "15823"),
    row("600007", "22841", "ROUND CAKE TIN VINTAGE GREEN", 1, "0.0", "12647", "Germany"),
    row("C600008", "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", -2, "2.55", "17850"),
    row("C600008", "D", "Discount", -1, "27.5", "17850"),
    row("C600009", "23843", "PAPER CRAFT , LITTLE BIRDIE", -80995, "2.08", "16446"),
    row("600010", "23843", "PAPER CRAFT , LITTLE BIRDIE", 80995, "2.08", "16446"),
    row("600011", "71053", "WHITE METAL LANTERN", 2, "3.3", "17850", at="2011-12-09T12:50:00.000000"),
    row("600001", "21730", "GLASS STAR FROSTED T-LIGHT HOLDER", 6, "4.25", "17850", at="2010-12-01T08:27:00.000000"),
)
"""Rows that become lines of orders. One of them stands apart from the rest of its invoice."""

NOTES = (
    row("600020", "71053", "damaged?", -5, "0.0"),
    row("600021", "84880", "", -11, "0.0"),
    row("600022", "22804", "found some more on shelf", 7, "0.0"),
)
"""Rows that put stock right."""

REJECTED = (
    ("bookkeeping", row("A600030", "B", "Adjust bad debt", 1, "-11062.06")),
    ("bookkeeping", row("A600031", "85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 1, "2.55")),
    ("bookkeeping", row("C600032", "AMAZONFEE", "AMAZON FEE", -1, "13541.33")),
    ("bookkeeping", row("C600033", "CRUK", "CRUK Commission", -1, "7.5", "14096")),
    ("bookkeeping", row("C600034", "BANK CHARGES", "Bank Charges", -1, "95.38")),
    ("finer_than_a_penny", row("600035", "PADS", "PADS TO MATCH ALL CUSHIONS", 1, "0.001", "13952")),
    ("finer_than_a_penny", row("600035", "22386", "JUMBO BAG", 1000, "0.125", "13952")),
    ("not_goods", row("600036", "DOT", "", 1, "0.0")),
    ("negative_price", row("600037", "22386", "JUMBO BAG", 1, "-1.95", "14606")),
    ("sign_does_not_fit", row("600038", "22386", "JUMBO BAG", -1, "1.95", "14606")),
    ("sign_does_not_fit", row("C600039", "22386", "JUMBO BAG", 1, "1.95", "14606")),
    ("sign_does_not_fit", row("600040", "22386", "JUMBO BAG", 0, "1.95", "14606")),
    ("no_sku", row("600041", "", "NOTHING", 1, "1.95", "14606")),
    ("no_sku", row("600041", "-=+", "NOTHING", 1, "1.95", "14606")),
    ("not_an_invoice", row("", "22386", "JUMBO BAG", 1, "1.95", "14606")),
    ("not_an_invoice", row("X17", "22386", "JUMBO BAG", 1, "1.95", "14606")),
    ("too_large", row("600042", "22386", "JUMBO BAG", 1_000_001, "1.95", "14606")),
    ("too_large", row("600042", "22386", "JUMBO BAG", 1, "10000000.01", "14606")),
    ("too_large", row("600042", "22386", "J" * 501, 1, "1.95", "14606")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", "six", "1.95", "14606")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", 1, "1,95", "14606")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", 1, "", "14606")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", 1, "1e3", "14606")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", "١", "1.95", "14606")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", 1, "1.95", "14606", at="yesterday")),
    ("unreadable", row("600043", "22386", "JUMBO BAG", 1, "1.95", "Anna Karlsdóttir")),
    ("unreadable", row("600043", "22386", "JUMBO \x00 BAG", 1, "1.95", "14606")),
    ("unreadable", ["600044", "22386", "JUMBO BAG"]),
    ("unreadable", [*SALE, "one too many"]),
    ("unreadable", []),
)
"""Rows that are not taken over, each with its reason, whatever stands beside them."""

OTHER_CUSTOMER = row("600001", "71053", "WHITE METAL LANTERN", 1, "3.39", "99999")
"""Rejected as soon as a row of the same invoice went before it."""

EVERY = (*GOOD, *NOTES, *(one for _, one in REJECTED), OTHER_CUSTOMER)


def as_text(rows: Sequence[Row], header: Sequence[str] = HEADER) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for one in rows:
        # An empty line is no row to the reader's own eyes; a row of one empty field is one.
        writer.writerow(one or [""])
    return text.getvalue()


def write(path: Path, rows: Sequence[Row], header: Sequence[str] = HEADER) -> Path:
    content = as_text(rows, header).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def worth(one: Row) -> Decimal:
    """Quantity × price as a person would read them; nothing if they cannot be read."""
    try:
        if len(one) != len(HEADER) or not one[3].isascii() or "e" in one[5]:
            return Decimal(0)
        return int(one[3]) * Decimal(one[5])
    except (ValueError, ArithmeticError):
        return Decimal(0)
