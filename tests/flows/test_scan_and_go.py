"""Goods that were paid for by phone leave once: by a door, at closing time, or not at all; also when all try it."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.refusals import NotPermitted
from samband.commerce.inventory import queries as levels
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.spots import codes, commands, queries
from samband.commerce.spots.refusals import PassLapsed, PassUsed
from samband.flows import arrive, by_phone, scan_and_go
from samband.flows.audit import audit
from samband.flows.by_phone import NotEnoughHere, PhoneOrder
from samband.flows.check_out import Outcome, Tender
from samband.flows.finish_order import cancel_order
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline.delivering import deliver
from samband.timeline.models import Entry
from tests import worlds
from tests.channels.phone import NOON, store_with_spots
from tests.commerce.shelves import racing
from tests.worlds import CUP, RIGA

pytestmark = pytest.mark.django_db(transaction=True)

CLOSED = NOON.replace(hour=19)


@pytest.fixture(autouse=True)
def noon():
    worlds.small_world()
    with held_at(NOON):
        store_with_spots()
        yield
        deliver()
    assert list(audit()) == []
    worlds.fresh_processes()


def at_once(*deeds, at=NOON):
    """Do all of these at the same moment, with every clock standing still at it."""

    def held(deed):
        with held_at(at):
            return deed()

    return racing(*[partial(held, deed) for deed in deeds])


def visit(code: str = "door-1") -> queries.VisitView:
    spot = next(one for one in queries.spots(RIGA) if one.code == code)
    proof = arrive.Proof(word=queries.word_of_the_day(RIGA, "Europe/Riga"), address="198.51.100.7")
    return arrive.come_in(queries.code_of(spot), proof, new_id())


def wish(quantity: int = 1, number: str = "4242424242424242") -> PhoneOrder:
    cart = carts.open_cart("LV")
    edit = carts.put(cart.id, CUP, quantity, Money(990, "EUR"))
    return PhoneOrder(
        visit=visit(),
        cart_id=cart.id,
        version=edit.version,
        seen_total=Money(990 * quantity, "EUR"),
        tenders=(Tender(method="card", provider="sandbox", token=worlds.card(number)),),
        language="en",
    )


def pay(order: PhoneOrder) -> Outcome:
    return by_phone.pay_for(order, key=str(new_id()), return_url="/kiosk/pay/back/")


def bought(quantity: int = 1) -> OrderView:
    outcome = pay(wish(quantity))
    assert outcome.state == "placed"
    return orders.order(outcome.order_id)


def pass_token(order: OrderView) -> str:
    found = scan_and_go.pass_of(order)
    assert found
    return codes.exit_pass(found.id)


def door(token: str):
    return scan_and_go.let_out(token, RIGA, None, key=str(new_id()))


def at_riga() -> tuple[int, int]:
    found = next(one for one in levels.available([CUP])[CUP] if one.location == RIGA)
    return found.on_hand, found.held


def told(name: str, order: OrderView) -> int:
    return Entry.objects.filter(name=name, payload__order_id=str(order.id)).count()


# --- the pass


def test_a_pass_is_given_when_the_order_is_placed_and_asking_again_gives_the_same():
    order = bought()
    deliver()
    assert told("spots.ExitPassIssued", order) == 1
    first = scan_and_go.pass_of(order)
    assert first
    assert first == scan_and_go.pass_of(order)
    assert first.good_until == NOON.replace(hour=18, minute=30)
    assert told("spots.ExitPassIssued", order) == 1


def test_phone_and_reaction_at_once_give_one_pass():
    for _ in range(4):
        order = bought()
        found = at_once(partial(scan_and_go.pass_of, order), partial(scan_and_go.pass_of, order), deliver)
        assert found[0] == found[1]
        assert told("spots.ExitPassIssued", order) == 1


def test_an_order_that_waits_for_the_bank_has_no_pass_yet():
    outcome = pay(wish(number="4000000000003220"))
    assert outcome.state == "action_required"
    assert scan_and_go.pass_of(orders.order(outcome.order_id)) is None


def test_orders_of_other_channels_and_tables_get_none():
    served = pay(wish_at_table())
    deliver()
    assert scan_and_go.pass_of(orders.order(served.order_id)) is None
    assert Entry.objects.filter(name="spots.ExitPassIssued").count() == 0


def wish_at_table() -> PhoneOrder:
    asked = wish()
    return PhoneOrder(**{**asked.__dict__, "visit": visit("table-7")})


def test_nobody_is_told_to_fetch_what_its_customer_carries_or_the_board_serves():
    bought(2)
    pay(wish_at_table())
    assert fulfillments.pick_list(RIGA).fulfillments == ()
    assert fulfillments.units_to_pick(RIGA) == 0
    assert RIGA not in fulfillments.waiting(NOON + timedelta(days=1))
    assert len(fulfillments.servings(RIGA)) == 1


# --- the door


def test_of_several_doors_at_once_one_lets_the_goods_out():
    for _ in range(5):
        order = bought(2)
        token = pass_token(order)
        before = at_riga()
        answers = at_once(*[partial(door, token)] * 4)
        assert Counter(type(one) for one in answers) == {scan_and_go.LetOut: 1, PassUsed: 3}
        assert at_riga() == (before[0] - 2, before[1] - 2)
        assert told("fulfillment.GoodsHandedOver", order) == 1


def test_a_door_and_a_cancellation_at_once_do_not_both_succeed():
    seen = Counter()
    for _ in range(6):
        order = bought()
        token = pass_token(order)
        before = at_riga()
        out, off = at_once(partial(door, token), partial(cancel_order, order.id, "customer", key=str(new_id())))
        went = isinstance(out, scan_and_go.LetOut)
        assert went == isinstance(off, Exception), (out, off)
        assert at_riga() == (before[0] - went, before[1] - 1)
        seen[went] += 1
    assert sum(seen.values()) == 6


def test_goods_of_an_order_that_is_off_stay_and_its_pass_is_not_used_up_by_asking():
    order = bought()
    token = pass_token(order)
    cancel_order(order.id, "retailer", key="off")
    for _ in range(2):
        with pytest.raises(NotPermitted):
            door(token)
    assert queries.exit_pass(queries.pass_said(token)).state == "open"
    assert at_riga() == (20, 0)


def test_the_order_is_complete_once_it_is_out():
    order = bought()
    door(pass_token(order))
    deliver()
    assert orders.order(order.id).state == "completed"


# --- closing time


def test_what_passed_no_door_counts_as_handed_over_when_the_store_has_closed():
    order = bought(3)
    token = pass_token(order)
    assert scan_and_go.lapse_passes() == 0
    with held_at(CLOSED):
        assert scan_and_go.lapse_passes() == 1
        assert scan_and_go.lapse_passes() == 0
        assert at_riga() == (17, 0)
        (one,) = fulfillments.of_order(order.id)
        assert one.state == "handed_over"
        with pytest.raises(PassLapsed):
            door(token)
    deliver()
    assert orders.order(order.id).state == "completed"


def test_a_pass_whose_order_is_off_lapses_without_its_goods_and_keeps_nobody_waiting():
    off, kept = bought(), bought()
    for order in (off, kept):
        pass_token(order)
    cancel_order(off.id, "retailer", key="off")
    with held_at(CLOSED):
        assert scan_and_go.lapse_passes() == 2
        assert scan_and_go.lapse_passes() == 0
    assert at_riga() == (19, 0)
    assert [one.state for one in queries.passes(RIGA, NOON)] == ["lapsed", "lapsed"]


def test_a_door_and_closing_time_at_once_count_the_goods_once():
    for _ in range(5):
        order = bought()
        token = pass_token(order)
        before = at_riga()
        at_once(partial(door, token), scan_and_go.lapse_passes, scan_and_go.lapse_passes, at=CLOSED)
        assert at_riga() == (before[0] - 1, before[1] - 1)
        assert told("fulfillment.GoodsHandedOver", order) == 1


def test_who_pays_after_closing_still_gets_out():
    with held_at(NOON.replace(hour=17, minute=50)):
        asked = wish()
    with held_at(NOON.replace(hour=18, minute=10)):
        outcome = pay(asked)
        found = scan_and_go.pass_of(orders.order(outcome.order_id))
        assert found
        assert found.good_until == now() + timedelta(minutes=30)
        door(codes.exit_pass(found.id))


# --- never more than there is


def test_the_last_cups_are_sold_once_whoever_scans_them():
    wishes = [wish(7) for _ in range(5)]
    answers = at_once(*[partial(pay, one) for one in wishes])
    placed = [one for one in answers if isinstance(one, Outcome) and one.state == "placed"]
    assert len(placed) == 2
    assert at_riga() == (20, 14)


def test_a_visitor_is_told_how_many_are_left_here():
    with pytest.raises(NotEnoughHere) as refused:
        by_phone.check_left(visit(), CUP, 21)
    assert refused.value.details == {"sku": CUP, "left": 20}
    commands.end_visit(visit().id)
