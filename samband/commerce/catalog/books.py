"""What must balance in the catalog."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from .branches import upwards
from .gtins import is_gtin
from .models import Category

MOST_NAMED = 20


def findings() -> Iterator[str]:
    """One sentence for each thing that is not as it must be."""
    parents = dict(Category.objects.values_list("slug", "parent_id"))
    for slug in parents:
        *_, top = upwards(slug, parents)
        if parents[top] is not None:
            yield f"Category {slug} lies below itself."
    yield from _named("Product {} has no variant.", _WITHOUT_VARIANT)
    yield from _named("Product {} has a revision that was never drawn.", _AHEAD)
    yield from _named("A picture or model of {} is of a variant that is not there.", _STRAY_MEDIA)
    for gtin in _column("select gtin from catalog_variant where gtin is not null"):
        if not is_gtin(gtin):
            yield f"GTIN {gtin} has a wrong check digit."
    for path in _column("select distinct path from catalog_media"):
        if not (settings.MEDIA_ROOT / path).is_file():
            yield f"Media file {path} is missing."


_WITHOUT_VARIANT = """
select slug from catalog_product p
where not exists (select from catalog_variant v where v.product_id = p.id) order by slug limit %s
"""
_AHEAD = """
select slug from catalog_product
where revision > coalesce((select number from catalog_revision), 0) order by slug limit %s
"""
_STRAY_MEDIA = """
select p.slug from catalog_media m join catalog_product p on p.id = m.product_id
where m.sku is not null
  and not exists (select from catalog_variant v where v.sku = m.sku and v.product_id = p.id) order by p.slug limit %s
"""


def _named(sentence: str, statement: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [MOST_NAMED])
        yield from (sentence.format(name) for (name,) in cursor.fetchall())


def _column(statement: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(10_000):
            yield from (value for (value,) in rows)
