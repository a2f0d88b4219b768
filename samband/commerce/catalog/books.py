"""What must balance in the catalog."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from samband.kernel.books import Check, Extent, Finding, Walk, found

from .branches import upwards
from .gtins import is_gtin
from .models import Category


def _rings(extent: Extent) -> Iterator[Finding]:
    parents = dict(Category.objects.values_list("slug", "parent_id"))
    for slug in parents:
        *_, top = upwards(slug, parents)
        if parents[top] is not None:
            yield Finding(f"Category {slug} lies below itself.", row={"category": slug})


def _gtins(extent: Extent) -> Iterator[Finding]:
    for gtin in _column("select gtin from catalog_variant where gtin is not null"):
        if not is_gtin(gtin):
            yield Finding(f"GTIN {gtin} has a wrong check digit.", row={"gtin": gtin})


def _files(extent: Extent) -> Iterator[Finding]:
    for path in _column("select distinct path from catalog_media"):
        if not (settings.MEDIA_ROOT / path).is_file():
            yield Finding(f"Media file {path} is missing.", row={"path": path})


def _column(statement: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(10_000):
            yield from (value for (value,) in rows)


CHECKS = (
    Walk("ring", _rings),
    Check(
        "without_variant",
        "Product {product} has no variant.",
        """
select slug as product from catalog_product p
where not exists (select from catalog_variant v where v.product_id = p.id) order by slug
""",
    ),
    Check(
        "ahead",
        "Product {product} has a revision that was never drawn.",
        """
select slug as product from catalog_product
where revision > coalesce((select number from catalog_revision), 0) order by slug
""",
    ),
    Check(
        "stray_media",
        "A picture or model of {product} is of a variant that is not there.",
        """
select p.slug as product from catalog_media m join catalog_product p on p.id = m.product_id
where m.sku is not null
  and not exists (select from catalog_variant v where v.sku = m.sku and v.product_id = p.id) order by p.slug
""",
    ),
    Walk("gtin", _gtins),
    Walk("media_file", _files),
)


def findings() -> Iterator[Finding]:
    """One sentence for each thing that is not as it must be."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
