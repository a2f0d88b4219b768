"""The bench of pricing runs through on a small cart; how fast that is is no matter of a test."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from samband.bench.pricing import live
from samband.commerce.pricing.promotions import Bundle, BuyGet, FreeShipping, Percent, Tiered

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"name", "unit", "ours", "limit", "ratio", "p50_ms", "p99_ms", "machine", "lines", "promotions", "engine"}


def test_it_prints_one_object_with_ours_beside_the_limit():
    command = [sys.executable, "-m", "samband", "bench", "pricing", "--json", "--seconds", "1", "--warm-up", "0.2"]
    command += ["--lines", "6", "--promotions", "40"]
    said = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr[-3000:]
    told = json.loads(said.stdout.splitlines()[-1])
    assert set(told) >= KEYS
    assert (told["name"], told["unit"], told["lines"], told["promotions"]) == ("pricing", "quotes/s", 6, 40)
    assert told["ours"] > 0
    assert told["limit"] > 0
    assert told["applied_promotions"] > 1


def test_its_promotions_are_of_every_kind_that_takes_something_off_and_the_same_each_time():
    skus = [f"S{number}" for number in range(12)]
    drawn, again = (list(live(skus, 60, random.Random(3))) for _ in range(2))
    assert drawn == again
    assert {Bundle, BuyGet, FreeShipping, Percent, Tiered} <= {type(one.deal) for one in drawn}
    assert len({one.code for one in drawn}) == 60
