"""Whatever the prices, quantities and rates: sums are exact, nothing is negative, and the more specific price wins."""

import itertools
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.pricing.quoting import MOST_LINES, Quote, QuoteLine, ShippingOffer, Terms, check, quote
from samband.commerce.pricing.refusals import NotForSale, NotShippable, TooManyLines
from samband.commerce.pricing.tagging import Candidate, Taxed, choose, tag
from samband.commerce.pricing.vat import vat_on, vat_within
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

CURRENCIES = st.sampled_from(["ISK", "PLN", "EUR", "GBP"])
RATES = st.sampled_from([0, 500, 1100, 1200, 1300, 2100, 2300, 2400])
AMOUNTS = st.integers(0, 10_000_000)
SKUS = ["CHAIR", "SOFA", "COFFEE", "BALL", "CREAM", "DRILL"]


def candidates():
    return st.builds(
        Candidate,
        price_list=st.text("abcdef", min_size=1, max_size=3),
        amount=st.integers(0, 5000),
        includes_vat=st.booleans(),
        customer_group=st.sampled_from([None, "trade"]),
        channel=st.sampled_from([None, "shop"]),
        market=st.sampled_from([None, "LV"]),
        priority=st.integers(-1, 1),
    )


several = st.lists(candidates(), min_size=1, max_size=6, unique_by=lambda one: one.price_list)


@st.composite
def baskets(draw):
    """Lines, the terms under which they are sold, and a method."""
    currency = draw(CURRENCIES)
    skus = draw(st.lists(st.sampled_from(SKUS), max_size=len(SKUS), unique=True))
    classes = st.sampled_from(["parcel", "bulky"])
    lines = [QuoteLine(sku, draw(st.integers(1, 999)), "standard", draw(classes)) for sku in skus]
    tags = {
        sku: tag(sku, [Candidate("list", draw(AMOUNTS), draw(st.booleans()))], draw(RATES), Taxed("XX", currency))
        for sku in skus
    }
    offers = st.builds(ShippingOffer, amount=AMOUNTS, free_from=st.none() | AMOUNTS)
    shipping = {"parcel": draw(offers), "bulky": draw(offers)}
    return lines, Terms("XX", "shop", currency, tags, shipping), draw(st.sampled_from([None, "ship", "pickup"]))


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@given(AMOUNTS, st.integers(0, 10_000))
def test_vat_is_rounded_half_up_whichever_way_it_is_asked(amount, rate):
    assert vat_on(amount, rate) == half_up(Decimal(amount) * rate / 10_000)
    assert vat_within(amount, rate) == half_up(Decimal(amount) * rate / (10_000 + rate))


@given(baskets())
def test_lines_and_shipping_sum_to_the_total_and_vat_to_what_is_taxed(basket):
    made = quote(*basket)
    assert sum(line.total.amount for line in made.lines) + made.shipping.amount == made.total.amount
    assert made.total_net + made.total_vat == made.total
    assert sum(line.vat.amount for line in made.lines) + made.shipping_vat.amount == made.total_vat.amount
    for line in (*made.lines, *made.vat_summary):
        assert line.net + line.vat == line.total
    for part in ("net", "vat", "total"):
        whole = {"net": made.total_net, "vat": made.total_vat, "total": made.total}[part]
        assert sum(getattr(share, part).amount for share in made.vat_summary) == whole.amount
    assert len({share.basis_points for share in made.vat_summary}) == len(made.vat_summary)


@given(baskets())
def test_nothing_is_ever_negative_and_all_of_it_is_one_currency(basket):
    made = quote(*basket)
    amounts = [made.shipping, made.shipping_vat, made.total, made.total_net, made.total_vat]
    for line in made.lines:
        amounts += [line.unit, line.total, line.net, line.vat]
    for share in made.vat_summary:
        amounts += [share.net, share.vat, share.total]
    assert all(one.amount >= 0 for one in amounts)
    assert {one.currency for one in amounts} == {made.currency}


