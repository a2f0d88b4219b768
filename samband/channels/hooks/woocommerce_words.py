"""What WooCommerce's notices mean. Values in, values out.

As with Shopify's, a notice brings the whole order or customer: what its state implies is told each time, under names
that stay the same. An order that waits for its payment is a checkout that was begun, and no order yet.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from samband.customers.touchpoints.shapes import Note
from samband.kernel.identifier import Identifier

from .reading import known, method, moment, number, rule, text, things, without_nothing, worth
from .told import Setting, Told

Body = Mapping[str, Any]

STANDS = frozenset({"processing", "on-hold", "completed", "refunded"})
"""States of an order that was placed: paid, or to be paid by transfer or on delivery."""

PICKED_UP = ("local_pickup", "pickup_location")


def told(topic: str, body: Body, setting: Setting) -> Told | None:
    """What a notice of this topic tells; None for a topic we do not listen to."""
    understood = _TOPICS.get(topic)
    return None if understood is None else understood(topic, body, setting)


def skus(body: Body) -> set[str]:
    """Every SKU that is spoken of."""
    return {sku for line in things(body, "line_items") if (sku := text(line, "sku"))}


def _order(topic: str, body: Body, setting: Setting) -> Told:
    return Told(tuple(_about_order(topic, body, setting)) if text(body, "id") else ())


def _about_order(topic: str, body: Body, setting: Setting) -> Iterator[Note]:
    key, state, whose = f"order:{text(body, 'id')}", text(body, "status"), _who(body, setting)
    currency = text(body, "currency").upper()
    placed_at = moment(body, "date_created_gmt", at=setting.at)
    changed_at = moment(body, "date_modified_gmt", at=setting.at)
    common: dict[str, Any] = {
        "identifiers": whose,
        "rule": rule(whose),
        "channel": "pos" if text(body, "created_via") == "pos-rest-api" else "shop",
        "order_ref": text(body, "number") or text(body, "id"),
    }
    whole: dict[str, Any] = {
        "worth": worth(body, currency, "total"), "currency": currency or None, "properties": _said(body, setting)
    }  # fmt: skip
    if state in ("pending", "checkout-draft"):
        yield Note(message=f"{key}:begun", event="Checkout Started", occurred_at=placed_at, **common, **whole)
    if state == "failed":
        yield Note(
            message=f"{key}:failed:{text(body, 'date_modified_gmt')}", event="Payment Failed", occurred_at=changed_at,
            **common, **whole,
        )  # fmt: skip
    if state == "cancelled":
        yield Note(message=f"{key}:cancelled", event="Order Cancelled", occurred_at=changed_at, **common, **whole)
    if state not in STANDS:
        return
    yield Note(message=f"{key}:completed", event="Order Completed", occurred_at=placed_at, **common, **whole)
    for coupon in things(body, "coupon_lines"):
        if code := text(coupon, "code"):
            properties = without_nothing({"coupon_id": code, "discount": number(coupon, "discount")})
            yield Note(
                message=f"{key}:coupon:{code}", event="Coupon Applied", occurred_at=placed_at, properties=properties,
                **common,
            )  # fmt: skip
    if topic == "order.updated":
        message = f"{key}:updated:{text(body, 'date_modified_gmt')}"
        yield Note(message=message, event="Order Updated", occurred_at=changed_at, **common, **whole)
    if state == "completed":
        at = moment(body, "date_completed_gmt", "date_modified_gmt", at=setting.at)
        yield Note(message=f"{key}:fulfilled", event="Order Fulfilled", occurred_at=at, **common)
    for refund in things(body, "refunds"):
        back = worth(refund, currency, "total")
        if text(refund, "id") and back:
            yield Note(
                message=f"refund:{text(refund, 'id')}", event="Order Refunded", occurred_at=changed_at, worth=abs(back),
                currency=currency or None, properties=without_nothing({"reason": text(refund, "reason")}), **common,
            )  # fmt: skip


def _who(body: Body, setting: Setting) -> tuple[Identifier, ...]:
    return known(
        ("user", text(body, "customer_id"), setting.namespace),
        ("email", text(body, "billing", "email"), ""),
        _phone(body),
    )


def _phone(body: Body) -> tuple[str, str, str] | None:
    """A number is dialled in the country of the address it stands with, so only a whole one can be read here."""
    said = text(body, "billing", "phone")
    return ("phone", said, "") if said.startswith("+") else None


def _said(body: Body, setting: Setting) -> dict[str, Any]:
    return without_nothing(
        {
            "order_id": text(body, "number") or text(body, "id"),
            "currency": text(body, "currency").upper(),
            "total": number(body, "total"),
            "tax": number(body, "total_tax"),
            "discount": number(body, "discount_total"),
            "shipping": number(body, "shipping_total"),
            "payment": method(text(body, "payment_method")),
            "delivery": _delivery(body),
            "country": text(body, "shipping", "country") or text(body, "billing", "country"),
            "products": list(_products(body, setting)),
        }
    )


def _delivery(body: Body) -> str:
    line = next(things(body, "shipping_lines"), None)
    if line is None:
        return ""
    return "pickup" if text(line, "method_id").startswith(PICKED_UP) else "ship"


def _products(body: Body, setting: Setting) -> Iterator[dict[str, Any]]:
    for line in things(body, "line_items"):
        sku, variation = text(line, "sku"), text(line, "variation_id")
        yield without_nothing(
            {
                "sku": sku,
                "product_id": text(line, "product_id"),
                "variant": "" if variation == "0" else variation,
                "name": text(line, "name"),
                "category": setting.categories.get(sku, ""),
                "quantity": number(line, "quantity"),
                "price": number(line, "price"),
            }
        )


def _customer(topic: str, body: Body, setting: Setting) -> Told:
    if not (key := text(body, "id")):
        return Told()
    whose = known(("user", key, setting.namespace), ("email", text(body, "email"), ""), _phone(body))
    country = text(body, "billing", "country")
    identified = Note(
        message=f"customer:{key}:{text(body, 'date_modified_gmt')}",
        event="Identified",
        identifiers=whose,
        occurred_at=moment(body, "date_modified_gmt", "date_created_gmt", at=setting.at),
        channel="shop",
        properties=without_nothing({"country": country}),
        rule="user",
    )
    began = Note(
        message=f"customer:{key}:signed-up", event="Signed Up", identifiers=whose, channel="shop", rule="user",
        occurred_at=moment(body, "date_created_gmt", at=setting.at),
    )  # fmt: skip
    return Told((began, identified) if topic == "customer.created" else (identified,))


_TOPICS: dict[str, Callable[[str, Body, Setting], Told]] = {
    **dict.fromkeys(("order.created", "order.updated", "order.restored"), _order),
    **dict.fromkeys(("customer.created", "customer.updated"), _customer),
}
"""The topics we listen to. Others are acknowledged, so that the webhook is not switched off, and change nothing."""
