"""Letting go of what nobody needs any more: by age and by kind, a few at a time, as the rules of this house say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session

from samband.commerce.cart import privacy as carts
from samband.commerce.fulfillment import privacy as fulfillment
from samband.commerce.orders import privacy as orders
from samband.commerce.spots import privacy as spots
from samband.commerce.tills import privacy as tills
from samband.customers.accounts import privacy as accounts
from samband.customers.consent import privacy as consents
from samband.customers.rights import commands, queries
from samband.customers.rights import privacy as rights
from samband.customers.rights.queries import KeepingView
from samband.customers.touchpoints import aged as touchpoints
from samband.engagement.messaging import privacy as messaging
from samband.kernel.clock import now
from samband.timeline import privacy as timeline
from samband.timeline.chores import every

from . import files_of_customer as files

AT_ONCE = 1_000
MOST_A_TURN = 20_000
"""So many rows a statement, and so many of a kind each time; what is left waits for the next turn."""

Count = Callable[[datetime], int]
Forget = Callable[[datetime, int], int]


@dataclass(frozen=True, slots=True)
class Deed:
    """How a rule is carried out: how many there are from before a moment, and letting go of so many of them."""

    count: Count
    forget: Forget


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would let go of now."""

    keeping: KeepingView
    count: int


def keep_no_longer(only: str | None = None) -> dict[str, int]:
    """Let go of what is too old, by every rule or one; how many by each. What went is told on the timeline."""
    gone: dict[str, int] = {}
    for keeping in queries.keeping():
        if only in (None, keeping.rule.code) and keeping.days is not None:
            before = now() - timedelta(days=keeping.days)
            if count := sum(_forget_all(DEEDS[keeping.rule.code].forget, before)):
                gone[keeping.rule.code] = count
                commands.note_kept_no_longer(keeping.rule.code, count)
    return gone


def preview() -> tuple[Preview, ...]:
    """What each rule would let go of now, and touching nothing."""
    at = now()
    return tuple(
        Preview(one, 0 if one.days is None else DEEDS[one.rule.code].count(at - timedelta(days=one.days)))
        for one in queries.keeping()
    )


@every(seconds=3600)
def let_go_of_what_is_old() -> int:
    """Each rule, a turn's worth of it."""
    return sum(keep_no_longer().values())


def _forget_all(forget: Forget, before: datetime) -> Iterator[int]:
    done = 0
    while done < MOST_A_TURN:
        count = forget(before, AT_ONCE)
        yield count
        done += count
        if not count:
            return


# --- whom orders were for: the contacts are one room's, which orders are over another's


def _old_contacts(drafts: bool) -> Count:
    def count(before: datetime) -> int:
        return sum(len(accounts.named([contact for _, contact in page])) for page in _pages(before, drafts))

    return count


def _forget_contacts(drafts: bool) -> Forget:
    """Page by page; the next call goes on where this one stopped, until one finds nothing more and begins anew."""
    reached: list[UUID | None] = [None]

    def forget(before: datetime, most: int) -> int:
        for page in _pages(before, drafts, reached[0]):
            reached[0] = page[-1][0]
            named = accounts.named([contact for _, contact in page])
            theirs = [order for order, contact in page if contact in named]
            if theirs:
                went = {*orders.addresses_of(theirs), *fulfillment.addresses_of(theirs)}
                return accounts.forget_contacts(named, went)
        reached[0] = None
        return 0

    return forget


def _pages(before: datetime, drafts: bool, after: UUID | None = None) -> Iterator[list[tuple[UUID, UUID]]]:
    while page := orders.ended(before, after, AT_ONCE, drafts=drafts):
        yield page
        after = page[-1][0]


# --- files and sessions


def _old_files(kind: str) -> Deed:
    def forget(before: datetime, most: int) -> int:
        return sum(files.remove(path) for path in list(files.old_files(kind, before))[:most])

    return Deed(lambda before: sum(1 for _ in files.old_files(kind, before)), forget)


def _old_sessions(before: datetime) -> int:
    return Session.objects.filter(expire_date__lt=before).count()


def _forget_sessions(before: datetime, most: int) -> int:
    chosen = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:most])
    return Session.objects.filter(pk__in=chosen).delete()[0]


DEEDS: Mapping[str, Deed] = {
    "guest_carts": Deed(carts.old_guest_carts, carts.forget_guest_carts),
    "contacts_of_drafts": Deed(_old_contacts(True), _forget_contacts(True)),
    "contacts_of_orders": Deed(_old_contacts(False), _forget_contacts(False)),
    "sign_in_codes": Deed(accounts.old_codes, accounts.forget_codes),
    "messages": Deed(messaging.old_messages, messaging.forget_messages),
    "offline_payloads": Deed(tills.old_payloads, tills.forget_payloads),
    "idempotency": Deed(timeline.old_keys, timeline.forget_keys),
    "label_links": Deed(fulfillment.old_labels, fulfillment.forget_labels),
    "store_visits": Deed(spots.old_visits, spots.forget_visits),
    "touchpoints_of_nobody": Deed(touchpoints.of_nobody, touchpoints.forget_of_nobody),
    "touchpoints": Deed(touchpoints.of_anybody, touchpoints.forget_of_anybody),
    "browser_answers": Deed(consents.old_browsers, consents.forget_browsers),
    "sessions": Deed(_old_sessions, _forget_sessions),
    "mail_files": _old_files(files.MAILS),
    "import_rejects": _old_files(files.REJECTS),
    "requests": Deed(rights.old_requests, rights.forget_requests),
}
"""How each rule is carried out."""
