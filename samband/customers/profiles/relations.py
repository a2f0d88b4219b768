"""Where the touchpoints and the identifiers lie that traits are reckoned from; conf plugs the names in."""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Relations:
    """Names of tables: texts of our own, never of anybody's.

    `identifiers` has id, kind and customer (null once erased); `touchpoints` what was captured; `events` id and name;
    `sources` id, slug and kind. `touched` (identifiers bigint[]) and `moved` (customers uuid[]) wait to be followed.
    """

    identifiers: str
    touchpoints: str
    events: str
    sources: str
    touched: str
    moved: str


_plugged: Relations | None = None


def plug(relations: Relations) -> None:
    """Say once where they lie."""
    global _plugged
    _plugged = relations


def relations() -> Relations:
    """Where they lie."""
    if _plugged is None:
        raise ImproperlyConfigured("conf plugs the relations of identity and touchpoints into profiles")
    return _plugged
