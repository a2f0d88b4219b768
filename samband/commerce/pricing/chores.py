"""What pricing looks after now and then."""

from samband.timeline.chores import every

from . import commands


@every(seconds=30)
def announce_windows() -> None:
    """Tell the house which lists and promotions began or ceased to hold, so that what shows prices is refreshed."""
    commands.announce_windows()
    commands.announce_promotions()
