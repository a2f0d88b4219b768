"""Arriving in a store with a phone: which spot was scanned, and whether somebody is there to be served or to shop.

A signature says that a code is ours, never that anybody stands before it; `samband/commerce/spots/README.md` says what
we take for presence, and why.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from samband.commerce.fulfillment.promise import is_holiday
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.spots import commands, queries, rules
from samband.commerce.spots.queries import SpotView, VisitView
from samband.commerce.spots.refusals import NotForThat, NotHere, OtherStore, StoreClosed
from samband.kernel.clock import now
from samband.kernel.geography import Place

DAYS_AHEAD = 14


@dataclass(frozen=True)
class Arrival:
    """A spot that was scanned. `closes_at` is None while its store is closed; `from_screen` is proof of being there."""

    spot: SpotView
    site: LocationView
    from_screen: bool
    closes_at: datetime | None

    @property
    def purpose(self) -> str:
        """What a visit that begins here is for: serve or carry."""
        return "serve" if self.spot.kind in rules.SERVED else "carry"


@dataclass(frozen=True)
class Proof:
    """What somebody shows for being in the store: the word of the day, their phone's position, or an earlier visit.

    `address` is where the request came from, to count wrong words by.
    """

    word: str = ""
    phone: Place | None = None
    accuracy_metres: float = 0.0
    visit: VisitView | None = None
    address: str = ""


def arrive(token: str) -> Arrival:
    """What was scanned. One statement, and one now and then for the stores.

    Raises CodeForged, CodeOld, CodeStale, CodeAhead, OnlyOnScreen, NotForThat (an exit pass), UnknownLocation.
    """
    scanned = queries.scanned(token)
    site = inventory.location(scanned.spot.location)
    return Arrival(scanned.spot, site, scanned.from_screen, closing(site, now()))


def closing(site: LocationView, at: datetime) -> datetime | None:
    """When a store that is open at a moment closes; None if it is closed then, a holiday included."""
    if is_holiday(at.astimezone(ZoneInfo(site.time_zone)).date(), site.country):
        return None
    return rules.closes_at(site.opening, site.time_zone, at)


def opens_next(site: LocationView, at: datetime) -> datetime | None:
    """When a store opens that is closed now; None if it does not for a fortnight."""
    local = at.astimezone(ZoneInfo(site.time_zone))
    for ahead in range(DAYS_AHEAD):
        day = local.date() + timedelta(days=ahead)
        opens = rules.opens_at(site.opening, site.time_zone, day)
        if opens and opens > at and not is_holiday(day, site.country):
            return opens
    return None


def come_in(token: str, proof: Proof, visit_id: UUID) -> VisitView:
    """Begin a visit at the spot that was scanned. Not inside a transaction.

    Raises what `arrive` does, StoreClosed (with `location` and, if known, `opens_at`), NotHere, WrongWord,
    TooManyWords.
    """
    arrival = arrive(token)
    at = now()
    if arrival.closes_at is None:
        opens = opens_next(arrival.site, at)
        raise StoreClosed(location=arrival.site.code, opens_at=opens.isoformat() if opens else None)
    presence = _presence(arrival, proof)
    until = rules.good_until(at, arrival.closes_at)
    if proof.visit and presence == proof.visit.presence and _is_of(proof.visit, arrival):
        until = min(until, proof.visit.good_until)
    spot = arrival.spot
    commands.open_visit(visit_id, spot.location, spot.number, spot.place, arrival.purpose, presence, until)
    return queries.visit(visit_id)


def _presence(arrival: Arrival, proof: Proof) -> str:
    """How we know that they are there."""
    if arrival.from_screen:
        return "screen"
    if proof.visit and _is_of(proof.visit, arrival):
        return proof.visit.presence  # they were in this store a while ago, and have moved to another spot
    if proof.word:
        site = arrival.site
        word = queries.word_of_the_day(site.code, site.time_zone)
        commands.check_word(proof.word, word, site.code, proof.address)
        return "word"
    if proof.phone and rules.is_near(arrival.site.place, proof.phone, proof.accuracy_metres):
        return "nearby"
    raise NotHere(location=arrival.site.code, asked=proof.phone is not None)


def _is_of(visit: VisitView, arrival: Arrival) -> bool:
    return visit.location == arrival.spot.location


def check_visit(visit: VisitView, purpose: str, location: str | None = None) -> None:
    """Raises NotForThat for a visit with another purpose, OtherStore for one in another store."""
    if location is not None and visit.location != location:
        raise OtherStore(location=location)
    if visit.purpose != purpose:
        raise NotForThat(kind=visit.purpose)
