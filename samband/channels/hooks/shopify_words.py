"""What Shopify's notices mean. Values in, values out.

A notice brings the whole order, customer, cart or checkout as it is at that moment, in any order and now and then
twice: so everything that can be told of it is told each time, under names that stay the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from samband.customers.touchpoints.shapes import Note
from samband.kernel.identifier import Identifier

from .reading import known, method, moment, number, rule, text, things, without_nothing, worth
from .told import Answer, Setting, Told, Wish

Body = Mapping[str, Any]

CHANNELS = {"pos": "pos", "iphone": "app", "android": "app"}
GIVEN, REFUSED = "subscribed", "unsubscribed"


def told(topic: str, body: Body, setting: Setting) -> Told | None:
    """What a notice of this topic tells; None for a topic we do not listen to."""
    understood = _TOPICS.get(topic)
    return None if understood is None else understood(topic, body, setting)


def skus(body: Body) -> set[str]:
    """Every SKU that is spoken of."""
    return {sku for line in things(body, "line_items") if (sku := text(line, "sku"))}


# --- orders


def _order(topic: str, body: Body, setting: Setting) -> Told:
    if not text(body, "id") or body.get("test") is True:
        return Told()
    return Told(tuple(_about_order(topic, body, setting)))


def _about_order(topic: str, body: Body, setting: Setting) -> Iterator[Note]:
    key, whose = f"order:{text(body, 'id')}", _who(body, setting)
    currency = text(body, "currency").upper()
    placed_at = moment(body, "processed_at", "created_at", at=setting.at)
    common: dict[str, Any] = {
        "identifiers": whose,
        "rule": rule(whose),
        "channel": CHANNELS.get(text(body, "source_name"), "shop"),
        "order_ref": text(body, "name") or text(body, "id"),
    }
    total: dict[str, Any] = {"worth": worth(body, currency, "total_price"), "currency": currency or None}
    said = _said(body, setting)
    yield Note(
        message=f"{key}:completed", event="Order Completed", occurred_at=placed_at, properties=said, **common, **total
    )
    for code in things(body, "discount_codes"):
        if name := text(code, "code"):
            yield Note(
                message=f"{key}:coupon:{name}", event="Coupon Applied", occurred_at=placed_at,
                properties=without_nothing({"coupon_id": name, "discount": number(code, "amount")}), **common,
            )  # fmt: skip
    if topic == "orders/updated":
        changed_at = moment(body, "updated_at", at=setting.at)
        yield Note(
            message=f"{key}:updated:{text(body, 'updated_at')}", event="Order Updated", occurred_at=changed_at,
            properties=said, **common, **total,
        )  # fmt: skip
    if text(body, "cancelled_at"):
        yield Note(
            message=f"{key}:cancelled", event="Order Cancelled", properties=said | _reason(body),
            occurred_at=moment(body, "cancelled_at", at=setting.at), **common, **total,
        )  # fmt: skip
    for refund in things(body, "refunds"):
        yield from _refund(refund, currency, common, setting)
    for parcel in things(body, "fulfillments"):
        yield from _parcel(parcel, common, setting)


def _who(body: Body, setting: Setting) -> tuple[Identifier, ...]:
    """The customer of that shop, their address and number, and the cart they filled before anybody knew them."""
    customer = body.get("customer") if isinstance(body.get("customer"), dict) else {}
    assert isinstance(customer, dict)
    cart = text(body, "cart_token")
    return known(
        ("user", text(customer, "id"), setting.namespace),
        ("email", text(customer, "email") or text(body, "email") or text(body, "contact_email"), ""),
        ("phone", text(customer, "phone") or text(body, "phone"), ""),
        ("cookie", f"cart:{cart}", setting.namespace) if cart else None,
    )


def _said(body: Body, setting: Setting) -> dict[str, Any]:
    gateways = body.get("payment_gateway_names")
    ways = [method(one) for one in gateways if isinstance(one, str)][:10] if isinstance(gateways, list) else []
    return without_nothing(
        {
            "order_id": text(body, "name") or text(body, "id"),
            "currency": text(body, "currency").upper(),
            "total": number(body, "total_price"),
            "tax": number(body, "total_tax"),
            "discount": number(body, "total_discounts"),
            "shipping": number(body, "total_shipping_price_set", "shop_money", "amount"),
            "payment": next(iter(ways), ""),
            "payments": ways if len(ways) > 1 else [],
            "delivery": _delivery(body),
            "country": text(body, "shipping_address", "country_code") or text(body, "billing_address", "country_code"),
            "language": text(body, "customer_locale"),
            "products": list(_products(body, setting)),
        }
    )


def _delivery(body: Body) -> str:
    line = next(things(body, "shipping_lines"), None)
    if line is None:
        return "carry" if text(body, "source_name") == "pos" else ""
    return "pickup" if text(line, "delivery_category").lower() in ("pickup", "local_pickup") else "ship"


def _products(body: Body, setting: Setting) -> Iterator[dict[str, Any]]:
    for line in things(body, "line_items"):
        sku = text(line, "sku")
        yield without_nothing(
            {
                "sku": sku,
                "product_id": text(line, "product_id"),
                "variant": text(line, "variant_id"),
                "name": text(line, "title"),
                "category": setting.categories.get(sku, ""),
                "quantity": number(line, "quantity"),
                "price": number(line, "price"),
            }
        )


def _reason(body: Body) -> dict[str, Any]:
    return without_nothing({"reason": text(body, "cancel_reason")})


def _refund(refund: Body, currency: str, common: Mapping[str, Any], setting: Setting) -> Iterator[Note]:
    """Money that went back, and goods that came back."""
    if not (key := text(refund, "id")):
        return
    at = moment(refund, "processed_at", "created_at", at=setting.at)
    money = [
        one
        for one in things(refund, "transactions")
        if text(one, "kind") == "refund" and text(one, "status") == "success"
    ]
    back = [amount for one in money if (amount := worth(one, text(one, "currency").upper() or currency, "amount"))]
    if back:
        yield Note(
            message=f"refund:{key}", event="Order Refunded", occurred_at=at, worth=sum(back),
            currency=text(money[0], "currency").upper() or currency or None, properties={}, **common,
        )  # fmt: skip
    if goods := _came_back(refund):
        yield Note(
            message=f"refund:{key}:goods", event="Return Received", occurred_at=at, properties={"products": goods},
            **common,
        )  # fmt: skip


def _came_back(refund: Body) -> list[dict[str, Any]]:
    lines = [one for one in things(refund, "refund_line_items") if text(one, "restock_type") == "return"]
    return [
        without_nothing({"sku": text(one, "line_item", "sku"), "quantity": number(one, "quantity")}) for one in lines
    ]


def _parcel(parcel: Body, common: Mapping[str, Any], setting: Setting) -> Iterator[Note]:
    """A parcel went off, and what its carrier said of it last."""
    key = text(parcel, "id")
    if not key or text(parcel, "status") not in ("success", "open"):
        return
    properties = without_nothing({"carrier": text(parcel, "tracking_company")})
    sent_at = moment(parcel, "created_at", at=setting.at)
    yield Note(
        message=f"parcel:{key}:shipped", event="Parcel Shipped", occurred_at=sent_at, properties=properties, **common
    )
    seen = {"delivered": "Parcel Delivered", "failure": "Delivery Failed"}.get(text(parcel, "shipment_status"))
    if seen is not None:
        yield Note(
            message=f"parcel:{key}:{text(parcel, 'shipment_status')}", event=seen, properties=properties,
            occurred_at=moment(parcel, "updated_at", at=setting.at), **common,
        )  # fmt: skip


def _fulfillment(topic: str, body: Body, setting: Setting) -> Told:
    """A parcel by itself: it knows the order's name and the address that was written to."""
    whose = known(("email", text(body, "email"), ""))
    name, _, _ = text(body, "name").rpartition(".")
    common: dict[str, Any] = {
        "identifiers": whose,
        "rule": rule(whose),
        "channel": "shop",
        "order_ref": name or text(body, "order_id") or None,
    }
    return Told(tuple(_parcel(body, common, setting)))


