"""How a payment goes on: where it stood and what was answered in, where it stands and what moved out.

An answer may come late, twice or out of order. What is final stays: money that moved is never un-moved by an
answer, only by a later operation.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from samband.kernel.money import Money

from .refusals import OtherAmount, OtherCurrency

UNDECIDED = ("created", "processing", "requires_action")

REFUND_REASONS = ("goodwill", "damaged", "late", "price", "withdrawn", "returned", "other")
"""Why people give money back. A closed list: what is told of a refund is kept for ever and may name nobody."""

GIFT_CARD_REASONS = ("goodwill", "sold", "replaced", "lost", "mistake", "order_cancelled", "other")
"""Why people issue, change or cancel gift cards. A closed list too."""

STRAY, ORDER_CANCELLED = "stray", "order_cancelled"
"""Why the house itself does: nobody counted on the money, or the order it was for is off."""

LOOK_AFTER = tuple(timedelta(seconds=seconds) for seconds in (30, 30, 60, 120, 600, 3600, 6 * 3600, 24 * 3600))
"""How long after it was asked, and after each look, an unanswered operation is looked after again."""

LOOKS_BEFORE_GIVING_UP = 3
"""After so many looks at a provider that never heard of an authorisation, the payer is told no (two minutes)."""

CHALLENGE_LASTS = timedelta(minutes=15)
"""How long a payer has for the second factor: less than goods are held for them."""

CREATED_LASTS = timedelta(hours=1)

TRANSFER_LASTS = timedelta(days=7)
"""How long we wait for a bank transfer."""

MOST_TENDERS = 20
"""Into how many parts the payment of one order may be split."""


@dataclass(frozen=True, slots=True)
class Approved:
    """The provider did as asked. `captured`: an authorisation took the money at once.

    `amount` is what the provider says it did it for; None where it does not say. `paid_with` is fit to show.
    """

    reference: str
    captured: bool = False
    amount: Money | None = None
    paid_with: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider said no; `reason` is its word, such as card_declined."""

    reason: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """The payer has something to do at this address: meet a second factor, or send a transfer.

    `lasts`: how long they have for it, where that is not `CHALLENGE_LASTS`.
    """

    reference: str
    url: str
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """No answer yet, or none that can be trusted."""


Answer = Approved | Declined | Challenge | Unclear


@dataclass(frozen=True, slots=True)
class Standing:
    """An intent's amounts (minor units) and what follows from them."""

    amount: int
    currency: str
    state: str
    authorised: int = 0
    captured: int = 0
    voided: int = 0
    refunded: int = 0
    reference: str = ""
    paid_with: str = ""
    challenge_url: str = ""
    decline_reason: str = ""
    unwanted: bool = False
    stray: bool = False

    @property
    def open(self) -> int:
        """Set aside, and neither taken nor let go."""
        return self.authorised - self.captured - self.voided

    @property
    def kept(self) -> int:
        """Taken and not given back."""
        return self.captured - self.refunded


@dataclass(frozen=True, slots=True)
class Step:
    """Where an intent stands now, and the movements (kind, amount) that brought it there."""

    now: Standing
    moved: tuple[tuple[str, int], ...] = field(default=())


def state_of(standing: Standing) -> str:
    """The state that the amounts make; without any amount, the one it has."""
    if standing.authorised == 0:
        return standing.state
    if standing.refunded:
        return "refunded" if standing.kept == 0 and standing.open == 0 else "partly_refunded"
    if standing.captured:
        return "captured"
    return "voided" if standing.open == 0 else "authorised"


def after_authorising(was: Standing, answer: Answer) -> Step | None:
    """The step an answer to the authorisation makes, or None if it changes nothing.

    Raises OtherCurrency or OtherAmount if the provider approved something else than was asked.
    """
    match answer:
        case Approved():
            return _approved(was, answer)
        case Declined(reason=reason) if was.state in UNDECIDED:
            return Step(replace(was, state="declined", decline_reason=reason, challenge_url=""))
        case Challenge(reference=reference, url=url) if was.state in ("created", "processing"):
            return Step(replace(was, state="requires_action", reference=reference, challenge_url=url))
        case Unclear() if was.state == "created":
            return Step(replace(was, state="processing"))
        case _:
            return None


def _approved(was: Standing, answer: Approved) -> Step | None:
    if was.authorised:
        return None
    if answer.amount is not None:
        if answer.amount.currency != was.currency:
            raise OtherCurrency(expected=was.currency, got=answer.amount.currency)
        if answer.amount.amount != was.amount:
            raise OtherAmount(expected=was.amount, got=answer.amount.amount)
    # The payer has been told no, or the order is off: money that comes after that is not wanted.
    stray = was.unwanted or was.state in ("declined", "voided")
    now = replace(
        was,
        authorised=was.amount,
        captured=was.amount if answer.captured else 0,
        reference=answer.reference,
        paid_with=answer.paid_with or was.paid_with,
        challenge_url="",
        unwanted=stray,
        stray=stray,
    )
    moved = (("authorise", was.amount), *((("capture", was.amount),) if answer.captured else ()))
    return Step(replace(now, state=state_of(now)), moved)


def after_operation(was: Standing, kind: str, amount: int, reason: str) -> Step:
    """The step that a capture, void or refund makes which the provider has done.

    A void takes all that is set aside; before anything is, it declines the payment or, if nobody wants it, voids it.
    """
    if kind == "capture":
        now = replace(was, captured=was.captured + amount)
    elif kind == "refund":
        now = replace(was, refunded=was.refunded + amount)
    else:
        amount = was.open
        now = replace(was, voided=was.voided + amount, challenge_url="")
        if not was.authorised:
            off = "voided" if was.unwanted else "declined"
            return Step(replace(now, state=off, decline_reason=reason))
    return Step(replace(now, state=state_of(now)), ((kind, amount),) if amount else ())


def look_after(looks: int) -> timedelta:
    """How long until an unanswered operation is looked after again."""
    return LOOK_AFTER[min(looks, len(LOOK_AFTER) - 1)]


def lost(looks: int) -> bool:
    """Has an authorisation been looked for to the end?"""
    return looks >= len(LOOK_AFTER)
