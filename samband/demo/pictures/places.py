"""The stores and the warehouse, each where it stands."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from collections.abc import Callable

from samband.demo.pictures.brand import sign
from samband.demo.pictures.canvas import Canvas
from samband.demo.pictures.refusals import UnknownPicture
from samband.demo.pictures.shades import (
    BRASS,
    COAL,
    CREAM,
    GLASS,
    INK,
    LEAF,
    MOSS,
    OAK,
    PAPER,
    SAND,
    SKY,
    TERRACOTTA,
    WALNUT,
    Tones,
    mix,
    tones,
)
from samband.demo.pictures.shapes import Point, arc, blob, box, corners, line, oval, wave

WIDE, HIGH, STREET = 1200, 600, 520
_BRICK = tones("#b0604a")
_STONE = tones("#dccdb4")


def draw_store(place: str) -> str:
    """A store or warehouse in its town as an SVG document with a viewBox of 1200 × 600.

    Raises UnknownPicture for a place that has none.
    """
    if place not in PLACES:
        raise UnknownPicture("place", place)
    title, scene = PLACES[place]
    canvas = Canvas(f"store-{place}", INK, WIDE, HIGH)
    with canvas.within(box(0, 0, WIDE, HIGH, 32)):
        scene(canvas)
    return canvas.document(title)


def _sky(c: Canvas, top: str, bottom: str, sun: Point, glow: str) -> None:
    c.backdrop(top, bottom, 0)
    for reach, strength in ((130, 0.2), (92, 0.3), (56, 1)):
        c.fill(oval(*sun, reach), glow, strength)


def _cloud(c: Canvas, x: float, y: float, size: float) -> None:
    c.fill(
        box(x, y, 150 * size, 26 * size, 13 * size)
        + box(x + 34 * size, y - 20 * size, 84 * size, 30 * size, 15 * size),
        "#ffffff",
        0.6,
    )


def _street(c: Canvas, paving: Tones) -> None:
    c.fill(box(0, STREET, WIDE, HIGH - STREET), paving.base)
    c.fill(box(0, STREET, WIDE, 12), paving.light)
    c.fill(box(0, STREET + 12, WIDE, 5), paving.dark)
    c.stroke("".join(line((x, STREET + 17), (x - 40, HIGH)) for x in range(60, WIDE + 60, 120)), paving.dark, 3, 0.5)


def _tree(c: Canvas, x: float, high: float, leaf: Tones) -> None:
    c.shadow(x, STREET + 8, high * 0.4, 10)
    c.tube(line((x, STREET + 6), (x, STREET - high * 0.5)), WALNUT, 10)
    c.solid(
        blob(
            (x - high * 0.3, STREET - high * 0.6),
            (x - high * 0.2, STREET - high * 0.9),
            (x, STREET - high),
            (x + high * 0.2, STREET - high * 0.9),
            (x + high * 0.3, STREET - high * 0.6),
            (x, STREET - high * 0.4),
        ),
        leaf,
        14,
        9,
    )


def _windows(
    c: Canvas, x: float, y: float, columns: int, rows: int, gap: Point, size: Point, frame: Tones, arched: bool = False
) -> None:
    """Rows of windows in three strokes: frames, panes and their reflections."""
    frames = panes = gleams = bars = ""
    wide, high = size
    for row in range(rows):
        for column in range(columns):
            left, top = x + column * gap[0], y + row * gap[1]
            round_ = (wide / 2, wide / 2, 0, 0) if arched else (3, 3, 0, 0)
            frames += box(left - 5, top - 5, wide + 10, high + 12, round_)
            panes += box(left, top, wide, high, round_)
            gleams += corners((left, top + high * 0.3), (left + wide * 0.6, top + high * 0.06), (left, top + high))
            bars += line((left + wide / 2, top), (left + wide / 2, top + high)) + line(
                (left, top + high * 0.4), (left + wide, top + high * 0.4)
            )
    c.fill(frames, frame.base)
    c.fill(panes, SKY.dark)
    c.fill(gleams, SKY.light, 0.8)
    c.stroke(bars, frame.base, 3)


def _shop(c: Canvas, x: float, width: float, top: float, wall: Tones, awning: Tones) -> None:
    """A shop's ground floor: two display windows, a door, an awning and the sign above."""
    c.shadow(x + width / 2, STREET + 8, width * 0.56, 14)
    c.fill(box(x, top, width, STREET - top), wall.base)
    c.fill(box(x + width * 0.92, top, width * 0.08, STREET - top), wall.dark)
    c.fill(box(x, STREET - 18, width, 18), wall.deep)
    pane, door = width * 0.34, width * 0.15
    for left in (x + width * 0.05, x + width * 0.61):
        c.solid(box(left - 8, top + 44, pane + 16, STREET - top - 66, 6), COAL, 4, 3)
        c.fill(box(left, top + 52, pane, STREET - top - 82), "#f6e6bf")
        _display(c, left, pane, left > x + width / 2)
        c.fill(
            corners(
                (left, top + 52), (left + pane * 0.4, top + 52), (left + pane * 0.12, STREET - 30), (left, STREET - 30)
            ),
            "#ffffff",
            0.3,
        )
    middle = x + width * 0.425
    c.solid(box(middle, top + 44, door, STREET - top - 44, (8, 8, 0, 0)), COAL, 4, 3)
    c.fill(box(middle + 9, top + 54, door - 18, STREET - top - 84), GLASS.base)
    c.fill(corners((middle + 9, top + 54), (middle + door * 0.6, top + 54), (middle + 9, STREET - 60)), "#ffffff", 0.45)
    c.tube(line((middle + door - 16, top + 130), (middle + door - 16, top + 170)), BRASS, 6)
    _awning(c, x, width, top, awning)


