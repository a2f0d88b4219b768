"""What the room does not keep: counts whose time is over."""

from samband.timeline.chores import every

from . import commands


@every(seconds=60)
def sweep_tries() -> int:
    """Forget who tried what; returns how many were forgotten."""
    return commands.sweep()
