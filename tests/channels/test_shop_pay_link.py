"""Paying by link: what was drafted at a till is paid on a phone, in any way, for as long as its goods are held."""

from datetime import timedelta

import pytest
from django.core import signing

from samband.commerce.cart import commands as carts
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import queries as orders
from samband.commerce.payments import gift_cards
from samband.commerce.payments import queries as payments
from samband.commerce.payments.providers import sandbox
from samband.flows.check_out import Checkout, Part, Tender, call_off, check_out, pay
from samband.flows.pay_link import SALT, link_to_pay
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.channels.shopper import Shopper
from tests.worlds import CUP, REYKJAVIK

PERSON = {"email": "anna@example.com", "name": "Anna Jónsdóttir", "phone": "+354 555 1234"}


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def drafted(*tenders: Tender, lasts: timedelta = timedelta(hours=2), language: str = "en") -> str:
    """A link to pay two cups that somebody of ours set aside for pickup, partly paid already with these tenders."""
    cart = carts.open_cart("IS")
    carts.put(cart.id, CUP, 2)
    outcome = check_out(
        Checkout(
            cart_id=cart.id, version=None, customer_id=None, channel="shop", language=language, **PERSON,
            parts=(Part(kind="pickup", location=REYKJAVIK),), tenders=(), seen_total=Money(2_980, "ISK"),
            patient=True, lasts=lasts,
        ),
        key=f"drafted-{new_id()}",
    )  # fmt: skip
    assert outcome.state == "awaiting"
    if tenders:
        pay(outcome.order_id, tenders, key="part", channel="shop")
    return link_to_pay(outcome.order_id, language, "IS")


def follow(shop: Shopper, link: str) -> str:
    """Open the link; its page's path below the storefront."""
    response = shop.client.get(link[link.index("/pay/") :])
    assert response.status_code == 302
    shop._read(shop.client.get(path := response.headers["Location"]))
    return path.partition(f"/{shop.front}/")[2]


def form(shop: Shopper, **more: str) -> dict[str, str]:
    asked = {name: shop.field(name) for name in ("key", "agreed")}
    asked |= {"card_number": "4242 4242 4242 4242", "card_expiry": "04/39", "card_cvc": "123"}
    return asked | more


def the_order():
    return orders.recent()[0]


def test_the_page_tells_what_is_bought_and_nothing_of_whom_it_is_for(shop):
    follow(shop, drafted())
    assert shop.status == 200
    assert shop.says("Pay your order")
    assert shop.says("2 × Cup ISK2,980")
    assert shop.says("Pay ISK2,980")
    assert shop.says("Your goods are set aside for you until")
    for private in PERSON.values():
        assert private not in shop.source


def test_the_link_is_opened_in_the_language_it_was_made_for(shop):
    link = drafted(language="is")
    assert shop.client.get(link[link.index("/pay/") :]).headers["Location"].startswith("/is-is/pay/")
    bare = link.partition("?")[0]
    assert shop.client.get(bare[bare.index("/pay/") :]).headers["Location"].startswith("/is-is/pay/")


def test_it_is_paid_by_card_on_a_phone_that_never_saw_the_cart(shop):
    path = follow(shop, drafted())
    shop.send(path, form(shop))
    assert shop.status == 303
    assert shop.follow().says("Thank you. It is paid.")
    assert the_order().state == "placed"
    assert not shop.says("To your order")
    assert shop.look(f"order/{the_order().number}/").status == 404


def test_sent_twice_it_is_paid_once(shop):
    path = follow(shop, drafted())
    asked = form(shop)
    shop.send(path, asked)
    shop.send(path, asked)
    assert shop.status in (200, 303)
    assert [one.amount.amount for one in payments.of_order(the_order().id)] == [2_980]


def test_what_was_paid_at_the_till_is_counted_and_the_rest_is_paid_here(shop):
    first = gift_cards.issue_gift_card(new_id(), Money(1_000, "ISK"), reason="goodwill").code
    path = follow(shop, drafted(Tender(method="gift_card", token=first, amount=Money(1_000, "ISK"))))
    assert shop.says("Left to pay ISK1,980")
    second = gift_cards.issue_gift_card(new_id(), Money(500, "ISK"), reason="goodwill").code
    shop.send(path, form(shop, do="gift", gift_code=second))
    assert shop.says("Left to pay ISK1,480")
    shop.send(path, form(shop, gift=second, share="500"))
    assert shop.follow().says("Thank you. It is paid.")
    assert sorted(one.amount.amount for one in payments.of_order(the_order().id)) == [500, 1_000, 1_480]


def test_a_declined_card_leaves_it_to_be_paid_in_another_way(shop):
    path = follow(shop, drafted())
    shop.send(path, form(shop, card_number="4000000000000002"))
    assert shop.status == 402
    assert shop.says("Your bank declined the card.")
    assert shop.says("Pay ISK2,980")
    shop.send(path, form(shop))
    assert shop.follow().says("Thank you. It is paid.")