def _awning(c: Canvas, x: float, width: float, top: float, awning: Tones) -> None:
    count = 12
    step = (width + 20) / count
    for n in range(count):
        left = x - 10 + n * step
        tone = awning if n % 2 == 0 else PAPER
        c.fill(corners((left, top), (left + step, top), (left + step, top + 46, 12), (left, top + 46, 12)), tone.base)
    c.fill(box(x - 10, top, width + 20, 12), "#ffffff", 0.25)
    c.fill(box(x - 4, top + 46, width + 8, 12), INK.base, 0.16)
    sign(c, x + width / 2 - 36, top - 82, 72)


def _display(c: Canvas, x: float, width: float, lamps: bool) -> None:
    """What stands in the window."""
    floor = STREET - 30
    if lamps:
        c.solid(box(x + width * 0.34, floor - 44, width * 0.54, 44, 8), OAK, 5, 4)
        c.solid(box(x + width * 0.08, floor - 66, width * 0.2, 66, 10), MOSS, 6, 4)
        c.solid(
            corners(
                (x + width * 0.54, floor - 86),
                (x + width * 0.68, floor - 86),
                (x + width * 0.74, floor - 60),
                (x + width * 0.48, floor - 60),
            ),
            TERRACOTTA,
            5,
            4,
        )
        c.fill(box(x + width * 0.6, floor - 60, 6, 18), COAL.base)
    else:
        c.solid(box(x + width * 0.12, floor - 62, width * 0.7, 42, 12), MOSS, 6, 5)
        c.solid(box(x + width * 0.06, floor - 40, width * 0.82, 32, 10), MOSS, 6, 4)
        c.fill(box(x + width * 0.12, floor - 8, 7, 8) + box(x + width * 0.78, floor - 8, 7, 8), OAK.dark)
        c.solid(box(x + width * 0.2, floor - 56, width * 0.17, width * 0.17, 6), TERRACOTTA, 4, 3)


def _house(c: Canvas, x: float, width: float, top: float, wall: Tones, roof: Tones, peak: float) -> None:
    """A narrow town house with a gable."""
    c.fill(box(x, top, width, STREET - top), wall.base)
    c.fill(box(x + width * 0.86, top, width * 0.14, STREET - top), wall.dark)
    c.solid(corners((x - 8, top), (x + width / 2, top - peak, 4), (x + width + 8, top)), roof, 6, 4)


