"""Forgetting a person: in every room at once, in files afterwards, and again after an older backup was restored.

What stays is what the law wants kept: what was sold for how much, without whom it was sold to. Killed anywhere, it is
done again until it is done: before the rooms everything is still there, after them what files are searched for is
kept with the erasure until they were searched.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from samband.commerce.orders import privacy as orders
from samband.customers.accounts import privacy as accounts
from samband.customers.identity import queries as identity
from samband.customers.rights import commands, queries
from samband.customers.rights.queries import ErasureView
from samband.customers.rights.refusals import NothingKept, StillOpen
from samband.events.accounts import CustomerRegistered
from samband.kernel.identifier import key_of
from samband.kernel.reach import Reach
from samband.timeline import on
from samband.timeline.chores import every

from . import files_of_customer as files
from .reach_customer import reach_of, rooms

log = structlog.get_logger("samband.flows")

IMPORTED = "import"
HELD_BACK = frozenset({"user", "email", "phone"})


# --- asking


def ask_to_erase(
    customer: UUID,
    *,
    by: str,
    account: UUID | None = None,
    member: UUID | None = None,
    ground: str = "own_wish",
    language: str = "en",
    agreed: bool = True,
) -> UUID:
    """Write down that a customer wants to be forgotten; the request's id. `agreed`: by whoever may.

    Raises NothingKept.
    """
    subject = reach_of(customer).customer
    return commands.ask(
        "erasure", subject, by=by, account=account, member=member, ground=ground, language=language, agreed=agreed
    )


def what_hinders(customer: UUID, *, proved: bool = False) -> tuple[str, ...]:
    """The numbers of orders that are not over: until then we must know whom they are for. Raises NothingKept."""
    return orders.under_way(reach_of(customer, proved=proved))


def erase_requested(request_id: UUID, *, wait: bool = True) -> bool:
    """Do what was asked; False if it must wait for orders under way, and is tried again by itself.

    Without `wait` that raises StillOpen with their numbers. Also raises NotAgreed, NoSuchRequest, RequestEnded.
    """
    asked = queries.request(request_id)
    try:
        reach = _reach(asked.account or asked.subject, for_themselves=asked.ground == "own_wish")
    except NothingKept:
        commands.withdraw(request_id)  # somebody else's request was quicker
        return True
    if numbers := orders.under_way(reach):
        if not wait:
            raise StillOpen(orders=list(numbers))
        commands.wait(request_id, "orders_under_way")
        return False
    erase_customer(reach, request_id)
    return True


def _reach(customer: UUID, *, for_themselves: bool) -> Reach:
    """Everything that was concluded to be theirs; but of addresses, for somebody who asks for themselves, those alone
    that they proved: nobody has another's orders emptied by typing their address into a form.
    """
    whole = reach_of(customer)
    return replace(reach_of(customer, proved=True), numbers=whole.numbers) if for_themselves else whole


# --- doing


def erase_customer(reach: Reach, request_id: UUID | None = None) -> ErasureView:
    """Forget a person, whatever is open. Twice is once. Raises NotAgreed, NoSuchRequest, RequestEnded for a request."""
    erasure_id = commands.begin_erasure(reach, _held_back(reach), sought(reach), request_id)
    if queries.erasure(erasure_id).state == "begun":
        _erase_rooms(erasure_id, reach)
    return finish(queries.erasure(erasure_id))


@transaction.atomic
def _erase_rooms(erasure_id: UUID, reach: Reach) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 12))", [f"erasure:{reach.customer}"])
    commands.note_rooms(erasure_id, erase_rooms(reach))


def erase_rooms(reach: Reach) -> dict[str, int]:
    """Let every room let go, in the transaction that is open; how much each had, where it says so."""
    customer = identity.customer_of(reach.customer) or reach.customer
    numbers = {*reach.numbers, *(one.number for one in identity.members(customer))}
    reach = replace(reach, customer=customer, numbers=tuple(sorted(numbers)))
    return {label: room.erase(reach) or 0 for label, room in rooms()}


def finish(erasure: ErasureView) -> ErasureView:
    """What is left once the rooms have let go: files, sessions, and the record that no backup takes back."""
    files.note_erasure(erasure.id, erasure.began_at, erasure.customer, erasure.accounts, erasure.keys)
    files.erase_from_files(erasure.sought)
    commands.note_gone(erasure.sought.get("exports", ()))
    commands.finish_erasure(erasure.id)
    return queries.erasure(erasure.id)


def sought(reach: Reach) -> dict[str, Any]:
    """What files are searched for."""
    own = accounts.particulars(reach.accounts)
    mine = queries.of((reach.customer, *reach.accounts), most=1000)
    return {
        "emails": list(reach.emails),
        "phones": list(reach.phones),
        "references": [row["source_reference"] for row in own if row["source_reference"]],
        "accounts": [str(one) for one in reach.accounts],
        "exports": [one.file for one in mine if one.file],
        "reach": _as_plain(reach),
    }


def _as_plain(reach: Reach) -> dict[str, Any]:
    ids = {field.name: getattr(reach, field.name) for field in fields(reach)}
    return {name: [str(one) for one in told] if isinstance(told, tuple) else str(told) for name, told in ids.items()}


def _from_plain(told: Mapping[str, Any]) -> Reach:
    def ids(name: str) -> tuple[UUID, ...]:
        return tuple(UUID(one) for one in told.get(name, ()))

    return Reach(
        customer=UUID(told["customer"]),
        accounts=ids("accounts"),
        numbers=tuple(int(one) for one in told["numbers"]),
        keys=ids("keys"),
        emails=tuple(told["emails"]),
        phones=tuple(told["phones"]),
        contacts=ids("contacts"),
        addresses=ids("addresses"),
        orders=ids("orders"),
        carts=ids("carts"),
        fulfillments=ids("fulfillments"),
    )


def _held_back(reach: Reach) -> frozenset[UUID]:
    """The keyed hashes by which an import would bring them back: addresses, numbers, and other systems' names for them.

    What a browser or a device is known by goes with the person and stands for nobody afterwards.
    """
    found = {key_of("email", one) for one in reach.emails} | {key_of("phone", one) for one in reach.phones}
    for row in accounts.particulars(reach.accounts):
        if row["source_reference"]:
            found.add(key_of("user", row["source_reference"], row["source"]))
    found |= {one.key for one in identity.members(reach.customer) if one.kind in HELD_BACK and one.key in reach.keys}
    return frozenset(found)


# --- going on by itself


@every(seconds=30)
def carry_on_erasures() -> int:
    """Finish what was left half way, and look again at what had to wait; returns how many were brought to their end."""
    done = 0
    for half in queries.unfinished():
        if half.state == "begun":
            _erase_rooms(half.id, _from_plain(half.sought["reach"]))
        finish(queries.erasure(half.id))
        done += 1
    for request_id in queries.due("erasure"):
        try:
            done += erase_requested(request_id)
        except Exception as error:
            log.error("erasure_failed", request=str(request_id), error=type(error).__name__)
            commands.put_off(request_id)
    return done


@on(CustomerRegistered)
def welcome_back(event: CustomerRegistered) -> None:
    """Somebody who was forgotten came themselves: imports may know them again."""
    if event.source != IMPORTED:
        emails = [row["email"] for row in accounts.particulars([event.customer_id]) if row["email"]]
        commands.lift(key_of("email", email) for email in emails)
