"""What stands around every page, kept as it was written: head, header, footer and the question at the top.

They differ between two pages of a storefront in a few words only: where one is, what was searched for, and the cart's
badge. Those have a mark in the text that is kept, and are put in its place for each page.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

MARKS = {"rest": "\ue000", "searched": "\ue001", "badge": "\ue002", "canonical": "\ue003"}
"""What a fragment writes in the place of words that are not the same on every page: letters that nobody uses."""

_MARK = re.compile(f"([{''.join(MARKS.values())}])")
_NAMES = {mark: name for name, mark in MARKS.items()}

MOST_KEPT = 500


class Fragments:
    """Fragments of one process. `truth` is what one speaks of: it is written anew when that is another object."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[tuple[object, ...], tuple[str, ...]]] = {}

    def forget(self) -> None:
        """Write every fragment anew."""
        self._kept.clear()

    def write(
        self,
        environment: Environment,
        template: str,
        key: tuple[object, ...],
        truth: tuple[object, ...],
        context: Callable[[], Mapping[str, Any]],
        words: Mapping[str, str],
    ) -> Markup:
        """The fragment with these words in their places; they are escaped unless they are markup already."""
        kept = self._kept.get((template, *key))
        if kept is None or any(one is not other for one, other in zip(kept[0], truth, strict=True)):
            text = environment.get_template(f"shop/{template}").render({**context(), **_marks()})
            kept = (truth, tuple(_MARK.split(text)))
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[(template, *key)] = kept
        parts = kept[1]
        if len(parts) == 1:
            return Markup(parts[0])
        filled = {MARKS[name]: str(escape(word)) for name, word in words.items()}
        return Markup("".join([filled[part] if part in _NAMES else part for part in parts]))


def _marks() -> dict[str, Markup]:
    return {name: Markup(mark) for name, mark in MARKS.items()}


fragments = Fragments()
