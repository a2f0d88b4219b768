"""Carts."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from .catalog import MediaPath, Promised
from .words import (
    Id,
    InCart,
    Kind,
    MarketCode,
    Moment,
    Money,
    MoneyGiven,
    Reason,
    Shown,
    Sku,
    Texts,
    Wish,
)

Method = Kind


class CartLineGiven(Wish):
    """So many of a SKU. `seen` is the price of one that your shopper was shown; else it is the one in the answer."""

    sku: Sku
    quantity: InCart
    seen: MoneyGiven | None = None


class CartWish(Wish):
    """A cart to open, with what goes into it. With `method` the totals of the answer include what that way costs."""

    market: MarketCode
    lines: Annotated[tuple[CartLineGiven, ...], Meta(max_length=200)] = ()
    customer_id: Id | None = None
    method: Method | None = None


class LinesWish(Wish):
    """What shall be added to the cart."""

    lines: Annotated[tuple[CartLineGiven, ...], Meta(min_length=1, max_length=200)]


class LineWish(Wish):
    """How many there shall be: none takes it out."""

    quantity: Annotated[int, Meta(ge=0, le=999, examples=[2])]
    seen: MoneyGiven | None = None


class MarketWish(Wish):
    """Where to shop on."""

    market: MarketCode


class SeenWish(Wish):
    """The price of one, by SKU, that your shopper has now been shown."""

    prices: Annotated[
        dict[Sku, MoneyGiven],
        Meta(min_length=1, max_length=200, examples=[{"SOFA-3-GREY": {"amount": 134900, "currency": "ISK"}}]),
    ]


class CartLine(Shown):
    """A line as it stands now. `available` units could be had; prices are missing for what is not for sale."""

    sku: Sku
    quantity: Annotated[int, Meta(examples=[2])]
    seen: Annotated[Money | None, Meta(description="The price of one that the shopper was last shown.")]
    unit: Annotated[Money | None, Meta(description="The price of one now, VAT included.")]
    available: Annotated[int, Meta(examples=[9])]
    product_id: Id | None
    slug: Annotated[str | None, Meta(examples=["sofa-hallormur"])]
    names: Texts
    labels: Texts
    image: MediaPath | None


class Change(Shown):
    """Something to tell the shopper: a price went up or down, there are too few or none, or it is no longer sold."""

    code: Literal["price_up", "price_down", "short", "sold_out", "gone"]
    sku: Sku
    was: Money | int
    now: Money | int


CouponCode = Annotated[str, Meta(min_length=1, max_length=40, examples=["SUMMER-24"])]
PromotionCode = Annotated[str, Meta(min_length=1, max_length=64, examples=["summer"])]


class Discount(Shown):
    """What a promotion takes off a line, VAT included. `coupon` opened it, if one did."""

    promotion: PromotionCode
    amount: Money
    coupon: CouponCode | None


class Applied(Shown):
    """A promotion that takes something off or gives something, and all that it takes off."""

    promotion: PromotionCode
    names: Texts
    amount: Money
    coupon: CouponCode | None


class Gift(Shown):
    """Goods that come along for nothing, as long as there are any."""

    sku: Sku
    quantity: Annotated[int, Meta(examples=[1])]
    promotion: PromotionCode


class CouponSaid(Shown):
    """A code that was entered, and what became of it.

    `not_applicable`: its promotion does not hold for this cart, or another is better.
    """

    code: CouponCode
    state: Literal["applied", "not_applicable", "unknown", "expired", "not_yet", "used_up", "not_yours"]
    promotion: PromotionCode | None


class PricedLine(Shown):
    """What a line costs, and why. `unit` and `total` include VAT; net + vat = total.

    `total` is what is left after the `discount`; the `unit` is what one costs without it.
    """

    sku: Sku
    quantity: Annotated[int, Meta(examples=[2])]
    unit: Money
    total: Money
    net: Money
    vat: Money
    vat_basis_points: Annotated[int, Meta(examples=[2400])]
    price_list: Annotated[str, Meta(examples=["isk-regular"])]
    reasons: tuple[Reason, ...]
    discount: Money
    discounts: tuple[Discount, ...]


class VatShare(Shown):
    """What is taxed at one rate, shipping included."""

    basis_points: Annotated[int, Meta(examples=[2400])]
    net: Money
    vat: Money
    total: Money


class Quote(Shown):
    """What can be bought of the cart, and what that costs and why. Totals include shipping by `method`, if chosen.

    `discount` is all that promotions take off, `shipping_discount` the part of it that shipping costs less.
    """

    market: Annotated[str, Meta(examples=["IS"])]
    channel: Annotated[str, Meta(examples=["api"])]
    currency: Annotated[str, Meta(examples=["ISK"])]
    method: Method | None
    lines: tuple[PricedLine, ...]
    shipping: Money
    shipping_vat: Money
    shipping_reasons: tuple[Reason, ...]
    total: Money
    total_net: Money
    total_vat: Money
    vat_summary: tuple[VatShare, ...]
    fingerprint: Annotated[str, Meta(examples=["5b0d2c6e9f1a47c3"])]
    discount: Money
    shipping_discount: Money
    applied: tuple[Applied, ...]
    gifts: tuple[Gift, ...]


class Way(Shown):
    """One way to get everything: sent, or picked up at a store. `short` names the SKUs that hinder it."""

    kind: Literal["ship", "pickup"]
    location: Annotated[str | None, Meta(examples=["RVK"])]
    possible: bool
    short: tuple[Sku, ...]
    promise: Promised | None


class Cart(Shown):
    """A cart as it stands now. `seen_total` is what checking out costs: send it back to say that your shopper agrees.

    `ways` is told where a cart is read, not where it is edited.
    """

    id: Id
    customer_id: Id | None
    market: Annotated[str, Meta(examples=["IS"])]
    currency: Annotated[str, Meta(examples=["ISK"])]
    state: Literal["open", "ordered", "joined"]
    version: Annotated[int, Meta(examples=[3])]
    lines: tuple[CartLine, ...]
    changes: tuple[Change, ...]
    quote: Quote | None
    seen_total: Money | None
    coupons: tuple[CouponSaid, ...]
    ways: tuple[Way, ...] | msgspec.UnsetType = msgspec.UNSET


HandoverToken = Annotated[str, Meta(min_length=1, max_length=400, examples=["ImUy…:1vT3…:k0Zx…"])]


class CouponWish(Wish):
    """A code that somebody entered, however they write it."""

    code: CouponCode


class Handover(Shown):
    """A code by which another device takes the cart over, and the address that a phone opens to do so."""

    token: HandoverToken
    link: Annotated[str, Meta(examples=["https://shop.example/cart/take/…"])]
    expires_at: Moment


class TakeOverWish(Wish):
    """The code of a handover. With a customer, a guest's cart becomes theirs."""

    token: HandoverToken
    customer_id: Id | None = None
