from importlib import import_module

from django.db import migrations

KNOWING = import_module("samband.customers.identity.migrations.0005_knowing")

# A session keeps the plans of these. Joins that were planned while the tables were known to be empty go through the
# whole of them ever after, for each row; a subselect that yields one value is looked up by its index each time. And so
# there is nothing to plan again, as these are asked for every group of what is captured.
FUNCTIONS = """
create or replace function identity_know(
    keys uuid[], kinds smallint[], namespaces text[], vals text[], seen timestamptz)
returns table (key uuid, id bigint)
language plpgsql volatile rows 100
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
begin
    return query
    with asked as materialized (
        select a.key, a.kind, a.namespace, a.value, (select i.id from identity_identifier i where i.key = a.key) as id
        from unnest(keys, kinds, namespaces, vals) as a (key, kind, namespace, value)
    ),
    fresh as (
        insert into identity_identifier (kind, namespace, value, key, customer, first_seen)
        select kind, namespace, value, key, key, seen from asked
        where id is null
        order by key
        on conflict (key) do nothing
        returning identity_identifier.key, identity_identifier.id
    )
    select key, id from asked where id is not null union all select key, id from fresh;
end $$;

create or replace function identity_assert(
    ones bigint[], others bigint[], rules text[], sources text[], moments timestamptz[])
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
        where (select x.erased_at is null from identity_identifier x where x.id = t.a)
          and (select y.erased_at is null from identity_identifier y where y.id = t.b)
          and (select e.id from identity_assertion e
               where e.a = t.a and e.b = t.b and e.rule = t.rule and e.source = t.source) is null
        order by t.a, t.b, t.rule, t.source
        on conflict (a, b, rule, source) do nothing
        returning id
    )
    insert into identity_pending (assertion) select id from fresh returning assertion;
end $$;
"""
AS_BEFORE = KNOWING.FUNCTIONS.replace("create function", "create or replace function")


class Migration(migrations.Migration):
    dependencies = [("identity", "0006_planned_each_time")]

    operations = [migrations.RunSQL(FUNCTIONS, AS_BEFORE)]
