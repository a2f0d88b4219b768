"""Promise 1: no interleaving of buyers, sweepers and returns to the shelf sells a unit that does not exist.

Here the room itself is tried, with threads and with whole processes; the doors are tried elsewhere.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from samband.commerce.inventory import commands, queries
from samband.commerce.inventory.refusals import SoldOut
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from tests.commerce.shelves import allocated, allotted, at, balanced, fenced, held, level, racing, shelve, store

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS_IN_A_PROCESS = """
import json, sys
from functools import partial
import django
django.setup()
from samband.kernel.clock import in_future
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal
from samband.commerce.inventory import commands
from samband.kernel.goods import Position
from tests.commerce.shelves import racing

def buy(basket):
    hold_id = new_id()
    positions = tuple(Position(*each) for each in basket)
    commands.hold(hold_id, positions, in_future(minutes=15), sys.argv[1], key=str(hold_id))
    commands.keep(hold_id)
    return hold_id

baskets = json.loads(sys.stdin.readline())
print("ready", flush=True)
sys.stdin.readline()
answers = racing(*[partial(buy, basket) for basket in baskets])
print(json.dumps([answer.code if isinstance(answer, Refusal) else "bought" for answer in answers]), flush=True)
"""

A_BUYER_WHO_NEVER_COMMITS = """
import sys
import django
django.setup()
from django.db import transaction
from tests.commerce.shelves import at, held

with transaction.atomic():
    held(*at("RVK", SOFA=10))
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def _store(transactional_db):
    store("RVK")
    store("AKU")


