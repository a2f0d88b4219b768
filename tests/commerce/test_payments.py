"""Money is set aside, taken, let go and given back: never twice, never too much, whatever the bank answers and when."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from samband.commerce.payments import asking, books, commands, noticing, queries, reconciling
from samband.commerce.payments.providers import Ask, Notice
from samband.commerce.payments.providers.sandbox import Sandbox, tokenise
from samband.commerce.payments.refusals import (
    CardRefused,
    Forged,
    MoreThanAuthorised,
    MoreThanCaptured,
    OtherAmount,
    OtherCurrency,
    PaymentNotFound,
    PaymentNotOpen,
    PaymentUnderWay,
    ProviderRefused,
    ReturnAddressRefused,
    UnknownMethod,
    UnknownProvider,
    UnknownRefundReason,
)
from samband.commerce.payments.rules import REFUND_REASONS, Approved, Challenge, Declined, Unclear
from samband.events.orders import OrderCancelled
from samband.events.payments import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentChallenged,
    PaymentDeclined,
    PaymentRefunded,
)
from samband.flows.hear_payment import hear_payment
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline import record
from samband.timeline.delivering import deliver
from tests.commerce.paying import (
    CARD,
    Faulty,
    Killed,
    a_token,
    asked,
    at_once,
    begun,
    days_go_by,
    eur,
    standing_in,
    stands,
    told,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def faulty():
    with standing_in(Faulty()) as provider:
        yield provider


@pytest.fixture
def heard_here():
    """The sandbox bank reaches us in the same process."""
    before = noticing.plugged()
    letters: list[bytes] = []

    def send(body: bytes, signature: str) -> None:
        letters.append(body)
        hear_payment("sandbox", body, signature)

    noticing.plug(send)
    yield letters
    noticing.plug(before)


def balanced() -> bool:
    assert list(books.findings()) == []
    return True


class TestCards:
    @pytest.mark.parametrize(
        ("capture", "event", "state"),
        [
            ("manual", PaymentAuthorised, ("authorised", 1000, 0, 0, 0)),
            ("automatic", PaymentCaptured, ("captured", 1000, 1000, 0, 0)),
        ],
    )
    def test_a_good_card_is_approved(self, capture, event, state):
        intent_id = begun(capture=capture)
        assert isinstance(asking.ask_to_authorise(intent_id, a_token()), event)
        assert stands(intent_id) == state
        intent = queries.intent(intent_id)
        assert intent.paid_with == "visa 4242"
        assert intent.provider_reference.startswith("ch_")
        assert balanced()

    @pytest.mark.parametrize(
        ("behaviour", "reason"), [("decline", "card_declined"), ("insufficient_funds", "insufficient_funds")]
    )
    def test_a_bad_card_is_declined(self, behaviour, reason):
        intent_id = begun()
        event = asking.ask_to_authorise(intent_id, a_token(behaviour))
        assert event == PaymentDeclined(intent_id=intent_id, order_id=queries.intent(intent_id).order_id, reason=reason)
        assert stands(intent_id) == ("declined", 0, 0, 0, 0)
        assert told(intent_id) == ["Started", "Declined"]
        assert balanced()

    def test_numbers_are_kept_nowhere(self):
        for behaviour in CARD:
            asked(behaviour)
        with connection.cursor() as cursor:
            cursor.execute("select table_name from information_schema.tables where table_name like 'payments_%'")
            tables = [row[0] for row in cursor.fetchall()] + ["timeline_entry"]
            kept = ""
            for table in tables:
                cursor.execute(f"select coalesce(string_agg({table}::text, ' '), '') from {table}")
                kept += cursor.fetchone()[0]
        assert "4242" in kept
        for number in CARD.values():
            assert number not in kept
            assert number not in a_token("approve")

    @pytest.mark.parametrize(
        ("number", "expiry", "cvc", "field", "reason"),
        [
            ("4242 4242 4242 4241", "12/99", "123", "number", "malformed"),
            ("", "12/99", "123", "number", "malformed"),
            ("4" * 40, "12/99", "123", "number", "malformed"),
            ("4111111111111111", "12/99", "123", "number", "not_a_test_card"),
            ("4242424242424242", "13/99", "123", "expiry", "malformed"),
            ("4242424242424242", "10/26", "123", "expiry", "expired"),
            ("4242424242424242", "12/99", "12", "cvc", "malformed"),
            ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "12/99", "123", "number", "malformed"),
        ],
    )
    def test_a_mistyped_or_real_card_is_refused_and_says_where(self, number, expiry, cvc, field, reason):
        with held_at(datetime(2026, 11, 21, tzinfo=UTC)), pytest.raises(CardRefused) as refusal:
            tokenise(number, expiry, cvc)
        assert refusal.value.details == {"field": field, "reason": reason}

    def test_a_card_is_good_until_the_end_of_its_month(self):
        with held_at(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)):
            assert tokenise("4242-4242-4242-4242", " 11 / 2026 ", "1234")

    @pytest.mark.parametrize("token", ["", "tok_", "tok_AAAA.bb", "tok_é.é", "x" * 10_000])
    def test_a_forged_token_declines(self, token):
        intent_id = begun()
        event = asking.ask_to_authorise(intent_id, token)
        assert isinstance(event, PaymentDeclined)
        assert event.reason == "card_invalid"

    def test_a_token_changed_on_the_way_declines(self):
        good, bad = a_token("approve"), a_token("decline")
        event = asking.ask_to_authorise(begun(), good.partition(".")[0] + "." + bad.partition(".")[2])
        assert isinstance(event, PaymentDeclined)


class TestStarting:
    def test_an_order_has_one_live_payment(self):
        order = new_id()
        first = begun(order=order)
        with pytest.raises(PaymentUnderWay):
            begun(order=order)
        asking.ask_to_authorise(first, a_token("decline"))
        second = begun(order=order)
        asking.ask_to_authorise(second, a_token())
        with pytest.raises(PaymentUnderWay):
            begun(order=order)
        assert [intent.id for intent in queries.wanted(order)] == [second]
        assert [intent.state for intent in queries.of_order(order)] == ["declined", "authorised"]

    def test_two_that_start_at_once_are_one(self):
        order = new_id()
        answers = at_once(6, lambda _: begun(order=order))
        assert sum(isinstance(answer, PaymentUnderWay) for answer in answers) == 5

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"amount": 0}, Invalid),
            ({"amount": -5}, Invalid),
            ({"currency": "XXX"}, Invalid),
            ({"capture": "never"}, Invalid),
            ({"method": "shells"}, UnknownMethod),
            ({"provider": "nobody"}, UnknownProvider),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, changes, refusal):
        wish = {"amount": 1, "currency": "EUR", "method": "card", "provider": "sandbox", "capture": "manual"}
        with pytest.raises(refusal):
            commands.start(new_id(), new_id(), **{**wish, **changes})

    def test_methods_have_names_in_five_languages(self):
        for method in queries.methods("IS", "shop", eur(5000), ("ship",)):
            assert set(method.names) == {"en", "is", "pl", "lv", "el"}, method
            assert all(set(plan.names) == set(method.names) for plan in method.plans)


class TestAnswers:
    """However late, however often, in whatever order."""

    @pytest.mark.parametrize("again", [Approved("r"), Declined("late"), Challenge("r", "/x"), Unclear()])
    def test_what_is_approved_stays_so(self, again):
        intent_id = asked()
        before, story = stands(intent_id), told(intent_id)
        event = commands.note_answer(intent_id, again)
        assert isinstance(event, PaymentAuthorised)
        assert (stands(intent_id), told(intent_id)) == (before, story)
        assert balanced()

    @pytest.mark.parametrize("again", [Declined("other"), Challenge("r", "/x"), Unclear()])
    def test_what_is_declined_stays_so(self, again):
        intent_id = asked("decline")
        assert commands.note_answer(intent_id, again).reason == "card_declined"
        assert told(intent_id) == ["Started", "Declined"]

    def test_a_captured_payment_never_becomes_declined(self):
        intent_id = asked(capture="automatic")
        assert isinstance(commands.note_answer(intent_id, Declined("late")), PaymentCaptured)
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)

    def test_an_approval_in_another_currency_or_of_another_amount_is_refused(self):
        intent_id = begun()
        for amount, refusal in ((Money(1000, "ISK"), OtherCurrency), (eur(999), OtherAmount), (eur(1001), OtherAmount)):
            with pytest.raises(refusal):
                commands.note_answer(intent_id, Approved("r", amount=amount))
        assert stands(intent_id) == ("created", 0, 0, 0, 0)
        with pytest.raises(PaymentNotFound):
            commands.note_answer(new_id(), Approved("r"))

    def test_many_tell_the_same_at_once_and_it_is_heard_once(self):
        intent_id = begun()
        answers = at_once(8, lambda _: commands.note_answer(intent_id, Approved("r", captured=True)))
        assert all(isinstance(answer, PaymentCaptured) for answer in answers)
        assert told(intent_id) == ["Started", "Authorised", "Captured"]
        assert [move.kind for move in queries.movements(intent_id)] == ["authorise", "capture"]

    def test_asked_twice_the_bank_is_asked_once(self, faulty):
        intent_id = begun(provider="faulty")
        first = asking.ask_to_authorise(intent_id, a_token())
        assert asking.ask_to_authorise(intent_id, a_token()) == first
        assert faulty.asked == ["authorise"]

    def test_a_double_click_sets_money_aside_once(self):
        intent_id = begun()
        at_once(4, lambda _: asking.ask_to_authorise(intent_id, a_token()))
        days_go_by()
        assert stands(intent_id) == ("authorised", 1000, 0, 0, 0)
        assert told(intent_id) == ["Started", "Authorised"]
        assert balanced()


class TestLateAndTwice:
    def test_a_late_answer_comes_by_notice(self, heard_here):
        intent_id = begun()
        with held_at(moment := now()):
            assert asking.ask_to_authorise(intent_id, a_token("late")) is None
            assert noticing.deliver_sandbox_notices() == 0
            assert asking.ask_how_it_stands(intent_id) is None
        assert stands(intent_id)[0] == "processing"
        with held_at(moment + timedelta(seconds=4)):
            assert noticing.deliver_sandbox_notices() == 1
        assert stands(intent_id) == ("authorised", 1000, 0, 0, 0)
        assert balanced()

    def test_a_late_answer_is_found_without_its_notice(self):
        intent_id = asked("late", capture="automatic")
        with held_at(in_future(seconds=31)):
            reconciling.reconcile()
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)

    def test_a_notice_that_comes_twice_is_heard_once(self, heard_here):
        intent_id = asked("twice", capture="automatic")
        assert noticing.deliver_sandbox_notices() == 2
        assert heard_here[0] == heard_here[1]
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert told(intent_id) == ["Started", "Authorised", "Captured"]
        assert noticing.deliver_sandbox_notices() == 0

    def test_a_notice_that_was_not_taken_comes_again(self):
        before = noticing.plugged()
        taken: list[bytes] = []

        def send(body: bytes, signature: str) -> None:
            if len(taken) == 0 and not failed:
                failed.append(1)
                raise ConnectionError
            taken.append(body)

        failed: list[int] = []
        noticing.plug(send)
        try:
            asked("late")
            with held_at(in_future(seconds=4)):
                assert noticing.deliver_sandbox_notices() == 0
            with held_at(in_future(seconds=15)):
                assert noticing.deliver_sandbox_notices() == 1
        finally:
            noticing.plug(before)
        assert len(taken) == 1

    def test_a_forged_or_foreign_notice_changes_nothing(self, heard_here):
        intent_id = asked("late")
        body = b'{"id":"1","key":"x"}'
        for signature in ("", "00", "é"):
            with pytest.raises(Forged):
                hear_payment("sandbox", body, signature)
        with pytest.raises(UnknownProvider):
            hear_payment("nobody", body, "")
        assert commands.hear("sandbox", Notice("n1", "not-ours", Approved("r"))) is None
        assert commands.hear("other", Notice("n1", commands.authorise_key(intent_id), Approved("r"))) is None
        assert stands(intent_id)[0] == "processing"


class TestSecondFactor:
    def test_the_payer_is_sent_to_the_bank_and_comes_back(self, heard_here):
        from samband.commerce.payments.providers import sandbox

        intent_id = begun(capture="automatic")
        assert isinstance(asking.ask_to_authorise(intent_id, a_token("second_factor"), "/thanks"), PaymentChallenged)
        intent = queries.intent(intent_id)
        assert intent.challenge_url == f"/hooks/bank/{intent.provider_reference}"
        assert isinstance(asking.ask_how_it_stands(intent_id), PaymentChallenged)
        assert sandbox.at_the_bank(intent.provider_reference).return_url == "/thanks"
        assert not sandbox.approve(intent.provider_reference, "0000")
        assert sandbox.approve(intent.provider_reference, " 1234 ")
        assert isinstance(asking.ask_how_it_stands(intent_id), PaymentCaptured), "before the notice"
        noticing.deliver_sandbox_notices()
        assert told(intent_id) == ["Started", "Challenged", "Authorised", "Captured"]
        assert queries.intent(intent_id).challenge_url == ""
        assert balanced()

    def test_three_wrong_codes_decline_and_a_right_one_is_too_late(self, heard_here):
        from samband.commerce.payments.providers import sandbox

        intent_id = asked("second_factor")
        reference = queries.intent(intent_id).provider_reference
        for _ in range(3):
            assert not sandbox.approve(reference, "9999")
        sandbox.approve(reference, "1234")
        noticing.deliver_sandbox_notices()
        assert stands(intent_id) == ("declined", 0, 0, 0, 0)
        assert queries.intent(intent_id).decline_reason == "second_factor_failed"

    def test_a_challenge_that_nobody_meets_is_taken_back(self):
        from samband.commerce.payments.providers import sandbox

        intent_id = asked("second_factor")
        reference = queries.intent(intent_id).provider_reference
        days_go_by(1)
        sandbox.approve(reference, "1234")
        days_go_by(1)
        assert stands(intent_id) == ("declined", 0, 0, 0, 0)
        assert queries.intent(intent_id).decline_reason == "challenge_expired"
        assert told(intent_id) == ["Started", "Challenged", "Declined"]
        assert balanced()

    def test_the_payer_has_a_quarter_of_an_hour(self):
        intent_id = asked("second_factor")
        start = now()
        for minute in range(1, 20):
            with held_at(start + timedelta(minutes=minute)):
                reconciling.reconcile()
            assert stands(intent_id)[0] == ("requires_action" if minute < 15 else "declined")

    @pytest.mark.parametrize(
        "address",
        ["https://evil.example/", "//evil.example", "javascript:alert(1)", "https:evil", "\\\\evil.example", ""],
    )
    def test_the_payer_is_sent_nowhere_else(self, address):
        intent_id = begun()
        with pytest.raises(ReturnAddressRefused):
            asking.ask_to_authorise(intent_id, a_token("second_factor"), address)
        assert stands(intent_id)[0] == "created"


class TestTakingAndGivingBack:
    def test_in_parts_and_to_the_end(self):
        intent_id = asked()
        assert asking.ask_to_capture(intent_id, eur(600), "parcel-1").amount == 600
        assert asking.ask_to_capture(intent_id, eur(300), "parcel-2").amount == 300
        assert stands(intent_id) == ("captured", 1000, 900, 0, 0)
        assert asking.ask_to_void(intent_id, "rest").amount == 100
        refund = asking.ask_to_refund(intent_id, eur(250), "returned", "rma-1")
        assert (refund.amount, refund.reason) == (250, "returned")
        assert stands(intent_id) == ("partly_refunded", 1000, 900, 100, 250)
        asking.ask_to_refund(intent_id, eur(650), "returned", "rma-2")
        assert stands(intent_id) == ("refunded", 1000, 900, 100, 900)
        assert [(move.kind, move.amount.amount) for move in queries.movements(intent_id)][-1] == ("refund", 650)
        assert told(intent_id) == ["Started", "Authorised", "Captured", "Captured", "Voided", "Refunded", "Refunded"]
        assert balanced()

    def test_asking_twice_with_one_key_is_asking_once(self, faulty):
        intent_id = asked(provider="faulty")
        assert asking.ask_to_capture(intent_id, eur(600), "a") == asking.ask_to_capture(intent_id, eur(600), "a")
        refunds = [asking.ask_to_refund(intent_id, eur(200), "returned", "r") for _ in range(2)]
        voids = [asking.ask_to_void(intent_id, "v") for _ in range(2)]
        assert refunds[0] == refunds[1]
        assert voids[0] == voids[1]
        assert faulty.asked == ["authorise", "capture", "refund", "void"]
        with pytest.raises(KeyReused):
            asking.ask_to_capture(intent_id, eur(601), "a")
        with pytest.raises(KeyReused):
            asking.ask_to_refund(intent_id, eur(200), "other", "r")
        assert stands(intent_id) == ("partly_refunded", 1000, 600, 400, 200)

    def test_money_goes_back_for_a_listed_reason_only(self):
        intent_id = asked(capture="automatic")
        for reason in ("stray", "order_cancelled", "for Anna Jónsdóttir", ""):
            with pytest.raises(UnknownRefundReason):
                asking.ask_to_refund(intent_id, eur(10), reason, "r")
        for reason in REFUND_REASONS:
            assert asking.ask_to_refund(intent_id, eur(10), reason, f"for-{reason}").reason == reason
        assert balanced()

    def test_two_refunds_of_one_amount_are_told_apart_and_name_no_key(self):
        intent_id = asked(capture="automatic")
        first, second = (asking.ask_to_refund(intent_id, eur(10), "late", f"anna@x.is {nth}") for nth in (1, 2))
        assert first.operation != second.operation
        assert "anna" not in first.operation
        assert asking.ask_to_refund(intent_id, eur(10), "late", "anna@x.is 1") == first

    def test_never_more_than_there_is_and_only_in_its_currency(self):
        intent_id = asked()
        with pytest.raises(MoreThanAuthorised):
            asking.ask_to_capture(intent_id, eur(1001), "a")
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund(intent_id, eur(1), "returned", "b")
        asking.ask_to_capture(intent_id, eur(1000), "c")
        with pytest.raises(MoreThanAuthorised):
            asking.ask_to_capture(intent_id, eur(1), "d")
        with pytest.raises(PaymentNotOpen):
            asking.ask_to_void(intent_id, "e")
        with pytest.raises(MoreThanCaptured):
            asking.ask_to_refund(intent_id, eur(1001), "returned", "f")
        for amount in (Money(10, "ISK"), Money(10, "GBP")):
            with pytest.raises(OtherCurrency):
                asking.ask_to_refund(intent_id, amount, "returned", "g")
            with pytest.raises(OtherCurrency):
                asking.ask_to_capture(intent_id, amount, "h")
        for amount in (eur(0), eur(-5)):
            with pytest.raises(Invalid):
                asking.ask_to_refund(intent_id, amount, "returned", "i")
        for key in ("", "x" * 121, "a\x00"):
            with pytest.raises(Invalid):
                asking.ask_to_refund(intent_id, eur(1), "returned", key)
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert balanced()

    def test_refunds_that_race_never_give_back_more_than_was_taken(self):
        intent_id = asked(capture="automatic")
        answers = at_once(8, lambda i: asking.ask_to_refund(intent_id, eur(300), "returned", f"r{i}"))
        assert sum(isinstance(answer, PaymentRefunded) for answer in answers) == 3
        assert sum(isinstance(answer, MoreThanCaptured) for answer in answers) == 5
        assert stands(intent_id) == ("partly_refunded", 1000, 1000, 0, 900)
        assert balanced()

    def test_taking_and_letting_go_race_and_one_wins(self):
        for _ in range(5):
            intent_id = asked()
            deeds = [
                lambda intent=intent_id: asking.ask_to_capture(intent, eur(1000), "c"),
                lambda intent=intent_id: asking.ask_to_void(intent, "v"),
            ]
            at_once(2, lambda i, deeds=deeds: deeds[i]())
            assert stands(intent_id) in [("captured", 1000, 1000, 0, 0), ("voided", 1000, 0, 1000, 0)]
        assert balanced()

    def test_what_the_bank_refuses_frees_what_was_reserved(self):
        intent_id = begun(capture="automatic")
        commands.note_answer(intent_id, Approved("ch_unknown_to_the_bank", captured=True))
        with pytest.raises(ProviderRefused):
            asking.ask_to_refund(intent_id, eur(1000), "returned", "r")
        with pytest.raises(ProviderRefused):
            asking.ask_to_refund(intent_id, eur(1000), "returned", "r")
        with pytest.raises(ProviderRefused):
            asking.ask_to_refund(intent_id, eur(1000), "returned", "r2")
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert balanced()


class TestTheDatabaseItself:
    @pytest.mark.parametrize(
        "change",
        [
            "captured = authorised + 1",
            "refunded = captured + 1",
            "authorised = amount + 1",
            "refunding = captured + 1",
            "capturing = authorised - captured - voided + 1",
            "voided = authorised - captured + 1",
            "refunded = -1",
            "state = 'lost'",
            "amount = 0",
        ],
    )
    def test_refuses_what_must_never_be(self, change):
        intent_id = asked()
        asking.ask_to_capture(intent_id, eur(500), "c")
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(f"update payments_intent set {change}")

    def test_refuses_to_rewrite_the_ledger(self):
        asked()
        for change in ("update payments_movement set amount = 1", "delete from payments_movement"):
            with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(change)

    def test_the_books_name_what_was_tampered_with(self):
        intent_id = asked()
        asking.ask_to_capture(intent_id, eur(500), "c")
        for change, says in (
            ("captured = 400", "movements sum"),
            ("refunding = 1", "reserved"),
            ("state = 'authorised'", "amounts do not say"),
            ("captured = 400, refunded = 0", "sandbox bank"),
        ):
            with connection.cursor() as cursor:
                cursor.execute(f"update payments_intent set {change}")
            assert any(says in finding and str(intent_id) in finding for finding in books.findings()), change
            with connection.cursor() as cursor:
                cursor.execute("update payments_intent set captured = 500, refunding = 0, state = 'captured'")
        assert balanced()


class TestNobodyWaitsForTheBank:
    def test_no_transaction_and_no_lock_is_open_while_the_bank_is_asked(self, faulty):
        seen: list[tuple[str, int]] = []

        def look(kind, deed):
            assert not connection.in_atomic_block
            with psycopg.connect(**connection_parameters()) as other:
                backend = connection.connection.info.backend_pid
                state = other.execute("select state from pg_stat_activity where pid = %s", [backend]).fetchone()
                locks = other.execute("select count(*) from pg_locks where pid = %s", [backend]).fetchone()
                other.execute("select * from payments_intent for update nowait")
                other.execute("select * from payments_operation for update nowait")
            seen.append((state[0], locks[0]))
            return deed()

        faulty._over_the_line = look
        intent_id = asked(provider="faulty")
        asking.ask_to_capture(intent_id, eur(600), "c")
        asking.ask_to_refund(intent_id, eur(100), "returned", "r")
        asking.ask_to_void(intent_id, "v")
        assert seen == [("idle", 0)] * 4
        assert stands(intent_id) == ("partly_refunded", 1000, 600, 400, 100)

    def test_the_bank_is_not_asked_inside_a_transaction(self):
        intent_id = begun()
        deeds = [
            lambda: asking.ask_to_authorise(intent_id, a_token()),
            lambda: asking.ask_how_it_stands(intent_id),
            lambda: asking.ask_to_capture(intent_id, eur(1), "c"),
            lambda: asking.ask_to_void(intent_id, "v"),
            lambda: asking.ask_to_refund(intent_id, eur(1), "returned", "r"),
            lambda: asking.undo(intent_id),
        ]
        for deed in deeds:
            with pytest.raises(RuntimeError), transaction.atomic():
                deed()
        assert stands(intent_id)[0] == "created"

    def test_two_payments_go_on_while_the_bank_thinks_about_a_third(self, faulty):
        thinking, go_on = threading.Event(), threading.Event()

        def think(kind, deed):
            thinking.set()
            go_on.wait(30)
            return deed()

        faulty._over_the_line = think
        slow = begun(provider="faulty")

        def ask() -> None:
            asking.ask_to_authorise(slow, a_token())
            connection.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thinking.wait(30)
        assert stands(asked())[0] == "authorised"
        commands.abandon(slow)
        go_on.set()
        thread.join()
        days_go_by(1)
        assert stands(slow) == ("voided", 1000, 0, 1000, 0)
        assert balanced()


class TestKilled:
    """Whatever dies between asking and noting is found, asked about with the same key, and ends consistent."""

    @pytest.mark.parametrize("fault", [Killed, TimeoutError])
    @pytest.mark.parametrize("when", ["before", "after"])
    def test_while_authorising(self, faulty, fault, when):
        intent_id = begun(provider="faulty", capture="automatic")
        faulty.fault = (fault, when)
        with suppress(Killed):
            asking.ask_to_authorise(intent_id, a_token())
        assert stands(intent_id)[0] == "processing"
        assert balanced(), "what is open is not out of balance"
        days_go_by()
        if when == "after":
            assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
            assert told(intent_id) == ["Started", "Authorised", "Captured"]
        else:
            assert stands(intent_id) == ("declined", 0, 0, 0, 0)
            assert queries.intent(intent_id).decline_reason == "no_answer"
            assert told(intent_id) == ["Started", "Declined"]
        assert faulty.asked == ["authorise"]
        assert balanced()

    @pytest.mark.parametrize("fault", [Killed, TimeoutError])
    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize(
        ("kind", "ends"),
        [
            ("capture", ("captured", 1000, 700, 0, 0)),
            ("void", ("captured", 1000, 100, 900, 0)),
            ("refund", ("partly_refunded", 1000, 100, 0, 60)),
        ],
    )
    def test_while_moving_money(self, faulty, fault, when, kind, ends):
        intent_id = asked(provider="faulty")
        asking.ask_to_capture(intent_id, eur(100), "first")
        deeds = {
            "capture": lambda: asking.ask_to_capture(intent_id, eur(600), "k"),
            "void": lambda: asking.ask_to_void(intent_id, "k"),
            "refund": lambda: asking.ask_to_refund(intent_id, eur(60), "returned", "k"),
        }
        faulty.fault = (fault, when)
        with suppress(Killed):
            assert deeds[kind]() is None
        assert balanced(), "what is open is not out of balance"
        assert queries.unsettled()[0].kind == kind
        if kind == "refund":
            with pytest.raises(MoreThanCaptured):
                asking.ask_to_refund(intent_id, eur(50), "returned", "meanwhile")
        with held_at(in_future(seconds=31)):
            reconciling.reconcile()
        assert stands(intent_id) == ends
        assert queries.unsettled() == ()
        assert deeds[kind]() is not None, "asked once more with its key, it tells what was done"
        assert stands(intent_id) == ends
        assert balanced()

    @pytest.mark.parametrize("kind", ["capture", "refund", "void"])
    def test_after_the_bank_answered_and_before_it_was_noted(self, kind, monkeypatch):
        intent_id = asked()
        asking.ask_to_capture(intent_id, eur(100), "first")
        settle = commands.settle

        def die(*told):
            raise Killed

        monkeypatch.setattr(commands, "settle", die)
        deeds = {
            "capture": lambda: asking.ask_to_capture(intent_id, eur(900), "k"),
            "refund": lambda: asking.ask_to_refund(intent_id, eur(100), "returned", "k"),
            "void": lambda: asking.ask_to_void(intent_id, "k"),
        }
        with pytest.raises(Killed):
            deeds[kind]()
        monkeypatch.setattr(commands, "settle", settle)
        days_go_by(1)
        assert queries.unsettled() == ()
        assert balanced()
        assert [move.kind for move in queries.movements(intent_id)] == ["authorise", "capture", kind]

    def test_before_anybody_was_asked(self):
        intent_id = begun()
        days_go_by(1)
        assert stands(intent_id) == ("declined", 0, 0, 0, 0)
        assert queries.intent(intent_id).decline_reason == "abandoned"

    def test_a_bank_that_stays_silent_is_asked_less_and_less_often(self, faulty):
        intent_id = asked(provider="faulty", capture="automatic")
        faulty.fault = (TimeoutError, "before")
        asking.ask_to_refund(intent_id, eur(10), "returned", "k")
        look_up = faulty.look_up
        looked = []

        def silent(key):
            looked.append(now())
            raise ConnectionError

        faulty.look_up = silent
        faulty.refund = lambda *told: (_ for _ in ()).throw(ConnectionError)
        start = now()
        for minutes in range(240):
            with held_at(start + timedelta(minutes=minutes)):
                reconciling.reconcile()
        pauses = [later - earlier for earlier, later in pairwise(looked)]
        assert 4 <= len(looked) <= 8
        assert pauses == sorted(pauses)
        with held_at(start + timedelta(minutes=90)):
            assert any("refund" in finding for finding in books.findings())
        faulty.look_up = look_up
        del faulty.refund
        days_go_by(3)
        assert stands(intent_id) == ("partly_refunded", 1000, 1000, 0, 10)
        assert balanced()


class TestMoneyNobodyCountsOn:
    def cancel_the_order(self, intent_id):
        order = queries.intent(intent_id).order_id
        with transaction.atomic():
            record(
                OrderCancelled(
                    order_id=order,
                    number="X",
                    customer_id=None,
                    contact_id=new_id(),
                    was_placed=False,
                    reason="abandoned",
                    language="en",
                )
            )
        deliver()

    @pytest.mark.parametrize(
        ("capture", "ends", "story"),
        [
            ("manual", ("voided", 1000, 0, 1000, 0), ["Started", "Voided"]),
            ("automatic", ("refunded", 1000, 1000, 0, 1000), ["Started", "Refunded"]),
        ],
    )
    def test_that_comes_after_the_order_was_cancelled_is_let_go(self, heard_here, capture, ends, story):
        intent_id = asked("late", capture=capture)
        self.cancel_the_order(intent_id)
        with held_at(in_future(seconds=5)):
            noticing.deliver_sandbox_notices()
        order = queries.intent(intent_id).order_id
        assert [intent.id for intent in queries.needs_undoing([order])] == [intent_id]
        assert [intent.id for intent in queries.needs_undoing()] == [intent_id]
        assert queries.wanted(order) == ()
        reconciling.undo_unwanted()
        assert stands(intent_id) == ends
        assert told(intent_id) == story, "nobody hears of an approval that nobody may count on"
        assert queries.needs_undoing() == queries.needs_undoing([order]) == ()
        reconciling.undo_unwanted()
        assert stands(intent_id) == ends
        assert balanced()

    @pytest.mark.parametrize("capture", ["manual", "automatic"])
    def test_that_was_there_before_goes_back_when_the_order_is_cancelled(self, capture):
        intent_id = asked(capture=capture)
        self.cancel_the_order(intent_id)
        reconciling.undo_unwanted()
        assert stands(intent_id)[0] == ("voided" if capture == "manual" else "refunded")
        if capture == "automatic":
            assert queries.movements(intent_id)[-1].amount == eur(1000)
        assert balanced()

    def test_a_partly_captured_and_partly_refunded_payment_goes_back_whole(self):
        intent_id = asked()
        asking.ask_to_capture(intent_id, eur(600), "c")
        asking.ask_to_refund(intent_id, eur(100), "returned", "r")
        self.cancel_the_order(intent_id)
        reconciling.undo_unwanted()
        assert stands(intent_id) == ("refunded", 1000, 600, 400, 600)
        assert balanced()

    def test_a_challenge_cannot_be_met_once_the_order_is_off(self):
        from samband.commerce.payments.providers import sandbox

        intent_id = asked("second_factor", capture="automatic")
        self.cancel_the_order(intent_id)
        reconciling.undo_unwanted()
        assert stands(intent_id) == ("voided", 0, 0, 0, 0)
        sandbox.approve(queries.intent(intent_id).provider_reference, "1234")
        days_go_by(1)
        assert stands(intent_id) == ("voided", 0, 0, 0, 0)
        assert told(intent_id) == ["Started", "Challenged", "Voided"]
        assert balanced()

    def test_a_challenge_met_in_the_same_moment_is_let_go_too(self):
        from samband.commerce.payments.providers import sandbox

        intent_id = asked("second_factor", capture="automatic")
        self.cancel_the_order(intent_id)
        sandbox.approve(queries.intent(intent_id).provider_reference, "1234")
        days_go_by(1)
        assert stands(intent_id)[0] in ("refunded", "voided")
        assert queries.needs_undoing() == ()
        assert balanced()

    @pytest.mark.parametrize("capture", ["manual", "automatic"])
    def test_a_challenge_met_while_we_take_it_back_is_let_go_too(self, capture):
        from samband.commerce.payments.providers import sandbox

        intent_id = asked("second_factor", capture=capture)
        commands.abandon(intent_id)
        reserved = commands.reserve_void(intent_id, "order_cancelled", "v")
        sandbox.approve(reserved.reference, "1234")
        asking.carry_out(reserved)
        assert stands(intent_id)[0] == "voided", "we have not heard of it yet"
        days_go_by(1)
        assert stands(intent_id)[0] == ("refunded" if capture == "automatic" else "voided")
        assert queries.unsettled() == ()
        assert balanced()

    def test_nobody_was_asked_yet(self):
        intent_id = begun()
        self.cancel_the_order(intent_id)
        assert stands(intent_id)[0] == "voided"
        assert isinstance(asking.ask_to_authorise(intent_id, a_token()), PaymentDeclined)
        assert balanced()

    def test_the_first_card_answers_after_the_second_paid(self, heard_here):
        order = new_id()
        first = asked("late", order=order, capture="automatic")
        commands.abandon(first)
        second = asked(order=order, capture="automatic")
        with held_at(in_future(seconds=5)):
            noticing.deliver_sandbox_notices()
        reconciling.undo_unwanted()
        assert stands(first)[0] == "refunded"
        assert stands(second)[0] == "captured"
        assert [intent.id for intent in queries.wanted(order)] == [second]
        refund = queries.movements(first)[-1]
        assert refund.amount == eur(1000)
        assert "Declined" not in told(first), "whoever hears that may call off the order"
        assert balanced()

    def test_the_card_that_never_answers_is_given_up_and_a_later_approval_let_go(self):
        intent_id = begun()
        assert asking.ask_to_authorise(intent_id, a_token("time_out")) is None
        start = now()
        for seconds in (31, 62, 93):
            with held_at(start + timedelta(seconds=seconds)):
                reconciling.reconcile()
                assert stands(intent_id)[0] == "processing"
        with held_at(start + timedelta(seconds=130)):
            reconciling.reconcile()
        assert stands(intent_id)[0] == "declined"
        ask = Ask(commands.authorise_key(intent_id), eur(1000), a_token(), False, "/", "en")
        Sandbox().authorise(ask)  # it was on its way all the time
        days_go_by(2)
        assert stands(intent_id) == ("voided", 1000, 0, 1000, 0)
        assert told(intent_id) == ["Started", "Declined", "Voided"]
        assert balanced()

    def test_two_that_undo_at_once_undo_once(self):
        intent_id = asked(capture="automatic")
        commands.abandon(intent_id)
        at_once(4, lambda _: asking.undo(intent_id))
        days_go_by(1)
        assert stands(intent_id) == ("refunded", 1000, 1000, 0, 1000)
        assert [move.kind for move in queries.movements(intent_id)] == ["authorise", "capture", "refund"]
        assert balanced()

    def test_what_another_refund_has_under_way_is_undone_when_that_is_settled(self, faulty):
        intent_id = asked(provider="faulty", capture="automatic")
        faulty.fault = (TimeoutError, "before")
        asking.ask_to_refund(intent_id, eur(300), "returned", "r")
        commands.abandon(intent_id)
        asking.undo(intent_id)
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        days_go_by(1)
        assert stands(intent_id) == ("refunded", 1000, 1000, 0, 1000)
        assert balanced()

    def test_what_the_bank_will_not_undo_is_shown_and_not_asked_for_ever(self, faulty):
        intent_id = asked(provider="faulty", capture="automatic")
        commands.abandon(intent_id)
        faulty.refund = lambda *told: Declined("account_closed")
        for _ in range(3):
            reconciling.undo_unwanted()
        (operation,) = queries.unsettled()
        assert (operation.kind, operation.state, operation.answer) == ("refund", "refused", "account_closed")
        assert queries.needs_undoing() == ()
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)


class TestTheBankItself:
    def test_answers_the_same_key_the_same_way(self):
        bank = Sandbox()
        ask = Ask("k", eur(500), a_token(), False, "/", "en")
        first = bank.authorise(ask)
        assert bank.authorise(ask) == first == bank.look_up("k")
        assert bank.capture(first.reference, eur(300), "c") == bank.capture(first.reference, eur(300), "c")
        assert bank.look_up("c") == Approved(first.reference)
        assert bank.capture(first.reference, eur(201), "too much") == Declined("not_allowed")
        assert bank.refund(first.reference, eur(301), "r") == Declined("not_allowed")
        assert bank.refund(first.reference, Money(1, "GBP"), "g") == Declined("not_allowed")
        assert bank.capture("nobody", eur(1), "n") == Declined("unknown_charge")
        assert bank.look_up("never heard of") is None

    def test_does_the_same_key_once_when_asked_at_once(self):
        bank = Sandbox()
        ask = Ask("k", eur(500), a_token(), True, "/", "en")
        at_once(6, lambda _: bank.authorise(ask))
        reference = bank.look_up("k").reference
        answers = at_once(6, lambda _: bank.refund(reference, eur(200), "r"))
        assert answers == [Approved(reference)] * 6
        with connection.cursor() as cursor:
            cursor.execute("select count(*), sum(refunded) from payments_sandboxcharge")
            assert cursor.fetchone() == (1, 200)


class TestConsole:
    def test_lists_payments_page_by_page(self):
        ids = [asked() for _ in range(3)] + [asked("decline")]
        assert [intent.id for intent in queries.recent()] == ids[::-1]
        assert [intent.id for intent in queries.recent(state="authorised", most=2)] == [ids[2], ids[1]]
        assert [intent.id for intent in queries.recent(state="authorised", before=ids[1])] == [ids[0]]
        orders = [queries.intent(key).order_id for key in ids[:2]]
        assert {intent.id for intent in queries.of_orders(orders)} == set(ids[:2])


class TestStatements:
    """The path to a paid order is short; these numbers may fall, not rise."""

    def test_starting_takes_one_statement_and_its_event_one(self):
        with CaptureQueriesContext(connection) as said:
            begun()
        assert said_outright(said) == 2

    def test_authorising_takes_one_before_one_at_the_bank_and_three_after(self):
        intent_id, token = begun(), a_token()
        with CaptureQueriesContext(connection) as said:
            asking.ask_to_authorise(intent_id, token)
        assert said_outright(said) == 5, [query["sql"][:80] for query in said]

    def test_taking_it_at_once_takes_one_event_more(self):
        intent_id, token = begun(capture="automatic"), a_token()
        with CaptureQueriesContext(connection) as said:
            asking.ask_to_authorise(intent_id, token)
        assert said_outright(said) == 6


def said_outright(said) -> int:
    """Statements besides begin and commit."""
    return len([query for query in said if query["sql"].split()[0] not in ("BEGIN", "COMMIT")])


def connection_parameters() -> dict:
    keep = ("host", "port", "user", "password", "dbname")
    return {name: value for name, value in connection.get_connection_params().items() if name in keep}


def test_who_has_just_asked_notes_the_answer_in_one_statement_if_nothing_else_happened():
    order_id, intent_id = new_id(), new_id()
    commands.start(intent_id, order_id, 1000, "EUR", "card", "sandbox", asking=True)
    ours = commands.Begun(commands.authorise_key(intent_id), eur(1000), automatic=True, provider="sandbox")
    yes = Approved("ch_1", captured=True, amount=eur(1000), paid_with="visa 4242")
    with CaptureQueriesContext(connection) as said:
        event = commands.note_first_answer(intent_id, order_id, ours, yes)
    assert len([query for query in said if "payments_" in query["sql"]]) == 1
    assert event == PaymentCaptured(
        intent_id=intent_id, order_id=order_id, amount=1000, currency="EUR", provider="sandbox"
    )
    assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
    assert told(intent_id) == ["Started", "Authorised", "Captured"]
    assert commands.note_first_answer(intent_id, order_id, ours, yes) == event
    assert told(intent_id) == ["Started", "Authorised", "Captured"]
    assert list(books.findings()) == []


def test_who_has_just_asked_and_was_given_up_meanwhile_holds_money_that_nobody_counts_on():
    order_id, intent_id = new_id(), new_id()
    commands.start(intent_id, order_id, 1000, "EUR", "card", "sandbox", asking=True)
    ours = commands.Begun(commands.authorise_key(intent_id), eur(1000), automatic=True, provider="sandbox")
    commands.abandon_order(order_id)
    yes = Approved("ch_1", captured=True, amount=eur(1000), paid_with="visa 4242")
    assert isinstance(commands.note_first_answer(intent_id, order_id, ours, yes), PaymentDeclined)
    assert queries.intent(intent_id).stray
    assert told(intent_id) == ["Started"]
