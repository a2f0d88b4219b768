from django.db import migrations

TABLES = ("market", "vatrate", "skuvatclass", "pricelist", "price", "shippingrate")

# The count is taken before the change, so whoever changes prices queues here first and never deadlocks further on.
COUNT_CHANGES = """
alter table pricing_pricelist add constraint price_list_market_currency
    foreign key (market_id, currency) references pricing_market (code, currency);
create function pricing_count_change() returns trigger language plpgsql as $$
begin
    insert into pricing_edition (id, number) values (1, 1)
    on conflict (id) do update set number = pricing_edition.number + 1;
    return null;
end $$;
""" + "".join(
    f"create trigger pricing_{table}_counted before insert or update or delete on pricing_{table} "
    "for each statement execute function pricing_count_change();\n"
    for table in TABLES
)

STOP_COUNTING = (
    "".join(f"drop trigger pricing_{table}_counted on pricing_{table};\n" for table in TABLES)
    + "drop function pricing_count_change(); alter table pricing_pricelist drop constraint price_list_market_currency;"
)


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]

    operations = [migrations.RunSQL(COUNT_CHANGES, STOP_COUNTING)]
