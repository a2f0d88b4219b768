from django.db import migrations, models

# Not logged: nobody waits for the disk to be counted. The low fill lets a count be renewed where it lies.
CREATE = """
create unlogged table tries_tried (
    who bytea primary key,
    spent integer not null,
    over_at timestamptz not null
) with (fillfactor = 50);
create index tried_over on tries_tried (over_at);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            CREATE,
            "drop table tries_tried",
            state_operations=[
                migrations.CreateModel(
                    name="Tried",
                    fields=[
                        ("who", models.BinaryField(primary_key=True, serialize=False)),
                        ("spent", models.IntegerField()),
                        ("over_at", models.DateTimeField()),
                    ],
                    options={"indexes": [models.Index(fields=["over_at"], name="tried_over")]},
                ),
            ],
        ),
    ]
