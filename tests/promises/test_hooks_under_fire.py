"""Webhooks late, doubled, reordered, forged, cut off: in whatever order they come, a payment and a parcel end alike."""

import json
import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samband.commerce.fulfillment import labels
from samband.commerce.fulfillment.providers.sandbox import sign as sign_of_carrier
from samband.commerce.payments import asking, books, commands, queries
from samband.commerce.payments.providers.sandbox import Sandbox, sign
from samband.commerce.payments.rules import Approved
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline.delivering import deliver
from tests.commerce.paying import a_token, at_once, begun, eur, standing_in, stands, told
from tests.commerce.test_carriers import buy, packed, state
from tests.worlds import fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = int(os.environ.get("SAMBAND_EXAMPLES", "40"))
BANK, CARRIER = "/hooks/payments/sandbox", "/hooks/carriers/sandbox"
AMOUNT, FIRST, SECOND = 1_000, 300, 200

any_order = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


class Silent(Sandbox):
    """The sandbox bank does what it is asked, and its answers are lost on the way."""

    def authorise(self, ask: Any) -> Any:
        super().authorise(ask)
        raise TimeoutError

    def refund(self, reference: str, amount: Money, key: str) -> Any:
        """It gives the first back, and not the second."""
        if amount == eur(FIRST):
            super().refund(reference, amount, key)
        raise TimeoutError


Message = tuple[str, str, bytes, str]
"""What it is called, where it goes, its body and its signature."""


def letter(name: str, key: str, outcome: str, amount: int, notice: str, captured: bool = True) -> Message:
    """A notice of the bank's."""
    said = {
        "id": notice, "key": key, "reference": reference_of(notice.split("/")[0]),
        "outcome": outcome, "captured": captured, "amount": amount,
        "currency": "EUR", "reason": "" if outcome == "approved" else "not_allowed", "paid_with": "visa 4242",
    }  # fmt: skip
    body = json.dumps(said).encode()
    return name, BANK, body, sign(body)


def reference_of(intent_id: str) -> str:
    """Under which the bank knows the payment."""
    answer = Sandbox().look_up(commands.authorise_key(UUID(intent_id)))
    assert isinstance(answer, Approved)
    return answer.reference


def forged(message: Message) -> Message:
    name, where, body, _ = message
    return f"{name}, forged", where, body.replace(b"visa 4242", b"visa 6666"), sign(b"something else")


