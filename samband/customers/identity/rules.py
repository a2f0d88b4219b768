"""What an assertion weighs, and how many neighbours one person's identifier has at most. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

SAME, DIFFERENT = "same", "different"
"""What only a person decides: two identifiers are one person's, or are not."""

STRENGTH: Mapping[str, int] = MappingProxyType(
    {
        SAME: 90,
        "verified": 80,
        "account": 70,
        "signed_in": 60,
        "user": 50,
        "stated": 40,
        "alias": 30,
        "same_event": 20,
    }
)
"""The rules by which two identifiers are one person's, and how much each weighs.

*same*: a person of the retailer decided. *verified*: an address was proved with a code that was sent to it. *account*:
an account's own particulars. *signed_in*: an account was used on a device or in a browser. *user*: a server names its
user together with an address or a browser. *stated*: typed into a form, told by a browser. *alias*: a client renames
somebody. *same_event*: two identifiers came with one event and nothing more is known of it.
"""

TOLD = frozenset(STRENGTH) - {SAME}
"""The rules by which sources assert; `same` and `different` are for people."""

Limits = Mapping[str, Mapping[str, int]]

_NAMES = {"account": 3, "user": 3, "loyalty": 3, "email": 3, "phone": 3, "card": 5, "social": 3}
_ADDRESS = {**_NAMES, "device": 50, "cookie": 200}
_PERSON = {**_NAMES, "user": 20, "email": 20, "phone": 20, "card": 50, "device": 200, "cookie": 1000}
_THING = {"account": 1, "user": 1, "loyalty": 1, "email": 2, "phone": 2, "card": 5, "social": 1, "device": 5}

LIMITS: Limits = MappingProxyType(
    {
        "account": {**_PERSON, "account": 20},
        "user": _PERSON,
        "loyalty": _ADDRESS,
        "email": _ADDRESS,
        "phone": _ADDRESS,
        "card": _ADDRESS,
        "social": _ADDRESS,
        "device": {**_THING, "cookie": 50},
        "cookie": {**_THING, "cookie": 20},
    }
)
"""Of each kind, how many distinct neighbours of each kind (and namespace) one person's identifier has at most.

One more, and it is shared: a kiosk's cookie, a family's mail. On a browser that two accounts were used in nobody can
say who looks when nobody is signed in, so two are too many there.
"""

THINGS = frozenset({"card", "device", "cookie"})
"""What is handed on: of these nothing but a person's word holds once they are shared, however it was proved."""


@dataclass(frozen=True, slots=True)
class Pair:
    """That two numbers are one person's, as a source says by a rule of TOLD; `at` is when it was so, for showing."""

    a: int
    b: int
    rule: str
    source: str
    at: datetime


def is_shared(kind: str, neighbours: Mapping[tuple[str, str], int], limits: Limits = LIMITS) -> bool:
    """Whether an identifier has more distinct neighbours, counted by kind and namespace, than one person's would."""
    most = limits[kind]
    return sum(neighbours.values()) > sum(most.values()) or any(
        count > most[of_kind] for (of_kind, _), count in neighbours.items()
    )


def holds_through(rule: str, kind: str) -> bool:
    """Whether an assertion of this rule joins what it names even though the identifier of this kind is shared."""
    return rule == SAME or (rule == "verified" and kind not in THINGS)


def enough(limits: Limits = LIMITS) -> int:
    """So many distinct neighbours suffice to tell that an identifier is shared, whatever they are."""
    return max(sum(most.values()) for most in limits.values()) + 1
