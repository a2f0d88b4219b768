"""What must balance among the staff: the record of what they did and saw is whole, and as it was written."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from django.conf import settings

from samband.kernel.clock import now

from .models import Note, Seal
from .sealing import each, hash_over, rows_now

AT_ONCE = 50
"""Seals looked at together, with up to five thousand notes each."""

SEALED_WITHIN = timedelta(days=1)
MOST_NAMED = 20


def findings() -> Iterator[str]:
    """One sentence for every seal that is missing or broken, and for every note that is missing, changed or added."""
    before = Seal(number=0, hash=b"", rows=b"")
    while batch := list(Seal.objects.filter(number__gt=before.number).order_by("number")[:AT_ONCE]):
        found = rows_now(batch[0].number, batch[-1].number + 1)
        for last, seal in pairwise([before, *batch]):
            yield from _chained(last, seal)
            yield from _as_sealed(seal, found.pop(seal.number, b""))
        for number in sorted(found):
            yield f"Notes of the staff record say they are under seal {number}, which is not there."
        before = batch[-1]
    beyond = Note.objects.filter(seal__gt=before.number).order_by("seal")
    for unknown in beyond.values_list("seal", flat=True).distinct():
        yield f"Notes of the staff record say they are under seal {unknown}, which is not there."
    if waiting := Note.objects.filter(seal=None, at__lt=now() - SEALED_WITHIN).count():
        yield f"{waiting} notes of the staff record are older than a day and not sealed: is `samband work` running?"


def _chained(last: Seal, seal: Seal) -> Iterator[str]:
    if seal.number != last.number + 1:
        yield f"Seals {last.number + 1} to {seal.number - 1} of the staff record are missing."
    elif bytes(seal.hash) != hash_over(seal.number, bytes(last.hash), bytes(seal.rows)):
        yield f"Seal {seal.number} of the staff record is not the one that was set (or the house's secret is another)."


def _as_sealed(seal: Seal, rows: bytes) -> Iterator[str]:
    if rows == bytes(seal.rows) or (not rows and _may_be_gone(seal)):
        return
    sealed, kept = dict(each(bytes(seal.rows))), dict(each(rows))
    for said, ids in (
        ("is missing", sealed.keys() - kept.keys()),
        ("was added afterwards", kept.keys() - sealed.keys()),
        ("was changed", {one for one in sealed.keys() & kept.keys() if sealed[one] != kept[one]}),
    ):
        for one in sorted(ids)[:MOST_NAMED]:
            yield f"Note {one} of the staff record, under seal {seal.number}, {said}."
        if len(ids) > MOST_NAMED:
            yield f"Of the staff record, under seal {seal.number}, {len(ids) - MOST_NAMED} more: each {said}."


def _may_be_gone(seal: Seal) -> bool:
    """Whether everything under it is older than the house keeps its record."""
    return bool(seal.at < now() - timedelta(days=settings.RECORD_DAYS))
