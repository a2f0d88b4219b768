"""The retailer's rules, the reasons, and what is learned: pure, so each is tried by itself."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.customers.identity.proposing import explaining, ruling
from samband.customers.identity.proposing.explaining import Reason
from samband.customers.identity.proposing.learning import Lesson, household, learn, probability
from samband.customers.identity.proposing.odds import Model, Odds
from samband.customers.identity.proposing.ruling import Accepting, Case, accepting

NOBODY: ruling.Persons = frozenset()
ACCOUNT = frozenset({("account", "")})
RULE = Accepting("mail", 0.999, ("email", "phone"), uncontradicted=True)


def case(probability: float = 0.9999, persons=(NOBODY, ACCOUNT), **degrees: str) -> Case:
    return Case(probability, degrees or {"email": "same"}, persons)


@pytest.mark.parametrize(
    ("tried", "accepted"),
    [
        (case(), True),
        (case(phone="same"), True),
        (case(email="other", phone="same"), False),  # something is altogether different
        (case(0.9989), False),
        (case(email="slip"), False),
        (case(born="same"), False),
        (case(persons=(ACCOUNT, ACCOUNT)), False),
        (case(persons=(frozenset({("user", "crm")}), frozenset({("user", "crm")}))), False),
        (case(persons=(frozenset({("user", "crm")}), frozenset({("user", "till")}))), True),
    ],
)
def test_a_rule_decides_what_it_was_set_for_and_nothing_else(tried, accepted):
    assert (accepting([RULE], tried) == RULE) is accepted


@given(
    st.floats(0, 1), st.sampled_from(["same", "slip", "other"]), st.lists(st.sampled_from(ruling.AGREEING), min_size=1)
)
def test_no_rule_whatever_it_says_ever_joins_two_accounts(least, degree, agreeing):
    loose = Accepting("loose", least, tuple(agreeing), uncontradicted=False)
    tried = Case(1.0, dict.fromkeys(ruling.AGREEING, degree), (ACCOUNT, ACCOUNT))
    assert accepting([loose], tried) is None


def test_without_rules_a_person_decides():
    assert accepting([], case()) is None


def test_reasons_are_kept_without_anybody_s_particulars_the_strongest_first():
    kept = explaining.told([Reason("surname", "other", -3.21), Reason("phone", "same", 17.04)])
    assert kept == [
        {"field": "phone", "degree": "same", "bits": 17.0},
        {"field": "surname", "degree": "other", "bits": -3.2},
    ]
    phone, surname = explaining.read(kept)
    assert (phone.side, phone.strength, surname.side, surname.strength) == ("for", "strongly", "against", "slightly")
    assert Reason("line2", "slip", 0.2).side == "neither"


def test_a_weight_in_bits_is_the_odds():
    assert explaining.probability(0) == 0.5
    assert explaining.probability(10) == pytest.approx(1024 / 1025)
    assert 0 < explaining.probability(-5000) < explaining.probability(5000) <= 1


def test_a_household_is_two_of_different_given_names_with_nothing_of_their_own_in_common():
    fields = ("given", "phone", "born", "email")
    assert household(fields, ("other", "same", None, "other"))
    assert household(fields, ("other", "same", "parts", None))
    assert not household(fields, ("other", "same", "same", None))
    assert not household(fields, ("other", None, None, "mailbox"))
    assert not household(fields, ("same", "same", "other", "other"))
    assert not household(fields, (None, "same", "other", "other"))


EXPECTED = Model(
    0.001,
    1000,
    {
        "name": {"same": Odds(0.8, 0.02), "other": Odds(0.2, 0.98)},
        "phone": {"same": Odds(0.5, 0.001), "other": Odds(0.5, 0.999)},
        "town": {"same": Odds(0.7, 0.1), "other": Odds(0.3, 0.9)},
    },
)


def lesson(share: float, m: dict[str, float], u: dict[str, float], pairs: int = 200_000) -> Lesson:
    """Pairs drawn from people who agree so (m) and so (u): all of them are candidates, and all are at random."""
    dice = random.Random(7)
    seen: dict[tuple[str | None, ...], int] = {}
    for _ in range(pairs):
        odds = m if dice.random() < share else u
        pattern = tuple("same" if dice.random() < odds[field] else "other" for field in EXPECTED.odds)
        seen[pattern] = seen.get(pattern, 0) + 1
    return Lesson(seen, seen, 1.0, float(pairs))


def test_what_is_true_is_learned_without_anybody_s_labels():
    m, u = {"name": 0.9, "phone": 0.7, "town": 0.6}, {"name": 0.01, "phone": 0.0005, "town": 0.2}
    learned = learn(EXPECTED, lesson(0.01, m, u))
    assert learned.probability == pytest.approx(0.01, rel=0.1)
    for field in m:
        assert learned.odds[field]["same"].m == pytest.approx(m[field], abs=0.04)
        assert learned.odds[field]["same"].u == pytest.approx(u[field], rel=0.15)


def test_nothing_teaches_nothing():
    learned = learn(EXPECTED, Lesson({}, {}, 1.0, 1e6))
    assert learned.probability == 1e-6
    for field, odds in EXPECTED.odds.items():
        for degree, one in odds.items():
            assert learned.odds[field][degree].m == pytest.approx(one.m)
            assert learned.odds[field][degree].u == pytest.approx(one.u)


def test_the_same_lesson_in_any_order_teaches_exactly_the_same():
    one = lesson(0.02, {"name": 0.9, "phone": 0.7, "town": 0.6}, {"name": 0.05, "phone": 0.01, "town": 0.3}, 5000)
    turned = Lesson(dict(reversed(one.candidates.items())), dict(reversed(one.at_random.items())), 1.0, one.possible)
    assert learn(EXPECTED, one) == learn(EXPECTED, turned)


@given(st.lists(st.sampled_from(["same", "other", None]), min_size=3, max_size=3))
def test_agreeing_never_makes_it_less_likely(pattern):
    one = probability(EXPECTED, tuple(pattern))
    assert 0 < one < 1
    for nth, degree in enumerate(pattern):
        if degree == "other":
            assert probability(EXPECTED, (*pattern[:nth], "same", *pattern[nth + 1 :])) > one
