"""Segments: told when somebody enters and leaves, once; moved by time, joins, agreements; kept as text; never wrong
for a crash, a race or a merge."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from samband.customers.consent import commands as consent
from samband.customers.consent.deciding import Address
from samband.customers.segments import books, commands, defining, evaluating, privacy, queries, writing
from samband.customers.segments.definitions import (
    Agreed,
    Amount,
    Bought,
    Condition,
    Definition,
    Did,
    Doing,
    Trait,
    Visited,
)
from samband.customers.segments.following import How, Reckoned, follow
from samband.customers.segments.models import Membership, Version
from samband.customers.segments.refusals import NotYaml, SegmentAbsurd, SegmentInUse, SegmentTaken, UnknownSegment
from samband.flows.segments_of import segments_of
from samband.kernel.clock import held_at
from samband.kernel.identifier import Identifier
from samband.kernel.reach import Reach
from samband.timeline import queries as timeline
from samband.timeline.delivering import deliver
from tests.customers.segmenting import Done, World, account, define, in_bulk, kept, settle, whose
from tests.customers.test_segments_properties import conditions, segments
from tests.customers.touched import cookie, day, email

VIEWED = Condition(did=Did(event="Product Viewed"))
TWICE = Condition(did=Did(event="Product Viewed", at_least=2))
ANNA, BERT = cookie("anna"), email("bert")


@pytest.fixture
def world(db) -> World:
    return World()


def told(who: Identifier) -> list[tuple[str, str]]:
    """What is told of somebody's segments, under the id of this identifier, the earliest first."""
    story = timeline.of_subject(f"customer:{who.key}", most=200)
    found = [one for one in reversed(story) if one.name.startswith("segments.")]
    return [(one.name.removeprefix("segments.Segment"), one.payload["segment"]) for one in found]


def filled(slug: str) -> list[dict]:
    return [one.payload for one in timeline.of_subject(f"segment:{slug}") if one.name == "segments.SegmentFilled"]


# --- entering and leaving


def test_who_is_there_when_it_begins_is_told_as_a_number_and_who_comes_later_by_id(world):
    world.tell(Done(ANNA))
    settle()
    define("lookers", VIEWED)
    settle()
    assert [(one["count"], one["entered"], one["left"]) for one in filled("lookers")] == [(1, 1, 0)]
    assert told(ANNA) == []
    world.tell(Done(BERT))
    settle()
    settle()
    assert told(BERT) == [("Entered", "lookers")]
    assert queries.members("lookers") == tuple(sorted([ANNA.key, BERT.key]))
    assert queries.segment("lookers").size == 2


def test_it_is_kept_up_in_the_transaction_that_follows_what_happened(world):
    define("lookers", VIEWED)
    settle()
    world.tell(Done(ANNA))
    from samband.flows.follow_customers import follow as follow_customers

    follow_customers()
    assert queries.of_customer(ANNA.key) == ("lookers",)


def test_time_alone_takes_people_out_to_the_second_and_tells_it_once(world):
    with held_at(day(0)):
        define("lately", Condition(did=Did(event="Product Viewed", within_days=3)))
        define("not-lately", Condition(did_not=Doing(event="Product Viewed", within_days=3)))
        settle()
        world.tell(Done(ANNA, at=day(0)))
        settle()
        assert queries.of_customer(ANNA.key) == ("lately",)
    with held_at(day(3) - timedelta(seconds=1)):
        settle()
        assert queries.of_customer(ANNA.key) == ("lately",)
    for _ in range(2):
        with held_at(day(3)):
            settle()
    assert queries.of_customer(ANNA.key) == ("not-lately",)
    assert told(ANNA) == [("Entered", "lately"), ("Left", "lately"), ("Entered", "not-lately")]


def test_time_moves_traits_too_and_those_who_ask_about_the_segment(world):
    with held_at(day(0)):
        define("asleep", Condition(trait=Trait("last_seen", longer_ago_than_days=10)))
        define("awake", Condition(not_in="asleep"))
        world.tell(Done(ANNA, at=day(0)))
        settle()
        assert queries.of_customer(ANNA.key) == ("awake",)
    with held_at(day(10)):
        settle()
        assert queries.of_customer(ANNA.key) == ("asleep",)


