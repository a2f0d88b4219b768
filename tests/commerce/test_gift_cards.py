"""Gift cards: a ledger of our own behind the door of a bank. What is on a card is spent once, whoever asks at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.payments import asking, books, commands, gift_cards, gift_codes, gift_ledger, queries
from samband.commerce.payments.models import GiftCardEntry
from samband.commerce.payments.providers import Approved, Ask
from samband.commerce.payments.providers.gift_card import GiftCards
from samband.commerce.payments.refusals import (
    GiftCardClosed,
    GiftCardExists,
    GiftCardInUse,
    GiftCardShort,
    MoreThanCaptured,
    OtherCurrency,
    ProviderRefused,
    TooManyCodes,
    UnknownGiftCard,
)
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentDeclined
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.ids import READABLE, new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal
from samband.timeline import queries as timeline
from tests.commerce.paying import Killed, at_once, days_go_by, eur, stands
from tests.undefended import undefend

pytestmark = pytest.mark.django_db(transaction=True)


def issued(amount: int = 5000, **how) -> gift_cards.HandedOut:
    return gift_cards.issue_gift_card(new_id(), eur(amount), reason="sold", **how)


def on(card: gift_cards.HandedOut) -> tuple[int, int]:
    """What can be spent of it, and what is set aside."""
    found = gift_ledger.by_code(card.code)
    return found.balance.amount, found.held.amount


def begun(amount: int, capture: str = "automatic", order=None, currency: str = "EUR"):
    intent_id = new_id()
    commands.start(intent_id, order or new_id(), amount, currency, "gift_card", "gift_card", capture)
    return intent_id


def paid(card: gift_cards.HandedOut, amount: int, capture: str = "automatic"):
    intent_id = begun(amount, capture)
    return intent_id, asking.ask_to_authorise(intent_id, card.code)


def balanced() -> bool:
    return list(books.findings()) == []


@pytest.mark.parametrize("kind", ["authorise", "refund", "void", "capture"])
def test_one_deed_asked_for_twice_at_once_is_done_once_and_told_alike(kind):
    """Who waits for the card while another does the very same must not hear that it cannot be done."""
    card = issued(2000)
    intent_id = begun(2000, "automatic" if kind == "refund" else "manual")
    charge, key = commands.authorise_key(intent_id), f"{intent_id}:{kind}:once"
    provider = GiftCards()
    ask = Ask(charge, eur(2000), card.code, kind == "refund", return_url="/", language="en")
    deeds = {
        "authorise": lambda: provider.authorise(ask),
        "refund": lambda: provider.refund(charge, eur(2000), key),
        "void": lambda: provider.void(charge, key),
        "capture": lambda: provider.capture(charge, eur(2000), key),
    }
    if kind != "authorise":
        provider.authorise(ask)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            gift_ledger.by_code(card.code, lock=True)
            asked = pool.submit(at_once, 2, lambda _: deeds[kind]())
            time.sleep(0.5)  # both have seen that it was not done, and wait for the card
        answers = asked.result(30)
    assert [type(one) for one in answers] == [Approved, Approved]
    assert GiftCardEntry.objects.filter(key=charge if kind == "authorise" else key).count() == 1


class TestIssuing:
    def test_a_code_is_told_once_and_kept_nowhere(self):
        card = issued()
        bare = gift_ledger.bare(card.code)
        assert len(bare) == 16
        assert set(bare) <= set(READABLE)
        assert card.last4 == bare[-4:]
        with connection.cursor() as cursor:
            cursor.execute("select row_to_json(c)::text from payments_giftcard c")
            (kept,) = cursor.fetchone()
        assert bare not in kept
        again = gift_cards.issue_gift_card(card.card_id, eur(5000), reason="sold")
        assert (again.code, again.last4, again.amount) == ("", card.last4, card.amount)
        assert on(card) == (5000, 0)
        assert [one.name for one in timeline.of_subject(f"card:{card.card_id}")] == ["payments.GiftCardIssued"]

    def test_another_amount_under_the_same_id_is_refused(self):
        card = issued()
        for amount in (eur(6000), Money(5000, "ISK")):
            with pytest.raises(GiftCardExists):
                gift_cards.issue_gift_card(card.card_id, amount, reason="sold")

    @pytest.mark.parametrize("amount", [0, -5, 10**10])
    def test_it_has_an_amount(self, amount):
        with pytest.raises(Invalid):
            issued(amount)

    def test_it_is_for_one_of_the_listed_reasons_and_expires_later_than_now(self):
        with pytest.raises(Invalid):
            gift_cards.issue_gift_card(new_id(), eur(1), reason="for Anna")
        with pytest.raises(Invalid):
            issued(expires_at=now())

    def test_many_at_once_with_one_id_are_one_card(self):
        card_id = new_id()
        answers = at_once(5, lambda _: gift_cards.issue_gift_card(card_id, eur(100), reason="sold"))
        assert sum(bool(answer.code) for answer in answers) == 1
        assert balanced()


class TestCodes:
    @pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code} "])
    def test_are_read_however_they_are_typed(self, typed):
        card = issued()
        assert gift_codes.look_at(typed(card.code), "anna").balance == eur(5000)

    @pytest.mark.parametrize("typed", ["", "x", "0" * 16, "A" * 500, "\x00", "É" * 16, "7K2P-QXMN-44TH-9VWX"])
    def test_that_are_none_open_nothing(self, typed):
        issued()
        with pytest.raises(UnknownGiftCard):
            gift_codes.look_at(typed, "anna")

    def test_whoever_guesses_is_held_up_and_nobody_else(self):
        card = issued()
        for _ in range(gift_codes.WRONG_ALLOWED):
            with pytest.raises(UnknownGiftCard):
                gift_codes.look_at("7K2P-QXMN-44TH-9VWX", "mallory")
        with pytest.raises(TooManyCodes):
            gift_codes.look_at(card.code, "mallory")
        assert gift_codes.look_at(card.code, "anna").balance == eur(5000)
        with held_at(now() + gift_codes.WINDOW + timedelta(seconds=1)):
            assert gift_codes.look_at(card.code, "mallory").balance == eur(5000)

    def test_guessing_at_the_checkout_is_held_up_too(self):
        card, order = issued(), new_id()
        for _ in range(gift_codes.WRONG_ALLOWED):
            event = asking.ask_to_authorise(begun(100, order=order), "7K2P-QXMN-44TH-9VWX")
            assert isinstance(event, PaymentDeclined)
            assert event.reason == "unknown_gift_card"
        event = asking.ask_to_authorise(begun(100, order=order), card.code)
        assert event.reason == "too_many_gift_card_codes"
        assert isinstance(asking.ask_to_authorise(begun(100), card.code), PaymentCaptured)

    def test_who_guessed_is_kept_as_a_hash_and_soon_forgotten(self):
        with suppress(UnknownGiftCard):
            gift_codes.look_at("nope", "198.51.100.7")
        with connection.cursor() as cursor:
            cursor.execute("select asker from payments_giftcardtry")
            ((asker,),) = cursor.fetchall()
        assert "198.51" not in asker
        assert gift_codes.forget_tries() == 0
        with held_at(in_future(minutes=16)):
            assert gift_codes.forget_tries() == 1


class TestPaying:
    def test_part_of_it_is_spent_and_the_rest_stays(self):
        card = issued()
        intent_id, event = paid(card, 1800)
        assert isinstance(event, PaymentCaptured)
        assert on(card) == (3200, 0)
        assert queries.intent(intent_id).paid_with == f"gift {card.last4}"
        assert balanced()

    def test_set_aside_spent_in_part_and_the_rest_let_go(self):
        card = issued()
        intent_id, event = paid(card, 1800, "manual")
        assert isinstance(event, PaymentAuthorised)
        assert on(card) == (3200, 1800)
        asking.ask_to_capture(intent_id, eur(1000), "c")
        assert on(card) == (3200, 800)
        asking.ask_to_void(intent_id, "v")
        assert on(card) == (4000, 0)
        assert stands(intent_id) == ("captured", 1800, 1000, 800, 0)
        assert balanced()

    def test_a_refund_goes_back_to_the_card(self):
        card = issued()
        intent_id, _ = paid(card, 1800)
        asking.ask_to_refund(intent_id, eur(500), "returned", "r")
        asking.ask_to_refund(intent_id, eur(500), "returned", "r")
        assert on(card) == (3700, 0)
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund(intent_id, eur(1301), "returned", "s")
        assert balanced()

    @pytest.mark.parametrize(
        ("amount", "currency", "reason"),
        [(5001, "EUR", GiftCardShort.code), (100, "ISK", OtherCurrency.code)],
    )
    def test_more_than_is_on_it_or_another_currency_is_declined(self, amount, currency, reason):
        card = issued()
        event = asking.ask_to_authorise(begun(amount, currency=currency), card.code)
        assert isinstance(event, PaymentDeclined)
        assert event.reason == reason
        assert on(card) == (5000, 0)

    def test_many_at_once_spend_no_more_than_is_on_it(self):
        card = issued(1000)
        intents = [begun(300) for _ in range(6)]
        events = at_once(6, lambda i: asking.ask_to_authorise(intents[i], card.code))
        assert sum(isinstance(event, PaymentCaptured) for event in events) == 3
        assert on(card) == (100, 0)
        assert balanced()

    def test_the_same_authorisation_at_once_is_one(self):
        card = issued(1000)
        intent_id = begun(300)
        key = commands.begin_authorising(intent_id)
        answers = at_once(5, lambda _: asking.put(key, card.code))
        assert {type(answer).__name__ for answer in answers} == {"Approved"}
        assert on(card) == (700, 0)

    def test_killed_after_the_card_was_charged_it_is_found(self, monkeypatch):
        card = issued(1000)
        intent_id = begun(300)

        def die(*_, **__):
            raise Killed

        with monkeypatch.context() as dying:
            dying.setattr(commands, "note_answer", die)
            with pytest.raises(Killed):
                asking.ask_to_authorise(intent_id, card.code)
        assert on(card) == (700, 0)
        assert stands(intent_id)[0] == "processing"
        days_go_by(1)
        assert stands(intent_id) == ("captured", 300, 300, 0, 0)
        assert on(card) == (700, 0)
        assert balanced()

    def test_of_an_order_that_is_called_off_it_comes_back(self):
        card = issued(1000)
        intent_id, _ = paid(card, 300)
        commands.abandon_order(queries.intent(intent_id).order_id)
        days_go_by(1)
        assert on(card) == (1000, 0)
        assert balanced()


class TestTheEndOfACard:
    def test_expired_it_can_no_longer_be_spent(self):
        card = issued(expires_at=in_future(days=365))
        with held_at(in_future(days=366)):
            _, event = paid(card, 100)
            assert event.reason == GiftCardClosed.code, "also before the chore has come by"
            assert gift_cards.expire_gift_cards() == 1
            assert gift_cards.expire_gift_cards() == 0
            assert gift_ledger.by_code(card.code).state == "expired"
            assert on(card) == (0, 0)
        names = [one.name for one in timeline.of_subject(f"card:{card.card_id}")]
        assert names[0] == "payments.GiftCardExpired"
        assert balanced()

    def test_what_comes_back_to_an_expired_card_can_be_spent_for_a_while(self):
        card = issued(expires_at=in_future(days=10))
        intent_id, _ = paid(card, 1800)
        with held_at(in_future(days=11)):
            gift_cards.expire_gift_cards()
            asking.ask_to_refund(intent_id, eur(500), "returned", "r")
            assert on(card) == (500, 0)
            assert isinstance(paid(card, 100)[1], PaymentCaptured)
        with held_at(in_future(days=11) + gift_ledger.GRACE + timedelta(days=1)):
            assert gift_cards.expire_gift_cards() == 1
            assert on(card) == (0, 0)
        assert balanced()

    def test_what_is_set_aside_when_it_expires_is_still_spent(self):
        card = issued(expires_at=in_future(days=10))
        intent_id, _ = paid(card, 1800, "manual")
        with held_at(in_future(days=11)):
            gift_cards.expire_gift_cards()
            assert on(card) == (0, 1800)
            asking.ask_to_capture(intent_id, eur(1800), "c")
            assert on(card) == (0, 0)
        assert balanced()

    def test_cancelled_it_can_neither_be_spent_nor_given_back_to(self):
        card = issued()
        intent_id, _ = paid(card, 1800)
        assert gift_cards.cancel_gift_card(card.card_id, "lost").amount == 3200
        assert gift_cards.cancel_gift_card(card.card_id, "lost").amount == 0
        assert paid(card, 100)[1].reason == GiftCardClosed.code
        with pytest.raises(ProviderRefused):
            asking.ask_to_refund(intent_id, eur(500), "returned", "r")
        assert on(card) == (0, 0)
        assert balanced()

    def test_one_that_is_being_spent_is_not_cancelled(self):
        card = issued()
        paid(card, 1800, "manual")
        with pytest.raises(GiftCardInUse):
            gift_cards.cancel_gift_card(card.card_id, "lost")
        assert on(card) == (3200, 1800)

    def test_an_amount_can_be_put_right(self):
        card = issued()
        for _ in range(2):
            gift_cards.adjust_gift_card(card.card_id, eur(-1500), "mistake", key="k")
        assert on(card) == (3500, 0)
        with pytest.raises(GiftCardShort):
            gift_cards.adjust_gift_card(card.card_id, eur(-3501), "mistake", key="l")
        with pytest.raises(OtherCurrency):
            gift_cards.adjust_gift_card(card.card_id, Money(100, "ISK"), "mistake", key="m")
        assert balanced()


class TestBooks:
    def test_the_ledger_is_append_only_and_a_card_is_not_overspent(self):
        card = issued()
        for statement in (
            "update payments_giftcardentry set amount = 1",
            "delete from payments_giftcardentry",
            "update payments_giftcard set balance = -1",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert on(card) == (5000, 0)

    @pytest.mark.parametrize(
        "damage",
        [
            "update payments_giftcard set balance = balance + 1",
            "update payments_giftcard set held = held + 1",
            "update payments_giftcardentry set amount = amount - 1 where kind = 'redeem'",
            "delete from payments_giftcardentry where kind = 'redeem'",
            "update payments_giftcard set state = 'cancelled' where balance > 0",
        ],
    )
    def test_find_what_does_not_balance(self, damage):
        card = issued()
        paid(card, 1800)
        assert balanced()
        with transaction.atomic(), connection.cursor() as cursor:
            undefend(cursor, "payments_giftcard", "payments_giftcardentry")
            cursor.execute(damage)
            found = list(books.findings())
            transaction.set_rollback(True)
        assert found
        assert balanced()


DEEDS = st.one_of(
    st.tuples(st.sampled_from(["pay", "set_aside"]), st.integers(1, 700)),
    st.tuples(st.sampled_from(["capture", "refund"]), st.integers(1, 700)),
    st.tuples(st.just("adjust"), st.integers(-300, 300)),
    st.tuples(st.sampled_from(["void", "off", "expire", "cancel", "chores"]), st.just(0)),
)


class TestMachine:
    @settings(max_examples=40, deadline=None)
    @given(st.lists(DEEDS, max_size=14))
    def test_whatever_is_done_with_a_card_its_ledger_sums_to_what_is_on_it(self, deeds):
        start = now()
        card = issued(1000, expires_at=start + timedelta(days=30))
        intents, at, put_on = [], start, 1000
        for turn, (deed, amount) in enumerate(deeds):
            with held_at(at), suppress(Refusal):
                last = intents[-1] if intents else None
                if deed in ("pay", "set_aside"):
                    intents.append(paid(card, amount, "automatic" if deed == "pay" else "manual")[0])
                elif deed == "adjust":
                    if gift_cards.adjust_gift_card(card.card_id, eur(amount), "mistake", key=str(turn)):
                        put_on += amount
                elif deed == "cancel":
                    gift_cards.cancel_gift_card(card.card_id, "lost")
                elif deed == "expire":
                    at += timedelta(days=31)
                elif deed == "chores":
                    gift_cards.expire_gift_cards()
                elif last and deed == "off":
                    commands.abandon_order(queries.intent(last).order_id)
                elif last and deed == "void":
                    asking.ask_to_void(last, f"v{turn}")
                elif last and deed in ("capture", "refund"):
                    ask = asking.ask_to_capture if deed == "capture" else asking.ask_to_refund
                    words = () if deed == "capture" else ("returned",)
                    ask(last, eur(amount), *words, f"k{turn}")
            assert balanced()
            found = gift_ledger.by_code(card.code)
            spent = sum(queries.intent(one).captured.amount - queries.intent(one).refunded.amount for one in intents)
            assert found.balance.amount >= 0
            assert found.balance.amount + found.held.amount + spent <= put_on
        with held_at(at):
            days_go_by(1)
        assert balanced()
