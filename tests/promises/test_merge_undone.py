"""A merge can be undone: merged and undone is as never merged, for who is who, for profiles, consents, carts, segments.

Whatever happens before the merge, while it stands and after it is taken back, happens in both houses; then they are
compared. Nothing is moved by a merge, so there is nothing that an undo could forget to bring back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.commerce.cart import commands as carts
from samband.commerce.cart import markets
from samband.commerce.cart import queries as cart_queries
from samband.customers.consent import commands as consent
from samband.customers.consent import queries as consents
from samband.customers.consent.deciding import Address
from samband.customers.identity import books, commands, queries
from samband.customers.identity.models import Assertion
from samband.customers.identity.proposals import Proposal
from samband.customers.identity.rules import Pair
from samband.customers.profiles import books as profile_books
from samband.customers.profiles import queries as profiles
from samband.customers.segments import books as segment_books
from samband.customers.segments import queries as segments
from samband.customers.segments.definitions import Agreed, Amount, Condition, Did, Trait
from samband.customers.touchpoints import queries as touchpoints
from samband.flows.may_we import may_we
from samband.kernel.clock import held_at
from samband.kernel.identifier import Identifier
from tests.customers.graphs import named, whole
from tests.customers.segmenting import Done, World, define, kept, settle
from tests.customers.touched import day, open_sources

pytestmark = pytest.mark.django_db

ANNA, BJORN = named("account", 1), named("account", 2)
ANNAS = (ANNA, named("email", 1), named("cookie", 1))
BJORNS = (BJORN, named("email", 2), named("phone", 2), named("cookie", 2))
GUESTS = (named("email", 3), named("cookie", 3))
EVERYBODY = (*ANNAS, *BJORNS, *GUESTS)
ADDRESSES = tuple(one for one in EVERYBODY if one.kind in ("email", "account"))
PURPOSES = {"email": ("newsletter_email", "personalisation"), "account": ("personalisation", "analytics")}
SKUS = ("CUP", "LAMP")
AT = day(20)


@pytest.fixture(autouse=True)
def house(monkeypatch):
    monkeypatch.setattr(markets, "currency_of", {"IS": "ISK"}.get)
    open_sources()


# --- what happens


@dataclass
class House:
    """A house of its own, in which the same things happen at the same moments as in the other."""

    world: World = field(default_factory=World)
    carts: dict[UUID, UUID] = field(default_factory=dict)

    def open(self) -> None:
        define("buyers", Condition(did=Did(event="Order Completed")))
        define("loyal", Condition(trait=Trait(name="orders", at_least=2)))
        define("twice", Condition(did=Did(event="Product Viewed", at_least=2, within_days=10)))
        define("spenders", Condition(did=Did(event="Order Completed", total=Amount(at_least=3000, currency="ISK"))))
        define("served", Condition(consent=Agreed(purpose="personalisation", answer="granted")))
        pairs = [*((ANNAS[0], one) for one in ANNAS[1:]), *((BJORNS[0], one) for one in BJORNS[1:]), GUESTS]
        numbers = commands.know(EVERYBODY, day(0))
        commands.assert_pairs([
            Pair(numbers[one.key], numbers[other.key], "verified", "shop", day(0)) for one, other in pairs
        ])  # fmt: skip

    def happen(self, deeds: list["Deed"]) -> None:
        for deed in deeds:
            deed(self)
        settle()


Deed = Callable[[House], None]


@st.composite
def doings(draw: st.DrawFn) -> Deed:
    who = draw(st.sampled_from(EVERYBODY))
    event = draw(st.sampled_from(["Product Viewed", "Order Completed", "Order Cancelled"]))
    told: dict[str, Any] = {"at": day(draw(st.integers(0, 15))), "channel": draw(st.sampled_from(["shop", "pos"]))}
    if event.startswith("Order"):
        told |= {"order": draw(st.sampled_from(["o-1", "o-2", "o-3"])), "currency": "ISK"}
        told["worth"] = draw(st.integers(1, 4)) * 1000
    else:
        told |= {"sku": draw(st.sampled_from(SKUS)), "category": draw(st.sampled_from(["sofas", "lamps"]))}
    done = Done(who, event, **told)
    return lambda house: house.world.tell(done)


@st.composite
def answers(draw: st.DrawFn) -> Deed:
    who = draw(st.sampled_from(ADDRESSES))
    purpose, granted = draw(st.sampled_from(PURPOSES[who.kind])), draw(st.booleans())
    at = day(draw(st.integers(0, 15)))

    def answer(house: House) -> None:
        consent.say(Address.of(who), purpose, granted, source="shop", channel="shop", at=at)
        house.world.wake(who)

    return answer


@st.composite
def fillings(draw: st.DrawFn) -> Deed:
    who, sku = draw(st.sampled_from([ANNA, BJORN])), draw(st.sampled_from(SKUS))
    quantity = draw(st.integers(1, 5))

    def fill(house: House) -> None:
        if who.key not in house.carts:
            house.carts[who.key] = carts.open_cart("IS", who.key).id
        carts.put(house.carts[who.key], sku, quantity)

    return fill


deeds = st.lists(st.one_of(doings(), doings(), answers(), fillings()), max_size=6)


# --- the merge, and what undoes it


def by_word_of_mouth(one: Identifier, other: Identifier) -> int:
    """Somebody of the staff says that they are one."""
    return commands.declare_same(one.key, other.key, "agent").assertion_id


def by_a_source(one: Identifier, other: Identifier) -> int:
    """Another system says so."""
    numbers = queries.numbers([one.key, other.key])
    commands.assert_pairs([Pair(numbers[one.key], numbers[other.key], "alias", "crm", day(1))])
    return Assertion.objects.get(rule="alias").pk


def by_a_proposal(one: Identifier, other: Identifier) -> int:
    """The matching proposed it and somebody agreed."""
    commands.propose([Proposal(*queries.numbers([one.key, other.key]).values(), 9.0, [])])
    (review,) = queries.reviews(kind="proposal")
    commands.decide(review.id, True, "agent")
    return Assertion.objects.get(rule="same").pk


merges = st.sampled_from([by_word_of_mouth, by_a_source, by_a_proposal])
pairs = st.sampled_from([(ANNAS[1], GUESTS[0]), (ANNAS[2], GUESTS[1]), (ANNAS[1], BJORNS[1]), (BJORNS[2], GUESTS[0])])


# --- what is compared


def everything() -> dict[str, Any]:
    """All that follows from who is who, as a reader of each room sees it."""
    known = {key: customer for key, (customer, _) in whole().items()}
    customers = sorted(set(known.values()))
    numbers = {one.key: one.number for members in queries.members_of(customers).values() for one in members}
    timelines = {
        customer: sorted(
            (one.event, one.occurred_at, one.order_ref or "", one.sku or "", one.worth or 0)
            for one in touchpoints.of_numbers([numbers[key] for key, whose in known.items() if whose == customer])
        )
        for customer in customers
    }
    return {
        "who is who": known,
        "profiles": profiles.profiles(customers),
        "segments": segments.of_customers(customers),
        "members": {slug: kept(slug) for slug in ("buyers", "loyal", "twice", "spenders", "served")},
        "timelines": timelines,
        "may we": {
            (one.key, purpose): may_we(one.key, purpose, one.key)
            for one in ADDRESSES
            for purpose in PURPOSES[one.kind]
        },
        "consents": {
            one.key: [(entry.purpose, entry.granted, entry.at) for entry in consents.history([one.key])]
            for one in ADDRESSES
        },
        "carts": {
            one.key: [(line.sku, line.quantity) for line in cart.lines]
            for one in (ANNA, BJORN)
            if (cart := cart_queries.open_of(one.key))
        },
    }  # fmt: skip


class Undone(Exception):
    """So that the other house is empty again."""


def lived(before: list[Deed], during: list[Deed], after: list[Deed], merge: Callable[[], int] | None) -> dict[str, Any]:
    """What is there in the end, in a house in which they were merged for a while, or never."""
    try:
        with transaction.atomic(), held_at(AT):
            house = House()
            house.open()
            house.happen(before)
            assertion = merge() if merge else None
            house.happen(during)
            if assertion is not None:
                commands.retract(assertion, "agent", "they are two")
            house.happen(after)
            found = everything()
            for room in (books, profile_books, segment_books):
                assert list(room.findings()) == []
            raise Undone
    except Undone:
        return found


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds, deeds, deeds, merges, pairs)
def test_merged_and_undone_is_as_never_merged(before, during, after, merge, pair):
    never = lived(before, during, after, None)
    undone = lived(before, during, after, lambda: merge(*pair))
    for what, said in never.items():
        assert undone[what] == said, what


def test_while_it_stands_everything_follows_and_when_it_falls_everything_falls():
    """The same once by hand, so that the comparison above is known to compare something."""
    with held_at(AT):
        house = House()
        house.open()
        order = Done(GUESTS[1], "Order Completed", at=day(2), channel="pos", order="o-1", worth=2000, currency="ISK")
        again = Done(ANNAS[2], "Order Completed", at=day(3), channel="shop", order="o-2", worth=1500, currency="ISK")
        house.world.tell(order, again)
        consent.say(Address.of(ANNAS[1]), "personalisation", True, source="shop", channel="shop", at=day(1))
        consent.say(Address.of(GUESTS[0]), "personalisation", False, source="shop", channel="shop", at=day(1))
        house.world.wake(ANNA)
        house.happen([])
        apart = everything()
        assert apart["profiles"][ANNA.key].value == 1500
        assert set(apart["segments"][ANNA.key]) == {"buyers", "served"}
        assert may_we(ANNA.key, "personalisation").allowed

        assertion = by_a_source(ANNAS[1], GUESTS[0])
        house.happen([])
        merged = everything()
        assert merged["profiles"][ANNA.key].value == 3500
        assert set(merged["segments"][ANNA.key]) == {"buyers", "loyal", "spenders"}
        assert not may_we(ANNA.key, "personalisation").allowed, "the stricter answer holds for both"
        assert len(merged["timelines"][ANNA.key]) == 2
        assert GUESTS[0].key not in merged["profiles"]

        commands.retract(assertion, "agent", "they are two")
        house.happen([])
        assert everything() == apart


def test_a_merge_is_undone_with_everything_that_came_of_it_even_months_later():
    """What each of them did meanwhile stays their own."""
    with held_at(AT):
        house = House()
        house.open()
        house.happen([])
        assertion = by_word_of_mouth(ANNA, BJORN)
        house.world.tell(Done(BJORNS[3], "Order Completed", at=day(9), order="o-9", worth=4000, currency="ISK"))
    with held_at(AT + timedelta(days=120)):
        house.happen([])
        assert profiles.profile(min(ANNA.key, BJORN.key)).value == 4000  # type: ignore[union-attr]
        commands.retract(assertion, "agent")
        house.happen([])
        assert profiles.profile(ANNA.key).orders == 0  # type: ignore[union-attr]
        assert profiles.profile(BJORN.key).orders == 1  # type: ignore[union-attr]
        assert kept("buyers") == {BJORN.key}
