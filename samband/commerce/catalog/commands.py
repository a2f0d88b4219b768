"""What the catalog can be told to do.

Whoever changes it draws its next number first, so changes come one after the other, and their numbers too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from django.db import connection, transaction

from samband.events.catalog import ProductChanged, ProductPublished, ProductWithdrawn
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.timeline import command, record_all

from . import saving
from .attributes import CODE, Definition, Kind, Texts, check_definition, check_texts
from .branches import below, would_loop
from .definitions import definitions
from .drafts import LONGEST_NAME, LONGEST_TEXT, ProductDraft, check_draft, check_slug
from .media_checks import look_at
from .media_notes import without_notes
from .models import MEDIA_KINDS, Attribute, Category, Media, Product, Publication, Variant
from .refusals import (
    AttributeInUse,
    BadCode,
    BadWindow,
    CategoryInUse,
    CategoryLoop,
    MediaRefused,
    NoSuchCategory,
    NoSuchProduct,
)
from .storing import store

IN_ONE_TRANSACTION = 1000

# The number is drawn once the row is locked, so that no later number can be seen before an earlier one.
_NEXT_REVISION = """
insert into catalog_revision (id, number) values (1, nextval('catalog_revision_numbers'))
on conflict (id) do update set number = nextval('catalog_revision_numbers')
returning number
"""


def _next_revision() -> int:
    """Wait for whoever is changing the catalog, then draw the next number."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_REVISION)
        return int(cursor.fetchone()[0])


@transaction.atomic(savepoint=False)
def save_category(slug: str, parent: str | None, names: Texts, texts: Texts | None = None, position: int = 0) -> None:
    """Create a category or change it. Raises NoSuchCategory, CategoryLoop, BadCode or BadText."""
    check_slug(slug)
    check_texts(names, LONGEST_NAME, needed=True)
    check_texts(texts or {}, LONGEST_TEXT)
    revision = _next_revision()
    parents = dict(Category.objects.values_list("slug", "parent_id"))
    if parent is not None and parent not in parents:
        raise NoSuchCategory(category=parent)
    if would_loop(slug, parent, parents):
        raise CategoryLoop(category=slug, parent=parent)
    values = {"parent_id": parent, "names": dict(names), "texts": dict(texts or {}), "position": position}
    Category.objects.update_or_create(slug=slug, defaults=values)
    if slug in parents:
        Product.objects.filter(category_id__in=below(slug, parents)).update(revision=revision)


@transaction.atomic(savepoint=False)
def remove_category(slug: str) -> None:
    """Take an empty category away. Raises NoSuchCategory, or CategoryInUse if something is in it."""
    _next_revision()
    if Category.objects.filter(parent_id=slug).exists() or Product.objects.filter(category_id=slug).exists():
        raise CategoryInUse("There are still categories or products in it.", category=slug)
    if not Category.objects.filter(slug=slug).delete()[0]:
        raise NoSuchCategory(category=slug)


@transaction.atomic(savepoint=False)
def save_attribute(
    code: str,
    kind: Kind,
    names: Texts,
    *,
    unit: str = "",
    choices: Mapping[str, Mapping[str, str]] | None = None,
    facet: bool = False,
    position: int = 0,
) -> None:
    """Create an attribute or change it.

    Raises BadCode, BadText, BadAttribute, or AttributeInUse if values would lose their meaning.
    """
    wanted = Definition(
        code, kind, dict(names), unit, {c: dict(t) for c, t in (choices or {}).items()}, facet, position
    )
    check_definition(wanted)
    revision = _next_revision()
    known = definitions()
    before = known.get(code)
    if before == wanted and list(before.choices) == list(wanted.choices):
        return
    if before is not None:
        _refuse_loss(before, wanted)
    Attribute.objects.update_or_create(
        code=code,
        defaults={
            "kind": kind,
            "unit": unit,
            "names": wanted.names,
            "choices": list(wanted.choices.items()),
            "facet": facet,
            "position": position,
        },
    )
    if before is not None:
        saving.relabel(code, {**known, code: wanted})
        _stamp_holders(code, revision)


def _refuse_loss(before: Definition, wanted: Definition) -> None:
    held = _values_held(before.code)
    if held and before.kind != wanted.kind:
        raise AttributeInUse("Products hold values of the other kind.", attribute=before.code)
    if before.kind == "choice" and (lost := held & set(before.choices) - set(wanted.choices)):
        raise AttributeInUse("Products hold a choice that would go.", attribute=before.code, choice=min(lost))


