"""What some orders left in every table, written down as patterns, and copied by whole sets.

Every id, number, address and key of the pattern becomes a text with places for what tells one copy from the next:
`p` the moment (the first 48 bits of a UUID version 7), `s` the copy, `r` the copy strewn over all numbers, `k` the same
in letters that people read. Moments are moved back by whole days.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from samband.kernel.ids import READABLE

from .house import BenchFailed

TABLES = (
    "accounts_customer", "accounts_address", "accounts_contact", "cart_cart", "cart_cartline", "orders_order",
    "orders_ordergroup", "orders_orderline", "inventory_hold", "inventory_holdline", "inventory_move",
    "payments_intent", "payments_operation", "payments_movement", "payments_sandboxcharge",
    "payments_sandboxoperation", "payments_giftcard", "payments_giftcardentry", "fulfillment_fulfillment",
    "fulfillment_fulfillmentline", "pricing_promotionuse", "messaging_message", "identity_identifier",
    "identity_assertion", "touchpoints_touchpoint", "touchpoints_seen", "profiles_profile", "timeline_entry",
)  # fmt: skip
"""What grows with orders, in an order in which it can be written."""

COUNTERS = frozenset(
    "inventory_level pricing_tally pricing_coupon pricing_promotionrow pricing_promotionchange pricing_edition"
    " identity_edition touchpoints_source touchpoints_eventname touchpoints_lifetime catalog_revision"
    " django_session".split()
)
"""What changes with orders, but does not grow with them; whoever copies brings the counts up to date."""

NUMBERED = {
    ("identity_identifier", "id"), ("identity_assertion", "a"), ("identity_assertion", "b"),
    ("touchpoints_touchpoint", "identifier"), ("touchpoints_touchpoint", "device"),
}  # fmt: skip
"""Columns with the number of an identifier; other counted ids are left to their tables."""

SECRETS = {("payments_giftcard", "code_hash"), ("fulfillment_fulfillment", "pickup_code")}
"""Texts of which there may be only one, and which stand nowhere else."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(rf"[{READABLE}]{{5}}-?[{READABLE}]{{5}}")
_EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")
_CHARGE = re.compile(r"ch_[\w-]{24}")
_TEXTS = frozenset({"text", "jsonb", "uuid", "_uuid", "_text"})
_PLACES = ("~p~", "~s~", "~r~", "~k~")
_STREWN = 0x9E3779B1
"""Odd: multiplied by it, every number of 32 bits becomes another one."""


@dataclass(frozen=True)
class Pattern:
    """The rows that some orders left in a table, kept in an unlogged table, and the statement that copies them."""

    table: str
    rows: int
    copy: sql.Composed


@dataclass
class Block:
    """All that some orders left, as patterns; `stride` is how many identifiers one copy has."""

    orders: int
    patterns: list[Pattern] = field(default_factory=list)
    stock: list[tuple[str, str, int, int]] = field(default_factory=list)
    uses: list[tuple[str, str, int]] = field(default_factory=list)
    stride: int = 0


