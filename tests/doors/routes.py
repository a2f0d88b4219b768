"""Every address that the house answers at, as its own resolver knows them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """An address: how it is written, its name if it has one, and what answers there."""

    written: str
    name: str
    view: Any


def routes() -> list[Route]:
    """All of them, the bench's own left out, which is mounted for the bench alone."""
    return list(_below(get_resolver().url_patterns, ""))


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for one in patterns:
        written = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one.url_patterns, written)
        else:
            yield Route(written, one.name or "", one.callback)
