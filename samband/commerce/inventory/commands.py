"""What inventory can be told to do. A command is one transaction and returns the event it records.

Goods on a shelf are set aside by `hold` and promised for good by `keep`; they leave by `issue`, or
`release` frees them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from samband.events.inventory import (
    HoldKept,
    HoldReleased,
    StockAdjusted,
    StockHeld,
    StockIssued,
    StockReceived,
    StockTransferred,
)
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.refusal import Invalid
from samband.timeline import command, record

from . import ledger, queries, reading, site
from .models import Hold, Level, Location
from .refusals import (
    BelowHeld,
    HoldAlreadyKept,
    HoldClosed,
    HoldExists,
    HoldLapsed,
    HoldNotKept,
    NotEnoughStock,
    NotHeld,
    SoldOut,
    UnknownHold,
    UnknownLocation,
)

LAPSED_AT_ONCE = 100


@command
def hold(hold_id: UUID, positions: tuple[Position, ...], lapses_at: datetime) -> StockHeld:
    """Set goods aside until a moment: all of them, or none.

    Raises SoldOut with `short`, every position that fell short (`location`, `sku`, `wanted`, `available`),
    HoldExists if the id was used before, and Invalid for a moment that is over.
    """
    wanted = reading.wanted(positions)
    if lapses_at <= now():
        raise Invalid("A hold lapses in the future.")
    taken, short = ledger.take(hold_id, wanted, lapses_at)
    if short:
        raise SoldOut(short=[_told(spot.location, spot.sku, spot.wanted, available=spot.available) for spot in short])
    if not taken:
        raise HoldExists(hold_id=str(hold_id))
    return StockHeld(hold_id=hold_id, positions=wanted, lapses_at=lapses_at)


@command
def keep(hold_id: UUID) -> HoldKept:
    """Make a live hold an allocation, which does not lapse.

    Raises HoldLapsed if its time is over (whether or not the sweeper came by), HoldClosed, HoldAlreadyKept or
    UnknownHold.
    """
    if not ledger.keep(hold_id):
        raise _not_live(hold_id)
    return HoldKept(hold_id=hold_id)


@command
def release(hold_id: UUID, reason: str, positions: tuple[Position, ...] | None = None) -> HoldReleased:
    """Put held goods (or the named part of them) back on the shelf. `reason`: released, cancelled, expired.

    Raises UnknownHold, HoldClosed if nothing is left of it, and NotHeld with `short` if the part is larger than that.
    """
    _, left = _open(hold_id)
    part = _part(left, positions)
    _settle(hold_id, left, part, leaves=False)
    return HoldReleased(hold_id=hold_id, positions=part, reason=reading.note(reason))


@command
def issue(hold_id: UUID, positions: tuple[Position, ...]) -> StockIssued:
    """Let allocated goods leave the house: shipped or handed over.

    Raises UnknownHold, HoldClosed, HoldNotKept if the hold could still lapse, and NotHeld with `short`.
    """
    state, left = _open(hold_id)
    if state != "kept":
        raise HoldNotKept(hold_id=str(hold_id))
    part = _part(left, positions)
    _settle(hold_id, left, part, leaves=True)
    return StockIssued(hold_id=hold_id, positions=part)


def lapse_holds(most: int = LAPSED_AT_ONCE) -> int:
    """Free the goods of live holds whose time is over, in batches; returns how many holds lapsed."""
    lapsed = 0
    while batch := _lapse(most):
        lapsed += batch
    return lapsed


@transaction.atomic(savepoint=False)
def _lapse(most: int) -> int:
    lapsed = ledger.lock_lapsed(now(), most)
    if lapsed:
        parts = ledger.left_of(lapsed)
        ledger.settle(parts, lapsed, leaves=False)
        for hold_id in lapsed:
            freed = reading.wanted(position for of, position in parts if of == hold_id)
            record(HoldReleased(hold_id=hold_id, positions=freed, reason="lapsed"))
    return len(lapsed)


@command
def receive(location: str, lines: tuple[Line, ...], reference: str, imported: bool = False) -> StockReceived:
    """Take goods in at a location. `imported` marks stock that another system knew of before us.

    Raises UnknownLocation or Invalid.
    """
    received = reading.at(location, lines)
    _known(location)
    _lock_with_room(received)
    kind = "import" if imported else "receive"
    ledger.write([(kind, position) for position in received], reference=reading.note(reference))
    return StockReceived(location=location, positions=received, reference=reference)


@command
def transfer(location: str, to_location: str, lines: tuple[Line, ...], reference: str) -> StockTransferred:
    """Move goods that nobody has a claim on to another location. Safety stock may move; held goods may not.

    Raises NotEnoughStock with `short`, UnknownLocation or Invalid.
    """
    if location == to_location:
        raise Invalid("Goods move between two different locations.")
    leaving = reading.at(location, lines)
    coming = reading.at(to_location, lines)
    _known(location, to_location)
    levels = _lock_with_room(coming, (*coming, *leaving))
    free = {spot: on_hand - held for spot, (on_hand, held) in levels.items()}
    if short := [position for position in leaving if free.get(_spot(position), 0) < position.quantity]:
        raise NotEnoughStock(
            short=[_told(at.location, at.sku, at.quantity, available=free.get(_spot(at), 0)) for at in short]
        )
    moves = [("transfer_out", _less(position)) for position in leaving]
    moves += [("transfer_in", position) for position in coming]
    ledger.write(moves, reference=reading.note(reference))
    return StockTransferred(location=location, to_location=to_location, positions=leaving, reference=reference)


@command
def adjust(location: str, differences: tuple[Position, ...], reason: str, reference: str) -> StockAdjusted:
    """Put the books right by signed differences, with a reason such as damaged, found or lost.

    Raises BelowHeld with `short` if less would remain than is set aside, UnknownLocation or Invalid.
    """
    changes = reading.differences(location, differences)
    _known(location)
    levels = _lock_with_room(changes)
    return _put_right(location, changes, levels, reason, reference)


@command
def count(location: str, counted: tuple[Position, ...], reference: str) -> StockAdjusted:
    """Set what is on hand to what was counted; the event carries the differences, none if the books were right.

    Raises BelowHeld with `short` if less was counted than is set aside, UnknownLocation or Invalid.
    """
    found = reading.counted(location, counted)
    _known(location)
    levels = _lock_with_room(found)
    differences = [Position(at.location, at.sku, at.quantity - levels[_spot(at)][0]) for at in found]
    changes = tuple(difference for difference in differences if difference.quantity)
    return _put_right(location, changes, levels, "counted", reference)


@transaction.atomic(savepoint=False)
def set_safety(location: str, sku: str, safety: int) -> None:
    """Keep so many units (≥ 0) of a SKU at a location out of every promise. Raises UnknownLocation or Invalid."""
    (spot,) = reading.counted(location, [Position(location, sku, safety)])
    _known(location)
    _lock_with_room([spot])
    Level.objects.filter(sku=sku, location_id=location).update(safety=safety)


@transaction.atomic(savepoint=False)
def save_location(
    code: str,
    *,
    kind: str,
    name: str,
    market: str,
    country: str,
    time_zone: str,
    names: Mapping[str, str] | None = None,
    address: Mapping[str, str] | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    opening: Mapping[str, Sequence[str]] | None = None,
    pickup: bool = False,
    ships: bool = False,
    position: int = 0,
) -> None:
    """Create or change a store or warehouse.

    `opening` gives the hours of each day it is open, such as {"mon": ["10:00", "18:00"]}, in its own time zone.
    Raises InvalidLocation with the `field` that cannot be so.
    """
    fields: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "names": dict(names or {}),
        "market": market,
        "country": country,
        "address": dict(address or {}),
        "latitude": latitude,
        "longitude": longitude,
        "time_zone": time_zone,
        "opening": {day: list(hours) for day, hours in (opening or {}).items()},
        "pickup": pickup,
        "ships": ships,
        "position": position,
    }
    site.check(code, fields)
    Location.objects.update_or_create(code=code, defaults=fields)
    queries.forget_locations()
    transaction.on_commit(queries.forget_locations)


def _spot(position: Position) -> reading.Spot:
    return (position.location, position.sku)


def _less(position: Position) -> Position:
    return Position(position.location, position.sku, -position.quantity)


def _told(location: str, sku: str, wanted: int, **had: int) -> dict[str, str | int]:
    return {"location": location, "sku": sku, "wanted": wanted, **had}


def _not_live(hold_id: UUID) -> Exception:
    found = Hold.objects.filter(pk=hold_id).first()
    if found is None:
        return UnknownHold(hold_id=str(hold_id))
    if found.state == "kept":
        return HoldAlreadyKept(hold_id=str(hold_id))
    if found.lapses_at <= now():
        return HoldLapsed(hold_id=str(hold_id))
    return HoldClosed(hold_id=str(hold_id))


def _open(hold_id: UUID) -> tuple[str, list[Position]]:
    """Lock a hold and tell its state and what is left of it; refuses one that is closed."""
    found = ledger.lines_of(hold_id)
    if found is None:
        raise UnknownHold(hold_id=str(hold_id))
    state, _, left = found
    if state == "closed":
        raise HoldClosed(hold_id=str(hold_id))
    return state, left


def _part(left: Sequence[Position], asked: Iterable[Position] | None) -> tuple[Position, ...]:
    if asked is None:
        return tuple(left)
    part = reading.wanted(asked)
    still = {_spot(position): position.quantity for position in left}
    if short := [position for position in part if still.get(_spot(position), 0) < position.quantity]:
        raise NotHeld(short=[_told(at.location, at.sku, at.quantity, held=still.get(_spot(at), 0)) for at in short])
    return part


def _settle(hold_id: UUID, left: Sequence[Position], part: Sequence[Position], *, leaves: bool) -> None:
    nothing_remains = sum(position.quantity for position in part) == sum(position.quantity for position in left)
    ledger.settle([(hold_id, position) for position in part], [hold_id] if nothing_remains else [], leaves=leaves)


def _known(*codes: str) -> None:
    known = set(Location.objects.filter(pk__in=codes).values_list("pk", flat=True))
    for code in codes:
        if code not in known:
            raise UnknownLocation(location=str(code)[:40])


def _lock_with_room(
    room_for: Sequence[Position], lock: Sequence[Position] | None = None
) -> dict[reading.Spot, tuple[int, int]]:
    ledger.make_room(map(_spot, room_for))
    return ledger.lock(map(_spot, room_for if lock is None else lock))


def _put_right(
    location: str,
    changes: tuple[Position, ...],
    levels: Mapping[reading.Spot, tuple[int, int]],
    reason: str,
    reference: str,
) -> StockAdjusted:
    """Write adjusting moves, unless less would remain on hand than is held."""
    short = []
    for change in changes:
        on_hand, held = levels[_spot(change)]
        if on_hand + change.quantity < held:
            short.append(_told(change.location, change.sku, on_hand + change.quantity, held=held))
    if short:
        raise BelowHeld(short=short)
    if changes:
        moves = [("adjust", change) for change in changes]
        ledger.write(moves, reference=reading.note(reference), reason=reading.note(reason))
    return StockAdjusted(location=location, positions=changes, reason=reason, reference=reference)
