"""Forgetting a person: what hinders it, what stays, what is finished later, and who does not come back by an import."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from samband.commerce.orders import queries as orders
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.customers.accounts.commands import Known, Reached
from samband.customers.identity import commands as identity
from samband.customers.identity.rules import Pair
from samband.customers.rights import commands as rights_commands
from samband.customers.rights import queries as rights
from samband.customers.rights.models import Erasure
from samband.customers.rights.refusals import NotAgreed, NothingKept, RequestEnded, StillOpen
from samband.customers.touchpoints import commands as sources
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.reading import noted
from samband.customers.touchpoints.shapes import Note
from samband.flows import erase_customer as flow
from samband.flows import files_of_customer as files
from samband.flows.audit import audit
from samband.flows.erase_customer import ask_to_erase, carry_on_erasures, erase_customer, erase_requested
from samband.flows.finish_order import cancel_order
from samband.flows.reach_customer import reach_of, reach_of_email, rooms
from samband.flows.take_in_touchpoints import take_in
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import identifier, key_of
from samband.timeline import queries as timeline
from samband.timeline.delivering import deliver
from tests.flows.test_customer_orders import HOME, bought_as_guest
from tests.worlds import small_world

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = "anna@example.is"


@pytest.fixture(autouse=True)
def world(settings, tmp_path):
    settings.HOME = tmp_path
    small_world()


def settled() -> None:
    while deliver():
        pass


def signed_in(email: str = ANNA):
    return accounts.sign_in(email, accounts.ask_code(email, "is").code, "shop").customer_id


def anna():
    customer = signed_in()
    accounts.change(customer, name="Anna Jónsdóttir", phone="+3545551234")
    accounts.save_address(customer, HOME)
    return customer


def finished(order_id) -> None:
    cancel_order(order_id, "customer", key=f"cancel-{order_id}")
    settled()


def test_a_person_is_forgotten_and_the_books_still_balance():
    order = bought_as_guest(ANNA).order_id
    customer = anna()
    finished(order)
    done = erase_customer(reach_of(customer))
    assert done.state == "done"
    assert account_queries.customer(customer).erased_at
    told = orders.order(order)
    contact = account_queries.contact(told.contact_id)
    assert (contact.email, contact.name) == ("", "")
    assert account_queries.address(told.groups[0].address_id).given.line1 == ""
    assert told.total.amount > 0
    assert list(audit()) == []
    assert "rights.CustomerErased" in [one.name for one in timeline.of_subject(f"erasure:{done.id}")]


def test_twice_is_once():
    customer = anna()
    reach = reach_of(customer)
    first = erase_customer(reach)
    with pytest.raises(NothingKept):
        reach_of(customer)
    erase_customer(reach)
    assert rights.erasure(first.id).state == "done"
    assert list(audit()) == []


def test_an_order_under_way_hinders_and_the_request_waits_for_its_end():
    customer = signed_in()
    order = bought_as_guest(ANNA).order_id
    request = ask_to_erase(customer, by="customer", account=customer)
    number = orders.order(order).number
    with pytest.raises(StillOpen) as refused:
        erase_requested(request, wait=False)
    assert refused.value.details == {"orders": [number]}
    assert erase_requested(request) is False
    assert rights.request(request).state == "waiting"
    finished(order)
    assert carry_on_erasures() == 0, "it is looked at again after a while, not all the time"
    with held_at(now() + timedelta(hours=1, seconds=1)):
        assert carry_on_erasures() == 1
    assert rights.request(request).state == "done"
    assert account_queries.customer(customer).erased_at


def test_what_staff_ask_for_waits_for_somebody_who_may_agree():
    customer = anna()
    request = ask_to_erase(customer, by="staff", ground="in_writing", agreed=False)
    with pytest.raises(NotAgreed):
        erase_requested(request)
    assert not account_queries.customer(customer).erased_at
    rights_commands.agree(request, None)
    assert erase_requested(request)
    with pytest.raises(RequestEnded):
        rights_commands.withdraw(request)


def test_asking_twice_is_one_request_and_it_may_be_withdrawn():
    customer = anna()
    first = ask_to_erase(customer, by="customer", account=customer)
    assert ask_to_erase(customer, by="customer", account=customer) == first
    rights_commands.withdraw(first)
    assert ask_to_erase(customer, by="customer", account=customer) != first


def test_the_deadline_is_a_month_away_and_the_books_tell_of_a_late_one():
    customer = anna()
    request = ask_to_erase(customer, by="staff", agreed=False)
    asked = rights.request(request)
    assert 28 <= (asked.deadline - asked.asked_at).days <= 31
    with held_at(asked.deadline + timedelta(seconds=1)):
        assert [finding for finding in audit() if str(request) in finding]


@pytest.mark.parametrize("dies_in", ["rooms", "files", "noting"])
def test_killed_half_way_it_is_finished_later(monkeypatch, dies_in):
    """A room that dies takes all rooms back with it; what dies after them is done again until it is done."""
    customer = anna()
    reach = reach_of(customer)
    mails = files.folder(files.MAILS)
    mails.mkdir()
    (mails / "1.log").write_bytes(b"To: anna@example.is\n\nHello\n")

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed()

    with monkeypatch.context() as dying:
        if dies_in == "rooms":
            last = list(rooms())[-1][1]
            dying.setattr(last, "erase", die)
        elif dies_in == "files":
            dying.setattr(files, "erase_from_files", die)
        else:
            dying.setattr(flow.commands, "finish_erasure", die)
        with pytest.raises(Killed):
            erase_customer(reach)
    assert bool(account_queries.customer(customer).erased_at) == (dies_in != "rooms")
    assert Erasure.objects.get().state == ("begun" if dies_in == "rooms" else "rooms")
    assert carry_on_erasures() == 1
    assert account_queries.customer(customer).erased_at
    assert Erasure.objects.get().state == "done"
    assert Erasure.objects.get().sought is None
    assert not list(mails.iterdir())
    assert carry_on_erasures() == 0


def test_somebody_elses_orders_are_not_emptied_by_typing_their_address_somewhere():
    """An address that was only stated makes two identifiers one customer; it does not prove whose the orders are."""
    theirs = bought_as_guest("victim@example.is").order_id
    finished(theirs)
    customer = anna()
    mine, stated = identifier("account", str(customer)), identifier("email", "victim@example.is")
    numbers = identity.know([mine, stated], now())
    pair = sorted((numbers[mine.key], numbers[stated.key]))
    identity.assert_pairs([Pair(*pair, "stated", "web", now())])
    identity.resolve()
    assert "victim@example.is" in reach_of(customer).emails
    assert "victim@example.is" not in reach_of(customer, proved=True).emails
    erase_requested(ask_to_erase(customer, by="customer", account=customer))
    assert account_queries.contact(orders.order(theirs).contact_id).email == "victim@example.is"


def test_a_guest_without_an_account_is_found_by_the_address():
    order = bought_as_guest("guest@example.is").order_id
    other = bought_as_guest("other@example.is").order_id
    finished(order)
    reach = reach_of_email("Guest@Example.IS ")
    assert reach.orders == (order,)
    erase_customer(reach)
    assert account_queries.contact(orders.order(order).contact_id).email == ""
    assert account_queries.contact(orders.order(other).contact_id).email == "other@example.is"
    with pytest.raises(NothingKept):
        reach_of_email("guest@example.is")


def test_an_import_does_not_bring_anybody_back_until_they_come_themselves():
    people = [
        Known("7", ANNA, "Anna", "+3545551234"),
        Known("8", "bo@example.is", "Bo"),
        Known("9", None, "Nobody", ""),
    ]
    known = accounts.bring_in("shopify", people)
    erase_customer(reach_of(known["7"]))
    assert set(accounts.bring_in("shopify", people)) == {"8", "9"}
    moved = [Known("7", None, "Anna by her old number"), Known("70", "ANNA@example.is".lower(), "Anna under another")]
    assert accounts.bring_in("shopify", moved) == {}
    assert set(accounts.bring_in("elsewhere", [Known("7", None, "Another shop's seven")])) == {"7"}
    assert accounts.bring_in_contacts("shopify", [Reached("#1", ANNA, "Anna")]) == {}
    signed_in()
    settled()
    assert rights.suppressed([key_of("email", ANNA)]) == frozenset()
    assert set(accounts.bring_in("shopify", [Known("70", ANNA, "Anna")])) == {"70"}


def test_the_record_that_no_backup_takes_back_names_nobody():
    customer = anna()
    erase_customer(reach_of(customer))
    (noted,) = files.folder(files.ERASURES).iterdir()
    told = noted.read_text()
    assert json.loads(told)["accounts"] == [str(customer)]
    assert str(key_of("email", ANNA)) in told
    for trace in ("anna", "5551234", "Jónsdóttir", "Laugavegur"):
        assert trace not in told


def test_mails_rows_of_rejects_and_sessions_go_and_others_stay(client):
    customer = anna()
    mails, rejects = files.folder(files.MAILS), files.folder(files.REJECTS)
    mails.mkdir()
    rejects.mkdir()
    both = files.BETWEEN_MAILS.join([b"To: anna@example.is\n\nhello\n", b"To: bo@example.is\n\nhello\n", b""])
    (mails / "both.log").write_bytes(both)
    (rejects / "x-rejects.csv").write_text('Email,Name,why\nanna@example.is,Anna,x\nbo@example.is,"Bo, the other",y\n')
    for one in (customer, signed_in("bo@example.is")):
        session = SessionStore()
        session["customer_id"] = str(one)
        session.create()
    erase_customer(reach_of(customer))
    left = (mails / "both.log").read_bytes()
    assert b"anna" not in left
    assert b"bo@example.is" in left
    assert (rejects / "x-rejects.csv").read_text() == 'Email,Name,why\nbo@example.is,"Bo, the other",y\n'
    assert Session.objects.count() == 1


def test_a_file_of_the_past_does_not_bring_their_touchpoints_back_and_says_how_many_it_left_out():
    """What they do themselves is another thing: that is them."""
    sources.open_source("old-crm", "Old CRM", "import", needs_consent=False)
    origin = touchpoints.origin("old-crm")
    erase_customer(reach_of(anna()))
    theirs, others = (
        Note(
            message=email, event="Product Viewed", identifiers=(identifier("email", email),), occurred_at=now(),
            channel="web",
        )
        for email in (ANNA, "bo@example.is")
    )  # fmt: skip
    taken = take_in(origin, [noted(one, origin) for one in (theirs, others)])
    assert taken.stored == 1
    assert {one.code: one.count for one in touchpoints.rejected(now().date())}["erased"] == 1
    with pytest.raises(NothingKept):
        reach_of(key_of("email", ANNA))
