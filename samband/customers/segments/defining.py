"""Whether a segment makes sense. One that contradicts itself, or asks for what is not there, is refused by place."""

import re
import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from samband.kernel.goods import SKU
from samband.kernel.identifier import KINDS as IDENTIFIERS
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import MINOR_DIGITS

from .definitions import (
    GROUPS,
    Agreed,
    Amount,
    Bought,
    Condition,
    Definition,
    Did,
    Doing,
    Trait,
    Visited,
    When,
    categories,
    needs,
    said,
    walk,
)
from .refusals import SegmentAbsurd

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG, LONGEST_NAME, LONGEST_WORD = 60, 200, 100
MOST_DAYS, MOST_TIMES, LARGEST_AMOUNT = 3650, 1_000_000, 10**15
MOST_NAMED, MOST_CONDITIONS, DEEPEST = 1000, 200, 8
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
ANSWERS = ("granted", "refused", "unknown")
COMPARISONS = ("at_least", "at_most", "value", "within_days", "longer_ago_than_days", "since", "until", "known")
OF_KIND = {
    "count": {"at_least", "at_most", "known"},
    "money": {"at_least", "at_most", "known"},
    "text": {"value", "known"},
    "flag": {"value"},
    "moment": {"within_days", "longer_ago_than_days", "since", "until", "known"},
}
"""What each kind of trait may be asked about."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a segment may speak of: traits with their kinds, purposes, and what each other segment asks about."""

    traits: Mapping[str, str]
    purposes: Collection[str]
    segments: Mapping[str, Collection[str]]
    categories: Collection[str]


def must(holds: bool, place: str, wanted: str) -> None:
    """Raise SegmentAbsurd, which says in words that what stands at a place must be as wanted, unless it is."""
    if not holds:
        raise SegmentAbsurd(f"{place} must {wanted}", place=place, must=wanted)


def check(definition: Definition, known: Known) -> None:
    """Raise SegmentAbsurd unless it makes sense, such as "who.all[2].did.within_days must be 1 to 3650"."""
    must(
        bool(SLUG.fullmatch(definition.segment)) and len(definition.segment) <= LONGEST_SLUG,
        "segment",
        f"have small letters, digits and single dashes, at most {LONGEST_SLUG}",
    )
    for language, name in definition.names.items():
        must(language in LANGUAGES, f"names.{language[:20]}", f"be one of {', '.join(LANGUAGES)}")
        must(_is_word(name, LONGEST_NAME), f"names.{language}", f"have 1 to {LONGEST_NAME} characters")
    must(len(definition.about) <= 2000 and "\x00" not in definition.about, "about", "have at most 2000 characters")
    must(definition.zone in zoneinfo.available_timezones(), "zone", "be a time zone, such as Atlantic/Reykjavik")
    _check_size(definition.who)
    for place, kind, value in walk(definition.who):
        _check(value, place, kind, known)
    _check_needs(definition, known)
    for category in sorted(categories(definition) - set(known.categories)):
        must(False, _place_of_category(definition, category), f"name categories that there are; {category} is none")


def _place_of_category(definition: Definition, category: str) -> str:
    for place, _, value in walk(definition.who):
        if isinstance(value, Doing | Bought) and category in value.category:
            return f"{place}.category"
        if isinstance(value, Trait) and isinstance(value.value, tuple) and category in value.value:
            return f"{place}.is"
    return "who"


def _check_size(who: Condition) -> None:
    waiting, count = [(who, "who", 1)], 0
    while waiting:
        condition, place, depth = waiting.pop()
        count += 1
        must(count <= MOST_CONDITIONS, "who", f"have at most {MOST_CONDITIONS} conditions")
        must(depth <= DEEPEST, place, f"lie at most {DEEPEST} deep")
        for kind, value in said(condition).items():
            if kind in GROUPS:
                inner = list(value) if isinstance(value, tuple) else []
                waiting.extend((one, f"{place}.{kind}[{nth}]", depth + 1) for nth, one in enumerate(inner))
    _check_one_kind(who, "who")


