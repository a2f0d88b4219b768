"""Whether a segment makes sense beside what there is: the others, the catalog, and what is known of customers."""

from collections.abc import Sequence

from . import definitions, relations
from .defining import Known, check
from .definitions import Definition
from .reckoning import Kept


def branches_of(definition: Definition, segments: Sequence[Kept]) -> dict[str, list[str]]:
    """What lies below the categories that it names. Raises SegmentAbsurd unless it makes sense."""
    where = relations.relations()
    named = definitions.categories(definition)
    below = {slug: sorted(found) for slug, found in sorted(relations.branches(sorted(named)).items())} if named else {}
    others = {one.slug: one.needs for one in segments}
    check(definition, Known(where.traits, where.purposes, others, below))
    return below
