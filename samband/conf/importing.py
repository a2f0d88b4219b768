"""What `samband import` does and says."""

from collections.abc import Callable, Sequence
from pathlib import Path

from . import migrating


def online_retail(path: Path, home: Path, location: str | None, say: Callable[[str], None]) -> None:
    """Take over an Online Retail file and say how it ended."""
    from samband.channels.connectors.importing import import_online_retail
    from samband.channels.connectors.progress import Watch
    from samband.channels.connectors.rejects import path_of
    from samband.channels.connectors.telling import told

    _make_ready()
    folder = home / "imports"
    with Watch() as watch:
        taken, before = import_online_retail(path, folder, watch, location)
    for line in told(taken, before, [path_of(folder, path)]):
        say(line)


def shopify(
    paths: Sequence[Path], home: Path, market: str | None, location: str | None, say: Callable[[str], None]
) -> None:
    """Take over Shopify's exports and say how it ended."""
    from samband.channels.connectors.progress import Watch
    from samband.channels.connectors.shopify import import_shopify, rejects_of
    from samband.channels.connectors.telling import told
    from samband.flows.files_of_customer import leave_out_erased

    _make_ready()
    folder = home / "imports"
    with Watch() as watch:
        taken, before = import_shopify(paths, folder, watch, market, location)
    for rejects in rejects_of(folder, paths):
        leave_out_erased(rejects)
    for line in told(taken, before, rejects_of(folder, paths)):
        say(line)


def touchpoints(path: Path, mapping: Path, home: Path, say: Callable[[str], None]) -> None:
    """Take over a file of what happened elsewhere and say how it ended."""
    from samband.channels.connectors.progress import Watch
    from samband.channels.connectors.rejects import REASONS
    from samband.channels.connectors.touchpoints.importing import import_touchpoints

    _make_ready()
    with Watch() as watch:
        done = import_touchpoints(path, mapping, home / "imports", watch)
    say(f"{done.records:,} records of {done.source}: {done.stored:,} new, {done.repeated:,} known already")
    for reason, times in sorted(done.reasons.items(), key=lambda item: (-item[1], item[0])):
        say(f"  {times:>7,} × {reason}: {REASONS[reason]}")
    if done.reasons:
        say(f"rejects: {done.rejects}")


def _make_ready() -> None:
    """An empty house gets its tables; looking closer at one that has some takes longer than reading many a file."""
    from django.db import connection

    if not connection.introspection.table_names():
        migrating.migrate()
