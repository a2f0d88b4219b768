"""Deliveries are measured beside the same statements said by rote, and none is left owed."""

import json

from click.testing import CliRunner

from samband.conf.cli import cli


def test_what_is_owed_is_delivered_and_said_again_by_rote():
    done = CliRunner().invoke(cli, ["bench", "deliver", "--seconds", "0.5", "--products", "40", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["unit"] == "deliveries/s"
    assert report["deliveries"] >= report["events"] >= 1
    assert report["ours"] > 0
    assert report["limit"] > 0
    assert report["queries_per_unit"] > 2
    assert report["p50_ms"] <= report["p99_ms"]
    assert report["cpu_ms_per_unit"]["server"] > 0
