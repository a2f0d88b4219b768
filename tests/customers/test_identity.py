"""What people are known by, whose it is by what was asserted, and what people decide about it."""

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from samband.customers.identity import books, commands, privacy, queries
from samband.customers.identity.models import Assertion, Identifier, Retraction
from samband.customers.identity.proposals import Proposal
from samband.customers.identity.refusals import (
    AlreadyDecided,
    AlreadyTakenBack,
    NeverShared,
    NoSuchAssertion,
    NoSuchIdentifier,
    NoSuchReview,
    NoSuchRule,
    NotTakenBack,
    OneAndTheSame,
)
from samband.customers.identity.rules import Pair
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier as Known
from samband.kernel.identifier import identifier
from samband.timeline import queries as timeline
from tests.customers.graphs import AT, named, say, whole

pytestmark = pytest.mark.django_db

ANNA, BJORN = named("account", 1), named("account", 2)
MAIL, PHONE, COOKIE = named("email", 1), named("phone", 1), named("cookie", 1)


@pytest.fixture(autouse=True)
def books_balance():
    yield
    assert list(books.findings()) == []


def said(*told: tuple[Known, Known, str]) -> None:
    say([(one, other, rule, "web") for one, other, rule in told])
    commands.resolve()


def only_assertion() -> int:
    return Assertion.objects.get().pk


def told_of(customer: UUID) -> list[str]:
    return [one.name for one in timeline.of_customer([customer])]


def test_an_identifier_has_one_number_however_often_it_is_known():
    mail, cookie = identifier("email", "Anna@Example.is"), identifier("cookie", "c-1")
    first = commands.know([mail, cookie, mail], now())
    assert commands.know([cookie, identifier("email", "anna@example.IS ")], now()) == first
    assert queries.numbers([mail.key, cookie.key]) == first
    assert queries.find(mail) == mail.key
    (view,) = queries.members(mail.key)
    assert (view.number, view.kind, view.value) == (first[mail.key], "email", "anna@example.is")
    pair = Pair(*first.values(), "stated", "web", now())
    assert (commands.assert_pairs([pair]), commands.assert_pairs([pair])) == (1, 0)
    commands.resolve()


def test_every_id_a_customer_ever_had_finds_who_it_is_now():
    said((COOKIE, MAIL, "stated"))
    assert queries.customer_of(COOKIE.key) == MAIL.key
    said((ANNA, MAIL, "verified"))
    assert set(queries.customers_of([COOKIE.key, MAIL.key, ANNA.key]).values()) == {ANNA.key}
    assert [one.kind for one in queries.members(ANNA.key)] == ["account", "email", "cookie"]
    assert queries.accounts_of(ANNA.key) == (ANNA.key,)
    assert queries.members(MAIL.key) == ()
    assert queries.customer_of(BJORN.key) is None


def test_joining_and_parting_are_told_with_their_reason():
    said((ANNA, MAIL, "verified"))
    (joined,) = timeline.of_customer([ANNA.key])
    assert joined.payload["joined"] == [str(MAIL.key)]
    assert (joined.payload["rule"], joined.payload["assertion_id"]) == ("verified", only_assertion())
    commands.retract(only_assertion(), "agent", "not her address")
    assert told_of(ANNA.key) == ["identity.AssertionRetracted", "identity.CustomersParted", "identity.CustomersJoined"]
    parted = timeline.of_customer([ANNA.key])[1].payload
    assert (parted["parted"], parted["because"]) == ([str(MAIL.key)], "taken_back")


def test_what_changed_waits_for_whoever_follows_once():
    said((ANNA, MAIL, "verified"))
    assert commands.take_moved() == {ANNA.key, MAIL.key}
    assert commands.take_moved() == set()


def test_taking_back_is_done_once_and_undone_once_and_both_are_remembered():
    said((ANNA, MAIL, "account"))
    one = only_assertion()
    with pytest.raises(NotTakenBack), transaction.atomic():
        commands.restore(one, "agent")
    commands.retract(one, "agent", "a slip of the pen")
    with pytest.raises(AlreadyTakenBack), transaction.atomic():
        commands.retract(one, "agent")
    (view,) = queries.assertions(ANNA.key)
    assert (view.state, view.retracted_by, view.retraction_reason) == ("taken_back", "agent", "a slip of the pen")
    said((ANNA, MAIL, "account"))
    assert queries.customer_of(MAIL.key) == MAIL.key, "said again, it stays taken back"
    commands.restore(one, "boss")
    assert queries.customer_of(MAIL.key) == ANNA.key
    kept = Retraction.objects.get()
    assert (kept.by, kept.restored_by) == ("agent", "boss")
    with pytest.raises(NoSuchAssertion), transaction.atomic():
        commands.retract(one + 1000, "agent")


