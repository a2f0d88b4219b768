"""What spots look after now and then."""

from samband.timeline.chores import every

from . import commands


@every(3600)
def forget_wrong_words() -> int:
    """Nobody is remembered for a slip of yesterday's."""
    return commands.forget_wrong_words()
