"""Customers who may be one person are proposed to people, or taken for one by a rule of the retailer's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.customers.identity import commands as identity
from samband.customers.identity import queries as known
from samband.customers.identity.proposals import Proposal
from samband.customers.identity.proposing import commands, explaining, queries, remembering, ruling
from samband.customers.identity.proposing.comparing import Match
from samband.customers.identity.proposing.explaining import Reason
from samband.customers.identity.proposing.matching import find
from samband.customers.identity.proposing.records import Record
from samband.customers.identity.proposing.remembering import Asked
from samband.customers.identity.refusals import AlreadyDecided, NoSuchReview
from samband.kernel.clock import now

from .what_people_told import Told, everybody

LEAST = 0.9
"""From this probability on it is worth a person's look."""

MOST = 20_000
"""Pairs that are proposed at a time: the likeliest."""

AT_ONCE = 1000
BY_RULE = "rule: "
"""What a rule's decision is signed with, before the rule's name."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What came of it: records, pairs compared, and of these how many wait, were taken for one by a rule, withdrawn."""

    records: int
    compared: int
    waiting: int
    accepted: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Likely:
    """Two customers who may be one person."""

    customers: tuple[UUID, UUID]
    weight: float
    probability: float
    reasons: tuple[Reason, ...]

    @property
    def pair(self) -> frozenset[UUID]:
        return frozenset(self.customers)


def propose_matches(least: float = LEAST, most: int = MOST) -> Proposed:
    """Compare everybody, propose who may be one person, and let the retailer's rules decide what they decide.

    Nobody is asked twice: a proposal that waits is brought up to date, one that nothing speaks for any more is
    withdrawn, and what was decided stays so unless it is another question now. Memory is bounded.

    Raises MatchingUnderWay.
    """
    with commands.alone():
        return _propose(now(), least, most)


def _propose(began: datetime, least: float, most: int) -> Proposed:
    identity.resolve()
    found = find(_records(everybody()), least, most)
    likely = [_likely(match) for match in found.likely]
    waiting, again = _questions(likely)
    for first in range(0, len(waiting), AT_ONCE):
        identity.propose(_proposals(waiting[first : first + AT_ONCE]))
    asked_again = sum(remembering.ask_again(before.id, one.weight, one.reasons) for one, before in again)
    accepted = _decided_by_rules([*waiting, *(one for one, _ in again)])
    withdrawn = _withdrawn(likely) if len(likely) < most else 0
    outcome = Proposed(found.records, found.compared, len(waiting) + asked_again - accepted, accepted, withdrawn)
    commands.note_run(
        began, found.model, records=found.records, compared=found.compared,
        proposed=outcome.waiting, accepted=accepted, withdrawn=withdrawn,
    )  # fmt: skip
    return outcome


def _records(everybody: Iterable[Told]) -> Iterator[Record]:
    for number, told in enumerate(everybody):
        yield Record(
            number, str(told.customer), name=told.name, given=told.given, surname=told.surname, email=told.email,
            phone=told.phone, born=told.born, line1=told.line1, line2=told.line2, postcode=told.postcode,
            city=told.city, card=told.card,
        )  # fmt: skip


def _likely(match: Match) -> Likely:
    one, other = sorted(UUID(group) for group in match.groups)
    reasons = tuple(Reason(said.field, said.degree, said.bits) for said in match.agreements)
    return Likely((one, other), match.weight, match.probability, reasons)


def _questions(likely: Sequence[Likely]) -> tuple[list[Likely], list[tuple[Likely, Asked]]]:
    """Which of these a person should look at, and which of those that were rejected are another question now."""
    before, apart = remembering.asked_before(), remembering.said_different()
    waiting: list[Likely] = []
    again: list[tuple[Likely, Asked]] = []
    for one in likely:
        asked = before.get(one.pair)
        if one.pair in apart or (asked and asked.kind == "conflict"):
            continue
        if asked is None or asked.state == "open":
            waiting.append(one)
        elif asked.state == "rejected" and remembering.changed(asked, one.weight, one.reasons):
            again.append((one, asked))
    return waiting, again


def _proposals(likely: Sequence[Likely]) -> list[Proposal]:
    """As identity takes them: between what leads the two, or between what was asked of them before."""
    before = remembering.asked_before()
    numbers = known.numbers({customer for one in likely for customer in one.customers})
    return [
        Proposal(*ends, one.weight, explaining.told(one.reasons))
        for one in likely
        if (ends := _ends(one, before.get(one.pair), numbers))
    ]


def _ends(one: Likely, asked: Asked | None, numbers: Mapping[UUID, int]) -> tuple[int, int] | None:
    if asked is not None:
        return asked.a, asked.b
    a, b = (numbers.get(customer) for customer in one.customers)
    return None if a is None or b is None else (a, b)


def _decided_by_rules(likely: Sequence[Likely]) -> int:
    """Take for one whom a rule of the retailer's says are; how many. Each decision can be taken back like any other."""
    rules = [view.accepting for view in queries.rules()]
    if not rules:
        return 0
    open_now = {pair: asked for pair, asked in remembering.asked_before().items() if asked.state == "open"}
    accepted = 0
    for one in likely:
        asked = open_now.get(one.pair)
        if asked is None or asked.kind != "proposal":
            continue
        if (persons := _persons(one)) is None:
            continue
        case = ruling.Case(one.probability, explaining.degrees(one.reasons), persons)
        if rule := ruling.accepting(rules, case):
            accepted += _accept(asked.id, rule.name)
    return accepted


def _persons(one: Likely) -> tuple[ruling.Persons, ruling.Persons] | None:
    """Which persons the two are by now: a decision just made may have joined others to them, or them to each other."""
    customers = set(known.customers_of(one.customers).values())
    members = known.members_of(customers)
    if len(members) < len(one.customers):
        return None
    those = [ruling.persons((member.kind, member.namespace) for member in one) for one in members.values()]
    return those[0], those[1]


def _accept(review_id: int, rule: str) -> bool:
    try:
        identity.decide(review_id, True, f"{BY_RULE}{rule}")
    except (NoSuchReview, AlreadyDecided):
        return False  # a person was quicker
    return True


def _withdrawn(likely: Sequence[Likely]) -> int:
    """Take away what waits and was not found again."""
    found = {one.pair for one in likely}
    stale = [
        asked.id
        for pair, asked in remembering.asked_before().items()
        if asked.kind == "proposal" and asked.state == "open" and pair not in found
    ]
    return remembering.withdraw(stale) if stale else 0
