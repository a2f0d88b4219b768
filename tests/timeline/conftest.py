"""Two events and a few reactions of the tests' own, so that no room is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from samband.kernel.event import KNOWN, Event
from samband.timeline import reacting


@pytest.fixture
def told() -> Iterator[type[Event]]:
    @dataclass(frozen=True, kw_only=True)
    class Told(Event, about="story_id"):
        story_id: UUID
        chapter: int

    yield Told
    KNOWN.pop(Told.name)
    for name in reacting._listening.pop(Told.name, []):
        reacting.REACTIONS.pop(name, None)
        reacting.TO_MANY.pop(name, None)
