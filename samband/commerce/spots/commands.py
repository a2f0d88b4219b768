"""What spots can be told to do. A command is one transaction and returns the event it records."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.events.spots import (
    BagLookedAt,
    ExitPassChecked,
    ExitPassIssued,
    ExitPassLapsed,
    SpotMade,
    SpotPointed,
    SpotRevoked,
    SpotRotated,
    VisitOpened,
    WordTurned,
)
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from samband.timeline import command, record_all

from . import codes, rules, signing
from .models import ExitPass, Spot, Visit, WrongWords
from .refusals import (
    InvalidSpot,
    NothingToLookAt,
    OtherStore,
    PassLapsed,
    PassUsed,
    TooManyWords,
    UnknownPass,
    UnknownSpot,
    UnknownVisit,
    WrongWord,
)

AN_HOUR = timedelta(hours=1)
MOST_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class SpotDraft:
    """A place in a store as somebody describes it. `category` is what is served there (all of the café, if empty)."""

    code: str
    kind: str
    name: str
    sku: str | None = None
    category: str = ""
    on_screen: bool = False


# --- codes


_MAKE = """
insert into spots_spot (location, code, kind, name, sku, category, on_screen, edition, created_at, changed_at)
select %(location)s::text, code, kind, name, nullif(sku, ''), category, on_screen, 1, %(now)s::timestamptz,
       %(now)s::timestamptz
from unnest(%(codes)s::text[], %(kinds)s::text[], %(names)s::text[], %(skus)s::text[], %(categories)s::text[],
            %(screens)s::bool[]) with ordinality as draft (code, kind, name, sku, category, on_screen, nth)
order by nth
on conflict (location, code) do nothing
returning number, code, kind
"""


@transaction.atomic(savepoint=False)
def make(location: str, drafts: Sequence[SpotDraft]) -> tuple[SpotMade, ...]:
    """Make places of a store. One whose code is there already is left as it is and not told of.

    Raises InvalidSpot with the `field` that cannot be so, and Invalid for what is no SKU.
    """
    if not isinstance(location, str) or not location or len(drafts) > MOST_AT_ONCE:
        raise InvalidSpot(field="location")
    for draft in drafts:
        rules.check_spot(draft.kind, draft.code, draft.name, draft.sku, draft.category)
        if draft.sku is not None:
            Line(draft.sku, 1)  # refuses what is no SKU
    values: dict[str, Any] = {
        "location": location,
        "codes": [one.code for one in drafts],
        "kinds": [one.kind for one in drafts],
        "names": [one.name.strip() for one in drafts],
        "skus": [one.sku or "" for one in drafts],
        "categories": [one.category for one in drafts],
        "screens": [one.on_screen for one in drafts],
        "now": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, values)
        made = tuple(
            SpotMade(spot=number, location=location, code=code, kind=kind) for number, code, kind in cursor.fetchall()
        )
    record_all(made)
    return made


@command
def point(spot: int, sku: str) -> SpotPointed:
    """A shelf or a label speaks of other goods now; its code stays. Raises UnknownSpot, InvalidSpot, Invalid."""
    Line(sku, 1)
    row = _locked(spot)
    if row.kind not in rules.SELLING:
        raise InvalidSpot(field="sku")
    Spot.objects.filter(pk=spot).update(sku=sku, changed_at=now())
    return SpotPointed(spot=spot, location=row.location, sku=sku)


@command
def rotate(spot: int) -> SpotRotated:
    """A new edition: codes of the one before open nothing any more. Brings a revoked spot back. Raises UnknownSpot.

    After 65,535 editions a spot begins at the first again.
    """
    row = _locked(spot)
    edition = row.edition % signing.LARGEST_EDITION + 1
    Spot.objects.filter(pk=spot).update(edition=edition, revoked_at=None, changed_at=now())
    return SpotRotated(spot=spot, location=row.location, edition=edition)


@command
def revoke(spot: int) -> SpotRevoked:
    """No code of it opens anything. Raises UnknownSpot."""
    row = _locked(spot)
    at = now()
    Spot.objects.filter(pk=spot).update(revoked_at=row.revoked_at or at, changed_at=at)
    return SpotRevoked(spot=spot, location=row.location)


def _locked(spot: int) -> Spot:
    row = Spot.objects.select_for_update().filter(pk=spot).first()
    if row is None:
        raise UnknownSpot(spot=spot)
    return row


_TURN = """
insert into spots_storeword as word (location, edition, changed_at) values (%s::text, 2, %s::timestamptz)
on conflict (location) do update set edition = word.edition + 1, changed_at = excluded.changed_at
returning edition
"""


@command
def turn_word(location: str) -> WordTurned:
    """Give a store another word of the day, because this one got about."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [location, now()])
        (edition,) = cursor.fetchone()
    return WordTurned(location=location, edition=edition)


# --- visits


_TRIED = """
insert into spots_wrongwords as wrong (who, tries, since) values (%(who)s::bytea, 1, %(now)s::timestamptz)
on conflict (who) do update set
    tries = case when wrong.since < %(begun)s::timestamptz then 1 else wrong.tries + 1 end,
    since = case when wrong.since < %(begun)s::timestamptz then excluded.since else wrong.since end
returning tries
"""


def check_word(typed: str, word: str, location: str, address: str) -> None:
    """Compare a store's word with what somebody typed who came from this address. Not inside a transaction.

    Raises WrongWord with `tries_left`; after ten of them within an hour TooManyWords, be the word right or wrong.
    """
    who = codes.whose(address, location, now())
    spent = WrongWords.objects.filter(pk=who, since__gte=now() - AN_HOUR).values_list("tries", flat=True).first() or 0
    if spent >= rules.MOST_WRONG_WORDS:
        raise TooManyWords()
    if rules.is_the_word(typed, word):
        return
    with connection.cursor() as cursor:
        cursor.execute(_TRIED, {"who": who, "now": now(), "begun": now() - AN_HOUR})
        (tries,) = cursor.fetchone()
    raise WrongWord(tries_left=max(rules.MOST_WRONG_WORDS - tries, 0))


