"""Does an agreement add up? Values in, a refusal or nothing out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samband.kernel.goods import Line
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .refusals import DoesNotAddUp

MOST_LINES = 10_000
LONGEST_NAME = 500
WAYS = ("ship", "pickup", "carry", "serve")
"""How goods reach the customer: sent, fetched at a store, taken along at once, or brought to a table or a seat."""

HISTORIC_STATES = ("completed", "cancelled")


class DraftLine(msgspec.Struct, frozen=True):
    """One line as the shopper saw it. Amounts are minor units; `unit` and `total` include VAT, `total` = `net` + `vat`.

    `discount` (≥ 0, VAT included) is what promotions took off; `total` is what is left to pay. In a credit quantity,
    total, net and vat are negative (or the amounts zero); `unit` never is.
    """

    # A Struct, because history comes half a million lines at a time and a frozen dataclass is made ten times slower.

    sku: str
    name: str
    quantity: int
    unit: int
    total: int
    net: int
    vat: int
    vat_basis_points: int
    discount: int = 0


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """Goods from one location on one way (`kind`: one of WAYS), with what was promised.

    `place` is where in the location they are brought; `slot_id` the delivery slot that was agreed.
    """

    kind: str
    location: str
    goods: tuple[Line, ...]
    address_id: UUID | None = None
    promised_from: datetime | None = None
    promised_until: datetime | None = None
    slot_id: UUID | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a shopper is about to pay for. Amounts are minor units of `currency`; `total` and `shipping` include VAT.

    `total` = lines + shipping, `total_vat` = VAT of the lines + `shipping_vat`, and the goods of the groups are
    the goods of the lines. `quote` is JSON of what the shopper saw and names no person. `patient`, `sold_at` and
    `sold_by` are as in an Order; only what was sold at a location may be without a contact.
    """

    order_id: UUID
    customer_id: UUID | None
    contact_id: UUID | None
    cart_id: UUID | None
    channel: str
    market: str
    language: str
    currency: str
    total: int
    total_net: int
    total_vat: int
    shipping: int
    shipping_vat: int
    lines: tuple[DraftLine, ...]
    groups: tuple[DraftGroup, ...]
    quote: dict[str, Any]
    patient: bool = False
    sold_at: str = ""
    sold_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Historic:
    """An order that another system took, over and done with (`state`: completed or cancelled). Totals as in a Draft.

    `kind` is sale or credit; `source` names the system and `reference` the order there, together unique.
    `number` is given only if customers know the order by it; else one of ours is made. `refunded` went back of a sale.
    """

    source: str
    reference: str
    kind: str
    state: str
    customer_id: UUID | None
    channel: str
    market: str
    language: str
    currency: str
    total: int
    total_net: int
    total_vat: int
    shipping: int
    shipping_vat: int
    placed_at: datetime
    lines: tuple[DraftLine, ...]
    contact_id: UUID | None = None
    number: str | None = None
    refunded: int = 0


def check(draft: Draft) -> None:
    """Raises DoesNotAddUp, or Invalid for what is not an order at all."""
    _check_totals(draft)
    if draft.language not in LANGUAGES:
        raise Invalid("That is not one of our languages.", language=draft.language[:8])
    if draft.total < 0 or draft.shipping < 0 or any(line.quantity < 1 for line in draft.lines):
        raise DoesNotAddUp("A sale has no negative parts.")
    if not draft.groups:
        raise DoesNotAddUp("Goods must come from somewhere.")
    if any(group.kind == "ship" and group.address_id is None for group in draft.groups):
        raise Invalid("What is shipped needs an address.")
    if any(group.kind not in WAYS for group in draft.groups):
        raise Invalid("Goods are shipped, picked up, carried away or served.")
    if draft.contact_id is None and (not draft.sold_at or any(group.kind == "ship" for group in draft.groups)):
        raise Invalid("Somebody must be told about the order.")
    if _gathered(draft.lines) != _gathered(line for group in draft.groups for line in group.goods):
        raise DoesNotAddUp("The groups hold other goods than the lines.")


def check_historic(order: Historic) -> None:
    """Raises DoesNotAddUp, or Invalid for what is not history."""
    if not order.source or not order.reference:
        raise Invalid("History names where it comes from.")
    if order.state not in HISTORIC_STATES:
        raise Invalid("History is over: completed or cancelled.", state=order.state[:20])
    _check_totals(order)
    sign = {"sale": 1, "credit": -1}.get(order.kind)
    if sign is None:
        raise Invalid("An order is a sale or a credit.", kind=order.kind[:20])
    if order.total * sign < 0 or min([line.quantity * sign for line in order.lines]) < 1:
        raise DoesNotAddUp("The signs do not fit the kind.", reference=order.reference)
    if not 0 <= order.refunded <= max(order.total, 0):
        raise DoesNotAddUp("More went back than was sold.", reference=order.reference)


def _check_totals(order: Draft | Historic) -> None:
    Money(order.total, order.currency)
    if not 1 <= len(order.lines) <= MOST_LINES:
        raise Invalid("An order has 1 to 10,000 lines.")
    for line in order.lines:
        if line.net + line.vat != line.total:
            raise DoesNotAddUp(sku=line.sku)
        if len(line.name) > LONGEST_NAME or "\x00" in line.name:
            raise Invalid("That is not the name of a line.", sku=line.sku)
    total = order.shipping + sum([line.total for line in order.lines])
    vat = order.shipping_vat + sum([line.vat for line in order.lines])
    if total != order.total or vat != order.total_vat or order.total_net + order.total_vat != order.total:
        raise DoesNotAddUp(total=order.total, currency=order.currency)


def _gathered(lines: Iterable[DraftLine] | Iterable[Line]) -> Counter[str]:
    goods: Counter[str] = Counter()
    for line in lines:
        goods[line.sku] += line.quantity
    return goods
