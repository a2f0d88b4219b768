"""How well customers are told apart with and without the proposals, on people whose truth is known; and how fast.

Nothing is fitted to the answers: the fields and their degrees follow from what columns mean, the model is learned from
the records without labels, and a proposal counts as accepted from a probability that was fixed beforehand.
"""

import os
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from samband.customers.identity.components import Edge, Node, partition
from samband.customers.identity.proposing.blocking import bring_together
from samband.customers.identity.proposing.comparing import matches
from samband.customers.identity.proposing.matching import find
from samband.customers.identity.proposing.records import lay_out, workshop
from samband.customers.identity.proposing.sampling import learned
from samband.customers.identity.rules import SAME
from samband.kernel.identifier import Identifier

from .linkage import Known, labelled, sets
from .report import Report, machine
from .strangers import strangers

ACCEPTED_FROM = 0.99
"""From this probability on a proposal counts as accepted: fixed before anything was measured, the same everywhere."""

ROUNDS = 5
"""Comparing ends when it proposes nothing more, as when it is done night after night; after so many at the latest."""

NOTES = (
    "Without: the deterministic rules alone, each record a browser in which its mail or number was stated.",
    "With: every proposal of at least the fixed probability accepted, and everybody compared again until nothing new.",
    "Precision and recall are of all pairs of records that end in one customer, beside all pairs of the truth.",
    "The labels of fake_1000 judge 3,176 pairs; they are read after all is decided, and agree with its clusters.",
    "Ours compares, weighs and filters the candidate pairs; the limit joins the same pairs to both their records.",
)


def folder() -> Path:
    """Where the sets are: below SAMBAND_DATA, else beside the program."""
    return Path(os.environ.get("SAMBAND_DATA") or "../shared/data") / "linkage"


def identity(where: Path, people: int) -> Report | None:
    """Both sets there and some made-up people; None if the sets are not there."""
    known = sets(where)
    if not known:
        return None
    quality = {one.name: _quality(one, where) for one in known}
    ours, limit, about = _speed(people)
    return Report(
        name="identity",
        unit="pairs/s",
        ours=ours,
        limit=limit,
        limit_name="bare DuckDB join of the same pairs",
        p50_ms=None,
        p99_ms=None,
        machine=machine(),
        about={"accepted_from": ACCEPTED_FROM, **quality, "speed": about},
        notes=NOTES,
    )


def _quality(known: Known, where: Path) -> dict[str, Any]:
    began = time.perf_counter()
    without = _customers(known, [])
    same: list[tuple[int, int]] = []
    first: dict[str, Any] = {}
    for _ in range(ROUNDS):
        customers = _customers(known, same)
        records = [replace(record, group=customers[record.number]) for record in known.records]
        found = find(records, ACCEPTED_FROM, len(records) ** 2)
        proposed = [(match.a, match.b) for match in found.likely]
        first = first or {"compared": found.compared, "proposed": len(proposed), "right": _right(known, proposed)}
        if not proposed:
            break
        same += proposed
    together = _customers(known, same)
    judged = {"labels": _on_labels(labels, together)} if (labels := labelled(where, known)) else {}
    return {
        "records": len(known.records),
        "true_pairs": _pairs(known.truth),
        "without": _measured(known, without),
        "with": _measured(known, together),
        "first_proposals": first,
        "accepted": len(same),
        **judged,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _customers(known: Known, same: Sequence[tuple[int, int]]) -> list[str]:
    """Whose each record is, by the rules and by these pairs that were accepted."""
    nodes = [Node(nth, "cookie", "", Identifier("cookie", str(nth)).key) for nth in range(len(known.records))]
    numbers: dict[Identifier, int] = {}
    edges: list[Edge] = []
    for nth, names in enumerate(known.identifiers):
        for name in names:
            if name not in numbers:
                numbers[name] = len(nodes)
                nodes.append(Node(numbers[name], name.kind, "", name.key))
            edges.append(Edge(len(edges), nth, numbers[name], "stated"))
    edges += [Edge(len(edges) + nth, min(pair), max(pair), SAME) for nth, pair in enumerate(same)]
    customer = partition(nodes, edges).customer
    return [str(customer[nth]) for nth in range(len(known.records))]


def _measured(known: Known, customers: Sequence[str]) -> dict[str, float]:
    joined, true = _pairs(customers), _pairs(known.truth)
    return _scores(_pairs(list(zip(customers, known.truth, strict=True))), joined, true)


def _pairs(groups: Sequence[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def _scores(right: int, said: int, true: int) -> dict[str, float]:
    precision, recall = right / said if said else 1.0, right / true if true else 1.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
    }


def _right(known: Known, pairs: Sequence[tuple[int, int]]) -> int:
    return sum(known.truth[a] == known.truth[b] for a, b in pairs)


def _on_labels(labels: Sequence[tuple[int, int, bool]], customers: Sequence[str]) -> dict[str, float]:
    """Of the pairs that somebody labelled, as if there were no others."""
    said = [(customers[a] == customers[b], match) for a, b, match in labels]
    return {
        "pairs": len(labels),
        **_scores(
            sum(one and match for one, match in said),
            sum(one for one, _ in said),
            sum(match for _, match in said),
        ),
    }


@dataclass
class _Clock:
    """Seconds that each part took."""

    parts: dict[str, float]

    def timed(self, name: str, began: float) -> None:
        self.parts[name] = round(time.perf_counter() - began, 3)


def _speed(people: int) -> tuple[float, float, dict[str, Any]]:
    """Pairs a second that are weighed, and that are merely joined; and how long each part took for so many people."""
    clock = _Clock({})
    with workshop() as session:
        began = time.perf_counter()
        records = lay_out(session, strangers(people))
        clock.timed("lay_out", began)
        began = time.perf_counter()
        pairs = bring_together(session)
        clock.timed("bring_together", began)
        began = time.perf_counter()
        model = learned(session)
        clock.timed("learn", began)
        began = time.perf_counter()
        likely = sum(1 for _ in matches(session, model, ACCEPTED_FROM))
        clock.timed("weigh", began)
        began = time.perf_counter()
        session.execute(_BARE).fetchall()
        clock.timed("bare_join", began)
    return (
        pairs / clock.parts["weigh"],
        pairs / max(clock.parts["bare_join"], 0.001),
        {
            "records": records,
            "pairs": pairs,
            "likely": likely,
            "seconds": clock.parts,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        },
    )


# Every pair with both its records, read so far that nothing is left out.
_BARE = """
select count(*), sum((a.surname = b.surname)::int), sum((a.given = b.given)::int), sum((a.email = b.email)::int),
    sum((a.phone = b.phone)::int), sum((a.born = b.born)::int), sum((a.street = b.street)::int),
    sum((a.city = b.city)::int)
from pairs join people a on a.number = pairs.a join people b on b.number = pairs.b
"""
