"""From a segment to SQL. One text for one customer and for everybody; every value is a parameter, never text.

First come, under names of our own, the facts of the customers asked about, or of all (`framing`). Then

    c1, c2 …  for each condition, the customers who meet it
    found     segment and customer: who is in
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from samband.kernel.identifier import KINDS as IDENTIFIERS

from . import framing
from .counting import Counting
from .definitions import Agreed, Amount, Bought, Condition, Definition, Did, Doing, Trait, Visited, When, said
from .relations import Relations

BOUGHT, CANCELLED = "Order Completed", "Order Cancelled"
_ORDERS = "Order "
"""How the names of events begin that may be told by several sources, under one order number."""

_PRODUCTS = "coalesce(payload #> '{properties,products}', payload -> 'products')"


@dataclass(frozen=True, slots=True)
class Asked:
    """A segment to be reckoned, with the number it is kept under and the categories below those it names."""

    number: int
    definition: Definition
    branches: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words of segments stand for now: the moment, the numbers of events and of other segments."""

    at: datetime
    events: Mapping[str, int]
    segments: Mapping[str, int]
    relations: Relations


@dataclass
class Statement:
    """The common part of a statement while it grows: its conditions by their text, and its parameters."""

    facts: Facts
    parts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    _bound: dict[tuple[str, str], str] = field(default_factory=dict)

    def bind(self, value: Any, cast: str) -> str:
        """A parameter that stands for a value of this type; the same for the same."""
        known = (cast, repr(value))
        if known not in self._bound:
            self._bound[known] = f"v{len(self._bound)}"
            self.values[self._bound[known]] = value
        return f"%({self._bound[known]})s::{cast}"

    def among(self, select: str) -> str:
        """The name under which those whom a select finds (one `customer` each) can be joined."""
        return self.parts.setdefault(select, f"c{len(self.parts) + 1}")


def found(asked: Sequence[Asked], facts: Facts, customers: Sequence[UUID] | None) -> tuple[str, dict[str, Any]]:
    """`with … found as (…)` that a select can be put behind, and its parameters. Of everybody if customers is None."""
    statement = Statement(facts)
    selects = [_Segment(one, statement).select() for one in asked]
    if customers is not None:
        statement.values["customers"] = list(customers)
    parts = [f"{name} as materialized {text}" for text, name in statement.parts.items()]
    goods = any(_PRODUCTS in part for part in parts)
    frame = framing.of_these(facts.relations, goods) if customers is not None else framing.of_all(facts.relations)
    text = ",\n".join([*frame, *parts, f"found as ({_union(selects)})"])
    return f"with {text}\n", statement.values


def _union(selects: Sequence[str]) -> str:
    return "\nunion all ".join(selects)


