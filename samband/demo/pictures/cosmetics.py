"""Goods for skin, hair and quiet evenings."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from samband.demo.pictures.canvas import Canvas, accent
from samband.demo.pictures.register import draws
from samband.demo.pictures.shades import (
    BLOSSOM,
    BRASS,
    COAL,
    CREAM,
    GLASS,
    IRON,
    LEAF,
    MOSS,
    OAK,
    PAPER,
    SAND,
    SKY,
    STEEL,
    TERRACOTTA,
    Tones,
)
from samband.demo.pictures.shapes import arc, blob, box, corners, line, oval, wave


def _sprig(c: Canvas, x: float, y: float, reach: float, turn: float) -> None:
    """A twig that lies beside the goods."""
    with c.moved(turn=turn, about=(x, y)):
        c.stroke(line((x, y), (x + reach, y)), MOSS.base, 5)
        for n in range(4):
            along = x + reach * (0.25 + 0.2 * n)
            for side in (-1, 1):
                c.fill(
                    blob(
                        (along, y), (along + 16, y + side * 22), (along + 44, y + side * 30), (along + 30, y + side * 8)
                    ),
                    LEAF.base if side < 0 else MOSS.base,
                )


def _disc(c: Canvas, x: float, y: float, half: float, rim: float, high: float, material: Tones) -> None:
    """A low round thing with its upper face showing: a jar, a lid."""
    c.drum(x - half, y, half * 2, high, material, rim)
    c.fill(oval(x, y, half, rim), material.light)
    c.stroke(arc(x, y, half - 6, rim - 4, 190, 300), material.lighter, 4, 0.9)


def _marks(c: Canvas, x: float, y: float, reach: float, colour: str, rows: int = 2) -> None:
    """Lines where a name would be."""
    for row in range(rows):
        size = reach * (1 - 0.35 * row)
        c.stroke(line((x - size, y + 20 * row), (x + size, y + 20 * row)), colour, 7 - 2 * min(row, 1), 0.8)


@draws("face-cream", "Face cream")
def face_cream(c: Canvas, look: int) -> None:
    c.shadow(400, 610, 280, 28)
    (_open_jar, _closed_jar, _tall_jar, _glass_jar, _tube_cream)[look - 1](c)


def _open_jar(c: Canvas) -> None:
    _disc(c, 370, 396, 190, 54, 180, c.body)
    c.fill(oval(370, 396, 168, 44), c.body.deep)
    c.fill(oval(370, 402, 160, 38), CREAM.lighter)
    c.fill("M250 400C300 360 350 420 390 384C420 360 470 380 490 402C450 440 290 440 250 400Z", "#ffffff")
    c.stroke(wave((290, 404), (350, 392), (400, 404), (450, 394)), CREAM.dark, 5, 0.7)
    _marks(c, 370, 500, 62, accent(c.body))
    with c.moved(turn=-16, about=(600, 540)):
        _disc(c, 590, 510, 130, 40, 46, OAK)


def _closed_jar(c: Canvas) -> None:
    _disc(c, 400, 420, 210, 52, 150, c.body)
    _disc(c, 400, 320, 216, 54, 92, OAK)
    c.grain((290, 310, 160), (330, 340, 150), material=OAK)
    c.ears(400, 500, 46, accent(c.body))
    _sprig(c, 470, 600, 200, -4)


def _tall_jar(c: Canvas) -> None:
    c.drum(280, 330, 240, 250, c.body, 34, 20)
    c.fill("M280 420A120 34 0 0 0 520 420V520A120 34 0 0 1 280 520Z", PAPER.base)
    c.fill("M458 450A120 34 0 0 0 520 420V520A120 34 0 0 1 458 549Z", PAPER.dark)
    _marks(c, 396, 490, 54, c.body.deep)
    _disc(c, 400, 246, 128, 36, 84, BRASS)


def _glass_jar(c: Canvas) -> None:
    shape = "M190 400C190 380 220 370 250 370H550C580 370 610 380 610 400L590 570C586 600 570 612 540 612H260C230 612 214 600 210 570Z"
    c.fill(shape, GLASS.base)
    c.fill("M236 404H564L552 548C550 566 540 574 524 574H276C260 574 250 566 248 548Z", c.body.base)
    c.fill("M480 404H564L552 548C550 566 540 574 524 574H470Z", c.body.dark)
    c.stroke(shape, GLASS.dark, 4)
    c.gleam((218, 420), (232, 560), 9, 0.9)
    _marks(c, 390, 478, 60, accent(c.body))
    _disc(c, 400, 304, 206, 40, 66, COAL)


def _tube_cream(c: Canvas) -> None:
    c.round_body(corners((290, 150), (510, 150), (482, 500, 14), (318, 500, 14)), 290, 510, c.body)
    c.fill(box(286, 132, 228, 34, 5), c.body.dark)
    c.stroke("".join(line((x, 138), (x, 160)) for x in range(300, 510, 14)), c.body.deep, 3, 0.6)
    c.drum(330, 496, 140, 108, PAPER, r=12)
    c.stroke("".join(line((x, 512), (x, 592)) for x in range(348, 460, 14)), PAPER.dark, 3)
    c.ears(400, 290, 56, accent(c.body))
    _marks(c, 400, 400, 52, accent(c.body))


@draws("serum", "Serum")
def serum(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 180, 22)
    (_round_dropper, _square_dropper, _slim_dropper, _pump_serum, _ampoules)[look - 1](c)


def _dropper(c: Canvas, y: float, collar: Tones, half: float = 44) -> None:
    c.round_body(
        blob(
            (400 - half * 0.5, y - 130),
            (400 + half * 0.5, y - 130),
            (400 + half * 0.66, y - 60),
            (400 + half * 0.6, y - 30),
            (400 - half * 0.6, y - 30),
            (400 - half * 0.66, y - 60),
        ),
        400 - half * 0.7,
        400 + half * 0.7,
        COAL,
    )
    c.drum(400 - half, y - 50, half * 2, 70, collar, r=8)
    c.stroke(
        "".join(line((400 + n * half * 0.28, y - 38), (400 + n * half * 0.28, y + 8)) for n in range(-3, 4)),
        collar.dark,
        3,
        0.8,
    )


def _flask(c: Canvas, shape: str, left: float, right: float, fill_top: float) -> None:
    """A tinted glass bottle with its contents showing."""
    with c.within(shape):
        c.fill(shape, c.body.light)
        c.fill(box(left, fill_top, right - left, 800), c.body.base)
        c.fill(box(left + (right - left) * 0.78, 0, right - left, 800), c.body.dark, 0.8)
        c.fill(box(396, 0, 8, 560), "#ffffff", 0.35)
        c.stroke(line((left + 18, fill_top), (left + 18, 650)), c.body.lighter, 10, 0.8)
    c.stroke(shape, c.body.dark, 3)


def _round_dropper(c: Canvas) -> None:
    _flask(
        c,
        "M362 270H438V300C438 330 520 330 520 390V650C520 676 506 690 480 690H320C294 690 280 676 280 650V390C280 330 362 330 362 300Z",
        280,
        520,
        400,
    )
    c.label(320, 460, 160, PAPER, c.body.deep, 4)
    _dropper(c, 260, BRASS)


def _square_dropper(c: Canvas) -> None:
    _flask(
        c,
        "M366 280H434V320H530C546 320 554 330 554 344V666C554 682 546 690 530 690H270C254 690 246 682 246 666V344C246 330 254 320 270 320H366Z",
        246,
        554,
        420,
    )
    c.fill(box(270, 344, 260, 322, 8), "#ffffff", 0.16)
    _marks(c, 400, 540, 76, accent(c.body), 3)
    c.ears(400, 470, 40, accent(c.body))
    _dropper(c, 268, STEEL)


def _slim_dropper(c: Canvas) -> None:
    c.drum(318, 330, 164, 360, c.body, r=18)
    c.fill(box(318, 430, 164, 170), PAPER.base)
    c.fill(box(440, 430, 42, 170), PAPER.dark)
    _marks(c, 394, 490, 46, c.body.deep, 3)
    c.fill(corners((340, 330), (460, 330), (440, 290), (360, 290)), c.body.dark)
    _dropper(c, 290, PAPER, 42)


def _pump_serum(c: Canvas) -> None:
    c.drum(296, 350, 208, 340, c.body, r=60)
    c.fill(oval(400, 520, 66), PAPER.base)
    c.ears(400, 522, 46, MOSS.base)
    c.drum(348, 300, 104, 60, STEEL, r=8)
    c.drum(384, 250, 32, 56, STEEL)
    c.solid("M330 206H440C456 206 462 220 462 250H350V232H318C300 232 304 206 330 206Z", PAPER, 8, 5)


def _ampoules(c: Canvas) -> None:
    c.solid(box(180, 560, 440, 126, 14), PAPER, 12, 7)
    _marks(c, 400, 616, 90, c.body.dark)
    for n, x in enumerate((230, 315, 400, 485, 570)):
        shape = f"M{x - 10} 250L{x - 12} 320C{x - 14} 346 {x - 34} 350 {x - 34} 380V576H{x + 34}V380C{x + 34} 350 {x + 14} 346 {x + 12} 320L{x + 10} 250Z"
        c.fill(shape, GLASS.base)
        c.fill(box(x - 34, 420 + 12 * (n % 2), 68, 150), c.body.base)
        c.fill(box(x + 12, 420 + 12 * (n % 2), 22, 150), c.body.dark)
        c.stroke(shape, GLASS.dark, 3.5)
        c.gleam((x - 20, 390), (x - 20, 530), 6, 0.8)
    c.fill(box(180, 556, 440, 14, 6), PAPER.dark)


@draws("shampoo", "Shampoo")
def shampoo(c: Canvas, look: int) -> None:
    c.shadow(400, 706, 180, 22)
    (_pump_bottle, _flip_bottle, _round_shampoo, _bar_shampoo, _refill)[look - 1](c)


def _pump(c: Canvas, y: float, cap: Tones) -> None:
    c.drum(384, y - 70, 32, 74, STEEL)
    c.solid(
        f"M300 {y - 110}H430C448 {y - 110} 452 {y - 90} 452 {y - 66}H352V{y - 84}H300C280 {y - 84} 280 {y - 110} 300 {y - 110}Z",
        cap,
        8,
        5,
    )
    c.drum(344, y - 8, 112, 50, cap, r=8)


def _pump_bottle(c: Canvas) -> None:
    c.drum(284, 280, 232, 426, c.body, r=44)
    c.label(318, 420, 164, PAPER, MOSS.base, 7)
    _pump(c, 246, COAL)


def _flip_bottle(c: Canvas) -> None:
    shape = blob(
        (300, 120),
        (400, 104),
        (500, 120),
        (528, 300),
        (520, 480),
        (488, 590),
        (400, 600),
        (312, 590),
        (280, 480),
        (272, 300),
    )
    c.round_body(shape, 272, 528, c.body)
    c.round_body(corners((306, 580, 10), (494, 580, 10), (484, 706, 20), (316, 706, 20)), 300, 500, PAPER)
    c.stroke(line((312, 616), (488, 616)), PAPER.dark, 4)
    c.fill("M400 230C440 290 460 312 460 344A60 56 0 0 1 340 344C340 312 360 290 400 230Z", accent(c.body), 0.85)
    _marks(c, 400, 450, 60, accent(c.body))


def _round_shampoo(c: Canvas) -> None:
    shape = "M362 230H438V270C438 330 540 340 540 440V650C540 690 520 706 486 706H314C280 706 260 690 260 650V440C260 340 362 330 362 270Z"
    c.round_body(shape, 260, 540, c.body)
    with c.within(shape):
        c.fill(blob((240, 560), (340, 520), (440, 570), (560, 530), (560, 720), (240, 720)), accent(c.body), 0.4)
    c.ears(400, 450, 62, accent(c.body))
    c.drum(348, 150, 104, 90, OAK, r=12)


def _bar_shampoo(c: Canvas) -> None:
    c.drum(250, 420, 300, 270, STEEL, 50)
    c.fill(oval(400, 420, 150, 50), STEEL.deep)
    c.drum(276, 330, 248, 90, c.body, 44)
    c.fill(oval(400, 330, 124, 44), c.body.light)
    c.ears(400, 336, 26, c.body.deep)
    c.fill("M250 500A150 50 0 0 0 550 500V630A150 50 0 0 1 250 630Z", PAPER.base)
    c.fill("M476 543A150 50 0 0 0 550 500V630A150 50 0 0 1 476 673Z", PAPER.dark)
    _marks(c, 394, 590, 66, c.body.dark)
    for x, y, r in ((230, 300, 22), (560, 280, 30), (600, 340, 16), (196, 350, 13)):
        c.fill(oval(x, y, r), SKY.light, 0.7)
        c.fill(oval(x - r * 0.3, y - r * 0.3, r * 0.28), "#fff")


def _refill(c: Canvas) -> None:
    pouch = corners((250, 190, 18), (550, 190, 18), (576, 700, 40), (224, 700, 40))
    c.solid(pouch, c.body, 20, 12)
    with c.within(pouch):
        c.fill(box(200, 180, 400, 44), c.body.dark)
        c.fill(blob((200, 590), (320, 560), (480, 610), (600, 570), (600, 720), (200, 720)), accent(c.body), 0.45)
    c.solid(corners((496, 150, 14), (560, 150, 14), (566, 210), (490, 210)), PAPER, 7, 5)
    c.fill(oval(400, 400, 84), PAPER.base)
    c.ears(400, 404, 60, MOSS.base)


@draws("soap", "Soap")
def soap(c: Canvas, look: int) -> None:
    c.shadow(400, 600, 290, 28)
    (_wrapped_soap, _oval_soap, _stack_soap, _rope_soap, _hand_wash)[look - 1](c)


def _brick(c: Canvas, x: float, y: float, width: float, high: float, material: Tones) -> None:
    c.solid(
        corners(
            (x + 40, y - 56, 20),
            (x + width - 40, y - 56, 20),
            (x + width, y, 16),
            (x + width, y + high, 24),
            (x, y + high, 24),
            (x, y, 16),
        ),
        material,
        12,
        0,
    )
    c.fill(
        corners((x + 40, y - 56, 20), (x + width - 40, y - 56, 20), (x + width, y + 4, 14), (x, y + 4, 14)),
        material.light,
    )


def _wrapped_soap(c: Canvas) -> None:
    _brick(c, 150, 430, 500, 160, c.body)
    c.fill(corners((322, 374), (478, 374), (520, 434), (280, 434)), PAPER.lighter)
    c.fill(box(280, 434, 240, 156), PAPER.base)
    c.fill(box(280, 570, 240, 20), PAPER.dark)
    c.ears(400, 494, 46, MOSS.base)
    c.stroke(line((350, 556), (450, 556)), MOSS.base, 6, 0.7)
    _sprig(c, 560, 590, 170, -8)


def _oval_soap(c: Canvas) -> None:
    c.solid(corners((120, 520, 30), (680, 520, 30), (640, 600, 34), (160, 600, 34)), OAK, 10, 7)
    c.stroke("".join(line((x, 560), (x + 50, 560)) for x in (220, 320, 420, 520)), OAK.dark, 8)
    c.solid(
        blob((190, 450), (240, 390), (400, 366), (560, 390), (610, 450), (560, 520), (400, 540), (240, 520)),
        c.body,
        20,
        14,
    )
    c.stroke(oval(400, 444, 130, 48), c.body.dark, 6)
    c.ears(400, 446, 30, c.body.dark)
    for x, y, r in ((200, 350, 30), (252, 316, 18), (600, 340, 24), (560, 300, 14)):
        c.fill(oval(x, y, r), SKY.light, 0.7)
        c.fill(oval(x - r * 0.3, y - r * 0.3, r * 0.28), "#fff")


def _stack_soap(c: Canvas) -> None:
    _brick(c, 150, 490, 480, 106, SAND)
    _brick(c, 190, 372, 440, 106, c.body)
    _brick(c, 170, 254, 440, 106, PAPER)
    with c.within(box(190, 372, 440, 106, 20)):
        c.stroke(
            wave((180, 420), (300, 400), (420, 440), (640, 410)) + wave((180, 450), (320, 434), (460, 466), (640, 440)),
            c.body.dark,
            7,
            0.7,
        )
    c.fill(
        "".join(
            oval(x, y, 5)
            for x, y in ((240, 300), (300, 330), (380, 290), (450, 336), (540, 300), (500, 280), (220, 340))
        ),
        MOSS.base,
    )
    c.stroke("M330 198L300 258V596M470 198L492 258V596", OAK.deep, 8)
    c.stroke("M400 198C360 150 330 180 400 198C470 180 440 150 400 198", OAK.deep, 7)


def _rope_soap(c: Canvas) -> None:
    c.stroke("M400 300C330 120 470 120 400 300", SAND.deep, 13)
    c.stroke("M400 300C330 120 470 120 400 300", SAND.light, 4, 1, "8 10")
    c.solid(
        blob((212, 460), (250, 320), (400, 272), (550, 320), (588, 460), (540, 570), (400, 602), (260, 570)),
        c.body,
        26,
        16,
    )
    c.fill(oval(400, 318, 22, 12), c.body.deep)
    c.stroke(
        wave((270, 420), (400, 380), (530, 420))
        + wave((262, 480), (400, 440), (538, 480))
        + wave((280, 536), (400, 504), (520, 536)),
        c.body.dark,
        7,
        0.6,
    )


def _hand_wash(c: Canvas) -> None:
    with c.moved(y=-96):
        c.solid(
            "M270 676V420C270 370 300 350 340 340H460C500 350 530 370 530 420V676C530 692 520 700 506 700H294C280 700 270 692 270 676Z",
            c.body,
            18,
            12,
        )
        c.label(324, 440, 152, PAPER, MOSS.base, 6)
        _pump(c, 308, BRASS)


@draws("perfume", "Perfume")
def perfume(c: Canvas, look: int) -> None:
    c.shadow(400, 670, 230, 24)
    (_square_flacon, _round_flacon, _tall_flacon, _facet_flacon, _travel_spray)[look - 1](c)


def _liquid(c: Canvas, outer: str, inner: str, left: float, right: float, top: float) -> None:
    c.fill(outer, GLASS.light)
    with c.within(inner):
        c.fill(inner, c.body.lighter)
        c.fill(box(left, top, right - left, 600), c.body.light)
        c.fill(box(left + (right - left) * 0.7, top, right - left, 600), c.body.base, 0.8)
    c.stroke(inner, c.body.base, 3, 0.7)
    c.stroke(outer, GLASS.dark, 4)


def _square_flacon(c: Canvas) -> None:
    _liquid(c, box(220, 330, 360, 336, 22), box(246, 356, 308, 280, 12), 246, 554, 420)
    c.gleam((236, 356), (236, 620), 7, 0.9)
    c.solid(box(330, 470, 140, 96, 4), PAPER, 5, 0)
    _marks(c, 400, 508, 40, c.body.deep)
    c.drum(360, 290, 80, 44, BRASS, r=4)
    c.solid(box(316, 170, 168, 122, 10), COAL, 12, 8)


def _round_flacon(c: Canvas) -> None:
    _liquid(c, oval(400, 480, 190), oval(400, 480, 160), 240, 560, 430)
    c.gleam((258, 420), (300, 350), 10, 0.9)
    c.ears(400, 500, 60, c.body.deep)
    c.drum(362, 270, 76, 34, BRASS, r=4)
    c.solid(oval(400, 208, 66), c.body, 12, 9)
    c.fill(oval(378, 182, 18, 13), c.body.lighter, 0.9)


def _tall_flacon(c: Canvas) -> None:
    _liquid(
        c,
        "M310 330H490L520 640C522 660 512 668 496 668H304C288 668 278 660 280 640Z",
        "M332 356H468L492 626C492 636 486 642 478 642H322C314 642 308 636 308 626Z",
        308,
        492,
        410,
    )
    c.fill(oval(400, 520, 44), PAPER.base)
    c.fill(oval(400, 520, 22), c.body.dark)
    c.drum(356, 296, 88, 36, STEEL, r=4)
    c.round_body(corners((350, 120, 16), (450, 120, 16), (460, 300, 6), (340, 300, 6)), 340, 460, OAK)
    c.grain((364, 180, 70), (366, 240, 76), material=OAK)


def _facet_flacon(c: Canvas) -> None:
    outer = corners((340, 320), (460, 320), (590, 430), (560, 620), (470, 668), (330, 668), (240, 620), (210, 430))
    c.fill(outer, c.body.light)
    c.fill(corners((340, 320), (400, 440), (330, 668), (240, 620), (210, 430)), c.body.lighter)
    c.fill(corners((460, 320), (590, 430), (560, 620), (470, 668), (400, 440)), c.body.base)
    c.fill(corners((590, 430), (560, 620), (470, 668), (490, 500)), c.body.dark)
    c.stroke(
        line((340, 320), (400, 440), (460, 320))
        + line((210, 430), (400, 440), (590, 430))
        + line((400, 440), (330, 668))
        + line((400, 440), (470, 668))
        + line((400, 440), (490, 500), (590, 430)),
        c.body.lighter,
        3,
        0.9,
    )
    c.stroke(outer, c.body.dark, 4)
    c.drum(364, 280, 72, 42, BRASS, r=4)
    c.solid(corners((360, 280), (340, 220), (400, 160), (460, 220), (440, 280)), BRASS, 12, 9)


def _travel_spray(c: Canvas) -> None:
    c.drum(320, 360, 160, 306, c.body, r=16)
    c.fill(box(320, 440, 160, 8), BRASS.base)
    c.drum(344, 300, 112, 62, STEEL, r=6)
    c.drum(366, 240, 68, 62, BRASS, r=8)
    c.fill(oval(382, 264, 6), COAL.base)
    _marks(c, 394, 540, 40, accent(c.body))
    c.drum(530, 480, 130, 186, c.body, r=14)
    c.fill(box(530, 648, 130, 8), BRASS.base)
    for x, y, r in ((330, 250, 9), (304, 232, 7), (300, 266, 8), (272, 246, 10), (262, 276, 6), (244, 226, 7)):
        c.fill(oval(x, y, r), c.body.light, 0.6)


@draws("lipstick", "Lipstick")
def lipstick(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 200, 22)
    (_bullet, _capless, _crayon, _gloss, _palette)[look - 1](c)


def _stick(c: Canvas, x: float, top: float, half: float, bottom: float) -> None:
    shape = (
        f"M{x - half} {bottom}V{top + 90}C{x - half} {top + 30} {x + half * 0.4} {top} {x + half} {top + 10}V{bottom}Z"
    )
    c.round_body(shape, x - half, x + half, c.body)
    c.fill(
        f"M{x - half} {top + 92}C{x - half} {top + 32} {x + half * 0.4} {top + 2} {x + half} {top + 12}C{x + half} {top + 60} {x - half * 0.2} {top + 110} {x - half} {top + 92}Z",
        c.body.lighter,
        0.7,
    )


def _bullet(c: Canvas) -> None:
    _stick(c, 320, 170, 48, 440)
    c.drum(260, 400, 120, 110, BRASS, r=6)
    c.drum(240, 500, 160, 190, COAL, r=12)
    c.fill(box(240, 520, 160, 10), BRASS.base)
    c.drum(450, 410, 156, 280, COAL, r=14)
    c.fill(box(450, 660, 156, 10), BRASS.base)
    c.fill(oval(528, 540, 20), BRASS.base)


def _capless(c: Canvas) -> None:
    _stick(c, 400, 130, 54, 420)
    c.drum(332, 380, 136, 90, STEEL, r=6)
    c.solid(box(312, 460, 176, 230, 14), c.body, 14, 9)
    c.stroke(box(332, 484, 136, 180, 6), c.body.lighter, 4, 0.7)


def _crayon(c: Canvas) -> None:
    with c.moved(turn=34, about=(400, 420)):
        c.fill(corners((362, 210), (438, 210), (418, 120, 16), (386, 124, 10)), c.body.base)
        c.fill(corners((404, 210), (438, 210), (418, 120, 12), (406, 130)), c.body.dark)
        c.drum(352, 204, 96, 60, OAK)
        c.drum(348, 256, 104, 360, c.body, r=10)
        c.fill(box(348, 560, 104, 14), BRASS.base)
    c.solid(box(520, 590, 180, 96, 40), c.body, 12, 8)
    c.stroke(wave((130, 668), (200, 640), (270, 662), (350, 636)), c.body.base, 26, 0.9)
    c.stroke(wave((136, 662), (200, 634), (270, 656), (340, 632)), c.body.light, 7, 0.8)


def _gloss(c: Canvas) -> None:
    shape = box(270, 300, 130, 390, 26)
    c.fill(shape, GLASS.light)
    c.round_body(box(284, 340, 102, 336, 18), 284, 386, c.body)
    c.stroke(shape, GLASS.dark, 4)
    c.gleam((298, 370), (298, 600), 8, 0.8)
    c.drum(290, 276, 90, 32, STEEL)
    with c.moved(turn=14, about=(520, 400)):
        c.drum(480, 130, 92, 240, COAL, r=16)
        c.drum(518, 366, 16, 200, STEEL)
        c.solid(blob((512, 560), (540, 560), (548, 620), (526, 660), (506, 620)), c.body, 6, 4)


def _palette(c: Canvas) -> None:
    c.solid(box(190, 190, 420, 230, 24), COAL, 12, 8)
    c.fill(box(214, 214, 372, 186, 12), GLASS.base)
    c.fill(corners((214, 214), (430, 214), (310, 400), (214, 400)), GLASS.lighter, 0.8)
    c.solid(corners((190, 420, 10), (610, 420, 10), (660, 680, 24), (140, 680, 24)), COAL, 12, 0)
    for n, tone in enumerate((c.body, TERRACOTTA, BLOSSOM)):
        c.fill(oval(280 + 120 * n, 540, 54, 44), COAL.deep)
        c.fill(oval(280 + 120 * n, 544, 48, 38), tone.base)
        c.fill(oval(268 + 120 * n, 532, 24, 14), tone.light)
    c.drum_flat(240, 620, 320, 26, BRASS, 12)


@draws("sunscreen", "Sunscreen")
def sunscreen(c: Canvas, look: int) -> None:
    c.shadow(400, 700, 190, 22)
    (_sun_tube, _sun_spray, _sun_bottle, _sun_stick, _sun_tin)[look - 1](c)


def _sun(c: Canvas, x: float, y: float, r: float, colour: str = "#f1b640") -> None:
    c.fill(oval(x, y, r), colour)
    rays = ""
    for dx, dy in ((1, 0), (0.71, 0.71), (0, 1), (-0.71, 0.71), (-1, 0), (-0.71, -0.71), (0, -1), (0.71, -0.71)):
        rays += line((x + dx * r * 1.4, y + dy * r * 1.4), (x + dx * r * 1.85, y + dy * r * 1.85))
    c.stroke(rays, colour, r * 0.26)


def _sea(c: Canvas, shape: str, y: float) -> None:
    with c.within(shape):
        c.fill(
            blob((180, y), (300, y - 24), (400, y + 10), (500, y - 18), (620, y + 6), (640, 800), (160, 800)), SKY.base
        )
        c.fill(
            blob((180, y + 50), (300, y + 66), (400, y + 40), (500, y + 66), (620, y + 44), (640, 800), (160, 800)),
            SKY.dark,
        )


def _sun_tube(c: Canvas) -> None:
    shape = corners((280, 120), (520, 120), (488, 590, 16), (312, 590, 16))
    c.round_body(shape, 280, 520, c.body)
    _sea(c, shape, 460)
    c.fill(box(276, 104, 248, 34, 5), c.body.dark)
    c.drum(326, 584, 148, 116, PAPER, r=14)
    _sun(c, 400, 290, 44)


def _sun_spray(c: Canvas) -> None:
    shape = "M300 370C300 320 350 320 356 290H444C450 320 500 320 500 370V660C500 690 486 700 460 700H340C314 700 300 690 300 660Z"
    c.round_body(shape, 300, 500, c.body)
    _sea(c, shape, 580)
    _sun(c, 400, 450, 38)
    c.drum(366, 262, 68, 34, STEEL)
    c.solid("M330 170H450C476 170 480 210 474 264H366V230L316 240V200Z", PAPER, 9, 6)
    c.solid("M352 240C336 260 336 290 344 310L362 300C358 280 362 262 372 250Z", COAL, 4, 3)
    for x, y, r in ((292, 214, 8), (270, 200, 6), (264, 228, 7), (240, 212, 9), (234, 240, 6)):
        c.fill(oval(x, y, r), SKY.base, 0.7)


def _sun_bottle(c: Canvas) -> None:
    shape = blob(
        (280, 330),
        (320, 270),
        (400, 258),
        (480, 270),
        (520, 330),
        (500, 480),
        (524, 640),
        (490, 694),
        (400, 702),
        (310, 694),
        (276, 640),
        (300, 480),
    )
    c.round_body(shape, 276, 524, c.body)
    _sea(c, shape, 610)
    _sun(c, 400, 420, 42)
    c.round_body(corners((346, 170, 16), (454, 170, 16), (464, 272, 6), (336, 272, 6)), 336, 464, OAK)


def _sun_stick(c: Canvas) -> None:
    c.round_body("M306 400V300C306 250 350 240 400 240S494 250 494 300V400Z", 306, 494, CREAM)
    c.drum(290, 390, 220, 40, STEEL, r=6)
    shape = box(276, 420, 248, 280, 22)
    c.round_body(shape, 276, 524, c.body)
    _sun(c, 400, 550, 40)
    c.drum(560, 480, 150, 220, c.body, r=22)


def _sun_tin(c: Canvas) -> None:
    c.drum(220, 560, 360, 90, STEEL, 60)
    c.fill(oval(400, 560, 180, 60), STEEL.deep)
    c.fill(oval(400, 566, 168, 52), CREAM.light)
    c.stroke(wave((300, 560), (370, 580), (440, 556), (500, 572)), CREAM.dark, 6)
    c.solid(oval(400, 330, 190), c.body, 18, 14)
    c.stroke(oval(400, 330, 164), c.body.dark, 5)
    inner = oval(400, 330, 158)
    _sea(c, inner, 400)
    _sun(c, 400, 300, 44)


@draws("body-lotion", "Body lotion")
def body_lotion(c: Canvas, look: int) -> None:
    c.shadow(400, 706, 190, 22)
    (_lotion_pump, _lotion_flat, _lotion_wave, _lotion_tub, _lotion_oil)[look - 1](c)


def _lotion_pump(c: Canvas) -> None:
    c.round_body(
        "M270 400C270 320 340 300 356 280H444C460 300 530 320 530 400V670C530 694 516 706 492 706H308C284 706 270 694 270 670Z",
        270,
        530,
        c.body,
    )
    c.fill(oval(400, 500, 78), PAPER.base)
    c.ears(400, 504, 56, MOSS.base)
    _marks(c, 400, 626, 60, accent(c.body))
    _pump(c, 252, PAPER)


def _lotion_flat(c: Canvas) -> None:
    c.round_body(
        blob(
            (290, 250),
            (400, 228),
            (510, 250),
            (540, 430),
            (520, 640),
            (480, 700),
            (400, 706),
            (320, 700),
            (280, 640),
            (260, 430),
        ),
        260,
        540,
        c.body,
    )
    c.solid(box(318, 130, 164, 116, 18), PAPER, 12, 7)
    c.stroke(line((330, 190), (470, 190)), PAPER.dark, 4)
    _marks(c, 400, 400, 80, accent(c.body), 3)
    c.stroke(arc(400, 560, 56, 56, 200, 340), accent(c.body), 7, 0.8)
    c.stroke(arc(400, 590, 56, 56, 200, 340), accent(c.body), 7, 0.5)


def _lotion_wave(c: Canvas) -> None:
    shape = "M300 240H500C540 320 470 380 500 460C540 540 540 620 520 680C514 700 500 706 480 706H320C300 706 286 700 280 680C260 620 260 540 300 460C330 380 260 320 300 240Z"
    c.round_body(shape, 262, 538, c.body)
    with c.within(shape):
        c.fill(box(240, 560, 320, 160), PAPER.base)
        c.fill(box(480, 560, 80, 160), PAPER.dark)
    _marks(c, 396, 620, 60, c.body.deep)
    c.drum(330, 140, 140, 104, BRASS, r=12)


def _lotion_tub(c: Canvas) -> None:
    c.round_body("M210 430A190 44 0 0 0 590 430L560 640C556 690 500 706 400 706S244 690 240 640Z", 210, 590, c.body)
    c.ears(400, 566, 60, accent(c.body))
    _disc(c, 400, 340, 204, 50, 84, OAK)
    c.grain((300, 330, 150), (330, 356, 150), material=OAK)


def _lotion_oil(c: Canvas) -> None:
    shape = box(290, 310, 220, 396, 30)
    c.fill(shape, GLASS.light)
    c.round_body(box(304, 380, 192, 312, 20), 304, 496, c.body)
    c.stroke(shape, GLASS.dark, 4)
    c.fill("M340 680C360 600 350 560 380 500C390 560 400 600 396 680Z", LEAF.base, 0.85)
    c.fill("M410 680C420 620 440 590 460 540C464 600 450 640 440 680Z", MOSS.base, 0.85)
    c.gleam((316, 400), (316, 640), 8, 0.7)
    c.drum(340, 262, 120, 52, STEEL, r=6)
    c.drum(352, 150, 96, 114, COAL, r=12)


@draws("hand-cream", "Hand cream")
def hand_cream(c: Canvas, look: int) -> None:
    c.shadow(400, 690 if look != 4 else 612, 200 if look != 4 else 260, 22)
    (_crimp_tube, _metal_tube, _cap_tube, _hand_tin, _two_tubes)[look - 1](c)


def _crimp(c: Canvas, x: float, top: float, wide: float, high: float, cap: Tones) -> None:
    half = wide / 2
    c.round_body(
        corners((x - half, top), (x + half, top), (x + half * 0.76, top + high, 14), (x - half * 0.76, top + high, 14)),
        x - half,
        x + half,
        c.body,
    )
    c.fill(box(x - half - 5, top - 18, wide + 10, 34, 4), c.body.dark)
    c.stroke(
        "".join(line((x + half * n / 7, top - 12), (x + half * n / 7, top + 10)) for n in range(-6, 7)),
        c.body.deep,
        3,
        0.6,
    )
    c.drum(x - half * 0.6, top + high - 6, wide * 0.6, 92, cap, r=12)


def _crimp_tube(c: Canvas) -> None:
    _crimp(c, 400, 140, 240, 464, PAPER)
    c.label(330, 270, 140, PAPER, c.body.dark, 5)


def _metal_tube(c: Canvas) -> None:
    with c.moved(turn=-10, about=(400, 420)):
        c.round_body(
            corners((296, 190), (504, 190), (486, 540, 30), (430, 590), (370, 590), (314, 540, 30)), 296, 504, STEEL
        )
        c.solid(corners((276, 120, 4), (524, 120, 4), (508, 196, 4), (292, 196, 4)), STEEL, 8, 5)
        c.stroke(line((290, 146), (512, 146)) + line((294, 170), (508, 170)), STEEL.dark, 4)
        c.round_body(corners((301, 260), (499, 260), (490, 490), (310, 490)), 300, 500, c.body)
        c.ears(400, 370, 56, accent(c.body))
        c.drum(368, 584, 64, 70, COAL, r=8)


def _cap_tube(c: Canvas) -> None:
    c.round_body("M312 690V290C312 150 488 150 488 290V690Z", 312, 488, c.body)
    c.fill(box(312, 500, 176, 190, (0, 0, 12, 12)), OAK.base)
    c.fill(box(442, 500, 46, 190, (0, 0, 12, 0)), OAK.dark)
    c.grain((326, 560, 110), (330, 620, 100), material=OAK)
    c.fill(oval(400, 320, 48), PAPER.base)
    c.fill(oval(400, 320, 22), c.body.dark)
    _marks(c, 400, 410, 50, accent(c.body))


def _hand_tin(c: Canvas) -> None:
    _disc(c, 400, 490, 210, 66, 96, c.body)
    c.fill(oval(400, 490, 190, 56), c.body.deep)
    c.fill(oval(400, 496, 182, 50), CREAM.lighter)
    c.stroke(wave((290, 490), (370, 512), (440, 484), (510, 500)), CREAM.dark, 6, 0.8)
    with c.moved(turn=-12, about=(500, 340)):
        c.solid(oval(480, 330, 180, 120), c.body, 14, 10)
        c.stroke(oval(480, 326, 150, 96), c.body.light, 5)
        c.ears(480, 330, 52, accent(c.body))


def _two_tubes(c: Canvas) -> None:
    with c.moved(turn=3, about=(540, 690)):
        _crimp(c, 530, 220, 170, 384, COAL)
        c.ears(530, 400, 46, accent(c.body))
    with c.moved(turn=-3, about=(300, 690)):
        _crimp(c, 290, 180, 190, 424, BRASS)
        _marks(c, 290, 380, 46, accent(c.body), 3)


@draws("candle", "Scented candle")
def candle(c: Canvas, look: int) -> None:
    c.shadow(400, 650, 230, 24)
    c.glow(400, 290 if look != 4 else 220, 210)
    (_jar_candle, _tin_candle, _pillar_candle, _taper_candles, _bowl_candle)[look - 1](c)


def _flame(c: Canvas, x: float, y: float, size: float = 1) -> None:
    c.stroke(line((x, y + 6), (x, y - 16 * size)), COAL.base, 5)
    with c.moved(x=x, y=y), c.moved(about=(0, 0), scale=size):
        c.fill("M0-8C-30-16-34-50-12-78C-6-92-2-104 0-120C8-98 34-70 30-40C28-20 16-8 0-8Z", "#f2a33c")
        c.fill("M0-10C-16-14-18-36-4-56C2-66 4-72 4-80C16-60 18-44 16-30C14-18 8-10 0-10Z", "#ffe08a")


def _jar_candle(c: Canvas) -> None:
    shape = "M250 330H550V610C550 636 536 648 510 648H290C264 648 250 636 250 610Z"
    c.fill(shape, GLASS.base, 0.7)
    c.round_body(box(264, 420, 272, 216, (0, 0, 20, 20)), 264, 536, c.body)
    c.fill(oval(400, 420, 136, 22), c.body.lighter)
    _flame(c, 400, 418, 0.9)
    c.stroke(shape, GLASS.dark, 4)
    c.fill(oval(400, 330, 150, 22), GLASS.lighter, 0.6)
    c.stroke(oval(400, 330, 150, 22), GLASS.dark, 4)
    c.label(330, 470, 140, PAPER, MOSS.base, 3)
    c.gleam((272, 370), (272, 600), 8, 0.8)


def _tin_candle(c: Canvas) -> None:
    _disc(c, 380, 450, 190, 52, 160, c.body)
    c.fill(oval(380, 450, 174, 44), c.body.deep)
    c.fill(oval(380, 456, 168, 38), CREAM.light)
    for x in (310, 450):
        _flame(c, x, 456, 0.8)
    _marks(c, 380, 566, 66, accent(c.body))
    with c.moved(turn=-66, about=(610, 590)):
        _disc(c, 600, 560, 90, 30, 24, c.body)


def _pillar_candle(c: Canvas) -> None:
    for x, top, half, tone in ((270, 440, 76, SAND), (540, 490, 70, PAPER), (400, 330, 86, c.body)):
        c.drum(x - half, top, half * 2, 640 - top, tone, half * 0.26)
        c.fill(oval(x, top, half, half * 0.26), tone.lighter)
        c.fill(oval(x, top + 2, half * 0.6, half * 0.13), tone.light)
        _flame(c, x, top + 2, 0.85)
    c.fill("M318 334C322 380 330 400 340 400S352 380 350 350Z", c.body.light)


def _taper_candles(c: Canvas) -> None:
    for x, top in ((270, 280), (400, 220), (530, 310)):
        c.round_body(corners((x - 20, top, 6), (x + 20, top, 6), (x + 27, 560), (x - 27, 560)), x - 27, x + 27, c.body)
        _flame(c, x, top + 4, 0.8)
        c.drum(x - 36, 540, 72, 40, BRASS, r=8)
    c.tube(line((270, 606), (530, 606)), BRASS, 20)
    for x in (270, 400, 530):
        c.drum(x - 11, 574, 22, 40, BRASS)
    c.solid(blob((300, 640), (360, 618), (440, 618), (500, 640), (460, 654), (340, 654)), BRASS, 5, 4)


def _bowl_candle(c: Canvas) -> None:
    c.round_body("M190 420A210 46 0 0 0 610 420C610 560 540 648 400 648S190 560 190 420Z", 190, 610, c.body)
    c.stroke(wave((222, 540), (400, 586), (578, 540)) + wave((250, 586), (400, 624), (550, 586)), c.body.dark, 6, 0.6)
    c.fill(oval(400, 420, 210, 46), c.body.light)
    c.fill(oval(400, 426, 188, 37), CREAM.light)
    for x, y in ((310, 428), (400, 418), (490, 428)):
        _flame(c, x, y, 0.75)
    c.fill(oval(360, 444, 12, 6), IRON.light, 0.5)
