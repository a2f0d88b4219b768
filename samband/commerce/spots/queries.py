"""What spots can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.kernel.clock import now

from . import codes, rules, signing
from .models import ExitPass, Spot, StoreWord, Visit
from .refusals import CodeForged, CodeOld, NotForThat, OnlyOnScreen, UnknownPass, UnknownSpot, UnknownVisit, VisitOver


@dataclass(frozen=True, slots=True)
class SpotView:
    """A place in a store. `place` is how the other rooms call it, such as RVK/table-7."""

    number: int
    location: str
    code: str
    kind: str
    name: str
    sku: str | None
    category: str
    on_screen: bool
    edition: int
    created_at: datetime
    changed_at: datetime
    revoked_at: datetime | None

    @property
    def place(self) -> str:
        return f"{self.location}/{self.code}"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A spot whose code was scanned. `from_screen`: a moment ago, so whoever scanned it is there."""

    spot: SpotView
    from_screen: bool


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit by phone. `purpose`: serve (brought to `place`) or carry (scanned and taken along)."""

    id: UUID
    location: str
    spot: int
    place: str
    purpose: str
    presence: str
    cart_id: UUID | None
    opened_at: datetime
    good_until: datetime


@dataclass(frozen=True, slots=True)
class PassView:
    """An exit pass. `state`: open, checked, lapsed; `found`: what came of looking into the bag, if anybody did."""

    id: UUID
    order_id: UUID
    location: str
    state: str
    looked_at: bool
    found: str
    issued_at: datetime
    good_until: datetime
    checked_at: datetime | None
    lapsed_at: datetime | None


def scanned(text: str, at: datetime | None = None) -> Scanned:
    """The spot that a scanned code is of. One statement.

    Raises CodeForged, CodeOld, CodeStale, CodeAhead, OnlyOnScreen, and NotForThat for an exit pass.
    """
    said = codes.read(text)
    if isinstance(said, signing.Passing):
        raise NotForThat(kind="pass")
    row = Spot.objects.filter(pk=said.spot).first()
    if row is None:
        raise CodeForged()
    if row.revoked_at or row.edition != said.edition:
        raise CodeOld(location=row.location, kind=row.kind, sku=row.sku)
    if isinstance(said, signing.Shown):
        rules.check_fresh(said, at or now())
    elif row.on_screen:
        raise OnlyOnScreen(location=row.location)
    return Scanned(_spot(row), from_screen=isinstance(said, signing.Shown))


def pass_said(text: str) -> UUID:
    """The id on an exit pass that was scanned. Raises CodeForged, NotForThat for another code of ours."""
    said = codes.read(text)
    if not isinstance(said, signing.Passing):
        raise NotForThat(kind="spot")
    return said.pass_id


def spot(number: int) -> SpotView:
    """One spot. Raises UnknownSpot."""
    row = Spot.objects.filter(pk=number).first()
    if row is None:
        raise UnknownSpot(spot=number)
    return _spot(row)


def spots(location: str, numbers: Sequence[int] | None = None) -> tuple[SpotView, ...]:
    """The spots of a store (or these of them), by kind, then in the order in which they were made."""
    rows = Spot.objects.filter(location=location)
    if numbers is not None:
        rows = rows.filter(pk__in=numbers)
    return tuple(sorted(map(_spot, rows.order_by("number")), key=lambda one: rules.KINDS.index(one.kind)))


def _spot(row: Spot) -> SpotView:
    return SpotView(
        row.number, row.location, row.code, row.kind, row.name, row.sku, row.category, row.on_screen, row.edition,
        row.created_at, row.changed_at, row.revoked_at,
    )  # fmt: skip


def code_of(one: SpotView, at: datetime | None = None) -> str:
    """The token that stands in the spot's code now: for a screen of this minute, for paper until the next edition."""
    if one.on_screen:
        return codes.shown(one.number, one.edition, at or now())
    return codes.printed(one.number, one.edition)


def word_edition(location: str) -> int:
    """At which edition a store's word of the day is."""
    return StoreWord.objects.filter(pk=location).values_list("edition", flat=True).first() or 1


def word_of_the_day(location: str, time_zone: str, at: datetime | None = None) -> str:
    """The word that stands on tables, boards and tills of a store today."""
    return codes.word_of(location, word_edition(location), at or now(), time_zone)


def visit(visit_id: UUID, at: datetime | None = None) -> VisitView:
    """A visit that is not over. Raises UnknownVisit, VisitOver."""
    row = Visit.objects.filter(pk=visit_id).first()
    if row is None:
        raise UnknownVisit()
    if row.ended_at or (at or now()) >= row.good_until:
        raise VisitOver(location=row.location, place=row.place)
    return VisitView(
        row.id, row.location, row.spot, row.place, row.purpose, row.presence, row.cart_id, row.opened_at,
        row.good_until,
    )  # fmt: skip


def exit_pass(pass_id: UUID) -> PassView:
    """One exit pass. Raises UnknownPass."""
    return _pass(ExitPass.objects.filter(pk=pass_id).first())


def pass_of_order(order_id: UUID) -> PassView | None:
    """The exit pass of an order, if it has one."""
    row = ExitPass.objects.filter(order_id=order_id).first()
    return _pass(row) if row else None


def passes(location: str, since: datetime, most: int = 50) -> tuple[PassView, ...]:
    """The passes issued at a store since a moment, the latest first."""
    rows = ExitPass.objects.filter(location=location, issued_at__gte=since).order_by("-issued_at", "-id")
    return tuple(_pass(row) for row in rows[:most])


def due_to_lapse(at: datetime, most: int = 200) -> tuple[UUID, ...]:
    """Passes that no door has checked and whose store has closed, the oldest first."""
    rows = ExitPass.objects.filter(state="open", good_until__lte=at).order_by("good_until", "id")
    return tuple(rows.values_list("id", flat=True)[:most])


def _pass(row: ExitPass | None) -> PassView:
    if row is None:
        raise UnknownPass()
    return PassView(
        row.id, row.order_id, row.location, row.state, row.looked_at, row.found, row.issued_at, row.good_until,
        row.checked_at, row.lapsed_at,
    )  # fmt: skip
