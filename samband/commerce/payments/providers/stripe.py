"""Cards through Stripe, with Stripe's own SDK.

What is asked is written down under its key before, and under one key one asks at a time: a key that was used is looked
up at Stripe and not asked again, however long ago that was and whether or not Stripe remembers the key. A token is a
payment method that the payer's browser or app made (`pm_…`); without one the payer types the card on our page with
Stripe's fields. Of a payment at Stripe our key is in its metadata.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.money import MINOR_DIGITS, Money

from ..offering import Offer
from ..refusals import Forged, OtherCurrency
from . import Answer, Approved, Ask, Challenge, Declined, Notice, Unclear

KEY = "samband_key"
TYPED = "samband_typed"
"""In the metadata: our key, and whether the payer types the card on our page."""

HUNDREDTHS = frozenset({"ISK"})
"""Stripe counts these in hundredths, though they have none: what is one to us is a hundred there."""

TIMEOUT_SECONDS = 20
CLOCKS_DIFFER = timedelta(minutes=10)
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture")


class Stripe:
    """Stripe as a payment provider."""

    name = "stripe"
    methods: tuple[str, ...] = ("card",)
    signature_header = "Stripe-Signature"
    at_once = False
    by_hand = False

    def offer(self, method: str, amount: Money) -> Offer:
        return Offer()

    def authorise(self, ask: Ask) -> Answer:
        """Pay with the token's card, or open a payment for which the card is typed on our page."""
        with _alone(ask.key):
            if not _write_down(ask.key, return_url=ask.return_url, language=ask.language):
                earlier = self.look_up(ask.key)
                if earlier is not None:
                    return earlier
            try:
                intent = _client().v1.payment_intents.create(_wish(ask), {"idempotency_key": ask.key})
            except (stripe.CardError, stripe.InvalidRequestError) as error:
                return Declined(_reason(error))
            _name(ask.key, intent.id)
            return _standing(intent)

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        """Take it, or part of it once; Stripe lets go of the rest by itself then."""
        with _alone(key):
            _write_down(key, reference)
            if (earlier := _look_up_capture(key, reference)) is not None:
                return earlier
            wish: Any = {"amount_to_capture": _theirs(amount)}
            return _told(reference, lambda: _intents().capture(reference, wish, {"idempotency_key": key}))

    def void(self, reference: str, key: str) -> Answer:
        """Let go of what is set aside; a challenge still open can no longer be met."""
        with _alone(key):
            _write_down(key, reference)
            if (earlier := _look_up_void(reference)) is not None:
                return earlier
            return _told(reference, lambda: _intents().cancel(reference, {}, {"idempotency_key": key}))

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        with _alone(key):
            _write_down(key, reference)
            if (earlier := _look_up_refund(key, reference)) is not None:
                return earlier
            wish: Any = {"payment_intent": reference, "amount": _theirs(amount), "metadata": {KEY: key}}
            try:
                return _refunded(_client().v1.refunds.create(wish, {"idempotency_key": key}))
            except (stripe.CardError, stripe.InvalidRequestError) as error:
                return Declined(_reason(error))

    def look_up(self, key: str) -> Answer | None:
        found = _one("select reference, asked_at from payments_stripedeed where key = %s", [key])
        if found is None:
            return None
        reference, asked_at = found
        match key.split(":")[1:2]:
            case ["capture"]:
                return _look_up_capture(key, reference)
            case ["void"]:
                return _look_up_void(reference)
            case ["refund"]:
                return _look_up_refund(key, reference)
            case _:
                intent = _retrieve(reference) if reference else _search(key, asked_at)
                return None if intent is None else _standing(intent)

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """Judged by Stripe's own verifier; not older than five minutes. Without a secret nothing is believed."""
        if not settings.STRIPE_WEBHOOK_SECRET:
            raise Forged()
        try:
            event = stripe.Webhook.construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise Forged() from error
        about = getattr(getattr(event, "data", None), "object", None)
        kind = getattr(about, "object", "")
        key = _metadata(about).get(KEY, "") if kind in ("payment_intent", "refund") else ""
        if not key:
            return Notice(id=event.id, key="", answer=Unclear())
        return Notice(id=event.id, key=key, answer=_standing(about) if kind == "payment_intent" else _refunded(about))


def _wish(ask: Ask) -> Any:
    wish: dict[str, Any] = {
        "amount": _theirs(ask.amount),
        "currency": ask.amount.currency.lower(),
        "capture_method": "automatic" if ask.automatic else "manual",
        "payment_method_types": ["card"],
        "metadata": {KEY: ask.key, TYPED: "" if ask.token else "yes"},
        "expand": ["payment_method"],
    }
    return {**wish, "payment_method": ask.token, "confirm": True} if ask.token else wish


# What Stripe says -------------------------------------------------------------------------------------------------


def _standing(intent: Any) -> Answer:
    """How a payment stands, as an answer to its authorisation."""
    if intent.status in ("succeeded", "requires_capture"):
        amount = _ours(intent.amount, intent.currency)
        return Approved(intent.id, intent.status == "succeeded", amount, _paid_with(intent))
    if intent.status == "canceled":
        return Declined("cancelled")
    typed = bool(_metadata(intent).get(TYPED))
    if intent.status == "requires_action" or (typed and intent.status in OPEN):
        return Challenge(intent.id, f"/hooks/stripe/{intent.id}")
    if intent.status == "requires_payment_method":
        return Declined(_declined(getattr(intent, "last_payment_error", None)))
    return Unclear()


