"""The board of what is to be served: it looks again by itself, and a touch takes an order one step on."""

from typing import Any

from django.http import HttpResponse

from samband.commerce.spots import queries as spots
from samband.flows.order_at_spot import Board, begin, board, ready, served
from samband.kernel.refusal import Invalid, NotFound, Refusal

from . import reading
from .pages import go, render
from .refusal_texts import sentence
from .renewing import answered
from .stations import Station, station
from .visitors import Visitor

STEPS = {"begin": begin, "ready": ready, "served": served}
NEXT = {"requested": "begin", "picking": "ready", "ready": "served"}


@station("board", "GET", "HEAD")
def show(visitor: Visitor, where: Station) -> HttpResponse:
    """The whole board."""
    return _show(visitor, where)


def _show(visitor: Visitor, where: Station, refusal: Refusal | None = None) -> HttpResponse:
    word = spots.word_of_the_day(where.site.code, where.site.time_zone)
    return render(
        visitor,
        "board.html",
        refusal.status if refusal else 200,
        told=sentence(refusal) if refusal else "",
        word=word,
        **_content(where),
    )


@station("board")
def now(visitor: Visitor, where: Station) -> HttpResponse:
    """The part that changes: 304 while nothing has, the minutes waited included."""
    content = _content(where)
    return answered(visitor, "board_inside.html", said=_said(content["board"], visitor.language), **content)


def _content(where: Station) -> dict[str, Any]:
    seen = board(where.site.code)
    columns = {state: [one for one in seen.servings if one.fulfillment.state == state] for state in NEXT}
    return {"board": seen, "columns": columns, "steps": NEXT, "site": where.site}


def _said(seen: object, language: str) -> str:
    assert isinstance(seen, Board)
    orders = [
        (
            str(one.fulfillment.id),
            one.fulfillment.state,
            int((seen.at - one.fulfillment.created_at).total_seconds() // 60),
        )
        for one in seen.servings
    ]
    return repr((language, orders, [str(one.fulfillment.id) for one in seen.served]))


@station("board", "POST")
def step(visitor: Visitor, where: Station) -> HttpResponse:
    """Take an order one step on. Touching twice is touching once. Raises NotFound for what is not this store's."""
    sent = visitor.request.POST
    name, _, touched = sent.get("touched", "").partition(":")
    deed = STEPS.get(name)
    if deed is None:
        raise Invalid("There is no such step.", field="touched")
    fulfillment_id = reading.uuid({"touched": touched}, "touched")
    if fulfillment_id not in {one.fulfillment.id for one in board(where.site.code).servings}:
        raise NotFound()
    try:
        deed(fulfillment_id, key=f"board:{name}:{fulfillment_id}")
    except Refusal as refusal:
        return _show(visitor, where, refusal)
    return go("/kiosk/board/")
