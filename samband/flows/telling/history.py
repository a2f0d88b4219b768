"""Going through the past: orders and accounts that were there before anybody told of them, and those brought along.

Every event has the same touchpoints whenever it is told, so this may be stopped anywhere and begun again, and runs
beside a shop that is open.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from samband.timeline import queries as timeline

from .listening import TOLD, tell

AT_ONCE = 2000
"""Events that one transaction tells."""


@dataclass(frozen=True, slots=True)
class Progress:
    """So far the past has been told: events heard up to a position of the story, and touchpoints that were new."""

    position: int
    until: int
    events: int
    stored: int


def backfill(
    after: int = 0, say: Callable[[Progress], None] = lambda progress: None, at_once: int = AT_ONCE
) -> Progress:
    """Tell what was recorded after a position of the story until now. What was told already adds nothing.

    `say` hears after each transaction how far it is; what it says is committed. Not inside a transaction.
    """
    names = [kind.name for kind in TOLD]
    until = timeline.last_position()
    progress = Progress(after, until, 0, 0)
    while heard := [one for one in timeline.heard_after(progress.position, names, at_once) if one.position <= until]:
        with transaction.atomic():
            taken = tell(heard)
        progress = Progress(heard[-1].position, until, progress.events + len(heard), progress.stored + taken.stored)
        say(progress)
    return Progress(until, until, progress.events, progress.stored)
