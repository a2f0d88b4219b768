"""Every bench one after the other, and the page that tells of them, with plots and the machine named.

The page's own words are kept: only what stands between its marks is written anew, from the figures beside it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .plotting import Bar, Span, bars, spans

PAGE = "README.md"
FIGURES = "figures"
BEGINS, ENDS = "<!-- figures: written by `samband bench all` -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Bench:
    """A command of `samband bench` with its options, in full and for a quick look. `name` is its file's."""

    name: str
    label: str
    command: tuple[str, ...]
    quick: tuple[str, ...] = ()


SHORT = ("--seconds", "3", "--warm-up", "1")

BENCHES = (
    Bench("listing", "a page of a department", ("listing",), SHORT),
    Bench("search", "a search", ("search",), SHORT),
    Bench("product", "a product's page", ("product",), SHORT),
    Bench("add-shop", "into the cart, shop", ("add", "--door", "shop"), SHORT),
    Bench("add-api", "into the cart, API", ("add", "--door", "api"), SHORT),
    Bench("pricing", "a cart of 20 lines priced", ("pricing",), SHORT),
    Bench("hold", "a hold", ("hold",), SHORT),
    Bench("checkout-16", "checkout, 16 clients", ("checkout", "--clients", "16"), SHORT),
    Bench("checkout-64", "checkout, 64 clients", ("checkout", "--clients", "64"), SHORT),
    Bench("hot-sku", "checkout of one hot SKU", ("hot-sku",), ("--buyers", "500")),
    Bench("deliver", "events delivered", ("deliver",), ("--seconds", "1")),
    Bench("capture", "events captured", ("capture",), ("--events", "50000")),
    Bench("customers", "a customer's page", ("customers",), ("--customers", "2000", "--touchpoints", "20000")),
    Bench("identity", "customers told apart", ("identity",), ("--people", "2000")),
    Bench("import", "a shop's sales imported", ("import",)),
    Bench("routing", "an order routed", ("routing",), ("--orders", "100")),
    Bench("audit", "the books audited", ("audit",), ("--orders", "1000")),
)
"""In the order of a visit: looking, choosing, buying, and what follows."""


def run(folder: Path, names: Sequence[str], quick: bool, say: Callable[[str], None]) -> list[str]:
    """Run the benches of these names (none means all), keep what each printed, and write the page.

    Returns the names of those that failed; their old figures stay.
    """
    figures = folder / FIGURES
    figures.mkdir(parents=True, exist_ok=True)
    failed = []
    for bench in BENCHES:
        if names and bench.name not in names:
            continue
        say(f"{bench.name} …")
        told = _measure(bench, quick)
        if told is None or "absent" in told:
            say(f"{bench.name}: {told['absent'] if told else 'failed'}")
            failed += [] if told else [bench.name]
            continue
        told["on"] = date.today().isoformat()
        (figures / f"{bench.name}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        say(f"{bench.name}: {_said(told)}")
    write(folder)
    return failed


def _measure(bench: Bench, quick: bool) -> dict[str, Any] | None:
    """What its command prints, in a process of its own; None if it failed, which it tells on standard error."""
    command = [sys.executable, "-m", "samband", "bench", *bench.command, *(bench.quick if quick else ()), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=os.environ.copy())
    if done.returncode:
        return None
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def write(folder: Path) -> None:
    """Write plots and page from the figures that lie in the folder."""
    known = [(bench, told) for bench in BENCHES if (told := _kept(folder, bench.name)) is not None]
    if not known:
        return
    rows = [Bar(bench.label, told["ratio"], _said(told)) for bench, told in known if told.get("limit")]
    (folder / "ratios.svg").write_text(
        bars("How near the limit", "Ours beside the limit of the same machine in the same run, which is 1.", rows)
    )
    took = [Span(bench.label, told["p50_ms"], told["p99_ms"]) for bench, told in known if told.get("p50_ms")]
    (folder / "waits.svg").write_text(
        spans("How long it takes", "From half of all (green) to all but one in a hundred (red).", took)
    )
    page = folder / PAGE
    text = page.read_text() if page.exists() else f"# How fast it is\n\n{BEGINS}\n{ENDS}\n"
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    written = "\n".join(_written(known))
    page.write_text(f"{before}{BEGINS}\n\n{written}\n\n{ENDS}{after or chr(10)}")


def _kept(folder: Path, name: str) -> dict[str, Any] | None:
    file = folder / FIGURES / f"{name}.json"
    if not file.exists():
        return None
    told: dict[str, Any] = json.loads(file.read_text())
    return told


def _written(known: Sequence[tuple[Bench, Mapping[str, Any]]]) -> Iterator[str]:
    yield from machines(told for _, told in known)
    yield ""
    yield "![How near the limit each path comes](ratios.svg)"
    yield ""
    yield "![How long each takes](waits.svg)"
    yield ""
    yield "| | ours | limit | ratio | p50 | p99 | CPU a unit: server, database | statements a unit | load |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for bench, told in known:
        yield from _rows(bench, told)


def machines(told: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """Where and when the figures were taken; a line for each machine or day."""
    seen: dict[str, None] = {}
    for one in told:
        at = one["machine"]
        memory = f", {at['memory_gb']} GB" if "memory_gb" in at else ""
        seen.setdefault(
            f"{at['cores']} cores of {at['cpu']}{memory}, Python {at['python']}, PostgreSQL {at['postgresql']} with"
            f" fsync {at['fsync']}; {_day(one.get('on'))}."
        )
    yield from seen
    yield "Clients, server and database share the cores; `load` is what else the machine was doing by then (its average"
    yield "of the last minute, the bench itself included)."


def _day(said: str | None) -> str:
    day = date.fromisoformat(said) if said else datetime.now(UTC).date()
    return f"{day.day} {day:%B %Y}"


def _rows(bench: Bench, told: Mapping[str, Any]) -> Iterator[str]:
    cpu = told.get("cpu_ms_per_unit") or {}
    cells = [
        f"[{bench.label}](figures/{bench.name}.json)",
        f"{told['ours']:,.0f} {told['unit']}",
        f"{told['limit']:,.0f} ({told['limit_name']})",
        f"**{told['ratio']:.2f}**",
        _ms(told.get("p50_ms")),
        _ms(told.get("p99_ms")),
        f"{_ms(cpu.get('server'))}, {_ms(cpu.get('database'))}" if cpu else "",
        f"{told['queries_per_unit']:g}" if told.get("queries_per_unit") is not None else "",
        f"{told['machine'].get('load', '')}",
    ]
    yield f"| {' | '.join(cells)} |"
    if anew := told.get("written_anew"):
        cells = [
            f"{bench.label}, written anew",
            f"{anew['pages_per_second']:,.0f} {told['unit']}",
            f"{told['limit']:,.0f}",
            f"**{anew['ratio']:.2f}**",
            _ms(anew["p50_ms"]),
            _ms(anew["p99_ms"]),
            f"{_ms(anew['server_cpu_ms'])}, {_ms(anew['database_cpu_ms'])}",
            f"{anew.get('queries', '')}",
            "",
        ]
        yield f"| {' | '.join(cells)} |"


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.2g} ms"


def _said(told: Mapping[str, Any]) -> str:
    return f"{told['ours']:,.0f} of {told['limit']:,.0f} {told['unit']}"
