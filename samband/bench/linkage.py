"""Public sets of made-up people with duplicates, whose truth is known: which column means what, and nothing more."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from samband.customers.identity.proposing.records import Record
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier

FAKE, LABELS, FEBRL = "fake_1000.csv", "fake_1000_labels.csv", "febrl3.csv"


@dataclass(frozen=True)
class Known:
    """Records, what each of them is known by for certain, and who each of them truly is."""

    name: str
    records: Sequence[Record]
    identifiers: Sequence[tuple[Identifier, ...]]
    truth: Sequence[str]


def sets(folder: Path) -> list[Known]:
    """Those of the sets that are in the folder."""
    readers = {FAKE: _fake, FEBRL: _febrl}
    return [read(folder / name) for name, read in readers.items() if (folder / name).is_file()]


def _fake(path: Path) -> Known:
    rows = _rows(path)
    records = [
        Record(
            nth, "", given=row["first_name"], surname=row["surname"], email=row["email"],
            born=row["dob"].replace("-", ""), city=row["city"],
        )
        for nth, row in enumerate(rows)
    ]  # fmt: skip
    return Known(
        "fake_1000", records, [_named("email", row["email"]) for row in rows], [row["cluster"] for row in rows]
    )


def _febrl(path: Path) -> Known:
    """The number of social security is a number that a person carries: what a loyalty card's is to a retailer."""
    rows = _rows(path)
    records = [
        Record(
            nth, "", given=row["given_name"], surname=row["surname"], born=row["date_of_birth"],
            line1=f"{row['street_number']} {row['address_1']}", line2=row["address_2"], postcode=row["postcode"],
            city=row["suburb"], card=row["soc_sec_id"],
        )
        for nth, row in enumerate(rows)
    ]  # fmt: skip
    truth = [row["rec_id"].split("-")[1] for row in rows]
    return Known("febrl3", records, [_named("loyalty", row["soc_sec_id"]) for row in rows], truth)


def labelled(folder: Path, known: Known) -> list[tuple[int, int, bool]]:
    """Pairs of fake_1000 that clerks judged, by the order of their records; nothing for other sets."""
    if known.name != "fake_1000" or not (folder / LABELS).is_file():
        return []
    order = {row["unique_id"]: nth for nth, row in enumerate(_rows(folder / FAKE))}
    return [
        (order[row["unique_id_l"]], order[row["unique_id_r"]], float(row["clerical_match_score"]) >= 0.5)
        for row in _rows(folder / LABELS)
    ]


def _named(kind: str, value: str) -> tuple[Identifier, ...]:
    try:
        return (identifier(kind, value),) if value else ()
    except NotAnIdentifier:
        return ()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, skipinitialspace=True))