def test_asked_twice_under_one_key_it_is_taken_back_once():
    said((ANNA, MAIL, "account"))
    first = commands.retract(only_assertion(), "agent", key="k")
    assert commands.retract(only_assertion(), "agent", key="k") == first
    assert Retraction.objects.count() == 1


def test_one_of_two_reasons_taken_back_leaves_the_other():
    said((ANNA, MAIL, "account"), (ANNA, MAIL, "verified"))
    commands.retract(Assertion.objects.get(rule="verified").pk, "agent")
    assert queries.customer_of(MAIL.key) == ANNA.key


def test_an_address_of_two_accounts_stays_where_it_is_proved_and_waits_for_a_person():
    said((ANNA, MAIL, "verified"), (BJORN, MAIL, "stated"))
    assert queries.customer_of(MAIL.key) == ANNA.key
    (review,) = queries.reviews()
    assert {review.a.key, review.b.key} == {BJORN.key, MAIL.key}
    assert {review.customer_a, review.customer_b} == {ANNA.key, BJORN.key}
    numbers = queries.numbers([ANNA.key, BJORN.key])
    assert review.reasons[0]["because"] == "two_persons"
    assert sorted(review.reasons[0]["between"]) == sorted(numbers.values())
    assert [one.state for one in queries.assertions(BJORN.key)] == ["held_back"]

    commands.decide(review.id, True, "agent")
    assert queries.customer_of(BJORN.key) == queries.customer_of(ANNA.key) == min(ANNA.key, BJORN.key)
    assert queries.reviews() == ()
    with pytest.raises(AlreadyDecided), transaction.atomic():
        commands.decide(review.id, False, "agent")
    with pytest.raises(NoSuchReview), transaction.atomic():
        commands.decide(review.id + 1000, False, "agent")

    commands.retract(Assertion.objects.get(rule="same").pk, "agent", "they are brothers")
    assert queries.customer_of(BJORN.key) == BJORN.key
    assert [one.id for one in queries.reviews()] == [review.id], "what was decided is open again"
    commands.decide(review.id, False, "agent")
    said((PHONE, MAIL, "stated"))
    assert queries.reviews() == (), "nobody is asked twice"


def test_a_pair_is_no_conflict_any_more_when_what_was_held_back_is_taken_back():
    said((ANNA, MAIL, "verified"), (BJORN, MAIL, "stated"))
    commands.retract(Assertion.objects.get(rule="stated").pk, "agent")
    assert queries.reviews() == ()


def test_two_customers_declared_the_same_are_one_with_all_that_is_theirs_and_back():
    said((ANNA, MAIL, "verified"), (BJORN, PHONE, "account"))
    before = whole()
    declared = commands.declare_same(MAIL.key, PHONE.key, "agent", "she told us")
    assert len({customer for customer, _ in whole().values()}) == 1
    with pytest.raises(OneAndTheSame), transaction.atomic():
        commands.declare_same(MAIL.key, MAIL.key, "agent")
    with pytest.raises(NoSuchIdentifier), transaction.atomic():
        commands.declare_same(MAIL.key, COOKIE.key, "agent")
    commands.retract(declared.assertion_id, "agent")
    assert whole() == before
    assert commands.declare_same(ANNA.key, BJORN.key, "agent").assertion_id == declared.assertion_id
    assert queries.customer_of(MAIL.key) == queries.customer_of(PHONE.key)


def test_the_last_decision_about_two_holds():
    said((COOKIE, MAIL, "stated"))
    commands.declare_different(COOKIE.key, MAIL.key, "agent")
    assert queries.customer_of(COOKIE.key) == COOKIE.key
    assert queries.reviews()[0].reasons[0]["because"] == "said_different"
    commands.declare_same(COOKIE.key, MAIL.key, "agent")
    assert queries.customer_of(COOKIE.key) == MAIL.key
    assert queries.reviews() == ()
    commands.declare_different(COOKIE.key, MAIL.key, "agent")
    assert queries.customer_of(COOKIE.key) == COOKIE.key


