"""Every flow is a source: what happens in the house is captured once, under whoever did it, in the right words."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.orders.rules import DraftLine, Historic
from samband.commerce.payments import asking
from samband.commerce.payments import queries as payments
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import privacy
from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.queries import TouchpointView
from samband.flows import finish_order, telling
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Part, Tender, check_out
from samband.kernel.clock import in_future
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.reach import Reach
from samband.timeline.delivering import deliver
from samband.timeline.models import Delivery
from tests.worlds import CUP, LAMP, REYKJAVIK, SOFA, card, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    yield
    fresh_processes()


def buy(*skus: str, customer_id: UUID | None = None, method: str = "pickup", **more: Any) -> UUID:
    cart = carts.open_cart("IS", customer_id)
    for sku in skus:
        carts.add(cart.id, sku, 1)
    seen = basket(cart.id, "shop", None, method)
    assert seen.quote
    wish = {
        "cart_id": cart.id, "version": None, "customer_id": customer_id, "channel": "shop", "language": "en",
        "email": "anna@example.com", "name": "Anna", "parts": (Part(kind="pickup", location=REYKJAVIK),),
        "tenders": (Tender(method="card", token=card()),), "seen_total": seen.quote.total,
    }  # fmt: skip
    return check_out(Checkout(**(wish | more)), key=str(new_id())).order_id


def deliver_all() -> None:
    while deliver():
        pass
    assert not Delivery.objects.filter(attempts__gt=0).exists()


def captured(event: str | None = None) -> list[TouchpointView]:
    """Everything that was captured, oldest first."""
    found = list(reversed(touchpoints.latest(most=1000)))
    return [one for one in found if event in (None, one.event)]


def whose(one: TouchpointView) -> str:
    """The kind and value of the identifier that it is kept under."""
    with connection.cursor() as cursor:
        cursor.execute("select kind, value, key from identity_identifier where id = %s::bigint", [one.identifier])
        row = cursor.fetchone()
    return "nobody" if row is None else f"{row[0]} {row[1] or row[2]}"


def number_of(kind: str, value: str) -> str:
    from samband.kernel.identifier import KINDS

    return f"{KINDS.index(kind)} {identifier(kind, value).value}"


def test_an_order_says_what_was_bought_what_it_came_to_and_how_it_is_paid_and_fetched() -> None:
    order_id = buy(SOFA, CUP)
    deliver_all()
    (one,) = captured("Order Completed")
    order = orders.order(order_id)
    assert (one.source, one.channel, one.place, one.order_ref) == ("house", "shop", REYKJAVIK, order.number)
    assert (one.worth, one.currency) == (order.total.amount, "ISK")
    assert (one.sku, one.category) == (None, None), "of several products none is the product"
    said = one.payload["properties"]
    assert (said["payment"], said["delivery"], said["country"], said["language"]) == ("card", "pickup", "IS", "en")
    assert [(each["sku"], each["quantity"], each["price"]) for each in said["products"]] == [
        (SOFA, 1, 129900.0),
        (CUP, 1, 1490.0),
    ]
    assert all(each["category"] for each in said["products"])
    assert one.occurred_at == order.placed_at
    assert whose(one) == number_of("email", "anna@example.com")


def test_the_only_product_of_an_order_is_its_sku_and_category() -> None:
    buy(LAMP, customer_id=accounts.register("berglind@example.com", source="shop"))
    deliver_all()
    (one,) = captured("Order Completed")
    assert one.sku == LAMP
    assert one.category == one.payload["properties"]["products"][0]["category"]


def test_a_customers_order_is_kept_under_the_account_and_not_under_what_was_typed() -> None:
    customer_id = accounts.register("berglind@example.com", source="shop")
    buy(CUP, customer_id=customer_id)
    deliver_all()
    (one,) = captured("Order Completed")
    assert whose(one) == number_of("account", str(customer_id))
    assert [one.event for one in captured()][:1] == ["Signed Up"]


def test_what_happens_with_an_order_is_told_step_by_step() -> None:
    order_id = buy(CUP)
    (pickup,) = fulfillments.of_order(order_id)
    fulfillment.start_picking(pickup.id)
    fulfillment.pick(pickup.id, CUP, 1)
    finish_order.make_ready(pickup.id, in_future(days=3), key="ready")
    code = fulfillments.fulfillment(pickup.id).pickup_code or ""
    finish_order.hand_over(pickup.id, code, key="over")
    deliver_all()
    (intent,) = payments.of_order(order_id)
    asking.ask_to_refund(intent.id, Money(100, "ISK"), "goodwill", "some")
    deliver_all()
    told = [(one.event, one.place) for one in captured()]
    assert told == [
        ("Order Completed", REYKJAVIK),
        ("Pickup Ready", None),
        ("Pickup Collected", REYKJAVIK),
        ("Order Fulfilled", None),
        ("Order Refunded", None),
    ], "nobody was in the store when the goods began to wait there"
    assert {one.order_ref for one in captured()} == {orders.order(order_id).number}
    (back,) = captured("Order Refunded")
    assert (back.worth, back.currency, back.payload["properties"]["reason"]) == (100, "ISK", "goodwill")
    assert code not in json.dumps([one.payload for one in captured()]), "whoever reads it cannot fetch the goods"


def test_an_order_that_is_called_off_says_so() -> None:
    finish_order.cancel_order(order_id := buy(CUP), "customer", key="off")
    deliver_all()
    (off,) = captured("Order Cancelled")
    assert (off.order_ref, off.payload["properties"]["reason"]) == (orders.order(order_id).number, "customer")


def test_a_declined_card_is_told_and_sells_nothing() -> None:
    buy(CUP, tenders=(Tender(method="card", token=card("4000000000000002")),))
    deliver_all()
    assert [one.event for one in captured()] == ["Payment Failed"]
    assert captured()[0].payload["properties"]["reason"] == "card_declined"


def test_a_sale_at_a_till_is_also_a_visit_of_whoever_is_known_and_of_nobody_else() -> None:
    known = accounts.register("berglind@example.com", source="shop")
    here = {
        "channel": "pos",
        "sold_at": REYKJAVIK,
        "place": REYKJAVIK,
        "method": "carry",
        "parts": (Part(kind="carry", location=REYKJAVIK),),
        "tenders": (Tender(method="card_present", token=card()),),
    }
    buy(CUP, customer_id=known, **here)
    buy(CUP, email="", name="", **here)
    deliver_all()
    theirs, anybodys = captured("Order Completed")
    assert (theirs.channel, theirs.place, whose(theirs)) == ("pos", REYKJAVIK, number_of("account", str(known)))
    assert (anybodys.channel, anybodys.place, whose(anybodys)) == ("pos", REYKJAVIK, "nobody")
    assert [whose(one) for one in captured("Store Visited")] == [whose(theirs)]


def test_a_hundred_events_cost_as_many_statements_as_one() -> None:
    def statements(orders_placed: int) -> int:
        for _ in range(orders_placed):
            buy(CUP)
        from samband.flows.telling.listening import TOLD, tell
        from samband.timeline import queries as timeline

        heard = timeline.heard_after(0, [kind.name for kind in TOLD])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            tell(heard[-orders_placed:])
        return len(asked)

    for _ in range(2):  # the first in an emptied house is not remembered
        statements(1)
    assert statements(12) == statements(1) <= 16


def test_the_past_is_told_once_however_often_it_is_gone_through() -> None:
    first = buy(CUP, customer_id=accounts.register("berglind@example.com", source="shop"))
    buy(LAMP)
    Delivery.objects.all().delete()  # it happened before anybody listened
    steps: list[telling.Progress] = []
    done = telling.backfill(say=steps.append, at_once=2)
    assert [one.event for one in captured()] == ["Signed Up", "Order Completed", "Order Completed"]
    assert (done.stored, done.position) == (3, done.until)
    assert len(steps) == 2
    assert telling.backfill().stored == 0
    buy(CUP)
    assert telling.backfill(after=done.position).events == 1, "it goes on where it was stopped"
    deliver_all()
    assert len(captured("Order Completed")) == 3, "what was told is not told again when it is heard"
    assert captured("Order Completed")[0].order_ref == orders.order(first).number


def test_going_through_the_past_beside_an_open_shop_tells_nothing_twice() -> None:
    for _ in range(12):
        buy(CUP)
    together, failed = threading.Barrier(3), []

    def work(deed: Any) -> None:
        together.wait()
        try:
            deed()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [
        threading.Thread(target=work, args=(deed,))
        for deed in (lambda: telling.backfill(at_once=3), deliver_all, lambda: telling.backfill(at_once=5))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_all()
    assert failed == []
    assert len(captured("Order Completed")) == 12


PLACED = datetime(2024, 3, 9, 10, tzinfo=UTC)


def historic(reference: str, **more: Any) -> Historic:
    line = DraftLine(CUP, "Cup", 2, 1000, 2000, 1612, 388, 2400)
    given = {
        "source": "old-shop", "reference": reference, "kind": "sale", "state": "completed", "customer_id": None,
        "channel": "shop", "market": "IS", "language": "is", "currency": "ISK", "total": 2000, "total_net": 1612,
        "total_vat": 388, "shipping": 0, "shipping_vat": 0, "placed_at": PLACED, "lines": (line,),
    }  # fmt: skip
    return Historic(**(given | more))


def test_orders_of_another_system_are_told_at_the_day_they_were_placed_under_their_own_names() -> None:
    customer_id = accounts.register("berglind@example.com", source="import")
    back = {"total": -2000, "total_net": -1612, "total_vat": -388}
    lines = (DraftLine(CUP, "Cup", -2, 1000, -2000, -1612, -388, 2400),)
    order_commands.write_history(
        [
            historic("#1001", customer_id=customer_id, refunded=500),
            historic("#1002", customer_id=customer_id, state="cancelled"),
            historic("C7", kind="credit", lines=lines, **back),
        ]
    )
    telling.backfill()
    told = [(one.event, one.order_ref, one.worth, one.occurred_at) for one in captured()]
    assert told == [
        ("Order Completed", "#1001", 2000, PLACED),
        ("Order Refunded", "#1001", 500, PLACED),
        ("Order Completed", "#1002", 2000, PLACED),
        ("Order Cancelled", "#1002", 2000, PLACED),
        ("Order Refunded", "C7", 2000, PLACED),
    ], "who was brought along did not sign up; nobody knows when money went back, so it is as old as the order"


def test_nothing_more_is_told_of_somebody_who_was_erased() -> None:
    customer_id = accounts.register("berglind@example.com", source="shop")
    buy(CUP, customer_id=customer_id)
    deliver_all()
    order_id = buy(LAMP, customer_id=customer_id)
    privacy.erase(Reach(customer_id, (customer_id,), (), (), ("berglind@example.com",), ()))
    deliver_all()
    (other,) = [one for one in captured("Order Completed") if one.order_ref == orders.order(order_id).number]
    assert whose(other) == "nobody"


def test_what_a_door_sees_is_noted_and_never_in_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    customer_id = new_id()
    telling.saw("Item Scanned", "kiosk", telling.account(customer_id), {"sku": CUP}, place=REYKJAVIK, message="scan-1")
    telling.saw("Item Scanned", "kiosk", telling.account(customer_id), {"sku": CUP}, place=REYKJAVIK, message="scan-1")
    (one,) = captured()
    assert (one.event, one.channel, one.place, one.sku) == ("Item Scanned", "kiosk", REYKJAVIK, CUP)
    assert whose(one) == number_of("account", str(customer_id))
    with connection.cursor() as cursor:
        cursor.execute("alter table touchpoints_touchpoint rename to out_of_order")
    try:
        telling.saw("Item Scanned", "kiosk", (), {"sku": CUP})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("alter table out_of_order rename to touchpoints_touchpoint")
    assert len(captured()) == 1
