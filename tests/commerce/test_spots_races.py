"""Two doors, one pass, really at once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from samband.commerce.spots import commands, queries
from samband.commerce.spots.commands import SpotDraft
from samband.commerce.spots.refusals import PassLapsed, PassUsed, WrongWord
from samband.events.spots import ExitPassChecked, ExitPassLapsed
from samband.kernel.clock import in_future, now
from samband.kernel.ids import new_id
from samband.timeline.models import Entry
from tests.commerce.shelves import racing

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
DOORS = 6


def issued(good_until):
    return commands.issue_pass(new_id(), "RIX", 3, good_until).pass_id


def test_of_many_doors_that_see_one_pass_one_lets_the_goods_out():
    for _ in range(ROUNDS):
        pass_id = issued(in_future(hours=1))
        answers = racing(*[partial(commands.check_pass, pass_id, "RIX")] * DOORS)
        assert Counter(type(one) for one in answers) == {ExitPassChecked: 1, PassUsed: DOORS - 1}
        assert Entry.objects.filter(name="spots.ExitPassChecked", subject=f"pass:{pass_id}").count() == 1


def test_at_closing_time_a_pass_is_checked_or_lapses_and_never_both():
    seen = Counter()
    for _ in range(ROUNDS):
        pass_id = issued(now() - timedelta(seconds=1))
        answers = racing(partial(commands.check_pass, pass_id, "RIX"), partial(commands.lapse_pass, pass_id))
        kinds = {type(one) for one in answers}
        assert kinds in ({ExitPassChecked, PassUsed}, {ExitPassLapsed, PassLapsed})
        seen[queries.exit_pass(pass_id).state] += 1
    assert sum(seen.values()) == ROUNDS


def test_a_table_that_two_make_at_once_is_there_once():
    for number in range(ROUNDS):
        draft = [SpotDraft(code=f"table-{number}", kind="table", name="1")]
        answers = racing(*[partial(commands.make, "RIX", draft)] * 4)
        assert sorted(len(one) for one in answers) == [0, 0, 0, 1]


def test_tries_at_once_are_all_counted():
    answers = racing(*[lambda: commands.check_word("00000", "12345", "RIX", "198.51.100.7")] * 8)
    assert sorted(one.details["tries_left"] for one in answers if isinstance(one, WrongWord)) == list(range(2, 10))


def test_an_order_that_is_asked_about_at_once_gets_one_pass():
    for _ in range(ROUNDS):
        order_id, until = new_id(), in_future(hours=1)
        answers = racing(*[partial(commands.issue_pass, order_id, "RIX", 3, until, key=str(order_id))] * 4)
        assert len({one.pass_id for one in answers}) == 1