def forget_wrong_words() -> int:
    """Forget who tried words more than a day ago; returns how many."""
    many, _ = WrongWords.objects.filter(since__lt=now() - timedelta(days=1)).delete()
    return many


@command
def open_visit(
    visit_id: UUID, location: str, spot: int, place: str, purpose: str, presence: str, good_until: datetime
) -> VisitOpened:
    """Somebody is in the store until then at the latest. Who may come in is decided by whoever asks. Raises Invalid."""
    at = now()
    if purpose not in ("serve", "carry") or presence not in ("screen", "nearby", "word"):
        raise Invalid("A visit has a purpose, and a reason to believe in it.")
    if good_until <= at:
        raise Invalid("A visit ends after it begins.")
    Visit.objects.create(
        id=visit_id, location=location, spot=spot, place=place, purpose=purpose, presence=presence,
        opened_at=at, good_until=good_until,
    )  # fmt: skip
    return VisitOpened(
        visit_id=visit_id, location=location, place=place, purpose=purpose, presence=presence, good_until=good_until
    )


def give_cart(visit_id: UUID, cart_id: UUID) -> None:
    """The visit fills this cart from now on. Raises UnknownVisit."""
    if not Visit.objects.filter(pk=visit_id).update(cart_id=cart_id):
        raise UnknownVisit()


def step_to(visit_id: UUID, spot: int, place: str) -> None:
    """They are at another spot of the same store now. Raises UnknownVisit."""
    if not Visit.objects.filter(pk=visit_id).update(spot=spot, place=place):
        raise UnknownVisit()


def end_visit(visit_id: UUID) -> None:
    """They have left; asking twice is asking once. Raises UnknownVisit."""
    if not Visit.objects.filter(pk=visit_id, ended_at__isnull=True).update(ended_at=now()) and (
        not Visit.objects.filter(pk=visit_id).exists()
    ):
        raise UnknownVisit()


# --- leaving


@command
def issue_pass(order_id: UUID, location: str, pieces: int, good_until: datetime) -> ExitPassIssued:
    """Let the goods of an order, so many pieces, out by a door of this store until then. Raises Invalid for a second.

    Whether the staff is to look into the bag is drawn here, once.
    """
    if ExitPass.objects.filter(order_id=order_id).exists():
        raise Invalid("An order has one exit pass.")
    pass_id, looked_at = new_id(), rules.is_looked_at(secrets.randbelow(100), pieces)
    ExitPass.objects.create(
        id=pass_id, order_id=order_id, location=location, looked_at=looked_at, issued_at=now(), good_until=good_until
    )
    return ExitPassIssued(
        pass_id=pass_id, order_id=order_id, location=location, looked_at=looked_at, good_until=good_until
    )


@command
def check_pass(pass_id: UUID, location: str, by: UUID | None = None) -> ExitPassChecked:
    """A door of this store lets the goods out. Of several doors that see the same pass, one is the first.

    Raises UnknownPass, OtherStore, PassUsed with `at`, PassLapsed with `at`.
    """
    at = now()
    # The row is taken by whoever comes first; the others wait, then find it checked.
    if not ExitPass.objects.filter(pk=pass_id, location=location, state="open").update(
        state="checked", checked_at=at, checked_by=by
    ):
        raise _why_not(pass_id, location)
    order_id: UUID = ExitPass.objects.values_list("order_id", flat=True).get(pk=pass_id)
    return ExitPassChecked(pass_id=pass_id, order_id=order_id, location=location, checked_by=by)


def _why_not(pass_id: UUID, location: str) -> UnknownPass | OtherStore | PassUsed | PassLapsed:
    row = ExitPass.objects.filter(pk=pass_id).first()
    if row is None:
        return UnknownPass()
    if row.location != location:
        return OtherStore(location=row.location)
    if row.state == "lapsed" and row.lapsed_at:
        return PassLapsed(at=row.lapsed_at.isoformat())
    return PassUsed(at=row.checked_at.isoformat() if row.checked_at else "")


@command
def lapse_pass(pass_id: UUID) -> ExitPassLapsed:
    """The store has closed, and no door has seen the pass. Raises UnknownPass, PassUsed, PassLapsed."""
    row = ExitPass.objects.select_for_update().filter(pk=pass_id).first()
    if row is None:
        raise UnknownPass()
    if row.state != "open":
        raise _why_not(pass_id, row.location)
    ExitPass.objects.filter(pk=pass_id).update(state="lapsed", lapsed_at=now())
    return ExitPassLapsed(pass_id=pass_id, order_id=row.order_id, location=row.location)


@command
def note_look(pass_id: UUID, location: str, found: str) -> BagLookedAt:
    """What came of looking into the bag: right or differs. Raises UnknownPass, OtherStore, NothingToLookAt, Invalid."""
    if found not in ("right", "differs"):
        raise Invalid("A bag is right, or it differs from the list.")
    row = ExitPass.objects.select_for_update().filter(pk=pass_id).first()
    if row is None:
        raise UnknownPass()
    if row.location != location:
        raise OtherStore(location=row.location)
    if row.state != "checked" or row.found:
        raise NothingToLookAt()
    ExitPass.objects.filter(pk=pass_id).update(found=found)
    return BagLookedAt(pass_id=pass_id, order_id=row.order_id, location=location, found=found)
