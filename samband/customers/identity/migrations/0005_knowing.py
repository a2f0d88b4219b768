from django.db import migrations

# What is known is looked up over its indexes, one by one, however small the tables were when the statement was compiled:
# a house that begins is empty for the first of its sessions, and a plan that reads all of a table stays with them.
FUNCTIONS = """
create function identity_know(keys uuid[], kinds smallint[], namespaces text[], vals text[], seen timestamptz)
returns table (key uuid, id bigint)
language plpgsql volatile rows 100
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
begin
    return query
    with asked as materialized (
        select * from unnest(keys, kinds, namespaces, vals) as a (key, kind, namespace, value)
    ),
    known as materialized (
        select i.key, i.id from asked join identity_identifier i using (key)
    ),
    fresh as (
        insert into identity_identifier (kind, namespace, value, key, customer, first_seen)
        select kind, namespace, value, key, key, seen from asked
        where not exists (select from known where known.key = asked.key)
        order by key
        on conflict (key) do nothing
        returning identity_identifier.key, identity_identifier.id
    )
    select key, id from known union all select key, id from fresh;
end $$;

create function identity_assert(ones bigint[], others bigint[], rules text[], sources text[], moments timestamptz[])
returns setof bigint
language plpgsql volatile rows 100
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
begin
    return query
    with told as materialized (
        select least(a, b) as a, greatest(a, b) as b, rule, source, min(at) as at
        from unnest(ones, others, rules, sources, moments) as t (a, b, rule, source, at)
        where a <> b
        group by 1, 2, 3, 4
    ),
    fresh as (
        insert into identity_assertion (a, b, rule, source, first_at)
        select t.a, t.b, t.rule, t.source, t.at from told t
        join identity_identifier x on x.id = t.a and x.erased_at is null
        join identity_identifier y on y.id = t.b and y.erased_at is null
        where not exists (
            select from identity_assertion e
            where e.a = t.a and e.b = t.b and e.rule = t.rule and e.source = t.source)
        order by t.a, t.b, t.rule, t.source
        on conflict (a, b, rule, source) do nothing
        returning id
    )
    insert into identity_pending (assertion) select id from fresh returning assertion;
end $$;
"""

AWAY = """
drop function identity_assert(bigint[], bigint[], text[], text[], timestamptz[]);
drop function identity_know(uuid[], smallint[], text[], text[], timestamptz);
"""


class Migration(migrations.Migration):

    dependencies = [("identity", "0004_which_secret")]

    operations = [migrations.RunSQL(FUNCTIONS, AWAY)]
