"""A customer's page, a decision taken back, a segment counted, and profiles kept up, among a million customers.

    python -m samband.bench.customers CUSTOMERS SECONDS

measures in the house that the environment names, and prints what it measured as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from .house import fresh_house
from .people import account_of, leading, number_of
from .report import Report, machine, percentile
from .tracing import Said, listening

BLOCK_SECONDS = 0.5
UNDOES = 40
TOUCHED = 500
STAFF = ("bench@samband.example", "Bench", "admin", "a-long-enough-word-2026")

NOTES = (
    "A page is the console's page of a customer as a browser gets it: session, look-ups, timeline of touchpoints and"
    " events, traits, orders, cart, messages, consents, segments, identifiers with what says so, rendered. Customers"
    " are drawn anew each time from all of them; in turns of half a second with the bare statements.",
    "Bare statements are those that the same pages sent, with the same values, on the same connection, fetched.",
    "`busiest` is the page of the ten customers of whom most was captured, `touchpoints_of_busiest` of the first.",
    "An undo takes back the assertion between a browser and a mail address of an account's owner, as a person does on"
    " the page: two customers, their profiles and segments are what they would be had it never been said.",
    "A segment is counted as the editor does while it is being written; what took longer than a second is an estimate.",
    "`followed` are so many customers touched at one moment: taken off the queue, traits reckoned and kept, segments"
    " evaluated, in one transaction. `rebuilt` reckons everybody in one process.",
)

SEGMENTS = """
segment: valuable-lately
who:
  all:
    - trait: {name: value, at_least: 20000, currency: EUR}
    - trait: {name: last_order_at, within_days: 120}
---
segment: looked-not-bought
who:
  all:
    - did: {event: Product Viewed, within_days: 30, at_least: 3}
    - did_not: {event: Order Completed, within_days: 30}
---
segment: of-the-store
who:
  all:
    - place: {any_of: [RVK], within_days: 90}
    - bought: {at_least: 2, within_days: 300}
    - known_by: [email]
