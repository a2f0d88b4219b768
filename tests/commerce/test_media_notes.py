"""A picture of the shop's goods tells nobody where, when, with what and by whom it was taken, and looks as it did."""

import contextlib
import io
import random
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from samband.commerce.catalog.media_notes import without_notes
from samband.commerce.catalog.refusals import MediaRefused

SECRETS = (b"Kristin", b"2026:11:22", b"Phone 9", b"at home", b"64.14")
COLOURS = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn(width: int, height: int, seed: int = 0) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def photo(kind: str, orientation: int = 1, **more) -> bytes:
    picture = drawn(64, 40)
    exif = Image.Exif()
    exif.update({0x0112: orientation, 0x010F: "Phone 9", 0x013B: "Kristin", 0x0132: "2026:11:22 10:00:00"})
    exif.get_ifd(0x8825).update({1: "N", 2: (64.0, 14.0, 0.0), 29: "64.14"})
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", "at home")
        notes.add_itxt("Author", "Kristin")
        more["pnginfo"] = notes
    if kind == "JPEG":
        more["comment"] = b"at home"
    file = io.BytesIO()
    picture.save(file, kind, exif=exif, icc_profile=COLOURS, xmp=b"<x>at home</x>", **more)
    return file.getvalue()


def seen(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def pixels(content: bytes) -> bytes:
    return ImageOps.exif_transpose(seen(content)).tobytes()


FORMS = [
    ("JPEG", "jpg", {}),
    ("JPEG", "jpg", {"progressive": True}),
    ("PNG", "png", {}),
    ("WEBP", "webp", {}),
    ("WEBP", "webp", {"lossless": True}),
]


@pytest.mark.parametrize(("kind", "suffix", "how"), FORMS)
def test_nothing_but_the_picture_is_kept(kind, suffix, how) -> None:
    taken = photo(kind, **how)
    assert any(secret in taken for secret in SECRETS)
    bare = without_notes(taken, suffix)
    assert not [secret for secret in SECRETS if secret in bare]
    assert not dict(seen(bare).getexif())
    assert seen(bare).info["icc_profile"] == COLOURS
    assert pixels(bare) == pixels(taken)
    assert without_notes(bare, suffix) == bare


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("WEBP", "webp")])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_taken_sideways_stays_the_right_way_up(kind, suffix, orientation) -> None:
    taken = photo(kind, orientation)
    bare = without_notes(taken, suffix)
    assert dict(seen(bare).getexif()) == {0x0112: orientation}
    assert pixels(bare) == pixels(taken)
    assert not [secret for secret in SECRETS if secret in bare]
    assert without_notes(bare, suffix) == bare


def test_what_follows_a_photo_goes_too() -> None:
    """Phones append a film, or a second picture with notes of its own."""
    first = photo("JPEG", 6)
    assert without_notes(first + photo("JPEG") + b"ftypmp42 at home", "jpg") == without_notes(first, "jpg")


def test_colours_of_print_stay() -> None:
    file = io.BytesIO()
    drawn(16, 16).convert("CMYK").save(file, "JPEG", comment=b"at home")
    bare = without_notes(file.getvalue(), "jpg")
    assert b"Adobe" in bare
    assert pixels(bare) == pixels(file.getvalue())


def test_what_moves_still_moves() -> None:
    frames = [drawn(16, 16, seed) for seed in range(3)]
    for kind, suffix in (("PNG", "png"), ("WEBP", "webp")):
        file = io.BytesIO()
        frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=100, xmp=b"at home")
        bare = without_notes(file.getvalue(), suffix)
        assert seen(bare).n_frames == 3
        assert b"at home" not in bare


def test_models_and_drawings_are_left_alone() -> None:
    assert without_notes(b"<svg/>", "svg") == b"<svg/>"
    assert without_notes(b"glTF", "glb") == b"glTF"


@given(st.sampled_from(FORMS), st.data())
def test_a_garbled_file_is_refused_and_never_a_crash(form, data) -> None:
    kind, suffix, how = form
    whole = photo(kind, **how)
    at = data.draw(st.integers(2, len(whole) - 1))
    garbled = data.draw(
        st.sampled_from([whole[:at], whole[:at] + b"\xff" * 8 + whole[at:], whole[:at] + bytes(9) + whole[at + 9 :]])
    )
    with contextlib.suppress(MediaRefused):
        without_notes(garbled, suffix)


def test_only_known_parts_of_a_png_are_kept() -> None:
    unknown = struct.pack(">I", 7) + b"noTeat home" + struct.pack(">I", zlib.crc32(b"noTeat home"))
    whole = photo("PNG")
    with_it = whole[:33] + unknown + whole[33:]
    assert without_notes(with_it, "png") == without_notes(whole, "png")
