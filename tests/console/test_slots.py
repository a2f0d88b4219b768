"""Slots are opened and watched, promises counted, carriers' ways written down."""

from datetime import timedelta

import pytest

from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import conditions, queries, slotting
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from tests.console.counter import Counter, bought
from tests.worlds import CUP, LONDON, REYKJAVIK

SLOTS, PROMISES = "/console/pickups/slots/", "/console/pickups/promises/"


@pytest.fixture
def clerk(world) -> Counter:
    return Counter("stock", location=REYKJAVIK)


def opened(clerk: Counter, **fields: str) -> None:
    form = {"starts": "17:00", "ends": "19:00", "capacity": "3", "ahead": "6", "on__sat": "1", "on__sun": "1"}
    clerk.twice(SLOTS, "save", **{**form, **fields})


def rules() -> list[queries.SlotRuleView]:
    return list(queries.slot_rules(REYKJAVIK))


def test_a_rule_opens_slots_once_however_often_the_form_is_sent(clerk: Counter) -> None:
    opened(clerk, postcodes="101, 10 7", notice="60")
    (rule,) = rules()
    assert (rule.capacity, rule.notice_minutes, rule.postcodes) == (3, 60, ("10", "101", "7"))
    assert rule.days == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    page = clerk.words(clerk.get(SLOTS))
    assert "17:00–19:00" in page
    assert "0 of 3 taken" in page


def test_the_load_of_a_slot_is_seen(clerk: Counter) -> None:
    opened(clerk, capacity="1")
    slot = queries.slots("IS", "101", now(), [REYKJAVIK])[0]
    slotting.reserve_slot(slot.id, new_id())
    assert "1 of 1 taken" in clerk.words(clerk.get(SLOTS))
    assert "Nothing is brought in slots from here." in clerk.words(clerk.get(f"{SLOTS}?location={LONDON}"))


def test_a_rule_is_changed_and_ended(clerk: Counter) -> None:
    opened(clerk)
    (rule,) = rules()
    told = clerk.told(clerk.do(SLOTS, "save", {"rule": str(rule.id)}, capacity="9"))
    assert "The slots are open." in told
    assert [one.capacity for one in rules()] == [9]
    assert "0 of 9 taken" in clerk.words(clerk.get(SLOTS))
    clerk.do(SLOTS, "end", {"rule": str(rule.id)})
    assert rules() == []
    assert "There is no rule yet." in clerk.words(clerk.get(SLOTS))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"starts": "19:00", "ends": "17:00"}, "an end after the beginning"),
        ({"starts": "five"}, "Beginning: please give a time such as 17:30."),
        ({"starts": "25:00"}, "Beginning: please give a time such as 17:30."),
        ({"capacity": "0"}, "Orders at most: please give a whole number"),
        ({"capacity": ""}, "Orders at most: please give a whole number"),
        ({"postcodes": "1'; --"}, "Slots cannot be opened like this"),
        ({"location": "NOWHERE"}, "Location: please choose one."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(clerk: Counter, fields: dict[str, str], said: str) -> None:
    refused = clerk.do(SLOTS, "save", **{"capacity": "3", **fields})
    assert refused.status_code == 422
    assert said in clerk.words(refused)
    assert rules() == []


def test_kept_and_broken_promises_are_counted(clerk: Counter) -> None:
    assert "No promise fell due in these days." in clerk.words(clerk.get(PROMISES))
    for late in (False, True):
        (view,) = queries.of_order(bought(CUP).order_id)
        fulfillment.start_picking(view.id)
        fulfillment.pick(view.id, CUP, 1)
        with held_at(view.promised_until + timedelta(hours=1 if late else -1)):
            fulfillment.make_ready(view.id, now() + timedelta(days=3))
    with held_at(view.promised_until + timedelta(days=1)):
        clerk.come_again()
        page = clerk.words(clerk.get(PROMISES))
    assert "Promises kept 50%" in page
    assert "Pickup 50% 1 1 0" in page
    assert "Samband RVK 50% 1 1 0" in page


def test_a_pace_and_a_carriers_way_are_written_down(clerk: Counter) -> None:
    clerk.do(PROMISES, "pace", {"location": REYKJAVIK}, pace="12")
    assert clerk.form(PROMISES, "pace", location=REYKJAVIK)["pace"] == "12"
    way = {"origin": "IS", "destination": "IS", "service": "express", "carrier": "Dropp"}
    told = clerk.told(clerk.do(PROMISES, "lane", **way, cut_off="11:30", least="1", most="1"))
    assert "Promises go by this from now on." in told
    assert "IS – IS express Dropp 11:30 1–1" in told
    assert conditions.conditions().lanes["IS", "IS", "express"].carrier == "Dropp"
    form = clerk.form(PROMISES, "lane")
    form.pop("active")
    clerk.client.post(PROMISES, {**form, "origin": "IS", "destination": "GR", "service": "standard"})
    assert ("IS", "GR", "standard") not in conditions.conditions().lanes
    assert "Nobody goes" in clerk.words(clerk.get(PROMISES))


@pytest.mark.parametrize(
    ("deed", "fields", "said"),
    [
        ("pace", {"pace": "0"}, "Units an hour: please give a whole number"),
        ("lane", {"least": "3", "most": "2"}, "No carrier goes like this."),
        ("lane", {"cut_off": "noon"}, "Comes at: please give a time"),
        ("lane", {"service": "Very Fast!"}, "No carrier goes like this."),
    ],
)
def test_what_cannot_be_arranged_is_refused_in_words(clerk: Counter, deed: str, fields: dict, said: str) -> None:
    refused = clerk.do(PROMISES, deed, **fields)
    assert refused.status_code == 422
    assert said in clerk.words(refused)


def test_service_may_look_and_change_as_the_stock_may(world) -> None:
    service = Counter("service", location=REYKJAVIK)
    assert "lane" in service.deeds(PROMISES)
    assert Counter("merchandiser").get(SLOTS).status_code == 403
