"""Cards through Stripe's own SDK, against a stand-in for Stripe that runs as a process of its own.

What the stand-in does not promise (keys, refunds within what was charged, webhooks once and in order) is ours to keep.
"""

import time

import pytest
from django.db import connection
from django.test import Client

from samband.commerce.payments import asking, books, commands, providers, queries
from samband.commerce.payments.providers import Approved, Ask, Declined, stripe
from samband.commerce.payments.providers.sandbox import Sandbox
from samband.commerce.payments.refusals import MoreThanCaptured, PaymentNotOpen, ProviderRefused, UnknownMethod
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentChallenged, PaymentDeclined
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.commerce import localstripe
from tests.commerce.localstripe import WEBHOOK_SECRET, Letter
from tests.commerce.paying import asked as sandboxed
from tests.commerce.paying import at_once, begun, days_go_by, eur, standing_in, stands, told

pytestmark = [
    pytest.mark.skipif(bool(localstripe.MISSING), reason=localstripe.MISSING),
    pytest.mark.django_db(transaction=True),
]

DOOR = "/hooks/payments/stripe"


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    with localstripe.running(tmp_path_factory.mktemp("localstripe")) as running:
        yield running


@pytest.fixture
def bank(stand_in, settings):
    """Stripe takes our cards, and its webhooks wait to be delivered."""
    settings.STRIPE_SECRET_KEY = localstripe.KEY
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_12345"
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    settings.STRIPE_API_BASE = stand_in.base
    settings.STRIPE_JS = f"{stand_in.base}/js.stripe.com/v3/"
    with standing_in(stripe.Stripe()):
        yield stand_in


def asked(bank, behaviour: str = "approve", capture: str = "automatic", **how):
    intent_id = begun(provider="stripe", capture=capture, **how)
    return intent_id, asking.ask_to_authorise(intent_id, bank.card(behaviour), "/back")


def reference_of(intent_id) -> str:
    return queries.intent(intent_id).provider_reference


def letter(bank, intent_id, what: str = "succeeded") -> Letter:
    """The webhook that tells of a payment of ours."""
    return bank.letter(f"payment_intent.{what}", commands.authorise_key(intent_id))


def deliver(one: Letter, **changed) -> int:
    """A webhook comes in by the front door."""
    response = Client(enforce_csrf_checks=True).post(
        DOOR,
        changed.get("body", one.body),
        content_type="application/json",
        headers={"Stripe-Signature": changed.get("signature", one.signature)},
    )
    return response.status_code


def at_stripe(bank, intent_id) -> list[dict]:
    """The payments that Stripe knows for ours."""
    found = bank.get("/v1/payment_intents?limit=1000")["data"]
    return [one for one in found if one["metadata"].get(stripe.KEY) == commands.authorise_key(intent_id)]


