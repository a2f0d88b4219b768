from django.db import migrations

# Django puts an index for patterns beside every key that is text. Nobody looks for the beginning of these, and every
# parcel pays for keeping it.
UNUSED = (("fulfillment_fulfillment_number_375cd034_like", "fulfillment_fulfillment", "number"),)


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0006_what_lies")]

    operations = [
        migrations.RunSQL(
            f"drop index if exists {name}", f"create index if not exists {name} on {table} ({column} text_pattern_ops)"
        )
        for name, table, column in UNUSED
    ]
