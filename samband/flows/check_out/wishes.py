"""What a shopper asks for when they go to pay, and where that leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from samband.customers.accounts.rules import Particulars
from samband.kernel.goods import Line
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict, Invalid

HOLD_LASTS = timedelta(minutes=20)
"""How long goods are held for somebody who is paying: longer than a bank lets its second factor take."""

LONGEST_HOLD = timedelta(days=14)
"""How long goods are held at most for somebody who was sent a link to pay by, or transfers the money."""

SHIP, PICKUP, CARRY, SERVE = "ship", "pickup", "carry", "serve"
WAYS = (SHIP, PICKUP, CARRY, SERVE)
HERE_AND_NOW = frozenset({CARRY, SERVE})
"""Ways on which the customer stands before the goods: nobody needs to be told where they are."""


class BasketChanged(Conflict):
    """Prices or stock are not what the shopper saw; look again before paying."""

    code = "basket_changed"


class BasketEmpty(Invalid):
    """There is nothing in the cart."""

    code = "basket_empty"


class NoSuchWay(Conflict):
    """The goods cannot be had this way; `short` names what hinders it."""

    code = "no_such_way"


class NotYourCart(Conflict):
    """This cart belongs to somebody who is signed in."""

    code = "not_your_cart"


class TendersDiffer(Invalid):
    """What is to be paid in several ways does not come to what is due; `due` tells it."""

    code = "tenders_differ"


class MethodNotOffered(Conflict):
    """It cannot be paid like this, here, for these goods; `reason` says why."""

    code = "method_not_offered"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some of the goods, on one way: shipped to `address` (perhaps in a slot), picked up at a `location` later, carried
    away from there now, or served at a `place` in it. `goods` of None are all that no other part names."""

    kind: str
    location: str | None = None
    address: Particulars | None = None
    slot_id: UUID | None = None
    place: str = ""
    goods: tuple[Line, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Tender:
    """One of several ways in which an order is paid. `amount` of None is whatever the others leave.

    `token` stands for the card at the provider, or is a gift card's code, or a cash drawer; `plan` names the
    instalments of paying later. Without a `provider` it is the first that offers the method.
    """

    method: str
    provider: str = ""
    token: str = ""
    amount: Money | None = None
    plan: str = ""


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What a shopper asks for. `seen_total` is the total they agreed to, `version` the cart they saw, if that counts.

    Without `tenders` the order is a draft that waits to be paid, by link or at the till, for as long as its goods are
    held (`lasts`). A `patient` draft waits too when one of its tenders is declined. `sold_at` is the location of the
    till or spot, `sold_by` who of the staff stands there, `place` where an offer may be bound to, `segments` what is
    known of the shopper. Somebody who carries the goods away need not say who they are.
    """

    cart_id: UUID
    version: int | None
    customer_id: UUID | None
    channel: str
    language: str
    email: str = ""
    name: str = ""
    phone: str = ""
    parts: tuple[Part, ...]
    tenders: tuple[Tender, ...]
    seen_total: Money
    group: str | None = None
    segments: tuple[str, ...] = ()
    sold_at: str = ""
    sold_by: UUID | None = None
    place: str = ""
    patient: bool = False
    lasts: timedelta = HOLD_LASTS


@dataclass(frozen=True)
class Outcome:
    """Where that leaves the shopper. `state`: placed, action_required (at `url`), processing, awaiting (so much is
    `left` to pay, with whatever they like), declined, cancelled."""

    order_id: UUID
    number: str
    state: str
    url: str = ""
    reason: str = ""
    left: Money | None = None


def amounts(tenders: Sequence[Tender], due: Money, *, whole: bool) -> tuple[Money, ...]:
    """What each tender pays of what is due; together all of it, if `whole` is wanted, else no more.

    Raises TendersDiffer, CurrencyMismatch for another currency, and Invalid for two that pay the rest.
    """
    if sum(tender.amount is None for tender in tenders) > 1:
        raise Invalid("Only one way to pay can take what the others leave.", field="tenders")
    named = Money(0, due.currency)
    for tender in tenders:
        if tender.amount is not None:
            named += tender.amount
            if tender.amount.amount <= 0:
                raise TendersDiffer(due=_told(due))
    rest = due - named
    shares = tuple(rest if tender.amount is None else tender.amount for tender in tenders)
    if any(share.amount <= 0 for share in shares) or rest.amount < 0:
        raise TendersDiffer(due=_told(due))
    if whole and rest and all(tender.amount is not None for tender in tenders):
        raise TendersDiffer(due=_told(due))
    return shares


def _told(amount: Money) -> dict[str, object]:
    return {"amount": amount.amount, "currency": amount.currency}
