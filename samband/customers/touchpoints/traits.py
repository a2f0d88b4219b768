"""What people told of themselves in touchpoints: the latest of each identifier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connection

from .vocabulary import IDENTIFY


@dataclass(frozen=True, slots=True)
class TraitsView:
    """The traits last told under an identifier's number, as they were sent."""

    identifier: int
    traits: Mapping[str, Any]


# Identifiers in their order, so that a page begins where the one before it ended.
_TOLD = """
select distinct on (t.identifier) t.identifier, t.payload ->> 'traits'
from touchpoints_touchpoint t
where t.identifier > %(after)s::bigint
  and (%(only)s::bigint[] is null or t.identifier = any(%(only)s::bigint[]))
  and t.event = (select id from touchpoints_eventname where name = %(event)s)
  and jsonb_typeof(t.payload -> 'traits') = 'object'
order by t.identifier, t.position desc
limit %(most)s::int
"""


def told(after: int = 0, most: int = 5000, only: Iterable[int] | None = None) -> list[TraitsView]:
    """What was last told under so many identifiers, by number, those after one (or of `only` these)."""
    given = {"after": after, "most": most, "only": None if only is None else list(only), "event": IDENTIFY}
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, given)
        return [TraitsView(number, msgspec.json.decode(traits)) for number, traits in cursor.fetchall()]
