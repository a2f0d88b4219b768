"""What the catalog can be asked. `items` and `cards` are asked on every page: one statement each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.clock import now

from . import definitions as defined
from .attributes import COLOUR_KEY, Definition, Value, chosen, in_order, value_labels
from .branches import upwards
from .gtins import LENGTHS
from .models import Category
from .refusals import NoSuchCategory, NoSuchProduct
from .views import (
    Card,
    CategoryNode,
    Item,
    MediaView,
    ProductPage,
    ProductRow,
    ProductRows,
    Spec,
    Step,
    Swatch,
    VariantView,
    Window,
)

_VERSION = "select number from catalog_revision where id = 1"


def version() -> int:
    """A number that is another one after any change to the catalog: keep by it what is derived. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


class _Known:
    """The tree and the attribute definitions, kept per process until the version moves on."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.version = -1
        self.definitions: dict[str, Definition] = {}
        self.steps: dict[str, tuple[Step, ...]] = {}
        self.roots: tuple[CategoryNode, ...] = ()
        self.nodes: dict[str, CategoryNode] = {}

    def at(self, number: int) -> "_Known":
        """What was true at this version or later. Two statements if it has moved on, else none."""
        if number != self.version:
            with self.lock:
                fresh = _Known()
                fresh._read(number)
                self.__dict__.update({**fresh.__dict__, "lock": self.lock})
        return self

    def _read(self, number: int) -> None:
        rows = list(Category.objects.order_by("position", "slug"))
        self.roots = _branch(None, rows, self.nodes)
        parents = {row.slug: row.parent_id for row in rows}
        self.steps = {
            slug: tuple(Step(up, self.nodes[up].names) for up in reversed(list(upwards(slug, parents))))
            for slug in self.nodes
        }
        self.definitions = defined.definitions()
        self.version = number


def _branch(parent: str | None, rows: Sequence[Category], nodes: dict[str, CategoryNode]) -> tuple[CategoryNode, ...]:
    branch = []
    for row in rows:
        if row.parent_id == parent:
            node = CategoryNode(row.slug, parent, row.names, row.texts, row.position, _branch(row.slug, rows, nodes))
            nodes[row.slug] = node
            branch.append(node)
    return tuple(branch)


_known = _Known()


def tree(known_version: int | None = None) -> tuple[CategoryNode, ...]:
    """The roots of the category tree. Give the version if you have just read it, and it is not read again."""
    return _known.at(version() if known_version is None else known_version).roots


def category(slug: str, known_version: int | None = None) -> tuple[CategoryNode, tuple[Step, ...]]:
    """A category and the way to it from the root, itself last. Raises NoSuchCategory."""
    known = _known.at(version() if known_version is None else known_version)
    if slug not in known.nodes:
        raise NoSuchCategory(category=slug[:120])
    return known.nodes[slug], known.steps[slug]


def attributes(known_version: int | None = None) -> dict[str, Definition]:
    """The attribute definitions by code, in the merchant's order."""
    return dict(_known.at(version() if known_version is None else known_version).definitions)


_IMAGE_OF_VARIANT = """(select m.path from catalog_media m
    where m.product_id = p.id and m.kind = 'image' and (m.sku is null or m.sku = v.sku)
    order by m.sku is null, m.position limit 1)"""

_WINDOWS = """coalesce((select jsonb_agg(jsonb_build_array(w.channel, w.visible_from, w.visible_until)
    order by w.channel) from catalog_publication w where w.product_id = p.id), '[]')::text"""

_ITEMS = f"""
select v.sku, v.gtin, p.id, p.slug, p.names::text, v.labels::text, p.vat_class, p.shipping_class, p.return_days,
       v.weight_grams, {_IMAGE_OF_VARIANT}, {_WINDOWS}, p.category_id
from catalog_variant v join catalog_product p on p.id = v.product_id
"""

_texts = msgspec.json.Decoder(dict[str, str])


_window_rows = msgspec.json.Decoder(list[tuple[str, datetime, datetime | None]])


def _windows_of(text: str) -> tuple[Window, ...]:
    return tuple(Window(*row) for row in _window_rows.decode(text))


# The inner select hides from the planner how many are asked for: it would plan anew for every length, and planning
# takes longer than finding them.
_ITEMS_OF = _ITEMS + "where v.sku = any((select %s::text[])::text[])"


def items(skus: Sequence[str]) -> dict[str, Item]:
    """What a cart needs to know of these SKUs; those that are not in the catalog are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS_OF, [list(skus)])
        return {row[0]: _item(row) for row in cursor.fetchall()}


def skus_on(channel: str, at: datetime) -> tuple[str, ...]:
    """Every SKU that may be bought on the channel at a moment, in order: what a till carries along. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select v.sku from catalog_variant v where exists (select from catalog_publication w"
            " where w.product_id = v.product_id and w.channel = %(channel)s::text"
            " and w.visible_from <= %(at)s::timestamptz"
            " and (w.visible_until is null or w.visible_until > %(at)s::timestamptz)) order by v.sku",
            {"channel": channel, "at": at},
        )
        return tuple(row[0] for row in cursor.fetchall())


