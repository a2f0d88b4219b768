"""The illustrator of the demo retailer: every product, store and scene, drawn as SVG. Same input, same bytes."""

from zlib import crc32

from samband.demo.pictures import cafe, cosmetics, furniture, home, seating, sport  # noqa: F401  (they register their kinds)
from samband.demo.pictures.brand import draw_favicon, draw_logo
from samband.demo.pictures.canvas import Canvas
from samband.demo.pictures.places import draw_store
from samband.demo.pictures.refusals import UnknownPicture
from samband.demo.pictures.register import DRAWINGS, LOOKS
from samband.demo.pictures.scenes import draw_banner
from samband.demo.pictures.shades import is_hex, tones

__all__ = ["KINDS", "LOOKS", "UnknownPicture", "draw", "draw_banner", "draw_favicon", "draw_logo", "draw_store"]

KINDS: tuple[str, ...] = tuple(DRAWINGS)


def draw(kind: str, look: int = 1, colour: str = "#8a8d91") -> str:
    """A product illustration as an SVG document with a viewBox of 800 × 800.

    `look` (1..5) chooses the model, `colour` ("#rrggbb") what it is upholstered, painted or packed in.
    Raises UnknownPicture for a kind, look or colour that cannot be drawn.
    """
    if kind not in DRAWINGS:
        raise UnknownPicture("kind", kind)
    if type(look) is not int or look not in LOOKS:
        raise UnknownPicture("look", look)
    if not is_hex(colour):
        raise UnknownPicture("colour", colour)
    title, drawing = DRAWINGS[kind]
    colour = colour.lower()
    canvas = Canvas(f"p{crc32(f'{kind} {look} {colour}'.encode()):08x}", tones(colour))
    canvas.backdrop()
    drawing(canvas, look)
    return canvas.document(title)
