"""Bare SQL: the statements that a path really said, as a script that pgbench can say again and again with fresh values.

Two traces of the same path are laid side by side. What is equal in both is a constant; what differs is an id, a key
or a number that somebody drew, and becomes an expression over the script's own counters. Everything goes over the wire
as a parameter of a prepared statement, as it does from us.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from .tracing import Said

MOST_FRESH = 64
"""So many values an order may draw; each has its own place after the order's counter."""

LEAST_DRAWN = 6
"""A shorter text that differs is left as it is: it would be found again inside other texts by chance."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<kind>[s%])")
_NAMES_A_VARIABLE = re.compile(r"(?<!:):[A-Za-z_]")

_TYPES: Mapping[type, str] = {
    str: "text",
    bool: "boolean",
    int: "bigint",
    float: "float8",
    UUID: "uuid",
    datetime: "timestamptz",
    bytes: "bytea",
}


class CannotSay(Exception):
    """The traces differ in a way that no script can follow."""


@dataclass(frozen=True)
class Script:
    """`text` for pgbench, and the constants it names. `transactions` counts what commits, single statements too."""

    text: str
    constants: Mapping[str, str]
    statements: int
    transactions: int


def script(first: Sequence[Said], second: Sequence[Said], goods: Sequence[tuple[str, str]], products: int) -> Script:
    """The script of a path that was traced twice, with `goods` as the SKUs of both in pairs.

    Each SKU becomes one drawn evenly from its own share of the products. Raises CannotSay.
    """
    if [one.statement for one in first] != [one.statement for one in second]:
        raise CannotSay("The two traces do not say the same.")
    made = _Writing(goods)
    lines = list(_counters(len(goods), products))
    transaction: int | None = None
    commits = 0
    for one, other in zip(first, second, strict=True):
        if transaction is not None and one.transaction != transaction:
            lines.append("commit;")
        if one.transaction is None or one.transaction != transaction:
            commits += 1
            if one.transaction is not None:
                lines.append("begin;")
        transaction = one.transaction
        lines.append(made.statement(one, other) + ";")
    if transaction is not None:
        lines.append("commit;")
    return Script("\n".join(lines) + "\n", made.constants, len(first), commits)


def _counters(goods: int, products: int) -> Iterator[str]:
    """Ids that grow as ours do, so that indexes stay as warm; and one number that jumps about, for what is random."""
    yield r"\set n :n + 1"
    yield rf"\set u :base + (:n * :clients + :client_id) * {MOST_FRESH}"
    yield r"\set r hash_murmur2(:u)"
    share = products // goods
    for place in range(goods):
        yield rf"\set s{place} random({place * share + 1}, {(place + 1) * share})"


@dataclass
class _Writing:
    """Turns pairs of values into expressions, and remembers what they were drawn for."""

    goods: Sequence[tuple[str, str]]
    constants: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    of_second: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, (one, other) in enumerate(self.goods):
            self._learn(one, other, f"('B' || lpad(:s{place}::text, 6, '0'))")

    def statement(self, one: Said, other: Said) -> str:
        places = iter(range(len(one.values)))

        def say(found: re.Match[str]) -> str:
            if found["kind"] == "%":
                return "%"
            if isinstance(one.values, dict) and isinstance(other.values, dict):
                return self._value(one.values[found["name"]], other.values[found["name"]])
            place = next(places)
            return self._value(list(one.values)[place], list(other.values)[place])

        if _NAMES_A_VARIABLE.search(one.statement):
            raise CannotSay(f"pgbench would take a part of this for a variable: {one.statement[:200]}")
        return _PLACEHOLDER.sub(say, one.statement) if one.values else one.statement.replace("%%", "%")

    def _value(self, one: Any, other: Any) -> str:
        match one:
            case None:
                return "null"
            case list() | tuple():
                return self._array(one, other)
            case UUID() if one != other:
                return self._fresh(str(one), str(other))
            case datetime():
                return self._moment(_from_now(one))
            case bytes() | memoryview() if one != other:
                return f"uuid_send({self._fresh(bytes(one).hex(), bytes(other).hex())})"
            case bytes() | memoryview():
                return f"{self._constant(chr(92) + 'x' + bytes(one).hex())}::bytea"
            case str() if one != other:
                return self._text(one, other)
            case str():
                return self._constant(one)
            case bool() | int() | float() | UUID():
                return f"{self._constant(str(one).lower() if isinstance(one, bool) else str(one))}::{_TYPES[type(one)]}"
            case _ if hasattr(one, "obj") and hasattr(one, "dumps"):
                return self._value(one.dumps(one.obj), other.dumps(other.obj))
        raise CannotSay(f"No script can say a {type(one).__name__}.")

    def _moment(self, seconds: float) -> str:
        """A moment as far from now as it was then."""
        return "now()" if abs(seconds) < 5 else f"(now() + {self._constant(f'{seconds:.0f} s')}::interval)"

    def _array(self, one: Sequence[Any], other: Sequence[Any]) -> str:
        kinds = {type(part) for part in one if part is not None}
        if not kinds:
            return self._constant("{" + ",".join("NULL" for _ in one) + "}")
        (kind,) = kinds
        if list(one) == list(other) and kind in (str, int, UUID):
            return f"{self._constant(_literal(one))}::{_TYPES[kind]}[]"
        parts = (self._value(mine, theirs) for mine, theirs in zip_longest(one, other))
        return f"array[{', '.join(parts)}]::{_TYPES[kind]}[]"

    def _text(self, one: str, other: str) -> str:
        """A text that holds what was drawn: constants and expressions, one after the other."""
        for mine, theirs in zip(_UUID.findall(one), _UUID.findall(other), strict=False):
            if mine != theirs:
                self._fresh(mine, theirs)
        mine, theirs = _cut(one, self.drawn), _cut(other, self.of_second)
        if [part for part in mine if part in self.drawn] != [
            self.of_second.get(part, part) for part in theirs if part in self.of_second
        ]:
            raise CannotSay(f"The traces hold different things here: {one[:200]}")
        if len(mine) == len(theirs) and not one.startswith(("{", "[")):
            for part, their in zip(mine, theirs, strict=True):
                if part != their and part not in self.drawn and len(part) >= LEAST_DRAWN:
                    self._draw_text(part, their)
        said = [self.drawn.get(part) or f"{self._constant(part)}::text" for part in _cut(one, self.drawn)]
        return f"({' || '.join(f'{part}::text' if part.endswith('::uuid') else part for part in said)})"

    def _draw_text(self, one: str, other: str) -> None:
        """Somebody drew this text: the same beginning, then letters that jump about."""
        same = 0
        while same < min(len(one), len(other)) and one[same] == other[same]:
            same += 1
        begins = f"{self._constant(one[:same])}::text || " if same else ""
        self._learn(one, other, f"({begins}to_hex(:r::bigint + {len(self.drawn)}))")

    def _fresh(self, one: str, other: str) -> str:
        """An id that was drawn: one of the order's own places after its counter."""
        if one not in self.drawn:
            self._learn(one, other, f"rpad(to_hex(:u::bigint + {len(self.drawn)}), 32, '0')::uuid")
        return self.drawn[one]

    def _learn(self, one: str, other: str, expression: str) -> None:
        if len(self.drawn) >= MOST_FRESH:
            raise CannotSay("More is drawn for one order than the script has room for.")
        self.drawn[one] = expression
        self.of_second[other] = one

    def _constant(self, value: str) -> str:
        if not value:
            return "''"  # pgbench knows no empty variables
        if value not in self.names:
            self.names[value] = f"c{len(self.names)}"
            self.constants[self.names[value]] = value
        return f":{self.names[value]}"


def _cut(text: str, known: Mapping[str, str]) -> list[str]:
    """The text in pieces, those that are known standing alone; nothing empty."""
    if not known:
        return [text]
    pattern = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    return [part for part in re.split(rf"(?<!\w)({pattern})(?!\w)", text) if part]


def _from_now(moment: datetime) -> float:
    return (moment - datetime.now(moment.tzinfo)).total_seconds()


def _literal(parts: Sequence[Any]) -> str:
    said = []
    for part in parts:
        text = "NULL" if part is None else '"' + str(part).replace("\\", "\\\\").replace('"', '\\"') + '"'
        said.append(text)
    return "{" + ",".join(said) + "}"
