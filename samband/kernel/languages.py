"""The five languages, and texts that are kept in several of them."""

from collections.abc import Mapping

LANGUAGES: dict[str, str] = {
    "en": "English",
    "is": "Íslenska",
    "pl": "Polski",
    "lv": "Latviešu",
    "el": "Ελληνικά",
}
"""Code and the language's own name for itself."""

DEFAULT = "en"


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in English, else in any, else nothing."""
    return texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()), "")
