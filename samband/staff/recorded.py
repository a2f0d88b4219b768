"""What can be asked of the record: who did and saw what, to whom, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .models import Note

if TYPE_CHECKING:
    from django.db.models import QuerySet

AT_ONCE = 1000


@dataclass(frozen=True)
class Noted:
    """One note; `code` says why it was refused."""

    id: int
    at: datetime
    actor: str
    door: str
    outcome: str
    deed: str
    about: tuple[str, ...]
    code: str
    request: str


@dataclass(frozen=True)
class Asked:
    """What of the record is wanted; what is left empty does not narrow it. `about` are subjects, any of them."""

    actor: str = ""
    outcome: str = ""
    about: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def found(asked: Asked, before: int | None, most: int) -> tuple[Noted, ...]:
    """The newest notes first, so many, before a number. A deed that was refused is one note, with the reason."""
    rows = _narrowed(asked)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if asked.outcome != "refused":
        rows = rows.filter(refuses__isnull=True)
    page = list(rows.order_by("-pk")[:most])
    why = dict(Note.objects.filter(refuses__in=[one.pk for one in page]).values_list("refuses", "code"))
    return tuple(_noted(one, why.get(one.pk)) for one in page)


def all_of(asked: Asked) -> Iterator[Noted]:
    """Every note, the oldest first, as it was written down."""
    last = 0
    while page := list(_narrowed(asked).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from map(_noted, page)
        last = page[-1].pk


def _narrowed(asked: Asked) -> "QuerySet[Note]":
    rows = Note.objects.all()
    if asked.actor:
        rows = rows.filter(actor=asked.actor)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.about:
        rows = rows.filter(about__overlap=list(asked.about))
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    return rows


def _noted(row: Note, why: str | None = None) -> Noted:
    outcome, code = (row.outcome, row.code) if why is None else ("refused", why)
    return Noted(row.pk, row.at, row.actor, row.door, outcome, row.deed, tuple(row.about), code, row.request)
