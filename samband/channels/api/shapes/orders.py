"""Orders, what happened to them, and their money."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from .words import Id, Kind, Moment, Money, MoneyGiven, Next, OrderNumber, Shown, Sku, Texts, Wish

OrderState = Literal["draft", "placed", "completed", "cancelled"]
OrderKind = Literal["sale", "credit"]


class OrderCard(Shown):
    """An order in a list. `units` counts what was ordered."""

    id: Id
    number: OrderNumber
    kind: OrderKind
    state: OrderState
    customer_id: Id | None
    channel: Annotated[str, Meta(examples=["api"])]
    market: Annotated[str, Meta(examples=["IS"])]
    total: Money
    refunded: Money
    units: Annotated[int, Meta(examples=[2])]
    source: Annotated[str, Meta(examples=[""])]
    created_at: Moment
    placed_at: Moment | None


class OrderList(Shown):
    """A page of orders, newest first."""

    items: tuple[OrderCard, ...]
    next: Next


class OrderLine(Shown):
    """A line as it was shown and priced, less its `discount`; of a credit, quantity and amounts are negative."""

    position: Annotated[int, Meta(examples=[1])]
    sku: Sku
    name: Annotated[str, Meta(examples=["Sofa Hallormur, Grey"])]
    quantity: Annotated[int, Meta(examples=[2])]
    unit: Money
    total: Money
    net: Money
    vat: Money
    vat_basis_points: Annotated[int, Meta(examples=[2400])]
    cancelled_quantity: int
    discount: Money


class OrderedGoods(Shown):
    """So many units of a SKU."""

    sku: Sku
    quantity: Annotated[int, Meta(examples=[2])]


class OrderGroup(Shown):
    """Goods from one location on one way, and between when and when that was promised.

    `slot_id` is the delivery slot in which they are brought, `place` the spot in the location at which they are served.
    """

    position: Annotated[int, Meta(examples=[1])]
    kind: Kind
    location: Annotated[str, Meta(examples=["RVK"])]
    goods: tuple[OrderedGoods, ...]
    address_id: Id | None
    promised_from: Moment | None
    promised_until: Moment | None
    slot_id: Id | None
    place: Annotated[str, Meta(examples=[""])]


class Order(Shown):
    """An order, whole. Amounts include VAT unless the name says otherwise; `quote` is what the shopper saw."""

    id: Id
    number: OrderNumber
    kind: OrderKind
    state: OrderState
    customer_id: Id | None
    contact_id: Id | None
    cart_id: Id | None
    channel: Annotated[str, Meta(examples=["api"])]
    market: Annotated[str, Meta(examples=["IS"])]
    language: Annotated[str, Meta(examples=["en"])]
    total: Money
    total_net: Money
    total_vat: Money
    shipping: Money
    shipping_vat: Money
    refunded: Money
    quote: Annotated[dict[str, Any], Meta(description="As in a cart.", examples=[{}])]
    reason: Annotated[str, Meta(description="Why it was cancelled.", examples=[""])]
    patient: Annotated[bool, Meta(description="As a draft it waits to be paid, and for another try.")]
    sold_at: Annotated[str, Meta(description="The location of the till or spot, if it was sold there.", examples=[""])]
    source: Annotated[str, Meta(description="The system it came from, if not from here.", examples=[""])]
    source_reference: Annotated[str, Meta(examples=[""])]
    created_at: Moment
    placed_at: Moment | None
    closed_at: Moment | None
    lines: tuple[OrderLine, ...]
    groups: tuple[OrderGroup, ...]


class CancelWish(Wish):
    """Who wants it cancelled."""

    reason: Literal["customer", "retailer"]


class Cancelled(Shown):
    """The order is off; what was paid goes back the way it came."""

    order_id: Id
    number: OrderNumber
    reason: Annotated[str, Meta(examples=["customer"])]


class Happened(Shown):
    """Something that happened to an order."""

    code: Annotated[str, Meta(examples=["shipped"])]
    at: Moment
    details: Annotated[dict[str, str], Meta(examples=[{"carrier": "Pósturinn", "tracking": "RR123456785IS"}])]


class Story(Shown):
    """What happened to an order, in order, as its customer is told it."""

    order_id: Id
    number: OrderNumber
    state: OrderState
    steps: tuple[Happened, ...]
    cancellable: bool


class Payment(Shown):
    """A payment. `open` is set aside and neither taken nor let go; `kept` is taken and not given back.

    `wanted` is false once nobody counts on it any more; `stray` if its money came only then.
    """

    id: Id
    order_id: Id
    amount: Money
    method: Annotated[str, Meta(examples=["card"])]
    provider: Annotated[str, Meta(examples=["sandbox"])]
    provider_reference: Annotated[str, Meta(examples=["ch_w6XvP0sVbq1Jt1oPQw"])]
    capture: Literal["automatic", "manual"]
    state: Annotated[str, Meta(examples=["captured"])]
    authorised: Money
    captured: Money
    voided: Money
    refunded: Money
    open: Money
    kept: Money
    paid_with: Annotated[str, Meta(examples=["visa 4242"])]
    challenge_url: Annotated[str, Meta(examples=[""])]
    decline_reason: Annotated[str, Meta(examples=[""])]
    wanted: bool
    stray: bool
    tender: Annotated[int, Meta(description="Which of the ways that the order is paid, from 1.", examples=[1])]
    plan: Annotated[str, Meta(description="The instalments that were chosen.", examples=[""])]
    created_at: Moment
    changed_at: Moment


class PaymentList(Shown):
    """Every payment of an order, the oldest first."""

    items: tuple[Payment, ...]


class Movement(Shown):
    """Money that moved."""

    kind: Literal["authorise", "capture", "void", "refund"]
    amount: Money
    provider_reference: Annotated[str, Meta(examples=["ch_w6XvP0sVbq1Jt1oPQw"])]
    at: Moment


class PaymentBooks(Shown):
    """A payment with its ledger, the oldest movement first."""

    payment: Payment
    movements: tuple[Movement, ...]


class CaptureWish(Wish):
    """How much to take of what was set aside."""

    amount: MoneyGiven


RefundReason = Annotated[
    Literal["goodwill", "damaged", "late", "price", "withdrawn", "returned", "other"],
    Meta(
        description="Why: as a kindness, for goods that came damaged or late, for a price that was wrong, because the "
        "customer withdrew from the purchase or brought the goods back, or for something else.",
        examples=["damaged"],
    ),
]


class RefundWish(Wish):
    """How much to give back, and why."""

    amount: MoneyGiven
    reason: RefundReason = "other"


class PartRefund(Shown):
    """What one payment gives back of a refund. `open`: not answered yet, or somebody has to hand it out."""

    payment_id: Id
    amount: Money
    state: Literal["done", "open", "refused"]
    reason: Annotated[str, Meta(examples=[""])]


class OrderRefund(Shown):
    """A refund over everything that an order was paid with: what is `back`, under way (`open`) and `refused`."""

    order_id: Id
    amount: Money
    back: Money
    open: Money
    refused: Money
    parts: tuple[PartRefund, ...]


class Instalment(Shown):
    """A part to pay so many days after the purchase."""

    after_days: Annotated[int, Meta(examples=[30])]
    amount: Money


class PaymentPlan(Shown):
    """A way to pay later. `each` is the usual instalment; `cost` is what it costs to pay later.

    `annual_rate_basis_points` is the annual percentage rate of Directive 2008/48/EC: 1000 is 10 %.
    """

    id: Annotated[str, Meta(examples=["in-3"])]
    names: Texts
    instalments: Annotated[int, Meta(examples=[3])]
    each: Money
    first_after_days: Annotated[int, Meta(examples=[0])]
    total: Money
    cost: Money
    annual_rate_basis_points: Annotated[int, Meta(examples=[0])]
    parts: tuple[Instalment, ...]


class MethodOffered(Shown):
    """A way to pay, and whether it can be had for this amount and these ways; `reason` says why not.

    `seconds` is how long the money may take, where goods have to be held for it.
    """

    method: Annotated[str, Meta(examples=["pay_later"])]
    provider: Annotated[str, Meta(examples=["sandbox"])]
    names: Texts
    available: bool
    reason: Annotated[
        Literal[
            "",
            "nothing_to_pay",
            "only_in_a_store",
            "needs_a_terminal",
            "terminal_instead",
            "only_for_parcels",
            "goods_leave_now",
            "below_smallest",
            "above_largest",
            "currency_not_taken",
            "not_set_up",
        ],
        Meta(examples=[""]),
    ]
    plans: tuple[PaymentPlan, ...]
    smallest: Money | None
    largest: Money | None
    seconds: int | None


class MethodList(Shown):
    """Every way to pay: the same on every channel, unless a reason is stated."""

    items: tuple[MethodOffered, ...]


class VoidWish(Wish):
    """Why what was set aside is let go."""

    reason: Literal["voided"] = "voided"
