"""What a camera or an editor notes in a picture beside it: where and when it was taken, with what, and by whom.

None of it is a shopper's business. The picture itself stays as it was, bit for bit, with its colours (ICC) and which
way up it is. Parts are those of ITU-T T.81 annex B with Exif 2.32 (JPEG), W3C PNG and RFC 9649 (WebP).
"""

import re
import struct
from collections.abc import Callable, Iterator

from .refusals import MediaRefused


def without_notes(content: bytes, suffix: str) -> bytes:
    """The picture alone; models and drawings as they are. Raises MediaRefused if it is garbled."""
    strip = _STRIPPED.get(suffix)
    try:
        return strip(content) if strip else content
    except (struct.error, IndexError) as error:
        raise MediaRefused("The file is cut short or garbled.") from error


_EXIF, _ICC = b"Exif\0\0", b"ICC_PROFILE\0"
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT, _SCAN, _END = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE, 0xDA, 0xD9
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _jpeg(content: bytes) -> bytes:
    kept, turned = [], b""
    for marker, part in _segments(content):
        if marker == _APP1 and part[4:].startswith(_EXIF):
            turned = turned or _turned(part[4 + len(_EXIF) :])
        elif not _notes(marker, part):
            kept.append(part)
    if turned:
        kept.insert(0, struct.pack(">BBH", 0xFF, _APP1, 2 + len(_EXIF + turned)) + _EXIF + turned)
    return b"".join([content[:2], *kept])


def _notes(marker: int, part: bytes) -> bool:
    """Whether a segment is not of the picture. JFIF, Adobe's word on colours and colour profiles are."""
    if marker == _APP2:
        return not part[4:].startswith(_ICC)
    return marker == _COMMENT or (_APP0 < marker <= _APP15 and marker != _APP14)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each with its marker, a scan with its data, up to the end of the picture: films and previews may follow it."""
    at = 2
    while True:
        marker = content[at + 1]
        if content[at] != 0xFF:
            raise MediaRefused("The JPEG is garbled.")
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            yield marker, content[at : at + 2]
            return
        end = at + 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
        if marker == _SCAN:
            following = _MARKER.search(content, end)
            if following is None:
                raise MediaRefused("The JPEG is incomplete.")
            end = following.start()
        yield marker, content[at:end]
        at = end


_SEEN_IN_PNG = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split())


def _png(content: bytes) -> bytes:
    kept, at, kind = [content[:8]], 8, b""
    while kind != b"IEND":
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise MediaRefused("The PNG is incomplete.")
        if kind[:1].isupper() or kind in _SEEN_IN_PNG:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


_SEEN_IN_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF_THERE, _XMP_THERE = 0x08, 0x04


def _webp(content: bytes) -> bytes:
    kept, turned = [], b""
    for kind, held in _chunks(content):
        if kind in _SEEN_IN_WEBP:
            kept.append((kind, held))
        elif kind == b"EXIF":
            turned = _turned(held.removeprefix(_EXIF))
    if turned:
        kept.append((b"EXIF", turned))
    parts = b"".join(
        kind + struct.pack("<I", len(held)) + _flagged(kind, held, turned) + b"\0" * (len(held) % 2)
        for kind, held in kept
    )
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, struct.unpack("<I", content[4:8])[0] + 8
    while at < end:
        (length,) = struct.unpack("<I", content[at + 4 : at + 8])
        held = content[at + 8 : at + 8 + length]
        if len(held) < length:
            raise MediaRefused("The WebP is incomplete.")
        yield content[at : at + 4], held
        at += 8 + length + length % 2


def _flagged(kind: bytes, held: bytes, turned: bytes) -> bytes:
    """The chunk that says which others there are says so rightly."""
    if kind != b"VP8X":
        return held
    flags = held[0] & ~(_EXIF_THERE | _XMP_THERE)
    return bytes([flags | (_EXIF_THERE if turned else 0)]) + held[1:]


_ORIENTATION, _SHORT, _UPRIGHT = 0x0112, 3, 1


def _turned(exif: bytes) -> bytes:
    """Exif that says nothing but which way up the picture is; empty if it stands upright or this is not to be had."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return b""
    try:
        (first,) = struct.unpack(f"{order}I", exif[4:8])
        (many,) = struct.unpack(f"{order}H", exif[first : first + 2])
        for at in range(first + 2, first + 2 + 12 * many, 12):
            tag, kind, _, value = struct.unpack(f"{order}HHIH", exif[at : at + 10])
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return _exif(value) if _UPRIGHT < value <= 8 else b""
    except struct.error:
        pass  # what cannot be read by us is not read by browsers
    return b""


def _exif(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)


_STRIPPED: dict[str, Callable[[bytes], bytes]] = {"jpg": _jpeg, "png": _png, "webp": _webp}
