"""What the cart can be told to do.

Every edit locks the cart's row by moving its version, so edits of one cart queue, and an edit either comes before the
order, which then refuses with CartEdited, or after it and is refused itself with CartClosed.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from samband.events.cart import CartOrdered, CartsJoined
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal
from samband.timeline import command, record

from . import markets
from .models import MOST_COUPONS, MOST_LINES, MOST_OF_ONE
from .queries import cart, open_of
from .refusals import (
    CartClosed,
    CartEdited,
    CartEmpty,
    CartFull,
    NoSuchCart,
    NoSuchMarket,
    NotYourCart,
    OtherCurrency,
    TooManyCoupons,
    TooManyOfOne,
)
from .rules import CartView, LineEdit

_OPEN = """
with begun as materialized (select {durably})
insert into cart_cart as c (id, customer_id, market, currency, created_at, changed_at)
select %s::uuid, %s::uuid, %s::text, %s::text, %s::timestamptz, %s::timestamptz from begun
on conflict (customer_id) where state = 'open' do update set customer_id = excluded.customer_id
returning c.id
"""
_QUIETLY = "set_config('synchronous_commit', 'off', true)"
_OPEN_DURABLY = _OPEN.format(durably="true")
_OPEN_QUIETLY = _OPEN.format(durably=_QUIETLY)


def open_cart(market: str, customer_id: UUID | None = None) -> CartView:
    """A new cart; for a customer the open one they have, wherever it was opened. Raises NoSuchMarket.

    The transaction in which a new one is opened does not wait for the disk, so it is no place for money or goods: a
    cart that a power cut takes is filled again.
    """
    currency = _currency(market)
    if customer_id is not None and (mine := open_of(customer_id)):
        return mine
    fresh = new_id()
    opened = _open(_OPEN_QUIETLY, fresh, customer_id, market, currency)
    if opened != fresh:
        return cart(opened)
    return CartView(fresh, customer_id, market, currency, "open", 0, ())


_OPEN_FILLED = f"""
with quietly as materialized (select {_QUIETLY}),
opened as (
    insert into cart_cart (id, market, currency, version, created_at, changed_at)
    select %(cart)s::uuid, %(market)s::text, %(currency)s::text, cardinality(%(skus)s::text[]), %(now)s::timestamptz,
           %(now)s::timestamptz
    from quietly
    returning id
)
insert into cart_cartline (cart_id, sku, quantity, seen_amount, added_at)
select opened.id, line.sku, line.quantity, line.seen, %(now)s::timestamptz + nth * interval '1 microsecond'
from opened, unnest((select %(skus)s::text[]), (select %(quantities)s::int[]), (select %(seen)s::bigint[]))
    with ordinality as line (sku, quantity, seen, nth)
"""


def open_filled(cart: CartView) -> CartView:
    """A guest's new cart with lines in it, in one statement: as it is afterwards. Each SKU stands in one line.

    Waits for the disk as little as `open_cart`. Raises NoSuchMarket, CartFull, TooManyOfOne, OtherCurrency, Invalid.
    """
    currency = _currency(cart.market)
    if len(cart.lines) > MOST_LINES:
        raise CartFull(most=MOST_LINES)
    if len({line.sku for line in cart.lines}) < len(cart.lines):
        raise Invalid("A SKU stands in one line only.")
    for line in cart.lines:
        _check(line.sku, line.quantity, line.seen, least=1)
        if line.seen and line.seen.currency != currency:
            raise OtherCurrency(seen=line.seen.currency, currency=currency)
    values: dict[str, Any] = {
        "cart": cart.id,
        "market": cart.market,
        "currency": currency,
        "skus": [line.sku for line in cart.lines],
        "quantities": [line.quantity for line in cart.lines],
        "seen": [line.seen and line.seen.amount for line in cart.lines],
        "now": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_FILLED, values)
    return CartView(cart.id, None, cart.market, currency, "open", len(cart.lines), cart.lines)


def blank(market: str) -> CartView:
    """A guest's cart before there is one: to be looked at, and opened with `open_filled`. Raises NoSuchMarket."""
    return CartView(new_id(), None, market, _currency(market), "open", 0, ())


