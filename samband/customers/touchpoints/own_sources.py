"""Sources of the house's own that send over the network. Their keys stand in its pages, and follow from its secret."""

from django.db import connection

from samband.kernel.clock import now

from .commands import hash_of
from .shapes import HOUSE

_KEEP_OPEN = """
insert into touchpoints_source as kept
    (slug, name, kind, namespace, write_key_hash, secret_ref, needs_consent, created_at)
values (%s, %s, 'browser', %s, %s::bytea, '', true, %s::timestamptz)
on conflict (slug) do update set write_key_hash = excluded.write_key_hash
where kept.kind = 'browser' and kept.write_key_hash is distinct from excluded.write_key_hash
"""


def keep_open(slug: str, name: str, write_key: str) -> None:
    """See to it that a browser source of the house's own opens with this key; one that was closed stays closed.

    Its cookies are the ones the house itself knows browsers by, and nothing is kept of anybody who has not agreed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_OPEN, [slug, name, HOUSE, hash_of(write_key), now()])
