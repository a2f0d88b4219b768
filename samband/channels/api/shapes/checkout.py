"""Going to pay: how goods are had, what is paid with what, and where that leaves the shopper."""

from typing import Annotated, Literal

from msgspec import Meta

from .words import (
    Email,
    Id,
    Kind,
    Language,
    Line1,
    LineGiven,
    LocationCode,
    Moment,
    Money,
    MoneyGiven,
    OrderNumber,
    PersonName,
    Phone,
    PlaceName,
    Shown,
    Wish,
)


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


class PartGiven(Wish):
    """Some of the goods, on one way.

    Shipped to `address`, perhaps in the delivery slot `slot_id`; picked up later at `location`, carried away from there
    now, or served at a `place` in it. Without `lines` it is everything that no other part names.
    """

    kind: Kind
    location: LocationCode | None = None
    address: AddressGiven | None = None
    slot_id: Id | None = None
    place: PlaceName = ""
    lines: Annotated[tuple[LineGiven, ...], Meta(min_length=1, max_length=200)] | None = None


PaymentMethod = Annotated[str, Meta(max_length=40, examples=["card"])]
Provider = Annotated[
    str, Meta(max_length=40, description="Nobody named: whoever carries the method out.", examples=["sandbox"])
]
ReturnUrl = Annotated[
    str, Meta(max_length=500, description="Where a second factor leads back to: on this site.", examples=["/"])
]


class TenderGiven(Wish):
    """One of several ways in which an order is paid. Without an `amount` it is whatever the others leave.

    `token` stands for the card, or is a gift card's code; `plan` names the instalments of paying later.
    """

    method: PaymentMethod
    provider: Provider = ""
    token: Annotated[str, Meta(max_length=500, examples=["tok_…"])] = ""
    amount: MoneyGiven | None = None
    plan: Annotated[str, Meta(max_length=40, examples=[""])] = ""


CardToken = Annotated[str, Meta(min_length=1, max_length=500, description="Stands for the card.", examples=["tok_…"])]
Tenders = Annotated[tuple[TenderGiven, ...], Meta(max_length=20)]


class CheckoutWish(Wish):
    """What a shopper agreed to.

    Goods go on one way, by `method` (to `address`, or at `location`), or on several, by `parts`. They are paid by card
    with its `token`, or by `tenders`; without either a `patient` order waits to be paid by link or by `payOrder`, and
    its goods are held for so many minutes (20 unless said otherwise, 14 days at most). A `patient` order also waits
    when a payment is declined. `place` is where an offer may be bound to.

    `seen_total` is the `seen_total` of the cart for these ways. With `version` (or If-Match) the cart must still be
    the one that was seen; without, only the total must still be right. A customer's cart names its `customer_id`;
    then `contact` may be left out, as it may be for goods that are carried away or served.
    """

    seen_total: MoneyGiven
    method: Kind | None = None
    token: (
        Annotated[str, Meta(min_length=1, max_length=500, description="Stands for the card.", examples=["tok_…"])]
        | None
    ) = None
    contact: Contact | None = None
    address: AddressGiven | None = None
    location: LocationCode | None = None
    parts: Annotated[tuple[PartGiven, ...], Meta(max_length=20)] = ()
    tenders: Tenders = ()
    patient: bool = False
    hold_minutes: Annotated[int, Meta(ge=1, le=20_160, examples=[20])] = 20
    place: PlaceName = ""
    customer_id: Id | None = None
    version: Annotated[int, Meta(ge=0, le=2**62, examples=[3])] | None = None
    language: Language = "en"
    provider: Annotated[str, Meta(max_length=40, examples=["sandbox"])] = "sandbox"
    pay_by: PaymentMethod = "card"
    return_url: ReturnUrl = "/"


class PayWish(Wish):
    """How an order that waits is paid, or some of it."""

    tenders: Annotated[tuple[TenderGiven, ...], Meta(min_length=1, max_length=20)]
    language: Language = "en"
    return_url: ReturnUrl = "/"


class Outcome(Shown):
    """Where that leaves the shopper.

    `placed`: the order stands. `action_required`: send them to `url`, where their bank wants a second factor or a
    transfer is explained. `processing`: the bank has not answered yet; ask again. `awaiting`: so much is `left` to pay,
    by `payOrder` or by whoever opens `pay_link`, until `payable_until`; `reason` is why the last payment was declined,
    if it was. `declined` and `cancelled`: it came to nothing.
    """

    order_id: Id
    number: OrderNumber
    state: Literal["placed", "action_required", "processing", "awaiting", "declined", "cancelled"]
    url: Annotated[str, Meta(examples=[""])]
    reason: Annotated[str, Meta(examples=[""])]
    left: Money | None
    pay_link: Annotated[str, Meta(examples=[""])]
    payable_until: Moment | None


class CardWish(Wish):
    """A test card of the sandbox bank. Its number is kept nowhere."""

    number: Annotated[str, Meta(min_length=1, max_length=40, examples=["4242 4242 4242 4242"])]
    expiry: Annotated[str, Meta(max_length=12, examples=["12/29"])]
    cvc: Annotated[str, Meta(max_length=8, examples=["123"])]


class Token(Shown):
    """What stands for the card from now on."""

    token: Annotated[str, Meta(examples=["tok_…"])]
