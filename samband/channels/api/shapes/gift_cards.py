"""Gift cards and the ledger of each; bank transfers that are expected; money that somebody has to hand out."""

from typing import Annotated, Literal

from msgspec import Meta

from .words import Currency, Id, Moment, Money, MoneyGiven, Shown, Sku, Wish

GiftCardReason = Annotated[
    Literal["goodwill", "sold", "replaced", "lost", "mistake", "order_cancelled", "other"], Meta(examples=["goodwill"])
]


class GiftCard(Shown):
    """A gift card: what can be spent of it now, and what is set aside for orders that are being paid.

    Its code is told once, to whoever has it issued; here is how it ends.
    """

    id: Id
    last4: Annotated[str, Meta(examples=["K7M2"])]
    balance: Money
    held: Money
    state: Literal["open", "expired", "cancelled"]
    expires_at: Moment | None
    order_id: Annotated[Id | None, Meta(description="The order that it was sold with, if it was.")]
    created_at: Moment


class GiftCardEntry(Shown):
    """Something that happened on a card: what it changed in what can be spent, and in what is set aside."""

    kind: Annotated[str, Meta(examples=["redeem"])]
    amount: Money
    held: Money
    reason: Annotated[str, Meta(examples=[""])]
    order_id: Annotated[Id | None, Meta(description="The order that it paid for, if it did.")]
    at: Moment


class GiftCardBooks(Shown):
    """A gift card with its ledger, the latest entry first."""

    gift_card: GiftCard
    entries: tuple[GiftCardEntry, ...]


class GiftCardWish(Wish):
    """A gift card to issue: what it is worth, and why."""

    amount: MoneyGiven
    reason: GiftCardReason
    expires_at: Moment | None = None


class GiftCardIssued(Shown):
    """The card, and its code: told this once, and empty when the same is asked again."""

    gift_card: GiftCard
    code: Annotated[str, Meta(examples=["K7M2-QXPD-4RTA-9WZE"])]


class GiftCardCode(Wish):
    """A code as somebody typed it.

    `asker` is your word for who types: a session, a device. After ten wrong codes of one asker in a quarter of an hour
    none is looked at any more.
    """

    code: Annotated[str, Meta(min_length=1, max_length=80, examples=["K7M2-QXPD-4RTA-9WZE"])]
    asker: Annotated[str, Meta(max_length=100, examples=["till-3"])] = ""


class BalanceChange(Wish):
    """An amount more, or less: minor units of a currency."""

    amount: Annotated[int, Meta(ge=-(10**9), le=10**9, examples=[-500])]
    currency: Currency


class GiftCardChange(Wish):
    """What to put on a card or, below nothing, to take off it; and why."""

    amount: BalanceChange
    reason: GiftCardReason


class GiftCardEnd(Wish):
    """Why a card can no longer be spent."""

    reason: GiftCardReason


LastsDays = Annotated[int, Meta(ge=1, le=36_500, description="For how long; none: for ever.", examples=[1460])]


class GiftCardGoods(Shown):
    """A SKU that is a gift card: what one sold in this currency is worth, and how many days it lasts."""

    sku: Sku
    worth: Money
    lasts_days: int | None


class GiftCardGoodsList(Shown):
    """Every SKU that is a gift card."""

    items: tuple[GiftCardGoods, ...]


class GiftCardGoodsWish(Wish):
    """What a SKU is worth as a gift card, where it is sold in that currency."""

    worth: MoneyGiven
    lasts_days: LastsDays | None = None


Reference = Annotated[
    str, Meta(min_length=1, max_length=40, description="As the payer wrote it.", examples=["RF18 5390 0754 7034"])
]


class BankTransfer(Shown):
    """A bank transfer that is expected, or came."""

    reference: Annotated[str, Meta(examples=["RF18539007547034"])]
    order_id: Id
    payment_id: Id
    amount: Money
    received: Money
    missing: Money
    state: Literal["waiting", "received", "voided"]


class BankTransferList(Shown):
    """The transfers that have not come in full, the oldest first."""

    items: tuple[BankTransfer, ...]


class BankTransferWish(Wish):
    """Money that came in. `entry_id` is the bank's own name for the transaction: noted twice, it is noted once."""

    reference: Reference
    amount: MoneyGiven
    entry_id: Annotated[str, Meta(min_length=1, max_length=100, examples=["2026-11-21/000117"])]


class BankTransferNoted(Shown):
    """What noting came to. `missing` is still to come, `excess` is owed back; `again`: it was noted before."""

    transfer: BankTransfer
    again: bool
    missing: Money
    excess: Money


class Payout(Shown):
    """Money that somebody has to hand out, or transfer back; `provider` says which way it came."""

    key: Annotated[str, Meta(examples=["01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11:refund:1"])]
    provider: Annotated[str, Meta(examples=["transfer"])]
    payment_id: Id
    order_id: Id
    amount: Money
    reference: Annotated[str, Meta(examples=["RF18539007547034"])]
    owed_at: Moment


class PayoutList(Shown):
    """What is still to be given out, the oldest first."""

    items: tuple[Payout, ...]


class PaidOut(Wish):
    """Which money was given out, and from which drawer, if from one."""

    key: Annotated[str, Meta(min_length=1, max_length=300, examples=["01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11:refund:1"])]
    place: Annotated[str, Meta(max_length=100, examples=[""])] = ""