def _reykjavik(c: Canvas) -> None:
    _sky(c, "#bcd6dd", "#f7e7d0", (860, 250), "#fbe0a6")
    for shift, tone in ((0, "#a8d3bf"), (36, "#c5e2cf")):
        c.stroke(
            wave((40, 150 + shift), (260, 70 + shift), (480, 130 + shift), (760, 50 + shift), (1160, 120 + shift)),
            tone,
            24,
            0.45,
        )
    c.fill(
        corners(
            (0, 400),
            (90, 330),
            (230, 300, 30),
            (330, 322),
            (470, 280, 40),
            (640, 312),
            (800, 286, 40),
            (980, 340),
            (1200, 320),
            (1200, 540),
            (0, 540),
        ),
        "#8fa9b0",
    )
    c.fill(
        corners((150, 326), (230, 302, 20), (300, 322), (240, 336))
        + corners((400, 306), (470, 282, 30), (560, 304), (470, 316))
        + corners((730, 304), (800, 288, 30), (880, 312), (800, 318)),
        "#f4f6f4",
    )
    _stepped_church(c, 196)
    for x, width, top, wall, roof in (
        (330, 120, 390, "#c8643c", "#4a5a5c"),
        (20, 100, 400, "#e0c16d", "#84604a"),
        (1040, 140, 380, "#6f8f9a", "#7d3f33"),
    ):
        _house(c, x, width, top, tones(wall), tones(roof), 56)
        _windows(c, x + width * 0.2, top + 20, 2, 1, (width * 0.36, 60), (width * 0.22, 40), PAPER)
    c.fill(box(460, 200, 540, 180), MOSS.base)
    c.fill(box(956, 200, 44, 180), MOSS.dark)
    c.stroke("".join(line((x, 206), (x, 372)) for x in range(476, 960, 16)), MOSS.dark, 3, 0.6)
    c.solid(corners((440, 206, 4), (520, 110, 6), (940, 110, 6), (1020, 206, 4)), tones("#7d3f33"), 10, 6)
    _windows(c, 510, 244, 2, 1, (110, 0), (62, 72), PAPER)
    _windows(c, 800, 244, 2, 1, (110, 0), (62, 72), PAPER)
    _shop(c, 460, 540, 342, PAPER, TERRACOTTA)
    _street(c, tones("#c3c2ba"))


def _stepped_church(c: Canvas, x: float) -> None:
    """The concrete church whose front rises like basalt columns."""
    stone = tones("#cfd3cf")
    for n in range(6, -1, -1):
        c.fill(box(x - 12 - 19 * n, 150 + 40 * n, 24 + 38 * n, 400, (8, 8, 0, 0)), stone.base if n % 2 else stone.light)
    c.fill(corners((x - 14, 160), (x, 86), (x + 14, 160)), stone.dark)
    c.fill(box(x + 1, 150, 11, 380), stone.dark)
    c.stroke(line((x, 92), (x, 66)) + line((x - 9, 76), (x + 9, 76)), COAL.base, 4)
    c.fill(box(x - 9, 200, 18, 80, (9, 9, 0, 0)), SKY.deep)
    c.fill(oval(x, 316, 14), SKY.deep)


