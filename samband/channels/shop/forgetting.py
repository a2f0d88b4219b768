"""What this process remembers of pages, forgotten: for whoever changes the world under it, such as a test."""

from samband.customers.consent import wordings

from . import browsing, couponing, gift_cards, home, letters, maps, ordered, pages, signing_in


def forget() -> None:
    """Look at everything anew when it is next asked for."""
    pages.menu.forget()
    home.forget()
    browsing.shelf.forget()
    maps.forget()
    for door in (ordered, signing_in, couponing, gift_cards, letters):
        door.by_address.forget()
    ordered.by_number.forget()
    wordings.forget()
