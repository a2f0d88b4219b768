"""The same assertions in any order and any batches give the same customers; what is taken back was never said."""

from collections.abc import Callable
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.identity import books, commands, rules
from samband.customers.identity.components import Edge, Node, partition
from samband.customers.identity.models import Assertion, Identifier, Retraction, Review
from samband.customers.identity.rules import TOLD
from samband.kernel.identifier import KINDS
from tests.customers.graphs import EmptyHouse, Said, say, sayings, whole

pytestmark = pytest.mark.django_db
RULES = sorted(TOLD)
TIGHT = {kind: dict.fromkeys(KINDS, 2) for kind in KINDS}
tried = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=["as ever", "tight"])
def limits(request, monkeypatch):
    """Once more with so few neighbours allowed that small graphs are full of shared values."""
    if request.param == "tight":
        monkeypatch.setattr(rules.is_shared, "__defaults__", (TIGHT,))
        monkeypatch.setattr(rules.enough, "__defaults__", (TIGHT,))
        monkeypatch.setattr(books, "LIMITS", TIGHT)
        return TIGHT
    return rules.LIMITS


Lived = Callable[..., dict[UUID, tuple[UUID, bool]]]


@pytest.fixture
def after() -> Lived:
    """Whose everything is after some batches, in an empty house each time."""
    empty = EmptyHouse()

    def live(*batches: list[Said]) -> dict[UUID, tuple[UUID, bool]]:
        empty()
        for batch in batches:
            say(batch)
            commands.resolve()
        return whole()

    return live


def conflicts() -> set[frozenset[UUID]]:
    keys = dict(Identifier.objects.values_list("id", "key"))
    return {frozenset((keys[one.a], keys[one.b])) for one in Review.objects.filter(state="open")}


def by_the_book(limits: rules.Limits) -> dict[UUID, UUID]:
    """What the pure function says of all that is written down."""
    back = Retraction.objects.filter(restored_at__isnull=True).values("assertion")
    edges = [Edge(one.id, one.a, one.b, one.rule) for one in Assertion.objects.exclude(pk__in=back)]
    nodes = [
        Node(one.id, KINDS[one.kind], one.namespace, one.key, one.marked)
        for one in Identifier.objects.filter(erased_at__isnull=True)
    ]
    outcome = partition(nodes, edges, limits)
    return {node.key: outcome.customer[node.number] for node in nodes}


@tried
@given(sayings(RULES), st.data())
def test_any_order_and_any_batches_give_the_same_customers(limits, after, said, data):
    at_once = after(said)
    held = conflicts()
    turned = data.draw(st.permutations(said))
    cuts = sorted({0, len(said), *data.draw(st.lists(st.integers(0, len(said)), max_size=5))})
    assert after(*(turned[start:end] for start, end in pairwise(cuts))) == at_once
    assert conflicts() == held
    assert {key: customer for key, (customer, _) in at_once.items()} == by_the_book(limits)
    assert list(books.findings()) == []


@tried
@given(sayings(RULES), st.data())
def test_what_is_taken_back_was_never_said_and_what_is_restored_always(limits, after, said, data):
    wanted = after(said)
    ids = list(Assertion.objects.order_by("id").values_list("id", flat=True))
    backs = data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    for one in backs:
        commands.retract(one, "test")
    without = whole()
    rest = Assertion.objects.exclude(pk__in=backs).values_list("a", "b", "rule", "source")
    people = {one.pk: one.key for one in Identifier.objects.all()}
    kept = {(frozenset((people[a], people[b])), rule, source) for a, b, rule, source in rest}
    taken_conflicts = conflicts()
    assert list(books.findings()) == []
    for one in data.draw(st.permutations(backs)):
        commands.restore(one, "test")
    assert whole() == wanted
    assert list(books.findings()) == []

    never = after([one for one in said if (frozenset((one[0].key, one[1].key)), *one[2:]) in kept])
    assert {key: without[key] for key in never} == never
    assert all(without[key] == (key, False) for key in without.keys() - never.keys())
    assert conflicts() == taken_conflicts


@tried
@given(sayings(RULES), sayings(RULES), st.data())
def test_taking_back_before_more_is_learnt_is_taking_back_after(limits, after, first, more, data):
    after(first)
    back = data.draw(st.sampled_from(first))
    taken = Assertion.objects.get(pk=_assertion(back))
    commands.retract(taken.pk, "test")
    say([*more, back])  # said again, it stays taken back
    commands.resolve()
    early = whole()
    after(first + more)
    commands.retract(_assertion(back), "test")
    assert whole() == early


def _assertion(said: Said) -> int:
    one, other, rule, source = said
    numbers = sorted(Identifier.objects.filter(key__in=[one.key, other.key]).values_list("id", flat=True))
    return Assertion.objects.get(a=numbers[0], b=numbers[1], rule=rule, source=source).pk


@tried
@given(sayings(RULES), st.data())
def test_replaying_from_nothing_gives_what_is_kept(limits, after, said, data):
    kept = after(said)
    for one in Identifier.objects.all():
        commands_key = data.draw(st.sampled_from(sorted(kept)))
        Identifier.objects.filter(pk=one.pk).update(customer=commands_key, shared=data.draw(st.booleans()))
    spoilt = whole() != kept
    assert bool(list(books.findings())) == spoilt
    for one in Identifier.objects.all():
        Identifier.objects.filter(pk=one.pk).update(customer=one.key, shared=False)
    assert commands.reconsider() == Assertion.objects.count()
    commands.resolve()
    assert whole() == kept


@tried
@given(sayings(RULES), st.data())
def test_whatever_people_decide_the_customers_follow_from_what_is_written_down(limits, after, said, data):
    after(said)
    keys = sorted(whole())
    deeds = st.sampled_from([commands.declare_same, commands.declare_different])
    for _ in range(data.draw(st.integers(1, 5))):
        a, b = data.draw(st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True))
        deed = data.draw(deeds)
        deed(a, b, "test")
        if deed is commands.declare_different:
            assert whole()[a][0] != whole()[b][0]
    if markable := [one.key for one in Identifier.objects.exclude(kind=0)]:
        key = data.draw(st.sampled_from(markable))
        commands.mark_shared(key, "test")
        assert {key: customer for key, (customer, _) in whole().items()} == by_the_book(limits)
        if data.draw(st.booleans()):
            commands.unmark(key, "test")
    assert {key: customer for key, (customer, _) in whole().items()} == by_the_book(limits)
    assert list(books.findings()) == []


@tried
@given(sayings(RULES), st.data())
def test_who_is_forgotten_was_never_there_for_the_others(limits, after, said, data):
    everybody = after(said)
    leaver = data.draw(st.sampled_from(sorted({customer for customer, _ in everybody.values()})))
    gone = {key for key, (customer, _) in everybody.items() if customer == leaver}
    numbers = commands.forget(leaver)
    left = whole()
    assert len(numbers) == len(gone)
    assert left.keys() == everybody.keys() - gone
    assert list(books.findings()) == []
    without = after([one for one in said if not {one[0].key, one[1].key} & gone])
    assert {key: left[key] for key in without} == without
    assert all(left[key] == (key, False) for key in left.keys() - without.keys())
