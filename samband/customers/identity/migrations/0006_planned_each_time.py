from django.db import migrations

# Since PostgreSQL 18 a session keeps the plans of functions in SQL. Made while a house was all but empty, they went
# through the whole of each table, and a hundred thousand later it took two hundred times as long, until somebody
# analysed the tables. Planned for each call, as before 18, they see how large the tables are by now.
FUNCTIONS = (
    "identity_neighbours(bigint[], integer)",
    "identity_gather(bigint[], bigint[], smallint[])",
    "identity_edges(bigint[], bigint[])",
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0005_knowing")]

    operations = [
        migrations.RunSQL(
            [f"alter function {one} set plan_cache_mode = force_custom_plan" for one in FUNCTIONS],
            [f"alter function {one} reset plan_cache_mode" for one in FUNCTIONS],
        )
    ]
