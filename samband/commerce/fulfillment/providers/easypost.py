"""Carriers through EasyPost, with EasyPost's own SDK.

A shipment at EasyPost bears our key as its reference and can be found by it: a key that was used is looked up and not
bought again, and under one key one asks at a time. A service is the carrier and its service, such as `USPS/Priority`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from easypost.easypost_client import EasyPostClient
from easypost.errors.api.bad_request_error import BadRequestError
from easypost.errors.api.forbidden_error import ForbiddenError
from easypost.errors.api.invalid_request_error import InvalidRequestError
from easypost.errors.api.not_found_error import NotFoundError
from easypost.errors.api.payment_error import PaymentError
from easypost.errors.general.signature_verification_error import SignatureVerificationError
from easypost.util import validate_webhook

from samband.kernel.clock import now

from ..carriage import Answer, Bought, Notice, Postal, Rate, Refused, Wish
from ..refusals import Forged

TIMEOUT_SECONDS = 20
GRAMS_AN_OUNCE = 28.349523125
"""Exactly so many: the international avoirdupois ounce (1959)."""

NO = (BadRequestError, ForbiddenError, InvalidRequestError, PaymentError)

MARKS = {
    "pre_transit": "announced",
    "in_transit": "on_the_way",
    "out_for_delivery": "out_for_delivery",
    "available_for_pickup": "out_for_delivery",
    "delivered": "delivered",
    "return_to_sender": "returned",
    "failure": "trouble",
    "error": "trouble",
}
"""EasyPost's states of a tracker, as we call them; others say nothing to us."""


class EasyPost:
    """EasyPost as a carrier."""

    name = "easypost"
    signature_header = "X-Hmac-Signature"

    def rates(self, wish: Wish) -> tuple[Rate, ...]:
        found = [_rate(rate) for rate in _create(wish).rates]
        return tuple(sorted(found, key=lambda rate: (float(rate.amount), rate.service)))

    def buy(self, wish: Wish) -> Answer:
        with _alone(wish.key):
            try:
                shipment = _find(wish.key) or _create(wish, reference=wish.key)
                if _label(shipment) is None:
                    rate = _chosen(shipment, wish.service)
                    if rate is None:
                        return Refused("unknown_service")
                    shipment = _client().shipment.buy(shipment.id, rate={"id": rate.id})
            except NO as error:
                return Refused(_reason(error))
            return _bought(shipment)

    def look_up(self, key: str) -> Answer | None:
        shipment = _find(key)
        return _bought(shipment) if shipment and _label(shipment) else None

    def cancel(self, reference: str) -> bool:
        try:
            shipment = _client().shipment.refund(reference)
        except NO:
            return False
        return getattr(shipment, "refund_status", "") in ("submitted", "refunded")

    def track(self, reference: str) -> tuple[Notice, ...]:
        tracker = getattr(_client().shipment.retrieve(reference), "tracker", None)
        return tuple(_seen(reference, each) for each in getattr(tracker, "tracking_details", None) or ())

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """Judged by EasyPost's own verifier. Without a secret nothing is believed."""
        if not settings.EASYPOST_WEBHOOK_SECRET:
            raise Forged()
        try:
            told = validate_webhook(body, {self.signature_header: signature}, settings.EASYPOST_WEBHOOK_SECRET)
        except (SignatureVerificationError, json.JSONDecodeError, UnicodeError, TypeError) as error:
            raise Forged() from error
        return _notice(told)


def _create(wish: Wish, **more: str) -> Any:
    return _client().shipment.create(
        from_address=_address(wish.sender),
        to_address=_address(wish.receiver),
        parcel={"weight": max(round(wish.grams / GRAMS_AN_OUNCE, 1), 0.1)},
        options={"print_custom_1": wish.number},
        **more,
    )


def _address(given: Postal) -> dict[str, str]:
    return {
        "name": given.name,
        "street1": given.line1,
        "street2": given.line2,
        "city": given.city,
        "zip": given.postcode,
        "country": given.country,
        "phone": given.phone,
    }


def _find(key: str) -> Any:
    """The shipment that bears this reference, which EasyPost takes in place of its own id."""
    try:
        return _client().shipment.retrieve(key)
    except NotFoundError:
        return None


def _label(shipment: Any) -> Any:
    return getattr(shipment, "postage_label", None)


def _chosen(shipment: Any, service: str) -> Any:
    fitting = [rate for rate in shipment.rates if service in ("", _service(rate))]
    return min(fitting, key=lambda rate: float(rate.rate), default=None)


def _service(rate: Any) -> str:
    return f"{rate.carrier}/{rate.service}"


def _rate(rate: Any) -> Rate:
    return Rate(_service(rate), rate.carrier, str(rate.rate), rate.currency, getattr(rate, "delivery_days", None))


def _bought(shipment: Any) -> Bought:
    rate = shipment.selected_rate
    return Bought(
        reference=shipment.id,
        tracking=shipment.tracking_code,
        carrier=rate.carrier,
        service=_service(rate),
        amount=str(rate.rate),
        currency=rate.currency,
        label_url=shipment.postage_label.label_url,
    )


def _reason(error: Any) -> str:
    return str(getattr(error, "code", "") or type(error).__name__)[:100]


def _notice(told: Any) -> Notice:
    """What an event says of a parcel; an event about anything else has no mark."""
    about = told.get("result") if isinstance(told, dict) else None
    if not isinstance(about, dict) or about.get("object") != "Tracker":
        return Notice(_text(told, "id"), "", "", now())
    details = about.get("tracking_details")
    latest = details[-1] if isinstance(details, list) and details and isinstance(details[-1], dict) else about
    at = _moment(_text(latest, "datetime") or _text(about, "updated_at"))
    return Notice(_text(told, "id"), _text(about, "shipment_id"), MARKS.get(_text(about, "status"), ""), at)


def _seen(reference: str, detail: Any) -> Notice:
    status, at = str(getattr(detail, "status", "")), str(getattr(detail, "datetime", ""))
    return Notice(f"{reference}:{status}:{at}", reference, MARKS.get(status, ""), _moment(at))


def _text(about: Any, name: str) -> str:
    value = about.get(name) if isinstance(about, dict) else None
    return value[:200] if isinstance(value, str) else ""


def _moment(said: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return now()
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """One at a time asks under a key. Held by the connection, not by a transaction: there is none."""
    _lock("select pg_advisory_lock(hashtextextended(%s, 4))", key)
    try:
        yield
    finally:
        _lock("select pg_advisory_unlock(hashtextextended(%s, 4))", key)


def _lock(statement: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])


@lru_cache(maxsize=4)
def _made(api_key: str, api_base: str) -> EasyPostClient:
    return EasyPostClient(api_key, api_base=api_base, timeout=TIMEOUT_SECONDS)


def _client() -> EasyPostClient:
    return _made(settings.EASYPOST_API_KEY, settings.EASYPOST_API_BASE)