def _values_held(code: str) -> set[str]:
    """The distinct values that products and variants have for an attribute, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct jsonb_array_elements_text(case jsonb_typeof(value) when 'array' then value"
            " else jsonb_build_array(value) end) from ("
            " select attributes -> %(code)s::text as value from catalog_product"
            " where jsonb_exists(attributes, %(code)s::text)"
            " union all select attributes -> %(code)s::text from catalog_variant"
            " where jsonb_exists(attributes, %(code)s::text)) held",
            {"code": code},
        )
        return {value for (value,) in cursor.fetchall()}


def _stamp_holders(code: str, revision: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update catalog_product p set revision = %(revision)s where jsonb_exists(p.attributes, %(code)s::text)"
            " or exists (select from catalog_variant v where v.product_id = p.id"
            " and jsonb_exists(v.attributes, %(code)s::text))",
            {"revision": revision, "code": code},
        )


@command
def save_product(draft: ProductDraft) -> ProductChanged:
    """Create a product or make it as described. Raises what `save_products` raises."""
    revision = _next_revision()
    known = definitions()
    check_draft(draft, known)
    skus = tuple(variant.sku for variant in draft.variants)
    for written in saving.write([draft], known, now(), revision):
        return ProductChanged(product_id=written.product_id, skus=skus)
    return ProductChanged(product_id=draft.id or Product.objects.get(slug=draft.slug).id, skus=skus)


def save_products(drafts: Iterable[ProductDraft]) -> tuple[ProductChanged, ...]:
    """Create or change many products. Those that are already as described are left alone.

    All are looked at before any is written. They are written in transactions of a thousand, or in the caller's if one
    is open; mind then that PostgreSQL has room for the locks of some thousand events in one transaction.
    Raises BadProduct, BadText, BadCode, BadGtin, WrongValue, NoSuchCategory, SlugTaken, SkuTaken or GtinTaken, each
    naming the product.
    """
    described = list(drafts)
    saving.refuse_repeats(described)
    known = definitions()
    for draft in described:
        check_draft(draft, known)
    some = range(0, len(described), IN_ONE_TRANSACTION)
    return tuple(event for first in some for event in _save_some(described[first : first + IN_ONE_TRANSACTION]))


@transaction.atomic(savepoint=False)
def _save_some(drafts: Sequence[ProductDraft]) -> list[ProductChanged]:
    revision = _next_revision()
    known = definitions()
    for draft in drafts:
        check_draft(draft, known)
    events = [
        ProductChanged(product_id=written.product_id, skus=written.skus)
        for written in saving.write(drafts, known, now(), revision)
    ]
    record_all(events)
    return events


@command
def publish(
    product_id: UUID, channel: str, visible_from: datetime | None = None, visible_until: datetime | None = None
) -> ProductPublished:
    """Show a product on a channel, from now or a moment, until a moment or for good.

    Without `visible_from`, one that is shown already stays shown since it was. Raises NoSuchProduct or BadWindow.
    """
    _check_channel(channel)
    _publish([product_id], [channel], visible_from, visible_until)
    return ProductPublished(product_id=product_id, channel=channel)


def publish_many(
    product_ids: Sequence[UUID],
    channel: str,
    visible_from: datetime | None = None,
    visible_until: datetime | None = None,
) -> tuple[ProductPublished, ...]:
    """Show many products on a channel, a thousand a transaction; those already shown in that window are left alone.

    Raises as `publish` does.
    """
    return publish_on([channel], product_ids, visible_from, visible_until)


def publish_on(
    channels: Sequence[str],
    product_ids: Sequence[UUID],
    visible_from: datetime | None = None,
    visible_until: datetime | None = None,
) -> tuple[ProductPublished, ...]:
    """Show many products on several channels at once; else as `publish_many`."""
    for channel in channels:
        _check_channel(channel)
    some = range(0, len(product_ids), IN_ONE_TRANSACTION)
    return tuple(
        event
        for first in some
        for event in _publish_some(
            product_ids[first : first + IN_ONE_TRANSACTION], channels, visible_from, visible_until
        )
    )


@transaction.atomic(savepoint=False)
def _publish_some(
    product_ids: Sequence[UUID],
    channels: Sequence[str],
    visible_from: datetime | None,
    visible_until: datetime | None,
) -> list[ProductPublished]:
    changed = _publish(product_ids, channels, visible_from, visible_until)
    events = [ProductPublished(product_id=product_id, channel=channel) for product_id, channel in changed]
    record_all(events)
    return events


_PUBLISH = """
with wanted as (
    select id as product_id, channel from catalog_product cross join unnest(%(channels)s::text[]) as channel
    where id = any(%(ids)s::uuid[])
),
shown as (
    insert into catalog_publication as shown (product_id, channel, visible_from, visible_until)
    select product_id, channel, coalesce(%(from)s::timestamptz, %(now)s::timestamptz), %(until)s::timestamptz
    from wanted
    on conflict (product_id, channel) do update set
        visible_from = case when %(from)s::timestamptz is null and shown.visible_from <= %(now)s::timestamptz
                       then shown.visible_from else excluded.visible_from end,
        visible_until = excluded.visible_until
    where (shown.visible_from, shown.visible_until) is distinct from (
        case when %(from)s::timestamptz is null and shown.visible_from <= %(now)s::timestamptz
        then shown.visible_from else excluded.visible_from end, excluded.visible_until)
    returning product_id, channel
),
stamped as (
    update catalog_product set revision = %(revision)s, changed_at = %(now)s::timestamptz
    where id in (select product_id from shown) returning id
)
select wanted.product_id, wanted.channel, shown.product_id is not null
from wanted left join shown on shown.product_id = wanted.product_id and shown.channel = wanted.channel
"""


def _publish(
    product_ids: Sequence[UUID], channels: Sequence[str], visible_from: datetime | None, visible_until: datetime | None
) -> list[tuple[UUID, str]]:
    """The products and channels whose window is new or different."""
    if visible_until is not None and visible_until <= (visible_from or now()):
        raise BadWindow()
    revision = _next_revision()
    with connection.cursor() as cursor:
        cursor.execute(
            _PUBLISH,
            {
                "ids": list(product_ids), "channels": list(channels), "from": visible_from, "until": visible_until,
                "now": now(), "revision": revision,
            },
        )  # fmt: skip
        found = {(product_id, channel): changed for product_id, channel, changed in cursor.fetchall()}
    wanted = [(product_id, channel) for product_id in dict.fromkeys(product_ids) for channel in channels]
    for product_id, channel in wanted:
        if (product_id, channel) not in found:
            raise NoSuchProduct(product=str(product_id))
    return [one for one in wanted if found[one]]


def _check_channel(channel: str) -> None:
    if not CODE.fullmatch(channel):
        raise BadCode("A channel is a short word.", channel=channel[:64])


@command
def withdraw(product_id: UUID, channel: str) -> ProductWithdrawn:
    """Show a product on a channel no longer. Raises NoSuchProduct."""
    _stamp(product_id)
    Publication.objects.filter(product_id=product_id, channel=channel).delete()
    return ProductWithdrawn(product_id=product_id, channel=channel)


@command
def attach_media(
    product_id: UUID, kind: str, content: bytes, filename: str, alts: Texts, sku: str | None = None
) -> ProductChanged:
    """Give a product (or one variant) a picture or a 3D model; the same file again only changes its words.

    What a camera noted beside the picture is not kept. Raises NoSuchProduct, BadText, MediaTooLarge or MediaRefused.
    """
    if kind not in MEDIA_KINDS:
        raise MediaRefused("Media are images or 3D models.")
    check_texts(alts, LONGEST_NAME)
    seen = look_at(kind, content)
    claimed = PurePath(filename).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    if claimed != seen.suffix:
        raise MediaRefused("The file is not what its name says.", name_says=claimed[:16], is_really=seen.suffix)
    _stamp(product_id)
    skus = _skus(product_id)
    if sku is not None and sku not in skus:
        raise NoSuchProduct("The product has no such variant.", sku=sku[:64])
    path = store(without_notes(content, seen.suffix), seen.suffix)
    Media.objects.update_or_create(
        product_id=product_id,
        sku=sku,
        path=path,
        defaults={"alts": dict(alts), "kind": kind, "width": seen.width, "height": seen.height},
        create_defaults={
            "id": new_id(),
            "alts": dict(alts),
            "kind": kind,
            "width": seen.width,
            "height": seen.height,
            "position": Media.objects.filter(product_id=product_id).count(),
        },
    )
    return ProductChanged(product_id=product_id, skus=skus)


@command
def detach_media(product_id: UUID, media_id: UUID) -> ProductChanged:
    """Take a picture or model away from a product; the file stays for whoever else shows it. Raises NoSuchProduct."""
    _stamp(product_id)
    if not Media.objects.filter(product_id=product_id, id=media_id).delete()[0]:
        raise NoSuchProduct("The product has no such picture or model.")
    return ProductChanged(product_id=product_id, skus=_skus(product_id))


@transaction.atomic(savepoint=False)
def freshen(skus: Sequence[str]) -> None:
    """Mark the products of these SKUs so that what is derived from them is derived anew."""
    revision = _next_revision()
    with connection.cursor() as cursor:
        cursor.execute(
            "update catalog_product set revision = %s where id in"
            " (select product_id from catalog_variant where sku = any(%s::text[]))",
            [revision, list(skus)],
        )


def _stamp(product_id: UUID) -> None:
    revision = _next_revision()
    if not Product.objects.filter(id=product_id).update(revision=revision, changed_at=now()):
        raise NoSuchProduct(product=str(product_id))


def _skus(product_id: UUID) -> tuple[str, ...]:
    return tuple(
        Variant.objects.filter(product_id=product_id).order_by("position", "sku").values_list("sku", flat=True)
    )