def test_a_house_that_was_down_for_a_month_catches_up(world):
    with held_at(day(0)):
        define("lately", Condition(did=Did(event="Product Viewed", within_days=3)))
        settle()
        world.tell(*(Done(cookie(str(nth)), at=day(nth / 100)) for nth in range(50)))
        settle()
    with held_at(day(31)):
        settle()
    assert queries.members("lately") == ()
    assert list(books.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_what_somebody_agreed_to_and_where_staff_put_them_counts_at_once():
    world = World()
    anna = account("anna")
    world.same(anna, ANNA)
    world.tell(Done(ANNA))
    define("may-write", Condition(consent=Agreed("personalisation")))
    define("club", Condition(group=("club",)))
    settle()
    for granted in (True, False):
        consent.say(Address.of(ANNA), "personalisation", granted, source="choices", channel="shop")
        deliver()
        settle()
        assert ("may-write" in queries.of_customer(anna.key)) is granted
    world.group(anna, "club")
    deliver()
    settle()
    assert queries.of_customer(anna.key) == ("club",)


def test_for_prices_only_the_segments_of_those_who_let_us_count(world):
    anna = account("anna")
    world.same(anna, ANNA)
    world.tell(Done(ANNA))
    define("lookers", VIEWED)
    settle()
    assert segments_of(anna.key) == segments_of(None) == ()
    consent.say(Address.of(anna), "profiling", True, source="choices", channel="shop")
    assert segments_of(anna.key) == ("lookers",)
    consent.say(Address.of(ANNA), "profiling", False, source="choices", channel="shop")
    assert segments_of(anna.key) == ()


def test_nobody_is_in_no_segment(world):
    define("lookers", VIEWED)
    define("everybody", Condition(none=(Condition(group=("nobody-is-in-it",)),)))
    world.tell(Done(ANNA))
    with connection.cursor() as cursor:
        cursor.execute("select identifier, event, source, channel, payload from touchpoints_touchpoint limit 1")
        cursor.execute(
            "insert into touchpoints_touchpoint (identifier, event, source, channel, payload, occurred_at, received_at)"
            " select 0, event, source, channel, payload, occurred_at, received_at from touchpoints_touchpoint"
        )
    settle()
    assert queries.members("lookers") == queries.members("everybody") == (ANNA.key,)


# --- who is joined and parted


def test_a_join_and_its_undo_leave_no_trace_and_tell_nobody_twice(world):
    define("lookers", VIEWED)
    settle()
    world.tell(Done(ANNA), Done(BERT, "Order Completed"))
    settle()
    before = list(Membership.objects.values("customer", "how", "entered_at"))
    world.same(ANNA, BERT)
    settle()
    assert queries.members("lookers") == (BERT.key,)  # mail leads a cookie
    assert queries.of_customer(ANNA.key) == ()
    assert (told(ANNA), told(BERT)) == ([("Entered", "lookers")], [])
    world.part(ANNA, BERT)
    settle()
    assert list(Membership.objects.values("customer", "how", "entered_at")) == before
    assert (told(ANNA), told(BERT)) == ([("Entered", "lookers")], [])
    assert queries.segment("lookers").size == 1


def test_who_meets_it_only_together_enters_together_and_leaves_when_parted(world):
    define("twice", TWICE)
    settle()
    world.tell(Done(ANNA), Done(BERT))
    world.same(ANNA, BERT)
    settle()
    assert told(BERT) == [("Entered", "twice")]
    world.part(ANNA, BERT)
    settle()
    assert (told(ANNA), told(BERT)) == ([], [("Entered", "twice"), ("Left", "twice")])


def test_who_sleeps_in_one_segment_comes_along_into_no_other(world):
    define("lookers", VIEWED)
    define("twice", TWICE)
    settle()
    world.tell(Done(ANNA), Done(BERT))
    settle()
    world.same(ANNA, BERT)
    settle()
    assert told(BERT) == [("Entered", "lookers"), ("Entered", "twice")]
    assert told(ANNA) == [("Entered", "lookers")]


def test_who_leaves_while_joined_is_told_to_have_left_once_and_to_come_back_when_parted(world):
    define("no-orders", Condition(all=(VIEWED, Condition(did_not=Doing("Order Completed")))))
    settle()
    world.tell(Done(ANNA), Done(BERT, "Store Visited"))
    settle()
    world.same(ANNA, BERT)
    settle()
    world.tell(Done(BERT, "Order Completed"))
    settle()
    assert (told(ANNA), told(BERT)) == ([("Entered", "no-orders")], [("Left", "no-orders")])
    world.part(ANNA, BERT)
    settle()
    assert told(ANNA) == [("Entered", "no-orders"), ("Entered", "no-orders")]
    assert queries.members("no-orders") == (ANNA.key,)


steps = st.builds(
    Reckoned, st.just(1), st.just(UUID(int=1)), st.booleans(), st.none() | st.sampled_from(How), st.booleans(),
    st.sampled_from([(), (UUID(int=2),)]),
)  # fmt: skip


@given(steps)
def test_where_somebody_is_follows_from_what_holds_and_nothing_more_follows_from_it_again(one):
    step = follow(one)
    how = step.how if step else one.how
    if one.is_customer:
        assert (how is not None and how <= How.ALONG) == one.holds
    else:
        assert how in (None, How.ASLEEP, How.SPENT)
        assert step is None or not step.told
    again = Reckoned(one.segment, one.customer, one.holds, how, one.is_customer, one.inside)
    assert follow(again) is None


# --- definitions and their history


def test_a_new_definition_is_reckoned_for_everybody_and_for_those_who_ask_about_it(world):
    world.tell(Done(ANNA), Done(BERT, "Order Completed"))
    define("one", VIEWED)
    define("other", Condition(not_in="one"))
    settle()
    assert queries.members("other") == (BERT.key,)
    define("one", Condition(did=Did(event="Order Completed")))
    assert not queries.segment("other").live
    settle()
    assert (queries.members("one"), queries.members("other")) == ((BERT.key,), (ANNA.key,))
    assert (told(ANNA), told(BERT)) == ([], [])
    assert [(one["version"], one["entered"], one["left"]) for one in filled("one")] == [(2, 1, 1), (1, 1, 0)]


def test_another_name_is_another_version_and_nobody_is_reckoned_anew(world):
    define("one", VIEWED)
    settle()
    define("one", VIEWED, names={"en": "One"})
    one = queries.segment("one")
    assert (one.live, one.version, one.definition.names) == (True, 2, {"en": "One"})
    define("one", VIEWED, names={"en": "One"})
    assert [version.version for version in queries.history("one")] == [2, 1]


def test_history_outlives_the_segment_and_is_never_changed(world):
    define("one", VIEWED)
    settle()
    commands.remove("one", by="anna")
    assert [(one.version, one.definition is None, one.by) for one in queries.history("one")] == [
        (2, True, "anna"), (1, False, ""),
    ]  # fmt: skip
    with pytest.raises(UnknownSegment):
        queries.segment("one")
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.update(by="somebody else")
    define("one", TWICE)
    assert queries.segment("one").version == 3
    with pytest.raises(UnknownSegment):
        queries.history("never-there")


def test_what_others_ask_about_is_not_removed_and_a_name_is_taken_once(world):
    define("one", VIEWED)
    define("other", Condition(within="one"))
    with pytest.raises(SegmentInUse) as refused, transaction.atomic():
        commands.remove("one")
    assert refused.value.details == {"segments": ["other"]}
    with pytest.raises(SegmentTaken):
        commands.save(Definition(segment="one", who=TWICE), new=True)


def test_a_folder_is_applied_in_whatever_order_all_of_it_or_nothing(world):
    asking = Definition(segment="a", who=Condition(within="b"))
    asked = Definition(segment="b", who=VIEWED)
    assert commands.apply([asking, asked]) == {"b": "new", "a": "new"}
    assert commands.apply([asking, asked]) == {"b": "same", "a": "same"}
    around = [Definition(segment="b", who=Condition(within="a")), Definition(segment="c", who=VIEWED)]
    with pytest.raises(SegmentAbsurd):
        commands.apply(around)
    assert [one.slug for one in queries.listed()] == ["a", "b"]


LATE = "who.all[1].did.within_days must be 1 to 3650"


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (Condition(all=(VIEWED, Condition(did=Did(within_days=0)))), LATE),
        (Condition(all=()), "who.all must name at least one"),
        (Condition(), "who must be exactly one condition"),
        (Condition(did=Did(), trait=Trait("orders")), "who must be exactly one condition"),
        (Condition(did=Did(at_least=3, at_most=2)), "who.did.at_most must not be below at_least"),
        (Condition(did=Did(at_least=0)), "who.did.at_least must be at least 1 where there is no at_most"),
        (Condition(did=Did(at_least=0, at_most=1, total=Amount("EUR", 1))), "who.did.at_least must be at least 1"),
        (Condition(did=Did(within_days=3, since=day(0).date())), "who.did must have a number of days, or since"),
        (Condition(did=Did(since=day(1).date(), until=day(0).date())), "who.did.until must not be before since"),
        (Condition(did=Did(worth=Amount("XXX", 1))), "who.did.worth.currency must be one of"),
        (Condition(did=Did(total=Amount("EUR"))), "who.did.total must say at_least or at_most"),
        (Condition(did=Did(channel=("pos", "pos"))), "who.did.channel must name nothing twice"),
        (Condition(did=Did(event="a\x00b")), "who.did.event must have 0 to 200 characters"),
        (Condition(trait=Trait("shoe_size", 40)), "who.trait.name must be one of"),
        (Condition(trait=Trait("orders")), "who.trait must ask of orders one of"),
        (Condition(trait=Trait("orders", value=("many",))), "who.trait must ask of orders one of"),
        (Condition(trait=Trait("orders", 1, currency="EUR")), "who.trait.currency must be left out"),
        (Condition(trait=Trait("value", 1)), "who.trait.currency must be one of"),
        (Condition(trait=Trait("orders", 1, known=True)), "who.trait must ask nothing else beside known"),
        (Condition(trait=Trait("last_seen", within_days=3, longer_ago_than_days=3)), "who.trait.longer_ago_than_days"),
        (Condition(bought=Bought(category=("boats",))), "who.bought.category must name categories that there are"),
        (Condition(place=Visited(())), "who.place.any_of must name at least one"),
        (Condition(consent=Agreed("breathing")), "who.consent.purpose must be one of"),
        (Condition(group=()), "who.group must name at least one"),
        (Condition(known_by=("smell",)), "who.known_by must name some of"),
        (Condition(within="nobody"), "who.in must name a segment that there is"),
        (Condition(not_in="new"), "who must not ask about new itself"),
        (Condition(all=tuple([VIEWED] * 201)), "who must have at most 200 conditions"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_its_place(world, who, says):
    commands.save(Definition(segment="new", who=VIEWED))
    with pytest.raises(SegmentAbsurd) as refused:
        commands.save(Definition(segment="new", who=who))
    assert refused.value.message.startswith(says), refused.value.message
    assert refused.value.details["why"] in defining.WANTED


def test_segments_never_ask_about_one_another_in_a_circle(world):
    define("a", VIEWED)
    define("b", Condition(within="a"))
    define("c", Condition(any=(Condition(not_in="b"), TWICE)))
    with pytest.raises(SegmentAbsurd, match="who must not ask about a itself, not even through others"):
        define("a", Condition(none=(Condition(within="c"),)))


@settings(max_examples=100, deadline=None)
@given(segments(), st.text(max_size=30), st.sampled_from(["en", "el"]))
@example(
    [Definition(segment="x", who=Condition(trait=Trait("country", value=("NO", "012", "1e3", "null", "~"))))], "", "en"
)
def test_text_says_what_it_was_written_from_and_the_same_is_the_same_bytes(asked, about, language):
    asked = [
        Definition(segment=one.segment, names={language: about or "x"}, about=about, zone=one.zone, who=one.who)
        for one in asked
    ]
    text = writing.write(asked)
    assert list(writing.read(text)) == asked
    assert writing.write(writing.read(text)) == text


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("segment: [", NotYaml),
        ("segment: a\nsegment: b\nwho: {did: {}}", NotYaml),
        ("a: &x [1]\nb: *x", NotYaml),
        ("[" * 10_000, NotYaml),
        ("? [a]\n: b", NotYaml),
        ("- 1\n- 2", SegmentAbsurd),
        ("segment: a", SegmentAbsurd),
        ("segment: a\nwho: {did: {within_days: soon}}", SegmentAbsurd),
        ("segment: a\nwho: {dit: {}}", SegmentAbsurd),
        ("segment: a\nwho: {did: {}}\n---\nsegment: a\nwho: {did: {}}", SegmentAbsurd),
        ("segment: a\nwho: {bought: {sku: [4711]}}", SegmentAbsurd),
    ],
)
def test_text_that_is_none_is_refused(text, refusal):
    with pytest.raises(refusal) as refused:
        writing.read(text)
    assert refused.value.details


