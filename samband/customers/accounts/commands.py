"""What accounts can be told to do."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from samband.events.accounts import CustomerChanged, CustomerRegistered, CustomerSignedIn, SignInCodeAsked
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.refusal import Invalid, NotFound
from samband.timeline import record

from . import rules
from .holding_back import held_back
from .models import Address, Customer, SignInCode
from .refusals import EmailTaken, TooManyCodes, WrongCode
from .rules import Particulars

CODE_LASTS = timedelta(minutes=10)
CODES_AN_HOUR = 5
TRIES_A_CODE = 5


@dataclass(frozen=True)
class Asked:
    """A code that was made: to be mailed, never logged or kept in clear."""

    id: UUID
    email: str
    code: str


@transaction.atomic
def ask_code(email: str, language: str) -> Asked:
    """Make a code of six digits with which this address can be proved. Raises NotAnEmail, TooManyCodes.

    Whether we know the address is not told: the answer is the same.
    """
    email = rules.email(email)
    with connection.cursor() as cursor:
        # One at a time for an address, or two at once would both be the fifth.
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 3))", [email])
    if SignInCode.objects.filter(email=email, asked_at__gt=now() - timedelta(hours=1)).count() >= CODES_AN_HOUR:
        raise TooManyCodes()
    code = f"{secrets.randbelow(1_000_000):06}"
    asked = Asked(new_id(), email, code)
    SignInCode.objects.create(
        id=asked.id, email=email, code_hash=_hash(asked.id, code), asked_at=now(), expires_at=now() + CODE_LASTS
    )
    record(SignInCodeAsked(code_id=asked.id, language=_language(language)))
    return asked


def sign_in(
    email: str, code: str, channel: str, language: str = DEFAULT, market: str | None = None
) -> CustomerSignedIn:
    """Let the address in for the latest code mailed to it; the first time makes a customer of it.

    Raises WrongCode. A wrong try is counted even though the command refuses: five spoil the code.
    """
    email = rules.email(email)
    if not _use(email, code):
        raise WrongCode()
    with transaction.atomic():
        customer_id = register(email, source=channel, language=language, market=market)
        signed_in = CustomerSignedIn(customer_id=customer_id, channel=channel)
        record(signed_in)
    return signed_in


def prove(email: str, code: str) -> None:
    """Take the latest code mailed to an address as proof that it is theirs. Raises WrongCode, NotAnEmail.

    A wrong try is counted even though the command refuses: five spoil the code.
    """
    if not _use(rules.email(email), code):
        raise WrongCode()


@transaction.atomic
def _use(email: str, code: str) -> bool:
    live = (
        SignInCode.objects.select_for_update()
        .filter(email=email, used_at__isnull=True, expires_at__gt=now(), attempts__lt=TRIES_A_CODE)
        .order_by("-asked_at")
        .first()
    )
    if live is None:
        return False
    right = hmac.compare_digest(live.code_hash, _hash(live.id, "".join(code.split())[:12]))
    live.attempts += 1
    live.used_at = now() if right else None
    live.save(update_fields=["attempts", "used_at"])
    return right


def _hash(code_id: UUID, code: str) -> str:
    """Keyed with the server's secret, so that the table alone does not give the million codes away."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{code_id}:{code}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def register(
    email: str, *, source: str, name: str = "", phone: str = "", language: str = DEFAULT, market: str | None = None
) -> UUID:
    """The id of the customer with this address, who is made if there is none yet."""
    email = rules.email(email)
    customer_id = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_customer (id, email, name, phone, language, market, source, created_at)"
            " values (%s::uuid, %s, %s, %s, %s, %s, %s, %s::timestamptz) on conflict (email) do nothing",
            [customer_id, email, name, phone, _language(language), market, source, now()],
        )
        if cursor.rowcount:
            record(CustomerRegistered(customer_id=customer_id, source=source))
            return customer_id
        cursor.execute("select id from accounts_customer where email = %s", [email])
        known: UUID = cursor.fetchone()[0]
        return known


