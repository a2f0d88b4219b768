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


WANTED = {
    "slug": "have small letters, digits and single dashes, at most {most}",
    "length": "have {least} to {most} characters",
    "zone": "be a time zone, such as Atlantic/Reykjavik",
    "one_of": "be one of {words}",
    "some_of": "name some of {words}",
    "many_conditions": "have at most {most} conditions",
    "deep": "lie at most {most} deep",
    "one_condition": "be exactly one condition",
    "empty": "name at least one",
    "unknown_segment": "name a segment that there is",
    "circle": "not ask about {segment} itself, not even through others",
    "unknown_category": "name categories that there are; {category} is none",
    "comparison": "ask of {trait} one of {words}",
    "known_alone": "ask nothing else beside known",
    "no_currency": "be left out where no amount is asked for",
    "yes_or_no": "be true or false",
    "words": "be a list of words",
    "range": "be {least} to {most}",
    "day": "lie from {least} to {most}",
    "until": "not be before since",
    "window": "have a number of days, or since and until, not both",
    "ago": "be less than within_days",
    "at_most": "not be below at_least, which is 1 unless it is said",
    "bounds": "not be below at_least",
    "no_limit": "be at least 1 where there is no at_most",
    "never": "be at least 1 where total, first or last is asked",
    "when": "say when",
    "amount": "say at_least or at_most",
    "many": "name at most {most}",
    "word": "hold words of 1 to {most} characters",
    "twice": "name nothing twice",
    "sku": "hold SKUs",
}
"""What is wanted of a place, by its code, which `why` of the refusal tells along with the values."""


def must(holds: bool, place: str, why: str, **values: object) -> None:
    """Raise SegmentAbsurd, which says in words that what stands at a place must be as wanted, unless it is."""
    if not holds:
        wanted = WANTED[why].format(**values)
        raise SegmentAbsurd(f"{place} must {wanted}", place=place, must=wanted, why=why, **values)


def check(definition: Definition, known: Known) -> None:
    """Raise SegmentAbsurd unless it makes sense, such as "who.all[2].did.within_days must be 1 to 3650"."""
    must(
        bool(SLUG.fullmatch(definition.segment)) and len(definition.segment) <= LONGEST_SLUG,
        "segment",
        "slug",
        most=LONGEST_SLUG,
    )
    for language, name in definition.names.items():
        must(language in LANGUAGES, f"names.{language[:20]}", "one_of", words=", ".join(LANGUAGES))
        must(_is_word(name, LONGEST_NAME), f"names.{language}", "length", least=1, most=LONGEST_NAME)
    must(len(definition.about) <= 2000 and "\x00" not in definition.about, "about", "length", least=0, most=2000)
    must(definition.zone in zoneinfo.available_timezones(), "zone", "zone")
    _check_size(definition.who)
    for place, kind, value in walk(definition.who):
        _check(value, place, kind, known)
    _check_needs(definition, known)
    for category in sorted(categories(definition) - set(known.categories)):
        must(False, _place_of_category(definition, category), "unknown_category", category=category)


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
        must(count <= MOST_CONDITIONS, "who", "many_conditions", most=MOST_CONDITIONS)
        must(depth <= DEEPEST, place, "deep", most=DEEPEST)
        for kind, value in said(condition).items():
            if kind in GROUPS:
                inner = list(value) if isinstance(value, tuple) else []
                waiting.extend((one, f"{place}.{kind}[{nth}]", depth + 1) for nth, one in enumerate(inner))
    _check_one_kind(who, "who")


def _check_one_kind(condition: Condition, place: str) -> None:
    kinds = list(said(condition).items())
    must(len(kinds) == 1, place, "one_condition")
    for kind, value in kinds:
        if kind in GROUPS and isinstance(value, tuple):
            must(bool(value), f"{place}.{kind}", "empty")
            for nth, inner in enumerate(value):
                _check_one_kind(inner, f"{place}.{kind}[{nth}]")


def _check_needs(definition: Definition, known: Known) -> None:
    """The segments that it asks about are there, and none of them asks about it, not even through others."""
    for place, kind, value in walk(definition.who):
        if kind in ("in", "not_in"):
            must(value in known.segments, place, "unknown_segment")
    seen: set[str] = set()
    waiting = list(needs(definition))
    while waiting:
        one = waiting.pop()
        must(one != definition.segment, "who", "circle", segment=definition.segment)
        if one not in seen:
            seen.add(one)
            waiting.extend(known.segments.get(one, ()))


@singledispatch
def _check(value: object, place: str, kind: str, known: Known) -> None:
    if kind == "group":
        _check_words(value, place)
        must(bool(value), place, "empty")
    elif kind == "known_by":
        names = value if isinstance(value, tuple) else ()
        must(bool(names) and set(names) <= set(IDENTIFIERS), place, "some_of", words=", ".join(IDENTIFIERS))


