"""A product that is broken on purpose, to see that races find it out. Switched on by settings of their own.

    DJANGO_SETTINGS_MODULE=tests.promises.broken_settings RACE_FAULT=stock …

Each fault takes one defence away and does what a careless program does: it reads, thinks, and writes.
"""

import os
import time
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.db import connection

THINKS_SECONDS = 0.01
"""Between reading and writing, as any program with something to compute in between."""


class Broken(AppConfig):
    """An app that is not one: it only breaks others, in whatever process it is installed."""

    name = "tests.promises"
    label = "broken"

    def ready(self) -> None:
        FAULTS[os.environ["RACE_FAULT"]]()


def _do(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def stock() -> None:
    """What is held is read, and later written, without looking again."""
    from samband.commerce.inventory import ledger

    def take(hold_id: Any, wanted: Any, lapses_at: Any, channel: str = "", **_: Any) -> Any:
        from samband.commerce.inventory.ledger import Short

        held, short = [], []
        for at in wanted:
            ((on_hand, had),) = _do(
                "select on_hand, held from inventory_level where sku = %s and location = %s", at.sku, at.location
            )
            if on_hand - had < at.quantity:
                short.append(Short(at.location, at.sku, at.quantity, max(on_hand - had, 0)))
            held.append((at, had))
        if short:
            return False, short
        time.sleep(THINKS_SECONDS)
        _do(
            "insert into inventory_hold (id, kind, state, channel, device, lapses_at, created_at)"
            " values (%s::uuid, 'order', 'live', %s, '', %s::timestamptz, now())", hold_id, channel, lapses_at,
        )  # fmt: skip
        for at, had in held:
            _do(
                "update inventory_level set held = %s::bigint where sku = %s and location = %s",
                had + at.quantity, at.sku, at.location,
            )  # fmt: skip
            _do(
                'insert into inventory_holdline (hold, location, sku, quantity, "left")'
                " values (%s::uuid, %s, %s, %s::bigint, %s::bigint)",
                hold_id, at.location, at.sku, at.quantity, at.quantity,
            )  # fmt: skip
        return True, []

    ledger.take = take  # type: ignore[assignment]


def vouchers() -> None:
    """How often a coupon was used is read, and later written, without looking again."""
    from samband.commerce.pricing import commands, using
    from samband.commerce.pricing.refusals import CouponUsedUp

    def reserve_uses(order_id: Any, uses: Any, customer_id: Any) -> None:
        counted = []
        for use in uses:
            ((taken, most),) = _do("select taken, limit_total from pricing_coupon where code = %s", use.coupon)
            if most is not None and taken >= most:
                raise CouponUsedUp(promotion=use.promotion, coupon=use.coupon)
            counted.append((use, taken))
        time.sleep(THINKS_SECONDS)
        for use, taken in counted:
            _do("update pricing_coupon set taken = %s::int where code = %s", taken + 1, use.coupon)
            _do(
                "insert into pricing_promotionuse (order_id, promotion_id, coupon, customer_id, state, at)"
                " values (%s::uuid, %s, %s, %s::uuid, 'reserved', now())",
                order_id, use.promotion, use.coupon, customer_id,
            )  # fmt: skip

    using.reserve_uses = reserve_uses
    commands.reserve_uses = reserve_uses


def carts() -> None:
    """Whether a cart was ordered before is nobody's business, and no attempt waits for another."""
    from samband.commerce.cart import commands
    from samband.flows.check_out import agreeing, settling

    claim = agreeing.claim

    def for_everybody(name: str, key: str, asked: Any, *, alone: str = "") -> Any:
        return claim(name, key, asked)

    agreeing.claim = for_everybody
    agreeing._give_up_earlier = lambda cart_id: None
    settling.close_cart = lambda order: None
    commands.order_as_seen = lambda *_: True  # type: ignore[assignment]


def gift_cards() -> None:
    """What is on a card is read, and later written, without looking again."""
    from samband.commerce.payments import gift_ledger

    by_code, write = gift_ledger.by_code, gift_ledger.write

    def unlocked(code: str, *, lock: bool = False) -> Any:
        return by_code(code)

    def late(card: Any, *told: Any, **more: Any) -> None:
        time.sleep(THINKS_SECONDS)
        write(card, *told, **more)

    gift_ledger.by_code, gift_ledger.write = unlocked, late


FAULTS: dict[str, Callable[[], None]] = {"stock": stock, "vouchers": vouchers, "carts": carts, "gift_cards": gift_cards}

UNDEFENDED = {
    "stock": "alter table inventory_level drop constraint level_never_sold_twice",
    "vouchers": "alter table pricing_coupon drop constraint coupon_within",
    "carts": "drop index orders_cart_sold_once",
    "gift_cards": "alter table payments_giftcard drop constraint payments_gift_card_not_overspent",
}
"""The last defence is the database's own; it is taken away too, or it would hold where the program does not."""


def undefend() -> None:
    """Take away what the database would stop by itself."""
    _do(UNDEFENDED[os.environ["RACE_FAULT"]])
