"""Short paths gone twice in one process, to hear what they say to the database.

    python -m samband.bench.gone_twice PATH PRODUCTS KEY

PATH is one of `add_shop`, `add_api`, `hold`. Prints the pgbench script of it as JSON.
"""

import json
import re
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from .assortment import LANGUAGE, MARKET
from .shelves import shelves

WARM_UP = 8
"""Times before the traces, so that everything is remembered and prepared as in a server that has been running."""

ADDS = 3
"""Goods put into a cart one after the other, before the next cart."""

HELD = 2
"""Goods in a hold."""

SHOP = f"/{LANGUAGE}-{MARKET.lower()}"
ADD = f"{SHOP}/cart/add/"
PAGE = f"{SHOP}/p/thing-1/"

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def main() -> None:
    """Trace the path and print its script."""
    import django

    django.setup()

    from . import bare_sql, tracing

    path, products, key = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    many, go = WAYS[path]
    walk = go(key)
    first, second = ([shelf[at] for shelf in shelves(products, many)] for at in (0, 1))
    for number in range(WARM_UP):
        walk(first if number % 2 else second)
    traces = []
    for goods in (first, second):
        with tracing.listening() as said:
            walk(goods)
        traces.append(said)
    made = bare_sql.script(traces[0], traces[1], list(zip(first, second, strict=True)), products)
    sys.stdout.write(json.dumps(asdict(made)) + "\n")


def _in_shop(key: str) -> Callable[[Sequence[str]], None]:
    """Visitors who put things into their carts with the page's own script."""
    from django.test import Client

    door = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
    found = _TOKEN.search(door.get(PAGE).content)
    token = found[1].decode() if found else ""

    def walk(goods: Sequence[str]) -> None:
        door.cookies.pop("samband_cart", None)
        for sku in goods:
            form = {"sku": sku, "quantity": "1", "csrfmiddlewaretoken": token}
            _expect(door.post(ADD, form), 200)

    return walk


def _over_api(key: str) -> Callable[[Sequence[str]], None]:
    """A program that opens a cart with one thing and puts others in."""
    from django.test import Client

    door = Client(headers={"Authorization": f"Bearer {key}"})

    def walk(goods: Sequence[str]) -> None:
        first, *others = ({"sku": sku, "quantity": 1} for sku in goods)
        cart = _post(door, "/api/v1/carts", {"market": MARKET, "lines": [first]})
        for line in others:
            _post(door, f"/api/v1/carts/{cart['id']}/lines", {"lines": [line]})

    return walk


def _held(key: str) -> Callable[[Sequence[str]], None]:
    from .hold_door import set_aside

    def walk(goods: Sequence[str]) -> None:
        set_aside(list(goods))

    return walk


WAYS: dict[str, tuple[int, Callable[[str], Callable[[Sequence[str]], None]]]] = {
    "add_shop": (ADDS, _in_shop),
    "add_api": (ADDS, _over_api),
    "hold": (HELD, _held),
}
"""How many different goods a path takes, and how it is gone."""


def _post(door: Any, path: str, body: Any) -> Any:
    key = f"bench-{secrets.token_hex(8)}"
    answer = door.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})
    return json.loads(_expect(answer, 200, 201).content)


def _expect(answer: Any, *statuses: int) -> Any:
    if answer.status_code not in statuses:
        raise RuntimeError(f"{answer.status_code} {answer.content[:500]!r}")
    return answer


if __name__ == "__main__":
    main()
