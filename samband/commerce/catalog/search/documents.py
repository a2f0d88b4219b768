"""Products as the index holds them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from tantivy import Document

from samband.kernel.languages import LANGUAGES, pick

from ..attributes import Definition, Value, chosen, value_labels
from ..branches import upwards
from ..models import Category
from . import folding
from .alphabets import sort_key
from .fields import FOR_GOOD, Shape, price_field
from .prices import price_tags

AT_ONCE = 500

_PRODUCTS = """
select p.id, p.revision, p.slug, p.category_id, p.names::text, p.texts::text, p.attributes::text, p.created_at,
       coalesce((select jsonb_agg(jsonb_build_array(v.sku, v.gtin, v.attributes) order by v.position, v.sku)
                 from catalog_variant v where v.product_id = p.id), '[]')::text,
       coalesce((select jsonb_agg(jsonb_build_array(w.channel, w.visible_from, w.visible_until))
                 from catalog_publication w where w.product_id = p.id), '[]')::text
from catalog_product p
where (p.revision, p.id) > (%s::bigint, %s::uuid)
order by p.revision, p.id
limit %s::int
"""

_FIRST = UUID(int=0)
_LAST = UUID(int=2**128 - 1)

_values = msgspec.json.Decoder(dict[str, Any])
_texts = msgspec.json.Decoder(dict[str, str])
_variants = msgspec.json.Decoder(list[tuple[str, str | None, dict[str, Any]]])
_windows = msgspec.json.Decoder(list[tuple[str, datetime, datetime | None]])


@dataclass(frozen=True, slots=True)
class Subject:
    """A product as it is read for the index."""

    id: UUID
    slug: str
    category: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    attributes: Mapping[str, Value]
    created_at: datetime
    variants: Sequence[tuple[str, str | None, Mapping[str, Value]]]
    windows: Sequence[tuple[str, datetime, datetime | None]]

    def values(self) -> dict[str, list[Value]]:
        """All values of each attribute, the product's and its variants'."""
        held: dict[str, list[Value]] = {}
        for values in (self.attributes, *(own for _, _, own in self.variants)):
            for code, value in values.items():
                if value not in held.setdefault(code, []):
                    held[code].append(value)
        return held


def changed_since(cursor: int) -> Iterator[list[Subject]]:
    """Products whose revision is above the cursor, some at a time, in the order of their revisions."""
    revision, last = cursor, _LAST
    while True:
        with connection.cursor() as reading:
            reading.execute(_PRODUCTS, [revision, last, AT_ONCE])
            rows = reading.fetchall()
        if rows:
            last, revision = rows[-1][:2]
            yield [_subject(row) for row in rows]
        if len(rows) < AT_ONCE:
            return


def _subject(row: tuple[Any, ...]) -> Subject:
    product_id, _, slug, category, names, texts, attributes, created_at, variants, windows = row
    return Subject(
        product_id, slug, category, _texts.decode(names), _texts.decode(texts), _values.decode(attributes), created_at,
        _variants.decode(variants), _windows.decode(windows),
    )  # fmt: skip


class Writer:
    """Makes documents. Knows the tree, the definitions and the shape of the index as they are now."""

    def __init__(self, shape: Shape, definitions: Mapping[str, Definition]) -> None:
        self.shape = shape
        self.definitions = definitions
        rows = list(Category.objects.all())
        self.parents = {row.slug: row.parent_id for row in rows}
        self.category_names: dict[str, Mapping[str, str]] = {row.slug: row.names for row in rows}
        self._cut: dict[str, list[str]] = {}

    def documents(self, subjects: Sequence[Subject]) -> list[Document]:
        """One document a product. Prices are asked for all of them at once."""
        prices = self._lowest_prices(subjects)
        self._cut.clear()
        return [self._document(subject, prices.get(subject.id, {})) for subject in subjects]

    def _lowest_prices(self, subjects: Sequence[Subject]) -> dict[UUID, dict[str, int]]:
        tags = price_tags()
        lowest: dict[UUID, dict[str, int]] = {}
        for channel in self.shape.channels:
            owners = {
                sku: subject.id
                for subject in subjects
                if any(channel == shown for shown, _, _ in subject.windows)
                for sku, _, _ in subject.variants
            }
            for market in self.shape.markets:
                name = price_field(market, channel)
                for sku, amount in tags.lowest(list(owners), market, channel).items():
                    of_product = lowest.setdefault(owners[sku], {})
                    of_product[name] = min(amount, of_product.get(name, amount))
        return lowest

    def _document(self, subject: Subject, prices: Mapping[str, int]) -> Document:
        document = Document()
        document.add_text("id", subject.id.hex)
        document.add_unsigned("id_high", subject.id.int >> 64)
        document.add_unsigned("id_low", subject.id.int & (1 << 64) - 1)
        document.add_integer("newest", _micros(subject.created_at))
        self._add_words(document, subject)
        self._add_codes(document, subject)
        for slug in upwards(subject.category, self.parents):
            document.add_text("category", slug)
        self._add_facets(document, subject)
        for channel, visible_from, visible_until in subject.windows:
            document.add_integer(f"from_{channel}", _micros(visible_from))
            document.add_integer(f"until_{channel}", _micros(visible_until) if visible_until else FOR_GOOD)
        for name, amount in prices.items():
            document.add_integer(name, amount)
        return document

    def _add_words(self, document: Document, subject: Subject) -> None:
        everywhere: dict[str, None] = {}
        for language in LANGUAGES:
            name = pick(subject.names, language)
            path = [pick(self.category_names[slug], language) for slug in upwards(subject.category, self.parents)]
            said = [*path, *self._choices_said(subject, language)]
            name_words = self._words(name)
            name_stems = [folding.stem(word, language) for word in name_words]
            body = [word for text in (*said, pick(subject.texts, language)) for word in self._words(text)]
            document.add_text(f"name_{language}", " ".join(name_words))
            document.add_text(f"stem_{language}", " ".join(name_stems))
            document.add_text(f"body_{language}", " ".join([*body, *(folding.stem(word, language) for word in body)]))
            document.add_text(f"said_{language}", " ".join([name, *said]))
            document.add_text(f"sort_{language}", sort_key(name, language))
            everywhere.update(dict.fromkeys((*name_words, *name_stems)))
            everywhere.update(dict.fromkeys(word for text in path for word in self._words(text)))
        document.add_text("any", " ".join(everywhere))

    def _choices_said(self, subject: Subject, language: str) -> list[str]:
        return [
            pick(value_labels(definition, value), language)
            for code, values in subject.values().items()
            if (definition := self.definitions.get(code)) and definition.kind in ("choice", "text")
            for value in values
        ]

    def _words(self, text: str) -> list[str]:
        if (known := self._cut.get(text)) is None:
            known = self._cut[text] = folding.words(text)
        return known

    def _add_codes(self, document: Document, subject: Subject) -> None:
        for sku, gtin, _ in subject.variants:
            document.add_text("code", folding.code(sku))
            if gtin:
                document.add_text("code", folding.code(gtin))

    def _add_facets(self, document: Document, subject: Subject) -> None:
        numbers: dict[str, list[float]] = {}
        for code, values in subject.values().items():
            definition = self.definitions.get(code)
            if definition is None or not definition.facet:
                continue
            if definition.kind == "number":
                numbers[code] = [float(value) for value in values]
            else:
                for token in {token for value in values for token in _tokens(definition, value)}:
                    document.add_text("facet", f"{code}={token}")
        if numbers:
            document.add_json("number", numbers)


def _tokens(definition: Definition, value: Value) -> tuple[str, ...]:
    return chosen(value) if definition.kind == "choice" else ("true" if value else "false",)


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
