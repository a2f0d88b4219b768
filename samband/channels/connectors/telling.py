"""How an import ended, for a person."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from samband.events.take_over import TakenOver

from .rejects import LEFT, REASONS


def told(taken: TakenOver, before: bool, rejects: Sequence[Path]) -> Iterator[str]:
    """Line by line: what came in, what did not and why, and that nothing is missing."""
    if before:
        yield "Nothing to do: exactly this was taken over before."
    worth = Decimal(taken.imported_worth) + Decimal(taken.rejected_worth)
    yield f"imported {taken.imported:>9,} rows worth {Decimal(taken.imported_worth):>18,} {taken.currency}"
    yield f"rejected {taken.rejected:>9,} rows worth {Decimal(taken.rejected_worth):>18,} {taken.currency}"
    yield f"together {taken.rows:>9,} rows worth {worth:>18,} {taken.currency}"
    if taken.unreadable:
        yield f"  of them {taken.unreadable:,} say no quantity or price, and are worth nothing here"
    yield f"that is {taken.orders:,} orders, {taken.customers:,} customers and {taken.products:,} products"
    for code, times in taken.left.items():
        yield f"  {times:>7,} {LEFT[code]}"
    for reason, times in sorted(taken.reasons.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {times:>7,} × {reason}: {REASONS[reason]}"
    if taken.rejected:
        yield from (f"rejects: {path}" for path in rejects if path.exists())
