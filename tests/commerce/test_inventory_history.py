"""History tells what moved, and never changes what can be promised."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.inventory import books, commands, queries
from samband.commerce.inventory.history import Past, write_history
from samband.commerce.inventory.refusals import UnknownLocation
from samband.kernel.goods import Line
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline

AT = datetime(2011, 3, 1, 12, tzinfo=UTC)


def past(sku: str, quantity: int, kind: str = "", reference: str = "1", **changes) -> Past:
    return Past(
        sku, quantity, kind or ("issue" if quantity < 0 else "receive"), reference, changes.pop("at", AT), **changes
    )


@pytest.fixture
def shelf(db) -> None:
    commands.save_location("LON", kind="warehouse", name="London", market="GB", country="GB", time_zone="Europe/London")
    commands.receive("LON", (Line("MUG", 5),), "opening")


@pytest.mark.usefixtures("shelf")
class TestHistory:
    def test_what_left_must_have_been_there(self):
        assert (
            write_history("LON", "elsewhere", [past("MUG", -80_995), past("CUP", -3), past("CUP", 1, reference="2")])
            == 3
        )
        assert {row.sku: row.on_hand for row in queries.levels("LON").rows} == {"MUG": 5, "CUP": 0}
        assert [(move.kind, move.quantity) for move in reversed(queries.ledger("CUP"))] == [
            ("import", 2),
            ("issue", -3),
            ("receive", 1),
        ]
        assert list(books.findings()) == []
        assert [entry.name for entry in timeline.of_subject("location:LON")] == ["inventory.StockReceived"]

    def test_what_came_back_and_stayed_is_not_in_our_hands(self):
        write_history("LON", "elsewhere", [past("MUG", 7), past("MUG", 2, "adjust", "2", reason="found")])
        assert [(move.kind, move.quantity, move.reason) for move in reversed(queries.ledger("MUG"))][1:] == [
            ("receive", 7, ""),
            ("adjust", 2, "found"),
            ("adjust", -9, "balance of history"),
        ]
        assert [row.on_hand for row in queries.levels("LON").rows] == [5]

    def test_twice_is_once_and_what_is_new_is_added(self):
        first, second = past("MUG", -1), past("MUG", -2, reference="2")
        assert write_history("LON", "elsewhere", [first]) == 1
        assert write_history("LON", "elsewhere", [first, second]) == 1
        assert write_history("LON", "elsewhere", [first, second]) == 0
        assert write_history("LON", "another", [first]) == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            past("MUG", 1, "issue"),
            past("MUG", -1, "receive"),
            past("MUG", 0, "adjust"),
            past("MUG", 1, "import"),
            past("", -1),
            past("MUG", -1, reference=""),
            past("MUG", -1, reason="x" * 201),
        ],
    )
    def test_what_cannot_have_been_is_refused_and_nothing_is_written(self, wrong):
        with pytest.raises(Invalid), transaction.atomic():
            write_history("LON", "elsewhere", [past("MUG", -1, reference="9"), wrong])
        assert len(queries.ledger("MUG")) == 1

    def test_only_at_a_location_that_is_known(self):
        with pytest.raises(UnknownLocation), transaction.atomic():
            write_history("XXX", "elsewhere", [past("MUG", -1)])


@pytest.mark.django_db
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-50, 50).filter(bool), st.integers(0, 9)), max_size=30))
def test_whatever_happened_no_level_changes_and_the_ledger_adds_up(happened):
    with transaction.atomic():
        commands.save_location(
            "LON", kind="warehouse", name="London", market="GB", country="GB", time_zone="Europe/London"
        )
        commands.receive("LON", (Line("A", 5),), "opening")
        moves = [
            past(sku, quantity, reference=str(nth), at=AT + timedelta(days=days))
            for nth, (sku, quantity, days) in enumerate(happened)
        ]
        assert write_history("LON", "elsewhere", moves) == len(moves)
        levels = Counter({row.sku: row.on_hand for row in queries.levels("LON").rows})
        assert levels == Counter({"A": 5})
        assert list(books.findings()) == []
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(sum(quantity), 0) from inventory_move where kind in ('issue', 'receive')")
            assert cursor.fetchone()[0] == sum(quantity for _, quantity, _ in happened) + 5
        transaction.set_rollback(True)
