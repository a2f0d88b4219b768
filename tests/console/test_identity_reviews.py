"""Two who may be one person, side by side: a person sees why, decides, or sets a rule that does."""

from uuid import UUID

import pytest

from samband.customers.accounts import commands as accounts
from samband.customers.accounts.rules import Particulars
from samband.customers.identity import commands as identity
from samband.customers.identity import queries as known
from samband.customers.identity.proposals import Proposal
from samband.customers.identity.proposing import queries as proposing
from samband.flows.know_customers import know_everybody
from samband.flows.propose_matches import BY_RULE
from samband.kernel.identifier import identifier
from samband.timeline.delivering import deliver
from tests.console.counter import Counter

MATCHES = "/console/customers/matches/"
GUEST = "ania84@mail.example"
REASONS = (
    {"field": "phone", "degree": "slip", "bits": 13.1},
    {"field": "given", "degree": "short", "bits": 4.9},
    {"field": "email", "degree": "other", "bits": -1.2},
)


@pytest.fixture
def agent(world) -> Counter:
    return Counter("service")


@pytest.fixture
def anna(world) -> UUID:
    account = accounts.register("anna.kowalska@example.pl", source="shop", name="Anna Kowalska", phone="+48601234567")
    accounts.save_address(account, Particulars("Anna Kowalska", "Lipowa 12", "Kraków", "PL", "30-702"))
    return account


@pytest.fixture
def ania(anna) -> UUID:
    accounts.keep_contact(GUEST, "Ania <Kowalska>", "+48601234576")
    know_everybody()
    identity.resolve()
    return identifier("email", GUEST).key


@pytest.fixture
def pair(anna, ania) -> int:
    numbers = known.numbers([anna, known.customer_of(ania)])
    assert identity.propose([Proposal(*numbers.values(), 14.2, REASONS)]) == 1
    (view,) = known.reviews()
    return view.id


def of(pair: int) -> str:
    return f"{MATCHES}{pair}/"


def test_both_stand_side_by_side_with_what_agrees_and_what_does_not(agent, pair):
    shown = agent.get(of(pair)).content.decode()
    for text in ("Anna Kowalska", "Ania &lt;Kowalska&gt;", "+48601234567", "+48601234576", GUEST, "Lipowa 12"):
        assert text in shown
    for text in ("differ by a slip or in the country", "short form of the other", "Speaks strongly for one person"):
        assert text in shown
    assert "The e-mails are different." in shown
    assert "Speaks a little against it" in shown
    assert "99.99" in shown


def test_the_list_says_who_waits_and_why(agent, pair):
    shown = agent.get(MATCHES).content.decode()
    assert f'href="{of(pair)}"' in shown
    assert "Anna Kowalska" in shown
    assert "The telephone numbers differ by a slip" in shown


def test_the_same_person_is_one_customer_at_once(agent, pair, anna, ania):
    done = agent.do(of(pair), "same")
    assert done.status_code == 303
    assert known.customer_of(ania) == anna
    assert "They are one person now." in agent.get(done["Location"]).content.decode()
    shown = agent.get(of(pair)).content.decode()
    assert "Decided: they are one person." in shown
    assert 'value="same"' not in shown
    assert "Anna Kowalska" in agent.get(f"{MATCHES}?state=accepted").content.decode()


def test_different_people_stay_two(agent, pair, anna, ania):
    agent.do(of(pair), "different")
    assert known.customer_of(ania) != anna
    assert known.reviews() == ()
    assert "Decided: they are two people." in agent.get(of(pair)).content.decode()


def test_later_leads_to_the_next_pair_and_at_the_end_to_the_list(agent, pair, anna):
    assert f'href="{MATCHES}">Later' in agent.get(of(pair)).content.decode()
    other = accounts.register("jon@example.is", source="shop", name="Jón Þórsson")
    while deliver():
        pass
    identity.resolve()
    numbers = known.numbers([anna, other])
    identity.propose([Proposal(*numbers.values(), 5.0, REASONS[:1])])
    second = max(view.id for view in known.reviews())
    assert f'href="{of(second)}">Later' in agent.get(of(pair)).content.decode()
    assert f'href="{of(pair)}">Later' in agent.get(of(second)).content.decode()


def test_who_comes_second_is_told_that_somebody_decided(agent, pair):
    form = agent.form(of(pair), "same")
    identity.decide(pair, False, "somebody else")
    answered = agent.client.post(of(pair), form)
    assert answered.status_code == 409
    assert "Somebody has decided this already." in answered.content.decode()


def test_a_conflict_that_was_held_back_waits_here_too(agent, anna):
    other = accounts.register("a.nowak@example.com", source="shop", name="Anna Nowak", phone="+48601234567")
    know_everybody()
    identity.resolve()
    (view,) = known.reviews(kind="conflict")
    shown = agent.get(of(view.id)).content.decode()
    assert "It joins nobody." in shown
    assert "Each has an account." in shown
    agent.do(of(view.id), "same")
    assert known.customer_of(other) == known.customer_of(anna)


def test_an_account_that_only_looks_decides_nothing(pair):
    analyst = Counter("analyst")
    answered = analyst.get(of(pair))
    assert answered.status_code in (200, 403)
    assert 'value="same"' not in answered.content.decode()


def test_a_pair_that_is_not_there(agent):
    assert agent.get(of(999_999)).status_code == 404


def test_a_rule_is_set_told_and_ended(agent):
    assert "There is no rule" in agent.get(MATCHES).content.decode()
    agent.do(MATCHES, "set-rule", name="Same mail", least="0.999")
    (rule,) = proposing.rules()
    assert (rule.accepting.least, rule.accepting.agreeing, rule.accepting.uncontradicted) == (
        0.999,
        ("email", "phone"),
        True,
    )
    shown = agent.get(MATCHES).content.decode()
    assert "at least 99.9% likely, and the e-mail or the telephone number exactly the same" in shown
    agent.do(MATCHES, "end-rule")
    assert proposing.rules() == ()


def test_a_rule_without_a_field_is_refused_in_words(agent):
    form = agent.form(MATCHES, "set-rule") | {"name": "Nothing"}
    form.pop("agreeing-email")
    form.pop("agreeing-phone")
    answered = agent.client.post(MATCHES, form)
    assert answered.status_code == 422
    assert "something that must be exactly the same" in answered.content.decode()
    assert proposing.rules() == ()


def test_what_a_rule_decided_is_signed_with_its_name(agent, pair):
    identity.decide(pair, True, f"{BY_RULE}Same mail")
    assert "by the rule “Same mail”" in agent.get(of(pair)).content.decode()
