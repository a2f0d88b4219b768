"""A message is sent once, in the customer's language, and nothing of it stays; what cannot be sent is shown."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection, transaction

from samband.engagement.messaging import commands, facts, permission, privacy, queries, sending
from samband.engagement.messaging.facts import KINDS, Gathering, OrderedLine, OrderFacts, Recipient
from samband.engagement.messaging.models import Message
from samband.engagement.messaging.refusals import NoRightToSend
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import Money
from samband.kernel.reach import Reach
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline

pytestmark = pytest.mark.django_db


def queue(key: str = "k", kind: str = "sign_in_code", language: str = "en", customer_id: UUID | None = None, **facts):
    return commands.queue(
        kind, key, email="anna@example.is", language=language, about="sign_in_code:1", customer_id=customer_id,
        facts=facts or {"code": "123456"},
    )  # fmt: skip


def facts_about(language: str) -> OrderFacts:
    return OrderFacts(
        recipient=Recipient("anna@example.is", "Anna", language, None, None),
        number="S7K3M-QX4PD",
        link="http://127.0.0.1:8000/en-is/order/S7K3M-QX4PD/?t=x",
        lines=(OrderedLine("Hraun <sofa>", 2, Money(179800, "EUR")),),
        shipping=Money(0, "EUR"),
        total=Money(179800, "EUR"),
        groups=(
            Gathering(
                "pickup", "Athens store", "Ερμού 41, 105 63 Αθήνα", "Europe/Athens", now(), now(), now() + timedelta(7),
                "X7K2PQ", "", "",
            ),
        ),
    )  # fmt: skip


def test_a_message_is_sent_once_and_nothing_of_it_stays():
    assert queue()
    assert not queue(), "the same key is the same message"
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["anna@example.is"]
    assert "123456" in mail.outbox[0].subject
    kept = Message.objects.get()
    assert (kept.state, kept.email, kept.facts) == ("sent", "", {})
    assert [told.name for told in timeline.latest()] == ["messaging.MessageSent", "messaging.MessageQueued"]


def test_the_database_itself_keeps_no_content_of_what_was_sent():
    queue()
    with pytest.raises(Exception, match="message_sent_says_nothing"):
        Message.objects.update(state="sent")


RECEIPT = {
    "number": "S7K3M-QX4PD", "at": "21 Nov 2026, 14:30", "store": {"name": "Samband RVK", "address": ["Laugavegur 1"]},
    "lines": [{"name": "A <sofa>", "quantity": "1", "unit": "129.00", "discount": "-10.00", "total": "119.00"}],
    "shipping": "4.90", "total": "123.90",
    "vat": [{"rate": "24%", "net": "99.92", "vat": "23.98", "total": "123.90"}],
    "tenders": [{"name": "Cash", "amount": "123.90", "given": "130.00", "change": "6.10"}],
    "parts": [{"kind": "To be picked up", "place": "Rīga", "when": "Mon 23 Nov", "goods": ["1 × A <sofa>"]}],
    "texts": {"receipt": "Receipt", "discount": "Discount", "delivery": "Delivery", "total": "Total", "vat": "VAT",
              "thanks": "Thank you"},
}  # fmt: skip
"""A receipt of a till as flows write it: its words come with it, in its language."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_message_can_be_written_in_every_language(kind, language):
    facts = {"code": "123456"} if kind in ("sign_in_code", "proof_code") else {"about": facts_about(language)}
    if kind == "refunded":
        facts["refunded"] = Money(500, "EUR")
    if kind == "gift_card":
        facts["cards"] = [{"code": "7K2P-QXMN-44TH-9VWX", "amount": Money(5000, "EUR"), "until": "24 November 2027"}]
    if kind == "receipt":
        facts = {"receipt": RECEIPT}
    if kind == "data_ready":
        facts = {"link": "http://127.0.0.1:8000/en-is/account/data/", "days": 7}
    if kind == "newsletter_confirm":
        facts = {"link": "http://127.0.0.1:8000/en-is/newsletter/confirm/x/", "text": "Write to me"}
    if kind == "staff_sign_in_changed":
        facts = {"what": "password", "by_others": True}
    commands.queue(kind, "k", email="a@b.is", language=language, about="order:1", facts=facts)
    sending.send_due()
    (sent,) = mail.outbox
    html = sent.alternatives[0][0]
    assert f'lang="{language}"' in html
    assert "%(" not in sent.subject + sent.body + html
    assert "<sofa>" not in html, "what a customer or merchant typed is escaped"
    if kind == "pickup_ready":
        assert "X7K2PQ" in sent.body
        assert "X7K2PQ" in html


