"""Words for what a carrier is asked and answers. Addresses pass through them and are kept by nobody here."""

from dataclasses import dataclass
from datetime import datetime

ON_THE_WAY = ("on_the_way", "out_for_delivery")
MARKS = ("announced", *ON_THE_WAY, "delivered", "trouble", "returned")
"""What a carrier may say of a parcel. After delivered or returned nothing that it says is news."""

ENDS = ("delivered", "returned")


@dataclass(frozen=True, slots=True)
class Postal:
    """Where a parcel comes from or goes to."""

    name: str
    line1: str
    line2: str
    city: str
    postcode: str
    country: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """Please carry this. The same `key` is the same parcel, however often it is asked.

    `service` is one of the carrier's own names, or nothing for its cheapest; `number` is what we call the parcel.
    """

    key: str
    number: str
    service: str
    sender: Postal
    receiver: Postal
    grams: int


@dataclass(frozen=True, slots=True)
class Rate:
    """What a service costs, as the carrier says it (a decimal amount and its currency), and how many days it takes."""

    service: str
    carrier: str
    amount: str
    currency: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Bought:
    """A label: the carrier's name for the parcel, what customers follow it by, and where it is, if not with us."""

    reference: str
    tracking: str
    carrier: str
    service: str
    amount: str
    currency: str
    label_url: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The carrier will not. `reason` is its word for why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """The carrier has not answered: nothing is known yet."""


Answer = Bought | Refused | Unclear


@dataclass(frozen=True, slots=True)
class Notice:
    """What a carrier tells by itself of the parcel with this reference. `id` is the same when it is told again.

    `mark` is one of MARKS, or empty for what is none.
    """

    id: str
    reference: str
    mark: str
    at: datetime


def is_news(before: str, mark: str) -> bool:
    """Whether a mark changes where a parcel is taken to be: notices come late, twice and in any order."""
    if mark not in MARKS or mark == before or before in ENDS:
        return False
    if mark in (*ENDS, "trouble") or before in ("", "trouble"):
        return True
    return MARKS.index(mark) > MARKS.index(before)
