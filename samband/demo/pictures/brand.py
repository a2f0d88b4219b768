"""The mark: a circle and a square that hold on to each other, the shopper and the shop."""

from samband.demo.pictures.canvas import Canvas
from samband.demo.pictures.shades import MOSS, SAND, TERRACOTTA, Tones, tones
from samband.demo.pictures.shapes import box, oval

_INK = tones("#1d2b2a")


def draw_logo() -> str:
    """The mark without words, on nothing, as an SVG document with a viewBox of 64 × 64. Legible from 16 px."""
    canvas = Canvas("logo", _INK, 64, 64)
    mark(canvas, 0, 0, 64, MOSS.base, TERRACOTTA.base)
    return canvas.document("Samband")


def draw_favicon() -> str:
    """The mark on a tile of ink, for browser tabs and home screens; viewBox 64 × 64."""
    canvas = Canvas("favicon", _INK, 64, 64)
    canvas.fill(box(0, 0, 64, 64, 15), _INK.base)
    mark(canvas, 4, 4, 56, "#9cc09a", "#e58a5f")
    return canvas.document("Samband")


def mark(c: Canvas, x: float, y: float, size: float, circle: str, square: str) -> None:
    """The two links in a field of `size`: the square passes over the circle above and under it below."""
    with c.moved(x=x, y=y), c.moved(about=(0, 0), scale=size / 64):
        link = box(29, 19, 28, 26, 8)
        c.stroke(link, square, 8)
        c.stroke(oval(24, 32, 17), circle, 8)
        with c.within(box(28, 8, 36, 24)):
            c.stroke(link, square, 8)


def sign(c: Canvas, x: float, y: float, size: float, board: Tones = SAND) -> None:
    """The mark on a hanging board, as over a shop's door."""
    c.solid(box(x, y, size, size, size * 0.22), board, size * 0.08, size * 0.05)
    mark(c, x + size * 0.14, y + size * 0.14, size * 0.72, MOSS.base, TERRACOTTA.base)
