"""Goods that a till device may sell by itself, also while its line is down.

An allotment is a hold of the device. The device is told until when it may sell; the hold lapses GRACE later, for a sale
that was made in time may be told of late. What it sold is handed on to the order, and no level changes by that.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from samband.events.inventory import AllotmentGivenBack, AllotmentToppedUp, StockAllotted, StockHandedOn
from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.kernel.refusal import Invalid
from samband.timeline import command

from . import claiming, ledger, reading
from .claims import Claim, Part, Stock
from .finding import open_hold, part_of, spot, told
from .refusals import HoldClosed, HoldExists, NotAllotment, SoldOut, UnknownHold

GRACE = timedelta(hours=24)


@command
def allot(
    allotment_id: UUID,
    positions: tuple[Position, ...],
    sells_until: datetime,
    *,
    device: str = "",
    channel: str = "pos",
    partly: bool = False,
) -> StockAllotted:
    """Set goods aside for a device (its name) to sell until a moment; `partly`: as far as stock goes.

    The event says what the device got and what was `short`. Raises SoldOut with `short` (with `partly` only if nothing
    at all is to be had), HoldExists or Invalid.
    """
    wanted = reading.wanted(positions)
    _check(sells_until)
    channel, device = reading.channel(channel), reading.note(device)
    given = _as_far_as_it_goes(wanted, channel) if partly else wanted
    taken, short = ledger.take(allotment_id, given or wanted, sells_until + GRACE, channel, device, sells_until)
    if short:
        raise SoldOut(short=[told(at.location, at.sku, at.wanted, available=at.available) for at in short])
    if not taken:
        raise HoldExists(hold_id=str(allotment_id))
    return StockAllotted(
        allotment_id=allotment_id,
        device=device,
        channel=channel,
        positions=given,
        short=_missing(wanted, given),
        sells_until=sells_until,
    )


@command
def top_up(
    allotment_id: UUID,
    positions: tuple[Position, ...] = (),
    sells_until: datetime | None = None,
    *,
    partly: bool = False,
) -> AllotmentToppedUp:
    """Set more goods aside for a device, let it sell until a later moment, or both; `partly`: as far as stock goes.

    Raises SoldOut with `short` (never with `partly`), UnknownHold, HoldClosed, NotAllotment or Invalid.
    """
    wanted = reading.wanted(positions) if positions else ()
    if sells_until is not None:
        _check(sells_until)
    found = open_hold(allotment_id, "allotment")
    given: tuple[Position, ...] = ()
    if wanted:
        levels = ledger.lock(map(spot, wanted))
        given = _possible(wanted, levels, found.channel) if partly else wanted
        parts = _drawn(given, levels, found.channel)
        claiming.draw(parts, found.channel)
        claiming.grow(allotment_id, parts)
    until = max(found.told_until, sells_until or found.told_until)
    if until > found.told_until:
        claiming.prolong(allotment_id, until, until + GRACE)
    return AllotmentToppedUp(
        allotment_id=allotment_id, positions=given, short=_missing(wanted, given), sells_until=until
    )


@command
def give_back(
    allotment_id: UUID, positions: tuple[Position, ...] | None = None, *, partly: bool = False
) -> AllotmentGivenBack:
    """Free some goods of an allotment, which stands; or all of them, and it is closed. `partly`: as far as it has them.

    Raises UnknownHold, HoldClosed, NotAllotment, NotHeld with `short` (never with `partly`), or Invalid.
    """
    claims = open_hold(allotment_id, "allotment").claims
    part = _within(reading.wanted(positions), claims) if partly and positions else part_of(claims, positions)
    by_spot = _by_spot(claims)
    parts = [(allotment_id, by_spot[spot(each)].going_back(each.quantity)) for each in part]
    ledger.settle(parts, [allotment_id] if positions is None else [], leaves=False)
    return AllotmentGivenBack(allotment_id=allotment_id, positions=part, closed=positions is None, reason="given_back")


@command
def hand_on(
    allotment_id: UUID,
    order_id: UUID,
    positions: tuple[Position, ...],
    *,
    shelf: bool = False,
    channel: str = "pos",
) -> StockHandedOn:
    """Make goods that a device sold the allocation of its order: a kept hold with the order's id.

    With `shelf`, what the allotment lacks (or all, if it is over or was never known) is taken off the shelf, the
    channel's fence first; the event tells which. Raises NotHeld with `short`, UnknownHold, HoldClosed (none of these
    with `shelf`), SoldOut with `short`, NotAllotment, HoldExists or Invalid.
    """
    wanted = reading.wanted(positions)
    claims = _claims(allotment_id, shelf)
    held = _within(wanted, claims) if shelf else part_of(claims, wanted)
    by_spot = _by_spot(claims)
    of_allotment = [by_spot[spot(each)].going_out(each.quantity) for each in held]
    missing = _missing(wanted, held)
    levels = ledger.lock(map(spot, wanted))
    of_shelf = _drawn(missing, levels, reading.channel(channel))
    if of_shelf:
        claiming.draw(of_shelf, channel)
    if not claiming.hand_on(allotment_id, order_id, channel, _joined(of_shelf, of_allotment), of_allotment):
        raise HoldExists(hold_id=str(order_id))
    return StockHandedOn(hold_id=order_id, allotment_id=allotment_id, positions=held, from_shelf=missing)


def _check(sells_until: datetime) -> None:
    if sells_until <= now():
        raise Invalid("A device sells until a moment in the future.")


def _claims(allotment_id: UUID, shelf: bool) -> Sequence[Claim]:
    """What is left in the allotment; nothing, instead of a refusal, for one that is over where the shelf may help."""
    found = ledger.lines_of(allotment_id)
    if found and found.kind != "allotment":
        raise NotAllotment(hold_id=str(allotment_id))
    if found and found.state != "closed":
        return found.claims
    if shelf:
        return ()
    raise (HoldClosed if found else UnknownHold)(hold_id=str(allotment_id))


def _as_far_as_it_goes(wanted: Sequence[Position], channel: str) -> tuple[Position, ...]:
    return _possible(wanted, ledger.lock(map(spot, wanted)), channel)


def _possible(wanted: Sequence[Position], levels: Mapping[reading.Spot, Stock], channel: str) -> tuple[Position, ...]:
    """As much of each as may be promised to the channel."""
    free = {at: max(stock.available(channel), 0) for at, stock in levels.items()}
    return _capped(wanted, free)


def _within(wanted: Sequence[Position], claims: Sequence[Claim]) -> tuple[Position, ...]:
    """As much of each as the claims have."""
    return _capped(wanted, {(claim.location, claim.sku): claim.left for claim in claims})


def _capped(wanted: Sequence[Position], most: Mapping[reading.Spot, int]) -> tuple[Position, ...]:
    capped = (Position(each.location, each.sku, min(each.quantity, most.get(spot(each), 0))) for each in wanted)
    return tuple(each for each in capped if each.quantity)


def _missing(wanted: Sequence[Position], given: Sequence[Position]) -> tuple[Position, ...]:
    got = {spot(each): each.quantity for each in given}
    lacking = (Position(each.location, each.sku, each.quantity - got.get(spot(each), 0)) for each in wanted)
    return tuple(each for each in lacking if each.quantity)


def _drawn(wanted: Sequence[Position], levels: Mapping[reading.Spot, Stock], channel: str) -> list[Part]:
    """Units of locked levels for the channel, its fence's first. Raises SoldOut with `short`."""
    short = []
    parts = []
    for each in wanted:
        stock = levels.get(spot(each), Stock())
        if (free := stock.available(channel)) < each.quantity:
            short.append(told(each.location, each.sku, each.quantity, available=max(free, 0)))
        drawn = min(each.quantity, stock.own(channel))
        fence = stock.fences[channel].id if drawn else None
        parts.append(Part(each.location, each.sku, each.quantity, drawn, fence))
    if short:
        raise SoldOut(short=short)
    return parts


def _by_spot(claims: Sequence[Claim]) -> dict[reading.Spot, Claim]:
    return {(claim.location, claim.sku): claim for claim in claims}


def _joined(of_shelf: Sequence[Part], of_allotment: Sequence[Part]) -> list[Part]:
    """One line a level. A line knows one fence: the shelf's is open, the allotment's may have ended by now."""
    lines = {(part.location, part.sku): part for part in of_shelf}
    for part in of_allotment:
        lines[part.location, part.sku] = _with(lines.get((part.location, part.sku)), part)
    return [lines[at] for at in sorted(lines, key=lambda at: (at[1], at[0]))]


def _with(first: Part | None, second: Part) -> Part:
    if first is None:
        return second
    quantity = first.quantity + second.quantity
    if first.drawn and second.drawn and first.fence != second.fence:
        return Part(first.location, first.sku, quantity, first.drawn, first.fence)
    fence = first.fence or second.fence
    return Part(first.location, first.sku, quantity, first.drawn + second.drawn, fence)
