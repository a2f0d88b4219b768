"""Profiles follow what happens: whatever the order, whoever is joined and parted in between, and however often the
follower is killed, what is kept is what would be reckoned from nothing."""

import random
import subprocess
import sys
import threading

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.identity import commands as identity
from samband.customers.identity import queries as who
from samband.customers.identity.models import Assertion
from samband.customers.profiles import books, commands, queries
from samband.customers.profiles.models import Profile
from samband.customers.touchpoints import commands as touchpoints
from samband.flows import follow_customers
from samband.flows.follow_customers import follow
from samband.kernel.identifier import Identifier
from tests.customers.reckoning import reckoned
from tests.customers.test_profiles import tellings
from tests.customers.touched import Told, cookie, customer, day, email, same, tell
from tests.processes import ROOT, own_database

WEB, PHONE, MAIL, OTHER = PEOPLE = (cookie("web"), cookie("phone"), email("anna"), email("other"))
FOLLOWER = [sys.executable, "-m", "tests.flows.dying_follower"]


def everybody() -> dict:
    """Every profile that is kept, by customer."""
    return queries.profiles(Profile.objects.values_list("pk", flat=True))


def wipe() -> None:
    """The beginning of another example in the same test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "truncate touchpoints_touchpoint, touchpoints_touched, profiles_profile, identity_moved,"
            " identity_identifier, identity_assertion, identity_retraction, identity_pending, identity_review"
        )


def retract(one: Identifier, other: Identifier) -> None:
    numbers = sorted(who.numbers([one.key, other.key]).values())
    said = Assertion.objects.get(a=numbers[0], b=numbers[-1])
    identity.retract(said.id, "test", "it was not so")


@pytest.mark.django_db
def test_whoever_is_touched_has_a_profile_at_once_and_nothing_waits():
    tell(Told(WEB, at=day(1)), Told(MAIL, at=day(2)))
    assert follow() == 2
    assert queries.profile(customer(WEB)).touchpoints == 1
    assert touchpoints.take_touched() == set()
    assert follow() == 0


@pytest.mark.django_db
def test_two_who_are_joined_are_one_customer_and_two_again_when_that_is_taken_back():
    tell(Told(WEB, at=day(1), channel="web"), Told(MAIL, at=day(2), channel="chat"))
    follow()
    before = everybody()
    same((WEB, MAIL))
    follow()
    (one,) = everybody().values()
    assert (one.touchpoints, one.first_channel, one.last_channel) == (2, "web", "chat")
    retract(WEB, MAIL)
    follow()
    assert everybody() == before


@pytest.mark.django_db
def test_somebody_who_is_known_but_was_never_seen_is_reckoned_once():
    identity.know([MAIL, WEB], day(0))
    assert follow() == 0
    assert follow_customers.see_to_everybody() == 2
    assert queries.profile(customer(MAIL)).has_email
    assert follow_customers.see_to_everybody() == 0


@pytest.mark.django_db
def test_a_turn_ends_though_there_is_more_to_follow():
    for nth in range(3):
        tell(Told(WEB, at=day(nth)))
    assert follow(most=1, batches=2) == 2
    assert touchpoints.take_touched() != set()


@st.composite
def deeds(draw: st.DrawFn) -> list:
    """What happens: somebody is told of, two are joined, the follower has its turn."""
    told = draw(st.lists(tellings(PEOPLE), min_size=1, max_size=8))
    pairs = draw(
        st.lists(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True).map(tuple), max_size=4)
    )
    turns = ["follow"] * draw(st.integers(0, 4))
    return draw(st.permutations([*told, *pairs, *turns]))


def happen(deeds: list) -> dict:
    """Let it happen, in this order, and follow to the end."""
    wipe()
    for deed in deeds:
        if isinstance(deed, Told):
            tell(deed)
        elif deed == "follow":
            follow()
        else:
            same(deed)
    follow()
    return everybody()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds(), st.randoms(use_true_random=False))
def test_the_same_touchpoints_in_any_order_give_the_same_profiles(happened, chance):
    first = happen(happened)
    shuffled = chance.sample(happened, len(happened))
    assert happen(shuffled) == first
    assert commands.rebuild() == 0
    assert list(books.findings()) == []
    for key, profile in first.items():
        known = {member.key for member in who.members(key)}
        told = [one for one in happened if isinstance(one, Told) and one.who.key in known]
        expected = reckoned(told)
        assert {name: getattr(profile, name) for name in expected} == expected


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds(), st.data())
def test_joined_and_taken_back_is_never_joined(happened, data):
    pairs = {tuple(sorted(one)) for one in happened if isinstance(one, tuple)}
    if not pairs:
        return
    wrong = data.draw(st.sampled_from(sorted(pairs)))
    others = [one for one in happened if not isinstance(one, tuple) or tuple(sorted(one)) != wrong]
    happen(others)
    known = {one.key for one in PEOPLE if who.find(one)}
    never = everybody()
    happen(happened)
    retract(*wrong)
    follow()
    # Somebody of whom nothing was ever told but what was taken back is known all the same: with nothing to their name.
    kept = {key: one for key, one in everybody().items() if key in known or one.touchpoints}
    assert kept == never


@pytest.mark.django_db(transaction=True)
def test_several_who_follow_at_once_leave_what_one_would(settings):
    names = [cookie(str(nth)) for nth in range(6)]
    failed: list[BaseException] = []

    def tell_and_follow(nth: int) -> None:
        chance = random.Random(nth)
        try:
            for turn in range(6):
                tell(Told(chance.choice(names), at=day(turn), channel=f"c{nth}"))
                if turn == 3:
                    same((names[nth], names[(nth + 1) % len(names)]))
                follow_customers.follow(most=1)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    tell(*(Told(name) for name in names))
    at_once = [threading.Thread(target=tell_and_follow, args=[nth]) for nth in range(4)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert failed == []
    follow()
    assert commands.rebuild() == 0
    assert sum(one.touchpoints for one in everybody().values()) == len(names) + 4 * 6


@pytest.mark.django_db(transaction=True)
def test_a_follower_killed_at_any_statement_loses_nothing(tmp_path):
    with own_database("samband_followed") as environment:
        environment = {**environment, "SAMBAND_HOME": str(tmp_path)}
        subprocess.run([*FOLLOWER, "tell"], env=environment, cwd=ROOT, check=True)
        killed = 0
        for lives in range(1, 200):
            fate = subprocess.run(
                [*FOLLOWER, str(lives)], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
            )
            if fate.returncode == 0:
                break
            killed += 1
        assert killed >= 8
        assert fate.stdout.split() == ["0", "0"]
        with psycopg.connect(environment["SAMBAND_DATABASE_URL"]) as look:
            assert look.execute("select count(*) from touchpoints_touched").fetchone() == (0,)
            assert look.execute("select count(*) from identity_moved").fetchone() == (0,)
            assert look.execute("select sum(touchpoints), count(*) from profiles_profile").fetchone() == (30, 3)
