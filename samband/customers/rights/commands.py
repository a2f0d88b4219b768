"""What rights can be told to do."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from samband.events.rights import (
    CustomerErased,
    DataFetched,
    DataHandedOut,
    KeepingChanged,
    KeptNoLonger,
    RightAsked,
    RightWithdrawn,
)
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.reach import Reach
from samband.timeline import record

from . import rules
from .models import Erasure, Keeping, Request, Suppressed
from .refusals import FileGone, NoSuchRequest, NoSuchRule, NotAgreed, RequestEnded

# --- requests


@transaction.atomic
def ask(
    kind: str,
    subject: UUID,
    *,
    by: str,
    account: UUID | None = None,
    member: UUID | None = None,
    ground: str = "own_wish",
    language: str = "en",
    agreed: bool = True,
) -> UUID:
    """Write down what somebody asks for; the request's id. Asking again while it is open is the same request.

    One that is not `agreed` waits until somebody of ours who may says so.
    """
    live = Request.objects.select_for_update().filter(subject=subject, kind=kind, state__in=rules.LIVE)
    if earlier := live.first():
        if agreed and earlier.state == "open":
            agree(earlier.id, member)
        return earlier.id
    at, request_id = now(), new_id()
    try:
        with transaction.atomic():
            Request.objects.create(
                id=request_id, kind=kind, state="agreed" if agreed else "open", subject=subject, account=account,
                by=by, member=member, agreed_by=member if agreed else None, ground=ground, language=language,
                asked_at=at, deadline=rules.deadline(at), due_at=at if agreed else None,
            )  # fmt: skip
    except IntegrityError:  # two of their windows at once
        return live.get().id
    record(RightAsked(request_id=request_id, customer_id=subject, kind=kind, by=by))
    return request_id


@transaction.atomic
def agree(request_id: UUID, member: UUID | None) -> None:
    """Let an open request be done. Raises NoSuchRequest, RequestEnded."""
    found = _live(request_id)
    if found.state == "open":
        Request.objects.filter(pk=found.pk).update(state="agreed", agreed_by=member, due_at=now())


@transaction.atomic
def withdraw(request_id: UUID) -> RightWithdrawn:
    """It is not wanted any more. Raises NoSuchRequest, RequestEnded."""
    found = _live(request_id)
    _end(found, "withdrawn", "withdrawn")
    withdrawn = RightWithdrawn(request_id=request_id, customer_id=found.subject)
    record(withdrawn)
    return withdrawn


@transaction.atomic
def wait(request_id: UUID, because: str) -> None:
    """Something of the customer's must end first; looked at again in a while. Raises NoSuchRequest, RequestEnded."""
    found = _live(request_id)
    at = now() + rules.LOOK_AGAIN
    Request.objects.filter(pk=found.pk).update(state="waiting", because=because, due_at=at)


@transaction.atomic
def put_off(request_id: UUID) -> None:
    """What was tried and failed is tried again later."""
    Request.objects.filter(pk=request_id, state__in=rules.LIVE).update(due_at=now() + rules.LOOK_AGAIN)


@transaction.atomic
def hand_out(request_id: UUID, file: str, size: int) -> DataHandedOut:
    """The export lies ready. Raises NoSuchRequest, RequestEnded, NotAgreed."""
    found = _live(request_id)
    if found.state == "open":
        raise NotAgreed()
    Request.objects.filter(pk=found.pk).update(
        state="done", because="", due_at=None, ended_at=now(), file=file, size=size,
        good_until=now() + rules.FILE_GOOD_FOR,
    )  # fmt: skip
    handed = DataHandedOut(request_id=request_id, customer_id=found.subject, size=size)
    record(handed)
    return handed


@transaction.atomic
def note_fetched(request_id: UUID, by: str) -> str:
    """The export is fetched now; the name of its file. Raises NoSuchRequest, FileGone."""
    found = Request.objects.filter(pk=request_id).first()
    if found is None:
        raise NoSuchRequest()
    if not found.file or found.good_until is None or found.good_until <= now():
        raise FileGone()
    record(DataFetched(request_id=request_id, customer_id=found.subject, by=by))
    return str(found.file)


def note_gone(files: Iterable[str]) -> None:
    """These exports are not there any more."""
    Request.objects.filter(file__in=list(files)).update(file="", size=0)


