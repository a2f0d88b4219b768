"""An order paid in several parts: each stands for itself, together they never give back more than they took."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.payments import (
    asking,
    books,
    commands,
    gift_cards,
    gift_ledger,
    payouts,
    queries,
    reconciling,
    transfers,
)
from samband.commerce.payments.refusals import (
    MoreThanCaptured,
    OtherCurrency,
    PaymentUnderWay,
    UnknownRefundReason,
)
from samband.commerce.payments.rules import MOST_TENDERS
from samband.commerce.payments.spreading import Kept, spread
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused, Refusal
from tests.commerce.paying import Faulty, Killed, a_token, at_once, days_go_by, eur, standing_in, stands


class TestSpreading:
    KEPT = st.lists(st.integers(0, 10**6), min_size=1, max_size=6)

    @given(KEPT, st.data())
    def test_sums_exactly_and_nobody_gives_more_than_they_have(self, lefts, data):
        kept = [Kept(new_id(), left) for left in lefts]
        amount = data.draw(st.integers(1, max(sum(lefts), 1)))
        if amount > sum(lefts):
            with pytest.raises(MoreThanCaptured):
                spread(eur(amount), kept)
            return
        parts = dict(spread(eur(amount), kept))
        assert sum(part.amount for part in parts.values()) == amount
        for one in kept:
            part = parts.get(one.intent_id, eur(0)).amount
            assert 0 <= part <= one.left
            assert abs(part - amount * one.left / sum(lefts)) < 1, "in proportion, to the cent"

    @given(KEPT, st.lists(st.integers(1, 10**5), max_size=8))
    def test_after_any_series_that_comes_to_the_whole_nothing_is_left_anywhere(self, lefts, amounts):
        left = {new_id(): amount for amount in lefts}
        for amount in [*amounts, None]:
            whole = sum(left.values())
            taken = whole if amount is None else min(amount, whole)
            if taken:
                for key, part in spread(eur(taken), [Kept(*one) for one in left.items()]):
                    left[key] -= part.amount
        assert set(left.values()) == {0}


pytestmark = pytest.mark.django_db(transaction=True)


def paid(order, *tenders: tuple[str, int]) -> list:
    """Pay an order in parts, each in full and captured; the payments, tender by tender."""
    return [part(order, nth, method, amount) for nth, (method, amount) in enumerate(tenders, start=1)]


def part(order, tender: int, method: str, amount: int, capture: str = "automatic"):
    intent_id = new_id()
    provider = {"card": "sandbox", "card_present": "sandbox", "pay_later": "sandbox"}.get(method, method)
    plan = "in-3" if method == "pay_later" else ""
    commands.start(intent_id, order, amount, "EUR", method, provider, capture, tender=tender, plan=plan)
    token = {"gift_card": lambda: a_gift_card(amount), "card": a_token, "card_present": a_token}.get(method, str)
    asking.ask_to_authorise(intent_id, token())
    return intent_id


def a_gift_card(amount: int) -> str:
    return gift_cards.issue_gift_card(new_id(), eur(amount), reason="sold").code


def given_back(intents) -> list[int]:
    return [stands(one)[4] for one in intents]


def balanced() -> bool:
    return list(books.findings()) == []


class TestTenders:
    def test_any_mix_pays_one_order(self):
        order = new_id()
        intents = paid(
            order, ("card", 3000), ("card_present", 500), ("gift_card", 700), ("cash", 300), ("pay_later", 5000),
            ("on_delivery", 100),
        )  # fmt: skip
        assert [one.id for one in queries.wanted(order)] == intents
        assert queries.secured(order) == 9600
        assert queries.balances([order])[order].secured == 9600
        assert [one.plan for one in queries.wanted(order)] == ["", "", "", "", "in-3", ""]
        assert balanced()

    def test_each_has_one_live_payment(self):
        order = new_id()
        paid(order, ("card", 300))
        with pytest.raises(PaymentUnderWay):
            part(order, 1, "cash", 300)
        part(order, 2, "cash", 300)
        answers = at_once(5, lambda _: part(order, 3, "cash", 100))
        assert sum(isinstance(answer, PaymentUnderWay) for answer in answers) == 4
        assert queries.secured(order) == 700

    def test_one_that_is_declined_leaves_the_others_and_may_be_tried_again(self):
        order = new_id()
        paid(order, ("cash", 300))
        intent_id = new_id()
        commands.start(intent_id, order, 700, "EUR", "card", "sandbox", tender=2)
        asking.ask_to_authorise(intent_id, a_token("decline"))
        assert queries.secured(order) == 300
        part(order, 2, "card", 700)
        assert queries.secured(order) == 1000

    @pytest.mark.parametrize("tender", [0, -1, MOST_TENDERS + 1])
    def test_they_are_counted(self, tender):
        with pytest.raises(Invalid):
            part(new_id(), tender, "cash", 100)

    def test_what_is_let_go_or_given_back_is_not_secured(self):
        order = new_id()
        card, set_aside = part(order, 1, "card", 500), part(order, 2, "card", 400, "manual")
        asking.ask_to_refund(card, eur(200), "price", "r")
        asking.ask_to_void(set_aside, "v")
        assert queries.secured(order) == 300
        commands.abandon(card)
        assert queries.secured(order) == 0


class TestRefunds:
    def test_go_back_over_all_tenders_in_proportion(self):
        order = new_id()
        intents = paid(order, ("card", 6000), ("gift_card", 3000), ("pay_later", 3000))
        parts = asking.ask_to_refund_order(order, eur(1000), "returned", "r")
        assert [(one.intent_id, one.amount.amount, one.state) for one in parts] == [
            (intents[0], 500, "done"), (intents[1], 250, "done"), (intents[2], 250, "done"),
        ]  # fmt: skip
        assert balanced()

    def test_the_same_key_is_the_same_refund_also_when_others_came_between(self):
        order = new_id()
        intents = paid(order, ("card", 600), ("gift_card", 400))
        first = asking.ask_to_refund_order(order, eur(100), "returned", "r")
        asking.ask_to_refund(intents[0], eur(500), "price", "x")
        assert asking.ask_to_refund_order(order, eur(100), "returned", "r") == first
        assert given_back(intents) == [560, 40]
        for amount, reason in [(101, "returned"), (100, "price")]:
            with pytest.raises(KeyReused):
                asking.ask_to_refund_order(order, eur(amount), reason, "r")

    def test_at_once_with_one_key_it_is_one_and_with_several_never_too_much(self):
        order = new_id()
        intents = paid(order, ("card", 600), ("gift_card", 400))
        at_once(5, lambda _: asking.ask_to_refund_order(order, eur(300), "returned", "same"))
        assert sum(given_back(intents)) == 300
        answers = at_once(5, lambda turn: asking.ask_to_refund_order(order, eur(300), "returned", f"r{turn}"))
        assert sum(isinstance(answer, MoreThanCaptured) for answer in answers) == 3
        assert sum(given_back(intents)) == 900
        assert balanced()

    def test_what_a_person_has_to_hand_out_is_open_and_the_rest_done(self):
        order = new_id()
        intents = paid(order, ("card", 500), ("cash", 500))
        parts = asking.ask_to_refund_order(order, eur(1000), "returned", "r")
        assert [one.state for one in parts] == ["done", "open"]
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund_order(order, eur(1), "returned", "s")
        payouts.pay_out(payouts.owed(order)[0].key)
        assert [one.state for one in asking.ask_to_refund_order(order, eur(1000), "returned", "r")] == ["done", "done"]
        assert given_back(intents) == [500, 500]
        assert balanced()

    def test_one_that_is_refused_keeps_no_other_waiting_and_may_go_back_elsewhere(self):
        order = new_id()
        card = gift_cards.issue_gift_card(new_id(), eur(500), reason="sold")
        gift = new_id()
        commands.start(gift, order, 500, "EUR", "gift_card", "gift_card")
        asking.ask_to_authorise(gift, card.code)
        gift_cards.cancel_gift_card(card.card_id, "lost")
        other = part(order, 2, "card", 500)
        parts = asking.ask_to_refund_order(order, eur(200), "returned", "r")
        assert [(one.state, one.reason) for one in parts] == [("refused", "not_allowed"), ("done", "")]
        assert given_back([gift, other]) == [0, 100]
        assert balanced()

    def test_killed_between_two_tenders_the_rest_follows(self):
        order = new_id()
        with standing_in(Faulty()) as bank:
            intents = []
            for tender in (1, 2, 3):
                intent_id = new_id()
                commands.start(intent_id, order, 1000, "EUR", "card", "faulty", tender=tender)
                asking.ask_to_authorise(intent_id, a_token())
                intents.append(intent_id)
            bank.asked.clear()
            bank.fault = (Killed, "after")
            with pytest.raises(Killed):
                asking.ask_to_refund_order(order, eur(900), "returned", "r")
            assert bank.asked == ["refund"]
            assert given_back(intents) == [0, 0, 0]
            with pytest.raises(MoreThanCaptured):
                asking.ask_to_refund_order(order, eur(2101), "returned", "s")
            days_go_by(1)
            assert given_back(intents) == [300, 300, 300]
            assert bank.asked.count("refund") == 3
        assert balanced()

    def test_what_cannot_be_is_refused_and_nothing_has_changed(self):
        order = new_id()
        intents = paid(order, ("card", 600), ("cash", 400))
        for amount, reason, refusal in [
            (eur(1001), "returned", MoreThanCaptured),
            (eur(0), "returned", Invalid),
            (eur(-1), "returned", Invalid),
            (Money(100, "ISK"), "returned", OtherCurrency),
            (eur(1), "because Anna asked", UnknownRefundReason),
        ]:
            with pytest.raises(refusal):
                asking.ask_to_refund_order(order, amount, reason, "r")
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund_order(new_id(), eur(1), "returned", "r")
        assert given_back(intents) == [0, 0]
        assert payouts.owed() == ()

    def test_of_an_order_that_is_off_everything_goes_back_by_itself_and_nothing_twice(self):
        order = new_id()
        card, cash = paid(order, ("card", 600), ("cash", 400))
        asking.ask_to_refund_order(order, eur(100), "price", "r")
        commands.abandon_order(order)
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund_order(order, eur(1), "price", "s")
        for _ in range(2):
            days_go_by(1)
            for one in payouts.owed(order):
                payouts.pay_out(one.key)
        assert given_back([card, cash]) == [600, 400]
        assert balanced()


METHODS = ("card", "gift_card", "cash", "transfer", "pay_later", "on_delivery")
FAULTS = st.sampled_from([None, None, None, (Killed, "before"), (Killed, "after"), (TimeoutError, "after")])
DEEDS = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from(METHODS), st.integers(2000, 6000)),
    st.tuples(st.just("refund"), st.just(""), st.integers(1, 9000)),
    st.tuples(st.just("comes"), st.just(""), st.integers(1, 7000)),
    st.tuples(
        st.sampled_from(["reconcile", "undo", "hand_out", "deliver", "off", "give_up", "again"]),
        st.just(""),
        st.just(0),
    ),
)


class TestMachine:
    """Several tenders of one order over a bad line, with refunds, late transfers and second thoughts."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(DEEDS, FAULTS), max_size=14))
    def test_whatever_happens_the_tenders_and_the_books_agree_in_the_end(self, deeds):
        order, cards, refunds = new_id(), {}, []
        with standing_in(Faulty()) as bank:
            for turn, ((deed, method, amount), fault) in enumerate(deeds):
                bank.fault = fault
                with suppress(Refusal, Killed):
                    self.do(order, turn, deed, method, amount, cards, refunds)
                bank.fault = None
                assert balanced()
                self.within(order)
            for _ in range(2):
                days_go_by(9, every_seconds=31)
                for one in payouts.owed(order):
                    payouts.pay_out(one.key)
            self.ended(order, cards)

    def do(self, order, turn, deed, method, amount, cards, refunds) -> None:
        if deed == "refund":
            refunds.append((amount, f"r{turn}"))
        {
            "pay": lambda: self.pay(order, turn, method, amount, cards),
            "refund": lambda: self.refund(order, refunds),
            "again": lambda: self.refund(order, refunds),
            "comes": lambda: self.come(f"b{turn}", amount),
            "hand_out": lambda: [payouts.pay_out(one.key) for one in payouts.owed(order)],
            "deliver": lambda: self.deliver(order),
            "give_up": lambda: [commands.abandon(one.id) for one in queries.wanted(order)[-1:]],
            "off": lambda: commands.abandon_order(order),
            "reconcile": reconciling.reconcile,
            "undo": reconciling.undo_unwanted,
        }[deed]()

    def pay(self, order, turn, method, amount, cards) -> None:
        intent_id = new_id()
        provider = "faulty" if method in ("card", "pay_later") else method
        plan = "in-3" if method == "pay_later" else ""
        commands.start(intent_id, order, amount, "EUR", method, provider, tender=turn % 4 + 1, plan=plan)
        token = ""
        if method == "gift_card":
            card = gift_cards.issue_gift_card(new_id(), eur(4000), reason="sold")
            cards[card.card_id], token = 4000, card.code
        elif method == "card":
            token = a_token()
        asking.ask_to_authorise(intent_id, token)

    def refund(self, order, refunds) -> None:
        for amount, key in refunds[-1:]:
            asking.ask_to_refund_order(order, eur(amount), "returned", key)

    def come(self, entry, amount) -> None:
        for transfer in transfers.waiting()[:1]:
            transfers.note_transfer(transfer.reference, eur(amount), entry_id=entry)

    def deliver(self, order) -> None:
        for one in queries.wanted(order):
            if one.method == "on_delivery":
                asking.ask_to_capture(one.id, one.open, "delivered")

    def within(self, order) -> None:
        for one in queries.of_order(order):
            assert 0 <= one.refunded.amount <= one.captured.amount <= one.authorised.amount <= one.amount.amount
        wanted = queries.wanted(order)
        assert len({one.tender for one in wanted}) == len(wanted)
        assert queries.secured(order) == sum(one.open.amount + one.kept.amount for one in wanted)

    def ended(self, order, cards) -> None:
        """Nothing hangs, unwanted money is gone, and what left the gift cards is what the payments kept of them."""
        assert balanced()
        mine = {one.id for one in queries.of_order(order)}
        assert [one for one in queries.unsettled(1000) if one.intent_id in mine and one.state == "open"] == []
        assert payouts.owed(order) == ()
        for one in queries.of_order(order):
            if not one.wanted:
                assert (one.open.amount, one.kept.amount) == (0, 0)
        spent = sum(one.kept.amount for one in queries.of_order(order) if one.method == "gift_card")
        left = sum(
            card.balance.amount + card.held.amount
            for card in gift_ledger.cards("where id = any(%s::uuid[])", [list(cards)])
        )
        assert left + spent == sum(cards.values())
