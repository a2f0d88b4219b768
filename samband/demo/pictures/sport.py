"""Goods for moving about outdoors and in."""

# ruff: noqa: E501  (an outline is one thought; broken over lines it cannot be followed)

from samband.demo.pictures.canvas import Canvas, accent
from samband.demo.pictures.register import draws
from samband.demo.pictures.shades import (
    BRASS,
    COAL,
    GLASS,
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
    shaded,
)
from samband.demo.pictures.shapes import Point, arc, blob, box, corners, line, oval, polar, wave


def _wheel(c: Canvas, hub: Point, r: float, tyre: float, rim: Tones, spokes: int) -> None:
    x, y = hub
    c.stroke(
        "".join(
            line(polar(x, y, 12, n * 360 / spokes), polar(x, y, r - 8, n * 360 / spokes + 14)) for n in range(spokes)
        ),
        STEEL.dark,
        2,
    )
    c.stroke(oval(x, y, r), COAL.base, tyre)
    c.stroke(arc(x, y, r + tyre * 0.2, r + tyre * 0.2, 180, 290), COAL.light, tyre * 0.24)
    c.stroke(oval(x, y, r - tyre * 0.7), rim.base, 5)
    c.fill(oval(x, y, 11), STEEL.dark)
    c.fill(oval(x - 2, y - 2, 6), STEEL.lighter)


def _crank(c: Canvas, x: float, y: float, r: float = 32) -> None:
    c.stroke(oval(x, y, r), COAL.base, 7)
    c.stroke("".join(line((x, y), polar(x, y, r, n * 72)) for n in range(5)), COAL.base, 5)
    c.tube(line((x, y), (x + 42, y + 34)), STEEL, 10)
    c.stroke(line((x + 28, y + 38), (x + 60, y + 36)), COAL.deep, 11)
    c.fill(oval(x, y, 9), STEEL.light)


def _chain(c: Canvas, hub: Point, crank: Point, r: float = 32) -> None:
    c.stroke(
        line((hub[0], hub[1] - 15), (crank[0], crank[1] - r)) + line((hub[0], hub[1] + 15), (crank[0], crank[1] + r)),
        COAL.base,
        4,
    )
    c.stroke(oval(*hub, 15), COAL.base, 6)


@draws("road-bike", "Road bike")
def road_bike(c: Canvas, look: int) -> None:
    c.shadow(400, 626, 350, 22)
    tyre = {1: 11, 2: 13, 3: 11, 4: 20, 5: 12}[look]
    rim = (STEEL, c.body, COAL, OAK, STEEL)[look - 1]
    for hub in ((190, 494), (610, 494)):
        _wheel(c, hub, 122, tyre, rim, 20 if look != 3 else 12)
    if look == 3:
        for hub in ((190, 494), (610, 494)):
            c.stroke(oval(*hub, 101), COAL.light, 26)
            c.stroke(arc(*hub, 101, 101, 200, 235) + arc(*hub, 101, 101, 20, 55), c.body.base, 9)
    drop = {1: 0, 2: 0, 3: 26, 4: 20, 5: 4}[look]
    seat, head, crank = (312, 300 + drop), (548, 286), (370, 500)
    _chain(c, (190, 494), crank)
    width = {1: 15, 2: 13, 3: 19, 4: 18, 5: 11}[look]
    c.tube(line((190, 494), (seat[0] + 4, seat[1] + 14)) + line((190, 494), crank), c.body, width * 0.66)
    c.tube(line((seat[0] - 4, seat[1] - 20), crank), c.body, width)
    c.tube(line(crank, (556, 330)), c.body, width * 1.15)
    c.tube(line((seat[0] + 2, seat[1]), (head[0], head[1] + 10)), c.body, width)
    fork = STEEL if look == 5 else c.body
    c.tube("M552 300L574 372C582 420 592 458 610 494", fork, width * 0.85)
    c.tube(line((540, 262), (560, 336)), c.body, width * 1.25)
    c.stroke(line((430, 432), (482, 386)), accent(c.body), 6, 0.85)
    c.tube(line((seat[0] - 6, seat[1] - 18), (298, 232)), COAL if look != 5 else STEEL, 11)
    saddle = OAK if look in (2, 5) else COAL
    c.solid(
        blob((244, 220), (262, 212), (310, 218), (350, 222), (352, 232), (310, 238), (270, 250), (246, 240)),
        saddle,
        5,
        4,
    )
    _bars(c, look, saddle)
    _crank(c, *crank)
    if look in (1, 4):
        c.solid(box(398, 396, 24, 66, 8), SKY if look == 1 else SAND, 4, 3)
    if look == 4:
        c.solid(corners((336, 322, 6), (470, 316, 6), (430, 352, 6), (346, 366, 6)), MOSS, 5, 3)


def _bars(c: Canvas, look: int, tape: Tones) -> None:
    if look == 3:
        c.tube(line((540, 262), (534, 244), (640, 240)), COAL, 11)
        c.tube("M566 226L640 218C664 214 670 204 668 192", COAL, 12)
        return
    if look == 5:
        c.tube("M540 262L536 236H604C650 236 650 268 624 270", STEEL, 11)
        c.stroke("M640 250C644 262 636 270 622 270H604", tape.dark, 13)
        return
    c.tube("M540 262L534 236L596 230", STEEL, 11)
    c.tube("M588 230H622C664 232 660 296 612 300" if look != 4 else "M588 230H628C660 232 672 292 640 304", tape, 13)
    c.tube("M634 232C660 230 664 256 652 284", COAL, 8)


@draws("city-bike", "City bike")
def city_bike(c: Canvas, look: int) -> None:
    c.shadow(400, 630, 350, 22)
    r = 118 if look != 4 else 92
    hubs = ((186, 496 + 118 - r), (614, 496 + 118 - r))
    for hub in hubs:
        _wheel(c, hub, r, 19, SAND if look in (1, 5) else STEEL, 16)
    back, front = hubs
    crank = (384, 520)
    width = {1: 17, 2: 18, 3: 28, 4: 20, 5: 16}[look]
    _chain(c, back, crank, 30)
    c.tube(line(back, (318, 330)) + line(back, crank), c.body, width * 0.6)
    c.tube(line((306, 292), crank), c.body, width)
    if look == 1:
        c.tube("M384 520C440 520 510 440 548 322" + "M330 388C410 430 500 380 540 286", c.body, width)
    elif look == 2:
        c.tube(line((314, 320), (540, 300)) + line(crank, (552, 326)), c.body, width)
    elif look == 3:
        c.tube("M384 520C440 504 520 430 546 312", c.body, width * 1.3)
        c.solid(corners((412, 484, 8), (482, 420, 8), (508, 440, 8), (438, 508, 8)), COAL, 5, 4)
    elif look == 4:
        c.tube(line((350, 440), (552, 400)) + line(crank, (552, 400)), c.body, width)
        c.fill(oval(440, 420, 11), COAL.base)
    else:
        c.tube("M384 520C450 516 520 440 550 330" + "M322 350C420 380 500 340 540 290", c.body, width)
    c.tube(f"M534 262L566 372C580 420 596 450 {front[0]} {front[1]}", c.body, width * 0.8)
    c.tube(line((530, 244), (554, 340)), c.body, width * 1.2)
    _mudguards(c, hubs, r)
    c.tube(line((306, 292), (296, 244)), STEEL, 12)
    leather = OAK if look in (1, 5) else COAL
    c.solid(
        blob((238, 224), (262, 214), (310, 222), (346, 228), (348, 240), (310, 250), (270, 262), (242, 250)),
        leather,
        6,
        4,
    )
    _city_bars(c, look, leather)
    _crank(c, *crank, 30)
    _carriers(c, look)


def _mudguards(c: Canvas, hubs: tuple[Point, Point], r: float) -> None:
    for (x, y), start in ((hubs[0], 170), (hubs[1], 190)):
        c.stroke(arc(x, y, r + 18, r + 18, start, start + 140), c.body.dark, 9)
        c.stroke(arc(x, y, r + 20, r + 20, start + 10, start + 90), c.body.light, 3)


