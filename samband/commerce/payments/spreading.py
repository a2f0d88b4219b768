"""How money goes back over the tenders it came by: in proportion to what each still has, never more than that."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from samband.kernel.money import Money

from .refusals import MoreThanCaptured


@dataclass(frozen=True, slots=True)
class Kept:
    """What one payment took and has neither given back nor promised to (minor units)."""

    intent_id: UUID
    left: int


def spread(amount: Money, kept: Sequence[Kept]) -> tuple[tuple[UUID, Money], ...]:
    """Who gives back how much, the parts that are nothing left out. They sum to the amount exactly.

    In proportion (largest remainder; ties go to the earlier tender), so that after any series of refunds that comes to
    the whole each tender has given back exactly what it took. Raises MoreThanCaptured.
    """
    whole = sum(one.left for one in kept)
    if amount.amount > whole:
        raise MoreThanCaptured(left=whole, currency=amount.currency)
    parts = amount.split([one.left for one in kept])
    return tuple((one.intent_id, part) for one, part in zip(kept, parts, strict=True) if part)