def _live(request_id: UUID) -> Request:
    found = Request.objects.select_for_update().filter(pk=request_id).first()
    if found is None:
        raise NoSuchRequest()
    if found.state not in rules.LIVE:
        raise RequestEnded(state=found.state)
    return found


def _end(found: Request, state: str, because: str = "") -> None:
    Request.objects.filter(pk=found.pk).update(state=state, because=because, due_at=None, ended_at=now())


# --- erasures


@transaction.atomic
def begin_erasure(
    reach: Reach, keys: Iterable[UUID], sought: Mapping[str, Any], request_id: UUID | None = None
) -> UUID:
    """Write down that a person is about to be forgotten, and what files are searched for; the erasure's id.

    One that was begun for the same person and not finished goes on. Raises NotAgreed, NoSuchRequest, RequestEnded.
    """
    if request_id is not None and _live(request_id).state == "open":
        raise NotAgreed()
    unfinished = Erasure.objects.select_for_update().filter(customer=reach.customer).exclude(state="done")
    if earlier := unfinished.first():
        return earlier.id
    made = Erasure.objects.create(
        id=new_id(), request=request_id, customer=reach.customer, accounts=list(reach.accounts),
        keys=sorted({*keys}), state="begun", sought=dict(sought), began_at=now(),
    )  # fmt: skip
    return made.id


def note_rooms(erasure_id: UUID, counts: Mapping[str, int]) -> CustomerErased:
    """Every room has let go, in the transaction that is open: nobody imports them again from now on."""
    made = Erasure.objects.select_for_update().get(pk=erasure_id)
    Erasure.objects.filter(pk=made.pk).update(state="rooms", counts=dict(counts))
    suppress(made.id, made.keys, made.began_at)
    erased = CustomerErased(erasure_id=made.id, customer_id=made.customer, accounts=tuple(made.accounts))
    record(erased)
    return erased


@transaction.atomic
def finish_erasure(erasure_id: UUID) -> None:
    """The files are gone too: nothing here tells what was looked for."""
    made = Erasure.objects.select_for_update().get(pk=erasure_id)
    Erasure.objects.filter(pk=made.pk).update(state="done", sought=None, done_at=now())
    if made.request:
        for found in Request.objects.filter(pk=made.request, state__in=rules.LIVE):
            _end(found, "done")


@transaction.atomic
def note_again(erasure_id: UUID, customer: UUID, accounts: Iterable[UUID], keys: Iterable[UUID], at: datetime) -> None:
    """Write an erasure down that a restored backup does not know of; nobody imports these keys again. Twice is once."""
    held = sorted({*keys})
    Erasure.objects.get_or_create(
        id=erasure_id,
        defaults={
            "customer": customer, "accounts": list(accounts), "keys": held, "state": "done", "began_at": at,
            "done_at": now(),
        },
    )  # fmt: skip
    suppress(erasure_id, held, at)


def suppress(erasure_id: UUID, keys: Iterable[UUID], at: datetime) -> None:
    """No import may bring these back."""
    rows = [Suppressed(key=key, erasure=erasure_id, at=at) for key in sorted({*keys})]
    Suppressed.objects.bulk_create(rows, ignore_conflicts=True)


def lift(keys: Iterable[UUID]) -> int:
    """Whoever these belong to came themselves; how many were held back until now."""
    return Suppressed.objects.filter(key__in=list(keys)).delete()[0]


# --- keeping


@transaction.atomic
def keep(rule: str, days: int | None, by: UUID) -> KeepingChanged:
    """Let a rule count so many days from now on; None: nothing is let go by it. Raises NoSuchRule."""
    usual = rules.USUAL.get(rule)
    if usual is None or (days is not None and not usual.least <= days <= 36_500):
        raise NoSuchRule(rule=rule[:40], least=usual.least if usual else 0)
    Keeping.objects.update_or_create(rule=rule, defaults={"days": days, "by": by, "at": now()})
    changed = KeepingChanged(rule=rule, days=days, by=by)
    record(changed)
    return changed


@transaction.atomic
def note_kept_no_longer(rule: str, count: int) -> None:
    """Write down that so many were let go."""
    record(KeptNoLonger(rule=rule, count=count))
