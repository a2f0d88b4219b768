"""What the small retailer sells: five departments, kept as YAML beside this file, in five languages.

load() -> Assortment
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .numbering import gtin13
from .prices import in_every_currency
from .reading import CODE, HEX, SLUG, MalformedAssortment, Piece
from .words import Assortment, Attribute, Category, Choice, Product, Texts, Value, Variant

__all__ = [
    "Assortment",
    "Attribute",
    "Category",
    "Choice",
    "MalformedAssortment",
    "Product",
    "Texts",
    "Value",
    "Variant",
    "load",
]

HERE = Path(__file__).parent
MENU = {"furniture": "FU", "sport": "SP", "home": "HI", "cosmetics": "CO", "cafe": "CA"}
"""The departments in the order of the shop's menu, with the letters their SKUs begin with."""

LOOKS = 5
LONGEST_RETURN_DAYS = 365


def load(folder: Path = HERE) -> Assortment:
    """Read every department in the folder.

    Raises MalformedAssortment, which names file and key, at the first thing that is missing, unknown or contradictory.
    """
    shared = [Piece.of(path) for path in sorted(folder.glob("attributes*.yaml"))]
    departments = [Piece.of(path) for name in MENU if (path := folder / f"{name}.yaml").exists()]
    for file in departments:
        file.knows_only("department", "categories", "attributes", "families")
        if file["department"].text() != file.file.removesuffix(".yaml"):
            raise file["department"].wrong("should be the name of the file")

    attributes = _attributes([*shared, *departments])
    categories = _categories(departments)
    products = tuple(
        product for file in departments for product in _products(file, attributes, categories)
    )  # fmt: skip
    _tell_apart(products)
    return Assortment(attributes, tuple(categories.values()), products)


# --- attributes


def _attributes(files: Iterable[Piece]) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    for file in files:
        for piece in file["attributes"].each() if file.get("attributes") else ():
            attribute = _attribute(piece)
            if attribute.code in attributes:
                raise piece.wrong("is defined twice")
            attributes[attribute.code] = attribute
    return attributes


def _attribute(piece: Piece) -> Attribute:
    piece.knows_only("code", "kind", "unit", "facet", "name", "choices")
    kind = piece["kind"].one_of("number", "choice", "text", "flag")
    unit, choices = piece.get("unit"), piece.get("choices")
    if unit and kind != "number":
        raise unit.wrong("only a number has a unit")
    if (choices is not None) != (kind == "choice"):
        raise piece.wrong("a choice, and nothing else, has choices")
    return Attribute(
        code=piece["code"].matching(CODE),
        kind=kind,
        name=piece["name"].texts(),
        unit=unit.text() if unit else None,
        facet=piece["facet"].flag(),
        choices={code: _choice(code, choice) for code, choice in choices.entries()} if choices else {},
    )


def _choice(code: str, piece: Piece) -> Choice:
    if not CODE.fullmatch(code):
        raise piece.wrong("is no code")
    shade = piece.get("hex")
    return Choice(code, piece.texts(also=("hex",)), shade.matching(HEX) if shade else None)


# --- the tree


def _categories(departments: Iterable[Piece]) -> dict[str, Category]:
    categories: dict[str, Category] = {}
    for file in departments:
        department = file["department"].text()
        for piece in file["categories"].each():
            category = _category(piece, department)
            if category.slug in categories:
                raise piece.wrong("is defined twice")
            if (category.parent is None) != (category.slug == department):
                raise piece["parent"].wrong("the department, and no other category, has no parent")
            if category.parent and getattr(categories.get(category.parent), "department", None) != department:
                raise piece["parent"].wrong("should be a category defined above, in this department")
            categories[category.slug] = category
    return categories


def _category(piece: Piece, department: str) -> Category:
    piece.knows_only("slug", "parent", "name", "text")
    parent = piece["parent"]
    text = piece.get("text")
    return Category(
        slug=piece["slug"].matching(SLUG),
        department=department,
        parent=None if parent.value is None else parent.matching(SLUG),
        name=piece["name"].texts(),
        text=text.texts() if text else {},
    )


