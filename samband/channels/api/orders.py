"""Orders over HTTP."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query

from samband.commerce.fulfillment.refusals import NotPermitted
from samband.commerce.orders import queries
from samband.commerce.orders.queries import OrderView
from samband.commerce.orders.refusals import OrderNotFound, OrderOver
from samband.flows import finish_order
from samband.flows.order_story import order_story

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import orders as shapes
from .shapes.words import shown

OrderRef = Annotated[str, Path(description="The order's number or id.")]
Customer = Annotated[UUID | None, Query(description="Whose order it must be.")]

door = Door("Orders", "What was ordered, what became of it, and calling it off.")


@door.get("/orders", scope="orders:read", answers=shapes.OrderList, refuses=(BadCursor,))
def list_orders(
    request: HttpRequest,
    state: Annotated[shapes.OrderState | None, Query(description="Only orders in this state.")] = None,
    text: Annotated[
        str, Query(max_length=80, description="The beginning of a number, or an order's whole name in another system.")
    ] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Answer:
    """List orders, newest first."""
    pages = Pages(request, cursor)
    rows, following = pages.cut(
        queries.recent(state, text, pages.after(UUID), limit + 1), limit, lambda order: order.id
    )
    items = tuple(shown(row, shapes.OrderCard) for row in rows)
    return pages.answer(shapes.OrderList(items=items, next=following), following)


@door.get("/orders/{order}", scope="orders:read", answers=shapes.Order, refuses=(OrderNotFound,))
def get_order(request: HttpRequest, order: OrderRef, customer_id: Customer = None) -> shapes.Order:
    """Read an order by its number or id.

    With `customer_id` another customer's order is not found.
    """
    return shown(find(order, customer_id), shapes.Order)


@door.get("/orders/{order}/story", scope="orders:read", answers=shapes.Story, refuses=(OrderNotFound,))
def get_order_story(request: HttpRequest, order: OrderRef, customer_id: Customer = None) -> shapes.Story:
    """Read what happened to an order, as its customer is told it."""
    story = order_story(find(order, customer_id))
    return shapes.Story(
        order_id=story.order.id,
        number=story.order.number,
        state=story.order.state,  # type: ignore[arg-type]
        steps=tuple(shown(step, shapes.Happened) for step in story.steps),
        cancellable=story.cancellable,
    )


@door.post(
    "/orders/{order}/cancellation",
    scope="orders:write",
    once=True,
    asks=shapes.CancelWish,
    answers=shapes.Cancelled,
    refuses=(OrderNotFound, OrderOver, NotPermitted),
)
def cancel_order(
    request: HttpRequest, order: OrderRef, ask: shapes.CancelWish, key: str, customer_id: Customer = None
) -> shapes.Cancelled:
    """Call an order off while all its goods are still with us.

    The goods go back to the shelf, and what was paid goes back the way it came.
    """
    return shown(finish_order.cancel_order(find(order, customer_id).id, ask.reason, key=key), shapes.Cancelled)


def find(order: str, customer_id: UUID | None = None) -> OrderView:
    """The order of this number or id, of this customer if one is named. Raises OrderNotFound."""
    try:
        found = queries.order(UUID(order)) if len(order) == 36 else queries.by_number(order)
    except ValueError:
        raise OrderNotFound() from None
    if customer_id is not None and found.customer_id != customer_id:
        raise OrderNotFound()
    return found
