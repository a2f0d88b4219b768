"""What the timeline can be told to do."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from samband.kernel.refusal import NotFound

from .models import Delivery


def retry(delivery_id: int) -> None:
    """Try a delivery again that was set aside. Raises NotFound if it is not set aside."""
    if not _bring_back(Delivery.objects.filter(pk=delivery_id)):
        raise NotFound("No such delivery is set aside.")


def retry_all(reaction: str | None = None) -> int:
    """Try again everything that was set aside (by one reaction); returns how many."""
    rows = Delivery.objects.all() if reaction is None else Delivery.objects.filter(reaction=reaction)
    return _bring_back(rows)


def _bring_back(rows: QuerySet[Delivery]) -> int:
    return rows.filter(set_aside_at__isnull=False).update(set_aside_at=None, attempts=0, due_at=Now())
