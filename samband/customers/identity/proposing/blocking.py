"""Which records are compared at all: those that fall together under a key, each with a bounded number of neighbours."""

from dataclasses import dataclass

import duckdb

WIDE, NARROW = 40, 10
"""A record is compared with at most so many neighbours on either side under one key, however common the key is: more
under a key that says much by itself than under two things that many share."""


@dataclass(frozen=True, slots=True)
class Key:
    """Records with the same value of `sql` fall together; where there are many, those near each other in `order`."""

    name: str
    sql: str
    order: str
    window: int = NARROW


_BY_NAME = "least(surname, given), greatest(surname, given), born, postcode, street"
_BY_PARTICULARS = "born, postcode, street, email, phone"

KEYS = (
    Key("email", "email", _BY_NAME, WIDE),
    Key("mailbox", "case when length(mailbox) > 3 then mailbox end", _BY_NAME, WIDE),
    Key("phone", "phone", _BY_NAME, WIDE),
    Key("card", "card", _BY_NAME, WIDE),
    Key("born", "born", _BY_NAME, WIDE),
    Key(
        "names",
        "least(given_bones, surname_bones) || ' ' || greatest(given_bones, surname_bones)",
        _BY_PARTICULARS,
        WIDE,
    ),
    Key("surname and birthday", "surname_bones || ' ' || substr(born, 5)", _BY_PARTICULARS),
    Key("given name and birthday", "given_bones || ' ' || substr(born, 5)", _BY_PARTICULARS),
    Key("surname and year", "surname_bones || ' ' || left(born, 4)", _BY_PARTICULARS),
    Key("given name and year", "given_bones || ' ' || left(born, 4)", _BY_PARTICULARS),
    Key("surname and postcode", "surname_bones || ' ' || postcode", _BY_PARTICULARS),
    Key("given name and postcode", "given_bones || ' ' || postcode", _BY_PARTICULARS),
    Key("surname and city", "surname_bones || ' ' || city_bones", _BY_PARTICULARS),
    Key("given name and city", "given_bones || ' ' || city_bones", _BY_PARTICULARS),
    Key("street", "street_bones || ' ' || house", _BY_NAME),
)
"""Every key is a rare thing or two common ones, so that blocks stay small; a slip in one leaves another whole."""

_WINDOWED = """
insert into near
with keyed as (
    select number, "group", {sql} as block,
        row_number() over (partition by {sql} order by {order}, number) as place
    from people where {sql} is not null
), shelved as (select *, place // {window} as shelf from keyed)
select least(a.number, b.number), greatest(a.number, b.number)
from shelved a join shelved b on a.block = b.block and b.shelf = a.shelf
where a.place < b.place and a."group" <> b."group"
union all
select least(a.number, b.number), greatest(a.number, b.number)
from shelved a join shelved b on a.block = b.block and b.shelf = a.shelf + 1
where b.place - a.place <= {window} and a."group" <> b."group"
"""


def bring_together(session: duckdb.DuckDBPyConnection) -> int:
    """Fill the table `pairs` with every two records to compare, once each; how many there are."""
    session.execute("create table near (a bigint, b bigint)")
    for key in KEYS:
        session.execute(_WINDOWED.format(sql=key.sql, order=key.order, window=key.window))
    session.execute("create table pairs as select distinct a, b from near")
    session.execute("drop table near")
    return int(session.execute("select count(*) from pairs").fetchall()[0][0])
