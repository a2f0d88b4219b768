"""Two hands on one cart, really at once: an edit is in or it is refused, and a customer ends with one open cart."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction

from samband.commerce.cart import commands, markets, queries
from samband.commerce.cart.books import findings
from samband.commerce.cart.refusals import CartClosed, CartEdited, CartFull, NotYourCart, OtherCurrency, TooManyOfOne
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal
from samband.timeline.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

Deed = Callable[[], object]
ROUNDS = 12


@pytest.fixture(autouse=True)
def currencies(monkeypatch):
    monkeypatch.setattr(markets, "currency_of", {"LV": "EUR", "GR": "EUR", "IS": "ISK"}.get)
    yield
    assert list(findings()) == []


def at_once(*deeds: Deed) -> list[object]:
    """Do all of these at the same moment, each on a connection of its own; tells what each returned or refused."""
    ready = threading.Barrier(len(deeds))
    answers: list[object] = [None] * len(deeds)

    def do(number: int, deed: Deed) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            answers[number] = deed()
        except BaseException as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
            raise answer
    return answers


def while_waiting(first: Deed, second: Deed) -> object:
    """Let `second` wait for the lock that `first` holds, then commit `first`; tells what `second` answered."""
    answers: list[object] = []

    def wait() -> None:
        try:
            answers.append(second())
        except BaseException as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    waiter = threading.Thread(target=wait)
    with transaction.atomic():
        first()
        waiter.start()
        with connection.cursor() as cursor:
            waiting = False
            while not waiting and waiter.is_alive():
                cursor.execute(
                    "select exists (select from pg_locks where not granted"
                    " and pg_backend_pid() = any(pg_blocking_pids(pid)))"
                )
                waiting = cursor.fetchone()[0]
        assert waiting, "it did not wait"
    waiter.join()
    return answers[0]


def lines(cart_id: UUID) -> dict[str, int]:
    return {line.sku: line.quantity for line in queries.cart(cart_id).lines}


def filled(goods: dict[str, int], customer_id: UUID | None = None) -> UUID:
    cart = commands.open_cart("LV", customer_id)
    for sku, quantity in goods.items():
        commands.put(cart.id, sku, quantity)
    return cart.id


def test_adds_at_once_all_count():
    cart_id = filled({})

    def add() -> None:
        for _ in range(10):
            commands.add(cart_id, "CHAIR", 1)

    at_once(*[add] * 6)
    assert lines(cart_id) == {"CHAIR": 60}
    assert queries.cart(cart_id).version == 60


def test_different_things_added_at_once_are_all_in():
    cart_id = filled({})
    at_once(*[lambda sku=f"SKU{i}": commands.add(cart_id, sku, 1) for i in range(8)])
    assert lines(cart_id) == {f"SKU{i}": 1 for i in range(8)}


def test_only_one_gets_the_last_line():
    cart_id = filled({f"SKU{i}": 1 for i in range(199)})
    answers = at_once(*[lambda sku=f"NEW{i}": commands.add(cart_id, sku, 1) for i in range(6)])
    assert sum(isinstance(answer, CartFull) for answer in answers) == 5
    assert len(lines(cart_id)) == 200
    assert queries.cart(cart_id).version == 200


def test_only_one_gets_the_last_piece():
    cart_id = filled({"CHAIR": 998})
    answers = at_once(*[lambda: commands.add(cart_id, "CHAIR", 1)] * 6)
    assert sum(isinstance(answer, TooManyOfOne) for answer in answers) == 5
    assert lines(cart_id) == {"CHAIR": 999}
    assert queries.cart(cart_id).version == 2


def test_an_edit_that_waits_behind_the_last_line_is_refused():
    cart_id = filled({f"SKU{i}": 1 for i in range(199)})
    answer = while_waiting(lambda: commands.put(cart_id, "CHAIR", 1), lambda: commands.put(cart_id, "SOFA", 1))
    assert isinstance(answer, CartFull)
    assert len(lines(cart_id)) == 200


EDITS = {
    "add": lambda cart_id: commands.add(cart_id, "SOFA", 1),
    "set": lambda cart_id: commands.put(cart_id, "CHAIR", 5),
    "take out": lambda cart_id: commands.put(cart_id, "CHAIR", 0),
    "other market": lambda cart_id: commands.change_market(cart_id, "IS"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_that_waits_behind_the_order_is_refused(edit):
    cart_id = filled({"CHAIR": 1})
    answer = while_waiting(lambda: commands.order(cart_id, 1, new_id()), lambda: edit(cart_id))
    assert isinstance(answer, CartClosed)
    assert lines(cart_id) == {"CHAIR": 1}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_order_that_waits_behind_an_edit_is_refused(edit):
    cart_id = filled({"CHAIR": 1})
    answer = while_waiting(lambda: edit(cart_id), lambda: commands.order(cart_id, 1, new_id()))
    assert isinstance(answer, CartEdited)
    assert queries.cart(cart_id).state == "open"


def test_what_was_taken_out_and_put_back_while_another_took_it_out_is_out():
    cart_id = filled({"CHAIR": 1})

    def change_ones_mind() -> None:
        commands.put(cart_id, "CHAIR", 0)
        commands.put(cart_id, "CHAIR", 3)

    edit = while_waiting(change_ones_mind, lambda: commands.put(cart_id, "CHAIR", 0))
    assert lines(cart_id) == {}
    assert queries.cart(cart_id).version == edit.version


def test_joining_waits_for_the_customers_order_and_starts_the_next_cart():
    me = new_id()
    own, guest = filled({"BALL": 1}, me), filled({"CHAIR": 2})
    event = while_waiting(lambda: commands.order(own, 1, new_id(), me), lambda: commands.join(guest, me))
    assert event.cart_id == queries.open_of(me).id != own
    assert (lines(own), lines(event.cart_id)) == ({"BALL": 1}, {"CHAIR": 2})


def test_a_price_seen_in_the_old_market_is_refused_in_the_new():
    cart_id = filled({"CHAIR": 1})
    edit = lambda: commands.put(cart_id, "SOFA", 1, Money(900, "EUR"))  # noqa: E731  a deed
    assert isinstance(while_waiting(lambda: commands.change_market(cart_id, "IS"), edit), OtherCurrency)


def test_a_price_seen_just_before_the_market_changed_is_forgotten():
    cart_id = filled({"CHAIR": 1})
    edit = lambda: commands.put(cart_id, "SOFA", 1, Money(900, "EUR"))  # noqa: E731  a deed
    while_waiting(edit, lambda: commands.change_market(cart_id, "IS"))
    assert [line.seen for line in queries.cart(cart_id).lines] == [None, None]


def test_what_is_added_while_ordering_is_in_the_order_or_refused():
    for _ in range(ROUNDS):
        cart_id = filled({"CHAIR": 1})
        ordered: dict[str, int] = {}

        def check_out(cart_id=cart_id, ordered=ordered) -> object:
            seen = queries.cart(cart_id)
            event = commands.order(cart_id, seen.version, new_id())
            ordered.update({line.sku: line.quantity for line in seen.lines})
            return event

        placed, added = at_once(check_out, lambda cart_id=cart_id: commands.add(cart_id, "SOFA", 2))
        if isinstance(placed, CartEdited):
            assert queries.cart(cart_id).state == "open"
            assert lines(cart_id) == {"CHAIR": 1, "SOFA": 2}
        else:
            assert lines(cart_id) == ordered
            assert ("SOFA" in ordered) == (not isinstance(added, CartClosed))


def test_a_cart_is_ordered_once():
    for _ in range(ROUNDS):
        cart_id = filled({"CHAIR": 1})
        answers = at_once(*[lambda cart_id=cart_id: commands.order(cart_id, 1, new_id())] * 4)
        assert sum(isinstance(answer, CartClosed) for answer in answers) == 3


def test_one_key_orders_once_and_everybody_hears_the_same():
    cart_id, order_id = filled({"CHAIR": 1}), new_id()
    answers = at_once(*[lambda: commands.order(cart_id, 1, order_id, key="pay")] * 4)
    assert len(set(answers)) == 1
    assert Entry.objects.filter(name="cart.CartOrdered").count() == 1


def test_a_customer_on_several_devices_opens_one_cart():
    for _ in range(ROUNDS):
        me = new_id()
        opened = at_once(*[lambda me=me: commands.open_cart("LV", me).id] * 4)
        assert set(opened) == {queries.open_of(me).id}


def test_two_devices_signing_in_at_once_end_in_one_cart_with_everything():
    for number in range(ROUNDS):
        me = new_id()
        if number % 2:
            filled({"BALL": 3, "CHAIR": 1}, me)
        phone, desk = filled({"CHAIR": 2, "SOFA": 1}), filled({"CHAIR": 1, "SOFA": 4, "CREAM": 1})
        joined = at_once(
            lambda phone=phone, me=me: commands.join(phone, me), lambda desk=desk, me=me: commands.join(desk, me)
        )
        own = queries.open_of(me)
        assert {event.cart_id for event in joined} == {own.id}
        expected = {"CHAIR": 2, "SOFA": 4, "CREAM": 1}
        assert lines(own.id) == (expected | {"BALL": 3} if number % 2 else expected)


def test_one_sign_in_sent_twice_joins_once():
    for _ in range(ROUNDS):
        me, guest = new_id(), filled({"CHAIR": 2})
        one, other = at_once(*[lambda guest=guest, me=me: commands.join(guest, me)] * 2)
        assert one == other
        assert lines(one.cart_id) == {"CHAIR": 2}
        assert Entry.objects.filter(subject=f"cart:{one.cart_id}").count() == 1


def test_a_guests_cart_goes_to_one_of_two_who_sign_in():
    for _ in range(ROUNDS):
        guest, one, other = filled({"CHAIR": 2}), new_id(), new_id()
        answers = at_once(*[lambda guest=guest, me=me: commands.join(guest, me) for me in (one, other)])
        assert sum(isinstance(answer, NotYourCart) for answer in answers) == 1


def test_what_a_guest_adds_while_signing_in_is_in_the_cart_or_refused():
    for _ in range(ROUNDS):
        me, guest = new_id(), filled({"CHAIR": 1})
        joined, added = at_once(
            lambda guest=guest, me=me: commands.join(guest, me), lambda guest=guest: commands.add(guest, "SOFA", 2)
        )
        refused = isinstance(added, CartClosed)
        assert lines(joined.cart_id) == ({"CHAIR": 1} if refused else {"CHAIR": 1, "SOFA": 2})


def test_joining_a_cart_while_the_customer_orders_loses_nothing():
    for _ in range(ROUNDS):
        me = new_id()
        own, guest = filled({"BALL": 1}, me), filled({"CHAIR": 2})
        placed, joined = at_once(
            lambda own=own, me=me: commands.order(own, 1, new_id(), me),
            lambda guest=guest, me=me: commands.join(guest, me),
        )
        now_open = queries.open_of(me)
        assert now_open.id == joined.cart_id
        if isinstance(placed, CartEdited):
            assert lines(now_open.id) == {"BALL": 1, "CHAIR": 2}
        else:
            assert lines(own) == {"BALL": 1}
            assert lines(now_open.id) == {"CHAIR": 2}
