"""Check digits, branches and files: what can be told without a database."""

import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.catalog.attributes import Definition, check_values, variant_labels
from samband.commerce.catalog.branches import below, upwards, would_loop
from samband.commerce.catalog.gtins import check_digit, is_gtin
from samband.commerce.catalog.media_checks import LARGEST_BYTES, look_at
from samband.commerce.catalog.refusals import MediaRefused, MediaTooLarge
from tests.commerce.assortment import SVG

DIGITS = st.text("0123456789", min_size=1)


@pytest.mark.parametrize("gtin", ["4006381333931", "73513537", "036000291452", "10614141000415", "96385074"])
def test_numbers_printed_on_goods_are_gtins(gtin: str) -> None:
    assert is_gtin(gtin)


@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_a_check_digit_completes_a_gtin_and_no_other_digit_does(body: str) -> None:
    right = check_digit(body)
    assert [digit for digit in "0123456789" if is_gtin(body + digit)] == [right]


@given(
    st.text("0123456789", min_size=12, max_size=12),
    st.integers(0, 12),
    st.integers(1, 9),
)
def test_one_digit_misread_is_always_noticed(body: str, place: int, by: int) -> None:
    gtin = body + check_digit(body)
    misread = gtin[:place] + str((int(gtin[place]) + by) % 10) + gtin[place + 1 :]
    assert not is_gtin(misread)


@given(st.text(max_size=16))
def test_whatever_else_is_typed_is_no_gtin_and_no_crash(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14)):
        assert not is_gtin(text)


SLUGS = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(SLUGS, st.none() | SLUGS), max_size=40))
def test_a_tree_that_refuses_loops_never_has_one(moves: list[tuple[str, str | None]]) -> None:
    parents: dict[str, str | None] = {}
    for slug, parent in moves:
        if (parent is None or parent in parents) and not would_loop(slug, parent, parents):
            parents[slug] = parent
    for slug in parents:
        way = list(upwards(slug, parents))
        assert parents[way[-1]] is None
        assert all(slug in below(above, parents) for above in way)


def test_a_broken_tree_is_still_walked_to_an_end() -> None:
    assert list(upwards("a", {"a": "b", "b": "a"})) == ["a", "b"]


@given(st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9))
def test_any_sensible_number_is_kept_as_it_was_given(number: float) -> None:
    width = Definition("width", "number", {"en": "Width"}, "cm")
    assert check_values({"width": number}, {"width": width}) == {"width": number}


def test_a_variant_is_told_from_its_siblings_in_every_language() -> None:
    colour = Definition("colour", "choice", {"en": "Colour"}, choices={"grey": {"en": "Grey", "pl": "Szary"}})
    volume = Definition("volume", "number", {"en": "Volume"}, "l", position=1)
    lid = Definition("lid", "flag", {"en": "With lid", "pl": "Z pokrywą"}, position=2)
    known = {one.code: one for one in (lid, volume, colour)}
    labels = variant_labels({"volume": 1.5, "colour": "grey", "lid": True}, known)
    assert labels["en"] == "Grey, 1.5 l, With lid"
    assert labels["pl"] == "Szary, 1,5 l, Z pokrywą"
    assert variant_labels({"lid": False}, known) == {}


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * width for _ in range(min(height, 9))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 40, 60) + b"\x01\x01\x11\x00"
    return start + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x00" * 20 + b"\xff\xd9"


def webp() -> bytes:
    picture = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + (63).to_bytes(3, "little") + (31).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(picture) + 4) + b"WEBP" + picture


def glb(scene: object = None, *, length: int | None = None) -> bytes:
    told = json.dumps(scene if scene is not None else {"asset": {"version": "2.0"}}).encode()
    told += b" " * (-len(told) % 4)
    whole = 20 + len(told)
    return b"glTF" + struct.pack("<III", 2, length or whole, len(told)) + b"JSON" + told


