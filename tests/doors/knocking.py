"""Knocking at a door and taking back what came of it, so that everybody finds the same house."""

import copy
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import connection, transaction
from django.test import Client

NOBODYS = frozenset(
    "django_migrations django_content_type django_session tries_tried timeline_delivery touchpoints_touched"
    " staff_note staff_record".split()
)
"""Tables that change by looking, and hold nothing of anybody's: sessions, counts of tries, what waits, the record."""


NOTHING: tuple[str, ...] = ("nothing",)
"""Said where nobody wants to know what changed."""


class _Back(Exception):
    pass


class Knocked:
    """What came back, and what had changed at that moment."""

    def __init__(self, response: Any, body: str, rows: dict[str, int]) -> None:
        self.response = response
        self.status: int = response.status_code
        self.body = body
        self.rows = rows
        self.went_to = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")


def knock(client: Client, method: str, path: str, mentioning: Iterable[str] = (), /, **given: Any) -> Knocked:
    """One request whose every trace is taken back; `mentioning` are ids whose rows are summed up before that."""
    cookies = copy.deepcopy(client.cookies)
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # it is the test's own, so providers may be asked
    found: list[Knocked] = []
    with suppress(_Back), block:
        if method == "GET":
            given.pop("content_type", None)
        if method == "GET" or isinstance(given.get("data"), dict):
            response = getattr(client, method.lower())(path, **given)
        else:
            response = client.generic(method, path, **given)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        rows = {} if connection.needs_rollback or mentioning is NOTHING else sums(mentioning)
        found.append(Knocked(response, content.decode(errors="replace"), rows))
        raise _Back
    client.cookies = cookies
    return found[0]


def sums(mentioning: Iterable[str] = ()) -> dict[str, int]:
    """A checksum of every table's rows; with ids, of those rows only that mention one of them."""
    wanted = "|".join(mentioning)
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if one not in NOBODYS]
        parts = [
            f"select '{table}', coalesce(sum(hashtextextended(t::text, 0)), 0)::numeric from {table} t"
            + (" where t::text ~ %(wanted)s" if wanted else "")
            for table in sorted(tables)
        ]
        cursor.execute(" union all ".join(parts), {"wanted": wanted} if wanted else None)
        return {table: int(total) for table, total in cursor.fetchall()}


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """The tables that are not as they were; nothing is if the request was undone."""
    return {table for table in after if after[table] != before.get(table)}
