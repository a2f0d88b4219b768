"""What one room says that another must agree with. Each room says as a relation what others may hold against it."""

from samband.commerce.cart import books as carts
from samband.commerce.fulfillment import books as fulfillment
from samband.commerce.inventory import books as inventory
from samband.commerce.orders import books as orders
from samband.commerce.payments import books as payments
from samband.commerce.pricing import books as pricing
from samband.commerce.tills import books as tills
from samband.kernel.books import Check, Checks
from samband.timeline.queries import backlog

STANDS = "('placed', 'completed')"

MONEY = (
    Check(
        "unpaid",
        "Order {number} stands at {total} {currency}, but {secured} were secured for it.",
        f"""
select o.number, o.order_id, o.total, o.currency, coalesce(p.secured - p.paid_out, 0) as secured
from ({orders.RELATION}) o left join ({payments.BALANCES}) p using (order_id)
where o.state in {STANDS} and o.total <> coalesce(p.secured - p.paid_out, 0) order by 1
""",
    ),
    Check(
        "cash",
        "Order {order_id} has {kept} to {taken} of cash tenders, but {cash} of it lie in drawers.",
        # What was handed out by somebody without a drawer is still counted in one: so much may be too much.
        f"""
select order_id, coalesce(t.kept, 0) as kept, coalesce(t.taken, 0) as taken, c.cash
from ({tills.CASH}) c
left join (
    select order_id, sum(captured - refunded)::bigint as kept, sum(captured)::bigint as taken
    from ({payments.RELATION}) p where provider = 'cash' group by order_id
) t using (order_id)
where c.cash not between coalesce(t.kept, 0) and coalesce(t.taken, 0) order by 1
""",
    ),
)

REFUNDS = Check(
    "refunded",
    "Order {number} notes {refunded} {currency} refunded, its payments {back}.",
    f"""
select o.number, o.order_id, o.refunded, o.currency, p.refunded as back
from ({orders.RELATION}) o join ({payments.BALANCES}) p using (order_id) where o.refunded <> p.refunded order by 1
""",
)
"""Only once every event has been taken in: an order hears of a refund afterwards."""

_OURS = f"(select * from ({orders.RELATION}) every where source = '') o"

GOODS = (
    Check(
        "never_held",
        "Order {number} ({state}) never held its goods.",
        f"""
select o.number, o.order_id, o.state from {_OURS} left join ({inventory.HOLDS}) h on h.hold_id = o.order_id
where h.hold_id is null order by 1
""",
    ),
    Check(
        "held_though_off",
        "Order {number} is off, but {units} units are still held for it.",
        f"""
select o.number, o.order_id, h.units from {_OURS} join ({inventory.HOLDS}) h on h.hold_id = o.order_id
where o.state = 'cancelled' and h.units <> 0 order by 1
""",
    ),
    Check(
        "with_us",
        "Order {number} has {told}.",
        f"""
select o.number, o.order_id, case
    when u.units is distinct from w.asked
        then u.units || ' units, but ' || coalesce(w.asked, 0) || ' were asked for'
    else w.with_us || ' units still with us, but ' || h.units || ' are held for it' end as told
from {_OURS} join ({orders.UNITS}) u using (order_id) left join ({fulfillment.WORKLOADS}) w using (order_id)
left join ({inventory.HOLDS}) h on h.hold_id = o.order_id
where o.state in {STANDS} and (u.units is distinct from w.asked or h.units <> w.with_us) order by 1
""",
    ),
)

DRAFTS = Check(
    "draft_without_hold",
    "Draft {number} has a hold that is {hold_state}.",
    f"""
select o.number, o.order_id, h.state as hold_state
from {_OURS} join ({inventory.HOLDS}) h on h.hold_id = o.order_id
where o.state = 'draft' and h.state <> 'live' order by 1
""",
)
"""Only once every event has been taken in: a draft whose hold lapsed is called off by a reaction."""

_USED_WHILE = (
    "case o.state when 'draft' then 'reserved' when 'placed' then 'kept' when 'completed' then 'kept' else 'freed' end"
)


def _uses(name: str, which: str) -> Check:
    return Check(
        name,
        "Order {number} is {state}, but what it made use of is {uses}.",
        f"""
select o.number, o.order_id, o.state, string_agg(distinct u.state, ', ' order by u.state) as uses
from ({pricing.USES}) u join ({orders.RELATION}) o using (order_id)
where u.state <> {_USED_WHILE} and {which} group by o.number, o.order_id, o.state order by 1
""",
    )


