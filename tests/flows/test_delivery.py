"""From where goods are sent: by what is there, what they weigh, who has time, and where they lie without selling."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from samband.commerce.fulfillment import arranging, conditions
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.inventory import commands as stock
from samband.commerce.inventory import queries as inventory
from samband.flows import delivery
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from tests.worlds import CUP, LAMP, LONDON, REYKJAVIK, RIGA, fresh_processes, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house(db: None) -> Iterator[None]:
    small_world()
    yield
    fresh_processes()


def sent(*lines: Line, country: str = "GB", grams: int | None = None) -> dict[str, set[str]]:
    """From where each SKU is sent."""
    skus = [line.sku for line in lines]
    items = {sku: SimpleNamespace(weight_grams=grams) for sku in skus}
    found: dict[str, set[str]] = {sku: set() for sku in skus}
    for position in delivery.parcels(lines, inventory.available(skus), country, items):
        found[position.sku].add(position.location)
    return found


def test_what_a_place_has_is_sent_from_there_and_from_the_country_first():
    assert sent(Line(CUP, 1), country="GB") == {CUP: {LONDON}}
    assert sent(Line(CUP, 1), country="IS") == {CUP: {REYKJAVIK}}
    assert sent(Line(CUP, 1), Line(LAMP, 1), country="LV") == {CUP: {LONDON}, LAMP: {LONDON}}


def test_heavy_goods_are_not_sent_abroad_to_save_a_parcel():
    stock.count(REYKJAVIK, (Position(REYKJAVIK, LAMP, 0),), "none")
    both = (Line(CUP, 2), Line(LAMP, 1))
    assert sent(*both, country="IS", grams=100) == {CUP: {LONDON}, LAMP: {LONDON}}
    assert sent(*both, country="IS", grams=40_000) == {CUP: {REYKJAVIK}, LAMP: {LONDON}}


def test_a_place_that_has_its_hands_full_is_spared_and_promises_later():
    before = delivery.promised("pickup", REYKJAVIK, "IS", now())
    arranging.set_pace(RIGA, 1)
    arranging.set_pace(REYKJAVIK, 1)
    lines = (Line(CUP, 12),)
    at = now()
    fulfillment.request(new_id(), new_id(), None, "pickup", REYKJAVIK, lines, at, at + timedelta(hours=2))
    conditions.forget()
    after = delivery.promised("pickup", REYKJAVIK, "IS", at)
    assert before
    assert after
    assert after.latest > before.latest
    assert sent(Line(LAMP, 1), country="LV") == {LAMP: {LONDON}}


def test_what_lies_at_one_place_and_is_missed_at_another_is_sent_from_where_it_lies():
    stock.receive(RIGA, (Line(LAMP, 60),), "too many")
    with held_at(now() - timedelta(days=1)):
        for _ in range(9):
            hold = new_id()
            stock.hold(hold, (Position(LONDON, LAMP, 5),), now() + timedelta(minutes=9))
            stock.keep(hold)
            stock.issue(hold, (Position(LONDON, LAMP, 5),))
    assert delivery.note_what_lies() == 1
    assert RIGA in conditions.conditions().slow[LAMP]