def _warszawa(c: Canvas) -> None:
    _sky(c, "#c4dbe2", "#f8e6cb", (1010, 150), "#fbe0a6")
    _cloud(c, 120, 120, 1)
    _cloud(c, 700, 90, 0.8)
    c.fill(
        "".join(box(x, y, w, 540 - y) for x, y, w in ((820, 250, 70), (900, 210, 54), (1080, 260, 90), (20, 300, 80))),
        "#a9b7bb",
        0.7,
    )
    _palace(c, 240)
    for x, width, top, wall, roof in (
        (30, 110, 300, "#d9a66a", "#8f4b3a"),
        (360, 110, 290, "#a9bf9c", "#8f4b3a"),
        (1020, 90, 290, "#e3c48f", "#8f4b3a"),
        (1110, 96, 320, "#c98570", "#6d4a40"),
    ):
        _house(c, x, width, top, tones(wall), tones(roof), 80)
        _windows(c, x + width * 0.2, top + 24, 2, 3, (width * 0.36, 66), (width * 0.22, 42), PAPER)
    plaster = tones("#e9d3a4")
    c.fill(box(480, 160, 530, 210), plaster.base)
    c.fill(box(968, 160, 42, 210), plaster.dark)
    c.solid(corners((466, 164), (500, 96, 6), (990, 96, 6), (1024, 164)), tones("#8f4b3a"), 9, 5)
    for x in (560, 745, 930):
        c.solid(corners((x - 34, 136), (x, 92, 6), (x + 34, 136), (x + 34, 158), (x - 34, 158)), plaster, 5, 3)
        c.fill(box(x - 12, 116, 24, 34, (12, 12, 0, 0)), SKY.dark)
    c.fill(box(480, 160, 530, 10), PAPER.base)
    _windows(c, 516, 192, 3, 1, (66, 0), (38, 66), PAPER, arched=True)
    _windows(c, 822, 192, 3, 1, (58, 0), (36, 66), PAPER, arched=True)
    _shop(c, 480, 530, 342, CREAM, MOSS)
    _street(c, tones("#c9bba6"))
    _tree(c, 440, 130, LEAF)


def _palace(c: Canvas, x: float) -> None:
    """The tall palace of culture, in steps to its spire."""
    stone = tones("#cdbfa8")
    for width, top in ((230, 380), (150, 300), (96, 170), (62, 130), (36, 104)):
        c.fill(box(x - width / 2, top, width, 540 - top), stone.base)
        c.fill(box(x + width * 0.3, top, width * 0.2, 540 - top), stone.dark)
    for side in (-1, 1):
        c.fill(box(x + side * 60 - 14, 276, 28, 30, (4, 4, 0, 0)) + box(x + side * 40 - 8, 152, 16, 22), stone.base)
    c.fill(corners((x - 14, 106), (x, 24), (x + 14, 106)), stone.deep)
    c.stroke("".join(line((x - 36 + 14 * n, 190), (x - 36 + 14 * n, 370)) for n in range(6)), stone.dark, 4)
    c.fill(oval(x, 150, 15), PAPER.base)
    c.stroke(line((x, 150), (x, 141)) + line((x, 150), (x + 6, 154)), INK.base, 3)


def _riga(c: Canvas) -> None:
    _sky(c, "#b7d1dc", "#f6e3cb", (250, 190), "#fbe0a6")
    _cloud(c, 820, 90, 1)
    for x, top, wide in ((420, 60, 62), (130, 150, 50), (330, 190, 44)):
        _spire(c, x, top, wide)
    c.stroke(line((1110, 150), (1110, 470)), "#8fa2a8", 16)
    c.stroke(
        "".join(
            line((1110, 160 + 16 * n), (1010 - 22 * n, 452)) + line((1110, 160 + 16 * n), (1200 + 20 * n, 452))
            for n in range(6)
        ),
        "#8fa2a8",
        3,
    )
    c.fill(box(900, 450, 300, 12), "#8fa2a8")
    c.fill(box(0, 470, WIDE, 60), SKY.base)
    c.stroke(
        line((20, 490), (120, 490)) + line((1040, 496), (1150, 496)) + line((180, 506), (260, 506)), SKY.lighter, 5
    )
    for x, width, top, wall in ((20, 120, 330, "#d8b4a0"), (150, 120, 300, "#b9c7b4"), (280, 124, 320, "#e6cf9c")):
        _house(c, x, width, top, tones(wall), tones("#9a4f3c"), 90)
        _windows(c, x + width * 0.2, top + 22, 2, 3, (width * 0.36, 62), (width * 0.22, 40), PAPER, arched=True)
    plaster = tones("#a9c3c9")
    front = "M440 370V150C470 150 490 120 500 90C520 120 640 130 660 100C680 50 800 50 820 100C840 130 940 120 960 90C970 120 990 150 1010 150V370Z"
    c.fill(front, plaster.base)
    with c.within(front):
        c.fill(box(966, 60, 60, 320), plaster.dark)
        c.fill(box(440, 168, 580, 10), PAPER.base)
        c.fill(box(440, 286, 580, 8), PAPER.base)
        for x in (560, 668, 800, 910):
            c.fill(box(x, 178, 14, 190), PAPER.base, 0.7)
    c.stroke(
        "M440 150C470 150 490 120 500 90C520 120 640 130 660 100C680 50 800 50 820 100C840 130 940 120 960 90C970 120 990 150 1010 150",
        PAPER.base,
        10,
    )
    c.fill(oval(740, 120, 30), PAPER.base)
    c.fill(oval(740, 120, 22), SKY.dark)
    _windows(c, 474, 196, 2, 1, (444, 0), (64, 76), PAPER, arched=True)
    _windows(c, 590, 196, 2, 1, (240, 0), (60, 76), PAPER, arched=True)
    _shop(c, 440, 570, 342, PAPER, TERRACOTTA)
    _street(c, tones("#bdb6ab"))


