"""The counter: goods are picked, made ready, handed over against a code, or sent."""

from datetime import time, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest

from samband.commerce.catalog import queries as catalog
from samband.commerce.fulfillment import arranging, labelling, labels, slotting
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.carriage import Notice
from samband.commerce.fulfillment.promise import DAYS
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import queries as payments
from samband.console import label_drawing
from samband.flows import carry_parcels
from samband.flows.audit import audit
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.timeline.delivering import deliver
from tests.console.counter import Counter, bought
from tests.worlds import CUP, LAMP, LONDON, REYKJAVIK, RIGA, SOFA


@pytest.fixture
def clerk(world) -> Counter:
    return Counter("stock", location=REYKJAVIK)


def asked(*skus: str, **how: object) -> UUID:
    """Somebody bought these; what the store is asked for."""
    (one,) = fulfillments.of_order(bought(*skus, **how).order_id)  # type: ignore[arg-type]
    return one.id


def at(one: UUID) -> str:
    return f"/console/pickups/{one}/"


def state(one: UUID) -> str:
    return fulfillments.fulfillment(one).state


def ready(clerk: Counter, one: UUID) -> str:
    """Picked and made ready; the code that the customer got."""
    clerk.do(at(one), "start")
    clerk.do(at(one), "pick-all")
    clerk.do(at(one), "ready")
    return fulfillments.fulfillment(one).pickup_code or ""


def test_a_pickup_goes_from_the_shelf_to_the_customer(clerk: Counter) -> None:
    one = asked(SOFA, CUP, CUP)
    desk = clerk.words(clerk.get("/console/pickups/"))
    assert "The walk along the shelves" in desk
    assert "Sofa, Grey" in desk
    assert "Jón Jónsson" in desk
    clerk.twice(at(one), "start")
    clerk.twice(at(one), "pick", quantity__0="2", quantity__1="1")
    clerk.twice(at(one), "ready")
    deliver()
    code = fulfillments.fulfillment(one).pickup_code or ""
    assert code
    assert code not in clerk.words(clerk.get(at(one)))
    clerk.twice(at(one), "hand-over", code=f" {code[:3].lower()}-{code[3:].lower()} ")
    deliver()
    assert state(one) == "handed_over"
    view = orders.order(fulfillments.fulfillment(one).order_id)
    assert view.state == "completed"
    (there,) = [place for place in inventory.available([SOFA])[SOFA] if place.location == REYKJAVIK]
    assert (there.on_hand, there.held) == (2, 0)
    assert list(audit()) == []


def test_a_scan_puts_one_more_in_the_basket_and_a_form_sent_twice_counts_it_once(clerk: Counter) -> None:
    one = asked(SOFA, CUP, CUP)
    clerk.do(at(one), "start")
    clerk.twice(at(one), "pick", scan=CUP)
    assert {line.sku: line.picked for line in fulfillments.fulfillment(one).lines} == {CUP: 1, SOFA: 0}
    clerk.do(at(one), "pick", scan=CUP)
    clerk.do(at(one), "pick", scan=catalog.items([SOFA])[SOFA].gtin)
    assert {line.sku: line.picked for line in fulfillments.fulfillment(one).lines} == {CUP: 2, SOFA: 1}
    for scanned in (LAMP, "5690000000022", "what is this"):
        refused = clerk.do(at(one), "pick", scan=scanned)
        assert refused.status_code == 404
        assert f"{scanned} is not part of this order." in clerk.words(refused)


def test_goods_do_not_wait_for_ever(clerk: Counter) -> None:
    one = asked(CUP)
    clerk.do(at(one), "start")
    clerk.do(at(one), "pick-all")
    refused = clerk.do(at(one), "ready", day="9999-12-31")
    assert refused.status_code == 422
    assert "Goods wait at the counter for 90 days at most." in clerk.words(refused)
    assert state(one) == "picking"


def test_goods_whose_money_went_back_stay_with_us(clerk: Counter) -> None:
    one = asked(CUP)
    code = ready(clerk, one)
    (intent,) = payments.of_order(fulfillments.fulfillment(one).order_id)
    asking.ask_to_refund(intent.id, intent.captured, "goodwill", key="all")
    refused = clerk.do(at(one), "hand-over", code=code)
    assert refused.status_code == 409
    assert "its goods stay with us" in clerk.words(refused)
    assert state(one) == "ready"


