"""After ordering, in the shop: what may still be changed, by whom, and until when."""

import re
from datetime import time

import pytest

from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import noticing
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.arranging import save_slot_rule
from samband.commerce.fulfillment.slotting import open_slots
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.customers.accounts import queries as accounts
from samband.flows import carry_parcels, substitute
from samband.kernel.clock import held_at, in_future
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CUP, LAMP, REYKJAVIK, SOFA, SOFA_BLUE

ELSEWHERE = {
    "do": "address", "name": "Jón Jónsson", "line1": "Skólavörðustígur 3", "line2": "", "postcode": "101",
    "city": "Reykjavík", "phone": "",
}  # fmt: skip


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def ordered(shop: Shopper, *goods: tuple[str, int], **more) -> str:
    """The number of an order of these goods."""
    for sku, quantity in goods:
        shop.put(sku, quantity)
    shop.send("checkout/", shop.wish(**more))
    assert shop.status == 303, shop.page
    return shop.went_to.split("/order/")[1].split("/")[0]


def part_of(number: str):
    return fulfillments.of_order(orders.by_number(number).id)[0]


def changing(shop: Shopper, number: str) -> str:
    """The address of the page on which the order's first part is changed, opened."""
    path = f"order/{number}/change/{part_of(number).id}/"
    shop.look(path)
    return path


def test_a_parcel_goes_to_another_address_as_long_as_nobody_packs_it(shop):
    number = ordered(shop, (CUP, 2), **SHIP)
    assert shop.look(f"order/{number}/").says("Change address, time or number")
    path = changing(shop, number)
    assert shop.says("Nobody has begun to pack it")
    assert shop.field("line1") == "Laugavegur 12"
    shop.send(path, ELSEWHERE | {"key": shop.field("key")})
    assert shop.went_to == f"/en-is/order/{number}/?changed"
    assert shop.follow().says("It is changed.")
    assert shop.says("Skólavörðustígur 3")
    given = accounts.address(part_of(number).address_id).given
    assert (given.name, given.line1, given.country) == ("Jón Jónsson", "Skólavörðustígur 3", "IS")


def test_what_is_wrong_in_the_address_is_said_beside_its_field_and_nothing_is_changed(shop):
    number = ordered(shop, (CUP, 2), **SHIP)
    path = changing(shop, number)
    shop.send(path, ELSEWHERE | {"key": shop.field("key"), "line1": "", "postcode": "1"})
    assert shop.status == 422
    assert 'id="e-line1"' in shop.source
    assert shop.field("city") == "Reykjavík"
    assert accounts.address(part_of(number).address_id).given.line1 == "Laugavegur 12"


def test_fewer_of_a_line_gives_its_money_back(shop):
    number = ordered(shop, (CUP, 3), (LAMP, 1))
    path = changing(shop, number)
    key = shop.field("key")
    shop.send(path, {"do": "goods", "key": key, f"q.{CUP}": "1", f"q.{LAMP}": "1"})
    assert shop.status == 303
    shop.send(path, {"do": "goods", "key": key, f"q.{CUP}": "1", f"q.{LAMP}": "1"})
    order = orders.by_number(number)
    assert payments.balances([order.id])[order.id].refunded == 2 * 1_490
    assert [(line.sku, line.quantity) for line in part_of(number).lines] == [(CUP, 1), (LAMP, 1)]
    assert next(at.held for at in stock.available([CUP])[CUP] if at.location == REYKJAVIK) == 1
    assert shop.look(f"order/{number}/").says("1 × Cup")


def test_taking_everything_out_cancels_the_order(shop):
    number = ordered(shop, (CUP, 2))
    path = changing(shop, number)
    shop.send(path, {"do": "goods", "key": shop.field("key"), f"q.{CUP}": "0"})
    assert shop.follow().says("This order was cancelled")
    assert orders.by_number(number).state == "cancelled"


def test_once_somebody_packs_it_nothing_is_changed_any_more(shop):
    number = ordered(shop, (CUP, 2), **SHIP)
    path = changing(shop, number)
    key = shop.field("key")
    fulfillment.start_picking(part_of(number).id)
    shop.send(path, ELSEWHERE | {"key": key})
    assert shop.status == 409
    assert shop.says("Somebody packs it already")
    assert not shop.look(f"order/{number}/").says("Change address, time or number")
    assert shop.look(path).status == 409


def test_nobody_else_changes_it(shop):
    number = ordered(shop, (CUP, 2), **SHIP)
    path = changing(shop, number)
    asked = ELSEWHERE | {"key": shop.field("key")}
    stranger = Shopper()
    assert stranger.look(path).status == 404
    assert stranger.send(path, asked).status == 404
    assert accounts.address(part_of(number).address_id).given.line1 == "Laugavegur 12"


def test_a_part_of_another_order_is_none_of_this_one(shop):
    mine = ordered(shop, (CUP, 1))
    other = ordered(shop, (LAMP, 1))
    assert shop.look(f"order/{mine}/change/{part_of(other).id}/").status == 409
    assert shop.look(f"order/{mine}/change/nonsense/").status == 404