def _city_bars(c: Canvas, look: int, grip: Tones) -> None:
    if look == 2:
        c.tube(line((530, 250), (522, 214), (572, 208)), STEEL, 11)
        c.tube(line((558, 210), (590, 206)), grip, 17)
    else:
        c.tube("M530 250L518 196C522 182 560 186 562 204C564 222 520 226 478 222", STEEL, 11)
        c.tube(line((500, 224), (462, 220)), grip, 17)
    c.solid(oval(588, 282, 19, 22), STEEL, 5, 4)
    c.fill(oval(596, 282, 11, 17), "#ffe9b4")
    c.stroke(line((548, 284), (572, 282)), COAL.base, 6)


def _carriers(c: Canvas, look: int) -> None:
    if look == 1:
        basket = corners((566, 206, 8), (698, 206, 8), (678, 300, 12), (586, 300, 12))
        c.solid(basket, OAK, 7, 5)
        with c.within(basket):
            weave = "".join(line((x, 206), (x - 6, 300)) for x in range(580, 700, 16)) + "".join(
                line((560, y), (700, y)) for y in range(224, 300, 18)
            )
            c.stroke(weave, OAK.dark, 3)
    if look in (2, 3, 5):
        c.tube(line((116, 352), (300, 344)) + line((190, 350), (186, 490)), COAL, 8)
    if look == 5:
        c.solid(box(120, 354, 108, 96, 14), MOSS, 9, 6)
        c.fill(box(120, 354, 108, 40, (14, 14, 4, 4)), MOSS.dark)
        c.fill(box(164, 386, 20, 20, 4), BRASS.base)
    if look == 4:
        c.solid(corners((570, 300, 8), (700, 300, 8), (700, 366, 8), (584, 366, 8)), OAK, 7, 5)
        c.stroke(line((578, 322), (698, 322)) + line((582, 344), (698, 344)), OAK.dark, 4)


@draws("helmet", "Bike helmet")
def helmet(c: Canvas, look: int) -> None:
    c.shadow(400, 590, 260, 26)
    c.stroke("M300 500C330 600 400 640 440 620" + "M470 510C470 570 456 600 440 620", COAL.base, 11)
    c.solid(box(424, 606, 38, 26, 8), COAL, 4, 3)
    (_road_helmet, _city_helmet, _aero_helmet, _mountain_helmet, _ski_helmet)[look - 1](c)


_DOME = (
    (150, 470),
    (160, 350),
    (240, 240),
    (380, 200),
    (520, 232),
    (624, 330),
    (652, 440),
    (630, 486),
    (540, 506),
    (400, 500),
    (280, 516),
    (180, 512),
)


def _road_helmet(c: Canvas) -> None:
    dome = blob(*_DOME)
    c.solid(dome, c.body, 24, 14)
    with c.within(dome):
        for top, bottom in (
            ((250, 262), (196, 420)),
            ((340, 236), (300, 400)),
            ((440, 230), (430, 390)),
            ((536, 262), (560, 398)),
        ):
            (x, y), (u, v) = top, bottom
            vent = blob(
                (x, y),
                (x + 34, y + 8),
                ((x + u) / 2 + 34, (y + v) / 2),
                (u + 26, v + 10),
                (u, v),
                ((x + u) / 2 - 6, (y + v) / 2),
            )
            c.fill(vent, COAL.deep)
            c.fill(
                blob(
                    (x + 20, y + 20),
                    (x + 32, y + 14),
                    ((x + u) / 2 + 31, (y + v) / 2),
                    (u + 22, v),
                    ((x + u) / 2 + 20, (y + v) / 2),
                ),
                COAL.light,
            )
        c.fill(
            blob((140, 470), (300, 456), (460, 440), (660, 430), (660, 462), (460, 472), (300, 490), (140, 510)),
            c.body.dark,
        )


def _city_helmet(c: Canvas) -> None:
    dome = "M158 488C150 300 260 198 400 198S650 300 642 488C560 512 240 512 158 488Z"
    c.solid(dome, c.body, 26, 15)
    c.fill(box(150, 474, 500, 30, 15), COAL.base)
    c.fill(
        "".join(oval(x, 270, 26, 9) for x in (310, 400, 490)) + "".join(oval(x, 318, 22, 8) for x in (350, 450)),
        c.body.deep,
    )
    c.stroke(wave((176, 430), (400, 446), (624, 430)), c.body.seam, 3, 0.5)
    c.solid(blob((560, 470), (640, 462), (704, 492), (640, 506), (570, 504)), OAK, 6, 4)


def _aero_helmet(c: Canvas) -> None:
    dome = blob(
        (104, 470),
        (200, 330),
        (320, 234),
        (450, 206),
        (570, 246),
        (640, 330),
        (656, 420),
        (640, 470),
        (520, 496),
        (360, 498),
        (220, 508),
    )
    c.solid(dome, c.body, 24, 14)
    c.fill(blob((220, 400), (330, 300), (450, 250), (470, 270), (360, 330), (250, 426)), accent(c.body), 0.8)
    visor = blob((470, 372), (560, 352), (650, 372), (662, 440), (640, 520), (560, 540), (490, 480))
    c.fill(visor, COAL.base, 0.88)
    c.fill(blob((510, 392), (560, 376), (600, 384), (560, 420), (530, 480)), SKY.base, 0.55)


def _mountain_helmet(c: Canvas) -> None:
    c.solid(blob(*_DOME), c.body, 24, 14)
    c.solid(blob((146, 430), (220, 424), (262, 470), (256, 530), (210, 552), (164, 530)), c.body, 12, 8)
    for x, y in ((262, 330), (352, 292), (444, 296)):
        c.fill(corners((x, y, 12), (x + 62, y - 22, 12), (x + 74, y + 40, 12), (x + 8, y + 70, 12)), COAL.deep)
        c.fill(corners((x + 40, y - 8, 8), (x + 60, y - 14, 8), (x + 68, y + 36, 8), (x + 48, y + 46, 8)), COAL.light)
    c.solid(corners((520, 250, 20), (600, 250, 10), (738, 330, 12), (716, 360, 10), (560, 330, 14)), c.body, 10, 7)
    c.stroke(line((560, 284), (704, 344)), c.body.seam, 3, 0.5)
    c.stroke(wave((340, 480), (480, 476), (640, 466)), accent(c.body), 8, 0.8)


def _ski_helmet(c: Canvas) -> None:
    c.solid(
        "M160 520C140 300 250 190 400 190S664 300 640 470L560 480C480 470 420 480 380 520C360 570 300 590 240 580C190 572 164 548 160 520Z",
        c.body,
        22,
        14,
    )
    c.solid(blob((196, 456), (280, 440), (330, 490), (330, 560), (270, 598), (206, 570)), COAL, 12, 7)
    c.tube(wave((190, 420), (320, 396), (430, 420)), COAL, 34)
    goggle = blob((416, 372), (520, 350), (640, 366), (668, 430), (640, 500), (540, 506), (430, 484))
    c.solid(goggle, COAL, 8, 8)
    c.fill(blob((444, 392), (530, 374), (624, 386), (642, 430), (620, 476), (540, 482), (452, 464)), TERRACOTTA.base)
    c.fill(blob((460, 404), (540, 388), (580, 392), (520, 430), (470, 450)), TERRACOTTA.lighter, 0.8)
    c.fill("".join(oval(x, 250, 22, 8) for x in (330, 400, 470)), c.body.deep)


@draws("running-shoes", "Running shoes")
def running_shoes(c: Canvas, look: int) -> None:
    c.shadow(400, 580, 340, 26)
    with c.moved(x=40, y=-54, scale=0.94, about=(400, 560)):
        _runner(c, look, shade=True)
    with c.moved(x=-18, y=0):
        _runner(c, look, shade=False)


