"""A till whose line is up again tells what it sold, over HTTP; what cannot be an order, a person decides."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError

from samband.commerce.inventory import queries as stock
from samband.commerce.orders import queries as orders
from samband.commerce.tills import commands, queries
from samband.flows.audit import audit
from samband.kernel.clock import now
from tests.channels.till_client import TillClient
from tests.commerce import till as tills
from tests.commerce.till import FLOAT, Till, priced
from tests.worlds import CUP, LAMP, PRICES, REYKJAVIK, STOCK

CUP_PRICE = PRICES[CUP]["ISK"]


@pytest.fixture
def till(world) -> Till:
    return tills.till()


@pytest.fixture
def line(till) -> TillClient:
    """The till's line, with nobody signed in."""
    return TillClient(till)


@pytest.fixture
def manager(till) -> TillClient:
    return TillClient(till).sign_in(tills.member("manager"))


def isk(amount: int) -> dict:
    return {"amount": amount, "currency": "ISK"}


def on_hand(sku: str) -> int:
    return next(at.on_hand for at in stock.available([sku])[sku] if at.location == REYKJAVIK)


def test_a_till_tells_what_it_sold_though_nobody_is_signed_in(line, till) -> None:
    sales = [till.sells((CUP, 1)), till.sells((LAMP, 99)), priced(till.sells((CUP, 1)), 1_000)]
    said = line.post("sync", {"sales": sales, "queue": 3})
    assert [one["sale_id"] for one in said["sales"]] == [one["sale_id"] for one in sales]
    assert [one["state"] for one in said["sales"]] == ["taken", "conflict", "taken_with_note"]
    assert said["sales"][2]["notes"] == [{"code": "price_differs", "sku": CUP, "sold": 1_000, "now": CUP_PRICE}]
    assert (said["last_sequence"], said["revoked"]) == (3, False)
    assert line.post("sync", {"sales": sales[::-1]})["sales"] == said["sales"][::-1]
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 2
    assert list(audit()) == []


def test_the_answer_tells_what_is_left_of_the_allotment_after_these_sales(line, till) -> None:
    seller = TillClient(till).sign_in()
    given = seller.post("allotment", {"lines": [{"sku": CUP, "quantity": 5}]})["allotment"]
    said = line.post("sync", {"sales": [till.sells((CUP, 2), allotment_id=given["id"])]})
    assert said["allotment"]["lines"] == [{"sku": CUP, "quantity": 5, "left": 3}]


def test_one_sale_that_cannot_be_read_keeps_no_other_from_being_taken(line, till) -> None:
    good = till.sells((CUP, 1))
    said = line.post("sync", {"sales": [None, {"sale_id": "x"}, good, {**good, "sale_id": str(uuid4()), "total": -1}]})
    assert [one["state"] for one in said["sales"]] == ["conflict", "conflict", "taken", "conflict"]
    assert len(queries.conflicts()) == 3


def test_a_fault_of_ours_leaves_one_sale_unanswered_and_the_others_taken(line, till, monkeypatch) -> None:
    from samband.channels.pos import syncing

    sales = [till.sells((CUP, 1)) for _ in range(3)]

    def stumbles(device, told):
        if told == sales[1]:
            raise LookupError
        return taken_in(device, told)

    taken_in = syncing.take_in
    monkeypatch.setattr(syncing, "take_in", stumbles)
    said = line.post("sync", {"sales": sales})
    assert [one and one["state"] for one in said["sales"]] == ["taken", None, "taken"]
    monkeypatch.undo()
    again = line.post("sync", {"sales": sales})
    assert [one["state"] for one in again["sales"]] == ["taken"] * 3


def test_without_a_database_nothing_is_answered_and_everything_is_sent_again(line, till, monkeypatch) -> None:
    from samband.channels.pos import syncing

    def is_away(device, told):
        raise OperationalError

    monkeypatch.setattr(syncing, "take_in", is_away)
    said = line.post("sync", {"sales": [till.sells((CUP, 1))]})
    assert (line.status, said["code"]) == (503, "database_unavailable")
    assert int(line.response.headers["Retry-After"]) > 0


