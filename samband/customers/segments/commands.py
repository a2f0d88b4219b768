"""What segments can be told to do."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from samband.events.segments import SegmentChanged, SegmentRemoved
from samband.kernel.clock import now
from samband.timeline import command

from . import definitions, reckoning, relations
from .checking import branches_of
from .definitions import Definition
from .evaluating import evaluate, evaluate_waiting, wait_for_turn, wake
from .filling import fill_next
from .lapsing import sweep
from .models import Day, Segment, Version
from .refusals import SegmentInUse, SegmentTaken, UnknownSegment

__all__ = ["apply", "evaluate", "evaluate_waiting", "fill_next", "follow_the_tree", "note_sizes", "remove", "save",
           "sweep", "wake"]  # fmt: skip


@command
def save(definition: Definition, *, by: str = "", new: bool = False) -> SegmentChanged:
    """Begin a segment or change what it says; who is in it is reckoned soon after, and for those who ask about it.

    A `new` one must have a name of its own. The same once more changes nothing. Raises SegmentAbsurd, SegmentTaken.
    """
    wait_for_turn()
    segments = reckoning.kept()
    branches = branches_of(definition, segments)
    earlier = next((one for one in segments if one.slug == definition.segment), None)
    if earlier and new:
        raise SegmentTaken(segment=definition.segment)
    if earlier and earlier.definition == definition:
        return SegmentChanged(segment=earlier.slug, version=earlier.version)
    version = _write_down(definition.segment, plain(definition), by)
    asks_the_same = earlier is not None and _asks(earlier.definition) == _asks(definition)
    Segment.objects.update_or_create(
        slug=definition.segment,
        defaults={
            "definition": plain(definition),
            "version": version,
            "branches": branches,
            "needs": sorted(definitions.needs(definition)),
            "live": bool(earlier and earlier.live and asks_the_same),
            "saved_at": now(),
        },
    )
    if not asks_the_same:
        _fill_again([definition.segment])
    return SegmentChanged(segment=definition.segment, version=version)


def plain(definition: Definition) -> Any:
    """As it is kept: values that JSON has."""
    return msgspec.json.decode(msgspec.json.encode(definition, order="deterministic"))


def _asks(definition: Definition) -> tuple[object, str]:
    """What decides who is in it."""
    return definition.who, definition.zone


def _write_down(slug: str, definition: Any, by: str) -> int:
    last = Version.objects.filter(segment=slug).aggregate(last=Max("version"))["last"] or 0
    Version.objects.create(segment=slug, version=last + 1, definition=definition, by=by, at=now())
    return int(last) + 1


def _fill_again(slugs: Iterable[str]) -> None:
    """These, and all that ask about them, are reckoned for everybody before they are kept up to date again."""
    waiting = set(slugs)
    while waiting:
        Segment.objects.filter(slug__in=waiting).update(live=False)
        waiting = set(Segment.objects.filter(live=True, needs__overlap=sorted(waiting)).values_list("slug", flat=True))


@command
def remove(slug: str, *, by: str = "") -> SegmentRemoved:
    """Have a segment no longer; nobody is told to have left. What it said stays in its history.

    Raises UnknownSegment, and SegmentInUse naming those that ask about it.
    """
    wait_for_turn()
    segments = reckoning.kept()
    one = next((found for found in segments if found.slug == slug), None)
    if one is None:
        raise UnknownSegment(segment=slug[:60])
    if users := [other.slug for other in segments if slug in other.needs]:
        raise SegmentInUse(segments=users)
    _write_down(slug, None, by)
    with connection.cursor() as cursor:
        cursor.execute("delete from segments_membership where segment = %s::int", [one.id])
    Day.objects.filter(segment=one.id).delete()
    Segment.objects.filter(pk=one.id).delete()
    return SegmentRemoved(segment=slug)


@transaction.atomic
def apply(given: Iterable[Definition], *, by: str = "") -> Mapping[str, str]:
    """Save what is new or different of these, each after those it asks about: `new`, `changed` or `same` by name.

    All of them, or none. Raises SegmentAbsurd.
    """
    waiting = {one.segment: one for one in given}
    kept = {one.slug: one.definition for one in reckoning.kept()}
    became: dict[str, str] = {}
    while waiting:
        ready = [slug for slug, one in waiting.items() if not definitions.needs(one) & (set(waiting) - {slug})]
        for slug in ready or list(waiting)[:1]:  # where they go round in a circle, the first is refused by its place
            one = waiting.pop(slug)
            became[slug] = "same" if kept.get(slug) == one else "changed" if slug in kept else "new"
            if became[slug] != "same":
                save(one, by=by)
    return became


@transaction.atomic
def follow_the_tree() -> int:
    """Have segments whose categories have other branches now reckoned for everybody; how many there are."""
    segments = [one for one in reckoning.kept() if one.branches]
    named = sorted({slug for one in segments for slug in one.branches})
    found = relations.branches(named) if named else {}
    stale = {one.slug: {slug: sorted(found.get(slug, ())) for slug in one.branches} for one in segments}
    stale = {one.slug: stale[one.slug] for one in segments if stale[one.slug] != one.branches}
    if stale:
        wait_for_turn()
        for slug, branches in sorted(stale.items()):
            Segment.objects.filter(slug=slug).update(branches=branches)
        _fill_again(stale)
    return len(stale)


def note_sizes() -> None:
    """Write down how large each segment is today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into segments_day (segment, day, size) select id, (%s::timestamptz at time zone 'UTC')::date, size"
            " from segments_segment where live order by id"
            " on conflict (segment, day) do update set size = excluded.size where segments_day.size <> excluded.size",
            [now()],
        )
