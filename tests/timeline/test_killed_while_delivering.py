"""A worker killed at any point: every effect happens once, in order, whoever finishes the work."""

import random
import subprocess
import sys

import psycopg
import pytest

from tests.processes import ROOT, own_database

WORKER = [sys.executable, "-m", "tests.timeline.dying_worker"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [[], ["many"]], ids=["one-by-one", "many-at-once"])
def test_every_effect_happens_exactly_once_however_often_workers_are_killed(tmp_path, how):
    dice = random.Random(7)
    worker = [*WORKER, *how]
    with own_database("samband_dying") as environment:
        environment = {**environment, "SAMBAND_HOME": str(tmp_path)}
        subprocess.run([*worker, "tell"], env=environment, cwd=ROOT, check=True)
        lives = [str(dice.randint(1, 25)) for _ in range(60)]
        # Two lines of workers at once, each killed and followed by the next; the last of each lives.
        lines = [
            subprocess.Popen(
                worker, env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            for _ in range(2)
        ]
        for at, line in enumerate(lines):
            line.stdin.write("\n".join([*lives[at::2], "1000000"]))
            line.stdin.close()
        fates = [fate for line in lines for fate in line.stdout.read().split()]
        assert [line.wait(60) for line in lines] == [0, 0]
        assert fates.count("killed") >= 20

        with psycopg.connect(environment["SAMBAND_DATABASE_URL"]) as look:
            assert look.execute("select count(*) from timeline_delivery").fetchone() == (0,)
            assert look.execute("select heard from tally").fetchone() == (96,)
            notes = look.execute("select story, chapter from note order by id").fetchall()
    assert len(notes) == 96
    for story in {story for story, _ in notes}:
        heard = [chapter for told_of, chapter in notes if told_of == story]
        # Of several workers that take many at a time, each takes some: only one by one is there an order.
        assert (sorted(heard) if how else heard) == list(range(12))
