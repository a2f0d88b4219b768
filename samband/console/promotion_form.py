"""The form of a promotion: what its fields hold, and reading them back. Amounts are in major units, one a currency."""

import re
from collections.abc import Iterator, Mapping

from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.promotions import (
    WEEKDAYS,
    Amount,
    Bundle,
    BuyGet,
    Deal,
    FreeSample,
    FreeShipping,
    Goods,
    Needs,
    Part,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from samband.kernel.money import Money

from . import reading
from .state_words import SHIPPING_CLASSES

KINDS = ("percent", "amount", "buy_get", "bundle", "tiered", "free_shipping", "free_sample")
PART_ROWS, TIER_ROWS = 5, 5
LONGEST_LIST = 20_000
STACKING = ("free", "group", "alone")

Given = Mapping[str, str]


def currencies() -> tuple[str, ...]:
    """In which currencies amounts are asked for: those of the markets."""
    return tuple(dict.fromkeys(market.currency for market in pricing.markets().values()))


def kind_of(promotion: Promotion) -> str:
    """The kind of its deal."""
    return str(promotion.deal.__struct_config__.tag)


# --- what the fields hold


def fields(promotion: Promotion | None, kind: str) -> dict[str, str]:
    """Every field of the form with what it holds; those of a new promotion hold little."""
    if promotion is None:
        return {"stacking": "group", "stack_group": "sale", **_fresh(kind)}
    held = {
        "groups": " ".join(sorted(promotion.groups)),
        "segments": " ".join(sorted(promotion.segments)),
        "places": " ".join(promotion.places),
        "from_hour": promotion.from_hour,
        "until_hour": promotion.until_hour,
        "stacking": "alone" if promotion.exclusive else "group" if promotion.stack_group else "free",
        "stack_group": promotion.stack_group,
        "priority": str(promotion.priority),
        "limit_total": _number(promotion.limit_total),
        "limit_per_customer": _number(promotion.limit_per_customer),
        "needs_quantity": _number(promotion.needs.quantity),
        **_amounts("needs_worth", promotion.needs.worth),
        **_goods("needs", promotion.needs.goods),
    }
    return {**held, **dict(_of_deal(promotion.deal))}


def _fresh(kind: str) -> dict[str, str]:
    return {"percent": "100"} if kind in ("buy_get", "free_shipping") else {"quantity": "1"}


def _of_deal(deal: Deal) -> Iterator[tuple[str, str]]:
    match deal:
        case Percent():
            yield "percent", _percent(deal.basis_points)
            yield from _goods("goods", deal.goods).items()
        case Amount():
            yield from _amounts("amount", deal.amounts).items()
            yield from _goods("goods", deal.goods).items()
        case BuyGet():
            yield from {"buy": str(deal.buy), "get": str(deal.get), "times": _number(deal.times)}.items()
            yield "percent", _percent(deal.basis_points)
            yield from _goods("goods", deal.goods).items()
            yield from _goods("got", deal.got or Goods()).items()
        case Bundle():
            yield from _amounts("amount", deal.prices).items()
            yield "times", _number(deal.times)
            for row, part in enumerate(deal.parts):
                yield f"part_skus-{row}", ", ".join(sorted(part.skus))
                yield f"part_quantity-{row}", str(part.quantity)
        case Tiered():
            yield from _goods("goods", deal.goods).items()
            for row, tier in enumerate(deal.tiers):
                yield f"tier_quantity-{row}", _number(tier.quantity)
                yield f"tier_percent-{row}", _percent(tier.basis_points) if tier.basis_points else ""
                yield from _amounts(f"tier_worth-{row}", tier.worth).items()
                yield from _amounts(f"tier_amount-{row}", tier.amounts).items()
        case FreeShipping():
            yield "percent", _percent(deal.basis_points)
        case FreeSample():
            yield from {"sku": deal.sku, "quantity": str(deal.quantity)}.items()


def _number(number: int | None) -> str:
    return str(number) if number else ""


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g}"


def _amounts(name: str, amounts: Mapping[str, int]) -> dict[str, str]:
    return {f"{name}-{currency}": f"{Money(amount, currency).decimal:f}" for currency, amount in amounts.items()}


def _goods(name: str, goods: Goods) -> dict[str, str]:
    return {
        f"{name}_skus": ", ".join(sorted(goods.skus)),
        f"{name}_categories": " ".join(sorted(goods.categories)),
        f"{name}_but_not": ", ".join(sorted(goods.but_not)),
    }


# --- reading them