def _check_one_kind(condition: Condition, place: str) -> None:
    kinds = list(said(condition).items())
    must(len(kinds) == 1, place, "be exactly one condition")
    for kind, value in kinds:
        if kind in GROUPS and isinstance(value, tuple):
            must(bool(value), f"{place}.{kind}", "name at least one condition")
            for nth, inner in enumerate(value):
                _check_one_kind(inner, f"{place}.{kind}[{nth}]")


def _check_needs(definition: Definition, known: Known) -> None:
    """The segments that it asks about are there, and none of them asks about it, not even through others."""
    for place, kind, value in walk(definition.who):
        if kind in ("in", "not_in"):
            must(value in known.segments, place, "name a segment that there is")
    seen: set[str] = set()
    waiting = list(needs(definition))
    while waiting:
        one = waiting.pop()
        must(one != definition.segment, "who", f"not ask about {definition.segment} itself, not even through others")
        if one not in seen:
            seen.add(one)
            waiting.extend(known.segments.get(one, ()))


@singledispatch
def _check(value: object, place: str, kind: str, known: Known) -> None:
    if kind == "group":
        _check_words(value, place)
        must(bool(value), place, "name at least one group")
    elif kind == "known_by":
        names = value if isinstance(value, tuple) else ()
        must(bool(names) and set(names) <= set(IDENTIFIERS), place, f"name some of {', '.join(IDENTIFIERS)}")


@_check.register
def _trait(value: Trait, place: str, kind: str, known: Known) -> None:
    must(value.name in known.traits, f"{place}.name", f"be one of {', '.join(sorted(known.traits))}")
    sort = known.traits[value.name]
    asked = [name for name in COMPARISONS if getattr(value, name) is not None]
    written = ", ".join(sorted("is" if name == "value" else name for name in OF_KIND[sort]))
    must(bool(asked) and set(asked) <= OF_KIND[sort], place, f"ask of {value.name} one of {written}")
    must("known" not in asked or len(asked) == 1, place, "ask nothing else beside known")
    must(bool(value.currency) == (sort == "money" and asked != ["known"]), f"{place}.currency", _currency_wanted(sort))
    if sort in ("count", "money"):
        _check_range(value.at_least, value.at_most, place, LARGEST_AMOUNT)
        must(not value.currency or value.currency in MINOR_DIGITS, f"{place}.currency", _CURRENCIES)
    if sort == "flag":
        must(isinstance(value.value, bool), f"{place}.is", "be true or false")
    if sort == "text" and asked != ["known"]:
        must(isinstance(value.value, tuple) and bool(value.value), f"{place}.is", "be a list of words")
        _check_words(value.value, f"{place}.is")
    _check_window(value.within_days, value.since, value.until, place, value.longer_ago_than_days)


_CURRENCIES = f"be one of {', '.join(sorted(MINOR_DIGITS))}"


def _currency_wanted(sort: str) -> str:
    return _CURRENCIES if sort == "money" else "be left out where no amount is asked for"


@_check.register
def _doing(value: Doing, place: str, kind: str, known: Known) -> None:
    _check_event(value, place)
    _check_window(value.within_days, value.since, value.until, place)


@_check.register
def _did(value: Did, place: str, kind: str, known: Known) -> None:
    _check_event(value, place)
    _check_window(value.within_days, value.since, value.until, place)
    _check_times(value.at_least, value.at_most, place)
    for name, when in (("first", value.first), ("last", value.last)):
        if when is not None:
            _check_when(when, f"{place}.{name}")
    if value.total is not None:
        _check_amount(value.total, f"{place}.total")
    alone = value.total is None and value.first is None and value.last is None
    must(value.at_least > 0 or alone, f"{place}.at_least", "be at least 1 where total, first or last is asked")


def _check_event(value: Doing, place: str) -> None:
    must(_is_word(value.event, LONGEST_NAME, empty=True), f"{place}.event", f"have at most {LONGEST_NAME} characters")
    for name in ("channel", "place", "category"):
        _check_words(getattr(value, name), f"{place}.{name}")
    _check_skus(value.sku, f"{place}.sku")
    if value.worth is not None:
        _check_amount(value.worth, f"{place}.worth")


