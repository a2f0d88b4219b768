"""Every door is asked the same at the same moment; a difference without a stated reason is a fault."""

from dataclasses import replace
from datetime import timedelta

import pytest

from samband.commerce.catalog import commands as catalog
from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promotions import Percent, Promotion
from samband.flows import parity as flow
from samband.flows.parity import Question, Said, Summary, channels, compare, parity
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.worlds import CAKE, CUP, LAMP, REYKJAVIK, RIGA, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def world(transactional_db):
    yield small_world()
    fresh_processes()


def differences(*skus: str, at: str = REYKJAVIK) -> list:
    return list(parity(skus, [at]))


def about(aspect: str, *skus: str) -> list:
    return [one for one in differences(*skus) if one.aspect == aspect]


def test_all_four_doors_are_asked():
    assert set(channels()) == {"shop", "api", "pos", "kiosk"}


def test_nobody_says_anything_else_without_a_reason():
    found = [*differences(CUP, LAMP, CAKE), *differences(CUP, LAMP, CAKE, at=RIGA)]
    assert [one for one in found if one.is_fault] == []
    assert about("price", CUP, LAMP, CAKE) == about("available", CUP, LAMP, CAKE) == about("returns", CUP) == []


def test_everything_that_is_sold_is_asked_for_everywhere():
    summary = Summary()
    asked = {(one.sku, one.location) for one in summary.of(parity())}
    assert {(CUP, REYKJAVIK), (CUP, RIGA), (LAMP, REYKJAVIK)} <= asked
    assert summary.faults == 0


def test_stock_kept_for_a_channel_explains_the_numbers():
    inventory.fence(new_id(), "shop", REYKJAVIK, CUP, 7)
    (one,) = about("available", CUP)
    assert one.reason == "fenced"
    assert one.told == {"shop": "40 / 560", "api": "33 / 553", "pos": "33 / 553", "kiosk": "33 / 553"}


def test_goods_kept_for_the_till_are_not_promised_by_the_phone_and_that_is_said():
    inventory.fence(new_id(), "pos", REYKJAVIK, LAMP, 5)
    assert {one.reason for one in about("ways:carry", LAMP)} == {"fenced"}


def test_a_price_of_one_channel_names_its_list():
    pricing.save_price_list("till-only", "ISK", channel="pos")
    pricing.set_prices("till-only", {LAMP: 9_990})
    (one,) = about("price", LAMP)
    assert one.reason == "bound:till-only"


def test_an_offer_of_a_place_is_named():
    pricing.save_promotion(Promotion(code="here", deal=Percent(basis_points=1_000), places=(REYKJAVIK,)))
    (one,) = about("price", CUP)
    assert (one.reason, one.told["pos"].split(" ")[0], one.told["shop"]) == ("bound:here", "1341", "1490 ISK")
    assert not [other for other in differences(CUP, at=RIGA) if other.aspect == "price"]


def test_an_offer_for_everybody_is_no_difference():
    pricing.save_promotion(Promotion(code="all", deal=Percent(basis_points=1_000)))
    assert about("price", CUP) == []


def test_what_is_not_published_on_a_channel_is_said_to_be_so(world):
    catalog.withdraw(world.products["cup"], "kiosk")
    (one,) = about("sold", CUP)
    assert (one.reason, one.told["kiosk"], one.told["shop"]) == ("not_published", "no", "yes")


# --- faults


SAID = Said(Money(100, "ISK"), here=3, everywhere=9, ways={"ship": now()}, methods={"card": ""}, return_days=30)


@pytest.mark.parametrize(
    ("aspect", "other"),
    [
        ("price", replace(SAID, price=Money(99, "ISK"))),
        ("price", replace(SAID, regular=Money(120, "ISK"))),
        ("available", replace(SAID, here=2)),
        ("available", replace(SAID, everywhere=8)),
        ("ways:ship", replace(SAID, ways={"ship": SAID.ways["ship"] + timedelta(days=1)})),
        ("ways:ship", replace(SAID, ways={"ship": None})),
        ("methods:card", replace(SAID, methods={})),
        ("returns", replace(SAID, return_days=14)),
        ("sold", Said(None)),
    ],
)
def test_a_door_that_says_something_else_for_no_reason_is_a_fault(aspect, other):
    question = Question(CUP, "cup", REYKJAVIK, "IS", now())
    found = list(compare(question, {"shop": SAID, "pos": other}))
    assert [(one.aspect, one.is_fault) for one in found] == [(aspect, True)]


def test_numbers_that_a_fence_does_not_explain_to_the_unit_are_a_fault():
    inventory.fence(new_id(), "shop", REYKJAVIK, CUP, 2)
    question = Question(CUP, "cup", REYKJAVIK, "IS", now())
    explained = {"shop": replace(SAID, here=5, everywhere=11), "pos": SAID}
    assert [one.is_fault for one in compare(question, explained)] == [False]
    off_by_one = {"shop": replace(SAID, here=6, everywhere=12), "pos": SAID}
    assert [one.is_fault for one in compare(question, off_by_one)] == [True]


def test_a_door_that_lies_is_found(monkeypatch):
    honest = flow._doors["pos"]
    monkeypatch.setitem(flow._doors, "pos", lambda asked: replace(honest(asked), price=Money(1, "ISK")))
    assert [one.aspect for one in differences(CUP) if one.is_fault] == ["price"]
