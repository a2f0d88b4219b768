"""Races for what is good once: coupons, promotions with a limit, and what one customer may have."""

from typing import Any
from uuid import uuid4

from tests.promises.races_books import wrong
from tests.promises.races_world import PLENTY
from tests.promises.racing import Strike, every, raced
from tests.promises.told import Told

DOORS = ("api", "flow", "till", "flow", "shop", "flow", "api", "phone", "flow", "till")
QUICK = ("api", "flow") * 5
"""Pages take longest to get to: in every third round people come in by them too."""

TIMES = 3
"""How often a limited promotion may be had."""

_CODE = "RACE-COUPON"


def issue(rounds: int, once_each: bool = False) -> list[dict[str, Any]]:
    """A coupon for each round: good once, or once for each customer (and then there is one customer for all)."""
    from samband.commerce.pricing import promoting
    from samband.commerce.pricing.promotions import Percent, Promotion

    promoting.save_promotion(Promotion(code=_CODE, deal=Percent(basis_points=2_500), by_coupon=True))
    codes = [f"C{uuid4().hex[:12].upper()}" for _ in range(rounds)]
    limits: dict[str, Any] = {"limit_total": None, "limit_per_customer": 1} if once_each else {"limit_total": 1}
    promoting.issue_coupons(_CODE, codes=codes, **limits)
    return [{"coupon": code, **({"customer": customer()} if once_each else {})} for code in codes]


def customer() -> str:
    """Somebody new, who has an account."""
    from django.db import transaction

    from samband.customers.accounts import commands

    with transaction.atomic():
        return str(commands.register(f"{uuid4().hex}@example.com", source="shop", language="is", market="IS"))


def limit(rounds: int) -> list[dict[str, Any]]:
    """A promotion for each round that may be had three times, and a coupon that opens it for anybody."""
    from samband.commerce.pricing import promoting
    from samband.commerce.pricing.promotions import Amount, Promotion

    for code in _limited:
        promoting.end_promotion(code)
    _limited.clear()
    staged = []
    for _ in range(rounds):
        code = f"L{uuid4().hex[:12].upper()}"
        promoting.save_promotion(
            Promotion(code=code, deal=Amount(amounts={"ISK": 100}), by_coupon=True, limit_total=TIMES)
        )
        promoting.issue_coupons(code, codes=[code], limit_total=None)
        _limited.append(code)
        staged.append({"coupon": code})
    return staged


_limited: list[str] = []


def vouchers(attempts: int) -> Told:
    """Ten carts at all doors want the same coupon, which is good once."""
    return raced(attempts, "races_vouchers:issue", _once, wrong())


def _once(staged: dict[str, Any]) -> list[Strike]:
    doors = DOORS if every(3) else QUICK
    return [(f"races_doors:by_{door}", {"lines": {PLENTY: 1}, "coupon": staged["coupon"]}) for door in doors]


def vouchers_of_a_customer(attempts: int) -> Told:
    """One customer with ten carts, in ten tabs, and a coupon that each customer may use once."""
    return raced(attempts, "races_vouchers:issue", _one_customer, wrong(), once_each=True)


def _one_customer(staged: dict[str, Any]) -> list[Strike]:
    return [(f"races_doors:by_{door}", {"lines": {PLENTY: 1}, **staged}) for door in ("api", "flow", "flow") * 3]


def limited_promotions(attempts: int) -> Told:
    """Ten carts want a promotion that may be had three times, while orders that had it are called off."""
    return raced(attempts, "races_vouchers:limit", _limited_crowd, wrong())


def _limited_crowd(staged: dict[str, Any]) -> list[Strike]:
    return [*_once(staged), ("races_stock:cancel_latest", {"sku": PLENTY}), ("races_stock:lapse", {})]
