"""Goods come in, are set aside, promised, let go and counted; what cannot be is refused and changes nothing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from samband.commerce.inventory import books, commands, queries
from samband.commerce.inventory.refusals import (
    BelowHeld,
    HoldAlreadyKept,
    HoldClosed,
    HoldExists,
    HoldLapsed,
    HoldNotKept,
    InvalidLocation,
    NotEnoughStock,
    NotHeld,
    SoldOut,
    UnknownHold,
    UnknownLocation,
)
from samband.events.inventory import HoldReleased, StockAdjusted
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline import queries as timeline
from tests.commerce.shelves import allocated, at, balanced, held, level, refused, shelve, store

pytestmark = pytest.mark.django_db


def run(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def run_at_once(statement: str) -> None:
    """Run it and let every constraint speak, those that wait for the commit too."""
    run(statement)
    run("set constraints all immediate")


def told(subject: str) -> list[str]:
    return [each.name.rsplit(".")[-1] for each in reversed(timeline.of_subject(subject))]


# Setting aside


def test_goods_set_aside_are_no_longer_available():
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    hold_id = held(*at("RVK", SOFA=3, LAMP=2))
    (sofa,), (lamp,) = (queries.available(["SOFA", "LAMP"])[sku] for sku in ("SOFA", "LAMP"))
    assert (sofa.on_hand, sofa.held, sofa.available) == (5, 3, 2)
    assert (lamp.on_hand, lamp.held, lamp.available) == (2, 2, 0)
    assert told(f"hold:{hold_id}") == ["StockHeld"]
    assert balanced()


def test_all_lines_are_held_or_none_and_every_line_that_fell_short_is_named():
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    held(*at("RVK", LAMP=1))
    with refused(SoldOut) as refusal:
        held(*at("RVK", SOFA=5, LAMP=2, CHAIR=1))
    assert refusal.value.details == {
        "short": [
            {"location": "RVK", "sku": "CHAIR", "wanted": 1, "available": 0},
            {"location": "RVK", "sku": "LAMP", "wanted": 2, "available": 1},
        ]
    }
    assert level("RVK", "SOFA") == (5, 0)
    assert balanced()


def test_the_same_goods_named_twice_are_wanted_twice():
    store()
    shelve("RVK", SOFA=3)
    with refused(SoldOut) as refusal:
        held(Position("RVK", "SOFA", 2), Position("RVK", "SOFA", 2))
    assert refusal.value.details["short"][0]["wanted"] == 4
    hold_id = held(Position("RVK", "SOFA", 1), Position("RVK", "SOFA", 2))
    assert [(line.quantity, line.left) for line in queries.hold(hold_id).lines] == [(3, 3)]


def test_safety_stock_is_not_promised_to_anybody():
    store()
    shelve("RVK", SOFA=5)
    commands.set_safety("RVK", "SOFA", 2)
    with refused(SoldOut) as refusal:
        held(*at("RVK", SOFA=4))
    assert refusal.value.details["short"][0]["available"] == 3
    held(*at("RVK", SOFA=3))
    commands.set_safety("RVK", "SOFA", 9)
    assert queries.available(["SOFA"])["SOFA"][0].available == 0


def test_what_is_asked_for_is_read_with_care():
    store()
    shelve("RVK", SOFA=5)
    for positions in (
        (),
        (Position("RVK", "SOFA", 0),),
        (Position("RVK", "SOFA", -1),),
        (Position("RVK", "SOFA", True),),
        (Position("RVK", "SOFA", 10**7),),
        (Position("RVK", "", 1),),
        (Position("RVK", "SO\x00FA", 1),),
        (Position("R V K", "SOFA", 1),),
    ):
        with refused(Invalid):
            held(*positions)
    with refused(Invalid):
        held(*at("RVK", SOFA=1), minutes=0)
    assert level("RVK", "SOFA") == (5, 0)


def test_a_hold_id_is_used_once():
    store()
    shelve("RVK", SOFA=5)
    hold_id = held(*at("RVK", SOFA=1))
    with refused(HoldExists):
        commands.hold(hold_id, at("RVK", SOFA=2), in_future(minutes=15))
    assert level("RVK", "SOFA") == (5, 1)
    assert balanced()


def test_asking_twice_with_one_key_is_asking_once():
    store()
    shelve("RVK", SOFA=5)
    hold_id, lapses_at = new_id(), in_future(minutes=15)
    first = commands.hold(hold_id, at("RVK", SOFA=2), lapses_at, key="cart 1")
    assert commands.hold(hold_id, at("RVK", SOFA=2), lapses_at, key="cart 1") == first
    assert level("RVK", "SOFA") == (5, 2)
    with refused(KeyReused):
        commands.hold(hold_id, at("RVK", SOFA=3), lapses_at, key="cart 1")
    commands.keep(hold_id, key="cart 1")
    for _ in range(2):
        commands.issue(hold_id, at("RVK", SOFA=1), key="parcel 1")
        commands.receive("RVK", (Line("SOFA", 4),), "note", key="note")
    assert level("RVK", "SOFA") == (8, 1)
    assert balanced()


@pytest.mark.parametrize("lines", [1, 40])
def test_holding_takes_one_statement_and_one_to_tell_of_it(lines, django_assert_num_queries):
    store()
    shelve("RVK", **{f"SKU{line}": 5 for line in range(lines)})
    with django_assert_num_queries(2):
        hold_id = held(*at("RVK", **{f"SKU{line}": 1 for line in range(lines)}))
    with django_assert_num_queries(2):
        commands.keep(hold_id)
    with django_assert_num_queries(3):
        commands.issue(hold_id, at("RVK", SKU0=1))
    with django_assert_num_queries(1):
        queries.available([f"SKU{line}" for line in range(lines)])


def test_letting_go_takes_three_statements(django_assert_num_queries):
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    hold_id = held(*at("RVK", SOFA=3, LAMP=2))
    with django_assert_num_queries(3):
        commands.release(hold_id, "cancelled")


# From hold to allocation to the door


def test_a_hold_is_kept_once():
    store()
    shelve("RVK", SOFA=5)
    hold_id = allocated(*at("RVK", SOFA=2))
    assert queries.hold(hold_id).state == "kept"
    with refused(HoldAlreadyKept):
        commands.keep(hold_id)
    with refused(UnknownHold):
        commands.keep(new_id())
    assert told(f"hold:{hold_id}") == ["StockHeld", "HoldKept"]


def test_a_hold_past_its_moment_cannot_be_kept_even_before_the_sweeper_came():
    store()
    shelve("RVK", SOFA=5)
    hold_id = held(*at("RVK", SOFA=2))
    with held_at(now() + timedelta(minutes=15)), refused(HoldLapsed):
        commands.keep(hold_id)
    with held_at(now() + timedelta(minutes=16)):
        assert commands.lapse_holds() == 1
        with refused(HoldLapsed):
            commands.keep(hold_id)


def test_holds_lapse_at_their_moment_and_kept_ones_never():
    store()
    shelve("RVK", SOFA=9, LAMP=9)
    early, late = held(*at("RVK", SOFA=1, LAMP=2), minutes=5), held(*at("RVK", SOFA=2), minutes=60)
    kept = allocated(*at("RVK", LAMP=3))
    with held_at(now() + timedelta(minutes=6)):
        assert commands.lapse_holds() == 1
    assert [queries.hold(each).state for each in (early, late, kept)] == ["closed", "live", "kept"]
    assert (level("RVK", "SOFA"), level("RVK", "LAMP")) == ((9, 2), (9, 3))
    released = timeline.of_subject(f"hold:{early}")[0]
    assert released.payload["reason"] == "lapsed"
    assert {each["sku"]: each["quantity"] for each in released.payload["positions"]} == {"SOFA": 1, "LAMP": 2}
    with held_at(now() + timedelta(days=400)):
        assert commands.lapse_holds() == 1
        assert commands.lapse_holds() == 0
    assert queries.hold(kept).state == "kept"
    assert balanced()


def test_more_holds_lapse_than_fit_into_one_batch():
    store()
    shelve("RVK", SOFA=9)
    for _ in range(7):
        held(*at("RVK", SOFA=1))
    with held_at(now() + timedelta(hours=1)):
        assert commands.lapse_holds(most=3) == 7
    assert level("RVK", "SOFA") == (9, 0)
    assert balanced()


def test_goods_leave_in_parts_and_the_hold_closes_with_the_last():
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    hold_id = allocated(*at("RVK", SOFA=3, LAMP=1))
    commands.issue(hold_id, at("RVK", SOFA=2))
    assert level("RVK", "SOFA") == (3, 1)
    assert queries.hold(hold_id).state == "kept"
    commands.issue(hold_id, at("RVK", SOFA=1, LAMP=1))
    assert queries.hold(hold_id).state == "closed"
    assert (level("RVK", "SOFA"), level("RVK", "LAMP")) == ((2, 0), (1, 0))
    assert [(each.kind, each.quantity, each.reference) for each in queries.ledger("SOFA")][:2] == [
        ("issue", -1, str(hold_id)),
        ("issue", -2, str(hold_id)),
    ]
    assert balanced()


def test_goods_leave_only_for_an_allocation_and_only_what_is_held():
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    hold_id = held(*at("RVK", SOFA=3))
    with refused(HoldNotKept):
        commands.issue(hold_id, at("RVK", SOFA=1))
    commands.keep(hold_id)
    with refused(NotHeld) as refusal:
        commands.issue(hold_id, at("RVK", SOFA=4, LAMP=1))
    assert refusal.value.details["short"] == [
        {"location": "RVK", "sku": "LAMP", "wanted": 1, "held": 0},
        {"location": "RVK", "sku": "SOFA", "wanted": 4, "held": 3},
    ]
    with refused(UnknownHold):
        commands.issue(new_id(), at("RVK", SOFA=1))
    assert level("RVK", "SOFA") == (5, 3)


def test_held_goods_go_back_to_the_shelf_whole_or_in_part():
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    hold_id = allocated(*at("RVK", SOFA=3, LAMP=1))
    with refused(NotHeld):
        commands.release(hold_id, "cancelled", at("RVK", SOFA=4))
    commands.release(hold_id, "cancelled", at("RVK", SOFA=2))
    assert level("RVK", "SOFA") == (5, 1)
    assert commands.release(hold_id, "expired") == HoldReleased(
        hold_id=hold_id, positions=at("RVK", LAMP=1, SOFA=1), reason="expired"
    )
    assert queries.hold(hold_id).state == "closed"
    for deed in (lambda: commands.release(hold_id, "again"), lambda: commands.issue(hold_id, at("RVK", SOFA=1))):
        with refused(HoldClosed):
            deed()
    assert (level("RVK", "SOFA"), level("RVK", "LAMP")) == ((5, 0), (2, 0))
    assert balanced()


def test_a_hold_that_was_released_cannot_be_kept():
    store()
    shelve("RVK", SOFA=5)
    hold_id = held(*at("RVK", SOFA=3))
    commands.release(hold_id, "released")
    with refused(HoldClosed):
        commands.keep(hold_id)


# Coming in, moving, counting


def test_goods_come_in_and_the_ledger_says_so():
    store()
    event = commands.receive("RVK", (Line("SOFA", 2), Line("LAMP", 1), Line("SOFA", 3)), "PO-77")
    assert event.positions == at("RVK", LAMP=1, SOFA=5)
    commands.receive("RVK", (Line("SOFA", 4),), "opening stock", imported=True)
    assert [(move.kind, move.quantity, move.reference) for move in queries.ledger("SOFA")] == [
        ("import", 4, "opening stock"),
        ("receive", 5, "PO-77"),
    ]
    for lines in ((), (Line("SOFA", 1),)):
        with refused(UnknownLocation if lines else Invalid):
            commands.receive("NOWHERE", lines, "PO-78")
    with refused(Invalid):
        commands.receive("RVK", (Line("SOFA", 1),), "x" * 201)
    assert told("location:RVK") == ["StockReceived", "StockReceived"]
    assert balanced()


def test_goods_nobody_has_a_claim_on_move_to_another_location():
    store("RVK")
    store("AKU")
    shelve("RVK", SOFA=5, LAMP=1)
    held(*at("RVK", SOFA=2))
    commands.transfer("RVK", "AKU", (Line("SOFA", 3),), "van 1")
    assert (level("RVK", "SOFA"), level("AKU", "SOFA")) == ((2, 2), (3, 0))
    assert {(move.location, move.kind, move.quantity) for move in queries.ledger("SOFA")[:2]} == {
        ("RVK", "transfer_out", -3),
        ("AKU", "transfer_in", 3),
    }
    with refused(NotEnoughStock) as refusal:
        commands.transfer("RVK", "AKU", (Line("SOFA", 1), Line("LAMP", 1), Line("CHAIR", 1)), "van 2")
    assert refusal.value.details["short"] == [
        {"location": "RVK", "sku": "CHAIR", "wanted": 1, "available": 0},
        {"location": "RVK", "sku": "SOFA", "wanted": 1, "available": 0},
    ]
    with refused(Invalid):
        commands.transfer("RVK", "RVK", (Line("LAMP", 1),), "van 3")
    with refused(UnknownLocation):
        commands.transfer("RVK", "NOWHERE", (Line("LAMP", 1),), "van 4")
    assert balanced()


def test_the_books_are_put_right_but_never_below_what_is_held():
    store()
    shelve("RVK", SOFA=5)
    held(*at("RVK", SOFA=3))
    commands.adjust("RVK", at("RVK", SOFA=-2, LAMP=4), "damaged", "report 9")
    assert (level("RVK", "SOFA"), level("RVK", "LAMP")) == ((3, 3), (4, 0))
    move = queries.ledger("SOFA")[0]
    assert (move.kind, move.reason, move.reference) == ("adjust", "damaged", "report 9")
    with refused(BelowHeld) as refusal:
        commands.adjust("RVK", at("RVK", SOFA=-1), "lost", "")
    assert refusal.value.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 2, "held": 3}]
    with refused(Invalid):
        commands.adjust("RVK", at("AKU", SOFA=1), "found", "")
    assert balanced()


def test_a_count_sets_what_is_on_hand_and_tells_the_differences():
    store()
    shelve("RVK", SOFA=5, LAMP=2)
    claim = held(*at("RVK", SOFA=3))
    event = commands.count("RVK", at("RVK", SOFA=4, LAMP=2, CHAIR=1), "stocktaking")
    assert event == StockAdjusted(
        location="RVK", positions=at("RVK", CHAIR=1, SOFA=-1), reason="counted", reference="stocktaking"
    )
    assert (level("RVK", "SOFA"), level("RVK", "CHAIR")) == ((4, 3), (1, 0))
    assert commands.count("RVK", at("RVK", SOFA=4), "again").positions == ()
    with refused(BelowHeld) as refusal:
        commands.count("RVK", at("RVK", SOFA=2, LAMP=0), "short")
    assert refusal.value.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 2, "held": 3}]
    assert queries.claims("RVK", "SOFA") == (claim,)
    assert level("RVK", "LAMP") == (2, 0)
    with refused(Invalid):
        commands.count("RVK", (*at("RVK", SOFA=4), *at("RVK", SOFA=4)), "twice")
    assert balanced()


# Locations and levels


def test_a_location_is_saved_changed_and_remembered():
    store("RVK", latitude=64.14, longitude=-21.94, position=2)
    store("AKU", position=1, opening={"mon": ("08:00", "24:00")})
    assert list(queries.locations()) == ["AKU", "RVK"]
    assert queries.location("AKU").opening == {"mon": ("08:00", "24:00")}
    assert queries.location("RVK").place.latitude == 64.14
    store("RVK", name="Samband við höfnina")
    assert queries.location("RVK").name == "Samband við höfnina"
    with refused(UnknownLocation):
        queries.location("NOWHERE")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "kiosk"),
        ("name", " "),
        ("country", "XX"),
        ("time_zone", "Mars/Olympus"),
        ("opening", {"mon": ("18:00", "10:00")}),
        ("opening", {"mon": ("10:00",)}),
        ("opening", {"monday": ("10:00", "18:00")}),
        ("opening", {"mon": ("10:00", "25:00")}),
        ("latitude", 91),
        ("longitude", 12.0),
        ("names", {"xx": "name"}),
    ],
)
def test_a_location_that_cannot_be_is_refused(field, value):
    with refused(InvalidLocation) as refusal:
        store("RVK", **{field: value})
    assert refusal.value.details == {"field": field}


def test_levels_are_listed_by_location_and_sku_page_by_page():
    store("RVK")
    store("AKU")
    shelve("RVK", **{f"SOFA{n:02}": 1 for n in range(60)})
    shelve("AKU", SOFA01=7, LAMP=1)
    first = queries.levels(location="RVK")
    assert (len(first.rows), first.more) == (50, True)
    second = queries.levels(location="RVK", page=2)
    assert (len(second.rows), second.more) == (10, False)
    assert [(each.location, each.on_hand) for each in queries.levels(sku="SOFA01").rows] == [("AKU", 7), ("RVK", 1)]
    assert queries.available(["SOFA01", "GONE"])["GONE"] == ()


def test_the_ledger_is_read_newest_first_and_page_by_page():
    store()
    for units in (1, 2, 3):
        shelve("RVK", SOFA=units)
    page = queries.ledger("SOFA", "RVK", most=2)
    assert [move.quantity for move in page] == [3, 2]
    assert [move.quantity for move in queries.ledger("SOFA", before=page[-1].id)] == [1]
    assert queries.ledger("SOFA", "AKU") == ()


# What the database refuses by itself, whoever asks


@pytest.mark.parametrize(
    "statement",
    [
        "update inventory_level set held = 6",
        "update inventory_level set on_hand = 2",
        "update inventory_level set on_hand = -1, held = 0",
        "update inventory_level set held = -1",
        "update inventory_level set safety = -1",
        "insert into inventory_level (location, sku, on_hand, held, safety) values ('RVK', 'SOFA', 9, 0, 0)",
        "insert into inventory_level (location, sku, on_hand, held, safety) values ('NOWHERE', 'SOFA', 9, 0, 0)",
        "delete from inventory_level",
        "update inventory_move set quantity = 99",
        "delete from inventory_move",
        'update inventory_holdline set "left" = 4',
        'update inventory_holdline set "left" = -1',
        "update inventory_holdline set quantity = 99",
        "update inventory_holdline set sku = 'LAMP'",
        "delete from inventory_holdline",
        "update inventory_hold set state = 'closed'",
        "update inventory_hold set state = 'live'",
        "update inventory_hold set state = 'lost'",
        "delete from inventory_hold",
        'insert into inventory_holdline (hold, location, sku, quantity, "left")'
        " select id, 'RVK', 'UNHEARD-OF', 1, 1 from inventory_hold",
        "insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)"
        " values (gen_random_uuid(), 'RVK', 'SOFA', 0, 'adjust', '', '', now())",
        "insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)"
        " values (gen_random_uuid(), 'RVK', 'SOFA', 5, 'issue', '', '', now())",
        "insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)"
        " values (gen_random_uuid(), 'RVK', 'SOFA', -5, 'receive', '', '', now())",
        "insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)"
        " values (gen_random_uuid(), 'RVK', 'UNHEARD-OF', 5, 'receive', '', '', now())",
    ],
)
def test_the_database_refuses_on_its_own(statement):
    store()
    shelve("RVK", SOFA=5)
    allocated(*at("RVK", SOFA=3))
    with pytest.raises(IntegrityError), transaction.atomic():
        run_at_once(statement)
    assert level("RVK", "SOFA") == (5, 3)
    assert balanced()


def test_a_closed_hold_stays_closed_whoever_asks():
    store()
    shelve("RVK", SOFA=5)
    commands.release(held(*at("RVK", SOFA=3)), "released")
    for state in ("live", "kept"):
        with pytest.raises(IntegrityError), transaction.atomic():
            run(f"update inventory_hold set state = '{state}'")


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("update inventory_level set on_hand = 6", "Level SOFA at RVK has 6 on hand, but its moves sum to 5."),
        ("update inventory_level set held = 2", "Level SOFA at RVK has 2 held, but open holds claim 3."),
        (
            "insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)"
            " values (gen_random_uuid(), 'RVK', 'SOFA', 1, 'receive', '', '', now())",
            "Level SOFA at RVK has 5 on hand, but its moves sum to 6.",
        ),
    ],
)
def test_the_books_find_what_somebody_did_behind_our_back(damage, finding):
    store()
    shelve("RVK", SOFA=5)
    allocated(*at("RVK", SOFA=3))
    run(damage)
    assert list(books.findings()) == [finding]


def test_the_books_find_holds_that_are_open_and_empty_or_closed_and_full():
    store()
    shelve("RVK", SOFA=5)
    full, empty = allocated(*at("RVK", SOFA=3)), held(*at("RVK", SOFA=1))
    run("set constraints all immediate")
    for table in ("inventory_hold", "inventory_holdline"):
        run(f"alter table {table} disable trigger user")
    run("alter table inventory_level drop constraint level_never_sold_twice")
    run("update inventory_hold set state = 'closed' where id = %s::uuid", full)
    run('update inventory_holdline set "left" = 0 where hold = %s::uuid', empty)
    run("update inventory_level set held = 6")
    findings = list(books.findings())
    assert f"Hold {full} is closed, but 3 of SOFA at RVK are left in it." in findings
    assert f"Hold {empty} is live, but nothing is left in it." in findings
    assert "Level SOFA at RVK is impossible: 5 on hand, 6 held, 0 fenced, 0 safety." in findings
