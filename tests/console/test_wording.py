"""Whatever the house says has words in the console: refusals, events, reasons, states."""

import importlib
from pathlib import Path

import pytest

from samband.commerce.fulfillment.carriage import MARKS as PARCEL_MARKS
from samband.commerce.fulfillment.promise import DAYS
from samband.commerce.fulfillment.transitions import KINDS as FULFILLMENT_KINDS
from samband.commerce.fulfillment.transitions import STATES as FULFILLMENT_STATES
from samband.commerce.orders.commands import CANCEL_REASONS
from samband.commerce.orders.models import STATES as ORDER_STATES
from samband.commerce.payments.rules import REFUND_REASONS
from samband.console import event_texts, reading, reason_texts, refusal_texts, state_words
from samband.console.words import Words
from samband.engagement.messaging.facts import KINDS as MESSAGES
from samband.flows.customer_story import KINDS
from samband.kernel import refusal as kernel
from samband.kernel.refusal import Refusal
from samband.staff.rules import ROLES, SCOPES

ROOMS = (
    "samband.commerce.catalog", "samband.commerce.fulfillment", "samband.commerce.inventory", "samband.commerce.orders",
    "samband.commerce.payments", "samband.commerce.pricing", "samband.commerce.tills", "samband.customers.accounts",
    "samband.staff",
)  # fmt: skip

NEVER_MET = {
    "order_does_not_add_up", "order_not_a_draft", "cart_already_sold", "order_number_taken",
    "unknown_refund_reason", "no_such_group", "held_already", "forged_carrier_notice",
    "unknown_payment_method", "payment_other_amount", "forged_notice", "card_invalid", "return_address_refused",
    "payment_method_not_available", "unknown_payment_plan", "too_many_gift_card_codes", "gift_card_exists",
    "not_shippable", "too_many_lines", "attribute_definition", "search_ask", "hold_exists", "hold_lapsed",
    "coupon_used_up", "hold_already_kept", "fulfillment_exists", "cannot_route", "no_promise", "invalid_opening",
    "too_many_codes", "unknown_api_key", "wrong_pin", "pin_locked", "device_unknown", "enrolment_code_wrong",
    "drawer_open", "drawer_needed", "drawer_short", "drawer_other_currency", "queue_not_empty",
}  # fmt: skip
"""What no form of the console can bring about; it still gets the sentence of its kind."""

ENGLISH = Words("en", "UTC")


def refusals() -> list[type[Refusal]]:
    kinds = [kernel.Invalid, kernel.NotFound, kernel.Forbidden, kernel.KeyReused, kernel.TooMany, kernel.Unavailable]
    for room in ROOMS:
        module = importlib.import_module(f"{room}.refusals")
        kinds += [
            one for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Refusal) and one.__module__ == module.__name__
        ]  # fmt: skip
    return kinds


def test_every_refusal_of_the_rooms_is_worded_or_never_met() -> None:
    codes = {one.code for one in refusals()}
    assert codes - refusal_texts.WORDED == NEVER_MET
    assert not NEVER_MET & refusal_texts.WORDED


def test_a_refusal_that_nobody_has_worded_gets_a_sentence_of_its_kind() -> None:
    for kind in refusals():
        if kind.code in NEVER_MET:
            said = refusal_texts.sentence(kind(), ENGLISH)
            assert said.endswith(".")
            assert kind.code not in said


def test_what_a_form_should_hold_is_said_for_every_kind_of_field() -> None:
    source = "".join(path.read_text() for path in Path(reading.__file__).parent.rglob("*.py"))
    wanted = {part.split('"')[0] for part in source.split('want="')[1:]}
    for want in wanted:
        said = refusal_texts.sentence(reading.NotRead(field="sku", want=want), ENGLISH)
        assert said.startswith("SKU"), want


def test_every_event_of_a_timeline_has_words() -> None:
    assert {name for names in KINDS.values() for name in names} <= set(event_texts.TEXTS)


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (state_words.ORDER_STATES, ORDER_STATES),
        (state_words.CANCEL_REASONS, CANCEL_REASONS),
        (state_words.REFUND_REASONS, REFUND_REASONS),
        (state_words.FULFILLMENT_STATES, FULFILLMENT_STATES),
        (state_words.FULFILLMENT_KINDS, FULFILLMENT_KINDS),
        (state_words.PARCEL_MARKS, PARCEL_MARKS),
        (state_words.DAYS, DAYS),
        (state_words.MESSAGES, MESSAGES),
        (state_words.ROLES, ROLES),
        (state_words.SCOPES, SCOPES),
        (state_words.MOMENT_KINDS, KINDS),
    ],
)
def test_every_code_has_a_word(table: dict[str, str], codes: object) -> None:
    assert set(table) == set(codes)  # type: ignore[call-overload]


def test_every_reason_of_a_price_has_words() -> None:
    files = ("tagging.py", "quoting.py", "bringing.py", "reducing.py")
    source = "".join((Path("samband/commerce/pricing") / name).resolve().read_text() for name in files)
    codes = {part.split('"')[1] for part in source.split("Reason(")[1:] if '"' in part.split(",")[0]}
    assert len(codes) > 8
    for code in codes:
        assert code in reason_texts._TEXTS, code
