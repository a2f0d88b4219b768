"""The words of commerce: what events are called, and where their worth, goods and order stand.

Names and properties are those of the e-commerce vocabulary that Segment's clients speak, and ours for what it lacks.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
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
    "Order Fulfilled", "Order Served", "Substitute Proposed", "Substitute Answered", "Exit Pass Checked",
    "Gift Card Bought", "Cart Updated", "Checkout Abandoned", "Payment Failed", "Signed In", "Signed Up",
    "Line Cancelled", "Cart Handed Over",
    "Conversation Started", "Conversation Ended", "Message Opened", "Message Clicked", "Identified", "Page Viewed",
    "Screen Viewed", "Grouped", "Aliased",
)  # fmt: skip
"""Ours, for what Segment's vocabulary lacks."""

IDENTIFY, PAGE, SCREEN, GROUP, ALIAS = "Identified", "Page Viewed", "Screen Viewed", "Grouped", "Aliased"
"""What the calls that are no `track` are kept as."""

DIGITS: Mapping[str, int] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
"""Digits after the point of currencies that have not two of them (ISO 4217)."""

LARGEST_WORTH = 10**15
LONGEST_SKU, LONGEST_CATEGORY, LONGEST_ORDER, LONGEST_PLACE = 64, 200, 100, 60
_PLAIN = 10**7
_SCALES = (1, 10, 100, 1000)
_WORTH = ("total", "revenue", "value", "subtotal", "price")


Told = tuple[str | None, str | None, str | None, int | None, str | None, str | None]
"""What an event's properties say, as far as we count by it: SKU, category, order, worth in minor units, its currency,
place."""

NOTHING: Told = (None, None, None, None, None, None)


def told(properties: Mapping[str, Any]) -> Told:
    """What properties say. Of several products none is *the* product: they stay in the payload."""
    get = properties.get
    sku, category = _sku(get), get("category")
    products = get("products")
    if isinstance(products, list) and len(products) == 1 and isinstance(products[0], dict):
        of_it = products[0].get
        sku, category = sku or _sku(of_it), category or of_it("category")
    if (currency := get("currency")) is not None:
        currency = _currency(currency) if isinstance(currency, str) and len(currency) == 3 else None
    order = get("order_id") or get("orderId") or get("order_number") or get("checkout_id")
    place = get("store") or get("store_id") or get("location") or get("place")
    return (
        None if sku is None else text(sku, LONGEST_SKU),
        None if category is None else text(category, LONGEST_CATEGORY),
        None if order is None else text(order, LONGEST_ORDER),
        None if currency is None else _worth(get, currency),
        currency,
        None if place is None else text(place, LONGEST_PLACE),
    )


@lru_cache(maxsize=1000)
def _currency(told: str) -> str | None:
    return told.upper() if told.isalpha() else None


def _sku(get: Callable[[str], Any]) -> Any:
    return get("sku") or get("variant") or get("product_id") or get("productId")


def text(value: Any, longest: int) -> str | None:
    """A short text, or a number as one; None for what is neither."""
    if not isinstance(value, str):
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        value = str(value)
    clean = value.strip()
    return clean if 0 < len(clean) <= longest and clean.isprintable() else None


def _worth(get: Callable[[str], Any], currency: str) -> int | None:
    """An order is worth its total, anything else what it says it is; goods their price."""
    for name in _WORTH:
        value = get(name)
        if value is not None and value != "":
            return minor(value, currency)
    return None


def minor(value: Any, currency: str) -> int | None:
    """An amount of major units in minor ones, rounded half to even; None for what is no amount."""
    digits = DIGITS.get(currency, 2)
    scale = _SCALES[digits]
    if type(value) is float and -_PLAIN < value < _PLAIN:
        # A float with so few digits has its amount within a millionth of a minor unit, or is none of whole ones.
        scaled = value * scale
        nearest = round(scaled)
        if -1e-6 < scaled - nearest < 1e-6:
            return nearest
    elif type(value) is int and -_PLAIN < value < _PLAIN:
        return value * scale
    return _exactly(value, digits)


def _exactly(value: Any, digits: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        worth = Decimal(str(value)[:40]).scaleb(digits)
    except InvalidOperation:
        return None
    if not worth.is_finite() or abs(worth) > LARGEST_WORTH:
        return None
    return int(worth.to_integral_value())
