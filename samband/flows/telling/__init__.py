"""Every flow is a source of touchpoints: what the house's events mean in the words that docs/touchpoints.md explains.

`facts` is what has to be known besides an event; `orders`, `goods` and `people` put events into words; `listening`
hears them as they happen, `history` goes through those of the past; `seeing` notes what is seen without any event.
"""

from .history import Progress, backfill
from .listening import tell_touchpoints
from .seeing import account, cookie, saw, seen_together, who_agreed

__all__ = ["Progress", "account", "backfill", "cookie", "saw", "seen_together", "tell_touchpoints", "who_agreed"]
