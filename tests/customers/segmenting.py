"""A small world of customers for segments, and a second opinion: who is in a segment by its words, reckoned by hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection, transaction

from samband.customers.accounts import commands as accounts
from samband.customers.identity import commands as identity
from samband.customers.identity.rules import Pair
from samband.customers.profiles.models import Profile
from samband.customers.segments import commands, compiling, reckoning
from samband.customers.segments.definitions import (
    Agreed,
    Amount,
    Bought,
    Condition,
    Definition,
    Did,
    Doing,
    Trait,
    Visited,
    When,
    said,
)
from samband.customers.segments.models import Membership, Segment
from samband.customers.touchpoints import storing
from samband.customers.touchpoints.reading import message_of
from samband.customers.touchpoints.shapes import Happening, Row
from samband.flows.follow_customers import follow
from samband.kernel.clock import now
from samband.kernel.identifier import KINDS, Identifier
from tests.customers.touched import BEGAN, open_sources

TREE = {"home": ("home", "sofas", "lamps"), "sofas": ("sofas",), "lamps": ("lamps",), "food": ("food",)}


@dataclass(frozen=True)
class Done:
    """Something somebody did."""

    who: Identifier
    event: str = "Product Viewed"
    at: datetime = BEGAN
    channel: str = "shop"
    place: str | None = None
    sku: str | None = None
    category: str | None = None
    order: str | None = None
    worth: int | None = None
    currency: str | None = None
    products: tuple[tuple[str, str], ...] = ()


@dataclass
class World:
    """What was told so far."""

    done: list[Done] = field(default_factory=list)
    answers: dict[tuple[UUID, str], bool] = field(default_factory=dict)
    groups: dict[UUID, str] = field(default_factory=dict)

    @transaction.atomic
    def tell(self, *done: Done) -> None:
        source = open_sources()["server"]
        numbers = identity.know([one.who for one in done], BEGAN)
        events = storing.event_numbers(sorted({one.event for one in done}))
        rows = [
            Row(_happening(one, nth), source, events[one.event], numbers[one.who.key], None)
            for nth, one in enumerate(done)
        ]
        storing.store(rows, datetime.now(UTC))
        self.done.extend(done)

    def same(self, a: Identifier, b: Identifier) -> None:
        numbers = identity.know([a, b], BEGAN)
        identity.assert_pairs([Pair(numbers[a.key], numbers[b.key], "stated", "test", BEGAN)])

    def part(self, a: Identifier, b: Identifier) -> None:
        numbers = identity.know([a, b], BEGAN)
        low, high = sorted((numbers[a.key], numbers[b.key]))
        [(assertion,)] = reckoning.rows("select id from identity_assertion where a = %s and b = %s", [low, high])
        identity.retract(assertion, "staff")

    def answer(self, who: Identifier, purpose: str, granted: bool) -> None:
        identity.know([who], BEGAN)
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into consent_standing (address, purpose, kind, granted, at, entry)"
                " values (%s, %s, %s, %s, %s, gen_random_uuid())"
                " on conflict (address, purpose) do update set granted = excluded.granted",
                [who.key, purpose, who.kind, granted, BEGAN],
            )
        self.answers[who.key, purpose] = granted
        self.wake(who)

    def group(self, who: Identifier, name: str) -> None:
        accounts.change(who.key, group=name)
        self.groups[who.key] = name
        self.wake(who)

    def wake(self, who: Identifier) -> None:
        commands.wake([whose()[who.key]])


def account(name: str) -> Identifier:
    """Somebody with an account in the shop."""
    return Identifier("account", str(accounts.register(f"{name}@customer.example", source="shop")))


def _happening(one: Done, nth: int) -> Happening:
    products = [{"sku": sku, "category": category} for sku, category in one.products]
    properties: dict[str, Any] = {"products": products} if products else {}
    return Happening(
        message=message_of(1, f"done-{nth}"), event=one.event, occurred_at=one.at, channel=one.channel,
        payload=msgspec.json.encode({"properties": properties}), place=one.place, sku=one.sku,
        category=one.category, order_ref=one.order, worth=one.worth, currency=one.currency,
    )  # fmt: skip


def settle() -> None:
    """Do all that goes on by itself until nothing is left to do."""
    follow()
    commands.sweep()
    while commands.fill_next():
        pass
    while commands.evaluate_waiting():
        pass


def define(slug: str, *conditions: Condition, **more: Any) -> Definition:
    """A segment of those of whom all of this holds."""
    who = conditions[0] if len(conditions) == 1 else Condition(all=conditions)
    definition = Definition(segment=slug, who=who, **more)
    commands.save(definition)
    return definition


def kept(slug: str) -> set[UUID]:
    """Who is kept in a segment."""
    number = Segment.objects.get(slug=slug).pk
    return set(Membership.objects.filter(segment=number, how__lte=1).values_list("customer", flat=True))


def in_bulk(slug: str) -> set[UUID]:
    """Who is in it, reckoned for everybody at once."""
    segments = reckoning.kept()
    one = next(found for found in segments if found.slug == slug)
    facts = reckoning.facts(segments, [one.definition], now())
    text, values = compiling.found([one.asked], facts, None)
    return {customer for (customer,) in reckoning.rows(f"{text} select customer from found", values)}


def whose() -> dict[UUID, UUID]:
    """Whose every identifier is, by key."""
    return dict(reckoning.rows("select key, customer from identity_identifier where customer is not null", []))


# --- the second opinion


@dataclass
class Judge:
    """Says by hand of whom a condition holds at a moment. Knows nothing of SQL."""

    world: World
    at: datetime
    zone: str = "UTC"
    segments: dict[str, set[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.whose = whose()
        self.kinds = dict(reckoning.rows("select key, kind from identity_identifier where customer is not null", []))
        self.profiles = {row.customer: row for row in Profile.objects.all()}
        self.everybody = set(self.whose.values())

    def members(self, definition: Definition) -> set[UUID]:
        self.zone = definition.zone
        return {customer for customer in self.everybody if self.holds(customer, definition.who)}

    def holds(self, customer: UUID, condition: Condition) -> bool:
        [(kind, value)] = said(condition).items()
        return bool(getattr(self, f"_{kind}")(customer, value))

    def _all(self, customer: UUID, inner: Iterable[Condition]) -> bool:
        return all(self.holds(customer, one) for one in inner)

    def _any(self, customer: UUID, inner: Iterable[Condition]) -> bool:
        return any(self.holds(customer, one) for one in inner)

    def _none(self, customer: UUID, inner: Iterable[Condition]) -> bool:
        return not self._any(customer, inner)

    def _in(self, customer: UUID, slug: str) -> bool:
        return customer in self.segments[slug]

    def _not_in(self, customer: UUID, slug: str) -> bool:
        return customer not in self.segments[slug]

    def _known_by(self, customer: UUID, kinds: Iterable[str]) -> bool:
        return any(KINDS[self.kinds[key]] in kinds for key in self._keys(customer))

    def _group(self, customer: UUID, groups: Iterable[str]) -> bool:
        return any(self.world.groups.get(key) in groups for key in self._keys(customer))

    def _consent(self, customer: UUID, agreed: Agreed) -> bool:
        answers = self.world.answers
        found = [answers[key, agreed.purpose] for key in self._keys(customer) if (key, agreed.purpose) in answers]
        return agreed.answer == ("unknown" if not found else "granted" if all(found) else "refused")

    def _keys(self, customer: UUID) -> list[UUID]:
        return [key for key, owner in self.whose.items() if owner == customer]

    def _of(self, customer: UUID, event: str) -> Iterator[Done]:
        for one in self.world.done:
            if self.whose.get(one.who.key) == customer and event in ("", one.event):
                yield one

    def _did_not(self, customer: UUID, doing: Doing) -> bool:
        return not any(self._fits(one, doing) for one in self._of(customer, doing.event))

    def _did(self, customer: UUID, did: Did) -> bool:
        found = [one for one in self._of(customer, did.event) if self._fits(one, did)]
        if did.total is not None:
            found = [one for one in found if one.currency == did.total.currency and one.worth is not None]
        times = self._piled(found, did.event.startswith("Order "))
        if not did.at_least <= len(times) or (did.at_most is not None and len(times) > did.at_most):
            return False
        if did.total is not None and not _between(sum(worth for worth in times), did.total):
            return False
        moments = [one.at for one in found]
        return (did.first is None or self._when(min(moments), did.first)) and (
            did.last is None or self._when(max(moments), did.last)
        )

    def _piled(self, found: list[Done], orders: bool) -> list[int]:
        """What each counts for: an order once, at the most that anybody said."""
        piles: dict[object, int] = {}
        for nth, one in enumerate(found):
            name = one.order if orders and one.order else nth
            piles[name] = max(piles.get(name, one.worth or 0), one.worth or 0)
        return list(piles.values())

    def _place(self, customer: UUID, visited: Visited) -> bool:
        doing = Doing(within_days=visited.within_days, since=visited.since, until=visited.until, place=visited.any_of)
        times = sum(self._fits(one, doing) for one in self._of(customer, ""))
        return visited.at_least <= times and (visited.at_most is None or times <= visited.at_most)

    def _bought(self, customer: UUID, bought: Bought) -> bool:
        doing = Doing(
            within_days=bought.within_days, since=bought.since, until=bought.until, channel=bought.channel,
            place=bought.place,
        )  # fmt: skip
        gone = {one.order for one in self._of(customer, "Order Cancelled") if one.order}
        found = [
            one
            for one in self._of(customer, "Order Completed")
            if self._fits(one, doing) and self._has(one, bought) and one.order not in gone
        ]
        if bought.total is not None:
            found = [one for one in found if one.currency == bought.total.currency and one.worth is not None]
        piles = self._piled(found, True)
        fits = bought.at_least <= len(piles) and (bought.at_most is None or len(piles) <= bought.at_most)
        return fits and (bought.total is None or _between(sum(piles), bought.total))

    def _has(self, one: Done, bought: Bought) -> bool:
        if not bought.sku and not bought.category:
            return True
        below = {slug for category in bought.category for slug in TREE[category]}
        goods = [(one.sku, one.category), *one.products]
        return any(sku in bought.sku or category in below for sku, category in goods)

    def _fits(self, one: Done, doing: Doing) -> bool:
        below = {slug for category in doing.category for slug in TREE[category]}
        worth = doing.worth
        return (
            self._when(one.at, When(within_days=doing.within_days, since=doing.since, until=doing.until))
            and (not doing.channel or one.channel in doing.channel)
            and (not doing.place or one.place in doing.place)
            and (not doing.sku or one.sku in doing.sku)
            and (not doing.category or one.category in below)
            and (worth is None or (one.currency == worth.currency and one.worth is not None
                                   and _between(one.worth, worth)))
        )  # fmt: skip

    def _when(self, at: datetime, when: When) -> bool:
        if when.within_days is not None and at <= self.at - timedelta(days=when.within_days):
            return False
        if when.longer_ago_than_days is not None and at > self.at - timedelta(days=when.longer_ago_than_days):
            return False
        local = at.astimezone(ZoneInfo(self.zone))
        since = datetime.combine(when.since, time(), ZoneInfo(self.zone)) if when.since else None
        return not (since and local < since) and not (when.until and local.date() > when.until)

    def _trait(self, customer: UUID, trait: Trait) -> bool:
        row = self.profiles.get(customer)
        value = getattr(row, trait.name) if row else None
        if trait.known is not None:
            return (value is not None) == trait.known
        if value is None:
            return False
        if isinstance(trait.value, bool):
            return value == trait.value
        if isinstance(trait.value, tuple):
            named = set(trait.value)
            if trait.name == "favourite_category":
                named = {slug for category in named for slug in TREE[category]}
            return value in named
        if isinstance(value, datetime):
            when = When(trait.within_days, trait.longer_ago_than_days, trait.since, trait.until)
            return self._when(value, when)
        return (not trait.currency or row.currency == trait.currency) and _between(value, trait)


def _between(number: int, bounds: Amount | Trait) -> bool:
    return (bounds.at_least is None or number >= bounds.at_least) and (
        bounds.at_most is None or number <= bounds.at_most
    )
