"""Two customers side by side, for a person who decides whether they are one: what each told, and how it agrees."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from samband.customers.identity import queries as identity
from samband.customers.identity.proposing import explaining
from samband.customers.identity.proposing.explaining import Reason
from samband.customers.identity.queries import ReviewView
from samband.customers.identity.refusals import NoSuchReview

from .known_customer import Known, known_customer
from .what_people_told import Told, told_by

SAME, CLOSE, DIFFERENT, OPEN = "same", "close", "different", "open"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what they are known by, and what they told."""

    known: Known
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that people tell of themselves: what each of the two told, in every way they did, and what it says.

    `verdict` is `same` if something they told is the same, `close` if how it agrees speaks for one person all the same,
    `different` if neither, `open` if only one told it.
    """

    what: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def verdict(self) -> str:
        if not self.one or not self.other:
            return OPEN
        folded = [{text.casefold() for text in texts} for texts in (self.one, self.other)]
        if folded[0] & folded[1]:
            return SAME
        return CLOSE if any(reason.side == explaining.FOR for reason in self.reasons) else DIFFERENT


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A pair that waits (or was decided), the two customers as they are now, and the rows to compare them by."""

    review: ReviewView
    one: Side
    other: Side
    rows: tuple[Row, ...]
    probability: float | None


def side_by_side(review_id: int) -> SideBySide:
    """A pair and both customers. Raises NoSuchReview, and NotFound for one whose customer was erased meanwhile."""
    review = identity.review(review_id)
    if review is None:
        raise NoSuchReview()
    ids = review.customer_a, review.customer_b
    told = told_by(ids)
    one, other = (Side(known_customer(customer), told.get(customer, ())) for customer in ids)
    reasons = explaining.read(review.reasons)
    likely = None if review.weight is None else explaining.probability(review.weight)
    return SideBySide(review, one, other, tuple(_rows(one, other, reasons)), likely)


def next_after(review_id: int) -> int | None:
    """The pair that waits after this one, or the first that waits; None if nothing waits."""
    waiting = identity.reviews(after=review_id, most=1) or identity.reviews(most=1)
    return waiting[0].id if waiting and waiting[0].id != review_id else None


def _rows(one: Side, other: Side, reasons: Iterable[Reason]) -> Iterable[Row]:
    for what, (fields, texts) in _THINGS.items():
        of_it = tuple(reason for reason in reasons if reason.field in fields)
        row = Row(what, tuple(texts(one)), tuple(texts(other)), of_it)
        if row.one or row.other:
            yield row


def _each(read: Callable[[Told], str]) -> Callable[[Side], list[str]]:
    return lambda side: list(dict.fromkeys(text for told in side.told if (text := read(told))))


def _name(told: Told) -> str:
    return told.name or " ".join(part for part in (told.given, told.surname) if part)


def _address(told: Told) -> str:
    town = " ".join(part for part in (told.postcode, told.city) if part)
    return ", ".join(part for part in (told.line1, told.line2, town, told.country) if part)


def _emails(side: Side) -> list[str]:
    return list(dict.fromkeys([*side.known.emails, *_each(lambda told: told.email)(side)]))


def _phones(side: Side) -> list[str]:
    return list(dict.fromkeys([*side.known.phones, *_each(lambda told: told.phone)(side)]))


def _loyalty(side: Side) -> list[str]:
    known = [one.value for one in side.known.members if one.kind == "loyalty"]
    return list(dict.fromkeys([*known, *_each(lambda told: told.card)(side)]))


_THINGS: dict[str, tuple[tuple[str, ...], Callable[[Side], list[str]]]] = {
    "name": (("given", "surname"), _each(_name)),
    "email": (("email",), _emails),
    "phone": (("phone",), _phones),
    "born": (("born",), _each(lambda told: told.born)),
    "address": (("address", "line2"), _each(_address)),
    "card": (("card",), _loyalty),
}


def customers_of(reviews: Iterable[ReviewView]) -> dict[UUID, tuple[Told, ...]]:
    """What the customers of these pairs told, for a list of them."""
    return told_by({customer for review in reviews for customer in (review.customer_a, review.customer_b)})
