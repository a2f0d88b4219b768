"""Take in what was captured: each message once, kept under the strongest identifier it came with.

One transaction: what is answered is committed, what is not answered may be sent again.
"""

from collections.abc import Mapping, Sequence

from samband.customers.touchpoints import commands, queries, reading
from samband.customers.touchpoints.refusals import UnknownSource
from samband.customers.touchpoints.shapes import Happening, Note, Origin, Taken

from .gating import as_allowed
from .holding_back import ERASED, of_others
from .keeping import Taking, keep_together
from .understanding import Limits, Understood, understand

__all__ = ["Limits", "Taking", "Understood", "keep_together", "note", "take_in", "understand"]


def note(source: str, *notes: Note) -> Taken:
    """Take in what the house itself saw; joins the caller's transaction. A source of that name is made if need be."""
    try:
        origin = queries.origin(source)
    except UnknownSource:
        commands.open_house(source)
        origin = queries.origin(source)
    return take_in(origin, [reading.noted(one, origin) for one in notes])


def take_in(
    origin: Origin, items: Sequence[Happening], *, gpc: bool = False, rejected: Mapping[str, int] | None = None
) -> Taken:
    """Keep each of the items that was never taken in before, as far as the person allowed it.

    `gpc` is the browser's `Sec-GPC: 1`; `rejected` counts by code what was sent beside them and is not taken in.
    """
    others = of_others(origin, items)
    if left_out := len(items) - len(others):
        rejected = {**(rejected or {}), ERASED: left_out}
    (taken,) = keep_together([Taking(origin, as_allowed(origin, others, gpc=gpc), rejected or {})])
    return taken