def test_a_clock_that_is_wrong_is_known_with_the_first_sale_that_is_told_by_it(line, till) -> None:
    ahead = timedelta(days=3)
    told = till.sells((CUP, 1), sold_at=(now() + ahead).isoformat())
    clock = str(int((now() + ahead).timestamp() * 1000))
    (answer,) = line.post("sync", {"sales": [told]}, **{"X-Samband-Clock": clock})["sales"]
    assert [note["code"] for note in answer["notes"]] == ["clock_off"]
    assert abs(answer["notes"][0]["seconds"] - ahead.total_seconds()) < 60


def test_a_revoked_till_is_heard_once_more(line, till) -> None:
    commands.revoke(till.device_id)
    said = line.post("sync", {"sales": [till.sells((CUP, 1))]})
    assert (said["revoked"], said["sales"][0]["state"]) == (True, "conflict")
    assert said["sales"][0]["notes"] == [{"code": "device_revoked"}]
    assert line.get("me")["code"] == "device_unknown"


def test_nobody_else_is_heard(world) -> None:
    stranger = TillClient()
    assert stranger.post("sync", {"sales": []})["code"] == "device_unknown"


@pytest.mark.parametrize(
    "body", [{}, {"sales": 5}, {"sales": [{}] * 101}, [], {"sales": [{"name": "x" * (1024 * 1024)}]}]
)
def test_a_batch_that_is_none_is_refused_whole(line, body) -> None:
    line.post("sync", body)
    assert line.status in (413, 422)
    assert queries.conflicts() == ()


def test_somebody_decides_about_a_conflict_at_the_till(line, till, manager) -> None:
    kept = [
        one["kept_as"] for one in line.post("sync", {"sales": [till.sells((LAMP, 6)), till.sells((LAMP, 7))]})["sales"]
    ]
    shown = line.get("conflicts")["conflicts"]
    assert {one["sale_id"] for one in shown} == set(kept)
    assert (shown[0]["state"], shown[0]["reasons"][0]["code"]) == ("conflict", "out_of_stock")
    accepted = manager.post(f"conflicts/{kept[0]}/accept", {"correct_stock": True, "note": "counted"}, key="a")
    assert accepted["state"] == "accepted"
    assert orders.order(UUID(accepted["order_id"])).channel == "pos"
    assert manager.post(f"conflicts/{kept[0]}/accept", {"correct_stock": True, "note": "counted"}, key="a") == accepted
    again = manager.post(f"conflicts/{kept[0]}/cancel", {"refunded_from_drawer": True})
    assert again["code"] == "already_resolved"
    cancelled = manager.post(f"conflicts/{kept[1]}/cancel", {"refunded_from_drawer": True})
    assert cancelled == {"sale_id": kept[1], "state": "cancelled", "order_id": None}
    assert manager.post(f"conflicts/{uuid4()}/accept", {"correct_stock": True})["code"] == "no_such_sale"
    assert till.drawer.expected.amount == FLOAT + 6 * PRICES[LAMP]["ISK"]
    assert list(audit()) == []


def test_the_receipt_of_an_offline_sale_is_that_of_its_order_too(line, till) -> None:
    told = till.sells((CUP, 2))
    told["tenders"] = [{"method": "cash", "amount": told["total"], "given": 5_000, "change": 5_000 - told["total"]}]
    told["sold_at"] = (now() - timedelta(minutes=3)).isoformat()
    (answer,) = line.post("sync", {"sales": [told]})["sales"]
    seller = TillClient(till).sign_in()
    receipt = seller.get(f"orders/{answer['order_id']}/receipt")
    assert receipt["offline"]
    assert receipt["number"] == answer["number"]
    assert (receipt["tenders"][0]["given"], receipt["tenders"][0]["change"]) == (isk(5_000), isk(2_020))
    assert receipt["vat"] == [{"basis_points": 2_400, "net": isk(2_403), "vat": isk(577), "total": isk(2_980)}]
