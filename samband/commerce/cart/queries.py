"""What the cart can be asked. One statement each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from samband.kernel.money import Money

from .refusals import NoSuchCart
from .rules import CartLineView, CartView, Change, changes

__all__ = ["CartLineView", "CartView", "Change", "cart", "changes", "count", "open_of"]

_CART = """
select c.id, c.customer_id, c.market, c.currency, c.state, c.version, c.coupons, c.joined_into,
       l.sku, l.quantity, l.seen_amount
from cart_cart c left join cart_cartline l on l.cart_id = c.id
where {which}
order by l.added_at, l.sku
"""
_BY_ID = _CART.format(which="c.id = %s::uuid")
_BY_CUSTOMER = _CART.format(which="c.customer_id = %s::uuid and c.state = 'open'")


def cart(cart_id: UUID) -> CartView:
    """The cart, open or not. Raises NoSuchCart."""
    found = _read(_BY_ID, cart_id)
    if found is None:
        raise NoSuchCart()
    return found


def followed(found: CartView) -> CartView:
    """Where a cart is now that became part of another. Raises NoSuchCart."""
    while found.state == "joined" and found.joined_into is not None:
        found = cart(found.joined_into)
    return found


_PARTS = """
with recursive part (id) as (
    select id from cart_cart where joined_into = %s::uuid
  union
    select c.id from part p join cart_cart c on c.joined_into = p.id
)
select id from part order by id
"""


def parts(cart_id: UUID) -> tuple[UUID, ...]:
    """The carts that became part of this one, and those that had become part of them."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [cart_id])
        return tuple(row[0] for row in cursor.fetchall())


def open_of(customer_id: UUID) -> CartView | None:
    """A customer's open cart, if there is one."""
    return _read(_BY_CUSTOMER, customer_id)


def count(cart_id: UUID) -> int:
    """How many units an open cart holds; none when it is closed or unknown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(l.quantity), 0) from cart_cart c join cart_cartline l on l.cart_id = c.id"
            " where c.id = %s::uuid and c.state = 'open'",
            [cart_id],
        )
        return int(cursor.fetchone()[0])


def _read(statement: str, which: UUID) -> CartView | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [which])
        rows: Sequence[Sequence[Any]] = cursor.fetchall()
    if not rows:
        return None
    cart_id, customer_id, market, currency, state, version, coupons, joined_into, *_ = rows[0]
    lines = tuple(
        CartLineView(sku, quantity, None if seen is None else Money(seen, currency))
        for *_, sku, quantity, seen in rows
        if sku is not None
    )
    return CartView(cart_id, customer_id, market, currency, state, version, lines, tuple(coupons), joined_into)
