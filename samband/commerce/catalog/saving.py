"""Writing products: many in a few statements, and only those that differ from what is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.ids import new_id

from .attributes import Definition, swatch, variant_labels
from .drafts import ProductDraft
from .refusals import BadProduct, GtinTaken, NoSuchCategory, SkuTaken, SlugTaken

AT_ONCE = 500

_EXISTING = """
select p.id, p.slug, p.category_id, p.names::text, p.texts::text, p.attributes::text, p.vat_class, p.shipping_class,
       p.return_days, coalesce((
           select jsonb_agg(jsonb_build_array(v.sku, v.gtin, v.attributes, v.weight_grams) order by v.position, v.sku)
           from catalog_variant v where v.product_id = p.id), '[]')::text
from catalog_product p where p.id = any(%(ids)s::uuid[]) or p.slug = any(%(slugs)s::text[])
"""

_WRITE_PRODUCTS = """
insert into catalog_product as p (id, slug, category_id, names, texts, attributes, vat_class, shipping_class,
                                  return_days, created_at, changed_at, revision)
select id, slug, category, names, texts, attributes, vat_class, shipping_class, return_days,
       %(at)s::timestamptz, %(at)s::timestamptz, %(revision)s::bigint
from jsonb_to_recordset(%(rows)s::jsonb) as row (id uuid, slug text, category text, names jsonb, texts jsonb,
     attributes jsonb, vat_class text, shipping_class text, return_days int)
on conflict (id) do update set
    slug = excluded.slug, category_id = excluded.category_id, names = excluded.names, texts = excluded.texts,
    attributes = excluded.attributes, vat_class = excluded.vat_class, shipping_class = excluded.shipping_class,
    return_days = excluded.return_days, changed_at = excluded.changed_at, revision = excluded.revision
"""

_DROP_VARIANTS = """
with gone as (
    delete from catalog_variant
    where product_id = any(%(products)s::uuid[]) and sku <> all(%(skus)s::text[]) returning sku
)
delete from catalog_media where sku in (select sku from gone)
"""

_WRITE_VARIANTS = """
insert into catalog_variant as v (sku, gtin, product_id, attributes, labels, swatch, position, weight_grams)
select sku, gtin, product, attributes, labels, swatch, position, weight_grams
from jsonb_to_recordset(%(rows)s::jsonb) as row (sku text, gtin text, product uuid, attributes jsonb, labels jsonb,
     swatch text, position int, weight_grams int)
on conflict (sku) do update set
    gtin = excluded.gtin, attributes = excluded.attributes, labels = excluded.labels, swatch = excluded.swatch,
    position = excluded.position, weight_grams = excluded.weight_grams
"""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Written:
    """A product that is new or different now."""

    product_id: UUID
    skus: tuple[str, ...]


@dataclass
class Batch:
    """Some drafts, and what the database already knows of them."""

    drafts: Sequence[ProductDraft]
    by_id: dict[UUID, Row] = field(default_factory=dict)
    by_slug: dict[str, Row] = field(default_factory=dict)

    def look_up(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                _EXISTING,
                {
                    "ids": [draft.id for draft in self.drafts if draft.id],
                    "slugs": [draft.slug for draft in self.drafts],
                },
            )
            for product_id, *row in cursor.fetchall():
                self.by_id[product_id] = self.by_slug[row[0]] = (product_id, *row)

    def different(self) -> Iterator[tuple[UUID, ProductDraft]]:
        """The drafts that change something, each with its product's id. Raises SlugTaken."""
        for draft in self.drafts:
            same_slug = self.by_slug.get(draft.slug)
            if same_slug and draft.id and same_slug[0] != draft.id:
                raise SlugTaken(slug=draft.slug)
            known = self.by_id.get(draft.id) if draft.id else same_slug
            if known is None:
                yield draft.id or new_id(), draft
            elif _as_kept(known) != _as_drafted(draft):
                yield known[0], draft


def _as_kept(row: Row) -> list[Any]:
    return [*row[1:3], *(msgspec.json.decode(text) for text in row[3:6]), *row[6:9], msgspec.json.decode(row[9])]


def _as_drafted(draft: ProductDraft) -> list[Any]:
    variants = [[one.sku, one.gtin, one.attributes, one.weight_grams] for one in draft.variants]
    told: list[Any] = _plain(
        [
            draft.slug, draft.category, draft.names, draft.texts, draft.attributes, draft.vat_class,
            draft.shipping_class, draft.return_days, variants,
        ]
    )  # fmt: skip
    return told


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def write(
    drafts: Iterable[ProductDraft], definitions: Mapping[str, Definition], at: datetime, revision: int
) -> Iterator[Written]:
    """Write checked drafts; yields those that changed.

    Raises SlugTaken, SkuTaken, GtinTaken, NoSuchCategory or BadProduct.
    """
    rest = iter(drafts)
    while some := list(islice(rest, AT_ONCE)):
        batch = Batch(some)
        batch.look_up()
        changed = list(batch.different())
        if changed:
            _refuse_unknown_categories(changed)
            _refuse_taken(changed)
            _write_products(changed, at, revision)
            _write_variants(changed, definitions)
        yield from (Written(product_id, tuple(v.sku for v in draft.variants)) for product_id, draft in changed)


