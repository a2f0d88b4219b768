"""Made-up people for measuring speed: names as unevenly spread as real ones, and one in twenty there twice."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from samband.customers.identity.proposing.records import Record

TWICE = 0.05
_FIRST = ("an", "el", "jo", "ka", "ma", "ni", "pe", "ri", "sa", "to", "vi", "ed", "gu", "he", "is", "la", "mi", "ol")
_LAST = ("na", "ra", "n", "s", "la", "ria", "mar", "din", "ka", "ja", "dur", "lis", "ta", "vin", "bert", "mund")
_ENDS = ("son", "sen", "ov", "ski", "is", "ou", "berg", "mann", "ton", "ley", "aki", "ins", "ite", "as", "ard", "elli")


def strangers(people: int, seed: int = 1) -> Iterator[Record]:
    """So many people, each a customer of their own; of some a second customer whose record has slips in it."""
    dice = random.Random(seed)
    given = _uneven([first + last for first in _FIRST for last in _LAST])
    family = _uneven([one + two + end for one in _FIRST for two in _LAST for end in _ENDS])
    streets = [f"{one}{two} street".title() for one in _FIRST for two in _LAST]
    number = 0
    for _ in range(people):
        record = _person(number, dice, given, family, streets)
        yield record
        number += 1
        if dice.random() < TWICE:
            yield _slipped(replace(record, number=number, group=str(number)), dice)
            number += 1


_Uneven = tuple[Sequence[str], Sequence[float]]


def _uneven(names: Sequence[str]) -> _Uneven:
    """The nth name is borne by one part in n: Zipf's law, which names follow."""
    return names, list(accumulate(1 / (nth + 5) for nth in range(len(names))))


def _person(number: int, dice: random.Random, given: _Uneven, family: _Uneven, streets: Sequence[str]) -> Record:
    one = dice.choices(given[0], cum_weights=given[1])[0]
    other = dice.choices(family[0], cum_weights=family[1])[0]
    postcode = dice.randrange(100, 1000)
    return Record(
        number,
        str(number),
        given=one,
        surname=other,
        email=f"{one}.{other}{dice.randrange(100_000)}@example.com" if dice.random() < 0.9 else "",
        phone=f"+3546{dice.randrange(10**6):06d}" if dice.random() < 0.5 else "",
        born=f"{dice.randrange(1940, 2006)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}"
        if dice.random() < 0.3
        else "",
        line1=f"{dice.choice(streets)} {dice.randrange(1, 150)}",
        postcode=str(postcode),
        city=f"city {postcode // 10}",
    )


def _slipped(record: Record, dice: random.Random) -> Record:
    """The same person, who wrote another mail and made a slip or two."""
    changes: dict[str, Any] = {"email": f"{record.given}{dice.randrange(10_000)}@example.org"}
    for name in dice.sample(("given", "surname", "phone", "born", "line1"), 2):
        text = getattr(record, name)
        if len(text) > 3:
            at = dice.randrange(1, len(text) - 1)
            changes[name] = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return replace(record, **changes)
