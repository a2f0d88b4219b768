"""Money of an order goes back the way it came; couriers bring it, and gift cards that are sold are paid for first."""

from collections.abc import Iterator

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments import gift_cards, gift_codes, gift_ledger, payouts
from samband.commerce.payments import queries as payments
from samband.commerce.payments.providers.sandbox import tap
from samband.commerce.payments.refusals import MoreThanCaptured
from samband.customers.accounts.rules import Particulars
from samband.engagement.messaging import sending
from samband.flows import finish_order
from samband.flows.audit import audit
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, Outcome, Part, Tender, check_out
from samband.flows.check_out.sharing import ways_of
from samband.flows.gift_cards import (
    NotAllPaid,
    cancel_sold_gift_cards,
    issue_sold_gift_cards,
    mail_sold_gift_cards,
)
from samband.flows.hear_payment import collect_on_delivery
from samband.flows.refund_order import refund_order
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline.delivering import deliver
from tests.commerce.paying import at_once, days_go_by
from tests.worlds import CUP, LAMP, REYKJAVIK, SOFA, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
HERE = Part(kind="carry", location=REYKJAVIK)
SENT = Part(kind="ship", address=HOME)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    inventory.locations()
    yield
    while deliver():
        pass
    assert list(audit()) == []
    fresh_processes()


def kr(amount: int) -> Money:
    return Money(amount, "ISK")


def bought(*tenders: Tender, goods=((SOFA, 1),), part: Part = HERE, email: str = "") -> Outcome:
    cart = carts.open_cart("IS")
    for sku, quantity in goods:
        carts.put(cart.id, sku, quantity)
    seen = basket(cart.id, "pos", None, part.kind, ways=ways_of((part,)))
    assert seen.quote
    address = {"email": email or "anna@example.is", "name": "Anna"} if email or part.kind == "ship" else {}
    wish = Checkout(
        cart_id=cart.id, version=None, customer_id=None, channel="pos", language="is", parts=(part,), tenders=tenders,
        seen_total=seen.quote.total, sold_at=REYKJAVIK, **address,
    )  # fmt: skip
    outcome = check_out(wish, key=str(new_id()))
    assert outcome.state == "placed", outcome
    while deliver():
        pass
    return outcome


def held_to_the_terminal(amount: int | None = None) -> Tender:
    return Tender(method="card_present", token=tap("4242424242424242"), amount=None if amount is None else kr(amount))


def a_gift_card(amount: int) -> gift_cards.HandedOut:
    return gift_cards.issue_gift_card(new_id(), kr(amount), reason="goodwill")


class TestRefunds:
    def test_go_back_to_every_tender_and_the_order_notes_them(self):
        given = a_gift_card(29_900)
        outcome = bought(
            Tender(method="gift_card", token=given.code, amount=kr(29_900)),
            Tender(method="pay_later", plan="in-12", amount=kr(50_000)),
            Tender(method="cash", token="drawer-1", amount=kr(20_000)),
            held_to_the_terminal(),
        )
        assert orders.order(outcome.order_id).total == kr(129_900)
        refund = refund_order(outcome.order_id, kr(12_990), "price", key="r")
        assert (refund.back, refund.open, refund.refused) == (kr(10_990), kr(2_000), kr(0))
        assert gift_codes.look_at(given.code, "anna").balance == kr(2_990)
        payouts.pay_out(payouts.owed(outcome.order_id)[0].key)
        while deliver():
            pass
        assert orders.order(outcome.order_id).refunded == kr(12_990)
        again = refund_order(outcome.order_id, kr(12_990), "price", key="r")
        assert (again.back, again.open) == (kr(12_990), kr(0))

    def test_never_come_to_more_than_was_paid(self):
        outcome = bought(Tender(method="cash", amount=kr(29_900)), held_to_the_terminal())
        answers = at_once(4, lambda turn: refund_order(outcome.order_id, kr(50_000), "returned", key=f"r{turn}"))
        assert sum(isinstance(answer, MoreThanCaptured) for answer in answers) == 2

    def test_of_no_order_are_refused(self):
        with pytest.raises(OrderNotFound):
            refund_order(new_id(), kr(1), "returned", key="r")

    def test_of_an_order_that_is_cancelled_come_by_themselves(self):
        given = a_gift_card(29_900)
        outcome = bought(
            Tender(method="gift_card", token=given.code, amount=kr(29_900)), Tender(method="pay_later", plan="in-3"),
            part=Part(kind="pickup", location=REYKJAVIK), email="anna@example.is",
        )  # fmt: skip
        finish_order.cancel_order(outcome.order_id, "customer", key="c")
        assert gift_codes.look_at(given.code, "anna").balance == kr(29_900)
        with pytest.raises(MoreThanCaptured):
            refund_order(outcome.order_id, kr(1), "price", key="r")
        assert payments.balances([outcome.order_id])[outcome.order_id].refunded == 129_900