def mark() -> int:
    """A moment in the life of the database: what is written from now on was written after it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def learn(since: int, name: str) -> Block:
    """Write down as patterns what was written since a mark. Raises BenchFailed if it is in a table nobody knows."""
    _only_known(since)
    found = {table: _rows_since(table, since) for table in TABLES}
    own = _Own(found)
    block = Block(len(found["orders_order"][1]))
    first, last = _extremes(found["identity_identifier"])
    block.stride = last - first + 1
    for table, (columns, rows) in found.items():
        if rows:
            block.patterns.append(_keep(table, columns, rows, own, name, first))
    block.stock = _stock(found)
    block.uses = _uses(found)
    return block


Columns = list[tuple[str, str]]


def _only_known(since: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if table in TABLES or table in COUNTERS or table.startswith("history_"):
                continue
            cursor.execute(
                sql.SQL("select exists (select from {} where xmin::text::bigint >= %s)").format(sql.Identifier(table)),
                [since],
            )
            if cursor.fetchone()[0] and table not in ("segments_waiting", "timeline_delivery"):
                raise BenchFailed(f"Orders leave rows in {table}, which the history does not know of.")


def _rows_since(table: str, since: int) -> tuple[Columns, list[dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.attname, t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid"
            " where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped"
            " and a.attgenerated = '' order by a.attnum",
            [table],
        )
        columns: Columns = cursor.fetchall()
        asked = sql.SQL(", ").join(
            sql.SQL("{}::text").format(sql.Identifier(name))
            if kind in _TEXTS or kind == "bytea"
            else sql.Identifier(name)
            for name, kind in columns
        )
        cursor.execute(
            sql.SQL("select {} from {} where xmin::text::bigint >= %s order by 1").format(asked, sql.Identifier(table)),
            [since],
        )
        return columns, [dict(zip((name for name, _ in columns), row, strict=True)) for row in cursor.fetchall()]


def _extremes(found: tuple[Columns, list[dict[str, Any]]]) -> tuple[int, int]:
    numbers = [row["id"] for row in found[1]] or [0]
    return min(numbers), max(numbers)


class _Own:
    """Every word by which the pattern's rows are told apart from others, and what it becomes in a copy."""

    def __init__(self, found: dict[str, tuple[Columns, list[dict[str, Any]]]]) -> None:
        foreign = frozenset(_foreign())
        self.words: dict[str, str] = {}
        texts = [
            str(row[name]) for columns, rows in found.values() for row in rows
            for name, kind in columns if kind in _TEXTS and row[name] is not None
        ]  # fmt: skip
        for uuid in sorted({match for text in texts for match in _UUID.findall(text)} - foreign):
            self.words[uuid] = _uuid(uuid)
        for row in found["orders_order"][1]:
            number = row["number"]
            copied = self._number(number, {one["number"][:-4] for one in found["orders_order"][1]})
            self.words[number] = copied
            self.words[number.replace("-", "")] = copied.replace("-", "")
        for table in ("accounts_contact", "accounts_customer"):
            for row in found[table][1]:
                if row["email"]:
                    name, _, domain = row["email"].partition("@")
                    self.words[row["email"]] = f"{name}.~s~@{domain}"
        for row in found["payments_sandboxcharge"][1]:
            self.words[row["reference"]] = row["reference"][:16] + "~s~"
        if len(set(self.words.values())) < len(self.words):
            raise BenchFailed("Two words of the pattern would become one: begin again.")

    def _number(self, number: str, taken: set[str]) -> str:
        """A number that begins as none of the pattern's does, and goes on as the copy does."""
        for letter in READABLE:
            begins = letter + number[1:-4]
            if begins not in taken and f"{begins}~k~" not in self.words.values():
                return f"{begins}~k~"
        raise BenchFailed("There are no numbers left to give to copies: begin again.")

    def become(self, text: str) -> str:
        """The text with a place wherever a copy has a word of its own."""
        for words in (_UUID, _NUMBER, _EMAIL, _CHARGE):
            text = words.sub(lambda found: self.words.get(found.group(), found.group()), text)
        return text


def _uuid(text: str) -> str:
    if text[14] == "7":
        return f"~p~{text[13:24]}{text[24:28]}~s~"
    return f"~r~{text[8:-1]}{(int(text[-1], 16) + 1) % 16:x}"


def _foreign() -> Iterator[str]:
    """Ids of what the orders only speak of: goods, places, staff."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.table_name, c.column_name from information_schema.columns c"
            " join information_schema.tables t using (table_schema, table_name)"
            " where table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'uuid'"
            " and not c.table_name = any(%s::text[])",
            [list(TABLES)],
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                sql.SQL("select distinct {0}::text from {1} where {0} is not null").format(
                    sql.Identifier(column), sql.Identifier(table)
                )
            )
            yield from (value for (value,) in cursor.fetchall())


def _keep(table: str, columns: Columns, rows: Sequence[dict[str, Any]], own: _Own, name: str, first: int) -> Pattern:
    """Put the rows into a table of patterns, and say how they are copied."""
    counted = _counted(table)
    written = [(column, kind) for column, kind in columns if column not in counted or (table, column) in NUMBERED]
    kept = sql.Identifier(f"history_{name}_{table}")
    told = {
        column: [_told(table, column, kind, row[column], own, nth) for nth, row in enumerate(rows)]
        for column, kind in written
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("drop table if exists {}").format(kept))
        cursor.execute(
            sql.SQL("create unlogged table {} ({})").format(
                kept,
                sql.SQL(", ").join(
                    sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_kept_as(kind))) for column, kind in written
                ),
            )
        )
        with cursor.copy(sql.SQL("copy {} from stdin").format(kept)) as copy:
            for nth in range(len(rows)):
                copy.write_row([told[column][nth] for column, _ in written])
        cursor.execute(sql.SQL("analyze {}").format(kept))
    becomes = [_becomes(table, column, kind, told[column], first) for column, kind in written]
    statement = sql.SQL(
        "insert into {} ({}) select {} from history_copy n cross join {} o"
        " where n.n between %(first)s::int and %(last)s::int order by n.n"
    ).format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(column) for column, _ in written),
        sql.SQL(", ").join(becomes),
        kept,
    )
    if (table, "id") in NUMBERED:
        statement = _overriding(statement)
    return Pattern(table, len(rows), statement)


def _overriding(statement: sql.Composed) -> sql.Composed:
    text = statement.as_string(None).replace(") select", ") overriding system value select", 1)
    return sql.Composed([sql.SQL(text)])


def _counted(table: str) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("select attname from pg_attribute where attrelid = %s::regclass and attidentity <> ''", [table])
        return frozenset(column for (column,) in cursor.fetchall())


def _kept_as(kind: str) -> str:
    return "text" if kind in _TEXTS or kind == "bytea" else kind


def _told(table: str, column: str, kind: str, value: Any, own: _Own, nth: int) -> Any:
    if value is None or kind not in _TEXTS:
        return value
    if (table, column) in SECRETS:
        letters = READABLE[nth // len(READABLE)] + READABLE[nth % len(READABLE)]
        return f"{letters}~k~" if column == "pickup_code" else f"{value[:-8]}~s~"
    return own.become(value)


def _becomes(table: str, column: str, kind: str, values: Sequence[Any], first: int) -> sql.Composable:
    """What a column of a copy is made of: the pattern's, with its places filled, and moved in time."""
    it = sql.SQL("o.{}").format(sql.Identifier(column))
    if (table, column) in NUMBERED:
        return sql.SQL("{} - {} + n.base").format(it, sql.Literal(first))
    if kind == "timestamptz":
        return sql.SQL("{} + n.moved").format(it)
    if kind == "bytea":
        return sql.SQL("{}::bytea").format(it)
    if kind not in _TEXTS:
        return it
    made: sql.Composable = it
    for place in _PLACES:
        if any(isinstance(value, str) and place in value for value in values):
            made = sql.SQL("replace({}, {}, n.{})").format(made, sql.Literal(place), sql.Identifier(place[1]))
    return sql.SQL("{}::{}").format(made, sql.SQL(kind if kind[0] != "_" else f"{kind[1:]}[]"))


