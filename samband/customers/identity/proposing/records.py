"""What is compared: what people told us of themselves, in plain letters, in tables of an embedded DuckDB."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path

import duckdb
import psutil
import pyarrow  # type: ignore[import-untyped]

from .nicknames import NICKNAMES

ROWS_AT_ONCE = 50_000
SPILL = "samband-match-"
MEMORY_MB = 2_000
"""What comparing may take at most; what does not fit is spilled into a folder of our own that goes when it ends."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says of one person. `number` counts records; those of one `group` are one customer's already.

    `name` is a whole name; `given` and `surname` are used where a source keeps them apart. `born` is YYYYMMDD,
    `phone` in E.164, `card` a number that a person carries (loyalty, membership). Empty means not known.
    """

    number: int
    group: str
    name: str = ""
    given: str = ""
    surname: str = ""
    email: str = ""
    phone: str = ""
    born: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    card: str = ""


COLUMNS = tuple(field.name for field in fields(Record))

_MACROS = r"""
create macro letters(x) as
    translate(strip_accents(lower(x)), 'ðþæøłđßıς', 'dtaoldsiσ');
create macro plain(x) as
    nullif(trim(regexp_replace(letters(x), '[^\p{L}\p{N}]+', ' ', 'g')), '');
create macro closed(x) as nullif(regexp_replace(letters(x), '[^\p{L}\p{N}]+', '', 'g'), '');
create macro single(x) as
    array_to_string(list_filter(string_split(x, ''), lambda c, i: i = 1 or c <> x[i - 1]), '');
create macro bones(x) as
    -- the first letter and the consonants after it, none twice running: what a slip of the pen mostly leaves alone
    left(x, 1) || single(regexp_replace(substr(x, 2), '[aeiouyαειουηωhj ]', '', 'g'));
"""

# One row a record; a field that says nothing is null, never empty. Of a whole name the first and last word count.
FILLED = ("given", "surname", "email", "phone", "born", "postcode", "city", "card")

# What one record of a customer leaves open, another of the same customer may say: the value that most of them give.
_FILL = """
update told set {column} = known.said
from (
    select "group", arg_max(said, (often, said)) as said from (
        select "group", {column} as said, count(*) as often
        from told where {column} is not null group by all
    ) group by all
) known
where told."group" = known."group" and told.{column} is null
"""

_TOLD = r"""
create table told as
with worded as (
    select *, string_split(plain(name), ' ') as words from came
), named as (
    select number, "group",
        coalesce(closed(given), closed(words[1])) as given,
        coalesce(closed(surname), case when len(words) > 1 then closed(words[-1]) end) as surname,
        nullif(lower(trim(email)), '') as email,
        nullif(regexp_replace(phone, '[^0-9+]', '', 'g'), '') as phone,
        case when regexp_full_match(born, '[0-9]{8}') then born end as born,
        plain(regexp_replace(line1, '[0-9]+\s?[a-zA-Z]?\b', ' ', 'g')) as street,
        nullif(regexp_extract(line1, '[0-9]+'), '') as house,
        plain(line2) as line2,
        closed(postcode) as postcode,
        plain(city) as city,
        closed(card) as card
    from worded
)
select number, "group", given, coalesce(nick.formal, given) as formal, surname, email,
    nullif(regexp_replace(split_part(email, '@', 1), '[^\p{L}\p{N}]+', '', 'g'), '') as mailbox, phone, born,
    street, house, line2, postcode, city, card
from named left join nicknames nick on nick.nick = named.given
"""

_PEOPLE = """
create table people as
select told.*, given || ' ' || surname as full_name, coalesce(nick.formal, surname) as turned,
    regexp_replace(mailbox, '[^0-9]', '', 'g') as digits,
    bones(told.formal) as given_bones, bones(surname) as surname_bones, bones(street) as street_bones,
    bones(city) as city_bones
from told left join nicknames nick on nick.nick = surname
"""


@contextmanager
def workshop(memory_mb: int = MEMORY_MB, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An embedded DuckDB that keeps nothing: no file, no network, no extension, and no trace when it is left."""
    _sweep()
    spill = Path(tempfile.mkdtemp(prefix=f"{SPILL}{os.getpid()}-"))
    try:
        with duckdb.connect(":memory:") as session:
            session.execute("set autoinstall_known_extensions = false")
            session.execute("set allow_community_extensions = false")
            session.execute(f"set memory_limit = '{memory_mb}MB'")
            session.execute(f"set temp_directory = '{spill}'")
            session.execute("set preserve_insertion_order = false")
            session.execute(f"set threads = {threads or os.cpu_count() or 1}")
            session.execute(_MACROS)
            yield session
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _sweep() -> None:
    """Take away what a comparing that was killed had spilled."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SPILL}*"):
        owner = folder.name.removeprefix(SPILL).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def lay_out(session: duckdb.DuckDBPyConnection, records: Iterable[Record]) -> int:
    """Make the table `people` of the records, a customer's filling each other's gaps; how many there are."""
    session.execute(f"create table came ({', '.join(_typed())})")
    session.execute("create table nicknames (nick text, formal text)")
    session.executemany("insert into nicknames values (?, ?)", [list(pair) for pair in NICKNAMES.items()])
    coming, count = iter(records), 0
    while batch := list(islice(coming, ROWS_AT_ONCE)):
        session.register("batch", pyarrow.table({name: [getattr(one, name) for one in batch] for name in COLUMNS}))
        session.execute("insert into came select * from batch")
        session.unregister("batch")
        count += len(batch)
    session.execute(_TOLD)
    session.execute("drop table came")
    for column in FILLED:
        session.execute(_FILL.format(column=column))
    session.execute(_PEOPLE)
    session.execute("drop table told")
    return count


def _typed() -> Iterator[str]:
    return (f'"{name}" {"bigint" if name == "number" else "text"}' for name in COLUMNS)
