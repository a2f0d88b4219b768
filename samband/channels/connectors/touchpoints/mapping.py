"""What the columns of somebody's file mean: a YAML file that the retailer writes once (docs/touchpoints.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import yaml

from samband.kernel.identifier import KINDS
from samband.kernel.refusal import Invalid

from ..rows import NoSuchFile

LARGEST = 256 * 1024


class NotAMapping(Invalid):
    """The mapping file does not say what it must; the message says where."""

    code = "not_a_mapping"


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"constant": "is"}):
    """Where a value comes from: a column, or `is`, the same for all. `names` puts other names for what is found."""

    column: str = ""
    constant: str | None = None
    names: Mapping[str, str] = {}

    def of(self, row: Mapping[str, Any]) -> str:
        """The value in a row, as text; nothing where there is none."""
        if self.constant is not None:
            return self.constant
        told = written(row.get(self.column))
        return self.names.get(told, told)


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it happened: ISO 8601, or seconds or milliseconds since 1970; `zone` is that of times that say none."""

    column: str
    zone: str = "UTC"


class Phone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A telephone number, dialled in `country` where it has no +."""

    column: str
    country: str | None = None


class Worth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it was worth, as written (12.50) in a currency: its ISO 4217 code, or the column that holds it."""

    column: str
    currency: str | Column


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. `namespace` names the system whose customer numbers `user` holds (the source's name if not given)."""

    source: str
    event: str | Column
    at: str | Moment
    namespace: str = ""
    name: str = ""
    message: str = ""
    channel: str | Column = msgspec.field(default_factory=lambda: Column(constant="import"))
    identifiers: Mapping[str, str | Phone] = {}
    place: str | Column = ""
    sku: str | Column = ""
    category: str | Column = ""
    order: str | Column = ""
    worth: Worth | None = None
    properties: list[str] = []


class _WithoutAliases(yaml.SafeLoader):
    """A few aliases of aliases could stand for more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not taken")
        return super().compose_node(parent, index)


def read(path: Path) -> Meaning:
    """The mapping in a file. Raises NoSuchFile, and NotAMapping saying what is wrong and where."""
    try:
        with path.open("rb") as file:
            told = file.read(LARGEST + 1)
    except OSError as error:
        raise NoSuchFile(file=path.name) from error
    if len(told) > LARGEST:
        raise NotAMapping("A mapping is never that large.")
    try:
        mapping = msgspec.convert(yaml.load(told, _WithoutAliases), Meaning)
    except (msgspec.ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise NotAMapping(f"The mapping cannot be read: {' '.join(str(error).split())}") from error
    _check(mapping)
    return mapping


def _check(mapping: Meaning) -> None:
    if strange := sorted(set(mapping.identifiers) - set(KINDS)):
        raise NotAMapping(f"identifiers: there is no kind {strange[0]!r}; there are {', '.join(KINDS)}.")
    if not mapping.identifiers:
        raise NotAMapping("identifiers: say at least one column by which somebody is known.")
    if not column(mapping.event).column and column(mapping.event).constant is None:
        raise NotAMapping("event: say a column, or what `is` the same for all.")
    try:
        ZoneInfo(moment(mapping.at).zone)
    except (KeyError, OSError, ValueError) as error:  # what is no zone may also be no name of a file
        raise NotAMapping(f"at.zone: there is no time zone {moment(mapping.at).zone!r}.") from error


def column(told: str | Column) -> Column:
    """A plain text is the name of a column."""
    return Column(column=told) if isinstance(told, str) else told


def moment(told: str | Moment) -> Moment:
    """A plain text is a column in UTC."""
    return Moment(column=told) if isinstance(told, str) else told


def phone(told: str | Phone) -> Phone:
    """A plain text is a column of numbers that begin with +, or of anything else that is no number."""
    return Phone(column=told) if isinstance(told, str) else told


def columns(mapping: Meaning) -> set[str]:
    """Every column that the mapping speaks of."""
    named = [column(one).column for one in (mapping.event, mapping.channel, mapping.place, mapping.sku,
                                            mapping.category, mapping.order)]  # fmt: skip
    named += [moment(mapping.at).column, mapping.message, *mapping.properties]
    named += [phone(one).column for one in mapping.identifiers.values()]
    if mapping.worth:
        named.append(mapping.worth.column)
        if isinstance(mapping.worth.currency, Column):
            named.append(mapping.worth.currency.column)
    return {name for name in named if name}


def written(value: Any) -> str:
    """A value of any file as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
