"""Whether anything that we stand on has a known hole: `python -m tests.house.auditing`.

Looks at what is locked for running and for testing (pip-audit) and at the clients for Node (npm audit). Ends with 0
when nothing is open, 1 when something is, and 2 when those who know of holes could not be asked: that is no clean one.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCKED = ("requirements/run.txt", "requirements/dev.txt")
NODE = "tests/clients/node"
CLEAN, OPEN, UNASKED = 0, 1, 2
SECONDS = 120

Run = Callable[[Sequence[str], Path], str]


@dataclass
class Audit:
    """What came of one list of dependencies: how many were looked at, what is open, and why some were not looked at."""

    of: str
    looked_at: int = 0
    found: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def ends(self) -> int:
        if self.found:
            return OPEN
        return UNASKED if self.skipped or not self.looked_at else CLEAN


def ran(command: Sequence[str], folder: Path) -> str:
    """What a command wrote; nothing if it cannot be run."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def of_python(file: str, run: Run = ran) -> Audit:
    """A lock file, as pip-audit sees it."""
    beside = Path(sys.executable).with_name("pip-audit")
    tool = str(beside) if beside.exists() else "pip-audit"
    told = _read(run([tool, "--disable-pip", "--require-hashes", "--format", "json", "-r", file], ROOT))
    audit = Audit(file)
    for one in told.get("dependencies", []):
        if "skip_reason" in one:
            audit.skipped.append(f"{one['name']}: {one['skip_reason']}")
            continue
        audit.looked_at += 1
        for hole in one["vulns"]:
            mended = ", ".join(hole.get("fix_versions", [])) or "no version yet"
            audit.found.append(f"{one['name']} {one['version']}: {hole['id']} (mended in {mended})")
    return audit


def of_node(folder: str = NODE, run: Run = ran) -> Audit:
    """The locked packages of a folder, as npm sees them."""
    told = _read(run(["npm", "audit", "--json", "--package-lock-only"], ROOT / folder))
    audit = Audit(folder, looked_at=told.get("metadata", {}).get("dependencies", {}).get("total", 0))
    for name, hole in told.get("vulnerabilities", {}).items():
        audit.found.append(f"{name} {hole.get('range', '')}: {hole.get('severity', '')}")
    return audit


def _read(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def say(audits: Sequence[Audit]) -> int:
    """Print what was found, and end with the worst of it."""
    for one in audits:
        print(f"{one.of}: {one.looked_at} looked at, {len(one.found)} open, {len(one.skipped)} not looked at")
        for line in one.found:
            print(f"  {line}")
        if one.ends == UNASKED:
            why = one.skipped[0] if one.skipped else "no answer"
            print(f"  the service that knows of holes could not be asked about all of them ({why[:160]})")
    ends = {one.ends for one in audits}
    return OPEN if OPEN in ends else UNASKED if UNASKED in ends else CLEAN


if __name__ == "__main__":
    sys.exit(say([*(of_python(file) for file in LOCKED), of_node()]))
