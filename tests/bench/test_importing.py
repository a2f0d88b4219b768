"""The import is measured beside a bare COPY of the same rows, and says so when there is nothing to measure."""

import json

import pytest
from click.testing import CliRunner

from samband.bench.importing import importing
from samband.conf.cli import cli
from tests import retail_files as files
from tests.retail_files import GOOD, NOTES


@pytest.mark.slow
@pytest.mark.django_db
def test_an_import_is_measured_beside_a_bare_copy(tmp_path):
    rows = [*GOOD, *NOTES]
    report = json.loads(importing(files.write(tmp_path / "file.csv.gz", rows)).as_json())
    assert (report["name"], report["unit"], report["rows"]) == ("import", "rows/s", len(rows))
    assert report["ratio"] == pytest.approx(report["ours"] / report["limit"], abs=0.001)
    assert report["peak_mb"] > 10
    assert report["audit"] == "every book balances"


def test_a_file_that_is_not_there_is_no_failure(monkeypatch, tmp_path):
    monkeypatch.delenv("SAMBAND_DATA", raising=False)
    said = CliRunner().invoke(cli, ["bench", "import", "--json"])
    assert said.exit_code == 0
    assert "is not there" in json.loads(said.output)["absent"]
    monkeypatch.setenv("SAMBAND_DATA", str(tmp_path))
    said = CliRunner().invoke(cli, ["bench", "import"])
    assert said.exit_code == 0
    assert str(tmp_path) in said.output