def cut_off(message: Message) -> Message:
    name, where, body, signature = message
    return f"{name}, cut off", where, body[: len(body) // 2], signature


def sent(message: Message) -> int:
    """The status with which the door answers."""
    _, where, body, signature = message
    headers = {"X-Sandbox-Signature": signature}
    answer = Client(enforce_csrf_checks=True).post(where, body, content_type="application/json", headers=headers)
    return int(answer.status_code)


def is_refused(message: Message) -> bool:
    return message[0].endswith(("forged", "cut off"))


def charged() -> tuple[UUID, list[Message]]:
    """A payment whose authorisation the bank never answered, and all that the bank will tell of it."""
    intent_id = begun(AMOUNT, capture="automatic")
    asking.ask_to_authorise(intent_id, a_token(), "/back")
    assert stands(intent_id)[0] == "processing"
    yes = letter("approved", commands.authorise_key(intent_id), "approved", AMOUNT, f"{intent_id}/1")
    again = letter("approved again", commands.authorise_key(intent_id), "approved", AMOUNT, f"{intent_id}/2")
    nobodys = letter("of nobody's", f"{new_id()}:authorise", "approved", AMOUNT, f"{intent_id}/3")
    return intent_id, [yes, yes, again, nobodys, forged(yes), cut_off(yes)]


def refunded(intent_id: UUID) -> list[Message]:
    """Two refunds that the bank never answered, and what it will tell of them: yes to one, no to the other."""
    keys = []
    for nth, amount in enumerate((FIRST, SECOND)):
        asking.ask_to_refund(intent_id, eur(amount), "goodwill", key=f"fire-{nth}")
        keys.append(commands.operation_key(intent_id, "refund", f"fire-{nth}"))
    yes = letter("refunded", keys[0], "approved", FIRST, f"{intent_id}/4")
    again = letter("refunded again", keys[0], "approved", FIRST, f"{intent_id}/5")
    no = letter("not refunded", keys[1], "declined", SECOND, f"{intent_id}/6")
    late = letter("approved, late", commands.authorise_key(intent_id), "approved", AMOUNT, f"{intent_id}/7")
    return [yes, yes, again, no, no, late, forged(no), cut_off(yes)]


@pytest.fixture
def silent_bank() -> Iterator[None]:
    with standing_in(Silent()):
        yield


def test_a_payments_life_ends_the_same_in_whatever_order_it_is_told(silent_bank: None) -> None:
    endings = set()

    @given(st.randoms(use_true_random=False))
    @any_order
    def live(order: Any) -> None:
        intent_id, first = charged()
        tell(first, order)
        assert stands(intent_id) == ("captured", AMOUNT, AMOUNT, 0, 0)
        assert told(intent_id).count("Captured") == 1
        tell(refunded(intent_id), order)
        endings.add((stands(intent_id), tuple(sorted(told(intent_id)))))

    def tell(messages: list[Message], order: Any) -> None:
        for message in order.sample(messages, len(messages)):
            assert sent(message) == (400 if is_refused(message) else 200), message[0]

    live()
    assert {stood for stood, _ in endings} == {("partly_refunded", AMOUNT, AMOUNT, 0, FIRST)}
    assert len(endings) == 1, f"the same was told in different ways: {endings}"
    assert list(books.findings()) == []


def test_told_all_at_once_it_ends_the_same(silent_bank: None) -> None:
    for _ in range(4):
        intent_id, first = charged()
        assert set(at_once(len(first), lambda nth, all_of=first: sent(all_of[nth]))) == {200, 400}
        assert stands(intent_id) == ("captured", AMOUNT, AMOUNT, 0, 0)
        then = refunded(intent_id)
        assert set(at_once(len(then), lambda nth, all_of=then: sent(all_of[nth]))) == {200, 400}
        assert stands(intent_id) == ("partly_refunded", AMOUNT, AMOUNT, 0, FIRST)
    assert list(books.findings()) == []


def test_what_is_forged_changes_nothing_at_all(silent_bank: None) -> None:
    intent_id, messages = charged()
    story = told(intent_id)
    for message in messages:
        for bad in (forged(message), cut_off(message)):
            assert sent(bad) == 400
    assert stands(intent_id)[0] == "processing"
    assert told(intent_id) == story
    assert queries.intent(intent_id).captured.amount == 0


def test_a_parcels_way_ends_the_same_in_whatever_order_it_is_told() -> None:
    small_world()
    parcel = packed()
    label = buy(parcel)
    endings = set()
    marks = ("announced", "on_the_way", "out_for_delivery", "delivered")

    @given(st.permutations([*marks, *marks, "forged"]))
    @settings(any_order, max_examples=1)
    def go(order: list[str]) -> None:
        for nth, mark in enumerate(order):
            said = "returned" if mark == "forged" else mark
            about = {"id": f"{label.id}-{mark}", "reference": label.reference, "at": "2026-01-01T00:00:00Z"}
            body = json.dumps({**about, "mark": said}).encode()
            signature = sign_of_carrier(b"else" if mark == "forged" else body)
            assert sent((mark, CARRIER, body, signature)) == (400 if mark == "forged" else 200), nth
        deliver()
        endings.add((labels.label(label.id).mark, state(parcel)))

    go()
    assert endings == {("delivered", "delivered")}
    assert len(labels.marks(label.id)) == len(marks)
    fresh_processes()
