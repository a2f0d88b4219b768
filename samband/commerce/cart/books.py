"""What must hold of carts."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

from .models import MOST_LINES, MOST_OF_ONE

RELATION = "select id as cart_id, customer_id, state, order_id from cart_cart"
"""Every cart that is kept; those of nobody that were left are forgotten in time."""

CHECKS = (
    Check(
        "several_open",
        "Customer {customer_id} has {carts} open carts.",
        """
select customer_id, count(*) as carts from cart_cart where state = 'open' and customer_id is not null
group by customer_id having count(*) > 1 order by 1
""",
    ),
    Check(
        "quantity",
        "Cart {cart_id} holds {quantity} of {sku}.",
        """
select cart_id, quantity, sku from cart_cartline
where quantity not between 1 and %(most)s::int order by cart_id, sku
""",
        lambda: {"most": MOST_OF_ONE},
    ),
    Check(
        "lines",
        "Cart {cart_id} has {lines} lines.",
        """
select cart_id, count(*) as lines from cart_cartline group by cart_id having count(*) > %(most)s::int order by 1
""",
        lambda: {"most": MOST_LINES},
    ),
    Check(
        "state",
        "Cart {cart_id} is {state} but {told}.",
        """
select id as cart_id, state,
       case when state = 'ordered' then 'names no order' when state = 'joined' then 'names no other cart'
            when order_id is not null then 'names an order' else 'names another cart' end as told
from cart_cart
where (state = 'ordered') <> (order_id is not null) or (state = 'joined') <> (joined_into is not null) order by 1
""",
    ),
    Check(
        "joined",
        "Cart {cart_id} became part of {joined_into}, which {told}.",
        """
select c.id as cart_id, c.joined_into, case when own.id is null then 'does not exist' else 'is nobody''s' end as told
from cart_cart c left join cart_cart own on own.id = c.joined_into
where c.state = 'joined' and own.customer_id is null order by 1
""",
    ),
    Check(
        "ordered_nothing",
        "Cart {cart_id} was ordered with nothing in it.",
        """
select c.id as cart_id from cart_cart c where c.state = 'ordered'
    and not exists (select from cart_cartline l where l.cart_id = c.id) order by 1
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each cart that cannot be right."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
