"""What the till's camera sees: a short film with a code held before it, as Chromium's fake camera plays it (Y4M)."""

from itertools import groupby
from pathlib import Path

import segno

WIDTH, HEIGHT = 640, 480
PAPER, INK = 225, 25
EAN_LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
EAN_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def film_qr(path: Path, text: str) -> Path:
    """A QR code in the middle of the picture."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(scale=max(1, 360 // (code.symbol_size()[0])), border=4)]
    return _film(path, [[bool(dark) for dark in row] for row in rows])


def film_ean(path: Path, digits: str) -> Path:
    """An EAN-13 as it stands on a label."""
    bars = [bar == "1" for bar in ean_modules(digits)]
    row = [False] * 30 + [bar for bar in bars for _ in range(4)] + [False] * 30
    return _film(path, [row] * 220)


def ean_modules(digits: str) -> str:
    """The 95 modules of an EAN-13 (ISO/IEC 15420): three sets of digits, guards between them."""
    assert len(digits) == 13
    assert digits.isdecimal()
    left = "".join(
        _set(parity, int(digit)) for parity, digit in zip(EAN_PARITY[int(digits[0])], digits[1:7], strict=True)
    )
    right = "".join(_flipped(EAN_LEFT[int(digit)]) for digit in digits[7:])
    return f"101{left}01010{right}101"


def _set(parity: str, digit: int) -> str:
    return EAN_LEFT[digit] if parity == "L" else _flipped(EAN_LEFT[digit])[::-1]


def _flipped(modules: str) -> str:
    return modules.translate(str.maketrans("01", "10"))


def _film(path: Path, picture: list[list[bool]]) -> Path:
    """The same picture a few times over: luma only, the colours are grey."""
    top, left = (HEIGHT - len(picture)) // 2, (WIDTH - len(picture[0])) // 2
    assert top >= 0 <= left
    luma = bytearray([PAPER]) * (WIDTH * HEIGHT)
    for number, row in enumerate(picture):
        at = (top + number) * WIDTH + left
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                luma[at : at + length] = bytes([INK]) * length
            at += length
    frame = b"FRAME\n" + bytes(luma) + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420jpeg\n".encode() + frame * 4)
    return path
