"""Furniture to sit and lie on."""

from samband.demo.pictures.canvas import Canvas
from samband.demo.pictures.register import draws
from samband.demo.pictures.shades import (
    BIRCH,
    BRASS,
    COAL,
    MOSS,
    OAK,
    PAPER,
    SAND,
    SKY,
    STEEL,
    TERRACOTTA,
    WALNUT,
    Tones,
    shaded,
)
from samband.demo.pictures.shapes import blob, box, corners, line, oval, wave


@draws("sofa", "Sofa")
def sofa(c: Canvas, look: int) -> None:
    with c.moved(y=-34):
        c.shadow(400, 628, 365, 26)
        (_track_sofa, _chesterfield, _lounge_sofa, _frame_sofa, _curved_sofa)[look - 1](c)


def _track_sofa(c: Canvas) -> None:
    for x, lean in ((128, -8), (672, 8), (320, 0), (480, 0)):
        c.leg((x, 570), (x + lean, 632), OAK, 20, 13)
    c.solid(box(96, 286, 608, 250, 26), c.body, 0, 6)
    c.fill(box(110, 440, 580, 100), c.body.deep)
    for x in (142, 316, 490):
        c.solid(box(x, 298, 170, 164, (30, 30, 16, 16)), c.body, 12, 7)
        c.stroke(wave((x + 24, 316), (x + 85, 311), (x + 146, 316)), c.body.seam, 2.5, 0.5)
    _pillow(c, 182, 350, 112, TERRACOTTA, -9)
    for x in (136, 314, 490):
        c.fill(corners((x + 8, 444), (x + 166, 444), (x + 174, 478, 10), (x, 478, 10)), c.body.light)
    for x in (136, 314, 491):
        c.solid(box(x, 462, 174, 62, (20, 20, 14, 14)), c.body, 11, 8)
        c.stroke(line((x + 12, 494), (x + 162, 494)), c.body.seam, 2.5, 0.55)
    c.solid(box(104, 520, 592, 54, 8), c.body, 12, 0)
    c.fill(box(142, 520, 516, 9), c.body.deep, 0.55)
    for x in (66, 658):
        c.solid(box(x, 348, 76, 228, (24, 24, 10, 10)), c.body, 14, 9)
        c.stroke(line((x + 12, 388), (x + 12, 560)), c.body.seam, 2.5, 0.55)


def _chesterfield(c: Canvas) -> None:
    for x in (112, 688, 300, 500):
        c.solid(box(x - 13, 584, 26, 28, 8) + box(x - 8, 612, 16, 22, (0, 0, 4, 4)), WALNUT, 4, 3)
    c.solid(box(88, 300, 624, 220, (60, 60, 10, 10)), c.body, 0, 10)
    quilting, buttons = _tufts(150, 660, (352, 396, 440), 68)
    with c.within(box(146, 328, 508, 130)):
        c.stroke(quilting, c.body.seam, 2.5, 0.5)
        c.fill(buttons, c.body.deep)
    c.fill(box(110, 440, 580, 100), c.body.deep)
    c.solid(box(92, 288, 616, 40, 20), c.body, 12, 8)
    c.fill(corners((146, 448), (654, 448), (668, 480), (132, 480)), c.body.light)
    for x in (132, 400):
        c.solid(box(x, 466, 268, 60, 22), c.body, 11, 8)
    c.solid(box(96, 520, 608, 68, (0, 0, 16, 16)), c.body, 14, 0)
    c.fill(box(140, 520, 520, 9), c.body.deep, 0.55)
    for x in (58, 646):
        c.solid(box(x + 10, 380, 76, 206, (0, 0, 14, 14)), c.body, 12, 8)
        c.solid(oval(x + 48, 372, 54, 50), c.body, 12, 9)
        c.stroke(oval(x + 48, 372, 36, 33), c.body.seam, 3, 0.55)
        c.fill(oval(x + 48, 372, 8), c.body.deep)
        c.fill("".join(oval(x + 22, y, 4.5) for y in range(438, 580, 22)), BRASS.base)


