"""What profiles can be told to do: reckon again. There is nothing else to change here."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction

from .models import Profile


@transaction.atomic
def refresh(customers: Collection[UUID]) -> int:
    """Reckon these customers' traits from what is there now; returns how many changed.

    Of ids that are no customer any more nothing is kept. Whoever refreshes waits for whoever does so already, so that
    what was reckoned earlier never stands over what was reckoned later.
    """
    raise NotImplementedError


@transaction.atomic
def rebuild() -> int:
    """Reckon everybody's; returns how many were not as they should have been."""
    raise NotImplementedError


def drop(customers: Collection[UUID]) -> int:
    """Forget what is known of ids that are no customer any more; returns how many."""
    return Profile.objects.filter(pk__in=list(customers)).delete()[0]
