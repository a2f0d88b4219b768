"""When two customers may be taken for one without a person deciding: the retailer's rules. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

AGREEING = ("email", "phone", "card", "born", "address")
"""Fields of which a rule may ask that they agree exactly."""

SAME, OTHER = "same", "other"
Persons = frozenset[tuple[str, str]]
"""The kinds and namespaces of what names one person of a system."""

PERSONS = frozenset({"account", "user"})
"""Two of one of these kinds, in one namespace, are two persons until somebody decides otherwise."""


@dataclass(frozen=True, slots=True)
class Accepting:
    """Take two for one if that is at least so likely, and one of `agreeing` is exactly the same.

    With `uncontradicted`, nothing that both told may be altogether different.
    """

    name: str
    least: float
    agreeing: tuple[str, ...]
    uncontradicted: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Two customers: how likely they are one, how each field agrees (by code), and which persons each of them is."""

    probability: float
    degrees: Mapping[str, str]
    persons: tuple[Persons, Persons]

    @property
    def two_persons(self) -> bool:
        """Both have an account, or are users of one system: no rule may ever decide that."""
        one, other = self.persons
        return bool(one & other)


def persons(members: Iterable[tuple[str, str]]) -> Persons:
    """Of (kind, namespace) of somebody's identifiers, those that name one person of a system."""
    return frozenset(member for member in members if member[0] in PERSONS)


def accepting(rules: Iterable[Accepting], case: Case) -> Accepting | None:
    """The first rule by which these two are one person, if any is."""
    if case.two_persons:
        return None
    return next((rule for rule in rules if _holds(rule, case)), None)


def _holds(rule: Accepting, case: Case) -> bool:
    return (
        case.probability >= rule.least
        and any(case.degrees.get(field) == SAME for field in rule.agreeing)
        and not (rule.uncontradicted and OTHER in case.degrees.values())
    )
