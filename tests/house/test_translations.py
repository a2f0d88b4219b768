"""Every text is said in every language: whole, with the same gaps to fill, and in words of its own."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from samband.locale import HERE, TRANSLATED
from samband.locale.gathering import template

SAME: dict[str, set[str]] = {
    "is": {"SKU", "Sending", "Sent"},
    "pl": {"E-mail", "Menu", "SKU", "VAT"},
    "lv": {"SKU"},
    "el": {"E-mail", "SKU"},
}
"""Words that a language shares with English. Anything else that reads like English was forgotten."""

GAP = re.compile(r"%\((\w+)\)s")
LETTER = re.compile(r"[^\W\d_]")
COUNTED_TO = 1_100


@cache
def texts() -> Catalog:
    return template()


@cache
def catalogue(language: str) -> Catalog:
    with open(HERE / language / "LC_MESSAGES" / "django.po", "rb") as file:
        return read_po(file, locale=language)


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def english(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def faults(said: Catalog, language: str) -> list[str]:
    """Whatever is missing or wrong in a catalogue, each with its text; a good one has none."""
    wanted = {(one.context, english(one)): one for one in texts() if one.id}
    found = {(one.context, english(one)): one for one in said if one.id}
    told = [f"not gathered: {key[1][0]}" for key in wanted.keys() - found.keys()]
    told += [f"said nowhere any more: {key[1][0]}" for key in found.keys() - wanted.keys()]
    for key in wanted.keys() & found.keys():
        told += [f"{fault}: {key[1][0]} → {forms(found[key])}" for fault in _wrong(found[key], said, language)]
    return sorted(told)


def _wrong(message: Message, said: Catalog, language: str) -> Iterator[str]:
    source, strings = english(message), forms(message)
    if not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "only guessed"
    if len(strings) != (said.num_plurals if len(source) == 2 else 1):
        yield "wrong number of plural forms"
    gaps = {gap for text in source for gap in GAP.findall(text)}
    if any(set(GAP.findall(text)) != gaps for text in strings):
        yield "other gaps to fill"
    if any("%" in GAP.sub("", text.replace("%%", "")) for text in strings):
        yield "a gap is broken"
    if any(_edges(text) != _edges(source[0]) for text in strings):
        yield "begins or ends with other blanks"
    if _words(source[0]) and source[0] not in SAME[language] and set(strings) & set(source):
        yield "still English"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _words(text: str) -> bool:
    return bool(LETTER.search(GAP.sub("", text)))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_whole(language: str) -> None:
    assert faults(catalogue(language), language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_plural_forms_are_those_of_the_language(language: str) -> None:
    fresh = Catalog(locale=language)
    assert (catalogue(language).num_plurals, catalogue(language).plural_expr) == (fresh.num_plurals, fresh.plural_expr)


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_says_what_was_written(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    spoken = GNUTranslations(compiled)
    wrong = []
    for message in catalogue(language):
        heard = _heard(spoken, message) if message.id else set()
        if message.id and heard != set(forms(message)):
            wrong.append((english(message)[0], heard, forms(message)))
    assert wrong == []


def _heard(spoken: GNUTranslations, message: Message) -> set[str]:
    """What is said for a text; for one that counts, whatever is said from nothing to a great many."""
    match message.context, english(message):
        case None, (text,):
            return {spoken.gettext(text)}
        case None, (one, many):
            return {spoken.ngettext(one, many, count) for count in range(COUNTED_TO)}
        case context, (text,):
            return {spoken.pgettext(str(context), text)}
        case context, (one, many):
            return {spoken.npgettext(str(context), one, many, count) for count in range(COUNTED_TO)}
    return set()


def test_greek_is_written_in_greek_letters() -> None:
    latin = [
        (english(one)[0], form)
        for one in catalogue("el")
        for form in forms(one)
        if one.id and _words(form) and english(one)[0] not in SAME["el"] and not re.search(r"[\u0370-\u03ff]", form)
    ]
    assert latin == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_word_is_allowed_to_be_english_only_while_it_is(language: str) -> None:
    kept = {english(one)[0] for one in catalogue(language) if one.id and forms(one)[0] == english(one)[0]}
    assert SAME[language] - kept == set()


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "not translated"),
        ("Order %(number)s", "still English"),
        ("Zamówienie", "other gaps to fill"),
        ("Zamówienie %(numer)s", "other gaps to fill"),
        ("Zamówienie %(number)s %(number)", "a gap is broken"),
        ("Zamówienie %(number)s ", "begins or ends with other blanks"),
        (("Zamówienie %(number)s", "Zamówienia %(number)s"), "wrong number of plural forms"),
    ],
)
def test_a_planted_fault_is_found(written: str | tuple[str, ...], fault: str) -> None:
    planted = deepcopy(catalogue("pl"))
    message = planted.get("Order %(number)s")
    assert message is not None
    message.string = written
    assert [one.split(":")[0] for one in _fresh(planted)] == [fault]


def test_a_text_that_is_new_or_gone_is_found() -> None:
    planted = deepcopy(catalogue("pl"))
    planted.delete("Order %(number)s")
    planted.add("Nobody says this", "Nikt tego nie mówi")
    assert _fresh(planted) == ["not gathered: Order %(number)s", "said nowhere any more: Nobody says this"]


def _fresh(planted: Catalog) -> list[str]:
    """The faults that were not there before planting."""
    before = faults(catalogue("pl"), "pl")
    return [one for one in faults(planted, "pl") if one not in before]
