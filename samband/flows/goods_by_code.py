"""Goods by what a camera, a scanner or a hand has read: a number, a bar code, a link."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

import biip
from biip.gs1_messages import GS1Message

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.catalog.views import Item
from samband.kernel.goods import SKU
from samband.kernel.refusal import NotFound

_GTIN = re.compile(r"\d{8}|\d{12,14}")
_DIGITAL_LINK = re.compile(r"/01/(\d{8,14})(?:/|$)")
_PRODUCT = re.compile(r"/p/([a-z0-9-]+)/?$")


class CodeUnknown(NotFound):
    """Nothing of ours has this code."""

    code = "code_unknown"


def item_of(text: str, channel: str) -> Item:
    """The goods with this GTIN, SKU (in capitals or not), GS1 element string, Digital Link, or page in the shop.

    Raises CodeUnknown.
    """
    if found := _of_sku(text):
        return found
    for gtin in _gtins(text):
        try:
            return catalog.by_gtin(gtin)
        except NoSuchProduct:
            continue
    if item := _of_page(text, channel):
        return item
    raise CodeUnknown()


def _of_sku(text: str) -> Item | None:
    written = [one for one in (text, text.upper()) if SKU.fullmatch(one)]
    found = catalog.items(written) if written else {}
    return next((found[one] for one in written if one in found), None)


def _gtins(text: str) -> Sequence[str]:
    if _GTIN.fullmatch(text):
        return [text]
    if link := _DIGITAL_LINK.search(urlsplit(text).path if "://" in text else ""):
        return [link[1]]
    return _of_gs1(text)


def _of_gs1(text: str) -> Sequence[str]:
    """The GTINs in a GS1 element string, as from a DataMatrix, or as it is written for people."""
    try:
        message = GS1Message.parse_hri(text) if text.startswith("(") else GS1Message.parse(text)
    except biip.ParseError:
        return []
    found = [message.element_strings.get(ai=ai) for ai in ("01", "02")]
    return [element.value for element in found if element]


def _of_page(text: str, channel: str) -> Item | None:
    """The variant that a page of the shop shows: the one it names, else the first."""
    if "://" not in text:
        return None
    parts = urlsplit(text)
    page = _PRODUCT.search(parts.path)
    if not page:
        return None
    try:
        product = catalog.product(page[1], channel)
    except NoSuchProduct:
        return None
    skus = [variant.sku for variant in product.variants]
    named = [sku for sku in skus if f"sku={sku}" in unquote(parts.query)]
    return catalog.items(skus).get((named or skus)[0])
