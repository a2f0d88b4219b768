"""Finding what a command is about, and locking it; or refusing."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.kernel.refusal import Refusal

from . import ledger, reading
from .claims import Claim, Stock
from .models import Hold, Location
from .refusals import (
    HoldAlreadyKept,
    HoldClosed,
    HoldLapsed,
    IsAllotment,
    NotAllotment,
    NotHeld,
    UnknownHold,
    UnknownLocation,
)


def spot(position: Position) -> reading.Spot:
    """Where it lies."""
    return (position.location, position.sku)


def told(location: str, sku: str, wanted: int, **had: int) -> dict[str, str | int]:
    """A position that fell short, as a refusal tells of it."""
    return {"location": location, "sku": sku, "wanted": wanted, **had}


def known(*codes: str) -> None:
    """Raises UnknownLocation."""
    found = set(Location.objects.filter(pk__in=codes).values_list("pk", flat=True))
    for code in codes:
        if code not in found:
            raise UnknownLocation(location=str(code)[:40])


def locked(room_for: Sequence[Position], lock: Sequence[Position] | None = None) -> Mapping[reading.Spot, Stock]:
    """Give every position a level, lock these levels (or the other ones named) and tell what is there."""
    ledger.make_room(map(spot, room_for))
    return ledger.lock(map(spot, room_for if lock is None else lock))


def open_hold(hold_id: UUID, kind: str = "order") -> ledger.OpenHold:
    """Lock a hold. Raises UnknownHold, HoldClosed, IsAllotment or NotAllotment."""
    found = ledger.lines_of(hold_id)
    if found is None:
        raise UnknownHold(hold_id=str(hold_id))
    if found.kind != kind:
        raise (IsAllotment if kind == "order" else NotAllotment)(hold_id=str(hold_id))
    if found.state == "closed":
        raise HoldClosed(hold_id=str(hold_id))
    return found


def not_live(hold_id: UUID) -> Refusal:
    """Why a hold cannot be kept."""
    found = Hold.objects.filter(pk=hold_id).first()
    if found is None:
        return UnknownHold(hold_id=str(hold_id))
    if found.kind != "order":
        return IsAllotment(hold_id=str(hold_id))
    if found.state == "kept":
        return HoldAlreadyKept(hold_id=str(hold_id))
    if found.lapses_at <= now():
        return HoldLapsed(hold_id=str(hold_id))
    return HoldClosed(hold_id=str(hold_id))


def part_of(claims: Sequence[Claim], asked: Iterable[Position] | None) -> tuple[Position, ...]:
    """The part of a hold that was asked for, or all of it. Raises NotHeld with `short` if that is more than is left."""
    if asked is None:
        return tuple(Position(claim.location, claim.sku, claim.left) for claim in claims)
    part = reading.wanted(asked)
    still = {(claim.location, claim.sku): claim.left for claim in claims}
    if short := [position for position in part if still.get(spot(position), 0) < position.quantity]:
        raise NotHeld(short=[told(at.location, at.sku, at.quantity, held=still.get(spot(at), 0)) for at in short])
    return part
