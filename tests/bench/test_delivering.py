"""Deliveries are measured beside the same statements said by rote, and none is left owed."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_owed_is_delivered_and_said_again_by_rote():
    command = [sys.executable, "-m", "samband", "bench", "deliver", "--seconds", "0.5", "--products", "40", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["unit"] == "deliveries/s"
    assert report["deliveries"] >= report["events"] >= 1
    assert report["ours"] > 0
    assert report["limit"] > 0
    assert report["queries_per_unit"] > 2
    assert report["p50_ms"] <= report["p99_ms"]
    assert report["cpu_ms_per_unit"]["server"] > 0