def _spire(c: Canvas, x: float, top: float, wide: float) -> None:
    stone, copper = tones("#b5735a"), tones("#7fa393")
    half = wide / 2
    c.fill(box(x - half, top + 170, wide, 400), stone.base)
    c.fill(box(x + half * 0.4, top + 170, half * 0.6, 400), stone.dark)
    for n, share in enumerate((1.0, 0.72, 0.46)):
        y = top + 130 - 44 * n
        c.fill(
            blob(
                (x - half * share, y + 40),
                (x - half * share * 0.8, y + 12),
                (x, y),
                (x + half * share * 0.8, y + 12),
                (x + half * share, y + 40),
            ),
            copper.base if n % 2 == 0 else copper.dark,
        )
    c.fill(corners((x - half * 0.24, top + 56), (x, top - 40), (x + half * 0.24, top + 56)), copper.dark)
    c.fill(oval(x, top - 42, 6), BRASS.base)


def _athina(c: Canvas) -> None:
    _sky(c, "#a9d3e4", "#fbe6c4", (210, 160), "#fddf97")
    c.fill(
        corners((0, 430), (200, 350), (420, 330, 60), (640, 400), (900, 350, 60), (1200, 400), (1200, 540), (0, 540)),
        "#b9c3a6",
    )
    c.fill(corners((40, 470), (96, 320, 20), (140, 300, 12), (420, 290, 12), (470, 330, 16), (520, 470)), _STONE.dark)
    c.fill(corners((40, 470), (96, 320, 20), (140, 300, 12), (300, 296), (230, 400), (250, 470)), _STONE.base)
    _temple(c, 284, 292)
    for x, width, top in ((20, 130, 420), (140, 110, 400), (330, 120, 410), (1050, 150, 380)):
        plaster = PAPER if x != 140 else CREAM
        c.fill(box(x, top, width, STREET - top), plaster.base)
        c.fill(box(x + width * 0.84, top, width * 0.16, STREET - top), plaster.dark)
        c.fill(box(x - 4, top - 8, width + 8, 10), TERRACOTTA.base)
        _windows(c, x + width * 0.18, top + 26, 2, 1, (width * 0.36, 60), (width * 0.2, 40), tones("#4f83a3"))
    plaster = tones("#f6efe2")
    c.fill(box(480, 190, 540, 190), plaster.base)
    c.fill(box(978, 190, 42, 190), plaster.dark)
    c.fill(box(468, 176, 564, 18, 4), TERRACOTTA.base)
    c.fill("".join(oval(x, 180, 14, 10) for x in range(480, 1030, 26)), TERRACOTTA.light)
    for x in (520, 890):
        _windows(c, x, 220, 1, 1, (0, 0), (70, 92), tones("#4f83a3"))
        for side in (-30, 76):
            c.solid(box(x + side, 216, 26, 100, 3), tones("#4f83a3"), 3, 2)
        c.stroke(
            line((x - 34, 322), (x + 106, 322)) + "".join(line((n, 300), (n, 322)) for n in range(x - 34, x + 110, 14)),
            COAL.base,
            4,
        )
    c.stroke(wave((1012, 380), (1000, 300), (1024, 230), (1000, 180), (960, 168)), MOSS.base, 8)
    c.fill(
        "".join(
            oval(x, y, 13) for x, y in ((1010, 340), (1020, 260), (1006, 210), (980, 174), (944, 170), (1024, 300))
        ),
        "#c2577e",
    )
    _shop(c, 480, 540, 342, plaster, tones("#4f83a3"))
    _street(c, tones("#ddcfb8"))
    for x, high in ((450, 190), (1056, 150)):
        c.shadow(x, STREET + 8, 40, 9)
        c.solid(
            blob(
                (x, STREET - high),
                (x + 26, STREET - high * 0.4),
                (x + 18, STREET - 4),
                (x - 18, STREET - 4),
                (x - 26, STREET - high * 0.4),
            ),
            MOSS,
            12,
            7,
        )


