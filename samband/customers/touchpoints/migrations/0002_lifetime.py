from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Lifetime",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("token", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(
            "alter table touchpoints_lifetime set unlogged", "alter table touchpoints_lifetime set logged"
        ),
    ]
