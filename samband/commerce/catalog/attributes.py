"""Typed attributes: what may be said of a product, checked, and how it reads."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from samband.kernel.languages import DEFAULT, LANGUAGES, pick

from .refusals import BadAttribute, BadCode, BadText, WrongValue

Kind = Literal["number", "choice", "text", "flag"]
Texts = Mapping[str, str]
Value = Any
"""A finite number, a choice code or a tuple of them, a text or one a language, or True/False."""

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
HEX = re.compile(r"#[0-9a-f]{6}")
LARGEST_NUMBER = 1e12
LONGEST_VALUE = 500
MOST_VALUES = 20
COLOUR_KEY = "hex"
KEPT_CODES = ("price",)
"""Filters of a search that are not attributes."""


@dataclass(frozen=True, slots=True)
class Definition:
    """An attribute. `choices` holds, by code, a label a language and, for a colour, `hex`."""

    code: str
    kind: Kind
    names: Texts
    unit: str = ""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facet: bool = False
    position: int = 0


def check_definition(definition: Definition) -> None:
    """Raises BadCode, BadText or BadAttribute."""
    if not CODE.fullmatch(definition.code) or definition.code in KEPT_CODES:
        raise BadCode(code=definition.code[:64])
    if definition.kind not in ("number", "choice", "text", "flag"):
        raise BadAttribute("An attribute is a number, a choice, a text or a flag.", attribute=definition.code)
    check_texts(definition.names, 100, needed=True)
    if definition.unit and (
        definition.kind != "number" or len(definition.unit) > 16 or not definition.unit.isprintable()
    ):
        raise BadAttribute("Only a number has a unit, of at most 16 letters.", attribute=definition.code)
    if bool(definition.choices) != (definition.kind == "choice"):
        raise BadAttribute("A choice has choices, and nothing else has.", attribute=definition.code)
    if definition.facet and definition.kind == "text":
        raise BadAttribute("A free text cannot be filtered by; a choice can.", attribute=definition.code)
    for code, labels in definition.choices.items():
        if not CODE.fullmatch(code):
            raise BadCode(attribute=definition.code, code=code[:64])
        colour = labels.get(COLOUR_KEY)
        if colour is not None and not HEX.fullmatch(colour):
            raise BadAttribute("A colour reads like #8a8d91.", attribute=definition.code, code=code)
        check_texts({key: text for key, text in labels.items() if key != COLOUR_KEY}, 100, needed=True)


def check_texts(texts: Texts, longest: int, *, needed: bool = False) -> None:
    """Raises BadText unless these are texts in our languages, at least one of them if needed."""
    if not isinstance(texts, Mapping):
        raise BadText("Texts are given by language.")
    for language, text in texts.items():
        if language not in LANGUAGES:
            raise BadText("We do not speak that language.", language=str(language)[:8])
        if not isinstance(text, str) or len(text) > longest or "\x00" in text:
            raise BadText(f"A text has at most {longest} characters.", language=language)
    if needed and not any(text.strip() for text in texts.values()):
        raise BadText("A name is needed in at least one language.")


def check_values(values: Mapping[str, Value], definitions: Mapping[str, Definition]) -> dict[str, Value]:
    """The values as they are kept. Raises WrongValue naming the attribute that does not fit."""
    if not isinstance(values, Mapping):
        raise WrongValue("Attributes are given by code.")
    return {code: _checked(code, value, definitions) for code, value in values.items()}


def _checked(code: str, value: Value, definitions: Mapping[str, Definition]) -> Value:
    definition = definitions.get(code)
    if definition is None:
        raise WrongValue("There is no such attribute.", attribute=str(code)[:64])
    match definition.kind:
        case "number":
            good = isinstance(value, int | float) and not isinstance(value, bool)
            if not good or not isfinite(value) or abs(value) > LARGEST_NUMBER:
                raise WrongValue("That is not a number.", attribute=code)
            return value
        case "flag":
            if not isinstance(value, bool):
                raise WrongValue("A flag is true or false.", attribute=code)
            return value
        case "choice":
            return _checked_choice(definition, value)
        case "text":
            texts = {DEFAULT: value} if isinstance(value, str) else value
            try:
                check_texts(texts, LONGEST_VALUE, needed=True)
            except BadText as refusal:
                raise WrongValue(refusal.message, attribute=code) from refusal
            return value if isinstance(value, str) else dict(value)


def _checked_choice(definition: Definition, value: Value) -> str | list[str]:
    codes = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    if not 1 <= len(codes) <= MOST_VALUES or any(code not in definition.choices for code in codes):
        raise WrongValue("That is not one of the choices.", attribute=definition.code)
    return value if isinstance(value, str) else codes


def chosen(value: Value) -> tuple[str, ...]:
    """The codes of a choice, which may be one or several."""
    return (value,) if isinstance(value, str) else tuple(value)


def value_labels(definition: Definition, value: Value) -> dict[str, str]:
    """The words for a choice or a text in each language; none for numbers and flags, which each page writes itself."""
    if definition.kind == "choice":
        return {
            language: ", ".join(pick(definition.choices.get(code, {DEFAULT: code}), language) for code in chosen(value))
            for language in LANGUAGES
        }
    if definition.kind == "text":
        return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else dict(value)
    return {}


def variant_labels(values: Mapping[str, Value], definitions: Mapping[str, Definition]) -> dict[str, str]:
    """What tells a variant from its siblings, in each language: "Grey, 2 l"."""
    told = [
        (definition, values[definition.code])
        for definition in in_order(definitions.values())
        if definition.code in values
    ]
    labels = {
        language: ", ".join(filter(None, (_in_words(definition, value, language) for definition, value in told)))
        for language in LANGUAGES
    }
    return labels if any(labels.values()) else {}


def _in_words(definition: Definition, value: Value, language: str) -> str:
    match definition.kind:
        case "number":
            return f"{number_in(value, language)} {definition.unit}".strip()
        case "flag":
            return pick(definition.names, language) if value else ""
        case _:
            return pick(value_labels(definition, value), language)


def number_in(value: float, language: str) -> str:
    """A number as this language writes it."""
    from babel.numbers import format_decimal

    return format_decimal(value, format="#,##0.###", locale=language)


def swatch(values: Mapping[str, Value], definitions: Mapping[str, Definition]) -> str:
    """The colour (#rrggbb) that these values show, or nothing."""
    for definition in in_order(definitions.values()):
        if definition.kind == "choice" and definition.code in values:
            for code in chosen(values[definition.code]):
                if colour := definition.choices.get(code, {}).get(COLOUR_KEY):
                    return colour
    return ""


def in_order(definitions: Iterable[Definition]) -> list[Definition]:
    """As the merchant ordered them."""
    return sorted(definitions, key=lambda definition: (definition.position, definition.code))
