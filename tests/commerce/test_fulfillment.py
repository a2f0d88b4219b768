"""A parcel or a pickup goes its way step by step; every other step is refused and changes nothing."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from samband.commerce.fulfillment import books, commands, pickup_codes, queries
from samband.commerce.fulfillment.models import Fulfillment, WrongCodes
from samband.commerce.fulfillment.refusals import (
    CodeLocked,
    FulfillmentExists,
    NotAllPicked,
    NotOrdered,
    NotPermitted,
    PickedTooMany,
    StillWaiting,
    UnknownFulfillment,
    WaitsTooLong,
    WrongCode,
)
from samband.commerce.fulfillment.transitions import HANDED_FROM, KINDS, PERMITTED, STATES
from samband.events.fulfillment import GoodsHandedOver, PickupExpired
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line
from samband.kernel.ids import READABLE, new_id
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline import queries as timeline
from tests.commerce.shelves import racing, refused

pytestmark = pytest.mark.django_db

GOODS = (Line("LAMP", 1), Line("SOFA", 2))


def requested(kind: str = "pickup", location: str = "RVK", **given: Any) -> UUID:
    asked = {
        "fulfillment_id": new_id(),
        "order_id": new_id(),
        "customer_id": None,
        "kind": kind,
        "location": location,
        "lines": GOODS,
        "promise_from": now(),
        "promise_until": in_future(hours=2),
        "address_id": new_id() if kind == "ship" else None,
        **given,
    }
    return commands.request(**asked).fulfillment_id


def picked(kind: str = "pickup", **given: Any) -> UUID:
    fulfillment_id = requested(kind, **given)
    commands.start_picking(fulfillment_id)
    for line in GOODS:
        commands.pick(fulfillment_id, line.sku, line.quantity)
    return fulfillment_id


def ready(**given: Any) -> UUID:
    fulfillment_id = picked("pickup", **given)
    commands.make_ready(fulfillment_id, in_future(days=3))
    return fulfillment_id


def code_of(fulfillment_id: UUID) -> str:
    code = queries.fulfillment(fulfillment_id).pickup_code
    assert code
    return code


def state_of(fulfillment_id: UUID) -> str:
    return queries.fulfillment(fulfillment_id).state


def told(fulfillment_id: UUID) -> list[str]:
    return [each.name.rsplit(".")[-1] for each in reversed(timeline.of_subject(f"fulfillment:{fulfillment_id}"))]


def balanced() -> bool:
    assert list(books.findings()) == []
    return True


def to_ready(fulfillment_id: UUID) -> object:
    if queries.fulfillment(fulfillment_id).kind == "serve":
        return commands.ready_to_serve(fulfillment_id)
    return commands.make_ready(fulfillment_id, in_future(days=3))


WAYS_TO = {
    "picking": commands.start_picking,
    "ready": to_ready,
    "handed_over": lambda each: commands.hand_over(each, queries.fulfillment(each).pickup_code or "ABC234"),
    "shipped": lambda each: commands.ship(each, "Pósturinn", "IS123"),
    "delivered": commands.deliver,
    "expired": commands.expire,
    "cancelled": lambda each: commands.cancel(each, "customer"),
}


def in_state(kind: str, state: str) -> UUID:
    """A fulfillment of this kind that came to this state by permitted steps."""
    if state == "requested":
        return requested(kind)
    if state == "picking":
        return picked(kind)
    before = {"ready": "picking", "handed_over": HANDED_FROM.get(kind, ""), "expired": "ready", "shipped": "picking"}
    before |= {"delivered": "shipped", "cancelled": "requested" if kind == "carry" else "picking"}
    fulfillment_id = in_state(kind, before[state])
    later = timedelta(days=4 if state == "expired" else 0)
    with held_at(now() + later):
        WAYS_TO[state](fulfillment_id)
    return fulfillment_id


# The way of a pickup and of a parcel


def test_a_pickup_is_picked_made_ready_and_handed_over_against_its_code():
    fulfillment_id = ready(order_number="S7K3M-QX4PD")
    waiting = queries.fulfillment(fulfillment_id)
    assert waiting.number == "S7K3M-QX4PD-1"
    assert waiting.pickup_code is not None
    assert len(waiting.pickup_code) == 6
    assert set(waiting.pickup_code) <= set(READABLE)
    event = commands.hand_over(fulfillment_id, waiting.pickup_code)
    assert isinstance(event, GoodsHandedOver)
    assert told(fulfillment_id) == ["FulfillmentRequested", "PickingStarted", "PickupReady", "GoodsHandedOver"]
    assert list(queries.fulfillment(fulfillment_id).times) == ["requested", "picking", "ready", "handed_over"]
    assert balanced()


def test_a_parcel_is_picked_shipped_and_delivered():
    fulfillment_id = picked("ship")
    commands.ship(fulfillment_id, "Pósturinn", "IS123")
    commands.deliver(fulfillment_id)
    view = queries.fulfillment(fulfillment_id)
    assert (view.state, view.carrier, view.tracking, view.pickup_code) == ("delivered", "Pósturinn", "IS123", None)
    assert told(fulfillment_id) == ["FulfillmentRequested", "PickingStarted", "ParcelShipped", "ParcelDelivered"]
    assert balanced()


STEPS = [
    (kind, state, to)
    for kind, state, to in product(KINDS, STATES, WAYS_TO)
    if state == "requested" or any(state in follow for follow in PERMITTED[kind].values())
]


@pytest.mark.parametrize(("kind", "state", "to"), STEPS)
def test_only_permitted_steps_are_taken(kind, state, to):
    fulfillment_id = in_state(kind, state)
    permitted = to in PERMITTED[kind].get(state, ())
    if permitted:
        with held_at(now() + timedelta(days=4 if to == "expired" else 0)):
            WAYS_TO[to](fulfillment_id)
        assert state_of(fulfillment_id) == to
    else:
        with refused(NotPermitted) as refusal:
            WAYS_TO[to](fulfillment_id)
        assert refusal.value.details == {"kind": kind, "state": state, "to": to}
        assert state_of(fulfillment_id) == state
    assert balanced()


def test_the_map_of_steps_leads_every_kind_to_an_end():
    for kind, steps in PERMITTED.items():
        ends = {state for follow in steps.values() for state in follow} - steps.keys()
        assert (
            ends
            == {
                "ship": {"delivered", "cancelled"},
                "pickup": {"handed_over", "expired", "cancelled"},
                "serve": {"handed_over", "cancelled"},
                "carry": {"handed_over", "cancelled"},
            }[kind]
        )


def test_what_is_served_is_picked_and_brought_to_its_place_without_a_code():
    fulfillment_id = picked("serve", place="table-7")
    commands.ready_to_serve(fulfillment_id)
    with refused(NotPermitted):
        commands.make_ready(fulfillment_id, in_future(days=1))
    commands.hand_over(fulfillment_id)
    view = queries.fulfillment(fulfillment_id)
    assert (view.state, view.place, view.pickup_code) == ("handed_over", "table-7", None)
    assert told(fulfillment_id) == ["FulfillmentRequested", "PickingStarted", "ServingReady", "GoodsHandedOver"]
    assert balanced()


def test_what_is_carried_along_is_in_the_customers_hands_at_once():
    fulfillment_id = requested("carry")
    with refused(NotPermitted):
        commands.start_picking(fulfillment_id)
    commands.hand_over(fulfillment_id)
    view = queries.fulfillment(fulfillment_id)
    assert view.state == "handed_over"
    assert [(line.quantity, line.picked) for line in view.lines] == [(1, 1), (2, 2)]
    assert balanced()


def test_a_pickup_is_not_made_ready_to_serve():
    with refused(NotPermitted):
        commands.ready_to_serve(picked("pickup"))


def test_what_is_requested_is_read_with_care():
    for wrong in (
        {"kind": "drone"},
        {"kind": "pickup", "slot_id": new_id()},
        {"kind": "serve", "place": "x" * 201},
        {"kind": "ship", "address_id": None},
        {"lines": ()},
        {"promise_until": now() - timedelta(hours=1)},
        {"location": "x" * 201},
        {"order_number": "S7\x00"},
    ):
        with refused(Invalid):
            requested(**wrong)
    fulfillment_id = requested()
    with refused(FulfillmentExists):
        requested(fulfillment_id=fulfillment_id)
    with refused(UnknownFulfillment):
        commands.start_picking(new_id())
    with refused(UnknownFulfillment):
        queries.fulfillment(new_id())


def test_asking_twice_with_one_key_is_asking_once():
    fulfillment_id = picked()
    until = in_future(days=3)
    first = commands.make_ready(fulfillment_id, until, key="counter 1")
    code = code_of(fulfillment_id)
    assert commands.make_ready(fulfillment_id, until, key="counter 1") == first
    assert code_of(fulfillment_id) == code
    commands.hand_over(fulfillment_id, code, key="counter 1")
    assert commands.hand_over(fulfillment_id, code, key="counter 1").fulfillment_id == fulfillment_id
    with refused(KeyReused):
        commands.hand_over(fulfillment_id, "ABC234", key="counter 1")


def test_the_fulfillments_of_an_order_are_numbered_in_turn():
    order_id = new_id()
    for _ in range(3):
        requested(order_id=order_id, order_number="S7K3M-QX4PD")
    assert [view.number for view in queries.of_order(order_id)] == [f"S7K3M-QX4PD-{n}" for n in (1, 2, 3)]
    with refused(FulfillmentExists):
        requested(order_number="S7K3M-QX4PD")
    assert len({queries.fulfillment(requested()).number for _ in range(3)}) == 3


def test_requesting_takes_one_statement_and_one_to_tell_of_it(django_assert_num_queries):
    with django_assert_num_queries(2):
        fulfillment_id = requested()
    with django_assert_num_queries(3):
        commands.start_picking(fulfillment_id)
    with django_assert_num_queries(2):
        queries.pick_list("RVK")


# Picking


def test_goods_are_picked_one_by_one_and_telling_it_twice_is_harmless():
    fulfillment_id = requested()
    with refused(NotPermitted):
        commands.pick(fulfillment_id, "SOFA", 1)
    commands.start_picking(fulfillment_id)
    for _ in range(2):
        commands.pick(fulfillment_id, "SOFA", 1)
    assert [(line.sku, line.quantity, line.picked) for line in queries.fulfillment(fulfillment_id).lines] == [
        ("LAMP", 1, 0),
        ("SOFA", 2, 1),
    ]
    with refused(NotAllPicked) as refusal:
        commands.make_ready(fulfillment_id, in_future(days=3))
    assert refusal.value.details["short"] == [
        {"sku": "LAMP", "ordered": 1, "picked": 0},
        {"sku": "SOFA", "ordered": 2, "picked": 1},
    ]
    with refused(PickedTooMany):
        commands.pick(fulfillment_id, "SOFA", 3)
    with refused(NotOrdered):
        commands.pick(fulfillment_id, "CHAIR", 1)
    with refused(Invalid):
        commands.pick(fulfillment_id, "SOFA", -1)
    commands.pick(fulfillment_id, "SOFA", 0)
    assert queries.fulfillment(fulfillment_id).lines[1].picked == 0


def test_a_parcel_does_not_leave_half_empty_or_without_a_carrier():
    fulfillment_id = requested("ship")
    commands.start_picking(fulfillment_id)
    with refused(NotAllPicked):
        commands.ship(fulfillment_id, "Pósturinn", "")
    for line in GOODS:
        commands.pick(fulfillment_id, line.sku, line.quantity)
    with refused(Invalid):
        commands.ship(fulfillment_id, " ", "")
    assert state_of(fulfillment_id) == "picking"


def test_a_pick_list_has_what_a_location_must_fetch_the_soonest_promised_first():
    late = requested(promise_until=in_future(hours=9))
    soon = requested(promise_until=in_future(hours=1))
    requested(location="AKU")
    ready()
    commands.start_picking(late)
    commands.pick(late, "SOFA", 1)
    walk = queries.pick_list("RVK")
    assert [view.id for view in walk.fulfillments] == [soon, late]
    assert [(each.sku, each.quantity, each.fulfillments) for each in walk.goods] == [("LAMP", 2, 2), ("SOFA", 3, 2)]
    assert queries.units_to_pick("RVK") == 5
    assert queries.units_to_pick("NOWHERE") == 0


# Pickup codes


def test_a_code_is_one_of_a_kind_among_the_pickups_waiting_at_a_location(monkeypatch):
    drawn = iter(["ABC234", "ABC234", "XYZ789", "ABC234", "ABC234"])
    monkeypatch.setattr(pickup_codes, "readable_code", lambda length: next(drawn))
    first, second = ready(), ready()
    assert (code_of(first), code_of(second)) == ("ABC234", "XYZ789")
    assert code_of(ready(location="AKU")) == "ABC234"
    commands.hand_over(first, "ABC234")
    assert code_of(ready()) == "ABC234"
    with pytest.raises(IntegrityError), transaction.atomic():
        Fulfillment.objects.filter(pk=second).update(pickup_code="ABC234")


def test_a_code_may_be_typed_in_small_letters_and_groups():
    fulfillment_id = ready()
    code = code_of(fulfillment_id)
    typed = f" {code[:3].lower()}-{code[3:].lower()} "
    assert queries.by_code("RVK", typed).id == fulfillment_id
    with refused(UnknownFulfillment):
        queries.by_code("AKU", typed)
    commands.hand_over(fulfillment_id, typed)
    with refused(UnknownFulfillment):
        queries.by_code("RVK", typed)


def wrong(fulfillment_id: UUID) -> str:
    return "".join(READABLE[READABLE.index(letter) - 1] for letter in code_of(fulfillment_id))


def test_a_wrong_code_is_counted_although_all_around_it_is_undone():
    fulfillment_id = ready()
    for left in (4, 3, 2, 1, 0):
        with refused(WrongCode) as refusal:
            commands.hand_over(fulfillment_id, wrong(fulfillment_id))
        assert refusal.value.details == {"tries_left": left}
    with refused(CodeLocked) as locked:
        commands.hand_over(fulfillment_id, code_of(fulfillment_id))
    until = datetime.fromisoformat(locked.value.details["locked_until"])
    assert now() + timedelta(minutes=9) < until <= now() + timedelta(minutes=10)
    assert state_of(fulfillment_id) == "ready"
    with held_at(until), refused(WrongCode) as again:
        commands.hand_over(fulfillment_id, wrong(fulfillment_id))
    assert again.value.details == {"tries_left": 4}
    with held_at(until):
        commands.hand_over(fulfillment_id, code_of(fulfillment_id))
    assert told(fulfillment_id)[-1] == "GoodsHandedOver"


@pytest.mark.parametrize("code", ["", "🙂", "ÁÉÍ234", "x" * 10_000])
def test_what_is_no_code_is_a_wrong_code(code):
    with refused(WrongCode):
        commands.hand_over(ready(), code)


@pytest.mark.django_db(transaction=True)
def test_guessing_many_times_at_once_gives_no_more_tries():
    fulfillment_id = ready()
    guess = partial(commands.hand_over, fulfillment_id, wrong(fulfillment_id))
    answers = racing(*[guess for _ in range(12)])
    assert sorted(type(answer).__name__ for answer in answers) == ["CodeLocked"] * 7 + ["WrongCode"] * 5
    assert WrongCodes.objects.get(pk=fulfillment_id).tries == 5


@pytest.mark.django_db(transaction=True)
def test_a_pickup_is_handed_over_once_and_never_both_handed_over_and_expired():
    for _ in range(8):
        fulfillment_id = ready()

        def hand_over(fulfillment_id: UUID = fulfillment_id) -> object:
            return commands.hand_over(fulfillment_id, code_of(fulfillment_id))

        def expire(fulfillment_id: UUID = fulfillment_id) -> object:
            with held_at(now() + timedelta(days=4)):
                return commands.expire(fulfillment_id)

        answers = racing(hand_over, hand_over, expire)
        done = [answer for answer in answers if isinstance(answer, GoodsHandedOver | PickupExpired)]
        assert len(done) == 1
        assert state_of(fulfillment_id) == ("handed_over" if isinstance(done[0], GoodsHandedOver) else "expired")
    assert balanced()


@pytest.mark.django_db(transaction=True)
def test_fulfillments_of_one_order_requested_at_once_get_numbers_of_their_own():
    order_id = new_id()
    racing(*[partial(requested, order_id=order_id, order_number="S7K3M-QX4PD") for _ in range(6)])
    assert [view.number for view in queries.of_order(order_id)] == [f"S7K3M-QX4PD-{n}" for n in range(1, 7)]
    assert balanced()


# Waiting and ending


def test_a_pickup_waits_as_long_as_promised_and_then_expires():
    fulfillment_id = picked()
    with refused(Invalid):
        commands.make_ready(fulfillment_id, now())
    for far in (in_future(days=90, hours=1), datetime(9999, 12, 31, tzinfo=UTC)):
        with refused(WaitsTooLong):
            commands.make_ready(fulfillment_id, far)
    until = in_future(days=3)
    commands.make_ready(fulfillment_id, until)
    with refused(StillWaiting):
        commands.expire(fulfillment_id)
    assert queries.due_to_expire(until - timedelta(seconds=1)) == ()
    assert queries.due_to_expire(until) == (fulfillment_id,)
    with held_at(until):
        commands.expire(fulfillment_id)
    assert queries.due_to_expire(until) == ()
    assert queries.pickups("RVK", "ready") == ()
    assert [view.id for view in queries.pickups("RVK", "expired")] == [fulfillment_id]
    assert told(fulfillment_id)[-1] == "PickupExpired"


def test_a_fulfillment_can_be_called_off_until_the_goods_have_left():
    fulfillment_id = ready()
    commands.cancel(fulfillment_id, "customer")
    view = queries.fulfillment(fulfillment_id)
    assert (view.state, view.cancel_reason) == ("cancelled", "customer")
    assert "cancelled" in view.times


# What the database refuses by itself


@pytest.mark.parametrize(
    "change",
    [
        "state = 'lost'",
        "state = 'shipped', carrier = 'Pósturinn'",
        "kind = 'ship', address_id = null, state = 'requested'",
        "kind = 'drone'",
        "pickup_code = null",
        "wait_until = null",
        "promised_until = promised_from - interval '1 hour'",
        "kind = 'ship', address_id = gen_random_uuid(), state = 'shipped'",
    ],
)
def test_the_database_refuses_a_fulfillment_that_cannot_be(change):
    ready()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update fulfillment_fulfillment set {change}")


@pytest.mark.parametrize("change", ["picked = 3", "picked = -1", "quantity = 0"])
def test_the_database_refuses_to_pick_what_was_not_ordered(change):
    requested()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update fulfillment_fulfillmentline set {change}")


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("delete from fulfillment_fulfillmentline", "Fulfillment X-1 has no lines."),
        (
            "update fulfillment_fulfillmentline set picked = 0 where sku = 'SOFA'",
            "Fulfillment X-1 is ready, but only 0 of 2 of SOFA were picked.",
        ),
        (
            "update fulfillment_fulfillment set state = 'requested'",
            "Fulfillment X-1 is only requested, but something was picked for it.",
        ),
        (
            "update fulfillment_fulfillment set ready_at = null",
            "Fulfillment X-1 is ready, but nobody knows since when.",
        ),
    ],
)
def test_the_books_find_what_somebody_did_behind_our_back(damage, finding):
    ready(order_number="X")
    assert balanced()
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert list(books.findings()) == [finding]
