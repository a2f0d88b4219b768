"""Kill -9 at every step of taking in what a till sold without its line: each sale is counted exactly once."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.processes import ROOT, own_database

OPEN = """
import json, django; django.setup()
from datetime import timedelta
from samband.commerce.inventory import commands as inventory
from samband.commerce.tills import allotting
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from tests.commerce import till as tills
from tests.worlds import CUP, LAMP, REYKJAVIK, small_world
small_world()
inventory.receive(REYKJAVIK, (Line(CUP, 2000),), "more cups")
till = tills.till()
allotment, until = new_id(), now() + timedelta(hours=8)
inventory.allot(allotment, (Position(REYKJAVIK, CUP, 61),), until, device=str(till.device_id))
allotting.note_given(allotment, till.device_id, {CUP: 61}, until)
kinds = {"allotted": [(CUP, 2)], "shelf": [(CUP, 2)], "conflict": [(LAMP, 99)]}
sales = {
    kind: [till.sells(*goods, allotment_id=None if kind == "shelf" else str(allotment)) for _ in range(70)]
    for kind, goods in kinds.items()
}
print(json.dumps({"device": str(till.device_id), "by": str(till.cashier_id), "drawer": str(till.drawer_id),
                  "sales": sales}))
"""

AFTER = """
import json, sys, django; django.setup()
from uuid import UUID
from samband.commerce.inventory.queries import available
from tests.promises.kill_orders import standings
from samband.commerce.tills import queries
from samband.flows.audit import audit
from samband.timeline import delivering
from samband.timeline.queries import backlog
while delivering.deliver():
    pass
drawer = queries.drawer(UUID(sys.argv[1]))
print(json.dumps({
    "findings": list(audit()), "orders": len(list(standings())), "states": sorted({one.state for one in standings()}),
    "expected": drawer.expected.amount, "unsettled": drawer.unsettled.amount,
    "cups": next(at.on_hand for at in available(["CUP"])["CUP"] if at.location == "RVK"),
    "set_aside": backlog().set_aside, "conflicts": len(queries.conflicts()),
}))
"""


def run(environment, script: str, *arguments: str) -> dict:
    said = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])


@contextmanager
def server(environment):
    """A server that answers one wish after the other, and dies at each that says so."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.promises.till_victim"], env=environment, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip

    def ask(**wish) -> dict:
        process.stdin.write(json.dumps(wish) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield ask
    finally:
        process.stdin.close()
        assert process.wait(30) == 0


def every_step(ask, about: dict, sales: list[dict]) -> list[dict]:
    """Take the first sale in to know the steps of it; of the others, die at another step of each, and tell it again."""
    whole = ask(**about, told=sales[0], lives=10**9, when="before")
    assert whole["ended"] == "lived", whole
    steps = whole["statements"]
    assert 15 < steps < len(sales) - 1, "there is a sale for each step"
    answers = [whole["answer"]]
    deaths = [*((lives, "before") for lives in range(1, steps + 1)), (steps, "after")]
    for told, (lives, when) in zip(sales[1:], deaths, strict=False):
        died = ask(**about, told=told, lives=lives, when=when) == {}
        assert died or lives > steps * 0.7, "only a sale without notes takes fewer steps"
        answer, repeated = (ask(**about, told=told, lives=10**9, when="before")["answer"] for _ in range(2))
        assert answer == repeated
        answers.append(answer)
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_server_that_dies_at_any_step_counts_each_sale_once(tmp_path):
    with own_database("samband_tills") as environment:
        environment = {**environment, "SAMBAND_HOME": str(tmp_path)}
        house = run(environment, OPEN)
        sales, told = house["sales"], {}
        with server(environment) as ask:
            for kind, some in sales.items():
                answers = every_step(ask, {"deed": "take_in", "device": house["device"]}, some)
                wanted = {"conflict"} if kind == "conflict" else {"taken", "taken_with_note"}
                assert {answer["state"] for answer in answers} <= wanted
                told |= {answer["sale_id"]: answer for answer in answers}
        after = run(environment, AFTER, house["drawer"])

        by_id = {one["sale_id"]: one for kind in sales.values() for one in kind}
        taken = [by_id[sale_id] for sale_id, answer in told.items() if answer["state"] != "conflict"]
        waiting = [by_id[sale_id] for sale_id, answer in told.items() if answer["state"] == "conflict"]
        assert after["findings"] == []
        assert (after["set_aside"], after["states"]) == (0, ["completed"])
        assert (after["orders"], after["conflicts"]) == (len(taken), len(waiting))
        assert after["unsettled"] == sum(one["total"] for one in waiting)
        assert after["expected"] == 20_000 + sum(one["total"] for one in taken + waiting)
        sold = sum(line["quantity"] for one in taken for line in one["lines"])
        assert after["cups"] == 2_040 - sold


@pytest.mark.django_db(transaction=True)
def test_a_server_that_dies_while_a_conflict_is_decided_decides_it_once(tmp_path):
    with own_database("samband_tills") as environment:
        environment = {**environment, "SAMBAND_HOME": str(tmp_path)}
        house = run(environment, OPEN)
        with server(environment) as ask:
            kept = [
                ask(deed="take_in", device=house["device"], told=one, lives=10**9, when="before")["answer"]["kept_as"]
                for one in house["sales"]["conflict"]
            ]
            about = {"device": house["device"], "by": house["by"]}
            decided = 0
            for deed, keys in (("accept", kept[:50]), ("cancel", kept[50:])):
                whole = ask(deed=deed, sale=keys[0], **about, lives=10**9, when="before")
                steps = range(1, whole["statements"] + 1)
                for key, lives in zip(keys[1:], [*steps, *steps], strict=False):
                    when = "before" if lives % 2 else "after"
                    last_word = ask(deed=deed, sale=key, **about, lives=lives, when=when)
                    decided += 1
                    if last_word == {}:
                        ask(deed=deed, sale=key, **about, lives=10**9, when="before")
        after = run(environment, AFTER, house["drawer"])
        assert after["findings"] == []
        assert (after["unsettled"], after["set_aside"], after["conflicts"]) == (0, 0, 70)
        assert after["orders"] == 50
        assert after["expected"] == 20_000 + sum(one["total"] for one in house["sales"]["conflict"])
        assert decided == 68
