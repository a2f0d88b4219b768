"""A process that noted something while its database crashed and came back without that, and notes it again.

Told its home; prints as JSON what of its books is wrong then, and how many touchpoints there are.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from samband.conf import postgres  # noqa: E402
from samband.customers.touchpoints.shapes import Note  # noqa: E402
from samband.flows.audit import audit  # noqa: E402
from samband.flows.take_in_touchpoints import note  # noqa: E402
from samband.kernel.clock import now  # noqa: E402
from samband.kernel.identifier import identifier  # noqa: E402
from tests.promises.kill_databases import crash  # noqa: E402


def main(home: Path) -> None:
    note_one("first", "Known before")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")  # as whoever delivers events does
        note_one("lost", "Known to nobody else")
    crash(home)
    postgres.ensure_running(home)
    connection.close()
    lost = count() == 1
    note_one("lost", "Known to nobody else")  # as whoever delivers does it again
    note_one("more", "Known before")
    print(json.dumps({"lost": lost, "wrong": list(audit()), "touchpoints": count()}))


def note_one(message: str, event: str) -> None:
    who = identifier("user", f"whoever saw {event}", "house-of-cards")
    seen = Note(message=message, event=event, identifiers=(who,), occurred_at=now(), channel="web")
    note("house-of-cards", seen)


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from touchpoints_touchpoint where channel = 'web'")
        return int(cursor.fetchone()[0])


main(Path(sys.argv[1]))
