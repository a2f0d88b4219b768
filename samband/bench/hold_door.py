"""A door to inventory's own command, so that a hold can be measured over HTTP without what a checkout does besides.

Mounted for benches only (see `echo`).
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

if TYPE_CHECKING:
    from samband.events.inventory import StockHeld

PATH = "bench/hold/"
LASTS = timedelta(minutes=15)

_skus = msgspec.json.Decoder(list[str])


@csrf_exempt
def hold(request: HttpRequest) -> HttpResponse:
    """Set one of each SKU aside at the warehouse."""
    held = set_aside(_skus.decode(request.body))
    return JsonResponse({"id": str(held.hold_id)}, status=201)


def set_aside(skus: list[str]) -> "StockHeld":
    """One of each at the warehouse, in one transaction, as a checkout does it."""
    from django.db import transaction

    from samband.commerce.inventory import commands as inventory
    from samband.kernel.clock import now
    from samband.kernel.goods import Position
    from samband.kernel.ids import new_id

    from .assortment import WAREHOUSE

    with transaction.atomic():
        return inventory.hold(new_id(), tuple(Position(WAREHOUSE, sku, 1) for sku in skus), now() + LASTS, "shop")
