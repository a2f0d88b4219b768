"""What docs/security says of where something is met: the file is there, each number once, and the sum right."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/security/asvs.md", "docs/security/doors.md", "SECURITY.md")
NAMED = re.compile(r"`((?:[\w.*-]+/)+[\w.*-]+\.(?:py|md|txt)|(?:samband|tests|docs)/[\w/]+)`")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| (.*) \|$", re.MULTILINE)
STATES = {"met", "in part", "not met", "the house's", "not applicable"}


def asvs() -> list[tuple[str, str, str, str]]:
    return ROW.findall((ROOT / PAGES[0]).read_text())


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = re.findall(
        r"`((?:[\w.*-]+/)+[\w.*-]+\.(?:py|md|txt)|(?:samband|tests|docs)/[\w/]+)`", (ROOT / page).read_text()
    )
    assert named
    places = (ROOT, ROOT / "samband")
    assert [one for one in named if not any(list(place.glob(one)) for place in places)] == []


def test_each_number_stands_there_once_in_its_chapter_and_is_one_of_the_states() -> None:
    numbers = [tuple(map(int, number.split("."))) for number, *_ in asvs()]
    assert len(set(numbers)) == len(numbers)
    assert numbers == sorted(numbers)
    assert {number[0] for number in numbers} == set(range(1, 15))
    assert {state.strip() for _, _, state, _ in asvs()} <= STATES


def test_what_is_not_met_says_why() -> None:
    assert [number for number, _, state, why in asvs() if state.strip() != "met" and not why.strip()] == []


def test_the_sum_at_the_head_is_right() -> None:
    counted = Counter(state.strip() for _, _, state, _ in asvs())
    head = re.search(r"^Of (\d+): (.*)\.$", (ROOT / PAGES[0]).read_text(), re.MULTILINE)
    assert head
    assert int(head[1]) == sum(counted.values())
    told = {words.partition(" ")[2]: int(words.partition(" ")[0]) for words in head[2].split(", ")}
    assert told == dict(counted)


def test_tests_that_are_named_are_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / PAGES[0]).read_text()))
    assert named
    written = "".join(one.read_text() for one in (ROOT / "tests" / "doors").glob("*.py"))
    assert {one for one in named if f"def {one}" not in written} == set()
