"""The bench of customers runs through among few people; how fast it is is no matter of a test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_customers_tells_pages_undoes_and_segments_beside_their_bare_statements():
    command = [sys.executable, "-m", "samband", "bench", "customers", "--json", "--seconds", "0.5"]
    command += ["--customers", "200", "--touchpoints", "4000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert (report["name"], report["unit"]) == ("customers", "pages/s")
    assert (report["customers"], report["touchpoints"]) == (200, 4000)
    assert report["ours"] > 0
    assert report["limit"] > report["ours"]
    assert report["undo"]["count"] == report["restore"]["count"] == 40
    assert report["followed"]["customers"] == 200
    assert report["touchpoints_of_busiest"] > 50
    sizes = {name: one["count"] for name, one in report["segments"].items()}
    assert sizes.keys() == {"valuable-lately", "looked-not-bought", "of-the-store"}
    assert all(0 <= size <= 200 for size in sizes.values())
    assert sizes["valuable-lately"] > 0
