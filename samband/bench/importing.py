"""`samband import online-retail` beside a bare COPY of the same rows into one table without indexes, in one run."""

import csv
import gzip
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from .house import BenchFailed, House, fresh_house
from .report import Report, machine

DATA = "online_retail/online_retail.csv.gz"
BLOCK_BYTES = 1 << 18
LOOK_EVERY_SECONDS = 0.05

_BARE_TABLE = """
create table bare_row (
    invoice text, code text, description text, quantity int, at timestamp, price numeric, customer text, country text)
"""


def default_file() -> Path | None:
    """The file that is measured on if none is named: below SAMBAND_DATA, if that is set."""
    folder = os.environ.get("SAMBAND_DATA")
    return Path(folder) / DATA if folder else None


def importing(path: Path) -> Report:
    """Import the file into a fresh house, as a process of its own from its start to its end. Raises BenchFailed."""
    content = path.read_bytes()
    content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    rows = sum(1 for _ in csv.reader(content.decode(errors="replace").splitlines(keepends=True))) - 1
    with fresh_house(1) as house:
        bare = [_bare_copy(house, content)]
        ours = _import(house, path)
        bare.append(_bare_copy(house, content))
        again = _import(house, path)
        found = house.run("samband", "audit").strip()
        return _report(rows, bare, ours, again, found)


@dataclass(frozen=True)
class Imported:
    """One run: how long it took, the most memory all its processes had at one moment, and what it printed last."""

    seconds: float
    peak_mb: float
    said: list[str]


def _bare_copy(house: House, content: bytes) -> float:
    with psycopg.connect(house.url) as session:
        session.execute(_BARE_TABLE)
        session.commit()
        began = time.perf_counter()
        with session.cursor().copy("copy bare_row from stdin (format csv, header)") as copy:
            for first in range(0, len(content), BLOCK_BYTES):
                copy.write(content[first : first + BLOCK_BYTES])
        session.commit()
        took = time.perf_counter() - began
        session.execute("drop table bare_row")
    return took


def _import(house: House, path: Path) -> Imported:
    command = [sys.executable, "-m", "samband", "import", "online-retail", str(path.resolve())]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=dict(house.environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        try:
            process.wait(LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    took = time.perf_counter() - began
    said, wrong = process.communicate()
    if process.returncode:
        raise BenchFailed(f"The import ended badly: {wrong[-2000:]}")
    return Imported(took, peak / 1e6, said.strip().splitlines())


def _resident(pid: int) -> int:
    """Bytes that the process and those it began have in memory; what they share counts once for each."""
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


def _report(rows: int, bare: list[float], ours: Imported, again: Imported, found: str) -> Report:
    limit = sum(bare) / len(bare)
    return Report(
        name="import",
        unit="rows/s",
        ours=rows / ours.seconds,
        limit=rows / limit,
        limit_name="bare COPY",
        p50_ms=None,
        p99_ms=None,
        machine=machine(),
        about={
            "rows": rows,
            "ours_seconds": round(ours.seconds, 3),
            "limit_seconds": round(limit, 3),
            "bare_copy_seconds": [round(one, 3) for one in bare],
            "times_the_bare_copy": round(ours.seconds / limit, 2),
            "peak_mb": round(ours.peak_mb, 1),
            "again_seconds": round(again.seconds, 3),
            "audit": found,
            "said": ours.said,
        },
        notes=(
            "Ours is the whole command: its start, reading, products, customers, orders, payments and stock.",
            "The bare COPY has its rows unpacked in memory; it is done before and after, and their mean counts.",
            "Memory is the sum over all processes of the command, pages that they share counted in each.",
        ),
    )
