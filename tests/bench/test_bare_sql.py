"""The script for pgbench says what was said, with what was drawn drawn anew."""

from datetime import timedelta
from uuid import UUID

import pytest

from samband.bench.bare_sql import CannotSay, script
from samband.bench.tracing import Said
from samband.kernel.clock import now
from samband.kernel.ids import new_id

GOODS = [("B000001", "B000002"), ("B000051", "B000052")]


def written(first: list[Said], second: list[Said]) -> list[str]:
    made = script(first, second, GOODS, 100)
    text = made.text
    for name, value in sorted(made.constants.items(), key=lambda one: -len(one[0])):
        text = text.replace(f":{name}", f"«{value}»")
    return [line for line in text.splitlines() if not line.startswith("\\set")]


def one_statement(statement: str, first: object, second: object) -> str:
    (line,) = written([Said(statement, (first,), None)], [Said(statement, (second,), None)])
    return line


def test_transactions_begin_and_end_where_they_did():
    said = [Said("a", (), 0), Said("b", (), 0), Said("c", (), None), Said("d", (), 1), Said("e", (), 2)]
    lines = written(said, said)
    assert lines == ["begin;", "a;", "b;", "commit;", "c;", "begin;", "d;", "commit;", "begin;", "e;", "commit;"]
    made = script(said, said, GOODS, 100)
    assert (made.statements, made.transactions) == (5, 4)


def test_what_is_equal_in_both_is_a_constant_of_its_type():
    fixed = UUID(int=7)
    assert one_statement("x %s", 5, 5) == "x «5»::bigint;"
    assert one_statement("x %s", True, True) == "x «true»::boolean;"
    assert one_statement("x %s", "it's", "it's") == "x «it's»;"
    assert one_statement("x %s", "", "") == "x '';"
    assert one_statement("x %s", None, None) == "x null;"
    assert one_statement("x %s", fixed, fixed) == f"x «{fixed}»::uuid;"
    assert one_statement("x %s like 'a%%'", ["a", 'b"'], ["a", 'b"']) == """x «{"a","b\\""}»::text[] like 'a%';"""
    assert one_statement("x %s", [None], [None]) == "x «{NULL}»;"


def test_an_id_is_drawn_once_and_the_same_wherever_it_stands():
    mine, theirs = new_id(), new_id()
    lines = written(
        [Said("x %(id)s", {"id": mine}, None), Said("y %s", (f'{{"about":"order:{mine}"}}',), None)],
        [Said("x %(id)s", {"id": theirs}, None), Said("y %s", (f'{{"about":"order:{theirs}"}}',), None)],
    )
    drawn = lines[0].removeprefix("x ").removesuffix(";")
    assert drawn.startswith("rpad(to_hex(:u::bigint")
    assert lines[1] == f"""y («{{"about":"order:»::text || {drawn}::text || «"}}»::text);"""


def test_goods_are_drawn_from_their_own_share_of_the_assortment():
    made = script(*([Said("x %s", (list(one),), None)] for one in zip(*GOODS, strict=True)), GOODS, 100)
    assert r"\set s0 random(1, 50)" in made.text
    assert r"\set s1 random(51, 100)" in made.text
    assert "array[('B' || lpad(:s0::text, 6, '0')), ('B' || lpad(:s1::text, 6, '0'))]::text[]" in made.text.replace(
        "(('B'", "('B'"
    ).replace("'0')))", "'0'))").replace("'0')),", "'0')),")


def test_a_number_that_somebody_drew_keeps_its_beginning():
    assert "«ch_»::text || to_hex(:r::bigint" in one_statement("x %s", "ch_abcdef", "ch_uvwxyz")


def test_a_moment_stays_as_far_away():
    assert one_statement("x %s", now(), now()) == "x now();"
    later = now() + timedelta(minutes=20)
    assert one_statement("x %s", later, later) == "x (now() + «1200 s»::interval);"


def test_what_no_script_can_follow_is_refused():
    with pytest.raises(CannotSay):
        script([Said("a", (), None)], [Said("b", (), None)], GOODS, 100)
    with pytest.raises(CannotSay):
        one_statement("x :name %s", 1, 1)
    with pytest.raises(CannotSay):
        one_statement("x %s", {1}, {2})
