"""Kills: processes and databases die at random, clients try again, and then nothing is lost, doubled or half done.

Each attack is given how many kills to make and says what came of it. They are shared out: by statement (a child dies
before or after a chosen step), by moment (a child, a server, a worker or a whole database dies whenever it happens).
"""

from collections.abc import Callable, Mapping

from tests.promises import (
    kill_databases,
    kill_deliveries,
    kill_imports,
    kill_money,
    kill_servers,
)
from tests.promises.told import Told

CRASH_AMONG = 10
"""One kill of so many is a whole database: each takes all of its processes along, and has to recover."""


def crashes(kills: int) -> Told:
    """Fewer of them than of other kills."""
    return kill_databases.crashes(max(1, kills // CRASH_AMONG))


ATTACKS: Mapping[str, Callable[[int], Told]] = {
    "checkout killed at any step": kill_money.checkout,
    "payments killed at any step": kill_money.payments,
    "pickups and parcels killed at any step": kill_money.hand_overs,
    "tills' sales killed at any step": kill_money.till_sales,
    "capture killed at any step": kill_money.capture,
    "delivery of events killed at any step": kill_deliveries.at_any_step,
    "workers killed at any moment": kill_deliveries.workers,
    "servers killed while people buy": kill_servers.checkout,
    "servers killed while visitors are seen": kill_servers.capture,
    "processes of capture killed": kill_servers.capture_processes,
    "imports killed at any moment": kill_imports.imports,
    "connections cut while people buy": kill_databases.connections,
    "databases crashed while people buy": crashes,
}