def test_a_value_that_too_many_have_joins_nobody_until_it_is_fewer_again():
    guests = [named("email", nth) for nth in range(3)]
    said(*((COOKIE, guest, "stated") for guest in guests[:2]))
    assert queries.customer_of(guests[0].key) == queries.customer_of(guests[1].key)
    said((COOKIE, guests[2], "stated"))
    assert {customer for customer, _ in whole().values()} == {COOKIE.key, *(guest.key for guest in guests)}
    (cookie,) = queries.members(COOKIE.key)
    assert cookie.shared
    assert {one.state for one in queries.assertions(COOKIE.key)} == {"shared"}
    commands.retract(Assertion.objects.order_by("id")[2].pk, "agent")
    assert queries.customer_of(guests[0].key) == queries.customer_of(guests[1].key)
    assert queries.members(guests[2].key)[0].value == guests[2].value


def test_a_person_may_mark_what_is_shared():
    said((ANNA, COOKIE, "signed_in"), (COOKIE, MAIL, "stated"))
    commands.mark_shared(COOKIE.key, "agent")
    assert len({customer for customer, _ in whole().values()}) == 3
    commands.unmark(COOKIE.key, "agent")
    assert {customer for customer, _ in whole().values()} == {ANNA.key}
    with pytest.raises(NeverShared), transaction.atomic():
        commands.mark_shared(ANNA.key, "agent")


def test_only_a_person_says_same_or_different():
    numbers = commands.know([ANNA, MAIL], AT)
    for rule in ("same", "different", "because I say so"):
        with pytest.raises(NoSuchRule), transaction.atomic():
            commands.assert_pairs([Pair(*numbers.values(), rule, "web", AT)])


def test_a_proposal_joins_only_when_it_is_accepted_and_is_never_made_again():
    said((ANNA, MAIL, "verified"), (BJORN, PHONE, "account"))
    numbers = queries.numbers([MAIL.key, PHONE.key])
    proposal = Proposal(*numbers.values(), 7.5, [{"field": "name", "level": "exact"}])
    assert commands.propose([proposal, proposal]) == 1
    (review,) = queries.reviews(kind="proposal")
    assert (review.weight, review.reasons) == (7.5, ({"field": "name", "level": "exact"},))
    assert queries.customer_of(PHONE.key) == BJORN.key
    assert queries.review(review.id) == review
    commands.decide(review.id, True, "agent")
    assert queries.customer_of(PHONE.key) == queries.customer_of(MAIL.key)
    commands.retract(Assertion.objects.get(rule="same").pk, "agent")
    assert commands.propose([proposal]) == 0


def test_the_reach_of_a_customer_is_all_that_they_are_known_by():
    said((ANNA, MAIL, "verified"), (ANNA, PHONE, "account"), (ANNA, COOKIE, "signed_in"))
    reach = queries.reach(ANNA.key)
    assert (reach.accounts, reach.emails, reach.phones) == ((ANNA.key,), (MAIL.value,), (PHONE.value,))
    assert len(reach.numbers) == len(reach.keys) == 4
    told = privacy.export(reach)
    assert {one["value"] for one in told["identifiers"]} == {ANNA.value, MAIL.value, PHONE.value, COOKIE.value}
    assert len(told["assertions"]) == 3


def test_who_is_forgotten_leaves_numbers_that_name_nobody_and_comes_back_as_somebody_new():
    said((ANNA, MAIL, "verified"), (BJORN, MAIL, "stated"), (BJORN, PHONE, "account"))
    numbers, edition = queries.numbers([ANNA.key, MAIL.key]), commands.edition()
    commands.retract(Assertion.objects.get(rule="verified").pk, "agent", "Anna said so")
    commands.restore(Assertion.objects.get(rule="verified").pk, "agent")
    assert commands.forget(ANNA.key) == tuple(sorted(numbers.values()))
    assert commands.edition() == edition + 1
    left = Identifier.objects.filter(pk__in=numbers.values())
    assert {(one.value, one.key, one.customer) for one in left} == {(None, None, None)}
    assert queries.reach(BJORN.key).emails == ()
    assert queries.reviews() == ()
    assert Retraction.objects.count() == 0
    assert commands.forget(ANNA.key) == ()
    again = commands.know([MAIL], AT)
    assert again[MAIL.key] not in numbers.values()
    stale = Pair(numbers[MAIL.key], queries.numbers([PHONE.key])[PHONE.key], "stated", "web", AT)
    assert commands.assert_pairs([stale]) == 0, "a number that was remembered too long says nothing"


@pytest.mark.parametrize(
    "deed",
    [
        "update identity_assertion set rule = 'stated'",
        "delete from identity_assertion",
        "delete from identity_retraction",
        "update identity_retraction set reason = ''",
        "update identity_identifier set value = 'another'",
        "update identity_identifier set key = null",
    ],
)
def test_history_cannot_be_rewritten(deed):
    said((ANNA, MAIL, "verified"))
    commands.retract(only_assertion(), "agent", "why")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
