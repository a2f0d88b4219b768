"""What accounts knows of a person: give it out whole, take it away for good, or let go of it in time."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from samband.kernel.clock import now
from samband.kernel.reach import Reach

from .models import Address, Contact, Customer, SignInCode

NOBODY = {"email": "", "name": "", "phone": ""}
NOWHERE = {"name": "", "line1": "", "line2": "", "postcode": "", "city": "", "phone": ""}


def widen(reach: Reach) -> Reach:
    """With whom to tell about their orders, those they made as a guest with an address of theirs too, and where
    goods went.
    """
    contacts = Contact.objects.filter(
        Q(customer_id__in=reach.accounts)
        | Q(customer_id__isnull=True, email__in=reach.emails)
        | Q(pk__in=reach.contacts)
    )
    addresses = Address.objects.filter(
        Q(of_customer_id__in=reach.accounts) | Q(customer_id__in=reach.accounts) | Q(pk__in=reach.addresses)
    )
    return replace(
        reach,
        contacts=tuple(sorted(contacts.values_list("pk", flat=True))),
        addresses=tuple(sorted(addresses.values_list("pk", flat=True))),
    )


def strays(reach: Reach) -> tuple[UUID, ...]:
    """Addresses of guests of the same name as these: one that an order of theirs had before it was put right may be
    among them. Only whoever knows which addresses are in use can tell.
    """
    names = set(Contact.objects.filter(pk__in=reach.contacts).values_list("name", flat=True))
    names |= set(Address.objects.filter(pk__in=reach.addresses).values_list("name", flat=True))
    found = Address.objects.filter(customer_id__isnull=True, of_customer_id__isnull=True, name__in=names - {""})
    return tuple(found.exclude(pk__in=reach.addresses).values_list("pk", flat=True))


def export(reach: Reach) -> dict[str, Any]:
    """Everything kept here about the customer, as plain values."""
    codes = SignInCode.objects.filter(email__in=reach.emails).order_by("asked_at")
    return {
        "customer": list(Customer.objects.filter(pk__in=reach.accounts).values()),
        "addresses": list(Address.objects.filter(pk__in=reach.addresses).order_by("pk").values()),
        "contacts": list(Contact.objects.filter(pk__in=reach.contacts).order_by("pk").values()),
        "sign_in_codes": list(codes.values("asked_at", "expires_at", "used_at", "attempts")),
    }


@transaction.atomic
def erase(reach: Reach) -> int:
    """Leave nothing that names the person; ids stay, so that the books of orders still balance. How many rows it was.

    What they ordered as a guest, with an address that they proved to be theirs, named them too.
    """
    done = SignInCode.objects.filter(email__in=reach.emails).delete()[0]
    done += Address.objects.filter(customer_id__in=reach.accounts).delete()[0]
    done += Address.objects.filter(pk__in=reach.addresses).update(**NOWHERE)
    done += Contact.objects.filter(pk__in=reach.contacts).update(**NOBODY)
    done += Customer.objects.filter(pk__in=reach.accounts, erased_at__isnull=True).update(
        email=None, name="", phone="", source_reference=None, group=None, erased_at=now()
    )
    return int(done)


def particulars(account_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What a search for the person looks for: address, telephone, and what other systems call them."""
    found = Customer.objects.filter(pk__in=list(account_ids)).order_by("pk")
    columns = ("id", "email", "name", "phone", "source", "source_reference", "language", "market")
    return [dict(row) for row in found.values(*columns)]


def of_emails(emails: Iterable[str], before: datetime | None = None) -> tuple[UUID, ...]:
    """The accounts with these addresses (made before then)."""
    return _ids(Customer.objects.filter(email__in=list(emails)), before)


def guests_of(emails: Iterable[str], before: datetime | None = None) -> tuple[UUID, ...]:
    """Whom to tell about orders that guests made with these addresses (before then)."""
    return _ids(Contact.objects.filter(email__in=list(emails), customer_id__isnull=True), before)


def _ids(found: Any, before: datetime | None) -> tuple[UUID, ...]:
    if before is not None:
        found = found.filter(created_at__lt=before)
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def every_email() -> Iterator[tuple[str, datetime]]:
    """Every address that is kept here, of customers and of guests, with when each row was made."""
    customers = Customer.objects.filter(email__isnull=False).values_list("email", "created_at")
    contacts = Contact.objects.exclude(email="").values_list("email", "created_at")
    for rows in (customers, contacts):
        for email, at in rows.iterator(5000):
            yield str(email), at


def named(contact_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these contacts that still name somebody."""
    found = Contact.objects.filter(pk__in=list(contact_ids)).exclude(**NOBODY)
    return frozenset(found.values_list("pk", flat=True))


def forget_contacts(contact_ids: Collection[UUID], address_ids: Collection[UUID]) -> int:
    """Empty whom to tell about orders and where their goods went; how many contacts still named somebody."""
    done = Contact.objects.filter(pk__in=list(contact_ids)).exclude(**NOBODY).update(**NOBODY)
    # One that stands in somebody's book is theirs to remove.
    Address.objects.filter(pk__in=list(address_ids), customer_id__isnull=True).update(**NOWHERE)
    return done


def old_codes(before: datetime) -> int:
    """How many sign-in codes were asked for before then."""
    return SignInCode.objects.filter(asked_at__lt=before).count()


def forget_codes(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    chosen = list(SignInCode.objects.filter(asked_at__lt=before).values_list("pk", flat=True)[:most])
    return SignInCode.objects.filter(pk__in=chosen).delete()[0]