class _Heard:
    """Whoever keeps the consents, as told: each answer once, the last for ever."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def to_write(self, email: str, purpose: str) -> permission.Right:
        self.asked.append((email, purpose))
        allowed = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return permission.Right(allowed, "granted" if allowed else "refused", {"List-Unsubscribe": "<https://x/u>"})


@pytest.fixture
def news(monkeypatch):
    """A message that is not transactional: it speaks like a code, and needs a consent to the newsletter."""
    monkeypatch.setitem(facts.KINDS, "news", "newsletter_email")
    written = sending.written

    def as_code(message: Message):
        message.kind = "sign_in_code"
        letter = written(message)
        message.kind = "news"
        return letter

    monkeypatch.setattr(sending, "written", as_code)
    before = list(permission._plugged)
    yield "news"
    permission._plugged[:] = before


def test_news_wait_only_for_somebody_who_may_be_written_to(news):
    heard = _Heard(False)
    permission.plug(heard)
    with pytest.raises(NoRightToSend) as refused, transaction.atomic():
        queue(kind=news)
    assert refused.value.details == {"purpose": "newsletter_email", "because": "refused"}
    assert heard.asked == [("anna@example.is", "newsletter_email")]
    assert not Message.objects.exists()


def test_news_go_out_saying_how_to_stop_them(news):
    permission.plug(_Heard(True))
    assert queue(kind=news)
    sending.send_due()
    (sent,) = mail.outbox
    assert sent.extra_headers["List-Unsubscribe"] == "<https://x/u>"
    assert sent.extra_headers["Message-ID"]


def test_what_was_taken_back_while_it_waited_is_not_sent_and_the_story_says_why(news):
    permission.plug(_Heard(True, False))
    queue(kind=news)
    assert sending.send_due() == 1
    assert mail.outbox == []
    kept = Message.objects.get()
    assert (kept.state, kept.email, kept.facts, kept.error) == ("failed", "", {}, "withheld: refused")
    assert timeline.latest()[0].name == "messaging.MessageFailed"


def test_where_nobody_keeps_consents_nothing_goes_out_that_needs_one(news):
    permission._plugged.clear()
    with pytest.raises(NoRightToSend), transaction.atomic():
        queue(kind=news)


class _Deaf:
    def send_messages(self, messages):
        raise ConnectionRefusedError("anna@example.is")


def test_what_cannot_be_sent_is_tried_again_later_and_in_the_end_shown(monkeypatch):
    monkeypatch.setattr("django.core.mail.get_connection", lambda *a, **k: _Deaf())
    customer = new_id()
    queue(customer_id=customer)
    at = now()
    for _ in range(6):
        with held_at(at):
            assert sending.send_due() == 1
            assert sending.send_due() == 0, "not at once"
        at += timedelta(hours=3)
    (failed,) = queries.failed()
    assert failed.error == "ConnectionRefusedError"
    kept = Message.objects.get()
    assert (kept.email, kept.facts) == ("", {}), "nor does a code stay that could not be sent"
    assert timeline.of_customer([customer])[0].name == "messaging.MessageFailed"


def test_killed_while_sending_it_is_sent_again_under_the_same_id(monkeypatch):
    queue()

    class Killed(BaseException):
        pass

    def die(*_args) -> None:
        raise Killed

    monkeypatch.setattr(sending, "_note_sent", die)
    with pytest.raises(Killed):
        sending.send_due()
    monkeypatch.undo()
    assert sending.send_due() == 0, "its lease still runs"
    with held_at(now() + sending.LEASE + timedelta(seconds=1)):
        assert sending.send_due() == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_mail_server_is_asked(monkeypatch):
    open_then = []
    queue()
    real = sending.written

    def look(message):
        open_then.append(connection.in_atomic_block)
        return real(message)

    monkeypatch.setattr(sending, "written", look)
    sending.send_due()
    assert open_then == [False]


@pytest.mark.django_db(transaction=True)
def test_unknown_kinds_and_languages_are_refused():
    for fields in ({"kind": "spam"}, {"language": "de"}):
        with pytest.raises(Invalid):
            queue(**fields)
    assert not Message.objects.exists()


def test_an_erased_customer_is_not_written_to():
    customer = new_id()
    queue(customer_id=customer)
    privacy.erase(Reach(customer, (customer,), (), (), (), ()))
    assert sending.send_due() == 0
    assert not mail.outbox