class TestPaying:
    def test_a_card_is_charged(self, bank):
        intent_id, event = asked(bank)
        assert isinstance(event, PaymentCaptured)
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert queries.intent(intent_id).paid_with == "visa 4242"
        (theirs,) = at_stripe(bank, intent_id)
        assert (theirs["amount"], theirs["currency"], theirs["status"]) == (1000, "eur", "succeeded")
        assert list(books.findings()) == []

    def test_money_may_be_set_aside_and_taken_in_part_later(self, bank):
        intent_id, event = asked(bank, capture="manual")
        assert isinstance(event, PaymentAuthorised)
        asking.ask_to_capture(intent_id, eur(700), "parcel-1")
        assert stands(intent_id) == ("captured", 1000, 700, 0, 0)
        asking.ask_to_capture(intent_id, eur(700), "parcel-1")
        assert stands(intent_id)[2] == 700, "asked again it is the same capture"
        with pytest.raises(ProviderRefused):
            asking.ask_to_capture(intent_id, eur(100), "parcel-2")
        assert stands(intent_id) == ("captured", 1000, 700, 0, 0), "Stripe takes once; the rest it has let go"
        assert list(books.findings()) == []

    def test_money_set_aside_is_let_go(self, bank):
        intent_id, _ = asked(bank, capture="manual")
        asking.ask_to_void(intent_id, "off")
        assert stands(intent_id) == ("voided", 1000, 0, 1000, 0)
        assert at_stripe(bank, intent_id)[0]["status"] == "canceled"
        captured, _ = asked(bank)
        with pytest.raises(PaymentNotOpen):
            asking.ask_to_void(captured, "off")
        assert stripe.Stripe().void(reference_of(captured), f"{captured}:void:off") == Declined("not_allowed")

    def test_a_decline_says_why(self, bank):
        intent_id, event = asked(bank, "decline")
        assert isinstance(event, PaymentDeclined)
        assert event.reason == "card_declined"
        assert stands(intent_id)[0] == "declined"

    def test_a_token_that_is_none_is_a_decline_too(self, bank):
        intent_id = begun(provider="stripe")
        event = asking.ask_to_authorise(intent_id, "pm_forged", "/back")
        assert isinstance(event, PaymentDeclined)
        assert event.reason == "card_invalid"

    def test_kronur_are_hundredths_there_and_whole_here(self, bank):
        intent_id = new_id()
        commands.start(intent_id, new_id(), 129_900, "ISK", "card", "stripe")
        assert isinstance(asking.ask_to_authorise(intent_id, bank.card()), PaymentCaptured)
        assert at_stripe(bank, intent_id)[0]["amount"] == 12_990_000
        asking.ask_to_refund(intent_id, Money(900, "ISK"), "price", "r")
        assert bank.get(f"/v1/refunds?payment_intent={reference_of(intent_id)}")["data"][0]["amount"] == 90_000
        assert stands(intent_id) == ("partly_refunded", 129_900, 129_900, 0, 900)


class TestTheSecondFactor:
    def test_is_met_at_the_bank(self, bank):
        intent_id, event = asked(bank, "second_factor")
        assert isinstance(event, PaymentChallenged)
        reference = reference_of(intent_id)
        assert queries.intent(intent_id).challenge_url == f"/hooks/stripe/{reference}"
        bank.meet_challenge(reference)
        assert isinstance(asking.ask_how_it_stands(intent_id), PaymentCaptured)
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)

    def test_that_fails_is_a_decline(self, bank, client):
        intent_id, _ = asked(bank, "second_factor")
        bank.meet_challenge(reference_of(intent_id), success=False)
        event = asking.ask_how_it_stands(intent_id)
        assert isinstance(event, PaymentDeclined)
        assert event.reason == "payment_intent_authentication_failure"
        page = client.get(queries.intent(intent_id).challenge_url or f"/hooks/stripe/{reference_of(intent_id)}")
        assert page.status_code == 302, "nobody pays any more for what was declined"

    def test_that_nobody_meets_is_taken_back(self, bank):
        intent_id, _ = asked(bank, "second_factor")
        days_go_by(1)
        assert queries.intent(intent_id).decline_reason == "challenge_expired"
        assert at_stripe(bank, intent_id)[0]["status"] == "canceled"
        assert list(books.findings()) == []

    def test_the_page_lets_stripes_script_in_and_nobody_elses(self, bank, client):
        intent_id, _ = asked(bank, "second_factor")
        page = client.get(queries.intent(intent_id).challenge_url)
        text = page.content.decode()
        assert page.status_code == 200
        assert "€10.00" in text
        assert f'src="{bank.base}/js.stripe.com/v3/"' in text
        assert 'data-typed=""' in text
        assert localstripe.KEY not in text
        assert f"script-src 'self' {bank.base};" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]
        bank.meet_challenge(reference_of(intent_id))
        back = client.get(queries.intent(intent_id).challenge_url)
        assert (back.status_code, back["Location"]) == (302, "/back")

    def test_there_is_no_page_for_payments_of_others(self, bank, client):
        foreign = bank.post("/v1/payment_intents", amount=500, currency="eur")["id"]
        assert client.get(f"/hooks/stripe/{foreign}").status_code == 404


