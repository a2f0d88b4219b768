"""What fulfillment can be asked about substitutes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from samband.kernel.money import Money

from .models import Substitution
from .refusals import UnknownSubstitution


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    """Something else in place of goods. `worth` was paid for them, `price` is charged: the `difference` goes back.

    `state`: proposed, agreed, declined, lapsed; `answered_by`: customer, counter, nobody.
    """

    id: UUID
    fulfillment_id: UUID
    order_id: UUID
    location: str
    sku: str
    quantity: int
    substitute: str
    worth: Money
    price: Money
    missing: bool
    state: str
    answered_by: str
    proposed_at: datetime
    answer_until: datetime

    @property
    def difference(self) -> Money:
        return self.worth - self.price


def substitution(substitution_id: UUID) -> SubstitutionView:
    """One substitute. Raises UnknownSubstitution."""
    found = _views(Substitution.objects.filter(pk=substitution_id))
    if not found:
        raise UnknownSubstitution(substitution=str(substitution_id))
    return found[0]


def of_order(order_id: UUID) -> tuple[SubstitutionView, ...]:
    """All that was proposed for an order, the latest first."""
    return _views(Substitution.objects.filter(fulfillment__order_id=order_id).order_by("-proposed_at", "-id"))


def of_fulfillment(fulfillment_id: UUID) -> tuple[SubstitutionView, ...]:
    """All that was proposed for one parcel, pickup or serving, the latest first."""
    return _views(Substitution.objects.filter(fulfillment_id=fulfillment_id).order_by("-proposed_at", "-id"))


def overdue(at: datetime, most: int = 100) -> tuple[SubstitutionView, ...]:
    """What nobody answered in time, the longest first."""
    due = Substitution.objects.filter(state="proposed", answer_until__lte=at)
    return _views(due.order_by("answer_until", "id")[:most])


def _views(rows: Any) -> tuple[SubstitutionView, ...]:
    return tuple(_view(row) for row in rows.select_related("fulfillment"))


def _view(row: Substitution) -> SubstitutionView:
    return SubstitutionView(
        id=row.pk,
        fulfillment_id=row.fulfillment_id,
        order_id=row.fulfillment.order_id,
        location=row.fulfillment.location,
        sku=row.sku,
        quantity=row.quantity,
        substitute=row.substitute,
        worth=Money(row.worth, row.currency),
        price=Money(row.price, row.currency),
        missing=row.missing,
        state=row.state,
        answered_by=row.answered_by,
        proposed_at=row.proposed_at,
        answer_until=row.answer_until,
    )
