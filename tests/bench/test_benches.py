"""The benches run through, on a small assortment for a short time; how fast they are is no matter of a test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.urls import Resolver404, resolve

from samband.bench import echo
from samband.conf.cli import cli

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"name", "unit", "ours", "limit", "ratio", "p50_ms", "p99_ms", "machine", "clients", "workers", "notes"}


OPTIONS = ("--seconds", "1", "--warm-up", "0.5", "--products", "50", "--clients", "2", "--workers", "1")

pytestmark = pytest.mark.django_db


def told(name: str, *options: str) -> dict:
    said = CliRunner().invoke(cli, ["bench", name, "--json", *OPTIONS, *options], catch_exceptions=False)
    assert said.exit_code == 0, said.output
    (line,) = said.stdout.splitlines()
    report = json.loads(line)
    assert report.keys() >= KEYS
    assert report["name"] == name
    assert report["machine"].keys() >= {"cores", "cpu", "python", "postgresql", "fsync", "load_shares_cores"}
    assert report["ours"] > 0
    assert report["limit"] > 0
    assert report["ratio"] == pytest.approx(report["ours"] / report["limit"], abs=0.001)
    assert report["p50_ms"] <= report["p99_ms"]
    assert report["cpu_ms_per_unit"].keys() == {"server", "database"}
    assert report["queries_per_unit"] >= 0
    return report


def test_checkout_tells_orders_beside_the_bare_statements_of_the_same_path(among_copies):
    report = told("checkout")
    assert report["unit"] == "orders/s"
    assert report["orders"] >= 1
    assert report["limit_orders"] >= 1
    assert report["transactions_per_order"] == 7, "three looks, a cart, an agreement, the bank's own, and an order"
    assert report["queries_per_unit"] == 22
    assert report["race"]["won"] == 2 * 2
    assert report["race"]["lost"] == 2 * 8
    assert report["beside_delivery"]["rate"] > 0


def test_listing_tells_pages_beside_the_same_bytes_from_memory(among_copies):
    report = told("listing")
    assert report["unit"] == "pages/s"
    assert report["per_page"] == 24
    assert report["page_bytes"] > 5_000
    assert report["floor"] > 0
    assert report["written_anew"]["pages_per_second"] > 0


def test_search_tells_pages_beside_the_same_bytes_from_memory(among_copies):
    report = told("search")
    assert report["unit"] == "pages/s"
    assert report["searches"] > 100
    assert report["written_anew"]["pages_per_second"] > 0


def test_product_pages_are_written_for_whoever_asks(among_copies):
    report = told("product")
    assert report["unit"] == "pages/s"
    assert report["page_bytes"] > 5_000


@pytest.mark.parametrize("door", ["shop", "api"])
def test_goods_are_put_into_carts_beside_the_bare_statements_of_the_same_path(door, among_copies):
    report = told("add", "--door", door)
    assert report["unit"] == "lines/s"
    assert report["door"] == door
    assert report["queries_per_unit"] >= 2


def test_goods_are_held_beside_the_bare_statements_of_the_same_path(among_copies):
    report = told("hold")
    assert report["unit"] == "holds/s"
    assert report["in_process"]["holds_per_second"] > 0


def test_a_person_is_told_in_words_in_a_process_of_its_own_and_nothing_is_left_of_the_house():
    command = [sys.executable, "-m", "samband", "bench", "product", *OPTIONS]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        said, wrong = running.communicate()
    assert running.returncode == 0, wrong[-3000:]
    assert said.startswith("product: ")
    assert "bare render" in said
    with psycopg.connect(os.environ["SAMBAND_DATABASE_URL"], dbname="postgres") as admin:
        mine = f"samband_bench_{running.pid}_%"
        assert admin.execute("select datname from pg_database where datname like %s", [mine]).fetchall() == []


def test_the_echo_is_not_to_be_had_in_a_house_at_work():
    try:
        answers = resolve(f"/{echo.PATH}").func
    except Resolver404:
        return
    assert answers is not echo.page
