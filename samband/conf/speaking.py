"""How we speak to the database: the same question is put in the same words, so that what is prepared is found again."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper

MOST_PREPARED = 500
"""Statements that a connection keeps prepared: all that a server process asks, with room to spare."""


def settle(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Settle how a new connection speaks. Every whole number goes over as a bigint: by default its size decides, and
    one statement would be prepared anew for each mixture of small and large numbers."""
    session = connection.connection
    session.prepared_max = MOST_PREPARED
    session.adapters.register_dumper(int, Int8Dumper)
    session.adapters.register_dumper(int, Int8BinaryDumper)
