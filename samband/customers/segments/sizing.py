"""How many a segment would have, asked while it is being written."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from samband.kernel.clock import now

from . import compiling, reckoning
from .checking import branches_of
from .compiling import Asked
from .definitions import Definition
from .relations import relations

SOME = 5
ABOUT = 2000
"""Of how many customers an estimate is made."""

_COUNTED = f""",
all_of_them as materialized (select customer from found)
select (select count(*) from all_of_them), array(select customer from all_of_them limit {SOME})
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many there would be, `exact` or about; a few of them; and how long it took to find out."""

    count: int
    exact: bool
    some: tuple[UUID, ...]
    took_ms: float


def size(definition: Definition, within_ms: int = 1000) -> Size:
    """How many a segment would have now, exactly if that can be found out in so much time, else about.

    About means: as many as among a few thousand customers picked by chance. Raises SegmentAbsurd.
    """
    began = time.perf_counter()
    segments = reckoning.kept()
    branches = branches_of(definition, segments)
    asked = Asked(0, definition, branches)
    facts = reckoning.facts(segments, [definition], now())
    count, some, exact = _exactly(asked, facts, within_ms) or _about(asked, facts)
    return Size(count, exact, tuple(some), (time.perf_counter() - began) * 1000)


def _exactly(asked: Asked, facts: compiling.Facts, within_ms: int) -> tuple[int, list[UUID], bool] | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('statement_timeout', %s, true)", [f"{within_ms}ms"])
            count, some = _counted(asked, facts, None)
            cursor.execute("select set_config('statement_timeout', '0', true)")
            return count, some, True
    except OperationalError:  # it takes longer than anybody wants to wait while typing
        return None


def _counted(asked: Asked, facts: compiling.Facts, customers: list[UUID] | None) -> tuple[int, list[UUID]]:
    text, values = compiling.found([asked], facts, customers)
    with reckoning.by_sets(bulk=customers is None):
        [(count, some)] = reckoning.rows(text + _COUNTED, values)
    return count, some


def _about(asked: Asked, facts: compiling.Facts) -> tuple[int, list[UUID], bool]:
    with transaction.atomic():
        everybody, some = _picked()
        count, found = _counted(asked, facts, some)
    return _rounded(count * everybody / max(len(some), 1)), found, False


def _picked() -> tuple[int, list[UUID]]:
    """About how many customers there are, and some thousands of them by chance: whole pages of the table."""
    where = relations().identifiers
    [(rows,)] = reckoning.rows(
        "select reltuples::float8 from pg_class where oid = %(table)s::regclass", {"table": where}
    )
    values: Mapping[str, Any] = {"percent": min(100.0, 100.0 * 3 * ABOUT / max(rows, 1))}
    found = reckoning.rows(
        f"select customer from {where} tablesample system (%(percent)s::float8) where key = customer", values
    )
    everybody = len(found) * 100 / values["percent"]
    # Not the first of them: those who came early, and lie first, have done more.
    return round(everybody), [customer for (customer,) in random.sample(found, min(ABOUT, len(found)))]


def _rounded(number: float) -> int:
    """To two digits, for no more is known."""
    whole = round(number)
    unit = 10 ** max(len(str(whole)) - 2, 0)
    return int(round(whole / unit) * unit)
