"""Promotions: a deal, for whom and where and when it holds; and the coupons that open it."""

from typing import Annotated, Literal

from msgspec import Meta, field

from .carts import CouponCode, PromotionCode
from .words import Id, Moment, Next, Shown, Sku, SomeTexts, Wish

Share = Annotated[int, Meta(ge=1, le=10_000, description="Hundredths of a percent.", examples=[2500])]
Amounts = Annotated[
    dict[Annotated[str, Meta(min_length=3, max_length=3)], Annotated[int, Meta(ge=0, le=10**9)]],
    Meta(description="Minor units by currency, VAT included.", examples=[{"ISK": 5000, "EUR": 3500}]),
]
Units = Annotated[int, Meta(ge=1, le=10_000, examples=[2])]
Times = Annotated[int, Meta(ge=1, le=10_000, description="At most so often in a cart.", examples=[1])]
Skus = Annotated[tuple[Sku, ...], Meta(max_length=10_000, examples=[["SOFA-3-GREY"]])]
Named = Annotated[str, Meta(min_length=1, max_length=100)]
Hour = Annotated[str, Meta(max_length=5, description="HH:MM on the clocks of the market.", examples=["17:00"])]
Limit = Annotated[int, Meta(ge=1, le=10**9, examples=[100])]


class GoodsGiven(Wish, omit_defaults=True):
    """Some goods: these SKUs and whatever hangs in or below these categories, but not the ones excepted.

    Nothing named means all goods.
    """

    skus: Skus = ()
    categories: Annotated[tuple[Named, ...], Meta(max_length=500, examples=[["sofas"]])] = ()
    but_not: Skus = ()


class Percent(Wish, tag="percent", omit_defaults=True):
    """A share off each line of some goods."""

    basis_points: Share
    goods: GoodsGiven = field(default_factory=GoodsGiven)


class AmountOff(Wish, tag="amount", omit_defaults=True):
    """An amount off: off `each` unit of some goods, or once off all of them together."""

    amounts: Amounts
    goods: GoodsGiven = field(default_factory=GoodsGiven)
    each: bool = False


class BuyGet(Wish, tag="buy_get", omit_defaults=True):
    """Who buys so many of some goods gets so many of the same, or of others (`got`), for less; for nothing: 10000."""

    buy: Units
    get: Units
    goods: GoodsGiven = field(default_factory=GoodsGiven)
    got: GoodsGiven | None = None
    basis_points: Share = 10_000
    times: Times | None = None


class BundlePart(Wish, omit_defaults=True):
    """So many units of some goods in a set."""

    skus: Annotated[tuple[Sku, ...], Meta(min_length=1, max_length=10_000, examples=[["SOFA-3-GREY"]])]
    quantity: Units = 1


class Bundle(Wish, tag="bundle", omit_defaults=True):
    """A set of goods for one price."""

    parts: Annotated[tuple[BundlePart, ...], Meta(min_length=1, max_length=50)]
    prices: Amounts
    times: Times | None = None


class TierGiven(Wish, omit_defaults=True):
    """From so many units, or from so much worth: a share off, or an amount off all of the goods together."""

    quantity: Annotated[int, Meta(ge=0, le=10_000, examples=[3])] = 0
    worth: Amounts = field(default_factory=dict)
    basis_points: Annotated[int, Meta(ge=0, le=10_000, examples=[1000])] = 0
    amounts: Amounts = field(default_factory=dict)


class Tiered(Wish, tag="tiered", omit_defaults=True):
    """The more of some goods, the more comes off them: the highest tier reached holds."""

    tiers: Annotated[tuple[TierGiven, ...], Meta(min_length=1, max_length=50)]
    goods: GoodsGiven = field(default_factory=GoodsGiven)


class FreeShipping(Wish, tag="free_shipping", omit_defaults=True):
    """Shipping for nothing, or for less; if shipping classes are named, only theirs."""

    basis_points: Share = 10_000
    classes: Annotated[tuple[Named, ...], Meta(max_length=500, examples=[["parcel"]])] = ()


