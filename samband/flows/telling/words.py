"""Which function puts which of the house's events into words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from samband.customers.touchpoints.shapes import Note
from samband.kernel.event import Event
from samband.timeline import Heard

from .facts import Facts

Words = Callable[[Heard, Any, Facts], Iterable[Note]]
F = TypeVar("F", bound=Words)

WORDS: dict[type[Event], Words] = {}


def tells(*kinds: type[Event]) -> Callable[[F], F]:
    """Let a function put these events into words: it is given what was heard, the event itself, and the facts."""

    def take(function: F) -> F:
        for kind in kinds:
            WORDS[kind] = function
        return function

    return take


def told(heard: Heard, facts: Facts) -> list[Note]:
    """What is to be told of an event. Each of it has an id for good: the event's place in the story."""
    return list(WORDS[type(heard.event)](heard, heard.event, facts))


def message(heard: Heard, part: str = "") -> str:
    """The id of a touchpoint: the same event tells the same one, whenever it is told."""
    return f"{heard.position}:{part}" if part else str(heard.position)


def without_nothing(said: Mapping[str, Any]) -> dict[str, Any]:
    """Properties without those that say nothing."""
    return {name: value for name, value in said.items() if value not in ("", None, [])}
