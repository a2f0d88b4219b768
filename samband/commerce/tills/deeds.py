"""Whatever a device asks for under one key is done once, although its line broke before it heard the answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from samband.kernel.clock import now
from samband.kernel.refusal import KeyReused

from .models import Deed
from .rules import digest


@transaction.atomic
def once(device_id: UUID, key: str, asked: Any, do: Callable[[], str]) -> str:
    """Do something and remember what it was about (an id, never more); asked again, tell that without doing it.

    `asked` is anything JSON can carry. Raises KeyReused for a key that stood for something else, and whatever `do`
    raises; then nothing was done.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 9))", [f"deed:{device_id}:{key}"])
    fingerprint = digest(msgspec.to_builtins(asked))
    earlier = Deed.objects.filter(device_id=device_id, key=key).first()
    if earlier is not None:
        if bytes(earlier.asked) != fingerprint:
            raise KeyReused()
        return str(earlier.about)
    about = do()
    Deed.objects.create(device_id=device_id, key=key, asked=fingerprint, about=about, at=now())
    return about


def earlier(device_id: UUID, key: str, asked: Any) -> str | None:
    """What a deed was about that was done before under this key, for deeds that are too long for one transaction.

    Raises KeyReused for a key that stood for something else.
    """
    found = Deed.objects.filter(device_id=device_id, key=key).first()
    if found is not None and bytes(found.asked) != digest(msgspec.to_builtins(asked)):
        raise KeyReused()
    return str(found.about) if found else None


def note(device_id: UUID, key: str, asked: Any, about: str) -> None:
    """Remember that it was done."""
    fields = {"asked": digest(msgspec.to_builtins(asked)), "about": about, "at": now()}
    Deed.objects.get_or_create(device_id=device_id, key=key, defaults=fields)
