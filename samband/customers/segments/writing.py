"""A segment as text: YAML that people write, and the same bytes for the same segments whenever we write it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import yaml

from .definitions import Definition
from .refusals import NotYaml, SegmentAbsurd

LARGEST = 1_000_000
MOST_DOCUMENTS = 500
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<place>[^`]*)`)?$", re.DOTALL)


class _Reader(yaml.SafeLoader):
    """YAML as people mean it: NO is a country and 2026-01-01 a text; nothing refers to anything, no key comes twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):  # a few of them could stand for more than any memory holds
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not taken", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != _STR or key.value in seen:
                raise yaml.MarkedYAMLError(problem="a key stands there twice, or is none", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Writer(yaml.SafeDumper):
    """Puts into quotes whatever anybody's YAML would read as something else than text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # lists stand in from their key


_STR = "tag:yaml.org,2002:str"
_BREAKS = re.compile("[\x85\u2028\u2029]")
"""What YAML takes for the end of a line, and would fold, wherever it is not escaped."""


def _write_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar(_STR, text, style='"' if _BREAKS.search(text) else None)


_Writer.add_representer(str, _write_text)
_PLAIN = (
    ("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"]),
    ("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")),
)
_Reader.yaml_implicit_resolvers = {}
for _tag, _form, _first in _PLAIN:
    _Reader.add_implicit_resolver(_tag, _form, _first)


def write(definitions: Iterable[Definition]) -> str:
    """The segments as YAML documents, in the order given. The same segments are the same bytes."""
    documents = [_as_written(one) for one in definitions]
    return yaml.dump_all(
        documents,
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100,
        explicit_start=len(documents) > 1,
    )


def _as_written(definition: Definition) -> Any:
    plain = msgspec.to_builtins(definition)
    plain["names"] = dict(sorted(plain.get("names", {}).items()))
    return {name: plain[name] for name in plain if plain[name] not in ({}, [])}


def read(text: str) -> tuple[Definition, ...]:
    """The segments of a YAML text. Raises NotYaml, and SegmentAbsurd for what is none or comes twice."""
    if len(text) > LARGEST:
        raise NotYaml("The text is too long.", line=1)
    documents = [one for one in _documents(text) if one is not None]
    if len(documents) > MOST_DOCUMENTS:
        raise NotYaml("There are too many segments in one text.", line=1)
    found = tuple(of(one) for one in documents)
    _refuse_twice(found)
    return found


def _documents(text: str) -> Sequence[Any]:
    try:
        return list(yaml.load_all(text, _Reader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotYaml(f"Line {line}: {error.problem}", line=line) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise NotYaml(line=1) from error


def of(plain: Any) -> Definition:
    """The segment that plain values stand for. Raises SegmentAbsurd with the place of what is wrong."""
    try:
        return msgspec.convert(plain, Definition)
    except msgspec.ValidationError as error:
        told = _PLACE.match(str(error))
        what, place = (told["what"], told["place"] or "") if told else (str(error), "")
        place = place.strip(".") or "the segment"
        raise SegmentAbsurd(f"{place}: {what}", place=place, must=what, why="shape") from error
    except RecursionError as error:
        raise SegmentAbsurd("who must not lie so deep", place="who", must="not lie so deep", why="deep") from error


def _refuse_twice(definitions: Sequence[Definition]) -> None:
    seen: set[str] = set()
    for nth, one in enumerate(definitions):
        if one.segment in seen:
            place, wanted = f"document {nth + 1}, segment", f"not be {one.segment}, which stands there before"
            raise SegmentAbsurd(f"{place} must {wanted}", place=place, must=wanted, why="twice")
        seen.add(one.segment)
