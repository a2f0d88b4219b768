"""One promise everywhere: what every channel says of the same goods at the same moment."""

import random

from django.http import HttpRequest, HttpResponse

from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import queries as inventory
from samband.flows.parity import channels, parity, sold_somewhere
from samband.kernel.goods import SKU

from .. import parity_texts
from ..doors import opens
from ..pages import page
from .stock import here

MOST = 30
SPOT_CHECK = 8


@opens("stock")
def asked(request: HttpRequest) -> HttpResponse:
    """Ask for some goods (a few drawn by lot, if none are named) at one store or at all."""
    location = here(request, everywhere=True)
    typed = request.GET.get("sku", "")[:2000]
    named = [sku for sku in dict.fromkeys(typed.replace(",", " ").split()) if SKU.fullmatch(sku)][:MOST]
    skus = named or _drawn()
    found = list(parity(skus, [location] if location else None))
    return page(
        request,
        "parity.html",
        location=location,
        sites={code: site for code, site in inventory.locations().items() if site.kind == "store"},
        typed=typed,
        drawn=not named,
        skus=skus,
        channels=channels(),
        faults=[one for one in found if one.is_fault],
        stated=[one for one in found if not one.is_fault],
        items=catalog.items(skus),
        texts=parity_texts,
    )


def _drawn() -> list[str]:
    everything = sold_somewhere()
    return sorted(random.sample(everything, min(SPOT_CHECK, len(everything))))
