"""What the matching can be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..models import Identifier
from .models import Rule, Run
from .ruling import Accepting


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule of the retailer's that holds now."""

    id: int
    accepting: Accepting
    set_by: UUID
    set_at: datetime


@dataclass(frozen=True, slots=True)
class RunView:
    """One time that everybody was compared."""

    began_at: datetime
    ended_at: datetime
    records: int
    compared: int
    proposed: int
    accepted: int
    withdrawn: int


def rules() -> tuple[RuleView, ...]:
    """The rules that hold, the first set first. None, until the retailer sets one."""
    return tuple(_rule(row) for row in Rule.objects.filter(ended_at__isnull=True).order_by("pk"))


def last_run() -> RunView | None:
    """When everybody was compared last, and what came of it."""
    row = Run.objects.order_by("-pk").first()
    if row is None:
        return None
    return RunView(row.began_at, row.ended_at, row.records, row.compared, row.proposed, row.accepted, row.withdrawn)


def customers_of_numbers(numbers: Iterable[int]) -> dict[int, UUID]:
    """The customers who have the identifiers with these numbers now."""
    found = Identifier.objects.filter(pk__in=list(numbers), customer__isnull=False)
    return {number: customer for number, customer in found.values_list("pk", "customer") if customer}


def _rule(row: Rule) -> RuleView:
    accepting = Accepting(row.name, row.least, tuple(row.agreeing), row.uncontradicted)
    return RuleView(row.id, accepting, row.set_by, row.set_at)
