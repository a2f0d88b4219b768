"""Coins in a drawer and money at the door: taken when we write it down, given back when somebody has handed it out."""

import pytest
from django.db import transaction

from samband.commerce.payments import asking, books, commands, payouts, queries, reconciling
from samband.commerce.payments.commands import Begun
from samband.commerce.payments.refusals import MoreThanCaptured, PaymentNotOpen
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentRefunded
from samband.kernel.ids import new_id
from tests.commerce.paying import days_go_by, eur, stands, told

pytestmark = pytest.mark.django_db(transaction=True)


def begun(method: str, amount: int = 1000):
    intent_id = new_id()
    commands.start(intent_id, new_id(), amount, "EUR", method, method)
    return intent_id


def balanced() -> bool:
    return list(books.findings()) == []


class TestCash:
    def test_is_taken_at_once_into_a_drawer(self):
        intent_id = begun("cash")
        assert isinstance(asking.ask_to_authorise(intent_id, "drawer-7"), PaymentCaptured)
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert queries.intent(intent_id).provider_reference == "cash drawer-7"
        assert balanced()

    def test_may_be_taken_inside_the_transaction_of_a_sale_and_is_undone_with_it(self):
        intent_id = new_id()

        def sell() -> None:
            commands.start(intent_id, new_id(), 1000, "EUR", "cash", "cash", asking=True)
            begun = Begun(commands.authorise_key(intent_id), eur(1000), True, "cash", "cash")
            commands.note_answer(intent_id, asking.put(begun, "drawer-7"))

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            sell()
            raise ZeroDivisionError
        assert queries.recent() == ()
        with transaction.atomic():
            sell()
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)

    def test_goes_back_once_somebody_has_handed_it_out(self):
        intent_id = begun("cash")
        asking.ask_to_authorise(intent_id, "drawer-7")
        order = queries.intent(intent_id).order_id
        assert asking.ask_to_refund(intent_id, eur(400), "returned", "r") is None
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund(intent_id, eur(601), "returned", "s")
        (one,) = payouts.owed(order)
        assert (one.amount, one.provider, one.paid_at) == (eur(400), "cash", None)
        by = new_id()
        assert isinstance(payouts.pay_out(one.key, by=by, place="drawer-7"), PaymentRefunded)
        assert payouts.owed(order) == ()
        assert stands(intent_id) == ("partly_refunded", 1000, 1000, 0, 400)
        assert asking.ask_to_refund(intent_id, eur(400), "returned", "r").amount == 400
        assert balanced()

    def test_of_an_order_that_is_off_waits_to_be_handed_out(self):
        intent_id = begun("cash")
        asking.ask_to_authorise(intent_id, "drawer-7")
        commands.abandon_order(queries.intent(intent_id).order_id)
        days_go_by(3)
        assert stands(intent_id)[4] == 0
        (one,) = payouts.owed()
        assert balanced()
        payouts.pay_out(one.key)
        assert stands(intent_id) == ("refunded", 1000, 1000, 0, 1000)
        assert balanced()

    def test_killed_before_it_was_noted_it_was_never_taken(self):
        intent_id = begun("cash")
        commands.begin_authorising(intent_id)
        days_go_by(1)
        assert queries.intent(intent_id).decline_reason == "no_answer"
        assert balanced()


class TestOnDelivery:
    def test_is_promised_and_taken_at_the_door(self):
        intent_id = begun("on_delivery")
        assert isinstance(asking.ask_to_authorise(intent_id, ""), PaymentAuthorised)
        assert stands(intent_id) == ("authorised", 1000, 0, 0, 0), "whatever was asked for, nothing has been taken"
        asking.ask_to_capture(intent_id, eur(1000), "delivered")
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert balanced()

    def test_of_an_order_that_is_off_nobody_collects(self):
        intent_id = begun("on_delivery")
        asking.ask_to_authorise(intent_id, "")
        commands.abandon_order(queries.intent(intent_id).order_id)
        reconciling.undo_unwanted()
        assert stands(intent_id) == ("voided", 1000, 0, 1000, 0)
        with pytest.raises(PaymentNotOpen):
            asking.ask_to_capture(intent_id, eur(1000), "delivered")
        assert told(intent_id) == ["Started", "Authorised", "Voided"]
        assert balanced()

    def test_taken_inside_a_transaction_it_is_taken_or_not_with_it(self):
        intent_id = begun("on_delivery")
        asking.ask_to_authorise(intent_id, "")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            asking.ask_to_capture(intent_id, eur(1000), "delivered")
            raise ZeroDivisionError
        assert stands(intent_id) == ("authorised", 1000, 0, 0, 0)
        assert balanced()
