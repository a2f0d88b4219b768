"""Hearing what the house tells, many events at a time, and noting each of them once."""

from collections.abc import Sequence

from samband.customers.touchpoints.shapes import HOUSE, Taken
from samband.flows.take_in_touchpoints import note
from samband.timeline import Heard, on_many

from . import goods, orders, people  # noqa: F401  what they can put into words is known from here on
from .asking import facts_for
from .words import WORDS, told

TOLD = tuple(WORDS)
"""The events that are told. All others are for the house alone."""


@on_many(*TOLD)
def tell_touchpoints(heard: Sequence[Heard]) -> None:
    """Note what these events mean, once."""
    tell(heard)


def tell(heard: Sequence[Heard]) -> Taken:
    """The same, and how much of it was new. Joins the caller's transaction."""
    facts = facts_for([one.event for one in heard])
    notes = [one for each in heard for one in told(each, facts)]
    return note(HOUSE, *notes) if notes else Taken(0, 0, 0)
