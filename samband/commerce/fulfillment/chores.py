"""What fulfillment looks after now and then."""

from samband.timeline.chores import every

from . import slotting


@every(300)
def open_slots() -> int:
    """Open the delivery slots that may be ordered from now on; returns how many are new."""
    return slotting.open_slots()
