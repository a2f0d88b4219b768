"""The page of figures: its own words are kept, its plots are pictures, and what fails leaves the old figures."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from click.testing import CliRunner

from samband.bench import all as every
from samband.bench import plotting
from samband.conf import cli

TOLD = {
    "name": "listing", "unit": "pages/s", "ours": 50.0, "limit": 100.0, "limit_name": "bare render", "ratio": 0.5,
    "p50_ms": 2.0, "p99_ms": 30.0, "cpu_ms_per_unit": {"server": 0.4, "database": 0.0}, "queries_per_unit": 0.1,
    "machine": {"cores": 4, "cpu": "A <fast> one", "memory_gb": 8.0, "python": "3.11", "postgresql": "18",
                "fsync": "on", "load": 1.5},
    "written_anew": {"pages_per_second": 20.0, "ratio": 0.2, "p50_ms": 5.0, "p99_ms": 50.0, "server_cpu_ms": 2.0,
                     "database_cpu_ms": 0.1, "queries": 1.0},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(f"# Ours\n\nBefore.\n\n{every.BEGINS}\nold\n{every.ENDS}\n\nAfter.\n")
    return tmp_path


def measuring(monkeypatch: pytest.MonkeyPatch, told: dict | None) -> None:
    monkeypatch.setattr(every, "_measure", lambda bench, quick: told and dict(told))


def test_the_page_keeps_its_own_words_and_gets_the_figures(folder, monkeypatch):
    measuring(monkeypatch, TOLD)
    assert every.run(folder, ["listing"], True, lambda text: None) == []
    page = (folder / "README.md").read_text()
    assert page.startswith("# Ours\n\nBefore.")
    assert page.rstrip().endswith("After.")
    assert "old" not in page
    assert "**0.50**" in page
    assert "a page of a department, written anew" in page
    assert "4 cores of A <fast> one, 8.0 GB" in page
    assert json.loads((folder / "figures" / "listing.json").read_text())["ours"] == 50.0


def test_what_fails_is_named_and_its_old_figures_stay(folder, monkeypatch):
    measuring(monkeypatch, TOLD)
    every.run(folder, ["listing"], True, lambda text: None)
    measuring(monkeypatch, None)
    assert every.run(folder, ["listing"], True, lambda text: None) == ["listing"]
    assert "**0.50**" in (folder / "README.md").read_text()


def test_plots_are_well_formed_and_say_what_they_show():
    drawn = (
        plotting.bars("A & B", "of <these>", [plotting.Bar("one", 0.5, "1 of 2"), plotting.Bar("two", 1.2, "6 of 5")]),
        plotting.spans("Waits", "", [plotting.Span("one", 0.2, 1500.0)]),
        plotting.curves("Growth", "", "products", {"one": [(1_000, 1.0), (1_000_000, 3.0)], "two": [(1_000, 3.1)]}),
    )
    for picture in drawn:
        root = ElementTree.fromstring(picture)
        assert root.tag.endswith("svg")
        assert any("one" in (text.text or "") for text in root.iter("{http://www.w3.org/2000/svg}text"))


def test_every_bench_that_is_listed_is_a_command():
    from samband.conf.cli.benching import bench

    assert {one.command[0] for one in every.BENCHES} <= set(bench.commands)


def test_sizes_grow_by_tens_up_to_what_was_asked_for():
    from samband.bench.growth import _steps

    assert list(_steps("products", 50_000)) == [1_000, 10_000, 50_000]
    assert list(_steps("clients", 64)) == [1, 2, 4, 8, 16, 32, 64]


def test_a_bench_that_there_is_not_is_no_bench_that_ran():
    told = CliRunner().invoke(cli.cli, ["bench", "all", "chekout", "listing"])
    assert told.exit_code == 2
    assert "There is no bench chekout; there are listing, " in told.output
