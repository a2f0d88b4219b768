"""Any sequence of answers, captures, refunds, voids, faults and second thoughts ends in books that balance."""

from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.payments import asking, books, commands, noticing, queries, reconciling
from samband.commerce.payments.providers import sandbox
from samband.commerce.payments.rules import (
    UNDECIDED,
    Approved,
    Challenge,
    Declined,
    Standing,
    Unclear,
    after_authorising,
    after_operation,
    state_of,
)
from samband.flows.hear_payment import hear_payment
from samband.kernel.clock import held_at, now
from samband.kernel.refusal import Refusal
from samband.timeline import queries as timeline
from tests.commerce.paying import CARD, Faulty, Killed, a_token, begun, days_go_by, eur, standing_in

ANSWERS = st.sampled_from(
    [
        Approved("r"),
        Approved("r", captured=True),
        Approved("r", amount=eur(1000)),
        Declined("no"),
        Challenge("r", "/x"),
        Unclear(),
    ]
)


class TestRules:
    @given(st.lists(ANSWERS, max_size=12))
    def test_the_first_approval_is_the_only_one_that_moves_money(self, answers):
        stands, moves = Standing(1000, "EUR", "created"), []
        for answer in answers:
            step = after_authorising(stands, answer)
            if step is None:
                continue
            moves += step.moved
            assert step.now != stands, "a step is news"
            if stands.authorised:
                raise AssertionError("nothing an answer says moves money that is set aside")
            stands = step.now
        approvals = [answer for answer in answers if isinstance(answer, Approved)]
        finals = [answer for answer in answers if isinstance(answer, Approved | Declined)]
        assert [kind for kind, _ in moves].count("authorise") == bool(approvals)
        if approvals:
            assert stands.authorised == 1000
            assert stands.captured == (1000 if approvals[0].captured else 0)
            assert stands.stray == isinstance(finals[0], Declined), "what comes after a no is not wanted"
        elif finals:
            assert stands.state == "declined"
        else:
            assert stands.state in UNDECIDED

    @given(st.lists(st.tuples(st.sampled_from(["capture", "void", "refund"]), st.integers(1, 1000)), max_size=15))
    def test_amounts_are_the_sums_of_what_moved_and_make_the_state(self, operations):
        step = after_authorising(Standing(1000, "EUR", "created"), Approved("r"))
        stands, sums = step.now, {"authorise": 1000, "capture": 0, "void": 0, "refund": 0}
        for kind, amount in operations:
            if amount > {"capture": stands.open, "refund": stands.kept, "void": amount}[kind] or (
                kind == "void" and not stands.open
            ):
                continue
            step = after_operation(stands, kind, amount, "why")
            stands = step.now
            for moved, much in step.moved:
                sums[moved] += much
        assert (stands.authorised, stands.captured, stands.voided, stands.refunded) == tuple(sums.values())
        assert stands.open >= 0
        assert stands.kept >= 0
        assert stands.state == state_of(replace(stands, state="created"))


DEEDS = st.one_of(
    st.tuples(st.just("capture"), st.integers(1, 1200)),
    st.tuples(st.just("refund"), st.integers(1, 1200)),
    st.sampled_from(
        [
            ("void",),
            ("answer", "approved"),
            ("answer", "declined"),
            ("answer", "unclear"),
            ("ask",),
            ("approve",),
            ("reject",),
            ("notices",),
            ("reconcile",),
            ("abandon",),
            ("undo",),
        ]
    ),
)
FAULTS = st.sampled_from([None, None, None, (Killed, "before"), (Killed, "after"), (TimeoutError, "after")])


