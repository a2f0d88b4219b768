"""An offer for a segment reaches whoever is in it and agreed to be chosen for offers."""

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promotions import Percent, Promotion
from samband.customers.accounts import commands as accounts
from samband.customers.consent import commands as consent
from samband.customers.consent.deciding import Address
from samband.customers.identity import commands as identity
from samband.customers.segments import commands as segments
from samband.customers.segments import filling, writing
from samband.customers.touchpoints.shapes import HOUSE, Note
from samband.flows.basket import basket
from samband.flows.follow_customers import follow
from samband.flows.take_in_touchpoints import note
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier
from samband.kernel.money import Money
from tests import worlds
from tests.worlds import CUP

LOOKERS = "segment: lookers\nnames: {en: Lookers}\nwho: {did: {event: Product Viewed, within_days: 30}}"


@pytest.fixture
def world(db):
    yield worlds.small_world()
    worlds.fresh_processes()


@pytest.fixture
def she(world):
    """Somebody with an account who looked at something, and a cart with a cup in it."""
    customer_id = accounts.register("she@customer.example", source="shop", market="IS")
    cart = carts.open_cart("IS", customer_id)
    carts.put(cart.id, CUP, 1)
    account = Identifier("account", str(customer_id))
    note(HOUSE, Note(message="1", event="Product Viewed", identifiers=[account], occurred_at=now(), channel="shop"))
    segments.apply(writing.read(LOOKERS))
    while filling.fill_next() or identity.resolve() or follow():
        pass
    return account, cart.id


def offer() -> None:
    deal = Percent(1000)
    pricing.save_promotion(Promotion(code="lookers", deal=deal, segments=frozenset({"lookers"})))


def off(cart_id) -> Money:
    quote = basket(cart_id, "shop").quote
    return quote.discount if quote else Money(0, "ISK")


def agree(account: Identifier, granted: bool = True) -> None:
    consent.say(Address.of(account), "profiling", granted, source="choices", channel="shop")


def test_it_is_theirs_once_they_agreed_and_no_longer_once_they_refuse(she):
    account, cart_id = she
    offer()
    assert not off(cart_id)
    agree(account)
    assert off(cart_id)
    agree(account, False)
    assert not off(cart_id)


def test_whoever_is_in_no_such_segment_pays_what_everybody_pays(she):
    account, _ = she
    agree(account)
    offer()
    other = carts.open_cart("IS", accounts.register("other@customer.example", source="shop", market="IS"))
    carts.put(other.id, CUP, 1)
    assert not off(other.id)
    guest = carts.open_cart("IS")
    carts.put(guest.id, CUP, 1)
    assert not off(guest.id)
