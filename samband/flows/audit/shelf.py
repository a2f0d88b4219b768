"""Which books there are: one of each room that keeps one, and what must agree between them."""

from collections.abc import Collection
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

from samband.kernel.books import Checks, Extent, Finding, Walk
from samband.kernel.refusal import NotFound

from . import between_rooms, of_customers, story
from .reading import Book

BETWEEN_ROOMS, OF_CUSTOMERS, STORY = "between_rooms", "of_customers", "story"


class NoSuchBook(NotFound):
    """There is no book of that name; `books` names those that there are."""

    code = "no_such_book"


def books(only: Collection[str] = ()) -> tuple[Book, ...]:
    """Every book, or those of these names. Raises NoSuchBook."""
    found = {book.name: book for book in _all()}
    if unknown := sorted({*only} - found.keys()):
        raise NoSuchBook(unknown=unknown, books=sorted(found))
    return tuple(book for name, book in found.items() if not only or name in only)


def _all() -> tuple[Book, ...]:
    """The longest first, so that nobody waits for one that was begun last."""
    rooms = [
        Book(app.label, partial(_checks_of, import_module(f"{app.name}.books")))
        for app in apps.get_app_configs()
        if app.name.startswith("samband.") and find_spec(f"{app.name}.books")
    ]
    between = (
        Book(BETWEEN_ROOMS, between_rooms.checks),
        Book(STORY, lambda: story.CHECKS),
        Book(OF_CUSTOMERS, of_customers.checks),
    )
    return (*between, *rooms)


def _checks_of(module: ModuleType) -> Checks:
    if checks := getattr(module, "CHECKS", None):
        found: Checks = checks
        return found

    def look(extent: Extent) -> list[Finding]:
        return [Finding(one) for one in module.findings()]

    return (Walk("findings", look),)
