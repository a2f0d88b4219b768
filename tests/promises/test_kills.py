"""Whatever is killed, wherever, and begun again: nothing is lost, nothing doubled, nothing half done.

A short run of what `python -m tests.promises.fire --kills 300` does at length.
"""

import json

import pytest

from tests.promises.kill_databases import house_on
from tests.promises.kills import ATTACKS

SHORT = {
    "checkout killed at any step": 4,
    "payments killed at any step": 4,
    "pickups and parcels killed at any step": 3,
    "tills' sales killed at any step": 3,
    "capture killed at any step": 3,
    "delivery of events killed at any step": 2,
    "workers killed at any moment": 2,
    "servers killed while people buy": 2,
    "servers killed while visitors are seen": 1,
    "processes of capture killed": 1,
    "imports killed at any moment": 3,
    "connections cut while people buy": 4,
    "databases crashed while people buy": 1,
}


def test_every_attack_has_a_short_run():
    assert SHORT.keys() == ATTACKS.keys()


@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_doubled_or_half_done(name, django_db_setup):
    told = ATTACKS[name](SHORT[name])
    assert told.violations == ()
    assert told.attempts >= min(SHORT[name], 1)
    # With so few, the dice may let no sale be placed; but somebody was told something.
    assert told.won or told.seen, "while something was killed, something was done"


def test_what_a_process_learned_in_a_commit_that_a_crash_took_is_learned_anew(tmp_path):
    with house_on(tmp_path / "home", "wal_writer_delay = 10s") as house:
        told = json.loads(house.run("tests.promises.forgetful", str(house.home)).splitlines()[-1])
    assert told == {"lost": True, "wrong": [], "touchpoints": 3}
