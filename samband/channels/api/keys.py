"""Who is asking, and what their key opens."""

import hashlib
import time

from django.http import HttpRequest

from samband.staff import queries as staff
from samband.staff.queries import Key
from samband.staff.refusals import UnknownKey

from . import tries
from .refusals import KeyMissing, ScopeMissing

REMEMBERED_SECONDS = 5.0
"""How long a process may go on with a key as it knows it: a key that is revoked opens nothing after this."""

MOST_REMEMBERED = 10_000
LONGEST_KEY = 200

_remembered: dict[bytes, tuple[float, Key]] = {}


class Scope:
    """Lets a request in whose key has this scope. Raises KeyMissing, UnknownKey, TooMany, ScopeMissing."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Key:
        whole = _presented(request)
        with tries.keys.of_wrong(request, UnknownKey):
            key = _known(whole)
        if self.scope not in key.scopes:
            raise ScopeMissing(scope=self.scope)
        return key


def forget() -> None:
    """Look every key up anew when it is next presented."""
    _remembered.clear()


def _presented(request: HttpRequest) -> str:
    scheme, _, whole = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not whole.strip():
        raise KeyMissing()
    return str(whole.strip()[:LONGEST_KEY])


def _known(whole: str) -> Key:
    fingerprint = hashlib.sha256(whole.encode(errors="replace")).digest()
    until, key = _remembered.get(fingerprint, (0.0, None))
    if key is None or time.monotonic() >= until:
        _remembered.pop(fingerprint, None)
        key = staff.api_key(whole)
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        _remembered[fingerprint] = (time.monotonic() + REMEMBERED_SECONDS, key)
    return key