@given(baskets())
def test_what_the_list_holds_is_what_is_multiplied(basket):
    terms = basket[1]
    for line in quote(*basket).lines:
        price_tag = terms.tags[line.sku]
        if price_tag.includes_vat:
            assert line.total == line.unit * line.quantity
        else:
            assert line.net == price_tag.net * line.quantity
        assert line.unit == price_tag.unit


@given(baskets())
def test_every_amount_has_its_reason(basket):
    made = quote(*basket)
    assert made.shipping_reasons
    for line in made.lines:
        codes = [reason.code for reason in line.reasons]
        assert codes[0] == "price_list"
        assert codes[-1] in ("vat_included", "vat_added")
        assert line.reasons[-1].params["basis_points"] == line.vat_basis_points


@given(baskets())
def test_a_quote_survives_being_kept_as_json(basket):
    made = quote(*basket)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Quote) == made


@given(baskets(), st.randoms())
def test_the_order_of_lines_changes_no_total(basket, random):
    lines, terms, method = basket
    shuffled = list(lines)
    random.shuffle(shuffled)
    one, other = quote(lines, terms, method), quote(shuffled, terms, method)
    assert (one.total, one.total_vat, one.shipping, one.vat_summary) == (
        other.total, other.total_vat, other.shipping, other.vat_summary,
    )  # fmt: skip


@given(baskets())
def test_the_fingerprint_is_the_same_exactly_while_the_shopper_sees_the_same(basket):
    lines, terms, method = basket
    made = quote(lines, terms, method)
    assert quote(lines, terms, method).fingerprint == made.fingerprint
    if lines:
        more = [replace(lines[0], quantity=lines[0].quantity + 1), *lines[1:]]
        assert quote(more, terms, method).fingerprint != made.fingerprint
    for line in lines:
        amount = terms.tags[line.sku].unit.amount + 7
        dearer = tag(line.sku, [Candidate("list", amount, True)], 2100, Taxed("XX", terms.currency))
        changed = replace(terms, tags={**terms.tags, line.sku: dearer})
        assert quote(lines, changed, method).fingerprint != made.fingerprint


@given(several, RATES, st.randoms())
def test_the_order_in_which_lists_come_does_not_matter(prices, rate, random):
    shuffled = list(prices)
    random.shuffle(shuffled)
    assert tag("A", shuffled, rate, Taxed("LV", "EUR")) == tag("A", prices, rate, Taxed("LV", "EUR"))


@given(several, RATES)
def test_the_more_specific_price_wins_and_among_equals_the_lower(prices, rate):
    chosen = choose(prices, rate)

    def scope(one):
        return (one.customer_group is not None, one.channel is not None, one.market is not None)

    assert scope(chosen) == max(scope(one) for one in prices)
    alike = [one for one in prices if scope(one) == scope(chosen)]
    assert chosen.priority == max(one.priority for one in alike)
    alike = [one for one in alike if one.priority == chosen.priority]
    assert chosen.gross(rate) == min(one.gross(rate) for one in alike)


def test_a_group_outweighs_a_channel_and_a_channel_a_market():
    scopes = list(itertools.product(("trade", None), ("shop", None), ("LV", None)))
    prices = [Candidate(f"list{i}", 100 + i, True, *scope) for i, scope in enumerate(scopes)]
    while prices:
        chosen = choose(prices, 2100)
        assert chosen == prices[0]
        prices.remove(chosen)


def test_prices_with_and_without_vat_are_compared_by_what_the_shopper_pays():
    net, gross = Candidate("net", 1000, False), Candidate("gross", 1200, True)
    assert choose([net, gross], 2400) == gross
    assert choose([net, gross], 1100) == net


@given(several, RATES)
def test_a_regular_price_is_a_lasting_one_for_everybody_and_higher(prices, rate):
    price_tag = tag("A", prices, rate, Taxed("LV", "EUR"))
    if price_tag.regular is not None:
        assert price_tag.unit < price_tag.regular
        everybodys = [one.gross(rate) for one in prices if one.customer_group is None]
        assert price_tag.regular.amount in everybodys


