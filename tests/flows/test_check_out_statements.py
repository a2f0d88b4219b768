"""How many statements a checkout takes, so that nobody adds one unawares."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.bench.assortment import COUNTRY, MARKET, sku, stock_up
from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import conditions
from samband.commerce.inventory import queries as inventory
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Part, Tender, check_out
from samband.timeline.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

AGREEING = 11
"""Key, cart, earlier drafts, goods, stock, prices, whom and where, hold, draft, payment, and one for what is told."""

AT_THE_BANK = 1
SETTLING = 6
"""The payment, the order, the hold, the fulfillment, the cart, and one for what is told."""

HOME = Particulars(name="Anna", line1="High Street 1", city="York", country=COUNTRY, postcode="YO1 7HH")


@pytest.fixture(autouse=True)
def _house(transactional_db):
    forget()
    stock_up(2)
    inventory.locations()  # what a process remembers is remembered now
    conditions.conditions()
    yield
    forget()


def forget() -> None:
    inventory.forget_locations()
    pricing.forget()
    conditions.forget()


def wish(card: str = "4242424242424242", method: str = "ship") -> Checkout:
    cart = carts.open_cart(MARKET)
    for number in (1, 2):
        carts.add(cart.id, sku(number), 1)
    seen = basket(cart.id, "api", None, method)
    assert seen.quote
    return Checkout(
        cart_id=cart.id, version=seen.cart.version, customer_id=None, channel="api", language="en",
        email="anna@example.is", name="Anna",
        parts=(Part(kind=method, address=HOME if method == "ship" else None,
                    location="YRK" if method == "pickup" else None),),
        tenders=(Tender(method="card", token=tokenise(card, "12/40", "123")),),
        seen_total=seen.quote.total,
    )  # fmt: skip


def statements(asked: Checkout, key: str = "k") -> tuple[str, list[str]]:
    with CaptureQueriesContext(connection) as said:
        outcome = check_out(asked, key=key)
    told = [" ".join(query["sql"].split()) for query in said]
    # The log writes transactions down beside the statements.
    return outcome.state, [text for text in told if text not in ("BEGIN", "COMMIT")]


def test_an_order_that_is_shipped_takes_eighteen():
    state, said = statements(wish())
    assert state == "placed"
    assert len(said) == AGREEING + AT_THE_BANK + SETTLING, [text[:90] for text in said]


def test_one_that_is_picked_up_takes_as_many():
    state, said = statements(wish(method="pickup"))
    assert state == "placed"
    assert len(said) == AGREEING + AT_THE_BANK + SETTLING, [text[:90] for text in said]


def test_looking_at_a_cart_takes_four():
    cart = carts.open_cart(MARKET)
    carts.add(cart.id, sku(1), 1)
    with CaptureQueriesContext(connection) as said:
        basket(cart.id, "api", None, "ship")
    assert len(said) == 4


def test_what_is_owed_to_nobody_is_not_owed():
    before = set(Delivery.objects.values_list("pk", flat=True))
    statements(wish())
    owed = Delivery.objects.exclude(pk__in=before).values_list("reaction", flat=True)
    assert sorted(owed) == [
        "flows.send_gift_cards", "know_customers.know_contacts", "listening.tell_touchpoints",
        "messaging.confirm_order",
    ]  # fmt: skip


def test_a_card_that_is_declined_and_a_repeat_take_no_more_than_they_did():
    asked = wish(card="4000000000000002")
    state, said = statements(asked)
    assert state == "declined"
    assert len(said) <= 28, [text[:90] for text in said]
    state, said = statements(asked)
    assert state == "declined"
    assert len(said) <= 5, [text[:90] for text in said]
