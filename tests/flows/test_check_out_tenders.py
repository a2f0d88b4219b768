"""An order is paid in any mix, and its goods go on any mix of ways."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.commands import lapse_holds
from samband.commerce.orders import queries as orders
from samband.commerce.orders.refusals import NotADraft
from samband.commerce.payments import queries as payments
from samband.commerce.payments.providers.sandbox import approve
from samband.commerce.payments.refusals import PaymentNotFound
from samband.customers.accounts.rules import Particulars
from samband.flows.audit import audit
from samband.flows.basket import basket
from samband.flows.check_out import (
    Checkout,
    MethodNotOffered,
    NoSuchWay,
    Outcome,
    Part,
    Tender,
    TendersDiffer,
    check_out,
    come_back,
    drop,
    pay,
)
from samband.flows.check_out.sharing import ways_of
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line
from samband.kernel.money import CurrencyMismatch, Money
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline.delivering import deliver
from tests.commerce.paying import at_once
from tests.worlds import CAKE, CUP, LONDON, REYKJAVIK, SOFA, card, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

DECLINED, SECOND_FACTOR = "4000000000000002", "4000000000003220"
HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
HERE = Part(kind="carry", location=REYKJAVIK)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    inventory.locations()
    yield
    assert list(audit()) == []
    fresh_processes()


def by(number: str = "4242424242424242", amount: int | None = None) -> Tender:
    return Tender(method="card_present", token=card(number), amount=None if amount is None else Money(amount, "ISK"))


def wish(*tenders: Tender, parts: tuple[Part, ...] = (HERE,), goods=((SOFA, 1), (CUP, 2)), **more) -> Checkout:
    cart = carts.open_cart("IS")
    for sku, quantity in goods:
        carts.put(cart.id, sku, quantity)
    main = next((part.kind for part in parts if part.goods is None), None)
    seen = basket(cart.id, "pos", None, main, ways=ways_of(parts))
    assert seen.quote
    asked = {
        "cart_id": cart.id, "version": None, "customer_id": None, "channel": "pos", "language": "en", "parts": parts,
        "tenders": tenders, "seen_total": seen.quote.total, "sold_at": REYKJAVIK,
    }  # fmt: skip
    return Checkout(**asked | more)


def held(sku: str, location: str = REYKJAVIK) -> int:
    return next(place.held for place in inventory.available([sku])[sku] if place.location == location)


def on_hand(sku: str, location: str = REYKJAVIK) -> int:
    return next(place.on_hand for place in inventory.available([sku])[sku] if place.location == location)


def test_two_cards_pay_one_order():
    asked = wish(by(amount=50_000), by())
    outcome = check_out(asked, key="k")
    assert outcome.state == "placed"
    assert [one.amount.amount for one in payments.wanted(outcome.order_id)] == [
        50_000,
        asked.seen_total.amount - 50_000,
    ]
    assert payments.secured(outcome.order_id) == asked.seen_total.amount


def test_goods_carried_away_at_the_till_have_left_once_they_are_paid():
    before = on_hand(CUP)
    outcome = check_out(wish(by()), key="k")
    assert (on_hand(CUP), held(CUP)) == (before - 2, 0)
    assert [one.state for one in fulfillments.of_order(outcome.order_id)] == ["handed_over"]
    while deliver():
        pass
    assert orders.order(outcome.order_id).state == "completed"


def test_somebody_who_carries_the_goods_away_need_not_say_who_they_are():
    assert orders.order(check_out(wish(by()), key="k").order_id).contact_id is None


def test_one_declined_card_calls_it_off_and_the_others_money_goes_back():
    outcome = check_out(wish(by(amount=50_000), by(DECLINED)), key="k")
    assert outcome.state == "declined"
    assert {one.state for one in payments.of_order(outcome.order_id)} == {"refunded", "declined"}
    assert (held(SOFA), held(CUP)) == (0, 0)


def test_a_patient_draft_waits_for_another_card():
    asked = wish(by(amount=50_000), by(DECLINED), patient=True)
    outcome = check_out(asked, key="k")
    left = asked.seen_total - Money(50_000, "ISK")
    assert (outcome.state, outcome.reason, outcome.left) == ("awaiting", "card_declined", left)
    assert held(SOFA) == 1
    assert pay(outcome.order_id, (by(),), key="again").state == "placed"


def test_a_draft_without_tenders_waits_to_be_paid():
    asked = wish(patient=True)
    outcome = check_out(asked, key="k")
    assert (outcome.state, outcome.left) == ("awaiting", asked.seen_total)
    assert pay(outcome.order_id, (by(),), key="p").state == "placed"


def test_it_waits_as_long_as_its_goods_are_held():
    outcome = check_out(wish(by(amount=50_000), patient=True, lasts=timedelta(hours=2)), key="k")
    with held_at(now() + timedelta(hours=2, seconds=1)):
        lapse_holds()
    while deliver():
        pass
    assert orders.order(outcome.order_id).state == "cancelled"
    assert held(SOFA) == 0
    with pytest.raises(NotADraft):
        pay(outcome.order_id, (by(),), key="late")


def test_paying_twice_with_one_key_is_paying_once():
    outcome = check_out(wish(patient=True), key="k")
    first = pay(outcome.order_id, (by(amount=40_000),), key="p")
    again = pay(outcome.order_id, (by(amount=40_000),), key="p")
    assert (first.left, again.left) == (first.left, first.left)
    assert len(payments.of_order(outcome.order_id)) == 1
    with pytest.raises(KeyReused):
        pay(outcome.order_id, (by(amount=41_000),), key="p")


def test_a_tender_can_be_taken_back_and_its_money_goes_back():
    asked = wish(by(amount=50_000), patient=True)
    outcome = check_out(asked, key="k")
    (first,) = payments.wanted(outcome.order_id)
    assert drop(outcome.order_id, first.id).left == asked.seen_total
    assert payments.intent(first.id).state == "refunded"


def test_nobody_takes_back_the_tender_of_another_order():
    mine = check_out(wish(by(amount=500), patient=True, goods=((CUP, 1),)), key="mine")
    other = check_out(wish(by(amount=700), patient=True, goods=((CUP, 1),)), key="other")
    (theirs,) = payments.wanted(other.order_id)
    with pytest.raises(PaymentNotFound):
        drop(mine.order_id, theirs.id)
    assert payments.intent(theirs.id).state == "captured"


def test_a_second_factor_of_one_tender_is_waited_for():
    outcome = check_out(wish(by(amount=50_000), by(SECOND_FACTOR)), key="k")
    assert outcome.state == "action_required"
    approve(outcome.url.rsplit("/", 1)[-1], "1234")
    assert come_back(outcome.order_id).state == "placed"


@pytest.mark.parametrize(
    ("tenders", "refusal"),
    [
        ((by(amount=1),), TendersDiffer),
        ((by(amount=10**9),), TendersDiffer),
        ((by(amount=0), by()), TendersDiffer),
        ((by(amount=-5), by()), TendersDiffer),
        ((by(), by()), Invalid),
        ((replace(by(), amount=Money(100, "EUR")), by()), CurrencyMismatch),
        ((), Invalid),
    ],
)
def test_tenders_that_do_not_come_to_the_total_are_refused_and_nothing_is_held(tenders, refusal):
    with pytest.raises(refusal):
        check_out(wish(*tenders), key="k")
    assert (held(SOFA), held(CUP)) == (0, 0)


@pytest.mark.parametrize(
    ("method", "channel"), [("cash", "shop"), ("card_present", "kiosk"), ("card", "pos"), ("on_delivery", "pos")]
)
def test_what_a_channel_does_not_offer_is_refused(method, channel):
    with pytest.raises(MethodNotOffered):
        check_out(replace(wish(Tender(method=method)), channel=channel), key="k")
    assert (held(SOFA), held(CUP)) == (0, 0)


def test_a_draft_of_the_till_is_paid_by_card_on_a_phone():
    outcome = check_out(wish(patient=True), key="k")
    by_phone = (replace(by(), method="card"),)
    with pytest.raises(MethodNotOffered):
        pay(outcome.order_id, by_phone, key="p")
    assert pay(outcome.order_id, by_phone, key="p", channel="shop").state == "placed"


def test_nobody_pays_more_than_is_left():
    outcome = check_out(wish(by(amount=50_000), patient=True), key="k")
    with pytest.raises(TendersDiffer):
        pay(outcome.order_id, (by(amount=outcome.left.amount + 1),), key="p")
    assert len(payments.of_order(outcome.order_id)) == 1


def test_of_many_who_pay_the_rest_at_once_only_one_does():
    outcome = check_out(wish(patient=True), key="k")
    answers = at_once(6, lambda i: pay(outcome.order_id, (by(),), key=f"p{i}"))
    assert sum(isinstance(one, Outcome) for one in answers) == 1, answers
    assert all(isinstance(one, Outcome | TendersDiffer | NotADraft) for one in answers), answers
    assert len(payments.wanted(outcome.order_id)) == 1


def test_taking_a_tender_back_while_the_rest_is_paid_never_leaves_a_placed_order_short():
    for number in range(6):
        outcome = check_out(wish(by(amount=500), patient=True, goods=((CUP, 1),)), key=f"k{number}")
        (first,) = payments.wanted(outcome.order_id)
        order_id = outcome.order_id
        at_once(
            2, lambda i, order_id=order_id, first=first, number=number:
            drop(order_id, first.id) if i else pay(order_id, (by(),), key=f"p{number}")
        )  # fmt: skip
        while deliver():
            pass
        order = orders.order(order_id)
        assert order.state == "draft" or payments.secured(order_id) == order.total.amount


def test_some_is_carried_away_and_the_rest_is_sent():
    parts = (Part(kind="carry", location=REYKJAVIK, goods=(Line(CUP, 2),)), Part(kind="ship", address=HOME))
    outcome = check_out(wish(by(), parts=parts, email="anna@example.is", name="Anna"), key="k")
    assert outcome.state == "placed"
    assert {(one.kind, one.state) for one in fulfillments.of_order(outcome.order_id)} == {
        ("carry", "handed_over"),
        ("ship", "requested"),
    }
    assert orders.order(outcome.order_id).shipping.amount > 0


def test_of_one_sku_some_is_carried_away_and_more_is_sent_from_elsewhere():
    parts = (Part(kind="carry", location=REYKJAVIK, goods=(Line(CUP, 40),)), Part(kind="ship", address=HOME))
    outcome = check_out(wish(by(), parts=parts, goods=((CUP, 60),), email="anna@example.is", name="Anna"), key="k")
    assert on_hand(CUP) == 0
    assert held(CUP, LONDON) == 20
    assert sum(line.quantity for line in orders.order(outcome.order_id).lines) == 60


def test_what_is_not_at_the_till_cannot_be_carried_away():
    with pytest.raises(NoSuchWay) as refused:
        check_out(wish(by(), goods=((SOFA, 4),)), key="k")
    assert refused.value.details["short"] == [SOFA]


def test_fresh_food_is_not_sent():
    with pytest.raises(NoSuchWay):
        check_out(
            wish(by(), parts=(Part(kind="ship", address=HOME),), goods=((CAKE, 1),), email="a@example.is", name="A"),
            key="k",
        )


def test_goods_are_served_at_a_table():
    parts = (Part(kind="serve", location=REYKJAVIK, place="table-7"),)
    by_phone = replace(by(), method="card")
    outcome = check_out(wish(by_phone, parts=parts, goods=((CAKE, 2),), channel="kiosk"), key="k")
    (served,) = fulfillments.of_order(outcome.order_id)
    assert (served.kind, served.state, served.place) == ("serve", "requested", "table-7")
    assert held(CAKE) == 2


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (HERE, HERE),
        (Part(kind="ship"),),
        (Part(kind="pickup", location="NOWHERE"),),
        (Part(kind="carry"),),
        (Part(kind="fly", location=REYKJAVIK),),
        (Part(kind="carry", location=REYKJAVIK, goods=(Line(CUP, 1),)),),
        (Part(kind="carry", location=REYKJAVIK, goods=(Line(CUP, 3),)), HERE),
    ],
)
def test_parts_that_make_no_sense_are_refused_and_nothing_is_held(parts):
    asked = replace(wish(by()), parts=parts)
    with pytest.raises(Invalid):
        check_out(asked, key="k")
    assert (held(SOFA), held(CUP)) == (0, 0)
