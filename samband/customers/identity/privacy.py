"""What identity knows of a person: give it out whole, or take it away for good."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from samband.kernel.identifier import KINDS
from samband.kernel.reach import Reach

from . import forgetting
from .models import Assertion, Identifier, Retraction, Review


def export(reach: Reach) -> dict[str, Any]:
    """Everything kept here about the customer, as plain values. Of others no more than their numbers."""
    numbers = list(reach.numbers)
    said = list(Assertion.objects.filter(Q(a__in=numbers) | Q(b__in=numbers)).order_by("id").values())
    known = Identifier.objects.filter(pk__in=numbers, erased_at__isnull=True).order_by("kind", "id")
    return {
        "customer": reach.customer,
        "identifiers": [{**row, "kind": KINDS[row["kind"]]} for row in known.values()],
        "assertions": said,
        "retractions": list(Retraction.objects.filter(assertion__in=[one["id"] for one in said]).values()),
        "reviews": list(Review.objects.filter(Q(a__in=numbers) | Q(b__in=numbers)).order_by("id").values()),
    }


@transaction.atomic
def erase(reach: Reach) -> None:
    """Leave nothing that names the person: the same as the command `forget`. Twice changes nothing."""
    forgetting.forget(reach.customer)
