"""Reading a QR code back (ISO/IEC 18004), so that a test sees what a banking app would: an undamaged one, in bytes."""

from collections.abc import Iterator, Sequence

Matrix = Sequence[Sequence[int]]

BLOCKS = {  # (version, level): the data bytes of each block
    (5, "M"): (43, 43), (6, "M"): (27,) * 4, (7, "M"): (31,) * 4, (8, "M"): (38, 38, 39, 39),
    (9, "M"): (36, 36, 36, 37, 37), (10, "M"): (43, 43, 43, 43, 44),
}  # fmt: skip
ALIGNED = {5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46), 10: (6, 28, 50)}
LEVELS = {0b00: "M", 0b01: "L", 0b10: "H", 0b11: "Q"}
MASKS = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
)


def read(code: Matrix) -> bytes:
    """The bytes that the code carries; the matrix has no quiet zone."""
    version = (len(code) - 17) // 4
    level, mask = _format(code)
    words = _words(code, version, MASKS[mask])
    return _bytes(_data(words, BLOCKS[version, level]), version)


def level(code: Matrix) -> str:
    """L, M, Q or H."""
    return _format(code)[0]


def _format(code: Matrix) -> tuple[str, int]:
    """Level and mask, from the fifteen modules beside the upper left finder."""
    places = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)]
    bits = 0
    for i, j in places:
        bits = bits << 1 | code[i][j]
    bits ^= 0b101010000010010 >> 7
    return LEVELS[bits >> 6], bits >> 3 & 0b111


def _words(code: Matrix, version: int, mask) -> list[int]:
    bits = [code[i][j] ^ mask(i, j) for i, j in _path(len(code), version)]
    return [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turn, over everything that carries data."""
    upwards = True
    right = size - 1
    while right > 0:
        right -= right == 6
        for i in range(size - 1, -1, -1) if upwards else range(size):
            for j in (right, right - 1):
                if not _is_pattern(i, j, size, version):
                    yield i, j
        upwards = not upwards
        right -= 2


def _is_pattern(i: int, j: int, size: int, version: int) -> bool:
    if i == 6 or j == 6 or (i < 9 and j < 9) or (i < 9 and j >= size - 8) or (i >= size - 8 and j < 9):
        return True
    if version >= 7 and ((i < 6 and j >= size - 11) or (j < 6 and i >= size - 11)):
        return True
    last = ALIGNED[version][-1]
    corners = {(6, 6), (6, last), (last, 6)}
    return any(
        abs(i - y) <= 2 and abs(j - x) <= 2 for y in ALIGNED[version] for x in ALIGNED[version] if (y, x) not in corners
    )


def _data(words: list[int], blocks: Sequence[int]) -> bytes:
    """The blocks put back one after the other; what repairs damage comes after them and is left alone."""
    parts: list[list[int]] = [[] for _ in blocks]
    at = 0
    for turn in range(max(blocks)):
        for part, length in zip(parts, blocks, strict=True):
            if turn < length:
                part.append(words[at])
                at += 1
    return bytes(word for part in parts for word in part)


def _bytes(data: bytes, version: int) -> bytes:
    bits = "".join(f"{word:08b}" for word in data)
    found, at, counted = b"", 0, 16 if version >= 10 else 8
    while (mode := bits[at : at + 4]) not in ("0000", ""):
        if mode != "0100":
            raise ValueError(f"Another mode than bytes: {mode}.")
        length = int(bits[at + 4 : at + 4 + counted], 2)
        at += 4 + counted
        found += bytes(int(bits[at + 8 * n : at + 8 * n + 8], 2) for n in range(length))
        at += 8 * length
    return found
