"""What touchpoints can be told to do. The hot path, taking things in, is in `storing`."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from samband.kernel.clock import now
from samband.kernel.ids import secret_token

from .models import Source
from .refusals import NotASource, SourceTaken, UnknownSource
from .shapes import HOUSE, KINDS, LONGEST_NAME

LARGEST_BATCH_BYTES = 4 * 1024 * 1024
_SLUG = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


@transaction.atomic
def open_source(
    slug: str,
    name: str,
    kind: str,
    *,
    namespace: str | None = None,
    needs_consent: bool | None = None,
    secret_ref: str = "",
    largest_batch: int | None = None,
) -> tuple[int, str]:
    """Open a source; returns its id and its write key, which is shown this once ("" for kinds that need none).

    `namespace` names the system whose userIds it sends (its slug if not given; "house": accounts of ours). A browser
    needs consent unless it is said that it does not. `largest_batch` in bytes, if not the usual.

    Raises NotASource naming the `field`, SourceTaken.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise NotASource(field="slug")
    if kind not in KINDS:
        raise NotASource(field="kind")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise NotASource(field="name")
    if largest_batch is not None and not 1024 <= largest_batch <= LARGEST_BATCH_BYTES:
        raise NotASource(field="largest_batch")
    key = secret_token() if kind in ("browser", "server") else ""
    source = Source(
        slug=slug,
        name=name.strip(),
        kind=kind,
        namespace=slug if namespace is None else namespace.strip()[:60],
        write_key_hash=hash_of(key) if key else None,
        secret_ref=secret_ref,
        needs_consent=kind == "browser" if needs_consent is None else needs_consent,
        largest_batch=largest_batch,
        created_at=now(),
    )
    try:
        with transaction.atomic():
            source.save(force_insert=True)
    except IntegrityError as error:
        raise SourceTaken(slug=slug) from error
    return source.id, key


def hash_of(key: str) -> bytes:
    """A write key is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(key.encode(errors="replace")).digest()


def change_key(slug: str) -> str:
    """Give a source another write key, shown this once; the old one opens nothing any more. Raises UnknownSource."""
    key = secret_token()
    changed = Source.objects.filter(slug=slug, disabled_at__isnull=True, write_key_hash__isnull=False).update(
        write_key_hash=hash_of(key)
    )
    if not changed:
        raise UnknownSource(slug=slug[:60])
    return key


def close_source(slug: str) -> None:
    """Nothing more is taken in from there; what was stays. Raises UnknownSource. Twice is once."""
    if not Source.objects.filter(slug=slug).exists():
        raise UnknownSource(slug=slug[:60])
    Source.objects.filter(slug=slug, disabled_at__isnull=True).update(disabled_at=now())


def open_again(slug: str) -> None:
    """Take in from a source again that was closed. Raises UnknownSource."""
    if not Source.objects.filter(slug=slug).update(disabled_at=None):
        raise UnknownSource(slug=slug[:60])


_OPEN_HOUSE = """
insert into touchpoints_source (slug, name, kind, namespace, secret_ref, needs_consent, created_at)
values (%s, %s, 'house', %s, '', false, %s::timestamptz) on conflict (slug) do nothing
"""


def open_house(slug: str = HOUSE, name: str = "") -> None:
    """See to it that a source of the house's own is there. Twice is once."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_HOUSE, [slug, name or slug.capitalize(), HOUSE, now()])


_TAKE_TOUCHED = """
delete from touchpoints_touched where id in (
    select id from touchpoints_touched order by id limit %s::int for update skip locked
) returning identifiers
"""


def take_touched(most: int = 500) -> set[int]:
    """Numbers of identifiers of which something was captured, out of so many rows of the queue.

    Joins the caller's transaction: if that is undone, they are back in the queue. What others have taken is skipped.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TOUCHED, [most])
        return {number for (numbers,) in cursor.fetchall() for number in numbers}


@transaction.atomic(savepoint=False)
def erase(numbers: Sequence[int]) -> int:
    """Delete everything captured under these identifiers' numbers; returns how many touchpoints.

    Call it after identity has forgotten them, in the same transaction: from then on nothing is taken in until it ends,
    and whoever takes in afterwards looks every identifier up anew. That a message was seen stays known, as the hash of
    its id: what was erased does not come back when it is sent again.
    """
    with connection.cursor() as cursor:
        cursor.execute("delete from touchpoints_touchpoint where identifier = any(%s::bigint[])", [list(numbers)])
        return int(cursor.rowcount)


_FORGET_OLDER = """
delete from touchpoints_touchpoint where position in (
    select t.position from touchpoints_touchpoint t
    where t.occurred_at < %(before)s::timestamptz
      and (%(events)s::text[] is null or t.event in (select id from touchpoints_eventname where name = any(%(events)s)))
      and (%(not)s::text[] is null or t.event not in (select id from touchpoints_eventname where name = any(%(not)s)))
      and (%(sources)s::text[] is null or t.source in (select id from touchpoints_source where slug = any(%(sources)s)))
      and (not %(nobodys)s::bool or t.identifier = 0)
    limit %(most)s::int
) returning identifier
"""


@transaction.atomic(savepoint=False)
def forget_older(
    before: datetime,
    *,
    events: Iterable[str] | None = None,
    but: Iterable[str] | None = None,
    sources: Iterable[str] | None = None,
    nobodys: bool = False,
    most: int = 5000,
) -> int:
    """Delete what happened before then, at most so many; returns how many. Call it until that is 0.

    Only of these events, or of all `but` these; only from these sources; only what is `nobodys`. The customers it was
    of are looked at again.
    """
    given: dict[str, Any] = {
        "before": before, "most": most, "nobodys": nobodys,
        "events": None if events is None else list(events),
        "not": None if but is None else list(but),
        "sources": None if sources is None else list(sources),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_OLDER, given)
        gone = [number for (number,) in cursor.fetchall()]
        if whose := sorted({number for number in gone if number}):
            cursor.execute("insert into touchpoints_touched (identifiers) values (%s::bigint[])", [whose])
    return len(gone)
