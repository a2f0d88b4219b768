"""Races where goods leave: pickups handed over at two counters, passes shown at two doors, parcels shipped while they
are called off, places in a delivery slot, coins given back out of two drawers."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tests.promises.races_books import wrong
from tests.promises.races_payments import PIECES, TOTAL, ordered
from tests.promises.races_world import PLENTY
from tests.promises.racing import Strike, every, raced
from tests.promises.told import Told
from tests.worlds import REYKJAVIK

if TYPE_CHECKING:
    from tests.promises.racing import House

ROOM = 2
"""Places in a delivery slot that is raced for."""

CALLED_OFF_EVERY = 2
"""A door needs longer than a calling off, which comes to most passes before: in half of the rounds there is none."""

SWEPT_EVERY = 3
"""In every third round comes whoever sweeps up all that expired, the latest of those that were made ready together."""


# --- what is staged


def pickups_ready(rounds: int) -> list[dict[str, str]]:
    """Pickups that wait behind the counter, with their codes."""
    from samband.commerce.fulfillment import commands, queries
    from samband.flows import finish_order
    from samband.kernel.clock import now

    staged = []
    for _ in range(rounds):
        order = ordered(paid=True)
        (view,) = queries.of_order(UUID(order))
        commands.start_picking(view.id)
        commands.pick(view.id, PLENTY, PIECES)
        finish_order.make_ready(view.id, now() + timedelta(days=2), key=str(uuid4()))
        code = queries.fulfillment(view.id).pickup_code
        staged.append({"order": order, "fulfillment": str(view.id), "code": str(code)})
    return staged


def parcels_picked(rounds: int) -> list[dict[str, str]]:
    """Parcels that are being picked and could leave."""
    from samband.commerce.fulfillment import commands, queries

    staged = []
    for _ in range(rounds):
        order = ordered(paid=True, how="on_delivery")
        (view,) = queries.of_order(UUID(order))
        commands.start_picking(view.id)
        commands.pick(view.id, PLENTY, PIECES)
        staged.append({"order": order, "fulfillment": str(view.id)})
    return staged


def passes(rounds: int) -> list[dict[str, str]]:
    """Passes with which goods that were scanned and paid for leave the store."""
    from samband.commerce.cart import commands as carts
    from samband.commerce.orders import queries as orders
    from samband.commerce.spots import codes
    from samband.flows import scan_and_go
    from samband.flows.check_out import Checkout, Part, Tender, check_out
    from samband.kernel.money import Money
    from tests.promises.races_doors import token

    staged = []
    for _ in range(rounds):
        cart = carts.open_cart("IS")
        carts.put(cart.id, PLENTY, PIECES)
        wish = Checkout(
            cart_id=cart.id, version=None, customer_id=None, channel="kiosk", language="is",
            parts=(Part(kind="carry", location=REYKJAVIK),), tenders=(Tender(method="card", token=token()),),
            seen_total=Money(TOTAL, "ISK"), sold_at=REYKJAVIK, place=REYKJAVIK,
        )  # fmt: skip
        outcome = check_out(wish, key=str(uuid4()))
        found = scan_and_go.pass_of(orders.order(outcome.order_id))
        assert found is not None
        staged.append({"order": str(outcome.order_id), "text": codes.address(codes.exit_pass(found.id))})
    return staged


def slots(rounds: int) -> list[str]:
    """Delivery slots with room for two."""
    from samband.commerce.fulfillment import arranging, chores
    from samband.commerce.fulfillment.models import Slot
    from samband.commerce.fulfillment.promise import DAYS
    from samband.kernel.ids import new_id

    found: list[str] = []
    while len(found) < rounds:
        rule = new_id()
        arranging.save_slot_rule(
            rule, location=REYKJAVIK, country="IS", time_zone="Atlantic/Reykjavik", days=DAYS, starts=time(17),
            ends=time(19), capacity=ROOM, notice_minutes=30, opens_days=14,
        )  # fmt: skip
        chores.open_slots()
        found += [str(slot) for slot in Slot.objects.filter(rule_id=rule).values_list("pk", flat=True)]
    return found[:rounds]


def payouts(rounds: int) -> list[dict[str, str]]:
    """Orders paid in cash whose money is to be given back, and two drawers to give it from."""
    from samband.commerce.cart import commands as carts
    from samband.commerce.cart import queries
    from samband.commerce.payments import payouts as owed
    from samband.flows import sell_at_till
    from samband.flows.check_out import Tender
    from samband.flows.refund_order import refund_order
    from samband.flows.sell_at_till import Handed, Sale
    from samband.kernel.money import Money
    from samband.staff import queries as staff
    from tests.commerce import till as tills

    till = tills.till(f"Till {uuid4().hex[:6]}")
    counter = sell_at_till.Counter(till.device, staff.cashier(till.cashier_id), till.drawer)
    staged = []
    for _ in range(rounds):
        cart = sell_at_till.open_cart(counter)
        carts.put(cart.id, PLENTY, PIECES)
        total = Money(TOTAL, "ISK")
        cash = Handed(Tender(method="cash", amount=total), given=total)
        seen = sell_at_till.look(counter, queries.cart(cart.id), {})
        assert seen.basket.quote is not None
        sale = Sale(cart_id=cart.id, version=None, seen_total=total, ways={}, tenders=(cash,))
        sold = sell_at_till.sell(counter, sale, key=str(uuid4()))
        refund_order(sold.order.id, total, "goodwill", key=str(uuid4()))
        (payout,) = owed.owed(sold.order.id)
        staged.append({
            "payout": payout.key, "order": str(sold.order.id), "by": str(till.cashier_id),
            "drawer": str(till.drawer_id),
        })  # fmt: skip
    return staged


# --- what is done


def hand_over(fulfillment: str, code: str) -> Callable[[], str]:
    """One counter hands it over."""
    from samband.flows import finish_order

    def deed() -> str:
        finish_order.hand_over(UUID(fulfillment), code, key=str(uuid4()))
        return "won: handed over"

    return deed


def hand_over_by_api(fulfillment: str, code: str) -> Callable[[], str]:
    """A program says that it was handed over."""
    from tests.promises.races_doors import ask, said

    return lambda: said(ask(f"/fulfillments/{fulfillment}/hand-over", {"code": code}, str(uuid4())))


def hand_over_at_till(code: str) -> Callable[[], str]:
    """The till hands it over."""
    from tests.promises.races_doors import ended, till

    at = till()

    def deed() -> str:
        told = at.post("pickups/hand-over", {"code": code})
        return "won: at the till" if at.status < 300 else ended(at.status, told.get("code", ""))

    return deed


def expire() -> Callable[[], str]:
    """Three days later nobody has come."""
    from samband.flows.finish_order import expire_pickups
    from samband.kernel.clock import held_at, now

    def deed() -> str:
        with held_at(now() + timedelta(days=3)):
            expire_pickups()
        return "done: expired"

    return deed


def ship(fulfillment: str) -> Callable[[], str]:
    """The parcel leaves."""
    from samband.flows import finish_order

    def deed() -> str:
        finish_order.ship(UUID(fulfillment), "post", "T1", key=str(uuid4()))
        return "won: shipped"

    return deed


def leave_out(fulfillment: str) -> Callable[[], str]:
    """The picker finds one less than was asked for."""
    from samband.flows import change_order
    from samband.kernel.goods import Line

    def deed() -> str:
        change_order.take_off(
            UUID(fulfillment), Line(PLENTY, 1), "withdrawn", key=str(uuid4()), while_picking=True, by="retailer"
        )
        return "done: left out"

    return deed


def show_pass(text: str) -> Callable[[], str]:
    """A door sees the pass."""
    from samband.flows import scan_and_go

    def deed() -> str:
        scan_and_go.let_out(text, REYKJAVIK, None, key=str(uuid4()))
        return "won: let out"

    return deed


def lapse_passes() -> Callable[[], str]:
    """Two days later: what passed no door counts as gone."""
    from samband.flows.scan_and_go import lapse_passes as deed_of
    from samband.kernel.clock import held_at, now

    def deed() -> str:
        with held_at(now() + timedelta(days=2)):
            deed_of()
        return "done: lapsed"

    return deed


def buy_in_slot(slot: str) -> Callable[[], str]:
    """Somebody wants it brought in this slot."""
    from samband.commerce.cart import commands as carts
    from samband.commerce.cart import queries
    from samband.customers.accounts.rules import Particulars
    from samband.flows.basket import look_at
    from samband.flows.check_out import Checkout, Part, Tender, check_out
    from tests.promises.races_doors import token

    cart = carts.open_cart("IS")
    carts.put(cart.id, PLENTY, 1)
    basket = look_at(queries.cart(cart.id), "shop", None, "ship")
    assert basket.quote is not None
    home = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
    wish = Checkout(
        cart_id=cart.id, version=None, customer_id=None, channel="shop", language="is", email="anna@example.com",
        name="Anna", parts=(Part(kind="ship", address=home, slot_id=UUID(slot)),),
        tenders=(Tender(method="card", token=token()),), seen_total=basket.quote.total,
    )  # fmt: skip

    def deed() -> str:
        state = check_out(wish, key=str(uuid4())).state
        return "won: placed" if state == "placed" else f"refused: {state}"

    return deed


def pay_out(payout: str, order: str, by: str, drawer: str) -> Callable[[], str]:
    """A cashier gives the coins back."""
    from samband.flows import count_cash

    (owed,) = [one for one in count_cash.owed(UUID(order)) if one.key == payout]

    def deed() -> str:
        count_cash.hand_out(owed, UUID(drawer), UUID(by))
        return "won: given back"

    return deed


def pay_out_by_api(payout: str) -> Callable[[], str]:
    """A program says that the money was given back."""
    from tests.promises.races_doors import ask, said

    return lambda: said(ask("/payouts/paid", {"key": payout}))


# --- the attacks


def pickups(attempts: int) -> Told:
    """Three counters and a program hand one pickup over, while it expires, is called off and is refunded."""
    return raced(attempts, "races_counter:pickups_ready", _counters, wrong(_left_once), together=SWEPT_EVERY)


def _counters(staged: dict[str, str]) -> list[Strike]:
    order, code = {"order": staged["order"]}, {"code": staged["code"]}
    about = {"fulfillment": staged["fulfillment"], **code}
    return [
        ("races_counter:hand_over", about), ("races_counter:hand_over_by_api", about),
        ("races_counter:hand_over_at_till", code), ("races_counter:hand_over", about),
        ("races_payments:cancel", order), ("races_payments:refund", {**order, "amount": TOTAL}),
        ("races_stock:deliver", {}),
        *((("races_counter:expire", {}),) if every(SWEPT_EVERY) else ()),
    ]  # fmt: skip


def parcels(attempts: int) -> Told:
    """A parcel is shipped twice, while it is called off and while the picker leaves a piece out."""
    return raced(attempts, "races_counter:parcels_picked", _shippers, wrong(_left_once))


def _shippers(staged: dict[str, str]) -> list[Strike]:
    about = {"fulfillment": staged["fulfillment"]}
    return [
        ("races_counter:ship", about), ("races_payments:cancel", {"order": staged["order"]}),
        ("races_counter:ship", about), ("races_counter:leave_out", about), ("races_stock:deliver", {}),
        ("races_counter:ship", about),
    ]  # fmt: skip


def exit_passes(attempts: int) -> Told:
    """A pass is shown at five doors at once, in some rounds while its order is called off or while it lapses."""
    return raced(attempts, "races_counter:passes", _doors, wrong(_left_once), together=SWEPT_EVERY)


def _doors(staged: dict[str, str]) -> list[Strike]:
    seen: list[Strike] = [("races_counter:show_pass", {"text": staged["text"]})] * 5
    order = {"order": staged["order"]}
    calls_off: list[Strike] = [("races_payments:cancel", order)] if every(CALLED_OFF_EVERY) else []
    lapses: list[Strike] = [("races_counter:lapse_passes", {})] if every(SWEPT_EVERY) else []
    return [*seen, *calls_off, *lapses]


def delivery_slots(attempts: int) -> Told:
    """Eight buyers want the same delivery slot, which has room for two."""
    return raced(attempts, "races_counter:slots", _slot_crowd, wrong(_slots_hold))


def _slot_crowd(slot: str) -> list[Strike]:
    buyers: list[Strike] = [("races_counter:buy_in_slot", {"slot": slot})] * 8
    return [*buyers, ("races_stock:cancel_latest", {"sku": PLENTY}), ("races_stock:lapse", {})]


def coins(attempts: int) -> Told:
    """Money that is to be given back in cash is given back at two counters at once, and said twice by a program."""
    return raced(attempts, "races_counter:payouts", _cashiers, wrong(_given_back_once))


def _cashiers(staged: dict[str, Any]) -> list[Strike]:
    return [
        *[("races_counter:pay_out", staged)] * 4,
        *[("races_counter:pay_out_by_api", {"payout": staged["payout"]})] * 2,
    ]


# --- what must not be


def _left_once(house: "House") -> Iterator[str]:
    for number, units, left in house.rows(
        "select o.number, sum(f.units), coalesce(-sum(m.units), 0) from orders_order o"
        " join lateral (select coalesce(sum(w.quantity - w.called_off), 0) as units from fulfillment_fulfillment f"
        "   join fulfillment_fulfillmentline w on w.fulfillment = f.id where f.order_id = o.id"
        "   and f.state in ('shipped', 'handed_over', 'delivered')) f on true"
        " join lateral (select coalesce(sum(quantity), 0) as units from inventory_move m"
        "   where m.reference = o.id::text and m.kind = 'issue') m on true"
        " group by o.id, o.number having sum(f.units) <> coalesce(-sum(m.units), 0)"
    ):
        yield f"Of order {number} {units} pieces are out of the house, and {left} left the books."


def _slots_hold(house: "House") -> Iterator[str]:
    for slot, capacity, taken in house.rows(
        "select s.id, s.capacity, count(*) from fulfillment_slot s join fulfillment_slotplace p on p.slot = s.id"
        " join orders_order o on o.id = p.order_id where o.state in ('draft', 'placed', 'completed')"
        " and p.state <> 'freed' group by s.id, s.capacity having count(*) > s.capacity"
    ):
        yield f"Slot {slot} has room for {capacity}, and {taken} orders are in it."


def _given_back_once(house: "House") -> Iterator[str]:
    for order, times in house.rows(
        "select order_id, count(*) from tills_drawermovement where kind = 'refund' and order_id is not null"
        " group by order_id having count(*) > 1"
    ):
        yield f"The coins of order {order} were given back {times} times."