def _refunds(topic: str, body: Body, setting: Setting) -> Told:
    """A refund by itself names neither the order nor its customer: both come with the order, which is sent as well."""
    return Told()


# --- carts and checkouts


def _cart(topic: str, body: Body, setting: Setting) -> Told:
    key = text(body, "token") or text(body, "id")
    if not key:
        return Told()
    products = list(_products(body, setting))
    note = Note(
        message=f"cart:{key}:{text(body, 'updated_at')}",
        event="Cart Updated",
        identifiers=known(("cookie", f"cart:{key}", setting.namespace)),
        occurred_at=moment(body, "updated_at", "created_at", at=setting.at),
        channel="shop",
        properties=without_nothing({"products": products, "cart_size": len(products)}),
    )
    return Told((note,))


def _checkout(topic: str, body: Body, setting: Setting) -> Told:
    key = text(body, "token") or text(body, "id")
    if not key:
        return Told()
    whose, currency = _who(body, setting), text(body, "currency").upper()
    common: dict[str, Any] = {
        "identifiers": whose,
        "rule": rule(whose),
        "channel": "shop",
        "worth": worth(body, currency, "total_price"),
        "currency": currency or None,
        "properties": {name: value for name, value in _said(body, setting).items() if name != "order_id"},
    }
    notes = [
        Note(
            message=f"checkout:{key}:started", event="Checkout Started",
            occurred_at=moment(body, "created_at", at=setting.at), **common,
        )
    ]  # fmt: skip
    if topic == "checkouts/update" and not text(body, "completed_at"):
        at = moment(body, "updated_at", at=setting.at)
        message = f"checkout:{key}:{text(body, 'updated_at')}"
        notes.append(Note(message=message, event="Checkout Step Completed", occurred_at=at, **common))
    return Told(tuple(notes))


