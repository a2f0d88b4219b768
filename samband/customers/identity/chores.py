"""What identity looks after by itself."""

from samband.timeline.chores import every

from . import commands


@every(0.5)
def take_in_assertions() -> None:
    """Whatever was asserted is known of soon, whether or not anybody follows the customers."""
    while commands.resolve() >= commands.AT_ONCE:
        pass
