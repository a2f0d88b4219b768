"""The path that `samband bench checkout` measures, gone twice in one process to hear what it says to the database.

    python -m samband.bench.path PRODUCTS KEY

Prints the pgbench script of it as JSON.
"""

import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from .assortment import COUNTRY, MARKET, sku

LINES = 2
"""Different goods in an order, one of each."""

WARM_UP = 8
"""Orders before the traces, so that everything is remembered and prepared as in a server that has been running."""

AGREED: dict[str, Any] = {
    "method": "ship",
    "contact": {"email": "buyer@samband.example", "name": "A Buyer"},
    "address": {
        "name": "A Buyer", "line1": "High Street 1", "city": "York", "postcode": "YO1 7HH", "country": COUNTRY,
    },
    "language": "en",
}  # fmt: skip
"""What a buyer agrees to, besides the total and the card."""


def shelves(products: int) -> list[list[str]]:
    """The SKUs an order takes one each of: as many equal shares of the assortment as it has lines."""
    share = products // LINES
    return [[sku(place * share + number) for number in range(1, share + 1)] for place in range(LINES)]


def main() -> None:
    """Trace the path and print its script."""
    import django

    django.setup()
    from django.test import Client

    from . import bare_sql, tracing

    products, key = int(sys.argv[1]), sys.argv[2]
    buyer = _Buyer(Client(headers={"Authorization": f"Bearer {key}"}))
    first, second = ([shelf[at] for shelf in shelves(products)] for at in (0, 1))
    for number in range(WARM_UP):
        buyer.order(first if number % 2 else second)
    traces = []
    for goods in (first, second):
        with tracing.listening() as said:
            buyer.order(goods)
        traces.append(said)
    made = bare_sql.script(traces[0], traces[1], list(zip(first, second, strict=True)), products)
    sys.stdout.write(json.dumps(asdict(made)) + "\n")


class _Buyer:
    """From no cart to an order that stands, in two requests, as the clients of the measurement do it."""

    def __init__(self, door: Any) -> None:
        self.door = door
        self.made = 0
        self.name = secrets.token_hex(4)
        card = {"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123"}
        self.token = self._post("/api/v1/payments/sandbox/tokens", card)["token"]

    def order(self, goods: Sequence[str]) -> None:
        self.made += 1
        wish = {"market": MARKET, "method": "ship", "lines": [{"sku": one, "quantity": 1} for one in goods]}
        cart = self._post("/api/v1/carts", wish)
        agreed = {**AGREED, "token": self.token, "seen_total": cart["seen_total"]}
        self._post(f"/api/v1/carts/{cart['id']}/checkout", agreed)

    def _post(self, path: str, body: Any) -> Any:
        key = f"bench-{self.name}-{self.made:06d}"
        answer = self.door.post(
            path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}
        )
        if answer.status_code != 201:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:500]!r}")
        return json.loads(answer.content)


if __name__ == "__main__":
    main()
