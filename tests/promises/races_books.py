"""What must hold after any race: read from the tables by statements of our own, and then by the house's own books."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.promises.racing import House

STANDS = "('placed', 'completed')"


def settle_and_audit() -> list[str]:
    """Deliver what waits, let holds of nobody lapse, give back what is owed; then what the house's audit says."""
    from datetime import timedelta

    from samband.commerce.inventory.commands import lapse_holds
    from samband.commerce.payments.reconciling import reconcile, undo_unwanted
    from samband.flows.audit import audit
    from samband.kernel.clock import held_at, now
    from samband.timeline.delivering import deliver

    while deliver():
        pass
    with held_at(now() + timedelta(days=40)):
        lapse_holds()
        while deliver() or reconcile() or undo_unwanted():
            pass
    return [str(finding) for finding in audit()]


def goods(house: "House") -> Iterator[str]:
    """Promise 1: no level below nothing, none of it held for nobody, and no more sold than came in."""
    for sku, location, on_hand, held in house.rows(
        "select sku, location, on_hand, held from inventory_level where held < 0 or on_hand < held"
    ):
        yield f"Of {sku} at {location} {held} are held and only {on_hand} are there."
    for sku, location, on_hand, moved in house.rows(
        "select l.sku, l.location, l.on_hand, coalesce(sum(m.quantity), 0) from inventory_level l"
        " left join inventory_move m on m.sku = l.sku and m.location = l.location"
        " group by l.sku, l.location, l.on_hand having l.on_hand <> coalesce(sum(m.quantity), 0)"
    ):
        yield f"Of {sku} at {location} {on_hand} are there, but moves say {moved}."
    for sku, location, held, left in house.rows(
        'select l.sku, l.location, l.held, coalesce(sum(h."left"), 0) from inventory_level l'
        " left join inventory_holdline h on h.sku = l.sku and h.location = l.location"
        ' group by l.sku, l.location, l.held having l.held <> coalesce(sum(h."left"), 0)'
    ):
        yield f"Of {sku} at {location} {held} are held, but the holds say {left}."
    for sku, sold, had in house.rows(
        "with sold as (select sku, sum(quantity - cancelled_quantity) as units from orders_orderline line"
        f" join orders_order o on o.id = line.order_id where o.state in {STANDS} group by sku),"
        " had as (select sku, sum(quantity) as units from inventory_move"
        " where kind not in ('issue', 'transfer_in', 'transfer_out') group by sku)"
        " select sku, sold.units, coalesce(had.units, 0) from sold left join had using (sku)"
        " where sold.units > coalesce(had.units, 0)"
    ):
        yield f"{sold} of {sku} were sold, and there never were more than {had}."


def money(house: "House") -> Iterator[str]:
    """Promise 2: an order that stands is paid exactly once; what was taken is never less than what went back."""
    for number, total, secured in house.rows(
        "select o.number, o.total, coalesce(sum(p.authorised - p.voided), 0) from orders_order o"
        " left join payments_intent p on p.order_id = o.id and not p.payout and p.unwanted_at is null"
        f" where o.state in {STANDS} group by o.id, o.number, o.total"
        " having o.total <> coalesce(sum(p.authorised - p.voided), 0)"
    ):
        yield f"Order {number} comes to {total}, and {secured} were secured for it."
    for reference, captured, refunded in house.rows(
        "select reference, captured, refunded from payments_sandboxcharge"
        " where refunded > captured or captured + voided > authorised"
    ):
        yield f"The bank took {captured} for {reference} and gave {refunded} back."
    for reference, ours, theirs in house.rows(
        "select c.reference, (p.captured, p.refunded)::text, (c.captured, c.refunded)::text"
        " from payments_intent p join payments_sandboxcharge c on c.reference = p.provider_reference"
        " where p.capturing = 0 and p.refunding = 0 and (p.captured, p.refunded) <> (c.captured, c.refunded)"
        " and not exists (select from payments_operation o where o.intent_id = p.id and o.state = 'open')"
    ):
        yield f"Of {reference} we have {ours} in our books, and the bank {theirs}."


def bank(house: "House") -> Iterator[str]:
    """Once all is settled the bank has nothing of an order that is off, nor of a tender that nobody counts on."""
    for number, kept in house.rows(
        "select o.number, sum(c.authorised - c.voided - c.refunded) from orders_order o"
        " join payments_intent p on p.order_id = o.id join payments_sandboxcharge c on c.key = p.id || ':authorise'"
        " where o.state = 'cancelled' or p.unwanted_at is not null group by o.id, o.number"
        " having sum(c.authorised - c.voided - c.refunded) <> 0"
    ):
        yield f"Of order {number} the bank has {kept} that nobody counts on."


