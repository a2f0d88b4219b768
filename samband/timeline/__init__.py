"""State and story never part: what changed and the event that tells of it commit together.

`record(event)` writes it in the transaction that made it true, `on(Event)` says who reacts (`on_many`: to many
at a time), `deliver()` gives every event to every reaction, each taking effect exactly once, and `command`
makes asking twice the same as asking once.
"""

from .reacting import Heard, on, on_many
from .recording import Claim, claim, command, noticing_repeats, record, record_all, record_many, told_at_once

__all__ = [
    "Claim",
    "Heard",
    "claim",
    "command",
    "noticing_repeats",
    "on",
    "on_many",
    "record",
    "record_all",
    "record_many",
    "told_at_once",
]
