"""Stock kept for channels, what should be ordered and what should be moved, over HTTP."""

from math import isfinite
from typing import Annotated
from uuid import UUID, uuid5

from django.http import HttpRequest
from ninja import Query

from samband.commerce.inventory import demand, fences, queries
from samband.commerce.inventory.demand import Proposal
from samband.commerce.inventory.giving_back import GiveBack
from samband.commerce.inventory.refusals import (
    FenceExists,
    FenceOver,
    LessFenced,
    NotEnoughStock,
    UnknownFence,
    UnknownLocation,
)
from samband.kernel.refusal import Invalid

from .answers import Answer
from .cursors import Cursor, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import allocation as shapes
from .shapes.words import shown
from .stock import Site

FENCES = UUID("a2b6f1de-54d5-4c0a-9a0b-6d8c9d1f7e21")
"""From this and an idempotency key the id of the fence is made that is opened under it."""

door = Door(
    "Stock allocation",
    "Stock that is kept for one channel and given back by rules; what sells out soon, and which transfers would help.",
)


@door.get("/stock/fences", scope="stock:read", answers=shapes.FenceList, refuses=(BadCursor,))
def list_fences(
    request: HttpRequest,
    location: Site = None,
    channel: Annotated[str | None, Query(max_length=63, description="Only those of this channel.")] = None,
    sku: Annotated[str | None, Query(max_length=64, description="The beginning of a SKU.")] = None,
    cursor: Cursor = "",
) -> Answer:
    """List open fences by SKU, location and channel, fifty a page."""
    pages = Pages(request, cursor)
    found = queries.fences(location or "", channel or "", sku or "", pages.after(int) or 1)
    following = pages.next(found.page + 1) if found.more else None
    items = tuple(shown(row, shapes.Fence) for row in found.rows)
    return pages.answer(shapes.FenceList(items=items, next=following), following)


@door.get("/stock/fences/{uuid:fence}", scope="stock:read", answers=shapes.Fence, refuses=(UnknownFence,))
def get_fence(request: HttpRequest, fence: UUID) -> shapes.Fence:
    """Read a fence, open or over."""
    return shown(queries.fence(fence), shapes.Fence)


@door.post(
    "/stock/fences",
    scope="stock:write",
    once=True,
    asks=shapes.FenceWish,
    answers=shapes.Fence,
    status=201,
    refuses=(NotEnoughStock, FenceExists, UnknownLocation, Invalid),
)
def fence_stock(request: HttpRequest, ask: shapes.FenceWish, key: str) -> shapes.Fence:
    """Keep units that nobody has a claim on for one channel."""
    rules = ask.give_back
    made = fences.fence(
        uuid5(FENCES, key),
        ask.channel,
        ask.location,
        ask.sku,
        ask.quantity,
        until=ask.until,
        give_back=GiveBack(
            hours_before_closing=rules.hours_before_closing, idle_days=rules.idle_days, free_below=rules.free_below
        ),
        key=key,
    )
    return shown(queries.fence(made.fence_id), shapes.Fence)


@door.post(
    "/stock/fences/{uuid:fence}/release",
    scope="stock:write",
    once=True,
    asks=shapes.ReleaseWish,
    answers=shapes.Fence,
    refuses=(UnknownFence, FenceOver, LessFenced, Invalid),
)
def release_fence(request: HttpRequest, fence: UUID, ask: shapes.ReleaseWish, key: str) -> shapes.Fence:
    """Give units of a fence back to everybody; all of them ends it."""
    fences.unfence(fence, ask.quantity, key=key)
    return shown(queries.fence(fence), shapes.Fence)


@door.get("/stock/low", scope="stock:read", answers=shapes.LowStockList, refuses=(UnknownLocation,))
def list_low_stock(request: HttpRequest, location: Site = None) -> shapes.LowStockList:
    """Read what should be ordered, by the pace of recent sales: what lasts the shortest first, 200 at most."""
    if location is not None:
        queries.location(location)
    return shapes.LowStockList(items=tuple(shown(one, shapes.LowStock) for one in demand.low_stock(location)))


@door.get("/stock/transfer-proposals", scope="stock:read", answers=shapes.ProposalList)
def list_transfer_proposals(request: HttpRequest) -> shapes.ProposalList:
    """Read which transfers would help, to where goods are sold out first before the others; 100 at most.

    Nothing moves by itself: `transferStock` does what is proposed.
    """
    return shapes.ProposalList(items=tuple(_proposal(one) for one in demand.proposals()))


def _proposal(one: Proposal) -> shapes.TransferProposed:
    told = {name: getattr(one.transfer, name) for name in one.transfer.__slots__}
    finite = {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in told.items()}
    return shown({**finite, "sku": one.sku}, shapes.TransferProposed)
