"""What was said last holds, of two at once the refusal; of a customer's addresses the strictest answers for all."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.customers.consent import policy, purposes
from samband.customers.consent.deciding import (
    GRANTED,
    NEVER_SAID,
    REFUSED,
    REFUSED_ELSEWHERE,
    Answer,
    latest,
    stricter,
    verdict,
)
from samband.customers.consent.refusals import NoSuchPurpose, NotForThatAddress
from samband.kernel.identifier import KINDS
from samband.kernel.refusal import Invalid

START = datetime(2026, 1, 1, tzinfo=UTC)
A, B, C = (UUID(int=n) for n in (1, 2, 3))

answers = st.builds(Answer, st.booleans(), st.integers(0, 4).map(lambda hours: START + timedelta(hours=hours)))
of_address = st.one_of(st.none(), st.booleans())


@given(st.lists(answers), st.randoms())
def test_the_answer_that_holds_does_not_depend_on_the_order_in_which_we_heard(said, random):
    shuffled = said[:]
    random.shuffle(shuffled)
    assert latest(said) == latest(shuffled)


@given(st.lists(answers, min_size=1))
def test_nothing_later_was_said_and_nothing_stricter_at_the_same_time(said):
    held = latest(said)
    assert all(one.at <= held.at for one in said)
    assert held.granted is all(one.granted for one in said if one.at == held.at)


@given(st.lists(of_address))
def test_one_refusal_refuses_for_all_and_one_agreement_alone_agrees(said):
    assert stricter(said) is (False if False in said else True if True in said else None)


@given(st.lists(of_address), st.lists(of_address))
def test_joining_never_allows_what_one_of_both_refused_and_parting_gives_back_what_was(left, right):
    joined = stricter([*left, *right])
    assert joined is stricter([stricter(left), stricter(right)])
    if False in (stricter(left), stricter(right)):
        assert joined is False


@given(st.dictionaries(st.sampled_from([A, B, C]), of_address), st.sampled_from([A, B, C]))
def test_an_address_is_written_to_only_if_it_agreed_itself_and_the_customer_refuses_nowhere(said, address):
    told = verdict(said, address)
    assert told.allowed is (said.get(address) is True and False not in said.values())
    assert told.because == (
        GRANTED if told.allowed
        else REFUSED if said.get(address) is False
        else REFUSED_ELSEWHERE if False in said.values()
        else NEVER_SAID
    )  # fmt: skip


def test_somebody_elses_agreement_is_not_this_addresss():
    assert verdict({A: True, B: None}).allowed
    assert verdict({A: True, B: None}, B).because == NEVER_SAID


def test_every_purpose_of_use_stands_in_one_category_and_none_in_the_necessary_one():
    listed = [slug for slugs in purposes.OF_CATEGORY.values() for slug in slugs]
    assert sorted(listed) == sorted(slug for slug, one in purposes.PURPOSES.items() if not one.contact)
    assert purposes.OF_CATEGORY["necessary"] == ()
    assert all(one.kinds <= set(KINDS) for one in purposes.PURPOSES.values())


@given(st.sets(st.sampled_from(purposes.CATEGORIES)), st.booleans())
def test_a_category_agrees_to_its_purposes_and_to_no_others(agreed, gpc):
    said = purposes.answers(frozenset(agreed), gpc=gpc)
    for slug, granted in said.items():
        refused_by_browser = gpc and slug in ("advertising", "sharing")
        assert granted is (purposes.PURPOSES[slug].category in agreed and not refused_by_browser)


def test_what_nobody_can_agree_to_is_refused():
    with pytest.raises(Invalid):
        purposes.answers(frozenset({"everything"}))
    with pytest.raises(NoSuchPurpose):
        purposes.purpose("world_domination")
    with pytest.raises(NotForThatAddress):
        purposes.check("offers_sms", "email")
    with pytest.raises(NotForThatAddress):
        purposes.check("newsletter_email", "cookie")


CATEGORY = st.sampled_from(["statistics", "preferences", "marketing", "Analytics", "Advertising", "x", "necessary"])
SAID = st.one_of(st.booleans(), st.none(), st.sampled_from(["true", "false", 1, 0, "yes", [], {}]))


@given(st.one_of(st.none(), st.dictionaries(CATEGORY, SAID)), st.booleans(), st.booleans())
def test_what_is_kept_is_what_was_agreed_to_and_only_true_is_a_yes(categories, gpc, needs_consent):
    keep = policy.allowed(categories, gpc=gpc, needs_consent=needs_consent)
    said = {}
    for name, value in (categories or {}).items():
        known = {"analytics": "statistics", "advertising": "marketing"}.get(name.lower(), name.lower())
        said[known] = said.get(known, True) and value is True
    assert keep.who is said.get("statistics", not needs_consent)
    assert keep.preferences is said.get("preferences", not needs_consent)
    assert keep.campaigns is (said.get("marketing", not needs_consent) and not gpc)


def test_nothing_said_is_not_agreed_in_a_browser_and_a_server_tells_what_fulfils_a_contract():
    assert policy.allowed(None) == policy.Keep(who=False, preferences=False, campaigns=False)
    assert policy.allowed({}, needs_consent=False) == policy.EVERYTHING
    assert not policy.allowed({"statistics": False}, needs_consent=False).who
    assert not policy.allowed({"marketing": True}, gpc=True).campaigns


def test_deciding_makes_nothing_anew():
    combinations = product((True, False), repeat=3)
    made = {id(policy.allowed({"statistics": a, "marketing": b}, gpc=c)) for a, b, c in combinations}
    assert made <= {id(one) for one in policy._EACH}


PERSON = "anna.jonsdottir@example.is"


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(sorted(policy.PROPERTIES)), st.text(max_size=12)),
        st.one_of(
            st.just(PERSON), st.just([PERSON]), st.just({"email": PERSON}), st.just("x" * 500), st.integers(),
            st.sampled_from(["sofa", "ISK"]),
        ),
    )
)  # fmt: skip
def test_what_is_kept_of_somebody_unknown_speaks_of_goods_alone(properties):
    kept = policy.nameless(properties | {"products": [properties, PERSON], "email": PERSON, "name": "Anna"})
    assert PERSON not in repr(kept)
    assert set(kept) <= policy.PROPERTIES | {"products"}
    assert all(set(one) <= policy.PROPERTIES for one in kept["products"])
    assert policy.nameless({"sku": "SOFA", "price": 12.5, "quantity": 2}) == {
        "sku": "SOFA",
        "price": 12.5,
        "quantity": 2,
    }
