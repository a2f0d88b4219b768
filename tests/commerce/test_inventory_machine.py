"""Whatever is asked of inventory in whatever order, by whichever channel: never oversold, the ledger is the level, held
is what is claimed, and fenced is what open fences keep.

A machine asks at random and keeps a model of its own beside the database.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from samband.commerce.inventory import books, commands, fences, queries
from samband.commerce.inventory.allotments import GRACE
from samband.kernel.clock import held_at
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id, readable_code
from samband.kernel.refusal import Refusal
from tests.commerce.shelves import store

SKUS = ("CHAIR", "LAMP", "SOFA")
CHANNELS = ("shop", "pos")
Spot = tuple[str, str]

units = st.integers(1, 4)
lines = st.dictionaries(st.sampled_from(SKUS), units, min_size=1, max_size=2).map(
    lambda wants: tuple(Line(sku, quantity) for sku, quantity in wants.items())
)
place = st.integers(0, 1)
spots = st.tuples(place, st.sampled_from(SKUS))
baskets = st.dictionaries(spots, units, min_size=1, max_size=3)
channels = st.sampled_from(("", *CHANNELS))
which = st.integers(0, 10**6)


class Shelf(RuleBasedStateMachine):
    """Two stores, three SKUs, and beside them a model that keeps the same in dictionaries."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2026, 3, 28, 12, tzinfo=UTC)
        self.codes = tuple(store(f"{end}-{readable_code(12)}") for end in "AB")
        self.on_hand: Counter[Spot] = Counter()
        self.safety: Counter[Spot] = Counter()
        self.holds: dict[UUID, dict[str, Any]] = {}
        self.fences: dict[UUID, dict[str, Any]] = {}

    @initialize(stock=st.tuples(*[st.integers(0, 6)] * 6))
    def goods_are_there(self, stock: tuple[int, ...]) -> None:
        for spot, quantity in zip(product(self.codes, SKUS), stock, strict=True):
            if quantity:
                self.ask(commands.receive, spot[0], (Line(spot[1], quantity),), "opening stock", True)
                self.on_hand[spot] = quantity

    # What is asked

    @rule(place=place, lines=lines)
    def receive(self, place: int, lines: tuple[Line, ...]) -> None:
        assert self.ask(commands.receive, self.codes[place], lines, "note") == "done"
        for line in lines:
            self.on_hand[self.codes[place], line.sku] += line.quantity

    @rule(basket=baskets, minutes=st.integers(1, 30), channel=channels)
    def hold(self, basket: dict[tuple[int, str], int], minutes: int, channel: str) -> None:
        wanted = self.spots(basket)
        hold_id, lapses_at = new_id(), self.at + timedelta(minutes=minutes)
        answer = self.ask(commands.hold, hold_id, positions(wanted), lapses_at, channel)
        if self.as_far_as_there_is(answer, wanted, channel):
            self.holds[hold_id] = self.claimed("order", "live", lapses_at, channel, self.draw(wanted, channel))

    @rule(basket=baskets, minutes=st.integers(1, 30), channel=st.sampled_from(CHANNELS), partly=st.booleans())
    def allot(self, basket: dict[tuple[int, str], int], minutes: int, channel: str, partly: bool) -> None:
        wanted = self.spots(basket)
        if partly and (possible := self.possible(wanted, channel)):
            asked, wanted = wanted, possible
        else:
            asked = wanted
        hold_id, until = new_id(), self.at + timedelta(minutes=minutes)
        answer = self.ask(commands.allot, hold_id, positions(asked), until, channel=channel, partly=partly)
        if self.as_far_as_there_is(answer, wanted, channel):
            drawn = self.draw(wanted, channel)
            self.holds[hold_id] = self.claimed("allotment", "live", until + GRACE, channel, drawn)

    @precondition(lambda self: self.some_of("allotment"))
    @rule(which=which, basket=baskets, partly=st.booleans())
    def top_up(self, which: int, basket: dict[tuple[int, str], int], partly: bool) -> None:
        hold_id, hold = self.some(which, "allotment")
        asked = self.spots(basket)
        wanted = self.possible(asked, hold["channel"]) if partly else asked
        answer = self.ask(commands.top_up, hold_id, positions(asked), partly=partly)
        if hold["state"] == "closed":
            assert answer == "hold_closed"
        elif self.as_far_as_there_is(answer, wanted, hold["channel"]):
            for spot, (units, drawn, fence) in self.draw(wanted, hold["channel"]).items():
                kept = hold["drawn"][spot] if fence in (None, hold["fence"].get(spot)) else 0
                hold["left"][spot] += units
                hold["drawn"][spot] = kept + drawn
                hold["fence"][spot] = fence or hold["fence"].get(spot)

    @precondition(lambda self: self.some_of("allotment"))
    @rule(which=which, part=st.none() | baskets)
    def give_back(self, which: int, part: dict[tuple[int, str], int] | None) -> None:
        hold_id, hold = self.some(which, "allotment")
        wanted = Counter(hold["left"]) if part is None else self.spots(part)
        asked = None if part is None else positions(wanted)
        expected = "hold_closed" if hold["state"] == "closed" else self.within(hold, wanted)
        assert self.ask(commands.give_back, hold_id, asked) == expected
        if expected == "done":
            self.put_back(hold, wanted)
            hold["state"] = "closed" if part is None else "live"

    @precondition(lambda self: self.some_of("allotment"))
    @rule(which=which, basket=baskets, shelf=st.booleans())
    def hand_on(self, which: int, basket: dict[tuple[int, str], int], shelf: bool) -> None:
        hold_id, hold = self.some(which, "allotment")
        wanted, order_id = self.spots(basket), new_id()
        answer = self.ask(commands.hand_on, hold_id, order_id, positions(wanted), shelf=shelf, channel=hold["channel"])
        if not shelf:
            expected = "hold_closed" if hold["state"] == "closed" else self.within(hold, wanted)
            assert answer == expected
            if expected != "done":
                return
        own = Counter({spot: min(units, hold["left"][spot]) for spot, units in wanted.items()})
        missing = wanted - own
        if not self.as_far_as_there_is(answer, missing, hold["channel"]):
            return
        of_shelf = self.draw(missing, hold["channel"])
        order = self.claimed("order", "kept", self.at, hold["channel"], of_shelf)
        for spot, units in (+own).items():
            drawn, fence = self.take_from(hold, spot, units), hold["fence"].get(spot)
            order["left"][spot] += units
            if not order["drawn"][spot]:
                order["fence"][spot] = fence
            if order["fence"].get(spot) == fence:
                order["drawn"][spot] += drawn
        self.holds[order_id] = order

    @rule(spot=spots, units=units, channel=st.sampled_from(CHANNELS), minutes=st.none() | st.integers(1, 40))
    def fence(self, spot: tuple[int, str], units: int, channel: str, minutes: int | None) -> None:
        at, fence_id = (self.codes[spot[0]], spot[1]), new_id()
        until = self.at + timedelta(minutes=minutes) if minutes else None
        expected = "done" if self.free(at) >= units else "not_enough_stock"
        if self.open_fence(at, channel):
            expected = "fence_exists"
        assert self.ask(commands.fence, fence_id, channel, *at, units, until=until) == expected
        if expected == "done":
            self.fences[fence_id] = {"at": at, "channel": channel, "left": units, "until": until, "open": True}

    @precondition(lambda self: self.fences)
    @rule(which=which, units=st.none() | units)
    def unfence(self, which: int, units: int | None) -> None:
        fence_id, fence = list(self.fences.items())[which % len(self.fences)]
        expected = "done" if units is None or units <= fence["left"] else "less_fenced"
        if not fence["open"]:
            expected = "fence_over"
        assert self.ask(commands.unfence, fence_id, units) == expected
        if expected == "done":
            fence["left"] -= fence["left"] if units is None else units
            fence["open"] = units is not None

    @rule()
    def fences_give_back(self) -> None:
        over = [each for each in self.fences.values() if each["open"] and each["until"] and each["until"] <= self.at]
        with held_at(self.at):
            assert fences.give_back_due() == len(over)
        for each in over:
            each |= {"open": False, "left": 0}

    @precondition(lambda self: self.some_of("order"))
    @rule(which=which)
    def keep(self, which: int) -> None:
        hold_id, hold = self.some(which, "order")
        lapsed = hold["lapses_at"] <= self.at
        expected = {
            "live": "hold_lapsed" if lapsed else "done",
            "kept": "hold_already_kept",
            "closed": "hold_lapsed" if lapsed else "hold_closed",
        }[hold["state"]]
        # A hold that was kept and then emptied is closed too, whenever it would have lapsed.
        assert self.ask(commands.keep, hold_id) == expected
        if expected == "done":
            hold["state"] = "kept"

    @precondition(lambda self: self.some_of("order"))
    @rule(which=which, part=st.none() | baskets)
    def release(self, which: int, part: dict[tuple[int, str], int] | None) -> None:
        hold_id, hold = self.some(which, "order")
        wanted = Counter(hold["left"]) if part is None else self.spots(part)
        asked = None if part is None else positions(wanted)
        expected = "hold_closed" if hold["state"] == "closed" else self.within(hold, wanted)
        assert self.ask(commands.release, hold_id, "cancelled", asked) == expected
        if expected == "done":
            self.put_back(hold, wanted)

    @precondition(lambda self: self.some_of("order"))
    @rule(which=which, part=st.none() | baskets)
    def issue(self, which: int, part: dict[tuple[int, str], int] | None) -> None:
        hold_id, hold = self.some(which, "order")
        wanted = Counter(hold["left"]) if part is None else self.spots(part)
        expected = {
            "live": "hold_not_kept",
            "closed": "hold_closed",
            "kept": self.within(hold, wanted),
        }[hold["state"]]
        if not wanted:
            return
        assert self.ask(commands.issue, hold_id, positions(wanted)) == expected
        if expected == "done":
            for spot, units in wanted.items():
                self.take_from(hold, spot, units)
            self.close_if_empty(hold)
            self.on_hand.subtract(wanted)

    @precondition(lambda self: self.some_of("allotment"))
    @rule(which=which)
    def a_device_has_no_order(self, which: int) -> None:
        hold_id, _ = self.some(which, "allotment")
        for command, *more in ((commands.keep,), (commands.release, "cancelled"), (commands.issue, ())):
            assert self.ask(command, hold_id, *more) == "is_allotment"

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def a_day_passes(self) -> None:
        self.at += GRACE

    @rule()
    def the_sweeper_comes(self) -> None:
        over = [hold for hold in self.holds.values() if hold["state"] == "live" and hold["lapses_at"] <= self.at]
        with held_at(self.at):
            assert commands.lapse_holds(most=2) == len(over)
        for hold in over:
            self.put_back(hold, Counter(hold["left"]))
            hold["state"] = "closed"

    @rule(place=place, lines=lines)
    def transfer(self, place: int, lines: tuple[Line, ...]) -> None:
        here, there = self.codes[place], self.codes[1 - place]
        enough = all(self.unclaimed((here, line.sku)) >= line.quantity for line in lines)
        assert self.ask(commands.transfer, here, there, lines, "van") == ("done" if enough else "not_enough_stock")
        if enough:
            for line in lines:
                self.on_hand[here, line.sku] -= line.quantity
                self.on_hand[there, line.sku] += line.quantity

    @rule(place=place, differences=st.dictionaries(st.sampled_from(SKUS), st.integers(-5, 5), min_size=1))
    def adjust(self, place: int, differences: dict[str, int]) -> None:
        code = self.codes[place]
        after = {(code, sku): self.on_hand[code, sku] + each for sku, each in differences.items()}
        asked = tuple(Position(code, sku, each) for sku, each in differences.items())
        self.put_right(after, commands.adjust, code, asked, "damaged", "report")

    @rule(place=place, found=st.dictionaries(st.sampled_from(SKUS), st.integers(0, 9), min_size=1))
    def count(self, place: int, found: dict[str, int]) -> None:
        code = self.codes[place]
        after = {(code, sku): each for sku, each in found.items()}
        self.put_right(after, commands.count, code, positions(after), "stocktaking")

    @rule(spot=spots, safety=st.integers(0, 4))
    def set_safety(self, spot: tuple[int, str], safety: int) -> None:
        code, sku = self.codes[spot[0]], spot[1]
        commands.set_safety(code, sku, safety)
        self.safety[code, sku] = safety

    # What must hold after every step

    @invariant()
    def levels_are_what_the_model_says(self) -> None:
        for channel in ("", *CHANNELS):
            found = queries.available(SKUS, channel)
            places = queries.places(SKUS, channel)
            for sku in SKUS:
                levels = {each.location: each for each in found[sku]}
                for code in self.codes:
                    level = levels.get(code)
                    told = (level.on_hand, level.held, level.fenced, level.available) if level else (0, 0, 0, 0)
                    at = (code, sku)
                    others = self.fenced(at) - self.own(at, channel)
                    assert told == (self.on_hand[at], self.held(*at), others, self.available(at, channel))
                    assert (code in places.get(sku, ())) == (told[3] > 0)

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        for at, on_hand in self.on_hand.items():
            assert 0 <= self.held(*at) + self.fenced(at) <= on_hand

    @invariant()
    def fences_are_what_the_model_says(self) -> None:
        for fence_id, fence in self.fences.items():
            kept = queries.fence(fence_id)
            assert (kept.left, kept.ended_at is None) == (fence["left"], fence["open"])

    @invariant()
    def the_ledger_is_the_level_and_held_is_what_open_holds_claim(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select l.on_hand, l.held,"
                " (select coalesce(sum(quantity), 0) from inventory_move m"
                "   where m.location = l.location and m.sku = l.sku),"
                " (select coalesce(sum(n.left), 0) from inventory_holdline n join inventory_hold h on h.id = n.hold"
                "   where n.location = l.location and n.sku = l.sku and h.state <> 'closed')"
                " from inventory_level l where l.location = any(%s::text[])",
                [list(self.codes)],
            )
            for on_hand, held, moved, claimed in cursor.fetchall():
                assert (on_hand, held) == (moved, claimed)

    @invariant()
    def holds_are_what_the_model_says(self) -> None:
        for hold_id, hold in self.holds.items():
            kept = queries.hold(hold_id)
            assert kept.state == hold["state"]
            assert {(each.location, each.sku): each.left for each in kept.lines if each.left} == +hold["left"]

    def teardown(self) -> None:
        # What is left would lapse or end in the middle of the next machine's life.
        with held_at(self.at + timedelta(days=3)):
            commands.lapse_holds()
            fences.give_back_due()
        assert list(books.findings()) == []

    # The model

    def ask(self, command: Any, *arguments: Any, **more: Any) -> str:
        """Ask for it at the machine's time: done, or the code of the refusal, whose details are kept."""
        with held_at(self.at):
            try:
                command(*arguments, **more)
            except Refusal as refusal:
                self.details = refusal.details
                return refusal.code
        return "done"

    def put_right(self, after: dict[Spot, int], command: Any, *arguments: Any) -> None:
        below = any(each < self.held(*spot) for spot, each in after.items() if each != self.on_hand[spot])
        assert self.ask(command, *arguments) == ("below_held" if below else "done")
        if not below:
            self.on_hand.update({spot: each - self.on_hand[spot] for spot, each in after.items()})
            for spot in after:
                for fence in reversed([each for each in self.fences.values() if each["at"] == spot]):
                    fence["left"] -= max(min(fence["left"], -self.unclaimed(spot)), 0)

    def as_far_as_there_is(self, answer: str, wanted: Counter[Spot], channel: str) -> bool:
        """Whether a channel can have it; the answer must have said so."""
        short = {spot for spot, quantity in wanted.items() if self.available(spot, channel) < quantity}
        assert answer == ("sold_out" if short else "done")
        if short:
            named = {(each["location"], each["sku"]): each["available"] for each in self.details["short"]}
            assert named == {spot: self.available(spot, channel) for spot in short}
        return not short

    def claimed(self, kind: str, state: str, lapses_at: datetime, channel: str, drawn: Any) -> dict[str, Any]:
        return {
            "kind": kind,
            "state": state,
            "lapses_at": lapses_at,
            "channel": channel,
            "left": Counter({spot: units for spot, (units, _, _) in drawn.items()}),
            "drawn": Counter({spot: units for spot, (_, units, _) in drawn.items()}),
            "fence": {spot: fence for spot, (_, _, fence) in drawn.items()},
        }

    def draw(self, wanted: Counter[Spot], channel: str) -> dict[Spot, tuple[int, int, UUID | None]]:
        """Take it out of the channel's fences first: all units, those out of a fence, and which fence that was."""
        drawn: dict[Spot, tuple[int, int, UUID | None]] = {}
        for spot, units in (+wanted).items():
            fence_id = self.open_fence(spot, channel)
            fenced = min(units, self.fences[fence_id]["left"]) if fence_id else 0
            if fence_id:
                self.fences[fence_id]["left"] -= fenced
            drawn[spot] = (units, fenced, fence_id if fenced else None)
        return drawn

    def take_from(self, hold: dict[str, Any], spot: Spot, units: int) -> int:
        """Units leave a hold for good, fenced ones first; how many of them were."""
        fenced = min(units, hold["drawn"][spot])
        hold["drawn"][spot] -= fenced
        hold["left"][spot] -= units
        return fenced

    def put_back(self, hold: dict[str, Any], wanted: Counter[Spot]) -> None:
        """Units of a hold go back, free ones first; the others into their fence, if it is open."""
        for spot, units in wanted.items():
            fenced = max(units - (hold["left"][spot] - hold["drawn"][spot]), 0)
            fence = self.fences.get(hold["fence"].get(spot), {"open": False})
            if fence["open"]:
                fence["left"] += fenced
            hold["drawn"][spot] -= fenced
            hold["left"][spot] -= units
        self.close_if_empty(hold)

    def close_if_empty(self, hold: dict[str, Any]) -> None:
        if hold["kind"] == "order" and not +hold["left"]:
            hold["state"] = "closed"

    def spots(self, basket: dict[tuple[int, str], int]) -> Counter[Spot]:
        return Counter({(self.codes[place], sku): quantity for (place, sku), quantity in basket.items()})

    def some_of(self, kind: str) -> list[tuple[UUID, dict[str, Any]]]:
        return [(hold_id, hold) for hold_id, hold in self.holds.items() if hold["kind"] == kind]

    def some(self, which: int, kind: str) -> tuple[UUID, dict[str, Any]]:
        found = self.some_of(kind)
        return found[which % len(found)]

    def open_fence(self, at: Spot, channel: str) -> UUID | None:
        named = (fence_id for fence_id, each in self.fences.items() if (each["at"], each["channel"]) == (at, channel))
        return next((fence_id for fence_id in named if self.fences[fence_id]["open"]), None)

    def own(self, at: Spot, channel: str) -> int:
        fence_id = self.open_fence(at, channel)
        return self.fences[fence_id]["left"] if fence_id else 0

    def fenced(self, at: Spot) -> int:
        return sum(each["left"] for each in self.fences.values() if each["at"] == at)

    def held(self, code: str, sku: str) -> int:
        return sum(hold["left"][code, sku] for hold in self.holds.values())

    def unclaimed(self, spot: Spot) -> int:
        return self.on_hand[spot] - self.held(*spot) - self.fenced(spot)

    def free(self, spot: Spot) -> int:
        return max(self.unclaimed(spot) - self.safety[spot], 0)

    def available(self, spot: Spot, channel: str = "") -> int:
        return max(self.unclaimed(spot) - self.safety[spot] + self.own(spot, channel), 0)

    def possible(self, wanted: Counter[Spot], channel: str) -> Counter[Spot]:
        return +Counter({spot: min(units, self.available(spot, channel)) for spot, units in wanted.items()})

    def within(self, hold: dict[str, Any], wanted: Counter[Spot]) -> str:
        return "done" if all(hold["left"][spot] >= quantity for spot, quantity in wanted.items()) else "not_held"


def positions(wanted: dict[Spot, int]) -> tuple[Position, ...]:
    return tuple(Position(location, sku, quantity) for (location, sku), quantity in wanted.items())


@pytest.mark.django_db(transaction=True)
def test_no_order_of_events_sells_what_is_not_there():
    run_state_machine_as_test(
        Shelf,
        settings=settings(
            max_examples=70,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
