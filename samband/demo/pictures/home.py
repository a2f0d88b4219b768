"""Goods to build, mend and fit a home with."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from samband.demo.pictures.canvas import Canvas, accent
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
)
from samband.demo.pictures.shapes import arc, blob, box, corners, line, oval, polar, ring, wave


@draws("drill", "Drill")
def drill(c: Canvas, look: int) -> None:
    c.shadow(380, 660, 260, 24)
    with c.moved(x=30, y=14 if look != 4 else 0):
        (_cordless_drill, _hammer_drill, _compact_drill, _hand_drill, _corded_drill)[look - 1](c)


def _bit(c: Canvas, x: float, y: float, length: float, thick: float = 14) -> None:
    c.drum_flat(x - length, y - thick / 2, length, thick, STEEL, 3)
    c.stroke(
        "".join(
            line((x - length + n, y + thick / 2), (x - length + n + 14, y - thick / 2))
            for n in range(6, int(length) - 16, 18)
        ),
        STEEL.deep,
        4,
    )


def _chuck(c: Canvas, x: float, y: float) -> None:
    c.fill(
        corners(
            (x, y - 40, 6),
            (x - 46, y - 30, 6),
            (x - 70, y - 14, 4),
            (x - 70, y + 14, 4),
            (x - 46, y + 30, 6),
            (x, y + 40, 6),
        ),
        COAL.base,
    )
    c.fill(corners((x, y - 40, 6), (x - 46, y - 30, 6), (x - 70, y - 14, 4), (x - 70, y - 4), (x, y - 12)), COAL.light)
    c.stroke("".join(line((x - n, y - 28), (x - n, y + 28)) for n in (12, 24, 36)), COAL.deep, 3)


def _cordless_drill(c: Canvas) -> None:
    _bit(c, 190, 274, 120)
    _chuck(c, 230, 274)
    c.solid(corners((396, 330), (520, 320, 20), (548, 560, 10), (430, 560, 10)), COAL, 12, 7)
    c.solid(
        blob(
            (226, 222), (300, 204), (460, 200), (560, 220), (584, 280), (556, 340), (440, 352), (300, 346), (226, 328)
        ),
        c.body,
        16,
        10,
    )
    c.fill(blob((470, 210), (556, 224), (580, 280), (552, 336), (476, 344)), COAL.base)
    c.stroke(line((506, 240), (552, 246)) + line((506, 268), (560, 270)) + line((506, 296), (552, 294)), COAL.light, 6)
    c.solid(blob((384, 350), (410, 346), (418, 400), (402, 424), (386, 404)), TERRACOTTA, 6, 4)
    c.solid(box(376, 546, 214, 92, 16), c.body, 14, 8)
    c.fill(box(376, 590, 214, 48, (4, 4, 16, 16)), COAL.base)
    c.fill("".join(oval(x, 614, 7) for x in (410, 434, 458)), SKY.base)
    c.fill(box(270, 240, 120, 14, 7), accent(c.body), 0.85)


def _hammer_drill(c: Canvas) -> None:
    _bit(c, 150, 280, 110, 18)
    _chuck(c, 200, 280)
    c.solid(box(196, 226, 70, 108, 14), COAL, 10, 6)
    c.solid(box(210, 330, 40, 180, 18), COAL, 10, 6)
    c.solid(
        blob(
            (258, 224),
            (340, 190),
            (480, 186),
            (590, 206),
            (628, 280),
            (604, 420),
            (560, 560),
            (500, 576),
            (452, 556),
            (462, 470),
            (470, 400),
            (440, 366),
            (340, 360),
            (258, 334),
        ),
        c.body,
        18,
        11,
    )
    c.fill(blob((500, 380), (540, 392), (524, 520), (478, 546), (468, 520)), COAL.base)
    c.solid(blob((440, 386), (470, 382), (474, 440), (456, 462), (440, 440)), COAL, 6, 4)
    c.stroke(line((330, 240), (440, 236)) + line((330, 266), (440, 262)) + line((330, 292), (440, 288)), c.body.deep, 8)
    c.tube(wave((510, 570), (530, 620), (600, 640), (690, 636)), COAL, 15)
    c.fill(oval(560, 250, 24), COAL.base)


def _compact_drill(c: Canvas) -> None:
    _bit(c, 240, 284, 90)
    _chuck(c, 280, 284)
    c.solid(box(276, 222, 270, 126, 56), c.body, 16, 10)
    c.solid(corners((420, 340), (520, 336), (524, 600, 24), (408, 600, 24)), c.body, 14, 0)
    c.fill(corners((440, 380, 14), (504, 380, 14), (506, 580, 14), (432, 580, 14)), COAL.base)
    c.solid(blob((408, 360), (430, 352), (436, 400), (424, 424), (408, 404)), COAL, 5, 3)
    c.solid(box(384, 590, 164, 48, 18), COAL, 9, 6)
    c.fill(oval(488, 284, 30), c.body.dark)
    c.fill("".join(oval(*polar(488, 284, 17, 60 * n), 5) for n in range(6)), c.body.deep)


def _hand_drill(c: Canvas) -> None:
    with c.moved(turn=-90, about=(400, 400)):
        _bit(c, 190, 400, 110, 16)
        _chuck(c, 250, 400)
        c.drum_flat(244, 386, 300, 28, STEEL, 6)
        c.drum_flat(540, 356, 130, 88, OAK, 40)
        c.solid(oval(430, 470, 96), c.body, 14, 10)
        c.fill(oval(430, 470, 62), c.body.dark)
        c.stroke("".join(line((430, 470), polar(430, 470, 74, 45 + 90 * n)) for n in range(4)), c.body.base, 18)
        c.stroke(oval(430, 470, 90), c.body.deep, 6, 1, "6 9")
        c.tube(line((430, 470), (360, 590)), STEEL, 15)
        c.drum_flat(316, 580, 80, 40, OAK, 18)
        c.fill(oval(430, 470, 16), BRASS.base)


def _corded_drill(c: Canvas) -> None:
    _bit(c, 170, 290, 110, 16)
    _chuck(c, 220, 290)
    c.drum_flat(216, 232, 90, 116, IRON, 10)
    c.solid(
        blob(
            (300, 226),
            (420, 208),
            (560, 214),
            (608, 260),
            (640, 420),
            (660, 560),
            (600, 590),
            (540, 572),
            (524, 470),
            (480, 372),
            (380, 362),
            (300, 352),
        ),
        c.body,
        18,
        11,
    )
    c.solid(blob((486, 384), (518, 390), (534, 440), (516, 466), (494, 440)), TERRACOTTA, 6, 4)
    c.stroke(line((556, 430), (590, 560)) + line((584, 424), (618, 556)), c.body.deep, 8, 0.7)
    c.fill(box(340, 262, 110, 44, 10), accent(c.body), 0.85)
    c.tube("M610 586C620 650 540 640 470 652S300 620 210 650", COAL, 14)


@draws("hammer", "Hammer")
def hammer(c: Canvas, look: int) -> None:
    c.shadow(420, 640, 270, 24)
    with c.moved(turn=38, about=(400, 400)):
        _hammer_handle(c, look)
        (_claw_head, _ball_head, _mallet_head, _sledge_head, _tack_head)[look - 1](c)


def _hammer_handle(c: Canvas, look: int) -> None:
    wood = look in (1, 3, 5)
    grip = corners((378, 250), (422, 250), (426, 470, 20), (436, 700, 26), (364, 700, 26), (374, 470, 20))
    c.solid(grip, OAK if wood else STEEL, 10, 6)
    with c.within(grip):
        if wood:
            c.stroke(line((394, 300), (392, 640)) + line((408, 340), (410, 560)), OAK.dark, 3, 0.6)
            c.fill(box(340, 610, 120, 100), c.body.base)
            c.fill(box(412, 610, 40, 100), c.body.dark)
        else:
            c.fill(box(340, 440, 120, 280), c.body.base)
            c.fill(box(414, 440, 40, 280), c.body.dark)
            c.stroke("".join(line((384, y), (420, y)) for y in range(490, 680, 26)), c.body.seam, 7, 0.7)


def _claw_head(c: Canvas) -> None:
    c.solid("M350 196H450V300H350V280C300 268 262 262 220 300L196 284C214 214 270 190 350 196Z", STEEL, 12, 8)
    c.solid(box(446, 206, 60, 80, 6), STEEL, 10, 6)
    c.solid(box(502, 190, 56, 112, 12), IRON, 12, 8)


def _ball_head(c: Canvas) -> None:
    c.solid(oval(286, 246, 56), STEEL, 14, 10)
    c.drum_flat(310, 214, 50, 64, STEEL)
    c.solid(box(352, 194, 96, 106, 14), STEEL, 12, 8)
    c.drum_flat(446, 214, 44, 64, STEEL)
    c.solid(box(486, 186, 76, 120, 18), IRON, 12, 8)


def _mallet_head(c: Canvas) -> None:
    c.drum_flat(240, 160, 320, 160, c.body, 26)
    c.fill(box(296, 160, 14, 160) + box(490, 160, 14, 160), c.body.deep, 0.7)
    c.fill(oval(400, 172, 26, 8), c.body.light)


def _sledge_head(c: Canvas) -> None:
    c.solid(
        corners(
            (236, 200, 14),
            (280, 172, 10),
            (520, 172, 10),
            (564, 200, 14),
            (564, 300, 14),
            (520, 328, 10),
            (280, 328, 10),
            (236, 300, 14),
        ),
        IRON,
        18,
        10,
    )
    c.stroke(line((282, 176), (282, 324)) + line((518, 176), (518, 324)), IRON.deep, 4)
    c.fill(box(370, 158, 60, 18, 5), STEEL.base)


def _tack_head(c: Canvas) -> None:
    c.solid("M360 210H440V296H360C300 280 250 262 204 262V238C250 236 300 226 360 210Z", IRON, 10, 7)
    c.solid(box(436, 214, 76, 78, 8), IRON, 10, 7)
    c.solid(box(506, 204, 40, 98, 10), STEEL, 10, 7)
    c.fill(box(366, 192, 68, 20, 4), BRASS.base)


@draws("screwdriver-set", "Screwdriver set")
def screwdriver_set(c: Canvas, look: int) -> None:
    c.shadow(400, 660, 290, 26)
    (_fan_set, _roll_set, _rack_set, _case_set, _bit_set)[look - 1](c)


def _screwdriver(
    c: Canvas, x: float, top: float, length: float, grip: Tones, wide: float = 44, tip: str = "flat"
) -> None:
    """A screwdriver that points down; `length` counts the handle and the blade."""
    handle = length * 0.46
    end, half = top + length, wide / 2
    c.fill(box(x - wide * 0.14, top + handle - 4, wide * 0.28, length - handle), STEEL.base)
    c.fill(box(x + wide * 0.03, top + handle - 4, wide * 0.11, length - handle), STEEL.dark)
    point = wide * 0.2 if tip == "flat" else 2
    c.fill(
        corners((x - wide * 0.14, end - 10), (x + wide * 0.14, end - 10), (x + point, end + 10), (x - point, end + 10)),
        STEEL.deep,
    )
    shape = (
        f"M{x - half * 0.7:.0f} {top:.0f}C{x - half * 1.3:.0f} {top + handle * 0.5:.0f} {x - half * 0.5:.0f} {top + handle * 0.6:.0f} "
        f"{x - half * 0.5:.0f} {top + handle:.0f}H{x + half * 0.5:.0f}C{x + half * 0.5:.0f} {top + handle * 0.6:.0f} "
        f"{x + half * 1.3:.0f} {top + handle * 0.5:.0f} {x + half * 0.7:.0f} {top:.0f}Z"
    )
    c.solid(shape, grip, wide * 0.16, wide * 0.12)
    c.fill(box(x - wide * 0.32, top - 6, wide * 0.64, 13, 5), COAL.base)


def _fan_set(c: Canvas) -> None:
    for n, (turn, length, tip) in enumerate(
        ((32, 430, "cross"), (16, 470, "flat"), (0, 500, "cross"), (-16, 470, "flat"), (-32, 430, "cross"))
    ):
        with c.moved(turn=turn, about=(400, 690)):
            _screwdriver(c, 400, 130 + (500 - length), length, c.body if n % 2 == 0 else COAL, 56, tip)


def _roll_set(c: Canvas) -> None:
    c.solid(box(96, 330, 608, 320, 24), OAK, 14, 8)
    for n, x in enumerate(range(160, 660, 96)):
        _screwdriver(c, x, 170 + 14 * n, 360 - 20 * n, c.body, 50 - 3 * n, "flat" if n % 2 else "cross")
    c.solid(box(96, 440, 608, 210, (0, 0, 24, 24)), OAK, 14, 5)
    c.stroke("".join(line((x, 446), (x, 630)) for x in range(208, 660, 96)), OAK.dark, 4)
    c.stroke(line((104, 454), (696, 454)) + line((112, 634), (688, 634)), PAPER.base, 4, 0.8, "12 9")
    c.tube(wave((700, 520), (740, 540), (724, 600), (760, 640)), WALNUT, 12)


def _rack_set(c: Canvas) -> None:
    for n, x in enumerate(range(170, 660, 92)):
        _screwdriver(
            c,
            x,
            210,
            380 - 26 * (n % 3),
            c.body if n % 2 == 0 else c.body._replace(base=c.body.dark),
            56 - 4 * n,
            "cross" if n % 2 else "flat",
        )
    c.solid(corners((110, 430, 12), (690, 430, 12), (712, 490, 10), (88, 490, 10)), OAK, 8, 5)
    c.grain((160, 462, 200), (420, 466, 200), material=OAK)
    for x in (130, 670):
        c.solid(corners((x - 22, 486), (x + 22, 486), (x + 34, 656, 8), (x - 34, 656, 8)), OAK, 8, 5)
    c.plank((120, 600), (680, 600), (680, 630), (120, 630), material=OAK)


def _case_set(c: Canvas) -> None:
    c.solid(box(110, 150, 580, 240, 28), c.body, 14, 10)
    c.fill(box(140, 180, 520, 190, 14), c.body.deep)
    c.fill("".join(box(176 + 62 * n, 214, 26, 120, 8) for n in range(8)), c.body.base)
    c.fill("".join(box(183 + 62 * n, 230, 12, 90, 3) for n in range(8)), STEEL.base)
    c.solid(box(104, 384, 592, 260, 28), c.body, 16, 9)
    c.fill(box(134, 410, 532, 200, 14), c.body.deep)
    for x, length in ((200, 190), (280, 172), (360, 158), (440, 148)):
        _screwdriver(c, x, 420, length, TERRACOTTA, 40)
    for row in range(2):
        for n in range(3):
            x, y = 530 + 46 * n, 456 + 84 * row
            c.fill(ring(x, y, 20, 9), STEEL.base)
            c.stroke(arc(x, y, 16, 16, 180, 290), STEEL.lighter, 3)
    for x in (210, 560):
        c.solid(box(x, 376, 50, 26, 8), BRASS, 5, 4)


def _bit_set(c: Canvas) -> None:
    with c.moved(x=-190, y=-10, turn=14, about=(400, 400)):
        _screwdriver(c, 400, 150, 470, c.body, 84)
    c.solid(box(400, 270, 300, 380, 28), COAL, 14, 9)
    c.fill(box(424, 296, 252, 328, 14), COAL.deep)
    for row in range(4):
        c.fill(box(436, 310 + 76 * row, 228, 62, 8), c.body.base if row % 2 == 0 else c.body.dark)
        for n in range(5):
            x, y = 452 + 44 * n, 322 + 76 * row
            c.fill(corners((x, y + 20), (x + 20, y + 20), (x + 20, y + 48, 3), (x, y + 48, 3)), STEEL.base)
            c.fill(corners((x + 6, y), (x + 14, y), (x + 17, y + 22), (x + 3, y + 22)), STEEL.dark)


@draws("saw", "Saw")
def saw(c: Canvas, look: int) -> None:
    c.shadow(400, 610, 330, 24)
    (_hand_saw, _hack_saw, _back_saw, _bow_saw, _japan_saw)[look - 1](c)


def _teeth(x1: float, y1: float, x2: float, y2: float, count: int, deep: float = 14) -> str:
    dx, dy = (x2 - x1) / count, (y2 - y1) / count
    return "".join(
        f"L{x1 + dx * (n + 0.5):.0f} {y1 + dy * (n + 0.5) + deep:.0f}L{x1 + dx * (n + 1):.0f} {y1 + dy * (n + 1):.0f}"
        for n in range(count)
    )


def _hand_saw(c: Canvas) -> None:
    with c.moved(turn=-12, about=(400, 420)):
        c.solid(f"M520 320L60 400V446{_teeth(60, 446, 540, 500, 30)}Z", STEEL, 10, 7)
        c.stroke(line((120, 408), (480, 362)), STEEL.lighter, 5, 0.9)
        grip = "M500 300C560 270 640 280 700 310C730 330 716 370 690 376C712 420 716 470 690 520C670 560 620 566 590 530L506 510Z"
        c.solid(
            grip + "M590 360C570 390 572 440 604 470C634 486 656 460 650 420C644 380 620 340 590 360Z", c.body, 14, 9
        )
        c.fill("".join(oval(x, y, 9) for x, y in ((534, 350), (534, 410), (540, 466))), BRASS.base)


def _hack_saw(c: Canvas) -> None:
    with c.moved(turn=-8, about=(400, 420)):
        c.tube("M560 470V300H120V490", c.body, 26)
        c.fill(f"M112 474{_teeth(112, 486, 560, 486, 44, 9)}V474Z", STEEL.dark)
        c.fill(box(112, 468, 448, 14), STEEL.base)
        c.fill(oval(122, 478, 10) + oval(556, 478, 10), COAL.base)
        c.solid(
            "M548 286H640C706 290 720 350 700 420L676 548C664 590 596 590 586 548L572 470H548Z"
            + "M612 350C600 400 610 470 628 500C650 470 664 400 654 352C646 334 622 334 612 350Z",
            COAL,
            13,
            8,
        )


def _back_saw(c: Canvas) -> None:
    c.solid(f"M90 360H540V510{_teeth(540, 510, 90, 510, 38, 11)}Z", STEEL, 9, 6)
    c.solid(box(80, 334, 470, 40, 8), BRASS, 8, 5)
    c.solid(
        "M516 310C580 290 650 296 716 330C736 346 726 380 704 388C728 440 722 520 684 556C650 580 610 560 596 520L516 500Z"
        + "M600 380C584 410 592 460 622 490C650 500 668 470 658 424C650 390 622 356 600 380Z",
        c.body,
        14,
        9,
    )
    c.fill(oval(550, 390, 9) + oval(550, 450, 9), BRASS.base)


def _bow_saw(c: Canvas) -> None:
    with c.moved(turn=-6, about=(400, 420)):
        c.tube("M110 540C100 380 160 260 300 240C480 220 640 280 690 430L704 540", c.body, 34)
        c.solid(f"M100 512H700V540{_teeth(700, 540, 100, 540, 26, 18)}Z", STEEL, 4, 4)
        c.tube(line((650, 350), (704, 560)), COAL, 40)
        c.fill(oval(116, 526, 13) + oval(700, 526, 13), BRASS.base)


def _japan_saw(c: Canvas) -> None:
    with c.moved(turn=-20, about=(400, 420)):
        c.solid(f"M90 340{_teeth(90, 340, 430, 370, 26, -12)}V450{_teeth(430, 450, 90, 480, 40, 9)}Z", STEEL, 7, 6)
        c.solid(box(418, 374, 60, 72, 8), IRON, 8, 5)
        c.drum_flat(468, 384, 270, 56, c.body, 24)
        c.stroke(
            "".join(line((x, 386), (x + 24, 438)) + line((x + 24, 386), (x, 438)) for x in range(500, 700, 30)),
            c.body.deep,
            4,
            0.7,
        )


@draws("paint-can", "Paint")
def paint_can(c: Canvas, look: int) -> None:
    c.shadow(400, 668, 250, 26)
    (_open_can, _closed_can, _bucket, _can_with_brush, _spray_can)[look - 1](c)


def _can(c: Canvas, x: float, y: float, width: float, height: float, rim: float) -> None:
    c.drum(x, y, width, height, STEEL, rim)
    left, right, half = x, x + width, width / 2
    top, low = y + height * 0.16, y + height * 0.88
    band = f"M{left} {top}A{half} {rim} 0 0 0 {right} {top}V{low}A{half} {rim} 0 0 1 {left} {low}Z"
    c.round_body(band, left, right, PAPER)
    swatch = f"M{left} {top + height * 0.2:.0f}C{left + width * 0.3:.0f} {top + height * 0.1:.0f} {left + width * 0.5:.0f} {top + height * 0.5:.0f} {right} {top + height * 0.24:.0f}V{low}A{half} {rim} 0 0 1 {left} {low}Z"
    c.round_body(swatch, left, right, c.body)
    c.fill(oval(x + half, y, half, rim), STEEL.deep)
    c.fill(oval(x + half, y - 2, half - 5, rim - 4), STEEL.light)


def _open_can(c: Canvas) -> None:
    c.stroke("M230 330C190 120 610 120 570 330", STEEL.dark, 8)
    _can(c, 220, 300, 360, 330, 54)
    c.fill(oval(400, 300, 160, 42), STEEL.deep)
    c.fill(oval(400, 306, 152, 36), c.body.base)
    c.fill(oval(380, 302, 100, 18), c.body.light)
    c.fill("M500 332C506 380 500 420 512 440C526 456 540 440 536 420C530 390 548 350 556 320Z", c.body.base)
    c.fill(oval(230, 336, 12) + oval(570, 336, 12), STEEL.deep)


def _closed_can(c: Canvas) -> None:
    _can(c, 190, 330, 300, 290, 44)
    c.fill(oval(340, 326, 118, 32), STEEL.base)
    c.stroke(arc(340, 326, 118, 32, 180, 300), STEEL.lighter, 4)
    c.stroke("M198 390C170 520 300 610 360 560", STEEL.dark, 8)
    _can(c, 480, 470, 170, 160, 24)
    c.fill(oval(565, 468, 62, 15), STEEL.base)


def _bucket(c: Canvas) -> None:
    c.stroke("M226 320C240 470 560 470 574 320", STEEL.dark, 8)
    c.round_body(corners((212, 300), (588, 300), (548, 650, 26), (252, 650, 26)), 212, 588, PAPER)
    c.round_body(corners((226, 420), (574, 420), (553, 600), (247, 600)), 220, 580, c.body)
    c.fill(oval(400, 504, 56), c.body.lighter)
    c.fill("M400 456C430 500 440 514 440 528A40 36 0 0 1 360 528C360 514 370 500 400 456Z", c.body.deep)
    c.solid(box(198, 262, 404, 56, 20), c.body, 10, 7)
    c.fill(oval(400, 264, 190, 24), c.body.light)


def _can_with_brush(c: Canvas) -> None:
    _can(c, 160, 340, 300, 290, 46)
    c.fill(oval(310, 342, 132, 36), STEEL.deep)
    c.fill(oval(310, 348, 126, 30), c.body.base)
    c.fill(oval(296, 344, 80, 14), c.body.light)
    with c.moved(turn=24, about=(560, 420)):
        c.solid(corners((536, 150, 22), (584, 150, 22), (590, 380, 10), (530, 380, 10)), OAK, 8, 5)
        c.fill(oval(560, 176, 9), OAK.deep)
        c.solid(box(506, 374, 108, 76, 8), STEEL, 8, 5)
        c.solid(corners((510, 446), (610, 446), (622, 570, 20), (498, 570, 20)), SAND, 8, 4)
        c.solid(corners((502, 520), (618, 520), (624, 600, 28), (496, 600, 28)), c.body, 9, 6)
    c.fill(blob((420, 640), (520, 620), (620, 634), (640, 660), (540, 676), (430, 668)), c.body.base)


def _spray_can(c: Canvas) -> None:
    c.drum(290, 300, 220, 360, c.body, 20)
    c.fill("M290 420A110 20 0 0 0 510 420V540A110 20 0 0 1 290 540Z", PAPER.base)
    c.fill("M450 437A110 20 0 0 0 510 420V540A110 20 0 0 1 450 557Z", PAPER.dark)
    c.fill(oval(380, 496, 36), c.body.base)
    c.fill(oval(420, 502, 26), c.body.light)
    c.round_body("M290 302C300 250 350 240 356 216H444C450 240 500 250 510 302A110 20 0 0 1 290 302Z", 290, 510, STEEL)
    c.drum(356, 150, 88, 68, PAPER, r=14)
    c.fill(oval(374, 172, 6), COAL.base)
    for x, y, r in (
        (316, 160, 12),
        (286, 140, 9),
        (280, 176, 14),
        (244, 158, 11),
        (236, 190, 8),
        (212, 134, 12),
        (206, 176, 15),
    ):
        c.fill(oval(x, y, r), c.body.base, 0.55)


@draws("paint-roller", "Paint roller")
def paint_roller(c: Canvas, look: int) -> None:
    c.shadow(420, 680, 200, 22)
    if look != 4:
        c.fill(
            blob((120, 130), (300, 110), (560, 118), (610, 150), (600, 300), (420, 320), (160, 316), (110, 280)),
            c.body.base,
            0.22,
        )
    if look == 5:
        _tray(c)
    wide = {1: 400, 2: 400, 3: 240, 4: 400, 5: 340}[look]
    left = 380 - wide / 2
    handle = {1: OAK, 2: COAL, 3: c.body, 4: OAK, 5: COAL}[look]
    with c.moved(y=-30 if look == 5 else 0):
        y = 170
        reach = left + wide + 60
        if look == 4:
            c.tube(
                f"M{left} {y + 60}H{left - 50}V{y + 180}H{reach}V{y + 60}H{left + wide}M420 {y + 180}V460", STEEL, 16
            )
        elif look == 3:
            c.tube(f"M{left + wide} {y + 60}C{reach + 40} {y + 60} {reach + 30} {y + 150} 420 {y + 230}V460", STEEL, 14)
        else:
            c.tube(f"M{left + wide} {y + 60}H{reach}V{y + 170}H420V460", STEEL, 16)
        c.drum_flat(left, y, wide, 120, c.body if look != 4 else PAPER, 34)
        _nap(c, look, left, wide, y)
        c.drum(392, 440, 56, 26, STEEL, r=4)
        if look == 2:
            c.drum(398, 460, 44, 210, STEEL, r=8)
            c.drum(390, 540, 60, 140, handle, r=16)
        else:
            c.round_body(
                blob(
                    (396, 460),
                    (444, 460),
                    (452, 520),
                    (446, 580),
                    (456, 650),
                    (440, 684),
                    (400, 684),
                    (384, 650),
                    (394, 580),
                    (388, 520),
                ),
                384,
                456,
                handle,
            )
        c.fill(oval(420, 664, 8), COAL.deep)


def _nap(c: Canvas, look: int, left: float, wide: float, y: float) -> None:
    material = c.body if look != 4 else PAPER
    if look == 2:
        c.stroke(
            "".join(line((x, y + 4), (x, y + 116)) for x in range(int(left) + 40, int(left + wide) - 20, 40)),
            material.deep,
            4,
            0.5,
        )
    elif look == 4:
        with c.within(box(left, y, wide, 120, 34)):
            low = y + 120
            loaded = blob(
                (left - 20, y + 50),
                (left + 90, y + 66),
                (left + 200, y + 40),
                (left + 320, y + 70),
                (left + wide + 20, y + 44),
                (left + wide + 20, low),
                (left - 20, low),
            )
            c.fill(loaded, c.body.base)
            c.fill(box(left, y + 92, wide, 30), c.body.dark)
        for x, long in ((left + 70, 34), (left + 104, 60), (left + 290, 44)):
            c.stroke(line((x, y + 116), (x, y + 116 + long)), c.body.base, 16)
            c.fill(oval(x, y + 120 + long, 11, 13), c.body.base)
    else:
        c.stroke(
            "".join(
                f"M{left + 26 + 30 * n:.0f} {y + 28 + 30 * (n % 3):.0f}q8 -8 16 0" for n in range(int(wide - 50) // 30)
            ),
            material.deep,
            4,
            0.5,
        )
    c.fill(box(left - 8, y + 22, 14, 76, 5), COAL.base)


def _tray(c: Canvas) -> None:
    c.solid(corners((90, 560, 20), (380, 560, 20), (420, 670, 24), (60, 670, 24)), COAL, 9, 6)
    c.fill(corners((114, 576, 10), (356, 576, 10), (384, 640, 10), (90, 640, 10)), c.body.base)
    c.stroke(line((130, 590), (340, 590)) + line((122, 606), (352, 606)), c.body.light, 5)


@draws("ladder", "Ladder")
def ladder(c: Canvas, look: int) -> None:
    c.shadow(400, 720, 230, 20)
    (_step_ladder, _lean_ladder, _stool_ladder, _wood_ladder, _platform_ladder)[look - 1](c)


def _rails(
    c: Canvas,
    top: tuple[float, float],
    foot: tuple[float, float],
    y1: float,
    y2: float,
    steps: int,
    material: Tones,
    tread: Tones,
) -> None:
    """The front of a ladder: two rails from (top, y1) to (foot, y2) and flat treads between them."""
    for n in range(steps):
        share = (n + 0.7) / steps
        y = y1 + (y2 - y1) * share
        left, right = (top[i] + (foot[i] - top[i]) * share for i in (0, 1))
        c.fill(corners((left, y), (right, y), (right + 4, y + 16), (left - 4, y + 16)), tread.light)
        c.fill(box(left - 4, y + 16, right - left + 8, 14, 3), tread.dark)
        c.stroke(line((left + 14, y + 8), (right - 14, y + 8)), tread.dark, 3, 0.7, "14 10")
    for i in (0, 1):
        c.tube(line((top[i], y1), (foot[i], y2)), material, 24)
        c.fill(box(foot[i] - 19, y2 - 6, 38, 20, 6), COAL.base)


def _step_ladder(c: Canvas) -> None:
    for x, foot in ((360, 300), (448, 520)):
        c.tube(line((x, 120), (foot + 70, 680)), STEEL, 15)
    c.tube(line((380, 480), (560, 480)), STEEL, 10)
    _rails(c, (324, 436), (220, 500), 120, 706, 6, c.body, STEEL)
    c.solid(box(300, 90, 190, 40, 12), c.body, 9, 6)


def _lean_ladder(c: Canvas) -> None:
    with c.moved(turn=9, about=(400, 700)):
        for n in range(9):
            c.tube(line((310, 140 + 62 * n), (490, 140 + 62 * n)), STEEL, 17)
        for x in (306, 494):
            c.drum(x - 15, 76, 30, 634, c.body, r=6)
            c.fill(box(x - 20, 696, 40, 22, 6), COAL.base)
            c.fill(box(x - 17, 70, 34, 20, 6), COAL.base)


def _stool_ladder(c: Canvas) -> None:
    c.tube("M310 360V190C310 130 490 130 490 190V360", c.body, 20)
    for x, foot in ((330, 356), (470, 560)):
        c.tube(line((x, 330), (foot, 690)), STEEL, 15)
    _rails(c, (292, 508), (222, 560), 340, 704, 2, c.body, COAL)
    c.solid(corners((286, 322, 10), (514, 322, 10), (534, 360, 10), (266, 360, 10)), COAL, 7, 5)


def _wood_ladder(c: Canvas) -> None:
    for x, foot in ((340, 352), (460, 588)):
        c.leg((x, 120), (foot, 690), c.body._replace(base=c.body.dark, dark=c.body.deep), 22, 22)
    c.stroke(wave((300, 500), (400, 524), (500, 500)), SAND.deep, 5)
    for n in range(5):
        y, spread = 210 + 100 * n, 84 + 22 * n
        c.solid(
            corners((390 - spread, y), (410 + spread, y), (414 + spread, y + 26, 4), (386 - spread, y + 26, 4)),
            c.body,
            7,
            4,
        )
    for top, foot in ((324, 208), (476, 592)):
        c.leg((top, 116), (foot, 716), c.body, 30, 30)
    c.plank((292, 92), (508, 92), (516, 124), (284, 124), material=c.body)


def _platform_ladder(c: Canvas) -> None:
    c.tube("M330 320V120H500V320", STEEL, 15)
    c.solid(box(320, 96, 190, 50, 14), c.body, 9, 6)
    for x, foot in ((340, 390), (480, 600)):
        c.tube(line((x, 320), (foot, 690)), STEEL, 16)
    c.tube(line((372, 540), (560, 540)), STEEL, 10)
    _rails(c, (300, 490), (190, 520), 300, 706, 4, c.body, COAL)
    c.solid(corners((306, 296, 8), (520, 296, 8), (540, 330, 8), (280, 330, 8)), COAL, 7, 5)


@draws("toolbox", "Toolbox")
def toolbox(c: Canvas, look: int) -> None:
    c.shadow(400, 640, 330, 28)
    (_steel_box, _plastic_box, _cantilever_box, _wood_tote, _tool_bag)[look - 1](c)


def _latch(c: Canvas, x: float, y: float) -> None:
    c.solid(box(x - 26, y, 52, 66, 8), STEEL, 7, 5)
    c.fill(box(x - 12, y + 34, 24, 16, 4), STEEL.deep)


def _steel_box(c: Canvas) -> None:
    c.tube("M280 300V236H520V300", COAL, 26)
    c.solid(corners((150, 296, 30), (650, 296, 30), (690, 400, 6), (110, 400, 6)), c.body, 10, 9)
    c.solid(box(110, 396, 580, 236, (4, 4, 14, 14)), c.body, 18, 0)
    c.fill(box(110, 396, 580, 12), c.body.deep, 0.7)
    for x in (220, 580):
        _latch(c, x, 372)
    c.fill(box(330, 470, 140, 70, 10), c.body.dark)
    c.stroke(line((360, 496), (440, 496)) + line((360, 514), (420, 514)), accent(c.body), 6)


def _plastic_box(c: Canvas) -> None:
    c.solid(box(250, 220, 300, 110, 40) + box(296, 262, 208, 68, 20), COAL, 10, 7)
    c.solid(box(96, 310, 608, 110, (36, 36, 8, 8)), COAL, 12, 8)
    c.fill(box(130, 334, 150, 56, 10) + box(520, 334, 150, 56, 10), SKY.base, 0.55)
    c.solid(corners((110, 416), (690, 416), (664, 634, 26), (136, 634, 26)), c.body, 18, 0)
    c.fill(box(100, 410, 600, 14), COAL.deep)
    for x in (230, 570):
        c.solid(box(x - 34, 390, 68, 84, 10), TERRACOTTA if c.body.base != TERRACOTTA.base else SAND, 8, 6)
    c.stroke("".join(line((x, 500), (x - (400 - x) * -0.06, 610)) for x in (320, 360, 400, 440, 480)), c.body.dark, 8)


def _cantilever_box(c: Canvas) -> None:
    for side in (-1, 1):
        c.tube(line((400 + side * 60, 470), (400 + side * 210, 330)), STEEL, 13)
        c.tube(line((400 + side * 190, 500), (400 + side * 270, 330)), STEEL, 13)
        x = 400 + side * 190
        for n, tone in enumerate((OAK, TERRACOTTA, COAL)):
            c.tube(line((x - 70 + 60 * n, 330), (x - 60 + 66 * n, 232 - 16 * n)), tone, 20)
        c.solid(box(x - 150, 290, 300, 92, 10), c.body, 11, 8)
        c.stroke(line((x - 130, 312), (x + 130, 312)), c.body.seam, 4, 0.5)
    c.tube("M300 470V210H500V470", COAL, 20)
    c.solid(box(130, 450, 540, 184, 14), c.body, 18, 10)
    c.fill(box(360, 500, 80, 60, 10), c.body.deep)
    c.fill(oval(400, 530, 14), BRASS.base)


def _wood_tote(c: Canvas) -> None:
    for x, top, tone in ((230, 240, TERRACOTTA), (300, 270, COAL), (480, 250, SKY), (560, 280, MOSS)):
        c.drum(x - 17, top, 34, 110, tone, r=14)
        c.drum(x - 6, top + 108, 12, 120, STEEL)
    c.tube(line((120, 262), (680, 262)), OAK, 32)
    c.solid(box(110, 440, 580, 190, 8), c.body, 14, 8)
    c.grain((170, 500, 220), (420, 540, 200), (200, 590, 260), material=c.body)
    for x in (126, 674):
        c.solid(
            corners(
                (x - 26, 230, 20), (x + 26, 230, 20), (x + 50, 430), (x + 50, 632, 6), (x - 50, 632, 6), (x - 50, 430)
            ),
            c.body,
            10,
            7,
        )
        c.fill("".join(oval(x, y, 6) for y in (480, 540, 600)), BRASS.base)


def _tool_bag(c: Canvas) -> None:
    for x, top, tone in ((230, 220, OAK), (320, 250, TERRACOTTA), (540, 230, COAL)):
        c.drum(x - 18, top, 36, 130, tone, r=14)
    c.tube("M270 420C270 200 530 200 530 420", COAL, 22)
    c.solid(corners((150, 330, 26), (650, 330, 26), (690, 634, 34), (110, 634, 34)), c.body, 18, 10)
    c.stroke(line((160, 370), (640, 370)), c.body.seam, 4, 0.6, "12 9")
    for x in (150, 330, 510):
        c.solid(box(x, 450, 140, 150, (8, 8, 24, 24)), c.body, 11, 7)
        c.fill(box(x, 450, 140, 18, 6), COAL.base)
    for x in (270, 530):
        c.fill(box(x - 14, 380, 28, 254), COAL.base)
        c.fill(oval(x, 404, 8), BRASS.base)


@draws("tap", "Tap")
def tap(c: Canvas, look: int) -> None:
    c.shadow(400, 668, 260, 24)
    c.solid(corners((120, 612, 14), (680, 612, 14), (706, 660, 14), (94, 660, 14)), PAPER, 9, 4)
    (_arc_tap, _square_tap, _bridge_tap, _spring_tap, _low_tap)[look - 1](c)


def _drop(c: Canvas, x: float, y: float) -> None:
    c.fill(
        f"M{x} {y}C{x + 14} {y + 20} {x + 17} {y + 28} {x + 17} {y + 36}A17 17 0 0 1 {x - 17} {y + 36}C{x - 17} {y + 28} {x - 14} {y + 20} {x} {y}Z",
        SKY.base,
    )
    c.fill(oval(x - 6, y + 34, 4, 7), SKY.lighter)


def _arc_tap(c: Canvas) -> None:
    c.tube("M470 590V280C470 130 250 130 250 280V340", c.body, 40)
    c.drum(226, 334, 48, 30, c.body, r=6)
    c.drum(430, 500, 80, 110, c.body, r=12)
    c.drum(412, 600, 116, 22, c.body, r=8)
    c.tube(line((510, 540), (600, 500)), c.body, 22)
    _drop(c, 250, 390)


def _square_tap(c: Canvas) -> None:
    c.solid(box(420, 220, 90, 394, 10), c.body, 12, 8)
    c.solid(box(190, 260, 240, 62, 8), c.body, 10, 7)
    c.fill(box(204, 322, 60, 14), c.body.deep)
    c.solid(box(410, 188, 170, 40, 8), c.body, 8, 6)
    c.solid(box(396, 596, 138, 24, 6), c.body, 6, 4)
    _drop(c, 234, 372)


def _bridge_tap(c: Canvas) -> None:
    c.tube("M400 470V300C400 190 250 190 240 300V350", c.body, 34)
    c.drum(218, 344, 44, 26, c.body, r=6)
    c.tube(line((260, 500), (540, 500)), c.body, 32)
    for x in (260, 540):
        c.drum(x - 26, 430, 52, 186, c.body, r=10)
        c.tube(line((x - 56, 420), (x + 56, 420)), PAPER, 24)
        c.fill(oval(x, 420, 17), c.body.dark)
        c.fill(oval(x - 3, 416, 9), c.body.light)
        c.drum(x - 38, 600, 76, 20, c.body, r=6)
    c.drum(374, 450, 52, 72, c.body, r=14)


def _spring_tap(c: Canvas) -> None:
    coil = "M480 330V230C480 90 270 90 270 230V330"
    c.stroke(coil, c.body.dark, 46)
    c.stroke(coil, c.body.light, 40, 1, "7 9", flat=True)
    c.tube(line((480, 400), (300, 400)), c.body, 14)
    c.drum(240, 320, 60, 120, c.body, r=14)
    c.drum(232, 430, 76, 26, COAL, r=10)
    c.drum(446, 320, 68, 294, c.body, r=10)
    c.tube(line((514, 520), (610, 480)), c.body, 22)
    c.drum(422, 600, 116, 20, c.body, r=8)
    _drop(c, 270, 482)


def _low_tap(c: Canvas) -> None:
    c.solid(
        "M360 610V470C360 400 420 380 480 380C420 330 300 360 220 440L180 410C260 290 420 260 520 340C548 364 560 400 560 450V610Z",
        c.body,
        16,
        10,
    )
    c.solid(
        corners((430, 330, 12), (470, 210, 20), (620, 180, 20), (632, 214, 16), (510, 252, 10), (500, 344, 10)),
        c.body,
        9,
        7,
    )
    c.fill(corners((176, 410), (220, 442), (208, 456), (164, 424)), c.body.deep)
    c.drum(338, 600, 246, 20, c.body, r=8)
    c.fill(oval(470, 330, 10), TERRACOTTA.base)
    _drop(c, 186, 480)


@draws("shower-head", "Shower head")
def shower_head(c: Canvas, look: int) -> None:
    (_hand_shower, _rain_shower, _square_shower, _bar_shower, _bell_shower)[look - 1](c)


def _rain(c: Canvas, left: int, right: int, top: int, bottom: int) -> None:
    columns = range(left, right + 1, 38)
    c.stroke(
        "".join(
            line((x + (x - 400) * 0.04, top + 14 * (n % 2)), (x + (x - 400) * 0.16, bottom - 26 * (n % 2)))
            for n, x in enumerate(columns)
        ),
        SKY.base,
        7,
        0.9,
        "34 22",
    )


def _hand_shower(c: Canvas) -> None:
    c.shadow(420, 690, 200, 20)
    c.tube("M531 618C556 690 690 700 650 560C620 470 690 420 690 340", STEEL, 18)
    with c.moved(turn=-28, about=(400, 400)):
        c.round_body(corners((380, 330), (440, 330), (436, 660, 20), (384, 660, 20)), 380, 440, c.body)
        c.solid(oval(410, 240, 136), c.body, 16, 12)
        c.fill(oval(410, 240, 108), PAPER.base)
        c.fill(
            "".join(
                oval(*polar(410, 240, r, 360 / n * k), 7) for r, n in ((88, 16), (58, 10), (28, 5)) for k in range(n)
            ),
            c.body.deep,
        )
        c.fill(oval(410, 240, 10), c.body.base)


def _rain_shower(c: Canvas) -> None:
    c.solid(box(600, 80, 40, 120, 10), c.body, 7, 5)
    c.tube("M610 130H430C406 130 400 140 400 170V230", c.body, 28)
    c.drum(372, 216, 56, 46, c.body, r=8)
    c.solid(
        blob((140, 296), (250, 262), (400, 254), (550, 262), (660, 296), (550, 324), (400, 330), (250, 324)),
        c.body,
        8,
        8,
    )
    c.fill(oval(400, 308, 236, 18), c.body.deep)
    c.fill("".join(oval(x, 308 + 5 * ((x // 34) % 2), 6, 4) for x in range(196, 620, 34)), PAPER.base)
    _rain(c, 180, 620, 350, 690)


def _square_shower(c: Canvas) -> None:
    c.tube(line((400, 80), (400, 200)), c.body, 30)
    c.solid(box(340, 76, 120, 26, 8), c.body, 6, 4)
    c.solid(
        corners((220, 200, 8), (580, 200, 8), (690, 290, 8), (690, 316, 8), (110, 316, 8), (110, 290, 8)), c.body, 9, 0
    )
    c.fill(corners((222, 202, 8), (578, 202, 8), (686, 290, 8), (114, 290, 8)), c.body.light)
    c.fill("".join(box(x, 314, 12, 9, 3) for x in range(134, 670, 37)), c.body.deep)
    _rain(c, 150, 650, 346, 690)


def _bar_shower(c: Canvas) -> None:
    c.tube(line((330, 80), (330, 680)), c.body, 24)
    for y in (110, 650):
        c.solid(box(300, y - 24, 60, 48, 14), c.body, 8, 6)
    c.tube("M470 250C560 320 600 500 520 620C470 690 380 700 340 620", STEEL, 15)
    c.solid(box(296, 236, 90, 56, 14), COAL, 8, 6)
    with c.moved(turn=30, about=(430, 250)):
        c.drum_flat(360, 232, 150, 36, c.body, 14)
        c.solid(blob((500, 190), (580, 170), (600, 250), (580, 330), (500, 310)), c.body, 10, 8)
        c.fill(blob((578, 180), (596, 200), (602, 250), (596, 300), (578, 320), (586, 250)), PAPER.base)
    c.solid(box(270, 560, 120, 22, 8), c.body, 6, 4)
    c.solid(box(284, 500, 70, 60, 12), PAPER, 7, 4)


def _bell_shower(c: Canvas) -> None:
    c.solid(oval(610, 150, 44), c.body, 9, 7)
    c.tube("M610 150C500 90 400 110 400 210", c.body, 26)
    c.solid(oval(400, 224, 30), BRASS, 7, 5)
    c.round_body(
        "M376 236H424C430 290 520 300 560 370C568 384 560 392 550 392H250C240 392 232 384 240 370C280 300 370 290 376 236Z",
        236,
        564,
        c.body,
    )
    c.fill(oval(400, 392, 156, 16), c.body.deep)
    _rain(c, 260, 540, 424, 700)


@draws("led-bulb", "LED bulb")
def led_bulb(c: Canvas, look: int) -> None:
    c.shadow(400, 700, 130, 18)
    c.glow(400, 300, 270)
    with c.moved(y=52 if look == 5 else 0):
        (_pear_bulb, _globe_bulb, _candle_bulb, _filament_bulb, _spot_bulb)[look - 1](c)


def _screw(c: Canvas, y: float, half: float = 58) -> None:
    c.drum(400 - half, y, half * 2, 104, STEEL, r=8)
    c.stroke(
        "".join(line((400 - half + 2, y + 20 + 26 * n), (400 + half - 2, y + 12 + 26 * n)) for n in range(4)),
        STEEL.deep,
        7,
    )
    c.fill(
        corners(
            (400 - half * 0.7, y + 104),
            (400 + half * 0.7, y + 104),
            (400 + half * 0.3, y + 128, 6),
            (400 - half * 0.3, y + 128, 6),
        ),
        COAL.base,
    )


def _lit(c: Canvas, shape: str) -> None:
    c.fill(shape, "#ffefc4")
    with c.within(shape):
        c.fill(oval(390, 290, 130, 140), "#fff8e6")
        c.fill(box(510, 0, 200, 600), "#f2d48a", 0.5)
    c.stroke(shape, "#e3c277", 3.5)


def _pear_bulb(c: Canvas) -> None:
    _lit(c, "M326 500C322 430 220 390 220 280A180 180 0 0 1 580 280C580 390 478 430 474 500Z")
    c.gleam((278, 300), (314, 216), 16, 0.95)
    c.round_body(corners((318, 470, 8), (482, 470, 8), (462, 566, 10), (338, 566, 10)), 318, 482, c.body)
    c.stroke("".join(line((x, 484), (400 + (x - 400) * 0.8, 556)) for x in range(346, 470, 27)), c.body.deep, 5, 0.6)
    _screw(c, 562)


def _globe_bulb(c: Canvas) -> None:
    _lit(c, oval(400, 300, 214))
    c.gleam((252, 320), (300, 200), 18, 0.95)
    c.round_body(corners((324, 486, 6), (476, 486, 6), (462, 570, 8), (338, 570, 8)), 324, 476, c.body)
    _screw(c, 566)


def _candle_bulb(c: Canvas) -> None:
    _lit(c, "M344 520C290 450 290 340 340 250C366 204 392 170 410 110C420 180 450 210 466 260C500 350 506 450 456 520Z")
    c.gleam((338, 400), (352, 306), 12, 0.95)
    c.round_body(corners((338, 500, 6), (462, 500, 6), (446, 580, 8), (354, 580, 8)), 338, 462, c.body)
    _screw(c, 576, 46)


def _filament_bulb(c: Canvas) -> None:
    shape = "M346 540C346 440 240 400 240 270A160 170 0 0 1 560 270C560 400 454 440 454 540Z"
    c.fill(shape, "#f6dfae", 0.55)
    c.stroke(shape, "#d9b56a", 4)
    c.stroke(line((400, 540), (400, 430)), GLASS.dark, 14)
    c.stroke("M372 430L330 250L372 330L400 240L428 330L470 250L428 430", "#e8962e", 7)
    c.stroke("M372 430L330 250L372 330L400 240L428 330L470 250L428 430", "#ffe7a8", 3)
    c.gleam((284, 290), (316, 206), 14, 0.9)
    c.round_body(corners((336, 516, 6), (464, 516, 6), (456, 580, 6), (344, 580, 6)), 336, 464, c.body)
    _screw(c, 576)


def _spot_bulb(c: Canvas) -> None:
    c.round_body(corners((228, 230, 10), (572, 230, 10), (474, 520, 12), (326, 520, 12)), 228, 572, c.body)
    c.stroke("".join(line((400 + n * 46, 270), (400 + n * 20, 510)) for n in range(-3, 4)), c.body.deep, 7, 0.5)
    c.fill(oval(400, 230, 172, 52), c.body.light)
    c.fill(oval(400, 230, 150, 42), "#ffefc4")
    c.fill(
        "".join(oval(x, y, 22, 8) for x, y in ((330, 222), (400, 206), (470, 222), (356, 246), (444, 246), (400, 230))),
        "#fffaf0",
    )
    _screw(c, 514)


@draws("door-handle", "Door handle")
def door_handle(c: Canvas, look: int) -> None:
    c.shadow(414, 724, 240, 20)
    door = PAPER if look in (1, 3, 5) else OAK
    c.solid(box(190, 90, 420, 620, 22), door, 8, 6)
    if look in (2, 4):
        c.grain((230, 200, 240), (300, 330, 260), (240, 560, 280), (320, 640, 200), material=OAK)
    (_rose_lever, _plate_lever, _knob, _bar_pull, _round_lever)[look - 1](c)


def _keyhole(c: Canvas, x: float, y: float) -> None:
    c.fill(oval(x, y, 11), COAL.deep)
    c.fill(corners((x - 5, y + 4), (x + 5, y + 4), (x + 9, y + 34, 3), (x - 9, y + 34, 3)), COAL.deep)


def _rose_lever(c: Canvas) -> None:
    c.fill(oval(308, 374, 66), INK.base, 0.3)
    c.solid(oval(300, 360, 66), c.body, 10, 8)
    c.fill(box(312, 362, 266, 46, 20), INK.base, 0.3)
    c.solid(box(280, 334, 290, 50, 22), c.body, 11, 8)
    c.solid(oval(300, 560, 50), c.body, 8, 6)
    _keyhole(c, 300, 550)


def _plate_lever(c: Canvas) -> None:
    c.fill(box(262, 212, 100, 400, 20), INK.base, 0.3)
    c.solid(box(250, 200, 100, 400, 18), c.body, 10, 8)
    c.fill("".join(oval(300, y, 8) for y in (226, 574)), c.body.deep)
    c.solid(oval(300, 340, 40), c.body, 8, 6)
    c.fill("M310 356C400 340 470 410 566 380L570 404C470 440 400 376 310 390Z", INK.base, 0.25)
    c.solid("M284 322C390 300 460 380 566 344C580 342 584 374 568 380C460 416 390 350 284 362Z", c.body, 9, 7)
    _keyhole(c, 300, 460)


def _knob(c: Canvas) -> None:
    c.fill(oval(412, 414, 150), INK.base, 0.22)
    c.solid(oval(400, 392, 150), c.body, 12, 9)
    c.solid(oval(396, 386, 108), c.body._replace(base=c.body.light, light=c.body.lighter, dark=c.body.base), 22, 12)
    c.fill(oval(360, 344, 34, 24), c.body.lighter, 0.9)
    _keyhole(c, 400, 590)
    c.stroke(oval(400, 600, 44), c.body.base, 12)


def _bar_pull(c: Canvas) -> None:
    c.fill(box(412, 180, 50, 460, 25), INK.base, 0.28)
    for y in (250, 550):
        c.solid(box(360, y - 22, 60, 44, 10), c.body, 7, 5)
    c.drum(384, 160, 54, 480, c.body, r=27)
    c.stroke("".join(line((388, y), (434, y)) for y in range(330, 480, 14)), c.body.deep, 4, 0.6)


def _round_lever(c: Canvas) -> None:
    c.fill(box(254, 312, 116, 116, 16), INK.base, 0.28)
    c.solid(box(242, 298, 116, 116, 14), c.body, 9, 7)
    c.fill("M320 380H560V520H520V420H320Z", INK.base, 0.22)
    c.solid(
        "M288 330H540C560 330 568 340 568 360V480C568 506 528 506 528 480V376H288C258 376 258 330 288 330Z",
        c.body,
        10,
        8,
    )
    c.solid(box(252, 500, 96, 96, 12), c.body, 8, 6)
    c.fill(box(290, 528, 20, 44, 8), c.body.deep)