def _tufts(left: int, right: int, rows: tuple[int, ...], pitch: int) -> tuple[str, str]:
    """Diamond quilting: its seams, and the buttons where they meet."""
    drop, seams, buttons = rows[1] - rows[0], "", ""
    for row, y in enumerate(rows):
        for x in range(left + pitch // 2 * (row % 2), right, pitch):
            seams += line((x - pitch / 2, y + drop), (x, y), (x + pitch / 2, y + drop))
            buttons += oval(x, y, 6)
    return seams, buttons


def _lounge_sofa(c: Canvas) -> None:
    c.fill(box(100, 600, 600, 26, 4), COAL.base)
    c.solid(box(80, 330, 640, 200, 40), c.body, 0, 8)
    _pillow(c, 140, 320, 156, c.body, -7)
    _pillow(c, 506, 320, 156, c.body, 7)
    c.solid(box(252, 334, 296, 150, 42), c.body, 14, 9)
    _pillow(c, 236, 366, 104, SAND, 10)
    c.fill(corners((146, 458), (654, 458), (668, 496), (132, 496)), c.body.light)
    c.fill(box(130, 496, 540, 70), c.body.deep)
    for x in (128, 401):
        c.solid(box(x, 476, 271, 80, (30, 30, 20, 20)), c.body, 14, 9)
        c.stroke(line((x + 16, 516), (x + 255, 516)), c.body.seam, 2.5, 0.5)
    c.solid(box(92, 550, 616, 60, 14), c.body, 14, 0)
    c.fill(box(150, 550, 500, 10), c.body.deep, 0.55)
    for x in (46, 638):
        c.solid(box(x, 412, 116, 200, (44, 44, 18, 18)), c.body, 18, 12)
        c.stroke(wave((x + 14, 470), (x + 58, 462), (x + 102, 470)), c.body.seam, 2.5, 0.45)


def _frame_sofa(c: Canvas) -> None:
    for x, lean in ((150, -14), (650, 14)):
        c.leg((x, 556), (x + lean * 0.4, 612), WALNUT, 16, 12)
    c.solid(box(112, 296, 576, 26, 12), WALNUT, 7, 4)
    for x in range(150, 660, 50):
        c.fill(box(x, 318, 12, 180), WALNUT.dark)
    for x in (124, 312, 500):
        c.solid(box(x, 310, 178, 160, 24), c.body, 12, 8)
        for button in (60, 118):
            c.fill(oval(x + button, 386, 5), c.body.deep)
            c.stroke(wave((x + button - 16, 380), (x + button, 387), (x + button + 16, 380)), c.body.seam, 2.5, 0.45)
    for x in (118, 310, 500):
        c.fill(corners((x + 10, 452), (x + 176, 452), (x + 184, 482), (x, 482)), c.body.light)
        c.solid(box(x - 2, 468, 186, 58, 20), c.body, 10, 7)
        c.stroke(line((x + 10, 484), (x + 172, 484)), c.body.seam, 2.5, 0.5)
    c.solid(box(104, 524, 592, 28, 8), WALNUT, 8, 4)
    c.grain((180, 540, 150), (420, 538, 180), material=WALNUT)
    for x, lean in ((92, -16), (708, 16)):
        c.tube(line((x + lean * 0.2, 424), (x + lean, 628)), WALNUT, 22)
        c.solid(corners((x - 40, 398, 12), (x + 40, 398, 12), (x + 46, 424, 12), (x - 46, 424, 12)), WALNUT, 8, 5)


def _curved_sofa(c: Canvas) -> None:
    for x in (150, 320, 480, 650):
        c.drum(x - 22, 588, 44, 44, OAK, r=14)
    back = blob(
        (66, 420),
        (92, 318),
        (220, 272),
        (400, 262),
        (580, 272),
        (708, 318),
        (734, 420),
        (716, 520),
        (400, 560),
        (84, 520),
    )
    c.solid(back, c.body, 16, 12)
    with c.within(back):
        _flutes(c, range(120, 700, 56), 0.08, 250, 500)
    _pillow(c, 560, 366, 100, MOSS, 12)
    _pillow(c, 152, 376, 92, SAND, -8)
    c.fill(
        blob((122, 470), (250, 446), (400, 440), (550, 446), (678, 470), (690, 500), (400, 530), (110, 500)),
        c.body.light,
    )
    seat = blob(
        (84, 512),
        (120, 484),
        (250, 486),
        (400, 490),
        (550, 486),
        (680, 484),
        (716, 512),
        (712, 572),
        (640, 600),
        (400, 608),
        (160, 600),
        (88, 572),
    )
    c.solid(seat, c.body, 20, 10)
    c.stroke(wave((96, 552), (240, 564), (400, 568), (560, 564), (704, 552)), c.body.seam, 2.5, 0.55)


def _flutes(c: Canvas, columns: range, spread: float, top: float, bottom: float) -> None:
    """Upright channels in upholstery, leaning outwards at the top by `spread` of their distance from the middle."""
    seams = lights = ""
    for x in columns:
        bend = (x - 400) * spread
        course = (x - bend, top), (x, (top + bottom) / 2), (x + bend * 0.4, bottom)
        seams += wave(*course)
        lights += wave(*((px + 6, py) for px, py in course))
    c.stroke(seams, c.body.seam, 3, 0.45)
    c.stroke(lights, c.body.light, 4, 0.5)


def _pillow(c: Canvas, x: float, y: float, size: float, material: Tones, turn: float) -> None:
    """A throw pillow with pulled-out corners."""
    middle = size / 2
    shape = blob(
        (x, y), (x + middle, y + size * 0.06), (x + size, y), (x + size * 0.95, y + middle),
        (x + size, y + size), (x + middle, y + size * 0.95), (x, y + size), (x + size * 0.05, y + middle),
    )  # fmt: skip
    with c.moved(turn=turn, about=(x + middle, y + middle)):
        c.solid(shape, material, size * 0.1, size * 0.06)
        c.stroke(wave((x + size * 0.16, y + size * 0.2), (x + size * 0.3, y + size * 0.34)), material.seam, 2.5, 0.5)
        c.stroke(wave((x + size * 0.84, y + size * 0.2), (x + size * 0.7, y + size * 0.34)), material.seam, 2.5, 0.5)


@draws("corner-sofa", "Corner sofa")
def corner_sofa(c: Canvas, look: int) -> None:
    """The chaise comes forward on the left; even looks are its mirror image."""
    c.shadow(400, 622, 370, 26)
    with c.moved(y=-30, flip=look % 2 == 0):
        _corner_feet(c, look)
        _corner_back(c, look)
        _corner_seats(c, look)
        _corner_arm(c, look)


def _corner_feet(c: Canvas, look: int) -> None:
    if look in (1, 4):
        wood = OAK if look == 1 else WALNUT
        for x, y in ((76, 622), (296, 622), (500, 584), (700, 584)):
            c.leg((x, y - 10), (x + (x - 400) * 0.02, y + 34), wood, 20, 12)
    elif look == 2:
        for x, y in ((84, 616), (294, 616), (500, 578), (706, 578)):
            c.tube(line((x - 18, y), (x - 18, y + 34), (x + 18, y + 34), (x + 18, y)), COAL, 8)
    elif look == 3:
        c.fill(box(70, 616, 244, 34, 4), COAL.base)
        c.fill(box(320, 578, 396, 32, 4), COAL.base)
    else:
        for x, y in ((84, 610), (294, 610), (500, 574), (704, 574)):
            c.drum(x - 20, y, 40, 38, BIRCH, r=12)


def _corner_back(c: Canvas, look: int) -> None:
    round_ = {1: 26, 2: 14, 3: 40, 4: 22, 5: 64}[look]
    top = {1: 276, 2: 300, 3: 306, 4: 268, 5: 282}[look]
    c.solid(box(46, top, 708, 240, (round_, round_, 10, 10)), c.body, 0, 9)
    if look == 5:
        _flutes(c, range(92, 720, 44), 0, top + 16, 460)
        _pillow(c, 96, 346, 104, TERRACOTTA, -8)
        return
    widths = {1: (212, 204, 204), 2: (312, 312), 3: (212, 204, 204), 4: (154, 154, 154, 154)}[look]
    x = 76.0
    for width in widths:
        c.solid(box(x, top + 18, width, 160, (round_, round_, 18, 18)), c.body, 13, 8)
        if look == 4:
            c.fill(oval(x + width / 2, top + 88, 6), c.body.deep)
            c.stroke(
                wave((x + width / 2 - 24, top + 80), (x + width / 2, top + 89), (x + width / 2 + 24, top + 80)),
                c.body.seam,
                2.5,
                0.5,
            )
        x += width + 6
    if look == 3:
        _pillow(c, 110, 366, 110, SKY, -8)
        _pillow(c, 208, 376, 98, PAPER, 7)
    if look == 1:
        _pillow(c, 560, 352, 104, MOSS, 8)


def _corner_seats(c: Canvas, look: int) -> None:
    r = {1: 16, 2: 8, 3: 26, 4: 14, 5: 30}[look]
    seams = c.body.seam
    end = {1: 690, 2: 718, 3: 664, 4: 716, 5: 676}[look]
    half = (end - 334) / 2
    cushions = ((330, half), (334 + half, half)) if look in (1, 4) else ((330, end - 330),)
    c.fill(box(326, 440, end - 324, 130, 6), c.body.deep)
    c.fill(corners((330, 440), (end - 6, 440), (end, 484), (330, 484)), c.body.light)
    for x, width in cushions:
        c.solid(box(x, 470, width, 58, (r, r, r * 0.6, r * 0.6)), c.body, 11, 8)
    c.solid(box(326, 524, end - 322, 58, (0, 0, 12, 12)), c.body, 12, 0)
    c.fill(box(330, 524, end - 330, 9), c.body.deep, 0.5)
    c.fill(corners((60, 440), (322, 440), (330, 530), (46, 530)), c.body.light)
    c.stroke(line((98, 450), (88, 524)), seams, 2.5, 0.3)
    c.fill(corners((318, 440), (330, 440), (338, 540), (326, 540)), c.body.deep, 0.4)
    c.solid(box(42, 514, 292, 60, (r, r, r * 0.6, r * 0.6)), c.body, 11, 8)
    c.stroke(line((58, 544), (318, 544)), seams, 2.5, 0.5)
    c.solid(box(50, 570, 276, 52, (0, 0, 12, 12)), c.body, 13, 0)
    c.fill(box(50, 570, 276, 9), c.body.deep, 0.5)


def _corner_arm(c: Canvas, look: int) -> None:
    if look == 4:
        c.tube(line((738, 420), (748, 612)), WALNUT, 20)
        c.solid(box(688, 402, 80, 24, 12), WALNUT, 7, 4)
        return
    width, top, r = {1: (72, 352, 22), 2: (44, 372, 10), 3: (104, 400, 42), 5: (90, 380, 45)}[look]
    c.solid(box(762 - width, top, width, 584 - top, (r, r, 12, 12)), c.body, 15, 10)
    c.stroke(line((774 - width, top + r + 12), (774 - width, 570)), c.body.seam, 2.5, 0.5)


@draws("armchair", "Armchair")
def armchair(c: Canvas, look: int) -> None:
    c.shadow(400, 668, 230, 24)
    (_track_chair, _wing_chair, _tub_chair, _easy_chair, _swivel_chair)[look - 1](c)


def _track_chair(c: Canvas) -> None:
    for x, lean in ((232, -10), (568, 10)):
        c.leg((x, 606), (x + lean, 672), OAK, 22, 14)
    c.solid(box(214, 214, 372, 330, (44, 44, 10, 10)), c.body, 0, 9)
    c.solid(box(258, 232, 284, 240, (40, 40, 18, 18)), c.body, 15, 9)
    c.fill(box(216, 448, 368, 110), c.body.deep)
    c.fill(corners((272, 448), (528, 448), (548, 492), (252, 492)), c.body.light)
    c.solid(box(250, 474, 300, 78, 22), c.body, 13, 9)
    c.stroke(line((264, 514), (536, 514)), c.body.seam, 2.5, 0.55)
    c.solid(box(206, 546, 388, 66, 10), c.body, 13, 0)
    c.fill(box(254, 546, 292, 10), c.body.deep, 0.55)
    for x in (172, 548):
        c.solid(box(x, 352, 80, 262, (30, 30, 12, 12)), c.body, 15, 10)
        c.stroke(line((x + 13, 396), (x + 13, 598)), c.body.seam, 2.5, 0.55)


def _wing_chair(c: Canvas) -> None:
    for x, lean in ((240, -8), (560, 8)):
        c.leg((x, 606), (x + lean, 672), WALNUT, 24, 12)
    back = blob((250, 240), (300, 168), (400, 150), (500, 168), (550, 240), (552, 480), (248, 480))
    c.solid(back, c.body, 0, 12)
    for row, y in enumerate((250, 310, 370)):
        for x in (340, 400, 460) if row % 2 == 0 else (310, 370, 430, 490):
            c.stroke(wave((x - 22, y - 10), (x, y), (x + 22, y - 10)), c.body.seam, 2.5, 0.5)
            c.fill(oval(x, y, 6), c.body.deep)
    for flip in (False, True):
        with c.moved(flip=flip):
            wing = blob((222, 226), (262, 188), (288, 230), (290, 330), (276, 430), (226, 440), (206, 330))
            c.solid(wing, c.body, 0 if flip else 10, 8)
            c.stroke(wave((272, 222), (276, 320), (264, 420)), c.body.seam, 2.5, 0.5)
    c.fill(box(230, 456, 340, 110), c.body.deep)
    c.fill(corners((270, 452), (530, 452), (552, 494), (248, 494)), c.body.light)
    c.solid(box(246, 478, 308, 78, 26), c.body, 13, 9)
    c.solid(box(216, 548, 368, 66, 12), c.body, 13, 0)
    c.fill(box(250, 548, 300, 10), c.body.deep, 0.55)
    for x in (176, 548):
        c.solid(box(x + 8, 440, 66, 174, (0, 0, 14, 14)), c.body, 12, 6)
        c.solid(oval(x + 38, 428, 46, 42), c.body, 12, 9)
        c.stroke(oval(x + 38, 428, 29, 26), c.body.seam, 2.5, 0.55)


def _tub_chair(c: Canvas) -> None:
    for x, lean in ((262, -12), (538, 12)):
        c.leg((x, 590), (x + lean, 670), BRASS, 14, 8)
    shell = blob(
        (172, 420),
        (200, 318),
        (290, 264),
        (400, 254),
        (510, 264),
        (600, 318),
        (628, 420),
        (606, 560),
        (400, 600),
        (194, 560),
    )
    c.solid(shell, c.body, 18, 13)
    with c.within(shell):
        _flutes(c, range(200, 620, 50), 0.16, 250, 600)
    c.fill(blob((250, 462), (400, 428), (550, 462), (560, 500), (400, 526), (240, 500)), c.body.light)
    c.solid(
        blob((222, 500), (260, 476), (400, 484), (540, 476), (578, 500), (572, 570), (400, 610), (228, 570)),
        c.body,
        16,
        9,
    )
    c.stroke(wave((238, 546), (400, 572), (562, 546)), c.body.seam, 2.5, 0.55)


def _easy_chair(c: Canvas) -> None:
    for x in (262, 538):
        c.leg((x, 540), (x + (x - 400) * 0.05, 640), OAK, 16, 12)
    for x in range(286, 530, 44):
        c.fill(box(x, 210, 12, 290), OAK.dark)
    c.solid(box(236, 176, 328, 34, 16), OAK, 8, 5)
    c.solid(box(262, 194, 276, 276, 30), c.body, 14, 9)
    for y in (286, 376):
        c.stroke(wave((276, y), (400, y + 8), (524, y)), c.body.seam, 3, 0.55)
    c.fill(corners((276, 450), (524, 450), (544, 494), (256, 494)), c.body.light)
    c.solid(box(252, 474, 296, 66, 24), c.body, 12, 8)
    c.solid(box(220, 538, 360, 30, 10), OAK, 8, 4)
    c.grain((270, 555, 120), (430, 553, 110), material=OAK)
    for x, lean in ((204, -22), (596, 22)):
        c.tube(line((x, 424), (x + lean, 670)), OAK, 22)
        c.tube(line((x, 424), (x - lean * 1.2, 560)), OAK, 14)
        c.solid(corners((x - 42, 396, 12), (x + 42, 396, 12), (x + 46, 424, 12), (x - 46, 424, 12)), OAK, 8, 5)


def _swivel_chair(c: Canvas) -> None:
    c.fill(oval(400, 660, 132, 16), STEEL.dark)
    c.solid(oval(400, 654, 132, 15), STEEL, 6, 4)
    c.drum(384, 560, 32, 94, STEEL)
    egg = blob(
        (224, 400),
        (244, 250),
        (320, 172),
        (400, 158),
        (480, 172),
        (556, 250),
        (576, 400),
        (550, 520),
        (400, 584),
        (250, 520),
    )
    c.solid(egg, c.body, 20, 12)
    c.fill(
        blob(
            (272, 400),
            (286, 270),
            (346, 212),
            (400, 202),
            (454, 212),
            (514, 270),
            (528, 400),
            (510, 480),
            (400, 500),
            (290, 480),
        ),
        c.body.dark,
    )
    c.solid(
        blob(
            (292, 396),
            (304, 282),
            (354, 232),
            (400, 224),
            (446, 232),
            (496, 282),
            (508, 396),
            (490, 460),
            (400, 474),
            (310, 460),
        ),
        c.body,
        10,
        8,
    )
    c.stroke(wave((322, 330), (400, 342), (478, 330)), c.body.seam, 2.5, 0.5)
    c.solid(
        blob((240, 470), (300, 444), (400, 452), (500, 444), (560, 470), (548, 530), (400, 572), (252, 530)),
        c.body,
        15,
        9,
    )
    c.stroke(wave((262, 512), (400, 540), (538, 512)), c.body.seam, 2.5, 0.5)


@draws("dining-chair", "Dining chair")
def dining_chair(c: Canvas, look: int) -> None:
    c.shadow(404, 706, 190, 20)
    wood = {1: OAK, 2: c.body, 3: COAL, 4: WALNUT, 5: c.body}[look]
    for x, lean in ((300, -4), (498, 6)):
        c.leg((x, 470), (x + lean, 694), shaded(wood), 20, 14)
    (_bow_back, _spindle_back, _shell_back, _padded_back, _cross_back)[look - 1](c)
    for x, lean in ((268, -14), (534, 14)):
        c.leg((x, 480), (x + lean, 708), wood, 24, 15)
    if look in (2, 5):
        c.tube(line((262, 612), (540, 612)), wood, 12)
    seat = corners((278, 446, 14), (526, 446, 14), (560, 484, 16), (556, 504, 12), (248, 504, 12), (244, 484, 16))
    top = wood if look in (2, 5) else c.body
    c.solid(seat, top, 14, 6)
    c.fill(corners((286, 450, 10), (518, 450, 10), (546, 482, 10), (258, 482, 10)), top.light)
    if look in (1, 4):
        c.stroke(line((256, 486), (548, 486)), c.body.seam, 2.5, 0.6)


def _bow_back(c: Canvas) -> None:
    for x, lean in ((284, -10), (516, 10)):
        c.tube(line((x, 460), (x + lean, 180)), OAK, 20)
    c.solid(
        blob(
            (258, 176),
            (330, 190),
            (400, 196),
            (470, 190),
            (542, 176),
            (546, 250),
            (470, 268),
            (400, 272),
            (330, 268),
            (254, 250),
        ),
        OAK,
        9,
        6,
    )
    c.grain((300, 224, 90), (410, 232, 90), material=OAK)


def _spindle_back(c: Canvas) -> None:
    spindles = (line((400 + lean * 0.96, 456), (400 + lean * 1.12, 196)) for lean in range(-108, 120, 36))
    c.tube("".join(spindles), c.body, 11)
    c.tube(line((274, 460), (254, 180)), c.body, 19)
    c.tube(line((526, 460), (546, 180)), c.body, 19)
    c.solid(corners((236, 164, 18), (564, 164, 18), (560, 214, 14), (240, 214, 14)), c.body, 9, 6)


def _shell_back(c: Canvas) -> None:
    shell = blob(
        (262, 250),
        (300, 186),
        (400, 170),
        (500, 186),
        (538, 250),
        (536, 380),
        (552, 476),
        (400, 500),
        (248, 476),
        (264, 380),
    )
    c.solid(shell, c.body, 15, 11)
    c.fill(
        blob((310, 268), (330, 232), (400, 222), (470, 232), (490, 268), (474, 288), (400, 282), (326, 288)),
        c.body.deep,
        0.55,
    )
    c.stroke(wave((282, 420), (400, 446), (518, 420)), c.body.seam, 2.5, 0.45)


def _padded_back(c: Canvas) -> None:
    for x, lean in ((296, -6), (504, 6)):
        c.tube(line((x, 470), (x + lean, 330)), WALNUT, 18)
    c.solid(
        blob((254, 260), (276, 186), (400, 172), (524, 186), (546, 260), (530, 362), (400, 380), (270, 362)),
        c.body,
        14,
        10,
    )
    for x in (330, 400, 470):
        c.fill(oval(x, 276, 5.5), c.body.deep)
        c.stroke(wave((x - 18, 268), (x, 277), (x + 18, 268)), c.body.seam, 2.5, 0.5)


def _cross_back(c: Canvas) -> None:
    c.tube(line((286, 440), (508, 226)), c.body, 12)
    c.tube(line((514, 440), (292, 226)), c.body, 12)
    c.tube("M270 462C258 360 250 300 262 236C276 158 524 158 538 236C550 300 542 360 530 462", c.body, 20)
    c.fill(oval(400, 332, 11), c.body.dark)


@draws("office-chair", "Office chair")
def office_chair(c: Canvas, look: int) -> None:
    c.shadow(400, 700, 220, 22)
    metal = {1: COAL, 2: STEEL, 3: COAL, 4: BRASS, 5: STEEL}[look]
    c.drum(386, 520, 28, 100, STEEL)
    c.drum(378, 590, 44, 50, metal, r=6)
    for x, y in ((216, 676), (300, 690), (500, 690), (584, 676), (400, 694)):
        c.tube(line((400, 622), (x, y - 22)), metal, 18)
        c.fill(oval(x, y, 17), COAL.deep)
        c.fill(oval(x - 3, y - 3, 9), COAL.light)
    (_mesh_back, _slim_back, _high_back, _wood_back, _round_back)[look - 1](c, metal)
    c.fill(corners((292, 448), (508, 448), (540, 490), (260, 490)), c.body.light)
    c.solid(box(246, 466, 308, 62, (30, 30, 24, 24)), c.body, 13, 9)
    c.stroke(wave((262, 506), (400, 514), (538, 506)), c.body.seam, 2.5, 0.5)
    if look in (1, 3, 5):
        for side in (-1, 1):
            x = 400 + side * 178
            c.tube(line((400 + side * 120, 520), (x, 512), (x, 420)), metal, 14)
            c.solid(box(x - 34, 394, 68, 28, 13), COAL, 7, 4)


def _mesh_back(c: Canvas, metal: Tones) -> None:
    c.tube(line((400, 520), (400, 300)), metal, 26)
    frame = blob((276, 190), (400, 168), (524, 190), (536, 320), (506, 436), (400, 448), (294, 436), (264, 320))
    with c.within(frame):
        c.fill(frame, c.body.base, 0.85)
        for y in range(180, 450, 15):
            c.stroke(wave((250, y), (400, y + 10), (550, y)), c.body.seam, 2.5, 0.5)
    c.stroke(frame, c.body.dark, 15)
    c.stroke(wave((282, 196), (400, 172), (518, 196)), c.body.light, 5)
    c.stroke(wave((276, 372), (400, 384), (524, 372)), COAL.base, 14)


def _slim_back(c: Canvas, metal: Tones) -> None:
    for side in (-1, 1):
        c.tube(line((400 + side * 136, 500), (400 + side * 146, 210)), metal, 14)
    c.solid(box(262, 186, 276, 266, 22), c.body, 10, 8)
    for y in (240, 293, 346, 399):
        c.stroke(line((264, y), (536, y)), c.body.seam, 4, 0.6)
        c.stroke(line((266, y + 5), (534, y + 5)), c.body.light, 3.5, 0.6)
    for side in (-1, 1):
        x = 400 + side * 168
        c.tube(f"M{x - side * 26} 250C{x + side * 14} 250 {x + side * 14} 440 {x - side * 30} 446", metal, 12)


def _high_back(c: Canvas, metal: Tones) -> None:
    c.tube(line((400, 520), (400, 400)), metal, 30)
    c.solid(box(318, 96, 164, 92, 40), c.body, 12, 8)
    c.fill(box(366, 180, 68, 30), metal.base)
    c.solid(
        blob((270, 226), (400, 200), (530, 226), (540, 330), (520, 440), (400, 456), (280, 440), (260, 330)),
        c.body,
        15,
        10,
    )
    for side in (-1, 1):
        c.stroke(wave((400 + side * 76, 222), (400 + side * 84, 330), (400 + side * 70, 446)), c.body.seam, 3, 0.55)
    c.stroke(wave((322, 340), (400, 350), (478, 340)), c.body.seam, 3, 0.55)


def _wood_back(c: Canvas, metal: Tones) -> None:
    c.tube(line((400, 520), (400, 380)), metal, 24)
    c.solid(
        blob((252, 262), (276, 236), (400, 222), (524, 236), (548, 262), (540, 386), (400, 410), (260, 386)),
        WALNUT,
        10,
        7,
    )
    c.grain((300, 260, 150), (330, 390, 150), material=WALNUT)
    c.solid(blob((290, 272), (400, 256), (510, 272), (504, 362), (400, 378), (296, 362)), c.body, 10, 7)


def _round_back(c: Canvas, metal: Tones) -> None:
    c.tube(line((400, 520), (400, 400)), metal, 28)
    c.solid(oval(400, 316, 142, 136), c.body, 17, 12)
    c.stroke(oval(400, 316, 112, 106), c.body.seam, 3, 0.5)
    for x, y in ((352, 290), (448, 290), (400, 352)):
        c.fill(oval(x, y, 7), c.body.deep)


@draws("stool", "Stool")
def stool(c: Canvas, look: int) -> None:
    with c.moved(y=-34, scale=1.14, about=(400, 668)):
        c.shadow(400, 668, 190, 20)
        (_round_stool, _bar_stool, _pouf, _bench_stool, _saddle_stool)[look - 1](c)


def _round_stool(c: Canvas) -> None:
    c.leg((400, 400), (400, 640), shaded(OAK), 22, 16)
    for x, foot in ((300, 252), (500, 548)):
        c.leg((x, 390), (foot, 672), OAK, 30, 18)
    c.tube(line((284, 548), (516, 548)), OAK, 13)
    c.fill(oval(400, 384, 176, 46), c.body.dark)
    c.drum(224, 352, 352, 30, c.body, 46)
    c.fill(oval(400, 352, 176, 46), c.body.light)
    c.stroke(oval(400, 353, 150, 37), c.body.seam, 2.5, 0.4)


def _bar_stool(c: Canvas) -> None:
    for x, foot in ((340, 314), (460, 486)):
        c.tube(line((x, 300), (foot, 640)), shaded(COAL), 13)
    for x, foot in ((300, 250), (500, 550)):
        c.tube(line((x, 300), (foot, 668)), COAL, 15)
    c.tube(line((268, 540), (532, 540)), COAL, 13)
    c.solid(blob((258, 190), (400, 158), (542, 190), (546, 240), (400, 256), (254, 240)), c.body, 12, 8)
    c.tube(line((296, 230), (292, 300)), COAL, 13)
    c.tube(line((504, 230), (508, 300)), COAL, 13)
    c.solid(box(248, 276, 304, 56, 28), c.body, 12, 8)
    c.stroke(line((268, 308), (532, 308)), c.body.seam, 2.5, 0.55)


def _pouf(c: Canvas) -> None:
    body = blob(
        (206, 500),
        (214, 402),
        (280, 356),
        (400, 346),
        (520, 356),
        (586, 402),
        (594, 500),
        (580, 604),
        (500, 654),
        (400, 660),
        (300, 654),
        (220, 604),
    )
    c.solid(body, c.body, 22, 12)
    with c.within(body):
        stitches = ""
        for row in range(7):
            stitches += f"M{200 - 20 * (row % 2)} {392 + 40 * row}" + "q20 44 40 0" * 11
        c.stroke(stitches, c.body.seam, 3, 0.42)
    c.fill(oval(400, 372, 128, 22), c.body.light, 0.7)
    c.fill(oval(400, 372, 14, 6), c.body.deep)


def _bench_stool(c: Canvas) -> None:
    for x, lean in ((262, 6), (538, -6)):
        c.leg((x, 470), (x + lean, 642), shaded(c.body), 22, 18)
    for x, lean in ((212, -8), (588, 8)):
        c.leg((x, 470), (x + lean, 672), c.body, 28, 20)
    c.plank((210, 500), (590, 500), (590, 528), (210, 528), material=c.body)
    c.solid(
        corners((216, 424, 8), (584, 424, 8), (640, 466, 10), (640, 488, 8), (160, 488, 8), (160, 466, 10)),
        c.body,
        8,
        4,
    )
    c.fill(corners((220, 428, 6), (580, 428, 6), (630, 464, 6), (170, 464, 6)), c.body.light)
    for shift in (-120, 0, 120):
        c.stroke(line((400 + shift * 0.8, 430), (400 + shift, 462)), c.body.seam, 3, 0.4)


def _saddle_stool(c: Canvas) -> None:
    for x, foot in ((344, 322), (456, 478)):
        c.leg((x, 330), (foot, 646), shaded(WALNUT), 20, 14)
    for x, foot in ((308, 262), (492, 538)):
        c.leg((x, 330), (foot, 672), WALNUT, 26, 16)
    c.tube(line((290, 480), (510, 480)), WALNUT, 13)
    c.tube(line((276, 574), (524, 574)), WALNUT, 13)
    c.solid(
        blob((236, 296), (290, 286), (400, 312), (510, 286), (564, 296), (560, 346), (400, 372), (240, 346)),
        c.body,
        13,
        9,
    )
    c.stroke(wave((252, 330), (400, 352), (548, 330)), c.body.seam, 2.5, 0.5)


@draws("bed", "Bed")
def bed(c: Canvas, look: int) -> None:
    c.shadow(400, 652, 360, 24)
    frame = c.body
    for x in (112, 688):
        if look == 5:
            c.drum(x - 20, 604, 40, 44, OAK, r=12)
        elif look != 3:
            c.leg((x, 600), (x, 652), frame if look in (1, 4) else OAK, 26, 18)
    (_panel_head, _padded_head, _storage_head, _slatted_head, _arched_head)[look - 1](c)
    _bedding(c, look)
    rail = box(84, 574, 632, 44 if look != 3 else 76, 10 if look in (1, 4) else 16)
    c.solid(rail, frame, 10, 5)
    if look == 3:
        for x in (100, 404):
            c.stroke(box(x, 586, 296, 54, 6), frame.seam, 3, 0.7)
            c.stroke(line((x + 118, 604), (x + 178, 604)), BRASS.dark, 7)
    elif look in (1, 4):
        c.grain((150, 596, 160), (450, 600, 180), material=frame)
    else:
        c.stroke(line((100, 606), (700, 606)), frame.seam, 2.5, 0.5)


def _bedding(c: Canvas, look: int) -> None:
    quilt, throw = ((PAPER, MOSS), (PAPER, SAND), (SAND, SKY), (PAPER, TERRACOTTA), (SAND, PAPER))[look - 1]
    c.solid(corners((124, 440, 20), (676, 440, 20), (704, 580, 10), (96, 580, 10)), PAPER, 8, 0)
    for x in (150, 412):
        c.solid(
            blob(
                (x, 396),
                (x + 30, 372),
                (x + 120, 366),
                (x + 210, 372),
                (x + 238, 396),
                (x + 234, 448),
                (x + 120, 464),
                (x + 4, 448),
            ),
            PAPER,
            12,
            6,
        )
    if look in (2, 5):
        c.solid(blob((312, 414), (400, 402), (488, 414), (490, 464), (400, 474), (310, 464)), throw, 8, 5)
    cover = corners((112, 462, 24), (688, 462, 24), (718, 590, 16), (82, 590, 16))
    c.solid(cover, quilt, 12, 6)
    with c.within(cover):
        c.fill(corners((90, 462), (710, 462), (710, 486), (90, 486)), quilt.dark, 0.5)
        if look in (1, 3, 4):
            c.fill(corners((80, 520), (720, 520), (730, 600), (70, 600)), throw.base)
            c.stroke(line((80, 530), (720, 530)), throw.light, 5)
            for x in range(110, 720, 46):
                c.stroke(line((400 + (x - 400) * 0.97, 536), (x, 592)), throw.dark, 3, 0.6)
        for x, reach in ((196, 60), (330, 84), (520, 70), (620, 50)):
            c.stroke(wave((x, 494), (x + (x - 400) * 0.03, 494 + reach)), quilt.deep, 3, 0.35)


def _panel_head(c: Canvas) -> None:
    c.solid(box(92, 284, 616, 300, (18, 18, 0, 0)), c.body, 10, 8)
    for y in (352, 418):
        c.stroke(line((94, y), (706, y)), c.body.seam, 3.5, 0.6)
    c.grain((150, 320, 200), (440, 330, 200), (120, 384, 160), material=c.body)


def _padded_head(c: Canvas) -> None:
    c.solid(box(84, 240, 632, 340, (56, 56, 10, 10)), c.body, 12, 12)
    quilting, buttons = _tufts(140, 690, (296, 344, 392), 80)
    c.stroke(quilting, c.body.seam, 2.5, 0.4)
    c.fill(buttons, c.body.deep)


def _storage_head(c: Canvas) -> None:
    c.solid(box(84, 270, 632, 320, 10), c.body, 10, 8)
    for x in (108, 306, 504):
        c.fill(box(x, 292, 188, 74, 4), c.body.deep)
        c.fill(box(x, 358, 188, 8), c.body.light, 0.8)
    for x, height, tone in ((124, 50, TERRACOTTA), (144, 58, SAND), (162, 44, MOSS), (640, 48, SKY), (660, 56, PAPER)):
        c.fill(box(x, 358 - height, 16, height, 2), tone.base)
    c.drum(376, 318, 40, 40, TERRACOTTA, r=6)
    c.ears(396, 304, 26, MOSS.base)


def _slatted_head(c: Canvas) -> None:
    c.tube("".join(line((x, 460), (x, 270)) for x in range(140, 680, 37)), c.body, 13)
    c.tube(line((98, 590), (98, 236)) + line((702, 590), (702, 236)), c.body, 26)
    for x in (98, 702):
        c.fill(oval(x, 226, 18), c.body.base)
        c.fill(oval(x - 5, 220, 6), c.body.light)
    c.tube(line((104, 268), (696, 268)), c.body, 20)


def _arched_head(c: Canvas) -> None:
    arch = "M84 590V380C84 250 240 206 400 206S716 250 716 380V590Z"
    c.solid(arch, c.body, 14, 13)
    with c.within(arch):
        _flutes(c, range(136, 700, 66), 0, 200, 590)
