"""Imports that die at a step or a moment and are begun again: they end as one that was never killed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.promises.kill_house import House, Victims, dice, opened, sentences
from tests.promises.told import Told

MAPPING = """
source: old-shop
event: {column: action, names: {view: Product Viewed, buy: Order Completed}}
at: {column: when, zone: Europe/Athens}
message: id
identifiers:
  user: customer
  cookie: visitor
sku: article
"""

STATES = {
    "touchpoints": """
    select 'told', t.occurred_at::text, t.sku, n.name, count(*)
    from touchpoints_touchpoint t join touchpoints_eventname n on n.id = t.event group by 1, 2, 3, 4
    union all select 'seen', null, null, null, count(*) from touchpoints_seen
    union all select 'known', kind::text, null, null, count(*) from identity_identifier group by 2 order by 1, 2, 3, 4
    """,
}
"""What is compared of what came; of shops it is what `tests/flows/test_take_over.py` compares."""

MOST_BEGINNINGS = 6
"""After so many deaths an import is let live, so that others can die in other places."""


def imports(kills: int) -> Told:
    """Each kind in turn, in a house of its own each time."""
    name = "imports"
    wrong, killed, ended, seen = list[str](), 0, 0, dict[str, int]()
    kinds = ("online-retail", "shopify", "touchpoints")
    for nth, kind in enumerate(kinds):
        share = kills // 3 + (nth < kills % 3)
        for found, deaths in _of_kind(kind, share):
            wrong += found
            killed, ended, seen[kind] = killed + deaths, ended + 1, seen.get(kind, 0) + deaths
    return Told(killed, ended, sentences(wrong, name), seen)


def _of_kind(kind: str, kills: int) -> Iterator[tuple[list[str], int]]:
    throw = dice(kind)
    with opened("never_killed") as house, Victims(house) as victims:
        wish = {"kind": kind, "files": _files(kind, house.home), "folder": str(house.home / "imports")}
        steps = victims.do("bring", **wish)["steps"]
        victims.do("bring", **wish)
        house.after()
        whole = _state(house, kind)
    made = 0
    while made < kills:
        with opened("killed") as house, Victims(house) as victims:
            wish = {"kind": kind, "files": _files(kind, house.home), "folder": str(house.home / "imports")}
            for _ in range(min(MOST_BEGINNINGS, kills - made)):
                victims.killed("bring", throw, steps, 1.0, **wish)
            victims.do("bring", **wish)
            victims.do("bring", **wish)
            found = house.after()["wrong"]
            if _state(house, kind) != whole:
                found.append(f"An import of {kind} that was killed ended in another state than one that was not.")
            made += max(1, victims.kills)
            yield found, victims.kills


def _state(house: House, kind: str) -> list[tuple[Any, ...]]:
    if kind in STATES:
        return house.rows(STATES[kind])
    from tests.flows.test_take_over import STATE  # which needs Django to be set up

    return house.rows(STATE.replace("%%", "%"))


def _files(kind: str, home: Path) -> list[str]:
    from tests import retail_files

    match kind:
        case "online-retail":
            rows = [
                [f"{one[0]}{nth:02}", *one[1:]] for nth in range(12) for one in retail_files.GOOD
            ]  # fmt: skip
            return [str(retail_files.write(home / "retail.csv", rows))]
        case "shopify":
            from tests.flows.test_take_over import shopify

            return [str(path) for path in shopify(home)]
        case _:
            return _touchpoints(home)


def _touchpoints(home: Path) -> list[str]:
    told = [
        {"id": str(nth), "action": ("view", "buy")[nth % 9 == 0], "when": f"2026-03-{1 + nth % 28:02}T10:00:00",
         "customer": str(nth % 97), "visitor": f"v-{nth % 131}", "article": f"SKU-{nth % 13}"}
        for nth in range(4000)
    ]  # fmt: skip
    (home / "told.jsonl").write_text("".join(json.dumps(one) + "\n" for one in told))
    (home / "mapping.yaml").write_text(MAPPING)
    return [str(home / "told.jsonl"), str(home / "mapping.yaml")]
