"""What inventory refuses, and how it says so."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class SoldOut(Conflict):
    """There are not enough of these goods."""

    code = "sold_out"


class NotEnoughStock(Conflict):
    """There are not that many free units to move."""

    code = "not_enough_stock"


class BelowHeld(Conflict):
    """That would leave less on hand than is set aside for orders."""

    code = "below_held"


class UnknownLocation(NotFound):
    """There is no such location."""

    code = "unknown_location"


class UnknownHold(NotFound):
    """There is no such hold."""

    code = "unknown_hold"


class HoldExists(Conflict):
    """A hold with this id was made before."""

    code = "hold_exists"


class HoldLapsed(Conflict):
    """The goods were set aside for too long and are free again."""

    code = "hold_lapsed"


class HoldClosed(Conflict):
    """Nothing is set aside under this hold any more."""

    code = "hold_closed"


class HoldAlreadyKept(Conflict):
    """This hold is an allocation already."""

    code = "hold_already_kept"


class HoldNotKept(Conflict):
    """Goods leave only for a hold that became an allocation."""

    code = "hold_not_kept"


class NotHeld(Conflict):
    """Not that many units are set aside under this hold."""

    code = "not_held"


class IsAllotment(Conflict):
    """These goods are set aside for a till device, not for an order."""

    code = "is_allotment"


class NotAllotment(Conflict):
    """These goods are set aside for an order, not for a till device."""

    code = "not_allotment"


class UnknownFence(NotFound):
    """There is no such fence."""

    code = "unknown_fence"


class FenceExists(Conflict):
    """Goods there are fenced for this channel already, or a fence with this id was made before."""

    code = "fence_exists"


class FenceOver(Conflict):
    """This fence has ended: nothing is kept for the channel any more."""

    code = "fence_over"


class LessFenced(Conflict):
    """Not that many units are left in the fence."""

    code = "less_fenced"


class InvalidLocation(Invalid):
    """A location cannot be described like this."""

    code = "invalid_location"


class HeldAlready(Conflict):
    """The order has goods of this kind set aside already."""

    code = "held_already"
