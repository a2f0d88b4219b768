"""What the matching can be told to do."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from samband.kernel.clock import now
from samband.kernel.refusal import NotFound

from .models import Rule, Run
from .odds import Model
from .refusals import MatchingUnderWay, NotARule, RuleNameTaken
from .ruling import AGREEING

LONGEST_NAME = 80


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else compares everybody meanwhile. Raises MatchingUnderWay."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended('identity_matching', 0))")
        if not cursor.fetchone()[0]:
            raise MatchingUnderWay()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended('identity_matching', 0))")


@transaction.atomic
def set_rule(name: str, least: float, agreeing: Collection[str], uncontradicted: bool, by: UUID) -> int:
    """Have proposals accepted by a rule from now on; returns its id. Raises NotARule, RuleNameTaken."""
    name = " ".join(name.split())
    wrong = [
        field
        for field, holds in (
            ("name", 0 < len(name) <= LONGEST_NAME and name.isprintable()),
            ("least", 0.9 <= least < 1),
            ("agreeing", bool(agreeing) and set(agreeing) <= set(AGREEING)),
        )
        if not holds
    ]
    if wrong:
        raise NotARule(fields=wrong)
    try:
        with transaction.atomic():
            rule = Rule.objects.create(
                name=name,
                least=least,
                agreeing=[field for field in AGREEING if field in agreeing],
                uncontradicted=uncontradicted,
                set_by=by,
                set_at=now(),
            )
    except IntegrityError as error:
        raise RuleNameTaken(name=name) from error
    return rule.id


@transaction.atomic
def end_rule(rule_id: int, by: UUID) -> None:
    """Accept nothing more by a rule; what it accepted stays until it is taken back. Raises NotFound."""
    if not Rule.objects.filter(pk=rule_id, ended_at__isnull=True).update(ended_at=now(), ended_by=by):
        raise NotFound("There is no such rule.")


@transaction.atomic
def note_run(
    began_at: datetime,
    model: Model | None,
    *,
    records: int,
    compared: int,
    proposed: int,
    accepted: int,
    withdrawn: int,
) -> None:
    """Write down that everybody was compared, what was learned, and what came of it."""
    learned = {} if model is None else {
        "probability": model.probability,
        "people": model.people,
        "odds": {
            field: {degree: [one.m, one.u] for degree, one in odds.items()} for field, odds in model.odds.items()
        },
    }  # fmt: skip
    Run.objects.create(
        began_at=began_at,
        ended_at=now(),
        records=records,
        compared=compared,
        proposed=proposed,
        accepted=accepted,
        withdrawn=withdrawn,
        model=learned,
    )
