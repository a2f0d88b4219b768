"""Stock kept for channels and at tills, what runs low and what to move: on pages that anybody of the store can use."""

from datetime import timedelta

import pytest

from samband.commerce.inventory import commands, queries
from samband.commerce.tills import commands as tills
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from tests.console.counter import Counter
from tests.worlds import CUP, LAMP, LONDON, REYKJAVIK, RIGA, SOFA

FENCES, DEVICES, LOW, MOVES = (f"/console/stock/{part}/" for part in ("allocation", "devices", "low", "transfers"))


@pytest.fixture
def clerk(world) -> Counter:
    return Counter("stock", location=REYKJAVIK)


def free(sku: str, channel: str = "", location: str = REYKJAVIK) -> int:
    return {at.location: at.available for at in queries.available([sku], channel)[sku]}.get(location, 0)


def sold(sku: str, quantity: int, location: str = REYKJAVIK) -> None:
    """Goods came in and left again the day before yesterday."""
    with held_at(now() - timedelta(days=2)):
        commands.receive(location, (Line(sku, quantity),), "note")
        hold_id, goods = new_id(), (Position(location, sku, quantity),)
        commands.hold(hold_id, goods, in_future(minutes=5))
        commands.keep(hold_id)
        commands.issue(hold_id, goods)


# Kept for channels


def test_goods_are_kept_for_a_channel_once_and_given_back_once(clerk: Counter) -> None:
    clerk.twice(FENCES, "fence", code__0=CUP, quantity__0="4", channel="kiosk")
    assert (free(CUP), free(CUP, "kiosk"), free(CUP, "pos")) == (36, 40, 36)
    page = clerk.words(clerk.get(FENCES))
    assert CUP in page
    assert "until somebody ends it" in page
    (fence,) = queries.fences().rows
    clerk.twice(FENCES, "unfence", {"fence": str(fence.id)})
    assert free(CUP) == 40
    assert "Nothing is kept for a channel here." in clerk.words(clerk.get(FENCES))


def test_the_rules_that_give_back_are_kept_and_told(clerk: Counter) -> None:
    done = clerk.do(
        FENCES, "fence", code__0="5690000000015", until="2031-05-01T18:30", hours="2", idle_days="3", free_below="1"
    )
    assert "Kept for the channel." in clerk.told(done)
    (fence,) = queries.fences().rows
    assert (fence.sku, fence.channel, fence.quantity, fence.until.isoformat()) == (
        SOFA,
        "pos",
        1,
        "2031-05-01T18:30:00+00:00",
    )
    page = clerk.words(clerk.get(FENCES))
    for told in (
        "until 1 May 2031",
        "hours before closing: 2",
        "when the channel takes nothing for 3 days",
        "when less than 1 unit is free for everybody",
    ):
        assert told in page, told


def test_a_moment_is_by_the_clock_of_the_location(clerk: Counter) -> None:
    clerk.do(FENCES, "fence", code__0=CUP, location=RIGA, until="2031-05-01T18:30")
    assert queries.fences().rows[0].until.isoformat() == "2031-05-01T15:30:00+00:00"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code__0": ""}, "SKU is missing."),
        ({"code__0": "NO-SUCH"}, "knows no SKU or GTIN “NO-SUCH”"),
        ({"quantity__0": "0"}, "Quantity: please give a whole number"),
        ({"quantity__0": "41"}, "CUP: 40 free, 41 wanted"),
        ({"channel": "smoke signals"}, "Channel: please choose one."),
        ({"location": "MOON"}, "Location: please choose one."),
        ({"until": "yesterday"}, "Until: please give a day and a time."),
        ({"until": "2001-01-01T10:00"}, "Please check: Until."),
        ({"hours": "25"}, "Hours before closing: please give a whole number"),
        ({"idle_days": "0"}, "Days without any taken: please give a whole number"),
        ({"free_below": "-1"}, "Free units: please give a whole number"),
        ({"code__1": LAMP}, "SKU: please choose one."),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(clerk: Counter, fields: dict[str, str], said: str) -> None:
    refused = clerk.do(FENCES, "fence", **{"code__0": CUP, **fields})
    assert refused.status_code in (409, 422)
    assert said in clerk.words(refused)
    assert queries.fences().rows == ()


def test_a_channel_is_kept_goods_for_once_and_an_ended_fence_is_over(clerk: Counter) -> None:
    clerk.do(FENCES, "fence", code__0=CUP)
    refused = clerk.do(FENCES, "fence", code__0=CUP)
    assert "Goods are kept for this channel there already." in clerk.words(refused)
    form = clerk.form(FENCES, "unfence")
    clerk.client.post(FENCES, form)
    over = clerk.client.post(FENCES, {**form, "key": str(new_id())})
    assert over.status_code == 409
    assert "That has ended" in clerk.words(over)