def read(given: Given, code: str, kind: str, zone: str) -> Promotion:
    """The promotion that was typed. Raises NotRead for a field that cannot be read."""
    stacking = reading.chosen(given, "stacking", STACKING)
    return Promotion(
        code=code,
        deal=_deal(given, kind),
        names=reading.texts(given, "names", 200),
        groups=frozenset(codes(given, "groups")),
        segments=frozenset(codes(given, "segments")),
        channels=_ticked(given, "channel"),
        markets=_ticked(given, "market"),
        places=tuple(codes(given, "places")),
        valid_from=reading.moment(given, "valid_from", zone),
        valid_until=reading.moment(given, "valid_until", zone),
        weekdays=frozenset(day for day in WEEKDAYS if reading.ticked(given, f"on-{day}")),
        from_hour=reading.text(given, "from_hour", 5),
        until_hour=reading.text(given, "until_hour", 5),
        needs=Needs(
            worth=_read_amounts(given, "needs_worth"),
            quantity=reading.maybe_whole(given, "needs_quantity") or 0,
            goods=_read_goods(given, "needs"),
        ),
        exclusive=stacking == "alone",
        stack_group=reading.needed(given, "stack_group", 64) if stacking == "group" else "",
        priority=reading.maybe_whole(given, "priority", -1000, 1000) or 0,
        by_coupon=reading.ticked(given, "by_coupon"),
        limit_total=reading.maybe_whole(given, "limit_total", 1),
        limit_per_customer=reading.maybe_whole(given, "limit_per_customer", 1),
    )


def _deal(given: Given, kind: str) -> Deal:
    match kind:
        case "percent":
            return Percent(_share(given, "percent"), _read_goods(given, "goods"))
        case "amount":
            each = reading.ticked(given, "each")
            return Amount(_read_amounts(given, "amount"), _read_goods(given, "goods"), each=each)
        case "buy_get":
            others = _read_goods(given, "got")
            return BuyGet(
                buy=reading.whole(given, "buy", 1),
                get=reading.whole(given, "get", 1),
                goods=_read_goods(given, "goods"),
                got=None if others == Goods() else others,
                basis_points=_share(given, "percent"),
                times=reading.maybe_whole(given, "times", 1),
            )
        case "bundle":
            times = reading.maybe_whole(given, "times", 1)
            return Bundle(tuple(_parts(given)), _read_amounts(given, "amount"), times)
        case "tiered":
            return Tiered(tuple(_tiers(given)), _read_goods(given, "goods"))
        case "free_shipping":
            classes = frozenset(name for name in SHIPPING_CLASSES if reading.ticked(given, f"class-{name}"))
            return FreeShipping(_share(given, "percent"), classes)
        case _:
            return FreeSample(reading.needed(given, "sku", 64), reading.whole(given, "quantity", 1))


def _parts(given: Given) -> Iterator[Part]:
    for row in range(PART_ROWS):
        if skus := _skus(given, f"part_skus-{row}"):
            yield Part(skus, reading.maybe_whole(given, f"part_quantity-{row}", 1) or 1)


def _tiers(given: Given) -> Iterator[Tier]:
    for row in range(TIER_ROWS):
        tier = Tier(
            quantity=reading.maybe_whole(given, f"tier_quantity-{row}") or 0,
            worth=_read_amounts(given, f"tier_worth-{row}"),
            basis_points=_share(given, f"tier_percent-{row}") if given.get(f"tier_percent-{row}", "").strip() else 0,
            amounts=_read_amounts(given, f"tier_amount-{row}"),
        )
        if tier != Tier():
            yield tier


def _share(given: Given, name: str) -> int:
    """Percent as basis points; finer than a hundredth is refused."""
    percent = reading.number(given, name)
    basis_points = round(percent * 100)
    if abs(percent * 100 - basis_points) > 1e-6:
        raise reading.NotRead(field=name, want="number")
    return basis_points


def _read_amounts(given: Given, name: str) -> dict[str, int]:
    return {
        currency: reading.amount(given, f"{name}-{currency}", currency).amount
        for currency in currencies()
        if given.get(f"{name}-{currency}", "").strip()
    }


def _read_goods(given: Given, name: str) -> Goods:
    return Goods(
        skus=_skus(given, f"{name}_skus"),
        categories=frozenset(codes(given, f"{name}_categories")),
        but_not=_skus(given, f"{name}_but_not"),
    )


def codes(given: Given, name: str) -> list[str]:
    """Codes between which there are spaces, commas or new lines, each once."""
    return _parted(r"[\s,;]+", reading.text(given, name, LONGEST_LIST))


def _skus(given: Given, name: str) -> frozenset[str]:
    """SKUs, which may have spaces in them: between them are commas or new lines."""
    return frozenset(_parted(r"[\n,;]+", reading.text(given, name, LONGEST_LIST)))


def _parted(between: str, text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in re.split(between, text) if part.strip()))


def _ticked(given: Given, name: str) -> frozenset[str]:
    begins = f"{name}-"
    return frozenset(field.removeprefix(begins) for field in given if field.startswith(begins) and given[field])