class FreeSample(Wish, tag="free_sample", omit_defaults=True):
    """Goods that come along for nothing."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=100, examples=[1])] = 1


class NeedsGiven(Wish, omit_defaults=True):
    """What a cart must hold before any promotion: so much worth, or so many units, of some goods."""

    worth: Amounts = field(default_factory=dict)
    quantity: Annotated[int, Meta(ge=0, le=10_000, examples=[0])] = 0
    goods: GoodsGiven = field(default_factory=GoodsGiven)


Names = Annotated[tuple[Named, ...], Meta(max_length=500)]


class PromotionWish(Wish, omit_defaults=True):
    """A promotion as it shall be. An empty condition is none; of several, each must hold.

    It holds from `valid_from` until just before `valid_until`, on these weekdays and from `from_hour` until just before
    `until_hour`. A place such as RVK covers RVK/table-7. `by_coupon`: only a coupon opens it. `exclusive`: alone in its
    cart. Of the promotions in a `stack_group` a line takes part in one. The higher `priority` is taken off first.
    """

    deal: Percent | AmountOff | BuyGet | Bundle | Tiered | FreeShipping | FreeSample
    names: SomeTexts = field(default_factory=dict)
    groups: Names = ()
    segments: Names = ()
    channels: Names = ()
    markets: Names = ()
    places: Names = ()
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    weekdays: Annotated[tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...], Meta(max_length=7)] = ()
    from_hour: Hour = ""
    until_hour: Hour = ""
    needs: NeedsGiven = field(default_factory=NeedsGiven)
    exclusive: bool = False
    stack_group: Annotated[str, Meta(max_length=64, examples=[""])] = ""
    priority: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    by_coupon: bool = False
    limit_total: Limit | None = None
    limit_per_customer: Limit | None = None


class PromotionTold(Shown):
    """A promotion as it was saved, when it was ended if it was, how many orders make use of it, and its coupons.

    Uses are counted of promotions with a limit and of those that a coupon opens.
    """

    code: PromotionCode
    promotion: PromotionWish
    ended_at: Moment | None
    uses: Annotated[int, Meta(examples=[12])]
    coupons: Annotated[int, Meta(examples=[0])]


class PromotionList(Shown):
    """Every promotion: those that are not ended first, then by code."""

    items: tuple[PromotionTold, ...]


class CouponsWish(Wish):
    """Codes that shall open a promotion: these `codes`, or so many (`count`) that we draw.

    Each may be used so often in all (null: as often as they like) and so often by one customer; with a customer it is
    theirs alone.
    """

    codes: Annotated[tuple[CouponCode, ...], Meta(max_length=10_000)] = ()
    count: Annotated[int, Meta(ge=0, le=10_000, examples=[0])] = 0
    limit_total: Limit | None = 1
    limit_per_customer: Limit | None = None
    customer_id: Id | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None


class CouponsIssued(Shown):
    """The codes that were made."""

    promotion: PromotionCode
    batch_id: Id
    codes: tuple[CouponCode, ...]


class Coupon(Shown):
    """A code and how often orders make use of it."""

    code: CouponCode
    promotion: PromotionCode
    batch_id: Id
    limit_total: int | None
    limit_per_customer: int | None
    customer_id: Id | None
    valid_from: Moment | None
    valid_until: Moment | None
    ended_at: Moment | None
    uses: Annotated[int, Meta(examples=[0])]


class CouponList(Shown):
    """A page of a promotion's coupons, by code."""

    items: tuple[Coupon, ...]
    next: Next


class CouponsGone(Wish):
    """Codes that shall open nothing from now on."""

    codes: Annotated[tuple[CouponCode, ...], Meta(min_length=1, max_length=10_000)]


class CouponsEnded(Shown):
    """How many codes that were still good open nothing any more."""

    promotion: PromotionCode
    count: Annotated[int, Meta(examples=[1])]
