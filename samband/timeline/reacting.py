"""Who reacts to what."""

from collections.abc import Callable
from typing import Any, TypeVar

from samband.kernel.event import Event

Reaction = Callable[[Any], None]
F = TypeVar("F", bound=Reaction)

REACTIONS: dict[str, Reaction] = {}
"""Every reaction by its name, `room.deed`."""

_listening: dict[str, list[str]] = {}


def on(*kinds: type[Event]) -> Callable[[F], F]:
    """Let a function react to these events.

    It runs in a transaction of its own in which the delivery is marked as done, so its effect on the
    database happens exactly once. It must not talk to outside services.
    """

    def listen(function: F) -> F:
        room = function.__module__.removesuffix(".reactions").rsplit(".", 1)[-1]
        name = f"{room}.{function.__name__}"
        REACTIONS[name] = function
        for kind in kinds:
            _listening.setdefault(kind.name, []).append(name)
        return function

    return listen


def reactions_to(event_name: str) -> list[str]:
    """The names of the reactions that wait for this kind of event."""
    return _listening.get(event_name, [])