def test_a_country_that_is_called_no_is_a_country():
    [one] = writing.read("segment: a\nwho: {trait: {name: country, is: [NO, IS]}}")
    assert one.who == Condition(trait=Trait("country", value=("NO", "IS")))


# --- laws


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(conditions, conditions)
def test_all_any_and_none_are_what_they_are_called(one, other):
    from tests.customers.test_segments_properties import a_world

    with a_world() as (world, people):
        world.tell(*(Done(who, at=day(nth)) for nth, who in enumerate(people)), Done(people[0], "Order Completed"))
        settle()
        asked = {
            "one": one, "other": other, "both": Condition(all=(one, other)), "either": Condition(any=(one, other)),
            "neither": Condition(none=(one, other)), "not-one": Condition(none=(one,)),
            "not-not-one": Condition(none=(Condition(none=(one,)),)),
        }  # fmt: skip
        commands.apply([Definition(segment=slug, who=who) for slug, who in asked.items()])
        found, everybody = {slug: in_bulk(slug) for slug in asked}, set(whose().values())
        assert found["both"] == found["one"] & found["other"]
        assert found["either"] == found["one"] | found["other"]
        assert found["neither"] == everybody - found["either"]
        assert found["not-one"] == everybody - found["one"]
        assert found["not-not-one"] == found["one"]


