from django.db import migrations

# Django puts an index for patterns beside every key that is text. Nobody looks for the beginning of these, and every
# event pays for keeping it.
UNUSED = (("timeline_entry_key_58007375_like", "timeline_entry", "key"),)


class Migration(migrations.Migration):
    dependencies = [("timeline", "0004_what_an_entry_followed_from")]

    operations = [
        migrations.RunSQL(
            f"drop index if exists {name}", f"create index if not exists {name} on {table} ({column} text_pattern_ops)"
        )
        for name, table, column in UNUSED
    ]