USES = _uses("uses", "o.state <> 'cancelled'")
FREED = _uses("uses_of_cancelled", "o.state = 'cancelled'")
"""What an order made use of is spent while it stands, kept for it while it is a draft, and given back when it is off:
by a reaction, so that the last is asked only once every event has been taken in.
"""


def points(name: str, sentence: str, relation: str, column: str, to: str, key: str, more: str = "") -> Check:
    """A check that every id which one room keeps of another's is there."""
    return Check(
        name,
        sentence,
        f"""
select here.* from ({relation}) here
where here.{column} is not null and not exists (select from ({to}) there where there.{key} = here.{column}) {more}
order by 1
""",
    )


def _to_order(name: str, sentence: str, relation: str) -> Check:
    return points(name, sentence, relation, "order_id", orders.RELATION, "order_id")


ORDERS = (
    Check(
        "payment_of_no_order",
        "There is a payment for order {order_id}, which does not exist.",
        f"""
select distinct p.order_id from ({payments.RELATION}) p
where not exists (select from ({orders.RELATION}) o where o.order_id = p.order_id) order by 1
""",
    ),
    _to_order(
        "fulfillment_of_no_order",
        "Fulfillment {number} is for order {order_id}, which does not exist.",
        fulfillment.RELATION,
    ),
    _to_order(
        "place_of_no_order",
        "Place {place_id} in delivery slot {slot} is for order {order_id}, which does not exist.",
        fulfillment.PLACES,
    ),
    _to_order(
        "card_of_no_order", "Gift card {card} was sold by order {order_id}, which does not exist.", payments.CARDS
    ),
    _to_order(
        "use_of_no_order", "Promotion {promotion_id} is used by order {order_id}, which does not exist.", pricing.USES
    ),
    _to_order("cart_of_no_order", "Cart {cart_id} became order {order_id}, which does not exist.", carts.RELATION),
    _to_order("sale_of_no_order", "Sale {sale} became order {order_id}, which does not exist.", tills.SALES),
    _to_order("cash_of_no_order", "{cash} of order {order_id}, which does not exist, lie in drawers.", tills.CASH),
    Check(
        "hold_of_nothing",  # one that is live lapses by itself
        "Hold {hold_id} ({state}) is of no order and of nothing that was proposed instead.",
        f"""
select h.hold_id, h.state from ({inventory.HOLDS}) h
where h.kind = 'order' and h.state <> 'live' and h.units > 0
  and not exists (select from ({orders.RELATION}) o where o.order_id = h.hold_id)
  and not exists (select from ({fulfillment.SUBSTITUTIONS}) s where s.substitution_id = h.hold_id) order by 1
""",
    ),
    Check(
        "cart_of_another_order",
        "Order {number} was made of cart {cart_id}, which says {told}.",
        f"""
select o.number, o.order_id, o.cart_id, case when c.state <> 'ordered' then 'it is ' || c.state
       else 'it became order ' || c.order_id end as told
from {_OURS} join ({carts.RELATION}) c using (cart_id)
where o.state in {STANDS} and c.order_id is distinct from o.order_id order by 1
""",
    ),
    Check(
        "order_of_no_cart",
        "Order {number} was made of cart {cart_id}, which does not exist.",
        f"""
select o.number, o.order_id, o.cart_id from {_OURS}
where o.state in {STANDS} and o.cart_id is not null
  and not exists (select from ({carts.RELATION}) c where c.cart_id = o.cart_id) order by 1
""",
    ),
    Check(
        "fulfillment_of_another_customer",
        "Fulfillment {number} is for customer {customer_id}, but its order for {theirs}.",
        f"""
select f.number, f.customer_id, o.customer_id as theirs
from ({fulfillment.RELATION}) f join ({orders.RELATION}) o using (order_id)
where f.customer_id is distinct from o.customer_id order by 1
""",
    ),
)


def checks() -> Checks:
    """All of it; what a reaction puts right only when there is none left to deliver."""
    late = (REFUNDS, DRAFTS, FREED) if backlog().waiting == 0 else ()
    return (*MONEY, *GOODS, USES, *ORDERS, *late)
