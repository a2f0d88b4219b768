"""Graphs of identifiers for tests: drawn by hypothesis, written down through the room's own commands, and looked at."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.db import transaction
from hypothesis import strategies as st

from samband.customers.identity import commands
from samband.customers.identity.models import Identifier as Row
from samband.customers.identity.rules import Pair
from samband.kernel.identifier import KINDS, Identifier, identifier

AT = datetime(2026, 3, 1, tzinfo=UTC)
SPACE = UUID("5a3bad00-0000-4000-8000-000000000000")


def named(kind: str, nth: int) -> Identifier:
    """The nth identifier of a kind, the same in every run; users are of two namespaces in turn."""
    match kind:
        case "account":
            return identifier(kind, str(uuid5(SPACE, str(nth))))
        case "email":
            return identifier(kind, f"mail{nth}@example.is")
        case "phone":
            return identifier(kind, f"+354 581 {nth:04}")
        case "user":
            return identifier(kind, f"u-{nth // 2}", ("crm", "app")[nth % 2])
    return identifier(kind, f"{kind}-{nth}")


def people(most: int = 8) -> st.SearchStrategy[list[Identifier]]:
    """Some identifiers of any kinds, or of few: then there are many persons, and many neighbours of one kind."""
    kinds = st.lists(st.sampled_from(KINDS), min_size=1, max_size=len(KINDS), unique=True)
    return kinds.flatmap(
        lambda few: st.lists(
            st.builds(named, st.sampled_from(few), st.integers(0, 5)), min_size=2, max_size=most, unique=True
        )
    )


Said = tuple[Identifier, Identifier, str, str]
"""Two identifiers, a rule, a source."""


@st.composite
def sayings(draw: st.DrawFn, rules: Sequence[str], most: int = 14, identifiers: int = 8) -> list[Said]:
    """What sources say of some people: small enough to try every turn, dense enough for conflicts."""
    nodes = draw(people(identifiers))
    weighing = draw(st.lists(st.sampled_from(rules), min_size=1, max_size=len(rules), unique=True))
    pair = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda two: two[0] != two[1])
    said = st.tuples(pair, st.sampled_from(weighing), st.sampled_from(["web", "crm"]))
    return [
        (a, b, rule, source)
        for (a, b), rule, source in draw(st.lists(said, min_size=draw(st.sampled_from([1, most // 2])), max_size=most))
    ]


def say(said: Iterable[Said]) -> None:
    """Write this down as a source would."""
    told = list(said)
    known = commands.know([one for a, b, *_ in told for one in (a, b)], AT)
    commands.assert_pairs([Pair(known[a.key], known[b.key], rule, source, AT) for a, b, rule, source in told])


def customers() -> dict[UUID, UUID]:
    """Whose everything is that is known, by key."""
    return dict(Row.objects.filter(erased_at__isnull=True).values_list("key", "customer"))


def whole() -> dict[UUID, tuple[UUID, bool]]:
    """Whose everything is, and whether it is shared."""
    rows = Row.objects.filter(erased_at__isnull=True).values_list("key", "customer", "shared")
    return {key: (customer, shared) for key, customer, shared in rows}


class EmptyHouse:
    """The room as it was before anything was known, as often as one likes, inside a test's own transaction."""

    def __init__(self) -> None:
        self._savepoint = transaction.savepoint()

    def __call__(self) -> None:
        transaction.savepoint_rollback(self._savepoint)
