"""The statements that write down identifiers and assertions. Many processes do so at once.

Rows are inserted in one order (keys, then pairs), so that two who know the same wait for each other and never deadlock;
and no statement here updates a row, so nobody waits for whoever computes the components.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.identifier import KINDS, Identifier

from .rules import Pair

_KNOW = "select key, id from identity_know(%s::uuid[], %s::smallint[], %s::text[], %s::text[], %s::timestamptz)"
_ASSERT = "select * from identity_assert(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[])"


def numbers_of(asked: Mapping[UUID, Identifier], first_seen: datetime) -> dict[UUID, int]:
    """The numbers of these identifiers by their keys; those nobody knew get theirs now.

    One statement; another one if somebody else was writing down the same at the same moment, because a statement does
    not see what it had to wait for.
    """
    found: dict[UUID, int] = {}
    while missing := {key: asked[key] for key in asked.keys() - found.keys()}:
        found |= _ask(missing, first_seen)
    return found


def _ask(identifiers: Mapping[UUID, Identifier], first_seen: datetime) -> dict[UUID, int]:
    columns = [
        _plain(key.hex for key in identifiers),
        _plain(KINDS.index(one.kind) for one in identifiers.values()),
        _quoted(one.namespace for one in identifiers.values()),
        _quoted(one.value for one in identifiers.values()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KNOW, [*columns, first_seen])
        return dict(cursor.fetchall())


def write_pairs(pairs: Sequence[Pair]) -> tuple[int, ...]:
    """Write down those that are new and have the components learn of them; returns their ids.

    A pair with an erased number, or of a number with itself, says nothing.
    """
    columns = [
        _plain(one.a for one in pairs),
        _plain(one.b for one in pairs),
        _quoted(one.rule for one in pairs),
        _quoted(one.source for one in pairs),
        _quoted(one.at.isoformat() for one in pairs),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ASSERT, columns)
        return tuple(row[0] for row in cursor.fetchall())


# Arrays as PostgreSQL reads them. psycopg asks of each element by itself how it is written, at ten times the cost.


def _plain(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _quoted(texts: Iterable[str]) -> str:
    return "{" + ",".join(['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]) + "}"
