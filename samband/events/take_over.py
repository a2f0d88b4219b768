"""What taking over from another system tells."""

from dataclasses import dataclass, field

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class TakenOver(Event, about="source"):
    """Everything that could be taken over of these files is here, and every row of them is accounted for.

    `fingerprint` is of the files' bytes. `worth` is the sum of quantity × price over rows, as decimal text in
    `currency` (or in several); rows that no sum can be read from are `unreadable` and among the `rejected`.
    `reasons` counts rejects, `left` what of the imported rows was left behind, both by code.
    """

    source: str
    fingerprint: str
    rows: int
    imported: int
    rejected: int
    unreadable: int
    imported_worth: str
    rejected_worth: str
    currency: str
    products: int
    customers: int
    orders: int
    reasons: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