def test_many_cheap_pieces_without_vat_lose_nothing_to_rounding():
    price_tag = tag("SCREW", [Candidate("trade", 10, False)], 2400, Taxed("IS", "EUR"))
    assert price_tag.unit == Money(12, "EUR")
    terms = Terms("XX", "shop", "EUR", {"SCREW": price_tag}, {})
    (line,) = quote([QuoteLine("SCREW", 999, "standard", "parcel")], terms, None).lines
    assert (line.net.amount, line.vat.amount, line.total.amount) == (9990, 2398, 12388)


class TestShipping:
    def terms(self, price=10_000, **offers):
        tags = {sku: tag(sku, [Candidate("list", price, True)], 2400, Taxed("GR", "EUR")) for sku in SKUS}
        return Terms("GR", "shop", "EUR", tags, offers)

    def lines(self, *classes):
        return [QuoteLine(sku, 1, "standard", name) for sku, name in zip(SKUS, classes, strict=False)]

    def test_is_asked_once_for_the_dearest_class(self):
        terms = self.terms(parcel=ShippingOffer(500), bulky=ShippingOffer(4900))
        made = quote(self.lines("parcel", "bulky", "parcel"), terms, "ship")
        assert made.shipping == Money(4900, "EUR")
        assert made.shipping_reasons[0].code == "shipping_class"
        assert made.shipping_reasons[0].params["shipping_class"] == "bulky"

    def test_is_free_from_exactly_the_worth_named_and_says_what_is_missing_below_it(self):
        terms = self.terms(price=9_999, parcel=ShippingOffer(500, 10_000))
        below = quote(self.lines("parcel"), terms, "ship")
        assert below.shipping == Money(500, "EUR")
        assert below.shipping_reasons[1].code == "shipping_free_above"
        assert below.shipping_reasons[1].params["missing"] == 1
        reached = quote(self.lines("parcel"), self.terms(parcel=ShippingOffer(500, 10_000)), "ship")
        assert reached.shipping == Money(0, "EUR")
        assert [reason.code for reason in reached.shipping_reasons] == ["shipping_free_from"]

    def test_of_a_class_without_a_rate_is_refused_but_it_may_be_picked_up(self):
        with pytest.raises(NotShippable) as refused:
            quote(self.lines("parcel", "piano"), self.terms(parcel=ShippingOffer(500)), "ship")
        assert refused.value.details == {"sku": "SOFA", "shipping_class": "piano", "market": "GR"}
        assert quote(self.lines("piano"), self.terms(), "pickup").shipping == Money(0, "EUR")

    def test_is_not_asked_before_a_method_is_chosen_and_says_so(self):
        made = quote(self.lines("parcel"), self.terms(), None)
        assert made.shipping == Money(0, "EUR")
        assert [reason.code for reason in made.shipping_reasons] == ["shipping_not_chosen"]

    def test_is_taxed_like_the_goods_it_brings(self):
        sofa = tag("SOFA", [Candidate("list", 7500, True)], 2400, Taxed("GR", "EUR"))
        coffee = tag("COFFEE", [Candidate("list", 2500, True)], 1300, Taxed("GR", "EUR"))
        terms = Terms("GR", "shop", "EUR", {"SOFA": sofa, "COFFEE": coffee}, {"parcel": ShippingOffer(1000)})
        lines = [QuoteLine("SOFA", 1, "standard", "parcel"), QuoteLine("COFFEE", 1, "food", "parcel")]
        made = quote(lines, terms, "ship")
        assert made.shipping_vat.amount == vat_within(750, 2400) + vat_within(250, 1300)
        assert [share.total.amount for share in made.vat_summary] == [8250, 2750]

    def test_of_goods_that_cost_nothing_is_taxed_at_their_highest_rate(self):
        made = quote(self.lines("parcel"), self.terms(price=0, parcel=ShippingOffer(1240)), "ship")
        assert made.shipping_vat.amount == 240