class TestTypingTheCardOnOurPage:
    def test_without_a_token_the_payer_types_it_there(self, bank, client):
        intent_id = begun(provider="stripe", capture="automatic")
        assert isinstance(asking.ask_to_authorise(intent_id, "", "/thanks", "is"), PaymentChallenged)
        page = client.get(queries.intent(intent_id).challenge_url).content.decode()
        assert 'data-typed="yes"' in page
        assert 'lang="is"' in page
        bank.type_card(reference_of(intent_id))
        assert isinstance(asking.ask_how_it_stands(intent_id), PaymentCaptured)

    def test_after_a_decline_another_card_may_be_typed(self, bank):
        intent_id = begun(provider="stripe", capture="automatic")
        asking.ask_to_authorise(intent_id, "", "/thanks")
        bank.type_card(reference_of(intent_id), "decline")
        assert deliver(letter(bank, intent_id, "payment_failed")) == 200
        assert isinstance(asking.ask_how_it_stands(intent_id), PaymentChallenged)
        theirs = stripe._retrieve(reference_of(intent_id))
        assert theirs.status == "requires_payment_method"


class TestRefunds:
    def test_in_parts_up_to_what_was_taken(self, bank):
        intent_id, _ = asked(bank)
        for amount, key in [(300, "a"), (300, "a"), (200, "b")]:
            asking.ask_to_refund(intent_id, eur(amount), "returned", key)
        assert stands(intent_id) == ("partly_refunded", 1000, 1000, 0, 500)
        theirs = bank.get(f"/v1/refunds?limit=100&payment_intent={reference_of(intent_id)}")["data"]
        assert sorted(one["amount"] for one in theirs) == [200, 300]
        assert list(books.findings()) == []

    def test_more_than_was_taken_is_refused_by_us_for_stripes_stand_in_would_do_it(self, bank):
        intent_id, _ = asked(bank)
        asking.ask_to_refund(intent_id, eur(800), "returned", "a")
        with pytest.raises(MoreThanCaptured) as refused:
            asking.ask_to_refund(intent_id, eur(300), "returned", "b")
        assert refused.value.details["left"] == 200
        theirs = bank.get(f"/v1/refunds?limit=100&payment_intent={reference_of(intent_id)}")["data"]
        assert [one["amount"] for one in theirs] == [800]
        beyond = bank.post("/v1/refunds", payment_intent=reference_of(intent_id), amount=900)
        assert beyond["status"] == "succeeded", "which is why we do not leave it to them"

    def test_many_at_once_give_back_no_more_than_was_taken(self, bank):
        intent_id, _ = asked(bank)
        answers = at_once(5, lambda turn: asking.ask_to_refund(intent_id, eur(400), "returned", f"r{turn}"))
        assert sum(isinstance(answer, MoreThanCaptured) for answer in answers) == 3
        assert stands(intent_id)[4] == 800
        theirs = bank.get(f"/v1/refunds?limit=100&payment_intent={reference_of(intent_id)}")["data"]
        assert sum(one["amount"] for one in theirs) == 800


class Line(stripe.Stripe):
    """Stripe over a bad line: an answer gets lost on its way back."""

    def __init__(self) -> None:
        self.broken = False

    def _lost(self, answer):
        if self.broken:
            self.broken = False
            raise ConnectionError
        return answer

    def authorise(self, ask):
        return self._lost(super().authorise(ask))

    def capture(self, *told):
        return self._lost(super().capture(*told))

    def void(self, *told):
        return self._lost(super().void(*told))

    def refund(self, *told):
        return self._lost(super().refund(*told))


