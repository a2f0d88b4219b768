"""Outlines as SVG path data. Lengths are in units of the picture (a product picture is 800 × 800)."""

from collections.abc import Sequence
from math import cos, hypot, radians, sin

Point = tuple[float, float]
Corner = tuple[float, float] | tuple[float, float, float]


def number(value: float) -> str:
    """The shortest form that keeps a tenth of a unit."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def box(x: float, y: float, width: float, height: float, r: float | Sequence[float] = 0) -> str:
    """A rectangle; `r` is one corner radius, or four from the upper left clockwise."""
    a, b, c, d = (r, r, r, r) if isinstance(r, int | float) else r
    right, bottom = x + width, y + height
    return corners((x, y, a), (right, y, b), (right, bottom, c), (x, bottom, d))


def corners(*points: Corner, r: float = 0) -> str:
    """A closed polygon whose corners are rounded by `r`, or by a point's own third number."""
    parts: list[str] = []
    for index, point in enumerate(points):
        radius = point[2] if len(point) == 3 else r
        here = (point[0], point[1])
        if not radius:
            parts.append(_at(here))
            continue
        before, after = points[index - 1], points[(index + 1) % len(points)]
        enter, leave = _towards(here, before, radius), _towards(here, after, radius)
        # Two thirds of the way to the corner makes the cubic an honest rounding instead of a bevel.
        first, second = _between(enter, here, 0.6), _between(leave, here, 0.6)
        parts.append(f"{_at(enter)}C{_at(first)} {_at(second)} {_at(leave)}")
    return "M" + "L".join(parts) + "Z"


def blob(*points: Point) -> str:
    """A closed smooth curve through the points."""
    count = len(points)
    pieces = [f"M{_at(points[0])}"]
    for index in range(count):
        around = [points[(index + step) % count] for step in (-1, 0, 1, 2)]
        pieces.append(_smooth(*around))
    return "".join(pieces) + "Z"


def wave(*points: Point) -> str:
    """An open smooth curve through the points."""
    chain = (points[0], *points, points[-1])
    return f"M{_at(points[0])}" + "".join(_smooth(*chain[index : index + 4]) for index in range(len(points) - 1))


def line(*points: Point) -> str:
    """Straight strokes from point to point."""
    return "M" + "L".join(_at(point) for point in points)


def oval(cx: float, cy: float, rx: float, ry: float | None = None) -> str:
    """An ellipse, or a circle when only one radius is given."""
    ry = rx if ry is None else ry
    turn = f"a{number(rx)} {number(ry)} 0 1 "
    return f"M{_at((cx - rx, cy))}{turn}1 {number(2 * rx)} 0{turn}1 {number(-2 * rx)} 0Z"


def ring(cx: float, cy: float, outer: float, inner: float) -> str:
    """A disc with a hole; needs the even-odd fill rule, which every fill of ours uses."""
    return oval(cx, cy, outer) + oval(cx, cy, inner)


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> str:
    """An open part of an ellipse, from angle to angle in degrees, clockwise from three o'clock."""
    first, last = polar(cx, cy, rx, start, ry), polar(cx, cy, rx, end, ry)
    large = int(abs(end - start) > 180)
    return f"M{_at(first)}A{number(rx)} {number(ry)} 0 {large} {int(end > start)} {_at(last)}"


def polar(cx: float, cy: float, radius: float, angle: float, second_radius: float | None = None) -> Point:
    """The point on a circle or ellipse at an angle in degrees, clockwise from three o'clock."""
    turn = radians(angle)
    return cx + radius * cos(turn), cy + (radius if second_radius is None else second_radius) * sin(turn)


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _towards(here: Point, there: Corner, distance: float) -> Point:
    length = hypot(there[0] - here[0], there[1] - here[1]) or 1
    share = min(distance / length, 0.5)
    return _between(here, (there[0], there[1]), share)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _smooth(before: Point, start: Point, end: Point, after: Point) -> str:
    """A Catmull-Rom piece as a cubic."""
    first = start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6
    second = end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6
    return f"C{_at(first)} {_at(second)} {_at(end)}"
