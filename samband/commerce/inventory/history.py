"""Moves that another system made before the goods came into our books.

What was on hand there at any moment is not known, only what moved. Therefore history never changes a level: whatever
left must have been there (an `import` beside it), and whatever came back and stayed is not in our hands until somebody
takes it in or counts it (an `adjust` beside it). A shop that sells while history is written promises nothing of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from samband.events.inventory import StockHistoryImported
from samband.kernel.goods import SKU
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from samband.timeline import record

from . import ledger, queries, reading
from .models import Location
from .refusals import UnknownLocation

KINDS = {"receive": 1, "issue": -1, "adjust": 0}
"""What history may tell of, with the sign of its quantity (0: either)."""

BALANCE = "balance of history"
_COLUMNS = "id, location, sku, quantity, kind, reason, reference, at"


@dataclass(frozen=True, slots=True)
class Past:
    """Units (≠ 0) that left (`issue`, negative), came back (`receive`) or were written off or found (`adjust`).

    `reference` is what it was called there; with the SKU it tells a move that is known from one that is new.
    """

    sku: str
    quantity: int
    kind: str
    reference: str
    at: datetime
    reason: str = ""


@transaction.atomic(savepoint=False)
def make_room(location: str, skus: Iterable[str]) -> None:
    """Give SKUs a level at a location, so that those who write history side by side need not wait for each other's.

    Raises UnknownLocation.
    """
    _known(location)
    ledger.make_room((location, sku) for sku in skus)


@transaction.atomic(savepoint=False)
def write_history(location: str, source: str, moves: Sequence[Past], *, fresh: bool = False) -> int:
    """Write another system's moves into the ledger of a location; returns how many were new.

    Those known by SKU and reference are passed over, so a repeat changes nothing, unless the caller knows that all are
    `fresh`. Raises UnknownLocation or Invalid.
    """
    for move in moves:
        _check(move)
    _known(location)
    if not fresh:
        moves = _unknown(source, moves)
    if not moves:
        return 0
    ledger.make_room((location, sku) for sku in {move.sku for move in moves})
    into = f"copy inventory_move ({_COLUMNS}) from stdin"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in _rows(location, source, moves):
            copy.write_row(row)
    record(StockHistoryImported(import_id=new_id(), location=location, source=source, moves=len(moves)))
    return len(moves)


def _known(location: str) -> None:
    if location not in queries.locations() and not Location.objects.filter(pk=location).exists():
        raise UnknownLocation(location=location[:40])


def _check(move: Past) -> None:
    if not SKU.fullmatch(move.sku):
        raise Invalid("That is not a SKU.")
    sign = KINDS.get(move.kind)
    if sign is None or not move.quantity or move.quantity * sign < 0:
        raise Invalid("The quantity does not fit what happened.", sku=move.sku)
    if not move.reference:
        raise Invalid("History names where it comes from.", sku=move.sku)
    reading.note(move.reference)
    reading.note(move.reason)


def _unknown(source: str, moves: Sequence[Past]) -> list[Past]:
    """Those not written before. Importers of one source wait for each other, so that none is written twice."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 3))", [f"inventory:{source}"])
        cursor.execute(
            "select sku, reference from unnest(%s::text[], %s::text[]) as told (sku, reference)"
            " where exists (select from inventory_move m where m.sku = told.sku and m.reference = told.reference)",
            [[move.sku for move in moves], [_named(source, move.reference) for move in moves]],
        )
        known = set(cursor.fetchall())
    return [move for move in moves if (move.sku, _named(source, move.reference)) not in known]


def _named(source: str, reference: str) -> str:
    return f"{source} {reference}"


def _rows(location: str, source: str, moves: Sequence[Past]) -> Iterator[tuple[Any, ...]]:
    """The moves and what balances them. What came first stands first, for the ledger is read in that order."""
    sums: Counter[str] = Counter()
    first: dict[str, Past] = {}
    for move in moves:
        sums[move.sku] += move.quantity
        if move.sku not in first or move.at < first[move.sku].at:
            first[move.sku] = move
    for sku, missing in sums.items():
        if missing < 0:
            begun = first[sku]
            yield new_id(), location, sku, -missing, "import", BALANCE, _named(source, begun.reference), begun.at
    for move in sorted(moves, key=lambda move: move.at):
        named = _named(source, move.reference)
        yield new_id(), location, move.sku, move.quantity, move.kind, move.reason, named, move.at
    for sku, surplus in sums.items():
        if surplus > 0:
            begun = first[sku]
            yield new_id(), location, sku, -surplus, "adjust", BALANCE, _named(source, begun.reference), begun.at