class TestKeys:
    """The stand-in ignores idempotency keys: that nothing is done twice is ours to see to."""

    def ask(self, bank, intent_id) -> Ask:
        return Ask(commands.authorise_key(intent_id), eur(1000), bank.card(), True, "/back", "en")

    def test_the_same_authorisation_again_is_looked_up(self, bank):
        intent_id = begun(provider="stripe")
        provider, ask = stripe.Stripe(), self.ask(bank, intent_id)
        first, second = provider.authorise(ask), provider.authorise(ask)
        assert isinstance(first, Approved)
        assert first == second
        assert len(at_stripe(bank, intent_id)) == 1

    def test_many_at_once_are_one(self, bank):
        intent_id = begun(provider="stripe")
        ask = self.ask(bank, intent_id)
        answers = at_once(5, lambda _: stripe.Stripe().authorise(ask))
        assert len({answer.reference for answer in answers}) == 1
        assert len(at_stripe(bank, intent_id)) == 1

    def test_one_that_died_before_its_name_was_noted_is_found_again(self, bank):
        intent_id = begun(provider="stripe")
        ask = self.ask(bank, intent_id)
        made = stripe.Stripe().authorise(ask)
        with connection.cursor() as cursor:
            cursor.execute("update payments_stripedeed set reference = '' where key = %s", [ask.key])
        assert stripe.Stripe().authorise(ask) == made
        assert len(at_stripe(bank, intent_id)) == 1

    def test_one_that_never_reached_stripe_is_asked_again(self, bank):
        intent_id = begun(provider="stripe")
        ask = self.ask(bank, intent_id)
        stripe._write_down(ask.key)
        assert stripe.Stripe().look_up(ask.key) is None
        assert isinstance(stripe.Stripe().authorise(ask), Approved)

    @pytest.mark.parametrize(
        ("deed", "ends"),
        [
            (lambda one: asking.ask_to_capture(one, eur(600), "k"), ("captured", 1000, 600, 0, 0)),
            (lambda one: asking.ask_to_void(one, "k"), ("voided", 1000, 0, 1000, 0)),
        ],
        ids=["capture", "void"],
    )
    def test_an_answer_that_got_lost_is_found_and_the_deed_done_once(self, bank, deed, ends):
        with standing_in(Line()) as line:
            intent_id, _ = asked(bank, capture="manual")
            line.broken = True
            assert deed(intent_id) is None
            days_go_by(1)
            assert stands(intent_id) == ends
            assert list(books.findings()) == []

    def test_a_refund_whose_answer_got_lost_is_given_once(self, bank):
        with standing_in(Line()) as line:
            intent_id, _ = asked(bank)
            line.broken = True
            assert asking.ask_to_refund(intent_id, eur(400), "returned", "k") is None
            assert asking.ask_to_refund(intent_id, eur(400), "returned", "k").amount == 400
            theirs = bank.get(f"/v1/refunds?limit=100&payment_intent={reference_of(intent_id)}")["data"]
            assert [one["amount"] for one in theirs] == [400]
            assert stands(intent_id) == ("partly_refunded", 1000, 1000, 0, 400)

    def test_an_authorisation_whose_answer_got_lost_is_found(self, bank):
        with standing_in(Line()) as line:
            line.broken = True
            intent_id, event = asked(bank)
            assert event is None
            assert stands(intent_id)[0] == "processing"
            days_go_by(1)
            assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)

    def test_stripe_out_of_reach_is_no_answer(self, bank, settings):
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"
        intent_id = begun(provider="stripe")
        assert asking.ask_to_authorise(intent_id, "pm_x") is None
        assert stands(intent_id)[0] == "processing"


