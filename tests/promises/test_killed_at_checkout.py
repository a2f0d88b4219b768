"""Kill -9 in the middle of checking out: no order without its hold, no payment without its order, nothing half done."""

import json
import random
import subprocess
import sys

import pytest

from tests.processes import ROOT, own_database

KILLS = 50
CARDS = ("4242424242424242", "4242424242424242", "4000000000003220", "4000000000000002", "4000000000000259")

OPEN = """
import django; django.setup()
from tests.worlds import small_world
small_world()
"""

RECOVER = """
import json, django; django.setup()
from collections import Counter
from samband.flows.audit import audit
from samband.commerce.payments import queries as payments
from samband.kernel.clock import held_at, in_future
from samband.timeline import chores, delivering, queries
# What the living house does by itself in the next hours: reactions, chores, holds that lapse, banks asked again.
for hours in (0, 0.1, 0.5, 1, 2, 26):
    with held_at(in_future(hours=hours)):
        for _ in range(3):
            while delivering.deliver():
                pass
            chores.do_all()
from tests.promises.kill_orders import standings
OVER = ("declined", "voided")  # nobody counts on these, though the bank is still looked at now and then
from samband.commerce.inventory.queries import available
print(json.dumps({
    "findings": list(audit()),
    "states": Counter(one.state for one in standings()),
    "units": sum(one.units for one in standings() if one.state == "placed"),
    "held": sum(at.held for places in available(["CUP", "LAMP"]).values() for at in places),
    "unanswered": [one.key for one in payments.unsettled() if payments.intent(one.intent_id).state not in OVER],
    "set_aside": queries.backlog().set_aside,
}))
"""


def run(environment, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def shoppers(environment, wishes: list[str]) -> list[str]:
    command = [sys.executable, "-m", "tests.promises.victim"]
    said = subprocess.run(
        command, env=environment, cwd=ROOT, input="\n".join(wishes), capture_output=True, text=True, timeout=300
    )
    assert said.returncode == 0, said.stderr
    return said.stdout.splitlines()


@pytest.mark.django_db(transaction=True)
def test_fifty_kills_leave_nothing_half_done(tmp_path):
    dice = random.Random(20261121)
    with own_database("samband_killed") as environment:
        environment = {**environment, "SAMBAND_HOME": str(tmp_path)}
        opened = run(environment, "-c", OPEN)
        assert opened.returncode == 0, opened.stderr
        (whole,) = shoppers(environment, [f"100000 after {CARDS[0]} whole"])
        assert whole.startswith("placed"), whole
        statements = int(whole.split()[1])
        fates = shoppers(
            environment,
            [
                f"{dice.randint(1, statements)} {dice.choice(('before', 'after'))} {dice.choice(CARDS)} {seed}"
                for seed in range(KILLS)
            ],
        )
        assert "failed" not in fates
        assert fates.count("killed") > KILLS * 0.8, "a declined card needs fewer statements, so some outlive their hour"

        recovered = run(environment, "-c", RECOVER)
        assert recovered.returncode == 0, recovered.stderr
        after = json.loads(recovered.stdout.splitlines()[-1])
        assert after["findings"] == []
        assert after["set_aside"] == 0
        assert after["unanswered"] == []
        assert after["states"].get("draft", 0) == 0, "every draft was placed or called off"
        assert after["held"] == after["units"], "exactly what placed orders wait for is held"
        assert after["states"]["placed"] >= 1
