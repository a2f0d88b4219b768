"""Whatever is asked, whatever happens and in whatever turn: who is kept is who it says, one by one as for everybody."""

from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.segments import books, commands, queries, relations, writing
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
    When,
)
from samband.kernel.clock import held_at
from samband.timeline import queries as timeline
from tests.customers.segmenting import TREE, Done, Judge, World, account, in_bulk, kept, settle
from tests.customers.touched import BEGAN, cookie, day, email

pytestmark = pytest.mark.django_db

EVENTS = ("Product Viewed", "Order Completed", "Order Cancelled", "Store Visited")
PLACES, CHANNELS, SKUS, CATEGORIES = ("RVK", "AK"), ("shop", "pos"), ("CUP", "LAMP"), tuple(TREE)
FOUND = tuple(category for category in CATEGORIES if category != "home")

few = st.integers(1, 3)
days = st.sampled_from([1, 3, 10])
some = lambda words: st.lists(st.sampled_from(words), max_size=1).map(tuple)  # noqa: E731
one_or_two = lambda words: st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True).map(tuple)  # noqa: E731
dates = st.integers(0, 12).map(lambda number: day(number).date())


@st.composite
def windows(draw: st.DrawFn) -> dict:
    match draw(st.sampled_from(["ever", "within", "between"])):
        case "within":
            return {"within_days": draw(days)}
        case "between":
            since, until = sorted((draw(dates), draw(dates)))
            return {"since": since, "until": until}
    return {}


@st.composite
def whens(draw: st.DrawFn) -> dict:
    match draw(st.sampled_from(["ago", "both", "window"])):
        case "ago":
            return {"longer_ago_than_days": draw(days)}
        case "both":
            return {"within_days": 10, "longer_ago_than_days": draw(st.sampled_from([1, 3]))}
    return draw(windows().filter(bool))


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    least = draw(st.integers(-5, 300))
    ends = draw(st.sampled_from([(least, None), (None, least), (least, least + 200)]))
    return Amount(draw(st.sampled_from(["EUR", "ISK"])), *ends)


@st.composite
def times(draw: st.DrawFn) -> dict:
    least = draw(st.integers(0, 3))
    most = draw(st.none() if least else st.just(0)) if draw(st.booleans()) else least + draw(st.integers(0, 2))
    return {"at_least": least, "at_most": most}


def doings() -> st.SearchStrategy[dict]:
    parts = st.fixed_dictionaries(
        {
            "event": st.sampled_from(("", "Never Heard Of", *EVENTS)),
            "channel": some(CHANNELS),
            "place": some(PLACES),
            "sku": some(SKUS),
            "category": some(CATEGORIES),
            "worth": st.none() | amounts(),
        }
    )
    return st.builds(lambda a, b: {**a, **b}, parts, windows())


@st.composite
def dids(draw: st.DrawFn) -> Did:
    counted = draw(times())
    if counted["at_least"]:
        counted |= {"total": draw(st.none() | amounts()), "first": draw(st.none() | whens().map(lambda w: When(**w)))}
        counted["last"] = draw(st.none() | whens().map(lambda w: When(**w)))
    return Did(**draw(doings()), **counted)


@st.composite
def boughts(draw: st.DrawFn) -> Bought:
    counted = draw(times())
    total = draw(st.none() | amounts()) if counted["at_least"] else None
    where = {"sku": draw(some(SKUS)), "category": draw(some(CATEGORIES)), "channel": draw(some(CHANNELS))}
    return Bought(**where, **counted, **draw(windows()), total=total)


traits = st.one_of(
    st.builds(Trait, name=st.sampled_from(["orders", "touchpoints", "order_gap_days"]), at_least=st.integers(0, 4)),
    st.builds(Trait, name=st.sampled_from(["orders", "channels", "order_gap_days"]), at_most=st.integers(0, 4)),
    st.builds(Trait, name=st.sampled_from(["value", "average_order"]), at_least=st.integers(0, 300),
              currency=st.sampled_from(["EUR", "ISK"])),
    st.builds(Trait, name=st.just("last_channel"), value=one_or_two(CHANNELS)),
    st.builds(Trait, name=st.just("favourite_category"), value=one_or_two(CATEGORIES)),
    st.builds(Trait, name=st.sampled_from(["has_account", "has_email"]), value=st.booleans()),
    st.builds(lambda name, when: Trait(name, **when), st.sampled_from(["last_seen", "first_order_at"]), whens()),
    st.builds(Trait, name=st.sampled_from(["last_order_at", "currency", "value"]), known=st.booleans()),
)  # fmt: skip

visits = st.builds(lambda places, window, counted: Visited(places, **window, **counted), one_or_two(PLACES), windows(),
                   times())  # fmt: skip

leaves = st.one_of(
    dids().map(lambda value: Condition(did=value)),
    doings().map(lambda value: Condition(did_not=Doing(**value))),
    boughts().map(lambda value: Condition(bought=value)),
    traits.map(lambda value: Condition(trait=value)),
    visits.map(lambda value: Condition(place=value)),
    st.builds(Agreed, st.sampled_from(["newsletter_email", "profiling"]), st.sampled_from(
        ["granted", "refused", "unknown"])).map(lambda value: Condition(consent=value)),
    st.just(Condition(group=("club",))),
    one_or_two(["account", "email", "cookie"]).map(lambda kinds: Condition(known_by=kinds)),
)  # fmt: skip


