"""What a touchpoint says, in one short sentence. One that nobody has words for is shown by its own name."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from samband.commerce.catalog.views import Item
from samband.customers.profiles.queries import known_money
from samband.customers.profiles.telling import Touch

from . import state_words as say
from .words import Words

Text = Callable[[Touch, Words], str]


def sentence(touch: Touch, words: Words, goods: Mapping[str, Item]) -> str:
    """The touchpoint in words, with what it was about and what it was worth where that is told.

    `goods` are those that the catalog knows, by their SKUs: they are called by their names.
    """
    text = TEXTS.get(touch.event)
    said = text(touch, words) if text else touch.event
    details = [one for one in (_about(touch, words, goods), _worth(touch, words)) if one]
    return f"{said}: {', '.join(details)}" if details else said


def _about(touch: Touch, words: Words, goods: Mapping[str, Item]) -> str:
    """What it was about: the goods, the words searched for, or the page."""
    said = touch.said
    if query := said.get("query"):
        return _("“%(text)s”") % {"text": query}
    if touch.event in _OF_GOODS:
        known = goods.get(touch.sku or "")
        name = words.item(known) if known else said.get("name") or touch.sku or _pieces(said)
        return str(name or words.category(touch.category or ""))
    if touch.event in _OF_PAGES:
        return str(said.get("name") or said.get("path") or "")
    if touch.event in _OF_LISTS:
        return words.category(touch.category) if touch.category else str(said.get("list") or said.get("name") or "")
    return str(said.get("coupon") or said.get("carrier") or "")


def _pieces(said: Mapping[str, Any]) -> str:
    count = said.get("products")
    if not isinstance(count, int) or not count:
        return ""
    return ngettext("%(count)s product", "%(count)s products", count) % {"count": count}


def _worth(touch: Touch, words: Words) -> str:
    if touch.worth is None or touch.event not in _OF_MONEY:
        return ""
    worth = known_money(touch.worth, touch.currency)
    return words.money(worth) if worth else f"{words.number(touch.worth)} {touch.currency or ''}".strip()


def _visited(touch: Touch, words: Words) -> str:
    if touch.place:
        return _("Was in the store %(place)s") % {"place": words.place(touch.place)}
    return _("Was in a store")


def _plain(said: Callable[[], str]) -> Text:
    return lambda touch, words: said()


def channel(code: str) -> str:
    """A channel in words: those of the house, and those that others tell of."""
    return say.word(say.CHANNELS, code) if code in say.CHANNELS else _CHANNELS.get(code, lambda: code)()


_CHANNELS: dict[str, Callable[[], str]] = {
    "web": lambda: _("Another web site"),
    "app": lambda: _("App"),
    "chat": lambda: _("Chat"),
    "email": lambda: _("Mail"),
    "sms": lambda: _("Text message"),
    "phone": lambda: _("Telephone"),
    "store": lambda: pgettext("channel", "Store"),
    "server": lambda: _("Another system"),
    "webhook": lambda: _("Another shop"),
    "import": lambda: _("Taken over"),
    "house": lambda: _("Samband"),
}

_OF_GOODS = frozenset(
    "Product Viewed|Product Clicked|Product Added|Product Removed|Product Shared|Product Reviewed|Item Scanned"
    "|Product Added to Wishlist|Product Removed from Wishlist|Wishlist Product Added to Cart|Order Completed"
    "|Checkout Started|Cart Viewed|Line Cancelled".split("|")
)
_OF_PAGES = frozenset({"Page Viewed", "Screen Viewed"})
_OF_LISTS = frozenset({"Product List Viewed", "Product List Filtered", "Promotion Viewed", "Promotion Clicked"})
_OF_MONEY = frozenset(
    "Order Completed|Order Updated|Order Cancelled|Order Refunded|Checkout Started|Checkout Abandoned".split("|")
)

TEXTS: dict[str, Text] = {
    "Page Viewed": _plain(lambda: _("Looked at a page")),
    "Screen Viewed": _plain(lambda: _("Looked at a screen of the app")),
    "Products Searched": _plain(lambda: _("Searched")),
    "Product List Viewed": _plain(lambda: _("Looked through goods")),
    "Product List Filtered": _plain(lambda: _("Narrowed goods down")),
    "Promotion Viewed": _plain(lambda: _("Saw an offer")),
    "Promotion Clicked": _plain(lambda: _("Opened an offer")),
    "Product Clicked": _plain(lambda: _("Opened a product")),
    "Product Viewed": _plain(lambda: _("Looked at a product")),
    "Product Added": _plain(lambda: _("Put into the cart")),
    "Product Removed": _plain(lambda: _("Taken out of the cart")),
    "Cart Viewed": _plain(lambda: _("Looked at the cart")),
    "Cart Updated": _plain(lambda: _("Changed the cart")),
    "Cart Shared": _plain(lambda: _("Shared the cart")),
    "Cart Handed Over": _plain(lambda: _("Took the cart along to another device")),
    "Checkout Started": _plain(lambda: _("Went to pay")),
    "Checkout Step Viewed": _plain(lambda: _("Was at a step of paying")),
    "Checkout Step Completed": _plain(lambda: _("Finished a step of paying")),
    "Checkout Abandoned": _plain(lambda: _("Left off while paying")),
    "Payment Info Entered": _plain(lambda: _("Said how to pay")),
    "Payment Failed": _plain(lambda: _("A payment failed")),
    "Order Completed": _plain(lambda: _("Ordered")),
    "Order Updated": _plain(lambda: _("Changed an order")),
    "Order Refunded": _plain(lambda: _("Got money back")),
    "Order Cancelled": _plain(lambda: _("An order was cancelled")),
    "Order Fulfilled": _plain(lambda: _("Has everything that was ordered")),
    "Order Served": _plain(lambda: _("Was served at the table")),
    "Line Cancelled": _plain(lambda: _("Something was taken off an order")),
    "Coupon Entered": _plain(lambda: _("Typed a coupon")),
    "Coupon Applied": _plain(lambda: _("Used a coupon")),
    "Coupon Denied": _plain(lambda: _("A coupon was refused")),
    "Coupon Removed": _plain(lambda: _("Took a coupon out")),
    "Product Added to Wishlist": _plain(lambda: _("Put on the wish list")),
    "Product Removed from Wishlist": _plain(lambda: _("Taken off the wish list")),
    "Wishlist Product Added to Cart": _plain(lambda: _("Put into the cart from the wish list")),
    "Product Shared": _plain(lambda: _("Shared a product")),
    "Product Reviewed": _plain(lambda: _("Reviewed a product")),
    "Return Requested": _plain(lambda: _("Asked to send something back")),
    "Return Received": _plain(lambda: _("What was sent back has arrived")),
    "Return Refused": _plain(lambda: _("A return was refused")),
    "Exchange Requested": _plain(lambda: _("Asked for an exchange")),
    "Gift Card Bought": _plain(lambda: _("Bought a gift card")),
    "Store Visited": _visited,
    "Item Scanned": _plain(lambda: _("Scanned goods in the store")),
    "Pickup Ready": _plain(lambda: _("A pickup was ready")),
    "Pickup Collected": _plain(lambda: _("Came for a pickup")),
    "Pickup Lapsed": _plain(lambda: _("Did not come for a pickup")),
    "Parcel Shipped": _plain(lambda: _("A parcel was sent")),
    "Parcel Delivered": _plain(lambda: _("A parcel was delivered")),
    "Delivery Failed": _plain(lambda: _("A parcel could not be delivered")),
    "Substitute Proposed": _plain(lambda: _("Was asked whether a substitute will do")),
    "Substitute Answered": _plain(lambda: _("Answered about a substitute")),
    "Exit Pass Checked": _plain(lambda: _("Left the store with a pass")),
    "Points Earned": _plain(lambda: _("Earned points")),
    "Points Spent": _plain(lambda: _("Spent points")),
    "Survey Sent": _plain(lambda: _("Was sent a survey")),
    "Survey Answered": _plain(lambda: _("Answered a survey")),
    "Device Connected": _plain(lambda: _("Connected a device")),
    "Device Used": _plain(lambda: _("Used a device")),
    "Signed In": _plain(lambda: _("Signed in")),
    "Signed Up": _plain(lambda: _("Became a customer")),
    "Conversation Started": _plain(lambda: _("Began a conversation")),
    "Conversation Ended": _plain(lambda: _("A conversation ended")),
    "Message Opened": _plain(lambda: _("Opened a message")),
    "Message Clicked": _plain(lambda: _("Followed a link in a message")),
    "Identified": _plain(lambda: _("Said who they are")),
    "Grouped": _plain(lambda: _("Was put into a group")),
    "Aliased": _plain(lambda: _("Was given another name by a system")),
}
