"""A customer under any id: who they are, what they ordered by any account and as a guest, and their whole story."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.customers.accounts import commands as accounts
from samband.customers.consent import commands as consent
from samband.flows import decide_who
from samband.flows.customer_profile import (
    NobodyFound,
    SeveralFound,
    customer_profile,
    find_customers,
    links_of,
    one_customer,
)
from samband.flows.customer_story import customer_story, orders_of
from samband.flows.follow_customers import follow
from samband.flows.known_customer import known_customer
from samband.kernel.identifier import Identifier, identifier
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid, NotFound
from tests import worlds
from tests.console.counter import bought
from tests.console.test_customers import all_is_said
from tests.customers.touched import Told, cookie, customer, day, email, same, tell
from tests.flows.test_follow_customers import wipe

WEB, MAIL = cookie("web"), email("jon")


@pytest.fixture
def world(transactional_db):
    yield worlds.small_world()
    worlds.fresh_processes()


@pytest.fixture
def jon(world) -> UUID:
    return accounts.register("jon@customer.example", source="shop", name="Jón", phone="+3545551234", market="IS")


def account(customer_id: UUID) -> Identifier:
    return identifier("account", str(customer_id))


def codes(story) -> list[str]:
    return [moment.code for moment in story.moments]


def test_a_customer_is_known_by_any_id_and_by_none_that_is_nobodys(jon: UUID) -> None:
    same((account(jon), MAIL), rule="verified")
    same((MAIL, WEB))
    follow()
    assert known_customer(WEB.key) == known_customer(MAIL.key) == known_customer(jon)
    assert known_customer(jon).emails == ("jon@customer.example",)
    with pytest.raises(NotFound):
        known_customer(new_id())


def test_an_account_that_identity_has_not_heard_of_is_a_customer_all_the_same(jon: UUID) -> None:
    known = known_customer(jon)
    assert (known.customer, known.account_ids, known.members) == (jon, (jon,), ())
    whole = customer_profile(known)
    assert (whole.profile, whole.links, whole.segments, whole.consents) == (None, (), (), ())
    assert codes(customer_story(jon)) == ["accounts.CustomerRegistered"]


def test_orders_of_every_account_and_as_a_guest_are_theirs(jon: UUID) -> None:
    other = accounts.register("jon@elsewhere.example", source="shop")
    mine = bought(worlds.CUP, customer_id=jon)
    theirs = bought(worlds.CUP, customer_id=other, email="jon@elsewhere.example")
    as_guest = bought(worlds.CUP, email="jon.guest@customer.example")
    bought(worlds.CUP, email="somebody.else@customer.example")
    guest = email("jon.guest")
    same((account(jon), guest))
    same((account(other), email("other")), rule="verified")
    follow()
    assert {card.id for card in orders_of(known_customer(jon))} == {mine.order_id, as_guest.order_id}
    decide_who.same(jon, other, "test", "one person", key="k")
    cards = orders_of(known_customer(other))
    assert {card.id for card in cards} == {mine.order_id, theirs.order_id, as_guest.order_id}
    assert {card.id for card in customer_profile(known_customer(jon)).orders} == {card.id for card in cards}


def test_what_the_house_tells_stands_once_on_a_timeline(jon: UUID) -> None:
    bought(worlds.SOFA, customer_id=jon)
    all_is_said()
    follow()
    told = codes(customer_story(jon))
    assert told.count("orders.OrderPlaced") == 1
    assert not {"Order Completed", "Signed Up"} & set(told)


def test_a_guests_order_is_told_by_the_house_once_too(world) -> None:
    bought(worlds.SOFA, email="guest@customer.example")
    all_is_said()
    follow()
    told = codes(customer_story(email("guest").key))
    assert told.count("orders.OrderPlaced") == 1
    assert "Order Completed" not in told


def test_goods_are_held_and_a_cart_is_open(jon: UUID) -> None:
    order = bought(worlds.SOFA, worlds.SOFA, customer_id=jon)
    held = customer_profile(known_customer(jon)).held
    assert [(one.order.id, one.pieces) for one in held] == [(order.order_id, 2)]


def test_what_is_asserted_is_shown_with_both_ends(jon: UUID) -> None:
    other = accounts.register("anna@customer.example", source="shop")
    same((account(jon), MAIL), rule="verified")
    same((account(other), MAIL))
    follow()
    links = {link.assertion.rule: link for link in links_of(known_customer(jon))}
    assert (links["verified"].apart, links["verified"].other) == (False, None)
    assert (links["stated"].apart, links["stated"].other) == (True, other)
    assert links["stated"].assertion.state == "held_back"


def test_the_stricter_answer_of_all_addresses_is_shown(jon: UUID) -> None:
    same((account(jon), MAIL), rule="verified")
    same((MAIL, WEB))
    follow()
    said = {"source": "test", "channel": "shop", "wording": "May we?", "version": "1", "language": "en"}
    consent.say(consent.Address(WEB.key, "cookie"), "analytics", True, at=day(1), **said)
    consent.say(consent.Address(MAIL.key, "email"), "analytics", False, at=day(1), **said)
    (state,) = customer_profile(known_customer(jon)).consents
    assert (state.purpose, state.answer, len(state.standings)) == ("analytics", False, 2)


def test_people_are_found_by_anything_that_is_theirs(jon: UUID) -> None:
    card = identifier("loyalty", "9354-0012")
    same((account(jon), card), rule="user")
    same((account(jon), identifier("phone", "+3545559999")), rule="account")
    order = bought(worlds.CUP, customer_id=jon)
    follow()
    for text in ("jon@customer.example", "Jón", "9354 0012", "555 9999", str(jon), str(card.key), order.number):
        assert [one.customer for one in find_customers(text, "IS")] == [jon], text
    assert find_customers("somebody", "IS") == ()


def test_a_guest_is_found_by_their_order(world) -> None:
    order = bought(worlds.CUP, email="guest@customer.example")
    all_is_said()
    follow()
    (found,) = find_customers(order.number, "IS")
    assert (found.customer, found.account, found.by) == (customer(email("guest")), None, "order")


def test_one_customer_is_meant_or_it_is_refused(jon: UUID) -> None:
    accounts.register("jona@customer.example", source="shop", name="Jóna")
    assert one_customer("jon@customer.example", None) == jon
    with pytest.raises(NobodyFound):
        one_customer("nobody", None)
    with pytest.raises(NobodyFound):
        one_customer("  ", None)
    with pytest.raises(SeveralFound):
        one_customer("jón", None)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["web", "chat"])), min_size=1, max_size=12),
    st.integers(1, 5),
    st.sampled_from(["", "web"]),
)
def test_touchpoints_read_page_by_page_are_all_of_them(db, happened, most: int, channel: str) -> None:
    wipe()
    tell(*(Told(WEB, at=day(moment), channel=channel) for moment, channel in happened))
    whole = customer_story(WEB.key, most=500, channel=channel)
    expected = sorted((day(moment) for moment, told in happened if channel in ("", told)), reverse=True)
    assert [moment.at for moment in whole.moments] == expected
    read, before = [], ""
    while True:
        page = customer_story(WEB.key, before=before, most=most, channel=channel)
        read += page.moments
        if not page.before:
            break
        before = page.before
    assert tuple(read) == whole.moments


@pytest.mark.django_db
def test_touchpoints_before_1970_and_at_one_moment_are_paged_too() -> None:
    early = day(0) - timedelta(days=365 * 60)
    tell(*(Told(WEB, at=early) for _ in range(3)))
    first = customer_story(WEB.key, most=2)
    second = customer_story(WEB.key, before=first.before, most=2)
    assert len({moment.touch.position for moment in (*first.moments, *second.moments)}) == 3
    assert second.before == ""


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["zzz", "..", "1.2.3", "..9-", "..99999999999999999999999-1", "..--1", "-"])
def test_a_place_that_is_none_is_refused_or_the_beginning(before: str) -> None:
    tell(Told(WEB))
    if before == "..":
        assert len(customer_story(WEB.key, before=before).moments) == 1
    else:
        with pytest.raises(Invalid):
            customer_story(WEB.key, before=before)


@pytest.mark.django_db
def test_a_story_of_much_that_is_not_asked_for_goes_on_on_another_page() -> None:
    tell(*(Told(WEB, at=day(nth), channel="web") for nth in range(30)))
    tell(Told(WEB, at=day(40), channel="chat"))
    page = customer_story(WEB.key, most=3, channel="chat")
    assert (codes(page), page.before) == (["Page Viewed"], "")


def test_the_statements_of_a_profile_and_a_story_are_few(jon: UUID) -> None:
    bought(worlds.CUP, customer_id=jon)
    all_is_said()
    follow()
    with CaptureQueriesContext(connection) as said:
        known = known_customer(jon)
    assert len(said) == 3
    with CaptureQueriesContext(connection) as said:
        customer_profile(known)
    assert len(said) <= 10
    with CaptureQueriesContext(connection) as said:
        customer_story(jon, known=known)
    assert len(said) <= 7
