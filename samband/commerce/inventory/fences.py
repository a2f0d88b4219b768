"""Goods kept for one channel. A fence is made of units that nobody has a claim on, so it never promises what is not
there; it ends by hand or by its rules, and gives way when the goods themselves are gone.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from samband.events.inventory import FenceEnded, FenceReduced, StockFenced
from samband.kernel.clock import now
from samband.kernel.goods import MOST_OF_ONE, Position
from samband.kernel.refusal import Invalid
from samband.timeline import command, record

from . import allocation, claiming, ledger, reading
from .allocation import FenceView
from .claims import Kept, Stock
from .finding import known, locked, spot, told
from .giving_back import Facts, GiveBack, due
from .models import Fence
from .queries import location as site_of
from .refusals import FenceExists, FenceOver, LessFenced, NotEnoughStock, UnknownFence

LONGEST_IDLE_DAYS = 365
NEVER = GiveBack()


@command
def fence(
    fence_id: UUID,
    channel: str,
    location: str,
    sku: str,
    quantity: int,
    *,
    until: datetime | None = None,
    give_back: GiveBack = NEVER,
) -> StockFenced:
    """Keep units of a SKU at a location for one channel.

    Raises NotEnoughStock with `short` if fewer are free there (safety stock is not), FenceExists, UnknownLocation or
    Invalid.
    """
    (wanted,) = reading.wanted([Position(location, sku, quantity)])
    reading.channel(channel)
    _check(until, give_back)
    known(location)
    stock = locked([wanted])[spot(wanted)]
    if channel in stock.fences:
        raise FenceExists(fence_id=str(stock.fences[channel].id))
    if (free := stock.available("")) < quantity:
        raise NotEnoughStock(short=[told(location, sku, quantity, available=max(free, 0))])
    rules = (until, give_back.hours_before_closing, give_back.idle_days, give_back.free_below)
    if not claiming.open_fence(fence_id, channel, spot(wanted), quantity, *rules):
        raise FenceExists(fence_id=str(fence_id))
    claiming.refence(spot(wanted), {**stock.fences, channel: Kept(fence_id, quantity)})
    return StockFenced(fence_id=fence_id, channel=channel, location=location, sku=sku, quantity=quantity, until=until)


@command
def unfence(fence_id: UUID, quantity: int | None = None, reason: str = "unfenced") -> FenceEnded | FenceReduced:
    """Give what is left in a fence back to everybody and end it; or give back so many units, and it stands.

    Raises UnknownFence, FenceOver, LessFenced with `left`, or Invalid.
    """
    fenced = Fence.objects.filter(pk=fence_id).first()
    if fenced is None:
        raise UnknownFence(fence_id=str(fence_id))
    at = (fenced.location, fenced.sku)
    stock = ledger.lock([at])[at]
    kept = stock.fences.get(fenced.channel)
    if kept is None or kept.id != fence_id:
        raise FenceOver(fence_id=str(fence_id))
    if quantity is None:
        return _end(at, stock, fenced.channel, reading.note(reason))
    if not 1 <= quantity <= kept.left:
        raise LessFenced(left=kept.left, wanted=quantity)
    return _reduce(at, stock, fenced.channel, quantity, reading.note(reason))


def give_back_due() -> int:
    """End every fence whose rules say so; returns how many ended."""
    ended = 0
    for found in allocation.ruled_fences():
        # Asked for each anew: what another fence gave back just now may be all that was needed.
        if reason := due(found.until, found.give_back, _facts(found), now()):
            with suppress(FenceOver):
                unfence(found.id, reason=reason)
                ended += 1
    return ended


def _facts(found: FenceView) -> Facts:
    at = site_of(found.location)
    rules = found.give_back
    taken = allocation.last_taken(found.id) if rules.idle_days is not None else None
    free = allocation.free_anywhere(found.sku) if rules.free_below is not None else 0
    return Facts(found.opened_at, taken, free, at.opening, at.time_zone)


def give_way(spots: Mapping[reading.Spot, Stock], needed: Mapping[reading.Spot, int]) -> None:
    """Free so many units of locked levels, because the goods are gone: the fence that was opened last gives first."""
    for at, units in needed.items():
        stock = spots[at]
        youngest = Fence.objects.filter(pk__in=[kept.id for kept in stock.fences.values()]).order_by(
            "-opened_at", "-id"
        )
        for channel in youngest.values_list("channel", flat=True):
            gives = min(stock.fences[channel].left, units)
            if gives:
                record(_reduce(at, stock, channel, gives, "stock_gone"))
                stock = _without(stock, channel, gives)
                units -= gives


def _end(at: reading.Spot, stock: Stock, channel: str, reason: str) -> FenceEnded:
    kept = stock.fences[channel]
    claiming.refence(at, {name: each for name, each in stock.fences.items() if name != channel})
    claiming.end_fences([kept.id], reason)
    location, sku = at
    return FenceEnded(fence_id=kept.id, channel=channel, location=location, sku=sku, quantity=kept.left, reason=reason)


def _reduce(at: reading.Spot, stock: Stock, channel: str, quantity: int, reason: str) -> FenceReduced:
    claiming.refence(at, _without(stock, channel, quantity).fences)
    location, sku = at
    fence_id = stock.fences[channel].id
    return FenceReduced(
        fence_id=fence_id, channel=channel, location=location, sku=sku, quantity=quantity, reason=reason
    )


def _without(stock: Stock, channel: str, quantity: int) -> Stock:
    kept = stock.fences[channel]
    fences = {**stock.fences, channel: Kept(kept.id, kept.left - quantity)}
    return Stock(stock.on_hand, stock.held, stock.safety, stock.fenced - quantity, fences)


def _check(until: datetime | None, rules: GiveBack) -> None:
    if until is not None and until <= now():
        raise Invalid("A fence ends in the future.", fields=["until"])
    hours, days, below = rules.hours_before_closing, rules.idle_days, rules.free_below
    if hours is not None and not 0 <= hours <= 24:
        raise Invalid("Between none and 24 hours before closing.", fields=["hours_before_closing"])
    if days is not None and not 1 <= days <= LONGEST_IDLE_DAYS:
        raise Invalid("Between one and 365 days.", fields=["idle_days"])
    if below is not None and not 1 <= below <= MOST_OF_ONE:
        raise Invalid("A number of units from one.", fields=["free_below"])