def _temple(c: Canvas, x: float, base: float) -> None:
    """A temple on its rock."""
    marble = tones("#f3e6cd")
    c.fill(box(x - 130, base - 8, 260, 14), marble.dark)
    c.fill(box(x - 120, base - 92, 240, 90), marble.deep, 0.6)
    for n in range(8):
        c.fill(box(x - 118 + 31 * n, base - 92, 18, 86), marble.base)
    c.fill("".join(box(x - 106 + 31 * n, base - 92, 6, 86) for n in range(8)), marble.dark)
    c.fill(box(x - 126, base - 110, 252, 20), marble.base)
    c.fill(corners((x - 130, base - 110), (x, base - 152), (x + 130, base - 110)), marble.light)
    c.fill(corners((x - 90, base - 116), (x, base - 142), (x + 90, base - 116)), marble.dark)


def _london(c: Canvas) -> None:
    _sky(c, "#bfd0d8", "#efe3d2", (190, 140), "#f7e3b4")
    _cloud(c, 300, 90, 1)
    _cloud(c, 860, 70, 0.9)
    c.fill(
        "".join(box(x, y, w, 540 - y) for x, y, w in ((20, 300, 60), (420, 280, 50), (1090, 250, 70))), "#a9b7bb", 0.7
    )
    c.fill(blob((1010, 470), (1000, 280), (1030, 170), (1062, 280), (1056, 470)), "#a9b7bb", 0.8)
    _tower_bridge(c, 210)
    c.fill(box(0, 470, WIDE, 60), "#9db7bd")
    c.stroke(line((30, 490), (140, 490)) + line((250, 502), (360, 502)) + line((1100, 492), (1180, 492)), "#cfdee0", 5)
    _warehouse(c)
    _street(c, tones("#b4b0a8"))
    _van(c, 176)


def _tower_bridge(c: Canvas, x: float) -> None:
    """The bridge with two towers."""
    stone = tones("#b9b1a0")
    c.stroke(f"M{x - 200} 440Q{x - 130} 430 {x - 84} 310M{x + 84} 310Q{x + 130} 430 {x + 200} 440", "#6f97a8", 7)
    c.fill(box(x - 220, 436, 440, 16), "#6f97a8")
    c.fill(box(x - 84, 286, 168, 10) + box(x - 84, 312, 168, 8), "#6f97a8")
    for side in (-1, 1):
        mid = x + side * 84
        c.fill(box(mid - 28, 250, 56, 260), stone.base)
        c.fill(box(mid + 12, 250, 16, 260), stone.dark)
        c.fill(corners((mid - 24, 252), (mid, 176), (mid + 24, 252)), "#6d7f88")
        for edge in (-28, 28):
            c.fill(box(mid + edge - 6, 226, 12, 40), stone.light)
            c.fill(corners((mid + edge - 7, 228), (mid + edge, 196), (mid + edge + 7, 228)), "#6d7f88")
        c.fill(
            box(mid - 13, 392, 26, 46, (13, 13, 0, 0))
            + box(mid - 8, 276, 16, 34, (8, 8, 0, 0))
            + box(mid - 8, 330, 16, 34, (8, 8, 0, 0)),
            "#6d7f88",
        )


