"""What a segment's words stand for now, and the statements that say who is in it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection

from samband.kernel.clock import now

from .compiling import BOUGHT, CANCELLED, Asked, Facts
from .definitions import Bought, Definition, Doing, walk
from .models import Segment
from .relations import relations

# With its values at hand the database plans for these very customers and this very window. Joins by hash, never row by
# row: nobody can tell the planner how many meet a condition, and a wrong guess would be quadratic.
_SETTINGS = {"plan_cache_mode": "force_custom_plan", "enable_nestloop": "off", "jit": "off"}
_LIVE, _BULK = "16MB", "128MB"


@contextmanager
def by_sets(*, bulk: bool) -> Iterator[None]:
    """Plan like that inside the block, in the transaction that is open; afterwards as before."""
    wanted = {**_SETTINGS, "work_mem": _BULK if bulk else _LIVE}
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(f'current_setting({name!r})' for name in wanted)}")
        before = cursor.fetchone()
        _set(wanted)
        yield
        _set(dict(zip(wanted, before, strict=True)))


def _set(settings: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        named = ", ".join(f"set_config({name!r}, %s, true)" for name in settings)
        cursor.execute(f"select {named}", list(settings.values()))


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment as it is kept."""

    id: int
    slug: str
    version: int
    definition: Definition
    branches: Mapping[str, Sequence[str]]
    needs: tuple[str, ...]
    live: bool
    swept_at: datetime | None

    @property
    def asked(self) -> Asked:
        return Asked(self.id, self.definition, self.branches)


def kept() -> tuple[Kept, ...]:
    """All segments: each after those it asks about. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, slug, version, definition::text, branches::text, needs, live, swept_at from segments_segment"
            " order by slug"
        )
        rows = [
            Kept(number, slug, version, _definition(definition), msgspec.json.decode(branches), tuple(needs), *rest)
            for number, slug, version, definition, branches, needs, *rest in cursor.fetchall()
        ]
    return tuple(in_order(rows))


@lru_cache(maxsize=2000)
def _definition(text: str) -> Definition:
    return msgspec.json.decode(text, type=Definition)


def definition_of(row: Segment) -> Definition:
    """What a segment says."""
    return msgspec.convert(row.definition, Definition)


def in_order(segments: Sequence[Kept]) -> list[Kept]:
    """Each after all that it asks about."""
    by_slug = {one.slug: one for one in segments}
    ordered: dict[str, Kept] = {}

    def place(one: Kept) -> None:
        for slug in one.needs:
            if slug in by_slug and slug not in ordered:
                place(by_slug[slug])
        ordered.setdefault(one.slug, one)

    for one in segments:
        place(one)
    return list(ordered.values())


def layers(segments: Sequence[Kept]) -> list[list[Kept]]:
    """Segments that ask about none of these; then those that ask about these only; and so on."""
    depth: dict[str, int] = {}
    found: list[list[Kept]] = []
    for one in in_order(segments):
        depth[one.slug] = 1 + max((depth.get(slug, -1) for slug in one.needs), default=-1)
        while len(found) <= depth[one.slug]:
            found.append([])
        found[depth[one.slug]].append(one)
    return found


def facts(segments: Sequence[Kept], definitions: Sequence[Definition], at: datetime) -> Facts:
    """What the words of these definitions stand for at this moment. One statement if they speak of events."""
    return Facts(at, _events(definitions), {one.slug: one.id for one in segments}, relations())


def _events(definitions: Sequence[Definition]) -> dict[str, int]:
    named: set[str] = set()
    for definition in definitions:
        for _, _, value in walk(definition.who):
            if isinstance(value, Doing) and value.event:
                named.add(value.event)
            elif isinstance(value, Bought):
                named.update((BOUGHT, CANCELLED))
    if not named:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"select name, id from {relations().events} where name = any(%s::text[])", [sorted(named)])
        return dict(cursor.fetchall())


def moment(segments: Sequence[Kept]) -> datetime:
    """Now, but never before a moment up to which it was looked who time has moved out of a window."""
    return max([now(), *(one.swept_at for one in segments if one.swept_at is not None)])


def rows(text: str, values: Mapping[str, Any]) -> list[Any]:
    """What a statement gives back."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
