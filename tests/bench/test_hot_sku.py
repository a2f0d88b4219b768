"""A rush for one SKU, small: as many win as there are units, and everybody else is told so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]


def test_as_many_buyers_win_as_there_are_units():
    command = [sys.executable, "-m", "samband", "bench", "hot-sku", "--json", "--buyers", "100", "--clients", "4"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--workers", "2"], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert (report["buyers"], report["units"], report["won"], report["lost"]) == (100, 90, 90, 10)
    assert report["ours"] > 0
    assert report["limit"] > 0
    assert report["won_ms"]["p50"] <= report["won_ms"]["p99"]
