"""Buyers who all want the same goods: each fills a cart while there is enough, then all go to pay at once.

    python -m samband.bench.buyers

The first line of standard input is a job in JSON: `host`, `port`, `key`, `market`, `agreed`, `shelf` (SKUs to draw one
from), `buyers` (how many of them are ours) and `seed`. Once the carts are filled it says `ready` and waits for a second
line, the moment in seconds since the epoch at which all begin. Then it prints JSON: the milliseconds of those who
`won`, of those who `lost` (409), when the last was answered, and what went `wrong`.
"""

import json
import random
import sys
import time
from typing import Any

from .load import Connection, post

REFUSALS = {"sold_out", "basket_changed", "no_such_way"}
"""How somebody is told that others were faster: at the last moment, or when what they saw is looked at again."""


class Buyers:
    """Those of one process; they come one after the other, on one connection."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.connection = Connection(job["host"], job["port"])
        self.dice = random.Random(job["seed"])
        self.told: dict[str, list[Any]] = {"won": [], "lost": [], "wrong": []}

    def fill_carts(self) -> list[tuple[bytes, bytes]]:
        """A cart each: where it is paid, and what for."""
        card = {"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123"}
        token = self._post("/api/v1/payments/sandbox/tokens", card)["token"]
        carts = []
        for _ in range(self.job["buyers"]):
            line = {"sku": self.dice.choice(self.job["shelf"]), "quantity": 1}
            wish = {"market": self.job["market"], "method": self.job["agreed"]["method"], "lines": [line]}
            cart = self._post("/api/v1/carts", wish)
            agreed = {**self.job["agreed"], "token": token, "seen_total": cart["seen_total"]}
            carts.append((f"/api/v1/carts/{cart['id']}/checkout".encode(), json.dumps(agreed).encode()))
        return carts

    def pay(self, carts: list[tuple[bytes, bytes]]) -> None:
        """All of them go to pay, one after the other."""
        for number, (path, agreed) in enumerate(carts):
            key = b"Idempotency-Key: rush-%d-%d\r\n" % (self.job["seed"], number)
            before = time.perf_counter()
            status, body = self.connection.ask(post(path, self.job["key"], agreed, key))
            took = round((time.perf_counter() - before) * 1000, 3)
            if status == 201:
                self.told["won"].append(took)
            elif status == 409 and json.loads(body)["code"] in REFUSALS:
                self.told["lost"].append(took)
            else:
                self.told["wrong"].append(f"{status}: {body[:300].decode(errors='replace')}")

    def _post(self, path: str, asked: Any) -> Any:
        status, body = self.connection.ask(post(path.encode(), self.job["key"], json.dumps(asked).encode()))
        if status != 201:
            raise ValueError(f"{path}: {status}: {body[:300].decode(errors='replace')}")
        return json.loads(body)


def main() -> None:
    """Do the job on standard input."""
    buyers = Buyers(json.loads(sys.stdin.readline()))
    carts = buyers.fill_carts()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(max(0.0, json.loads(sys.stdin.readline()) - time.time()))
    buyers.pay(carts)
    sys.stdout.write(json.dumps({**buyers.told, "ended": time.time()}))


if __name__ == "__main__":
    main()
