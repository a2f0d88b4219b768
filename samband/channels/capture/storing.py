"""How what a request brought is kept: by itself, or together with what others brought at the same moment."""

from collections.abc import Awaitable, Callable, Sequence

import psycopg
from django.db import DataError, Error, connection

from samband.customers.touchpoints.shapes import Origin, Taken
from samband.flows.take_in_touchpoints import Taking, Understood, keep_together

from .grouping import Group
from .refusals import CannotBeKept, NotNow

Store = Callable[[Origin, Understood, int], Awaitable[Taken]]
"""Of what is promised, all is on disk when it is there."""


async def alone(origin: Origin, understood: Understood, size: int) -> Taken:
    """Keep it at once, in this thread. Raises NotNow, CannotBeKept."""
    (taken,) = kept([Taking(origin, understood.items, understood.counted)])
    return taken


def together(group: Group) -> Store:
    """Keep it with what others brought; whoever asks waits in this thread. Raises Overloaded, NotNow, CannotBeKept."""

    async def store(origin: Origin, understood: Understood, size: int) -> Taken:
        return group.take_in(Taking(origin, understood.items, understood.counted), size)

    return store


def promised(group: Group) -> Store:
    """The same, and others are heard meanwhile. Raises Overloaded, NotNow, CannotBeKept."""

    async def store(origin: Origin, understood: Understood, size: int) -> Taken:
        return await group.promise(Taking(origin, understood.items, understood.counted), size)

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
