"""Promotions and baskets drawn for properties, and the best plan found by trying every one there is."""

from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from samband.commerce.pricing.cuts import Basket, Cut, Heap, cut
from samband.commerce.pricing.promotions import (
    Amount,
    Bundle,
    BuyGet,
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
from samband.commerce.pricing.quotes import QuoteLine, ShippingOffer, Terms
from samband.commerce.pricing.tagging import Candidate, Taxed, tag

SKUS = ("CHAIR", "COFFEE", "LAMP", "SOFA")
CATEGORIES = {"CHAIR": "seats", "SOFA": "seats", "LAMP": "light", "COFFEE": "food"}
CURRENCY = "EUR"

SMALL_AMOUNTS = st.integers(1, 4_000)
SHARES = st.sampled_from([500, 1000, 2500, 3333, 5000, 9000, 10_000])


def goods():
    return st.builds(
        Goods,
        skus=st.frozensets(st.sampled_from(SKUS), max_size=2),
        categories=st.frozensets(st.sampled_from(sorted(set(CATEGORIES.values()))), max_size=1),
        but_not=st.frozensets(st.sampled_from(SKUS), max_size=1),
    )


def amounts():
    return st.builds(lambda amount: {CURRENCY: amount}, SMALL_AMOUNTS)


def bundles():
    parts = st.lists(st.sampled_from(SKUS), min_size=1, max_size=3, unique=True).flatmap(
        lambda skus: st.tuples(
            *(st.builds(Part, skus=st.just(frozenset({sku})), quantity=st.integers(1, 2)) for sku in skus)
        )
    )
    return st.builds(Bundle, parts=parts, prices=amounts(), times=st.none() | st.integers(1, 2))


def tiers():
    return st.builds(
        lambda first, step, low, high: (
            Tier(quantity=first, basis_points=low),
            Tier(quantity=first + step, basis_points=low + high),
        ),
        st.integers(1, 3),
        st.integers(1, 3),
        st.integers(100, 3000),
        st.integers(1, 7000),
    )


def _by_worth(off, of_goods):
    return Tiered((Tier(worth={CURRENCY: off}, amounts={CURRENCY: off}),), of_goods)


def goods_deals():
    return st.one_of(
        st.builds(Percent, basis_points=SHARES, goods=goods()),
        st.builds(Amount, amounts=amounts(), goods=goods(), each=st.booleans()),
        st.builds(
            BuyGet, buy=st.integers(1, 2), get=st.integers(1, 2), goods=goods(), got=st.none() | goods(),
            basis_points=SHARES, times=st.none() | st.integers(1, 2),
        ),
        bundles(),
        st.builds(Tiered, tiers=tiers(), goods=goods()),
        st.builds(_by_worth, SMALL_AMOUNTS, goods()),
    )  # fmt: skip


def deals():
    return goods_deals() | st.builds(FreeShipping, basis_points=SHARES) | st.builds(FreeSample, sku=st.just("SAMPLE"))


def needs():
    return st.builds(
        Needs,
        worth=st.just({}) | amounts(),
        quantity=st.integers(0, 3),
        goods=goods(),
    )


@st.composite
def promotions(draw, most=4, kinds=None, exclusive=True):
    """Some promotions, each with a code of its own, many of them rivals."""
    drawn = draw(st.lists(kinds or deals(), max_size=most))
    return [
        Promotion(
            code=f"p{nth}",
            deal=deal,
            needs=draw(st.just(Needs()) | needs()),
            stack_group=draw(st.sampled_from(["", "a", "a", "b"])),
            exclusive=exclusive and draw(st.integers(0, 5)) == 0,
            priority=draw(st.integers(-1, 1)),
        )
        for nth, deal in enumerate(drawn)
    ]


@st.composite
def heaps(draw, most=3):
    skus = sorted(draw(st.sets(st.sampled_from(SKUS), min_size=1, max_size=most)))
    found = []
    for sku in skus:
        quantity, unit = draw(st.integers(1, 4)), draw(st.sampled_from([1, 3, 99, 100, 333, 1000, 4990]))
        found.append(Heap(sku, CATEGORIES[sku], quantity, unit, quantity * unit))
    return found


def basket_of(heaps, asked=500):
    return Basket(heaps, CURRENCY, lambda classes: asked)


@st.composite
def terms_and_lines(draw, most_promotions=5):
    """A whole basket with its terms: lines, terms with promotions, and a way."""
    skus = draw(st.lists(st.sampled_from(SKUS), max_size=len(SKUS), unique=True))
    lines = [QuoteLine(sku, draw(st.integers(1, 9)), "standard", "parcel", category=CATEGORIES[sku]) for sku in skus]
    tags = {
        sku: tag(
            sku,
            [Candidate("list", draw(st.integers(0, 30_000)), draw(st.booleans()))],
            draw(st.sampled_from([0, 1200, 2100, 2400])),
            Taxed("LV", CURRENCY),
        )
        for sku in skus
    }
    offer = ShippingOffer(draw(st.integers(0, 2_000)), draw(st.none() | st.integers(0, 40_000)))
    terms = Terms("LV", "shop", CURRENCY, tags, {"parcel": offer}, promotions=tuple(draw(promotions(most_promotions))))
    return lines, terms, draw(st.sampled_from([None, "ship", "pickup"]))


# --- every plan there is


def least_left(promotions_given, heaps_given, asked=500):
    """What a shopper pays at least for goods and shipping, found by trying every permitted plan. Slow, and plain."""
    basket = basket_of(heaps_given, asked)
    cuts = [found for one in promotions_given if (found := cut(one, basket))]
    shared = [one for one in cuts if not one.promotion.exclusive]
    plans = [_least(shared, basket, asked)]
    plans += [_least([one], basket, asked) for one in cuts if one.promotion.exclusive]
    return min(plans)


def _least(cuts: list[Cut], basket: Basket, asked: int) -> int:
    on_goods = [one for one in cuts if one.left or one.off or one.together]
    least = None
    for made in _subsets([one for one in on_goods if one.whole]):
        if not _compatible(made):
            continue
        choices = [_choices(at, [one for one in on_goods if not one.whole], made) for at in basket.everywhere]
        for mix in product(*choices):
            left = _left(basket, made, mix)
            least = left if least is None or left < least else least
    return (least or 0) + _shipping_left([one for one in cuts if one.shipping], asked)


def _subsets(cuts):
    for picked in product((False, True), repeat=len(cuts)):
        yield [one for one, is_in in zip(cuts, picked, strict=True) if is_in]


def _compatible(made):
    return not any(
        one is not other and one.promotion.stack_group and one.promotion.stack_group == other.promotion.stack_group
        and one.lines & other.lines
        for one in made for other in made
    )  # fmt: skip


def _choices(at, separable, made):
    """Every set of promotions that a line may take part in besides those made as a whole."""
    taken = {one.promotion.stack_group for one in made if at in one.lines} - {""}
    here = [one for one in separable if at in one.left or at in one.off]
    return [
        picked
        for picked in _subsets(here)
        if len({one.promotion.stack_group or one.promotion.code for one in picked}) == len(picked)
        and not taken & {one.promotion.stack_group for one in picked}
    ]


def _left(basket, made, mix):
    left = []
    for at, heap in enumerate(basket.heaps):
        part = Fraction(1)
        for one in (*made, *mix[at]):
            if at in one.left:
                part *= Fraction(*one.left[at])
        off = heap.worth * (1 - part)
        reduced = heap.worth - int(off + Fraction(1, 2))
        left.append(max(0, reduced - sum(one.off[at] for one in mix[at] if at in one.off)))
    for one in sorted(made, key=lambda one: one.order):
        if one.together:
            _share(one, left, basket)
    return sum(left)


def _share(one, left, basket):
    there = {
        at: int(Fraction(left[at] * weight, basket.heaps[at].worth)) for at, weight in one.weights.items() if weight
    }
    whole = sum(there.values())
    amount = min(one.together, whole)
    if not amount:
        return
    exact = {at: Fraction(amount * part, whole) for at, part in there.items()}
    parts = {at: int(part) for at, part in exact.items()}
    for at in sorted(exact, key=lambda at: (parts[at] - exact[at], at))[: amount - sum(parts.values())]:
        parts[at] += 1
    for at, part in parts.items():
        left[at] -= part


def _shipping_left(cuts, asked):
    groups: dict[str, list[int]] = {}
    for one in cuts:
        groups.setdefault(one.promotion.stack_group or one.promotion.code, []).append(one.shipping)
    return max(0, asked - sum(max(worth) for worth in groups.values()))
