"""What becomes of a customer's place in a segment when it was reckoned anew. Pure.

Ids come and go as people are joined and parted, and neither is a reason to tell that somebody entered or left. So the
place of an id that is part of another customer now falls *asleep*, untold, and wakes, untold, when a join is undone. A
customer who comes in only because of an id that sleeps in them came *along* with it, which is not told either: it was,
under that id. When such a customer leaves, that is told, and the sleeping place is *spent*: it was told that they left.
"""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class How(IntEnum):
    """How somebody is in a segment. The first two are in it now."""

    IN = 0
    ALONG = 1
    ASLEEP = 2
    SPENT = 3


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Whether the conditions of a segment hold of an id, how it stood there, and whether it is a customer now.

    `inside` are other ids that are part of this customer now and whose own places sleep, or are about to.
    """

    segment: int
    customer: UUID
    holds: bool
    how: How | None
    is_customer: bool
    inside: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: how it stands there from now on (None: not at all), whether that is told, and who is spent."""

    segment: int
    customer: UUID
    before: How | None
    how: How | None
    told: bool
    spent: tuple[UUID, ...] = ()

    @property
    def change(self) -> int:
        """By how much the segment grows."""
        return int(_is_in(self.how)) - int(_is_in(self.before))


def _is_in(how: How | None) -> bool:
    return how is not None and how <= How.ALONG


def follow(one: Reckoned) -> Step | None:
    """The step to take, if any."""
    if not one.is_customer:
        return _out_of_sight(one)
    if one.holds:
        return _in(one)
    return _out(one)


def _out_of_sight(one: Reckoned) -> Step | None:
    if one.how is How.IN:
        return Step(one.segment, one.customer, one.how, How.ASLEEP, told=False)
    if one.how is How.ALONG:
        return Step(one.segment, one.customer, one.how, None, told=False)
    return None


def _in(one: Reckoned) -> Step | None:
    if one.how is None and one.inside:
        return Step(one.segment, one.customer, one.how, How.ALONG, told=False)
    if one.how is None or one.how is How.SPENT:
        return Step(one.segment, one.customer, one.how, How.IN, told=True)
    if one.how is How.ASLEEP:
        return Step(one.segment, one.customer, one.how, How.IN, told=False)
    return None


def _out(one: Reckoned) -> Step | None:
    if one.how is None:
        return None
    # Whoever came along was told of under the ids inside; if none is left inside, these are in it by themselves.
    told = {How.IN: True, How.ALONG: bool(one.inside), How.ASLEEP: True, How.SPENT: False}[one.how]
    return Step(one.segment, one.customer, one.how, None, told=told, spent=one.inside)