_VAMP = "C432 380 500 404 580 418C644 430 676 462 682 508L660 530H140"
_UPPERS = {
    1: f"M132 440C124 380 136 330 158 300C176 292 196 300 214 316C250 346 292 344 318 310L350 286C372 292 384 306 398 328{_VAMP}C130 500 136 470 132 440Z",
    2: f"M136 450C126 380 138 300 164 246C190 232 300 230 330 240C340 270 362 296 398 328{_VAMP}C132 506 140 480 136 450Z",
    3: f"M134 466C130 420 136 370 152 336C180 326 210 352 260 348C300 344 324 330 342 306C360 306 384 316 410 336{_VAMP}C132 510 138 488 134 466Z",
    4: f"M132 440C124 380 136 310 156 268C180 256 206 272 222 290C256 316 292 310 316 280L350 262C374 276 384 300 398 328{_VAMP}C130 500 136 470 132 440Z",
    5: f"M110 452C110 390 126 340 146 288C166 276 192 292 210 314C250 348 292 344 318 310L350 280C372 288 384 304 398 328{_VAMP}C118 510 114 480 110 452Z",
}
_COLLARS = {
    1: "M158 300C176 292 196 300 214 316C250 346 292 344 318 310C300 366 200 372 158 300Z",
    2: "M164 246C190 232 300 230 330 240C320 266 190 270 164 246Z",
    3: "M152 336C180 326 210 352 260 348C300 344 324 330 342 306C344 372 190 396 152 336Z",
    4: "M156 268C180 256 206 272 222 290C256 316 292 310 316 280C300 340 196 346 156 268Z",
    5: "M146 288C166 276 192 292 210 314C250 348 292 344 318 310C300 366 190 366 146 288Z",
}


def _runner(c: Canvas, look: int, shade: bool) -> None:
    body = c.body if not shade else shaded(c.body)
    upper, trim = _UPPERS[look], accent(body)
    c.solid(upper, body, 16, 10)
    with c.within(upper):
        c.fill(blob((100, 430), (190, 420), (232, 470), (224, 550), (100, 550)), body.dark)
        c.fill(blob((560, 420), (640, 440), (690, 500), (690, 550), (590, 550), (570, 480)), body.dark)
        _runner_mark(c, look, trim, body)
    c.fill(_COLLARS[look], COAL.base)
    if look == 2:
        c.stroke(wave((166, 268), (240, 280), (334, 264)) + wave((170, 290), (244, 302), (346, 284)), body.seam, 4, 0.6)
        c.tube("M158 262C128 240 132 210 160 232", body, 12)
    else:
        c.solid(blob((300, 318), (344, 268), (366, 286), (350, 330), (330, 350)), body, 6, 5)
        rungs = range(6 if look == 3 else 5)
        c.stroke("".join(line((338 + 30 * n, 330 + 24 * n), (372 + 34 * n, 306 + 26 * n)) for n in rungs), trim, 8)
    _runner_sole(c, look, PAPER if look != 3 else SAND, shade)


