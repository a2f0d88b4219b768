"""What happened before us: orders with how they were paid and what left the house for them, batch by batch."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from samband.commerce.inventory import history as stock
from samband.commerce.inventory.history import Past
from samband.commerce.orders import commands as orders
from samband.commerce.orders.rules import Historic
from samband.commerce.payments import history as payments
from samband.commerce.payments.history import Settled

from .ground import Ground


@dataclass(frozen=True, slots=True)
class Deal:
    """An order of another system with what was taken for it and given back, in minor units of its currency."""

    order: Historic
    taken: int
    given_back: int


@dataclass(frozen=True, slots=True)
class Note:
    """Units (≠ 0) of a SKU that were written off (negative) or found, for a reason that somebody noted."""

    reference: str
    sku: str
    quantity: int
    reason: str
    at: datetime


def bring_history(ground: Ground, deals: Sequence[Deal], is_goods: Callable[[str], bool]) -> int:
    """Bring orders beside others who do so too: as `bring_orders`, but without waiting for the others' new levels."""
    skus = {line.sku for deal in deals for line in deal.order.lines}
    stock.make_room(ground.location, filter(is_goods, skus))
    return bring_orders(ground, deals, is_goods)


@transaction.atomic
def bring_orders(ground: Ground, deals: Sequence[Deal], is_goods: Callable[[str], bool]) -> int:
    """Write down those of these orders that are not known yet; returns how many that were.

    Lines of what `is_goods` left the house, or came back with a credit. Good batches are some thousand orders.
    Raises what `orders.write_history` and `payments.write_history` raise; then nothing of the batch is written.
    """
    written = orders.write_history([deal.order for deal in deals])
    fresh = [deal for deal in deals if deal.order.reference in written]
    if not fresh:
        return 0
    payments.write_history([_settled(written[deal.order.reference], deal) for deal in fresh if _moved_money(deal)])
    stock.write_history(ground.location, ground.source, list(_moves(fresh, is_goods)), fresh=True)
    return len(fresh)


@transaction.atomic
def bring_notes(ground: Ground, notes: Sequence[Note]) -> int:
    """Write down those of these corrections of stock that are not known yet; returns how many that were."""
    moves = [Past(note.sku, note.quantity, "adjust", note.reference, note.at, note.reason) for note in notes]
    return stock.write_history(ground.location, ground.source, moves)


def _moved_money(deal: Deal) -> bool:
    return bool(deal.taken or deal.given_back)


def _settled(order_id: UUID, deal: Deal) -> Settled:
    order = deal.order
    return Settled(order_id, order.source, deal.taken, deal.given_back, order.currency, order.placed_at)


def _moves(fresh: Sequence[Deal], is_goods: Callable[[str], bool]) -> Iterator[Past]:
    """What left and what came back, summed up by SKU. No order is fresh twice, so its name can name the sum."""
    left: defaultdict[str, int] = defaultdict(int)
    back: defaultdict[str, int] = defaultdict(int)
    for deal in fresh:
        sums = left if deal.order.kind == "sale" else back
        if deal.order.state == "completed":
            for line in deal.order.lines:
                sums[line.sku] += line.quantity
    reference = fresh[0].order.reference
    at = fresh[0].order.placed_at
    for kind, sums in (("issue", left), ("receive", back)):
        for sku, quantity in sums.items():
            if is_goods(sku):
                yield Past(sku, -quantity, kind, reference, at)