class TestOnDelivery:
    def test_the_courier_brings_the_money_once_everything_has_arrived(self):
        outcome = bought(Tender(method="on_delivery"), part=SENT)
        (payment,) = payments.wanted(outcome.order_id)
        assert payment.state == "authorised"
        collect_on_delivery(outcome.order_id)
        assert payments.wanted(outcome.order_id)[0].state == "authorised", "nothing has arrived yet"
        for view in fulfillments.of_order(outcome.order_id):
            fulfillment.start_picking(view.id)
            for line in view.lines:
                fulfillment.pick(view.id, line.sku, line.quantity)
            finish_order.ship(view.id, "post", "X1", key=f"s{view.id}")
            fulfillment.deliver(view.id)
        for _ in range(2):
            collect_on_delivery(outcome.order_id)
        (payment,) = payments.wanted(outcome.order_id)
        assert (payment.state, payment.captured) == ("captured", payment.amount)


class TestGiftCardsAsGoods:
    @pytest.fixture(autouse=True)
    def _sold(self, _house):
        gift_cards.save_gift_card_product(CUP, kr(5_000), lasts_days=1460)
        gift_cards.save_gift_card_product(CUP, Money(4_000, "EUR"))

    def cards(self, order_id):
        return gift_ledger.cards("where order_id = %s::uuid order by id", [order_id])

    def test_are_mailed_once_the_order_is_paid(self, mailoutbox):
        outcome = bought(held_to_the_terminal(), goods=((CUP, 2), (LAMP, 1)), email="anna@example.is")
        for _ in range(2):
            mail_sold_gift_cards(outcome.order_id)
        sending.send_due()
        (sent,) = [mail for mail in mailoutbox if "-" in mail.body and "5.000" in mail.body]
        codes = [word for word in sent.body.split() if gift_ledger.bare(word.strip("():"))]
        assert len(codes) == 2
        assert [gift_codes.look_at(code, "anna").balance for code in codes] == [kr(5_000)] * 2
        assert len(self.cards(outcome.order_id)) == 2
        assert all(one.expires_at for one in self.cards(outcome.order_id))

    def test_are_told_at_the_till_where_nobody_left_an_address(self):
        outcome = bought(held_to_the_terminal(), goods=((CUP, 1),))
        mail_sold_gift_cards(outcome.order_id)
        assert self.cards(outcome.order_id) == ()
        answers = at_once(4, lambda _: issue_sold_gift_cards(outcome.order_id))
        assert sum(bool(one.code) for (one,) in answers) == 1, "a code is told once"
        assert len(self.cards(outcome.order_id)) == 1

    def test_do_not_exist_before_they_are_paid(self):
        outcome = bought(Tender(method="on_delivery"), goods=((CUP, 1),), part=SENT)
        mail_sold_gift_cards(outcome.order_id)
        assert self.cards(outcome.order_id) == ()
        with pytest.raises(NotAllPaid):
            issue_sold_gift_cards(outcome.order_id)

    def test_of_an_order_that_is_off_can_no_longer_be_spent(self, mailoutbox):
        part = Part(kind="pickup", location=REYKJAVIK)
        outcome = bought(held_to_the_terminal(), goods=((CUP, 2),), part=part, email="anna@example.is")
        sending.send_due()
        code = next(word for mail in mailoutbox for word in mail.body.split() if gift_ledger.bare(word.strip("():")))
        spent = bought(Tender(method="gift_card", token=code, amount=kr(900)), held_to_the_terminal())
        finish_order.cancel_order(outcome.order_id, "customer", key="c")
        cancel_sold_gift_cards(outcome.order_id)
        assert cancel_sold_gift_cards(outcome.order_id) == 0
        assert [one.state for one in self.cards(outcome.order_id)] == ["cancelled"] * 2
        days_go_by(1)
        assert orders.order(spent.order_id).state in ("placed", "completed"), "what was bought with it is bought"

    def test_other_goods_and_other_currencies_are_none(self):
        gift_cards.drop_gift_card_product(CUP, "ISK")
        outcome = bought(held_to_the_terminal(), goods=((CUP, 1), (LAMP, 1)))
        assert issue_sold_gift_cards(outcome.order_id) == ()


def test_a_card_of_the_shop_works_at_the_till_too():
    """One gift card, every channel."""
    given = a_gift_card(2_000)
    bought(Tender(method="gift_card", token=given.code.lower(), amount=kr(1_490)), goods=((CUP, 1),))
    assert gift_codes.look_at(given.code, "till-1").balance == kr(510)
