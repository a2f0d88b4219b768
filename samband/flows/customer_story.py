"""A customer's timeline over all channels: what was captured of them, what the house told of them and of their
payments, and orders that they made before we knew them. Newest first and paged, whatever id they are asked for by.

What was captured and what was imported stands at the moment at which it happened, what the house told at the moment at
which it was written down: nobody's clock but our own.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import MOST_A_PAGE, OrderCard
from samband.customers.accounts import queries as accounts
from samband.customers.profiles import telling
from samband.customers.profiles.telling import Wanted
from samband.engagement.messaging import queries as messages
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline

from .known_customer import Known, known_customer
from .story_kinds import IMPORTED, KINDS, MIRRORED, MIRRORED_OF_ACCOUNTS, TOUCHES, touch_kind
from .story_reading import Cursor, CustomerStory, Moment, Reading, Stream, latest

__all__ = ["IMPORTED", "KINDS", "CustomerStory", "Moment", "customer_story", "orders_of"]

MOST_ORDERS = 2_000
"""Of somebody who ordered more often, the latest so many."""


def customer_story(
    customer: UUID,
    kind: str | None = None,
    before: str = "",
    most: int = 40,
    *,
    channel: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    known: Known | None = None,
) -> CustomerStory:
    """What happened with a customer, newest first.

    `kind` is one of KINDS; `channel` keeps what is known to have happened there; `since` (inclusive) and `until`
    (exclusive) what happened between; `before` is where the last page ended. Whoever knows the customer already passes
    them as `known`. Seven statements at most for anybody with up to 200 orders. Raises NotFound, Invalid for a kind or
    a place that is none.
    """
    if kind is not None and kind not in KINDS:
        raise Invalid("There is no such kind of moment.", kind=kind[:40])
    cursor = Cursor.read(before)
    whose = known or known_customer(customer)
    asked = _Asked(whose, kind, channel, since, until, most)
    streams = (asked.told(cursor), asked.imported(cursor), asked.captured(cursor))
    moments = tuple(latest(streams, most))
    cursor = Cursor(streams[0].mark, streams[1].mark, streams[2].mark)
    return CustomerStory(moments, str(cursor) if any(one.goes_on() for one in streams) else "")


class _Asked:
    """One look at a customer: what is read of each of the three streams, and how."""

    def __init__(
        self, whose: Known, kind: str | None, channel: str, since: datetime | None, until: datetime | None, most: int
    ) -> None:
        self.whose, self.kind, self.channel, self.since, self.until = whose, kind, channel, since, until
        self.at_once = most + 1
        self.reading = Reading({card.id: card for card in _all_orders(whose)}, _waiting(whose))
        self.subjects = [*self.reading.subjects(), *(f"address:{key}" for key in whose.keys)]

    def told(self, cursor: Cursor) -> Stream[int]:
        """What the house told, by position."""
        names = [name for one, names in KINDS.items() if self.kind in (None, one) for name in names]

        def read(after: int | None) -> Iterator[tuple[int, Moment | None]]:
            entries = timeline.story(
                self.whose.ids, self.subjects, names, after, self.at_once, since=self.since, until=self.until
            )
            self.reading.learn(entries)
            for entry in entries:
                yield entry.position, self._wanted(self.reading.moment(entry))

        return Stream(read, cursor.position, self.at_once, empty=not names)

    def imported(self, cursor: Cursor) -> Stream[UUID]:
        """Orders of other systems, at the day on which they were made."""
        cards = self.reading.imported() if self.kind in (None, "orders") else []

        def read(after: UUID | None) -> Iterator[tuple[UUID, Moment | None]]:
            first = next(
                (place + 1 for place, card in enumerate(cards) if card.id == after), 0 if after is None else None
            )
            for card in cards[first : first + self.at_once] if first is not None else []:
                moment = self.reading.order_imported(card)
                inside = (self.since is None or moment.at >= self.since) and (
                    self.until is None or moment.at < self.until
                )
                yield card.id, self._wanted(moment) if inside else None

        return Stream(read, cursor.imported, self.at_once, empty=not cards)

    def captured(self, cursor: Cursor) -> Stream[tuple[datetime, int]]:
        """Touchpoints, by the moment at which they happened."""
        wanted = Wanted(
            channels=[self.channel] if self.channel else None,
            events=TOUCHES.get(self.kind or ""),
            but=[name for names in TOUCHES.values() for name in names] if self.kind == "visits" else (),
            since=self.since,
            until=self.until,
            mirrored=MIRRORED,
            mirrored_of_accounts=MIRRORED_OF_ACCOUNTS,
        )

        def read(
            after: tuple[datetime, int] | None,
        ) -> Iterator[tuple[tuple[datetime, int], Moment | None]]:
            for touch in telling.touches(self.whose.customer, replace(wanted, before=after), self.at_once):
                yield (
                    (touch.at, touch.position),
                    Moment(touch.at, touch_kind(touch.event), touch.event, {}, touch=touch),
                )

        none_of_that_kind = self.kind not in (None, "visits") and self.kind not in TOUCHES
        return Stream(read, cursor.captured, self.at_once, empty=none_of_that_kind or not self.whose.members)

    def _wanted(self, moment: Moment | None) -> Moment | None:
        """A moment, if it is of the channel that is asked for."""
        return moment if moment and (not self.channel or moment.channel == self.channel) else None


def orders_of(whose: Known, before: UUID | None = None, most: int = 20) -> tuple[OrderCard, ...]:
    """What a customer ordered with any account, or as a guest with any address of theirs, newest first."""
    return orders.of_customer(whose.account_ids, before, most, accounts.contacts_of_emails(whose.emails))


def _all_orders(whose: Known) -> Iterator[OrderCard]:
    before: UUID | None = None
    for _ in range(MOST_ORDERS // MOST_A_PAGE):
        page = orders_of(whose, before, MOST_A_PAGE)
        yield from page
        if len(page) < MOST_A_PAGE:
            return
        before = page[-1].id


def _waiting(whose: Known) -> frozenset[str]:
    """Messages that have been neither sent nor given up."""
    told = [one for account in whose.account_ids for one in messages.of_customer(account)]
    return frozenset(str(message.id) for message in told if message.state in ("queued", "sending"))
