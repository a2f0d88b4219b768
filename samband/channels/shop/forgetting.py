"""What this process remembers of pages, forgotten: for whoever changes the world under it, such as a test."""

from . import browsing, home, maps, ordered, pages, signing_in


def forget() -> None:
    """Look at everything anew when it is next asked for."""
    pages.menu.forget()
    home.forget()
    browsing.shelf.forget()
    maps.forget()
    for tries in (ordered.by_address, ordered.by_number, signing_in.by_address):
        tries.forget()
