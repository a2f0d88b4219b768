"""What accounts can be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from samband.kernel.refusal import NotFound

from .models import Address, Contact, Customer
from .rules import Particulars


@dataclass(frozen=True)
class CustomerView:
    """A customer as the shop and its staff know them. An erased one has nothing left but the id."""

    id: UUID
    email: str | None
    name: str
    phone: str
    language: str
    market: str | None
    group: str | None
    source: str
    created_at: datetime
    erased_at: datetime | None


@dataclass(frozen=True)
class AddressView:
    """An address from the customer's book, or an order's copy of one."""

    id: UUID
    given: Particulars
    is_default: bool


@dataclass(frozen=True)
class ContactView:
    """Whom to tell about an order."""

    id: UUID
    customer_id: UUID | None
    email: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """What a customer, or a guest for an order, told of themselves: once for each address that they gave."""

    id: UUID
    email: str | None
    name: str
    phone: str
    given: Particulars | None


def customer(customer_id: UUID) -> CustomerView:
    """Raises NotFound."""
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise NotFound("There is no such customer.")
    return _customer(found)


def customers(customer_ids: Iterable[UUID]) -> dict[UUID, CustomerView]:
    """Those of these customers that exist."""
    return {found.id: _customer(found) for found in Customer.objects.filter(pk__in=list(customer_ids))}


def by_email(email: str) -> CustomerView | None:
    """The customer with this address, if any."""
    found = Customer.objects.filter(email=email.strip().lower()).first()
    return _customer(found) if found else None


def search(text: str = "", *, before: UUID | None = None, most: int = 50) -> tuple[CustomerView, ...]:
    """Customers whose address, name, telephone or reference begins with or holds the text; newest first."""
    found = Customer.objects.filter(erased_at__isnull=True)
    if text := text.strip()[:120].replace("\x00", ""):
        others = Q(name__icontains=text) | Q(phone__contains=text) | Q(source_reference=text)
        found = found.filter(_by_address_or(others, text))
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(_customer(one) for one in found.order_by("-pk")[:most])


def addresses(customer_id: UUID) -> tuple[AddressView, ...]:
    """The customer's address book, the usual one first."""
    found = Address.objects.filter(customer_id=customer_id).order_by("-is_default", "-created_at")
    return tuple(_address(one) for one in found)


def address(address_id: UUID) -> AddressView:
    """Raises NotFound."""
    found = Address.objects.filter(pk=address_id).first()
    if found is None:
        raise NotFound("There is no such address.")
    return _address(found)


def contact(contact_id: UUID) -> ContactView:
    """Raises NotFound."""
    if found := contacts([contact_id]).get(contact_id):
        return found
    raise NotFound("There is no such contact.")


def contacts(contact_ids: Iterable[UUID]) -> dict[UUID, ContactView]:
    """Those of these contacts that exist."""
    return {
        found.id: ContactView(found.id, found.customer_id, found.email, found.name, found.phone)
        for found in Contact.objects.filter(pk__in=list(contact_ids))
    }


def guest_contacts(customer_id: UUID) -> tuple[UUID, ...]:
    """Contacts of orders that this customer made as a guest: with the address that is theirs, before signing in."""
    email = Customer.objects.filter(pk=customer_id, email__isnull=False).values("email")
    found = Contact.objects.filter(customer_id__isnull=True, email__in=email)
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def contacts_of_emails(emails: Iterable[str]) -> tuple[UUID, ...]:
    """Contacts of orders that somebody made as a guest with one of these addresses."""
    found = Contact.objects.filter(customer_id__isnull=True, email__in=list(emails))
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def contact_ids(text: str, most: int = 200) -> tuple[UUID, ...]:
    """Contacts of orders whose address or name matches; newest first."""
    text = text.strip()[:120].replace("\x00", "")
    found = Contact.objects.filter(_by_address_or(Q(name__icontains=text), text)).order_by("-pk")
    return tuple(found.values_list("pk", flat=True)[:most])


def _by_address_or(others: Q, text: str) -> Q:
    """By how the address begins, or by others. A text with @ is an address: then an index finds it among a million."""
    begins = Q(email__startswith=text.lower())
    return begins if "@" in text else begins | others


def told_by_customers(
    after: UUID | None = None, most: int = 5000, only: Iterable[UUID] | None = None
) -> tuple[ToldView, ...]:
    """What so many customers told of themselves, those after one id (or of `only` these). Erased ones told nothing."""
    asked = Customer.objects.filter(erased_at__isnull=True)
    asked = asked if only is None else asked.filter(pk__in=list(only))
    asked = asked if after is None else asked.filter(pk__gt=after)
    rows = list(asked.order_by("pk")[:most].values_list("pk", "email", "name", "phone"))
    given = _given_by([row[0] for row in rows])
    return tuple(ToldView(*row, one) for row in rows for one in given.get(row[0]) or (None,))


def _given_by(customer_ids: list[UUID]) -> dict[UUID, tuple[Particulars, ...]]:
    """The addresses of customers, those of their orders too, each once."""
    found: dict[UUID, dict[Particulars, None]] = {}
    for row in Address.objects.filter(Q(customer_id__in=customer_ids) | Q(of_customer_id__in=customer_ids)):
        for whose in (row.customer_id, row.of_customer_id):
            if whose is not None:
                found.setdefault(whose, {})[_address(row).given] = None
    return {whose: tuple(given) for whose, given in found.items()}


def told_by_guests(
    after: UUID | None = None, most: int = 5000, only: Iterable[str] | None = None
) -> tuple[ToldView, ...]:
    """What so many guests told of themselves for an order, by contact, without addresses (`only`: of these mails)."""
    asked = Contact.objects.filter(customer_id__isnull=True)
    asked = asked if only is None else asked.filter(email__in=list(only))
    asked = asked if after is None else asked.filter(pk__gt=after)
    return tuple(
        ToldView(*row, None) for row in asked.order_by("pk")[:most].values_list("pk", "email", "name", "phone")
    )


def particulars(address_ids: Iterable[UUID]) -> dict[UUID, Particulars]:
    """Those of these addresses that exist, as they were given."""
    return {row.id: _address(row).given for row in Address.objects.filter(pk__in=list(address_ids))}


def _customer(row: Customer) -> CustomerView:
    return CustomerView(
        row.id,
        row.email,
        row.name,
        row.phone,
        row.language,
        row.market,
        row.group,
        row.source,
        row.created_at,
        row.erased_at,
    )


def _address(row: Address) -> AddressView:
    given = Particulars(row.name, row.line1, row.city, row.country, row.postcode, row.line2, row.phone)
    return AddressView(row.id, given, row.is_default)