def _runner_mark(c: Canvas, look: int, trim: str, body: Tones) -> None:
    if look == 1:
        c.stroke(wave((250, 500), (330, 470), (420, 400)) + wave((300, 506), (380, 480), (470, 420)), trim, 13)
    elif look == 2:
        c.fill(blob((240, 380), (330, 420), (450, 450), (560, 510), (520, 530), (380, 500), (260, 460)), trim)
    elif look == 3:
        c.stroke("".join(line((260 + 62 * n, 512), (292 + 62 * n, 388 + 18 * n)) for n in range(4)), trim, 16)
    elif look == 4:
        c.fill(
            "".join(oval(300 + 38 * (n % 8) + 16 * (n // 8), 420 + 30 * (n // 8), 6) for n in range(21)), body.deep, 0.8
        )
        c.stroke(wave((240, 360), (270, 450), (250, 530)), trim, 10)
    else:
        c.fill(corners((300, 400, 8), (380, 420, 8), (470, 520), (270, 520)), trim)
        c.stroke(wave((180, 400), (220, 430), (226, 520)), body.seam, 4, 0.6)


def _runner_sole(c: Canvas, look: int, sole: Tones, shade: bool) -> None:
    tread = COAL if not shade else COAL._replace(base=COAL.deep)
    if look == 2:
        c.solid(
            "M112 496C180 520 300 486 400 508C520 528 620 520 700 490C708 530 690 560 650 572C500 586 260 586 140 574C104 562 102 520 112 496Z",
            sole,
            12,
            0,
        )
        c.stroke(wave((130, 540), (280, 520), (420, 542), (640, 540)), sole.deep, 4, 0.7)
    elif look == 3:
        c.solid(box(116, 516, 584, 46, (12, 26, 22, 16)), sole, 8, 0)
    elif look == 4:
        c.solid("M112 504C300 526 560 524 696 500C704 536 684 558 650 562H150C116 556 108 530 112 504Z", sole, 9, 0)
        c.fill(
            "".join(corners((x, 556), (x + 34, 556), (x + 28, 578, 3), (x + 6, 578, 3)) for x in range(140, 660, 44)),
            tread.base,
        )
        return
    else:
        c.solid(
            "M110 484C130 520 250 512 400 520C540 526 640 518 694 496C706 540 684 562 650 566C500 578 240 578 140 568C108 556 104 516 110 484Z",
            sole,
            11,
            0,
        )
        if look == 5:
            c.fill(box(150, 534, 120, 14, 7) + box(290, 538, 90, 14, 7), c.body.base)
    low = 8 if look == 3 else 0
    c.stroke(wave((140, 572 - low), (400, 580 - 2 * low), (664, 566 - low / 2)), tread.base, 9)


@draws("hiking-boots", "Hiking boots")
def hiking_boots(c: Canvas, look: int) -> None:
    c.shadow(400, 640, 310, 26)
    top = {1: 230, 2: 180, 3: 290, 4: 210, 5: 240}[look]
    with c.moved(x=46, y=-40, scale=0.95, about=(400, 630)):
        _boot(c, look, top, shaded(c.body))
    with c.moved(x=-20):
        _boot(c, look, top, c.body)


def _boot(c: Canvas, look: int, top: int, body: Tones) -> None:
    cuff = {1: COAL, 2: WALNUT, 3: COAL, 4: SAND, 5: COAL}[look]
    shape = f"M196 {top + 12}C240 {top + 26} 330 {top + 20} 374 {top}C376 {top + 90} 390 400 440 430C520 452 610 450 640 520C648 548 644 570 640 590H176C164 520 188 440 188 380C188 320 194 {top + 60} 196 {top + 12}Z"
    c.solid(shape, body, 18, 11)
    with c.within(shape):
        c.fill(blob((150, 440), (220, 440), (260, 520), (250, 620), (150, 620)), body.dark)
        c.fill(
            blob((530, 446), (620, 460), (680, 530), (660, 610), (540, 610), (510, 520)),
            body.dark if look != 5 else COAL.base,
        )
        if look in (1, 4):
            c.stroke(wave((214, top + 40), (240, 400), (330, 470), (430, 590)), body.seam, 4, 0.7)
            c.stroke(wave((226, top + 40), (252, 396), (342, 462), (446, 590)), body.seam, 3, 0.45, "9 8")
        if look == 2:
            c.stroke(
                wave((190, 440), (330, 460), (410, 470)) + wave((250, 590), (300, 500), (420, 470)), body.seam, 4, 0.7
            )
        if look == 3:
            c.fill(corners((230, 430, 10), (340, 440, 10), (450, 590), (250, 590)), accent(body), 0.75)
        if look == 5:
            c.stroke(
                wave((200, 420), (300, 430), (380, 380)) + wave((196, 500), (330, 500), (440, 440)),
                accent(body),
                8,
                0.75,
            )
    c.solid(
        blob(
            (190, top + 16),
            (220, top - 12),
            (300, top - 8),
            (370, top - 14),
            (382, top + 26),
            (300, top + 46),
            (200, top + 46),
        ),
        cuff,
        10,
        6,
    )
    rungs = range(5 if top < 260 else 4)
    step = (440 - top - 60) / len(rungs)
    marks = [(366 + 14 * n + (22 if n == rungs[-1] else 0), top + 66 + step * n) for n in rungs]
    lace = TERRACOTTA.base if look in (1, 5) else SAND.base
    c.stroke("".join(line((x - 62, y + 18), (x + 6, y)) for x, y in marks), lace, 8)
    c.fill("".join(oval(x - 64, y + 18, 8) for x, y in marks), BRASS.base)
    _lug_sole(c, look)


def _lug_sole(c: Canvas, look: int) -> None:
    mid = {1: PAPER, 2: OAK, 3: SAND, 4: COAL, 5: TERRACOTTA}[look]
    c.solid(box(160, 568, 494, 34, (8, 20, 6, 6)), mid, 5, 0)
    lugs = "".join(box(x, 612, 40, 30, (0, 0, 5, 5)) for x in (164, 218, 350, 404, 458, 512, 566))
    c.fill(box(160, 594, 494, 28, (0, 12, 8, 6)) + "", COAL.base)
    c.fill(lugs, COAL.base)
    c.fill(box(160, 594, 494, 6), COAL.light)


@draws("backpack", "Backpack")
def backpack(c: Canvas, look: int) -> None:
    c.shadow(400, 690, 220, 24)
    (_day_pack, _roll_pack, _trek_pack, _classic_pack, _school_pack)[look - 1](c)


def _loop(c: Canvas, y: float) -> None:
    c.tube(f"M360 {y}C360 {y - 60} 440 {y - 60} 440 {y}", COAL, 15)


def _straps(c: Canvas, material: Tones) -> None:
    for side in (-1, 1):
        c.tube(
            f"M{400 + side * 150} 330C{400 + side * 220} 400 {400 + side * 220} 560 {400 + side * 170} 640",
            material,
            26,
        )


def _zip(c: Canvas, shape: str, pull: Point) -> None:
    c.stroke(shape, c.body.seam, 7, 0.75)
    c.stroke(shape, c.body.dark, 2.5, 1, "5 5")
    c.tube(line(pull, (pull[0] + 6, pull[1] + 32)), BRASS, 9)


def _day_pack(c: Canvas) -> None:
    _straps(c, COAL)
    _loop(c, 168)
    c.solid(
        "M230 640V320C230 210 300 158 400 158S570 210 570 320V640C570 672 548 688 520 688H280C252 688 230 672 230 640Z",
        c.body,
        20,
        14,
    )
    _zip(c, "M262 400V330C262 236 320 192 400 192S538 236 538 330V400", (538, 400))
    c.solid(box(270, 430, 260, 218, (34, 34, 26, 26)), c.body, 14, 9)
    _zip(c, line((292, 484), (508, 484)), (494, 484))
    c.fill(box(366, 300, 68, 68, 8), OAK.base)
    c.stroke(line((386, 334), (414, 334)) + line((400, 318), (400, 350)), OAK.dark, 6)


def _roll_pack(c: Canvas) -> None:
    _straps(c, COAL)
    c.solid("M238 650V250H562V650C562 676 546 690 520 690H280C254 690 238 676 238 650Z", c.body, 18, 0)
    c.solid(box(222, 178, 356, 64, 28), c.body, 12, 9)
    c.stroke(line((250, 214), (550, 214)), c.body.seam, 3, 0.6)
    c.fill(box(238, 240, 324, 22), c.body.dark)
    for x in (300, 500):
        c.fill(box(x - 13, 180, 26, 240, 3), COAL.base)
        c.solid(box(x - 20, 350, 40, 38, 6), BRASS, 5, 4)
    c.solid(box(278, 470, 244, 180, 18), c.body, 12, 8)
    c.fill(corners((278, 470, 10), (522, 470, 10), (522, 524, 20), (278, 524, 20)), c.body.dark)


def _trek_pack(c: Canvas) -> None:
    c.solid(box(216, 120, 368, 70, 35), TERRACOTTA, 14, 9)
    c.stroke(oval(560, 155, 14, 24) + oval(560, 155, 6, 12), TERRACOTTA.deep, 4)
    for x in (292, 508):
        c.stroke(line((x, 116), (x, 196)), COAL.base, 12)
    for x in (186, 552):
        c.solid(box(x, 400, 62, 210, 26), c.body, 11, 7)
        c.stroke(line((x + 4, 450), (x + 58, 450)), c.body.seam, 4, 0.6)
    c.solid(box(232, 260, 336, 430, (20, 20, 44, 44)), c.body, 20, 0)
    c.solid(
        blob(
            (226, 220),
            (300, 182),
            (400, 176),
            (500, 182),
            (574, 220),
            (580, 300),
            (500, 326),
            (400, 330),
            (300, 326),
            (220, 300),
        ),
        c.body,
        16,
        10,
    )
    for x in (310, 490):
        c.fill(box(x - 9, 300, 18, 330, 4), COAL.base)
        c.solid(box(x - 17, 372, 34, 34, 6), STEEL, 4, 3)
    c.stroke(line((240, 520), (560, 520)), c.body.seam, 4, 0.6)
    c.solid(box(336, 420, 128, 84, 12), c.body, 9, 6)
    c.fill(oval(400, 252, 20), accent(c.body), 0.85)


def _classic_pack(c: Canvas) -> None:
    _straps(c, OAK)
    _loop(c, 180)
    for x in (196, 540):
        c.solid(box(x, 470, 66, 160, 20), c.body, 11, 7)
        c.solid(box(x - 3, 460, 72, 58, (10, 10, 22, 22)), c.body, 8, 5)
    c.solid(box(240, 200, 320, 488, (60, 60, 40, 40)), c.body, 18, 10)
    c.solid(box(292, 480, 216, 170, 22), c.body, 12, 8)
    c.solid(box(228, 190, 344, 236, (70, 70, 80, 80)), c.body, 15, 11)
    for x in (328, 472):
        c.solid(box(x - 14, 330, 28, 210, (4, 4, 12, 12)), OAK, 6, 4)
        c.fill(box(x - 20, 448, 40, 34, 5), BRASS.base)
        c.fill(box(x - 12, 456, 24, 18, 2), OAK.dark)


def _school_pack(c: Canvas) -> None:
    _straps(c, c.body)
    _loop(c, 196)
    c.solid(box(226, 180, 348, 508, (90, 90, 44, 44)), c.body, 20, 13)
    c.fill(oval(400, 290, 62), PAPER.base)
    c.fill(corners((352, 326), (386, 270, 4), (404, 298), (418, 280, 4), (448, 326)), MOSS.base)
    c.fill(oval(428, 258, 10), TERRACOTTA.base)
    c.solid(box(226, 410, 348, 278, (6, 6, 44, 44)), SAND, 18, 0)
    c.stroke(line((232, 420), (568, 420)), SAND.deep, 6, 0.7)
    _zip(c, line((266, 480), (534, 480)), (520, 480))
    c.stroke(line((280, 600), (520, 600)), SAND.deep, 4, 0.6, "10 8")


@draws("tent", "Tent")
def tent(c: Canvas, look: int) -> None:
    c.shadow(400, 620, 370, 30)
    (_ridge_tent, _dome_tent, _tunnel_tent, _tipi, _family_tent)[look - 1](c)


def _guys(c: Canvas, *ropes: tuple[Point, Point]) -> None:
    c.stroke("".join(line(*rope) for rope in ropes), SAND.deep, 3)
    for _, (x, y) in ropes:
        c.stroke(line((x - 3, y - 10), (x + 5, y + 10)), IRON.base, 6)


def _ridge_tent(c: Canvas) -> None:
    _guys(c, ((300, 250), (60, 616)), ((540, 236), (752, 590)))
    c.fill(corners((300, 244), (548, 230), (704, 574), (470, 620)), c.body.dark)
    c.fill(corners((300, 244), (548, 230), (600, 346), (380, 396)), c.body.base)
    c.solid(corners((300, 244, 6), (480, 620, 4), (112, 620, 4)), c.body, 0, 9)
    c.fill(corners((298, 330, 4), (378, 620), (214, 620)), COAL.deep)
    c.fill(corners((298, 330), (250, 620), (196, 620)), c.body.lighter)
    c.fill(corners((298, 330), (356, 620), (398, 620)), c.body.lighter)
    c.stroke(line((300, 250), (298, 334)), c.body.seam, 4)
    c.tube(line((300, 230), (300, 256)), OAK, 10)
    c.stroke(line((112, 620), (470, 620), (704, 574)), c.body.deep, 6)


def _dome_tent(c: Canvas) -> None:
    _guys(c, ((170, 470), (60, 610)), ((630, 470), (742, 610)))
    dome = "M96 612C120 380 250 220 400 220S680 380 704 612Z"
    c.solid(dome, c.body, 20, 14)
    with c.within(dome):
        c.fill("M400 220C480 330 540 470 560 620H740V200Z", c.body.dark, 0.8)
    c.stroke("M400 222C310 320 240 460 214 612M400 222C490 320 560 460 586 612", accent(c.body), 8, 0.9)
    c.fill("M400 330C350 400 320 500 312 612H488C480 500 450 400 400 330Z", COAL.deep)
    c.fill("M400 330C350 400 320 500 312 612H350C352 500 370 400 400 330Z", c.body.lighter)
    c.fill(oval(330, 300, 22, 12), c.body.lighter, 0.8)
    c.stroke(line((96, 612), (704, 612)), c.body.deep, 7)


def _tunnel_tent(c: Canvas) -> None:
    _guys(c, ((130, 460), (40, 606)), ((660, 480), (764, 600)))
    c.solid("M190 330C330 270 560 300 640 360C700 420 724 520 730 604H240Z", c.body, 16, 10)
    for x, y, end in ((420, 300, 470), (560, 316, 628)):
        c.stroke(f"M{x} {y}C{x + 46} 380 {end} 500 {end + 6} 604", accent(c.body), 8, 0.9)
    c.solid("M70 612C70 420 130 318 220 318S374 420 378 612Z", c.body, 0, 12)
    c.fill("M132 612C134 470 170 396 222 396S312 470 316 612Z", COAL.deep)
    c.fill("M132 612C134 470 170 396 222 396C184 450 180 540 186 612Z", c.body.lighter)
    c.stroke("M70 612C70 420 130 318 220 318S374 420 378 612", accent(c.body), 8, 0.9)
    c.fill(corners((480, 400, 10), (540, 404, 10), (566, 480, 10), (494, 480, 10)), SKY.light, 0.9)


def _tipi(c: Canvas) -> None:
    c.stroke(
        line((400, 210), (362, 130)) + line((400, 210), (408, 120)) + line((400, 210), (446, 138)), WALNUT.base, 10
    )
    c.solid(corners((380, 190, 8), (420, 190, 8), (690, 620, 6), (110, 620, 6)), c.body, 0, 10)
    c.fill(corners((420, 190), (690, 620), (520, 620)), c.body.dark)
    c.fill(corners((400, 330, 4), (470, 620), (330, 620)), COAL.deep)
    c.fill(corners((400, 330), (330, 620), (286, 620)), c.body.lighter)
    c.fill(corners((400, 330), (470, 620), (514, 620)), c.body.lighter)
    band = corners((206, 474), (594, 474), (610, 502), (190, 502))
    with c.within(band):
        c.fill(
            "".join(
                corners((x, 502), (x + 18, 474), (x + 36, 502)) for x in (*range(186, 330, 36), *range(474, 620, 36))
            ),
            accent(c.body),
            0.85,
        )
    c.stroke(line((400, 200), (400, 330)), c.body.seam, 4)
    c.stroke(line((110, 620), (690, 620)), c.body.deep, 7)
    for x in (206, 300, 500, 594):
        c.stroke(line((x, 614), (x - 6, 634)), IRON.base, 6)


def _family_tent(c: Canvas) -> None:
    _guys(c, ((110, 400), (34, 612)), ((690, 400), (766, 612)))
    c.solid("M88 612L130 360C200 290 600 290 670 360L712 612Z", c.body, 16, 0)
    c.solid("M104 392C200 240 600 240 696 392C560 360 240 360 104 392Z", c.body, 0, 12)
    c.fill(corners((302, 378), (498, 378), (514, 612), (286, 612)), COAL.deep)
    c.fill(corners((302, 378), (340, 378), (326, 612), (286, 612)), c.body.lighter)
    c.fill(corners((460, 378), (498, 378), (514, 612), (474, 612)), c.body.lighter)
    for x in (168, 556):
        c.fill(corners((x, 430, 10), (x + 76, 430, 10), (x + 80, 510, 10), (x - 4, 510, 10)), SKY.light)
        c.stroke(line((x + 38, 430), (x + 38, 510)) + line((x - 2, 470), (x + 78, 470)), c.body.deep, 4)
    c.stroke("M104 392C240 360 560 360 696 392", accent(c.body), 8, 0.9)
    c.stroke(line((88, 612), (712, 612)), c.body.deep, 7)


@draws("sleeping-bag", "Sleeping bag")
def sleeping_bag(c: Canvas, look: int) -> None:
    (_mummy_bag, _square_bag, _rolled_bag, _stuff_sack, _open_bag)[look - 1](c)


def _baffles(c: Canvas, shape: str, rows: range, bow: float) -> None:
    with c.within(shape):
        for y in rows:
            c.stroke(wave((120, y), (400, y + bow), (680, y)), c.body.seam, 3.5, 0.5)
            c.stroke(wave((120, y + 9), (400, y + bow + 9), (680, y + 9)), c.body.light, 6, 0.6)


def _mummy_bag(c: Canvas) -> None:
    shape = blob(
        (400, 84),
        (500, 110),
        (560, 210),
        (566, 330),
        (530, 520),
        (480, 680),
        (400, 716),
        (320, 680),
        (270, 520),
        (234, 330),
        (240, 210),
        (300, 110),
    )
    c.cast(shape)
    c.solid(shape, c.body, 22, 14)
    _baffles(c, shape, range(300, 700, 60), 26)
    c.fill(oval(400, 200, 108, 82), c.body.deep)
    c.fill(oval(400, 206, 92, 66), SAND.base)
    c.solid(blob((322, 226), (400, 200), (478, 226), (466, 262), (400, 272), (334, 262)), PAPER, 9, 5)
    c.stroke(wave((490, 258), (512, 400), (470, 600)), accent(c.body), 7, 0.9)
    c.tube(line((490, 258), (484, 292)), BRASS, 9)


def _square_bag(c: Canvas) -> None:
    shape = box(210, 110, 380, 590, (50, 50, 40, 40))
    c.cast(shape)
    c.solid(shape, c.body, 20, 13)
    _baffles(c, shape, range(330, 690, 66), 8)
    c.fill(box(236, 136, 328, 150, 34), SAND.base)
    c.solid(box(272, 158, 256, 96, 36), PAPER, 12, 7)
    flap = corners((380, 250, 20), (590, 250, 10), (590, 400, 10), (500, 400, 20))
    c.solid(flap, SAND, 8, 5)
    c.stroke(line((500, 400), (380, 250)), accent(c.body), 6, 0.8)
    c.stroke(line((572, 420), (572, 640)), accent(c.body), 6, 0.9)


def _rolled_bag(c: Canvas) -> None:
    c.shadow(400, 580, 320, 30)
    c.solid(box(130, 300, 520, 276, 130), c.body, 26, 18)
    c.solid(oval(560, 438, 106, 138), c.body, 12, 10)
    c.stroke(
        "M560 330C640 340 644 530 560 540C490 540 484 380 556 380C612 384 612 494 560 496C526 494 526 424 558 424",
        c.body.seam,
        9,
        0.75,
    )
    for x in (240, 400):
        c.stroke(f"M{x} 304C{x - 36} 360 {x - 36} 520 {x} 572", COAL.base, 22)
        c.solid(box(x - 42, 400, 38, 48, 7), BRASS, 6, 4)
    c.tube("M262 304C280 220 380 220 396 304", COAL, 16)


def _stuff_sack(c: Canvas) -> None:
    c.shadow(400, 668, 220, 26)
    sack = blob(
        (276, 250),
        (400, 220),
        (524, 250),
        (560, 420),
        (552, 600),
        (500, 660),
        (400, 672),
        (300, 660),
        (248, 600),
        (240, 420),
    )
    c.solid(sack, c.body, 24, 15)
    with c.within(sack):
        c.fill(box(200, 560, 400, 140), c.body.dark)
    c.solid(
        blob((300, 240), (330, 160), (370, 190), (400, 150), (430, 190), (470, 160), (500, 240), (400, 264)),
        c.body,
        10,
        8,
    )
    c.tube(wave((286, 246), (400, 270), (514, 246)), COAL, 12)
    c.solid(box(478, 240, 26, 40, 8), COAL, 4, 3)
    for x in (318, 482):
        c.stroke(wave((x, 300), (x + (x - 400) * 0.18, 460), (x, 640)), COAL.base, 18)
    c.label(354, 380, 92, PAPER, MOSS.base, 2)


def _open_bag(c: Canvas) -> None:
    c.shadow(410, 604, 330, 30)
    with c.moved(y=60, turn=-10, about=(400, 420)):
        shape = blob(
            (96, 400),
            (140, 310),
            (260, 290),
            (450, 310),
            (640, 350),
            (724, 410),
            (640, 480),
            (450, 524),
            (260, 546),
            (140, 520),
        )
        c.solid(shape, c.body, 24, 14)
        with c.within(shape):
            for x in range(300, 720, 62):
                c.stroke(wave((x, 290), (x + 20, 420), (x, 550)), c.body.seam, 3.5, 0.5)
                c.stroke(wave((x + 9, 290), (x + 29, 420), (x + 9, 550)), c.body.light, 6, 0.6)
        c.fill(oval(190, 416, 76, 96), c.body.deep)
        c.fill(oval(196, 416, 60, 80), TERRACOTTA.base)
        c.solid(blob((160, 372), (206, 360), (240, 416), (206, 470), (160, 458), (148, 416)), PAPER, 9, 5)
        c.stroke(wave((260, 480), (420, 474), (600, 446)), accent(c.body), 7, 0.9)


@draws("yoga-mat", "Yoga mat")
def yoga_mat(c: Canvas, look: int) -> None:
    (_half_rolled, _strapped_roll, _standing_roll, _flat_mat, _folded_mat)[look - 1](c)


def _spiral(c: Canvas, x: float, y: float, r: float, width: float = 6) -> None:
    c.stroke(
        "".join(arc(x, y, r * (0.84 - 0.18 * n), r * (0.84 - 0.18 * n), 30 + 40 * n, 350 + 40 * n) for n in range(4)),
        c.body.deep,
        width,
    )


def _half_rolled(c: Canvas) -> None:
    c.shadow(420, 600, 350, 36)
    flat = corners((150, 400), (512, 400), (706, 596, 16), (300, 596, 16))
    c.fill(corners((160, 410), (520, 410), (712, 606, 16), (300, 606, 16)), c.body.deep)
    c.solid(flat, c.body, 6, 0)
    c.stroke(line((346, 456), (470, 576)), accent(c.body), 5, 0.4)
    c.solid(box(110, 290, 470, 150, 75), c.body, 20, 13)
    c.solid(oval(506, 366, 72, 75), c.body, 8, 6)
    _spiral(c, 506, 366, 72)


def _strapped_roll(c: Canvas) -> None:
    c.shadow(400, 570, 340, 30)
    c.tube("M210 330C240 150 500 150 540 330", SAND, 24)
    c.solid(box(70, 330, 640, 230, 115), c.body, 26, 17)
    c.solid(oval(610, 445, 106, 115), c.body, 10, 8)
    _spiral(c, 610, 445, 106, 8)
    for x in (210, 440):
        c.stroke(f"M{x} 334C{x - 34} 390 {x - 34} 500 {x} 556", SAND.base, 30)
        c.stroke(f"M{x - 8} 334C{x - 42} 390 {x - 42} 500 {x - 8} 556", SAND.lighter, 4)


def _standing_roll(c: Canvas) -> None:
    c.shadow(400, 696, 170, 22)
    c.drum(290, 130, 220, 540, c.body, 40)
    c.fill(oval(400, 130, 110, 40), c.body.light)
    with c.moved(y=0):
        c.stroke(
            "".join(arc(400, 130, 92 - 22 * n, 33 - 8 * n, 20 + 30 * n, 340 + 30 * n) for n in range(4)), c.body.deep, 5
        )
    c.fill("M290 300A110 40 0 0 0 510 300V350A110 40 0 0 1 290 350Z", SAND.base)
    c.fill("M460 334A110 40 0 0 0 510 300V350A110 40 0 0 1 460 384Z", SAND.dark)
    c.ears(386, 440, 70, accent(c.body))


def _flat_mat(c: Canvas) -> None:
    c.shadow(410, 560, 360, 60)
    c.fill(corners((312, 190), (488, 190), (650, 650, 10), (150, 650, 10)), c.body.deep)
    flat = corners((312, 180, 14), (488, 180, 14), (650, 638, 18), (150, 638, 18))
    c.solid(flat, c.body, 5, 4)
    mark = accent(c.body)
    c.stroke(corners((322, 200), (478, 200), (620, 614), (180, 614)), mark, 4, 0.45)
    c.stroke(line((400, 250), (400, 330)) + line((400, 520), (400, 580)), mark, 4, 0.45)
    c.ears(400, 420, 60, mark)
    c.solid(box(636, 360, 96, 70, 8), OAK, 9, 6)
    c.solid(box(628, 424, 96, 70, 8), SAND, 9, 6)


def _folded_mat(c: Canvas) -> None:
    c.shadow(400, 618, 320, 28)
    for n in range(4):
        y = 560 - 50 * n
        c.solid(
            corners(
                (130, y, 20), (640 if n % 2 else 656, y, 20), (640 if n % 2 else 656, y + 46, 20), (130, y + 46, 20)
            ),
            c.body,
            9,
            6,
        )
    c.fill(corners((196, 366, 14), (596, 366, 14), (640, 416, 12), (140, 416, 12)), c.body.light)
    c.solid(box(430, 300, 130, 88, 12), OAK, 10, 6)
    c.solid(blob((186, 372), (220, 340), (330, 336), (376, 364), (366, 390), (220, 396)), SAND, 8, 5)
    c.stroke(wave((204, 372), (280, 362), (358, 372)), SAND.deep, 3)


@draws("dumbbells", "Dumbbells")
def dumbbells(c: Canvas, look: int) -> None:
    c.shadow(400, 610, 340, 30)
    with c.moved(x=44, y=-96, turn=-9, about=(400, 400), scale=0.9):
        _dumbbell(c, look, 470)
    with c.moved(x=-14, y=40):
        _dumbbell(c, look, 470)


def _dumbbell(c: Canvas, look: int, y: float) -> None:
    bar = COAL if look == 3 else STEEL
    c.drum_flat(270, y - 18, 260, 36, bar, 16)
    c.stroke("".join(line((x, y - 12), (x + 8, y + 12)) for x in range(330, 470, 14)), bar.dark, 3)
    for side in (-1, 1):
        if look == 1:
            x = 400 + side * 176
            hexed = corners(
                (x - 76, y - 64, 12),
                (x - 40, y - 96, 12),
                (x + 40, y - 96, 12),
                (x + 76, y - 64, 12),
                (x + 76, y + 64, 12),
                (x + 40, y + 96, 12),
                (x - 40, y + 96, 12),
                (x - 76, y + 64, 12),
            )
            c.solid(hexed, c.body, 18, 11)
            c.stroke(
                line((x - 74, y - 42), (x + 74, y - 42)) + line((x - 74, y + 46), (x + 74, y + 46)), c.body.seam, 4, 0.5
            )
        elif look == 2:
            c.drum_flat(400 + side * 176 - 74, y - 84, 148, 168, c.body, 66)
            c.fill(oval(400 + side * 176, y, 26), accent(c.body), 0.8)
        elif look == 3:
            for near, tall, thick in ((110, 100, 40), (154, 78, 44)):
                x = 400 + side * near + (0 if side > 0 else -thick)
                c.drum_flat(x, y - tall, thick, 2 * tall, c.body if near == 110 else IRON, 10)
            c.drum_flat(400 + side * 216 - 14, y - 30, 28, 60, STEEL, 8)
        elif look == 4:
            c.solid(oval(400 + side * 176, y, 92), c.body, 22, 13)
            c.fill(oval(400 + side * 176 - 34, y - 38, 18, 13), c.body.lighter, 0.8)
        else:
            x = 400 + side * 160
            c.drum_flat(x - 50, y - 72, 100, 144, OAK, 16)
            c.drum_flat(x + side * 62 - 22, y - 80, 44, 160, c.body, 14)
            c.drum_flat(x - side * 58 - 14, y - 56, 28, 112, BRASS, 8)


@draws("football", "Football")
def football(c: Canvas, look: int) -> None:
    c.shadow(410, 650, 220, 28)
    ball = oval(400, 400, 250)
    c.solid(ball, PAPER, 40, 16)
    with c.within(ball):
        (_classic_ball, _swirl_ball, _star_ball, _hex_ball, _panel_ball)[look - 1](c)
        c.fill(f"M-100-100H900V900H-100Z{oval(362, 352, 270)}", "#1b2433", 0.12)
        c.fill(oval(300, 262, 60, 40), "#fff", 0.35)


def _pentagon(x: float, y: float, r: float, turn: float = -90, squash: float = 1) -> str:
    return corners(*((*polar(x, y, r, turn + 72 * n, r * squash), 8) for n in range(5)))


def _classic_ball(c: Canvas) -> None:
    seams = ""
    for n in range(5):
        near, far = polar(400, 400, 84, -90 + 72 * n), polar(400, 400, 166, -90 + 72 * n)
        seams += (
            line(near, far)
            + line(polar(400, 400, 182, -54 + 72 * n), far)
            + line(polar(400, 400, 182, -126 + 72 * n), far)
        )
        seams += line(polar(400, 400, 182, -54 + 72 * n), polar(400, 400, 232, -54 + 72 * n))
    c.stroke(seams, PAPER.seam, 6)
    c.fill(_pentagon(400, 400, 86), c.body.base)
    for n in range(5):
        x, y = polar(400, 400, 232, -90 + 72 * n)
        c.fill(_pentagon(x, y, 72, 90 + 72 * n), c.body.base)


def _swirl_ball(c: Canvas) -> None:
    for n in range(3):
        with c.moved(turn=120 * n):
            c.fill("M400 400C420 300 520 240 680 250L700 330C560 310 480 350 400 400Z", c.body.base)
            c.fill("M400 400C470 350 560 320 700 340L700 380C580 360 500 370 400 400Z", c.body.lighter)
            c.stroke("M400 400C360 300 380 200 460 120", PAPER.seam, 5)


def _star_ball(c: Canvas) -> None:
    for x, y, r in ((400, 400, 104), *((*polar(400, 400, 226, -90 + 72 * n), 92) for n in range(5))):
        star = corners(*((*polar(x, y, r if k % 2 == 0 else r * 0.46, -90 + 36 * k), 5) for k in range(10)))
        c.fill(star, c.body.base)
    c.stroke(
        "".join(line(polar(400, 400, 108, -90 + 72 * n), polar(400, 400, 140, -90 + 72 * n)) for n in range(5)),
        PAPER.seam,
        6,
    )
    c.stroke(oval(400, 400, 146), PAPER.seam, 5, 0.7)


def _hex_ball(c: Canvas) -> None:
    seams = ""
    for row in range(-2, 3):
        for column in range(-3, 4):
            x, y = 400 + column * 104 + (52 if row % 2 else 0), 400 + row * 90
            cell = corners(*((*polar(x, y, 54, -90 + 60 * k), 6) for k in range(6)))
            if (column + 2 * row) % 3 == 0:
                c.fill(cell, c.body.base)
            else:
                seams += cell
    c.stroke(seams, PAPER.seam, 4, 0.6)


def _panel_ball(c: Canvas) -> None:
    c.fill("M150 330C300 380 500 380 650 330V450C500 500 300 500 150 450Z", c.body.base)
    c.fill("M150 360C300 410 500 410 650 360V386C500 436 300 436 150 386Z", c.body.light)
    c.stroke(
        "M330 150C290 240 290 300 316 366M480 150C510 240 510 300 484 366M316 480C290 540 300 600 330 660M484 480C510 540 500 600 470 660",
        PAPER.seam,
        6,
    )
    c.fill(oval(400, 246, 40), c.body.base)
    c.fill(oval(400, 246, 20), PAPER.base)


@draws("skis", "Skis")
def skis(c: Canvas, look: int) -> None:
    c.shadow(400, 728, 190, 16)
    wide = {1: 66, 2: 44, 3: 84, 4: 70, 5: 54}[look]
    for side in (-1, 1):
        with c.moved(turn=side * 5, about=(400, 730)):
            _pole(c, 400 + side * 150, look, side)
    for side in (-1, 1):
        with c.moved(turn=side * 2.6, about=(400, 720)):
            _ski(c, 400 + side * (wide * 0.5 + 14), wide, look)


def _pole(c: Canvas, x: float, look: int, side: int) -> None:
    c.tube(line((x, 290), (x, 720)), STEEL if look % 2 else COAL, 9)
    c.stroke(line((x - 20, 690), (x + 20, 690)), COAL.base, 8)
    c.tube(line((x, 240), (x, 300)), COAL, 20)
    c.stroke(f"M{x} 248C{x + side * 40} 260 {x + side * 34} 330 {x + side * 6} 296", COAL.base, 7)


def _ski(c: Canvas, x: float, wide: float, look: int) -> None:
    half = wide / 2
    waist = half * (0.78 if look != 2 else 0.96)
    tip = {1: 60, 2: 84, 3: 52, 4: 60, 5: 84}[look]
    tail = f"Q{x} 730 {x - half} 722" if look != 3 else f"Q{x} 772 {x - half} 722"
    shape = f"M{x} {tip}C{x + half * 1.1} {tip} {x + half * 1.1} 130 {x + half} 170Q{x + waist} 420 {x + half} 722{tail}Q{x - waist} 420 {x - half} 170C{x - half * 1.1} 130 {x - half * 1.1} {tip} {x} {tip}Z"
    c.solid(shape, c.body, 4, 5)
    mark = accent(c.body)
    with c.within(shape):
        if look == 1:
            c.fill(
                corners((x - 60, 560), (x + 60, 500), (x + 60, 560), (x - 60, 620))
                + corners((x - 60, 640), (x + 60, 580), (x + 60, 600), (x - 60, 660)),
                mark,
            )
        elif look == 2:
            c.stroke(line((x, 120), (x, 340)) + line((x, 500), (x, 700)), mark, 6)
        elif look == 3:
            c.fill(blob((x - 60, 200), (x, 170), (x + 60, 230), (x + 60, 290), (x, 250), (x - 60, 300)), mark)
            c.fill(corners((x - 60, 700), (x - 14, 600), (x + 6, 640), (x + 20, 610), (x + 60, 700)), mark)
        elif look == 4:
            c.fill(
                "".join(oval(x, y, 14) for y in range(170, 340, 48))
                + "".join(oval(x, y, 14) for y in range(530, 700, 48)),
                mark,
            )
        else:
            c.fill(box(x - 40, 540, 80, 200), OAK.base)
            c.fill(box(x - 40, 100, 80, 190), OAK.base)
            c.stroke(line((x - 6, 120), (x - 6, 280)) + line((x + 7, 560), (x + 7, 710)), OAK.dark, 3)
    thick = half * 0.8 + 4
    c.solid(box(x - thick, 356, 2 * thick, 46, 8), COAL, 6, 4)
    if look in (2, 5):
        c.fill(box(x - thick * 0.7, 402, thick * 1.4, 60, 5), COAL.dark)
    else:
        c.fill(box(x - thick * 0.6, 398, thick * 1.2, 60, 4), IRON.base)
        c.solid(box(x - thick * 1.05, 452, 2.1 * thick, 56, 10), COAL, 7, 4)
        c.fill(oval(x, 478, 9), TERRACOTTA.base)


@draws("swim-goggles", "Swimming goggles")
def swim_goggles(c: Canvas, look: int) -> None:
    c.shadow(400, 590, 300, 26)
    strap = f"M176 {430}C120 300 260 220 400 220S680 300 624 430"
    c.stroke(strap, c.body.dark, 30)
    c.stroke(strap, c.body.base, 20)
    if look in (1, 3, 4):
        second = "M176 440C60 330 230 150 400 150S740 330 624 440"
        c.stroke(second, c.body.dark, 24)
        c.stroke(second, c.body.base, 15)
    c.solid(box(380, 206, 40, 36, 8), COAL, 4, 3)
    if look == 5:
        _swim_mask(c)
        return
    lens = (SKY, STEEL, TERRACOTTA, COAL)[look - 1]
    c.stroke(wave((360, 448), (400, 430), (440, 448)), COAL.base, 18 if look != 3 else 30)
    for flip in (False, True):
        with c.moved(flip=flip):
            _eyecup(c, look, lens)
    for x in (206, 464) if look != 2 else ():
        c.gleam((x + 46, 476), (x + 78, 418), 12, 0.75)


def _eyecup(c: Canvas, look: int, lens: Tones) -> None:
    cup, glass = {
        1: (blob((156, 440), (190, 384), (280, 372), (360, 400), (376, 452), (340, 520), (250, 540), (176, 506)), blob((184, 444), (210, 404), (280, 396), (338, 416), (348, 454), (320, 502), (250, 514), (198, 490))),
        2: (oval(266, 456, 108, 84), oval(266, 456, 82, 60)),
        3: (blob((140, 430), (180, 366), (300, 362), (384, 396), (386, 460), (320, 540), (220, 552), (150, 510)), blob((168, 436), (200, 392), (296, 386), (352, 412), (354, 458), (306, 514), (226, 524), (176, 492))),
        4: (corners((150, 400, 30), (378, 388, 30), (370, 494, 50), (200, 520, 50)), corners((178, 422, 20), (350, 410, 20), (344, 478, 34), (214, 496, 34))),
    }[look]  # fmt: skip
    c.solid(cup, c.body, 12, 9)
    c.fill(glass, lens.dark)
    with c.within(glass):
        c.fill(glass, lens.base)
        c.fill(corners((120, 340), (300, 340), (210, 560), (120, 560)), lens.light, 0.8)
    c.fill(box(142, 432, 30, 44, 8), COAL.base)


def _swim_mask(c: Canvas) -> None:
    frame = blob(
        (136, 440),
        (170, 370),
        (280, 346),
        (400, 352),
        (520, 346),
        (630, 370),
        (664, 440),
        (630, 530),
        (530, 560),
        (456, 540),
        (400, 500),
        (344, 540),
        (270, 560),
        (170, 530),
    )
    c.solid(frame, c.body, 14, 11)
    glass = blob(
        (172, 444),
        (200, 396),
        (290, 378),
        (400, 384),
        (510, 378),
        (600, 396),
        (628, 444),
        (600, 506),
        (526, 528),
        (464, 506),
        (400, 466),
        (336, 506),
        (274, 528),
        (200, 506),
    )
    with c.within(glass):
        c.fill(glass, SKY.base)
        c.fill(corners((150, 350), (420, 350), (290, 560), (150, 560)), SKY.light)
        c.stroke(line((540, 380), (470, 500)), "#fff", 14, 0.7)
    c.stroke(glass, c.body.deep, 5)
    for x in (120, 650):
        c.solid(box(x, 418, 34, 60, 10), COAL, 5, 4)


@draws("water-bottle", "Water bottle")
def water_bottle(c: Canvas, look: int) -> None:
    c.shadow(400, 712, 150, 20)
    (_steel_bottle, _bike_bottle, _loop_bottle, _glass_bottle, _mug_bottle)[look - 1](c)


def _steel_bottle(c: Canvas) -> None:
    shape = "M310 300C310 240 352 236 356 200H444C448 236 490 240 490 300V686C490 702 480 712 462 712H338C320 712 310 702 310 686Z"
    c.round_body(shape, 310, 490, c.body)
    c.drum(350, 130, 100, 66, STEEL, r=10)
    c.stroke("".join(line((x, 140), (x, 186)) for x in range(364, 444, 14)), STEEL.dark, 3)
    c.drum(348, 194, 104, 14, STEEL)
    c.ears(394, 480, 64, accent(c.body))
    c.fill(box(310, 690, 180, 8), c.body.deep, 0.5)


def _bike_bottle(c: Canvas) -> None:
    shape = "M300 330C300 288 312 270 330 256H470C488 270 500 288 500 330V400C486 420 486 440 500 460V680C500 702 488 712 466 712H334C312 712 300 702 300 680V460C314 440 314 420 300 400Z"
    c.round_body(shape, 300, 500, c.body)
    c.drum(318, 200, 164, 62, COAL, r=14)
    c.stroke("".join(line((x, 212), (x, 254)) for x in range(334, 476, 15)), COAL.light, 3)
    c.drum(366, 150, 68, 54, COAL, r=10)
    c.drum(376, 112, 48, 44, PAPER, r=10)
    with c.within(shape):
        c.fill(corners((280, 560), (520, 480), (520, 560), (280, 640)), accent(c.body), 0.85)


def _loop_bottle(c: Canvas) -> None:
    c.tube("M352 210C340 100 460 100 448 210", COAL, 22)
    c.drum(334, 196, 132, 66, COAL, r=12)
    c.drum(296, 260, 208, 452, c.body, r=34)
    c.fill(box(296, 620, 208, 92, (0, 0, 34, 34)), COAL.base)
    c.fill(box(450, 620, 54, 92, (0, 0, 34, 0)), COAL.deep)
    c.fill(corners((352, 520), (392, 440, 6), (414, 476), (428, 456, 6), (456, 520)), accent(c.body))
    c.fill(oval(440, 424, 12), accent(c.body))


def _glass_bottle(c: Canvas) -> None:
    shape = "M318 340C318 270 362 270 364 220H436C438 270 482 270 482 340V680C482 702 470 712 450 712H350C330 712 318 702 318 680Z"
    c.fill(shape, GLASS.base)
    with c.within(shape):
        c.fill(box(310, 320, 180, 400), SKY.base, 0.7)
        c.fill(oval(400, 320, 82, 10), SKY.lighter)
        c.fill(box(450, 200, 40, 520), SKY.dark, 0.6)
    c.stroke(shape, GLASS.dark, 4)
    c.round_body(box(308, 400, 184, 300, 26), 308, 492, c.body)
    c.fill("".join(oval(x, y, 13) for x in (350, 400, 450) for y in (450, 510, 570, 630)), c.body.deep, 0.6)
    c.gleam((346, 330), (346, 388), 9, 0.9)
    c.drum(354, 140, 92, 84, OAK, r=10)
    c.stroke("M366 150C366 90 434 90 434 150", c.body.base, 13)


def _mug_bottle(c: Canvas) -> None:
    c.tube(line((446, 220), (478, 96)), TERRACOTTA, 15)
    c.stroke("M530 360H560C610 360 610 540 560 540H520", c.body.dark, 30)
    c.stroke("M530 356H558C604 356 604 536 558 536H520", c.body.base, 21)
    c.round_body(
        corners(
            (276, 240),
            (524, 240),
            (500, 560, 20),
            (462, 600, 20),
            (456, 712, 22),
            (344, 712, 22),
            (338, 600, 20),
            (300, 560, 20),
        ),
        276,
        524,
        c.body,
    )
    c.drum(262, 206, 276, 44, PAPER, r=20)
    c.fill(box(330, 200, 60, 16, 6), COAL.base)
    c.stroke(line((290, 300), (510, 300)), accent(c.body), 7, 0.7)
