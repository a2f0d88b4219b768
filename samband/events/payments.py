"""What payments tell. Amounts are minor units of the intent's currency."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class PaymentStarted(Event, about="intent_id"):
    """An intent to pay exists; the provider has not been asked yet."""

    intent_id: UUID
    order_id: UUID
    amount: int
    currency: str
    method: str
    tender: int = 1


@dataclass(frozen=True, kw_only=True)
class PaymentChallenged(Event, about="intent_id"):
    """The payer's bank wants a second factor."""

    intent_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorised(Event, about="intent_id"):
    """The provider set the money aside."""

    intent_id: UUID
    order_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event, about="intent_id"):
    """The money (or part of it) was taken. `provider` is empty in what was recorded before it was told."""

    intent_id: UUID
    order_id: UUID
    amount: int
    currency: str
    provider: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentDeclined(Event, about="intent_id"):
    """The provider said no. `reason` is the provider's word, such as card_declined."""

    intent_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentVoided(Event, about="intent_id"):
    """Money that was set aside is free again."""

    intent_id: UUID
    order_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event, about="intent_id"):
    """Money went back the way it came.

    `reason` is one of the codes of payments' rules. `operation` tells one refund of a payment from another; it is empty
    in what was recorded before it was told.
    """

    intent_id: UUID
    order_id: UUID
    amount: int
    currency: str
    reason: str
    operation: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentHistoryImported(Event, about="import_id"):
    """So many payments of another system were written into the history; each order's own event tells of the order."""

    import_id: UUID
    source: str
    payments: int


@dataclass(frozen=True, kw_only=True)
class TransferNoted(Event, about="intent_id"):
    """Money came by bank transfer; `missing` is still to come before the payment is captured."""

    intent_id: UUID
    order_id: UUID
    amount: int
    currency: str
    missing: int


@dataclass(frozen=True, kw_only=True)
class GiftCardIssued(Event, about="card_id"):
    """A gift card can be spent. `order_id`: the order it was sold with, if any."""

    card_id: UUID
    amount: int
    currency: str
    order_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class GiftCardAdjusted(Event, about="card_id"):
    """Somebody of ours put money on a gift card, or took it off (below nothing)."""

    card_id: UUID
    amount: int
    currency: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GiftCardExpired(Event, about="card_id"):
    """A gift card's time is over; `amount` was left on it."""

    card_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class GiftCardCancelled(Event, about="card_id"):
    """A gift card can no longer be spent; `amount` was left on it."""

    card_id: UUID
    amount: int
    currency: str
    reason: str
