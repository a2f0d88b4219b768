"""What rights can be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from samband.kernel.clock import now

from . import rules
from .models import Erasure, Keeping, Request, Suppressed
from .refusals import NoSuchRequest


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request. `is_late` once its deadline is past and nobody answered; `file` while an export can be fetched."""

    id: UUID
    kind: str
    state: str
    subject: UUID
    account: UUID | None
    by: str
    member: UUID | None
    agreed_by: UUID | None
    ground: str
    language: str
    because: str
    asked_at: datetime
    deadline: datetime
    ended_at: datetime | None
    file: str
    size: int
    good_until: datetime | None

    @property
    def is_live(self) -> bool:
        return self.state in rules.LIVE

    @property
    def is_late(self) -> bool:
        return self.is_live and self.deadline < now()


@dataclass(frozen=True, slots=True)
class ErasureView:
    """An erasure that has begun. `sought` is what files are searched for, until they were."""

    id: UUID
    request: UUID | None
    customer: UUID
    accounts: tuple[UUID, ...]
    keys: tuple[UUID, ...]
    state: str
    sought: Mapping[str, Any]
    counts: Mapping[str, int]
    began_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeepingView:
    """A rule and how many days count here; `usual` unless the house set it otherwise."""

    rule: rules.Rule
    days: int | None
    usual: bool


def request(request_id: UUID) -> RequestView:
    """Raises NoSuchRequest."""
    found = Request.objects.filter(pk=request_id).first()
    if found is None:
        raise NoSuchRequest()
    return _request(found)


def requests(state: str = "", before: UUID | None = None, most: int = 50) -> tuple[RequestView, ...]:
    """All of them, or those of a state (`live`: all that are not over), the one due first, else the newest."""
    found = Request.objects.all()
    if state == "live":
        return tuple(_request(one) for one in found.filter(state__in=rules.LIVE).order_by("deadline")[:most])
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(_request(one) for one in found.order_by("-pk")[:most])


def of(subjects: Iterable[UUID], account: UUID | None = None, most: int = 20) -> tuple[RequestView, ...]:
    """What was asked for this customer, newest first."""
    found = Request.objects.filter(Q(subject__in=list(subjects)) | Q(account=account, account__isnull=False))
    return tuple(_request(one) for one in found.order_by("-pk")[:most])


def due(kind: str, most: int = 20) -> tuple[UUID, ...]:
    """Requests that can be looked at now."""
    found = Request.objects.filter(kind=kind, state__in=("agreed", "waiting"), due_at__lte=now())
    return tuple(found.order_by("due_at").values_list("pk", flat=True)[:most])


def lapsed_files(most: int = 100) -> tuple[str, ...]:
    """Exports that nobody may fetch any more."""
    found = Request.objects.filter(good_until__lte=now()).exclude(file="")
    return tuple(found.values_list("file", flat=True)[:most])


def erasure(erasure_id: UUID) -> ErasureView:
    """Raises NoSuchRequest."""
    found = Erasure.objects.filter(pk=erasure_id).first()
    if found is None:
        raise NoSuchRequest()
    return _erasure(found)


def unfinished(most: int = 20) -> tuple[ErasureView, ...]:
    """Erasures that were begun and left, oldest first."""
    return tuple(_erasure(one) for one in Erasure.objects.exclude(state="done").order_by("began_at")[:most])


def suppressed(keys: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these keyed hashes that no import may bring back."""
    return frozenset(Suppressed.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def keeping() -> tuple[KeepingView, ...]:
    """Every rule, as it counts here."""
    own = dict(Keeping.objects.values_list("rule", "days"))
    return tuple(
        KeepingView(rule, rules.days_of(rule, own), own.get(code, rule.days) == rule.days)
        for code, rule in rules.USUAL.items()
    )


def _request(row: Request) -> RequestView:
    readable = row.file and row.good_until and row.good_until > now()
    return RequestView(
        row.id, row.kind, row.state, row.subject, row.account, row.by, row.member, row.agreed_by, row.ground,
        row.language, row.because, row.asked_at, row.deadline, row.ended_at, row.file if readable else "", row.size,
        row.good_until,
    )  # fmt: skip


def _erasure(row: Erasure) -> ErasureView:
    return ErasureView(
        row.id, row.request, row.customer, tuple(row.accounts), tuple(row.keys), row.state, row.sought or {},
        row.counts, row.began_at, row.done_at,
    )  # fmt: skip
