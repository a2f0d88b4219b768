"""The pictures of the demo retailer: every product can be shown, safely, in its own colour, the same every time."""

import re
import subprocess
import sys
from itertools import combinations
from xml.etree import ElementTree

import pytest

from samband.demo.pictures import (
    KINDS,
    LOOKS,
    UnknownPicture,
    draw,
    draw_banner,
    draw_favicon,
    draw_logo,
    draw_store,
)
from samband.kernel.refusal import Refusal

SVG = "{http://www.w3.org/2000/svg}"
LARGEST_PRODUCT, LARGEST_SCENE = 12 * 1024, 32 * 1024  # bytes
BARE, WHITE, BLACK, MOSS = "#8a8d91", "#ffffff", "#000000", "#4f6f52"

ASSORTMENT = {
    "furniture": """sofa corner-sofa armchair coffee-table dining-table dining-chair bed wardrobe bookcase desk
        office-chair floor-lamp table-lamp rug tv-bench chest-of-drawers mirror stool""",
    "sport": """road-bike city-bike helmet running-shoes hiking-boots backpack tent sleeping-bag yoga-mat dumbbells
        football skis swim-goggles water-bottle""",
    "home": """drill hammer screwdriver-set saw paint-can paint-roller ladder toolbox tap shower-head led-bulb
        door-handle""",
    "cosmetics": "face-cream serum shampoo soap perfume lipstick sunscreen body-lotion hand-cream candle",
    "cafe": "coffee-beans tea-tin espresso-cup coffee-maker croissant cake sandwich chocolate-bar",
}
PLACES = ("reykjavik", "warszawa", "riga", "athina", "london")

HARMLESS = set("svg title defs g path use rect ellipse clipPath linearGradient radialGradient stop".split())

every_kind = pytest.mark.parametrize("kind", KINDS)
every_place = pytest.mark.parametrize("place", PLACES)
every_department = pytest.mark.parametrize("department", ASSORTMENT)


def test_every_kind_of_the_assortment_can_be_drawn() -> None:
    kinds = [kind for department in ASSORTMENT.values() for kind in department.split()]
    assert len(kinds) == 62
    assert sorted(KINDS) == sorted(kinds)


@every_kind
@pytest.mark.parametrize("colour", [BARE, WHITE, BLACK, MOSS])
def test_a_product_picture_is_a_small_titled_safe_square(kind: str, colour: str) -> None:
    for look in LOOKS:
        picture = draw(kind, look, colour)
        assert_safe(picture, "0 0 800 800")
        assert len(picture.encode()) < LARGEST_PRODUCT, (kind, look)


@every_kind
def test_looks_are_models_and_not_colourings(kind: str) -> None:
    """Paint left out, any two looks of a kind still differ in many outlines."""
    outlines = {look: shapes(draw(kind, look)) for look in LOOKS}
    for look, other in combinations(LOOKS, 2):
        assert len(outlines[look] ^ outlines[other]) >= 6, (kind, look, other)


@every_kind
def test_the_colour_asked_for_is_on_the_product(kind: str) -> None:
    for look in LOOKS:
        grey, moss = draw(kind, look, BARE), draw(kind, look, MOSS)
        assert BARE in paints(grey), (kind, look)
        assert MOSS in paints(moss), (kind, look)
        assert shapes(grey) == shapes(moss), (kind, look)


@every_kind
def test_a_colour_means_the_same_in_capitals(kind: str) -> None:
    assert draw(kind, 1, "#C8643C") == draw(kind, 1, "#c8643c")


def test_pictures_are_the_same_bytes_in_another_process() -> None:
    """Another process has another hash seed, and draws in another order."""
    tell = (
        "import hashlib; from samband.demo.pictures import KINDS, draw\n"
        "for kind in sorted(KINDS, reverse=True): draw(kind, 2)\n"
        "print(hashlib.sha256(''.join(draw(k, n) for k in KINDS for n in range(1, 6)).encode()).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", tell], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout != ""


