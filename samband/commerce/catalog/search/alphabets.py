"""In which order each language sorts names (Unicode CLDR, collation of is, pl, lv and el)."""

import unicodedata
from functools import cache

from .folding import fold

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"

ALPHABETS: dict[str, str] = {
    "en": _LATIN + _GREEK,
    "is": "aábcdðeéfghiíjklmnoópqrstuúvwxyýzþæö" + _GREEK,
    "pl": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż" + _GREEK,
    "lv": "abcčdefgģhiyjkķlļmnņopqrsštuvwxzž" + _GREEK,
    "el": _GREEK + _LATIN,
}

_FIRST_LETTER = 0x3B


@cache
def _places(language: str) -> dict[str, str]:
    return {letter: chr(_FIRST_LETTER + place) for place, letter in enumerate(ALPHABETS[language])}


def sort_key(text: str, language: str) -> str:
    """A key whose plain order is the language's order: spaces first, then digits, then letters; accents decide ties."""
    places = _places(language)
    lowered = unicodedata.normalize("NFC", text.casefold()).strip()
    return "".join(_key_of(letter, places) for letter in lowered) + "\x01" + lowered


def _key_of(letter: str, places: dict[str, str]) -> str:
    if place := places.get(letter):
        return place
    if letter.isascii():
        return letter if letter.isdigit() else " "
    base = unicodedata.normalize("NFD", letter)[0]
    if place := places.get(base):
        return place
    return "".join(places.get(plain, "") for plain in fold(letter))