"""


def customers(people: int, touchpoints: int, seconds: float) -> Report:
    """Measure it in a fresh house. Raises BenchFailed when something was refused."""
    with fresh_house(30) as house:
        filled = house.run("samband.bench.people", str(people), str(touchpoints))
        said = house.run("samband.bench.customers", str(people), str(seconds))
    measured = json.loads(said.splitlines()[-1])
    ours, bare = measured.pop("page"), measured.pop("bare")
    return Report(
        name="customers",
        unit="pages/s",
        ours=ours["rate"],
        limit=bare["rate"],
        limit_name="bare statements",
        p50_ms=ours["p50_ms"],
        p99_ms=ours["p99_ms"],
        machine=machine(),
        about={"customers": people, "touchpoints": touchpoints, "filled_seconds": float(filled.split()[-1]),
               "pages": ours["count"], "limit_p50_ms": bare["p50_ms"], "limit_p99_ms": bare["p99_ms"], **measured},
        notes=NOTES,
    )  # fmt: skip


def main() -> None:
    """Measure in this process."""
    import django

    django.setup()
    people, seconds = int(sys.argv[1]), float(sys.argv[2])
    desk = _Desk(people)
    found = {
        "rebuilt_seconds": desk.rebuilt(),
        "undo": desk.undoes(),
        "restore": desk.undoes(back=True),
        "segments": desk.segments(),
        "followed": desk.followed(),
        **desk.busiest(),
        **desk.pages(seconds),
    }
    sys.stdout.write(json.dumps(found) + "\n")


class _Desk:
    """Somebody at the console, in this process."""

    def __init__(self, people: int) -> None:
        from django.conf import settings
        from django.test import Client

        from samband.staff import commands as staff
        from samband.staff import factors

        settings.ALLOWED_HOSTS = ["testserver"]
        self.people, self.chance = people, random.Random(4)
        email, name, role, word = STAFF
        staff.add_member(email, name, role, word)
        factors.need(role, False)
        self.client = Client(raise_request_exception=True)
        came_in = self.client.post("/console/sign-in/", {"deed": "sign-in", "email": email, "password": word})
        assert came_in.status_code == 303, came_in.status_code

    def rebuilt(self) -> float:
        from samband.customers.profiles import commands

        return round(_taken(commands.rebuild), 2)

    def pages(self, seconds: float) -> dict[str, Any]:
        """Pages and their bare statements, in turns."""
        said: list[list[Said]] = []

        def look() -> None:
            with listening() as heard:
                self._look(self._anybody())
            said.append(heard)

        for _ in range(20):
            look()
        taken: dict[str, list[float]] = {"page": [], "bare": []}
        while sum(taken["page"]) < seconds:
            said.clear()
            taken["page"] += _block(look)
            taken["bare"] += [_taken(lambda one=one: _bare(one)) for one in said]  # type: ignore[misc]
        about = {name: _told(took) for name, took in taken.items()}
        return {**about, "statements_a_page": round(sum(map(len, said)) / max(len(said), 1), 1)}

    def busiest(self) -> dict[str, Any]:
        """The customers of whom most is known."""
        self._look(0)
        took = [_taken(lambda nth=nth: self._look(nth)) for nth in range(10) for _ in range(3)]  # type: ignore[misc]
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "select max(touchpoints) from profiles_profile p join identity_identifier i using (customer)"
                " where i.id between 1 and 20"
            )
            most = cursor.fetchone()[0]
        return {"busiest": _told(took), "touchpoints_of_busiest": most}

    def undoes(self, *, back: bool = False) -> dict[str, Any]:
        """Take back (or restore) what joins browsers to the addresses of accounts."""
        from django.db import connection

        from samband.flows import decide_who

        took = []
        drawn = random.Random(9).sample(range(0, self.people, 4), min(UNDOES, self.people // 4))
        for nth in drawn:
            number = number_of(nth)
            with connection.cursor() as cursor:
                cursor.execute("select id from identity_assertion where a = %s and b = %s", [number, number + 1])
                assertion = cursor.fetchone()[0]
            account, key = account_of(nth), f"bench-{nth}"
            if back:
                took.append(_taken(lambda: decide_who.restore(account, assertion, "bench", key=key)))  # noqa: B023
            else:
                took.append(_taken(lambda: decide_who.take_back(account, assertion, "bench", "", key=key)))  # noqa: B023
        return _told(took)

    def segments(self) -> dict[str, Any]:
        """Three kinds of segments, counted as in the editor."""
        from samband.customers.segments import queries, writing

        found = {}
        for one in writing.read(SEGMENTS):
            queries.size(one)
            took = [_taken(lambda one=one: queries.size(one)) for _ in range(3)]  # type: ignore[misc]
            size = queries.size(one)
            found[one.segment] = {
                "count": size.count, "exact": size.exact, "seconds": round(sorted(took)[1], 3),
                "exactly_seconds": round(_taken(lambda one=one: queries.size(one, 600_000)), 3),  # type: ignore[misc]
            }  # fmt: skip
        return found

    def followed(self) -> dict[str, Any]:
        """A stretch of customers touched at once."""
        from django.db import connection

        from samband.flows.follow_customers import follow

        took = []
        for _ in range(5):
            touched = [number_of(self.chance.randrange(self.people)) for _ in range(min(TOUCHED, self.people))]
            with connection.cursor() as cursor:
                cursor.execute("insert into touchpoints_touched (identifiers) values (%s::bigint[])", [touched])
            took.append(_taken(follow))
        return {"customers": min(TOUCHED, self.people), **_told(took)}

    def _anybody(self) -> int:
        return self.chance.randrange(self.people)

    def _look(self, nth: int) -> None:
        answer = self.client.get(f"/console/customers/{leading(nth)}/")
        assert answer.status_code == 200, answer.status_code


def _bare(said: Sequence[Said]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for one in said:
            cursor.execute(one.statement, one.values)
            if cursor.description:
                cursor.fetchall()


def _taken(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _block(deed: Callable[[], object]) -> list[float]:
    taken: list[float] = []
    until = time.perf_counter() + BLOCK_SECONDS
    while time.perf_counter() < until:
        taken.append(_taken(deed))
    return taken


def _told(took: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(one * 1000 for one in took)
    return {
        "count": len(took),
        "rate": round(len(took) / sum(took), 1),
        "p50_ms": percentile(ordered, 0.5),
        "p99_ms": percentile(ordered, 0.99),
    }


if __name__ == "__main__":
    main()
