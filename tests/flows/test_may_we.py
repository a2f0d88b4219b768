"""May we? The stricter answer over everything a customer is known by now, whoever they turn out to be or not to be."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.consent import books, queries, wordings
from samband.customers.consent.deciding import GRANTED, NEVER_SAID, REFUSED, REFUSED_ELSEWHERE, Address, stricter
from samband.customers.identity import commands as identity
from samband.customers.identity import queries as identities
from samband.engagement.messaging import permission
from samband.flows.may_we import AskConsent, may_we, may_we_write
from samband.flows.say_consent import answer, choose
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import NotAnIdentifier, identifier
from samband.kernel.ids import new_id
from samband.timeline import queries as timeline

pytestmark = pytest.mark.django_db

NEWS = "newsletter_email"
ANNA, OLD_ANNA = identifier("email", "anna@example.is"), identifier("email", "anna@old.example.is")
START = datetime(2026, 5, 1, tzinfo=UTC)


def says(to, granted: bool, purpose: str = NEWS):
    answer(to, {purpose: granted}, "en", source="account", channel="shop")


def test_a_merge_takes_the_stricter_answer_and_taking_it_back_gives_back_exactly():
    says(ANNA, True)
    says(OLD_ANNA, False)
    before = (may_we_write(ANNA, NEWS), may_we_write(OLD_ANNA, NEWS))
    assert [one.because for one in before] == [GRANTED, REFUSED]
    same = identity.declare_same(ANNA.key, OLD_ANNA.key, by="gudrun")
    assert may_we_write(ANNA, NEWS).because == REFUSED_ELSEWHERE
    assert not may_we(same.customer_id, NEWS).allowed
    identity.retract(same.assertion_id, by="gudrun")
    assert (may_we_write(ANNA, NEWS), may_we_write(OLD_ANNA, NEWS)) == before
    identity.restore(same.assertion_id, by="gudrun")
    assert may_we_write(ANNA, NEWS).because == REFUSED_ELSEWHERE


PEOPLE = [identifier("email", f"p{n}@example.is") for n in range(4)]
ANSWER = st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 5))
PAIR = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] != pair[1])


def verdicts():
    return [may_we_write(one, NEWS) for one in PEOPLE] + [may_we(one.key, NEWS) for one in PEOPLE]


@given(st.lists(ANSWER, max_size=8), st.lists(PAIR, min_size=1, max_size=3), st.randoms())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_joined_in_any_order_and_parted_again_what_was_said_of_each_is_what_holds(said, pairs, random):
    with transaction.atomic():
        identity.know(PEOPLE, now())
        for person, granted, hours in said:
            with held_at(START + timedelta(hours=hours)):
                says(PEOPLE[person], granted)
        before = verdicts()
        own = [queries.may([one.key], NEWS, one.key).because for one in PEOPLE]
        made = []
        for a, b in pairs:
            made.append(identity.declare_same(PEOPLE[a].key, PEOPLE[b].key, by="gudrun").assertion_id)
            for one in PEOPLE:
                members = {each.key for each in identities.members(identities.customer_of(one.key))}
                answers = [queries.may([key], NEWS, key).because for key in members]
                held = stricter({GRANTED: True, REFUSED: False, NEVER_SAID: None}[each] for each in answers)
                assert may_we(one.key, NEWS).allowed is (held is True)
        random.shuffle(made)
        for assertion_id in dict.fromkeys(made):
            identity.retract(assertion_id, by="gudrun")
        assert verdicts() == before
        assert [queries.may([one.key], NEWS, one.key).because for one in PEOPLE] == own
        assert list(books.findings()) == []
        transaction.set_rollback(True)


def test_what_a_browser_refused_holds_for_the_customer_once_it_is_theirs():
    account, browser = identifier("account", str(new_id())), identifier("cookie", "0192-visit")
    says(account, True, "analytics")
    says(browser, False, "analytics")
    assert may_we(account.key, "analytics").allowed
    identity.declare_same(account.key, browser.key, by="gudrun")
    assert may_we(account.key, "analytics").because == REFUSED
    assert may_we(browser.key, "analytics").because == REFUSED, "any id of the customer's asks for the same customer"


def test_somebody_nobody_knows_was_never_asked():
    assert may_we(new_id(), "analytics").because == NEVER_SAID
    assert may_we_write(identifier("phone", "+3545551234"), "offers_sms").because == NEVER_SAID


def test_asking_takes_three_statements_however_much_was_said(django_assert_num_queries):
    for _ in range(5):
        says(ANNA, True), says(ANNA, False)
    with django_assert_num_queries(3):
        may_we_write(ANNA, NEWS)


def test_every_letter_says_how_to_stop_it():
    says(ANNA, True)
    right = AskConsent().to_write(" Anna@Example.IS", NEWS)
    assert right.allowed
    assert right.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/unsubscribe/" in right.headers["List-Unsubscribe"]
    assert "anna" not in right.headers["List-Unsubscribe"]
    with pytest.raises(NotAnIdentifier):
        AskConsent().to_write("nobody", NEWS)
    assert isinstance(permission._plugged[0], AskConsent), "the house itself asks"


def test_what_was_chosen_in_a_browser_is_told_by_its_key_alone():

    address = Address.of(identifier("cookie", "0192-visit"))
    said = choose(
        address, frozenset({"marketing"}), {"choices": wordings.shown("choices", "is")}, gpc=True, source="dialogue",
        channel="shop",
    )  # fmt: skip
    assert {one.purpose: type(one).__name__ for one in said} == {
        "personalisation": "ConsentWithdrawn", "analytics": "ConsentWithdrawn", "profiling": "ConsentGiven",
        "advertising": "ConsentWithdrawn", "sharing": "ConsentWithdrawn",
    }  # fmt: skip
    assert {one.subject for one in timeline.latest()} == {f"address:{address.key}"}
    assert {entry.language for entry in queries.history([address.key])} == {"is"}
