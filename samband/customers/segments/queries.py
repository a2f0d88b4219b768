"""What segments can be asked."""

from uuid import UUID

from .models import Membership, Segment

RELATION = "segments_membership"
"""segment, customer, how (0 and 1: is in it now), entered_at."""


def of_customer(customer: UUID) -> tuple[str, ...]:
    """The segments that a customer is in, by name."""
    inside = Membership.objects.filter(customer=customer, how__lte=1).values("segment")
    return tuple(Segment.objects.filter(pk__in=inside).order_by("slug").values_list("slug", flat=True))


def members(slug: str, after: UUID | None = None, most: int = 50) -> tuple[UUID, ...]:
    """Who is in a segment, by id; `after` is where the page before ended. Raises UnknownSegment."""
    raise NotImplementedError
