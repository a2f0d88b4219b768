from django.db import migrations, models

# The planner knows nothing of how far a walk goes; whatever it guesses, the way is always one by one over the indexes,
# and never through the whole of a table. Compiling the statement would take longer than doing it.
FUNCTIONS = """
create function identity_neighbours(numbers bigint[], enough integer)
returns table (number bigint, kind smallint, namespace text, neighbours bigint)
language sql stable rows 1000
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
    select n.number, i.kind, i.namespace, count(*)
    from unnest(numbers) as n (number)
    cross join lateral (
        (select distinct e.b as other from identity_assertion e
         where e.a = n.number and e.rule <> 'different'
           and not exists (select from identity_retraction r where r.assertion = e.id and r.restored_at is null)
         order by e.b limit enough)
        union all
        (select distinct e.a from identity_assertion e
         where e.b = n.number and e.rule <> 'different'
           and not exists (select from identity_retraction r where r.assertion = e.id and r.restored_at is null)
         order by e.a limit enough)
    ) near
    join identity_identifier i on i.id = near.other and i.erased_at is null
    group by 1, 2, 3
$$;

create function identity_gather(seeds bigint[], opened bigint[], handed_on smallint[])
returns table (number bigint, kind smallint, namespace text, key uuid, customer uuid, shared boolean, marked boolean)
language sql stable rows 10000
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
    with recursive walk (number, kind, closed) as (
        select i.id, i.kind, (i.shared or i.marked) and not i.id = any(opened)
        from unnest(seeds) as s (number) join identity_identifier i on i.id = s.number
        where i.erased_at is null
      union
        select i.id, i.kind, (i.shared or i.marked) and not i.id = any(opened)
        from walk w
        cross join lateral (
            select e.id, e.b as other, e.rule from identity_assertion e
            where not w.closed and e.a = w.number and e.rule <> 'different'
          union all
            select e.id, e.a, e.rule from identity_assertion e
            where not w.closed and e.b = w.number and e.rule <> 'different'
          union all
            select e.id, e.b, e.rule from identity_assertion e
            where w.closed and e.a = w.number and e.rule in ('same', 'different', 'verified')
              and (e.rule = 'same' or (e.rule = 'verified' and w.kind <> all(handed_on)))
          union all
            select e.id, e.a, e.rule from identity_assertion e
            where w.closed and e.b = w.number and e.rule in ('same', 'different', 'verified')
              and (e.rule = 'same' or (e.rule = 'verified' and w.kind <> all(handed_on)))
        ) n
        join identity_identifier i on i.id = n.other
        where i.erased_at is null
          and (not (i.shared or i.marked) or i.id = any(opened)
               or n.rule = 'same' or (n.rule = 'verified' and i.kind <> all(handed_on)))
          and not exists (select from identity_retraction r where r.assertion = n.id and r.restored_at is null)
    )
    select i.id, i.kind, i.namespace, i.key, i.customer, i.shared, i.marked
    from walk w join identity_identifier i on i.id = w.number
$$;

create function identity_edges(open bigint[], closed bigint[])
returns table (id bigint, a bigint, b bigint, rule text)
language sql stable rows 10000
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
    select e.id, e.a, e.b, e.rule
    from unnest(open) as n (number) join identity_assertion e on e.a = n.number
    where not exists (select from identity_retraction r where r.assertion = e.id and r.restored_at is null)
  union all
    select e.id, e.a, e.b, e.rule
    from unnest(closed) as n (number) join identity_assertion e on e.a = n.number
    where e.rule in ('same', 'different', 'verified')
      and not exists (select from identity_retraction r where r.assertion = e.id and r.restored_at is null)
$$;
"""

AWAY = """
drop function identity_edges(bigint[], bigint[]);
drop function identity_gather(bigint[], bigint[], smallint[]);
drop function identity_neighbours(bigint[], integer);
"""


class Migration(migrations.Migration):

    dependencies = [("identity", "0001_identifiers_and_assertions")]

    operations = [
        migrations.AddField(model_name='assertion', name='reason', field=models.TextField(db_default='')),
        migrations.RunSQL(FUNCTIONS, AWAY),
    ]