def _open(statement: str, fresh: UUID, customer_id: UUID | None, market: str, currency: str) -> UUID:
    """Open a cart under this id, or lock the one that its customer has open; tells which."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(statement, [fresh, customer_id, market, currency, at, at])
        opened: UUID = cursor.fetchone()[0]
        return opened


# The first step looks, so that a refusal changes nothing; the second decides under the lock on the cart's row. What
# slips in between the two is stopped by the table's own constraints and told in the same words (`_told`).
_EDIT = """
with looked as materialized (
    select c.id, l.quantity as had,
           (select count(*) from cart_cartline any_line where any_line.cart_id = c.id) as lines
    from cart_cart c left join cart_cartline l on l.cart_id = c.id and l.sku = %(sku)s::text
    where c.id = %(cart)s::uuid
),
edited as (
    update cart_cart c set version = c.version + 1, changed_at = %(now)s::timestamptz
    from looked
    where c.id = looked.id and c.state = 'open'
      and (%(currency)s::text is null or c.currency = %(currency)s::text)
      and (looked.had is not null or looked.lines < %(most_lines)s::int)
      and {added} <= %(most_of_one)s::int
    returning c.id, c.version
),
line as (
    insert into cart_cartline as l (cart_id, sku, quantity, seen_amount, added_at)
    select id, %(sku)s::text, %(quantity)s::int, %(seen)s::bigint, %(now)s::timestamptz from edited
    on conflict (cart_id, sku) do update
    set quantity = {kept} + excluded.quantity, seen_amount = coalesce(excluded.seen_amount, l.seen_amount)
    returning quantity
)
select looked.had, looked.lines, edited.version, line.quantity
from looked left join edited on true left join line on true
"""
_PUT = _EDIT.format(added="%(quantity)s::int", kept="0")
_ADD = _EDIT.format(added="coalesce(looked.had, 0) + %(quantity)s::int", kept="l.quantity")

_TAKE_OUT = """
with edited as (
    update cart_cart c set version = c.version + 1, changed_at = %(now)s::timestamptz
    where c.id = %(cart)s::uuid and c.state = 'open'
      and exists (select from cart_cartline l where l.cart_id = c.id and l.sku = %(sku)s::text)
    returning c.id, c.version
),
line as (
    delete from cart_cartline l using edited where l.cart_id = edited.id and l.sku = %(sku)s::text returning l.sku
)
select version, exists (select from line) from edited
"""


def put(cart_id: UUID, sku: str, quantity: int, seen: Money | None = None) -> LineEdit:
    """Have exactly so many of a SKU in the cart; 0 takes it out. `seen` is the price of one that was shown.

    One statement, a second to say why not. Raises NoSuchCart, CartClosed, CartFull, TooManyOfOne, OtherCurrency, and
    Invalid.
    """
    _check(sku, quantity, seen, least=0)
    if quantity == 0:
        return _take_out(cart_id, sku)
    return _edit(_PUT, cart_id, sku, quantity, seen)


def add(cart_id: UUID, sku: str, quantity: int, seen: Money | None = None) -> LineEdit:
    """Have so many more (≥ 1) of a SKU in the cart. Counts and refuses as `put` does."""
    _check(sku, quantity, seen, least=1)
    return _edit(_ADD, cart_id, sku, quantity, seen)


def _check(sku: object, quantity: object, seen: object, least: int) -> None:
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < least:
        raise Invalid("A quantity is a whole number, and not below nothing.")
    Line(sku, 1)  # type: ignore[arg-type]  # refuses what is no SKU
    if quantity > MOST_OF_ONE:
        raise TooManyOfOne(sku=sku, most=MOST_OF_ONE)
    if seen is not None and (not isinstance(seen, Money) or seen.amount < 0):
        raise Invalid("A price that was seen is an amount, and not below nothing.")


def _edit(statement: str, cart_id: UUID, sku: str, quantity: int, seen: Money | None) -> LineEdit:
    asked: dict[str, Any] = {
        "cart": cart_id,
        "sku": sku,
        "quantity": quantity,
        "seen": seen and seen.amount,
        "currency": seen and seen.currency,
        "most_lines": MOST_LINES,
        "most_of_one": MOST_OF_ONE,
        "now": now(),
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            row = cursor.fetchone()
    except IntegrityError as error:
        raise _told(error) from error
    if row is None:
        raise NoSuchCart()
    had, lines, version, left = row
    if version is not None:
        return LineEdit(cart_id, version, sku, left)
    # Read again: it may have been closed, or moved to another market, while the edit waited for its turn.
    found = cart(cart_id)
    if found.state != "open":
        raise CartClosed(state=found.state)
    if seen is not None and seen.currency != found.currency:
        raise OtherCurrency(seen=seen.currency, currency=found.currency)
    if had is None and lines >= MOST_LINES:
        raise CartFull(most=MOST_LINES)
    if (had or 0) + quantity > MOST_OF_ONE:
        raise TooManyOfOne(sku=sku, most=MOST_OF_ONE)
    raise CartEdited(version=found.version)


def _told(error: IntegrityError) -> Refusal | IntegrityError:
    """What the table's own constraint stopped, in our words."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if constraint == "cart_line_most":
        return CartFull(most=MOST_LINES)
    if constraint == "cart_line_quantity":
        return TooManyOfOne(most=MOST_OF_ONE)
    return error