# --- products


def _products(file: Piece, attributes: dict[str, Attribute], categories: dict[str, Category]) -> Iterator[Product]:
    department = file["department"].text()
    for family in file["families"].each():
        family.knows_only(
            "kind", "category", "vat", "shipping", "return_days", "name", "text", "products"
        )  # fmt: skip
        category = categories.get(family["category"].text())
        if category is None or category.department != department:
            raise family["category"].wrong("is not a category of this department")
        for piece in family["products"].each():
            yield _product(piece, family, category, attributes)


def _product(piece: Piece, family: Piece, category: Category, attributes: dict[str, Attribute]) -> Product:
    piece.knows_only("slug", "model", "note", "attributes", "look", "variants")
    model = piece["model"].text()
    of_all, of_this = family["text"].texts(), piece["note"].texts()
    specs = _values(piece["attributes"], attributes)
    return Product(
        slug=piece["slug"].matching(SLUG),
        department=category.department,
        category=category.slug,
        kind=family["kind"].matching(SLUG),
        look=piece["look"].whole(1, LOOKS),
        model=model,
        name={language: _named(template, model) for language, template in _templates(family["name"])},
        text={language: f"{of_all[language]} {of_this[language]}" for language in of_all},
        vat=family["vat"].one_of("standard", "food"),
        shipping=family["shipping"].one_of("parcel", "bulky", "store_only"),
        return_days=family["return_days"].whole(0, LONGEST_RETURN_DAYS),
        attributes=specs,
        variants=tuple(_variants(piece["variants"], category.department, specs, attributes)),
    )


def _templates(piece: Piece) -> Iterator[tuple[str, str]]:
    for language, template in piece.texts().items():
        if template.count("{model}") != 1 or "{" in template.replace("{model}", ""):
            raise piece[language].wrong("should hold {model} once")
        yield language, template


def _named(template: str, model: str) -> str:
    return template.replace("{model}", model)


def _variants(
    piece: Piece, department: str, specs: dict[str, Value], attributes: dict[str, Attribute]
) -> Iterator[Variant]:
    siblings: list[dict[str, Value]] = []
    for one in piece.each():
        one.knows_only("sku", "attributes", "price")
        own = _values(one["attributes"], attributes) if one.get("attributes") else {}
        if said_twice := own.keys() & specs.keys():
            raise one["attributes"].wrong(f"{', '.join(sorted(said_twice))} is already said of the product")
        if own in siblings:
            raise one.wrong("is no different from its sibling")
        siblings.append(own)
        sku = one["sku"].matching(_sku_of(department))
        yield Variant(sku, gtin13(sku), own, in_every_currency(one["price"].cents()))


def _sku_of(department: str) -> re.Pattern[str]:
    return re.compile(MENU[department] + r"-[A-Z0-9-]{1,29}")


# --- what an attribute says of a product


def _values(piece: Piece, attributes: dict[str, Attribute]) -> dict[str, Value]:
    return {code: _value(said, attributes.get(code)) for code, said in piece.entries()}


def _value(said: Piece, attribute: Attribute | None) -> Value:
    if attribute is None:
        raise said.wrong("is not a defined attribute")
    if attribute.kind == "number":
        return said.number()
    if attribute.kind == "flag":
        return said.flag()
    if attribute.kind == "choice":
        choice: str = said.one_of(*attribute.choices)
        return choice
    return dict.fromkeys(attribute.name, said.text()) if isinstance(said.value, str) else said.texts()


def _tell_apart(products: Iterable[Product]) -> None:
    """No two products share a slug, no two variants a SKU or a barcode."""
    seen: set[tuple[str, str]] = set()
    for product in products:
        marks = [("slug", product.slug)]
        for variant in product.variants:
            marks += [("sku", variant.sku), ("gtin", variant.gtin)]
        for mark in marks:
            if mark in seen:
                raise MalformedAssortment(
                    f"{product.department}.yaml", product.slug, f"{mark[0]} {mark[1]} is not unique"
                )
            seen.add(mark)