def _stock(found: dict[str, tuple[Columns, list[dict[str, Any]]]]) -> list[tuple[str, str, int, int]]:
    """By location and SKU: how much one copy moves, and how much it goes on holding."""
    moved: dict[tuple[str, str], list[int]] = {}
    for row in found["inventory_move"][1]:
        moved.setdefault((row["location"], row["sku"]), [0, 0])[0] += row["quantity"]
    for row in found["inventory_holdline"][1]:
        moved.setdefault((row["location"], row["sku"]), [0, 0])[1] += row["left"]
    return [(location, sku, *sums) for (location, sku), sums in sorted(moved.items())]  # type: ignore[misc]


def _uses(found: dict[str, tuple[Columns, list[dict[str, Any]]]]) -> list[tuple[str, str, int]]:
    """By promotion and coupon: how often one copy makes use of it."""
    counted: dict[tuple[str, str], int] = {}
    for row in found["pricing_promotionuse"][1]:
        if row["state"] != "freed":
            key = (row["promotion_id"], row["coupon"] or "")
            counted[key] = counted.get(key, 0) + 1
    return [(*key, count) for key, count in sorted(counted.items())]


_COPIES = """
create unlogged table history_copy as
select n, %(base)s::bigint + (n - 1)::bigint * %(stride)s::bigint as base,
       -make_interval(days => days) as moved, regexp_replace(lpad(to_hex(
           (extract(epoch from now()) * 1000)::bigint - days::bigint * 86400000 + n %% 86400000), 12, '0'),
           '(.{8})(.{4})', '\\1-\\2') as p,
       lpad(to_hex(n + %(earlier)s::bigint), 8, '0') as s,
       lpad(to_hex(((n + %(earlier)s::bigint) * %(strewn)s::bigint) & 4294967295), 8, '0') as r,
       (select string_agg(substr(%(letters)s, 1 + (strewn / power %% 31)::int, 1), '' order by power)
        from unnest(array[1, 31, 961, 29791]) power) as k
from generate_series(1, %(copies)s::int) n
cross join lateral (select 1 + floor((%(copies)s::int - n)::float8 / %(copies)s::int * %(days)s::int)::int as days) t
cross join lateral (select (n + %(earlier)s::bigint) * 700001 %% 923521 as strewn) u
"""


def draw_up(block: Block, copies: int, days: int, earlier: int) -> None:
    """Write down by what so many copies are told apart, over so many days until yesterday."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists history_copy")
        cursor.execute("select coalesce(max(id), 0) + 1 from identity_identifier")
        (base,) = cursor.fetchone()
        cursor.execute(
            _COPIES,
            {"base": base, "stride": block.stride, "copies": copies, "days": days, "earlier": earlier,
             "strewn": _STREWN, "letters": READABLE},
        )  # fmt: skip
        cursor.execute("create index on history_copy (n)")
        cursor.execute("analyze history_copy")


def copy(session: psycopg.Connection[Any], block: Block, first: int, last: int) -> None:
    """Write the copies of these numbers, all of them or none."""
    with session.transaction():
        for pattern in block.patterns:
            session.execute(pattern.copy, {"first": first, "last": last})


def forget(*names: str) -> None:
    """Drop the patterns."""
    with connection.cursor() as cursor:
        for table in ("history_copy", *(f"history_{name}_{table}" for name in names for table in TABLES)):
            cursor.execute(sql.SQL("drop table if exists {}").format(sql.Identifier(table)))