def categories_of(skus: Sequence[str]) -> dict[str, str]:
    """The category in which the product of each of these SKUs hangs. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select v.sku, p.category_id from catalog_variant v join catalog_product p on p.id = v.product_id"
            " where v.sku = any(%s::text[])",
            [list(skus)],
        )
        return dict(cursor.fetchall())


def by_gtin(gtin: str) -> Item:
    """The variant with this GTIN, however many leading zeros it was scanned with. Raises NoSuchProduct."""
    bare = gtin.lstrip("0")
    with connection.cursor() as cursor:
        forms = sorted({gtin} | {bare.zfill(length) for length in LENGTHS if len(bare) <= length})
        cursor.execute(_ITEMS + "where v.gtin = any(%s::text[]) order by length(v.gtin) limit 1", [forms])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchProduct(gtin=gtin[:20])
    return _item(row)


def _item(row: tuple[Any, ...]) -> Item:
    sku, gtin, product_id, slug, names, labels, vat, shipping, return_days, weight, image, windows, category = row
    return Item(
        sku, gtin, product_id, slug, _texts.decode(names), _texts.decode(labels), vat, shipping, return_days, weight,
        image, _windows_of(windows), category,
    )  # fmt: skip


_CARDS = """
select p.id, p.slug, p.names::text, p.category_id, shown.path, shown.alts::text, sold.skus, sold.swatches::text
from unnest(%(ids)s::uuid[]) with ordinality as wanted (id, place)
join catalog_product p on p.id = wanted.id
left join lateral (
    select m.path, m.alts from catalog_media m where m.product_id = p.id and m.kind = 'image'
    order by m.sku is not null, m.position limit 1) shown on true
cross join lateral (
    select array_agg(v.sku order by v.position, v.sku) as skus,
           jsonb_agg(jsonb_build_array(v.sku, v.swatch, v.labels) order by v.position, v.sku)
               filter (where v.swatch <> '') as swatches
    from catalog_variant v where v.product_id = p.id) sold
where exists (select from catalog_publication w where w.product_id = p.id and w.channel = %(channel)s::text)
order by wanted.place
"""

_swatch_rows = msgspec.json.Decoder(list[tuple[str, str, dict[str, str]]])


def cards(product_ids: Sequence[UUID], channel: str) -> list[Card]:
    """These products as a list shows them, in this order; those withdrawn from the channel are left out.

    The answer depends on the version alone: when a product may be seen is for `find` to say.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, {"ids": list(product_ids), "channel": channel})
        return [_card(row) for row in cursor.fetchall()]


def slugs(product_ids: Sequence[UUID]) -> list[str]:
    """What these products are called in addresses, in this order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.slug from unnest(%s::uuid[]) with ordinality as asked(id, place)"
            " join catalog_product p using (id) order by place",
            [list(product_ids)],
        )
        return [slug for (slug,) in cursor.fetchall()]


def _card(row: tuple[Any, ...]) -> Card:
    product_id, slug, names, category_slug, image, alts, skus, swatches = row
    seen: dict[str, Swatch] = {}
    for sku, colour, labels in _swatch_rows.decode(swatches) if swatches else ():
        seen.setdefault(colour, Swatch(sku, colour, labels))
    return Card(
        product_id, slug, _texts.decode(names), category_slug, image, _texts.decode(alts) if alts else {},
        tuple(skus or ()), tuple(seen.values()),
    )  # fmt: skip


_PRODUCT = f"""
select p.id, p.slug, p.names::text, p.texts::text, p.category_id, p.attributes::text, p.vat_class, p.shipping_class,
       p.return_days, p.created_at, p.changed_at, p.revision, {_WINDOWS},
       coalesce((select jsonb_agg(jsonb_build_array(v.sku, v.gtin, v.labels, v.swatch, v.attributes, v.weight_grams,
                                                    {_IMAGE_OF_VARIANT}) order by v.position, v.sku)
                 from catalog_variant v where v.product_id = p.id), '[]')::text,
       coalesce((select jsonb_agg(jsonb_build_array(m.id, m.kind, m.path, m.alts, m.sku, m.width, m.height)
                                  order by m.position, m.id)
                 from catalog_media m where m.product_id = p.id), '[]')::text,
       coalesce(({_VERSION}), 0)
