"""Payments of another system are written down once, as they were, and never asked about."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from samband.commerce.payments import asking, books, queries
from samband.commerce.payments.history import Settled, write_history
from samband.commerce.payments.refusals import ProviderRefused
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline

AT = datetime(2011, 3, 1, 12, tzinfo=UTC)


def settled(taken: int, given_back: int = 0, **changes) -> Settled:
    fields = {"order_id": new_id(), "source": "elsewhere", "currency": "GBP", "at": AT, **changes}
    return Settled(taken=taken, given_back=given_back, **fields)


@pytest.mark.django_db
class TestHistory:
    @pytest.mark.parametrize(
        ("taken", "given_back", "state", "balance"),
        [
            (1_000, 0, "captured", (1_000, 0, 0)),
            (1_000, 400, "partly_refunded", (1_000, 400, 0)),
            (1_000, 1_000, "refunded", (1_000, 1_000, 0)),
            (0, 700, "refunded", (0, 0, 700)),
        ],
    )
    def test_what_was_taken_and_given_back_is_written_down(self, taken, given_back, state, balance):
        one = settled(taken, given_back)
        assert write_history([one]) == 1
        (view,) = queries.of_order(one.order_id)
        assert (view.state, view.created_at) == (state, AT)
        assert (view.captured, view.refunded) == (Money(taken, "GBP"), Money(given_back, "GBP"))
        assert queries.balances([one.order_id]) == {one.order_id: queries.Balance(*balance)}
        assert list(books.findings()) == []

    def test_twice_is_once(self):
        one, other = settled(1_000), settled(0, 5)
        assert write_history([one]) == 1
        assert write_history([one, other]) == 1
        assert len(queries.of_orders([one.order_id, other.order_id])) == 2
        told = [(entry.name, entry.payload["payments"]) for entry in timeline.latest()]
        assert told == [("payments.PaymentHistoryImported", 1)] * 2

    @pytest.mark.parametrize(
        "wrong",
        [
            settled(0),
            settled(-1, 5),
            settled(5, -1),
            settled(5, 6),
            settled(5, source=""),
            settled(5, currency="USD"),
        ],
    )
    def test_what_cannot_have_been_is_refused(self, wrong):
        with pytest.raises(Invalid), transaction.atomic():
            write_history([settled(5), wrong])
        assert queries.recent() == ()

    def test_an_order_is_named_once_in_a_batch(self):
        one = settled(5)
        with pytest.raises(Invalid), transaction.atomic():
            write_history([one, one])

    @pytest.mark.parametrize(
        "lie",
        [
            "payout = true",
            "source = 'elsewhere', payout = true",
            "refunded = captured + 1",
            "source = 'elsewhere', refunded = captured + 1",
            "source = 'elsewhere', payout = true, authorised = 0, captured = 0, refunded = 1, state = 'refunded'",
        ],
    )
    def test_the_database_lets_nothing_else_pass_for_a_payout(self, lie):
        write_history([settled(1_000)])
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update payments_intent set {lie}")

    def test_a_payout_that_was_never_paid_out_is_found(self):
        write_history([settled(0, 700)])
        with connection.cursor() as cursor:
            cursor.execute("update payments_intent set refunded = 600, amount = 600")
        assert len(list(books.findings())) == 1

    def test_history_cannot_be_refunded_through_a_provider(self):
        one = settled(1_000)
        write_history([one])
        (view,) = queries.of_order(one.order_id)
        with pytest.raises(ProviderRefused):
            asking.ask_to_refund(view.id, Money(100, "GBP"), "goodwill", key="k")
        assert queries.intent(view.id).refunded == Money(0, "GBP")
        assert list(books.findings()) == []
