"""What people said is kept word for word and for ever; what follows from it is worked out when asked."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.consent import asking, books, commands, links, privacy, queries, wordings, writing
from samband.customers.consent.commands import Saying
from samband.customers.consent.deciding import Address
from samband.customers.consent.models import Asking, Entry, Standing, Wording
from samband.customers.consent.refusals import NotALink, NotAnAsking, NotForThatAddress
from samband.events.consent import ConsentGiven, ConsentWithdrawn
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import identifier
from samband.kernel.languages import LANGUAGES
from samband.kernel.reach import Reach
from samband.kernel.refusal import Invalid, KeyReused, TooMany
from samband.timeline import queries as timeline

pytestmark = pytest.mark.django_db

ANNA, BOB = (identifier("email", f"{name}@example.is") for name in ("anna", "bob"))
TO_ANNA, TO_BOB = Address.of(ANNA), Address.of(BOB)
COOKIE = Address.of(identifier("cookie", "0192-visit"))
START = datetime(2026, 3, 1, tzinfo=UTC)
NEWS = "newsletter_email"


@pytest.fixture(autouse=True)
def fresh():
    queries.forget_remembered()
    wordings.forget()
    yield
    wordings.forget()


def say(address: Address = TO_ANNA, granted: bool = True, purpose: str = NEWS, **more):
    asked = {"source": "account", "channel": "shop", "wording": "Write to me.", "version": "own 1", "language": "en"}
    return commands.say(address, purpose, granted, **(asked | more))


def reach(*addresses: Address, accounts: tuple[UUID, ...] = ()) -> Reach:
    return Reach(addresses[0].key, accounts, (), tuple(one.key for one in addresses), (), ())


def test_an_answer_is_kept_with_the_words_that_were_shown_and_told_by_its_keys_alone():
    given = say(proof="asking:7", by="")
    (entry,) = queries.history([TO_ANNA.key])
    assert (entry.wording, entry.version, entry.language) == ("Write to me.", "own 1", "en")
    assert (entry.granted, entry.source, entry.channel, entry.proof) == (True, "account", "shop", "asking:7")
    assert isinstance(given, ConsentGiven)
    assert given.entry_id == entry.id
    told = timeline.latest()[0]
    assert told.name == "consent.ConsentGiven"
    assert told.subject == f"address:{TO_ANNA.key}"
    assert "anna" not in repr(told.payload)


def test_nobody_changes_what_was_said_nor_the_words():
    say()
    for change in (Entry.objects.update, Wording.objects.update):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(**({"granted": False} if change.__self__.model is Entry else {"text": "Something else"}))
    for rows in (Entry, Wording):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.objects.all().delete()


def test_asking_twice_under_one_key_is_said_once():
    first, again = say(key="k"), say(key="k")
    assert first == again
    assert Entry.objects.count() == 1
    assert len(timeline.latest()) == 1
    with pytest.raises(KeyReused), transaction.atomic():
        say(granted=False, key="k")
    assert queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).allowed


def test_a_sheet_of_answers_counts_each_key_once_and_keeps_its_order():
    sheet = [
        Saying(address=TO_ANNA, purpose=NEWS, granted=True, source="import", channel="console", key=key)
        for key in ("a", "b", "a")
    ]
    said = commands.say_many(sheet)
    assert [one.entry_id for one in said] == [said[0].entry_id, said[1].entry_id, said[0].entry_id]
    assert Entry.objects.count() == 2
    assert commands.say_many([]) == ()


def test_a_clock_that_runs_ahead_does_not_outlive_the_next_withdrawal():
    with held_at(START):
        say(at=START + timedelta(days=3_000))
    with held_at(START + timedelta(minutes=1)):
        say(granted=False)
    assert not queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).allowed


def test_an_old_list_that_arrives_late_brings_back_nothing_that_was_taken_back():
    with held_at(START):
        say(granted=False)
    with held_at(START + timedelta(days=9)):
        say(at=START - timedelta(days=100), source="import")
    assert queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).because == "refused"
    assert [one.granted for one in queries.history([TO_ANNA.key])] == [False, True]


def test_what_cannot_be_agreed_to_is_refused_whole():
    with pytest.raises(NotForThatAddress), transaction.atomic():
        say(purpose="offers_sms")
    with pytest.raises(Invalid), transaction.atomic():
        say(source="")
    with pytest.raises(Invalid), transaction.atomic():
        say(wording="x" * 5_000)
    assert not Entry.objects.exists()


SAID = st.tuples(st.sampled_from([TO_ANNA, TO_BOB]), st.booleans(), st.integers(0, 3))


@given(said=st.lists(SAID, min_size=1, max_size=6), data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_the_same_answers_gives_the_same_and_joining_and_parting_follow_by_themselves(said, data):
    order = data.draw(st.permutations(said))
    with transaction.atomic():
        for address, granted, hours in said:
            say(address, granted, at=START + timedelta(hours=hours))
        heard = [queries.may([key], NEWS, key) for key in (TO_ANNA.key, TO_BOB.key)]
        joined = queries.may([TO_ANNA.key, TO_BOB.key], NEWS)
        assert list(books.findings()) == []
        transaction.set_rollback(True)
    with transaction.atomic():
        for address, granted, hours in order:
            say(address, granted, at=START + timedelta(hours=hours))
        assert [queries.may([key], NEWS, key) for key in (TO_ANNA.key, TO_BOB.key)] == heard
        assert queries.may([TO_ANNA.key, TO_BOB.key], NEWS) == joined
        assert joined.allowed is (any(one.allowed for one in heard) and "refused" not in {one.because for one in heard})
        # Asked apart again, each says what it said before they were asked together.
        assert [queries.may([key], NEWS, key) for key in (TO_ANNA.key, TO_BOB.key)] == heard
        transaction.set_rollback(True)


def test_states_show_the_stricter_answer_and_what_each_address_said():
    say(TO_ANNA), say(TO_BOB, False), say(COOKIE, purpose="analytics")
    states = queries.states([TO_ANNA.key, TO_BOB.key, COOKIE.key])
    assert states[NEWS].answer is False
    assert {one.address: one.granted for one in states[NEWS].standings} == {TO_ANNA.key: True, TO_BOB.key: False}
    assert states["analytics"].answer is True
    assert states["calls"].answer is None
    assert queries.counts() == {NEWS: (1, 1), "analytics": (1, 0)}


def test_whole_sets_are_read_from_one_relation():
    say(), say(TO_BOB, False)
    with connection.cursor() as cursor:
        cursor.execute(f"select address, purpose, granted from {queries.RELATION} order by granted")
        assert cursor.fetchall() == [(TO_BOB.key, NEWS, False), (TO_ANNA.key, NEWS, True)]


def test_books_notice_an_answer_that_stands_differently_from_what_was_said():
    say()
    Standing.objects.update(granted=False)
    (finding,) = books.findings()
    assert NEWS in finding
    assert str(TO_ANNA.key) in finding


def test_capture_hears_what_a_cookie_agreed_to_without_asking_twice(django_assert_num_queries):
    say(COOKIE, purpose="analytics")
    say(COOKIE, purpose="advertising", granted=False)
    with django_assert_num_queries(1):
        assert queries.at_capture(COOKIE.key) == {"statistics": True, "marketing": False}
        assert queries.at_capture_of([COOKIE.key]) == {COOKIE.key: {"statistics": True, "marketing": False}}
    assert queries.at_capture(TO_BOB.key) is None


def test_a_retailers_own_words_take_the_place_of_ours_and_earlier_ones_stay_in_the_log():
    ours = wordings.shown(NEWS, "is")
    say(wording=ours.text, version=ours.version, language="is")
    written = writing.write_wording(NEWS, {"is": "Já,  takk.", "en": "Yes, please."}, by="gudrun")
    assert wordings.shown(NEWS, "is") == wordings.Shown(NEWS, "Já, takk.", written.version, "is")
    assert wordings.shown(NEWS, "el").version == wordings.SHIPPED_VERSION
    assert writing.write_wording(NEWS, {}, by="gudrun").version == "own 2"
    assert wordings.shown(NEWS, "is") == ours
    assert queries.history([TO_ANNA.key])[0].wording == ours.text


def test_everything_that_is_asked_has_words_in_every_language():
    for about in wordings.SHIPPED:
        assert set(wordings.in_every_language(about)) == set(LANGUAGES)
    with pytest.raises(Invalid), transaction.atomic():
        writing.write_wording("analytics", {"en": "x"}, by="gudrun")
    with pytest.raises(Invalid), transaction.atomic():
        writing.write_wording(NEWS, {"xx": "x"}, by="gudrun")
    with pytest.raises(Invalid), transaction.atomic():
        writing.write_wording(NEWS, {"en": "x" * 1_001}, by="gudrun")


def ask(email=ANNA):
    return asking.ask(email, [wordings.shown(NEWS, "en")], source="footer", channel="shop", language="en")


def test_a_typed_address_counts_once_it_has_answered_and_is_kept_in_clear_no_longer():
    asked = ask()
    assert not queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).allowed
    assert asked.token.encode() not in bytes(Asking.objects.get().token_hash)
    assert asking.asking(asked.token).texts == (wordings.shown(NEWS, "en").text,)
    confirmed = asking.confirm(asked.token)
    assert confirmed.email == ANNA.value
    assert queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).allowed
    assert Asking.objects.get().email == ""
    (entry,) = queries.history([TO_ANNA.key])
    assert (entry.source, entry.proof) == ("footer", f"asking:{asked.id}")
    say(granted=False)
    assert asking.confirm(asked.token).said == (), "a second click does not agree again"
    assert not queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).allowed


def test_what_nobody_answered_is_forgotten_and_nobody_is_asked_all_day():
    with held_at(START):
        asked = ask()
        for _ in range(asking.AN_HOUR - 1):
            ask()
        with pytest.raises(TooMany):
            ask()
        ask(BOB)
    with held_at(START + timedelta(hours=2)):
        ask()
    with held_at(START + asking.LASTS), pytest.raises(NotAnAsking), transaction.atomic():
        asking.confirm(asked.token)
    with held_at(START + asking.LASTS + timedelta(seconds=1)):
        assert asking.forget_unanswered() == 4
    assert [one.asked_at for one in Asking.objects.all()] == [START + timedelta(hours=2)]
    for nonsense in ("", "x" * 5_000, "\x00"):
        with pytest.raises(NotAnAsking):
            asking.asking(nonsense)


def test_a_link_says_what_it_was_written_for_and_nobody_makes_one_up():
    token = links.token_for(TO_ANNA, NEWS)
    assert links.read(token) == links.Letter(TO_ANNA, NEWS)
    assert links.headers(TO_ANNA, NEWS)["List-Unsubscribe"].endswith(f"/unsubscribe/{token}>")
    for forged in ("", token[:-1], token + "x", links.token_for(TO_ANNA, "spam"), "a.b.c"):
        with pytest.raises(NotALink):
            links.read(forged)


def test_erasing_leaves_refusals_under_their_keys_alone_so_that_they_hold_when_the_address_comes_back():
    account = UUID(int=77)
    own = Address(account, "account")
    say(TO_ANNA, granted=True, at=START, account=account)
    say(TO_ANNA, granted=False, account=account, key="k", proof="asking:1", by="gudrun")
    say(COOKIE, purpose="analytics", account=account)
    say(own, purpose="profiling", granted=False, account=account)
    say(TO_BOB, account=account)
    ask()
    everything = privacy.export(reach(TO_ANNA, COOKIE, own, accounts=(account,)))
    assert len(everything["consents"]) == 4
    assert len(everything["askings"]) == 1
    privacy.erase(reach(TO_ANNA, COOKIE, own, accounts=(account,)))
    kept = {(one.address, one.granted): one for one in Entry.objects.all()}
    assert set(kept) == {(TO_ANNA.key, False), (TO_BOB.key, True)}
    refusal = kept[TO_ANNA.key, False]
    assert (refusal.account, refusal.proof, refusal.key, refusal.by) == (None, "", None, "")
    assert kept[TO_BOB.key, True].account is None
    assert not Asking.objects.exists()
    assert list(books.findings()) == []
    assert queries.may([TO_ANNA.key], NEWS, TO_ANNA.key).because == "refused"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(granted=True)


def test_an_address_that_only_waits_to_be_confirmed_is_erased_too():
    ask()
    nobody = UUID(int=5)
    privacy.erase(Reach(nobody, (), (), (), (ANNA.value,), ()))
    assert not Asking.objects.exists()


def test_browsers_that_have_answered_nothing_for_long_are_forgotten():
    other = Address.of(identifier("cookie", "other"))
    with held_at(START):
        say(COOKIE, purpose="analytics"), say(other, purpose="analytics"), say(TO_ANNA)
    with held_at(START + timedelta(days=400)):
        say(other, purpose="analytics", granted=False)
    assert privacy.forget_browsers(START + timedelta(days=100), 10) == 1
    assert {one.address for one in Entry.objects.all()} == {other.key, TO_ANNA.key}
    assert {one.address for one in Standing.objects.all()} == {other.key, TO_ANNA.key}
    assert privacy.forget_browsers(START + timedelta(days=100), 10) == 0
    assert list(books.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_speak_for_the_same_addresses_at_once_leave_what_was_said_last():
    at = now()
    sayings = [
        Saying(address=address, purpose=purpose, granted=granted, source="api", channel="api",
               at=at - timedelta(seconds=age), wording="The same words", version="1", language="en")
        for address, purpose in ((TO_ANNA, NEWS), (TO_BOB, NEWS), (COOKIE, "analytics"))
        for granted, age in ((True, 1), (False, 0))
    ]  # fmt: skip
    orders = list(permutations(sayings))[::120]
    ready = threading.Barrier(len(orders))
    failures: list[Exception] = []

    def speak(order) -> None:
        try:
            ready.wait()
            commands.say_many(order)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    speakers = [threading.Thread(target=speak, args=(order,)) for order in orders]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    assert failures == []
    assert {one.granted for one in queries.standings([TO_ANNA.key, TO_BOB.key, COOKIE.key])} == {False}
    assert Entry.objects.count() == len(orders) * len(sayings)
    assert list(books.findings()) == []


def test_the_event_of_a_refusal_says_so():
    assert isinstance(say(granted=False), ConsentWithdrawn)