class TestWays:
    """Goods of one quote may come in several ways, each asked for once."""

    def terms(self):
        tags = {sku: tag(sku, [Candidate("list", 10_000, True)], 2400, Taxed("GR", "EUR")) for sku in SKUS}
        offers = {"parcel": ShippingOffer(500), "bulky": ShippingOffer(4900, 30_000)}
        return Terms("GR", "shop", "EUR", tags, offers, {"bulky": ShippingOffer(200)})

    def line(self, sku, method, shipping_class="parcel", quantity=1):
        return QuoteLine(sku, quantity, "standard", shipping_class, method)

    def test_each_way_is_asked_for_its_own_goods(self):
        lines = [self.line("CHAIR", None), self.line("SOFA", "pickup", "bulky")]
        made = quote(lines, self.terms(), "ship")
        assert made.shipping == Money(700, "EUR")
        asked = {reason.params["method"]: reason.params["amount"] for reason in made.shipping_reasons[:-1]}
        assert asked == {"ship": 500, "pickup": 200}

    def test_nothing_is_asked_for_what_is_carried_away_or_served(self):
        for way in ("carry", "serve"):
            made = quote([self.line("CHAIR", way), self.line("SOFA", way, "bulky")], self.terms(), None)
            assert made.shipping == Money(0, "EUR")
        assert quote([self.line("CHAIR", None)], self.terms(), "carry").shipping == Money(0, "EUR")

    def test_goods_that_cannot_be_sent_may_come_another_way(self):
        lines = [self.line("CHAIR", "ship"), self.line("COFFEE", "carry", "store_only")]
        assert quote(lines, self.terms(), None).shipping == Money(500, "EUR")
        with pytest.raises(NotShippable):
            quote([self.line("COFFEE", "ship", "store_only")], self.terms(), None)

    def test_one_sku_may_go_two_ways_but_not_twice_the_same(self):
        made = quote([self.line("CHAIR", "ship"), self.line("CHAIR", "carry", quantity=2)], self.terms(), None)
        assert [line.total.amount for line in made.lines] == [10_000, 20_000]
        with pytest.raises(Invalid):
            quote([self.line("CHAIR", "ship"), self.line("CHAIR", "ship")], self.terms(), None)

    def test_what_makes_it_free_is_the_worth_of_all_goods_whatever_their_ways(self):
        lines = [self.line("SOFA", "ship", "bulky"), self.line("CHAIR", "carry", quantity=2)]
        assert quote(lines, self.terms(), None).shipping == Money(0, "EUR")

    def test_there_is_no_other_way(self):
        with pytest.raises(Invalid):
            self.line("CHAIR", "fly")


class TestBadInput:
    @pytest.mark.parametrize("quantity", [0, -1, True, 1.0, "1", None, 10**9])
    def test_a_quantity_is_a_whole_number_from_one(self, quantity):
        with pytest.raises(Invalid):
            QuoteLine("CHAIR", quantity, "standard", "parcel")

    @pytest.mark.parametrize("sku", ["", " CHAIR", "Á", "A\x00", "A" * 65, None, 7, "A\n"])
    def test_a_sku_looks_like_one(self, sku):
        with pytest.raises(Invalid):
            QuoteLine(sku, 1, "standard", "parcel")

    @pytest.mark.parametrize("name", ["", "a\x00", None, 3, "x" * 65])
    def test_a_class_looks_like_one(self, name):
        with pytest.raises(Invalid):
            QuoteLine("CHAIR", 1, name, "parcel")
        with pytest.raises(Invalid):
            QuoteLine("CHAIR", 1, "standard", name)

    def test_there_is_an_end_to_lines(self):
        lines = [QuoteLine(f"SKU{i}", 1, "standard", "parcel") for i in range(MOST_LINES + 1)]
        check(lines[:-1])
        with pytest.raises(TooManyLines):
            check(lines)

    def test_a_sku_stands_in_one_line(self):
        with pytest.raises(Invalid):
            check([QuoteLine("CHAIR", 1, "standard", "parcel")] * 2)

    def test_what_has_no_price_is_not_for_sale(self):
        with pytest.raises(NotForSale) as refused:
            quote([QuoteLine("CHAIR", 1, "standard", "parcel")], Terms("GR", "shop", "EUR", {}, {}), None)
        assert refused.value.details == {"sku": "CHAIR", "market": "GR"}