def test_a_basket_is_noted_whole_or_not_at_all(clerk: Counter) -> None:
    one = asked(SOFA, CUP, CUP)
    clerk.do(at(one), "start")
    refused = clerk.do(at(one), "pick", quantity__0="2", quantity__1="7")
    assert refused.status_code == 409
    assert "SOFA-GREY: only 1 were ordered." in clerk.words(refused)
    assert {line.picked for line in fulfillments.fulfillment(one).lines} == {0}
    garbled = clerk.do(at(one), "pick", quantity__0="two")
    assert "Quantity: please give a whole number" in clerk.words(garbled)


def test_nothing_is_ready_before_all_of_it_is_picked(clerk: Counter) -> None:
    one = asked(SOFA, CUP)
    clerk.do(at(one), "start")
    assert "ready" not in clerk.deeds(at(one))
    csrf = clerk.client.cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": csrf, "deed": "ready", "key": str(new_id()), "day": "2099-01-01"}
    refused = clerk.client.post(at(one), sent)
    assert refused.status_code == 409
    assert "SOFA-GREY: 0 of 1" in clerk.words(refused)


@pytest.mark.parametrize("day", ["", "yesterday", "2001-01-01", "99999-01-01"])
def test_goods_wait_until_a_day_that_is_to_come(clerk: Counter, day: str) -> None:
    one = asked(CUP)
    clerk.do(at(one), "start")
    clerk.do(at(one), "pick-all")
    assert clerk.do(at(one), "ready", day=day).status_code == 422
    assert state(one) == "picking"


def test_a_wrong_code_is_told_with_the_tries_left_and_the_fifth_locks(clerk: Counter) -> None:
    one = asked(CUP)
    code = ready(clerk, one)
    for left in ("4 tries are left", "3 tries are left", "2 tries are left", "1 try is left", "the last try"):
        refused = clerk.do(at(one), "hand-over", code="WRONG2")
        assert refused.status_code == 409
        assert left in clerk.words(refused)
    locked = clerk.do(at(one), "hand-over", code=code)
    assert locked.status_code == 429
    assert "even for the right one" in clerk.words(locked)
    assert state(one) == "ready"
    with held_at(now() + timedelta(minutes=11)):
        assert clerk.do(at(one), "hand-over", code=code).status_code == 303
    assert state(one) == "handed_over"


def test_a_code_at_the_counter_finds_the_goods_of_this_store(clerk: Counter) -> None:
    one = asked(CUP)
    code = ready(clerk, one)
    found = clerk.do("/console/pickups/", "find", code=code.lower())
    assert found.headers["Location"] == at(one)
    assert code not in found.headers["Location"]
    assert clerk.form(at(one), "hand-over")["code"] == code.lower()
    assert clerk.form(at(one), "hand-over")["code"] == ""
    for address, typed in (("/console/pickups/", "NOSUCH"), (f"/console/pickups/?location={RIGA}", code)):
        refused = clerk.do(address, "find", code=typed)
        assert refused.status_code == 404
        assert "There is no such pickup or parcel here." in clerk.words(refused)


def test_a_parcel_goes_to_the_carrier_and_arrives(clerk: Counter) -> None:
    one = asked(CUP, method="ship")
    clerk.do(at(one), "start")
    clerk.do(at(one), "pick-all")
    assert clerk.form(at(one), "ship")["carrier"] == "Pósturinn"
    refused = clerk.do(at(one), "ship", carrier="")
    assert "Carrier is missing." in clerk.words(refused)
    clerk.twice(at(one), "ship", carrier="Dropp", tracking="DR 77")
    place = fulfillments.fulfillment(one).location
    assert "DR 77" in clerk.words(clerk.get(f"/console/pickups/?location={place}"))
    assert "Laugavegur 1" in clerk.words(clerk.get(at(one)))
    clerk.twice(at(one), "deliver")
    deliver()
    assert state(one) == "delivered"
    assert list(audit()) == []


def test_what_cannot_be_got_ready_is_cancelled_with_its_order(clerk: Counter) -> None:
    one = asked(CUP)
    clerk.do(at(one), "start")
    clerk.twice(at(one), "cancel")
    deliver()
    assert state(one) == "cancelled"
    assert orders.order(fulfillments.fulfillment(one).order_id).reason == "retailer"
    assert list(audit()) == []


