"""Rows of a CSV file, plain or gzipped, each with its number; what cannot be read as a row is one without fields."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from samband.kernel.refusal import Invalid, NotFound

LARGEST_FIELD = 1_000_000
BUFFER_BYTES = 1 << 20
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
        return next(iter(Records(file)), [])


@contextmanager
def records(path: Path) -> Iterator["Records"]:
    """Every row after the first; one that breaks the rules of CSV is empty. Raises NoSuchFile, NotThatFile."""
    with _text(path) as file:
        every = Records(file)
        next(iter(every), None)
        yield every


class Records:
    """Rows one after the other. `line` is the number of lines that have been read so far."""

    def __init__(self, file: IO[str]) -> None:
        csv.field_size_limit(LARGEST_FIELD)
        self._reader = csv.reader(file)

    @property
    def line(self) -> int:
        return self._reader.line_num

    def __iter__(self) -> Iterator[Row]:
        while True:
            try:
                yield from self._reader
                return
            except csv.Error:
                yield []
            except (EOFError, OSError) as error:
                raise NotThatFile("The file breaks off, or is not what it seems.") from error


def last_lines(path: Path) -> dict[bytes, int]:
    """For each first field, quoted or not, the last line (from 1) that begins with it: a look ahead, quick and rough.

    A field that holds a comma, a quote or a line break is not found by it. Raises NoSuchFile, NotThatFile.
    """
    last: dict[bytes, int] = {}
    begins, number = b",", 0
    with opened(path) as file:
        try:
            for number, line in enumerate(file, 1):
                if not line.startswith(begins):
                    last[begins[:-1]] = number - 1
                    begins = line.partition(b",")[0] + b","
            last[begins[:-1]] = number
        except (EOFError, OSError) as error:
            raise NotThatFile("The file breaks off, or is not what it seems.") from error
    for field in [field for field in last if field[:1] == b'"']:
        plain = field.strip(b'"')
        last[plain] = max(last[field], last.get(plain, 0))
    return last


def _opened(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise NoSuchFile(file=path.name) from error


def opened(path: Path) -> io.BufferedReader:
    """The bytes of a file, unpacked if it is gzipped. Raises NoSuchFile."""
    file = _opened(path)
    zipped = file.read(2) == GZIP_MAGIC
    file.seek(0)
    return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=file)), BUFFER_BYTES) if zipped else file


def _text(path: Path) -> IO[str]:
    """Bytes that are not UTF-8 become marks that `readable` finds, so that they spoil their own row only."""
    return io.TextIOWrapper(opened(path), encoding="utf-8-sig", errors="surrogateescape", newline="")


def readable(text: str) -> bool:
    """Was the text UTF-8, and can a database keep it?"""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
