"""Wide scenes for the departments, calm on the left where the words go."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from collections.abc import Callable

from samband.demo.pictures.canvas import Canvas
from samband.demo.pictures.refusals import UnknownPicture
from samband.demo.pictures.register import DRAWINGS
from samband.demo.pictures.shades import (
    BRASS,
    COAL,
    CREAM,
    INK,
    LEAF,
    MOSS,
    OAK,
    PAPER,
    SAND,
    SKY,
    STEEL,
    TERRACOTTA,
    WALNUT,
    Tones,
    tones,
)
from samband.demo.pictures.shapes import blob, box, corners, line, oval, ring

WIDE, HIGH = 1600, 700


def draw_banner(department: str) -> str:
    """A department's scene as an SVG document with a viewBox of 1600 × 700; its left third stays quiet.

    Raises UnknownPicture for a department that has none.
    """
    if department not in SCENES:
        raise UnknownPicture("department", department)
    title, scene = SCENES[department]
    canvas = Canvas(f"banner-{department}", INK, WIDE, HIGH)
    with canvas.within(box(0, 0, WIDE, HIGH)):
        scene(canvas)
    return canvas.document(title)


def _put(
    c: Canvas, kind: str, look: int, colour: Tones, x: float, ground: float, size: float, stands_at: float = 640
) -> None:
    """A product of the assortment in the scene: its middle at x, its foot (`stands_at` on its own sheet) on the ground."""
    with c.painted(colour), c.moved(x=x - 400 * size, y=ground - stands_at * size), c.moved(about=(0, 0), scale=size):
        DRAWINGS[kind][1](c, look)


def _room(c: Canvas, wall: tuple[str, str], floor: Tones, edge: float) -> None:
    c.backdrop(*wall, 0)
    c.fill(box(0, edge, WIDE, HIGH - edge), floor.base)
    c.fill(box(0, edge, WIDE, 8), floor.light)
    c.fill(box(0, edge - 12, WIDE, 12), PAPER.base, 0.7)


def _pot_plant(c: Canvas, x: float, ground: float, size: float) -> None:
    c.shadow(x, ground, 90 * size, 14 * size)
    for turn in (-52, -30, -10, 12, 34, 56):
        with c.moved(turn=turn, about=(x, ground - 90 * size)):
            tip = ground - (280 - abs(turn)) * size
            c.fill(
                f"M{x} {ground - 90 * size}C{x - 40 * size} {ground - 150 * size} {x - 26 * size} {tip + 50} {x} {tip}C{x + 26 * size} {tip + 50} {x + 40 * size} {ground - 150 * size} {x} {ground - 90 * size}Z",
                MOSS.base if turn % 4 else LEAF.base,
            )
            c.stroke(line((x, ground - 100 * size), (x, tip + 20)), MOSS.dark, 3)
    c.solid(
        corners(
            (x - 56 * size, ground - 110 * size, 8),
            (x + 56 * size, ground - 110 * size, 8),
            (x + 42 * size, ground, 12),
            (x - 42 * size, ground, 12),
        ),
        TERRACOTTA,
        10,
        7,
    )


def _print_on_wall(c: Canvas, x: float, y: float, width: float, high: float, tone: Tones) -> None:
    c.fill(box(x + 8, y + 10, width, high, 3), INK.base, 0.12)
    c.solid(box(x, y, width, high, 3), OAK, 4, 3)
    c.fill(box(x + 9, y + 9, width - 18, high - 18), PAPER.base)
    c.fill(
        corners(
            (x + 22, y + high - 30),
            (x + width * 0.44, y + high * 0.42),
            (x + width * 0.6, y + high * 0.6),
            (x + width * 0.72, y + high * 0.5),
            (x + width - 22, y + high - 30),
        ),
        tone.base,
    )
    c.fill(oval(x + width * 0.68, y + high * 0.28, width * 0.09), TERRACOTTA.light)


def _furniture(c: Canvas) -> None:
    _room(c, ("#f3ece0", "#e6dac6"), tones("#cdb592"), 560)
    c.stroke("".join(line((x, 568), (x - 60, 700)) for x in range(80, 1700, 190)), "#b79d78", 3, 0.5)
    for x, y, width, high, tone in ((820, 90, 150, 190, MOSS), (1000, 120, 120, 150, SKY)):
        _print_on_wall(c, x, y, width, high, tone)
    c.fill(corners((620, 640, 10), (1330, 640, 10), (1400, 694, 10), (560, 694, 10)), PAPER.dark)
    c.stroke(line((594, 674), (1370, 674)) + line((610, 656), (1350, 656)), TERRACOTTA.light, 5, 0.7)
    _put(c, "sofa", 1, MOSS, 960, 630, 0.92, 600)
    _put(c, "floor-lamp", 3, CREAM, 1400, 650, 0.72, 718)
    _pot_plant(c, 1540, 650, 0.86)
    _put(c, "coffee-table", 2, OAK, 990, 690, 0.46, 604)


def _sport(c: Canvas) -> None:
    c.backdrop("#cfe1e4", "#f8ead2", 0)
    for reach, strength in ((150, 0.2), (104, 0.3), (64, 1)):
        c.fill(oval(1180, 190, reach), "#fbe0a6", strength)
    c.fill(
        corners(
            (0, 480),
            (240, 400, 60),
            (520, 430),
            (700, 260, 20),
            (800, 330),
            (960, 170, 20),
            (1130, 330),
            (1280, 250, 20),
            (1600, 420),
            (1600, 700),
            (0, 700),
        ),
        "#a9bfc4",
    )
    c.fill(
        corners((640, 318), (700, 262, 16), (752, 300), (716, 308), (690, 330))
        + corners((890, 236), (960, 172, 18), (1034, 240), (990, 232), (960, 262), (930, 234))
        + corners((1220, 284), (1280, 252, 16), (1350, 286), (1290, 294)),
        "#fbfaf4",
    )
    c.fill(blob((-40, 520), (300, 470), (700, 500), (1100, 450), (1640, 500), (1660, 740), (-60, 740)), "#8eab8d")
    c.fill(blob((-40, 600), (300, 570), (800, 590), (1200, 550), (1640, 580), (1660, 760), (-60, 760)), MOSS.light)
    for x, ground, high in (
        (1330, 520, 120),
        (1380, 530, 150),
        (1440, 524, 110),
        (1560, 540, 160),
        (700, 530, 90),
        (740, 536, 116),
    ):
        c.fill(box(x - 5, ground - 20, 10, 24), WALNUT.base)
        c.fill(
            "".join(
                corners((x - high * w, ground - high * b), (x, ground - high * t, 4), (x + high * w, ground - high * b))
                for w, b, t in ((0.34, 0.14, 0.6), (0.27, 0.4, 0.8), (0.19, 0.64, 1))
            ),
            MOSS.dark,
        )
    _put(c, "tent", 2, TERRACOTTA, 800, 650, 0.6, 620)
    _put(c, "road-bike", 4, SKY, 1200, 668, 0.62, 618)
    _put(c, "backpack", 3, OAK, 1486, 662, 0.3, 690)


def _home(c: Canvas) -> None:
    _room(c, ("#eef0ea", "#dfe3da"), tones("#b8ab97"), 600)
    c.solid(box(700, 70, 640, 250, 10), OAK, 8, 6)
    c.fill("".join(oval(x, y, 4) for x in range(730, 1330, 40) for y in range(96, 310, 40)), OAK.dark)
    with c.moved(turn=-38, about=(800, 200)), c.hung():
        _put(c, "hammer", 1, TERRACOTTA, 800, 290, 0.3, 700)
    for n, x in enumerate((930, 980, 1030)):
        c.drum(x - 11, 118, 22, 76, (TERRACOTTA, MOSS, SKY)[n], r=9)
        c.drum(x - 4, 192, 8, 80, STEEL)
    c.stroke(ring(1120, 190, 44, 44) + line((1120, 146), (1120, 130)), COAL.base, 12)
    c.solid(box(1210, 120, 90, 30, 4), BRASS, 5, 3)
    c.fill(corners((1214, 150), (1296, 150), (1290, 260, 8), (1220, 260, 8)), SAND.lighter)
    c.plank((620, 470), (1360, 470), (1360, 510), (620, 510), material=WALNUT)
    for x in (670, 1300):
        c.solid(box(x - 22, 508, 44, 170, 4), WALNUT, 8, 5)
    c.shadow(985, 682, 400, 16)
    c.plank((690, 610), (1280, 610), (1280, 632), (690, 632), material=WALNUT)
    _put(c, "toolbox", 1, TERRACOTTA, 780, 470, 0.36, 632)
    _put(c, "drill", 1, MOSS, 1030, 472, 0.34, 654)
    _put(c, "paint-can", 1, SKY, 1236, 472, 0.38, 672)
    _put(c, "ladder", 4, OAK, 1452, 676, 0.7, 716)


def _cosmetics(c: Canvas) -> None:
    c.backdrop("#f6ece4", "#ecd9cd", 0)
    c.fill("M760 700V330C760 60 1280 60 1280 330V700Z", "#e3c5b5")
    c.fill("M800 700V336C800 110 1240 110 1240 336V700Z", "#ecd6ca")
    c.fill(oval(1430, 200, 90), "#f3dfd2")
    c.fill(box(0, 620, WIDE, 80), "#dcc0b0")
    c.fill(box(0, 620, WIDE, 6), "#f0ddd1")
    for x, y, turn in ((1300, 640, -100), (1310, 640, -76), (1470, 640, -74)):
        with c.moved(turn=turn, about=(x, y)):
            c.stroke(line((x, y), (x + 200, y)), MOSS.base, 6)
            for n in range(5):
                at = x + 40 + 36 * n
                for side in (-1, 1):
                    c.fill(
                        blob((at, y), (at + 14, y + side * 26), (at + 48, y + side * 36), (at + 34, y + side * 8)),
                        LEAF.base if side < 0 else MOSS.base,
                    )
    for x, y, half, tone in (
        (1390, 520, 130, PAPER),
        (1020, 470, 200, tones("#e9d3c6")),
        (720, 560, 120, tones("#d9b9a8")),
    ):
        c.shadow(x, 640, half * 1.3, 18)
        c.drum(x - half, y, half * 2, 640 - y, tone, half * 0.2)
        c.fill(oval(x, y, half, half * 0.2), tone.light)
    _put(c, "serum", 1, tones("#b98a5a"), 960, 482, 0.46, 690)
    _put(c, "body-lotion", 1, MOSS, 1110, 486, 0.42, 706)
    _put(c, "face-cream", 1, TERRACOTTA, 1390, 530, 0.42, 580)
    _put(c, "candle", 1, TERRACOTTA, 720, 570, 0.34, 648)


def _cafe(c: Canvas) -> None:
    c.backdrop("#f4eadb", "#e6d3b8", 0)
    c.fill(box(700, 70, 520, 330, 8), WALNUT.base)
    c.fill(box(714, 84, 492, 302), "#cfe2e2")
    c.fill(corners((714, 330), (820, 260), (900, 310), (1010, 230), (1206, 330), (1206, 386), (714, 386)), "#a9bfae")
    c.fill(corners((714, 84), (900, 84), (790, 386), (714, 386)), "#ffffff", 0.35)
    c.fill(box(954, 84, 12, 302) + box(714, 220, 492, 10), WALNUT.base)
    c.fill(box(1340, 150, 230, 14, 4) + box(1340, 270, 230, 14, 4), WALNUT.base)
    for n, x in enumerate((1352, 1404, 1456, 1508)):
        c.drum(x, 92, 40, 58, (MOSS, TERRACOTTA, SAND, SKY)[n], r=6)
        c.drum(x + 2, 226, 36, 44, (PAPER, CREAM, PAPER, TERRACOTTA)[n], r=8)
    for x, y, tone in ((640, 120, TERRACOTTA), (960, 70, TERRACOTTA), (1256, 120, TERRACOTTA)):
        c.stroke(line((x, 0), (x, y)), COAL.base, 4)
        c.glow(x, y + 90, 90)
        c.round_body(
            f"M{x - 60} {y + 70}C{x - 60} {y + 20} {x - 30} {y} {x} {y}S{x + 60} {y + 20} {x + 60} {y + 70}Z",
            x - 60,
            x + 60,
            tone,
        )
        c.fill(oval(x, y + 70, 60, 10), "#ffe9b4")
    c.fill(box(560, 520, 1040, 180), MOSS.base)
    c.stroke("".join(line((x, 560), (x, 700)) for x in range(600, 1600, 60)), MOSS.dark, 5, 0.7)
    c.solid(box(540, 492, 1080, 40, 8), OAK, 9, 6)
    c.grain((640, 514, 240), (960, 518, 260), (1300, 512, 200), material=OAK)
    _put(c, "espresso-cup", 1, PAPER, 690, 500, 0.3, 648)
    _put(c, "cake", 1, SKY, 900, 498, 0.42, 690)
    _put(c, "croissant", 1, TERRACOTTA, 1140, 500, 0.36, 592)
    _put(c, "coffee-maker", 5, COAL, 1420, 498, 0.52, 686)


SCENES: dict[str, tuple[str, Callable[[Canvas], None]]] = {
    "furniture": ("A living room with a sofa, a lamp and a plant", _furniture),
    "sport": ("A tent, a bicycle and a backpack below the mountains", _sport),
    "home": ("A workbench with tools on the wall and a ladder", _home),
    "cosmetics": ("Bottles, a jar and a candle on stone plinths", _cosmetics),
    "cafe": ("A café counter with cake, coffee and a croissant", _cafe),
}
