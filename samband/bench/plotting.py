"""Plots as SVG: bars beside a limit, spans of waiting, and curves of how cost grows. Sizes are in pixels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

WIDTH = 860
ROW = 34
LEFT, RIGHT, TOP, BOTTOM = 210, 170, 78, 44
COLOURS = ("#4f6f52", "#c8643c", "#33567a", "#b08a2e", "#7a4f6f")
INK, SOFT, FAINT, PAPER = "#26332a", "#6b756d", "#dfe4da", "#fbfaf5"
FONT = "Commissioner, 'Segoe UI', system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """How near the limit a path is: `share` of it, and both in words."""

    label: str
    share: float
    said: str


@dataclass(frozen=True, slots=True)
class Span:
    """How long a deed takes, in milliseconds: half of them, and all but one in a hundred."""

    label: str
    p50_ms: float
    p99_ms: float


def bars(title: str, about: str, rows: Sequence[Bar]) -> str:
    """Each path beside the limit of the machine, which is 1."""
    most = max(1.0, *(row.share for row in rows))
    across = _Linear(0.0, most)
    bottom = TOP + ROW * len(rows)
    drawn = [*_grid(across, [part / 5 * most for part in range(6)], bottom, lambda at: f"{at:.1f}")]
    limit = across(1.0)
    drawn.append(_line(limit, TOP - 8, limit, bottom, INK, "4 3"))
    for place, row in enumerate(rows):
        middle = TOP + ROW * place + ROW / 2
        wide = max(2.0, across(row.share) - LEFT)
        drawn.append(_label(row.label, middle))
        drawn.append(
            f'<rect x="{LEFT}" y="{middle - 9:.1f}" width="{wide:.1f}" height="18" rx="3" fill="{COLOURS[0]}"/>'
        )
        drawn.append(_text(LEFT + wide + 8, middle + 4, f"{row.share:.2f}", weight=600))
        drawn.append(_text(WIDTH - 14, middle + 4, row.said, SOFT, size=11.5, anchor="end"))
    return _page(title, about, drawn, bottom + BOTTOM)


def spans(title: str, about: str, rows: Sequence[Span]) -> str:
    """From p50 to p99, on a scale where each step is ten times the one before."""
    across = _Log(min(row.p50_ms for row in rows), max(row.p99_ms for row in rows))
    bottom = TOP + ROW * len(rows)
    drawn = [*_grid(across, across.steps(), bottom, _milliseconds)]
    for place, row in enumerate(rows):
        middle = TOP + ROW * place + ROW / 2
        near, far = across(row.p50_ms), across(row.p99_ms)
        drawn.append(_label(row.label, middle))
        drawn.append(_line(near, middle, far, middle, COLOURS[0], width=5, opacity=0.35))
        drawn.append(f'<circle cx="{near:.1f}" cy="{middle:.1f}" r="6" fill="{COLOURS[0]}"/>')
        drawn.append(f'<circle cx="{far:.1f}" cy="{middle:.1f}" r="6" fill="{COLOURS[1]}"/>')
        said = f"{_milliseconds(row.p50_ms)} · {_milliseconds(row.p99_ms)}"
        drawn.append(_text(WIDTH - 14, middle + 4, said, SOFT, size=11.5, anchor="end"))
    return _page(title, about, drawn, bottom + BOTTOM)


def curves(title: str, about: str, across_said: str, series: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """How something grows with something else, both on scales of tens; each curve is named at its end."""
    points = [point for known in series.values() for point in known]
    bottom, high = TOP + 300, 300
    across = _Log(min(x for x, _ in points), max(x for x, _ in points), left=90, right=210)
    up = _Log(min(y for _, y in points), max(y for _, y in points))
    drawn = [*_grid(across, across.steps(), bottom, _count)]

    def height(value: float) -> float:
        return bottom - high * up.share(value)

    for step in up.steps():
        drawn.append(_line(90, height(step), WIDTH - 210, height(step), FAINT))
        drawn.append(_text(80, height(step) + 4, _count(step), SOFT, size=11.5, anchor="end"))
    ends = _apart([height(known[-1][1]) for known in series.values()])
    for (name, known), colour, end in zip(series.items(), COLOURS * 3, ends, strict=False):
        path = " ".join(f"{across(x):.1f},{height(y):.1f}" for x, y in known)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        drawn += [f'<circle cx="{across(x):.1f}" cy="{height(y):.1f}" r="4" fill="{colour}"/>' for x, y in known]
        drawn.append(_text(across(known[-1][0]) + 12, end + 4, f"{name}: {_count(known[-1][1])}", colour, size=12.5))
    drawn.append(_text((90 + WIDTH - 210) / 2, bottom + 38, across_said, SOFT, size=12, anchor="middle"))
    return _page(title, about, drawn, bottom + BOTTOM + 14)


class _Linear:
    """Where a value lies between the sides of the plot."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def __call__(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - self.low) / (self.high - self.low)


class _Log:
    """The same where ten times as much is one step further."""

    def __init__(self, low: float, high: float, left: int = LEFT, right: int = RIGHT) -> None:
        self.first, self.last = floor(log10(max(low, 1e-3))), ceil(log10(max(high, 1e-3)))
        self.last = max(self.last, self.first + 1)
        self.left, self.right = left, right

    def share(self, value: float) -> float:
        return (log10(max(value, 1e-3)) - self.first) / (self.last - self.first)

    def __call__(self, value: float) -> float:
        return self.left + (WIDTH - self.left - self.right) * self.share(value)

    def steps(self) -> list[float]:
        return [10.0**power for power in range(self.first, self.last + 1)]


def _apart(heights: Sequence[float], least: float = 17.0) -> list[float]:
    """The same heights, moved so far that the words at them do not lie on each other."""
    moved = list(heights)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved


def _grid(
    across: "_Linear | _Log", steps: Sequence[float], bottom: float, said: Callable[[float], str]
) -> Iterator[str]:
    for step in steps:
        yield _line(across(step), TOP - 8, across(step), bottom, FAINT)
        yield _text(across(step), bottom + 18, said(step), SOFT, size=11.5, anchor="middle")


def _label(text: str, middle: float) -> str:
    return _text(LEFT - 12, middle + 4, text, anchor="end")


def _text(
    x: float, y: float, text: str, colour: str = INK, *, size: float = 13, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" font-weight="{weight}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )


def _line(
    x: float, y: float, to_x: float, to_y: float, colour: str, dashes: str = "", *, width: float = 1, opacity: float = 1
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" stroke-width="{width}"'
        f' stroke-opacity="{opacity}" stroke-linecap="round"{dashed}/>'
    )


def _page(title: str, about: str, drawn: Sequence[str], height: float) -> str:
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
            f' height="{height:.0f}" font-family="{FONT}" role="img" aria-label="{escape(title)}">',
            f'<rect width="{WIDTH}" height="{height:.0f}" rx="10" fill="{PAPER}"/>',
            _text(20, 32, title, size=18, weight=600),
            _text(20, 52, about, SOFT, size=12.5),
            *drawn,
            "</svg>\n",
        )
    )


def _milliseconds(value: float) -> str:
    if value >= 1000:
        return f"{value / 1000:g} s" if value % 1000 == 0 else f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 10 else f"{value:.2g} ms"


def _count(value: float) -> str:
    for size, letter in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
