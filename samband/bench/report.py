"""What a measurement says: a figure beside its limit, and the machine on which both were taken."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from django.db import connection


@dataclass(frozen=True, kw_only=True)
class Report:
    """`ours` and `limit` in `unit`; 1 as `ratio` is the limit, 0.5 is half as fast.

    `p50_ms` and `p99_ms` are of one whole deed as its client waited for it. `cpu_ms_per_unit` is what one deed cost the
    `server` (whatever runs our Python) and the `database`, in milliseconds of CPU, None where it cannot be known.
    `queries_per_unit` is how many statements one deed sent, on average. `about` holds what else was measured, `notes`
    what a reader has to know to judge the figures.
    """

    name: str
    unit: str
    ours: float
    limit: float
    limit_name: str
    p50_ms: float | None
    p99_ms: float | None
    machine: Mapping[str, Any]
    cpu_ms_per_unit: Mapping[str, float | None] | None = None
    queries_per_unit: float | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @property
    def ratio(self) -> float:
        """How near the limit we are."""
        return self.ours / self.limit if self.limit else 0.0

    def as_json(self) -> str:
        """One JSON object on one line."""
        return json.dumps(
            {
                "name": self.name,
                "unit": self.unit,
                "ours": round(self.ours, 3),
                "limit": round(self.limit, 3),
                "limit_name": self.limit_name,
                "ratio": round(self.ratio, 4),
                "p50_ms": self.p50_ms,
                "p99_ms": self.p99_ms,
                "cpu_ms_per_unit": None if self.cpu_ms_per_unit is None else dict(self.cpu_ms_per_unit),
                "queries_per_unit": self.queries_per_unit,
                "machine": dict(self.machine),
                **self.about,
                "notes": list(self.notes),
            },
            ensure_ascii=False,
        )

    def as_text(self) -> str:
        """The same for a person."""
        lines = [
            f"{self.name}: {self.ours:,.1f} {self.unit}",
            f"  {self.limit_name}: {self.limit:,.1f} {self.unit}",
            f"  ratio: {self.ratio:.3f}",
        ]
        if self.p50_ms is not None and self.p99_ms is not None:
            lines.append(f"  p50 {self.p50_ms:.1f} ms · p99 {self.p99_ms:.1f} ms")
        if self.cpu_ms_per_unit is not None:
            lines.append(f"  CPU ms per unit: {_said(self.cpu_ms_per_unit)}")
        if self.queries_per_unit is not None:
            lines.append(f"  queries per unit: {self.queries_per_unit:,.1f}")
        lines += [f"  {name.replace('_', ' ')}: {_said(value)}" for name, value in self.about.items()]
        lines.append("  machine: " + ", ".join(f"{name} {value}" for name, value in self.machine.items()))
        return "\n".join([*lines, *(f"  · {note}" for note in self.notes)])


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(part)}" for name, part in value.items())
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def machine() -> dict[str, Any]:
    """What this machine is, and how the database it uses treats its disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        )
        version, fsync, synchronous_commit = cursor.fetchone()
    return {
        "cores": os.cpu_count() or 1,
        "cpu": _cpu_model(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "postgresql": version.split(" ")[0],
        "fsync": fsync,
        "synchronous_commit": synchronous_commit,
        "load_shares_cores": True,
    }


def cpu_per_unit(server_ms: float | None, database_ms: float | None) -> dict[str, float | None]:
    """What `cpu_ms_per_unit` of a report holds, from milliseconds of CPU per unit."""
    return {"server": server_ms, "database": database_ms}


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def percentile(sorted_values: Sequence[float], share: float) -> float | None:
    """The value that this share of the values does not exceed, rounded to microseconds; None of nothing."""
    if not sorted_values:
        return None
    return round(sorted_values[min(int(len(sorted_values) * share), len(sorted_values) - 1)], 3)