def _take_out(cart_id: UUID, sku: str) -> LineEdit:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OUT, {"cart": cart_id, "sku": sku, "now": now()})
        row = cursor.fetchone()
    if row is not None and row[1]:
        return LineEdit(cart_id, row[0], sku, 0)
    found = cart(cart_id)
    if found.state != "open":
        raise CartClosed(state=found.state)
    if any(line.sku == sku for line in found.lines):
        # It came in while this waited for its turn, so the version just read has it.
        return _take_out(cart_id, sku)
    return LineEdit(cart_id, found.version, sku, 0)


LONGEST_COUPON = 40


def enter_coupon(cart_id: UUID, code: str) -> CartView:
    """Put a coupon's code in the cart; what it is worth, pricing says. Entered twice, it is there once.

    Raises NoSuchCart, CartClosed, TooManyCoupons, and Invalid for what is no code.
    """
    written = as_coupon(code)
    if not _edit_coupons(cart_id, "array_append(array_remove(coupons, %(code)s::text), %(code)s::text)", written):
        raise TooManyCoupons(most=MOST_COUPONS)
    return cart(cart_id)


def drop_coupon(cart_id: UUID, code: str) -> CartView:
    """Take a coupon's code out of the cart again. Raises NoSuchCart, CartClosed, Invalid."""
    _edit_coupons(cart_id, "array_remove(coupons, %(code)s::text)", as_coupon(code))
    return cart(cart_id)


def as_coupon(code: object) -> str:
    """A code as it is kept: in capitals, without what is around it. Raises Invalid for what is no code."""
    written = code.strip().upper() if isinstance(code, str) else ""
    if not 1 <= len(written) <= LONGEST_COUPON or not written.isprintable():
        raise Invalid("That is not a coupon's code.", field="coupon")
    return written


