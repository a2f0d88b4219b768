"""A file read piece by piece. Every piece knows where it stands, so that a mistake is named by file and key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Invalid

# The C parser is ten times faster and comes with every wheel of PyYAML, but not with every build of it.
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
HEX = re.compile(r"#[0-9a-f]{6}")


class MalformedAssortment(Invalid):
    """An assortment file does not say what it should; `details` names the file and the key."""

    code = "malformed_assortment"

    def __init__(self, file: str, key: str, why: str) -> None:
        super().__init__(f"{file}: {key or 'the whole file'}: {why}", file=file, key=key)


@dataclass(frozen=True, slots=True)
class Piece:
    """A value in a file. Asking it for what it is not raises MalformedAssortment."""

    value: Any
    file: str
    key: str = ""

    @classmethod
    def of(cls, path: Path) -> "Piece":
        """The whole of a YAML file."""
        try:
            return cls(yaml.load(path.read_text(encoding="utf-8"), Loader), path.name)
        except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
            raise MalformedAssortment(path.name, "", f"cannot be read ({error})") from error

    def wrong(self, why: str) -> MalformedAssortment:
        return MalformedAssortment(self.file, self.key, why)

    # --- going deeper

    def __getitem__(self, name: str) -> "Piece":
        if name not in self._mapping():
            raise self._under(name, None).wrong("is missing")
        return self._under(name, self.value[name])

    def get(self, name: str) -> "Piece | None":
        return self[name] if name in self._mapping() else None

    def entries(self) -> Iterator[tuple[str, "Piece"]]:
        """The keys of a mapping, each with its piece."""
        for name, value in self._mapping().items():
            if not isinstance(name, str):
                raise self.wrong(f"{name!r} is no text; quote it")
            yield name, self._under(name, value)

    def each(self) -> Iterator["Piece"]:
        """The items of a list that is not empty, named by their slug, code, SKU or kind where they have one."""
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong("should be a list of at least one")
        for place, value in enumerate(self.value):
            yield Piece(value, self.file, f"{self.key}[{_label(value, place)}]")

    def knows_only(self, *names: str) -> None:
        for name, piece in self.entries():
            if name not in names:
                raise piece.wrong("is not a known key")

    # --- what it says

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("should be a text")
        if self.value != self.value.strip():
            raise self.wrong("begins or ends with a space")
        return self.value

    def texts(self, also: tuple[str, ...] = ()) -> dict[str, str]:
        """The text in each of the five languages; `also` names keys that may stand beside them."""
        self.knows_only(*LANGUAGES, *also)
        return {language: self[language].text() for language in LANGUAGES}

    def matching(self, pattern: re.Pattern[str]) -> str:
        if not pattern.fullmatch(self.text()):
            raise self.wrong(f"{self.value!r} should look like {pattern.pattern}")
        return self.text()

    def one_of(self, *names: str) -> Any:
        if self.value not in names:
            raise self.wrong(f"{self.value!r} is none of {', '.join(names)}")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("should be true or false")
        return self.value

    def number(self) -> int | float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.wrong("should be a number")
        if not 0 <= self.value < 10**9:
            raise self.wrong("is out of range")
        return self.value

    def whole(self, least: int, most: int) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            raise self.wrong(f"should be a whole number from {least} to {most}")
        return self.value

    def cents(self) -> int:
        """A positive price in euro, as cents."""
        cents = Decimal(str(self.number())) * 100
        if cents != int(cents) or cents <= 0:
            raise self.wrong("should be a price above zero with at most two digits after the point")
        return int(cents)

    def _mapping(self) -> Mapping[Any, Any]:
        if not isinstance(self.value, dict):
            raise self.wrong("should have keys of its own")
        return self.value

    def _under(self, name: str, value: Any) -> "Piece":
        return Piece(value, self.file, f"{self.key}.{name}" if self.key else name)


def _label(value: Any, place: int) -> str:
    named = value if isinstance(value, dict) else {}
    return str(next((named[name] for name in ("slug", "code", "sku", "kind") if name in named), place))
