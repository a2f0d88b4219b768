"""What this process remembers of pages, forgotten: for whoever changes the world under it, such as a test."""

from samband.customers.consent import wordings

from . import ahead, browsing, cards, home, maps, pages
from .editions import editions
from .fragments import fragments
from .stocks import stocks


def forget() -> None:
    """Look at everything anew when it is next asked for."""
    pages.menu.forget()
    editions.forget()
    stocks.forget()
    fragments.forget()
    cards.forget()
    home.forget()
    browsing.shelf.forget()
    ahead.forget()
    maps.forget()
    wordings.forget()
