from django.db import migrations

# The commands look before they write; this is for whoever comes between the look and the write, and for whoever
# writes past the commands. Whoever changes a line holds its cart's row, so the count is exact.
GUARD = """
create function cart_guard_line() returns trigger language plpgsql as $$
begin
    if (select state from cart_cart where id = new.cart_id) <> 'open' then
        raise exception 'a closed cart does not change' using errcode = 'check_violation', constraint = 'cart_line_open';
    end if;
    if tg_op = 'INSERT' and (select count(*) from cart_cartline where cart_id = new.cart_id) > 200 then
        raise exception 'a cart has 200 lines at most' using errcode = 'check_violation', constraint = 'cart_line_most';
    end if;
    return null;
end $$;
create trigger cart_line_guarded after insert or update of quantity on cart_cartline
for each row execute function cart_guard_line();
"""


class Migration(migrations.Migration):
    dependencies = [("cart", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARD, "drop trigger cart_line_guarded on cart_cartline; drop function cart_guard_line();")
    ]