class _Segment:
    """One segment's part of a statement."""

    def __init__(self, asked: Asked, statement: Statement) -> None:
        self.asked, self.statement, self.facts = asked, statement, statement.facts
        self.zone = ZoneInfo(asked.definition.zone)
        self.joins: dict[str, None] = {}
        self.sure: dict[str, str] = {}

    def select(self) -> str:
        """Who is in it, with its number. Where all must meet a condition that only customers do, only those are asked.

        The planner makes the joins inner ones, or such as leave out, wherever what must hold says so.
        """
        who = self.asked.definition.who
        holds = [self.holds(one) for one in (who.all or (who,))]
        first = next((self.sure[one] for one in holds if one in self.sure), "person")
        joins = "".join(f" left join {one} on {one}.customer = {first}.customer" for one in self.joins if one != first)
        number = self.statement.bind(self.asked.number, "int")
        return f"select {number} as segment, {first}.customer from {first}{joins} where {' and '.join(holds)}"

    def holds(self, condition: Condition) -> str:
        """A condition as an expression that is true or false, never null."""
        [(kind, value)] = said(condition).items()
        return _KINDS[kind](self, value)

    def _met(self, select: str, *, sure: bool = True) -> str:
        """Whether it is among those a select finds. `sure` where these are customers for certain."""
        name = self.statement.among(select)
        self.joins[name] = None
        holds = f"{name}.customer is not null"
        if sure:
            self.sure[holds] = name
        return holds

    # --- several

    def all(self, inner: Sequence[Condition]) -> str:
        return "(" + " and ".join(self.holds(one) for one in inner) + ")"

    def any(self, inner: Sequence[Condition]) -> str:
        return "(" + " or ".join(self.holds(one) for one in inner) + ")"

    def none(self, inner: Sequence[Condition]) -> str:
        return "(" + " and ".join(f"not {self.holds(one)}" for one in inner) + ")"

    # --- touchpoints

    def did(self, did: Did) -> str:
        counting = Counting(self._doing(did), orders=did.event.startswith(_ORDERS))
        return self._meets(counting, did.at_least, did.at_most, did.total, (did.first, did.last))

    def did_not(self, doing: Doing) -> str:
        return f"not {self._meets(Counting(self._doing(doing)), 1, None)}"

    def place(self, visited: Visited) -> str:
        where = [f"place = any({self._words(visited.any_of)})"]
        where += self._window(visited.within_days, visited.since, visited.until)
        return self._meets(Counting(" and ".join(where)), visited.at_least, visited.at_most)

    def bought(self, bought: Bought) -> str:
        where = self._window(bought.within_days, bought.since, bought.until)
        where += self._anywhere(bought.channel, bought.place)
        if bought.sku or bought.category:
            where.append(self._goods(bought.sku, self._below(bought.category)))
        ordered, cancelled = (self._event(name) for name in (BOUGHT, CANCELLED))
        counting = Counting(" and ".join([f"event = {ordered}", *where]), orders=True, but_not=f"event = {cancelled}")
        return self._meets(counting, bought.at_least, bought.at_most, bought.total)

    def _doing(self, doing: Doing) -> str:
        where = [f"event = {self._event(doing.event)}"] if doing.event else []
        where += self._window(doing.within_days, doing.since, doing.until)
        where += self._anywhere(doing.channel, doing.place)
        if doing.sku:
            where.append(f"sku = any({self._words(doing.sku)})")
        if doing.category:
            where.append(f"category = any({self._words(self._below(doing.category))})")
        if doing.worth is not None:
            where.append(f"currency = {self.statement.bind(doing.worth.currency, 'text')}")
            where += self._between("worth", doing.worth.at_least, doing.worth.at_most)
        return " and ".join(where) or "true"

    def _meets(
        self,
        counting: Counting,
        least: int,
        most: int | None,
        total: Amount | None = None,
        ends: Sequence[When | None] = (),
    ) -> str:
        if least == 0:  # whoever never did it is among them: everybody but those who did it more often
            counting.more_than(self.statement.bind(most, "bigint"))
            return f"not {self._met(counting.select())}"
        if least > 1:
            counting.at_least(self.statement.bind(least, "bigint"))
        if most is not None:
            counting.at_most(self.statement.bind(most, "bigint"))
        if total is not None:
            bounds = self._between("{worth}", total.at_least, total.at_most)
            counting.total(self.statement.bind(total.currency, "text"), bounds)
        for name, when in zip(("first", "last"), ends, strict=False):
            if when is not None:
                counting.when(self._when(f"{{{name}}}", when), name)
        return self._met(counting.select())

    def _event(self, name: str) -> str:
        """Its number; none, which nothing equals, for one that never happened."""
        return self.statement.bind(self.facts.events.get(name), "int")

    def _anywhere(self, channels: Sequence[str], places: Sequence[str]) -> list[str]:
        where = [f"channel = any({self._words(channels)})"] if channels else []
        return [*where, f"place = any({self._words(places)})"] if places else where

    def _goods(self, skus: Sequence[str], categories: Sequence[str]) -> str:
        """One article stands in columns of its own; of several the payload tells."""
        named, hanging = self._words(skus), self._words(categories)
        return (
            f"(sku = any({named}) or category = any({hanging}) or exists (select from jsonb_array_elements("
            f"case when jsonb_typeof({_PRODUCTS}) = 'array' then {_PRODUCTS} else '[]' end) product"
            f" where product ->> 'sku' = any({named}) or product ->> 'category' = any({hanging})))"
        )

    def _below(self, categories: Sequence[str]) -> list[str]:
        return sorted({below for one in categories for below in self.asked.branches.get(one, (one,))})

    def _words(self, words: Sequence[str]) -> str:
        return self.statement.bind(list(words), "text[]")

    def _window(self, days: int | None, since: date | None, until: date | None) -> list[str]:
        return self._moments("occurred_at", When(within_days=days, since=since, until=until))

    def _when(self, column: str, when: When) -> str:
        return " and ".join(self._moments(column, when))

    def _moments(self, column: str, when: When) -> list[str]:
        where = []
        if when.within_days is not None:
            where.append(f"{column} > {self._moment(self.facts.at - timedelta(days=when.within_days))}")
        if when.longer_ago_than_days is not None:
            where.append(f"{column} <= {self._moment(self.facts.at - timedelta(days=when.longer_ago_than_days))}")
        if when.since is not None:
            where.append(f"{column} >= {self._moment(self._midnight(when.since))}")
        if when.until is not None:
            where.append(f"{column} < {self._moment(self._midnight(when.until + timedelta(days=1)))}")
        return where

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _moment(self, moment: datetime) -> str:
        return self.statement.bind(moment, "timestamptz")

    def _between(self, column: str, least: int | None, most: int | None) -> list[str]:
        where = [f"{column} >= {self.statement.bind(least, 'bigint')}"] if least is not None else []
        return [*where, f"{column} <= {self.statement.bind(most, 'bigint')}"] if most is not None else where

    # --- the profile, agreements, and what else is known

    def trait(self, trait: Trait) -> str:
        self.joins["profile"] = None
        kind = self.facts.relations.traits[trait.name]
        column = f"profile.{trait.name}"  # a name that `defining` found among the traits
        if trait.known is not None:
            return f"({column} is {'not ' if trait.known else ''}null)"
        return f"(({self._compared(column, kind, trait)}) is true)"

    def _compared(self, column: str, kind: str, trait: Trait) -> str:
        if kind == "flag":
            return column if trait.value else f"not {column}"
        if kind == "text":
            words = list(trait.value) if isinstance(trait.value, tuple) else []
            return f"{column} = any({self._words(self._below(words) if trait.name == _CATEGORY else words)})"
        if kind == "moment":
            when = When(trait.within_days, trait.longer_ago_than_days, trait.since, trait.until)
            return self._when(column, when)
        where = [f"profile.currency = {self.statement.bind(trait.currency, 'text')}"] if kind == "money" else []
        return " and ".join([*where, *self._between(column, trait.at_least, trait.at_most)])

    def consent(self, agreed: Agreed) -> str:
        """The stricter answer over all addresses: one refusal is a refusal."""
        purpose = self.statement.bind(agreed.purpose, "text")
        asked = f"select customer from agreed where purpose = {purpose} group by customer"
        if agreed.answer == "unknown":
            return f"not {self._met(f'({asked})')}"
        return self._met(f"({asked} having {'' if agreed.answer == 'granted' else 'not '}bool_and(granted))")

    def group(self, groups: Sequence[str]) -> str:
        return self._met(f'(select distinct customer from grouped where "group" = any({self._words(groups)}))')

    def known_by(self, kinds: Sequence[str]) -> str:
        numbers = self.statement.bind([IDENTIFIERS.index(one) for one in kinds], "smallint[]")
        return self._met(f"(select distinct customer from member where kind = any({numbers}))")

    def inside(self, slug: str) -> str:
        number = self.statement.bind(self.facts.segments.get(slug), "int")
        return self._met(f"(select customer from inside where segment = {number})", sure=False)

    def outside(self, slug: str) -> str:
        return f"not {self.inside(slug)}"


_CATEGORY = "favourite_category"


_KINDS: Mapping[str, Callable[[_Segment, Any], str]] = {
    "all": _Segment.all,
    "any": _Segment.any,
    "none": _Segment.none,
    "trait": _Segment.trait,
    "did": _Segment.did,
    "did_not": _Segment.did_not,
    "bought": _Segment.bought,
    "place": _Segment.place,
    "consent": _Segment.consent,
    "group": _Segment.group,
    "known_by": _Segment.known_by,
    "in": _Segment.inside,
    "not_in": _Segment.outside,
}
