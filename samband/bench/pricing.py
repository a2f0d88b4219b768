"""A cart of many lines priced under many live promotions, in one process, beside the bare statement of it.

    python -m samband.bench.pricing LINES PROMOTIONS WARM_UP SECONDS

measures in the house that the environment names, and prints what it measured as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .assortment import CURRENCY, DEPARTMENT, MARKET, sku
from .house import fresh_house
from .report import Report, machine, percentile

if TYPE_CHECKING:
    from samband.commerce.pricing.promotions import Deal, Goods, Promotion
    from samband.commerce.pricing.quotes import QuoteLine, Terms

ASSORTMENT = 10
"""So many products for each line of a cart; carts are drawn from them."""

AISLES = 20
BLOCK_SECONDS = 0.5
GROUPS = ("sale", "sale", "sale", "week")

NOTES = (
    "A cart is priced from nothing: one statement for prices, VAT, rates and limits, then every promotion is tried and"
    " the best permitted plan is made, with VAT, reasons and fingerprint. Nothing of a cart is remembered; promotions"
    " are, per process, until one changes.",
    "Bare statement is that statement as it was sent, on the same connection, fetched, its prices multiplied and summed"
    " in Python: what cannot be left out. Both take turns of half a second.",
    "Carts are drawn anew each time, of ten products for each line, in twenty aisles.",
    "Promotions are shares, amounts, n for m, sets, tiers and free shipping: four in ten name five goods, five an aisle"
    " of the shop, one everything; nineteen in twenty may not be combined with others of their group.",
    "`engine` is the same carts without the statement, `no_promotions` with the statement and no promotion,"
    " `all_concern_it` a cart of which each promotion names something.",
)


def pricing(lines: int, promotions: int, warm_up: float, seconds: float) -> Report:
    """Measure it in a fresh house. Raises BenchFailed when something was refused."""
    with fresh_house(max(lines * ASSORTMENT, 30)) as house:
        said = house.run("samband.bench.pricing", str(lines), str(promotions), str(warm_up), str(seconds))
    measured = json.loads(said.splitlines()[-1])
    ours, bare = measured.pop("ours"), measured.pop("bare")
    return Report(
        name="pricing",
        unit="quotes/s",
        ours=ours["rate"],
        limit=bare["rate"],
        limit_name="bare statement",
        p50_ms=ours["p50_ms"],
        p99_ms=ours["p99_ms"],
        machine=machine(),
        about={"lines": lines, "promotions": promotions, "seconds": seconds, "quotes": ours["count"],
               "limit_p50_ms": bare["p50_ms"], "limit_p99_ms": bare["p99_ms"], **measured},
        notes=NOTES,
    )  # fmt: skip


def main() -> None:
    """Measure in this process."""
    import django

    django.setup()
    lines, promotions, warm_up, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    till = _Till(lines, promotions)
    for deed in till.deeds.values():
        _block(deed, warm_up / len(till.deeds))
    taken = _take_turns(till.deeds, seconds)
    sys.stdout.write(json.dumps({**{name: _told(took) for name, took in taken.items()}, **till.about()}) + "\n")


def _take_turns(deeds: Mapping[str, Callable[[], object]], seconds: float) -> dict[str, list[float]]:
    """Each for a while, again and again, so that what else the machine does meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    while sum(taken["ours"]) < seconds:
        for name, deed in deeds.items():
            taken[name] += _block(deed, BLOCK_SECONDS if name in ("ours", "bare") else BLOCK_SECONDS / 4)
    return taken


def _block(deed: Callable[[], object], seconds: float) -> list[float]:
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        deed()
        taken.append(time.perf_counter() - began)
    return taken


