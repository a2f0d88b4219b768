"""How long a process waits for its database. One that somebody waits for gives up, one that works by itself never."""

from dataclasses import dataclass

CONNECT_SECONDS = 3
REST_SECONDS = 2.0
"""So long a process that waited in vain for a connection asks for no other: who comes meanwhile is told at once."""

ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
"""How soon a database behind a network that went away is missed: seconds, probes, milliseconds for what was sent."""

ALIVE_THERE = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}
"""The same for the database: a machine of ours that vanished in the middle of a transaction keeps nobody waiting."""

THEIRS_FIRST_SECONDS = 2.0
"""The database gives up a statement before we give up the database: it says so, and the connection lasts."""


@dataclass
class Patience:
    """`seconds` that a statement may take; None is for ever."""

    seconds: float | None = None

    @property
    def ours(self) -> float | None:
        """How long we wait for a sign of the database."""
        return None if self.seconds is None else self.seconds + THEIRS_FIRST_SECONDS

    def settings(self) -> dict[str, str]:
        """What the database is told of it. Whoever opens a transaction and says nothing more holds up others, too."""
        if self.seconds is None:
            return ALIVE_THERE
        most = f"{int(self.seconds * 1000)}ms"
        return ALIVE_THERE | {"statement_timeout": most, "idle_in_transaction_session_timeout": most}


patience = Patience()


def lose_patience_after(seconds: float) -> None:
    """For a process that answers requests; before its first connection."""
    patience.seconds = seconds
