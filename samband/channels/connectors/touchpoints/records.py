"""Records of a file, one after the other, whatever its form: each a number from one and its columns."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from .. import rows
from ..rows import NotThatFile, readable

Record = tuple[int, Mapping[str, Any] | None]
"""A record's number and columns; None if it cannot be read."""

AT_ONCE = 5_000
LONGEST_LINE = 4 * 1024 * 1024

_JSON = (".jsonl", ".ndjson", ".json")


def records(path: Path) -> Iterator[Record]:
    """Every record. Raises NoSuchFile, and NotThatFile for what is no JSON Lines, CSV or Parquet (told by its name)."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".parquet"):
        return _of_parquet(path)
    if name.endswith(_JSON):
        return _of_json_lines(path)
    if name.endswith((".csv", ".txt", ".tsv")):
        return _of_csv(path)
    raise NotThatFile("Only .jsonl, .csv and .parquet can be read, the first two gzipped as well.", file=path.name)


def columns(path: Path) -> set[str] | None:
    """The columns of a file that says them; None if each record has its own."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".parquet"):
        with _parquet(path) as told:
            return {column[0] for column in told.description}
    return None if name.endswith(_JSON) else set(rows.header(path))


def _of_csv(path: Path) -> Iterator[Record]:
    names = rows.header(path)
    with rows.records(path) as every:
        for number, fields in enumerate(every, 1):
            whole = len(fields) == len(names) and all(map(readable, fields))
            yield number, dict(zip(names, fields, strict=True)) if whole else None


def _of_json_lines(path: Path) -> Iterator[Record]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    number = 0
    with rows.opened(path) as file:
        try:
            while line := file.readline(LONGEST_LINE):
                if not line.strip():
                    continue
                number += 1
                try:
                    yield number, decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    yield number, None
        except (EOFError, OSError) as error:
            raise NotThatFile("The file breaks off, or is not what it seems.") from error


def _of_parquet(path: Path) -> Iterator[Record]:
    with _parquet(path) as told:
        names = [column[0] for column in told.description]
        number = 0
        while batch := told.fetchmany(AT_ONCE):
            for fields in batch:
                number += 1
                yield number, dict(zip(names, fields, strict=True))


def _parquet(path: Path) -> duckdb.DuckDBPyConnection:
    rows.opened(path).close()
    session = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "512MB"})
    try:
        return session.execute("select * from read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        session.close()
        raise NotThatFile("That is no Parquet file.", file=path.name) from error