def test_the_second_factor_leads_to_the_bank_and_back_to_this_page(shop):
    path = follow(shop, drafted())
    shop.send(path, form(shop, card_number="4000000000003220"))
    assert shop.went_to.startswith("/hooks/bank/")
    bank = shop.went_to
    assert shop.look(path).says("The bank waits for you")
    shop.client.post(bank, {"decision": "approve", "code": sandbox.SECOND_FACTOR})
    assert shop.look(path).says("Thank you. It is paid.")


def test_who_does_not_want_to_go_to_the_bank_after_all_chooses_anew(shop):
    path = follow(shop, drafted())
    shop.send(path, form(shop, card_number="4000000000003220"))
    shop.send(path, {"do": "another"})
    assert shop.follow().says("Pay ISK2,980")
    shop.send(path, form(shop))
    assert shop.follow().says("Thank you. It is paid.")


def test_a_bank_that_thinks_it_over_is_asked_again_by_the_page(shop):
    path = follow(shop, drafted())
    shop.send(path, form(shop, card_number="4000000000000119"))
    shop.follow()
    assert shop.says("Your bank is thinking it over")
    assert 'hx-trigger="every 2s"' in shop.source
    shop.look(path, headers={"HX-Request": "true"})
    assert "<html" not in shop.source


def test_a_transfer_is_offered_only_while_the_goods_wait_long_enough(shop, settings):
    settings.PAYEE_IBAN = "IS140159260076545510730339"
    follow(shop, drafted(lasts=timedelta(hours=2)))
    assert shop.says("Bank transfer : It takes too long.") or shop.says("Bank transfer: It takes too long.")
    path = follow(shop, drafted(lasts=timedelta(days=10)))
    shop.send(path, form(shop, pay="transfer"))
    shop.follow()
    assert shop.says("We wait for your transfer")
    assert shop.says("IS14 0159 2600 7654 5510 7303 39")
    shop.send(path, {"do": "another"})
    assert shop.follow().says("Pay your order")


@pytest.mark.parametrize("change", [{"agreed": "1"}, {"agreed": ""}, {"key": ""}, {"card_cvc": "1"}, {"pay": "cash"}])
def test_what_cannot_be_or_is_not_what_was_shown_takes_no_money(shop, change):
    path = follow(shop, drafted())
    shop.send(path, form(shop, **change))
    assert shop.status == 422
    assert 'role="alert"' in shop.source
    assert the_order().state == "draft"
    assert payments.of_order(the_order().id) == ()


def test_once_it_is_paid_the_link_says_so_and_takes_nothing_more(shop):
    path = follow(shop, link := drafted())
    asked = form(shop)
    shop.send(path, asked)
    late = Shopper()
    follow(late, link)
    assert late.says("Thank you. It is paid.")
    assert late.send(path, asked | {"key": "k" * 20}).says("Thank you. It is paid.")
    assert len(payments.of_order(the_order().id)) == 1


def test_once_its_goods_went_back_the_link_says_so_politely(shop):
    path = follow(shop, drafted())
    asked = form(shop)
    call_off(the_order().id, "abandoned")
    shop.send(path, asked)
    assert shop.says("This order cannot be paid any more")
    assert shop.says("nothing is asked of you")
    assert payments.of_order(the_order().id) == ()
    assert next(place.held for place in stock.available([CUP])[CUP] if place.location == REYKJAVIK) == 0


def test_a_hold_that_has_lapsed_is_told_even_before_anybody_called_it_off(shop):
    path = follow(shop, drafted(lasts=timedelta(minutes=30)))
    with held_at(now() + timedelta(minutes=31)):
        assert shop.send(path, form(shop)).says("This order cannot be paid any more")
        assert shop.look(path).says("This order cannot be paid any more")
    assert payments.of_order(the_order().id) == ()


@pytest.mark.parametrize(
    "token",
    ["nonsense", "a:b:c", pytest.param(signing.dumps(new_id().hex, salt="cart-handover"), id="of-a-cart"), "%00"],
)
def test_a_forged_link_is_refused_politely(shop, token):
    assert shop.client.get(f"/pay/{token}").status_code == 302
    shop.look(f"pay/{token}/")
    assert shop.status == 403
    assert shop.says("This link to pay is not one of ours, or it is too old.")
    assert shop.send(f"pay/{token}/").status == 403


def test_the_orders_own_page_leads_its_customer_to_where_it_is_paid(shop):
    link = drafted()
    number = the_order().number
    assert shop.look(f"order/{number}/").status == 404
    shop.client.cookies["samband_orders"] = signing.Signer(salt="shop.orders").sign(str(the_order().id))
    shop.look(f"order/{number}/")
    assert shop.went_to.startswith("/en-is/pay/")
    assert shop.follow().says("Pay your order")
    assert link


def test_a_link_to_an_order_that_there_is_not_is_told_so(shop):
    assert shop.look(f"pay/{signing.dumps(new_id().hex, salt=SALT, compress=False)}/").status == 404
