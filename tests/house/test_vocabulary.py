"""The words that are captured in: every one is explained, and nobody of ours says another."""

import ast
import re
from pathlib import Path

from samband.channels.capture import refusals as at_capture
from samband.channels.hooks import shopify_words, woocommerce_words
from samband.customers.touchpoints import refusals as of_touchpoints
from samband.customers.touchpoints.vocabulary import OURS, SPOKEN
from samband.flows.telling.listening import TOLD
from samband.kernel.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "touchpoints.md").read_text()
WORDS = frozenset(SPOKEN) | frozenset(OURS)
NAME = re.compile(r"(?:[A-Z][a-z]+)(?: [A-Z][a-z]+| to| from)+")


def explained() -> list[str]:
    """The events that have a line of their own."""
    return re.findall(r"^\| `([A-Z][^`]*)` \|", GUIDE, flags=re.M)


def test_every_word_is_explained_once_and_no_other() -> None:
    assert sorted(explained()) == sorted(WORDS)
    assert len(WORDS) == len(SPOKEN) + len(OURS)


def test_what_is_explained_says_when_and_with_which_properties() -> None:
    for line in GUIDE.splitlines():
        if line.startswith("| `") and line.split("`")[1] in WORDS:
            cells = line.strip("|").split("|")
            assert len(cells) == 3, line
            assert cells[1].strip(), line


def test_the_guide_speaks_of_no_word_there_is_not() -> None:
    spoken = {name for name in re.findall(r"`([^`\n]+)`", GUIDE) if NAME.fullmatch(name)}
    assert spoken <= WORDS, spoken - WORDS


def said_in(path: Path) -> set[str]:
    """The events that a file of ours names, in Python or in a script."""
    text = path.read_text()
    if path.suffix == ".js":
        return {name for name in re.findall(r'"([^"\n]+)"', text) if NAME.fullmatch(name)}
    if path.suffix == ".html":
        return set(re.findall(r'seen\("([^"]+)"', text))
    return {
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }


def test_whoever_of_ours_tells_says_it_in_these_words() -> None:
    samband = ROOT / "samband"
    tellers = [
        *(samband / "flows" / "telling").glob("*.py"),
        *(samband / "channels" / "hooks").glob("*_words.py"),
        *(samband / "channels").glob("*/telling.py"),
        samband / "channels" / "shop" / "visiting.py",
        samband / "static" / "shop" / "visit.js",
        *(samband / "channels" / "shop" / "jinja2" / "shop").glob("*.html"),
    ]
    said = {name for path in tellers for name in said_in(path)}
    assert said <= WORDS, said - WORDS
    assert len(said) > 30


def test_every_topic_of_another_shop_is_in_the_guide() -> None:
    for topic in (*shopify_words._TOPICS, *woocommerce_words._TOPICS):
        assert f"`{topic}`" in GUIDE, topic


def test_every_refusal_of_capture_is_in_the_guide() -> None:
    for module in (at_capture, of_touchpoints):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Refusal) and kind.__module__ == module.__name__:
                known = kind.status == 404 or "source" in kind.code or f"`{kind.code}`" in GUIDE
                assert known, kind.code


def test_every_event_that_is_told_has_words() -> None:
    assert len(TOLD) == len(set(TOLD)) >= 20