@contextmanager
def process(script: str, channel: str = "") -> Iterator[Any]:
    """Another process of ours on the same database; spoken with line by line."""
    kept = connection.settings_dict
    where = {"dbname": kept["NAME"], "user": kept["USER"], "password": kept["PASSWORD"]}
    where |= {"host": kept["HOST"], "port": kept["PORT"]}
    environment = {
        **os.environ,
        "SAMBAND_DATABASE_URL": make_conninfo(**{name: value for name, value in where.items() if value}),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with subprocess.Popen(
        [sys.executable, "-c", script, channel],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def in_processes(*crowds: list[tuple[Position, ...]], channels: tuple[str, ...] = ()) -> list[str]:
    """Let each crowd buy in a process (and channel) of its own, all at once; "bought" or the refusal's code."""
    with ExitStack() as leaving:
        of_channel = channels or ("",) * len(crowds)
        children = [leaving.enter_context(process(BUYERS_IN_A_PROCESS, channel)) for channel in of_channel]
        for child, crowd in zip(children, crowds, strict=True):
            say(child, json.dumps([[[each.location, each.sku, each.quantity] for each in basket] for basket in crowd]))
        assert [heard(child) for child in children] == ["ready"] * len(children)
        for child in children:
            say(child, "go")
        return [answer for child in children for answer in json.loads(heard(child))]


def say(child: Any, line: str) -> None:
    child.stdin.write(line + "\n")
    child.stdin.flush()


def heard(child: Any) -> str:
    return child.stdout.readline().rstrip()


def test_thirty_two_buyers_on_the_last_ten_units():
    shelve("RVK", SOFA=10)
    answers = racing(*[partial(allocated, *at("RVK", SOFA=1)) for _ in range(32)])
    refusals = [answer for answer in answers if isinstance(answer, SoldOut)]
    assert len(refusals) == 22
    assert {each["sku"] for refusal in refusals for each in refusal.details["short"]} == {"SOFA"}
    assert level("RVK", "SOFA") == (10, 10)
    assert balanced()


def test_thirty_two_buyers_in_four_processes_on_the_last_ten_units():
    shelve("RVK", SOFA=10)
    answers = in_processes(*[[at("RVK", SOFA=1)] * 8] * 4)
    assert Counter(answers) == {"bought": 10, "sold_out": 22}
    assert level("RVK", "SOFA") == (10, 10)
    assert balanced()


def test_buyers_who_want_the_same_goods_in_opposite_order_wait_but_never_deadlock():
    goods = {f"SKU{n}": 12 for n in range(6)}
    shelve("RVK", **goods)
    shelve("AKU", **goods)
    forth = (*at("RVK", **dict.fromkeys(goods, 1)), *at("AKU", **dict.fromkeys(goods, 1)))
    back = tuple(reversed(forth))
    answers = in_processes(*[[forth, back] * 5] * 3)
    assert Counter(answers) == {"bought": 12, "sold_out": 18}
    assert all(level(code, sku) == (12, 12) for code in ("RVK", "AKU") for sku in goods)
    assert balanced()


def test_channels_in_processes_of_their_own_never_share_a_unit_and_each_fence_is_kept():
    shelve("RVK", SOFA=10)
    fences = {"pos": fenced("pos", "RVK", SOFA=3), "kiosk": fenced("kiosk", "RVK", SOFA=2)}
    channels = ("shop", "api", "pos", "kiosk")
    answers = in_processes(*[[at("RVK", SOFA=1)] * 8] * 4, channels=channels)
    assert Counter(answers) == {"bought": 10, "sold_out": 22}
    bought = {channel: answers[8 * n : 8 * n + 8].count("bought") for n, channel in enumerate(channels)}
    assert bought["pos"] >= 3
    assert bought["kiosk"] >= 2
    assert all(queries.fence(fence_id).left == 0 for fence_id in fences.values())
    assert level("RVK", "SOFA") == (10, 10)
    assert balanced()


def test_devices_sell_what_they_were_given_while_the_web_sells_the_rest():
    shelve("RVK", SOFA=10)
    fenced("pos", "RVK", SOFA=4)
    devices = [allotted(*at("RVK", SOFA=3)) for _ in range(2)]
    sales = [partial(commands.hand_on, device, new_id(), at("RVK", SOFA=1), shelf=True) for device in devices * 6]
    web = [partial(allocated, *at("RVK", SOFA=1), channel="shop") for _ in range(12)]
    answers = racing(*sales, *web)
    refused = [answer for answer in answers if isinstance(answer, SoldOut)]
    assert len(refused) == len(answers) - 10
    assert sum(not isinstance(answer, SoldOut) for answer in answers[:12]) >= 6, "what a device was given it sells"
    assert level("RVK", "SOFA") == (10, 10)
    assert balanced()


def test_baskets_that_overlap_sell_every_unit_at_most_once():
    shelve("RVK", SOFA=7, LAMP=5, CHAIR=9)
    baskets = [
        at("RVK", SOFA=2, LAMP=1),
        at("RVK", LAMP=2, CHAIR=1),
        at("RVK", CHAIR=3, SOFA=1),
        at("RVK", SOFA=1, LAMP=1, CHAIR=1),
    ]
    answers = racing(*[partial(allocated, *basket) for basket in baskets * 8])
    stock = Counter({"SOFA": 7, "LAMP": 5, "CHAIR": 9})
    sold: Counter[str] = Counter()
    refused = []
    for answer, basket in zip(answers, baskets * 8, strict=True):
        units = {position.sku: position.quantity for position in basket}
        if isinstance(answer, SoldOut):
            refused.append(units)
        else:
            sold.update(units)
    assert all(level("RVK", sku) == (units, sold[sku]) for sku, units in stock.items())
    left = stock - sold
    assert all(any(left[sku] < wanted for sku, wanted in units.items()) for units in refused), "refused needlessly"
    assert balanced()


def test_a_buyer_who_is_killed_before_the_commit_holds_nothing():
    shelve("RVK", SOFA=10)
    with process(A_BUYER_WHO_NEVER_COMMITS) as child:
        assert heard(child) == "held"
        child.kill()
        child.wait()
    held(*at("RVK", SOFA=10))
    assert level("RVK", "SOFA") == (10, 10)
    assert balanced()
