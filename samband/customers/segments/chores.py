"""What segments looks after now and then. Nothing waits for a click: time alone takes people in and out."""

from samband.timeline.chores import every

from . import commands, evaluating, filling, lapsing


@every(seconds=1)
def fill() -> None:
    """Reckon what is new, or says something new, for everybody."""
    while filling.fill_next():
        pass


@every(seconds=10)
def lapse() -> None:
    """Look who time has moved out of a window."""
    lapsing.sweep()


@every(seconds=1)
def evaluate_waiting() -> None:
    """Evaluate whom somebody woke."""
    while evaluating.evaluate_waiting():
        pass


@every(seconds=600)
def look_around() -> None:
    """Follow the tree of categories, and write down how large segments are."""
    commands.follow_the_tree()
    commands.note_sizes()