def test_two_pictures_on_one_page_do_not_share_ids() -> None:
    pictures = [draw(kind, look, colour) for kind in KINDS for look in LOOKS for colour in (BARE, MOSS)]
    seen: set[str] = set()
    for picture in pictures:
        ids = set(re.findall(r' id="([^"]+)"', picture))
        assert not ids & seen
        seen |= ids


@every_place
def test_a_store_stands_where_it_says(place: str) -> None:
    picture = draw_store(place)
    assert_safe(picture, "0 0 1200 600")
    assert len(picture.encode()) < LARGEST_SCENE
    assert picture == draw_store(place)


def test_no_two_stores_look_alike() -> None:
    for place, other in combinations(PLACES, 2):
        assert len(shapes(draw_store(place)) ^ shapes(draw_store(other))) > 60


@every_department
def test_a_banner_leaves_its_left_third_to_the_words(department: str) -> None:
    """What stands in the scene stands to the right; only wall, floor and far hills reach under the words."""
    picture = draw_banner(department)
    root = assert_safe(picture, "0 0 1600 700")
    assert len(picture.encode()) < LARGEST_SCENE
    products = [
        float(place[1])
        for group in root.findall(f"{SVG}g/{SVG}g/{SVG}g")
        if (place := re.match(r"translate\(([\d.-]+)", group.get("transform", ""))) and "scale" in scaling(group)
    ]
    assert len(products) >= 3, "the scene shows products of the assortment"
    assert min(products) > 1600 / 3


def test_the_mark_is_wordless_and_links_two_shapes() -> None:
    for picture in (draw_logo(), draw_favicon()):
        root = assert_safe(picture, "0 0 64 64")
        strokes = {path.get("stroke") for path in root.iter(f"{SVG}path") if path.get("stroke")}
        assert len(strokes) == 2
        assert len(picture.encode()) < 2048


@pytest.mark.parametrize("kind", ["", "Sofa", "sofa ", "unicorn", "../sofa", "<script>"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(UnknownPicture) as refusal:
        draw(kind)
    assert refusal.value.details == {"asked": "kind"}


@pytest.mark.parametrize("look", [0, 6, -1, True, 1.0, "1", None])
def test_an_unknown_look_is_refused(look: object) -> None:
    with pytest.raises(UnknownPicture) as refusal:
        draw("sofa", look)  # type: ignore[arg-type]
    assert refusal.value.details == {"asked": "look"}


@pytest.mark.parametrize(
    "colour", ["", "grey", "#fff", "8a8d91", "#8a8d9", "#8a8d911", "#8a8d9g", '#8a8d91"/>', "#8a8d91\n", None]
)
def test_a_malformed_colour_is_refused(colour: object) -> None:
    with pytest.raises(UnknownPicture) as refusal:
        draw("sofa", 1, colour)  # type: ignore[arg-type]
    assert refusal.value.details == {"asked": "colour"}


@pytest.mark.parametrize("name", ["", "paris", "London", "furnitures"])
def test_an_unknown_place_or_department_is_refused(name: str) -> None:
    for ask in (draw_store, draw_banner):
        with pytest.raises(Refusal) as refusal:
            ask(name)
        assert refusal.value.code == "unknown_picture"


def assert_safe(picture: str, view: str) -> ElementTree.Element:
    """Well-formed, titled, of the right format, and nothing in it that runs, loads or needs a font."""
    root = ElementTree.fromstring(picture)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == view
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= HARMLESS
    known = {element.get("id") for element in root.iter() if element.get("id")}
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "nan" not in value
            assert "inf" not in value
        if target := element.get("href"):
            assert target.startswith("#")
            assert target[1:] in known
    assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= known
    assert not re.search(r"(?<!xmlns=\")https?:|data:|javascript:|url\((?!#)", picture)
    return root


def shapes(picture: str) -> set[str]:
    """The outlines in a picture and how they are moved about, without their paint."""
    return set(re.findall(r' (?:d|transform)="([^"]+)"', picture))


def scaling(group: ElementTree.Element) -> str:
    """How what is in a group is scaled, if it is."""
    return group[0].get("transform", "") if len(group) else ""


def paints(picture: str) -> set[str]:
    """The colours in a picture."""
    return set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', picture))
