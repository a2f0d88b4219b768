"""An event: something that became true. Past tense, frozen, and free of personal data (it carries ids)."""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import msgspec

E = TypeVar("E", bound="Event")


@dataclass(frozen=True)
class Event:
    """Base of all events. `about` names the field that says the subject; events about one subject keep their order."""

    about: ClassVar[str]
    name: ClassVar[str]

    def __init_subclass__(cls, about: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.about = about
        cls.name = f"{cls.__module__.rsplit('.', 1)[-1]}.{cls.__name__}"
        KNOWN[cls.name] = cls

    @property
    def subject(self) -> str:
        """What the event is about, such as `order:0192…`."""
        return f"{self.about.removesuffix('_id')}:{getattr(self, self.about)}"

    @property
    def customer(self) -> UUID | None:
        """Whose timeline it belongs on, if anybody's."""
        return getattr(self, "customer_id", None)


KNOWN: dict[str, type[Event]] = {}


def to_payload(event: Event) -> bytes:
    """The event's fields as JSON."""
    return msgspec.json.encode(event)


def from_payload(name: str, payload: bytes | str) -> Event:
    """The event that was recorded under this name. Raises KeyError for a name no longer spoken in the house."""
    return msgspec.json.decode(payload, type=KNOWN[name])