def carts(house: "House") -> Iterator[str]:
    """What is paid is what is ordered, and a cart becomes one order at most."""
    for cart, orders in house.rows(
        "select id, (select count(*) from orders_order o where o.cart_id = c.id and o.state in ('placed', 'completed'))"
        " from cart_cart c where (select count(*) from orders_order o where o.cart_id = c.id"
        " and o.state in ('placed', 'completed')) > 1"
    ):
        yield f"Cart {cart} became {orders} orders."
    for number, total, lines in house.rows(
        "select o.number, o.total, sum(line.total) + o.shipping from orders_order o"
        f" join orders_orderline line on line.order_id = o.id where o.state in {STANDS}"
        " group by o.id, o.number, o.total, o.shipping having o.total <> sum(line.total) + o.shipping"
    ):
        yield f"Order {number} comes to {total}, and its lines to {lines}."
    for number, sku, lines, work in house.rows(
        "with lines as (select order_id, sku, sum(quantity - cancelled_quantity) as units from orders_orderline"
        " group by order_id, sku), work as (select f.order_id, w.sku, sum(w.quantity - w.called_off) as units"
        " from fulfillment_fulfillmentline w join fulfillment_fulfillment f on f.id = w.fulfillment"
        " where f.state not in ('cancelled', 'expired') group by f.order_id, w.sku)"
        " select o.number, lines.sku, lines.units, coalesce(work.units, 0) from orders_order o"
        " join lines on lines.order_id = o.id left join work on work.order_id = o.id and work.sku = lines.sku"
        f" where o.state in {STANDS} and lines.units <> coalesce(work.units, 0)"
    ):
        yield f"Order {number} has {lines} of {sku}, and {work} are to be had."


def vouchers(house: "House") -> Iterator[str]:
    """A coupon or a promotion is used as often as it may be, by orders that stand or may still."""
    used = "from pricing_promotionuse u join orders_order o on o.id = u.order_id where o.state <> 'cancelled'"
    yield from _overused(
        house,
        f"select c.code, c.limit_total, (select count(*) {used} and u.coupon = c.code) from pricing_coupon c"
        f" where (select count(*) {used} and u.coupon = c.code) > coalesce(c.limit_total, 2147483647)",
        "Coupon",
    )
    for code, customer, times in house.rows(
        f"select u.coupon, u.customer_id, count(*) {used} and u.customer_id is not null and u.coupon is not null"
        " group by u.coupon, u.customer_id having count(*) > (select coalesce(limit_per_customer, 2147483647)"
        " from pricing_coupon c where c.code = u.coupon)"
    ):
        yield f"Customer {customer} used coupon {code} {times} times."
    yield from _overused(
        house,
        "select p.code, (p.definition->>'limit_total')::int, count(*) from pricing_promotionrow p"
        " join pricing_promotionuse u on u.promotion_id = p.code join orders_order o on o.id = u.order_id"
        " where o.state <> 'cancelled' and p.definition ? 'limit_total' group by p.code"
        " having count(*) > (p.definition->>'limit_total')::int",
        "Promotion",
    )
    for code, orders in house.rows(
        "select promotion_id, count(*) from pricing_promotionuse u where not exists"
        " (select from orders_order o where o.id = u.order_id) group by promotion_id"
    ):
        yield f"Promotion {code} was used by {orders} orders that do not exist."


def _overused(house: "House", statement: str, what: str) -> Iterator[str]:
    for code, most, times in house.rows(statement):
        yield f"{what} {code} may be used {most} times, and was used {times} times."


def gift_cards(house: "House") -> Iterator[str]:
    """A gift card's balance is what its ledger says, never below nothing, and pays for no more than it had."""
    for last4, balance, held in house.rows(
        "select last4, balance, held from payments_giftcard where balance < 0 or held < 0"
    ):
        yield f"Gift card …{last4} has {balance} on it, and {held} are held."
    for last4, balance, entries in house.rows(
        "select c.last4, c.balance, coalesce(sum(e.amount), 0) from payments_giftcard c"
        " left join payments_giftcardentry e on e.card_id = c.id group by c.id, c.last4, c.balance"
        " having c.balance <> coalesce(sum(e.amount), 0)"
    ):
        yield f"Gift card …{last4} has {balance} on it, and its ledger says {entries}."
    for given, left, spent in house.rows(
        "select given, lies, spent from (select coalesce(sum(amount), 0) as given from payments_giftcardentry"
        " where charge = '') g, (select coalesce(sum(balance + held), 0) as lies from payments_giftcard) l,"
        " (select coalesce(sum(captured - refunded), 0) as spent from payments_intent where provider = 'gift_card') s"
        " where given < lies + spent"
    ):
        yield f"Gift cards were given {given}; {left} is left on them, and they paid for {spent}."


def every_book(house: "House") -> Iterator[str]:
    """All of the above, whatever was raced for."""
    for book in (goods, money, carts, vouchers, gift_cards):
        yield from book(house)


def wrong(*books: Any) -> Any:
    """What these books say, and then, once all is settled, the house's own audit."""

    def check(house: "House") -> Iterator[str]:
        yield from every_book(house)
        yield from (f"The audit says: {finding}" for finding in house.settled())
        yield from every_book(house)
        yield from bank(house)
        for book in books:
            yield from book(house)

    return check
