"""An audit that could not ask is not one that found nothing."""

import json
from pathlib import Path

import pytest

from tests.house.auditing import CLEAN, OPEN, UNASKED, of_node, of_python, say


def told(what: object):
    return lambda _command, _folder: what if isinstance(what, str) else json.dumps(what)


SOUND = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]}
HOLE = {"dependencies": [{"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]}
SKIPPED = {"dependencies": [{"name": "django", "skip_reason": "Dependency not found on PyPI and could not be audited"}]}


@pytest.mark.parametrize(
    ("answer", "ends"),
    [(SOUND, CLEAN), (HOLE, OPEN), (SKIPPED, UNASKED), ("", UNASKED), ("no json", UNASKED), ("[]", UNASKED)],
)
def test_what_pip_audit_says_is_taken_at_its_word(answer, ends, capsys) -> None:
    assert say([of_python("requirements/run.txt", told(answer))]) == ends
    assert ("could not be asked" in capsys.readouterr().out) == (ends == UNASKED)


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        ({"vulnerabilities": {}, "metadata": {"dependencies": {"total": 12}}}, CLEAN),
        ({"vulnerabilities": {"old": {"severity": "high", "range": "<2"}}, "metadata": {}}, OPEN),
        ({"message": "405 Method Not Allowed", "method": "POST"}, UNASKED),
        ("", UNASKED),
    ],
)
def test_what_npm_says_is_taken_at_its_word(answer, ends) -> None:
    assert say([of_node(run=told(answer))]) == ends


def test_one_hole_outweighs_whoever_could_not_be_asked(capsys) -> None:
    audits = [of_python("a", told(SKIPPED)), of_python("b", told(HOLE)), of_python("c", told(SOUND))]
    assert say(audits) == OPEN
    assert "old 1: PYSEC-1 (mended in 2)" in capsys.readouterr().out


def test_all_that_is_locked_is_looked_at() -> None:
    from tests.house import auditing

    root = Path(__file__).resolve().parents[2]
    assert {f"requirements/{one.name}" for one in (root / "requirements").glob("*.txt")} == set(auditing.LOCKED)
    found = [one for one in root.glob("tests/*/*/package-lock.json") if "node_modules" not in one.parts]
    locks = {str(one.parent.relative_to(root)) for one in found}
    assert locks == {auditing.NODE}
