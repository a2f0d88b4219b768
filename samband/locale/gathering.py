"""Gather every text to be translated into the catalogues: `python -m samband.locale.gathering`.

Texts that are gone leave the catalogue; new ones come in untranslated, and a test fails until they are not.
"""

from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from . import HERE, TRANSLATED

METHODS = [
    ("**/locale/**", "ignore"),
    ("**/bench/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "gettext_noop": None,
    "N_": None,
}


def template() -> Catalog:
    """Every text in the code and the templates, with where it stands."""
    found = Catalog(project="samband", charset="utf-8", creation_date=datetime(2026, 1, 1, tzinfo=UTC))
    for file, _, message, comments, context in extract_from_dir(
        str(HERE.parent), METHODS, OPTIONS, KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
    ):
        found.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    return found


def gather() -> None:
    """Bring the catalogues up to date with the code."""
    now = template()
    for language in TRANSLATED:
        path = HERE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language, project="samband", charset="utf-8")
        if path.exists():
            with open(path, "rb") as file:
                catalogue = read_po(file, locale=language)
        catalogue.update(now, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with open(path, "wb") as file:
            write_po(file, catalogue, sort_output=True, width=110, include_lineno=False)


if __name__ == "__main__":
    gather()
