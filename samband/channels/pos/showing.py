"""What a till is shown of carts, customers, sales and drawers: plain values that JSON can carry."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import segno

from samband.commerce.cart.rules import Change
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.payments.queries import IntentView, MethodView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.quotes import PricedLine
from samband.commerce.tills import queries as tills
from samband.commerce.tills.queries import DeviceView, DrawerView, SaleView
from samband.flows import find_customer, receipts
from samband.flows.allot_to_till import Allotment
from samband.flows.basket import BasketLine
from samband.flows.find_customer import Found
from samband.flows.sell_at_till import Look, Sold, WayOf, units_at
from samband.kernel.money import Money
from samband.staff.queries import Cashier

Shown = dict[str, Any]


def device(one: DeviceView, cashier: Cashier | None) -> Shown:
    """A till, its store, who stands there and the drawer under it."""
    drawer_view = tills.drawer_at(one.id)
    return {
        "device_id": one.id,
        "name": one.name,
        "kind": one.kind,
        "store": store(inventory.location(one.location)),
        "cashier": person(cashier) if cashier else None,
        "drawer": drawer(drawer_view) if drawer_view else None,
        "last_sequence": one.last_sequence,
    }


def store(site: LocationView) -> Shown:
    """A store, as the head of a receipt names it."""
    market = pricing.markets()[site.market]
    head = receipts.store_of(site, market.default_language)
    return {
        "code": site.code,
        "names": site.names or {"en": site.name},
        "market": site.market,
        "country": market.country,
        "currency": market.currency,
        "time_zone": site.time_zone,
        "language": market.default_language,
        "address": head.address,
        "registration": "",
        "receipt_footer": "",
    }


def person(cashier: Cashier) -> Shown:
    """Who stands at the till, and what they may do there."""
    may = ["till"] if cashier.may("till") else []
    may += ["conflicts", "refund"] if cashier.may("tills") else []
    may += ["pickups"] if cashier.may("pickups") else []
    return {"id": cashier.id, "name": cashier.name, "language": cashier.language, "may": may}


def customer(found: Found) -> Shown:
    """A customer at the counter: enough to know them by, and no more."""
    who = found.customer
    return {
        "id": who.id,
        "name": who.name,
        "email": _masked_mail(who.email or ""),
        "phone": _masked_phone(who.phone),
        "group": who.group,
        "cart": {"id": found.cart_id, "pieces": found.pieces} if found.cart_id else None,
    }


def _masked_mail(mail: str) -> str:
    name, _, host = mail.partition("@")
    return f"{name[:2]}…@{host}" if host else ""


def _masked_phone(phone: str) -> str:
    return f"… {phone[-4:]}" if phone else ""


def cart(look: Look) -> Shown:
    """A cart at the till, line by line, with what it costs going the ways that were chosen."""
    basket, quote = look.basket, look.basket.quote
    priced = {line.sku: line for line in quote.lines} if quote else {}
    changes: dict[str, list[Shown]] = {}
    for change in basket.changes:
        changes.setdefault(change.sku, []).append(_change(change))
    nothing = Money(0, basket.cart.currency)
    owner = basket.cart.customer_id
    return {
        "id": basket.cart.id,
        "version": basket.cart.version,
        "customer": customer(find_customer.found(owner)) if owner else None,
        "market": basket.cart.market,
        "currency": basket.cart.currency,
        "state": basket.cart.state,
        "lines": [_line(line, look, priced.get(line.sku), changes.get(line.sku, [])) for line in basket.lines],
        "coupons": _coupons(look),
        "applied": [
            {"promotion": one.promotion, "names": one.names, "amount": one.amount, "coupon": one.coupon}
            for one in (quote.applied if quote else ())
        ],
        "gifts": [{"sku": one.sku, "quantity": one.quantity} for one in (quote.gifts if quote else ())],
        "discount": quote.discount if quote else nothing,
        "shipping": quote.shipping if quote else nothing,
        "total": quote.total if quote else nothing,
        "total_net": quote.total_net if quote else nothing,
        "total_vat": quote.total_vat if quote else nothing,
        "vat": [
            {"basis_points": one.basis_points, "net": one.net, "vat": one.vat, "total": one.total}
            for one in (quote.vat_summary if quote else ())
        ],
        "seen_total": quote.total if quote else None,
        "changes": [one for several in changes.values() for one in several],
        "short": look.short,
        "promises": [
            {"kind": one.kind, "location": one.location, "from": one.promise.earliest, "until": one.promise.latest}
            for one in look.coming
        ],
    }  # fmt: skip


def _coupons(look: Look) -> list[Shown]:
    """What became of the codes that were entered; in an empty cart nothing does."""
    quote = look.basket.quote
    if quote:
        return [{"code": one.code, "state": one.state, "promotion": one.promotion} for one in quote.coupons]
    return [{"code": code, "state": "not_applicable", "promotion": None} for code in look.cart.coupons]


def _line(line: BasketLine, look: Look, priced: PricedLine | None, changes: Sequence[Shown]) -> Shown:
    way = look.ways.get(line.sku, WayOf())
    item, tag = line.item, line.tag
    return {
        "sku": line.sku,
        "quantity": line.quantity,
        "names": item.names if item else {},
        "labels": item.variant_labels if item else {},
        "image": item.image if item else None,
        "gtin": item.gtin if item else None,
        "unit": tag.unit if tag else None,
        "total": priced.total if priced else None,
        "discount": priced.discount if priced else None,
        "vat_basis_points": priced.vat_basis_points if priced else None,
        "reasons": [{"code": one.code, "params": one.params} for one in (priced.reasons if priced else ())],
        "available_here": units_at(look.basket.stock.get(line.sku, ()), look.here),
        "available": line.available,
        "way": {"kind": way.kind, "location": look.here if way.kind == "carry" else way.location},
        "changes": changes,
    }


def _change(change: Change) -> Shown:
    return {"code": change.code, "sku": change.sku, "was": change.was, "now": change.now}


def method(one: MethodView) -> Shown:
    """A way to pay, with its plans; `reason` says why it cannot be had."""
    return {
        "method": one.method,
        "provider": one.provider,
        "names": one.names,
        "available": one.available,
        "reason": one.reason,
        "smallest": one.smallest,
        "largest": one.largest,
        "plans": [
            {
                "id": plan.id,
                "instalments": plan.instalments,
                "each": plan.each,
                "first_days": plan.first_after_days,
                "total": plan.total,
                "cost": plan.cost,
                "annual_rate_basis_points": plan.annual_rate_basis_points,
                "parts": [{"after_days": part.after_days, "amount": part.amount} for part in plan.parts],
            }
            for plan in one.plans
        ],
    }


def outcome(sold: Sold) -> Shown:
    """Where a sale stands."""
    said = sold.outcome
    return {
        "order_id": said.order_id,
        "number": said.number,
        "state": said.state,
        "url": said.url,
        "qr": qr(said.url) if said.url else "",
        "reason": said.reason,
        "left": said.left,
        "total": sold.order.total,
        "change": sold.change,
        "tenders": [_tender(intent) for intent in sold.intents],
    }


def _tender(intent: IntentView) -> Shown:
    return {
        "tender": intent.tender,
        "method": intent.method,
        "state": intent.state,
        "amount": intent.amount,
        "decline_reason": intent.decline_reason,
        "paid_with": intent.paid_with,
    }


def qr(text: str) -> str:
    """A text as a QR code: SVG that can stand in a page."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=3, dark="#1d2b2a", light="#ffffff", omitsize=True, xmldecl=False,
        svgclass=None, lineclass=None,
    )  # fmt: skip
    return drawn.getvalue().decode()


