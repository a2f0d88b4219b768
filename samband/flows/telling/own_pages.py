"""The shop's own pages as a source: its name, and the key that stands in every page."""

from typing import Any

from django.utils.crypto import salted_hmac

from samband.customers.touchpoints.own_sources import keep_open

SOURCE = "shop"


def write_key() -> str:
    """The key that stands in every page: it opens the shop's own source, for whoever reads the page."""
    return salted_hmac("samband.shop.visits", "write key", algorithm="sha256").hexdigest()[:40]


def open_source(sender: Any = None, **more: Any) -> None:
    """The shop is a source like any other, from the moment its tables are there. Twice is once."""
    keep_open(SOURCE, "The shop's own pages", write_key())
