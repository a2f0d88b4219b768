"""Rows of a CSV file, plain or gzipped, each with its number; what cannot be read as a row is one without fields."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from samband.kernel.refusal import Invalid, NotFound

LARGEST_FIELD = 1_000_000
GZIP_MAGIC = b"\x1f\x8b"

Row = list[str]


class NoSuchFile(NotFound):
    """There is no such file, or we may not read it."""

    code = "no_such_file"


class NotThatFile(Invalid):
    """The file does not have the columns that such a file has."""

    code = "not_that_file"


def fingerprint(paths: Sequence[Path]) -> str:
    """A name for exactly these bytes, in whatever order the files are given. Raises NoSuchFile."""
    digests = []
    for path in paths:
        with _opened(path) as file:
            digests.append(hashlib.file_digest(file, "blake2b").hexdigest())
    return hashlib.blake2b("".join(sorted(digests)).encode(), digest_size=16).hexdigest()


def header(path: Path) -> Row:
    """The first row. Raises NoSuchFile, and NotThatFile for what is no CSV."""
    with _text(path) as file:
        return next(_rows(file), [])


def records(path: Path) -> Iterator[Row]:
    """Every row after the first; one that breaks the rules of CSV is empty. Raises NoSuchFile."""
    with _text(path) as file:
        rows = _rows(file)
        next(rows, None)
        yield from rows


def _rows(file: IO[str]) -> Iterator[Row]:
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(file)
    while True:
        try:
            yield from reader
            return
        except csv.Error:
            yield []
        except (EOFError, OSError) as error:
            raise NotThatFile("The file breaks off, or is not what it seems.") from error


def _opened(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise NoSuchFile(file=path.name) from error


def _text(path: Path) -> IO[str]:
    """Bytes that are not UTF-8 become marks that `readable` finds, so that they spoil their own row only."""
    file = _opened(path)
    zipped = file.read(2) == GZIP_MAGIC
    file.seek(0)
    plain = cast(IO[bytes], gzip.GzipFile(fileobj=file) if zipped else file)
    return io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")


def readable(text: str) -> bool:
    """Was the text UTF-8, and can a database keep it?"""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
