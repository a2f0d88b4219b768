"""Races for goods: through every door at once, in carts that want them in opposite orders, and while holds lapse,
orders are called off, goods are fenced, moved and counted, and tills sell without their line."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.promises.races_books import wrong
from tests.promises.races_world import PRICE, RACED
from tests.promises.racing import Strike, raced
from tests.promises.told import Told
from tests.worlds import LONDON, REYKJAVIK

FEW = 3
"""Units that a round is about."""

_at = 0


# --- what is staged, in a process of ours


def shelve(rounds: int, goods: int = 1, units: int = FEW) -> list[list[str]]:
    """So many goods for each round, of each of which so many units are there to be had."""
    from samband.commerce.inventory import commands, queries
    from samband.kernel.goods import Line

    global _at
    made = []
    for _ in range(rounds):
        skus = [RACED[(_at + nth) % len(RACED)] for nth in range(goods)]
        _at = (_at + goods) % len(RACED)
        made.append(skus)
    free = {sku: _free(queries.available([sku])[sku]) for skus in made for sku in skus}
    for sku, left in free.items():
        if left < units:
            commands.receive(REYKJAVIK, (Line(sku, units - left),), "for a race")
    return made


def _free(places: Any) -> int:
    return sum(place.available for place in places if place.location == REYKJAVIK)


def shelve_with_tills(rounds: int) -> list[dict[str, Any]]:
    """Rounds with goods and two tills, each of which was allotted a unit or two and has sold more without its line."""
    from samband.flows import allot_to_till
    from tests import worlds
    from tests.commerce import till as tills

    if not _two_tills:
        _two_tills.extend(tills.till(name) for name in ("Till A", "Till B"))
    staged = []
    for (sku,) in shelve(rounds, units=5):
        worlds.PRICES[sku] = {"ISK": PRICE}
        sales = []
        for till in _two_tills:
            given = allot_to_till.raise_to(till.device, {sku: 2})
            allotment = str(given.id) if given else None
            for units in (1, 2):
                sales.append([str(till.device_id), till.sells((sku, units), allotment_id=allotment)])
        staged.append({"sku": sku, "sales": sales})
    return staged


_two_tills: list[Any] = []


# --- what is done in a race besides buying


def lapse() -> Callable[[], str]:
    """The sweeper comes by, half an hour too early: whoever is paying just now loses what was held for them."""
    from samband.commerce.inventory.commands import lapse_holds
    from samband.kernel.clock import held_at, now

    def deed() -> str:
        with held_at(now() + timedelta(minutes=30)):
            lapse_holds()
        return "done: lapsed"

    return deed


def deliver() -> Callable[[], str]:
    """Another worker gives events to those who react to them."""
    from samband.timeline import delivering

    return lambda: f"done: {'delivered' if delivering.deliver(50) else 'nothing to deliver'}"


def cancel_latest(sku: str) -> Callable[[], str]:
    """The customer calls the latest order with these goods off."""
    from samband.flows import finish_order

    order_id = _latest(sku)
    if order_id is None:
        return lambda: "too late: nothing to call off"

    def deed() -> str:
        finish_order.cancel_order(order_id, "customer", key=str(uuid4()))
        return "done: called off"

    return deed


def _latest(sku: str) -> UUID | None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select o.id from orders_order o where o.state = 'placed' and exists"
            " (select from orders_orderline line where line.order_id = o.id and line.sku = %s)"
            " order by o.created_at desc, o.id desc limit 1",
            [sku],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def fence(sku: str) -> Callable[[], str]:
    """A unit is kept for the tills, and given free again."""
    from samband.commerce.inventory import commands
    from samband.kernel.ids import new_id

    fence_id = new_id()

    def deed() -> str:
        commands.fence(fence_id, "pos", REYKJAVIK, sku, 1)
        commands.unfence(fence_id)
        return "done: fenced"

    return deed


def move(sku: str) -> Callable[[], str]:
    """A unit goes to the warehouse, and back."""
    from samband.commerce.inventory import commands
    from samband.kernel.goods import Line

    def deed() -> str:
        commands.transfer(REYKJAVIK, LONDON, (Line(sku, 1),), "there")
        commands.transfer(LONDON, REYKJAVIK, (Line(sku, 1),), "and back")
        return "done: moved"

    return deed


def recount(sku: str) -> Callable[[], str]:
    """Somebody counts the shelf, and finds one less, then one more."""
    from samband.commerce.inventory import commands
    from samband.kernel.goods import Position

    def deed() -> str:
        commands.adjust(REYKJAVIK, (Position(REYKJAVIK, sku, -1),), "lost", "counted")
        commands.adjust(REYKJAVIK, (Position(REYKJAVIK, sku, 1),), "found", "counted again")
        return "done: counted"

    return deed


def take_in(device: str, told: dict[str, Any]) -> Callable[[], str]:
    """A till has its line back, and tells of a sale."""
    from samband.commerce.tills import queries
    from samband.flows import take_in_sale

    at = queries.device(UUID(device))

    def deed() -> str:
        answer = take_in_sale.take_in(at, told)
        return f"won: {answer['state']}" if answer["order_id"] else f"refused: {answer['state']}"

    return deed


def top_up(device: str, sku: str) -> Callable[[], str]:
    """A till asks for more to sell without its line, then gives it all back."""
    from samband.commerce.tills import queries
    from samband.flows import allot_to_till

    at = queries.device(UUID(device))

    def deed() -> str:
        allot_to_till.raise_to(at, {sku: 3})
        allot_to_till.give_back(at, {sku: 1})
        return "done: allotted"

    return deed


# --- the attacks


def inventory(attempts: int) -> Told:
    """Twelve buyers through all doors at once want a unit of something of which there are three."""
    return raced(attempts, "races_stock:shelve", _everybody, wrong())


def _everybody(skus: list[str]) -> list[Strike]:
    one = {"lines": {skus[0]: 1}}
    # Pages take longest to get to: in every third round people come in by them too.
    pages = RACED.index(skus[0]) % 3 == 0
    doors = ["till"] * 2 + ["shop"] * 2 + ["phone"] if pages else ["api"] * 2 + ["flow"] * 3
    doors += ["api"] * 3 + ["flow"] * 4
    return [(f"races_doors:by_{door}", one) for door in doors]


def inventory_of_carts(attempts: int) -> Told:
    """Carts of several lines that want the same goods in opposite orders, more of them than there are."""
    return raced(attempts, "races_stock:shelve", _carts, wrong(), goods=4, units=3 * FEW)


def _carts(skus: list[str]) -> list[Strike]:
    strikes: list[Strike] = []
    for nth in range(12):
        wanted = skus[nth % 3 : nth % 3 + 2] if nth % 2 else skus
        wanted = list(reversed(wanted)) if nth % 4 < 2 else wanted
        door = ("flow", "api", "flow", "till")[nth % 4]
        strikes.append((f"races_doors:by_{door}", {"lines": dict.fromkeys(wanted, 1 + nth % 2)}))
    return strikes


def inventory_while_it_changes(attempts: int) -> Told:
    """Buyers, while holds lapse under them, orders are called off, and goods are fenced, moved and counted."""
    return raced(attempts, "races_stock:shelve", _amid_changes, wrong())


def _amid_changes(skus: list[str]) -> list[Strike]:
    (sku,) = skus
    buyers: list[Strike] = [
        (f"races_doors:by_{door}", {"lines": {sku: 1}}) for door in ("api", "flow", "flow", "flow", "till")
    ]
    others: list[Strike] = [
        ("races_stock:lapse", {}), ("races_stock:deliver", {}), ("races_stock:cancel_latest", {"sku": sku}),
        ("races_stock:cancel_latest", {"sku": sku}), ("races_stock:fence", {"sku": sku}),
        ("races_stock:move", {"sku": sku}), ("races_stock:recount", {"sku": sku}),
    ]  # fmt: skip
    return random.Random(sku).sample(buyers + others, len(buyers + others))


def allotments(attempts: int) -> Told:
    """Tills tell twice of what they sold without their line, and ask for more, while others buy the same goods."""
    return raced(attempts, "races_stock:shelve_with_tills", _tills, wrong())


def _tills(staged: dict[str, Any]) -> list[Strike]:
    sku, sales = staged["sku"], staged["sales"]
    told: list[Strike] = [("races_stock:take_in", {"device": device, "told": one}) for device, one in sales]
    more: list[Strike] = [("races_stock:top_up", {"device": device, "sku": sku}) for device, _ in sales[::2]]
    buyers: list[Strike] = [("races_doors:by_flow", {"lines": {sku: 1}}), ("races_doors:by_api", {"lines": {sku: 1}})]
    return [*told, *more, *buyers, *reversed(told)]
