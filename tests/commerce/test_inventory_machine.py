"""Whatever is asked of inventory in whatever order: never oversold, the ledger is the level, held is what is claimed.

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

from samband.commerce.inventory import books, commands, queries
from samband.kernel.clock import held_at
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id, readable_code
from samband.kernel.refusal import Refusal
from tests.commerce.shelves import store

SKUS = ("CHAIR", "LAMP", "SOFA")
Spot = tuple[str, str]

units = st.integers(1, 4)
lines = st.dictionaries(st.sampled_from(SKUS), units, min_size=1, max_size=2).map(
    lambda wants: tuple(Line(sku, quantity) for sku, quantity in wants.items())
)
place = st.integers(0, 1)
spots = st.tuples(place, st.sampled_from(SKUS))
baskets = st.dictionaries(spots, units, min_size=1, max_size=3)
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

    @rule(basket=baskets, minutes=st.integers(1, 30))
    def hold(self, basket: dict[tuple[int, str], int], minutes: int) -> None:
        wanted = self.spots(basket)
        short = {spot for spot, quantity in wanted.items() if self.available(spot) < quantity}
        hold_id, lapses_at = new_id(), self.at + timedelta(minutes=minutes)
        answer = self.ask(commands.hold, hold_id, positions(wanted), lapses_at)
        assert answer == ("sold_out" if short else "done")
        if short:
            named = {(each["location"], each["sku"]): each["available"] for each in self.details["short"]}
            assert named == {spot: self.available(spot) for spot in short}
        else:
            self.holds[hold_id] = {"state": "live", "lapses_at": lapses_at, "left": Counter(wanted)}

    @precondition(lambda self: self.holds)
    @rule(which=which)
    def keep(self, which: int) -> None:
        hold_id, hold = self.some(which)
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

    @precondition(lambda self: self.holds)
    @rule(which=which, part=st.none() | baskets)
    def release(self, which: int, part: dict[tuple[int, str], int] | None) -> None:
        hold_id, hold = self.some(which)
        wanted = Counter(hold["left"]) if part is None else self.spots(part)
        asked = None if part is None else positions(wanted)
        expected = "hold_closed" if hold["state"] == "closed" else self.within(hold, wanted)
        assert self.ask(commands.release, hold_id, "cancelled", asked) == expected
        if expected == "done":
            self.take_from(hold, wanted)

    @precondition(lambda self: self.holds)
    @rule(which=which, part=st.none() | baskets)
    def issue(self, which: int, part: dict[tuple[int, str], int] | None) -> None:
        hold_id, hold = self.some(which)
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
            self.take_from(hold, wanted)
            self.on_hand.subtract(wanted)

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def the_sweeper_comes(self) -> None:
        over = [hold for hold in self.holds.values() if hold["state"] == "live" and hold["lapses_at"] <= self.at]
        with held_at(self.at):
            assert commands.lapse_holds(most=2) == len(over)
        for hold in over:
            self.take_from(hold, Counter(hold["left"]))

    @rule(place=place, lines=lines)
    def transfer(self, place: int, lines: tuple[Line, ...]) -> None:
        here, there = self.codes[place], self.codes[1 - place]
        enough = all(self.on_hand[here, line.sku] - self.held(here, line.sku) >= line.quantity for line in lines)
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
        found = queries.available(SKUS)
        for sku in SKUS:
            levels = {each.location: each for each in found[sku]}
            for code in self.codes:
                level = levels.get(code)
                kept = (level.on_hand, level.held, level.available) if level else (0, 0, 0)
                assert kept == (self.on_hand[code, sku], self.held(code, sku), self.available((code, sku)))

    @invariant()
    def nothing_is_sold_twice(self) -> None:
        for (code, sku), on_hand in self.on_hand.items():
            assert 0 <= self.held(code, sku) <= on_hand

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
        # What is left live would lapse in the middle of the next machine's life.
        with held_at(self.at + timedelta(days=1)):
            commands.lapse_holds()
        assert list(books.findings()) == []

    # The model

    def ask(self, command: Any, *arguments: Any) -> str:
        """Ask for it at the machine's time: done, or the code of the refusal, whose details are kept."""
        with held_at(self.at):
            try:
                command(*arguments)
            except Refusal as refusal:
                self.details = refusal.details
                return refusal.code
        return "done"

    def put_right(self, after: dict[Spot, int], command: Any, *arguments: Any) -> None:
        below = any(each < self.held(*spot) for spot, each in after.items() if each != self.on_hand[spot])
        assert self.ask(command, *arguments) == ("below_held" if below else "done")
        if not below:
            self.on_hand.update({spot: each - self.on_hand[spot] for spot, each in after.items()})

    def spots(self, basket: dict[tuple[int, str], int]) -> Counter[Spot]:
        return Counter({(self.codes[place], sku): quantity for (place, sku), quantity in basket.items()})

    def some(self, which: int) -> tuple[UUID, dict[str, Any]]:
        return list(self.holds.items())[which % len(self.holds)]

    def held(self, code: str, sku: str) -> int:
        return sum(hold["left"][code, sku] for hold in self.holds.values())

    def available(self, spot: Spot) -> int:
        return max(self.on_hand[spot] - self.held(*spot) - self.safety[spot], 0)

    def within(self, hold: dict[str, Any], wanted: Counter[Spot]) -> str:
        return "done" if all(hold["left"][spot] >= quantity for spot, quantity in wanted.items()) else "not_held"

    def take_from(self, hold: dict[str, Any], wanted: Counter[Spot]) -> None:
        hold["left"] -= wanted
        if not hold["left"]:
            hold["state"] = "closed"


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
