"""What identity can be told to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from samband.events.identity import (
    AssertionRestored,
    AssertionRetracted,
    DeclaredDifferent,
    DeclaredSame,
    IdentifierMarkedShared,
    ReviewDecided,
)
from samband.kernel.identifier import KINDS, Identifier
from samband.timeline import command

from . import decisions, forgetting, gathering, knowing, proposals, settling
from .components import SAID_DIFFERENT
from .proposals import Proposal, Waiting
from .queries import customers_of
from .refusals import NeverShared, NoSuchRule, OneAndTheSame
from .rules import DIFFERENT, SAME, TOLD, Pair

AT_ONCE = 2000
"""Assertions that one transaction takes into the components at most."""


@dataclass(frozen=True, slots=True)
class RollCall:
    """How far a flow got that goes through everybody whom another room knows already."""

    after: UUID | None
    done: bool


@transaction.atomic(savepoint=False)
def know(identifiers: Iterable[Identifier], first_seen: datetime) -> dict[UUID, int]:
    """The number of each identifier by its key; one that nobody knew gets one now. Callers may remember them.

    Who remembers numbers asks `edition` first in each transaction.
    """
    return knowing.numbers_of({one.key: one for one in identifiers}, first_seen)


@transaction.atomic(savepoint=False)
def number(identifiers: Iterable[Identifier], first_seen: datetime) -> dict[Identifier, int]:
    """`know`, by the identifiers themselves: for very many, each of which is hashed once."""
    by_key = {one.key: one for one in identifiers}
    return {by_key[key]: number for key, number in knowing.numbers_of(by_key, first_seen).items()}


@transaction.atomic
def meet(identifiers: Iterable[Identifier], first_seen: datetime) -> dict[UUID, int]:
    """`know`, for whoever captures nothing of these: who follows the customers looks at them all the same."""
    numbers = knowing.numbers_of({one.key: one for one in identifiers}, first_seen)
    settling.queue(customers_of(numbers).values())
    return numbers


@transaction.atomic(savepoint=False)
def assert_pairs(pairs: Sequence[Pair]) -> int:
    """Write down which identifiers are one person's; returns how many of these nobody had said before.

    What was said before, taken back or not, stays as it is. Raises NoSuchRule for what only a person may decide.
    """
    if strange := sorted({one.rule for one in pairs} - TOLD):
        raise NoSuchRule(rules=strange)
    return len(knowing.write_pairs(pairs)) if pairs else 0


@transaction.atomic(savepoint=False)
def edition() -> int:
    """The edition of the numbers. Nobody is erased until this transaction ends; raised by each erasure.

    Whoever remembers numbers asks this before all else in a transaction, and forgets all it remembers whenever the
    answer is another than before: what was erased must get a new number when it is seen again.
    """
    with connection.cursor() as cursor:
        cursor.execute("select identity_hold_edition()")
        held: int = cursor.fetchone()[0]
        return held


@transaction.atomic
def take_moved(most: int = 2000) -> set[UUID]:
    """Customers whose identifiers are others now, and ids that are no customers any more: about so many.

    They are off the queue once the caller's transaction commits. Several may take at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_MOVED, [max(1, most // settling.MOVED_AT_ONCE)])
        return {customer for row in cursor.fetchall() for customer in row[0]}


_TAKE_MOVED = """
delete from identity_moved where id in (
    select id from identity_moved order by id limit %s for update skip locked
) returning customers
"""


def resolve(most: int = 5000) -> int:
    """Take what was asserted and not yet known of into the components; returns how many assertions.

    One at a time does so: who comes second waits, and finds less to do. In transactions of AT_ONCE assertions, unless
    the caller has one open: then it is done in that one, and at most AT_ONCE.
    """
    if connection.in_atomic_block:
        return _resolve_some(min(most, AT_ONCE))
    done = 0
    while done < most and (taken := _resolve_some(min(most - done, AT_ONCE))):
        done += taken
    return done


def _resolve_some(most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from identity_pending)")
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic(savepoint=False):
        gathering.alone()
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_PENDING, [most])
            taken = cursor.fetchall()
        seeds = {number for _, *ends in taken for number in ends if number is not None}
        recount = {number for again, *ends in taken if again for number in ends if number is not None}
        if seeds:
            settling.settle(seeds, recount=recount)
        return len(taken)


_TAKE_PENDING = """
with taken as (
    delete from identity_pending where assertion in (select assertion from identity_pending order by 1 limit %s)
    returning assertion, recount
)
select t.recount, e.a, e.b from taken t left join identity_assertion e on e.id = t.assertion
"""


@command
def retract(assertion_id: int, by: str, reason: str = "") -> AssertionRetracted:
    """Take an assertion back: what only it had joined is parted at once, and stays parted when it is said again.

    Raises NoSuchAssertion, AlreadyTakenBack.
    """
    gathering.alone()
    a, b = decisions.ends(assertion_id)
    customer = _customer(a)
    decisions.take_back(assertion_id, by, reason)
    settling.settle({a, b}, recount={a, b}, because="taken_back", assertion_id=assertion_id)
    return AssertionRetracted(assertion_id=assertion_id, customer_id=customer, by=by)


@command
def restore(assertion_id: int, by: str) -> AssertionRestored:
    """Let an assertion hold again that was taken back; all is as if it never had been.

    Raises NoSuchAssertion, NotTakenBack.
    """
    gathering.alone()
    a, b = decisions.ends(assertion_id)
    decisions.put_back(assertion_id, by)
    settling.settle({a, b}, recount={a, b}, assertion_id=assertion_id)
    return AssertionRestored(assertion_id=assertion_id, customer_id=_customer(a), by=by)


