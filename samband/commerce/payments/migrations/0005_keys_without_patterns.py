from django.db import migrations

# Django puts an index for patterns beside every key that is text. Nobody looks for the beginning of these, and every
# payment pays for keeping it.
UNUSED = (
    ("payments_operation_key_2f136444_like", "payments_operation", "key"),
    ("payments_movement_key_4a09c02a_like", "payments_movement", "key"),
    ("payments_sandboxcharge_key_dbaf1d9a_like", "payments_sandboxcharge", "key"),
    ("payments_sandboxcharge_reference_4af7f7a9_like", "payments_sandboxcharge", "reference"),
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_gift_cards_and_transfers")]

    operations = [
        migrations.RunSQL(
            f"drop index if exists {name}", f"create index if not exists {name} on {table} ({column} text_pattern_ops)"
        )
        for name, table, column in UNUSED
    ]
