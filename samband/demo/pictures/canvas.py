"""The few strokes every picture is made of, and the sheet they are put on."""

from collections.abc import Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

from samband.demo.pictures.shades import Tones, luminance, mix
from samband.demo.pictures.shapes import Point, box, corners, line, number, oval

_FAR = "M-2000-2000H4000V4000H-2000Z"


class Canvas:
    """A sheet that collects strokes. `name` keeps the ids of two pictures on one page apart."""

    def __init__(self, name: str, body: Tones, width: int = 800, height: int = 800) -> None:
        self.name = name
        self.body = body
        self.width = width
        self.height = height
        self._strokes: list[str] = []
        self._ids = 0
        self._glows = False
        self._hangs = False
        self._facing = 1  # -1 inside a mirror image, so that the light falls from the left there too

    def fill(self, shape: str, colour: str, opacity: float = 1) -> None:
        """A flat patch of one colour."""
        self._strokes.append(f'<path d="{shape}" fill="{colour}"{_opacity(opacity)}/>')

    def stroke(
        self, shape: str, colour: str, width: float = 4, opacity: float = 1, dash: str = "", flat: bool = False
    ) -> None:
        """A line: a seam, a wire, a mark."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        if flat:
            dashes += ' stroke-linecap="butt"'
        self._strokes.append(
            f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="{number(width)}"'
            f"{dashes}{_opacity(opacity)}/>"
        )

    def solid(self, shape: str, material: Tones, shade: float = 14, light: float = 8) -> None:
        """A body in three tones: lit along its upper left, shaded along its lower right, by so many units."""
        key, clip = self._id(), self._id()
        self._strokes.append(
            f'<clipPath id="{clip}"><path id="{key}" d="{shape}"/></clipPath><g clip-path="url(#{clip})">'
        )
        if light:
            self._strokes.append(f'<use href="#{key}" fill="{material.light}"/>')
            across = number(self._facing * light * 0.8)
            self._strokes.append(f'<use href="#{key}" x="{across}" y="{number(light)}" fill="{material.base}"/>')
        else:
            self._strokes.append(f'<use href="#{key}" fill="{material.base}"/>')
        if shade:
            move = f"translate({number(-self._facing * shade * 0.8)} {number(-shade)})"
            self._strokes.append(f'<path transform="{move}" d="{_FAR}{shape}" fill="{material.dark}"/>')
        self._strokes.append("</g>")
        if material.edge:
            self._strokes.append(f'<use href="#{key}" fill="none" stroke="{material.edge}" stroke-width="2.5"/>')

    def tube(self, shape: str, material: Tones, width: float) -> None:
        """A round bar along a line: a leg, a handle, a bicycle frame."""
        outer = material.edge or material.dark
        key = self._id()
        self._strokes.append(
            f'<path id="{key}" d="{shape}" fill="none" stroke="{outer}" stroke-width="{number(width)}"/>'
        )
        for share, shift, tone in ((0.68, 0.13, material.base), (0.2, 0.22, material.light)):
            across, down = number(-self._facing * width * shift), number(-width * shift)
            # A stroke on <use> would lose to the path's own, so the line is written again.
            self._strokes.append(
                f'<path d="{shape}" transform="translate({across} {down})" fill="none" stroke="{tone}" '
                f'stroke-width="{number(width * share)}"/>'
            )

    def drum(
        self, x: float, y: float, width: float, height: float, material: Tones, bulge: float = 0.0, r: float = 0
    ) -> None:
        """An upright cylinder seen from the front; `bulge` is how far its rims curve, `r` rounds its corners."""
        right, bottom = x + width, y + height
        shape = box(x, y, width, height, r)
        if bulge:
            rim = f"A{number(width / 2)} {number(bulge)} 0 0 1"
            shape = (
                f"M{number(x)} {number(y)}{rim} {number(right)} {number(y)}V{number(bottom)}"
                f"{rim} {number(x)} {number(bottom)}Z"
            )
        self.round_body(shape, x, right, material)

    def round_body(self, shape: str, left: float, right: float, material: Tones) -> None:
        """Any turned body between two sides: a bottle, a lamp shade, a cup. Banded light, as on a cylinder."""
        width = right - left
        with self.within(shape, material):
            self.fill(shape, material.base)
            for start, share, tone in (
                (0.74, 0.3, material.dark),
                (0.91, 0.2, material.deep),
                (0.1, 0.14, material.light),
            ):
                x = left + width * (start if self._facing > 0 else 1 - start - share)
                self.fill(box(x, -100, width * share, self.height + 200), tone, 0.8)

    def drum_flat(self, x: float, y: float, width: float, height: float, material: Tones, r: float = 0) -> None:
        """A lying cylinder seen from the side, lit from above."""
        with self.within(box(x, y, width, height, r), material):
            self.fill(box(x, y, width, height), material.base)
            for start, share, tone in (
                (0.7, 0.3, material.dark),
                (0.88, 0.12, material.deep),
                (0.12, 0.14, material.light),
            ):
                self.fill(box(x, y + height * start, width, height * share), tone, 0.8)

    def plank(self, *points: Point, material: Tones, r: float = 4) -> None:
        """A flat board; the shade lies along its lower right."""
        self.solid(corners(*points, r=r), material, 5, 3)

    def leg(self, top: Point, foot: Point, material: Tones, wide: float = 20, narrow: float = 12) -> None:
        """A tapered leg, lit from the left."""
        (x1, y1), (x2, y2) = top, foot
        self.fill(
            corners((x1 - wide / 2, y1), (x1 + wide / 2, y1), (x2 + narrow / 2, y2, 3), (x2 - narrow / 2, y2, 3)),
            material.dark,
        )
        self.fill(
            corners((x1 - wide / 2, y1), (x1 + wide / 8, y1), (x2 + narrow / 8, y2), (x2 - narrow / 2, y2, 3)),
            material.base,
        )

    def shadow(self, cx: float, cy: float, rx: float, ry: float = 22) -> None:
        """The soft shadow on the ground. What hangs on a wall casts none."""
        if self._hangs:
            return
        self._strokes.append(
            f'<ellipse cx="{number(cx)}" cy="{number(cy)}" rx="{number(rx)}" ry="{number(ry)}" '
            f'fill="url(#{self.name}-s)"/>'
        )

    def cast(self, shape: str, x: float = 10, y: float = 16) -> None:
        """The shadow of something flat on what it lies on or hangs on, in two soft steps."""
        key, half = self._id(), f"translate({number(x / 2)} {number(y / 2)})"
        self._strokes.append(f'<path id="{key}" d="{shape}" transform="{half}" fill="#1d2b2a" opacity=".09"/>')
        self._strokes.append(f'<use href="#{key}" x="{number(x / 2)}" y="{number(y / 2)}"/>')

    def glow(self, cx: float, cy: float, r: float) -> None:
        """Lamp light in the air."""
        gradient = f"{self.name}-g"
        if not self._glows:
            self._strokes.append(
                f'<radialGradient id="{gradient}"><stop stop-color="#ffd97a" stop-opacity=".75"/>'
                '<stop offset="1" stop-color="#ffe3a0" stop-opacity="0"/></radialGradient>'
            )
        self._glows = True
        self.fill(oval(cx, cy, r * 1.15), f"url(#{gradient})")

    def grain(self, *lines: tuple[float, float, float], material: Tones) -> None:
        """Quiet wood grain: (x, y, length) each."""
        for x, y, length in lines:
            third = length / 3
            shape = f"M{number(x)} {number(y)}c{number(third)}-5 {number(2 * third)} 5 {number(length)} 0"
            self.stroke(shape, material.dark, 3, 0.55)

    def gleam(self, start: Point, end: Point, width: float = 10, opacity: float = 0.6) -> None:
        """A reflection on glass or varnish."""
        self.stroke(line(start, end), "#fff", width, opacity)

    def label(self, x: float, y: float, width: float, paper: Tones, mark: str, rows: int = 2) -> None:
        """A small label: a mark and lines where a name would be."""
        height = 58 + 18 * rows
        self.solid(box(x, y, width, height, 6), paper, 4, 0)
        centre = x + width / 2
        self.fill(oval(centre, y + 28, 12), mark)
        for row in range(rows):
            reach = width * (0.32, 0.22, 0.28, 0.16)[row % 4]
            self.stroke(line((centre - reach, y + 58 + 18 * row), (centre + reach, y + 58 + 18 * row)), mark, 5, 0.7)

    def ears(self, cx: float, cy: float, size: float, colour: str) -> None:
        """A small ear of corn, the mark of things that grow."""
        self.stroke(line((cx, cy + size), (cx, cy - size * 0.4)), colour, size * 0.13)
        for side in (-1, 1):
            for step in (0.5, 0.0):
                root_x, root_y, tip_x, tip_y = map(
                    number, (cx, cy + size * step, cx + side * size * 0.55, cy + size * (step - 0.5))
                )
                self.fill(
                    f"M{root_x} {root_y}Q{tip_x} {root_y} {tip_x} {tip_y}Q{root_x} {tip_y} {root_x} {root_y}Z", colour
                )
        self.fill(oval(cx, cy - size * 0.6, size * 0.16, size * 0.32), colour)

    @contextmanager
    def within(self, shape: str, material: Tones | None = None) -> Iterator[None]:
        """What is drawn here shows only inside the shape. A pale material keeps its contour."""
        clip = self._id()
        self._strokes.append(f'<clipPath id="{clip}"><path d="{shape}"/></clipPath><g clip-path="url(#{clip})">')
        yield
        self._strokes.append("</g>")
        if material and material.edge:
            self.stroke(shape, material.edge, 2.5)

    @contextmanager
    def moved(
        self,
        x: float = 0,
        y: float = 0,
        turn: float = 0,
        about: Point = (400, 400),
        scale: float = 1,
        flip: bool = False,
    ) -> Iterator[None]:
        """What is drawn here is shifted, turned by degrees and scaled about a point, or mirrored there."""
        centre = f"{number(about[0])} {number(about[1])}"
        steps = ""
        if x or y:
            steps += f"translate({number(x)} {number(y)})"
        if turn:
            steps += f"rotate({number(turn)} {centre})"
        if scale != 1 or flip:
            away = f"{number(-about[0])} {number(-about[1])}"
            steps += f"translate({centre})scale({-scale if flip else scale:.4g} {scale:.4g})translate({away})"
        self._strokes.append(f'<g transform="{steps}">')
        self._facing *= -1 if flip else 1
        yield
        self._facing *= -1 if flip else 1
        self._strokes.append("</g>")

    @contextmanager
    def hung(self) -> Iterator[None]:
        """What is drawn here does not stand on the ground."""
        self._hangs = True
        yield
        self._hangs = False

    @contextmanager
    def painted(self, body: Tones) -> Iterator[None]:
        """What is drawn here has another body colour."""
        before, self.body = self.body, body
        yield
        self.body = before

    def backdrop(self, top: str = "#f8f5ef", bottom: str = "#efe8dc", r: float = 48) -> None:
        """The quiet paper behind a product."""
        self._strokes.append(
            f'<linearGradient id="{self.name}-b" x2=".4" y2="1"><stop stop-color="{top}"/>'
            f'<stop offset="1" stop-color="{bottom}"/></linearGradient>'
            f'<rect width="{self.width}" height="{self.height}" rx="{number(r)}" fill="url(#{self.name}-b)"/>'
        )

    def document(self, title: str) -> str:
        """The finished picture as SVG text."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" role="img">'
            f"<title>{escape(title)}</title>"
            f'<defs><radialGradient id="{self.name}-s"><stop stop-color="#1d2b2a" stop-opacity=".34"/>'
            '<stop offset=".6" stop-color="#1d2b2a" stop-opacity=".16"/>'
            '<stop offset="1" stop-color="#1d2b2a" stop-opacity="0"/></radialGradient></defs>'
            '<g stroke-linecap="round" stroke-linejoin="round" fill-rule="evenodd" clip-rule="evenodd">'
            f"{''.join(self._strokes)}</g></svg>\n"
        )

    def _id(self) -> str:
        self._ids += 1
        return f"{self.name}-{self._ids}"


def accent(material: Tones) -> str:
    """A mark that reads on the material."""
    return (
        mix(material.base, "#fffaf0", 0.75) if luminance(material.base) < 0.55 else mix(material.base, "#1d2b2a", 0.65)
    )


def _opacity(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{opacity:g}"'
