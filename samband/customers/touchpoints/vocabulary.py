"""The words of commerce: what events are called, and where their worth, goods and order stand.

Names and properties are those of the e-commerce vocabulary that Segment's clients speak, and ours for what it lacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

SPOKEN = (
    "Products Searched", "Product List Viewed", "Product List Filtered", "Promotion Viewed", "Promotion Clicked",
    "Product Clicked", "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Checkout Started",
    "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered", "Order Completed", "Order Updated",
    "Order Refunded", "Order Cancelled", "Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed",
    "Product Added to Wishlist", "Product Removed from Wishlist", "Wishlist Product Added to Cart", "Product Shared",
    "Cart Shared", "Product Reviewed",
)  # fmt: skip
"""Segment's names."""

OURS = (
    "Return Requested", "Return Received", "Return Refused", "Exchange Requested", "Store Visited", "Item Scanned",
    "Pickup Ready", "Pickup Collected", "Pickup Lapsed", "Parcel Shipped", "Parcel Delivered", "Delivery Failed",
    "Points Earned", "Points Spent", "Survey Sent", "Survey Answered", "Device Connected", "Device Used",
    "Checkout Abandoned", "Payment Failed", "Signed In", "Signed Up", "Line Cancelled", "Cart Handed Over",
    "Conversation Started", "Conversation Ended", "Message Opened", "Message Clicked", "Identified", "Page Viewed",
    "Screen Viewed", "Grouped", "Aliased",
)  # fmt: skip
"""Ours, for what Segment's vocabulary lacks."""

IDENTIFY, PAGE, SCREEN, GROUP, ALIAS = "Identified", "Page Viewed", "Screen Viewed", "Grouped", "Aliased"
"""What the calls that are no `track` are kept as."""

# Where what an event is worth stands, by its kind: an order is worth its total, a product its price.
_WORTH = ("total", "revenue", "value", "subtotal", "price")
_ORDER = ("order_id", "orderId", "checkout_id", "order_number")
_SKU = ("sku", "variant", "product_id", "productId")
_PLACE = ("store", "store_id", "location", "place", "affiliation_id")

DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
"""Digits after the point of currencies that have not two of them (ISO 4217)."""

LARGEST_WORTH = 10**15


@dataclass(frozen=True, slots=True)
class Told:
    """What an event's properties say, as far as we count by it. `worth` is in minor units of `currency`."""

    sku: str | None
    category: str | None
    order_ref: str | None
    worth: int | None
    currency: str | None
    place: str | None


def told(properties: Mapping[str, Any]) -> Told:
    """What properties say. Of several products none is *the* product: they stay in the payload."""
    products = properties.get("products")
    of_goods: Mapping[str, Any] = properties
    if isinstance(products, list) and len(products) == 1 and isinstance(products[0], dict):
        of_goods = {**products[0], **{k: v for k, v in properties.items() if v is not None}}
    currency = properties.get("currency")
    currency = currency.upper() if isinstance(currency, str) and len(currency) == 3 and currency.isalpha() else None
    return Told(
        sku=_text(of_goods, _SKU, 64),
        category=_text(of_goods, ("category",), 200),
        order_ref=_text(properties, _ORDER, 100),
        worth=_worth(properties, currency),
        currency=currency,
        place=_text(properties, _PLACE, 60),
    )


def _text(properties: Mapping[str, Any], names: tuple[str, ...], longest: int) -> str | None:
    for name in names:
        value = properties.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and (clean := value.strip()) and len(clean) <= longest and "\x00" not in clean:
            return clean
    return None


def _worth(properties: Mapping[str, Any], currency: str | None) -> int | None:
    if currency is None:
        return None
    for name in _WORTH:
        value = properties.get(name)
        if isinstance(value, (int, float, str)) and not isinstance(value, bool) and value != "":
            return minor(value, currency)
    return None


def minor(value: int | float | str, currency: str) -> int | None:
    """An amount of major units in minor ones, rounded half to even; None for what is no amount."""
    try:
        worth = Decimal(str(value)[:40]).scaleb(DIGITS.get(currency, 2))
    except InvalidOperation:
        return None
    if not worth.is_finite() or abs(worth) > LARGEST_WORTH:
        return None
    return int(worth.to_integral_value())
