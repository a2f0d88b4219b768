"""Providers' notices come in by the front door, signed; the payer's bank shows its page and sends nobody astray."""

import json
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from django.db import connection
from django.test import Client

from samband.channels.hooks.payments import LARGEST_BYTES
from samband.channels.hooks.words import STRIPE_WORDS, TRANSFER_WORDS, WORDS
from samband.commerce.payments import asking, books, commands, noticing, queries
from samband.commerce.payments.providers.sandbox import sign
from samband.events.payments import PaymentCaptured, PaymentDeclined
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.languages import LANGUAGES
from tests.commerce.paying import a_token, asked, begun, stands, told

pytestmark = pytest.mark.django_db(transaction=True)

DOOR = "/hooks/payments/sandbox"


@pytest.fixture
def outside():
    """A client that insists on CSRF tokens, as the real door does."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def over_http(outside):
    """The sandbox bank reaches us over HTTP, through the door."""
    before = noticing.plugged()
    answers: list[int] = []

    def send(body: bytes, signature: str) -> None:
        response = post(outside, body, signature)
        answers.append(response.status_code)
        if response.status_code != 200:
            raise ConnectionError

    noticing.plug(send)
    yield answers
    noticing.plug(before)


def post(client: Client, body: bytes, signature: str | None = None):
    signature = sign(body) if signature is None else signature
    return client.post(DOOR, body, content_type="application/json", headers={"X-Sandbox-Signature": signature})


def letter(intent_id, **changes) -> bytes:
    told = {
        "id": "n-1",
        "key": commands.authorise_key(intent_id),
        "reference": "ch_1",
        "outcome": "approved",
        "captured": False,
        "amount": 1000,
        "currency": "EUR",
        "reason": "",
        "paid_with": "visa 4242",
    }
    return json.dumps({**told, **changes}).encode()


class TestNotices:
    def test_a_late_and_a_double_answer_come_over_http(self, over_http):
        with held_at(moment := now()):
            late, twice = asked("late", capture="automatic"), asked("twice")
        with held_at(moment + timedelta(seconds=5)):
            assert noticing.deliver_sandbox_notices() == 3
        assert over_http == [200, 200, 200]
        assert stands(late) == ("captured", 1000, 1000, 0, 0)
        assert told(late) == ["Started", "Authorised", "Captured"]
        assert stands(twice) == ("authorised", 1000, 0, 0, 0)
        assert told(twice) == ["Started", "Authorised"]
        assert list(books.findings()) == []

    def test_the_same_notice_is_taken_again_and_changes_nothing(self, outside):
        intent_id = asked("late")
        for _ in range(3):
            response = post(outside, letter(intent_id))
            assert (response.status_code, response.json()) == (200, {"received": True})
        assert told(intent_id) == ["Started", "Authorised"]

    def test_the_same_notice_many_times_at_once(self):
        intent_id = asked("late")
        body, together, seen = letter(intent_id, captured=True), threading.Barrier(6), []

        def send() -> None:
            together.wait()
            seen.append(post(Client(), body).status_code)
            connection.close()

        senders = [threading.Thread(target=send) for _ in range(6)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert seen == [200] * 6
        assert told(intent_id) == ["Started", "Authorised", "Captured"]

    @pytest.mark.parametrize(
        "signature", ["", "0" * 64, "é", sign(b"something else")], ids=["none", "zeros", "no hex", "of another body"]
    )
    def test_a_forged_notice_is_refused_and_changes_nothing(self, outside, signature):
        intent_id = asked("late")
        response = post(outside, letter(intent_id), signature)
        assert (response.status_code, response.json()["code"]) == (400, "forged_notice")
        assert response["Content-Type"] == "application/problem+json"
        assert stands(intent_id)[0] == "processing"

    def test_one_byte_changed_on_the_way_is_a_forgery(self, outside):
        intent_id = asked("late")
        body = letter(intent_id)
        response = post(outside, body.replace(b"1000", b"1001"), sign(body))
        assert response.json()["code"] == "forged_notice"

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"id": 1}', b"\xff\xfe", b'{"id": "\\ud800"}'])
    def test_a_signed_but_unreadable_notice_is_refused(self, outside, body):
        response = post(outside, body)
        assert (response.status_code, response.json()["code"]) == (400, "forged_notice")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"currency": "ISK"}, "payment_other_currency"),
            ({"currency": "DOGE"}, "unknown_currency"),
            ({"amount": 999}, "payment_other_amount"),
        ],
    )
    def test_an_approval_of_something_else_is_refused_and_may_come_again_put_right(self, outside, changes, code):
        intent_id = asked("late")
        response = post(outside, letter(intent_id, **changes))
        assert response.json()["code"] == code
        assert 400 <= response.status_code < 500
        assert stands(intent_id)[0] == "processing"
        assert post(outside, letter(intent_id)).status_code == 200
        assert stands(intent_id)[0] == "authorised"

    def test_a_notice_about_nothing_of_ours_is_taken_and_forgotten(self, outside):
        assert post(outside, letter("0" * 8)).status_code == 200

    def test_a_huge_body_is_refused_unread(self, outside):
        response = post(outside, b"x" * (LARGEST_BYTES + 1))
        assert (response.status_code, response.json()["code"]) == (413, "notice_too_large")

    def test_other_providers_and_other_methods(self, outside):
        assert outside.post("/hooks/payments/nobody", b"{}", content_type="application/json").status_code == 404
        refused = outside.get(DOOR)
        assert (refused.status_code, refused["Allow"]) == (405, "POST")


class TestTheBanksPage:
    def at_the_bank(self, capture="automatic", language="en", back="/thanks?order=S7K3M-QX4PD"):
        intent_id = begun(amount=129_950, capture=capture)
        asking.ask_to_authorise(intent_id, a_token("second_factor"), back, language)
        return intent_id, queries.intent(intent_id).challenge_url

    def decide(self, client, url, **form):
        token = client.get(url).cookies["csrftoken"].value
        return client.post(url, {**form, "csrfmiddlewaretoken": token})

    def test_shows_what_is_to_be_paid_to_whom_with_which_card(self, client):
        _, url = self.at_the_bank()
        page = client.get(url)
        text = page.content.decode()
        assert page.status_code == 200
        assert "€1,299.50" in text
        assert "Samband" in text
        assert "Visa ···· 3220" in text
        assert "no-store" in page["Cache-Control"]

    def test_speaks_the_payers_language(self, client):
        assert set(WORDS) == set(LANGUAGES)
        assert len({tuple(words) for words in WORDS.values()}) == 1, "nothing is left untranslated"
        for language, words in WORDS.items():
            _, url = self.at_the_bank(language=language)
            text = client.get(url).content.decode()
            assert f'lang="{language}"' in text
            assert words["approve"] in text

    def test_approving_sends_the_payer_back_and_tells_us(self, outside, over_http):
        intent_id, url = self.at_the_bank()
        response = self.decide(outside, url, decision="approve", code="1234")
        assert (response.status_code, response["Location"]) == (302, "/thanks?order=S7K3M-QX4PD")
        assert noticing.deliver_sandbox_notices() == 1
        assert stands(intent_id) == ("captured", 129_950, 129_950, 0, 0)
        assert list(books.findings()) == []

    def test_rejecting_sends_the_payer_back_and_tells_us(self, outside, over_http):
        intent_id, url = self.at_the_bank()
        assert self.decide(outside, url, decision="reject").status_code == 302
        noticing.deliver_sandbox_notices()
        assert queries.intent(intent_id).decline_reason == "second_factor_rejected"

    def test_a_wrong_code_may_be_corrected_but_not_guessed(self, outside):
        intent_id, url = self.at_the_bank()
        page = self.decide(outside, url, decision="approve", code="<script>")
        assert page.status_code == 422
        assert "Tries left: 2" in page.content.decode()
        assert "<script>" not in page.content.decode()
        assert self.decide(outside, url, decision="approve", code="").status_code == 422
        assert self.decide(outside, url, decision="approve", code="9999").status_code == 302
        assert (
            "already been decided"
            in outside.post(
                url,
                {"decision": "approve", "code": "1234"},
                headers={"X-CSRFToken": outside.cookies["csrftoken"].value},
            ).content.decode()
        )
        assert asking.ask_how_it_stands(intent_id).reason == "second_factor_failed"

    def test_what_is_decided_cannot_be_decided_again(self, outside):
        intent_id, url = self.at_the_bank()
        token = outside.get(url).cookies["csrftoken"].value
        outside.post(url, {"decision": "approve", "code": "1234", "csrfmiddlewaretoken": token})
        outside.post(url, {"decision": "reject", "csrfmiddlewaretoken": token})
        asking.ask_how_it_stands(intent_id)
        assert stands(intent_id)[0] == "captured"

    def test_nobody_else_can_decide_by_a_form_of_theirs(self, outside):
        _, url = self.at_the_bank()
        assert outside.post(url, {"decision": "approve", "code": "1234"}).status_code == 403

    @pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
    def test_a_return_address_that_was_tampered_with_is_not_followed(self, outside, settings, back):
        _, url = self.at_the_bank()
        with connection.cursor() as cursor:
            cursor.execute("update payments_sandboxcharge set return_url = %s", [back])
        assert self.decide(outside, url, decision="reject")["Location"] == settings.SITE_URL
        assert "evil" not in outside.get(url).content.decode()

    def test_our_own_address_may_be_given_in_full(self, outside, settings):
        _, url = self.at_the_bank(back=f"{settings.SITE_URL}/thanks")
        assert self.decide(outside, url, decision="reject")["Location"] == f"{settings.SITE_URL}/thanks"

    @pytest.mark.parametrize("reference", ["ch_nobody", "x" * 500])
    def test_there_is_no_other_payment(self, client, reference):
        page = client.get(f"/hooks/bank/{reference}")
        assert page.status_code == 404
        assert "There is no such payment" in page.content.decode()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_paying_later_shows_every_part_before_anybody_agrees(self, outside, language):
        intent_id = new_id()
        commands.start(intent_id, new_id(), 100_000, "EUR", "pay_later", "sandbox", plan="in-12")
        with held_at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
            asking.ask_to_authorise(intent_id, "confirm", "/thanks", language)
        url = queries.intent(intent_id).challenge_url
        page = outside.get(url)
        text = page.content.decode().replace("\xa0", " ")
        assert page.status_code == 200
        assert text.count("<tr>") == 13
        assert text.count("88,73") + text.count("88.73") == 11
        assert "12.57" in text or "12,57" in text
        assert format_date(date(2026, 12, 22), "long", locale=language) in text
        assert "{" not in text
        assert self.decide(outside, url, decision="approve", code="1234").status_code == 302
        assert isinstance(asking.ask_how_it_stands(intent_id), PaymentCaptured)

    def test_paying_later_may_be_refused(self):
        intent_id = new_id()
        commands.start(intent_id, new_id(), 100_000, "EUR", "pay_later", "sandbox", plan="in-3")
        assert isinstance(asking.ask_to_authorise(intent_id, "refuse", "/thanks"), PaymentDeclined)

    def test_words_sound_the_same_everywhere(self):
        for table in (STRIPE_WORDS, TRANSFER_WORDS):
            assert set(table) == set(LANGUAGES)
            assert len({tuple(words) for words in table.values()}) == 1
        for words in WORDS.values():
            assert "{merchant}" in words["pay"]
            assert "{total}" in words["plan"]
            assert "{rate}" in words["plan"]
            assert "{left}" in words["wrong"]
            assert "1234" in words["hint"]
