"""Goods for the café table."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from samband.demo.pictures.canvas import Canvas, accent
from samband.demo.pictures.register import draws
from samband.demo.pictures.shades import (
    BLOSSOM,
    BRASS,
    COAL,
    COCOA,
    CREAM,
    GLASS,
    GOLD,
    IRON,
    LEAF,
    MOSS,
    OAK,
    PAPER,
    SAND,
    STEEL,
    TERRACOTTA,
    Tones,
    tones,
)
from samband.demo.pictures.shapes import arc, blob, box, corners, line, oval, wave

COFFEE = "#4b3024"
CRUST = tones("#d59a4c")
CRUMB = tones("#f0d9ac")


def _bean(c: Canvas, x: float, y: float, size: float, turn: float) -> None:
    with c.moved(turn=turn, about=(x, y)):
        c.fill(oval(x, y, size, size * 0.68), COCOA.base)
        c.fill(oval(x - size * 0.2, y - size * 0.22, size * 0.55, size * 0.24), COCOA.light)
        c.stroke(
            wave(
                (x - size * 0.9, y),
                (x - size * 0.3, y + size * 0.14),
                (x + size * 0.3, y - size * 0.14),
                (x + size * 0.9, y),
            ),
            COCOA.deep,
            size * 0.14,
        )


def _beans(c: Canvas) -> None:
    for x, y, turn in ((186, 690, 20), (236, 706, -30), (580, 700, 30), (628, 684, -20), (548, 716, 8)):
        _bean(c, x, y, 24, turn)


def _steam(c: Canvas, x: float, y: float) -> None:
    for shift in (-34, 0, 34):
        c.stroke(
            wave((x + shift, y), (x + shift + 16, y - 30), (x + shift - 10, y - 62), (x + shift + 8, y - 96)),
            "#ffffff",
            9,
            0.85,
        )


@draws("coffee-beans", "Coffee beans")
def coffee_beans(c: Canvas, look: int) -> None:
    c.shadow(400, 706, 260, 24)
    (_gusset_bag, _folded_bag, _coffee_tin, _jute_sack, _window_bag)[look - 1](c)
    if look != 4:
        _beans(c)


def _gusset_bag(c: Canvas) -> None:
    c.solid(corners((254, 170, 6), (546, 170, 6), (564, 690, 20), (236, 690, 20)), c.body, 18, 10)
    c.fill(box(248, 130, 304, 60, 6), c.body.dark)
    c.stroke(line((256, 160), (544, 160)), c.body.seam, 4, 0.6)
    c.stroke(line((288, 196), (280, 676)) + line((512, 196), (522, 676)), c.body.seam, 4, 0.35)
    c.fill(oval(486, 232, 13), c.body.deep)
    c.solid(box(312, 320, 176, 230, 10), PAPER, 6, 0)
    _bean(c, 400, 400, 44, -30)
    c.stroke(line((346, 480), (454, 480)) + line((364, 508), (436, 508)), COCOA.base, 7, 0.8)


def _folded_bag(c: Canvas) -> None:
    c.solid(box(246, 230, 308, 466, (6, 6, 18, 18)), OAK, 18, 8)
    c.solid(corners((240, 150, 8), (560, 150, 8), (562, 262, 4), (238, 262, 4)), OAK, 10, 7)
    c.stroke(line((224, 214), (576, 214)), BRASS.base, 12)
    c.fill(box(246, 360, 308, 220), c.body.base)
    c.fill(box(490, 360, 64, 220), c.body.dark)
    c.fill("M340 430H440V480A50 40 0 0 1 340 480Z", accent(c.body))
    c.stroke(arc(444, 456, 20, 18, -90, 90), accent(c.body), 9)
    c.stroke(line((340, 548), (440, 548)), accent(c.body), 7, 0.8)


def _coffee_tin(c: Canvas) -> None:
    c.drum(250, 250, 300, 420, c.body, 40)
    c.fill("M250 340A150 40 0 0 0 550 340V560A150 40 0 0 1 250 560Z", PAPER.base)
    c.fill("M474 375A150 40 0 0 0 550 340V560A150 40 0 0 1 474 595Z", PAPER.dark)
    _bean(c, 380, 450, 50, -30)
    c.stroke(line((320, 536), (440, 540)), COCOA.base, 7, 0.8)
    c.drum(242, 200, 316, 62, STEEL, 42)
    c.fill(oval(400, 200, 158, 42), STEEL.lighter)
    c.stroke(oval(400, 200, 130, 32), STEEL.dark, 4)


def _jute_sack(c: Canvas) -> None:
    sack = blob(
        (230, 330),
        (400, 300),
        (570, 330),
        (610, 480),
        (600, 640),
        (520, 700),
        (400, 708),
        (280, 700),
        (200, 640),
        (190, 480),
    )
    c.solid(sack, SAND, 24, 12)
    with c.within(sack):
        weave = "".join(line((x, 300), (x, 710)) for x in range(200, 620, 26)) + "".join(
            line((180, y), (620, y)) for y in range(330, 710, 26)
        )
        c.stroke(weave, SAND.dark, 2.5, 0.6)
        c.fill(box(180, 470, 440, 110), c.body.base)
        c.fill(box(520, 470, 100, 110), c.body.dark)
    _bean(c, 400, 525, 40, -30)
    c.fill(oval(400, 320, 172, 50), COCOA.deep)
    for n, (x, y) in enumerate(
        (
            (270, 312),
            (320, 296),
            (372, 300),
            (424, 292),
            (476, 300),
            (528, 314),
            (300, 330),
            (352, 328),
            (404, 324),
            (456, 330),
            (504, 336),
        )
    ):
        _bean(c, x, y, 26, 40 * n)
    c.stroke(arc(400, 322, 178, 54, 10, 170), SAND.base, 24)
    c.stroke(arc(400, 318, 178, 54, 20, 160), SAND.lighter, 6)


def _window_bag(c: Canvas) -> None:
    c.solid(
        corners((240, 160, 8), (560, 160, 8), (580, 660, 50), (520, 696, 30), (280, 696, 30), (220, 660, 50)),
        c.body,
        18,
        10,
    )
    c.fill(box(240, 150, 320, 46, 6), c.body.dark)
    window = oval(400, 500, 108)
    with c.within(window):
        c.fill(window, COCOA.deep)
        for row in range(4):
            for n in range(4):
                _bean(c, 320 + 56 * n + 24 * (row % 2), 420 + 52 * row, 30, 50 * n + 37 * row)
    c.stroke(window, PAPER.base, 8)
    c.stroke(line((320, 260), (480, 260)) + line((344, 292), (456, 292)), accent(c.body), 9, 0.85)


@draws("tea-tin", "Tea")
def tea_tin(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 230, 24)
    (_round_tin, _square_tin, _tea_box, _tea_pouch, _caddy)[look - 1](c)


def _tea_leaf(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    c.fill(
        f"M{x} {y - size}C{x + size * 0.8:.0f} {y - size * 0.4:.0f} {x + size * 0.6:.0f} {y + size * 0.6:.0f} {x} {y + size}C{x - size * 0.6:.0f} {y + size * 0.6:.0f} {x - size * 0.8:.0f} {y - size * 0.4:.0f} {x} {y - size}Z",
        colour,
    )
    c.stroke(line((x, y - size * 0.5), (x, y + size * 1.4)), PAPER.base, 3, 0.8)


def _round_tin(c: Canvas) -> None:
    c.drum(270, 290, 260, 370, c.body, 36)
    c.drum(264, 210, 272, 90, c.body._replace(base=c.body.dark, light=c.body.base, dark=c.body.deep), 38)
    c.fill(oval(400, 210, 136, 38), c.body.light)
    c.drum(382, 180, 36, 26, BRASS, 6)
    c.fill(oval(390, 490, 74, 84), PAPER.base)
    _tea_leaf(c, 390, 480, 42, MOSS.base)


def _square_tin(c: Canvas) -> None:
    c.solid(corners((236, 300), (500, 300), (500, 690, 6), (236, 690, 6)), c.body, 0, 7)
    c.fill(corners((500, 300), (576, 270), (576, 650), (500, 690)), c.body.dark)
    c.solid(corners((226, 220, 6), (508, 220, 6), (508, 306, 4), (226, 306, 4)), c.body, 0, 6)
    c.fill(corners((508, 220), (586, 196), (586, 278), (508, 306)), c.body.deep)
    c.fill(corners((226, 222), (310, 196), (586, 196), (508, 222)), c.body.light)
    c.fill(box(276, 370, 184, 250, 8), PAPER.base)
    _tea_leaf(c, 344, 460, 36, MOSS.base)
    _tea_leaf(c, 396, 470, 32, LEAF.base)
    c.stroke(line((320, 560), (416, 560)) + line((340, 586), (396, 586)), c.body.deep, 7, 0.8)


def _tea_box(c: Canvas) -> None:
    c.fill(box(230, 250, 340, 120), c.body.deep)
    for n, x in enumerate((262, 322, 382, 442, 502)):
        c.solid(box(x - 24, 236 + 8 * (n % 2), 54, 140, 6), PAPER, 5, 3)
        c.fill(box(x - 12, 262 + 8 * (n % 2), 30, 24, 4), MOSS.base if n % 2 else TERRACOTTA.base)
    c.solid(box(220, 350, 360, 340, 8), c.body, 16, 8)
    c.fill(oval(400, 510, 100, 90), PAPER.base)
    _tea_leaf(c, 400, 500, 48, MOSS.base)
    c.stroke("M300 420C250 470 196 520 196 600", PAPER.dark, 5)
    c.solid(box(164, 596, 64, 70, 8), PAPER, 6, 4)
    _tea_leaf(c, 196, 624, 15, MOSS.base)


def _tea_pouch(c: Canvas) -> None:
    c.solid(
        corners((260, 160, 12), (540, 160, 12), (568, 640, 50), (540, 690, 20), (260, 690, 20), (232, 640, 50)),
        c.body,
        18,
        10,
    )
    c.fill(box(262, 160, 276, 50), c.body.dark)
    c.stroke(line((266, 232), (534, 232)), c.body.seam, 5, 0.5)
    c.label(310, 330, 180, PAPER, TERRACOTTA.base, 3)
    _tea_leaf(c, 330, 560, 40, accent(c.body))
    _tea_leaf(c, 400, 550, 46, accent(c.body))
    _tea_leaf(c, 470, 560, 40, accent(c.body))


def _caddy(c: Canvas) -> None:
    c.round_body(
        blob(
            (310, 310), (490, 310), (560, 400), (560, 560), (500, 670), (400, 688), (300, 670), (240, 560), (240, 400)
        ),
        240,
        560,
        c.body,
    )
    c.stroke(
        wave((248, 400), (400, 430), (552, 400)) + wave((254, 600), (400, 634), (546, 600)), accent(c.body), 7, 0.7
    )
    _tea_leaf(c, 360, 510, 42, accent(c.body))
    _tea_leaf(c, 430, 510, 42, accent(c.body))
    c.drum(306, 280, 188, 40, OAK, 14)
    c.round_body("M296 290C296 220 350 206 400 206S504 220 504 290A104 16 0 0 1 296 290Z", 296, 504, OAK)
    c.solid(oval(400, 192, 26), OAK, 6, 5)


@draws("espresso-cup", "Espresso cup")
def espresso_cup(c: Canvas, look: int) -> None:
    c.shadow(400, 640, 300, 26)
    (_classic_cup, _straight_cup, _glass_cup, _handleless_cup, _facet_cup)[look - 1](c)


def _saucer(c: Canvas, material: Tones) -> None:
    c.fill(oval(400, 618, 270, 44), material.deep)
    c.fill(oval(400, 606, 270, 44), material.base)
    c.fill(oval(392, 602, 230, 32), material.light)
    c.fill(oval(400, 606, 120, 17), material.dark)
    if material.edge:
        c.stroke(oval(400, 606, 270, 44), material.edge, 2.5)


def _surface(c: Canvas, y: float, half: float, rim: float, material: Tones) -> None:
    c.fill(oval(400, y, half, rim), material.light)
    c.fill(oval(400, y + 3, half - 12, rim - 7), material.deep)
    c.fill(oval(400, y + 8, half - 18, rim - 12), COFFEE)
    c.stroke(oval(400, y + 8, half - 26, rim - 16), "#b98252", 6, 0.9)


def _handle(c: Canvas, shape: str, material: Tones, width: float = 26) -> None:
    c.stroke(shape, material.edge or material.dark, width)
    c.stroke(shape, material.base, width - 8)


def _classic_cup(c: Canvas) -> None:
    _saucer(c, c.body)
    _handle(c, "M556 400C660 380 650 520 520 520", c.body)
    c.round_body("M226 360H574C574 480 520 600 400 600S226 480 226 360Z", 226, 574, c.body)
    _surface(c, 360, 174, 40, c.body)
    _steam(c, 400, 300)


def _straight_cup(c: Canvas) -> None:
    _saucer(c, PAPER)
    _handle(c, "M540 410C640 400 640 540 540 530", c.body)
    c.drum(250, 350, 300, 234, c.body, 40)
    c.fill("M250 490A150 40 0 0 0 550 490V584A150 40 0 0 1 250 584Z", PAPER.base)
    c.fill("M476 530A150 40 0 0 0 550 490V584A150 40 0 0 1 476 618Z", PAPER.dark)
    _surface(c, 350, 150, 40, c.body)
    _steam(c, 400, 292)


def _glass_cup(c: Canvas) -> None:
    c.fill(oval(400, 618, 230, 34), c.body.deep)
    c.fill(oval(400, 608, 230, 34), c.body.base)
    c.fill(oval(394, 604, 196, 25), c.body.light)
    _handle(c, "M530 380C630 380 620 520 510 520", GLASS, 22)
    shape = "M256 300H544L516 580C514 598 500 606 480 606H320C300 606 286 598 284 580Z"
    c.fill(shape, GLASS.light)
    with c.within("M280 340H520L498 560C496 574 488 580 470 580H330C312 580 304 574 302 560Z"):
        c.fill(box(260, 300, 300, 300), COFFEE)
        c.fill(box(260, 300, 300, 110), "#e8d3b2")
        c.fill(box(260, 410, 300, 34), "#a8764c")
        c.fill(box(460, 300, 100, 300), "#1d2b2a", 0.14)
    c.stroke(shape, GLASS.dark, 4)
    c.fill(oval(400, 300, 144, 26), "#fff", 0.7)
    c.stroke(oval(400, 300, 144, 26), GLASS.dark, 4)
    c.gleam((284, 360), (304, 560), 10, 0.8)


def _handleless_cup(c: Canvas) -> None:
    c.solid(box(140, 596, 520, 44, 22), OAK, 8, 5)
    c.round_body("M262 340H538L506 560C502 590 480 604 440 604H360C320 604 298 590 294 560Z", 262, 538, c.body)
    c.stroke(wave((274, 430), (340, 442), (400, 432), (470, 444), (528, 432)), c.body.lighter, 6, 0.8)
    c.fill("M281 470C340 490 460 476 520 466L506 560C502 590 480 604 440 604H360C320 604 298 590 294 560Z", SAND.base)
    c.fill("M478 474L520 466L506 560C502 590 480 604 440 604H430C470 580 474 540 478 474Z", SAND.dark)
    _surface(c, 340, 138, 34, c.body)
    _steam(c, 400, 284)
    c.solid(box(560, 560, 60, 36, 8), CREAM, 6, 4)


def _facet_cup(c: Canvas) -> None:
    _saucer(c, c.body)
    _handle(c, "M540 400H610V510H516", c.body, 24)
    shape = corners((246, 346), (554, 346), (500, 598, 10), (300, 598, 10))
    with c.within(shape, c.body):
        c.fill(shape, c.body.base)
        for n, tone in enumerate((c.body.light, c.body.lighter, c.body.base, c.body.dark, c.body.deep)):
            left, right = 246 + 61.6 * n, 246 + 61.6 * (n + 1)
            c.fill(corners((left, 346), (right, 346), (300 + 40 * (n + 1), 598), (300 + 40 * n, 598)), tone)
    _surface(c, 346, 154, 38, c.body)
    _steam(c, 400, 288)


@draws("coffee-maker", "Coffee maker")
def coffee_maker(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 260, 24)
    (_moka, _drip_machine, _french_press, _pour_over, _espresso_machine)[look - 1](c)


def _moka(c: Canvas) -> None:
    c.tube("M520 320C640 300 640 420 600 520", COAL, 32)
    c.round_body(corners((300, 470), (500, 470), (548, 680, 14), (252, 680, 14)), 252, 548, c.body)
    c.stroke(
        line((340, 480), (312, 674)) + line((400, 480), (400, 674)) + line((460, 480), (488, 674)), c.body.deep, 4, 0.6
    )
    c.drum(290, 440, 220, 36, STEEL, r=8)
    c.round_body(corners((270, 250), (530, 250), (500, 444, 6), (300, 444, 6)), 250, 540, c.body)
    c.stroke(
        line((330, 256), (344, 440)) + line((400, 256), (400, 440)) + line((470, 256), (456, 440)), c.body.deep, 4, 0.6
    )
    c.fill(corners((272, 250), (300, 320), (218, 262, 8)), c.body.dark)
    c.solid(corners((300, 206, 10), (500, 206, 10), (534, 254, 6), (266, 254, 6)), c.body, 8, 7)
    c.drum(384, 158, 32, 50, COAL, r=10)


def _drip_machine(c: Canvas) -> None:
    c.solid(box(220, 150, 360, 130, 26), c.body, 13, 9)
    c.solid(box(480, 230, 100, 440, 16), c.body, 13, 0)
    c.solid(box(210, 640, 380, 50, 16), c.body, 10, 6)
    c.solid(corners((270, 280), (450, 280), (420, 370, 10), (300, 370, 10)), COAL, 9, 6)
    c.fill(oval(530, 600, 17), TERRACOTTA.base)
    c.fill(box(506, 300, 48, 200, 8), GLASS.base)
    c.fill(box(506, 380, 48, 120, (0, 0, 8, 8)), "#9fc3cf")
    pot = "M270 420H440L474 620C476 634 468 640 456 640H264C250 640 242 634 244 620Z"
    c.fill(pot, GLASS.light, 0.9)
    with c.within(pot):
        c.fill(box(230, 500, 260, 150), COFFEE)
    c.stroke(pot, GLASS.dark, 4)
    c.solid(box(262, 396, 190, 30, 10), COAL, 6, 4)
    c.tube("M250 440C180 440 180 580 246 590", COAL, 20)
    c.gleam((286, 450), (270, 610), 8, 0.7)


def _french_press(c: Canvas) -> None:
    c.drum(390, 120, 20, 140, STEEL)
    c.solid(oval(400, 120, 32, 28), COAL, 7, 5)
    c.fill(box(284, 260, 232, 420, 12), GLASS.light)
    c.fill(box(290, 380, 220, 290, 8), COFFEE)
    c.fill(box(290, 380, 220, 26), "#a8764c")
    c.fill(box(450, 380, 60, 290, 8), "#2d1c14", 0.4)
    c.stroke(box(284, 260, 232, 420, 12), GLASS.dark, 4)
    c.gleam((306, 290), (306, 650), 9, 0.7)
    c.tube("M520 320H600C640 320 640 580 600 580H520", c.body, 30)
    for y in (300, 640):
        c.drum(272, y, 256, 36, c.body, r=6)
    for x in (290, 496):
        c.drum(x, 320, 16, 340, c.body)
    c.round_body("M270 262C280 200 340 196 400 196S520 200 530 262Z", 270, 530, c.body)
    c.fill(corners((272, 262), (290, 300), (226, 268, 8)), c.body.dark)


def _pour_over(c: Canvas) -> None:
    flask = (
        "M350 430C360 500 250 540 250 640C250 676 280 690 330 690H470C520 690 550 676 550 640C550 540 440 500 450 430Z"
    )
    c.fill(flask, GLASS.light)
    with c.within(flask):
        c.fill(box(230, 590, 340, 110), COFFEE)
        c.fill(box(480, 420, 100, 280), GLASS.dark, 0.35)
    c.stroke(flask, GLASS.dark, 4)
    c.gleam((290, 590), (272, 650), 9, 0.8)
    c.solid(corners((330, 430), (470, 430), (480, 470, 8), (320, 470, 8)), OAK, 6, 4)
    c.tube("M556 260C640 260 630 380 500 380", c.body, 24)
    c.round_body(corners((230, 220), (570, 220), (440, 430, 10), (360, 430, 10)), 230, 570, c.body)
    c.fill(oval(400, 220, 170, 40), c.body.light)
    c.fill(oval(400, 224, 150, 31), PAPER.base)
    c.fill(oval(400, 230, 120, 22), COFFEE)
    c.stroke("".join(line((400 + n * 46, 262), (400 + n * 14, 420)) for n in (-2, -1, 0, 1, 2)), c.body.seam, 5, 0.4)


def _espresso_machine(c: Canvas) -> None:
    c.solid(box(160, 190, 480, 160, 22), c.body, 13, 9)
    c.fill(box(200, 340, 400, 280), c.body.dark)
    c.fill(box(200, 340, 400, 36), c.body.deep)
    c.solid(box(140, 610, 520, 76, 16), c.body, 12, 6)
    c.fill(box(190, 616, 420, 16, 5), COAL.base)
    c.drum(352, 340, 96, 44, STEEL, r=6)
    c.solid(box(330, 380, 140, 34, 8), STEEL, 7, 5)
    c.tube(line((330, 396), (236, 410)), COAL, 26)
    c.stroke(line((384, 416), (384, 500)) + line((416, 416), (416, 500)), COFFEE, 6)
    c.round_body("M340 500H460C460 560 440 610 400 610S340 560 340 500Z", 340, 460, PAPER)
    c.tube("M560 350C590 420 560 480 572 540", STEEL, 13)
    for x in (220, 270):
        c.fill(oval(x, 262, 18), c.body.deep)
        c.fill(oval(x - 2, 259, 12), STEEL.lighter)
    c.fill(oval(560, 262, 42), STEEL.dark)
    c.fill(oval(560, 262, 34), PAPER.base)
    c.stroke(line((560, 262), (578, 244)), TERRACOTTA.base, 6)
    for x in (250, 330, 410):
        c.fill(box(x, 160, 62, 32, (4, 4, 14, 14)), PAPER.base if x != 330 else SAND.base)


@draws("croissant", "Croissant")
def croissant(c: Canvas, look: int) -> None:
    """The pastry keeps the colour of pastry; the colour goes to the plate and the napkin."""
    c.shadow(400, 580, 340, 30)
    _plate(c)
    if look == 5:
        _twist_roll(c)
        return
    if look == 4:
        _chocolate_roll(c)
        return
    (_plain_crescent, _almond_crescents, _filled_crescent)[look - 1](c)


def _plain_crescent(c: Canvas) -> None:
    _crescent(c)


def _almond_crescents(c: Canvas) -> None:
    """Two small ones, the front one over the back one, with almonds and sugar."""
    for x, y in ((-88, -26), (92, 14)):
        with c.moved(x=x, y=y, scale=0.72, about=(400, 530)):
            _crescent(c)
            for left, top, turn in ((280, 396, 30), (350, 344, 60), (430, 330, 100), (510, 370, 130), (400, 396, 20)):
                with c.moved(turn=turn, about=(left, top)):
                    c.fill(oval(left, top, 30, 12), CREAM.base)
                    c.fill(oval(left - 5, top - 3, 17, 4), CREAM.lighter)
            c.fill(
                "".join(oval(x, y, 4) for x, y in ((310, 372), (390, 318), (470, 400), (340, 420), (550, 420))), "#fff"
            )


def _filled_crescent(c: Canvas) -> None:
    """Cut open and filled with chocolate cream."""
    c.solid(blob((160, 520), (250, 482), (400, 470), (550, 482), (640, 520), (560, 552), (240, 552)), CRUST, 12, 6)
    c.fill(blob((176, 500), (280, 468), (400, 460), (520, 468), (624, 500), (520, 520), (280, 520)), CRUMB.base)
    filling = (180, 486), (240, 476), (300, 492), (360, 474), (420, 490), (480, 474), (540, 490), (620, 484)
    c.stroke(wave(*filling), COCOA.base, 30)
    c.stroke(wave(*((x, y - 7) for x, y in filling)), COCOA.light, 7)
    with c.moved(y=-44):
        _crescent(c)
        drizzle = (
            (230, 420),
            (290, 350),
            (320, 420),
            (370, 320),
            (410, 400),
            (450, 320),
            (490, 410),
            (530, 360),
            (576, 430),
        )
        c.stroke(wave(*drizzle), COCOA.base, 12)


def _plate(c: Canvas) -> None:
    c.fill(oval(400, 546, 340, 66), c.body.deep)
    c.fill(oval(400, 532, 340, 66), c.body.base)
    c.fill(oval(392, 526, 306, 53), c.body.light)
    c.fill(oval(400, 532, 240, 38), c.body.base)
    if c.body.edge:
        c.stroke(oval(400, 532, 340, 66), c.body.edge, 2.5)
    c.fill(oval(400, 536, 230, 28), c.body.deep, 0.5)


def _crescent(c: Canvas) -> None:
    horns = blob(
        (150, 520),
        (160, 440),
        (230, 360),
        (320, 306),
        (400, 292),
        (480, 306),
        (570, 360),
        (640, 440),
        (650, 520),
        (610, 540),
        (570, 520),
        (490, 504),
        (400, 500),
        (310, 504),
        (230, 520),
        (190, 544),
    )
    c.solid(horns, CRUST, 22, 12)
    with c.within(horns):
        for left, right, tone in (
            (((140, 480), (220, 360)), ((250, 510), (262, 330)), CRUST.dark), (((250, 510), (262, 340)), ((330, 490), (330, 290)), CRUST.base),
            (((330, 500), (330, 290)), ((470, 500), (470, 290)), CRUST.light), (((470, 500), (470, 290)), ((550, 510), (538, 340)), CRUST.base),
            (((550, 510), (538, 330)), ((660, 480), (580, 360)), CRUST.dark),
        ):  # fmt: skip
            c.fill(corners(left[1], right[1], right[0], left[0]), tone)
        for x, lean in ((214, 40), (276, 26), (340, 8), (460, -8), (524, -26), (586, -40)):
            c.stroke(wave((x - lean * 0.2, 540), (x + lean * 0.6, 430), (x + lean * 1.2, 290)), CRUST.deep, 9, 0.8)
            c.stroke(
                wave((x - lean * 0.2 + 9, 540), (x + lean * 0.6 + 10, 430), (x + lean * 1.2 + 9, 290)),
                CRUST.lighter,
                5,
                0.8,
            )
        c.fill(blob((150, 550), (240, 514), (400, 480), (560, 514), (650, 550), (400, 530)), CRUST.deep, 0.5)


def _chocolate_roll(c: Canvas) -> None:
    for x, y in ((150, 360), (190, 400)):
        body = box(x, y, 440, 136, 58)
        c.solid(body, CRUST, 22, 12)
        with c.within(body):
            c.stroke(
                "".join(
                    wave((x + 60 + 62 * n, y - 10), (x + 40 + 62 * n, y + 60), (x + 50 + 62 * n, y + 150))
                    for n in range(7)
                ),
                CRUST.deep,
                8,
                0.75,
            )
            c.stroke(
                "".join(
                    wave((x + 70 + 62 * n, y - 10), (x + 50 + 62 * n, y + 60), (x + 60 + 62 * n, y + 150))
                    for n in range(7)
                ),
                CRUST.lighter,
                5,
                0.8,
            )
        c.fill(oval(x + 408, y + 68, 34, 60), CRUMB.base)
        c.stroke(oval(x + 408, y + 68, 24, 44), CRUST.base, 5)
        c.fill(oval(x + 408, y + 46, 12, 14) + oval(x + 408, y + 88, 12, 14), COCOA.base)


def _twist_roll(c: Canvas) -> None:
    c.solid(
        blob((210, 460), (240, 360), (400, 310), (560, 360), (590, 460), (540, 540), (400, 556), (260, 540)),
        CRUST,
        22,
        12,
    )
    swirl = "M400 430C390 410 430 404 436 430C440 470 360 480 350 430C346 370 460 360 486 420C506 500 330 530 296 440C280 350 420 320 500 356C560 386 570 450 540 500"
    c.stroke(swirl, CRUST.deep, 13, 0.9)
    c.stroke(swirl, COCOA.base, 6, 0.9)
    c.fill(
        "".join(
            box(x, y, 15, 13, 3)
            for x, y in (
                (280, 380),
                (330, 350),
                (400, 340),
                (470, 350),
                (520, 400),
                (300, 440),
                (400, 396),
                (460, 460),
                (350, 500),
                (430, 510),
                (520, 470),
                (380, 450),
            )
        ),
        "#ffffff",
    )


@draws("cake", "Cake")
def cake(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 270, 24)
    (_layer_cake, _slice, _bundt, _cheesecake, _cupcake)[look - 1](c)


def _stand(c: Canvas) -> None:
    c.round_body(
        blob((372, 590), (428, 590), (420, 640), (500, 684), (400, 696), (300, 684), (380, 640)), 300, 500, c.body
    )
    c.drum(130, 566, 540, 18, c.body, 50)
    c.fill(oval(400, 566, 270, 50), c.body.light)


def _layer_cake(c: Canvas) -> None:
    _stand(c)
    c.drum(210, 350, 380, 206, CREAM, 50)
    for y, tone in ((400, BLOSSOM), (470, BLOSSOM)):
        c.fill(f"M210 {y}A190 50 0 0 0 590 {y}V{y + 18}A190 50 0 0 1 210 {y + 18}Z", tone.base)
    c.fill(oval(400, 350, 190, 50), CREAM.lighter)
    c.fill(
        "M210 350A190 50 0 0 1 590 350C590 400 570 420 556 384C540 410 524 460 500 404C470 416 460 440 430 408C400 460 380 420 350 402C330 440 310 430 290 396C260 430 230 410 210 350Z",
        COCOA.base,
    )
    c.fill(oval(390, 340, 130, 26), COCOA.light, 0.7)
    for x, y in ((290, 330), (350, 312), (420, 308), (490, 322), (330, 352), (400, 348), (470, 350)):
        c.fill(oval(x, y, 25, 23), "#b8323c")
        c.fill(oval(x - 7, y - 8, 8, 6), "#e58a86")


def _slice(c: Canvas) -> None:
    c.fill(oval(400, 640, 310, 50), c.body.deep)
    c.fill(oval(400, 630, 310, 50), c.body.base)
    c.fill(oval(394, 624, 270, 38), c.body.light)
    c.fill(corners((180, 390), (600, 320), (620, 380), (600, 600), (190, 620)), COCOA.base)
    side = corners((180, 400), (590, 400), (590, 606), (190, 622))
    with c.within(side):
        c.fill(side, COCOA.light)
        for y in (440, 500, 560):
            c.fill(box(170, y, 440, 20), CREAM.light)
        c.fill(
            "".join(
                oval(x, y, 5)
                for x, y in (
                    (240, 480),
                    (330, 476),
                    (420, 486),
                    (510, 478),
                    (280, 540),
                    (380, 546),
                    (480, 538),
                    (560, 546),
                    (300, 596),
                    (440, 590),
                )
            ),
            COCOA.deep,
        )
    c.fill(corners((180, 400), (400, 326), (640, 350), (590, 404)), COCOA.dark)
    c.fill(corners((590, 404), (640, 350), (636, 560), (590, 606)), COCOA.deep)
    c.fill(blob((480, 330), (520, 300), (560, 320), (550, 356), (500, 360)), CREAM.lighter)
    c.fill(oval(520, 304, 28, 27), "#b8323c")
    c.fill(oval(512, 296, 8, 7), "#e58a86")


def _bundt(c: Canvas) -> None:
    _stand(c)
    ring_ = blob(
        (196, 520),
        (210, 420),
        (280, 360),
        (400, 340),
        (520, 360),
        (590, 420),
        (604, 520),
        (540, 566),
        (400, 582),
        (260, 566),
    )
    c.solid(ring_, CRUST, 24, 12)
    with c.within(ring_):
        c.stroke(
            "".join(wave((400 + n * 30, 350), (400 + n * 56, 450), (400 + n * 62, 590)) for n in range(-3, 4)),
            CRUST.deep,
            10,
            0.6,
        )
        c.stroke(
            "".join(wave((412 + n * 30, 350), (412 + n * 56, 450), (412 + n * 62, 590)) for n in range(-3, 4)),
            CRUST.lighter,
            6,
            0.6,
        )
    c.fill(
        "M250 400C290 340 510 340 550 400C570 440 548 470 530 430C516 470 500 500 480 430C456 450 440 470 420 430C400 500 380 490 366 430C350 470 330 450 316 430C290 490 270 470 268 430C250 450 240 430 250 400Z",
        "#ffffff",
    )
    c.fill(oval(400, 384, 66, 18), CRUST.deep)


def _cheesecake(c: Canvas) -> None:
    _stand(c)
    c.drum(190, 480, 420, 76, CRUST, 52)
    c.drum(196, 420, 408, 76, CREAM, 50)
    c.fill(oval(400, 420, 204, 50), CREAM.lighter)
    c.fill(
        blob(
            (226, 420),
            (300, 388),
            (400, 380),
            (500, 388),
            (574, 420),
            (540, 452),
            (520, 500),
            (490, 456),
            (400, 462),
            (330, 458),
            (300, 490),
            (270, 450),
        ),
        "#7c2f4a",
    )
    for x, y in ((300, 410), (346, 396), (400, 404), (452, 394), (500, 410), (376, 424), (430, 428)):
        c.fill(oval(x, y, 20, 18), "#3d3557")
        c.fill(oval(x - 6, y - 6, 6, 5), "#8a83aa")
    _tea_leaf(c, 420, 372, 20, LEAF.base)


def _cupcake(c: Canvas) -> None:
    c.round_body(corners((260, 470), (540, 470), (500, 690, 16), (300, 690, 16)), 260, 540, c.body)
    c.stroke("".join(line((400 + n * 38, 474), (400 + n * 28, 686)) for n in range(-3, 4)), c.body.dark, 7, 0.8)
    for y, half, high in ((450, 180, 62), (380, 140, 58), (314, 96, 52)):
        c.solid(
            blob(
                (400 - half, y),
                (400 - half * 0.6, y - high * 0.7),
                (400 + half * 0.6, y - high * 0.7),
                (400 + half, y),
                (400 + half * 0.6, y + high * 0.66),
                (400 - half * 0.6, y + high * 0.66),
            ),
            CREAM,
            16,
            9,
        )
    c.solid(blob((350, 280), (380, 236), (410, 200), (430, 240), (450, 280), (400, 300)), CREAM, 9, 6)
    for x, y, tone, turn in (
        (300, 440, TERRACOTTA, 20),
        (350, 400, MOSS, 70),
        (430, 450, TERRACOTTA, -30),
        (480, 410, BRASS, 40),
        (380, 330, BRASS, 10),
        (450, 350, MOSS, -50),
        (520, 452, MOSS, 80),
        (400, 470, BRASS, -10),
    ):
        with c.moved(turn=turn, about=(x, y)):
            c.stroke(line((x - 11, y), (x + 11, y)), tone.base, 8)
    c.fill(oval(412, 200, 26), "#b8323c")
    c.fill(oval(404, 192, 7), "#e58a86")


@draws("sandwich", "Sandwich")
def sandwich(c: Canvas, look: int) -> None:
    """Bread stays bread; the colour goes to the board, the paper or the plate."""
    c.shadow(400, 640, 320, 28)
    (_triangles, _baguette, _bagel, _open_rye, _toast)[look - 1](c)


def _lettuce(c: Canvas, left: float, right: float, y: float) -> None:
    count = 12
    step = (right - left) / count
    points = [(left + step * n, y + (16 if n % 2 else -6)) for n in range(count + 1)]
    c.stroke(wave(*points), LEAF.dark, 24)
    c.stroke(wave(*((x, py - 4) for x, py in points)), LEAF.light, 11)


def _board(c: Canvas) -> None:
    c.solid(box(90, 590, 620, 46, 20), c.body, 9, 6)
    c.grain((160, 612, 200), (420, 616, 200), material=c.body)


def _triangles(c: Canvas) -> None:
    _board(c)
    for x, y in ((230, 0), (90, 0)):
        crumb = corners((x + 60, 250 + y, 24), (x + 440, 586 + y, 14), (x + 60, 586 + y, 14))
        c.solid(crumb, CRUST, 0, 10)
        c.fill(corners((x + 74, 290 + y, 10), (x + 400, 576 + y, 8), (x + 74, 576 + y, 8)), CRUMB.light)
        with c.within(corners((x + 74, 286 + y), (x + 410, 580 + y), (x + 74, 580 + y))):
            c.fill(box(x + 60, 420, 400, 22), "#d9574a")
            c.fill(box(x + 60, 446, 400, 18), "#f2c14e")
            _lettuce(c, x + 60, x + 420, 480)
            c.fill(box(x + 60, 500, 400, 22), BLOSSOM.base)
            c.fill(box(x + 60, 520, 400, 10), BLOSSOM.dark)


def _baguette(c: Canvas) -> None:
    c.solid(
        blob((110, 520), (160, 470), (400, 462), (640, 470), (690, 520), (650, 586), (400, 600), (150, 586)),
        CRUST,
        18,
        0,
    )
    c.fill(box(130, 470, 540, 26, 13), CRUMB.base)
    c.fill(box(140, 450, 520, 30, 14), BLOSSOM.base)
    c.fill(corners((170, 440), (630, 440), (600, 490), (500, 466), (420, 500), (300, 466), (220, 496)), "#f2c14e")
    _lettuce(c, 130, 670, 430)
    for x in (230, 340, 450, 560):
        c.fill(oval(x, 416, 62, 20), "#c8463c")
        c.fill(oval(x - 10, 410, 34, 7), "#e58a75")
    top = blob(
        (112, 390),
        (150, 310),
        (280, 270),
        (400, 262),
        (520, 270),
        (650, 310),
        (688, 390),
        (600, 416),
        (400, 420),
        (200, 416),
    )
    c.solid(top, CRUST, 20, 14)
    for x in (230, 330, 430, 530):
        c.fill(blob((x, 360), (x + 20, 310), (x + 66, 290), (x + 50, 340), (x + 14, 372)), CRUMB.base)
    paper = corners(
        (430, 250, 8),
        (470, 262),
        (620, 276, 20),
        (704, 350, 30),
        (712, 530, 40),
        (640, 604, 30),
        (410, 612, 8),
        (440, 560),
        (404, 500),
        (436, 440),
        (400, 380),
        (438, 320),
    )
    c.solid(paper, c.body, 14, 8)
    with c.within(paper):
        c.stroke("".join(line((x, 240), (x - 60, 630)) for x in range(500, 800, 50)), accent(c.body), 6, 0.45)


def _bagel(c: Canvas) -> None:
    c.fill(oval(400, 614, 310, 44), c.body.deep)
    c.fill(oval(400, 604, 310, 44), c.body.base)
    c.fill(oval(394, 600, 270, 32), c.body.light)
    c.solid(box(190, 500, 420, 100, 46), CRUST, 16, 0)
    c.fill(box(194, 490, 412, 30, 15), CRUMB.light)
    c.fill(blob((190, 470), (300, 456), (500, 456), (612, 470), (600, 510), (400, 500), (200, 510)), PAPER.lighter)
    c.fill(
        blob(
            (180, 450), (260, 430), (400, 436), (540, 428), (620, 452), (560, 486), (470, 466), (380, 490), (260, 470)
        ),
        "#ee8b6a",
    )
    c.stroke(wave((220, 456), (320, 446), (420, 460), (560, 450)), "#f7b79d", 6)
    _lettuce(c, 190, 610, 426)
    top = blob(
        (186, 400),
        (210, 310),
        (310, 270),
        (400, 264),
        (490, 270),
        (590, 310),
        (614, 400),
        (540, 424),
        (400, 430),
        (260, 424),
    )
    c.solid(top, CRUST, 20, 14)
    c.fill(oval(400, 304, 58, 20), CRUST.deep)
    c.fill(
        "".join(
            oval(x, y, 8, 5)
            for x, y in (
                (260, 330),
                (300, 300),
                (330, 350),
                (280, 370),
                (390, 350),
                (450, 370),
                (480, 310),
                (520, 340),
                (540, 374),
                (440, 334),
                (350, 384),
                (500, 390),
            )
        ),
        CREAM.lighter,
    )


def _open_rye(c: Canvas) -> None:
    _board(c)
    rye = tones("#7a5236")
    c.solid(box(140, 510, 520, 84, 24), rye, 12, 8)
    c.fill(
        "".join(
            oval(x, y, 5)
            for x, y in ((180, 550), (240, 570), (310, 546), (380, 572), (450, 552), (520, 570), (590, 548), (630, 572))
        ),
        rye.lighter,
    )
    c.fill(box(146, 492, 508, 28, 14), CREAM.lighter)
    _lettuce(c, 150, 650, 484)
    for x in (210, 320, 430, 540):
        c.fill(oval(x + 25, 440, 70, 46), "#ffffff")
        c.stroke(oval(x + 25, 440, 70, 46), SAND.dark, 3)
        c.fill(oval(x + 25, 440, 38, 26), "#f0b73f")
        c.fill(oval(x + 14, 432, 14, 8), "#f9dd8f")
    c.fill(
        "".join(oval(x, y, 20, 9) for x, y in ((240, 398), (300, 420), (400, 396), (470, 416), (560, 396))),
        BLOSSOM.base,
    )
    c.stroke(
        "".join(
            line((x, 404), (x + 16, 362)) + line((x + 7, 386), (x - 12, 364)) + line((x + 10, 380), (x + 34, 368))
            for x in (280, 410, 530)
        ),
        MOSS.base,
        6,
    )


def _toast(c: Canvas) -> None:
    _board(c)
    c.solid(box(160, 500, 480, 90, 22), CRUST, 14, 0)
    c.fill(box(176, 500, 448, 30, 10), CRUMB.base)
    c.fill(
        "M160 486H640C640 520 610 520 600 500C590 560 560 560 552 506C520 530 470 520 450 500C430 570 400 560 390 504C340 530 260 520 230 500C220 540 190 540 160 486Z",
        "#f2c14e",
    )
    c.fill(box(166, 462, 468, 28, 10), BLOSSOM.base)
    c.fill(box(166, 480, 468, 10, 5), BLOSSOM.dark)
    c.solid(box(156, 380, 488, 88, 26), CRUST, 14, 10)
    c.stroke("".join(line((x, 394), (x - 34, 452)) for x in range(230, 640, 66)), CRUST.deep, 11, 0.75)
    c.stroke(line((400, 250), (400, 400)), OAK.dark, 8)
    c.fill(oval(400, 246, 30, 28), MOSS.base)
    c.fill(oval(390, 236, 9, 8), LEAF.light)
    c.fill(oval(414, 252, 8), "#b8323c")


@draws("chocolate-bar", "Chocolate bar")
def chocolate_bar(c: Canvas, look: int) -> None:
    c.shadow(410, 660, 250, 24)
    (_half_open, _sleeve, _broken, _long_bar, _chocolate_box)[look - 1](c)


def _squares(c: Canvas, x: float, y: float, columns: int, rows: int, size: float) -> None:
    c.solid(box(x, y, columns * size, rows * size, 10), COCOA, 10, 6)
    for row in range(rows):
        for column in range(columns):
            left, top = x + column * size + 8, y + row * size + 8
            inner = size - 16
            c.fill(box(left, top, inner, inner, 6), COCOA.dark)
            c.fill(box(left, top, inner - 6, inner - 6, 6), COCOA.light)
            c.fill(box(left + 7, top + 7, inner - 16, inner - 16, 4), COCOA.base)


def _half_open(c: Canvas) -> None:
    with c.moved(turn=-10, about=(400, 400)):
        _squares(c, 266, 120, 3, 3, 90)
        c.fill(
            corners(
                (246, 380),
                (270, 350),
                (310, 376),
                (350, 344),
                (400, 374),
                (450, 346),
                (500, 378),
                (534, 350),
                (556, 380),
                (556, 430),
                (246, 430),
            ),
            STEEL.light,
        )
        c.fill(corners((400, 374), (450, 346), (500, 378), (534, 350), (556, 380), (556, 430), (430, 430)), STEEL.base)
        c.solid(box(244, 410, 314, 270, 8), c.body, 12, 7)
        c.ears(401, 520, 54, accent(c.body))
        c.stroke(line((330, 620), (472, 620)), accent(c.body), 8, 0.8)


def _sleeve(c: Canvas) -> None:
    c.solid(box(262, 120, 290, 530, 8), c.body, 14, 8)
    c.fill(box(262, 120, 290, 50), BRASS.base)
    c.fill(box(262, 164, 290, 6), BRASS.dark)
    hills = corners((262, 430), (340, 330), (400, 400), (470, 300), (552, 420), (552, 520), (262, 520))
    with c.within(box(262, 240, 290, 280)):
        c.fill(box(262, 240, 290, 280), PAPER.base)
        c.fill(oval(480, 300, 34), TERRACOTTA.base)
        c.fill(hills, c.body.light)
        c.fill(corners((262, 470), (350, 400), (440, 470), (552, 410), (552, 520), (262, 520)), c.body.dark)
    c.stroke(line((340, 570), (474, 570)) + line((366, 602), (448, 602)), accent(c.body), 8, 0.8)


def _broken(c: Canvas) -> None:
    with c.moved(turn=6, about=(400, 400)):
        c.fill(box(220, 300, 360, 350, 8), PAPER.dark)
        _squares(c, 246, 240, 4, 3, 78)
        c.solid(
            corners(
                (220, 470, 4),
                (270, 446),
                (330, 476),
                (390, 448),
                (450, 478),
                (520, 450),
                (584, 474),
                (584, 664, 8),
                (220, 664, 8),
            ),
            c.body,
            12,
            7,
        )
        c.fill(oval(402, 566, 52), PAPER.base)
        _bean(c, 402, 566, 32, -30)
    with c.moved(turn=-14, about=(640, 600)):
        _squares(c, 590, 596, 2, 1, 66)
    _squares(c, 120, 596, 1, 1, 66)


def _long_bar(c: Canvas) -> None:
    with c.moved(turn=-24, about=(400, 420)):
        c.fill(
            corners(
                (90, 340),
                (124, 356),
                (98, 374),
                (124, 392),
                (96, 410),
                (124, 430),
                (98, 450),
                (124, 468),
                (92, 488),
                (180, 500),
                (180, 330),
            ),
            STEEL.base,
        )
        c.fill(
            corners(
                (710, 340),
                (676, 356),
                (702, 374),
                (676, 392),
                (704, 410),
                (676, 430),
                (702, 450),
                (676, 468),
                (708, 488),
                (620, 500),
                (620, 330),
            ),
            STEEL.dark,
        )
        c.drum_flat(140, 320, 520, 190, c.body, 22)
        c.fill(corners((240, 320), (330, 320), (270, 510), (180, 510)), accent(c.body), 0.8)
        _bean(c, 430, 415, 42, -20)
        c.stroke(line((500, 400), (620, 400)) + line((500, 430), (590, 430)), accent(c.body), 9, 0.8)


def _chocolate_box(c: Canvas) -> None:
    c.solid(box(150, 190, 500, 210, 20), c.body, 12, 9)
    c.stroke(line((400, 190), (400, 400)), BRASS.base, 22)
    c.stroke("M400 300C330 230 290 300 400 300C510 300 470 230 400 300", BRASS.base, 14)
    c.solid(box(140, 400, 520, 256, 20), c.body, 14, 8)
    c.fill(box(166, 424, 468, 206, 10), PAPER.base)
    for row in range(2):
        for column in range(4):
            x, y = 226 + 116 * column, 478 + 98 * row
            c.fill(corners((x - 48, y + 4), (x + 48, y + 4), (x + 38, y + 42, 6), (x - 38, y + 42, 6)), BRASS.dark)
            tone = (COCOA, GOLD, CREAM, IRON)[(row * 2 + column) % 3]
            if (row + column) % 2:
                c.solid(oval(x, y, 38, 34), tone, 8, 6)
                c.stroke(wave((x - 22, y - 6), (x, y + 6), (x + 22, y - 8)), tone.deep, 4, 0.6)
            else:
                c.solid(box(x - 36, y - 32, 72, 64, 12), tone, 8, 6)
                c.fill(oval(x, y, 11), tone.deep)
