"""How words are compared: without accents, case or endings, and Greek as it is typed in Latin letters."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ð": "d", "đ": "d", "þ": "th", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")
_FLEETING = re.compile(r"(?<=[b-df-hj-np-tv-z])e([b-df-hj-np-tv-z])$")

SHORTEST_STEM = 3


def fold(text: str) -> str:
    """The text without accents and case; what the reader's keyboard lacks is written as it would type it.

    Folding twice is folding once, and folding a text whose accents were left out gives the same.
    """
    if text.isascii():
        return text.lower()
    bare = _bare(text).replace("ου", "ou").translate(_LETTERS)
    return bare.lower() if bare.isascii() else _bare(bare)


def _bare(text: str) -> str:
    """In small letters without marks. Decomposing can bring out capitals, and lowering marks: until neither does."""
    for _ in range(4):
        opened = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(letter for letter in opened if not unicodedata.combining(letter))
        if plain == text:
            break
        text = plain
    return text


def words(text: str) -> list[str]:
    """The folded words in their order."""
    return _WORD.findall(fold(text))


def code(text: str) -> str:
    """A SKU or GTIN as it is compared: no dashes or spaces, no leading zeros of a GTIN."""
    bare = "".join(words(text))
    return bare.lstrip("0") or bare if bare.isdigit() else bare


def _longest_first(endings: str) -> tuple[str, ...]:
    return tuple(sorted(endings.split(), key=lambda ending: (-len(ending), ending)))


ENDINGS: dict[str, tuple[str, ...]] = {
    "en": _longest_first("ings ing ies es ed e y s"),
    "is": _longest_first(
        "arnir irnir urnar arnar anna unum inum inni anum num ana una ina ins ans arins inn ann in an id ar ir ur um"
        " a i u s r"
    ),
    "pl": _longest_first(
        "ami ach owi owie ego emu ymi imi ych ich om ow em ie ia iu ej ym im iem iami iach a e i o u y"
    ),
    "lv": _longest_first(
        "ajam ajiem ajai iem jiem am em im os as es is us ai ei ie ji ja ju jus jos jam jas um a e i o u s"
    ),
    "el": _longest_first(
        "edes edon ades adon oudes oudon ous ou on oi ai os as es is eis eon ia io iou ion ies ioy a e i o y"
    ),
}
"""Endings of nouns and adjectives, folded: what a plural or a case adds."""


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """A folded word without its ending, so that singular, plural and cases meet; never fewer than three letters."""
    if len(word) <= SHORTEST_STEM or not word.isalpha():
        return word
    if not (language == "en" and word.endswith("ss")):
        for ending in ENDINGS[language]:
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
                word = word[: -len(ending)]
                break
    if language == "pl" and len(word) > SHORTEST_STEM:
        word = _FLEETING.sub(r"\1", word)
    return _DOUBLED.sub(r"\1", word) if len(word) > SHORTEST_STEM else word


def distance(one: str, other: str) -> int:
    """How many letters were dropped, added, changed or exchanged with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def allowed_distance(word: str) -> int:
    """How many mistakes a word of this length may have: none up to three letters, one up to seven, then two."""
    return 0 if len(word) <= 3 else 1 if len(word) <= 7 else 2
