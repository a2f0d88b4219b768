"""Small exports in Shopify's form, by a made-up shop, with what real ones have of oddities."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

PRODUCT = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name",
    "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams",
    "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Image Src",
    "Image Position", "Image Alt Text", "Gift Card", "Status",
]  # fmt: skip
CUSTOMER = [
    "Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Default Address Company",
    "Default Address Address1", "Default Address Address2", "Default Address City", "Default Address Province Code",
    "Default Address Country Code", "Default Address Zip", "Default Address Phone", "Phone", "Total Spent", "Note",
    "Tags",
]  # fmt: skip
ORDER = [
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Currency", "Subtotal",
    "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at",
    "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Lineitem discount", "Billing Name",
    "Billing Country", "Billing Phone", "Cancelled at", "Refunded Amount", "Outstanding Balance", "Id", "Phone",
]  # fmt: skip

Fields = Mapping[str, str]


def product(handle: str, title: str = "", price: str = "12.00", sku: str = "", **more: str) -> dict[str, str]:
    named = {key.replace("_", " "): value for key, value in more.items()}
    first = {"Published": "true", "Status": "active", "Type": "Mugs"} if title else {}
    return {
        "Handle": handle, "Title": title, "Variant Price": price, "Variant SKU": sku, "Variant Taxable": "true",
        "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "5", **first, **named,
    }  # fmt: skip


def order(name: str, **more: str) -> dict[str, str]:
    named = {key.replace("_", " "): value for key, value in more.items()}
    return {
        "Name": name, "Email": "zofia@customer.example", "Financial Status": "paid", "Fulfillment Status": "fulfilled",
        "Currency": "GBP", "Subtotal": "24.00", "Shipping": "4.00", "Taxes": "4.67", "Total": "28.00",
        "Discount Amount": "0.00", "Created at": "2024-05-14 10:22:01 +0100", "Lineitem quantity": "2",
        "Lineitem name": "Harbour mug - Blue / Large", "Lineitem price": "12.00", "Lineitem sku": "MUG-B-L",
        "Billing Name": "Zofia Nowak", "Billing Country": "GB", "Refunded Amount": "0.00", **named,
    }  # fmt: skip


def line(name: str, quantity: int, price: str, item: str, sku: str = "", discount: str = "") -> dict[str, str]:
    return {
        "Name": name, "Lineitem quantity": str(quantity), "Lineitem price": price, "Lineitem name": item,
        "Lineitem sku": sku, "Lineitem discount": discount,
    }  # fmt: skip


ABOUT = "<p>Holds <b>half a litre</b>,\nwarm &amp; dry.</p><script>alert(1)</script><ul><li>Stoneware</ul>"

PRODUCTS = (
    {
        **product("harbour-mug", "Harbour mug", sku="MUG-B-L", Variant_Barcode="5690000100005", Variant_Grams="350",
                  Variant_Compare_At_Price="15.00", Image_Src="https://cdn.example/mug.jpg"),
        "Body (HTML)": ABOUT, "Option1 Name": "Colour", "Option1 Value": "Blue", "Option2 Name": "Size",
        "Option2 Value": "Large",
    },
    product("harbour-mug", sku="'MUG-G-L", price="13.50", Option1_Value="Grün", Option2_Value="Large",
            Variant_Inventory_Qty="-2", Variant_Barcode="not a barcode"),
    {"Handle": "harbour-mug", "Image Src": "https://cdn.example/mug-2.jpg", "Image Position": "2"},
    product("þoka-lampi", "Þoka lampi", price="89.00", Type="Ljós", Option1_Name="Title",
            Option1_Value="Default Title", Variant_Inventory_Tracker=""),
    product("bowl", "Quiet bowl", sku="BOWL", Status="draft", Option1_Name="Μέγεθος", Option1_Value="Μεγάλο"),
)  # fmt: skip

BAD_PRODUCTS = (
    ("repeated", product("harbour-mug", "Another mug", sku="OTHER")),
    ("incomplete", product("", "No handle", sku="NOHANDLE")),
    ("incomplete", product("headless", sku="HEADLESS")),
    ("incomplete", product("priceless", "Priceless", price="", sku="PRICELESS")),
    ("repeated", product("copy", "Copy", sku="MUG-B-L")),
    ("finer_than_a_penny", product("fine", "Fine", price="0.005", sku="FINE")),
    ("unreadable", product("dear", "Dear", price="twelve", sku="DEAR")),
    ("negative_price", product("owed", "Owed", price="-1.00", sku="OWED")),
    ("too_large", product("long", "L" * 201, sku="LONG")),
    ("unreadable", product("many", "Many", sku="MANY", Variant_Inventory_Qty="lots")),
    ("not_goods", product("gift", "Gift card", sku="GIFT", Gift_Card="true")),
    ("no_sku", product("odd", "Odd", sku="*odd*")),
)

CUSTOMERS = (
    {"Customer ID": "'7001", "First Name": "Zofia", "Last Name": "Nowak", "Email": "Zofia@Customer.example",
     "Default Address Address1": "1 Quay Street", "Default Address City": "Bristol",
     "Default Address Country Code": "GB", "Default Address Zip": "'BS1 4DJ", "Phone": "+44 117 496 0123"},
    {"Customer ID": "7002", "First Name": "Ólafur", "Email": "", "Default Address Country Code": "IS",
     "Default Address Address1": "Somewhere, far", "Phone": "12"},
    {"Customer ID": "", "Email": "jan@customer.example", "Last Name": "Line\nbreak",
     "Default Address Country Code": "DE"},
)  # fmt: skip

BAD_CUSTOMERS = (
    ("not_a_customer", {"Customer ID": "7003", "Email": "no address"}),
    ("not_a_customer", {"First Name": "Nobody"}),
    ("repeated", {"Customer ID": "7001", "Email": "other@customer.example"}),
    ("repeated", {"Customer ID": "7009", "Email": "ZOFIA@customer.example"}),
)

ORDERS = (
    (order("#1001"),),
    (
        order("#1002", Subtotal="99.90", Shipping="0.00", Taxes="16.65", Total="99.90", Discount_Amount="11.10",
              Refunded_Amount="10.00", Financial_Status="partially_refunded"),
        line("#1002", 1, "87.00", "Þoka lampi"),
    ),
    (order("#1003", Taxes="5.60", Total="33.60", Email="", Phone="", Billing_Name=""),),
    (order("#1004", Financial_Status="refunded", Refunded_Amount="28.00", Cancelled_at="2024-05-15 09:00:00 +0100",
           Fulfillment_Status="unfulfilled"),),
    (order("#1005", Financial_Status="voided", Fulfillment_Status="unfulfilled"),),
    (order("#1006", Subtotal="0.00", Shipping="0.00", Taxes="0.00", Total="0.00", Discount_Amount="24.00"),),
    (order("#1007", Subtotal="22.00", Total="26.00", Taxes="4.33", Discount_Amount="2.00", Lineitem_discount="2.00"),),
    (order("#1008", Currency="ISK", Subtotal="4000", Shipping="990", Taxes="966", Total="4990",
           Lineitem_price="2000.00", Discount_Amount="0"),),
)  # fmt: skip

BAD_ORDERS = (
    ("does_not_add_up", (order("#2001", Total="28.01"),)),
    ("does_not_add_up", (order("#2002", Subtotal="20.00", Total="24.00"),)),
    ("does_not_add_up", (order("#2003", Refunded_Amount="1.00"),)),
    ("does_not_add_up", (order("#2004", Financial_Status="refunded", Refunded_Amount="20.00"),)),
    ("does_not_add_up", (order("#2005", Taxes="2900.00"),)),
    ("does_not_add_up", (order("#2006", Lineitem_quantity="0", Subtotal="0.00", Total="4.00"),)),
    ("unknown_currency", (order("#2007", Currency="USD"),)),
    ("still_open", (order("#2008", Financial_Status="pending"),)),
    ("still_open", (order("#2009", Fulfillment_Status="partial"), line("#2009", 1, "1.00", "x"))),
    ("still_open", (order("#2010", Outstanding_Balance="5.00"),)),
    ("incomplete", (order("", Total="28.00"),)),
    ("incomplete", (order("#2011", Lineitem_name=""),)),
    ("incomplete", (line("#2012", 1, "1.00", "no head"),)),
    ("unreadable", (order("#2013", Created_at="in May"),)),
    ("unreadable", (order("#2014", Email="no address"),)),
    ("unreadable", (order("#2015", Lineitem_quantity="1.5"),)),
    ("unreadable", (order("#2016", Total="28.005"),)),
    ("repeated", (order("#2017"), order("#2017"))),
)


def flat(orders: Sequence[Sequence[Fields]]) -> list[Fields]:
    return [row for rows in orders for row in rows]


def write(path: Path, columns: Sequence[str], rows: Sequence[Fields]) -> Path:
    """As spreadsheets save it: a mark at the start, and lines that end the old way."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    return path
