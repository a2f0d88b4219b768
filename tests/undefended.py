"""A table without its defences, inside a transaction that is rolled back: do the books find what they would stop?"""

from typing import Any


def undefend(cursor: Any, *tables: str) -> None:
    """No triggers of ours and no foreign keys on these tables; the table's owner may do that, superuser or not."""
    cursor.execute("set constraints all immediate")
    for table in tables:
        cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(
            "select conname from pg_constraint where conrelid = %s::text::regclass and contype = 'f'", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'alter table {table} drop constraint "{name}"')