def refuse_repeats(drafts: Sequence[ProductDraft]) -> None:
    """Raises BadProduct, SkuTaken or GtinTaken if two of the drafts want the same."""
    slugs: set[str] = set()
    skus: set[str] = set()
    gtins: set[str] = set()
    for draft in drafts:
        if draft.slug in slugs:
            raise BadProduct("The same product is there twice.", slug=draft.slug)
        slugs.add(draft.slug)
        for variant in draft.variants:
            if variant.sku in skus:
                raise SkuTaken(sku=variant.sku)
            if variant.gtin in gtins:
                raise GtinTaken(sku=variant.sku, gtin=variant.gtin)
            skus.add(variant.sku)
            if variant.gtin:
                gtins.add(variant.gtin)


def _refuse_unknown_categories(changed: Sequence[tuple[UUID, ProductDraft]]) -> None:
    wanted = {draft.category for _, draft in changed}
    with connection.cursor() as cursor:
        cursor.execute("select slug from catalog_category where slug = any(%s::text[])", [list(wanted)])
        if missing := wanted - {slug for (slug,) in cursor.fetchall()}:
            raise NoSuchCategory(category=min(missing))


def _refuse_taken(changed: Sequence[tuple[UUID, ProductDraft]]) -> None:
    owners = {variant.sku: product_id for product_id, draft in changed for variant in draft.variants}
    gtins = {variant.gtin: variant.sku for _, draft in changed for variant in draft.variants if variant.gtin}
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku, gtin, product_id from catalog_variant where sku = any(%s::text[]) or gtin = any(%s::text[])",
            [list(owners), list(gtins)],
        )
        for sku, gtin, product_id in cursor.fetchall():
            if sku in owners and owners[sku] != product_id:
                raise SkuTaken(sku=sku)
            if gtin in gtins and gtins[gtin] != sku and sku not in owners:
                raise GtinTaken(sku=gtins[gtin], gtin=gtin)


def _write_products(changed: Sequence[tuple[UUID, ProductDraft]], at: datetime, revision: int) -> None:
    rows = [
        {
            "id": product_id, "slug": draft.slug, "category": draft.category, "names": draft.names,
            "texts": draft.texts, "attributes": draft.attributes, "vat_class": draft.vat_class,
            "shipping_class": draft.shipping_class, "return_days": draft.return_days,
        }
        for product_id, draft in changed
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_PRODUCTS, {"at": at, "revision": revision, "rows": _json(rows)})


def _write_variants(changed: Sequence[tuple[UUID, ProductDraft]], definitions: Mapping[str, Definition]) -> None:
    rows = [
        {
            "sku": variant.sku, "gtin": variant.gtin, "product": product_id, "attributes": variant.attributes,
            "labels": variant_labels(variant.attributes, definitions),
            "swatch": swatch(variant.attributes, definitions), "position": position,
            "weight_grams": variant.weight_grams,
        }
        for product_id, draft in changed
        for position, variant in enumerate(draft.variants)
    ]  # fmt: skip
    skus = [row["sku"] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_DROP_VARIANTS, {"products": [product_id for product_id, _ in changed], "skus": skus})
        # Two variants may have exchanged their GTINs: let go of the old ones first.
        cursor.execute(
            "update catalog_variant set gtin = null where sku = any(%s::text[]) and gtin is not null", [skus]
        )
        cursor.execute(_WRITE_VARIANTS, {"rows": _json(rows)})


def relabel(code: str, definitions: Mapping[str, Definition]) -> None:
    """Word the variants that have this attribute anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku, attributes::text from catalog_variant where jsonb_exists(attributes, %s::text)", [code]
        )
        rows = []
        for sku, text in cursor.fetchall():
            values = msgspec.json.decode(text)
            rows.append(
                {"sku": sku, "labels": variant_labels(values, definitions), "swatch": swatch(values, definitions)}
            )
        cursor.execute(
            "update catalog_variant v set labels = row.labels, swatch = row.swatch"
            " from jsonb_to_recordset(%s::jsonb) as row (sku text, labels jsonb, swatch text) where v.sku = row.sku",
            [_json(rows)],
        )


def _json(rows: Any) -> str:
    return msgspec.json.encode(rows).decode()