@pytest.mark.django_db(transaction=True)
class TestMachine:
    @settings(max_examples=60, deadline=None)
    @given(
        behaviour=st.sampled_from([*sorted(CARD), "approve", "approve", "late", *["second_factor"] * 4]),
        capture=st.sampled_from(["automatic", "manual"]),
        first_fault=FAULTS,
        deeds=st.lists(st.tuples(DEEDS, FAULTS), max_size=10),
    )
    def test_whatever_happens_the_books_balance_in_the_end(self, behaviour, capture, first_fault, deeds):
        with standing_in(Faulty()) as bank:
            intent_id = begun(capture=capture, provider="faulty")
            bank.fault = first_fault
            with suppress(Killed):
                asking.ask_to_authorise(intent_id, a_token(behaviour))
            start = now()
            for turn, (deed, fault) in enumerate(deeds):
                bank.fault = fault
                with held_at(max(start, now())):
                    do(bank, intent_id, turn, *deed)
                assert list(books.findings()) == []
                within(intent_id)
            bank.fault = None
            before = noticing.plugged()
            noticing.plug(lambda body, signature: hear_payment("faulty", body, signature))
            try:
                days_go_by(3)
                noticing.deliver_sandbox_notices()
                days_go_by(3)
            finally:
                noticing.plug(before)
            ended(intent_id)


def do(bank, intent_id, turn, deed, *more) -> None:
    """One turn; a refusal or a kill is part of the game."""
    intent = queries.intent(intent_id)
    reference = intent.provider_reference
    moves = {
        "capture": lambda amount: asking.ask_to_capture(intent_id, eur(amount), f"c{turn}"),
        "refund": lambda amount: asking.ask_to_refund(intent_id, eur(amount), "returned", f"r{turn}"),
        "void": lambda: asking.ask_to_void(intent_id, f"v{turn}"),
        "answer": lambda kind: tell_again(bank, intent_id, kind),
        "ask": lambda: asking.ask_how_it_stands(intent_id),
        "approve": lambda: sandbox.approve(reference, "1234"),
        "reject": lambda: sandbox.reject(reference),
        "notices": lambda: [hear_payment("faulty", owed.body, owed.signature) for owed in sandbox.due_notices()],
        "reconcile": reconciling.reconcile,
        "abandon": lambda: commands.abandon(intent_id),
        "undo": lambda: asking.undo(intent_id),
    }
    with suppress(Refusal, Killed):
        moves[deed](*more)


def tell_again(bank, intent_id, kind) -> None:
    """An answer that comes again, or too late: only what a bank that keeps its word could have said at some time."""
    truth = bank.look_up(commands.authorise_key(intent_id))
    if kind == "unclear":
        commands.note_answer(intent_id, Unclear())
    elif (kind == "approved" and isinstance(truth, Approved)) or (kind == "declined" and isinstance(truth, Declined)):
        commands.note_answer(intent_id, truth)


def within(intent_id) -> None:
    intent = queries.intent(intent_id)
    assert 0 <= intent.refunded.amount <= intent.captured.amount
    assert intent.captured.amount + intent.voided.amount <= intent.authorised.amount <= 1000


def ended(intent_id) -> None:
    """Nothing hangs, the ledger, the events and the bank say the same, and unwanted money is gone."""
    assert list(books.findings()) == []
    assert [op for op in queries.unsettled(1000) if op.intent_id == intent_id and op.state == "open"] == []
    intent = queries.intent(intent_id)
    if not intent.wanted:
        assert intent.open.amount == 0
        assert intent.kept.amount == 0
    assert intent.state not in UNDECIDED
    story = timeline.of_subject(f"intent:{intent_id}", most=200)
    told = {
        kind: sum(entry.payload["amount"] for entry in story if entry.name == f"payments.Payment{kind}")
        for kind in ("Captured", "Refunded", "Voided")
    }
    if not intent.stray:
        assert told["Captured"] == intent.captured.amount
    assert told["Refunded"] == intent.refunded.amount
    assert told["Voided"] == intent.voided.amount
    with connection.cursor() as cursor:
        cursor.execute(
            "select authorised, captured, voided, refunded from payments_sandboxcharge where key = %s",
            [commands.authorise_key(intent_id)],
        )
        at_the_bank = cursor.fetchone()
    ours = (intent.authorised.amount, intent.captured.amount, intent.voided.amount, intent.refunded.amount)
    assert at_the_bank in (ours, None)
    if at_the_bank is None:
        assert ours == (0, 0, 0, 0)
