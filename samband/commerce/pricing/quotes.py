"""What is asked when a basket is priced, and what is answered. Amounts of a quote sum exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from samband.kernel.goods import Line
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .promotions import Promotion
from .refusals import TooManyLines
from .tagging import PriceTag, Reason

MOST_LINES = 200

WAYS = ("ship", "pickup", "carry", "serve")
"""How goods come to the shopper. Nothing is asked for what they carry away or what is served."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many units of a SKU, with the classes the catalog gives it. Raises Invalid for what is no line.

    `method` is how this line's goods come to the shopper; None: as the quote's. `category` is the SKU's own category;
    nothing: as pricing has learnt it.
    """

    sku: str
    quantity: int
    vat_class: str
    shipping_class: str
    method: str | None = None
    category: str = ""

    def __post_init__(self) -> None:
        Line(self.sku, self.quantity)
        for code in (self.vat_class, self.shipping_class):
            if not isinstance(code, str) or not code.isprintable() or not 1 <= len(code) <= 64:
                raise Invalid("That is not a class of goods.", sku=self.sku)
        if self.method is not None and self.method not in WAYS:
            raise Invalid("There is no such way to have goods.", sku=self.sku)


@dataclass(frozen=True, slots=True)
class Discount:
    """What one promotion takes off one line, VAT included. `coupon` is the code that opened it, if one did."""

    promotion: str
    amount: Money
    coupon: str | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as the shopper sees it: `unit`, `total` and `discount` include VAT, `net` does not, net + vat = total.

    Where the list's prices include VAT, total + discount = unit × quantity. Where they do not, net = the list's amount
    × quantity and VAT is rounded once on the line, so that many cheap pieces lose nothing to rounding. Of a line with
    a discount the VAT is what the reduced total contains. `discounts` sum to `discount`.
    """

    sku: str
    quantity: int
    unit: Money
    total: Money
    net: Money
    vat: Money
    vat_basis_points: int
    price_list: str
    reasons: tuple[Reason, ...]
    discount: Money
    discounts: tuple[Discount, ...]


@dataclass(frozen=True, slots=True)
class VatShare:
    """What is taxed at one rate, shipping included: net + vat = total."""

    basis_points: int
    net: Money
    vat: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Applied:
    """A promotion that took something off, or gives something: all of it in this quote, VAT included."""

    promotion: str
    names: Mapping[str, str]
    amount: Money
    coupon: str | None = None


@dataclass(frozen=True, slots=True)
class Gift:
    """Goods that come along for nothing, if there are any left."""

    sku: str
    quantity: int
    promotion: str


@dataclass(frozen=True, slots=True)
class CouponSaid:
    """What became of a code that was entered.

    `state`: applied, not_applicable (its promotion does not hold for this basket, or another is better), unknown,
    expired, not_yet, used_up, not_yours.
    """

    code: str
    state: str
    promotion: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """Something of which there is only so much, and which this quote makes use of once."""

    promotion: str
    coupon: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a basket costs in a market. The shares of `vat_summary` sum to total, total_net and total_vat.

    `shipping` is what is asked for bringing the goods, `shipping_discount` what promotions took off it, and `discount`
    everything that promotions took off: of all lines and of shipping. `gifts` are not among the lines. `uses` must be
    counted (`commands.reserve_uses`) by whoever makes an order of it.

    Codes of `shipping_reasons`: `shipping_not_chosen`; `shipping_class` (method, shipping_class, amount, currency);
    `shipping_free_above` (free_from, missing, currency); `shipping_free_from` (method, shipping_class, amount,
    free_from, currency); `shipping_free` (method); `promotion` (promotion, amount, currency and, if one opened it,
    coupon); `shipping_vat_as_goods` (basis_points: the rates it is shared over).
    `fingerprint` is equal for quotes in which the shopper would see the same goods and amounts.
    """

    market: str
    channel: str
    currency: str
    method: str | None
    lines: tuple[PricedLine, ...]
    shipping: Money
    shipping_vat: Money
    shipping_reasons: tuple[Reason, ...]
    total: Money
    total_net: Money
    total_vat: Money
    vat_summary: tuple[VatShare, ...]
    fingerprint: str
    discount: Money
    shipping_discount: Money
    applied: tuple[Applied, ...] = ()
    gifts: tuple[Gift, ...] = ()
    coupons: tuple[CouponSaid, ...] = ()
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class ShippingOffer:
    """What bringing one class of goods costs, and from what worth of goods it is free; minor units, VAT included."""

    amount: int
    free_from: int | None = None

    def asked_for(self, goods: int) -> int:
        """What is asked when the goods are worth this much."""
        return 0 if self.free_from is not None and goods >= self.free_from else self.amount


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in a market for the goods in question: tags by SKU, offers of shipping and pickup by shipping class.

    `promotions` are those that hold for who asks, where and when, and may concern these goods; `coupons` the codes
    that were entered, with the promotion that each opens, or with what hinders it.
    """

    market: str
    channel: str
    currency: str
    tags: Mapping[str, PriceTag]
    shipping: Mapping[str, ShippingOffer]
    pickup: Mapping[str, ShippingOffer] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    promotions: tuple[Promotion, ...] = ()
    coupons: tuple[CouponSaid, ...] = ()


def check(lines: Sequence[QuoteLine]) -> None:
    """Raise TooManyLines, or Invalid when a SKU stands in two lines that go the same way."""
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    if len({(line.sku, line.method) for line in lines}) != len(lines):
        raise Invalid("A SKU stands in one line only.")
