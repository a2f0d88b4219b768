"""Keeping segments up to date: for customers of whom something changed."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from .models import Waiting


@transaction.atomic(savepoint=False)
def evaluate(customers: Collection[UUID]) -> int:
    """Reckon for these customers, who may be ids that are none any more, which segments they are in; how many changed.

    Joins the caller's transaction: whatever it changed is taken into account. Two who evaluate wait for one another.
    """
    return 0


def wake(customers: Collection[UUID]) -> None:
    """Have these customers evaluated soon. Joins the caller's transaction."""
    if customers:
        Waiting.objects.create(customers=sorted(customers))
