"""Colours and the shades derived from them. Light falls from the upper left, shadows lean towards a cool ink."""

import re
from functools import cache
from typing import NamedTuple

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SHADOW = "#1b2433"
_SUN = "#fffaf0"


class Tones(NamedTuple):
    """One material in six values, light to dark, and the colour of a seam that stays visible on it."""

    lighter: str
    light: str
    base: str
    dark: str
    deep: str
    seam: str
    edge: str  # a thin contour for materials that would melt into the backdrop; empty for all others


def is_hex(colour: object) -> bool:
    """True for exactly "#rrggbb"."""
    return isinstance(colour, str) and _HEX.fullmatch(colour) is not None


def mix(colour: str, other: str, share: float) -> str:
    """The colour with `share` (0..1) of the other in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Perceived brightness, 0 (black) to 1 (white), by the Rec. 709 weights on gamma-encoded channels."""
    red, green, blue = _channels(colour)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


@cache
def tones(colour: str) -> Tones:
    """All shades of one material."""
    bright = luminance(colour)
    if bright > 0.9:  # white goods: shade gently, or they turn grey
        base = mix(colour, _SHADOW, 0.03)
        dark, deep, seam, edge = (mix(base, _SHADOW, share) for share in (0.1, 0.21, 0.3, 0.2))
        return Tones("#ffffff", mix(base, "#ffffff", 0.7), base, dark, deep, seam, edge)
    if bright < 0.2:  # black goods: the light has to do the modelling
        base = mix(colour, _SUN, 0.06)
        lighter, light, seam = (mix(base, _SUN, share) for share in (0.34, 0.17, 0.24))
        return Tones(lighter, light, base, mix(base, _SHADOW, 0.3), mix(base, _SHADOW, 0.5), seam, "")
    dark, deep, seam, edge = (mix(colour, _SHADOW, share) for share in (0.16, 0.32, 0.42, 0.24))
    return Tones(
        mix(colour, _SUN, 0.46), mix(colour, _SUN, 0.2), colour, dark, deep, seam, edge if bright > 0.8 else ""
    )


def shaded(material: Tones) -> Tones:
    """The same material in the shade of what stands in front of it."""
    return material._replace(light=material.base, base=material.dark, dark=material.deep)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


INK = tones("#1d2b2a")
SAND = tones("#e6dac5")
MOSS = tones("#4f6f52")
TERRACOTTA = tones("#c8643c")
SKY = tones("#9fc3cf")

OAK = tones("#c99f6b")
BIRCH = tones("#dfc59b")
WALNUT = tones("#84603f")
STEEL = tones("#b4bdbf")
IRON = tones("#59646a")
COAL = tones("#333d40")
BRASS = tones("#c79f55")
PAPER = tones("#fbf8f2")
GLASS = tones("#cfe2e6")
CREAM = tones("#f3e4c8")
GOLD = tones("#d9a050")
COCOA = tones("#5e3d2c")
LEAF = tones("#6f9a62")
BLOSSOM = tones("#e3a6a0")