@_check.register
def _bought(value: Bought, place: str, kind: str, known: Known) -> None:
    _check_window(value.within_days, value.since, value.until, place)
    _check_times(value.at_least, value.at_most, place)
    _check_skus(value.sku, f"{place}.sku")
    for name in ("category", "channel", "place"):
        _check_words(getattr(value, name), f"{place}.{name}")
    if value.total is not None:
        _check_amount(value.total, f"{place}.total")
    must(value.at_least > 0 or value.total is None, f"{place}.at_least", "be at least 1 where total is asked")


@_check.register
def _visited(value: Visited, place: str, kind: str, known: Known) -> None:
    must(bool(value.any_of), f"{place}.any_of", "name at least one place")
    _check_words(value.any_of, f"{place}.any_of")
    _check_window(value.within_days, value.since, value.until, place)
    _check_times(value.at_least, value.at_most, place)


@_check.register
def _agreed(value: Agreed, place: str, kind: str, known: Known) -> None:
    must(value.purpose in known.purposes, f"{place}.purpose", f"be one of {', '.join(known.purposes)}")
    must(value.answer in ANSWERS, f"{place}.is", f"be one of {', '.join(ANSWERS)}")


def _check_when(when: When, place: str) -> None:
    must(when != When(), place, "say when")
    _check_window(when.within_days, when.since, when.until, place, when.longer_ago_than_days)


def _check_window(
    days: int | None, since: date | None, until: date | None, place: str, longer_ago: int | None = None
) -> None:
    for name, number in (("within_days", days), ("longer_ago_than_days", longer_ago)):
        must(number is None or 1 <= number <= MOST_DAYS, f"{place}.{name}", f"be 1 to {MOST_DAYS}")
    for name, day in (("since", since), ("until", until)):
        must(day is None or FIRST_DAY <= day <= LAST_DAY, f"{place}.{name}", f"lie from {FIRST_DAY} to {LAST_DAY}")
    must(since is None or until is None or since <= until, f"{place}.until", "not be before since")
    dates = since is not None or until is not None
    must(not (days is not None and dates), place, "have within_days, or since and until, not both")
    must(not (longer_ago is not None and dates), place, "have longer_ago_than_days, or since and until, not both")
    must(
        days is None or longer_ago is None or longer_ago < days,
        f"{place}.longer_ago_than_days",
        "be less than within_days",
    )


def _check_times(least: int, most: int | None, place: str) -> None:
    must(0 <= least <= MOST_TIMES, f"{place}.at_least", f"be 0 to {MOST_TIMES}")
    must(most is None or 0 <= most <= MOST_TIMES, f"{place}.at_most", f"be 0 to {MOST_TIMES}")
    must(most is None or least <= most, f"{place}.at_most", "not be below at_least, which is 1 unless it is said")
    must(least > 0 or most is not None, f"{place}.at_least", "be at least 1 where there is no at_most")


def _check_range(least: int | None, most: int | None, place: str, largest: int) -> None:
    for name, number in (("at_least", least), ("at_most", most)):
        must(number is None or -largest <= number <= largest, f"{place}.{name}", f"be at most {largest}")
    must(least is None or most is None or least <= most, f"{place}.at_most", "not be below at_least")


def _check_amount(amount: Amount, place: str) -> None:
    must(amount.currency in MINOR_DIGITS, f"{place}.currency", _CURRENCIES)
    must(amount.at_least is not None or amount.at_most is not None, place, "say at_least or at_most")
    _check_range(amount.at_least, amount.at_most, place, LARGEST_AMOUNT)


def _check_words(words: object, place: str) -> None:
    found = list(words) if isinstance(words, tuple) else []
    must(len(found) <= MOST_NAMED, place, f"name at most {MOST_NAMED}")
    must(all(_is_word(one, LONGEST_WORD) for one in found), place, f"hold words of 1 to {LONGEST_WORD} characters")
    must(len(set(found)) == len(found), place, "name nothing twice")


def _check_skus(skus: tuple[str, ...], place: str) -> None:
    _check_words(skus, place)
    must(all(SKU.fullmatch(sku) for sku in skus), place, "hold SKUs")


def _is_word(text: str, longest: int, *, empty: bool = False) -> bool:
    return (empty or bool(text.strip())) and text == text.strip() and len(text) <= longest and text.isprintable()