def allotment(one: Allotment | None) -> Shown | None:
    """What a till may sell by itself."""
    if one is None:
        return None
    skus = sorted({*one.given, *one.left})
    return {
        "id": one.id,
        "sell_until": one.sell_until,
        "lines": [{"sku": sku, "quantity": one.given.get(sku, 0), "left": one.left.get(sku, 0)} for sku in skus],
        "short": [{"sku": sku, "quantity": many} for sku, many in sorted(one.short.items())],
    }


def drawer(one: DrawerView) -> Shown:
    """A drawer with its movements."""
    return {
        "id": one.id,
        "device_id": one.opened_on,
        "location": one.location,
        "currency": one.float.currency,
        "state": one.state,
        "opened_at": one.opened_at,
        "opened_by": one.opened_by,
        "closed_at": one.closed_at,
        "number": one.number,
        "float": one.float,
        "expected": one.expected,
        "counted": one.counted,
        "difference": one.difference,
        "late": one.late,
        "unsettled": one.unsettled,
        "note": one.note,
        "movements": [
            {
                "at": move.at,
                "kind": move.kind,
                "amount": move.amount,
                "reason": move.reason,
                "order_id": move.order_id,
                "sale_id": move.sale_id,
                "late": move.late,
            }
            for move in tills.movements(one.id)
        ],
    }


def report(one: DrawerView, language: str) -> Shown:
    """A reading of a drawer: X, or its closing, Z."""
    made = tills.report(one.id)
    return {
        "kind": made.kind,
        "number": one.number,
        "drawer": drawer(one),
        "sums": made.sums,
        "sales": made.sales,
        "expected": one.expected,
        "counted": one.counted,
        "difference": one.difference,
        "text": [{"name": name, "value": value} for name, value in receipts.report_lines(one.id, language)],
    }


def conflict(one: SaleView) -> Shown:
    """A sale that waits for a decision, or about which somebody decided."""
    return {
        "sale_id": one.id,
        "device": one.device,
        "received_at": one.received_at,
        "sold_at": one.sold_at,
        "total": one.total,
        "cash": one.cash,
        "lines": one.lines,
        "reasons": one.notes,
        "state": one.state,
        "order_id": one.order_id,
        "resolved_at": one.resolved_at,
        "note": one.remark,
    }
