"""Codes under the site's own secret: what is printed, what a screen shows, what a door reads."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from . import rules, signing

PATH = "/k/"


def printed(spot: int, edition: int) -> str:
    """The token of a code on paper."""
    return signing.token(signing.Printed(spot, edition), _keys()[0])


def shown(spot: int, edition: int, at: datetime) -> str:
    """The token of a code on a screen, good for some minutes from this moment on."""
    return signing.token(signing.Shown(spot, edition, rules.minute_of(at)), _keys()[0])


def exit_pass(pass_id: UUID) -> str:
    """The token of an exit pass."""
    return signing.token(signing.Passing(pass_id), _keys()[0])


def address(token: str) -> str:
    """The whole address that stands in a code."""
    return f"{settings.SITE_URL}{PATH}{token}"


def read(text: str) -> signing.Said:
    """What a token, or a whole address of ours around it, says. Raises CodeForged."""
    return signing.read(token_in(text), _keys())


def token_in(text: str) -> str:
    """The token in what a camera read: an address of any name this house goes by, or the bare token."""
    _, found, token = text.strip().rpartition(PATH)
    return token.strip("/") if found else text.strip()


def word_of(location: str, edition: int, at: datetime, zone: str) -> str:
    """A store's word on the day that its own clocks show."""
    return rules.word_of_the_day(_keys()[0], location, edition, at.astimezone(ZoneInfo(zone)).date())


def whose(address: str, location: str, at: datetime) -> bytes:
    """Stands for whoever tries words at a store today."""
    return rules.whose(_keys()[0], address, location, at.date())


def _keys() -> Sequence[bytes]:
    """The house's key first, then those it had before and still honours."""
    return _drawn((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _drawn(secrets: tuple[str, ...]) -> Sequence[bytes]:
    return tuple(signing.key_of(secret) for secret in secrets)
