"""What an assertion weighs, and how many neighbours one person's identifier has at most. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from samband.kernel.identifier import KINDS

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

_NAMES = {"account": 3, "user": 3, "loyalty": 3, "email": 5, "phone": 5, "card": 5, "social": 3}
_THINGS = {"device": 50, "cookie": 200}
_ON_A_THING = {"account": 1, "user": 1, "loyalty": 1, "email": 2, "phone": 2, "card": 5, "social": 1}

LIMITS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "account": {**_NAMES, "account": 20, "user": 20, "email": 20, "phone": 20, "card": 50, "device": 200, "cookie": 1000},
        "user": {**_NAMES, "user": 20, "email": 20, "phone": 20, "card": 50, "device": 200, "cookie": 1000},
        "loyalty": {**_NAMES, **_THINGS},
        "email": {**_NAMES, **_THINGS},
        "phone": {**_NAMES, **_THINGS},
        "card": {**_NAMES, **_THINGS},
        "social": {**_NAMES, **_THINGS},
        "device": {**_ON_A_THING, "device": 5, "cookie": 50},
        "cookie": {**_ON_A_THING, "device": 5, "cookie": 20},
    }
)  # fmt: skip
"""Of each kind, how many distinct neighbours of each kind (and namespace) one person's identifier has at most."""


@dataclass(frozen=True, slots=True)
class Pair:
    """That two numbers are one person's, as a source says by a rule of TOLD; `at` is when it was so, for showing."""

    a: int
    b: int
    rule: str
    source: str
    at: datetime


def bound(limits: Mapping[str, Mapping[str, int]] = LIMITS) -> int:
    """Whoever has more neighbours than this is shared, whatever they are."""
    return max(sum(ofkind.values()) for ofkind in limits.values())


def kind_number(kind: str) -> int:
    """As it is kept: the place in KINDS."""
    return KINDS.index(kind)