def test_what_has_gone_is_not_handed_over_cancelled_or_sent(clerk: Counter) -> None:
    one = asked(CUP)
    form = clerk.form(at(one), "start")
    clerk.client.post(at(one), form)
    again = clerk.client.post(at(one), {**form, "key": str(new_id())})
    assert again.status_code == 409
    assert "It stands at “Being picked” now" in clerk.words(again)
    for deed in ("deliver", "ship", "hand-over"):
        sent = {**form, "key": str(new_id()), "deed": deed, "carrier": "Dropp", "code": "ABCDEF"}
        assert clerk.client.post(at(one), sent).status_code == 409
    assert state(one) == "picking"


def test_what_is_late_is_said_to_be(clerk: Counter) -> None:
    asked(CUP)
    assert "late" not in clerk.words(clerk.get("/console/pickups/"))
    with held_at(now() + timedelta(days=3)):
        clerk.come_again()
        assert "· late" in clerk.words(clerk.get("/console/pickups/"))


def test_today_tells_what_waits_where_one_stands(clerk: Counter) -> None:
    one = asked(CUP)
    asked(LAMP)
    ready(clerk, one)
    page = clerk.words(clerk.get("/console/"))
    assert "1 order to pick Samband RVK" in page
    assert "1 pickup waits Samband RVK" in page
    assert "payments unsettled" not in page
    with held_at(now() + timedelta(days=7)):
        clerk.come_again()
        assert "1 pickup expires within a day" in clerk.words(clerk.get("/console/"))


def test_a_pickup_that_is_not_there_is_told_so(clerk: Counter) -> None:
    assert clerk.get(at(new_id())).status_code == 404


def test_the_statements_of_the_counter_are_counted(clerk: Counter) -> None:
    one = asked(SOFA, CUP)
    asked(LAMP)
    clerk.get("/console/")
    assert clerk.statements("/console/") == 3
    assert clerk.statements(f"/console/pickups/?location={LONDON}") == 8
    assert clerk.statements("/console/pickups/") == 11
    assert clerk.statements(at(one)) == 11


# Labels, substitutes and changes


def test_a_label_is_bought_printed_and_the_parcel_given_to_the_carrier(clerk: Counter) -> None:
    one = asked(CUP, method="ship")
    clerk.do(at(one), "start")
    assert "label" not in clerk.deeds(f"{at(one)}?carriers=1")
    clerk.do(at(one), "pick-all")
    assert "label" not in clerk.deeds(at(one)), "carriers are asked when somebody wishes it"
    form = clerk.form(f"{at(one)}?carriers=1", "label", service="express")
    for _ in range(2):
        assert clerk.client.post(at(one), form).status_code == 303
    (label,) = labels.of_fulfillment(one)
    page = clerk.words(clerk.get(at(one)))
    assert label.tracking in page
    drawing = clerk.get(f"{at(one)}label/")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    drawn = drawing.content.decode()
    assert "Jón Jónsson" in drawn
    assert label.tracking in drawn
    assert "<script" not in drawn
    clerk.twice(at(one), "give")
    assert (state(one), fulfillments.fulfillment(one).tracking) == ("shipped", label.tracking)
    deliver()
    assert list(audit()) == []


def test_a_label_that_nobody_bought_is_not_drawn(clerk: Counter) -> None:
    one = asked(CUP, method="ship")
    assert clerk.get(f"{at(one)}label/").status_code == 404


def test_a_name_on_a_label_cannot_say_more_than_a_name() -> None:
    drawing = label_drawing.drawn(["<b>us</b>"], ['"><script>alert(1)</script>', "x" * 500], "N-1", "SB1", "express")
    assert "<script" not in drawing
    assert "x" * 60 not in drawing
    ElementTree.fromstring(drawing)


def test_a_parcel_in_trouble_is_shown_at_the_desk(clerk: Counter) -> None:
    one = asked(CUP, method="ship")
    clerk.do(at(one), "start")
    clerk.do(at(one), "pick-all")
    label = carry_parcels.buy_label(one, "sandbox", label_id=new_id())
    carry_parcels.give_to_carrier(one, key="van")
    place = f"/console/pickups/?location={fulfillments.fulfillment(one).location}"
    assert "Parcels in trouble" not in clerk.words(clerk.get(place))
    labelling.hear("sandbox", Notice("n1", label.reference, "trouble", now()))
    assert "Parcels in trouble" in clerk.words(clerk.get(place))