# --- people


def _customer(topic: str, body: Body, setting: Setting) -> Told:
    if not (key := text(body, "id")):
        return Told()
    email, phone = text(body, "email"), text(body, "phone")
    whose = known(("user", key, setting.namespace), ("email", email, ""), ("phone", phone, ""))
    traits = without_nothing(
        {"country": text(body, "default_address", "country_code"), "language": text(body, "locale")}
    )
    identified = Note(
        message=f"customer:{key}:{text(body, 'updated_at')}",
        event="Identified",
        identifiers=whose,
        occurred_at=moment(body, "updated_at", at=setting.at),
        channel="shop",
        properties=traits,
        rule="user",
    )
    began = Note(
        message=f"customer:{key}:signed-up", event="Signed Up", identifiers=whose, channel="shop", rule="user",
        occurred_at=moment(body, "created_at", at=setting.at),
    )  # fmt: skip
    notes = (began, identified) if topic == "customers/create" else (identified,)
    return Told(notes, _answers(body, key, email, phone, setting))


def _email_consent(topic: str, body: Body, setting: Setting) -> Told:
    key, email = text(body, "customer_id") or text(body, "id"), text(body, "email_address") or text(body, "email")
    return Told((), _answers(body, key, email, "", setting))


def _sms_consent(topic: str, body: Body, setting: Setting) -> Told:
    return Told((), _answers(body, text(body, "id") or text(body, "customer_id"), "", text(body, "phone"), setting))


def _answers(body: Body, key: str, email: str, phone: str, setting: Setting) -> tuple[Answer, ...]:
    """What was said about letters and text messages. Pending, or never asked, says nothing."""
    asked = (
        ("email_marketing_consent", "newsletter_email", known(("email", email, ""))),
        ("sms_marketing_consent", "offers_sms", known(("phone", phone, ""))),
    )
    found = []
    for field, purpose, address in asked:
        said = body.get(field)
        state = text(said, "state").lower() if isinstance(said, dict) else ""
        if address and isinstance(said, dict) and state in (GIVEN, REFUSED):
            at = moment(said, "consent_updated_at", at=setting.at)
            proof = f"customer {key}, {text(said, 'opt_in_level') or text(said, 'consent_collected_from') or state}"
            found.append(Answer(address[0], purpose, state == GIVEN, at, proof[:LONGEST_PROOF]))
    return tuple(found)


def _wish(topic: str, body: Body, setting: Setting) -> Told:
    """What somebody asked of that shop about their data, which it passes on to whoever was told of them."""
    customer = body.get("customer")
    whose = known(("user", text(customer, "id"), setting.namespace)) if isinstance(customer, dict) else ()
    return Told(wishes=(Wish("erasure" if topic == "customers/redact" else "export", whose),) if whose else ())


LONGEST_PROOF = 120

_TOPICS: dict[str, Callable[[str, Body, Setting], Told]] = {
    **dict.fromkeys(("orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled",
                     "orders/partially_fulfilled"), _order),
    **dict.fromkeys(("fulfillments/create", "fulfillments/update"), _fulfillment),
    "refunds/create": _refunds,
    **dict.fromkeys(("carts/create", "carts/update"), _cart),
    **dict.fromkeys(("checkouts/create", "checkouts/update"), _checkout),
    **dict.fromkeys(("customers/create", "customers/update", "customers/enable", "customers/disable"), _customer),
    "customers_email_marketing_consent/update": _email_consent,
    "customers/email_marketing_consent_update": _email_consent,
    "customers/redact": _wish,
    "customers/data_request": _wish,
    "customers_marketing_consent/update": _sms_consent,
    "customers/marketing_consent_update": _sms_consent,
}  # fmt: skip
"""The topics we listen to. Others are acknowledged, so that nobody sends them again, and change nothing."""
