"""Who is one person, as a pure function: any order, any numbers, the same; and never two persons in silence."""

import random
from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from samband.customers.identity.components import (
    PERSONS,
    SAID_DIFFERENT,
    TWO_PERSONS,
    Components,
    Edge,
    Node,
    partition,
)
from samband.customers.identity.rules import DIFFERENT, LIMITS, SAME, STRENGTH
from samband.kernel.identifier import KINDS, Identifier
from tests.customers.graphs import Said, named, sayings

RULES = [*STRENGTH, DIFFERENT]
TIGHT = {kind: dict.fromkeys(KINDS, 2) for kind in KINDS}
"""Two neighbours of a kind are all that anybody has: so that small graphs have shared values in them."""


def numbered(said: Sequence[Said], dice: random.Random) -> tuple[dict[int, Identifier], list[Edge]]:
    """The same people and assertions under numbers that chance draws, in an order that chance draws."""
    people = sorted({one for a, b, *_ in said for one in (a, b)})
    numbers = dict(zip(people, dice.sample(range(1, 1000), len(people)), strict=True))
    ids = dice.sample(range(1, 1000), len(said))
    edges = [Edge(nth, *sorted((numbers[a], numbers[b])), rule) for nth, (a, b, rule, _) in zip(ids, said, strict=True)]
    dice.shuffle(edges)
    return {number: one for one, number in numbers.items()}, edges


def parted(said: Sequence[Said], seed: int = 1, limits=LIMITS) -> tuple[dict[UUID, UUID], Components, dict]:
    people, edges = numbered(said, random.Random(seed))
    nodes = [Node(number, one.kind, one.namespace, one.key) for number, one in people.items()]
    outcome = partition(nodes, edges, limits)
    return {people[number].key: lead for number, lead in outcome.customer.items()}, outcome, people


@given(sayings(RULES, most=20), st.integers(0, 10**6), st.sampled_from([LIMITS, TIGHT]))
def test_order_and_numbers_make_no_difference(said, seed, limits):
    one, first, people = parted(said, limits=limits)
    other, second, others = parted(said, seed, limits)
    assert one == other
    assert held(first, people) == held(second, others)


def held(outcome: Components, people: dict[int, Identifier]) -> set:
    return {
        (frozenset((people[one.edge.a].key, people[one.edge.b].key)), one.edge.rule, one.because)
        for one in outcome.held_back
    }


@given(sayings(RULES, most=20), st.sampled_from([LIMITS, TIGHT]))
def test_a_customer_is_led_by_its_strongest_identifier(said, limits):
    _, outcome, people = parted(said, limits=limits)
    for customer in set(outcome.customer.values()):
        members = [people[number] for number, lead in outcome.customer.items() if lead == customer]
        assert min(members, key=lambda one: (KINDS.index(one.kind), one.key.int)).key == customer


@given(sayings([rule for rule in RULES if rule != SAME], most=20), st.sampled_from([LIMITS, TIGHT]))
def test_two_persons_are_never_joined_unless_somebody_says_so(said, limits):
    _, outcome, people = parted(said, limits=limits)
    persons = [(outcome.customer[n], one.kind, one.namespace) for n, one in people.items() if one.kind in PERSONS]
    assert len(persons) == len(set(persons))


@given(sayings(RULES, most=20))
def test_whom_somebody_said_to_be_different_are_never_one(said):
    one, _, _ = parted(said)
    for a, b, rule, _ in said:
        if rule == DIFFERENT:
            assert one[a.key] != one[b.key]


@given(sayings(RULES, most=20))
def test_nothing_is_held_back_in_silence(said):
    """Where nothing is shared, an assertion joins, or it is held back for two persons who can be named."""
    loose = {kind: dict.fromkeys(KINDS, 10_000) for kind in KINDS}
    _, outcome, people = parted(said, limits=loose)
    _, edges = numbered(said, random.Random(1))
    refused = {one.edge.id for one in outcome.held_back}
    for edge in edges:
        if edge.rule != DIFFERENT:
            assert (outcome.customer[edge.a] != outcome.customer[edge.b]) == (edge.id in refused)
    for one in outcome.held_back:
        first, second = (people[number] for number in one.between)
        if one.because == TWO_PERSONS:
            assert first.kind == second.kind
            assert first.kind in PERSONS
            assert first.namespace == second.namespace
        else:
            assert one.because == SAID_DIFFERENT


@given(sayings(["stated"], most=20, identifiers=6))
def test_without_persons_whatever_hangs_together_is_one(said):
    """Joining goes on from one to the next, as far as it reaches."""
    said = [one for one in said if not {one[0].kind, one[1].kind} & PERSONS]
    one, _, _ = parted(said, limits={kind: dict.fromkeys(KINDS, 10_000) for kind in KINDS})
    groups = [{key} for key in one]
    for a, b, *_ in said:
        touched = [group for group in groups if group & {a.key, b.key}]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    assert {frozenset(group) for group in groups} == {
        frozenset(key for key, lead in one.items() if lead == customer) for customer in set(one.values())
    }


def test_a_kiosk_joins_nobody_and_a_proved_address_stays_with_its_account():
    anna, bjorn = named("account", 1), named("account", 2)
    kiosk, mail = named("cookie", 1), named("email", 1)
    guests = [(kiosk, named("email", nth), "stated", "web") for nth in range(2, 5)]
    crowd = [(mail, named("phone", nth), "stated", "web") for nth in range(6)]
    one, _, _ = parted([
        (anna, kiosk, "signed_in", "web"), (bjorn, kiosk, "signed_in", "web"), (anna, mail, "verified", "shop"),
        *guests, *crowd,
    ])  # fmt: skip
    assert one[kiosk.key] == kiosk.key
    assert one[mail.key] == anna.key
    assert one[bjorn.key] == bjorn.key
    assert len({one[mail.key] for _, mail, *_ in guests}) == 3
    assert all(one[phone.key] == phone.key for _, phone, *_ in crowd)


def test_the_stronger_assertion_says_whose_an_address_is():
    anna, bjorn, mail = named("account", 1), named("account", 2), named("email", 1)
    one, outcome, people = parted([(bjorn, mail, "stated", "web"), (anna, mail, "verified", "shop")])
    assert one[mail.key] == anna.key
    (held_back,) = outcome.held_back
    assert held_back.because == TWO_PERSONS
    assert {people[number] for number in held_back.between} == {anna, bjorn}
    assert held_back.edge.rule == "stated"


def test_of_two_equal_claims_the_keys_decide_and_not_who_came_first():
    anna, bjorn, mail = named("account", 1), named("account", 2), named("email", 1)
    told = [(bjorn, mail, "account", "crm"), (anna, mail, "account", "crm")]
    assert {parted(told, seed)[0][mail.key] for seed in range(20)} == {min(anna.key, bjorn.key)}


def test_a_persons_word_joins_two_accounts_and_all_that_is_theirs():
    anna, also_anna = named("account", 1), named("account", 2)
    one, outcome, _ = parted([
        (anna, named("email", 1), "verified", "shop"), (also_anna, named("email", 2), "verified", "shop"),
        (anna, also_anna, SAME, "staff"),
    ])  # fmt: skip
    assert len(set(one.values())) == 1
    assert outcome.held_back == ()
