"""What was agreed adds up, is placed once, and can be found again."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from samband.commerce.orders import books, commands, queries
from samband.commerce.orders.refusals import (
    CartAlreadySold,
    DoesNotAddUp,
    NotADraft,
    NotPlaced,
    NumberTaken,
    OrderNotFound,
    OrderOver,
)
from samband.commerce.orders.rules import Draft, DraftGroup, DraftLine, Historic, check
from samband.events.payments import PaymentRefunded
from samband.kernel.clock import held_at
from samband.kernel.goods import Line
from samband.kernel.ids import READABLE, new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused, Refusal
from samband.timeline import queries as timeline
from samband.timeline import record
from samband.timeline.delivering import deliver

SOFA = DraftLine("SOFA-GREY", "Sófi", 1, 129_900, 129_900, 104_758, 25_142, 2400)
CUPS = DraftLine("CUP", "Bolli", 4, 1_500, 6_000, 4_839, 1_161, 2400)


def a_draft(**changes) -> Draft:
    wish = Draft(
        order_id=new_id(),
        customer_id=new_id(),
        contact_id=new_id(),
        cart_id=new_id(),
        channel="shop",
        market="IS",
        language="is",
        currency="ISK",
        total=137_400,
        total_net=110_807,
        total_vat=26_593,
        shipping=1_500,
        shipping_vat=290,
        lines=(SOFA, CUPS),
        groups=(
            DraftGroup("pickup", "reykjavik", (Line("CUP", 4),), None, datetime(2026, 11, 23, 9, tzinfo=UTC)),
            DraftGroup("ship", "london", (Line("SOFA-GREY", 1),), new_id()),
        ),
        quote={"lines": [{"sku": "CUP", "unit": 1500}], "seen": "2026-11-21"},
    )
    return replace(wish, **changes)


def an_old_order(reference: str, **changes) -> Historic:
    order = Historic(
        source="online-retail",
        reference=reference,
        kind="sale",
        state="completed",
        customer_id=None,
        channel="import",
        market="GB",
        language="en",
        currency="GBP",
        total=1_200,
        total_net=1_200,
        total_vat=0,
        shipping=0,
        shipping_vat=0,
        placed_at=datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
        lines=(DraftLine("85123A", "WHITE HANGING HEART", 6, 200, 1_200, 1_200, 0, 0),),
    )
    return replace(order, **changes)


def placed(**changes) -> Draft:
    wish = a_draft(**changes)
    commands.draft(wish)
    commands.place(wish.order_id)
    return wish


@contextmanager
def refused(kind: type[Refusal]):
    """Refused, and what was begun inside is undone."""
    with pytest.raises(kind) as told, transaction.atomic():
        yield told


@pytest.mark.django_db
class TestAnAgreement:
    def test_is_kept_as_the_shopper_saw_it(self):
        wish = a_draft()
        drafted = commands.draft(wish)
        order = queries.order(wish.order_id)
        assert (order.number, order.state, order.kind) == (drafted.number, "draft", "sale")
        assert order.total == Money(137_400, "ISK")
        assert order.total_net + order.total_vat == order.total
        assert [(line.sku, line.quantity, line.total.amount) for line in order.lines] == [
            ("SOFA-GREY", 1, 129_900),
            ("CUP", 4, 6_000),
        ]
        assert order.quote == wish.quote
        pickup, ship = order.groups
        assert (pickup.kind, pickup.goods, pickup.promised_from) == (
            "pickup",
            (Line("CUP", 4),),
            datetime(2026, 11, 23, 9, tzinfo=UTC),
        )
        assert (ship.location, ship.address_id) == ("london", wish.groups[1].address_id)
        assert list(books.findings()) == []

    def test_goes_from_draft_to_placed_to_completed(self):
        wish = placed()
        assert queries.order(wish.order_id).state == "placed"
        completed = commands.complete(wish.order_id)
        order = queries.order(wish.order_id)
        assert (completed.number, order.state) == (order.number, "completed")
        told = [entry.name for entry in timeline.of_subject(f"order:{wish.order_id}")]
        assert told == ["orders.OrderCompleted", "orders.OrderPlaced", "orders.OrderDrafted"]

    def test_is_placed_only_from_a_draft(self):
        wish = placed()
        with refused(NotADraft) as told:
            commands.place(wish.order_id)
        assert told.value.details["state"] == "placed"
        commands.cancel(wish.order_id, "customer")
        with refused(NotADraft):
            commands.place(wish.order_id)
        with refused(OrderNotFound):
            commands.place(new_id())

    def test_placed_twice_with_one_key_is_placed_once(self):
        wish = a_draft()
        first = commands.draft(wish, key="a"), commands.place(wish.order_id, key="a")
        assert (commands.draft(wish, key="a"), commands.place(wish.order_id, key="a")) == first
        with refused(KeyReused):
            commands.draft(a_draft(), key="a")

    def test_a_cart_becomes_one_standing_order(self):
        cart = new_id()
        placed(cart_id=cart)
        second = a_draft(cart_id=cart)
        commands.draft(second)
        with refused(CartAlreadySold):
            commands.place(second.order_id)
        assert queries.order(second.order_id).state == "draft"

    @pytest.mark.parametrize("was_placed", [False, True])
    def test_can_be_called_off_until_it_is_over(self, was_placed):
        wish = placed() if was_placed else a_draft()
        if not was_placed:
            commands.draft(wish)
        cancelled = commands.cancel(wish.order_id, "customer")
        assert (cancelled.was_placed, cancelled.contact_id) == (was_placed, wish.contact_id)
        order = queries.order(wish.order_id)
        assert (order.state, order.reason) == ("cancelled", "customer")
        assert all(line.cancelled_quantity == line.quantity for line in order.lines)
        with refused(OrderOver):
            commands.cancel(wish.order_id, "customer")
        with refused(NotPlaced):
            commands.complete(wish.order_id)
        assert list(books.findings()) == []

    def test_is_not_called_off_for_no_reason(self):
        wish = placed()
        with refused(Invalid):
            commands.cancel(wish.order_id, "because")

    def test_a_completed_order_is_over(self):
        wish = placed()
        commands.complete(wish.order_id)
        with refused(OrderOver):
            commands.cancel(wish.order_id, "customer")

    @pytest.mark.django_db(transaction=True)
    def test_counts_what_went_back_but_not_what_came_astray(self):
        wish = placed()
        for amount, reason in ((400, "returned"), (600, "returned"), (137_400, "stray")):
            with transaction.atomic():
                record(
                    PaymentRefunded(
                        intent_id=new_id(), order_id=wish.order_id, amount=amount, currency="ISK", reason=reason
                    )
                )
        deliver()
        assert queries.order(wish.order_id).refunded == Money(1_000, "ISK")
        assert list(books.findings()) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"total": 137_401}, DoesNotAddUp),
        ({"total_vat": 26_594, "total_net": 110_806}, DoesNotAddUp),
        ({"shipping": 0}, DoesNotAddUp),
        ({"lines": (SOFA,)}, DoesNotAddUp),
        ({"lines": (SOFA, structs.replace(CUPS, net=CUPS.net + 1))}, DoesNotAddUp),
        ({"groups": ()}, DoesNotAddUp),
        ({"groups": (DraftGroup("pickup", "riga", (Line("CUP", 4),)),)}, DoesNotAddUp),
        ({"groups": (DraftGroup("ship", "riga", (Line("CUP", 4), Line("SOFA-GREY", 1))),)}, Invalid),
        ({"groups": (DraftGroup("drone", "riga", (Line("CUP", 4), Line("SOFA-GREY", 1))),)}, Invalid),
        ({"currency": "XXX"}, Invalid),
        ({"language": "tlh"}, Invalid),
        ({"lines": ()}, Invalid),
        ({"lines": (SOFA, structs.replace(CUPS, name="x" * 501))}, Invalid),
    ],
)
def test_what_does_not_add_up_is_refused(changes, refusal):
    with pytest.raises(refusal):
        check(a_draft(**changes))


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10**6), st.integers(0, 10**5)), min_size=1), st.integers(0, 99)
)
def test_any_lines_that_sum_are_agreed_to_and_one_unit_more_is_not(parts, shipping):
    lines = tuple(
        DraftLine(f"S{i}", "x", quantity, net + vat, net + vat, net, vat, 2400)
        for i, (quantity, net, vat) in enumerate(parts)
    )
    goods = tuple(Line(line.sku, line.quantity) for line in lines)
    total = sum(line.total for line in lines) + shipping
    vat = sum(line.vat for line in lines)
    wish = a_draft(
        lines=lines,
        groups=(DraftGroup("pickup", "riga", goods),),
        shipping=shipping,
        shipping_vat=0,
        total=total,
        total_vat=vat,
        total_net=total - vat,
    )
    check(wish)
    with pytest.raises(DoesNotAddUp):
        check(replace(wish, total=total + 1, total_net=total + 1 - vat))


@pytest.mark.django_db
class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "change",
        [
            "update orders_order set total = total + 1",
            "update orders_order set state = 'lost'",
            "update orders_order set state = 'placed', placed_at = null",
            "update orders_order set refunded = -1",
            "update orders_order set kind = 'credit'",
            "update orders_order set contact_id = null",
            "update orders_orderline set vat = vat + 1",
            "update orders_orderline set quantity = -quantity",
            "update orders_orderline set cancelled_quantity = quantity + 1",
            "update orders_ordergroup set kind = 'drone'",
            "update orders_ordergroup set address_id = null",
        ],
    )
    def test_refuses_what_must_never_be(self, change):
        commands.draft(a_draft())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_the_books_name_an_order_whose_lines_were_tampered_with(self):
        number = commands.draft(a_draft()).number
        with connection.cursor() as cursor:
            cursor.execute("update orders_orderline set total = total + 1, net = net + 1 where sku = 'CUP'")
        assert [finding for finding in books.findings() if number in finding]
        with connection.cursor() as cursor:
            cursor.execute(
                "update orders_orderline set total = total - 1, net = net - 1, quantity = 5 where sku = 'CUP'"
            )
        assert list(books.findings()) == [f"Order {number}: the goods of its groups are not the goods of its lines."]


@pytest.mark.django_db
class TestFinding:
    def test_a_number_is_readable_unguessable_and_forgiving(self):
        numbers = {commands._new_number() for _ in range(500)}
        assert len(numbers) == 500
        assert all(len(number) == 11 and number[5] == "-" for number in numbers)
        assert {letter for number in numbers for letter in number} == {*READABLE, "-"}
        number = commands.draft(a_draft()).number
        for typed in (number, number.lower(), number.replace("-", ""), f" {number[:5]} {number[6:]} "):
            assert queries.by_number(typed).number == number

    @pytest.mark.parametrize("typed", ["", "S7K3M-QX4P", "'; drop table orders_order", "\x00", "é" * 10_000])
    def test_a_wrong_number_is_no_order(self, typed):
        commands.draft(a_draft())
        with pytest.raises(OrderNotFound):
            queries.by_number(typed)

    def test_a_customers_orders_come_page_by_page_newest_first_without_drafts(self):
        customer, other = new_id(), new_id()
        start = datetime(2026, 11, 1, tzinfo=UTC)
        wishes = []
        for day in range(5):
            with held_at(start + timedelta(days=day // 2)):
                wishes.append(placed(customer_id=(customer, other)[day % 2 and day == 3], cart_id=None))
        commands.draft(a_draft(customer_id=customer))
        called_off = a_draft(customer_id=customer)
        commands.draft(called_off)
        commands.cancel(called_off.order_id, "declined")
        mine = [wish.order_id for wish in wishes if wish.customer_id == customer]
        first = queries.of_customer([customer], most=2)
        rest = queries.of_customer([customer], before=first[-1].id, most=50)
        assert [card.id for card in first + rest] == sorted(
            mine, key=lambda key: (queries.order(key).created_at, key), reverse=True
        )
        assert len(queries.of_customer([customer, other])) == 5

    def test_the_console_lists_by_state_number_and_the_other_systems_name(self):
        commands.draft(a_draft())
        wish = placed()
        number = queries.order(wish.order_id).number
        commands.write_history([an_old_order("536365")])
        assert [card.number for card in queries.recent(state="placed")] == [number]
        assert [card.number for card in queries.recent(text=number[:4].lower())] == [number]
        (old,) = queries.recent(text="536365")
        assert (old.source, old.units, old.total) == ("online-retail", 6, Money(1_200, "GBP"))
        assert queries.recent(text="%") == ()
        assert len(queries.recent()) == 3
        newest = queries.recent(most=1)
        assert len(queries.recent(before=newest[0].id)) == 2
        assert queries.of_contacts([wish.contact_id])[0].id == wish.order_id

    def test_counts_and_drafts_nobody_placed(self):
        placed()
        with held_at(datetime(2026, 1, 1, tzinfo=UTC)):
            forgotten = a_draft()
            commands.draft(forgotten)
        commands.draft(a_draft())
        assert queries.abandoned(before=datetime(2026, 1, 2, tzinfo=UTC)) == (forgotten.order_id,)
        assert queries.states([forgotten.order_id, new_id()]) == {forgotten.order_id: "draft"}
        assert queries.summary_counts() == (
            queries.Count("draft", "sale", 2, Money(274_800, "ISK")),
            queries.Count("placed", "sale", 1, Money(137_400, "ISK")),
        )


@pytest.mark.django_db
class TestStatements:
    """The path to a placed order is short; these numbers may fall, not rise."""

    def test_drafting_takes_one_statement_and_its_event_one(self):
        with CaptureQueriesContext(
            connection,
        ) as said:
            commands.draft(a_draft())
        assert len(said) == 2, [query["sql"][:60] for query in said]

    def test_placing_takes_one_statement_and_its_event_one(self):
        wish = a_draft()
        commands.draft(wish)
        with CaptureQueriesContext(connection) as said:
            commands.place(wish.order_id)
        assert len(said) == 2, [query["sql"][:60] for query in said]

    def test_an_idempotency_key_takes_one_more(self):
        with CaptureQueriesContext(connection) as said:
            commands.draft(a_draft(), key="k")
        assert len(said) == 3

    def test_an_order_is_read_with_one(self):
        wish = placed()
        with CaptureQueriesContext(connection) as said:
            queries.order(wish.order_id)
        assert len(said) == 1


@pytest.mark.django_db
class TestHistory:
    def test_is_written_once_by_source_and_reference(self):
        old = [an_old_order(str(n)) for n in range(20)]
        written = commands.write_history(old[:12])
        assert len(written) == 12
        again = commands.write_history(old)
        assert sorted(again) == sorted(str(n) for n in range(12, 20))
        assert commands.write_history(old) == {}
        assert queries.summary_counts() == (queries.Count("completed", "sale", 20, Money(24_000, "GBP")),)
        order = queries.by_source("online-retail", "3")
        assert (order.id, order.placed_at, order.state) == (written["3"], old[3].placed_at, "completed")
        assert [entry.name for entry in timeline.of_subject(f"order:{order.id}")] == ["orders.OrderImported"]
        assert list(books.findings()) == []

    def test_the_same_reference_of_another_source_is_another_order(self):
        commands.write_history([an_old_order("1")])
        assert commands.write_history([an_old_order("1", source="shopify")])

    def test_a_cancellation_there_is_a_credit_here(self):
        line = DraftLine("D", "Discount", -1, 2_750, -2_750, -2_750, 0, 0)
        commands.write_history([an_old_order("C536379", kind="credit", lines=(line,), total=-2_750, total_net=-2_750)])
        order = queries.by_source("online-retail", "C536379")
        assert (order.kind, order.total, order.lines[0].quantity) == ("credit", Money(-2_750, "GBP"), -1)
        assert list(books.findings()) == []

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"total": 1_201}, DoesNotAddUp),
            ({"kind": "credit"}, DoesNotAddUp),
            ({"kind": "gift"}, Invalid),
            ({"state": "draft"}, Invalid),
            ({"source": ""}, Invalid),
            ({"lines": ()}, Invalid),
            ({"lines": (DraftLine("X", "nul \x00", 6, 200, 1_200, 1_200, 0, 0),)}, Invalid),
            ({"refunded": 1_201}, DoesNotAddUp),
            ({"refunded": -1}, DoesNotAddUp),
        ],
    )
    def test_a_bad_order_spoils_its_batch_and_nothing_is_written(self, changes, refusal):
        with refused(refusal):
            commands.write_history([an_old_order("1"), an_old_order("2", **changes)])
        assert queries.recent() == ()

    def test_a_batch_names_an_order_once(self):
        with refused(Invalid):
            commands.write_history([an_old_order("1"), an_old_order("1")])

    def test_keeps_a_number_that_customers_know_unless_it_is_taken(self):
        commands.write_history([an_old_order("1", number="#1001")])
        assert queries.by_number("#1001").source_reference == "1"
        with refused(NumberTaken):
            commands.write_history([an_old_order("2", number="#1001")])

    def test_names_are_kept_to_the_letter(self):
        name = "a\ttab, a\nline, a\rreturn, a \\n that is none, \\. and ½ Þ"
        line = DraftLine("X", name, 6, 200, 1_200, 1_200, 0, 0)
        commands.write_history([an_old_order("1", lines=(line,), refunded=200)])
        order = queries.by_source("online-retail", "1")
        assert order.lines[0].name == name
        assert order.refunded == Money(200, "GBP")

    def test_is_checked_by_the_database_too(self):
        line = DraftLine("X", "x", 6, -200, 1_200, 1_200, 0, 0)
        with pytest.raises(IntegrityError), transaction.atomic():
            commands.write_history([an_old_order("1", lines=(line,))])


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_many_place_one_order_and_one_does(self):
        wish = a_draft()
        commands.draft(wish)
        answers = at_once(8, lambda _: commands.place(wish.order_id))
        assert sorted(type(answer).__name__ for answer in answers) == ["NotADraft"] * 7 + ["OrderPlaced"]

    def test_placing_and_cancelling_race_and_the_story_fits_the_state(self):
        for _ in range(10):
            wish = a_draft()
            commands.draft(wish)
            deeds = [partial(commands.place, wish.order_id), partial(commands.cancel, wish.order_id, "abandoned")]
            at_once(2, lambda i, deeds=deeds: deeds[i]())
            order = queries.order(wish.order_id)
            told = [entry.name for entry in timeline.of_subject(f"order:{wish.order_id}")]
            assert order.state == "cancelled", "cancelling works before and after"
            assert told[0] == "orders.OrderCancelled"
            assert ("orders.OrderPlaced" in told) == (order.placed_at is not None)

    def test_two_importers_of_one_file_write_each_order_once(self):
        old = [an_old_order(str(n)) for n in range(50)]
        written = at_once(4, lambda _: commands.write_history(old))
        assert sum(len(batch) for batch in written) == 50
        assert len(queries.recent()) == 50

    def test_two_drafts_of_one_cart_race_to_be_placed(self):
        cart = new_id()
        wishes = [a_draft(cart_id=cart) for _ in range(4)]
        for wish in wishes:
            commands.draft(wish)
        answers = at_once(4, lambda i: commands.place(wishes[i].order_id))
        assert sorted(type(answer).__name__ for answer in answers) == ["CartAlreadySold"] * 3 + ["OrderPlaced"]


def at_once(many: int, deed) -> list:
    """Do a deed in so many threads at the same moment; their answers or refusals."""
    together, answers = threading.Barrier(many), [None] * many

    def do(i: int) -> None:
        together.wait()
        try:
            answers[i] = deed(i)
        except Refusal as refusal:
            answers[i] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(i,)) for i in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
