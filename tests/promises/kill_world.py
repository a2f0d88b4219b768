"""Opens the house in which is killed: the small retailer with deep shelves, a till, a source and a key. Prints JSON."""

import json
from datetime import timedelta

import django

django.setup()

from samband.commerce.inventory import commands as inventory  # noqa: E402
from samband.commerce.tills import allotting  # noqa: E402
from samband.customers.touchpoints import commands as touchpoints  # noqa: E402
from samband.kernel.clock import now  # noqa: E402
from samband.kernel.goods import Line, Position  # noqa: E402
from samband.kernel.ids import new_id  # noqa: E402
from tests.commerce import till as tills  # noqa: E402
from tests.worlds import CUP, LAMP, LONDON, REYKJAVIK, RIGA, SOFA, card, small_world  # noqa: E402

DEEP = 100_000


def main() -> None:
    world = small_world()
    for location in (REYKJAVIK, RIGA, LONDON):
        inventory.receive(location, tuple(Line(sku, DEEP) for sku in (CUP, LAMP, SOFA)), "more than anybody buys")
    till = tills.till()
    allotment, until = new_id(), now() + timedelta(hours=8)
    inventory.allot(allotment, (Position(REYKJAVIK, CUP, 500),), until, device=str(till.device_id))
    allotting.note_given(allotment, till.device_id, {CUP: 500}, until)
    _, key = touchpoints.open_source("erp", "ERP", "server")
    print(json.dumps({
        "api_key": world.api_key, "device": str(till.device_id), "allotment": str(allotment),
        "till_token": till.token, "drawer": str(till.drawer_id), "cashier": str(till.cashier_id), "write_key": key,
        "cards": [card(), card("4000000000000119"), card("4000000000000002")],
    }))  # fmt: skip


main()
