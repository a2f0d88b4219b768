"""One cart checked out by many at once is one attempt after the other: it holds its goods once."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction

from samband.commerce.cart import commands as carts
from samband.commerce.cart import queries as cart_queries
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.commerce.payments.providers.sandbox import approve
from samband.customers.accounts import commands as accounts
from samband.flows.audit import audit
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out, come_back
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal
from tests.commerce.paying import at_once
from tests.worlds import CUP, LAMP, PRICES, REYKJAVIK, SOFA, card, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

SECOND_FACTOR = "4000000000003220"


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    inventory.locations()
    yield
    fresh_processes()


def wish(number: str = SECOND_FACTOR) -> Checkout:
    cart = carts.open_cart("IS")
    carts.add(cart.id, SOFA, 1)
    carts.add(cart.id, CUP, 2)
    seen = basket(cart.id, "api", None, "pickup")
    assert seen.quote
    return Checkout(
        cart_id=cart.id, version=None, customer_id=None, channel="api", language="en", email="anna@example.com",
        name="Anna", parts=(Part(kind="pickup", location=REYKJAVIK),), tenders=by(number), seen_total=seen.quote.total,
    )  # fmt: skip


def by(number: str) -> tuple[Tender, ...]:
    return (Tender(method="card", token=card(number)),)


def held(sku: str) -> int:
    return next(place.held for place in inventory.available([sku])[sku] if place.location == REYKJAVIK)


def test_eight_at_once_leave_one_draft_and_one_hold() -> None:
    asked = wish()
    answers = at_once(8, lambda i: check_out(replace(asked, tenders=by(SECOND_FACTOR)), key=f"try-{i}"))
    assert all(isinstance(answer, Outcome) for answer in answers), answers
    (draft,) = orders.drafts_of_cart(asked.cart_id)
    assert (held(SOFA), held(CUP)) == (1, 2)
    assert len({answer.order_id for answer in answers}) == 8
    assert {orders.order(answer.order_id).state for answer in answers if answer.order_id != draft} == {"cancelled"}
    (intent,) = payments.wanted(draft)
    approve(intent.challenge_url.rsplit("/", 1)[-1], "1234")
    assert come_back(draft).state == "placed"
    assert carts_state(asked) == "ordered"
    assert (held(SOFA), held(CUP)) == (1, 2)


def test_a_cart_that_is_paid_at_once_by_many_is_sold_once() -> None:
    asked = wish("4242424242424242")
    answers = at_once(6, lambda i: check_out(replace(asked, tenders=by("4242424242424242")), key=f"try-{i}"))
    placed = {answer.order_id for answer in answers if isinstance(answer, Outcome) and answer.state == "placed"}
    assert len(placed) == 1, answers
    assert (held(SOFA), held(CUP)) == (1, 2)
    assert {orders.order(order_id).state for order_id in placed} == {"placed"}, "what a shopper was told stays true"
    assert orders.drafts_of_cart(asked.cart_id) == ()
    assert list(audit()) == []


def carts_state(asked: Checkout) -> str:
    return basket(asked.cart_id, "api", None, "pickup").cart.state


def test_what_was_put_in_while_the_bank_was_asked_is_ordered_another_time():
    """The cart goes on with what is left, and its next order is as good as the first."""
    cart = carts.open_cart("IS")
    carts.put(cart.id, CUP, 1)
    first = check_out(_wish(cart.id, 1, SECOND_FACTOR), key="first")
    carts.put(cart.id, CUP, 3)
    approve(first.url.rsplit("/", 1)[-1], "1234")
    assert come_back(first.order_id).state == "placed"
    assert [(line.sku, line.quantity) for line in cart_queries.cart(cart.id).lines] == [(CUP, 2)]
    assert check_out(_wish(cart.id, 2, "4242424242424242"), key="second").state == "placed"
    assert cart_queries.cart(cart.id).state == "ordered"
    assert list(audit()) == []


def test_a_cart_that_joined_another_while_it_was_paid_is_taken_out_of_that():
    customer = _customer()
    cart, own = carts.open_cart("IS"), carts.open_cart("IS", customer)
    carts.put(cart.id, CUP, 1)
    carts.put(own.id, LAMP, 1)
    first = check_out(_wish(cart.id, 1, SECOND_FACTOR), key="first")
    carts.join(cart.id, customer)
    approve(first.url.rsplit("/", 1)[-1], "1234")
    assert come_back(first.order_id).state == "placed"
    assert [(line.sku, line.quantity) for line in cart_queries.cart(own.id).lines] == [(LAMP, 1)]
    assert list(audit()) == []


def test_what_a_guest_began_to_pay_is_not_paid_again_once_they_are_known():
    """They sign in in another tab, where their cart is part of their own, and pay there."""
    customer = _customer()
    cart, own = carts.open_cart("IS"), carts.open_cart("IS", customer)
    carts.put(cart.id, CUP, 2)
    first = check_out(_wish(cart.id, 2, SECOND_FACTOR), key="first")
    carts.join(cart.id, customer)
    assert cart_queries.parts(own.id) == (cart.id,)
    second = check_out(_wish(own.id, 2, "4242424242424242", customer), key="second")
    assert second.state == "placed"
    with suppress(Refusal):
        approve(first.url.rsplit("/", 1)[-1], "1234")
    assert come_back(first.order_id).state != "placed"
    assert orders.order(first.order_id).state == "cancelled"
    assert held(CUP) == 2
    assert list(audit()) == []


def test_what_a_guest_paid_before_is_out_of_the_cart_that_theirs_became_part_of():
    customer = _customer()
    cart, own = carts.open_cart("IS"), carts.open_cart("IS", customer)
    carts.put(cart.id, CUP, 2)
    first = check_out(_wish(cart.id, 2, SECOND_FACTOR), key="first")
    carts.join(cart.id, customer)
    approve(first.url.rsplit("/", 1)[-1], "1234")
    answers = at_once(2, lambda i: (
        come_back(first.order_id) if i else check_out(_wish(own.id, 2, "4242424242424242", customer), key="second")
    ))  # fmt: skip
    placed = [one for one in answers if isinstance(one, Outcome) and one.state == "placed"]
    assert len(placed) == 1, answers
    assert held(CUP) == 2
    assert list(audit()) == []


def _wish(cart_id: UUID, cups: int, number: str, customer: UUID | None = None) -> Checkout:
    return Checkout(
        cart_id=cart_id, version=None, customer_id=customer, channel="shop", language="is", email="anna@example.com",
        name="Anna", parts=(Part(kind="pickup", location=REYKJAVIK),),
        tenders=(Tender(method="card", token=card(number)),), seen_total=Money(cups * PRICES[CUP]["ISK"], "ISK"),
    )  # fmt: skip


def _customer() -> UUID:
    with transaction.atomic():
        return accounts.register("anna@example.com", source="shop", language="is", market="IS")