def test_what_is_not_found_is_replaced_at_the_counter(clerk: Counter) -> None:
    one = asked(LAMP)
    clerk.do(at(one), "start")
    refused = clerk.do(at(one), "propose", substitute="NO-SUCH", sku=LAMP)
    assert "That cannot be had in its place" in clerk.words(refused)
    form = {**clerk.form(at(one), "propose"), "sku": LAMP, "substitute": CUP}
    for _ in range(2):
        assert clerk.client.post(at(one), form).status_code == 303
    page = clerk.words(clerk.get(at(one)))
    assert "Waits for an answer" in page
    assert "instead of" in page
    clerk.twice(at(one), "agree")
    deliver()
    assert {line.sku for line in fulfillments.fulfillment(one).lines} == {CUP}
    assert orders.order(fulfillments.fulfillment(one).order_id).refunded.amount == 13_410
    assert list(audit()) == []


def test_a_substitute_that_is_not_wanted_leaves_the_goods_to_be_left_out(clerk: Counter) -> None:
    one = asked(LAMP, CUP)
    clerk.do(at(one), "start")
    clerk.do(at(one), "propose", sku=LAMP, substitute=SOFA)
    clerk.twice(at(one), "decline")
    clerk.twice(at(one), "leave-out", sku=LAMP, missing="1")
    deliver()
    assert {line.sku for line in fulfillments.fulfillment(one).lines} == {CUP}
    (there,) = [place for place in inventory.available([LAMP])[LAMP] if place.location == REYKJAVIK]
    assert there.on_hand == 4
    last = clerk.told(clerk.do(at(one), "leave-out", sku=CUP))
    assert "the order is cancelled" in last
    deliver()
    assert state(one) == "cancelled"
    assert list(audit()) == []


def test_what_the_customer_wishes_otherwise_is_changed_until_it_is_picked(clerk: Counter) -> None:
    one = asked(CUP, CUP, method="ship")
    clerk.twice(at(one), "fewer", sku=CUP, many="1")
    clerk.twice(at(one), "address", line1="Skólavörðustígur 3", postcode="101")
    page = clerk.words(clerk.get(at(one)))
    assert "Skólavörðustígur 3" in page
    assert [line.quantity for line in fulfillments.fulfillment(one).lines] == [1]
    deliver()
    clerk.do(at(one), "start")
    assert not {"fewer", "address", "slot"} & clerk.deeds(at(one))
    assert list(audit()) == []


def test_a_parcel_is_brought_in_another_slot(clerk: Counter) -> None:
    one = asked(CUP, method="ship")
    assert "slot" not in clerk.deeds(at(one))
    location = fulfillments.fulfillment(one).location
    arranging.save_slot_rule(
        new_id(), location=location, country="IS", time_zone="Atlantic/Reykjavik", days=DAYS, starts=time(17),
        ends=time(19), capacity=2,
    )  # fmt: skip
    slotting.open_slots()
    slot = fulfillments.slots("IS", "101", now(), [location])[0]
    clerk.twice(at(one), "slot", slot=str(slot.id))
    assert fulfillments.fulfillment(one).slot_id == slot.id
    clerk.do(at(one), "slot", slot="")
    assert fulfillments.fulfillment(one).slot_id is None
    assert clerk.do(at(one), "slot", slot=str(new_id())).status_code == 404
    assert list(audit()) == []


def test_what_is_served_is_made_ready_and_brought(clerk: Counter) -> None:
    order_id = bought(CUP).order_id
    one = new_id()
    fulfillment.request(
        one, order_id, None, "serve", REYKJAVIK, (Line(CUP, 1),), now(), now(), order_number="S", place="table-7"
    )
    assert "table-7" in clerk.words(clerk.get(at(one)))
    clerk.do(at(one), "start")
    clerk.do(at(one), "pick-all")
    clerk.twice(at(one), "ready")
    assert state(one) == "ready"
    assert "code" not in clerk.form(at(one), "hand-over")
