"""People to compare: a town of strangers, and some of them who come back as somebody a little different."""

from dataclasses import replace
from typing import Any

from samband.bench.strangers import strangers
from samband.customers.identity.proposing.records import Record

TOWN = 300

ANNA = Record(
    0, "anna", name="Anna Kowalska", email="anna.kowalska@example.pl", phone="+48601234567", born="19840312",
    line1="Lipowa 12", postcode="30-702", city="Kraków",
)  # fmt: skip
JON = Record(
    0, "jon", name="Jón Þórsson", email="jon@example.is", phone="+3546912345", line1="Laugavegur 24", postcode="101",
    city="Reykjavík",
)  # fmt: skip


def town(*others: Record, people: int = TOWN) -> list[Record]:
    """So many strangers, none of them there twice, and these others, numbered in their order."""
    alone = {one.group: one for one in strangers(people) if not one.email.endswith("@example.org")}
    everybody = [*(replace(one, group=f"stranger {one.group}") for one in alone.values()), *others]
    return [replace(one, number=nth) for nth, one in enumerate(everybody)]


def again(record: Record, group: str, **changes: Any) -> Record:
    """The same person as another customer, who told some things otherwise."""
    return replace(record, group=group, **changes)
