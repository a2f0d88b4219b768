"""Who reacts to what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from samband.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Heard:
    """An event with its place in the story and the moment at which it was recorded."""

    position: int
    at: datetime
    event: Event


Reaction = Callable[[Any], None]
Unless = Callable[[Any, Sequence[Event]], bool]
ReactionToMany = Callable[[Sequence[Heard]], None]
F = TypeVar("F", bound=Reaction)
M = TypeVar("M", bound=ReactionToMany)

REACTIONS: dict[str, Reaction] = {}
"""Every reaction to one event at a time by its name, `room.deed`."""

TO_MANY: dict[str, ReactionToMany] = {}
"""Every reaction that takes many events at a time, by its name."""

_listening: dict[str, list[str]] = {}
_unless: dict[str, Unless] = {}


def on(*kinds: type[Event], unless: Unless | None = None) -> Callable[[F], F]:
    """Let a function react to these events, `unless` an event and all that is told with it leave it nothing to do.

    It runs in a transaction of its own in which the delivery is marked as done, so its effect on the
    database happens exactly once. It must not talk to outside services.
    """

    def listen(function: F) -> F:
        name = _listen(function, kinds)
        REACTIONS[name] = function
        if unless:
            _unless[name] = unless
        return function

    return listen


def on_many(*kinds: type[Event]) -> Callable[[M], M]:
    """Let a function react to these events, as many of them at a time as there are, in the order of their positions.

    For what may be done in any order: of several workers each takes some, also of one subject. As with `on` all of it
    happens in one transaction, exactly once; if it fails for many, each is tried by itself.
    """

    def listen(function: M) -> M:
        TO_MANY[_listen(function, kinds)] = function
        return function

    return listen


def _listen(function: Callable[..., None], kinds: Sequence[type[Event]]) -> str:
    room = function.__module__.removesuffix(".reactions").rsplit(".", 1)[-1]
    name = f"{room}.{function.__name__}"
    for kind in kinds:
        _listening.setdefault(kind.name, []).append(name)
    return name


def react(reaction: str, heard: Heard) -> None:
    """Let one reaction take in one event."""
    if reaction in TO_MANY:
        TO_MANY[reaction]([heard])
    else:
        REACTIONS[reaction](heard.event)


def owed(event: Event, told: Sequence[Event]) -> list[str]:
    """The names of the reactions that this event is owed to, being told together with all of these."""
    return [name for name in _listening.get(event.name, ()) if not (name in _unless and _unless[name](event, told))]
