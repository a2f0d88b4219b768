"""What must hold of carts."""

from collections.abc import Iterator

from django.db import connection

from .models import MOST_LINES, MOST_OF_ONE

_SEVERAL_OPEN = """
select 'Customer ' || customer_id || ' has ' || count(*) || ' open carts.'
from cart_cart where state = 'open' and customer_id is not null group by customer_id having count(*) > 1 order by 1
"""

_QUANTITY = """
select 'Cart ' || cart_id || ' holds ' || quantity || ' of ' || sku || '.'
from cart_cartline where quantity not between 1 and %s::int order by 1
"""

_LINES = """
select 'Cart ' || cart_id || ' has ' || count(*) || ' lines.'
from cart_cartline group by cart_id having count(*) > %s::int order by 1
"""

_STATE = """
select 'Cart ' || id || ' is ' || state || ' but '
       || case when state = 'ordered' then 'names no order.' when state = 'joined' then 'names no other cart.'
               when order_id is not null then 'names an order.' else 'names another cart.' end
from cart_cart
where (state = 'ordered') <> (order_id is not null) or (state = 'joined') <> (joined_into is not null) order by 1
"""

_JOINED = """
select 'Cart ' || c.id || ' became part of ' || c.joined_into
       || case when own.id is null then ', which does not exist.' else ', which is nobody''s.' end
from cart_cart c left join cart_cart own on own.id = c.joined_into
where c.state = 'joined' and own.customer_id is null order by 1
"""

_EMPTY_ORDER = """
select 'Cart ' || c.id || ' was ordered with nothing in it.'
from cart_cart c where c.state = 'ordered'
    and not exists (select from cart_cartline l where l.cart_id = c.id) order by 1
"""


def findings() -> Iterator[str]:
    """One sentence for every cart that cannot be right."""
    asked: tuple[tuple[str, list[int]], ...] = (
        (_SEVERAL_OPEN, []),
        (_QUANTITY, [MOST_OF_ONE]),
        (_LINES, [MOST_LINES]),
        (_STATE, []),
        (_JOINED, []),
        (_EMPTY_ORDER, []),
    )
    with connection.cursor() as cursor:
        for statement, values in asked:
            cursor.execute(statement, values)
            yield from (sentence for (sentence,) in cursor.fetchall())
