"""Devices come in by a code, drawers hold what their movements say, and what a device told stays as it was told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.pricing.vat import vat_within as vat_of_pricing
from samband.commerce.tills import books, chores, commands, deeds, drawers, queries, rules, snapshots
from samband.commerce.tills.models import Deed, Drawer, DrawerMovement, QueuedSale
from samband.commerce.tills.refusals import (
    DeviceUnknown,
    DrawerClosedAlready,
    DrawerInOtherCurrency,
    DrawerNeeded,
    DrawerOpen,
    DrawerShort,
    EnrolmentCodeWrong,
    NoSuchDevice,
    NoSuchDrawer,
)
from samband.flows.take_in_sale import take_in
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline.models import Entry
from tests.commerce import till as tills
from tests.commerce.till import FLOAT
from tests.undefended import undefend
from tests.worlds import CUP, LAMP, REYKJAVIK, RIGA, small_world

pytestmark = pytest.mark.django_db


def isk(amount: int) -> Money:
    return Money(amount, "ISK")


@pytest.fixture
def till():
    small_world()
    return tills.till()


# --- devices


def test_a_device_is_known_by_its_token_and_only_its_hash_is_kept(till) -> None:
    assert queries.by_token(till.token).id == till.device_id
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(d)::text from tills_device d")
        assert till.token not in str(cursor.fetchall())
    for wrong in ("", "x", till.token[:-1], till.token + "x", "\x00"):
        with pytest.raises(DeviceUnknown):
            queries.by_token(wrong)


def test_a_code_enrols_once_within_half_an_hour_and_only_the_last_one(till) -> None:
    device_id = commands.new_device("Till 2", REYKJAVIK)
    old = commands.enrolment_code(device_id)
    code = commands.enrolment_code(device_id)
    assert queries.waits_for_code(device_id) is not None
    enrolled, token = commands.enrol(f" {code.lower()} ")
    assert (enrolled, queries.by_token(token).state) == (device_id, "enrolled")
    assert queries.waits_for_code(device_id) is None
    for wrong in (old, code, "", "AAAA-AAAA"):
        with pytest.raises(EnrolmentCodeWrong), transaction.atomic():
            commands.enrol(wrong)
    late = commands.enrolment_code(device_id)
    with held_at(now() + timedelta(minutes=31)), pytest.raises(EnrolmentCodeWrong), transaction.atomic():
        commands.enrol(late)


def test_codes_are_forgotten_a_day_after_they_enrol_nothing_any_more(till) -> None:
    commands.enrolment_code(till.device_id)
    assert chores.forget_codes() == 0
    with held_at(now() + timedelta(days=2)):
        assert chores.forget_codes() >= 1
    assert queries.waits_for_code(till.device_id) is None


def test_enrolled_anew_its_old_token_opens_nothing(till) -> None:
    _, token = commands.enrol(commands.enrolment_code(till.device_id))
    assert queries.by_token(token).id == till.device_id
    with pytest.raises(DeviceUnknown):
        queries.by_token(till.token)


def test_a_revoked_device_opens_nothing_and_cannot_be_enrolled_again(till) -> None:
    commands.revoke(till.device_id)
    with pytest.raises(DeviceUnknown):
        queries.by_token(till.token)
    assert queries.by_token(till.token, also_revoked=True).state == "revoked"
    for deed in (commands.enrolment_code, commands.revoke):
        with pytest.raises(NoSuchDevice), transaction.atomic():
            deed(till.device_id)
    assert queries.drawer_at(till.device_id) is None


def test_a_device_in_use_stays_where_it_is_and_what_it_is(till) -> None:
    commands.save_device(till.device_id, "By the door", REYKJAVIK)
    assert till.device.name == "By the door"
    for location, kind in ((RIGA, "pos"), (REYKJAVIK, "kiosk")):
        with pytest.raises(Invalid), transaction.atomic():
            commands.save_device(till.device_id, "Moved", location, kind)
    for name, kind in (("", "pos"), ("x" * 81, "pos"), ("Till", "robot")):
        with pytest.raises(Invalid):
            commands.new_device(name, REYKJAVIK, kind)


# --- drawers


def test_a_drawer_holds_what_its_movements_sum_to(till) -> None:
    drawers.move_cash(till.drawer_id, "pay_in", isk(500), "change_money", till.cashier_id)
    drawers.move_cash(till.drawer_id, "pay_out", isk(1_500), "bank", till.cashier_id)
    order, intent = new_id(), new_id()
    assert drawers.put_in(till.drawer_id, intent, order, isk(2_000))
    assert not drawers.put_in(till.drawer_id, intent, order, isk(2_000))
    assert drawers.pay_back(till.drawer_id, "refund-1", order, isk(700))
    assert not drawers.pay_back(till.drawer_id, "refund-1", order, isk(700))
    assert till.drawer.expected == isk(FLOAT + 500 - 1_500 + 2_000 - 700)
    assert list(books.findings()) == []
    reading = queries.report(till.drawer_id)
    assert (reading.kind, reading.sales) == ("X", 1)
    assert {kind: amount.amount for kind, amount in reading.sums.items() if amount} == {
        "float": FLOAT, "pay_in": 500, "pay_out": -1_500, "sale": 2_000, "refund": -700,
    }  # fmt: skip


def test_a_closing_is_numbered_per_store_and_written_down_for_good(till) -> None:
    closed = drawers.close_drawer(till.drawer_id, isk(FLOAT - 100), till.cashier_id, "a coin was lost")
    assert (closed.number, closed.expected, closed.counted) == (1, FLOAT, FLOAT - 100)
    view = till.drawer
    assert (view.state, view.difference, view.note) == ("closed", isk(-100), "a coin was lost")
    second = tills.opened(till.device_id, till.cashier_id, 0)
    assert drawers.close_drawer(second, isk(0), till.cashier_id).number == 2
    for deed in (
        lambda: drawers.close_drawer(till.drawer_id, isk(0), till.cashier_id),
        lambda: drawers.move_cash(till.drawer_id, "pay_in", isk(1), "bank", till.cashier_id),
    ):
        with pytest.raises(DrawerClosedAlready), transaction.atomic():
            deed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Drawer.objects.filter(pk=till.drawer_id).update(counted=5)


def test_cash_that_comes_to_light_after_the_closing_is_late_and_explains_the_difference(till) -> None:
    drawers.close_drawer(till.drawer_id, isk(FLOAT + 990), till.cashier_id)
    drawers.put_in(till.drawer_id, new_id(), new_id(), isk(990))
    view = till.drawer
    assert (view.expected, view.difference) == (isk(FLOAT), isk(990))
    assert (view.late, view.unexplained) == (isk(990), isk(0))
    assert list(books.findings()) == []


def test_what_cannot_be_done_with_a_drawer_is_refused(till) -> None:
    with pytest.raises(DrawerOpen), transaction.atomic():
        tills.opened(till.device_id, till.cashier_id)
    with pytest.raises(DrawerShort) as short, transaction.atomic():
        drawers.move_cash(till.drawer_id, "pay_out", isk(FLOAT + 1), "bank", till.cashier_id)
    assert short.value.details["balance"] == {"amount": FLOAT, "currency": "ISK"}
    with pytest.raises(DrawerInOtherCurrency), transaction.atomic():
        drawers.move_cash(till.drawer_id, "pay_in", Money(1, "EUR"), "bank", till.cashier_id)
    with pytest.raises(DrawerInOtherCurrency), transaction.atomic():
        drawers.put_in(till.drawer_id, new_id(), new_id(), Money(1, "EUR"))
    with pytest.raises(DrawerNeeded), transaction.atomic():
        drawers.put_in(uuid4(), new_id(), new_id(), isk(1))
    with pytest.raises(NoSuchDrawer), transaction.atomic():
        drawers.move_cash(uuid4(), "pay_in", isk(1), "bank", till.cashier_id)
    with pytest.raises(NoSuchDevice), transaction.atomic():
        drawers.open_drawer(new_id(), uuid4(), till.cashier_id, isk(0))
    for kind, amount, reason in (("pay_in", 0, "bank"), ("steal", 1, "bank"), ("pay_in", 1, "fun")):
        with pytest.raises(Invalid), transaction.atomic():
            drawers.move_cash(till.drawer_id, kind, isk(amount), reason, till.cashier_id)


def test_a_drawer_is_shared_by_tills_of_one_store_only(till) -> None:
    second, _ = tills.enrolled("Till 2")
    abroad, _ = tills.enrolled("Rīga", RIGA)
    drawers.join_drawer(till.drawer_id, second)
    drawers.join_drawer(till.drawer_id, second)
    assert queries.drawer_at(second).id == till.drawer_id
    with pytest.raises(NoSuchDrawer), transaction.atomic():
        drawers.join_drawer(till.drawer_id, abroad)
    drawers.close_drawer(till.drawer_id, isk(FLOAT), till.cashier_id)
    assert queries.drawer_at(second) is None
    with pytest.raises(DrawerClosedAlready), transaction.atomic():
        drawers.join_drawer(till.drawer_id, second)


def test_a_movement_is_never_changed_or_deleted(till) -> None:
    for change in (
        lambda: DrawerMovement.objects.update(amount=1),
        lambda: DrawerMovement.objects.all().delete(),
        lambda: Drawer.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_same_command_under_one_key_is_done_once(till) -> None:
    for _ in range(2):
        drawers.move_cash(till.drawer_id, "pay_in", isk(500), "bank", till.cashier_id, key="once")
    assert till.drawer.expected == isk(FLOAT + 500)
    with pytest.raises(KeyReused), transaction.atomic():
        drawers.move_cash(till.drawer_id, "pay_in", isk(501), "bank", till.cashier_id, key="once")


# --- deeds of a device


def test_a_deed_is_done_once_for_its_key_and_forgotten_after_a_week(till) -> None:
    done = []

    def do() -> str:
        done.append(1)
        return "it"

    for _ in range(3):
        assert deeds.once(till.device_id, "k", ["a", 1], do) == "it"
    assert deeds.once(uuid4(), "k", ["a", 1], do) == "it"
    assert len(done) == 2
    with pytest.raises(KeyReused):
        deeds.once(till.device_id, "k", ["a", 2], do)
    assert chores.forget_deeds() == 0
    with held_at(now() + timedelta(days=8)):
        assert chores.forget_deeds() == 2
    assert not Deed.objects.exists()


def test_a_deed_that_was_refused_can_be_done_later_under_its_key(till) -> None:
    def refuse() -> str:
        raise Invalid("not now")

    with pytest.raises(Invalid):
        deeds.once(till.device_id, "k", [], refuse)
    assert deeds.once(till.device_id, "k", [], lambda: "done") == "done"


# --- what a device told


def test_what_a_device_told_stays_as_it_was_told(till) -> None:
    take_in(till.device, till.sells((CUP, 1)))
    for change in ({"payload": "{}"}, {"cash": 0}, {"answer": {}}, {"state": "conflict", "order_id": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            QueuedSale.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueuedSale.objects.all().delete()


def test_events_of_the_tills_name_nobody(till) -> None:
    take_in(till.device, till.sells((CUP, 1)))
    take_in(till.device, till.sells((LAMP, 99)))
    drawers.close_drawer(till.drawer_id, isk(0), till.cashier_id)
    told = [entry for entry in Entry.objects.all() if entry.name.startswith("tills.")]
    assert {entry.name.removeprefix("tills.") for entry in told} == {
        "DeviceEnrolled", "DrawerOpened", "DrawerClosed", "OfflineSaleTaken", "OfflineSaleInConflict",
    }  # fmt: skip
    assert "Anna" not in str([entry.payload for entry in told])


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_the_till_reckons_vat_as_pricing_does(gross: int, rate: int) -> None:
    assert rules.vat_within(gross, rate) == vat_of_pricing(gross, rate)


_LINE = st.fixed_dictionaries(
    {
        "sku": st.sampled_from([CUP, LAMP]),
        "name": st.just("Goods"),
        "quantity": st.integers(1, 50),
        "unit": st.integers(0, 10**6),
        "vat_basis_points": st.sampled_from([0, 1_100, 2_400]),
    }
)


def _told(lines: list[dict]) -> dict:
    for line in lines:
        line["total"] = line["unit"] * line["quantity"]
        line["vat"] = rules.vat_within(line["total"], line["vat_basis_points"])
    total = sum(line["total"] for line in lines)
    return {
        "sale_id": str(uuid4()), "sequence": 1, "sold_at": "2026-11-21T10:00:00Z", "drawer_id": str(uuid4()),
        "sold_by": str(uuid4()), "market": "IS", "currency": "ISK", "lines": lines, "total": total,
        "vat": sum(line["vat"] for line in lines),
        "tenders": [{"method": "cash", "amount": total, "given": total + 7, "change": 7}],
    }  # fmt: skip


@given(st.lists(_LINE, min_size=1, max_size=8))
def test_an_honest_sale_has_no_faults(lines) -> None:
    sale = rules.read(_told(lines))
    assert isinstance(sale, rules.OfflineSale)
    assert rules.faults(sale) == ()


@given(st.lists(_LINE, min_size=1, max_size=8), st.data())
def test_any_amount_that_is_changed_alone_is_found(lines, data) -> None:
    told = _told(lines)
    place = data.draw(st.integers(0, len(lines) - 1))
    by = data.draw(st.integers(1, 1_000))
    where = data.draw(
        st.sampled_from(
            [
                (told, "total"), (told, "vat"), (told["lines"][place], "total"), (told["lines"][place], "vat"),
                (told["tenders"][0], "amount"), (told["tenders"][0], "given"), (told["tenders"][0], "change"),
            ]
        )
    )  # fmt: skip
    where[0][where[1]] += by
    sale = rules.read(told)
    assert isinstance(sale, rules.OfflineSale)
    assert "does_not_add_up" in {fault["code"] for fault in rules.faults(sale)}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_whatever_is_told_is_read_or_told_to_be_malformed(told) -> None:
    read = rules.read(told)
    assert isinstance(read, rules.OfflineSale) or read["code"] == "malformed"


@given(st.dictionaries(st.text(max_size=5), _JSON, min_size=2, max_size=5))
def test_a_sale_is_known_by_its_content_in_whatever_order_its_fields_come(told) -> None:
    assert rules.digest(told) == rules.digest(dict(reversed(told.items())))
    assert rules.digest(told) != rules.digest({**told, "one more field": 1})


# --- what it carries along


def test_a_list_of_goods_moves_on_only_when_something_changed(till) -> None:
    first = snapshots.write("RVK", "a", {"CUP": "1", "LAMP": "2"}, None)
    assert snapshots.write("RVK", "b", {"CUP": "1", "LAMP": "2"}, None) == first
    second = snapshots.write("RVK", "c", {"CUP": "3", "SOFA": "4"}, None)
    assert second == first + 1
    assert queries.snapshot_items("RVK") == (["3", "4"], ["LAMP"])
    assert queries.snapshot_items("RVK", first) == (["3", "4"], ["LAMP"])
    third = snapshots.write("RVK", "d", {"CUP": "3", "LAMP": "2", "SOFA": "4"}, None)
    assert queries.snapshot_items("RVK", second) == (["2"], [])
    assert snapshots.write("RIX", "a", {"CUP": "1"}, None) == 1
    assert queries.snapshot("RVK").version == third


# --- the books


def broken(statement: str, *values) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        undefend(cursor, "tills_drawer", "tills_drawermovement", "tills_queuedsale")
        cursor.execute(statement, values)
        found = list(books.findings())
        transaction.set_rollback(True)
    return found


def test_the_books_find_a_balance_that_is_not_the_sum(till) -> None:
    assert "has a balance of" in broken("update tills_drawer set balance = balance + 1")[0]
    assert "sum to" in broken("update tills_drawermovement set amount = 5 where kind = 'float'")[0]


def test_the_books_find_a_closing_that_was_tampered_with(till) -> None:
    drawers.close_drawer(till.drawer_id, isk(FLOAT), till.cashier_id)
    assert "expected" in broken("update tills_drawer set expected = 5")[0]
    assert "closings" in broken("update tills_drawer set number = 7")[0]


def test_the_books_find_sales_whose_money_is_not_in_the_drawer(till) -> None:
    take_in(till.device, till.sells((CUP, 1)))
    take_in(till.device, till.sells((LAMP, 99)))
    assert list(books.findings()) == []
    found = broken("delete from tills_drawermovement where kind = 'unsettled'")
    assert any("set apart" in one for one in found)
    found = broken("delete from tills_drawermovement where kind = 'sale'")
    assert any("of its order went" in one for one in found)
