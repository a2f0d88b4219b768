from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        # A volatile function sees, in each of its statements, what has been committed by then: so the second one sees
        # what whoever held the lock has recorded, and both take one round trip.
        migrations.RunSQL(
            """
            create function timeline_claim(full_key text) returns table (name text, payload text, asked bytea)
            language plpgsql volatile as $$
            begin
                perform pg_advisory_xact_lock(hashtextextended(full_key, 1));
                return query select e.name, e.payload::text, e.asked from timeline_entry e where e.key = full_key;
            end $$;
            """,
            "drop function timeline_claim(text);",
        ),
    ]