def _refunded(refund: Any) -> Answer:
    if refund.status in ("failed", "canceled"):
        return Declined(getattr(refund, "failure_reason", None) or "refund_failed")
    return Approved(refund.id) if refund.status == "succeeded" else Unclear()


def _reason(error: Any) -> str:
    return _declined(getattr(error, "error", None)) if isinstance(error, stripe.CardError) else "card_invalid"


def _declined(said: Any) -> str:
    return getattr(said, "decline_code", None) or getattr(said, "code", None) or "card_declined"


def _paid_with(intent: Any) -> str:
    card = getattr(getattr(intent, "payment_method", None), "card", None)
    return f"{card.brand} {card.last4}" if card else ""


def _metadata(about: Any) -> dict[str, str]:
    said = getattr(about, "metadata", None)
    return {name: getattr(said, name, "") or "" for name in (KEY, TYPED)} if said else {}


def _theirs(amount: Money) -> int:
    return amount.amount * (100 if amount.currency in HUNDREDTHS else 1)


def _ours(amount: int, currency: str) -> Money:
    """Raises OtherCurrency for one that the shop does not trade in, or a part of what has no parts."""
    code = currency.upper()
    whole, rest = divmod(amount, 100 if code in HUNDREDTHS else 1)
    if code not in MINOR_DIGITS or rest:
        raise OtherCurrency(got=code[:8])
    return Money(whole, code)


# Looking up what was asked ---------------------------------------------------------------------------------------


def _look_up_capture(key: str, reference: str) -> Answer | None:
    """A payment is captured once: if it is, then by whoever asked for that first."""
    intent = _retrieve(reference)
    if intent.status == "requires_capture":
        return None
    first = _one(
        "select key from payments_stripedeed where reference = %s and split_part(key, ':', 2) = 'capture'"
        " order by asked_at, key limit 1",
        [reference],
    )
    return Approved(reference) if intent.status == "succeeded" and first == (key,) else Declined("not_allowed")


def _look_up_void(reference: str) -> Answer | None:
    """What was captured in part holds nothing any more: Stripe let go of the rest by itself."""
    intent = _retrieve(reference)
    if intent.status in OPEN:
        return None
    if intent.status == "processing":
        return Unclear()
    partly = intent.status == "succeeded" and getattr(intent, "amount_received", intent.amount) < intent.amount
    return Approved(reference) if partly or intent.status == "canceled" else Declined("not_allowed")


def _look_up_refund(key: str, reference: str) -> Answer | None:
    for refund in _client().v1.refunds.list({"payment_intent": reference, "limit": 100}).auto_paging_iter():
        if _metadata(refund).get(KEY) == key:
            return _refunded(refund)
    return None


def _search(key: str, asked_at: datetime) -> Any:
    """The payment that was made for a key although we died before its name was noted; None if there is none."""
    since = int((asked_at - CLOCKS_DIFFER).timestamp())
    for intent in _intents().list({"limit": 100}).auto_paging_iter():
        if intent.created < since:
            return None
        if _metadata(intent).get(KEY) == key:
            _name(key, intent.id)
            return _retrieve(intent.id)
    return None


def _retrieve(reference: str) -> Any:
    return _intents().retrieve(reference, {"expand": ["payment_method"]})


def for_browser(reference: str) -> tuple[str, Money, str]:
    """A payment's client secret and amount, and what its payer still has to do on our page.

    That is `type` (a card) or `confirm` (a second factor); empty once there is nothing left to do.
    """
    intent = _retrieve(reference)
    to_type = bool(_metadata(intent).get(TYPED)) and intent.status in (
        "requires_payment_method",
        "requires_confirmation",
    )
    to_do = "confirm" if intent.status == "requires_action" else "type" if to_type else ""
    return intent.client_secret, _ours(intent.amount, intent.currency), to_do


def _told(reference: str, ask: Any) -> Answer:
    try:
        ask()
    except stripe.InvalidRequestError:
        return Declined("not_allowed")
    return Approved(reference)


def _intents() -> Any:
    return _client().v1.payment_intents


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=4)
def _client_for(key: str, base: str) -> stripe.StripeClient:
    # Whoever asks again is us, with the key looked up before.
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


# What we know ourselves ------------------------------------------------------------------------------------------


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """One at a time asks under a key. Held by the connection, not by a transaction: there is none."""
    _one("select pg_advisory_lock(hashtextextended(%s, 3))", [key])
    try:
        yield
    finally:
        _one("select pg_advisory_unlock(hashtextextended(%s, 3))", [key])


def _write_down(key: str, reference: str = "", return_url: str = "", language: str = "en") -> bool:
    """Note that Stripe is going to be asked; False if that was noted before."""
    row = _one(
        "insert into payments_stripedeed (key, reference, return_url, language, asked_at)"
        " values (%s, %s, %s, %s, %s::timestamptz) on conflict (key) do nothing returning key",
        [key, reference, return_url, language, now()],
    )
    return row is not None


def _name(key: str, reference: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update payments_stripedeed set reference = %s where key = %s", [reference, key])


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
