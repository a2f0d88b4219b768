"""Carts, and going to pay for them."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from .catalog import MediaPath, Promised
from .words import (
    Email,
    Id,
    InCart,
    Language,
    Line1,
    LocationCode,
    MarketCode,
    Money,
    MoneyGiven,
    OrderNumber,
    PersonName,
    Phone,
    Reason,
    Shown,
    Sku,
    Texts,
    Wish,
)

Method = Literal["ship", "pickup"]


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


class PricedLine(Shown):
    """What a line costs, and why. `unit` and `total` include VAT; net + vat = total."""

    sku: Sku
    quantity: Annotated[int, Meta(examples=[2])]
    unit: Money
    total: Money
    net: Money
    vat: Money
    vat_basis_points: Annotated[int, Meta(examples=[2400])]
    price_list: Annotated[str, Meta(examples=["isk-regular"])]
    reasons: tuple[Reason, ...]


class VatShare(Shown):
    """What is taxed at one rate, shipping included."""

    basis_points: Annotated[int, Meta(examples=[2400])]
    net: Money
    vat: Money
    total: Money


class Quote(Shown):
    """What can be bought of the cart, and what that costs and why. Totals include shipping by `method`, if chosen."""

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


class Way(Shown):
    """One way to get everything: sent, or picked up at a store. `short` names the SKUs that hinder it."""

    kind: Method
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
    ways: tuple[Way, ...] | msgspec.UnsetType = msgspec.UNSET


class Contact(Wish):
    """Whom to tell about the order."""

    email: Email
    name: PersonName
    phone: Phone = ""


class AddressGiven(Wish):
    """Where goods go. The postcode is written as the country does; it is put in form where that is safe."""

    name: PersonName
    line1: Line1
    city: Annotated[str, Meta(max_length=80, examples=["Reykjavík"])]
    country: Annotated[str, Meta(min_length=2, max_length=2, description="ISO 3166.", examples=["IS"])]
    postcode: Annotated[str, Meta(max_length=16, examples=["101"])] = ""
    line2: Annotated[str, Meta(max_length=160, examples=[""])] = ""
    phone: Phone = ""


class CheckoutWish(Wish):
    """What a shopper agreed to. Goods are shipped to `address` or picked up at `location`.

    `seen_total` is the `seen_total` of the cart for this `method`. With `version` (or If-Match) the cart must still be
    the one that was seen; without, only the total must still be right. A customer's cart names its `customer_id`;
    then `contact` may be left out.
    """

    method: Method
    seen_total: MoneyGiven
    token: Annotated[str, Meta(min_length=1, max_length=500, description="Stands for the card.", examples=["tok_…"])]
    contact: Contact | None = None
    address: AddressGiven | None = None
    location: LocationCode | None = None
    customer_id: Id | None = None
    version: Annotated[int, Meta(ge=0, le=2**62, examples=[3])] | None = None
    language: Language = "en"
    provider: Annotated[str, Meta(max_length=40, examples=["sandbox"])] = "sandbox"
    pay_by: Annotated[str, Meta(max_length=40, examples=["card"])] = "card"
    return_url: Annotated[
        str, Meta(max_length=500, description="Where a second factor leads back to: on this site.", examples=["/"])
    ] = "/"


class Outcome(Shown):
    """Where that leaves the shopper.

    `placed`: the order stands. `action_required`: send them to `url`, their bank wants a second factor. `processing`:
    the bank has not answered yet; ask again. `declined` and `cancelled`: it came to nothing.
    """

    order_id: Id
    number: OrderNumber
    state: Literal["placed", "action_required", "processing", "declined", "cancelled"]
    url: Annotated[str, Meta(examples=[""])]
    reason: Annotated[str, Meta(examples=[""])]


class CardWish(Wish):
    """A test card of the sandbox bank. Its number is kept nowhere."""

    number: Annotated[str, Meta(min_length=1, max_length=40, examples=["4242 4242 4242 4242"])]
    expiry: Annotated[str, Meta(max_length=12, examples=["12/29"])]
    cvc: Annotated[str, Meta(max_length=8, examples=["123"])]


class Token(Shown):
    """What stands for the card from now on."""

    token: Annotated[str, Meta(examples=["tok_…"])]
