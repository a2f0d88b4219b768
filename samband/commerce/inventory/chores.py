"""What inventory looks after now and then."""

from samband.timeline.chores import every

from . import commands

LAPSE_SECONDS = 5


@every(LAPSE_SECONDS)
def lapse_holds() -> int:
    """Free goods that were set aside for too long."""
    return commands.lapse_holds()
