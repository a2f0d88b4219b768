from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_claim")]

    operations = [
        # The story is never changed. What made a repeat a repeat is no part of it: a key that somebody else made up,
        # and a hash of what was asked, go in time and with the person who asked.
        migrations.RunSQL(
            """
            create function timeline_guard_entry() returns trigger language plpgsql as $$
            begin
                if tg_op = 'DELETE' or new.key is not null or new.asked is not null
                    or (new.position, new.name, new.subject, new.customer_id, new.payload, new.recorded_at)
                    is distinct from
                    (old.position, old.name, old.subject, old.customer_id, old.payload, old.recorded_at) then
                    raise exception 'timeline_entry is append-only' using errcode = 'restrict_violation';
                end if;
                return new;
            end $$;
            drop trigger timeline_entry_append_only on timeline_entry;
            create trigger timeline_entry_append_only before update or delete on timeline_entry
            for each row execute function timeline_guard_entry();
            """,
            """
            drop trigger timeline_entry_append_only on timeline_entry;
            drop function timeline_guard_entry();
            create trigger timeline_entry_append_only before update or delete on timeline_entry
            for each row execute function refuse_change();
            """,
        ),
        # Only what is to be forgotten is in it, so that looking for the old ones does not read the whole story.
        migrations.RunSQL(
            """
            create index entry_keys_from_outside on timeline_entry (position) where key is not null
            and split_part(key, ':', 1) in ('check_out', 'pay', 'change_address', 'change_slot', 'take_off',
                                            'propose_substitute', 'agree_to_substitute');
            """,
            "drop index entry_keys_from_outside;",
        ),
    ]
