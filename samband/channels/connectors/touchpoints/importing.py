"""Taking touchpoints over from a file: every record is taken in once, or is among the rejects with its reason."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from samband.customers.touchpoints import commands, moments, queries, reading, vocabulary
from samband.customers.touchpoints.refusals import NoEvent, UnknownSource
from samband.customers.touchpoints.shapes import Happening, Note, Origin
from samband.flows.take_in_touchpoints import take_in
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier

from ..progress import Watch
from ..rejects import Rejects, path_of
from ..rows import NotThatFile
from . import mapping as meanings
from . import records
from .mapping import Meaning

AT_ONCE = 2_000
_CURRENCY = re.compile("[A-Z]{3}")


@dataclass
class Imported:
    """How it ended: `stored` were new, `repeated` taken in before, and the rest are rejects, by their reasons."""

    source: str
    records: int = 0
    stored: int = 0
    repeated: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    rejects: Path = Path()


class Unfit(Exception):
    """A record that is not taken over; the message is the reason's code, `because` says more."""

    def __init__(self, reason: str, because: str = "") -> None:
        super().__init__(reason)
        self.because = because


def import_touchpoints(path: Path, mapping: Path, folder: Path, watch: Watch) -> Imported:
    """Take a file over, read as its mapping says. Again, or begun twice at once, it ends the same.

    Raises NoSuchFile, NotThatFile naming columns that are missing, NotAMapping, and NotASource for its name.
    """
    meaning = meanings.read(mapping)
    there = records.columns(path)
    if there is not None and (missing := sorted(meanings.columns(meaning) - there)):
        raise NotThatFile(columns=missing)
    done = Imported(meaning.source, rejects=path_of(folder, path))
    reader = Reader(meaning, _origin(meaning))
    stage = watch.begin("touchpoints")
    with Rejects(done.rejects, ["record"]) as rejects:
        every = _understood(reader, records.records(path), path.name, rejects, done)
        while batch := list(islice(every, AT_ONCE)):
            taken = take_in(reader.origin, batch)
            done.stored += taken.stored
            done.repeated += taken.repeated
            stage.done(done.records)
    stage.end()
    done.reasons = dict(rejects.reasons)
    return done


def _origin(meaning: Meaning) -> Origin:
    try:
        origin = queries.origin(meaning.source)
    except UnknownSource:
        namespace = meaning.namespace or meaning.source
        commands.open_source(meaning.source, meaning.name or meaning.source, "import", namespace=namespace)
        origin = queries.origin(meaning.source)
    return origin


def _understood(
    reader: "Reader", every: Iterator[records.Record], file: str, rejects: Rejects, done: Imported
) -> Iterator[Happening]:
    for number, record in every:
        done.records = number
        try:
            yield reader.read(record)
        except Unfit as unfit:
            told = "" if record is None else msgspec.json.encode(record, enc_hook=str).decode()
            rejects.add(number, file, str(unfit), [told], because=unfit.because)


class Reader:
    """Reads records of a file as things that happened."""

    def __init__(self, meaning: Meaning, origin: Origin) -> None:
        self.meaning, self.origin = meaning, origin
        self.event, self.channel = meanings.column(meaning.event), meanings.column(meaning.channel)
        self.place, self.sku = meanings.column(meaning.place), meanings.column(meaning.sku)
        self.category, self.order = meanings.column(meaning.category), meanings.column(meaning.order)
        self.at = meanings.moment(meaning.at)
        self.zone = ZoneInfo(self.at.zone)
        self.repeats: dict[str, int] = {}

    def read(self, record: Mapping[str, Any] | None) -> Happening:
        """Raises Unfit."""
        if record is None:
            raise Unfit("unreadable")
        worth, currency = self._worth(record)
        note = Note(
            message=self._message(record),
            event=self.event.of(record),
            identifiers=self._who(record),
            occurred_at=self._when(record),
            channel=self.channel.of(record)[:40] or "import",
            properties={name: _plain(record[name]) for name in self.meaning.properties if record.get(name) is not None},
            place=self.place.of(record)[:200] or None,
            sku=self.sku.of(record)[:64] or None,
            category=self.category.of(record)[:200] or None,
            order_ref=self.order.of(record)[:200] or None,
            worth=worth,
            currency=currency,
            rule="user",
        )
        try:
            return reading.noted(note, self.origin)
        except NoEvent as refusal:
            raise Unfit("incomplete", "It does not say what happened.") from refusal

    def _message(self, record: Mapping[str, Any]) -> str:
        if self.meaning.message:
            told = meanings.written(record.get(self.meaning.message))
            if not told:
                raise Unfit("incomplete", "It has no id of its own, and its column says that all have one.")
            return told
        # Without ids a record is known by what it says; the same twice in one file happened twice.
        content = msgspec.json.encode(record, enc_hook=str, order="deterministic")
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        self.repeats[digest] = nth = self.repeats.get(digest, 0) + 1
        return f"content:{digest}:{nth}"

    def _who(self, record: Mapping[str, Any]) -> list[Identifier]:
        found = []
        for kind, told in self.meaning.identifiers.items():
            where = meanings.phone(told)
            if value := meanings.written(record.get(where.column)):
                namespace = self.origin.namespace if kind in ("user", "cookie", "device") else ""
                try:
                    found.append(identifier(kind, value, namespace, country=where.country))
                except NotAnIdentifier:
                    continue  # one that says nothing; the others may
        if not found:
            raise Unfit("not_a_customer", "Nothing in it is anything that somebody could be known by.")
        return found

    def _when(self, record: Mapping[str, Any]) -> datetime:
        told = record.get(self.at.column)
        if isinstance(told, datetime):
            return told.replace(tzinfo=told.tzinfo or self.zone).astimezone(UTC)
        if isinstance(told, str) and told.strip().isdecimal():
            told = int(told)
        if isinstance(told, str):
            try:
                told = datetime.fromisoformat(told.strip())
                return told.replace(tzinfo=told.tzinfo or self.zone).astimezone(UTC)
            except (ValueError, OverflowError):
                raise Unfit("unreadable", "It does not say when it happened in a way that can be read.") from None
        moment = moments.parsed(told)
        if moment is None:
            raise Unfit("unreadable", "It does not say when it happened in a way that can be read.")
        return moment

    def _worth(self, record: Mapping[str, Any]) -> tuple[int | None, str | None]:
        meant = self.meaning.worth
        told = meanings.written(record.get(meant.column)) if meant else ""
        if meant is None or not told:
            return None, None
        given = meant.currency
        code = (given if isinstance(given, str) else given.of(record)).upper()
        if not _CURRENCY.fullmatch(code):
            raise Unfit("unknown_currency", "It says no currency in which its worth could be counted.")
        try:
            minor = Decimal(told).scaleb(vocabulary.DIGITS.get(code, 2))
        except InvalidOperation as error:
            raise Unfit("unreadable", "Its worth is no amount.") from error
        if not minor.is_finite() or abs(minor) >= vocabulary.LARGEST_WORTH:
            raise Unfit("too_large")
        if minor != minor.to_integral_value():
            raise Unfit("finer_than_a_penny")
        return int(minor), code


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict)) else meanings.written(value)