@_check.register
def _trait(value: Trait, place: str, kind: str, known: Known) -> None:
    must(value.name in known.traits, f"{place}.name", "one_of", words=", ".join(sorted(known.traits)))
    sort = known.traits[value.name]
    asked = [name for name in COMPARISONS if getattr(value, name) is not None]
    written = ", ".join(sorted("is" if name == "value" else name for name in OF_KIND[sort]))
    must(bool(asked) and set(asked) <= OF_KIND[sort], place, "comparison", trait=value.name, words=written)
    must("known" not in asked or len(asked) == 1, place, "known_alone")
    must(sort == "money" or not value.currency, f"{place}.currency", "no_currency")
    if sort in ("count", "money"):
        _check_range(value.at_least, value.at_most, place, LARGEST_AMOUNT)
    if sort == "money" and asked != ["known"]:
        _check_currency(value.currency, place)
    if sort == "flag":
        must(isinstance(value.value, bool), f"{place}.is", "yes_or_no")
    if sort == "text" and asked != ["known"]:
        must(isinstance(value.value, tuple) and bool(value.value), f"{place}.is", "words")
        _check_words(value.value, f"{place}.is")
    _check_window(value.within_days, value.since, value.until, place, value.longer_ago_than_days)


def _check_currency(currency: str, place: str) -> None:
    must(currency in MINOR_DIGITS, f"{place}.currency", "one_of", words=", ".join(sorted(MINOR_DIGITS)))


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
    must(value.at_least > 0 or alone, f"{place}.at_least", "never")


def _check_event(value: Doing, place: str) -> None:
    must(_is_word(value.event, LONGEST_NAME, empty=True), f"{place}.event", "length", least=0, most=LONGEST_NAME)
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
    must(value.at_least > 0 or value.total is None, f"{place}.at_least", "never")


@_check.register
def _visited(value: Visited, place: str, kind: str, known: Known) -> None:
    must(bool(value.any_of), f"{place}.any_of", "empty")
    _check_words(value.any_of, f"{place}.any_of")
    _check_window(value.within_days, value.since, value.until, place)
    _check_times(value.at_least, value.at_most, place)


@_check.register
def _agreed(value: Agreed, place: str, kind: str, known: Known) -> None:
    must(value.purpose in known.purposes, f"{place}.purpose", "one_of", words=", ".join(known.purposes))
    must(value.answer in ANSWERS, f"{place}.is", "one_of", words=", ".join(ANSWERS))


def _check_when(when: When, place: str) -> None:
    must(when != When(), place, "when")
    _check_window(when.within_days, when.since, when.until, place, when.longer_ago_than_days)


def _check_window(
    days: int | None, since: date | None, until: date | None, place: str, longer_ago: int | None = None
) -> None:
    for name, number in (("within_days", days), ("longer_ago_than_days", longer_ago)):
        must(number is None or 1 <= number <= MOST_DAYS, f"{place}.{name}", "range", least=1, most=MOST_DAYS)
    for name, day in (("since", since), ("until", until)):
        must(
            day is None or FIRST_DAY <= day <= LAST_DAY,
            f"{place}.{name}",
            "day",
            least=str(FIRST_DAY),
            most=str(LAST_DAY),
        )
    must(since is None or until is None or since <= until, f"{place}.until", "until")
    dates = since is not None or until is not None
    must(not (days is not None and dates), place, "window")
    must(not (longer_ago is not None and dates), place, "window")
    must(
        days is None or longer_ago is None or longer_ago < days,
        f"{place}.longer_ago_than_days",
        "ago",
    )


def _check_times(least: int, most: int | None, place: str) -> None:
    must(0 <= least <= MOST_TIMES, f"{place}.at_least", "range", least=0, most=MOST_TIMES)
    must(most is None or 0 <= most <= MOST_TIMES, f"{place}.at_most", "range", least=0, most=MOST_TIMES)
    must(most is None or least <= most, f"{place}.at_most", "at_most")
    must(least > 0 or most is not None, f"{place}.at_least", "no_limit")


def _check_range(least: int | None, most: int | None, place: str, largest: int) -> None:
    for name, number in (("at_least", least), ("at_most", most)):
        must(number is None or -largest <= number <= largest, f"{place}.{name}", "range", least=-largest, most=largest)
    must(least is None or most is None or least <= most, f"{place}.at_most", "bounds")


def _check_amount(amount: Amount, place: str) -> None:
    _check_currency(amount.currency, place)
    must(amount.at_least is not None or amount.at_most is not None, place, "amount")
    _check_range(amount.at_least, amount.at_most, place, LARGEST_AMOUNT)


def _check_words(words: object, place: str) -> None:
    found = list(words) if isinstance(words, tuple) else []
    must(len(found) <= MOST_NAMED, place, "many", most=MOST_NAMED)
    must(all(_is_word(one, LONGEST_WORD) for one in found), place, "word", most=LONGEST_WORD)
    must(len(set(found)) == len(found), place, "twice")


def _check_skus(skus: tuple[str, ...], place: str) -> None:
    _check_words(skus, place)
    must(all(SKU.fullmatch(sku) for sku in skus), place, "sku")


def _is_word(text: str, longest: int, *, empty: bool = False) -> bool:
    return (empty or bool(text.strip())) and text == text.strip() and len(text) <= longest and text.isprintable()
