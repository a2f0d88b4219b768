"""What happened, over HTTP: stories of customers and things, and how far behind the telling of it is."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from samband.kernel.refusal import NotFound
from samband.timeline import commands, queries
from samband.timeline.queries import Told

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import timeline as shapes
from .shapes.words import shown

door = Door("Timeline", "Every event there ever was, and its delivery to whoever reacts to it.")


@door.get(
    "/customers/{uuid:customer}/timeline",
    scope="customers:read",
    answers=shapes.Timeline,
    refuses=(BadCursor,),
)
def get_customer_timeline(request: HttpRequest, customer: UUID, cursor: Cursor = "", limit: Limit = 50) -> Answer:
    """Read a customer's story, newest first."""
    return _page(request, cursor, limit, lambda before, most: queries.of_customer([customer], before, most))


@door.get("/timeline", scope="orders:read", answers=shapes.Timeline, refuses=(BadCursor,))
def get_timeline(
    request: HttpRequest,
    subject: Annotated[
        str | None, Query(max_length=200, description="What it is about, such as `order:…`; without it, everything.")
    ] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Answer:
    """Read the story of one thing, or of the whole house, newest first."""
    if subject is None:
        return _page(request, cursor, limit, queries.latest)
    return _page(request, cursor, limit, lambda before, most: queries.of_subject(subject, before, most))


def _page(request: HttpRequest, cursor: str, limit: int, read: Callable[[int | None, int], list[Told]]) -> Answer:
    pages = Pages(request, cursor)
    rows, following = pages.cut(read(pages.after(int), limit + 1), limit, lambda entry: entry.position)
    items = tuple(shown(row, shapes.Told) for row in rows)
    return pages.answer(shapes.Timeline(items=items, next=following), following)


@door.get("/delivery/backlog", scope="delivery:read", answers=shapes.Backlog)
def get_backlog(request: HttpRequest) -> shapes.Backlog:
    """Read how far behind the delivery of events is."""
    return shown(queries.backlog(), shapes.Backlog)


@door.get("/delivery/set-aside", scope="delivery:read", answers=shapes.OwedList)
def list_set_aside(request: HttpRequest, limit: Limit = 50) -> shapes.OwedList:
    """Read the deliveries that failed to the end and wait for a person, the oldest first."""
    return shapes.OwedList(items=tuple(shown(one, shapes.Owed) for one in queries.owed(set_aside=True, most=limit)))


@door.post(
    "/delivery/set-aside/{int:delivery}/retry",
    scope="delivery:write",
    status=204,
    refuses=(NotFound,),
)
def retry_delivery(request: HttpRequest, delivery: int) -> None:
    """Try one of them again. Asking again does no more: a reaction takes effect once."""
    commands.retry(delivery)


@door.post("/delivery/retries", scope="delivery:write", asks=shapes.RetryWish, answers=shapes.Retried)
def retry_deliveries(request: HttpRequest, ask: shapes.RetryWish) -> shapes.Retried:
    """Try everything again that was set aside, or what one reaction did."""
    return shapes.Retried(deliveries=commands.retry_all(ask.reaction))
