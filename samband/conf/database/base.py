"""The backend that DATABASES names. It gives up in time, and notices unasked that a connection died."""

import select
import time
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.abc import PQGen

from .patience import CONNECT_SECONDS, REST_SECONDS, patience

RV = TypeVar("RV")

_SETTLE = "select set_config(name, value, false) from unnest(%s::text[], %s::text[]) as given (name, value)"


class Connection(psycopg.Connection[Any]):
    """A connection that is given up when the database says nothing for too long."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Raises OperationalError after our patience's end; what was asked may still be done."""
        try:
            return super().wait(gen, interval, patience.ours if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as silence:
            self.pgconn.finish()  # an answer that comes late would be taken for the next question's
            raise psycopg.OperationalError("the database does not answer") from silence


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with our connections."""

    _vain_until = float("-inf")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """Raises OperationalError: at once, if another was asked for in vain a moment ago."""
        began = time.monotonic()
        if began < DatabaseWrapper._vain_until:
            raise psycopg.OperationalError("the database did not answer a moment ago")
        self.isolation_level = IsolationLevel.READ_COMMITTED
        try:
            return Connection.connect(**conn_params)
        except psycopg.OperationalError:
            if time.monotonic() - began > CONNECT_SECONDS / 2:  # a refusal costs nothing, waiting does
                DatabaseWrapper._vain_until = time.monotonic() + REST_SECONDS
            raise

    def init_connection_state(self) -> None:
        """As Django does, and tell the database how patient we are."""
        super().init_connection_state()
        names, values = zip(*patience.settings().items(), strict=True)
        self.connection.execute(_SETTLE, [list(names), list(values)], prepare=False)

    def close_if_unusable_or_obsolete(self) -> None:
        """Between two requests the database has nothing to say to us, unless that it has gone."""
        if self.connection is not None and _speaks_unasked(self.connection):
            self.close()
        super().close_if_unusable_or_obsolete()


def _speaks_unasked(connection: Any) -> bool:
    """Whether something lies there unread: the end of the connection, as a rule. Asks nobody."""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
