"""Demand: what runs low, what lies where nobody asks for it, and what to move."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import commands, demand
from samband.commerce.inventory import queries as inventory
from samband.kernel.goods import MOST_OF_ONE, Line
from samband.kernel.refusal import Refusal

from .. import reading, stock_texts
from ..doors import opens
from ..pages import Done, answer, page
from .stock import here, site_in

PROPOSAL = "proposal"
"""The reference of a transfer that was proposed."""


@opens("stock")
def low(request: HttpRequest) -> HttpResponse:
    """What should be ordered before it runs out."""
    location = here(request, everywhere=True)
    found = demand.low_stock(location or None)
    return page(
        request,
        "stock_low.html",
        location=location,
        sites=inventory.locations(),
        found=found,
        items=catalog.items(sorted({each.sku for each in found})),
        texts=stock_texts,
    )


@opens("stock")
def transfers(request: HttpRequest) -> HttpResponse:
    """Goods that lie here and are missed there: what to move, why, and moving it."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        proposed, uneven = demand.proposals(), demand.uneven()
        skus = {each.sku for each in proposed} | {each.sku for each in uneven}
        return page(
            request,
            "stock_transfers.html",
            refusal=refusal,
            proposed=proposed,
            uneven=uneven,
            items=catalog.items(sorted(skus)),
            texts=stock_texts,
        )

    return answer(request, show, {"move": _move})


def _move(request: HttpRequest) -> Done:
    given = request.POST
    location, to = site_in(request, "location"), site_in(request, "to_location")
    sku = reading.sku(given.get("sku", ""))
    quantity = reading.whole(given, "quantity", 1, MOST_OF_ONE)
    commands.transfer(location, to, (Line(sku, quantity),), PROPOSAL, key=reading.key(request))
    return Done(_("Moved."))
