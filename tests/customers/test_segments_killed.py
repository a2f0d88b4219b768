"""Whoever keeps segments up is killed again and again: in the end everything was told once, and the books balance."""

import json
import signal
import subprocess
import sys

import pytest

from tests.processes import ROOT, own_database

KEEPER = [sys.executable, "-m", "tests.customers.dying_evaluator"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_killed_at_any_statement_everything_is_told_once():
    with own_database("dying_evaluator") as environment:
        subprocess.run([*KEEPER, "tell"], env=environment, check=True, cwd=ROOT)
        killed = 0
        for lives in (2, 9, 14, 17, 20, 23, 26, 29, 33, 38):
            ended = subprocess.run([*KEEPER, str(lives)], env=environment, cwd=ROOT, capture_output=True)
            killed += ended.returncode == -signal.SIGKILL
        last = subprocess.run([*KEEPER, "0"], env=environment, cwd=ROOT, capture_output=True, check=True)
    assert killed >= 5
    found = json.loads(last.stdout.splitlines()[-1])
    assert found["findings"] == []
    entered, left = "segments.SegmentEntered:", "segments.SegmentLeft:"
    at_first = [f"{entered}no-orders", f"{entered}not-twice"]
    then = [f"{entered}twice", f"{left}not-twice"]
    assert found["told"][0] == sorted([*at_first, *then, f"{left}no-orders"])
    assert found["told"][1:4] == [sorted([*at_first, *then])] * 3
    joined = sorted(found["told"][4:], key=len)
    assert joined == [at_first, sorted([*at_first, *then])]  # one of the two is part of the other now