def test_fences_are_found_by_place_channel_and_sku(clerk: Counter) -> None:
    for channel, location, sku in (("pos", REYKJAVIK, CUP), ("kiosk", REYKJAVIK, LAMP), ("pos", RIGA, CUP)):
        commands.fence(new_id(), channel, location, sku, 1)
    for asked, shown in (
        ("", 2),
        ("?location=all", 3),
        ("?location=all&channel=pos", 2),
        ("?location=all&q=LAM", 1),
        ("?channel=nonsense", 2),
    ):
        assert clerk.get(FENCES + asked).content.decode().count('name="fence"') == shown, asked


def test_stock_pages_show_what_is_kept_and_who_has_it(clerk: Counter) -> None:
    commands.fence(new_id(), "kiosk", REYKJAVIK, CUP, 7)
    page = clerk.words(clerk.get(f"/console/stock/sku/{CUP}/"))
    assert "7 Phones in the store" in page
    assert "Kept for channels" in clerk.words(clerk.get("/console/stock/"))
    moved = clerk.do("/console/stock/move/", "move", to_location=RIGA, code__0=CUP, quantity__0="34")
    assert "CUP: 33 free, 34 wanted, 7 kept for channels" in clerk.words(moved)


# At the tills


@pytest.fixture
def till(world) -> str:
    return str(tills.new_device("Till by the door", REYKJAVIK))


def given(till: str, cups: int) -> None:
    commands.allot(new_id(), (Position(REYKJAVIK, CUP, cups),), in_future(hours=8), device=till)


def test_what_a_till_may_sell_is_shown_by_its_name_and_taken_back_once(clerk: Counter, till: str) -> None:
    given(till, 5)
    page = clerk.words(clerk.get(DEVICES))
    assert "Till by the door" in page
    assert "sells until" in page
    assert free(CUP) == 35
    clerk.twice(DEVICES, "take-back")
    assert free(CUP) == 40
    assert "No till holds goods of its own." in clerk.words(clerk.get(DEVICES))


def test_a_till_that_should_have_stopped_is_told_when_its_goods_come_back(clerk: Counter, till: str) -> None:
    with held_at(now() - timedelta(hours=9)):
        given(till, 5)
    assert "comes back" in clerk.words(clerk.get(DEVICES))
    assert "No till" in clerk.words(clerk.get(f"{DEVICES}?location={RIGA}"))


def test_the_till_is_named_where_its_goods_are_claimed_and_where_they_stand_in_the_way(
    clerk: Counter, till: str
) -> None:
    given(till, 5)
    assert "A till : Till by the door" in clerk.words(clerk.get(f"/console/stock/sku/{CUP}/")).replace(
        "till:", "till :"
    )
    counted = clerk.do("/console/stock/count/", "count", scanned=f"{CUP} 3")
    assert "CUP: 5 set aside, 3 would be left, 5 at the tills" in clerk.words(counted)


# Demand


def test_what_runs_low_is_shown_with_what_to_order(clerk: Counter) -> None:
    assert "Everything that sells will last." in clerk.words(clerk.get(LOW))
    sold(SOFA, 28)
    page = clerk.words(clerk.get(LOW))
    assert SOFA in page
    assert "3 days" in page
    assert "Everything that sells will last." in clerk.words(clerk.get(f"{LOW}?location={RIGA}"))


def test_goods_that_lie_elsewhere_are_proposed_explained_and_moved_once(clerk: Counter) -> None:
    assert "Nothing needs to be moved." in clerk.words(clerk.get(MOVES))
    sold(CUP, 28 * 8)
    commands.receive(LONDON, (Line(CUP, 500),), "note")
    there = free(CUP, location=LONDON)
    page = clerk.words(clerk.get(MOVES))
    assert "soon sold out" in page
    assert "nobody bought it in four weeks" in page
    assert "The goods cross a border" in page
    form = clerk.form(MOVES, "move")
    quantity = int(form["quantity"])
    assert (form["to_location"], quantity) == (REYKJAVIK, 8 * 21 - 40)
    clerk.twice(MOVES, "move", {"location": form["location"]})
    moved = free(CUP, location=form["location"])
    assert free(CUP) == 8 * 21
    assert form["location"] != LONDON or moved == there - quantity
    assert "Missed here" not in clerk.words(clerk.get(MOVES))


def test_more_than_lies_there_is_not_moved(clerk: Counter) -> None:
    sold(SOFA, 28)
    commands.receive(LONDON, (Line(SOFA, 60),), "note")
    refused = clerk.do(MOVES, "move", {"location": LONDON}, quantity="99999")
    assert refused.status_code == 409
    assert "wanted" in clerk.words(refused)
    assert clerk.do(MOVES, "move", {"location": LONDON}, quantity="0").status_code == 422


# Who may


@pytest.mark.parametrize("address", [FENCES, DEVICES, LOW, MOVES])
def test_the_pages_are_for_those_who_look_after_stock(world, address: str) -> None:
    assert Counter("service").get(address).status_code == 403
    assert Counter("merchandiser").get(address).status_code == 200


def test_the_statements_are_counted(clerk: Counter) -> None:
    commands.fence(new_id(), "pos", REYKJAVIK, CUP, 1)
    sold(SOFA, 28)
    clerk.get("/console/stock/")
    assert [clerk.statements(address) for address in (FENCES, DEVICES, LOW, MOVES)] == [4, 5, 4, 5]