class TestWebhooks:
    def processing(self, bank, behaviour="approve"):
        """A payment whose answer we never got, and the webhook that tells of it."""
        with standing_in(Line()) as line:
            line.broken = True
            intent_id, _ = asked(bank, behaviour)
        return intent_id

    def test_a_signed_one_settles_the_payment(self, bank):
        intent_id = self.processing(bank)
        told_of = letter(bank, intent_id)
        assert deliver(told_of) == 200
        assert stands(intent_id) == ("captured", 1000, 1000, 0, 0)
        assert told(intent_id) == ["Started", "Authorised", "Captured"]

    def test_doubled_it_counts_once_also_at_the_same_moment(self, bank):
        intent_id = self.processing(bank)
        told_of = letter(bank, intent_id)
        assert at_once(5, lambda _: deliver(told_of)) == [200] * 5
        assert told(intent_id) == ["Started", "Authorised", "Captured"]
        assert list(books.findings()) == []

    def test_late_after_we_found_out_ourselves_it_is_no_news(self, bank):
        intent_id = self.processing(bank)
        told_of = letter(bank, intent_id)
        asking.ask_how_it_stands(intent_id)
        asking.ask_to_refund(intent_id, eur(1000), "returned", "r")
        story = told(intent_id)
        assert deliver(told_of) == 200
        assert told(intent_id) == story
        assert stands(intent_id) == ("refunded", 1000, 1000, 0, 1000)

    def test_a_failure_that_overtakes_nothing_it_could_not_know(self, bank):
        """Out of order: what is paid stays paid, whatever is told of an earlier moment."""
        declined = self.processing(bank, "decline")
        failed = letter(bank, declined, "payment_failed")
        paid = self.processing(bank)
        succeeded = letter(bank, paid)
        assert deliver(succeeded) == deliver(failed) == deliver(succeeded) == 200
        assert stands(paid)[0] == "captured"
        assert stands(declined)[0] == "declined"
        assert queries.intent(declined).decline_reason == "card_declined"

    def test_money_that_is_told_of_after_the_order_is_off_goes_back(self, bank):
        intent_id = self.processing(bank)
        commands.abandon_order(queries.intent(intent_id).order_id)
        assert deliver(letter(bank, intent_id)) == 200
        days_go_by(1)
        assert stands(intent_id) == ("refunded", 1000, 1000, 0, 1000)
        assert queries.intent(intent_id).stray
        assert list(books.findings()) == []

    def test_a_forged_one_is_refused_and_changes_nothing(self, bank):
        intent_id = self.processing(bank)
        told_of = letter(bank, intent_id)
        moment, _, mac = told_of.signature.partition(",v1=")
        forgeries = [
            {"signature": ""},
            {"signature": "t=1,v1=00"},
            {"signature": f"{moment},v1={'0' * 64}"},
            {"signature": f"t=1,v1={mac}"},
            {"body": told_of.body.replace(b"1000", b"9999")},
            {"body": b"{}"},
        ]
        assert [deliver(told_of, **changed) for changed in forgeries] == [400] * len(forgeries)
        assert stands(intent_id)[0] == "processing"

    def test_without_a_secret_nothing_is_believed(self, bank, settings):
        intent_id = self.processing(bank)
        told_of = letter(bank, intent_id)
        settings.STRIPE_WEBHOOK_SECRET = ""
        assert deliver(told_of) == 400

    def test_a_replay_after_minutes_is_refused(self, bank, monkeypatch):
        intent_id = self.processing(bank)
        told_of = letter(bank, intent_id)
        real = time.time
        monkeypatch.setattr(time, "time", lambda: real() + 301)
        assert deliver(told_of) == 400

    def test_one_about_something_else_is_taken_and_forgotten(self, bank):
        bank.post(
            "/v1/payment_intents", amount=500, currency="eur", payment_method=bank.card(), confirm="true",
            capture_method="automatic",
        )  # fmt: skip
        assert deliver(bank.letter("payment_intent.succeeded", "")) == 200


class TestWhereRealCardsAreTaken:
    def test_test_cards_begin_nothing_but_end_what_they_began(self):
        intent_id = sandboxed(capture="automatic")
        providers.register(Sandbox(), retired=True)
        try:
            assert "sandbox" not in {one.provider for one in queries.methods("IS", "shop", eur(1000), ("ship",))}
            with pytest.raises(UnknownMethod):
                begun()
            assert asking.ask_to_refund(intent_id, eur(1000), "returned", "r").amount == 1000
        finally:
            providers.register(Sandbox())
