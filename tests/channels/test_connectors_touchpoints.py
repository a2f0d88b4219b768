"""Files of what happened elsewhere: each record once, under who it was, or among the rejects with its reason."""

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from samband.channels.connectors.progress import Watch
from samband.channels.connectors.rows import NoSuchFile, NotThatFile
from samband.channels.connectors.touchpoints.importing import Imported, import_touchpoints
from samband.channels.connectors.touchpoints.mapping import NotAMapping
from samband.customers.identity import queries as identity
from samband.customers.touchpoints import queries
from samband.kernel.identifier import identifier

pytestmark = pytest.mark.django_db

MAPPING = """
source: old-shop
event: {column: action, names: {view: Product Viewed, buy: Order Completed}}
at: {column: when, zone: Europe/Athens}
message: id
channel: {column: device, names: {desktop: web}}
identifiers:
  user: customer
  email: mail
  phone: {column: tel, country: GR}
  cookie: visitor
sku: article
order: order
worth: {column: total, currency: {column: currency}}
properties: [colour, score]
"""
COLUMNS = "id,action,when,device,customer,mail,tel,visitor,article,order,total,currency,colour,score".split(",")
ROWS = [
    ["1", "view", "2026-03-01T10:00:00", "desktop", "", "", "", "v-1", "SOFA-1", "", "", "", "grey", "3"],
    ["2", "buy", "2026-03-01T11:30:00+00:00", "app", "77", "Eleni@Customer.example", "210 1234567", "v-1", "", "A-9",
     "1149.50", "EUR", "", ""],
    ["3", "view", "1772366400", "desktop", "78", "", "", "", "SOFA-2", "", "", "", "", ""],
]  # fmt: skip
BAD = [
    (["4", "view", "2026-03-01T10:00:00", "desktop", "", "", "", "", "S", "", "", "", "", ""], "not_a_customer"),
    (["5", "view", "last Tuesday", "desktop", "79", "", "", "", "S", "", "", "", "", ""], "unreadable"),
    (["6", "", "2026-03-01T10:00:00", "desktop", "79", "", "", "", "S", "", "", "", "", ""], "incomplete"),
    (["7", "buy", "2026-03-01T10:00:00", "app", "79", "", "", "", "", "A-1", "1.505", "EUR", "", ""],
     "finer_than_a_penny"),
    (["8", "buy", "2026-03-01T10:00:00", "app", "79", "", "", "", "", "A-1", "12", "gold", "", ""],
     "unknown_currency"),
    (["9", "buy", "2026-03-01T10:00:00", "app", "79", "", "", "", "", "A-1", "a lot", "EUR", "", ""], "unreadable"),
    (["", "view", "2026-03-01T10:00:00", "app", "79", "", "", "", "S", "", "", "", "", ""], "incomplete"),
    (["10", "too", "few"], "unreadable"),
]  # fmt: skip


def write(path: Path, rows: list[list[str]]) -> Path:
    """The same rows in the form that the file's name says."""
    if path.suffix == ".parquet":
        session = duckdb.connect()
        columns = ", ".join(f'"{name}" text' for name in COLUMNS)
        session.execute(f"create table told ({columns})")
        session.executemany(f"insert into told values ({', '.join('?' * len(COLUMNS))})", rows)
        session.execute(f"copy told to '{path}' (format parquet)")
        return path
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        if "jsonl" in path.name:
            for row in rows:
                file.write(json.dumps(dict(zip(COLUMNS, row, strict=False))) + "\n")
        else:
            csv.writer(file).writerows([COLUMNS, *rows])
    return path


@pytest.fixture
def take(tmp_path):
    def taking(file: Path, mapping: str = MAPPING) -> Imported:
        (tmp_path / "mapping.yaml").write_text(mapping)
        with Watch() as watch:
            return import_touchpoints(file, tmp_path / "mapping.yaml", tmp_path / "imports", watch)

    return taking


@pytest.mark.parametrize("name", ["told.csv", "told.csv.gz", "told.jsonl", "told.jsonl.gz", "told.parquet"])
def test_every_form_of_file_says_the_same(take, tmp_path, name):
    done = take(write(tmp_path / name, ROWS))
    assert (done.records, done.stored, done.repeated, done.reasons) == (3, 3, 0, {})
    second, first, third = (
        next(one for one in queries.latest("old-shop") if one.occurred_at == at)
        for at in (
            datetime(2026, 3, 1, 11, 30, tzinfo=UTC),
            datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
            datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
        )
    )
    assert (first.event, first.channel, first.sku) == ("Product Viewed", "web", "SOFA-1")
    assert first.payload["properties"] == {"colour": "grey", "score": "3"}
    assert (second.event, second.channel, second.order_ref) == ("Order Completed", "app", "A-9")
    assert (second.worth, second.currency) == (114_950, "EUR")
    assert third.sku == "SOFA-2"


