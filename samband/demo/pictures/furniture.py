"""Furniture to eat, work, keep things and see by."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from samband.demo.pictures.canvas import Canvas
from samband.demo.pictures.register import draws
from samband.demo.pictures.shades import (
    BRASS,
    COAL,
    GLASS,
    INK,
    IRON,
    MOSS,
    OAK,
    PAPER,
    SAND,
    SKY,
    STEEL,
    TERRACOTTA,
    WALNUT,
    Tones,
    luminance,
    mix,
    shaded,
)
from samband.demo.pictures.shapes import arc, blob, box, corners, line, oval, polar, ring, wave


def table_top(
    c: Canvas, back: tuple[float, float], front: tuple[float, float], y: float, depth: float, thick: float
) -> None:
    """A slab seen a little from above; `back` and `front` are the left and right ends of its edges."""
    c.solid(
        corners(
            (back[0], y, 10), (back[1], y, 10), (front[1], y + depth, 8), (front[1], y + depth + thick, 6),
            (front[0], y + depth + thick, 6), (front[0], y + depth, 8),
        ), c.body, 7, 0,
    )  # fmt: skip
    c.fill(
        corners((back[0], y, 10), (back[1], y, 10), (front[1], y + depth, 8), (front[0], y + depth, 8)), c.body.light
    )
    if c.body.edge:
        c.stroke(line((front[0], y + depth), (front[1], y + depth)), c.body.edge, 2.5)
    span = front[1] - front[0]
    for share, start, length in ((0.3, 0.2, 0.3), (0.6, 0.5, 0.32), (0.8, 0.14, 0.26)):
        c.grain((front[0] + span * start, y + depth * share, span * length), material=c.body)


@draws("coffee-table", "Coffee table")
def coffee_table(c: Canvas, look: int) -> None:
    with c.moved(y=-40):
        c.shadow(400, 640, 300, 24)
        (_plain_coffee, _round_coffee, _shelf_coffee, _nest_coffee, _block_coffee)[look - 1](c)


def _plain_coffee(c: Canvas) -> None:
    for x, lean in ((212, 6), (588, -6)):
        c.leg((x, 490), (x + lean, 612), shaded(c.body), 22, 14)
    for x, lean in ((150, -18), (650, 18)):
        c.leg((x, 490), (x + lean, 648), c.body, 28, 16)
    table_top(c, (164, 636), (94, 706), 424, 52, 26)
    _magazine(c, 300, 436)
    _vase(c, 520, 446, TERRACOTTA)


def _round_coffee(c: Canvas) -> None:
    c.leg((400, 480), (400, 604), shaded(c.body), 26, 18)
    for x, foot in ((236, 200), (564, 600)):
        c.leg((x, 480), (foot, 650), c.body, 32, 18)
    c.drum(120, 440, 560, 26, c.body, 62)
    c.fill(oval(400, 440, 280, 62), c.body.light)
    c.stroke(oval(400, 442, 250, 52), c.body.dark, 3, 0.35)
    c.grain((250, 420, 160), (330, 474, 200), material=c.body)
    c.drum(330, 404, 64, 34, PAPER, 7)
    c.fill(oval(362, 404, 32, 7), PAPER.dark)
    c.fill(oval(362, 405, 26, 5), "#6b4632")
    c.stroke(arc(398, 420, 13, 13, -80, 80), PAPER.dark, 7)


def _shelf_coffee(c: Canvas) -> None:
    for x in (170, 630):
        c.tube(line((x, 480), (x, 606)), IRON, 13)
    c.solid(
        corners((186, 566, 6), (614, 566, 6), (668, 598, 6), (668, 612, 4), (132, 612, 4), (132, 598, 6)), c.body, 5, 0
    )
    c.fill(corners((186, 566), (614, 566), (668, 596), (132, 596)), c.body.light)
    _magazine(c, 420, 560)
    c.solid(box(200, 540, 140, 44, 10), SAND, 7, 4)
    c.stroke("".join(line((x, 544), (x, 580)) for x in range(216, 340, 16)), SAND.dark, 3)
    for x in (110, 690):
        c.tube(line((x, 480), (x, 650)), COAL, 15)
    table_top(c, (170, 630), (90, 710), 424, 50, 24)
    _vase(c, 260, 446, MOSS)


def _nest_coffee(c: Canvas) -> None:
    small = box(396, 500, 296, 24, 10)
    for x, foot in ((436, 424), (654, 668)):
        c.tube(line((x, 516), (foot, 646)), COAL, 12)
    c.solid(small, c.body, 5, 0)
    c.fill(oval(544, 500, 148, 30), c.body.light)
    c.stroke(arc(544, 500, 148, 30, 0, 180), c.body.dark, 5)
    for x, foot in ((170, 148), (470, 492), (320, 320)):
        c.tube(line((x, 450), (foot, 640 if foot != 320 else 604)), COAL, 14)
    c.drum(108, 414, 424, 22, c.body, 50)
    c.fill(oval(320, 414, 212, 50), c.body.light)
    c.grain((200, 398, 130), (270, 436, 150), material=c.body)
    _vase(c, 330, 410, TERRACOTTA)


def _block_coffee(c: Canvas) -> None:
    c.fill(box(150, 622, 500, 26, 4), COAL.deep)
    c.solid(box(112, 470, 576, 156, 14), c.body, 12, 0)
    for x in (130, 408):
        c.fill(box(x, 512, 262, 96, 8), c.body.dark)
        c.solid(box(x + 4, 516, 254, 88, 6), c.body, 6, 4)
        c.fill(oval(x + 131, 548, 9), c.body.deep)
    table_top(c, (168, 632), (100, 700), 420, 54, 24)
    _magazine(c, 250, 436)
    _magazine(c, 262, 426, SKY)


def _magazine(c: Canvas, x: float, y: float, cover: Tones = MOSS) -> None:
    c.fill(corners((x + 12, y + 12), (x + 112, y + 12), (x + 120, y + 32), (x, y + 32)), PAPER.dark)
    c.fill(corners((x + 12, y + 6), (x + 112, y + 6), (x + 120, y + 25), (x, y + 25)), cover.base)
    c.fill(corners((x + 30, y + 11), (x + 74, y + 11), (x + 75, y + 17), (x + 28, y + 17)), cover.lighter)


def _vase(c: Canvas, x: float, y: float, material: Tones) -> None:
    for dx, dy in ((-26, -104), (4, -122), (30, -96)):
        c.stroke(wave((x, y - 40), (x + dx * 0.4, y + dy * 0.6), (x + dx, y + dy)), MOSS.base, 4)
        c.fill(oval(x + dx, y + dy, 10, 15), MOSS.light)
        c.fill(oval(x + dx * 0.5 - 8, y + dy * 0.72, 8, 11), MOSS.base)
    body = blob(
        (x - 12, y - 56),
        (x + 12, y - 56),
        (x + 14, y - 44),
        (x + 30, y - 16),
        (x + 20, y + 10),
        (x - 20, y + 10),
        (x - 30, y - 16),
        (x - 14, y - 44),
    )
    c.solid(body, material, 8, 5)


@draws("dining-table", "Dining table")
def dining_table(c: Canvas, look: int) -> None:
    with c.moved(y=-20):
        c.shadow(400, 648, 350, 24)
        (_farm_table, _pedestal_table, _trestle_table, _tulip_table, _frame_table)[look - 1](c)


def _farm_table(c: Canvas) -> None:
    for x, lean in ((170, 4), (630, -4)):
        c.leg((x, 430), (x + lean, 604), shaded(c.body), 24, 15)
    c.solid(box(96, 410, 608, 46, 6), c.body, 8, 0)
    for x, lean in ((104, -14), (696, 14)):
        c.leg((x, 420), (x + lean, 656), c.body, 34, 20)
    table_top(c, (118, 682), (48, 752), 344, 46, 28)


def _pedestal_table(c: Canvas) -> None:
    for side in (-1, 1):
        c.tube(
            f"M{400 + side * 20} 560C{400 + side * 80} 570 {400 + side * 150} 600 {400 + side * 190} 640", c.body, 28
        )
    c.tube(line((400, 560), (400, 656)), c.body, 30)
    c.round_body(
        blob((352, 420), (448, 420), (436, 480), (454, 540), (436, 596), (364, 596), (346, 540), (364, 480)),
        346,
        454,
        c.body,
    )
    c.drum(88, 372, 624, 28, c.body, 66)
    c.fill(oval(400, 372, 312, 66), c.body.light)
    c.grain((220, 350, 180), (380, 382, 210), (260, 410, 150), material=c.body)


def _trestle_table(c: Canvas) -> None:
    c.tube(line((210, 546), (590, 546)), c.body, 22)
    for x in (204, 596):
        c.tube(line((x - 30, 420), (x + 30, 644)), c.body, 26)
        c.tube(line((x + 30, 420), (x - 30, 644)), c.body, 26)
        c.fill(oval(x, 532, 8), c.body.deep)
    table_top(c, (122, 678), (50, 750), 352, 50, 32)
    c.solid(blob((330, 346), (400, 354), (470, 346), (444, 386), (400, 392), (356, 386)), TERRACOTTA, 7, 0)
    c.fill(oval(400, 348, 70, 12), TERRACOTTA.deep)
    for x, tone in ((366, MOSS), (402, OAK), (436, TERRACOTTA)):
        c.fill(oval(x, 342, 20, 17), tone.base)
        c.fill(oval(x - 6, 336, 6, 5), tone.lighter)


def _tulip_table(c: Canvas) -> None:
    base = blob(
        (386, 420), (414, 420), (420, 560), (470, 622), (540, 644), (400, 662), (260, 644), (330, 622), (380, 560)
    )
    c.round_body(base, 260, 540, PAPER)
    c.drum(112, 378, 576, 18, c.body, 70)
    c.fill(oval(400, 378, 288, 70), c.body.light)
    c.stroke(wave((220, 360), (340, 372), (420, 352), (560, 376)), c.body.dark, 3, 0.6)
    c.stroke(wave((280, 410), (380, 398), (500, 416)), c.body.dark, 3, 0.5)


def _frame_table(c: Canvas) -> None:
    for x in (176, 624):
        c.tube(line((x, 420), (x - 24, 604), (x + 24, 604), (x, 420)), shaded(COAL), 13)
    for x in (112, 688):
        c.tube(line((x, 420), (x - 30, 650), (x + 30, 650), (x, 420)), COAL, 18)
    table_top(c, (114, 686), (44, 756), 356, 48, 40)
    c.stroke(line((44, 424), (756, 424)), c.body.dark, 3, 0.4)
    c.drum(376, 330, 48, 56, SKY, 8)
    c.fill(oval(400, 330, 24, 8), SKY.deep)
    c.ears(400, 278, 56, MOSS.base)


@draws("desk", "Desk")
def desk(c: Canvas, look: int) -> None:
    with c.moved(y=-10):
        c.shadow(400, 658, 340, 24)
        (_drawer_desk, _standing_desk, _trestle_desk, _secretary, _gaming_desk)[look - 1](c)


def _drawer(
    c: Canvas, x: float, y: float, width: float, height: float, knob: str, material: Tones | None = None
) -> None:
    material = material or c.body
    c.fill(box(x - 3, y - 3, width + 6, height + 6, 7), material.deep, 0.8)
    c.solid(box(x, y, width, height, 5), material, 5, 4)
    if knob == "bar":
        c.stroke(line((x + width / 2 - 22, y + height * 0.4), (x + width / 2 + 22, y + height * 0.4)), BRASS.dark, 8)
        c.stroke(
            line((x + width / 2 - 22, y + height * 0.4 - 2), (x + width / 2 + 20, y + height * 0.4 - 2)),
            BRASS.light,
            2.5,
        )
    elif knob == "round":
        c.fill(oval(x + width / 2 + 2, y + height / 2 + 3, 10), material.deep, 0.7)
        c.fill(oval(x + width / 2, y + height / 2, 9), BRASS.base)
        c.fill(oval(x + width / 2 - 3, y + height / 2 - 3, 3.5), BRASS.lighter)
    elif knob == "slot":
        c.fill(box(x + width / 2 - 34, y, 68, 15, (0, 0, 8, 8)), material.deep)
    elif knob == "leather":
        c.solid(box(x + width / 2 - 8, y + height * 0.3, 16, 34, (2, 2, 8, 8)), OAK, 3, 0)


def _drawer_desk(c: Canvas) -> None:
    for x in (150, 530):
        c.leg((x, 460), (x, 616), shaded(c.body), 18, 13)
    for x, lean in ((98, -12), (702, 12)):
        c.leg((x, 430), (x + lean, 664), c.body, 26, 16)
    c.solid(box(82, 418, 636, 70, 8), c.body, 8, 0)
    _drawer(c, 110, 430, 268, 46, "round")
    _drawer(c, 422, 430, 268, 46, "round")
    table_top(c, (118, 682), (56, 744), 368, 36, 22)
    _laptop(c, 400, 384)
    c.drum(586, 340, 40, 46, TERRACOTTA, 6)
    for x, top, tone in ((594, 296, MOSS), (606, 286, OAK), (618, 300, SKY)):
        c.stroke(line((606, 344), (x, top)), tone.base, 6)


def _laptop(c: Canvas, x: float, y: float) -> None:
    c.solid(box(x - 92, y - 124, 184, 122, 10), COAL, 0, 4)
    c.fill(box(x - 82, y - 114, 164, 100, 4), SKY.base)
    c.fill(corners((x - 82, y - 114), (x + 20, y - 114), (x - 52, y - 14), (x - 82, y - 14)), SKY.light, 0.7)
    c.solid(corners((x - 92, y - 4, 4), (x + 92, y - 4, 4), (x + 112, y + 10, 5), (x - 112, y + 10, 5)), STEEL, 4, 3)


def _standing_desk(c: Canvas) -> None:
    for x in (190, 610):
        c.drum(x - 24, 400, 48, 130, IRON, r=3)
        c.drum(x - 17, 520, 34, 124, STEEL, r=3)
        c.solid(box(x - 78, 640, 156, 22, 10), IRON, 6, 4)
    c.solid(box(150, 398, 500, 26, 4), IRON, 6, 0)
    table_top(c, (116, 684), (60, 740), 350, 34, 24)
    c.solid(box(600, 402, 70, 24, 6), COAL, 4, 0)
    c.stroke(line((616, 414), (630, 414)) + line((642, 414), (656, 414)), SKY.base, 5)
    c.drum(390, 300, 20, 60, IRON)
    c.solid(box(330, 356, 140, 14, 7), IRON, 4, 0)
    c.solid(box(256, 164, 288, 166, 12), COAL, 0, 4)
    c.fill(box(268, 176, 264, 136, 4), SKY.base)
    c.fill(corners((268, 176), (430, 176), (340, 312), (268, 312)), SKY.light, 0.7)


def _trestle_desk(c: Canvas) -> None:
    for x in (196, 604):
        c.tube(line((x - 10, 420), (x - 66, 654)), OAK, 20)
        c.tube(line((x + 10, 420), (x + 66, 654)), OAK, 20)
        c.tube(line((x - 48, 566), (x + 48, 566)), OAK, 14)
        c.tube(line((x - 56, 416), (x + 56, 416)), OAK, 18)
    table_top(c, (112, 688), (50, 750), 356, 36, 18)
    c.stroke(line((210, 372), (260, 300), (218, 226), (290, 190)), COAL.base, 9)
    c.fill(oval(260, 300, 9), COAL.light)
    c.solid(box(176, 366, 72, 16, 8), COAL, 4, 3)
    c.solid(corners((276, 168, 10), (330, 190, 10), (326, 252, 8), (252, 222, 8)), TERRACOTTA, 8, 5)
    _magazine(c, 420, 356)
    _magazine(c, 430, 346, TERRACOTTA)


def _secretary(c: Canvas) -> None:
    for x, lean in ((152, -10), (648, 10)):
        c.leg((x, 520), (x + lean, 664), c.body, 24, 15)
    c.solid(box(124, 214, 552, 324, 10), c.body, 12, 7)
    c.fill(box(146, 236, 508, 144, 4), c.body.deep)
    for x in (144, 312, 480):
        c.fill(box(x + 2, 306, 174, 10), c.body.base)
    for x in (312, 480):
        c.fill(box(x, 236, 10, 144), c.body.base)
    for x, height, tone in ((160, 52, TERRACOTTA), (178, 58, SAND), (196, 46, SKY), (500, 54, MOSS), (518, 48, PAPER)):
        c.fill(box(x, 306 - height, 15, height, 2), tone.base)
    c.solid(box(346, 330, 108, 48, 5), SAND, 4, 0)
    _drawer(c, 142, 452, 252, 70, "bar")
    _drawer(c, 406, 452, 252, 70, "bar")
    table_top(c, (130, 670), (84, 716), 382, 32, 18)
    c.fill(corners((330, 388), (430, 388), (436, 408), (320, 408)), PAPER.base)
    c.stroke(line((450, 404), (486, 392)), INK.base, 5)


def _gaming_desk(c: Canvas) -> None:
    c.solid(box(90, 408, 186, 246, 8), c.body, 10, 5)
    for y in (420, 498, 576):
        _drawer(c, 104, y, 158, 64, "slot")
    c.tube(line((690, 410), (690, 654)), COAL, 20)
    c.tube(line((560, 410), (560, 610)), shaded(COAL), 16)
    c.tube(line((560, 610), (690, 654)), COAL, 14)
    table_top(c, (120, 680), (64, 736), 362, 36, 26)
    _laptop(c, 440, 380)
    c.drum(200, 338, 52, 44, PAPER, 7)
    c.ears(226, 300, 44, MOSS.base)


@draws("wardrobe", "Wardrobe")
def wardrobe(c: Canvas, look: int) -> None:
    c.shadow(400, 712, 250, 22)
    (_two_doors, _sliding_doors, _shaker_doors, _open_wardrobe, _mirror_doors)[look - 1](c)


def _two_doors(c: Canvas) -> None:
    for x, lean in ((212, -8), (588, 8)):
        c.leg((x, 640), (x + lean, 712), OAK, 24, 15)
    c.solid(box(172, 96, 456, 560, 12), c.body, 12, 7)
    for x in (190, 404):
        c.fill(box(x - 3, 113, 212, 526, 6), c.body.deep, 0.7)
        c.solid(box(x, 116, 206, 520, 5), c.body, 6, 4)
    for x in (380, 420):
        c.tube(line((x, 340), (x, 420)), BRASS, 10)


def _sliding_doors(c: Canvas) -> None:
    c.fill(box(150, 690, 500, 22, 4), COAL.deep)
    c.solid(box(134, 92, 532, 604, 8), c.body, 12, 6)
    c.fill(box(152, 112, 496, 566), c.body.deep)
    c.solid(box(152, 116, 256, 558, 3), c.body, 6, 4)
    c.solid(box(396, 120, 252, 554, 3), OAK, 8, 5)
    c.stroke("".join(line((x, 126), (x, 668)) for x in range(416, 640, 20)), OAK.dark, 4)
    for x in (388, 412):
        c.fill(box(x, 330, 9, 130, 4), COAL.base if x > 400 else c.body.deep)


def _shaker_doors(c: Canvas) -> None:
    c.solid(corners((150, 88, 6), (650, 88, 6), (634, 122), (166, 122)), c.body, 7, 4)
    c.solid(box(170, 120, 460, 574, 6), c.body, 12, 6)
    c.solid(box(156, 680, 488, 32, 6), c.body, 7, 4)
    for x in (184, 404):
        c.fill(box(x - 3, 135, 218, 394, 5), c.body.deep, 0.7)
        c.solid(box(x, 138, 212, 388, 4), c.body, 5, 4)
        for y, height in ((166, 150), (346, 152)):
            c.fill(box(x + 28, y, 156, height, 2), c.body.dark)
            c.fill(box(x + 36, y + 9, 148, height - 9, 2), c.body.base)
            c.stroke(line((x + 184, y + 6), (x + 184, y + height), (x + 34, y + height)), c.body.light, 4)
    _drawer(c, 186, 546, 428, 112, "none")
    for x in (378, 422):
        c.fill(oval(x, 330, 9), BRASS.base)
    for x in (290, 510):
        c.fill(oval(x, 602, 9), BRASS.base)


def _open_wardrobe(c: Canvas) -> None:
    c.solid(box(150, 100, 500, 600, 8), c.body, 0, 6)
    c.fill(box(172, 122, 266, 500), c.body.deep)
    c.fill(box(458, 122, 172, 300), c.body.deep)
    c.tube(line((172, 166), (438, 166)), STEEL, 9)
    for x, length, tone in (
        (196, 280, MOSS),
        (240, 250, SAND),
        (284, 310, TERRACOTTA),
        (330, 236, SKY),
        (376, 270, PAPER),
    ):
        c.stroke(f"M{x + 14} 166q0 12 -2 18", STEEL.light, 4)
        garment = corners((x - 12, 196, 14), (x + 40, 196, 14), (x + 46, 190 + length, 6), (x - 16, 190 + length, 6))
        c.solid(garment, tone, 7, 4)
    for y in (220, 318):
        c.fill(box(458, y, 172, 12), c.body.base)
    for x, y, height, tone in (
        (474, 220, 44, SAND),
        (550, 220, 62, SKY),
        (474, 318, 60, PAPER),
        (552, 318, 40, MOSS),
        (490, 422, 60, OAK),
    ):
        c.solid(box(x, y - height, 66, height, 8), tone, 6, 4)
    for y in (434, 500, 566):
        _drawer(c, 462, y, 164, 54, "slot")
    _drawer(c, 176, 634, 450, 50, "slot")
    c.fill(box(170, 700, 40, 14) + box(590, 700, 40, 14), COAL.deep)


def _mirror_doors(c: Canvas) -> None:
    for x in (160, 640):
        c.leg((x, 670), (x, 714), c.body, 28, 22)
    c.solid(box(128, 100, 544, 584, 18), c.body, 12, 7)
    for x, width in ((148, 164), (318, 164), (488, 164)):
        c.fill(box(x - 3, 119, width + 6, 546, 8), c.body.deep, 0.7)
        c.solid(box(x, 122, width, 540, 6), c.body, 5, 4)
    c.solid(box(334, 142, 132, 500, 62), GLASS, 6, 5)
    c.gleam((362, 300), (420, 210), 14)
    c.gleam((368, 350), (440, 240), 7)
    for x in (298, 502):
        c.fill(oval(x, 392, 9), BRASS.base)


@draws("bookcase", "Bookcase")
def bookcase(c: Canvas, look: int) -> None:
    c.shadow(400, 716, 230, 20)
    (_straight_case, _ladder_case, _cube_case, _industrial_case, _door_case)[look - 1](c)


_SPINES = (
    (20, 92, TERRACOTTA),
    (26, 104, SAND),
    (16, 84, MOSS),
    (22, 98, SKY),
    (18, 76, PAPER),
    (28, 90, INK),
    (16, 100, OAK),
    (22, 80, TERRACOTTA),
)


def _books(c: Canvas, x: float, y: float, room: float, first: int = 0, tall: float = 1) -> None:
    """Books standing on a shelf at y, filling `room`. Volumes of one colour are one stroke."""
    volumes: dict[Tones, list[str]] = {}
    index = first
    while room >= _SPINES[index % len(_SPINES)][0]:
        width, height, tone = _SPINES[index % len(_SPINES)]
        volumes.setdefault(tone, []).extend(
            (box(x, y - height * tall, width, height * tall), box(x + width - 6, y - height * tall, 6, height * tall))
        )
        x, room, index = x + width + 1, room - width - 1, index + 1
    for tone, shapes in volumes.items():
        c.fill("".join(shapes[::2]), tone.base)
        c.fill("".join(shapes[1::2]), tone.dark)


def _pot(c: Canvas, x: float, y: float, material: Tones = TERRACOTTA) -> None:
    c.ears(x, y - 60, 42, MOSS.base)
    c.solid(corners((x - 26, y - 44, 4), (x + 26, y - 44, 4), (x + 19, y, 5), (x - 19, y, 5)), material, 6, 4)


def _lying(c: Canvas, x: float, y: float) -> None:
    for row, (width, tone) in enumerate(((104, MOSS), (92, SAND), (98, TERRACOTTA))):
        c.fill(box(x + (104 - width) / 2, y - 18 * (row + 1), width, 17, 3), tone.base)
        c.fill(box(x + (104 - width) / 2 + width - 18, y - 18 * (row + 1) + 3, 18, 11), PAPER.base)


def _straight_case(c: Canvas) -> None:
    c.solid(box(206, 90, 388, 628, 6), c.body, 10, 6)
    for y in (216, 336, 456, 576, 696):
        c.fill(box(226, y - 108, 348, 108), c.body.deep)
        c.fill(box(226, y - 108, 348, 16), "#141c24", 0.25)
    _books(c, 234, 216, 180)
    _pot(c, 520, 216)
    _lying(c, 244, 336)
    _books(c, 380, 336, 180, 3)
    _books(c, 234, 456, 240, 5)
    c.solid(box(250, 506, 130, 70, 8), SAND, 7, 4)
    c.stroke(line((296, 532), (334, 532)), SAND.deep, 6)
    _books(c, 420, 576, 140, 2)
    _books(c, 234, 696, 130, 6)
    c.solid(box(410, 624, 140, 72, 8), OAK, 7, 4)
    c.stroke(line((460, 650), (500, 650)), OAK.deep, 6)


def _ladder_case(c: Canvas) -> None:
    for x, foot in ((304, 200), (496, 600)):
        c.tube(line((x, 84), (foot, 714)), c.body, 20)
    for y, reach in ((210, 128), (340, 152), (470, 176), (600, 200)):
        c.solid(
            corners((408 - reach, y - 10), (392 + reach, y - 10), (400 + reach, y + 12, 3), (400 - reach, y + 12, 3)),
            c.body,
            5,
            4,
        )
    _books(c, 310, 200, 110, 1)
    _pot(c, 458, 200)
    _books(c, 280, 330, 150, 4)
    _lying(c, 430, 330)
    _pot(c, 290, 460, SKY)
    _books(c, 360, 460, 170, 2)
    c.solid(box(240, 508, 140, 82, 8), SAND, 7, 4)
    c.stroke(line((290, 540), (330, 540)), SAND.deep, 6)
    _books(c, 420, 590, 140, 5)


def _cube_case(c: Canvas) -> None:
    c.solid(box(160, 164, 480, 552, 8), c.body, 10, 6)
    for row in range(3):
        for column in range(3):
            c.fill(box(178 + 152 * column, 182 + 176 * row, 140, 164), c.body.deep)
    _books(c, 184, 346, 120)
    _pot(c, 400, 346)
    _books(c, 490, 346, 122, 3, 1.2)
    c.solid(box(184, 386, 128, 134, 6), TERRACOTTA, 8, 5)
    c.stroke(line((228, 430), (268, 430)), TERRACOTTA.deep, 7)
    _lying(c, 346, 522)
    _books(c, 490, 522, 122, 6, 1.1)
    _books(c, 184, 698, 122, 1, 1.25)
    c.solid(box(336, 562, 128, 134, 6), SAND, 8, 5)
    c.stroke(line((380, 606), (420, 606)), SAND.deep, 7)
    _pot(c, 552, 698, SKY)


def _industrial_case(c: Canvas) -> None:
    for x in (192, 608):
        c.tube(line((x, 100), (x, 714)), COAL, 16)
    c.tube(line((200, 580), (600, 704)) + line((600, 580), (200, 704)), shaded(COAL), 6)
    for y in (130, 276, 422, 568, 690):
        c.solid(box(172, y, 456, 20, 4), c.body, 5, 4)
    _books(c, 220, 276, 150)
    _pot(c, 540, 276)
    _lying(c, 240, 422)
    _books(c, 400, 422, 180, 4)
    _books(c, 210, 568, 220, 2)
    c.drum(500, 500, 70, 68, PAPER, 8)
    c.drum(300, 92, 50, 38, TERRACOTTA, 6)


def _door_case(c: Canvas) -> None:
    for x, lean in ((222, -8), (578, 8)):
        c.leg((x, 660), (x + lean, 716), WALNUT, 24, 15)
    c.solid(box(186, 90, 428, 582, 10), c.body, 10, 6)
    for y in (220, 346, 472):
        c.fill(box(206, y - 112, 388, 112), c.body.deep)
    _books(c, 214, 220, 220)
    _pot(c, 540, 220)
    _books(c, 214, 346, 120, 5)
    c.solid(ring(470, 300, 44, 26), BRASS, 6, 4)
    _lying(c, 230, 472)
    _books(c, 400, 472, 180, 2)
    for x in (206, 404):
        c.fill(box(x - 3, 489, 196, 166, 6), c.body.deep, 0.7)
        c.solid(box(x, 492, 190, 160, 5), c.body, 5, 4)
        c.stroke("".join(line((x + 18, y), (x + 172, y)) for y in range(514, 640, 14)), c.body.seam, 3, 0.5)
    for x in (382, 418):
        c.fill(oval(x, 572, 8), BRASS.base)


@draws("floor-lamp", "Floor lamp")
def floor_lamp(c: Canvas, look: int) -> None:
    c.shadow(400, 720, 150, 18)
    (_drum_lamp, _arc_lamp, _tripod_lamp, _globe_lamp, _reading_lamp)[look - 1](c)


def _disc_foot(c: Canvas, x: float, y: float, r: float, metal: Tones) -> None:
    c.fill(oval(x, y + 8, r, r * 0.14), metal.deep)
    c.fill(oval(x, y, r, r * 0.14), metal.base)
    c.fill(oval(x - r * 0.1, y - 2, r * 0.8, r * 0.09), metal.light)


def _drum_lamp(c: Canvas) -> None:
    c.glow(400, 210, 210)
    _disc_foot(c, 400, 708, 112, COAL)
    c.tube(line((400, 300), (400, 704)), COAL, 13)
    c.round_body(corners((316, 106, 8), (484, 106, 8), (528, 304, 8), (272, 304, 8)), 280, 520, c.body)
    c.stroke(line((316, 114), (484, 114)) + line((275, 295), (525, 295)), c.body.dark, 4, 0.7)
    c.stroke(line((440, 304), (440, 350)), BRASS.base, 4)
    c.fill(oval(440, 354, 7), BRASS.base)


def _arc_lamp(c: Canvas) -> None:
    c.glow(240, 330, 170)
    c.solid(box(474, 680, 190, 38, 8), PAPER, 8, 5)
    c.tube("M580 684C640 330 560 100 400 96C290 94 244 150 240 226", BRASS, 13)
    c.round_body("M130 340C130 250 184 210 240 210S350 250 350 340Z", 130, 350, c.body)
    c.fill(oval(240, 340, 110, 20), c.body.deep)
    c.fill(oval(240, 342, 78, 12), "#ffe9b4")


def _tripod_lamp(c: Canvas) -> None:
    c.glow(400, 210, 210)
    c.leg((400, 330), (400, 690), shaded(OAK), 16, 16)
    c.leg((384, 330), (256, 718), OAK, 18, 16)
    c.leg((416, 330), (544, 718), OAK, 18, 16)
    c.solid(box(366, 320, 68, 34, 8), BRASS, 5, 4)
    c.stroke(line((330, 520), (470, 520)), BRASS.base, 5)
    c.drum(272, 112, 256, 196, c.body, 16)
    c.fill(oval(400, 112, 128, 16), c.body.lighter)
    c.stroke(oval(400, 112, 128, 16), c.body.dark, 2.5, 0.6)


def _globe_lamp(c: Canvas) -> None:
    _disc_foot(c, 400, 708, 110, c.body)
    c.tube(line((400, 150), (400, 704)), c.body, 12)
    for x, y, r in ((400, 150, 66), (300, 286, 56), (506, 340, 56)):
        c.glow(x, y, r * 2.1)
        if x != 400:
            c.tube(f"M400 {y + 130}C400 {y + 70} {x} {y + 110} {x} {y + 44}", c.body, 10)
        c.solid(oval(x, y, r), PAPER, r * 0.2, 4)
        c.fill(oval(x - r * 0.14, y - r * 0.14, r * 0.55), "#fff2cf")
        c.solid(box(x - 22, y + r - 10, 44, 20, 6), c.body, 4, 3)


def _reading_lamp(c: Canvas) -> None:
    c.glow(258, 300, 170)
    _disc_foot(c, 440, 708, 106, c.body)
    c.tube(line((440, 706), (440, 250)), c.body, 13)
    c.tube(line((490, 150), (440, 250), (310, 226)), c.body, 11)
    c.fill(oval(440, 250, 16), BRASS.base)
    c.fill(oval(436, 246, 6), BRASS.lighter)
    with c.moved(turn=24, about=(280, 236)):
        c.solid(box(252, 158, 56, 34, 10), c.body, 5, 4)
        c.round_body(corners((244, 184, 16), (316, 184, 16), (358, 300, 6), (202, 300, 6)), 202, 358, c.body)
        c.fill(oval(280, 300, 77, 13), c.body.deep)
        c.fill(oval(280, 302, 56, 9), "#ffe9b4")


@draws("table-lamp", "Table lamp")
def table_lamp(c: Canvas, look: int) -> None:
    c.shadow(400, 652, 180, 20)
    (_cone_table_lamp, _mushroom_lamp, _architect_lamp, _vase_lamp, _lantern_lamp)[look - 1](c)


def _cone_table_lamp(c: Canvas) -> None:
    c.glow(400, 300, 250)
    _disc_foot(c, 400, 640, 108, OAK)
    c.drum(386, 400, 28, 236, OAK)
    c.round_body(corners((332, 168, 10), (468, 168, 10), (566, 414, 10), (234, 414, 10)), 246, 554, c.body)
    c.stroke(line((240, 402), (560, 402)) + line((334, 180), (466, 180)), c.body.dark, 5, 0.7)


def _mushroom_lamp(c: Canvas) -> None:
    c.glow(400, 420, 230)
    c.round_body(
        blob((364, 380), (436, 380), (446, 500), (500, 612), (492, 648), (308, 648), (300, 612), (354, 500)),
        300,
        500,
        c.body,
    )
    c.fill(oval(400, 398, 190, 34), c.body.deep)
    c.fill(oval(400, 402, 120, 18), "#ffe9b4")
    dome = "M206 396C206 246 300 180 400 180S594 246 594 396C520 372 280 372 206 396Z"
    c.round_body(dome, 206, 594, c.body)
    c.fill(blob((262, 316), (300, 250), (350, 222), (342, 240), (300, 290), (276, 330)), c.body.lighter, 0.8)


def _architect_lamp(c: Canvas) -> None:
    c.glow(238, 400, 170)
    _disc_foot(c, 480, 640, 112, c.body)
    for shift in (-7, 7):
        c.tube(line((480 + shift, 628), (570 + shift, 430)), STEEL, 9)
        c.tube(line((570, 430 + shift), (318, 266 + shift)), STEEL, 9)
    for x, y in ((480, 626), (570, 430), (316, 264)):
        c.fill(oval(x, y, 20), c.body.dark)
        c.fill(oval(x - 3, y - 3, 13), c.body.light)
    with c.moved(turn=22, about=(300, 280)):
        c.solid(box(274, 206, 52, 50, 14), c.body, 6, 5)
        c.round_body("M200 388C200 300 250 244 300 244S400 300 400 388Z", 200, 400, c.body)
        c.fill(oval(300, 388, 100, 17), c.body.deep)
        c.fill(oval(300, 391, 70, 10), "#ffe9b4")


def _vase_lamp(c: Canvas) -> None:
    c.glow(400, 270, 240)
    body = blob(
        (376, 396),
        (424, 396),
        (432, 430),
        (498, 500),
        (506, 570),
        (462, 636),
        (400, 646),
        (338, 636),
        (294, 570),
        (302, 500),
        (368, 430),
    )
    c.round_body(body, 294, 506, c.body)
    with c.within(body):
        c.stroke(
            wave((290, 520), (400, 540), (510, 520)) + wave((290, 574), (400, 594), (510, 574)), c.body.lighter, 5, 0.8
        )
    c.solid(box(350, 636, 100, 20, 8), BRASS, 5, 4)
    c.drum(386, 366, 28, 40, BRASS)
    c.round_body(corners((302, 170, 8), (498, 170, 8), (542, 376, 8), (258, 376, 8)), 264, 536, PAPER)
    c.stroke(line((262, 366), (538, 366)) + line((304, 180), (496, 180)), SAND.base, 6)


def _lantern_lamp(c: Canvas) -> None:
    c.glow(400, 420, 250)
    c.tube("M300 300C300 120 500 120 500 300", c.body, 13)
    c.solid(corners((330, 248, 12), (470, 248, 12), (520, 300, 6), (280, 300, 6)), c.body, 8, 6)
    c.fill(box(292, 300, 216, 280), GLASS.base, 0.8)
    c.fill(oval(400, 440, 74, 100), "#ffe6ab", 0.75)
    c.fill(oval(400, 440, 38, 60), "#fff6dd")
    c.gleam((316, 330), (316, 540), 9, 0.8)
    for x in (292, 508):
        c.tube(line((x, 300), (x, 590)), c.body, 14)
    c.stroke(line((364, 304), (364, 580)) + line((436, 304), (436, 580)), c.body.dark, 5)
    c.solid(corners((274, 580, 8), (526, 580, 8), (546, 648, 14), (254, 648, 14)), c.body, 10, 7)


@draws("rug", "Rug")
def rug(c: Canvas, look: int) -> None:
    if look == 3:
        _round_rug(c)
        return
    c.shadow(404, 620, 390, 40)
    flat = corners((190, 250, 8), (610, 250, 8), (726, 610, 8), (74, 610, 8))
    if look in (1, 4):
        _fringe(c)
    c.solid(flat, c.body, 7, 5)
    with c.within(flat):
        (_border_rug, _stripe_rug, _round_rug, _diamond_rug, _arch_rug)[look - 1](c)


def _at(across: float, along: float) -> tuple[float, float]:
    """A point of the rug on the floor; both coordinates run from 0 to 1."""
    y = 250 + 360 * along
    left, right = 190 - 116 * along, 610 + 116 * along
    return left + (right - left) * across, y


def _patch(*points: tuple[float, float]) -> str:
    return corners(*(_at(*point) for point in points))


def _fringe(c: Canvas) -> None:
    threads = "".join(line(_at(n / 40, 0.99), (_at(n / 40, 1.06)[0], 634)) for n in range(1, 40))
    threads += "".join(line(_at(n / 40, 0.01), (_at(n / 40, -0.03)[0], 238)) for n in range(1, 40))
    c.stroke(threads, SAND.dark, 5)


def _border_rug(c: Canvas) -> None:
    for inset, tone in ((0.07, c.body.lighter), (0.1, c.body.dark), (0.16, c.body.base)):
        c.fill(_patch((inset, inset), (1 - inset, inset), (1 - inset, 1 - inset), (inset, 1 - inset)), tone)
    for size, tone in ((0.3, c.body.light), (0.22, c.body.dark), (0.13, c.body.lighter)):
        c.fill(_patch((0.5, 0.5 - size), (0.5 + size, 0.5), (0.5, 0.5 + size), (0.5 - size, 0.5)), tone)


def _stripe_rug(c: Canvas) -> None:
    for start, thick, tone in ((0.08, 0.05, PAPER.base), (0.18, 0.12, c.body.dark), (0.4, 0.03, PAPER.base), (0.46, 0.1, c.body.light),
                               (0.62, 0.03, PAPER.base), (0.7, 0.12, c.body.dark), (0.88, 0.05, PAPER.base)):  # fmt: skip
        c.fill(_patch((0, start), (1, start), (1, start + thick), (0, start + thick)), tone)


def _round_rug(c: Canvas) -> None:
    c.cast(oval(400, 430, 336, 196), 6)
    c.solid(oval(400, 430, 336, 196), c.body, 8, 5)
    for share, tone in (
        (0.88, c.body.dark),
        (0.84, c.body.base),
        (0.66, c.body.light),
        (0.5, c.body.base),
        (0.46, c.body.dark),
        (0.42, c.body.base),
        (0.2, c.body.light),
    ):
        c.fill(oval(400, 430, 336 * share, 196 * share), tone)
    for share in (0.95, 0.75, 0.58, 0.32):
        c.stroke(oval(400, 430, 336 * share, 196 * share), c.body.seam, 3, 0.35, "10 9")


def _diamond_rug(c: Canvas) -> None:
    net = ""
    for n in range(-4, 9):
        net += line(_at(n / 4, 0), _at((n + 4) / 4, 1)) + line(_at((n + 4) / 4, 0), _at(n / 4, 1))
    c.stroke(net, accent_of(c), 6, 0.85)
    for row in range(4):
        for column in range(5):
            x, y = _at(column / 4 + (0.125 if row % 2 else 0), row / 4 + 0.125)
            c.fill(oval(x, y, 9, 6), accent_of(c), 0.85)


def accent_of(c: Canvas) -> str:
    """A pattern colour that reads on the body colour."""
    return c.body.lighter if luminance(c.body.base) < 0.6 else mix(c.body.base, INK.base, 0.5)


def _arch_rug(c: Canvas) -> None:
    for x, y, size in ((0.3, 1.0, 0.5), (0.78, 1.0, 0.34), (0.66, 0.36, 0.3)):
        for ring_, tone in (
            (1.0, c.body.dark),
            (0.8, PAPER.base),
            (0.62, c.body.light),
            (0.42, c.body.dark),
            (0.22, PAPER.base),
        ):
            cx, cy = _at(x, y)
            c.fill(oval(cx, cy, 420 * size * ring_, 330 * size * ring_), tone)


@draws("tv-bench", "TV bench")
def tv_bench(c: Canvas, look: int) -> None:
    with c.moved(y=-6):
        c.shadow(400, 628, 370, 22)
        if look in (1, 3, 5):
            _television(c)
        (_slat_bench, _open_bench, _low_bench, _retro_bench, _hifi_bench)[look - 1](c)


def _television(c: Canvas) -> None:
    c.solid(box(210, 204, 380, 226, 10), COAL, 0, 4)
    c.fill(box(219, 213, 362, 204, 4), mix(SKY.base, INK.base, 0.55))
    c.fill(corners((219, 213), (430, 213), (300, 417), (219, 417)), SKY.base, 0.28)
    c.fill(box(330, 430, 14, 26) + box(456, 430, 14, 26), COAL.deep)


def _slat_bench(c: Canvas) -> None:
    for x, lean in ((130, -12), (670, 12)):
        c.leg((x, 560), (x + lean, 630), OAK, 22, 14)
    c.solid(box(60, 452, 680, 124, 8), c.body, 10, 6)
    for x in (78, 530):
        c.fill(box(x, 472, 192, 88, 3), c.body.deep)
        c.fill("".join(box(n, 472, 9, 88) for n in range(x + 2, x + 186, 15)), c.body.light)
    c.fill(box(284, 472, 232, 88), c.body.deep)
    c.fill(box(284, 514, 232, 8), c.body.base)
    c.solid(box(320, 490, 130, 24, 4), COAL, 3, 2)
    c.fill(oval(336, 502, 4), SKY.base)
    _lying(c, 350, 560)


def _open_bench(c: Canvas) -> None:
    for x in (90, 710):
        c.tube(line((x - 20, 440), (x - 20, 628), (x + 20, 628), (x + 20, 440)), COAL, 12)
    c.solid(box(54, 420, 692, 26, 5), c.body, 5, 4)
    c.solid(box(54, 570, 692, 24, 5), c.body, 5, 4)
    for x in (280, 510):
        c.fill(box(x, 446, 14, 124), c.body.dark)
    _books(c, 120, 570, 130)
    c.solid(box(322, 496, 160, 74, 8), SAND, 7, 4)
    c.stroke(line((380, 524), (424, 524)), SAND.deep, 7)
    _lying(c, 560, 570)
    _pot(c, 160, 420)
    c.solid(box(540, 350, 96, 70, 4), OAK, 4, 3)
    c.fill(box(550, 360, 76, 50), PAPER.base)
    c.fill(corners((550, 410), (580, 378), (596, 394), (610, 382), (626, 410)), MOSS.base)


def _low_bench(c: Canvas) -> None:
    c.fill(box(110, 608, 580, 22, 4), COAL.deep)
    c.solid(box(50, 452, 700, 160, 12), c.body, 11, 7)
    for x in (66, 292, 518):
        _drawer(c, x + 4, 476, 208, 118, "slot")


def _retro_bench(c: Canvas) -> None:
    for x, lean in ((140, -26), (660, 26)):
        c.leg((x, 540), (x + lean, 632), WALNUT, 24, 13)
    c.solid(box(64, 384, 672, 168, 34), c.body, 12, 8)
    c.fill(box(86, 406, 628, 124, 18), c.body.deep)
    with c.within(box(86, 406, 628, 124, 18)):
        c.fill(box(86, 406, 210, 124), PAPER.base)
        c.fill(box(504, 406, 210, 124), PAPER.base)
        c.fill(box(290, 406, 6, 124) + box(504, 406, 6, 124), c.body.deep)
    c.fill(box(296, 464, 208, 9), c.body.base)
    for x in (262, 538):
        c.fill(oval(x, 468, 10), BRASS.base)
    _lying(c, 340, 530)
    c.solid(box(340, 434, 120, 30, 4), COAL, 3, 2)
    _vase(c, 220, 374, TERRACOTTA)
    c.solid(box(470, 326, 150, 58, 8), OAK, 6, 4)
    c.fill(oval(504, 355, 18), COAL.base)
    c.stroke(line((542, 344), (600, 344)) + line((542, 360), (584, 360)), PAPER.base, 5)


def _hifi_bench(c: Canvas) -> None:
    for x in (110, 690):
        c.drum(x - 20, 590, 40, 40, BRASS, r=4)
    c.solid(box(70, 452, 660, 146, 6), c.body, 10, 6)
    c.fill(box(90, 472, 200, 108), c.body.deep)
    _books(c, 98, 580, 184, 1)
    for x in (304, 516):
        c.fill(box(x - 3, 469, 202, 114, 5), c.body.deep, 0.7)
        c.solid(box(x, 472, 196, 108, 4), c.body, 5, 4)
        weave = "".join(line((x + 18, y), (x + 178, y)) for y in range(488, 570, 12))
        weave += "".join(line((n, 484), (n, 568)) for n in range(x + 20, x + 180, 12))
        c.fill(box(x + 14, 484, 168, 84, 3), OAK.light)
        c.stroke(weave, OAK.dark, 2)


@draws("chest-of-drawers", "Chest of drawers")
def chest_of_drawers(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 270, 22)
    (_four_drawers, _wide_chest, _tall_chest, _curved_chest, _hall_chest)[look - 1](c)


def _four_drawers(c: Canvas) -> None:
    for x, lean in ((206, -10), (594, 10)):
        c.leg((x, 620), (x + lean, 692), OAK, 24, 15)
    c.solid(box(164, 234, 472, 402, 10), c.body, 11, 7)
    for y in (258, 350, 442, 534):
        _drawer(c, 184, y, 432, 82, "slot")
    _vase(c, 300, 224, TERRACOTTA)


def _wide_chest(c: Canvas) -> None:
    for x in (130, 670):
        c.leg((x, 620), (x, 692), c.body, 30, 20)
    c.solid(box(92, 302, 616, 336, 8), c.body, 11, 5)
    c.solid(box(76, 282, 648, 28, 6), c.body, 6, 5)
    for y in (328, 428, 528):
        for x in (110, 408):
            _drawer(c, x, y, 282, 90, "round")
    _lying(c, 520, 282)
    _pot(c, 200, 282)


def _tall_chest(c: Canvas) -> None:
    c.fill(box(264, 676, 272, 16, 3), COAL.deep)
    c.solid(box(244, 116, 312, 564, 10), c.body, 11, 7)
    for row in range(6):
        _drawer(c, 262, 136 + 89 * row, 276, 79, "leather")


def _curved_chest(c: Canvas) -> None:
    for x, side in ((190, -1), (610, 1)):
        c.tube(f"M{x} 600C{x - side * 4} 640 {x + side * 22} 660 {x + side * 14} 688", c.body, 22)
    c.solid(
        blob((160, 268), (400, 260), (640, 268), (652, 420), (634, 600), (400, 636), (166, 600), (148, 420)),
        c.body,
        16,
        10,
    )
    c.solid(box(138, 242, 524, 32, 14), c.body, 7, 5)
    for y, reach in ((290, 236), (396, 240), (502, 230)):
        c.fill(box(400 - reach, y, 2 * reach, 96, 10), c.body.deep, 0.7)
        c.solid(box(403 - reach, y + 3, 2 * reach - 6, 90, 8), c.body, 6, 5)
        for x in (290, 510):
            c.stroke(arc(x, y + 40, 26, 20, 0, 180), BRASS.base, 7)
            c.fill(oval(x - 26, y + 40, 6) + oval(x + 26, y + 40, 6), BRASS.dark)


def _hall_chest(c: Canvas) -> None:
    for x in (170, 630):
        c.tube(line((x, 400), (x, 692)), COAL, 16)
    c.tube(line((170, 650), (630, 650)), COAL, 12)
    c.solid(box(150, 300, 500, 316, 8), c.body, 10, 6)
    for x in (168, 326, 484):
        _drawer(c, x, 320, 148, 74, "round")
    _drawer(c, 168, 412, 464, 86, "bar")
    _drawer(c, 168, 512, 464, 86, "bar")
    c.solid(oval(400, 210, 92), WALNUT, 8, 6)
    c.fill(oval(400, 210, 76), GLASS.base)
    c.gleam((366, 228), (420, 166), 12)
    c.drum(540, 252, 48, 48, SKY, 6)
    c.ears(564, 206, 50, MOSS.base)


@draws("mirror", "Mirror")
def mirror(c: Canvas, look: int) -> None:
    (_round_mirror, _arch_mirror, _leaning_mirror, _oval_mirror, _sun_mirror)[look - 1](c)


def _pane(c: Canvas, shape: str, box_: tuple[float, float, float, float]) -> None:
    """Glass that reflects a quiet room."""
    x, y, width, height = box_
    with c.within(shape):
        c.fill(shape, GLASS.base)
        c.fill(
            corners((x, y), (x + width * 0.72, y), (x + width * 0.2, y + height), (x, y + height)), GLASS.lighter, 0.75
        )
        c.stroke(line((x + width * 0.95, y + height * 0.1), (x + width * 0.5, y + height)), "#fff", 16, 0.5)
        c.fill(box(x, y, width, 12), IRON.base, 0.2)


def _round_mirror(c: Canvas) -> None:
    c.cast(oval(400, 400, 272))
    c.solid(oval(400, 400, 272), c.body, 14, 11)
    c.fill(oval(400, 400, 242), c.body.deep)
    _pane(c, oval(400, 400, 236), (164, 164, 472, 472))


def _arch_mirror(c: Canvas) -> None:
    c.shadow(400, 716, 230, 18)
    outer, inner = "M196 712V296C196 40 604 40 604 296V712Z", "M220 690V298C220 74 580 74 580 298V690Z"
    c.solid(outer, c.body, 10, 9)
    _pane(c, inner, (220, 100, 360, 600))
    c.stroke(line((400, 132), (400, 690)) + line((220, 420), (580, 420)), c.body.dark, 11)
    c.stroke(line((398, 132), (398, 690)) + line((220, 418), (580, 418)), c.body.light, 4)


def _leaning_mirror(c: Canvas) -> None:
    c.shadow(410, 718, 250, 20)
    c.leg((480, 300), (590, 716), shaded(c.body), 16, 16)
    c.solid(corners((262, 84, 26), (530, 84, 26), (556, 720, 26), (222, 720, 26)), c.body, 11, 9)
    _pane(c, corners((288, 112, 14), (505, 112, 14), (528, 692, 14), (252, 692, 14)), (240, 100, 300, 600))


def _oval_mirror(c: Canvas) -> None:
    c.shadow(400, 672, 210, 20)
    c.solid(box(276, 620, 248, 48, 12), c.body, 9, 6)
    _drawer(c, 300, 630, 200, 28, "round")
    for x in (262, 538):
        c.tube(line((x, 640), (x, 330)), c.body, 18)
        c.fill(oval(x, 372, 15), BRASS.base)
    c.solid(oval(400, 360, 138, 236), c.body, 10, 9)
    c.fill(oval(400, 360, 116, 212), c.body.deep)
    _pane(c, oval(400, 360, 112, 208), (288, 152, 224, 416))


def _sun_mirror(c: Canvas) -> None:
    petals = ""
    for n in range(24):
        turn = n * 15
        near, far = (190, 300 if n % 2 == 0 else 262)
        left, right = _spoke(turn - 5.5, near), _spoke(turn + 5.5, near)
        petals += corners(left, (*_spoke(turn - 2.2, far), 4), (*_spoke(turn + 2.2, far), 4), right)
    c.cast(petals)
    c.solid(petals, c.body, 4, 3)
    c.solid(oval(400, 400, 204), c.body, 10, 8)
    c.fill(oval(400, 400, 178), c.body.deep)
    _pane(c, oval(400, 400, 172), (228, 228, 344, 344))


def _spoke(turn: float, reach: float) -> tuple[float, float]:
    return polar(400, 400, reach, turn)
