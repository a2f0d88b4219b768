"""Stock over HTTP: where it is, what may be promised, and how it moves."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from samband.commerce.inventory import commands, queries
from samband.commerce.inventory.refusals import BelowHeld, InvalidLocation, NotEnoughStock, UnknownLocation
from samband.events.inventory import StockAdjusted, StockReceived, StockTransferred
from samband.kernel.goods import Line, Position
from samband.kernel.refusal import Invalid

from .answers import Answer
from .cart_answers import CHANNEL
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .parameters import Skus
from .refusals import BadCursor
from .shapes import stock as shapes
from .shapes.words import LineGiven, shown

LARGE = 2 * 1024 * 1024

Site = Annotated[str | None, Query(max_length=32, description="Only at this location.")]

door = Door("Stock", "Locations, units on their shelves, what may still be promised, and every move there ever was.")


@door.get("/locations", scope="stock:read", answers=shapes.LocationList)
def list_locations(request: HttpRequest) -> shapes.LocationList:
    """Read every store and warehouse."""
    return shapes.LocationList(items=tuple(shown(one, shapes.Location) for one in queries.locations().values()))


@door.put(
    "/locations/{code}",
    scope="stock:write",
    asks=shapes.LocationWish,
    answers=shapes.Location,
    refuses=(InvalidLocation,),
)
def save_location(request: HttpRequest, code: str, ask: shapes.LocationWish) -> shapes.Location:
    """Open a store or a warehouse, or make it as described."""
    commands.save_location(
        code,
        kind=ask.kind,
        name=ask.name,
        names=ask.names,
        market=ask.market,
        country=ask.country,
        address=ask.address,
        latitude=ask.place.latitude if ask.place else None,
        longitude=ask.place.longitude if ask.place else None,
        time_zone=ask.time_zone,
        opening=ask.opening,
        pickup=ask.pickup,
        ships=ask.ships,
        position=ask.position,
    )
    return shown(queries.location(code), shapes.Location)


@door.get("/stock/availability", scope="stock:read", answers=shapes.AvailabilityList)
def list_availability(
    request: HttpRequest,
    sku: Skus,
    channel: Annotated[str, Query(min_length=1, max_length=63, description="To whom it is promised.")] = CHANNEL,
) -> shapes.AvailabilityList:
    """Read what may be promised of SKUs to a channel, in all and at each location.

    What is kept for other channels is not among it.
    """
    found = queries.available(list(dict.fromkeys(sku)), channel)
    return shapes.AvailabilityList(
        items=tuple(
            shapes.Availability(
                sku=one,
                available=sum(place.available for place in places),
                locations=tuple(shown(place, shapes.AtLocation) for place in places),
            )
            for one, places in found.items()
        )
    )


@door.get("/stock/levels", scope="stock:read", answers=shapes.LevelList, refuses=(BadCursor,))
def list_levels(
    request: HttpRequest,
    location: Site = None,
    sku: Annotated[str | None, Query(max_length=64, description="The beginning of a SKU.")] = None,
    cursor: Cursor = "",
) -> Answer:
    """List levels by SKU and location, fifty a page."""
    pages = Pages(request, cursor)
    found = queries.levels(location, sku, pages.after(int) or 1)
    following = pages.next(found.page + 1) if found.more else None
    items = tuple(shown(row, shapes.Level) for row in found.rows)
    return pages.answer(shapes.LevelList(items=items, next=following), following)


@door.get("/stock/ledger/{path:sku}", scope="stock:read", answers=shapes.MoveList, refuses=(BadCursor,))
def list_moves(request: HttpRequest, sku: str, location: Site = None, cursor: Cursor = "", limit: Limit = 50) -> Answer:
    """List the moves of a SKU, newest first."""
    pages = Pages(request, cursor)
    moves = queries.ledger(sku, location, pages.after(UUID), limit + 1)
    rows, following = pages.cut(moves, limit, lambda move: move.id)
    items = tuple(shown(row, shapes.Move) for row in rows)
    return pages.answer(shapes.MoveList(items=items, next=following), following)


@door.post(
    "/stock/receipts",
    scope="stock:write",
    once=True,
    asks=shapes.ReceiveWish,
    answers=shapes.Moved,
    status=201,
    most_bytes=LARGE,
    refuses=(UnknownLocation, Invalid),
)
def receive_stock(request: HttpRequest, ask: shapes.ReceiveWish, key: str) -> shapes.Moved:
    """Take goods in at a location."""
    return _moved(commands.receive(ask.location, _lines(ask.lines), ask.reference, key=key))


@door.post(
    "/stock/transfers",
    scope="stock:write",
    once=True,
    asks=shapes.TransferWish,
    answers=shapes.Moved,
    status=201,
    most_bytes=LARGE,
    refuses=(NotEnoughStock, UnknownLocation, Invalid),
)
def transfer_stock(request: HttpRequest, ask: shapes.TransferWish, key: str) -> shapes.Moved:
    """Move goods that nobody has a claim on to another location."""
    return _moved(commands.transfer(ask.location, ask.to_location, _lines(ask.lines), ask.reference, key=key))


@door.post(
    "/stock/adjustments",
    scope="stock:write",
    once=True,
    asks=shapes.AdjustWish,
    answers=shapes.Moved,
    status=201,
    most_bytes=LARGE,
    refuses=(BelowHeld, UnknownLocation, Invalid),
)
def adjust_stock(request: HttpRequest, ask: shapes.AdjustWish, key: str) -> shapes.Moved:
    """Put the books right by so many units more or less, with a reason."""
    differences = tuple(Position(ask.location, one.sku, one.difference) for one in ask.differences)
    return _moved(commands.adjust(ask.location, differences, ask.reason, ask.reference, key=key))


@door.post(
    "/stock/counts",
    scope="stock:write",
    once=True,
    asks=shapes.CountWish,
    answers=shapes.Moved,
    status=201,
    most_bytes=LARGE,
    refuses=(BelowHeld, UnknownLocation, Invalid),
)
def count_stock(request: HttpRequest, ask: shapes.CountWish, key: str) -> shapes.Moved:
    """Set what is on hand to what was counted.

    The answer tells the differences, none if the books were right.
    """
    counted = tuple(Position(ask.location, one.sku, one.quantity) for one in ask.counted)
    return _moved(commands.count(ask.location, counted, ask.reference, key=key))


@door.put(
    "/stock/safety/{location}/{path:sku}",
    scope="stock:write",
    asks=shapes.SafetyWish,
    status=204,
    refuses=(UnknownLocation, Invalid),
)
def set_safety(request: HttpRequest, location: str, sku: str, ask: shapes.SafetyWish) -> None:
    """Keep so many units of a SKU at a location out of every promise."""
    commands.set_safety(location, sku, ask.safety)


def _lines(lines: tuple[LineGiven, ...]) -> tuple[Line, ...]:
    return tuple(Line(one.sku, one.quantity) for one in lines)


def _moved(event: StockReceived | StockTransferred | StockAdjusted) -> shapes.Moved:
    return shown(event, shapes.Moved)