@pytest.mark.parametrize(
    "change", [{"do": "dance"}, {"key": ""}, {"do": "goods", f"q.{CUP}": "99"}, {"do": "goods", f"q.{CUP}": "-1"}]
)
def test_what_cannot_be_understood_changes_nothing(shop, change):
    number = ordered(shop, (CUP, 2), **SHIP)
    path = changing(shop, number)
    shop.send(path, ELSEWHERE | {"key": shop.field("key")} | change)
    assert shop.status == 422
    assert part_of(number).lines[0].quantity == 2
    assert accounts.address(part_of(number).address_id).given.line1 == "Laugavegur 12"


def test_another_slot_is_chosen_from_those_of_the_same_store(shop):
    save_slot_rule(
        new_id(), location=REYKJAVIK, country="IS", time_zone="Atlantic/Reykjavik",
        days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), starts=time(0, 1), ends=time(23, 59), capacity=2,
        notice_minutes=0, opens_days=3, postcodes=("101",),
    )  # fmt: skip
    open_slots()
    shop.put(CUP, 2)
    shop.send("checkout/", (asked := shop.wish(**SHIP)) | {"do": "slots"})
    first, *_others, last = re.findall(r'name="slot" value="([^"]+)"', shop.source)
    shop.send("checkout/", asked | {"slot": first})
    number = shop.went_to.split("/order/")[1].split("/")[0]
    path = changing(shop, number)
    assert re.search(rf'value="{first}" checked', shop.source)
    shop.send(path, {"do": "slot", "slot": last, "key": shop.field("key")})
    assert shop.status == 303, shop.page
    assert str(part_of(number).slot_id) == last
    changing(shop, number)
    shop.send(path, {"do": "slot", "slot": "nonsense", "key": shop.field("key")})
    assert shop.status == 422


# --- on its way


def test_what_the_carrier_tells_of_a_parcel_is_told_here(shop):
    number = ordered(shop, (CUP, 2), **SHIP)
    part = part_of(number)
    fulfillment.start_picking(part.id)
    fulfillment.pick(part.id, CUP, 2)
    assert not shop.look(f"order/{number}/").says("Carrier and number")
    carry_parcels.buy_label(part.id, "sandbox", label_id=new_id())
    carry_parcels.give_to_carrier(part.id, key="given")
    assert shop.look(f"order/{number}/").says("Carrier and number: Sandbox Post SB"), shop.page
    before = noticing.plugged()
    noticing.plug(lambda body, signature: carry_parcels.hear_carrier("sandbox", body, signature))
    try:
        with held_at(in_future(hours=21)):
            noticing.deliver_sandbox_notices()
    finally:
        noticing.plug(before)
    page = shop.look(f"order/{number}/").page
    assert page.index("The courier has it and comes today.") < page.index("With the carrier, on its way.")


# --- something else instead


def proposed(number: str, answer: str = SOFA_BLUE) -> str:
    """Whoever packs the order does not find the grey sofa."""
    part = part_of(number)
    fulfillment.start_picking(part.id)
    view = substitute.propose(part.id, Line(SOFA, 1), answer, substitution_id=new_id())
    return str(view.id)


def test_a_substitute_is_shown_with_its_price_and_taken_by_pressing_a_button(shop):
    number = ordered(shop, (SOFA, 1))
    proposal = proposed(number)
    shop.look(f"order/{number}/")
    assert shop.says("Will this do instead?")
    assert shop.says("We do not find 1 × Sofa, Grey.")
    assert shop.says("1 × Sofa, Blue , ISK129,900") or shop.says("1 × Sofa, Blue, ISK129,900")
    shop.send(f"order/{number}/instead/{proposal}/", {"answer": "yes"})
    assert shop.follow().says("Thank you. You get it instead")
    assert shop.says("1 × Sofa, Blue")
    assert not shop.says("Will this do instead?")
    shop.send(f"order/{number}/instead/{proposal}/", {"answer": "no"})
    assert shop.status == 409
    assert shop.says("This was answered already")


def test_who_would_rather_not_says_so(shop):
    number = ordered(shop, (SOFA, 1))
    proposal = proposed(number)
    shop.send(f"order/{number}/instead/{proposal}/", {"answer": "no"})
    assert shop.follow().says("All right, not that.")
    assert [line.sku for line in part_of(number).lines] == [SOFA]


def test_nobody_else_answers(shop):
    number = ordered(shop, (SOFA, 1))
    proposal = proposed(number)
    assert Shopper().send(f"order/{number}/instead/{proposal}/", {"answer": "yes"}).status == 404
    other = ordered(shop, (CUP, 1))
    assert shop.send(f"order/{other}/instead/{proposal}/", {"answer": "yes"}).status == 404
    assert [line.sku for line in part_of(number).lines] == [SOFA]