def test_whoever_is_known_by_several_things_is_one_customer(take, tmp_path):
    from samband.customers.identity import commands

    take(write(tmp_path / "told.csv", ROWS))
    commands.resolve()
    whose = {
        identity.find(one)
        for one in (
            identifier("user", "77", "old-shop"),
            identifier("email", "eleni@customer.example"),
            identifier("phone", "+302101234567"),
            identifier("cookie", "v-1", "old-shop"),
        )
    }
    assert len(whose) == 1
    assert identity.find(identifier("user", "78", "old-shop")) not in whose


def test_again_changes_nothing_and_more_of_the_same_file_goes_on(take, tmp_path):
    take(write(tmp_path / "told.csv", ROWS[:2]))
    done = take(write(tmp_path / "told.csv", ROWS))
    assert (done.stored, done.repeated) == (1, 2)
    assert len(queries.latest("old-shop")) == 3


@pytest.mark.parametrize("name", ["told.csv", "told.jsonl"])
def test_what_is_not_taken_over_lies_among_the_rejects_with_its_reason(take, tmp_path, name):
    bad = BAD if name == "told.csv" else BAD[:-1]
    done = take(write(tmp_path / name, ROWS + [row for row, _ in bad]))
    assert done.stored == 3
    assert done.records == 3 + len(bad)
    with done.rejects.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [one["reason"] for one in found] == [reason for _, reason in bad]
    assert [int(one["row"]) for one in found] == list(range(4, 4 + len(bad)))
    assert done.rejects.stat().st_mode & 0o077 == 0


def test_without_ids_the_same_twice_happened_twice_and_again_is_still_twice(take, tmp_path):
    mapping = MAPPING.replace("message: id\n", "")
    file = write(tmp_path / "told.csv", [ROWS[0], ROWS[0], ROWS[2]])
    assert take(file, mapping).stored == 3
    assert take(file, mapping).repeated == 3


def test_a_broken_line_of_json_spoils_itself_only(take, tmp_path):
    file = write(tmp_path / "told.jsonl", ROWS)
    file.write_text(file.read_text() + '{"id": \n' + "[1, 2]\n\n")
    done = take(file)
    assert (done.stored, done.reasons) == (3, {"unreadable": 2})


@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        ("", "mapping"),
        ("source: [", "mapping"),
        ("source: x\nevent: a\nat: b\nidentifiers: {shoe: c}", "shoe"),
        ("source: x\nevent: a\nat: b\nidentifiers: {}", "identifiers"),
        ("source: x\nevent: a\nat: {column: b, zone: Mars/Olympus}\nidentifiers: {email: c}", "Mars"),
        ("source: x\nevent: a\nat: b\nidentifiers: {email: c}\ncolour: d", "colour"),
        ("source: x\nevent: a\nat: b\nidentifiers: {email: c}\nworth: {column: d}", "currency"),
    ],
)
def test_a_mapping_that_says_nonsense_is_told_where(take, tmp_path, mapping, named):
    with pytest.raises(NotAMapping) as refused:
        take(write(tmp_path / "told.csv", ROWS), mapping)
    assert named in refused.value.message


def test_columns_that_are_missing_are_named_before_anything_is_taken(take, tmp_path):
    for name in ("told.csv", "told.parquet"):
        with pytest.raises(NotThatFile) as refused:
            take(write(tmp_path / name, ROWS), MAPPING.replace(" mail", " post").replace("colour", "hue"))
        assert refused.value.details["columns"] == ["hue", "post"]
    assert "old-shop" not in {one.slug for one in queries.sources()}


def test_a_file_of_another_form_or_none_is_refused(take, tmp_path):
    with pytest.raises(NoSuchFile):
        take(tmp_path / "none.csv")
    (tmp_path / "told.xlsx").write_bytes(b"PK")
    with pytest.raises(NotThatFile):
        take(tmp_path / "told.xlsx")
    (tmp_path / "told.parquet").write_bytes(b"not at all")
    with pytest.raises(NotThatFile):
        take(tmp_path / "told.parquet")
