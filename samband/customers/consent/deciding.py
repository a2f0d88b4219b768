"""Whether personal data may be used: what was said last of an address, and the stricter of several answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.kernel.identifier import Identifier

GRANTED = "granted"
REFUSED = "refused"
REFUSED_ELSEWHERE = "refused_elsewhere"
NEVER_SAID = "never_said"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Whom or what a consent is about: an identifier by its key, so that nobody is named."""

    key: UUID
    kind: str

    @classmethod
    def of(cls, known: Identifier) -> "Address":
        return cls(known.key, known.kind)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one address and one purpose, and when."""

    granted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is allowed, and why: granted, refused (by this address), refused_elsewhere, never_said."""

    allowed: bool
    because: str


def latest(said: Iterable[Answer]) -> Answer | None:
    """The answer that holds: the one given last; of two given at once, the refusal. Their order does not matter."""
    return max(said, key=lambda one: (one.at, not one.granted), default=None)


def stricter(answers: Iterable[bool | None]) -> bool | None:
    """One answer for all of somebody's addresses: no if any refuses, yes if one agrees and none refuses, else none."""
    given = {answer for answer in answers if answer is not None}
    return min(given) if given else None


def verdict(answers: Mapping[UUID, bool | None], address: UUID | None = None) -> Verdict:
    """Whether a customer whose addresses gave these answers may be served so, or written to at one of them.

    Using data takes the stricter of all answers. Writing to an address takes its own agreement besides.
    """
    if address is not None and answers.get(address) is False:
        return Verdict(False, REFUSED)
    of_all = stricter(answers.values())
    if of_all is False:
        return Verdict(False, REFUSED if address is None else REFUSED_ELSEWHERE)
    if not (of_all if address is None else answers.get(address)):
        return Verdict(False, NEVER_SAID)
    return Verdict(True, GRANTED)
