"""The kinds that a customer's timeline can be narrowed to: which events and which touchpoints are of which."""

KINDS: dict[str, tuple[str, ...]] = {
    "orders": (
        "orders.OrderDrafted",
        "orders.OrderPlaced",
        "orders.LineTakenOff",
        "orders.LineReplaced",
        "orders.GroupRedirected",
        "orders.OrderCancelled",
        "orders.OrderCompleted",
    ),
    "goods": (
        "fulfillment.FulfillmentRequested",
        "fulfillment.PickingStarted",
        "fulfillment.PickupReady",
        "fulfillment.ServingReady",
        "fulfillment.SubstituteProposed",
        "fulfillment.SubstituteAnswered",
        "fulfillment.GoodsHandedOver",
        "fulfillment.ParcelShipped",
        "fulfillment.ParcelSeen",
        "fulfillment.ParcelDelivered",
        "fulfillment.PickupExpired",
        "fulfillment.FulfillmentCancelled",
    ),
    "payments": (
        "payments.PaymentChallenged",
        "payments.PaymentAuthorised",
        "payments.PaymentCaptured",
        "payments.PaymentDeclined",
        "payments.PaymentVoided",
        "payments.TransferNoted",
        "payments.PaymentRefunded",
    ),
    "messages": ("messaging.MessageQueued", "messaging.MessageSent", "messaging.MessageFailed"),
    "account": (
        "accounts.CustomerRegistered",
        "accounts.CustomerSignedIn",
        "accounts.CustomerChanged",
        "cart.CartsJoined",
    ),
    "visits": (),
    "consent": ("consent.ConsentGiven", "consent.ConsentWithdrawn"),
    "identity": (
        "identity.CustomersJoined",
        "identity.CustomersParted",
        "identity.AssertionRetracted",
        "identity.AssertionRestored",
        "identity.DeclaredSame",
        "identity.DeclaredDifferent",
        "identity.IdentifierMarkedShared",
    ),
    "segments": ("segments.SegmentEntered", "segments.SegmentLeft"),
}
"""The kinds, and the house's events of each. Events that are in none are for the house alone. *Visits* are whatever was
captured that TOUCHES does not name."""

TOUCHES: dict[str, tuple[str, ...]] = {
    "orders": (
        "Order Completed", "Order Updated", "Order Cancelled", "Order Refunded", "Order Fulfilled", "Line Cancelled",
        "Return Requested", "Return Received", "Return Refused", "Exchange Requested", "Gift Card Bought",
    ),
    "goods": (
        "Pickup Ready", "Pickup Collected", "Pickup Lapsed", "Parcel Shipped", "Parcel Delivered", "Delivery Failed",
        "Order Served", "Substitute Proposed", "Substitute Answered", "Exit Pass Checked",
    ),
    "payments": ("Payment Info Entered", "Payment Failed"),
    "messages": (
        "Conversation Started", "Conversation Ended", "Message Opened", "Message Clicked", "Survey Sent",
        "Survey Answered",
    ),
    "account": ("Signed In", "Signed Up", "Identified", "Grouped", "Aliased", "Cart Handed Over"),
}  # fmt: skip
"""The touchpoints of each kind, by their names."""

IMPORTED = "order_imported"
"""The code of an order from another system: it stands where it happened, not where it was written down."""

MIRRORED = (
    "Order Completed", "Order Updated", "Order Cancelled", "Order Refunded", "Order Fulfilled", "Line Cancelled",
    "Payment Failed",
)  # fmt: skip
"""What the house's own touchpoints say again of orders and payments: the timeline has it from the events."""

MIRRORED_OF_ACCOUNTS = (
    "Pickup Ready", "Pickup Collected", "Pickup Lapsed", "Parcel Shipped", "Parcel Delivered", "Delivery Failed",
    "Order Served", "Substitute Proposed", "Substitute Answered", "Signed In", "Signed Up",
    "Cart Handed Over",
)  # fmt: skip
"""The same of goods and sign-ins, whose events are known by the account alone: a guest's are touchpoints only."""


def touch_kind(event: str) -> str:
    """The kind of a touchpoint."""
    return _KIND_OF_TOUCH.get(event, "visits")


def event_kind(name: str) -> str:
    """The kind of an event that is in one."""
    return _KIND_OF_EVENT[name]


_KIND_OF_TOUCH = {name: kind for kind, names in TOUCHES.items() for name in names}
_KIND_OF_EVENT = {name: kind for kind, names in KINDS.items() for name in names}
