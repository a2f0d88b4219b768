"""What profiles can be asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.money import MINOR_DIGITS, Money

from .models import Profile
from .relations import relations
from .traits import TRAITS, Trait

__all__ = [
    "RELATION",
    "TRAITS",
    "ProfileView",
    "Trait",
    "customers_of",
    "known_money",
    "profile",
    "profiles",
    "unreckoned",
]

RELATION = "profiles_profile"
"""For whoever counts with sets: one row a customer (`customer` uuid, the key), the columns of TRAITS beside it.

A customer whom nobody has looked at yet has no row; `flows.follow_customers` sees to it that all have one.
"""


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A customer's traits; amounts in the smallest unit of `currency`, `spent` in that of each."""

    customer: UUID
    first_seen: datetime | None
    last_seen: datetime | None
    first_channel: str | None
    last_channel: str | None
    channels: int
    touchpoints: int
    active_days: int
    has_account: bool
    has_email: bool
    has_phone: bool
    has_loyalty: bool
    orders: int
    first_order_at: datetime | None
    last_order_at: datetime | None
    order_gap_days: int | None
    value: int
    currency: str | None
    average_order: int | None
    refunded: int
    spent: dict[str, int]
    returns: int
    favourite_category: str | None
    preferred_store: str | None
    payment_habit: str | None
    delivery_habit: str | None
    country: str | None
    language: str | None

    @classmethod
    def of_nothing(cls, customer: UUID) -> "ProfileView":
        """What is known of somebody whom the follower has not come to yet."""
        nothing = Profile(customer=customer)
        return cls(*(getattr(nothing, name) for name in cls.__slots__))

    def recency_days(self, at: datetime) -> int | None:
        """Whole days since they were last seen, at a moment."""
        return None if self.last_seen is None else max(0, (at - self.last_seen).days)

    def worth(self) -> Money | None:
        """Their value, where the house knows the currency."""
        return known_money(self.value, self.currency)


def known_money(amount: int | None, currency: str | None) -> Money | None:
    """The amount as money, if it is one and the house knows its currency."""
    return Money(amount, currency) if amount is not None and currency in MINOR_DIGITS else None


def profile(customer: UUID) -> ProfileView | None:
    """What is known of a customer; nothing of one whom the follower has not come to yet."""
    return profiles([customer]).get(customer)


def profiles(customers: Iterable[UUID]) -> dict[UUID, ProfileView]:
    """The same of several, in one statement."""
    found = Profile.objects.filter(pk__in=list(customers)).values_list(*ProfileView.__slots__)
    return {row[0]: ProfileView(*row) for row in found}


def customers_of(numbers: Collection[int]) -> set[UUID]:
    """The customers who have the identifiers with these numbers now."""
    if not numbers:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct customer from {relations().identifiers}"
            " where id = any(%s::bigint[]) and customer is not null",
            [list(numbers)],
        )
        return {row[0] for row in cursor.fetchall()}


def unreckoned(most: int) -> set[UUID]:
    """So many customers at most of whom nothing is kept yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct i.customer from {relations().identifiers} i where i.customer is not null"
            " and not exists (select from profiles_profile p where p.customer = i.customer) limit %s",
            [most],
        )
        return {row[0] for row in cursor.fetchall()}
