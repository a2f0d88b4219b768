"""A label to stick on a parcel: to whom, from whom, what to follow it by; drawn as SVG, 100 by 150 millimetres."""

from collections.abc import Iterable, Sequence
from html import escape

import segno

WIDTH, HEIGHT = 100, 150
MARGIN = 6
CODE_SIDE = 44
LONGEST_LINE = 38


def drawn(sender: Sequence[str], receiver: Sequence[str], number: str, tracking: str, service: str) -> str:
    """The label. Lines that are too long for it are cut."""
    parts = [
        _lines(sender, MARGIN, 10, 3.4, 4.4),
        f'<path d="M{MARGIN} 34H{WIDTH - MARGIN}" stroke="#000" stroke-width=".5"/>',
        _lines(receiver, MARGIN, 44, 5.2, 7.0),
        f'<path d="M{MARGIN} 88H{WIDTH - MARGIN}" stroke="#000" stroke-width=".5"/>',
        _code(tracking, MARGIN, 94),
        _lines([service, number], MARGIN + CODE_SIDE + 6, 102, 4.2, 6.4),
        _lines([tracking], MARGIN, 146, 5.2, 6),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img"><title>{escape(number)}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<g font-family="sans-serif" fill="#000">{"".join(parts)}</g></svg>'
    )


def _lines(texts: Iterable[str], x: float, y: float, size: float, step: float) -> str:
    shown = [text[:LONGEST_LINE] for text in texts if text]
    return "".join(
        f'<text x="{x}" y="{y + step * row:.1f}" font-size="{size}">{escape(text)}</text>'
        for row, text in enumerate(shown)
    )


def _code(data: str, x: float, y: float) -> str:
    """A QR code as one path, a square of CODE_SIDE millimetres with its quiet zone."""
    matrix = [list(row) for row in segno.make(data, error="m", micro=False).matrix]
    side = CODE_SIDE / (len(matrix) + 8)
    squares = "".join(
        f"M{column + 4} {row + 4}h1v1h-1z"
        for row, modules in enumerate(matrix)
        for column, dark in enumerate(modules)
        if dark
    )
    return f'<path transform="translate({x} {y}) scale({side:.5f})" d="{squares}"/>'
