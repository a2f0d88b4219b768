"""A product as its form holds it: made from what is kept or from what was sent, and read into a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from samband.commerce.catalog.attributes import Definition, Value
from samband.commerce.catalog.drafts import LONGEST_NAME, LONGEST_TEXT, MOST_VARIANTS, ProductDraft, VariantDraft
from samband.commerce.catalog.refusals import WrongValue
from samband.commerce.catalog.views import ProductPage, Spec
from samband.kernel.languages import DEFAULT, LANGUAGES

from . import reading
from .words import Words

Definitions = Mapping[str, Definition]
BLANK_ROWS = 1


@dataclass
class Told:
    """What the form says of one attribute: one value, several of a choice, or a text in each language."""

    definition: Definition
    values: list[str]
    several: bool = False

    @classmethod
    def kept(cls, spec: Spec, definition: Definition) -> "Told":
        match definition.kind:
            case "text":
                texts = {DEFAULT: spec.value} if isinstance(spec.value, str) else dict(spec.value)
                return cls(definition, [texts.get(language, "") for language in LANGUAGES])
            case "flag":
                return cls(definition, ["yes" if spec.value else "no"])
            case "choice" if isinstance(spec.value, tuple):
                return cls(definition, list(spec.value), several=True)
            case _:
                return cls(definition, [str(spec.value)])

    @classmethod
    def sent(cls, given: QueryDict, name: str, definition: Definition) -> "Told":
        if definition.kind == "text":
            return cls(definition, [reading.text(given, f"{name}-{language}", 500) for language in LANGUAGES])
        values = [value[:64].replace("\x00", "") for value in given.getlist(name)]
        return cls(definition, values or [""], several=f"{name}-several" in given)

    @property
    def value(self) -> Value | None:
        """The value as the catalog takes it; nothing when the field was left empty. Raises NotRead."""
        given = [value.strip() for value in self.values]
        if not any(given):
            return None
        match self.definition.kind:
            case "number":
                return reading.number({"value": given[0]}, "value")
            case "flag":
                return given[0] == "yes"
            case "choice":
                chosen = [value for value in given if value]
                return tuple(chosen) if self.several else chosen[0]
            case "text":
                texts = {language: text for language, text in zip(LANGUAGES, given, strict=True) if text}
                return texts[DEFAULT] if list(texts) == [DEFAULT] else texts


@dataclass
class VariantRow:
    """One variant in the form. `kept` tells that it is there already: then its SKU stays what it is."""

    sku: str = ""
    gtin: str = ""
    weight: str = ""
    told: list[Told] = field(default_factory=list)
    kept: bool = False
    removed: bool = False


@dataclass
class ProductForm:
    """The whole form; its texts stand in the five languages side by side."""

    slug: str = ""
    category: str = ""
    vat_class: str = "standard"
    shipping_class: str = "parcel"
    return_days: str = "30"
    names: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    attributes: list[Told] = field(default_factory=list)
    apart: list[Definition] = field(default_factory=list)
    variants: list[VariantRow] = field(default_factory=list)

    @classmethod
    def kept(cls, page: ProductPage, definitions: Definitions) -> "ProductForm":
        """The form of a product as it is kept."""
        codes = {spec.code for variant in page.variants for spec in variant.specs}
        apart = [definition for code, definition in definitions.items() if code in codes]
        rows = []
        for variant in page.variants:
            specs = {spec.code: Told.kept(spec, definitions[spec.code]) for spec in variant.specs}
            told = [specs.get(one.code, _empty(one)) for one in apart]
            weight = "" if variant.weight_grams is None else str(variant.weight_grams)
            rows.append(VariantRow(variant.sku, variant.gtin or "", weight, told, kept=True))
        return cls(
            page.slug,
            page.category,
            page.vat_class,
            page.shipping_class,
            str(page.return_days),
            dict(page.names),
            dict(page.texts),
            [Told.kept(spec, definitions[spec.code]) for spec in page.specs],
            apart,
            rows,
        ).with_blanks()

    @classmethod
    def sent(cls, given: QueryDict, definitions: Definitions) -> "ProductForm":
        """The form as it was sent, with the attributes and rows that were asked for."""
        codes = _codes(given.getlist("attribute"), given.get("add-attribute", ""), definitions)
        apart = [definitions[code] for code in _codes(given.getlist("apart"), given.get("add-apart", ""), definitions)]
        rows = [
            VariantRow(
                reading.text(given, f"vsku-{row}", 64),
                reading.text(given, f"vgtin-{row}", 20),
                reading.text(given, f"vweight-{row}", 12),
                [Told.sent(given, f"va-{row}-{one.code}", one) for one in apart],
                kept=f"vkept-{row}" in given,
                removed=f"vgone-{row}" in given,
            )
            for row in reading.numbered(given, "vsku", MOST_VARIANTS + BLANK_ROWS)
        ]
        return cls(
            reading.text(given, "slug", 200),
            reading.text(given, "category", 200),
            reading.text(given, "vat_class", 40),
            reading.text(given, "shipping_class", 40),
            reading.text(given, "return_days", 10),
            reading.texts(given, "names", LONGEST_NAME),
            reading.texts(given, "texts", LONGEST_TEXT),
            [Told.sent(given, f"a-{code}", definitions[code]) for code in codes],
            apart,
            rows,
        )

    def with_blanks(self) -> "ProductForm":
        """The same with an empty row for one more variant."""
        for _ in range(BLANK_ROWS):
            self.variants.append(VariantRow(told=[_empty(one) for one in self.apart]))
        return self

    def draft(self, product_id: UUID | None, words: Words) -> ProductDraft:
        """What the form describes. Raises NotRead or WrongValue naming what cannot be read."""
        rows = [row for row in self.variants if row.sku and not row.removed]
        return ProductDraft(
            slug=self.slug,
            category=self.category,
            names=self.names,
            texts=self.texts,
            attributes=_values(self.attributes, words),
            vat_class=self.vat_class,
            shipping_class=self.shipping_class,
            return_days=reading.whole({"return_days": self.return_days}, "return_days", 0, 3650),
            variants=tuple(_variant(row, words) for row in rows),
            id=product_id,
        )


def _codes(sent: Iterable[str], added: str, definitions: Definitions) -> list[str]:
    return [code for code in dict.fromkeys([*sent, added]) if code in definitions]


def _empty(definition: Definition) -> Told:
    return Told(definition, [""] * (len(LANGUAGES) if definition.kind == "text" else 1))


def _variant(row: VariantRow, words: Words) -> VariantDraft:
    return VariantDraft(
        sku=row.sku,
        attributes=_values(row.told, words),
        gtin=row.gtin or None,
        weight_grams=reading.maybe_whole({"weight": row.weight}, "weight", 0, 100_000_000),
    )


def _values(told: Iterable[Told], words: Words) -> dict[str, Value]:
    values = {}
    for one in told:
        try:
            value = one.value
        except reading.NotRead as refusal:
            raise WrongValue(attribute=words.text(one.definition.names)) from refusal
        if value is not None:
            values[one.definition.code] = value
    return values
