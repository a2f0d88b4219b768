"""Is this file what it claims to be, and harmless? Read from its bytes, never from its name."""

import json
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from .refusals import MediaRefused, MediaTooLarge

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_SIDE_PX = 20_000
LARGEST_AREA_PX = 100_000_000
"""Few bytes can stand for many pixels, and whoever looks at them must hold them all."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the bytes turned out to be; sizes in pixels, or in user units for SVG, where they say so."""

    suffix: str
    width: int | None = None
    height: int | None = None


def look_at(kind: str, content: bytes) -> Seen:
    """Raises MediaTooLarge or MediaRefused (with what is wrong) unless this is a sound image or 3D model."""
    if len(content) > LARGEST_BYTES:
        raise MediaTooLarge(most_bytes=LARGEST_BYTES)
    for begins, look in _MODELS if kind == "model3d" else _IMAGES:
        if begins(content):
            try:
                seen = look(content)
            except (struct.error, IndexError, ValueError, OverflowError, RecursionError) as error:
                raise MediaRefused("The file is cut short or garbled.") from error
            if seen.width is not None and not (
                0 < seen.width <= LARGEST_SIDE_PX and 0 < (seen.height or 0) <= LARGEST_SIDE_PX
            ):
                raise MediaRefused("The picture has no size, or too large a one.")
            if seen.suffix != "svg" and (seen.width or 0) * (seen.height or 0) > LARGEST_AREA_PX:
                raise MediaRefused("The picture has too many pixels.")
            return seen
    wanted = "GLB" if kind == "model3d" else "SVG, PNG, JPEG or WebP"
    raise MediaRefused(f"The file is not {wanted}.")


def _png(content: bytes) -> Seen:
    width, height = struct.unpack(">II", content[16:24])
    if content[12:16] != b"IHDR" or content[-8:-4] != b"IEND":
        raise MediaRefused("The PNG is incomplete.")
    return Seen("png", width, height)


def _jpeg(content: bytes) -> Seen:
    if b"\xff\xd9" not in content[-64:]:
        raise MediaRefused("The JPEG is incomplete.")
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Seen("jpg", width, height)
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    raise MediaRefused("The JPEG has no picture in it.")


def _webp(content: bytes) -> Seen:
    if struct.unpack("<I", content[4:8])[0] + 8 > len(content):
        raise MediaRefused("The WebP is incomplete.")
    match content[12:16]:
        case b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
        case b"VP8L":
            bits = struct.unpack("<I", content[21:25])[0]
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width = int.from_bytes(content[24:27], "little") + 1
            height = int.from_bytes(content[27:30], "little") + 1
        case _:
            raise MediaRefused("The WebP has no picture in it.")
    return Seen("webp", width, height)


def _glb(content: bytes) -> Seen:
    """Binary glTF 2.0: one file with everything in it, pointing nowhere else."""
    version, length, json_length = struct.unpack("<III", content[4:16])
    if version != 2 or length != len(content) or content[16:20] != b"JSON":
        raise MediaRefused("The file is not a whole GLB of version 2.")
    scene = json.loads(content[20 : 20 + json_length])
    if not isinstance(scene, dict) or not isinstance(scene.get("asset"), dict):
        raise MediaRefused("The GLB does not describe an asset.")
    for parts in (scene.get("buffers", []), scene.get("images", [])):
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise MediaRefused("The GLB is garbled.")
        if any(not str(part.get("uri", "data:")).startswith("data:") for part in parts):
            raise MediaRefused("The GLB points to a file outside itself.")
    return Seen("glb")


SVG = "http://www.w3.org/2000/svg"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"

_DRAWING_WORDS = (
    "svg g defs symbol use title desc metadata switch path rect circle ellipse line polyline polygon text tspan"
    " textPath linearGradient radialGradient stop clipPath mask pattern marker style filter feBlend feColorMatrix"
    " feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight"
    " feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology"
    " feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"
)
DRAWING = frozenset(_DRAWING_WORDS.split())
"""Elements that draw and do nothing else: no script, foreignObject, image from elsewhere or animation of links."""

_REFERENCE = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
_ACTIVE = re.compile(
    r"@import|expression\s*\(|javascript:|data:|-moz-binding|behavior\s*:|image-set\s*\(|\\", re.IGNORECASE
)


class _Drawing:
    """Reads an SVG and refuses the first thing in it that is not plain drawing."""

    def __init__(self) -> None:
        self.depth = 0
        self.style = False
        self.css = ""
        self.seen = Seen("svg")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii"):
            raise MediaRefused("The SVG is not written in UTF-8.")

    def doctype(self, *_: object) -> None:
        raise MediaRefused("The SVG has a document type, which could smuggle entities in.")

    def instruction(self, *_: object) -> None:
        raise MediaRefused("The SVG has a processing instruction.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, element = name.rpartition(" ")
        if self.depth == 0 and (space, element) != (SVG, "svg"):
            raise MediaRefused("The file is XML but not SVG.")
        if space == SVG and element not in DRAWING:
            raise MediaRefused("The SVG holds an element that does more than draw.", element=element[:40])
        # Editors leave notes in namespaces of their own; browsers act only on those of the W3C.
        if space not in (SVG, RDF) and (not space or "w3.org" in space):
            raise MediaRefused("The SVG holds markup of another language.", element=element[:40])
        if self.style:
            raise MediaRefused("The SVG holds elements within a style sheet.", element=element[:40])
        self.depth += 1
        self.style = (space, element) == (SVG, "style")
        for attribute, value in attributes.items():
            self._attribute(attribute, value)
        if self.depth == 1:
            self.seen = _size_of(attributes)

    def _attribute(self, name: str, value: str) -> None:
        space, _, attribute = name.rpartition(" ")
        lowered = attribute.lower()
        if lowered.startswith("on"):
            raise MediaRefused("The SVG holds an event handler.", attribute=attribute[:40])
        if lowered == "base" and space == XML:
            raise MediaRefused("The SVG changes where its references point.")
        if lowered in ("href", "src") and not value.strip().startswith("#"):
            raise MediaRefused("The SVG refers to something outside itself.", attribute=attribute[:40])
        _refuse_active(value)

    def text(self, text: str) -> None:
        if self.style:
            self.css += text

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self.style:
            _refuse_active(self.css)
            self.style, self.css = False, ""


def _refuse_active(text: str) -> None:
    for read in (text, re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        if _REFERENCE.search(read) or _ACTIVE.search(read):
            raise MediaRefused("The SVG refers to something outside itself.")


def _svg(content: bytes) -> Seen:
    drawing = _Drawing()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.XmlDeclHandler = drawing.declaration
    parser.StartDoctypeDeclHandler = drawing.doctype
    parser.ProcessingInstructionHandler = drawing.instruction
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    try:
        content.decode()
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise MediaRefused("The SVG is not well-formed.") from error
    return drawing.seen


def _size_of(attributes: dict[str, str]) -> Seen:
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if len(box) != 4:
        return Seen("svg")
    return Seen("svg", round(float(box[2])), round(float(box[3])))


def _begins_like_svg(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


Look = tuple[Callable[[bytes], bool], Callable[[bytes], Seen]]
_IMAGES: tuple[Look, ...] = (
    (lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda content: content.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP", _webp),
    (_begins_like_svg, _svg),
)
_MODELS: tuple[Look, ...] = ((lambda content: content.startswith(b"glTF"), _glb),)
