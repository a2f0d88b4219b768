"""A cart goes from the till to the phone and back: by a code, and only to whom it may."""

from uuid import UUID

import pytest
from django.core import signing

from samband.commerce.cart import commands as carts
from samband.commerce.cart import queries
from samband.flows.cart_handover import SALT, cart_in, hand_out, link_to
from samband.kernel.ids import new_id
from tests.channels.shopper import Shopper
from tests.worlds import CUP, LAMP


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def at_the_till(*lines: tuple[str, int]) -> str:
    """The path of a link to a cart that was filled at a till."""
    cart = carts.open_cart("IS")
    for sku, quantity in lines:
        carts.put(cart.id, sku, quantity)
    return link_to(hand_out(cart.id)[0])


def scan(shop: Shopper, link: str) -> Shopper:
    """Open the link with the phone's camera, and go where it leads."""
    response = shop.client.get(link[link.index("/cart/") :])
    assert response.status_code == 302
    return shop._read(shop.client.get(response.headers["Location"]))


def take(shop: Shopper, **more: str) -> Shopper:
    path = shop.response.request["PATH_INFO"].removeprefix(f"/{shop.front}/")
    return shop.send(path, more)


def test_what_was_scanned_at_the_till_is_shown_first_and_then_it_is_in_this_browser(shop):
    scan(shop, at_the_till((CUP, 2), (LAMP, 1)))
    assert shop.says("Take this cart over")
    assert shop.says("2 × Cup ISK2,980")
    assert shop.look("cart/").says("There is nothing in your cart yet.")
    scan(shop, link := at_the_till((CUP, 2)))
    assert take(shop).went_to == "/en-is/cart/?taken"
    assert shop.follow().says("The cart is here now.")
    assert shop.says("2 × Cup")
    assert scan(shop, link).went_to == "/en-is/cart/"


def test_it_stays_one_cart_for_both(shop):
    link = at_the_till((CUP, 2))
    take(scan(shop, link))
    shop.put(LAMP)
    lines = queries.cart(cart_in(link.rpartition("/")[2])).lines
    assert [(line.sku, line.quantity) for line in lines] == [(CUP, 2), (LAMP, 1)]


@pytest.mark.parametrize(("together", "lamps"), [("1", True), ("", False)])
def test_what_a_guest_had_here_goes_along_if_they_like(shop, together, lamps):
    shop.put(LAMP).put(CUP, 1)
    scan(shop, at_the_till((CUP, 2)))
    assert shop.says("Put the 2 pieces that you have here with it")
    take(shop, together=together)
    shop.look("cart/")
    assert shop.says("2 × Cup")
    assert shop.says("1 × Lamp") == lamps


def test_for_somebody_who_is_signed_in_it_becomes_part_of_their_own(shop):
    shop.sign_in().put(LAMP)
    scan(shop, link := at_the_till((CUP, 2)))
    assert shop.says("It becomes part of your own cart")
    take(shop)
    assert shop.look("cart/").says("2 × Cup")
    assert shop.says("1 × Lamp")
    assert queries.cart(cart_in(link.rpartition("/")[2])).state == "joined"


def test_the_cart_of_somebody_who_is_signed_in_is_nobody_elses(shop):
    shop.sign_in().put(LAMP)
    link = link_to(hand_out(carried(shop))[0])
    stranger = Shopper()
    scan(stranger, link)
    assert stranger.status == 403
    assert stranger.says("This cart belongs to somebody who is signed in.")
    assert not stranger.says("Lamp")
    assert take(stranger).status == 403
    assert stranger.look("cart/").says("There is nothing in your cart yet.")


def carried(shop: Shopper) -> UUID:
    """The cart that the browser carries."""
    return UUID(signing.Signer(salt="shop.cart").unsign(shop.client.cookies["samband_cart"].value))


@pytest.mark.parametrize(
    "forged",
    ["nonsense", "a:b:c", pytest.param(signing.dumps(str(new_id()), salt="other"), id="signed for another"), "%00"],
)
def test_a_code_that_is_not_ours_is_refused_politely_in_the_visitors_language(shop, forged):
    shop.look("")
    assert shop.client.get(f"/cart/take/{forged}").headers["Location"].startswith("/en-")
    shop.look(f"cart/take/{forged}/")
    assert shop.status == 403
    assert shop.says("This code for a cart is not one of ours")


def test_a_cart_that_is_gone_or_ordered_is_told_so(shop):
    shop.look(f"cart/take/{signing.dumps(str(new_id()), salt=SALT, compress=False)}/")
    assert shop.status == 404
    shop.put(CUP)
    token, _until = hand_out(carried(shop))
    shop.send("checkout/", shop.wish())
    assert shop.look(f"cart/take/{token}/").status == 409
    assert shop.says("This cart was ordered already.")


def test_the_till_takes_this_cart_by_a_picture_that_nobody_keeps(shop):
    assert shop.look("cart/hand-over/").went_to == "/en-is/cart/"
    assert shop.look("cart/hand-over/code.svg").status == 404
    shop.put(CUP, 3).look("cart/hand-over/")
    assert shop.says("the 3 pieces in your cart are there at once")
    assert 'src="/en-is/cart/hand-over/code.svg"' in shop.source
    shop.look("cart/hand-over/code.svg")
    assert shop.response.headers["Content-Type"] == "image/svg+xml"
    assert shop.response.headers["Cache-Control"] == "private, no-store"
    assert shop.source.startswith("<?xml")
    assert "style=" not in shop.source