def _several(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    lists = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.builds(lambda kind, found: Condition(**{kind: found}), st.sampled_from(["all", "any", "none"]), lists)


conditions = st.recursive(leaves, _several, max_leaves=5)


@st.composite
def segments(draw: st.DrawFn) -> list[Definition]:
    """Two by themselves, and one that asks about both."""
    zone = draw(st.sampled_from(["UTC", "Europe/Athens"]))
    first, second = (Definition(segment=slug, who=draw(conditions), zone=zone) for slug in ("one", "two"))
    asking = (Condition(within="one"), Condition(not_in="two"))
    third = Condition(any=(*asking, draw(leaves))) if draw(st.booleans()) else Condition(all=asking)
    return [first, second, Definition(segment="three", who=third)]


PEOPLE = 5


@st.composite
def deeds(draw: st.DrawFn) -> tuple:
    who = draw(st.integers(0, PEOPLE - 1))
    match draw(st.sampled_from(["do", "do", "do", "order", "time", "same", "part", "answer", "group", "settle"])):
        case "do":
            return "do", who, {
                "event": draw(st.sampled_from(EVENTS)),
                "channel": draw(st.sampled_from(CHANNELS)),
                "place": draw(st.none() | st.sampled_from(PLACES)),
                "sku": draw(st.none() | st.sampled_from(SKUS)),
                "category": draw(st.none() | st.sampled_from(FOUND)),
                "ago": draw(st.sampled_from([0, 0, 1, 3, 9.5, -2])),
            }  # fmt: skip
        case "order":
            return "do", who, {
                "event": draw(st.sampled_from(["Order Completed", "Order Completed", "Order Cancelled"])),
                "order": draw(st.sampled_from([None, "R-1", "R-2"])),
                "worth": draw(st.sampled_from([None, 0, 100, 250])),
                "currency": draw(st.sampled_from(["EUR", "EUR", "ISK"])),
                "products": draw(st.sampled_from([(), (("CUP", "food"), ("LAMP", "lamps"))])),
                "ago": draw(st.sampled_from([0, 1, 3])),
            }  # fmt: skip
        case "time":
            return "time", who, draw(st.sampled_from([0.5, 1, 2.5, 9]))
        case "same":
            return "same", who, draw(st.integers(0, PEOPLE - 1))
        case "part":
            return "part", who, draw(st.integers(0, 5))
        case "answer":
            return "answer", who, (draw(st.sampled_from(["newsletter_email", "profiling"])), draw(st.booleans()))
        case "group":
            return "group", who, draw(st.sampled_from(["club", ""]))
    return "settle", who, None


class _Undone(Exception):
    pass


@contextmanager
def a_world():
    """A world of its own, with two people who have accounts, two with mail and one nobody knows; gone afterwards."""
    below = relations.branches
    relations.branches = lambda categories: {one: TREE[one] for one in categories if one in TREE}
    try:
        with transaction.atomic():
            people = [account("anna"), account("bert"), email("cleo"), email("dora"), cookie("eve")]
            yield World(), people
            raise _Undone
    except _Undone:
        pass
    finally:
        relations.branches = below


def live_through(world: World, people: list, happened: list[tuple]) -> float:
    """All of it in its turn; how many days it took."""
    passed, joined, parted = 0.0, [], []
    for deed, who, what in happened:
        one = people[who]
        with held_at(day(passed)):
            if deed == "do":
                given = dict(what)
                world.tell(Done(one, at=day(passed - given.pop("ago")), **given))
            elif deed == "time":
                passed += what
            elif deed == "same":
                pair = sorted({one, people[what]})
                if len(pair) == 2 and pair not in joined + parted:
                    world.same(*pair)
                    joined.append(pair)
            elif deed == "part" and joined:
                parted.append(joined.pop(what % len(joined)))
                world.part(*parted[-1])
            elif deed == "answer":
                world.answer(one, *what)
            elif deed == "group" and one.kind == "account":
                world.group(one, what)
            elif deed == "settle":
                settle()
    return passed


def told_in_turn(customer) -> None:
    """Whoever was never joined enters and leaves in turn, and is where the last of it left them."""
    turns: dict[str, list[str]] = {}
    for one in reversed(timeline.of_subject(f"customer:{customer}", most=500)):
        if one.name in ("segments.SegmentEntered", "segments.SegmentLeft"):
            turns.setdefault(one.payload["segment"], []).append(one.name.removeprefix("segments.Segment"))
    for slug, told in turns.items():
        assert all(before != after for before, after in pairwise(told)), (slug, told)
        assert (told[-1] == "Entered") == (slug in queries.of_customer(customer))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(segments(), st.lists(deeds(), max_size=14), st.sampled_from([0, 0.5, 1, 3, 10]), st.booleans())
def test_who_is_kept_is_who_it_says_one_by_one_as_for_everybody(asked, happened, later, at_first):
    with a_world() as (world, people):
        with held_at(BEGAN):
            world.tell(*(Done(one, "Session Started") for one in people))
            settle()
            if at_first:
                commands.apply(asked)
                settle()
        passed = live_through(world, people, happened)
        with held_at(day(passed + later)):
            settle()
            if not at_first:
                commands.apply(asked)
                settle()
            judge = Judge(world, day(passed + later))
            for definition in asked:
                by_hand = judge.segments[definition.segment] = judge.members(definition)
                assert in_bulk(definition.segment) == by_hand, writing.write([definition])
                assert kept(definition.segment) == by_hand, writing.write([definition])
                assert queries.segment(definition.segment).size == len(by_hand)
                exact = queries.size(definition)
                assert (exact.count, exact.exact) == (len(by_hand), True)
                assert set(exact.some) <= by_hand
                assert len(exact.some) == min(5, len(by_hand))
            assert list(books.findings()) == []
            if at_first and not any(deed == "same" for deed, *_ in happened):
                for one in people:
                    told_in_turn(one.key)
            for customer in judge.everybody:
                said = {one.segment for one in asked if customer in judge.segments[one.segment]}
                assert set(queries.of_customer(customer)) == said