def _told(took: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(one * 1000 for one in took)
    return {
        "count": len(took),
        "rate": round(len(took) / sum(took), 1),
        "p50_ms": percentile(ordered, 0.5),
        "p99_ms": percentile(ordered, 0.99),
    }


@dataclass
class _Till:
    """Carts drawn anew for every quote, priced in several ways."""

    lines: int
    promotions: int

    def __post_init__(self) -> None:
        from samband.commerce.pricing import commands
        from samband.commerce.pricing.quoting import quote

        from . import tracing

        self.chance = random.Random(20)
        self.skus = [sku(number) for number in range(1, self.lines * ASSORTMENT + 1)]
        _hang(self.skus)
        drawn = list(live(self.skus, self.promotions, random.Random(7)))
        for one in drawn:
            commands.save_promotion(one)
        self.ask()
        with tracing.listening() as said:
            self.known = self.ask()
        ((self.statement, self.values),) = [(one.statement, one.values) for one in said]
        self.hardest = self._all_concern_it()
        self.deeds: dict[str, Callable[[], object]] = {
            "ours": lambda: self.quote(),
            "bare": self._bare,
            "engine": lambda: quote(self.cart(), self.everything, "ship"),
            "no_promotions": lambda: quote(cart := self.cart(), replace(self.ask(cart), promotions=()), "ship"),
            "all_concern_it": lambda: quote(self.hardest[0], self.hardest[1], "ship"),
        }
        self.everything = self.ask(self.cart(self.skus))

    def cart(self, skus: Sequence[str] = ()) -> list["QuoteLine"]:
        from samband.commerce.pricing.quotes import QuoteLine

        drawn = skus or self.chance.sample(self.skus, self.lines)
        return [QuoteLine(one, self.chance.randint(1, 3), "standard", "parcel") for one in drawn]

    def ask(self, cart: Sequence["QuoteLine"] = ()) -> "Terms":
        from samband.commerce.pricing import queries

        classes = {line.sku: (line.vat_class, line.shipping_class) for line in cart or self.cart()}
        return queries.terms(classes, MARKET, "shop", None, "ship")

    def quote(self) -> object:
        """What is measured."""
        from samband.commerce.pricing.quoting import quote

        cart = self.cart()
        return quote(cart, self.ask(cart), "ship")

    def _bare(self) -> int:
        """The statement as it was sent, and the sum of what it answers, with the VAT in it."""
        from django.db import connection

        from samband.commerce.pricing.vat import vat_within

        total = 0
        with connection.cursor() as cursor:
            cursor.execute(self.statement, self.values)
            for row in cursor.fetchall():
                worth = row[10] * 2
                total += worth - vat_within(worth, row[7])
        return total

    def _all_concern_it(self) -> tuple[list["QuoteLine"], "Terms"]:
        """A cart and promotions each of which names something in it."""
        cart = self.cart(self.skus[: self.lines])
        known = self.ask(cart)
        drawn = tuple(live([line.sku for line in cart], self.promotions, random.Random(11)))
        return cart, replace(known, promotions=drawn)

    def _concerning(self) -> float:
        """How many promotions would take something off a cart by themselves, on average."""
        from samband.commerce.pricing.cuts import Basket, Heap, cut

        found, carts = 0, 20
        for _ in range(carts):
            cart = self.cart()
            units = {line.sku: self.everything.tags[line.sku].unit.amount for line in cart}
            heaps = [
                Heap(line.sku, self.everything.categories[line.sku], line.quantity, units[line.sku],
                     units[line.sku] * line.quantity)
                for line in cart
            ]  # fmt: skip
            basket = Basket(heaps, CURRENCY, lambda classes: 399)
            found += sum(cut(one, basket) is not None for one in self.everything.promotions)
        return round(found / carts, 1)

    def about(self) -> dict[str, object]:
        """What a quote of these looks like."""
        from samband.commerce.pricing.quoting import quote

        made = [quote(cart := self.cart(), self.ask(cart), "ship") for _ in range(50)]
        return {
            "promotions_that_concern_it": self._concerning(),
            "applied_promotions": round(sum(len(one.applied) for one in made) / len(made), 1),
            "share_taken_off": round(
                sum(one.discount.amount for one in made)
                / sum(one.discount.amount + one.total.amount for one in made), 3
            ),
        }  # fmt: skip


def _hang(skus: Sequence[str]) -> None:
    """Hang the goods in the aisles of the shop."""
    from samband.commerce.catalog import commands as catalog
    from samband.commerce.pricing import commands

    for aisle in range(AISLES):
        catalog.save_category(_aisle(aisle), DEPARTMENT, {"en": f"Aisle {aisle}"})
    commands.save_categories({one: _aisle(nth % AISLES) for nth, one in enumerate(skus)})


def _aisle(number: int) -> str:
    return f"aisle-{number}"


def live(skus: Sequence[str], count: int, chance: random.Random) -> Iterator["Promotion"]:
    """So many promotions of the common kinds over these goods; the same for the same chance."""
    from samband.commerce.pricing.promotions import Needs, Promotion

    for nth in range(count):
        yield Promotion(
            code=f"bench-{nth:04d}",
            deal=_deal(nth, skus, chance),
            names={"en": f"Offer {nth}"},
            stack_group=chance.choice(GROUPS) if nth % 20 else "",
            needs=Needs(worth={CURRENCY: 2_000}) if nth % 3 == 0 else Needs(),
            priority=nth % 3,
        )


def _deal(nth: int, skus: Sequence[str], chance: random.Random) -> "Deal":
    from samband.commerce.pricing import promotions as kinds

    goods = _goods(skus, chance)
    match nth % 20:
        case 0 | 1 | 2:
            return kinds.Amount({CURRENCY: chance.randint(10, 90)}, goods, each=True)
        case 3 | 4:
            return kinds.Amount({CURRENCY: chance.randint(100, 400)}, goods)
        case 5 | 6 | 7:
            return kinds.BuyGet(chance.choice([2, 3, 4]), 1, goods, basis_points=chance.choice([5_000, 10_000]))
        case 8 | 9 | 10:
            parts = tuple(kinds.Part(frozenset({one})) for one in chance.sample(skus, min(3, len(skus))))
            return kinds.Bundle(parts, {CURRENCY: chance.randint(2_500, 3_600)}) if len(parts) > 1 else kinds.Percent(1)
        case 11 | 12:
            tiers = (kinds.Tier(quantity=3, basis_points=500), kinds.Tier(quantity=8, basis_points=1_000))
            return kinds.Tiered(tiers, goods)
        case 13:
            return kinds.FreeShipping(chance.choice([5_000, 10_000]))
        case _:
            return kinds.Percent(chance.choice([500, 1_000, 1_500, 2_000]), goods)


def _goods(skus: Sequence[str], chance: random.Random) -> "Goods":
    from samband.commerce.pricing.promotions import Goods

    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            return Goods(skus=frozenset(chance.sample(skus, min(5, len(skus)))))
        case 4 | 5 | 6 | 7 | 8:
            return Goods(categories=frozenset({_aisle(chance.randrange(AISLES))}))
        case _:
            return Goods()


if __name__ == "__main__":
    main()