@transaction.atomic
def change(
    customer_id: UUID,
    *,
    name: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    email: str | None = None,
    group: str | None = None,
) -> CustomerChanged:
    """Change what is given and leave the rest; `group` "" takes the customer out of theirs.

    Raises EmailTaken, NotFound.
    """
    customer = _locked(customer_id)
    if name is not None:
        customer.name = rules.name(name)
    if phone is not None:
        customer.phone = rules.phone(phone, customer.market)
    if language is not None:
        customer.language = _language(language)
    if group is not None:
        customer.group = group.strip()[:40] or None
    if email is not None:
        customer.email = rules.email(email)
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as error:
        raise EmailTaken() from error
    changed = CustomerChanged(customer_id=customer_id)
    record(changed)
    return changed


@transaction.atomic
def save_address(
    customer_id: UUID, given: Particulars, *, address_id: UUID | None = None, default: bool = False
) -> UUID:
    """Keep an address in the customer's book, or change one of theirs. Raises AddressIncomplete, NotFound."""
    _locked(customer_id)
    clean = rules.address(given)
    mine = Address.objects.filter(customer_id=customer_id)
    if address_id is not None and not mine.filter(pk=address_id).exists():
        raise NotFound("There is no such address.")
    if default or not mine.exists():
        default = True
        mine.update(is_default=False)
    fields = {"customer_id": customer_id, "of_customer_id": customer_id, "is_default": default, **_columns(clean)}
    address, _ = Address.objects.update_or_create(
        pk=address_id or new_id(), defaults=fields, create_defaults={**fields, "created_at": now()}
    )
    record(CustomerChanged(customer_id=customer_id))
    return address.id


@transaction.atomic
def remove_address(customer_id: UUID, address_id: UUID) -> None:
    """Take an address out of the customer's book; orders keep their own copy. Raises NotFound."""
    _locked(customer_id)
    removed, _ = Address.objects.filter(pk=address_id, customer_id=customer_id).delete()
    if not removed:
        raise NotFound("There is no such address.")
    record(CustomerChanged(customer_id=customer_id))


def keep_contact(
    email: str, name: str, phone: str = "", *, customer_id: UUID | None = None, country: str | None = None
) -> UUID:
    """Keep whom to tell about an order. Raises NotAnEmail, NotAPhone, Invalid."""
    clean = (rules.email(email), rules.name(name), rules.phone(phone, country))
    contact_id = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_contact (id, customer_id, email, name, phone, created_at)"
            " values (%s::uuid, %s::uuid, %s, %s, %s, %s::timestamptz)",
            [contact_id, customer_id, *clean, now()],
        )
    return contact_id


def keep_address(given: Particulars, *, customer_id: UUID | None = None) -> UUID:
    """Keep an order's own copy of where its goods go. Raises AddressIncomplete."""
    address_id = new_id()
    kept = {"id": address_id, "customer": customer_id, "at": now(), **_columns(rules.address(given))}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_ADDRESS, kept)
    return address_id


def keep_particulars(
    email: str,
    name: str,
    phone: str,
    addresses: Sequence[Particulars],
    *,
    customer_id: UUID | None = None,
    country: str | None = None,
) -> tuple[UUID, tuple[UUID, ...]]:
    """Keep whom to tell about an order and where its goods go, in one statement: the ids of the contact and of each.

    Raises NotAnEmail, NotAPhone, AddressIncomplete, Invalid.
    """
    if not addresses:
        return keep_contact(email, name, phone, customer_id=customer_id, country=country), ()
    contact_id = new_id()
    kept = {
        "id": contact_id,
        "customer": customer_id,
        "email": rules.email(email),
        "name": rules.name(name),
        "phone": rules.phone(phone, country),
        "at": now(),
    }
    places = [{"id": new_id(), **_columns(rules.address(given))} for given in addresses]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_PARTICULARS, {**kept, "addresses": msgspec.json.encode(places).decode()})
    return contact_id, tuple(place["id"] for place in places)


