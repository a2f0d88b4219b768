"""Migrations run while the shop is open: programs of the version before go on with the tables they find afterwards.

So a migration only adds. What takes something away is two releases' work: first nothing uses it any more, then it goes,
and the migration that takes it says in `AFTER` the release since which nobody uses it.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration

from tests.house import migrations_of_0_3_0

TAKES_AWAY = re.compile(
    r"\b(drop\s+(table|column|view|schema)|rename\s+(to|column)|alter\s+column\s+\S+\s+(type|set\s+not\s+null)"
    r"|set\s+not\s+null|truncate|lock\s+table)\b",
    re.IGNORECASE,
)
ONLY_ADDS = (
    migrations.CreateModel,
    migrations.AddField,
    migrations.AddIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RemoveIndex,
    migrations.RunSQL,
    migrations.RunPython,
    migrations.SeparateDatabaseAndState,
    migrations.AddConstraint,
)


def since_0_3_0() -> Iterator[tuple[str, Migration]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if migration.__module__.startswith("samband.") and f"{app}.{name}" not in migrations_of_0_3_0.NAMES:
            yield f"{app}.{name}", migration


def wrong(migration: Migration) -> Iterator[str]:
    """What programs of before would stumble over, or everybody would wait for."""
    made = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
    for one in migration.operations:
        about = getattr(one, "model_name", "").lower()
        if not isinstance(one, ONLY_ADDS):
            yield f"{type(one).__name__} does more than add"
        elif isinstance(one, migrations.AddField) and about not in made and not _may_be_left_out(one.field):
            yield f"{about}.{one.name}: programs of before do not write it, so it is null or has a default there"
        elif isinstance(one, migrations.AddConstraint) and about not in made and not _of_new_columns(one, migration):
            yield f"{about}: a constraint on what programs of before write"
        elif isinstance(one, migrations.RunSQL) and (found := TAKES_AWAY.search(_text(one.sql))):
            yield f"its SQL says {found[0]!r}"


def _may_be_left_out(field: models.Field) -> bool:
    return field.null or field.has_db_default() or field.many_to_many is True


def _of_new_columns(one: migrations.AddConstraint, migration: Migration) -> bool:
    added = {
        each.name for each in migration.operations
        if isinstance(each, migrations.AddField) and each.model_name.lower() == one.model_name.lower()
    }  # fmt: skip
    return bool(added) and any(name in repr(one.constraint) for name in added)


def _text(sql: object) -> str:
    return sql if isinstance(sql, str) else " ".join(map(str, sql))  # type: ignore[call-overload]


@pytest.mark.parametrize(("name", "migration"), [pytest.param(*one, id=one[0]) for one in since_0_3_0()])
def test_a_migration_only_adds(name, migration):
    after = getattr(migration, "AFTER", None)
    assert after or list(wrong(migration)) == []


def test_what_takes_away_would_be_seen():
    class Rude(Migration):
        operations: ClassVar = [
            migrations.RemoveField("order", "total"),
            migrations.RenameField("order", "state", "status"),
            migrations.AddField("order", "needed", models.TextField()),
            migrations.RunSQL("alter table orders_order drop column total"),
            migrations.AddConstraint("order", models.CheckConstraint(condition=models.Q(total__gt=0), name="paid")),
        ]

    assert len(list(wrong(Rude("rude", "orders")))) == 5


def test_what_adds_is_let_through():
    class Polite(Migration):
        operations: ClassVar = [
            migrations.CreateModel(
                "Note", [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]
            ),
            migrations.AddField("note", "by", models.TextField()),
            migrations.AddField("order", "note", models.TextField(null=True)),
            migrations.AddField("order", "parts", models.IntegerField(db_default=0)),
        ]

    assert list(wrong(Polite("polite", "orders"))) == []