def test_pictures_and_models_are_known_by_their_bytes() -> None:
    assert (look_at("image", SVG).suffix, look_at("image", SVG).width) == ("svg", 800)
    assert (look_at("image", png()).suffix, look_at("image", png()).height) == ("png", 2)
    assert (look_at("image", jpeg()).width, look_at("image", jpeg()).height) == (60, 40)
    assert (look_at("image", webp()).width, look_at("image", webp()).height) == (64, 32)
    assert look_at("model3d", glb()).suffix == "glb"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.7",
        b"MZ\x90",
        png()[:20],
        png()[:-8],
        png(0, 3),
        png(30_000, 1),
        jpeg()[:24],
        b"\xff\xd8\xff\xd9",
        webp()[:22],
        webp().replace(b"VP8X", b"EVIL"),
        glb(),
    ],
)
def test_a_file_that_is_no_sound_picture_is_refused(content: bytes) -> None:
    with pytest.raises(MediaRefused):
        look_at("image", content)


@pytest.mark.parametrize(
    "content",
    [
        b"glTF",
        glb(length=99_999),
        glb([]),
        glb({"asset": {"version": "2.0"}, "images": [{"uri": "https://elsewhere.example/a.png"}]}),
        glb({"asset": {"version": "2.0"}, "buffers": [{"uri": "../secrets"}]}),
        glb({"asset": {"version": "2.0"}, "buffers": 5}),
        glb({"asset": {"version": "2.0"}, "buffers": ["uri"]}),
        b"glTF" + struct.pack("<III", 2, 24, 4) + b"JSON{no}",
        png(),
    ],
)
def test_a_file_that_is_no_whole_model_is_refused(content: bytes) -> None:
    with pytest.raises(MediaRefused):
        look_at("model3d", content)


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(MediaTooLarge):
        look_at("image", SVG + b" " * LARGEST_BYTES)


def svg(inside: str, attributes: str = "") -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {spaces} {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "harmless",
    [
        '<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><rect fill="url(#g)"/>',
        '<g id="a"/><use href="#a"/><use xlink:href="#a"/>',
        "<style>.a { fill: #fff; clip-path: url(#c) }</style>",
        '<title>Sófi — καναπές</title><text font-family="serif">x</text>',
    ],
)
def test_a_drawing_that_only_draws_is_taken(harmless: str) -> None:
    assert look_at("image", svg(harmless)).suffix == "svg"


@pytest.mark.parametrize(
    "harmful",
    [
        "<script>alert(1)</script>",
        '<script href="#a"/>',
        '<rect onload="alert(1)"/>',
        '<rect ONCLICK="alert(1)"/>',
        "<foreignObject><p/></foreignObject>",
        '<image href="https://elsewhere.example/a.png"/>',
        '<use href="https://elsewhere.example/a.svg#a"/>',
        '<use xlink:href="data:image/svg+xml;base64,AAAA"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<rect fill="url(https://elsewhere.example/a)"/>',
        "<rect style=\"fill: url( '//elsewhere.example/a')\"/>",
        '<rect style="background: u\\72l(//elsewhere.example)"/>',
        "<style>@import '//elsewhere.example/a.css';</style>",
        "<style>rect { fill: url(//elsewhere.example/a) }</style>",
        "<style>@im<g/>port '//elsewhere.example'</style>",
        "<style><![CDATA[@import '//elsewhere.example';]]></style>",
        "<style>rect { fill: u/**/rl(//elsewhere.example/a) }</style>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        '<x xmlns=""><script/></x>',
        '<g xml:base="https://elsewhere.example/"/>',
        "<g>",
    ],
)
def test_a_drawing_that_could_do_harm_is_refused(harmful: str) -> None:
    with pytest.raises(MediaRefused):
        look_at("image", svg(harmful))


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<?xml-stylesheet href="https://elsewhere.example/a.css"?>' + SVG,
        b'<?xml version="1.0" encoding="iso-8859-2"?>' + SVG,
        SVG.decode().encode("utf-16"),
        b"<html><script>alert(1)</script></html>",
        b"<svg><script>alert(1)</script></svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg">\xff</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 inf nan"/>',
    ],
)
def test_a_document_that_hides_something_is_refused(document: bytes) -> None:
    with pytest.raises(MediaRefused):
        look_at("image", document)


@given(st.binary(max_size=200), st.sampled_from(["image", "model3d"]))
def test_any_bytes_are_understood_or_refused(content: bytes, kind: str) -> None:
    for begun in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WEBP", b"<svg", b"glTF"):
        try:
            look_at(kind, begun + content)
        except MediaRefused:
            continue
