"""Every text that the till asks for is there, in every language, and none is there that nobody asks for."""

import json
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from samband.kernel.languages import LANGUAGES
from tests.processes import ROOT

TILL = ROOT / "samband" / "static" / "pos"
ASKED = re.compile(r"""["`]([a-z_]+\.[a-z_]+)["`]""")
ASSEMBLED = re.compile(r"""`([a-z_]+\.)([a-z_]*)\$\{""")


def sources() -> str:
    return "\n".join(path.read_text() for path in sorted(TILL.rglob("*.js")))


def texts(language: str) -> dict[str, str]:
    with translation.override(language):
        said: dict[str, str] = json.loads(render_to_string("pos/texts.txt", {"language": language}))
    return said


def test_whatever_is_asked_for_is_said():
    named = {name for name in ASKED.findall(sources()) if not name.endswith(".js")}
    rooms = {name.split(".")[0] for name in texts("en")}
    assert {name for name in named if name.split(".")[0] in rooms} - texts("en").keys() == set()


def test_nothing_is_said_that_nobody_asks_for():
    named = set(ASKED.findall(sources()))
    assembled = tuple(start + rest for start, rest in ASSEMBLED.findall(sources()))
    listed = {f"keys.{name}" for name in re.findall(r'"([a-z]+)"', sources())}
    unasked = {name for name in texts("en").keys() - named - listed if not name.startswith(assembled)}
    assert unasked == set()


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_language_has_the_same_gaps(language):
    english, said = texts("en"), texts(language)
    assert said.keys() == english.keys()
    gaps = re.compile(r"\{\w+\}")
    assert {name: set(gaps.findall(text)) for name, text in said.items()} == {
        name: set(gaps.findall(text)) for name, text in english.items()
    }