@command
def declare_same(a_key: UUID, b_key: UUID, by: str, reason: str = "") -> DeclaredSame:
    """Decide that two identifiers, or two customers named by their ids, are one person's: even of two accounts.

    It is said of what leads the two customers now, so that all of both come together; of the two identifiers if they
    are one customer's already. Raises NoSuchIdentifier, OneAndTheSame.
    """
    gathering.alone()
    (a, _, one), (b, _, other) = decisions.standing(a_key), decisions.standing(b_key)
    if one != other:
        a, b = decisions.standing(one)[0], decisions.standing(other)[0]
    assertion_id = _declare(a, b, SAME, by, reason)
    return DeclaredSame(assertion_id=assertion_id, customer_id=_customer(a), by=by)


@command
def declare_different(a_key: UUID, b_key: UUID, by: str, reason: str = "") -> DeclaredDifferent:
    """Decide that two identifiers are not one person's, whatever else is asserted.

    If they are one customer's, the weakest of what joins them is held back. Raises NoSuchIdentifier, OneAndTheSame.
    """
    gathering.alone()
    (a, _, customer), (b, _, _) = decisions.standing(a_key), decisions.standing(b_key)
    assertion_id = _declare(a, b, DIFFERENT, by, reason)
    return DeclaredDifferent(assertion_id=assertion_id, customer_id=customer, by=by)


def _declare(a: int, b: int, rule: str, by: str, reason: str) -> int:
    if a == b:
        raise OneAndTheSame()
    assertion_id = decisions.declare(a, b, rule, by, reason)
    because = "learnt" if rule == SAME else SAID_DIFFERENT
    settling.settle({a, b}, recount={a, b}, because=because, assertion_id=assertion_id)
    return assertion_id


@command
def mark_shared(key: UUID, by: str) -> IdentifierMarkedShared:
    """Say that many use an identifier: it joins nobody from now on. Raises NoSuchIdentifier, NeverShared."""
    return _mark(key, True, by)


@command
def unmark(key: UUID, by: str) -> IdentifierMarkedShared:
    """Say that one person uses an identifier after all; it may still be shared by what is asserted of it.

    Raises NoSuchIdentifier, NeverShared.
    """
    return _mark(key, False, by)


def _mark(key: UUID, shared: bool, by: str) -> IdentifierMarkedShared:
    gathering.alone()
    number, kind, customer = decisions.standing(key)
    if KINDS[kind] == "account":
        raise NeverShared()
    decisions.mark(number, shared)
    settling.settle({number}, opened={number}, because="marked_shared")
    return IdentifierMarkedShared(number=number, customer_id=customer, shared=shared, by=by)


@transaction.atomic
def propose(pairs: Sequence[Proposal]) -> int:
    """Have a person look at pairs that may be one person's; returns how many wait now.

    A pair that somebody decided, or that is one customer's already, is left alone.
    """
    return proposals.write(pairs)


@command
def decide(review_id: int, accept: bool, by: str) -> ReviewDecided:
    """Decide a pair that waits. What is accepted joins at once, what is rejected is never asked again.

    Raises NoSuchReview, AlreadyDecided.
    """
    gathering.alone()
    waiting = proposals.close(review_id, "accepted" if accept else "rejected", by)
    if accept:
        _join(waiting, by)
    return ReviewDecided(review_id=review_id, kind=waiting.kind, accepted=accept, by=by)


def _join(waiting: Waiting, by: str) -> None:
    if waiting.kind == "proposal":
        one, other = _customer(waiting.a), _customer(waiting.b)
        if one and other and one != other:
            _declare(decisions.standing(one)[0], decisions.standing(other)[0], SAME, by, "proposal")
        return
    for reason in waiting.reasons:
        a, b = reason["between"]
        _declare(a, b, SAME, by, "conflict")


@transaction.atomic
def forget(customer: UUID) -> tuple[int, ...]:
    """Erase all that a customer is known by; returns the numbers, which stay and name nobody.

    What others are known by is computed again without it. Whoever remembers numbers sees another `edition`.
    """
    return forgetting.forget(customer)


@transaction.atomic
def reconsider() -> int:
    """Have all assertions taken into the components anew, as after a change of the rules; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into identity_pending (assertion, recount) select id, true from identity_assertion"
            " on conflict (assertion) do update set recount = true"
        )
        waiting: int = cursor.rowcount
        return waiting


@transaction.atomic
def call_roll(name: str) -> RollCall:
    """Where the roll of this name goes on, kept for the caller until the transaction ends; begun if it never was."""
    with connection.cursor() as cursor:
        cursor.execute("insert into identity_rollcall (name) values (%s) on conflict (name) do nothing", [name])
        cursor.execute("select after, done from identity_rollcall where name = %s for update", [name])
        return RollCall(*cursor.fetchone())


@transaction.atomic
def mark_roll(name: str, after: UUID | None, done: bool) -> None:
    """Write down how far the roll was called. From the start, and not done: it is called once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into identity_rollcall (name, after, done) values (%s, %s::uuid, %s)"
            " on conflict (name) do update set after = excluded.after, done = excluded.done",
            [name, after, done],
        )


def _customer(number: int) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("select customer from identity_identifier where id = %s", [number])
        row = cursor.fetchone()
    return row[0] if row else None
