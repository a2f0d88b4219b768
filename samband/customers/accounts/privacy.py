"""What accounts knows of a person: give it out whole, or take it away for good."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from samband.kernel.clock import now

from .models import Address, Contact, Customer, SignInCode


def export(customer_id: UUID) -> dict[str, Any]:
    """Everything kept here about the customer, as plain values."""
    return {
        "customer": list(Customer.objects.filter(pk=customer_id).values()),
        "addresses": list(Address.objects.filter(of_customer_id=customer_id).values()),
        "contacts": list(Contact.objects.filter(Q(customer_id=customer_id) | _as_guest(customer_id)).values()),
    }


def _as_guest(customer_id: UUID) -> Q:
    email = Customer.objects.filter(pk=customer_id, email__isnull=False).values("email")
    return Q(customer_id__isnull=True, email__in=email)


@transaction.atomic
def erase(customer_id: UUID) -> None:
    """Leave nothing that names the person; ids stay, so that the books of orders still balance."""
    email = Customer.objects.filter(pk=customer_id).values_list("email", flat=True).first()
    if email:
        SignInCode.objects.filter(email=email).delete()
        # What they ordered as a guest, with the address that they proved to be theirs, names them too.
        Contact.objects.filter(email=email, customer_id__isnull=True).update(email="", name="", phone="")
    Address.objects.filter(customer_id=customer_id).delete()
    Address.objects.filter(of_customer_id=customer_id).update(
        name="", line1="", line2="", postcode="", city="", phone=""
    )
    Contact.objects.filter(customer_id=customer_id).update(email="", name="", phone="")
    Customer.objects.filter(pk=customer_id).update(
        email=None, name="", phone="", source_reference=None, group=None, erased_at=now()
    )
