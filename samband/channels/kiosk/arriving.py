"""A code was scanned: what it opens, and how somebody shows that they are in the store."""

from django.http import HttpResponse

from samband.commerce.spots import codes, signing
from samband.commerce.spots.commands import give_cart
from samband.commerce.spots.refusals import NotHere, StoreClosed, TooManyWords, WrongWord
from samband.flows.arrive import Arrival, Proof, arrive, come_in
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid, Refusal

from . import reading, shelf, telling
from .leaving import show_pass
from .pages import go, page, render
from .visitors import Visitor


@page()
def scanned(visitor: Visitor, token: str) -> HttpResponse:
    """What stands behind a code: goods to read of, a place to be served at, the store to shop in, or an exit pass.

    Raises CodeForged, CodeOld, CodeStale, CodeAhead, OnlyOnScreen.
    """
    if isinstance(codes.read(token), signing.Passing):
        return show_pass(visitor, token)
    arrival = arrive(token)
    if arrival.spot.sku is not None and "begin" not in visitor.request.GET:
        return shelf.show(visitor, arrival.spot, arrival.site, token)
    if _is_there(visitor, arrival):
        return go(onward(arrival.purpose))
    return _ask(visitor, token, arrival)


def _is_there(visitor: Visitor, arrival: Arrival) -> bool:
    """Whether their visit is at this very place already, or in this store with this purpose."""
    visit = visitor.visit
    if visit is None or visit.location != arrival.spot.location or visit.purpose != arrival.purpose:
        return False
    return visit.purpose == "carry" or visit.place == arrival.spot.place


def onward(purpose: str) -> str:
    """Where a visit begins."""
    return "/kiosk/menu/" if purpose == "serve" else "/kiosk/scan/"


@page("POST")
def begin(visitor: Visitor) -> HttpResponse:
    """Begin a visit, if they are there. Raises what `come_in` does and no page of ours can mend."""
    sent = visitor.request.POST
    token = reading.text(sent, "token", signing.LONGEST)
    try:
        proof = _proof(visitor)
        visit = come_in(token, proof, new_id())
    except (NotHere, WrongWord, TooManyWords, StoreClosed, Invalid) as refusal:
        return _ask(visitor, token, arrive(token), refusal)
    before, kept = visitor.visit, visitor.cart
    visitor.begin(visit)
    telling.arrived(visitor, visit)
    if before and kept and (before.location, before.purpose) == (visit.location, visit.purpose):
        give_cart(visit.id, kept.id)  # they have moved to another table, and their basket with them
    return go(onward(visit.purpose))


def _proof(visitor: Visitor) -> Proof:
    sent = visitor.request.POST
    phone, accuracy = reading.place(sent)
    return Proof(
        word=reading.text(sent, "word", 20),
        phone=phone,
        accuracy_metres=accuracy,
        visit=visitor.visit,
        address=visitor.address,
    )


def _ask(visitor: Visitor, token: str, arrival: Arrival, refusal: Refusal | None = None) -> HttpResponse:
    return render(
        visitor,
        "arrive.html",
        refusal.status if refusal else 200,
        token=token,
        arrival=arrival,
        spot=arrival.spot,
        site=arrival.site,
        refusal=refusal,
        again=f"/k/{token}",
        known=visitor.visit is not None and visitor.visit.location == arrival.spot.location,
    )
