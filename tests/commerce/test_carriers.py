"""Carriers: a label is bought once however the line breaks; what they tell is believed only with their signature."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.fulfillment import carriage, changing, commands, labels, noticing, providers, queries
from samband.commerce.fulfillment.carriage import ENDS, MARKS, Bought, Postal, Refused, Wish
from samband.commerce.fulfillment.providers.easypost import EasyPost
from samband.commerce.fulfillment.providers.sandbox import Sandbox, due_notices, sign
from samband.commerce.fulfillment.refusals import (
    CarrierRefused,
    CarrierSilent,
    Forged,
    LabelExists,
    NoLabel,
    NotAllPicked,
    NotPermitted,
    UnknownCarrier,
)
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import queries as payments
from samband.customers.accounts import commands as accounts
from samband.customers.accounts.rules import Particulars
from samband.flows import carry_parcels, finish_order
from samband.flows.audit import audit
from samband.flows.finish_order import NothingIsPaid
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.ids import new_id
from samband.timeline.delivering import deliver
from tests.commerce import easypost_double
from tests.commerce.shelves import racing
from tests.console.counter import bought
from tests.worlds import CUP, LAMP, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "whsec-éasy"
ADDRESS = Particulars("Jón Jónsson", "Laugavegur 1", "Reykjavík", "IS", "101")


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    before = noticing.plugged()
    noticing.plug(lambda body, signature: carry_parcels.hear_carrier("sandbox", body, signature))
    yield
    noticing.plug(before)
    fresh_processes()


@pytest.fixture
def easypost(settings: Any) -> Iterator[easypost_double.Double]:
    """EasyPost is one of the carriers, by its SDK and a double of its API."""
    with easypost_double.serving() as double:
        settings.EASYPOST_API_KEY = easypost_double.API_KEY
        settings.EASYPOST_API_BASE = double.address
        settings.EASYPOST_WEBHOOK_SECRET = SECRET
        with standing_in(EasyPost()):
            yield double


@contextmanager
def standing_in(carrier: Any) -> Iterator[Any]:
    before = dict(providers._carriers)
    providers.register(carrier)
    try:
        yield carrier
    finally:
        providers._carriers.clear()
        providers._carriers.update(before)


def packed(line2: str = "", postcode: str = "101") -> UUID:
    """A parcel in the basket, that goes to this address."""
    (view,) = queries.of_order(bought(LAMP, method="ship").order_id)
    given = Particulars(ADDRESS.name, ADDRESS.line1, ADDRESS.city, ADDRESS.country, postcode, line2)
    address_id = accounts.keep_address(given)
    changing.redirect(view.id, address_id, None, view.promised_from, view.promised_until)
    commands.start_picking(view.id)
    commands.pick(view.id, LAMP, 1)
    return view.id


def buy(parcel: UUID, carrier: str = "sandbox", service: str = "", label_id: UUID | None = None) -> labels.LabelView:
    return carry_parcels.buy_label(parcel, carrier, service, label_id=label_id or new_id())


def state(parcel: UUID) -> str:
    return queries.fulfillment(parcel).state


def balanced() -> bool:
    deliver()
    assert list(audit()) == []
    return True


# The sandbox carrier, from the label to the door


def test_a_parcel_is_labelled_sent_followed_and_delivered():
    parcel = packed()
    label = buy(parcel, service="express")
    assert (label.state, label.carrier_name, label.service) == ("bought", "Sandbox Post", "express")
    assert label.tracking.startswith("SB")
    assert str(label.amount) == "12.50"
    sent = carry_parcels.give_to_carrier(parcel, key="van")
    assert (sent.carrier, sent.tracking) == ("Sandbox Post", label.tracking)
    with held_at(in_future(hours=2)):
        assert noticing.deliver_sandbox_notices() == 1
        deliver()
        assert state(parcel) == "shipped"
    with held_at(in_future(hours=13)):
        assert noticing.deliver_sandbox_notices() == 2
        deliver()
    assert state(parcel) == "delivered"
    assert [one.mark for one in labels.marks(label.id)] == ["on_the_way", "out_for_delivery", "delivered"]
    assert orders.order(queries.fulfillment(parcel).order_id).state == "completed"
    assert balanced()


def test_a_parcel_that_the_carrier_has_seen_has_left_whatever_we_noted():
    parcel = packed()
    buy(parcel)
    with held_at(in_future(days=2)):
        noticing.deliver_sandbox_notices()
        deliver()
    view = queries.fulfillment(parcel)
    assert (view.state, view.carrier) == ("delivered", "Sandbox Post")
    assert balanced()


def test_one_that_nobody_pays_for_any_more_is_not_taken_for_sent():
    parcel = packed()
    buy(parcel)
    (intent,) = payments.of_order(queries.fulfillment(parcel).order_id)
    asking.ask_to_refund(intent.id, intent.kept, "goodwill", "all")
    with held_at(in_future(days=2)):
        noticing.deliver_sandbox_notices()
        deliver()
    assert state(parcel) == "picking"
    assert labels.of_fulfillment(parcel)[0].mark == "delivered", "a person sees that it left"


def test_a_parcel_has_one_label_and_only_once_it_is_packed():
    (view,) = queries.of_order(bought(LAMP, method="ship").order_id)
    with pytest.raises(NotPermitted):
        buy(view.id)
    commands.start_picking(view.id)
    with pytest.raises(NotAllPicked):
        buy(view.id)
    commands.pick(view.id, LAMP, 1)
    label_id = new_id()
    first = buy(view.id, label_id=label_id)
    assert buy(view.id, label_id=label_id) == first
    with pytest.raises(LabelExists):
        buy(view.id)
    with pytest.raises(UnknownCarrier):
        buy(view.id, "pigeon")
    (pickup,) = queries.of_order(bought(CUP).order_id)
    commands.start_picking(pickup.id)
    commands.pick(pickup.id, CUP, 1)
    with pytest.raises(carry_parcels.NoAddress):
        buy(pickup.id)
    with pytest.raises(NoLabel):
        carry_parcels.give_to_carrier(pickup.id, key="van")


def test_no_label_is_bought_for_what_is_not_paid_any_more():
    parcel = packed()
    (intent,) = payments.of_order(queries.fulfillment(parcel).order_id)
    asking.ask_to_refund(intent.id, intent.kept, "goodwill", "all")
    with pytest.raises(NothingIsPaid):
        buy(parcel)
    assert labels.of_fulfillment(parcel) == ()


def test_two_clerks_at_once_buy_one_label():
    parcel = packed()
    answers = racing(*[lambda: buy(parcel) for _ in range(4)])
    assert sum(isinstance(one, labels.LabelView) for one in answers) == 1
    assert {type(one) for one in answers} == {labels.LabelView, LabelExists}


def test_what_a_carrier_refuses_can_be_tried_with_another():
    parcel = packed("sandbox refuse")
    with pytest.raises(CarrierRefused) as refusal:
        buy(parcel)
    assert refusal.value.details["reason"] == "address_not_served"
    with pytest.raises(CarrierRefused):
        buy(parcel, service="by-night")
    with standing_in(_Renamed("another", Sandbox())), pytest.raises(CarrierRefused):
        buy(parcel, "another")
    assert [one.state for one in labels.of_fulfillment(parcel)] == ["refused"] * 3


class _Renamed:
    """Another carrier, of another name."""

    def __init__(self, name: str, carrier: Any) -> None:
        self.name, self.carrier = name, carrier

    def __getattr__(self, name: str) -> Any:
        return getattr(self.carrier, name)


class _Faulty(Sandbox):
    """The sandbox carrier over a bad line: its answer is lost, or it never hears us."""

    name = "faulty"

    def __init__(self) -> None:
        self.bought = 0
        self.fault = ""

    def buy(self, wish: Wish) -> Any:
        fault, self.fault = self.fault, ""
        if fault == "before":
            raise TimeoutError
        self.bought += 1
        answer = super().buy(wish)
        if fault == "after":
            raise TimeoutError
        return answer


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_answer_that_is_lost_is_asked_for_again_and_the_label_bought_once(fault):
    parcel = packed()
    with standing_in(_Faulty()) as carrier:
        carrier.fault = fault
        with pytest.raises(CarrierSilent):
            buy(parcel, "faulty")
        with pytest.raises(LabelExists):
            buy(parcel, "faulty")
        assert carry_parcels.look_after_labels() == 0, "not yet"
        with held_at(in_future(minutes=2)):
            assert carry_parcels.look_after_labels() == 1
        assert carrier.bought == 1
    assert labels.bought(parcel).carrier == "faulty"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from fulfillment_sandboxparcel")
        assert cursor.fetchone()[0] == 1


def test_a_carrier_that_never_answers_is_asked_less_and_less_and_then_given_up():
    parcel = packed("sandbox time out")
    with pytest.raises(CarrierSilent):
        buy(parcel)
    at = now()
    for _ in range(70):
        at += timedelta(hours=1)
        with held_at(at):
            carry_parcels.look_after_labels()
    (label,) = labels.of_fulfillment(parcel)
    assert (label.state, label.looks) == ("asked", 60)


def test_a_label_of_an_order_that_is_called_off_is_given_back():
    parcel = packed()
    label = buy(parcel)
    finish_order.cancel_order(queries.fulfillment(parcel).order_id, "customer", key="off")
    deliver()
    assert carry_parcels.look_after_labels() == 1
    voided = labels.label(label.id)
    assert (voided.state, voided.reason) == ("voided", "")
    with held_at(in_future(days=2)):
        assert noticing.deliver_sandbox_notices() == 0
        assert carry_parcels.look_after_labels() == 0
    assert balanced()


def test_an_answer_that_comes_after_the_order_was_called_off_is_a_label_to_give_back():
    parcel = packed()
    with standing_in(_Faulty()) as carrier:
        carrier.fault = "after"
        with pytest.raises(CarrierSilent):
            buy(parcel, "faulty")
        finish_order.cancel_order(queries.fulfillment(parcel).order_id, "customer", key="off")
        deliver()
        for _ in range(2):
            with held_at(in_future(minutes=5)):
                carry_parcels.look_after_labels()
    assert [one.state for one in labels.of_fulfillment(parcel)] == ["voided"]


def test_a_parcel_in_trouble_is_shown():
    parcel = packed("sandbox trouble")
    label = buy(parcel)
    with held_at(in_future(days=2)):
        noticing.deliver_sandbox_notices()
        deliver()
    assert state(parcel) == "shipped"
    assert [one.id for one in labels.in_trouble()] == [label.id]
    assert labels.in_trouble(["NOWHERE"]) == ()


def test_a_parcel_of_which_nothing_is_heard_is_asked_after():
    parcel = packed()
    buy(parcel)
    carry_parcels.give_to_carrier(parcel, key="van")
    noticing.plug(None)
    assert carry_parcels.ask_after_parcels() == 0
    with held_at(in_future(days=2)):
        assert carry_parcels.ask_after_parcels() == 1
        deliver()
    assert state(parcel) == "delivered"


# Notices


DOOR = "/hooks/carriers/{}"


def post(carrier: str, body: bytes, **headers: str) -> int:
    client = Client(enforce_csrf_checks=True)
    told = client.post(DOOR.format(carrier), body, content_type="application/json", headers=headers)
    return told.status_code


def test_a_notice_comes_in_by_the_front_door_once_however_often_it_is_told():
    parcel = packed("sandbox twice")
    label = buy(parcel)
    with held_at(in_future(hours=3)):
        (owed,) = due_notices()
    for _ in range(3):
        assert post("sandbox", owed.body, **{"X-Sandbox-Signature": owed.signature}) == 200
    assert [one.mark for one in labels.marks(label.id)] == ["on_the_way"]
    deliver()
    assert state(parcel) == "shipped"


def test_a_forged_notice_is_refused_at_the_door():
    parcel = packed()
    label = buy(parcel)
    body = json.dumps({"id": "1", "reference": label.reference, "mark": "delivered", "at": "2026-01-01T00:00:00Z"})
    for content, signature in ((body, "00" * 32), (body, ""), (body + " ", sign(body.encode())), ("[]", sign(b"[]"))):
        assert post("sandbox", content.encode(), **{"X-Sandbox-Signature": signature}) == 400
    assert post("pigeon", b"{}") == 404
    assert post("sandbox", b"x" * 100_000, **{"X-Sandbox-Signature": ""}) == 413
    assert Client().get(DOOR.format("sandbox")).status_code == 405
    deliver()
    assert labels.label(label.id).mark == ""
    assert state(parcel) == "picking"


def test_notices_late_and_out_of_order_never_bring_a_parcel_back():
    parcel = packed()
    label = buy(parcel)
    for at, mark in enumerate(("delivered", "on_the_way", "announced", "out_for_delivery")):
        letter = {"id": f"n{at}", "reference": label.reference, "mark": mark, "at": "2026-01-01T00:00:00Z"}
        body = json.dumps(letter).encode()
        assert post("sandbox", body, **{"X-Sandbox-Signature": sign(body)}) == 200
    deliver()
    assert (labels.label(label.id).mark, state(parcel)) == ("delivered", "delivered")
    assert len(labels.marks(label.id)) == 4, "what was told is kept"


@given(st.lists(st.sampled_from(MARKS), max_size=8))
def test_after_the_end_nothing_is_news(told):
    before = ""
    for mark in told:
        news = carriage.is_news(before, mark)
        assert not (news and before in ENDS)
        assert not (news and mark == before)
        before = mark if news else before
    if ends := [mark for mark in told if mark in ENDS]:
        assert before == ends[0]


def test_what_a_carrier_told_is_never_changed():
    parcel = packed()
    label = buy(parcel)
    with held_at(in_future(hours=3)):
        noticing.deliver_sandbox_notices()
    for statement in ("update fulfillment_parcelmark set mark = 'returned'", "delete from fulfillment_parcelmark"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert len(labels.marks(label.id)) == 1


def test_a_carrier_is_never_asked_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError):
        providers.asked("sandbox", lambda: None)


# EasyPost, with its own SDK


def wish(key: str = "k", service: str = "", postcode: str = "101") -> Wish:
    there = Postal("Jón", "Laugavegur 1", "", "Reykjavík", postcode, "IS")
    here = Postal("Samband", "High Street 1", "", "London", "E1 6AN", "GB")
    return Wish(key, "S7K3M-QX4PD-1", service, here, there, 2_500)


def test_easypost_sells_a_label_and_is_told_what_it_needs(easypost):
    parcel = packed()
    offers = [(one.carrier, one.rate.service, one.rate.amount) for one in carry_parcels.rates(parcel)]
    assert offers[:2] == [("sandbox", "standard", "4.90"), ("sandbox", "express", "12.50")]
    assert offers[2:] == [
        ("easypost", "Posten/Parcel", "6.40"),
        ("easypost", "DPD/Classic", "7.90"),
        ("easypost", "DPD/Express", "19.50"),
    ]
    label = buy(parcel, "easypost", "DPD/Classic")
    assert (label.carrier_name, label.service, str(label.amount), label.currency) == (
        "DPD",
        "DPD/Classic",
        "7.90",
        "EUR",
    )
    assert label.label_url == f"https://labels.example/{label.reference}"
    created = next(body["shipment"] for body in easypost.bodies if body and body.get("shipment", {}).get("reference"))
    assert created["reference"] == label.key
    assert created["to_address"]["name"] == "Jón Jónsson"
    assert created["to_address"]["zip"] == "101"
    assert created["parcel"] == {"weight": 35.3}, "a kilogram in ounces"


def test_without_a_wish_easypost_sells_its_cheapest(easypost):
    bought = EasyPost().buy(wish())
    assert isinstance(bought, Bought)
    assert bought.service == "Posten/Parcel"


def test_one_key_is_one_label_at_easypost_also_if_its_answer_is_lost(easypost):
    carrier = EasyPost()
    easypost.fails_after.add("buy")
    with pytest.raises(Exception, match="internal_server_error"):
        carrier.buy(wish())
    easypost.fails_after.clear()
    looked_up = carrier.look_up("k")
    assert isinstance(looked_up, Bought)
    assert carrier.buy(wish()) == looked_up
    assert len(easypost.shipments) == 1
    assert [path for _, path in easypost.asked].count("/v2/shipments/shp_1/buy") == 1
    easypost.fails_after.add("shipments")
    with pytest.raises(Exception, match="internal_server_error"):
        carrier.buy(wish("other"))
    easypost.fails_after.clear()
    assert carrier.look_up("other") is None, "made, but not bought"
    assert isinstance(carrier.buy(wish("other")), Bought)
    assert len(easypost.shipments) == 2


def test_many_at_once_with_one_key_buy_one_label_at_easypost(easypost):
    answers = racing(*[lambda: EasyPost().buy(wish()) for _ in range(6)])
    assert len(set(answers)) == 1
    assert len(easypost.shipments) == 1


def test_what_easypost_refuses_is_refused(easypost):
    assert EasyPost().buy(wish(postcode="99999")) == Refused("SHIPMENT.POSTAGE.FAILURE")
    assert EasyPost().buy(wish("other", "Pigeon/Loft")) == Refused("unknown_service")
    assert EasyPost().look_up("never") is None


def test_a_wrong_key_for_easypost_is_no_answer_and_not_a_no(easypost, settings):
    settings.EASYPOST_API_KEY = "wrong"
    parcel = packed()
    assert [one.carrier for one in carry_parcels.rates(parcel)] == ["sandbox", "sandbox"]
    with pytest.raises(CarrierSilent):
        buy(parcel, "easypost")


def test_easypost_takes_back_a_label_until_the_parcel_was_seen(easypost):
    carrier = EasyPost()
    first, second = carrier.buy(wish("one")), carrier.buy(wish("two"))
    assert isinstance(first, Bought)
    assert isinstance(second, Bought)
    easypost.event(second.reference, "in_transit")
    assert carrier.cancel(first.reference)
    assert not carrier.cancel(second.reference)
    (seen,) = carrier.track(second.reference)
    assert (seen.mark, seen.at) == ("on_the_way", datetime(2026, 3, 4, 10, tzinfo=UTC))


def test_easyposts_webhook_is_judged_by_its_own_verifier(easypost, settings):
    parcel = packed()
    label = buy(parcel, "easypost")
    seen = easypost.event(label.reference, "in_transit")
    brought = easypost.event(label.reference, "delivered")
    signed = {"X-Hmac-Signature": easypost_double.sign(seen, SECRET)}
    for _ in range(2):
        assert post("easypost", seen, **signed) == 200
    assert post("easypost", brought, **signed) == 400, "another letter under that signature"
    assert post("easypost", seen) == 400
    assert post("easypost", b"\xff\xfe", **{"X-Hmac-Signature": easypost_double.sign(b"\xff\xfe", SECRET)}) == 400
    deliver()
    assert state(parcel) == "shipped"
    assert post("easypost", brought, **{"X-Hmac-Signature": easypost_double.sign(brought, SECRET)}) == 200
    deliver()
    assert state(parcel) == "delivered"
    settings.EASYPOST_WEBHOOK_SECRET = ""
    with pytest.raises(Forged):
        EasyPost().read_notice(seen, easypost_double.sign(seen, ""))


@pytest.mark.parametrize(
    "told",
    [
        {"id": "evt_1", "result": {"object": "Batch"}},
        {"id": 7, "result": {"object": "Tracker", "shipment_id": None, "status": "in_transit"}},
        {"result": {"object": "Tracker", "shipment_id": "shp_9", "status": "in_transit", "tracking_details": "none"}},
        {"id": "evt_2", "result": {"object": "Tracker", "shipment_id": "shp_9", "status": "unheard_of"}},
        ["evt_3"],
        None,
    ],
)
def test_an_event_about_nothing_of_ours_is_taken_and_changes_nothing(easypost, told):
    body = json.dumps(told).encode()
    assert post("easypost", body, **{"X-Hmac-Signature": easypost_double.sign(body, SECRET)}) == 200
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from fulfillment_parcelmark")
        assert cursor.fetchone()[0] == 0