from catalog_product p
"""

_variant_rows = msgspec.json.Decoder(
    list[tuple[str, str | None, dict[str, str], str, dict[str, Any], int | None, str | None]]
)
_media_rows = msgspec.json.Decoder(list[tuple[UUID, str, str, dict[str, str], str | None, int | None, int | None]])


def product(slug: str, channel: str, at: datetime | None = None) -> ProductPage:
    """A product as shown on the channel at a moment (now). Raises NoSuchProduct if it is not to be seen there then."""
    page = _page("where p.slug = %s::text", slug)
    moment = at or now()
    if not any(window.channel == channel and window.open_at(moment) for window in page.windows):
        raise NoSuchProduct(slug=slug[:120])
    return page


def product_by_id(product_id: UUID) -> ProductPage:
    """A product, shown or not. Raises NoSuchProduct."""
    return _page("where p.id = %s::uuid", product_id)


def _page(where: str, key: str | UUID) -> ProductPage:
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCT + where, [key])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchProduct()
    (
        product_id, slug, names, texts, category_slug, values, vat, shipping, return_days, created_at, changed_at,
        revision, windows, variants, media, number,
    ) = row  # fmt: skip
    known = _known.at(number)
    return ProductPage(
        product_id=product_id,
        slug=slug,
        names=_texts.decode(names),
        texts=_texts.decode(texts),
        category=category_slug,
        path=known.steps.get(category_slug, ()),
        specs=_specs(msgspec.json.decode(values), known.definitions),
        variants=tuple(
            VariantView(sku, gtin, labels, colour, _specs(own, known.definitions), weight, image)
            for sku, gtin, labels, colour, own, weight, image in _variant_rows.decode(variants)
        ),
        media=tuple(MediaView(*one) for one in _media_rows.decode(media)),
        windows=_windows_of(windows),
        vat_class=vat,
        shipping_class=shipping,
        return_days=return_days,
        created_at=created_at,
        changed_at=changed_at,
        revision=revision,
    )


def _specs(values: Mapping[str, Value], definitions: Mapping[str, Definition]) -> tuple[Spec, ...]:
    return tuple(
        _spec(definition, values[definition.code])
        for definition in in_order(definitions.values())
        if definition.code in values
    )


def _spec(definition: Definition, value: Value) -> Spec:
    codes = chosen(value) if definition.kind == "choice" else ()
    colours = [definition.choices.get(code, {}).get(COLOUR_KEY, "") for code in codes]
    return Spec(
        definition.code,
        definition.kind,
        definition.names,
        definition.unit,
        tuple(value) if isinstance(value, list) else value,
        value_labels(definition, value),
        tuple(filter(None, colours)),
    )


PER_PAGE = 50

_CONSOLE = """
select p.id, p.slug, p.names::text, p.category_id,
       array(select v.sku from catalog_variant v where v.product_id = p.id order by v.position, v.sku),
       (select m.path from catalog_media m where m.product_id = p.id and m.kind = 'image'
        order by m.sku is not null, m.position limit 1),
       array(select w.channel from catalog_publication w where w.product_id = p.id order by w.channel),
       p.changed_at, count(*) over ()
from catalog_product p
where %(text)s::text = '' or p.slug ilike %(like)s::text or p.names::text ilike %(like)s::text
   or exists (select from catalog_variant v where v.product_id = p.id
              and (v.sku ilike %(like)s::text or v.gtin = %(text)s::text))
order by p.changed_at desc, p.id
limit %(most)s::int offset %(past)s::int
"""


def console_products(text: str = "", page: int = 1) -> ProductRows:
    """Products whose name, slug, SKU or GTIN holds the text, shown or not, latest change first; fifty a page."""
    wanted = text.strip().replace("\x00", "")[:200]
    like = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    with connection.cursor() as cursor:
        cursor.execute(
            _CONSOLE, {"text": wanted, "like": like, "most": PER_PAGE, "past": (max(page, 1) - 1) * PER_PAGE}
        )
        rows = cursor.fetchall()
    return ProductRows(
        tuple(
            ProductRow(product_id, slug, _texts.decode(names), category_slug, tuple(skus), image, tuple(channels), at)
            for product_id, slug, names, category_slug, skus, image, channels, at, _ in rows
        ),
        rows[0][-1] if rows else 0,
    )


def ids_of(slugs: Iterable[str]) -> dict[str, UUID]:
    """The ids of products by their slugs; unknown ones are left out."""
    with connection.cursor() as cursor:
        cursor.execute("select slug, id from catalog_product where slug = any(%s::text[])", [list(slugs)])
        return dict(cursor.fetchall())


def with_media(product_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these products that have a picture or model."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct product_id from catalog_media where product_id = any(%s::uuid[])", [list(product_ids)]
        )
        return frozenset(row[0] for row in cursor.fetchall())
