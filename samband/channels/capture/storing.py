"""How what a request brought is kept: by itself, or together with what others brought at the same moment."""

from collections.abc import Callable, Sequence

import psycopg
from django.db import DataError, Error, connection

from samband.customers.touchpoints.shapes import Origin, Taken
from samband.flows.take_in_touchpoints import Taking, Understood, keep_together

from .grouping import Group
from .refusals import CannotBeKept, NotNow

Store = Callable[[Origin, Understood, int], Taken]


def alone(origin: Origin, understood: Understood, size: int) -> Taken:
    """Keep it in this thread. Raises NotNow, CannotBeKept."""
    (taken,) = kept([Taking(origin, understood.items, understood.counted)])
    return taken


def together(group: Group) -> Store:
    """Keep it with what others brought. Raises Overloaded, NotNow, CannotBeKept."""

    def store(origin: Origin, understood: Understood, size: int) -> Taken:
        return group.take_in(Taking(origin, understood.items, understood.counted), size)

    return store


def kept(takings: Sequence[Taking]) -> list[Taken]:
    """Keep it, and tell what the database says in words of ours. Raises NotNow, CannotBeKept."""
    try:
        return keep_together(takings)
    except (DataError, psycopg.DataError) as error:
        raise CannotBeKept() from error
    except (Error, psycopg.Error) as error:
        connection.close()  # whatever is wrong with it, the next one begins anew
        raise NotNow() from error