def _edit_coupons(cart_id: UUID, after: str, code: str) -> bool:
    """Whether there was room for the code. Raises NoSuchCart, CartClosed."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        before = _lock(cart_id)
        if before.state != "open":
            raise CartClosed(state=before.state)
        cursor.execute(
            f"update cart_cart set coupons = {after}, version = version + 1, changed_at = %(now)s::timestamptz"
            f" where id = %(cart)s::uuid and cardinality({after}) <= %(most)s::int",
            {"cart": cart_id, "code": code, "most": MOST_COUPONS, "now": now()},
        )
        return bool(cursor.rowcount)


def change_market(cart_id: UUID, market: str) -> CartView:
    """Shop in another market. Prices seen in the old one are forgotten: they are no promise in the new.

    Raises NoSuchMarket, NoSuchCart, CartClosed.
    """
    currency = _currency(market)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        before = _lock(cart_id)
        if before.state != "open":
            raise CartClosed(state=before.state)
        if before.market != market:
            cursor.execute(
                "update cart_cart set market = %s::text, currency = %s::text, version = version + 1,"
                " changed_at = %s::timestamptz where id = %s::uuid",
                [market, currency, now(), cart_id],
            )
            cursor.execute("update cart_cartline set seen_amount = null where cart_id = %s::uuid", [cart_id])
        return cart(cart_id)


def note_seen(cart_id: UUID, prices: Mapping[str, Money]) -> None:
    """Note the prices of one that the shopper has now been shown, by SKU. No edit: the version stays.

    One statement. SKUs that are not in the cart are passed over. Raises NoSuchCart, CartClosed, OtherCurrency.
    """
    for sku, price in prices.items():
        _check(sku, 1, price, least=1)
    currencies = sorted({price.currency for price in prices.values()})
    if len(currencies) > 1:
        raise OtherCurrency(seen=currencies[0], currency=currencies[1])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with mine as materialized (
                select id, state, currency from cart_cart where id = %(cart)s::uuid for update
            ),
            noted as (
                update cart_cartline l set seen_amount = shown.amount
                from mine, unnest(%(skus)s::text[], %(amounts)s::bigint[]) as shown (sku, amount)
                where l.cart_id = mine.id and l.sku = shown.sku and mine.state = 'open'
                  and mine.currency = %(currency)s::text and l.seen_amount is distinct from shown.amount
            )
            select state, currency from mine
            """,
            {
                "cart": cart_id,
                "skus": list(prices),
                "amounts": [price.amount for price in prices.values()],
                "currency": next(iter(currencies), None),
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchCart()
    state, currency = row
    if state != "open":
        raise CartClosed(state=state)
    if currencies and currencies != [currency]:
        raise OtherCurrency(seen=currencies[0], currency=currency)


class _Locked:
    """A cart's row, locked until the transaction ends."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.customer_id: UUID | None
        self.joined_into: UUID | None
        self.customer_id, self.market, self.currency, self.state, self.joined_into, self.version = row


def _lock(cart_id: UUID) -> _Locked:
    with connection.cursor() as cursor:
        cursor.execute(
            "select customer_id, market, currency, state, joined_into, version from cart_cart where id = %s::uuid"
            " for update",
            [cart_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchCart()
    return _Locked(row)


def join(guest_cart_id: UUID, customer_id: UUID, *, key: str | None = None) -> CartsJoined:
    """Make a guest's cart part of the customer's own at sign-in; of a SKU in both the larger quantity stays.

    The guest's cart is joined once, so the two ids are the idempotency key and `key` adds nothing to them. A cart that
    is the customer's own already stays as it is, and nothing is recorded. Raises NoSuchCart, NotYourCart (it is or
    went to somebody else's), CartClosed (it was ordered) and CartFull (both stay as they are).
    """
    guest = cart(guest_cart_id)
    if guest.customer_id == customer_id and guest.state == "open":
        return CartsJoined(cart_id=guest_cart_id, guest_cart_id=guest_cart_id, customer_id=customer_id)
    return _join(guest_cart_id, customer_id, key=f"{guest_cart_id}:{customer_id}")


@command
def _join(guest_cart_id: UUID, customer_id: UUID) -> CartsJoined:
    before = cart(guest_cart_id)
    # First the customer's own, then the guest's: everybody who locks two carts locks them in this order.
    own_id = _open(_OPEN_DURABLY, new_id(), customer_id, before.market, before.currency)
    guest = _lock(guest_cart_id)
    _check_joinable(guest, customer_id)
    own = _lock(own_id)
    with connection.cursor() as cursor:
        _check_room(own_id, guest_cart_id)
        own = _settle_market(own_id, own, guest)
        cursor.execute(
            """
            insert into cart_cartline as l (cart_id, sku, quantity, seen_amount, added_at)
            select %(own)s::uuid, sku, quantity, case when %(same)s::boolean then seen_amount end, added_at
            from cart_cartline where cart_id = %(guest)s::uuid
            on conflict (cart_id, sku) do update set
                quantity = greatest(l.quantity, excluded.quantity),
                seen_amount = coalesce(l.seen_amount, excluded.seen_amount),
                added_at = least(l.added_at, excluded.added_at)
            """,
            {"own": own_id, "guest": guest_cart_id, "same": own.market == guest.market},
        )
        cursor.execute(
            """
            update cart_cart set version = version + 1, changed_at = %(now)s::timestamptz,
                state = case when id = %(guest)s::uuid then 'joined' else state end,
                joined_into = case when id = %(guest)s::uuid then %(own)s::uuid end,
                coupons = case when id = %(guest)s::uuid then coupons else (
                    select coalesce(array_agg(code order by code), '{}') from (
                        select distinct unnest(coupons) as code from cart_cart
                        where id in (%(own)s::uuid, %(guest)s::uuid) order by code limit %(most)s::int) both_carts) end
            where id in (%(own)s::uuid, %(guest)s::uuid)
            """,
            {"own": own_id, "guest": guest_cart_id, "most": MOST_COUPONS, "now": now()},
        )
    return CartsJoined(cart_id=own_id, guest_cart_id=guest_cart_id, customer_id=customer_id)


def _check_joinable(guest: _Locked, customer_id: UUID) -> None:
    if guest.state == "joined" or guest.customer_id not in (None, customer_id):
        raise NotYourCart()
    if guest.state != "open":
        raise CartClosed(state=guest.state)


def _check_room(own_id: UUID, guest_cart_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(distinct sku) from cart_cartline where cart_id in (%s::uuid, %s::uuid)",
            [own_id, guest_cart_id],
        )
        if cursor.fetchone()[0] > MOST_LINES:
            raise CartFull(most=MOST_LINES)


def _settle_market(own_id: UUID, own: _Locked, guest: _Locked) -> _Locked:
    """A cart with nothing in it yet follows the shopper to the market they are in."""
    if own.market == guest.market:
        return own
    with connection.cursor() as cursor:
        cursor.execute(
            "update cart_cart set market = %s::text, currency = %s::text where id = %s::uuid"
            " and not exists (select from cart_cartline where cart_id = cart_cart.id)",
            [guest.market, guest.currency, own_id],
        )
    return _lock(own_id)


@command
def order(cart_id: UUID, version: int, order_id: UUID, customer_id: UUID | None = None) -> CartOrdered:
    """Turn the cart, as it was at this version, into an order; nothing more goes into it.

    Raises NoSuchCart, NotYourCart, CartClosed (it was ordered or joined), CartEdited (it is not what was seen) and
    CartEmpty. A guest's cart may be ordered by a customer; a customer's cart by its customer alone.
    """
    if not isinstance(version, int) or isinstance(version, bool):
        raise Invalid("A version is a whole number.")
    if not _ordered(cart_id, version, order_id, customer_id):
        raise _why_not_ordered(cart(cart_id), version, customer_id)
    return CartOrdered(cart_id=cart_id, order_id=order_id, customer_id=customer_id)


@transaction.atomic(savepoint=False)
def order_as_seen(cart_id: UUID, version: int, order_id: UUID, customer_id: UUID | None = None) -> CartOrdered | None:
    """As `order`, for somebody who goes on if the cart has changed: None where that refuses, and nothing is done."""
    if not _ordered(cart_id, version, order_id, customer_id):
        return None
    ordered = CartOrdered(cart_id=cart_id, order_id=order_id, customer_id=customer_id)
    record(ordered)
    return ordered


_ORDER = """
update cart_cart c set state = 'ordered', order_id = %(order)s::uuid, changed_at = %(now)s::timestamptz
where c.id = %(cart)s::uuid and c.state = 'open' and c.version = %(version)s::bigint
  and (c.customer_id is null or c.customer_id = %(customer)s::uuid)
  and exists (select from cart_cartline l where l.cart_id = c.id)
"""


def _ordered(cart_id: UUID, version: int, order_id: UUID, customer_id: UUID | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _ORDER, {"cart": cart_id, "version": version, "order": order_id, "customer": customer_id, "now": now()}
        )
        return bool(cursor.rowcount)


def _why_not_ordered(found: CartView, version: int, customer_id: UUID | None) -> Refusal:
    if found.customer_id not in (None, customer_id):
        return NotYourCart()
    if found.state != "open":
        return CartClosed(state=found.state)
    if found.version != version:
        return CartEdited(version=found.version)
    return CartEmpty()


def _currency(market: str) -> str:
    if not isinstance(market, str) or (currency := markets.currency_of(market)) is None:
        raise NoSuchMarket()
    return currency