def _warehouse(c: Canvas) -> None:
    """Brick under a saw-tooth roof, with three docks."""
    left, right, top = 430, 1160, 250
    c.shadow(795, STREET + 8, 400, 14)
    for n in range(4):
        x = left + 182.5 * n
        c.solid(corners((x, top + 4), (x, top - 86, 4), (x + 182.5, top + 4)), tones("#5f6f75"), 0, 5)
        c.fill(corners((x + 10, top - 6), (x + 10, top - 66), (x + 36, top - 54), (x + 36, top - 6)), GLASS.base)
    c.fill(box(left, top, right - left, STREET - top), _BRICK.base)
    c.fill(box(right - 54, top, 54, STREET - top), _BRICK.dark)
    bricks = "".join(f"M{left + 20 + (37 * n * n) % 660} {top + 40 + 23 * (n % 11)}h22" for n in range(34))
    c.stroke(bricks, _BRICK.dark, 5, 0.7)
    c.fill(box(left - 8, top - 4, right - left + 16, 18, 4), _STONE.base)
    _windows(c, left + 30, top + 44, 3, 1, (66, 0), (42, 48), PAPER, arched=True)
    _windows(c, right - 236, top + 44, 3, 1, (66, 0), (42, 48), PAPER, arched=True)
    sign(c, 752, top + 22, 86)
    for n, x in enumerate((470, 700, 930)):
        c.fill(box(x - 8, 376, 186, 144, 4), _STONE.dark)
        c.fill(box(x, 384, 170, 136), MOSS.base if n != 1 else "#3a332c")
        if n == 1:
            _crates(c, x)
        else:
            c.stroke("".join(line((x, y), (x + 170, y)) for y in range(404, 520, 20)), MOSS.dark, 4)
            c.fill(box(x + 72, 496, 26, 8, 4), BRASS.base)
        c.fill(box(x - 16, 500, 10, 20) + box(x + 176, 500, 10, 20), BRASS.base)
        c.fill(box(x - 20, 362, 210, 14, 3), COAL.base)


def _crates(c: Canvas, x: float) -> None:
    c.fill(box(x, 384, 170, 40), "#5b4d3c")
    for dx, y, width, high in ((14, 460, 66, 60), (84, 468, 70, 52), (36, 414, 60, 48)):
        c.solid(box(x + dx, y, width, high, 3), OAK, 6, 4)
        c.fill(box(x + dx + width * 0.42, y, width * 0.16, high), OAK.light)


def _van(c: Canvas, x: float) -> None:
    c.shadow(x + 120, 570, 150, 12)
    c.solid(box(x, 420, 170, 130, 14), PAPER, 10, 6)
    c.solid(
        corners((x + 160, 446, 10), (x + 214, 446, 20), (x + 250, 496, 12), (x + 256, 550, 10), (x + 160, 550)),
        PAPER,
        9,
        5,
    )
    c.fill(corners((x + 178, 458, 6), (x + 208, 458, 10), (x + 234, 498, 6), (x + 178, 498, 4)), SKY.dark)
    c.fill(box(x, 520, 254, 12), MOSS.base)
    sign(c, x + 52, 440, 66)
    for wheel in (x + 50, x + 206):
        c.fill(oval(wheel, 552, 24), COAL.deep)
        c.fill(oval(wheel, 552, 12), mix(SAND.base, "#8a8d91", 0.6))
    c.stroke(arc(x + 247, 526, 6, 8, 0, 359), BRASS.base, 5)


PLACES: dict[str, tuple[str, Callable[[Canvas], None]]] = {
    "reykjavik": ("The store in Reykjavík, below a stepped church and a snowy ridge", _reykjavik),
    "warszawa": ("The store in Warszawa, among town houses and the palace of culture", _warszawa),
    "riga": ("The store in Rīga, an art nouveau front below copper spires", _riga),
    "athina": ("The store in Athína, white walls below the temple on its rock", _athina),
    "london": ("The warehouse in London, brick docks by the river", _london),
}
