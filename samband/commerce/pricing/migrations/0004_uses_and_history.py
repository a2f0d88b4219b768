from django.db import migrations

# Uses are reserved in one statement for the client. Everybody goes through tallies, coupons and customers in the same
# order, so that two who want the last of something wait and never deadlock. Promotions are locked for their keys first
# (the foreign key would do so at the end only): whoever gives one a limit locks its row, and then counts what is there.
RESERVE = """
create function pricing_reserve_uses(
    p_order uuid, p_customer uuid, p_promotions text[], p_coupons text[], p_at timestamptz
) returns table (short_promotion text, short_coupon text) language plpgsql as $$
declare
    asked record;
    asked_promotions text[];
    asked_coupons text[];
begin
    perform from pricing_promotionrow where code = any(p_promotions) order by code for key share;
    with reserved as (
        insert into pricing_promotionuse as known (order_id, promotion_id, coupon, customer_id, state, at)
        select p_order, one.promotion, one.coupon, p_customer, 'reserved', p_at
        from unnest(p_promotions, p_coupons) as one (promotion, coupon) order by one.promotion
        on conflict (order_id, promotion_id) do update
            set state = 'reserved', coupon = excluded.coupon, customer_id = excluded.customer_id, at = excluded.at
            where known.state = 'freed'
        returning promotion_id, coupon
    )
    select array_agg(promotion_id), array_agg(coupon) into asked_promotions, asked_coupons from reserved;

    for asked in
        select t.promotion_id, one.coupon from pricing_tally t
        join unnest(asked_promotions, asked_coupons) as one (promotion, coupon) on one.promotion = t.promotion_id
        order by t.promotion_id for update of t
    loop
        update pricing_tally set taken = taken + 1
        where promotion_id = asked.promotion_id and (limit_total is null or taken < limit_total);
        if not found then
            short_promotion := asked.promotion_id; short_coupon := asked.coupon; return next;
        end if;
    end loop;

    for asked in
        select c.code, c.promotion_id from pricing_coupon c
        where c.code = any(asked_coupons) and c.limit_total is not null order by c.code for update of c
    loop
        update pricing_coupon set taken = taken + 1 where code = asked.code and taken < limit_total;
        if not found then
            short_promotion := asked.promotion_id; short_coupon := asked.code; return next;
        end if;
    end loop;

    for asked in
        select 'coupon' as kind, c.code, c.promotion_id as promotion, c.code as coupon, c.limit_per_customer as most
        from pricing_coupon c where c.code = any(asked_coupons) and c.limit_per_customer is not null
        union all
        select 'promotion', t.promotion_id, t.promotion_id, one.coupon, t.limit_per_customer from pricing_tally t
        join unnest(asked_promotions, asked_coupons) as one (promotion, coupon) on one.promotion = t.promotion_id
        where t.limit_per_customer is not null
        order by kind, code
    loop
        if p_customer is not null then
            insert into pricing_customertally as known (customer_id, kind, code, taken)
            values (p_customer, asked.kind, asked.code, 1)
            on conflict (customer_id, kind, code) do update set taken = known.taken + 1
                where known.taken < asked.most;
        end if;
        if p_customer is null or not found then
            short_promotion := asked.promotion; short_coupon := asked.coupon; return next;
        end if;
    end loop;
end $$;
"""

FREE = """
create function pricing_free_uses(p_order uuid) returns integer language plpgsql as $$
declare
    freed_promotions text[];
    freed_coupons text[];
    freed_customer uuid;
begin
    perform from pricing_promotionrow
    where code in (select promotion_id from pricing_promotionuse where order_id = p_order)
    order by code for key share;
    with freed as (
        update pricing_promotionuse set state = 'freed' where order_id = p_order and state <> 'freed'
        returning promotion_id, coupon, customer_id
    )
    select array_agg(promotion_id), array_agg(coupon), (array_agg(customer_id))[1]
    into freed_promotions, freed_coupons, freed_customer from freed;

    perform from pricing_tally where promotion_id = any(freed_promotions) order by promotion_id for update;
    update pricing_tally set taken = taken - 1 where promotion_id = any(freed_promotions);
    perform from pricing_coupon
    where code = any(freed_coupons) and limit_total is not null order by code for update;
    update pricing_coupon set taken = taken - 1 where code = any(freed_coupons) and limit_total is not null;
    update pricing_customertally set taken = taken - 1
    where customer_id = freed_customer and (kind = 'promotion' and code = any(freed_promotions)
        or kind = 'coupon' and code = any(freed_coupons));
    return coalesce(cardinality(freed_promotions), 0);
end $$;
"""

COUNTED = "".join(
    f"create trigger pricing_{table}_counted before insert or update or delete on pricing_{table} "
    "for each statement execute function pricing_count_change();\n"
    for table in ("promotionrow", "skucategory")
)

HISTORY = ("pricechange", "listchange", "promotionchange")
APPEND_ONLY = (
    "create function pricing_refuse_change() returns trigger language plpgsql as"
    " $$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$;\n"
) + "".join(
    f"create trigger pricing_{table}_append_only before update or delete on pricing_{table} "
    "for each row execute function pricing_refuse_change();\n"
    for table in HISTORY
)

# What is charged when history begins.
BEGIN = """
insert into pricing_pricechange (sku, price_list, amount, at) select sku, price_list_id, amount, now() from pricing_price;
insert into pricing_listchange (price_list, definition, at)
select code, jsonb_build_object('currency', currency, 'market', market_id, 'channel', channel,
    'customer_group', customer_group, 'includes_vat', includes_vat, 'valid_from', valid_from,
    'valid_until', valid_until, 'priority', priority), now() from pricing_pricelist;
"""

UNDO = (
    "".join(f"drop trigger pricing_{table}_append_only on pricing_{table};\n" for table in HISTORY)
    + "drop function pricing_refuse_change();\n"
    + "".join(
        f"drop trigger pricing_{table}_counted on pricing_{table};\n" for table in ("promotionrow", "skucategory")
    )
    + "drop function pricing_free_uses(uuid);\n"
    + "drop function pricing_reserve_uses(uuid, uuid, text[], text[], timestamptz);\n"
)


class Migration(migrations.Migration):
    dependencies = [("pricing", "0003_promotions")]

    operations = [migrations.RunSQL(RESERVE + FREE + BEGIN + COUNTED + APPEND_ONLY, UNDO)]
