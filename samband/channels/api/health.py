"""Whether the house is well, for whoever watches it."""

from django.http import HttpRequest

from samband.timeline import queries

from .operations import Door
from .shapes import timeline as shapes
from .shapes.words import shown

door = Door("Health", "For balancers and watchers; no key is needed.")


@door.get("/health", scope=None, answers=shapes.Health, tagged=False)
def get_health(request: HttpRequest) -> shapes.Health:
    """Ask whether the database answers, and how far behind delivery is."""
    return shapes.Health(status="ok", backlog=shown(queries.backlog(), shapes.Backlog))
