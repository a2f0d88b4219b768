"""What inventory looks after now and then."""

from samband.timeline.chores import every

from . import commands, fences

LAPSE_SECONDS = 5
GIVE_BACK_SECONDS = 30


@every(LAPSE_SECONDS)
def lapse_holds() -> int:
    """Free goods that were set aside for too long."""
    return commands.lapse_holds()


@every(GIVE_BACK_SECONDS)
def give_fences_back() -> int:
    """Free what was kept for a channel long enough."""
    return fences.give_back_due()
