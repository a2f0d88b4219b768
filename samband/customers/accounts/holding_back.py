"""Whom no import may bring back, asked of whoever keeps that; nobody is held back until somebody is plugged in."""

from collections.abc import Callable, Collection
from contextlib import suppress
from uuid import UUID

from samband.kernel.identifier import NotAnIdentifier, identifier, key_of

Suppressed = Callable[[Collection[UUID]], frozenset[UUID]]

_plugged: list[Suppressed] = []


def plug(suppressed: Suppressed) -> None:
    """Called by the wiring, once."""
    _plugged[:] = [suppressed]


def held_back(people: Collection[tuple[str, str | None, str]], source: str) -> frozenset[str]:
    """Of people as (their name in another system, address, telephone) those who asked to be forgotten, by that name.

    A telephone alone is many a family's: it says who somebody is only where there is no address.
    """
    known_by = {reference: set(_keys(reference, email, phone, source)) for reference, email, phone in people}
    found = _plugged[0]({key for keys in known_by.values() for key in keys}) if _plugged and known_by else frozenset()
    return frozenset(reference for reference, keys in known_by.items() if keys & found)


def _keys(reference: str, email: str | None, phone: str, source: str) -> list[UUID]:
    found = [key_of("user", reference, source)]
    kind, value = ("email", email) if email else ("phone", phone)
    if value:
        with suppress(NotAnIdentifier):  # an address that is none is nobody's
            found.append(identifier(kind, value).key)
    return found
