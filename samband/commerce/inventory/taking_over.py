"""Goods that were set aside for a question become part of an order's allocation, in place of others of it."""

from uuid import UUID

from django.db import connection

from samband.events.inventory import HoldTakenOver
from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.timeline import command

from . import claiming, ledger
from .finding import open_hold, part_of, spot
from .models import HoldLine
from .refusals import HeldAlready, HoldLapsed, HoldNotKept

_EMPTY = """
with emptied as (
    update inventory_holdline set "left" = 0, drawn = 0 where hold = %(hold)s::uuid
)
update inventory_hold set state = 'closed' where id = %(hold)s::uuid
"""


@command
def take_over(hold_id: UUID, other_id: UUID, frees: tuple[Position, ...] = ()) -> HoldTakenOver:
    """Let an order's kept hold have all that another, live hold has, which is closed; and free some goods of its own.

    Raises UnknownHold, HoldClosed, IsAllotment, HoldNotKept if the order's could still lapse, HoldLapsed if the
    other's time is over, HeldAlready for goods that the order has a line of (what is left in a line can only fall),
    NotHeld with `short`, or Invalid.
    """
    kept, other = open_hold(hold_id), open_hold(other_id)
    if kept.state != "kept":
        raise HoldNotKept(hold_id=str(hold_id))
    if other.lapses_at <= now():
        raise HoldLapsed(hold_id=str(other_id))
    freed = part_of(kept.claims, frees) if frees else ()
    taken = tuple(Position(claim.location, claim.sku, claim.left) for claim in other.claims)
    if again := sorted(position.sku for position in taken if _has_line(hold_id, position)):
        raise HeldAlready(skus=again)
    # All the levels at once and in the one order, although those of the other hold do not change.
    ledger.lock({spot(position) for position in (*freed, *taken)})
    claiming.grow(hold_id, [claim.going_out(claim.left) for claim in other.claims])
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, {"hold": other_id})
    if freed:
        claims = {(claim.location, claim.sku): claim for claim in kept.claims}
        parts = [(hold_id, claims[spot(position)].going_back(position.quantity)) for position in freed]
        ledger.settle(parts, [], leaves=False)
    return HoldTakenOver(hold_id=hold_id, other_id=other_id, positions=taken, freed=freed)


def _has_line(hold_id: UUID, position: Position) -> bool:
    return HoldLine.objects.filter(hold_id=hold_id, sku=position.sku, location=position.location).exists()