_KEEP_PARTICULARS = """
with contact as (
    insert into accounts_contact (id, customer_id, email, name, phone, created_at)
    values (%(id)s::uuid, %(customer)s::uuid, %(email)s, %(name)s, %(phone)s, %(at)s::timestamptz)
)
insert into accounts_address (
    id, of_customer_id, name, line1, line2, postcode, city, country, phone, is_default, created_at)
select id, %(customer)s::uuid, name, line1, line2, postcode, city, country, phone, false, %(at)s::timestamptz
from json_to_recordset(%(addresses)s::json) as a (
    id uuid, name text, line1 text, line2 text, postcode text, city text, country text, phone text)
"""

_KEEP_ADDRESS = """
insert into accounts_address (
    id, of_customer_id, name, line1, line2, postcode, city, country, phone, is_default, created_at)
values (%(id)s::uuid, %(customer)s::uuid, %(name)s, %(line1)s, %(line2)s, %(postcode)s, %(city)s, %(country)s,
        %(phone)s, false, %(at)s::timestamptz)
"""


@dataclass(frozen=True)
class Known:
    """A customer as another system knew them. `reference` is that system's id for them."""

    reference: str
    email: str | None = None
    name: str = ""
    phone: str = ""
    language: str = DEFAULT
    market: str | None = None


@transaction.atomic
def bring_in(source: str, customers: Iterable[Known]) -> dict[str, UUID]:
    """Take over another system's customers, each once; returns our ids by their references.

    One whose e-mail address we know already is that customer. Whoever asked to be forgotten is left out.
    """
    given = list(customers)
    away = held_back([(one.reference, one.email, one.phone) for one in given], source)
    given = [one for one in given if one.reference not in away]
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 4))", [source])
        known = dict(Customer.objects.filter(source=source).values_list("source_reference", "id"))
        by_email = dict(
            Customer.objects.filter(email__in=[one.email for one in given if one.email]).values_list("email", "id")
        )
        fresh: dict[str, UUID] = {}
        with cursor.copy(
            "copy accounts_customer"
            " (id, email, name, phone, language, market, source, source_reference, created_at) from stdin"
        ) as copy:
            for one in given:
                if one.reference in known:
                    continue
                if one.email and one.email in by_email:
                    known[one.reference] = by_email[one.email]
                    continue
                known[one.reference] = fresh[one.reference] = customer_id = new_id()
                if one.email:
                    by_email[one.email] = customer_id
                row = (customer_id, one.email, one.name, one.phone, _language(one.language), one.market)
                copy.write_row((*row, source, one.reference, now()))
    return {one.reference: known[one.reference] for one in given}


@dataclass(frozen=True)
class Reached:
    """Whom another system told about an order. `reference` is that system's name for the order."""

    reference: str
    email: str
    name: str = ""
    phone: str = ""
    customer_id: UUID | None = None


@transaction.atomic
def bring_in_contacts(source: str, contacts: Iterable[Reached]) -> dict[str, UUID]:
    """Take over whom another system told about its orders, each once; returns our ids by the orders' references.

    Of whoever asked to be forgotten nothing is kept.
    """
    given = list(contacts)
    away = held_back([(one.reference, one.email, one.phone) for one in given], f"contact:{source}")
    given = [one for one in given if one.reference not in away]
    ids = {one.reference: uuid5(NAMESPACE_URL, f"samband:contact:{source}:{one.reference}") for one in given}
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_contact (id, customer_id, email, name, phone, created_at)"
            " select id, customer_id, email, name, phone, %s::timestamptz"
            " from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[])"
            " as told (id, customer_id, email, name, phone) order by id on conflict (id) do nothing",
            [
                now(),
                [ids[one.reference] for one in given],
                [one.customer_id for one in given],
                [one.email for one in given],
                [one.name for one in given],
                [one.phone for one in given],
            ],
        )
    return ids


def _locked(customer_id: UUID) -> Customer:
    customer = Customer.objects.select_for_update().filter(pk=customer_id, erased_at__isnull=True).first()
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


def _columns(clean: Particulars) -> dict[str, Any]:
    return {
        field: getattr(clean, field) for field in ("name", "line1", "line2", "postcode", "city", "country", "phone")
    }


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Invalid("There is no such language.")
    return language
