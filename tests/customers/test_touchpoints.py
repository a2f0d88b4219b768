"""Touchpoints: what is noted stands once, under whom it was; who was touched is heard of; what is erased is gone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from samband.customers.identity import commands as identity
from samband.customers.identity import queries as identities
from samband.customers.touchpoints import books, commands, privacy, queries
from samband.customers.touchpoints.reading import noted as as_happening
from samband.customers.touchpoints.refusals import NoEvent, NotASource, SourceTaken, UnknownSource
from samband.customers.touchpoints.shapes import Note
from samband.flows.take_in_touchpoints import note, take_in
from samband.kernel.clock import now
from samband.kernel.identifier import identifier
from samband.kernel.reach import Reach

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = identifier("email", "anna@mail.is")
BROWSER = identifier("cookie", "browser-1")
TILL = identifier("loyalty", "K-1")


def noted(nth: int = 1, who=(ANNA, BROWSER), event: str = "Store Visited", **more) -> Note:
    given = {"occurred_at": now(), "channel": "pos", **more}
    return Note(message=f"n-{nth}", event=event, identifiers=who, **given)


def number(one) -> int:
    return identities.numbers([one.key])[one.key]


def touched() -> set[int]:
    with transaction.atomic():
        return commands.take_touched()


def reach(*numbers: int) -> Reach:
    return Reach(ANNA.key, (), numbers, (), (), ())


# --- noting


def test_a_note_stands_once_with_what_its_properties_say():
    properties = {
        "order_id": "1001",
        "total": "59.90",
        "currency": "EUR",
        "products": [{"sku": "CUP", "category": "cups"}],
    }
    assert note("house", noted(event="Order Completed", properties=properties, place="RVK1")).stored == 1
    assert note("house", noted(event="Order Completed", properties={})).repeated == 1
    (one,) = queries.of_numbers([number(ANNA)])
    assert (one.event, one.source, one.channel, one.place) == ("Order Completed", "house", "pos", "RVK1")
    assert (one.sku, one.category, one.order_ref, one.worth, one.currency) == ("CUP", "cups", "1001", 5990, "EUR")
    assert one.device == number(BROWSER)


def test_what_is_undone_was_never_noted():
    with pytest.raises(RuntimeError), transaction.atomic():
        note("house", noted())
        raise RuntimeError
    assert queries.latest() == []
    assert note("house", noted()).stored == 1, "and nothing of it was remembered"
    assert number(ANNA) == queries.latest()[0].identifier


def test_an_emptied_house_is_another_house():
    note("house", noted())
    with connection.cursor() as cursor:
        cursor.execute("truncate touchpoints_touchpoint, touchpoints_seen, touchpoints_eventname, identity_identifier,"
                       " identity_assertion, identity_pending restart identity")  # fmt: skip
    assert note("house", noted()).stored == 1
    assert queries.latest()[0].event == "Store Visited"
    assert queries.latest()[0].identifier == number(ANNA)


def test_an_event_has_a_name():
    with pytest.raises(NoEvent):
        note("house", noted(event="  "))


def test_what_belongs_together_is_one_customer():
    note("house", noted())
    while identity.resolve():
        pass
    assert identities.customer_of(BROWSER.key) == identities.customer_of(ANNA.key)


def test_a_pair_that_was_said_is_not_said_again():
    note("house", noted(1), noted(2), noted(3))
    note("house", noted(4))
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from identity_assertion")
        assert cursor.fetchone() == (1,)


def test_a_touchpoint_stays_as_it_was():
    note("house", noted())
    with pytest.raises((IntegrityError, InternalError)), connection.cursor() as cursor:
        cursor.execute("update touchpoints_touchpoint set channel = 'web'")


def test_few_statements_for_many():
    note("house", noted(0))
    note("house", noted(15))  # the first in an emptied house is not remembered

    class Counting:
        statements = 0

        def __call__(self, execute, *given):
            self.statements += 1
            return execute(*given)

    counting = Counting()
    origin = queries.origin("house")
    many = [as_happening(noted(nth, event=f"Event {nth % 5}"), origin) for nth in range(1, 15)]
    with connection.execute_wrapper(counting):
        take_in(origin, many)
    names_of_events = 3
    assert counting.statements <= 4 + names_of_events, "edition, house, messages seen, who was touched"


# --- who follows


def test_whoever_was_touched_is_heard_of_once():
    note("house", noted(1), noted(2, who=(TILL,)))
    assert touched() == {number(ANNA), number(TILL)}
    assert touched() == set()


def test_what_a_follower_could_not_finish_is_there_again():
    note("house", noted())
    with pytest.raises(RuntimeError), transaction.atomic():
        assert commands.take_touched() == {number(ANNA)}
        raise RuntimeError
    assert touched() == {number(ANNA)}


def test_two_followers_share_the_queue_and_neither_waits():
    for nth in range(10):
        note("house", noted(nth, who=(identifier("cookie", f"c-{nth}"),)))
    with transaction.atomic():
        mine = commands.take_touched(4)

        def other():
            try:
                with transaction.atomic():
                    return commands.take_touched(100)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            theirs = pool.submit(other).result(10)
    assert len(mine) == 4
    assert len(theirs) == 6
    assert not mine & theirs


# --- asking


def test_pages_of_a_customers_touchpoints_miss_nothing_and_repeat_nothing():
    for nth in range(23):
        note("house", noted(nth, who=(ANNA,) if nth % 2 else (BROWSER,), channel="pos" if nth % 3 else "shop"))
    numbers = [number(ANNA), number(BROWSER)]
    seen, before = [], None
    while page := queries.of_numbers(numbers, before=before, most=5):
        seen += [one.position for one in page]
        before = page[-1].position
    assert len(seen) == 23
    assert seen == sorted(seen, reverse=True)
    assert {one.channel for one in queries.of_numbers(numbers, channels=["shop"])} == {"shop"}
    assert queries.of_numbers(numbers, events=["Nothing"]) == []
    assert queries.of_numbers([]) == []


# --- sources


def test_a_source_is_opened_once_and_its_key_is_shown_once():
    _, key = commands.open_source("web", "Web shop", "browser")
    assert len(key) > 30
    source = queries.source("web")
    assert (source.kind, source.namespace, source.needs_consent, source.has_key) == ("browser", "web", True, True)
    with pytest.raises(SourceTaken):
        commands.open_source("web", "Another", "server")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("slug", ("Web Shop", "Web", "browser")),
        ("slug", ("", "Web", "browser")),
        ("kind", ("web", "Web", "carrier pigeon")),
        ("name", ("web", " ", "browser")),
    ],
)
def test_a_source_that_cannot_be(field, given):
    with pytest.raises(NotASource) as refused:
        commands.open_source(*given)
    assert refused.value.details == {"field": field}


def test_what_a_closed_source_brought_stays():
    note("house", noted())
    commands.close_source("house")
    commands.close_source("house")
    assert len(queries.latest("house")) == 1
    with pytest.raises(UnknownSource):
        queries.origin("house")
    with pytest.raises(UnknownSource):
        commands.close_source("nobody")


def test_counts_by_day_and_source():
    note("house", noted(1), noted(2))
    assert [(one.source, one.stored) for one in queries.counts(now() - timedelta(days=1))] == [("house", 2)]


# --- erasing and forgetting


def test_what_is_erased_is_gone_and_does_not_come_back():
    note("house", noted(1), noted(2, who=(TILL,)))
    numbers = [number(ANNA), number(BROWSER)]
    with transaction.atomic():
        identity.forget(identities.customer_of(ANNA.key))
        assert privacy.erase(reach(*numbers)) == 1
    assert [one.identifier for one in queries.latest()] == [number(TILL)]
    assert note("house", noted(1)).repeated == 1, "sent again, it is known and not kept"
    assert note("house", noted(3)).stored == 1
    assert queries.latest()[0].identifier not in numbers, "whoever comes again is somebody new"


def test_nothing_is_taken_in_under_a_forgotten_number_while_somebody_is_erased():
    note("house", noted(0, who=(ANNA,)))
    old = number(ANNA)

    def send(nth):
        try:
            return note("house", noted(nth, who=(ANNA,))).stored
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        sending = [pool.submit(send, nth) for nth in range(1, 60)]
        with transaction.atomic():
            identity.forget(identities.customer_of(ANNA.key))
            privacy.erase(reach(old))
        assert sum(one.result(30) for one in sending) == 59
    assert queries.of_numbers([old]) == []


def test_what_is_exported_is_everything():
    for nth in range(3):
        note("house", noted(nth, properties={"note": f"something {nth}"}))
    told = privacy.export(reach(number(ANNA)))["touchpoints"]
    assert [one["payload"]["properties"]["note"] for one in told] == ["something 2", "something 1", "something 0"]


def test_what_is_old_is_forgotten_by_kind_and_its_customers_are_looked_at_again():
    long_ago = now() - timedelta(days=400)
    note("house", noted(1, occurred_at=long_ago), noted(2, occurred_at=long_ago, event="Order Completed"), noted(3))
    note("house", noted(4, who=(), occurred_at=long_ago))
    touched()
    year_ago = now() - timedelta(days=365)
    assert commands.forget_older(year_ago, nobodys=True) == 1
    assert commands.forget_older(year_ago, but=["Order Completed"]) == 1
    assert commands.forget_older(year_ago, but=["Order Completed"]) == 0
    assert touched() == {number(ANNA)}
    assert commands.forget_older(year_ago, events=["Order Completed"], sources=["nobody"]) == 0
    assert commands.forget_older(year_ago, events=["Order Completed"], sources=["house"]) == 1
    assert [one.event for one in queries.latest()] == ["Store Visited"]


def test_the_books_balance_and_tell_what_does_not():
    note("house", noted(1), noted(2))
    assert list(books.findings()) == []
    with connection.cursor() as cursor:
        cursor.execute("delete from touchpoints_seen")
    assert list(books.findings()) == ["There are 2 touchpoints, but only 0 messages were seen."]