# --- crashes and races


def test_a_crash_at_the_last_moment_is_as_if_nothing_had_been_done(world, monkeypatch):
    define("lookers", VIEWED)
    settle()
    world.tell(Done(ANNA))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(evaluating, "record_all", crash)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            settle()
    assert (queries.members("lookers"), told(ANNA)) == ((), [])
    settle()
    assert (queries.members("lookers"), told(ANNA)) == ((ANNA.key,), [("Entered", "lookers")])


@pytest.mark.django_db(transaction=True)
def test_two_who_evaluate_at_once_tell_everything_once():
    world = World()
    define("twice", TWICE)
    settle()
    people = [cookie(str(nth)) for nth in range(20)]
    world.tell(*(Done(one) for one in people), *(Done(one) for one in people))
    ready, failures = threading.Barrier(3), []

    def run() -> None:
        try:
            ready.wait()
            settle()
            commands.evaluate([one.key for one in people])
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    settle()
    assert [told(one) for one in people] == [[("Entered", "twice")]] * 20
    assert queries.segment("twice").size == 20
    assert list(books.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_what_happens_while_a_segment_is_filled_is_not_forgotten(monkeypatch):
    """Somebody comes after everybody was looked at, and before the segment is live."""
    from samband.customers.segments import filling

    world = World()
    world.tell(Done(ANNA))
    settle()
    define("lookers", VIEWED)
    looked, go_on = threading.Event(), threading.Event()
    as_it_is = filling._put_in_place

    def slowly(*given):
        found = as_it_is(*given)
        looked.set()
        go_on.wait()
        return found

    monkeypatch.setattr(filling, "_put_in_place", slowly)

    def fill() -> None:
        try:
            commands.fill_next()
        finally:
            connection.close()

    filler = threading.Thread(target=fill)
    filler.start()
    looked.wait()
    world.tell(Done(BERT))
    from samband.flows.follow_customers import follow as follow_customers

    follow_customers()
    assert not queries.segment("lookers").live
    go_on.set()
    filler.join()
    monkeypatch.undo()
    settle()
    assert queries.members("lookers") == tuple(sorted([ANNA.key, BERT.key]))
    assert (told(ANNA), told(BERT)) == ([], [("Entered", "lookers")])


@pytest.mark.django_db(transaction=True)
def test_a_definition_that_changes_while_it_is_filled_is_filled_again(monkeypatch):
    from samband.customers.segments import filling

    world = World()
    world.tell(Done(ANNA), Done(BERT, "Order Completed"))
    settle()
    define("one", VIEWED)
    as_it_is = filling._put_in_place

    def meanwhile(*given):
        found = as_it_is(*given)
        other = threading.Thread(target=change)
        other.start()
        other.join()
        return found

    def change() -> None:
        try:
            define("one", Condition(did=Did(event="Order Completed")))
        finally:
            connection.close()

    with monkeypatch.context() as slow:
        slow.setattr(filling, "_put_in_place", meanwhile)
        assert commands.fill_next() is None
    assert queries.members("one") == ()
    settle()
    assert queries.members("one") == (BERT.key,)
    assert [one["version"] for one in filled("one")] == [2]


# --- the books, and what is known of a person


def test_the_books_find_who_is_wrong_and_who_is_missing(world):
    world.tell(Done(ANNA), Done(BERT))
    define("lookers", VIEWED)
    settle()
    assert list(books.findings()) == []
    Membership.objects.filter(customer=ANNA.key).update(customer=UUID(int=9))
    assert list(books.findings()) == [
        "Segment lookers lacks 1 customers whom it should have, and has 1 whom it should not."
    ]
    Membership.objects.all().delete()
    assert len(list(books.findings())) == 2


def test_what_is_known_is_given_out_and_taken_away_without_a_word(world):
    world.tell(Done(ANNA), Done(BERT))
    define("lookers", VIEWED)
    settle()
    world.same(ANNA, BERT)
    settle()
    reach = Reach(BERT.key, (), (), (ANNA.key, BERT.key), (), ())
    assert [one["segment"] for one in privacy.export(reach)["segments"]] == ["lookers"]
    before = told(ANNA) + told(BERT)
    privacy.erase(reach)
    assert (Membership.objects.count(), queries.segment("lookers").size) == (0, 0)
    assert told(ANNA) + told(BERT) == before
    assert privacy.export(reach) == {"segments": []}


def test_sizes_of_days_are_kept_for_the_trend(world):
    define("lookers", VIEWED)
    for number in range(3):
        with held_at(day(number)):
            world.tell(Done(cookie(str(number)), at=day(number)))
            settle()
            commands.note_sizes()
            commands.note_sizes()
    with held_at(day(3)):
        assert [one.size for one in queries.trend(["lookers"])["lookers"]] == [1, 2, 3]


def test_a_tree_that_grows_takes_its_segments_along(world, monkeypatch):
    from samband.customers.segments import relations

    tree = {"home": ["home"]}
    monkeypatch.setattr(relations, "branches", lambda named: {one: tree[one] for one in named if one in tree})
    world.tell(Done(ANNA, category="lamps"), Done(BERT, category="home"))
    define("at-home", Condition(did=Did(event="Product Viewed", category=("home",))))
    settle()
    assert queries.members("at-home") == (BERT.key,)
    tree["home"] = ["home", "lamps"]
    assert commands.follow_the_tree() == 1
    settle()
    assert kept("at-home") == {ANNA.key, BERT.key}
    assert commands.follow_the_tree() == 0
