"""Where the facts lie that segments ask about, and what may be asked. Plugged in by conf."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Relations:
    """Names of tables, texts of our own and never of anybody's, and the words of those who keep them.

    `identifiers` has id, customer, kind, key; `touchpoints` the columns of the contract; `events` id and name;
    `profiles` a row a customer with the columns of `traits`, each with its kind (count, money, moment, text, flag);
    `consents` address, purpose, granted; `accounts` id and group.
    """

    identifiers: str
    touchpoints: str
    events: str
    profiles: str
    consents: str
    accounts: str
    traits: Mapping[str, str] = field(default_factory=dict)
    purposes: Sequence[str] = ()


class Branches(Protocol):
    """Tells of each of these categories itself and all that hang below it; nothing of one that there is not."""

    def __call__(self, categories: Iterable[str]) -> Mapping[str, Sequence[str]]: ...


def _no_tree(categories: Iterable[str]) -> Mapping[str, Sequence[str]]:
    return {category: (category,) for category in categories}


_plugged: Relations | None = None
branches: Branches = _no_tree


def plug(answer: Relations, below: Branches) -> None:
    """Have these answer from now on."""
    global _plugged, branches
    _plugged, branches = answer, below


def relations() -> Relations:
    """Where they lie."""
    if _plugged is None:
        raise ImproperlyConfigured("conf plugs the relations of its neighbours into segments")
    return _plugged
