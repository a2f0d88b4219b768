"""Goods move under a key, once each, and the ledger tells of it."""

import pytest

from samband.commerce.inventory import books
from samband.commerce.inventory import commands as inventory
from samband.kernel.clock import in_future
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from tests.worlds import CAKE, CUP, LAMP, LONDON, REYKJAVIK, RIGA, STOCK


def on_hand(api, sku: str) -> dict[str, int]:
    (found,) = api.get(f"/stock/availability?sku={sku}").body["items"]
    return {place["location"]: place["on_hand"] for place in found["locations"]}


def test_locations_levels_and_availability_are_told(api):
    assert [site["code"] for site in api.get("/locations").body["items"]] == [REYKJAVIK, RIGA, LONDON]
    found = api.get(f"/stock/availability?sku={CUP}&sku=NOTHING").body["items"]
    assert {one["sku"]: one["available"] for one in found} == {CUP: 560, "NOTHING": 0}
    levels = api.get(f"/stock/levels?location={RIGA}").body["items"]
    assert {level["sku"]: level["on_hand"] for level in levels} == STOCK[RIGA]
    assert [level["sku"] for level in api.get("/stock/levels?sku=LA").body["items"]] == [LAMP, LAMP, "LAST-TEN"]


def test_goods_come_in_once_for_one_key(api):
    delivery = {"location": RIGA, "lines": [{"sku": LAMP, "quantity": 3}], "reference": "PO-1"}
    first = api.post("/stock/receipts", delivery, key="PO-1")
    again = api.post("/stock/receipts", delivery, key="PO-1")
    assert (first.status, first.body) == (again.status, again.body)
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert on_hand(api, LAMP)[RIGA] == 3
    other = api.post("/stock/receipts", {**delivery, "reference": "PO-2"}, key="PO-1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_goods_move_are_adjusted_and_counted(api):
    move = {"location": LONDON, "to_location": RIGA, "lines": [{"sku": LAMP, "quantity": 4}]}
    assert api.post("/stock/transfers", move, key="t").status == 201
    broken = {"location": RIGA, "differences": [{"sku": LAMP, "difference": -1}], "reason": "damaged"}
    assert api.post("/stock/adjustments", broken, key="a").body["positions"][0]["quantity"] == -1
    count = {"location": RIGA, "counted": [{"sku": LAMP, "quantity": 5}, {"sku": CUP, "quantity": 20}]}
    counted = api.post("/stock/counts", count, key="c")
    assert counted.body["positions"] == [{"location": RIGA, "sku": LAMP, "quantity": 2}]
    assert on_hand(api, LAMP) == {LONDON: 46, REYKJAVIK: 5, RIGA: 5}
    ledger = api.get(f"/stock/ledger/{LAMP}?location={RIGA}&limit=2")
    assert [(move["kind"], move["quantity"]) for move in ledger.body["items"]] == [("adjust", 2), ("adjust", -1)]
    rest = api.get(ledger.headers["Link"].split(">")[0].removeprefix("</api/v1"))
    assert [move["kind"] for move in rest.body["items"]] == ["transfer_in"]
    assert list(books.findings()) == []


def test_safety_stock_is_kept_out_of_promises(api):
    assert api.put(f"/stock/safety/{REYKJAVIK}/{CUP}", {"safety": 39}).status == 204
    (found,) = api.get(f"/stock/availability?sku={CUP}").body["items"]
    assert found["available"] == 521
    assert api.put(f"/stock/safety/{REYKJAVIK}/{CUP}", {"safety": -1}).code == "invalid_body"


LINES = [{"sku": CUP, "quantity": 1}]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("receipts", {"location": "XXX", "lines": LINES}, 404, "unknown_location"),
        ("receipts", {"location": RIGA, "lines": []}, 422, "invalid_body"),
        ("receipts", {"location": RIGA, "lines": [{"sku": "no sku!", "quantity": 1}]}, 422, "invalid"),
        ("receipts", {"location": RIGA, "lines": [{"sku": CUP, "quantity": 10**9}]}, 422, "invalid_body"),
        ("receipts", {"location": RIGA, "lines": LINES, "reference": "x" * 201}, 422, "invalid_body"),
        ("transfers", {"location": RIGA, "to_location": RIGA, "lines": LINES}, 422, "invalid"),
        ("transfers", {"location": RIGA, "to_location": LONDON, "lines": [{"sku": LAMP, "quantity": 1}]}, 409,
         "not_enough_stock"),
        ("adjustments", {"location": RIGA, "differences": [{"sku": CAKE, "difference": -7}], "reason": "lost"}, 409,
         "below_held"),
        ("counts", {"location": RIGA, "counted": [{"sku": CUP, "quantity": 1}, {"sku": CUP, "quantity": 1}]}, 422,
         "invalid"),
    ],
)  # fmt: skip
def test_moves_that_cannot_be_are_refused_and_nothing_moves(api, path, body, status, code):
    answer = api.post(f"/stock/{path}", body, key="k")
    assert (answer.status, answer.code) == (status, code)
    assert on_hand(api, CUP) == {LONDON: 500, REYKJAVIK: 40, RIGA: 20}


def test_a_count_below_what_is_set_aside_names_it(api):
    inventory.hold(new_id(), (Position(RIGA, CAKE, 4),), in_future(minutes=5))
    answer = api.post("/stock/counts", {"location": RIGA, "counted": [{"sku": CAKE, "quantity": 3}]}, key="c")
    assert (answer.code, answer.body["short"]) == (
        "below_held",
        [{"location": RIGA, "sku": CAKE, "wanted": 3, "held": 4}],
    )


@pytest.mark.parametrize("path", ["receipts", "transfers", "adjustments", "counts"])
def test_nothing_moves_without_a_key(api, path):
    assert api.post(f"/stock/{path}", {}).code == "idempotency_key_missing"
