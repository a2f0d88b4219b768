"""THE statement: traits from touchpoints and from who is whose now, for one customer, for some, or for everybody.

Live and in bulk it is the same text, restricted to some customers or not; so the answers are the same by construction.
What each trait means is said in `traits`.
"""

from .relations import relations
from .traits import TRAITS

COLUMNS = ("customer", *TRAITS, "spent")
"""What the statement gives back, in this order."""

_EVERYBODY = "customer is not null"
_THESE = "customer = any(%(customers)s::uuid[])"

_KINDS = {"account": 0, "loyalty": 2, "email": 3, "phone": 4}
"""Where these kinds of identifiers stand among `kernel.identifier.KINDS`, by which identity numbers them."""

ORDERED = ("Order Completed", "Order Updated")
CANCELLED = ("Order Cancelled",)
REFUNDED = ("Order Refunded",)
RETURNED = ("Return Requested", "Return Received")

_WORTH_MOST = 9_000_000_000_000_000_000
"""Sums stay inside a 64-bit column whatever somebody's client makes up."""

_MEMBERS = """
member as (
    select id, customer, kind from {identifiers} where {restricted}
),
known as (
    select customer,
           bool_or(kind = {account}) as has_account, bool_or(kind = {email}) as has_email,
           bool_or(kind = {phone}) as has_phone, bool_or(kind = {loyalty}) as has_loyalty
    from member group by customer
)"""

# Of the payload only what traits need is carried on: of a million customers it would not fit into memory.
#
# The touchpoints are fetched identifier by identifier: `offset 0` keeps it that way, see `commands.refresh`.
_TOUCHES = """
role as (
    select id, case when name in ({ordered}) then 'ordered' when name in ({cancelled}) then 'cancelled'
                    when name in ({refunded}) then 'refunded' when name in ({returned}) then 'returned' end as role
    from {events} where name in ({ordered}, {cancelled}, {refunded}, {returned})
),
touch as materialized (
    select m.customer, t.position, t.occurred_at, (t.occurred_at at time zone 'UTC')::date as day,
           t.channel, t.place, t.category, t.order_ref, t.worth, t.currency, role.role,
           upper(substring({country} from '^[A-Za-z]{{2}}$')) as country,
           lower(substring({language} from '^([A-Za-z]{{2}})(?:[-_].*)?$')) as language,
           case s.kind when 'house' then 0 when 'server' then 1 when 'webhook' then 2 when 'import' then 3 else 4 end
               as trust,
           case when role.role = 'ordered' then {payment} end as payment,
           case when role.role = 'ordered' then {delivery} end as delivery,
           case when role.role = 'ordered' then {products} end as products
    from member m
    cross join lateral (select * from {touchpoints} where identifier = m.id offset 0) t
    join {sources} s on s.id = t.source
    left join role on role.id = t.event
)"""

_SEEN = """
seen as (
    select customer, min(occurred_at) as first_seen, max(occurred_at) as last_seen, count(*)::int as touchpoints,
           count(distinct day)::int as active_days
    from touch group by customer
),
facet as (
    select t.customer, f.facet, f.said, min(t.occurred_at) as first, max(t.occurred_at) as last, count(*) as times,
           count(distinct t.day) as days
    from touch t cross join lateral (values ('channel', t.channel), ('place', t.place), ('category', t.category),
        ('country', t.country), ('language', t.language)) f (facet, said)
    where f.said <> '' group by 1, 2, 3
),
habit as (
    select customer,
           (array_agg(said order by first, said collate "C") filter (where facet = 'channel'))[1] as first_channel,
           (array_agg(said order by last desc, said collate "C") filter (where facet = 'channel'))[1] as last_channel,
           count(*) filter (where facet = 'channel')::int as channels,
           (array_agg(said order by days desc, last desc, said collate "C") filter (where facet = 'place'))[1]
               as preferred_store,
           (array_agg(said order by last desc, said collate "C") filter (where facet = 'country'))[1] as country,
           (array_agg(said order by last desc, said collate "C") filter (where facet = 'language'))[1] as language
    from facet group by customer
)"""

# `ranked` knows, of everything that is told of an order, the most trusted source that tells this kind of thing of it.
_ORDERS = """
told as (
    select *, coalesce('#' || order_ref, '@' || position) as ref from touch where role is not null
),
ranked as (
    select *, rank() over (partition by customer, ref, role order by trust) as place_of_trust from told
),
deal as (
    select customer, ref,
           (array_agg(occurred_at order by occurred_at) filter (where place_of_trust = 1))[1] as ordered_at,
           (array_agg(worth order by trust, occurred_at desc, worth desc, currency collate "C")
               filter (where worth is not null and currency is not null))[1] as worth,
           (array_agg(currency order by trust, occurred_at desc, worth desc, currency collate "C")
               filter (where worth is not null and currency is not null))[1] as currency,
           (array_agg(payment order by trust, occurred_at desc, payment collate "C")
               filter (where payment <> ''))[1] as payment,
           (array_agg(delivery order by trust, occurred_at desc, delivery collate "C")
               filter (where delivery <> ''))[1] as delivery,
           (array_agg(products order by trust, occurred_at desc, products)
               filter (where jsonb_typeof(products) = 'array' and products <> '[]'))[1] as products
    from ranked r
    where role = 'ordered' and not exists (
        select from told c where c.customer = r.customer and c.ref = r.ref and c.role = 'cancelled')
    group by customer, ref
),
given_back as (
    select customer, ref, currency, sum(worth) as worth, bool_or(worth is null) as whole
    from ranked where role = 'refunded' and place_of_trust = 1 group by customer, ref, currency
),
refund as (
    select customer, ref, bool_or(b.whole) as whole, sum(b.worth) as worth
    from deal d join given_back b using (customer, ref)
    where coalesce(b.currency, d.currency) = d.currency group by customer, ref
),
settled as (
    select d.*, greatest(least(coalesce(case when g.whole then d.worth else g.worth end, 0), d.worth), 0) as back
    from deal d left join refund g using (customer, ref)
)"""

_BOUGHT = """
purse as (
    select customer, currency, count(*) as orders, max(ordered_at) as last,
           least(sum(worth - back), {most})::bigint as value, least(sum(back), {most})::bigint as refunded
    from settled where currency is not null group by customer, currency
),
spent as (
    select customer, jsonb_object_agg(currency, value) as spent,
           (array_agg(currency order by orders desc, last desc, currency collate "C"))[1] as currency,
           (array_agg(value order by orders desc, last desc, currency collate "C"))[1] as value,
           (array_agg(refunded order by orders desc, last desc, currency collate "C"))[1] as refunded,
           (array_agg(round(value::numeric / orders)::bigint order by orders desc, last desc, currency collate "C"))[1]
               as average_order
    from purse group by customer
),
bought as (
    select customer, count(*)::int as orders, min(ordered_at) as first_order_at, max(ordered_at) as last_order_at,
           case when count(*) > 1 then
               floor(extract(epoch from max(ordered_at) - min(ordered_at)) / 86400 / (count(*) - 1))::int
           end as order_gap_days
    from deal group by customer
),
brought_back as (
    select customer, count(distinct ref)::int as returns from told where role = 'returned' group by customer
),
way as (
    select customer, facet, said, count(*) as times, max(ordered_at) as last
    from deal cross join lateral (values ('payment', payment), ('delivery', delivery)) w (facet, said)
    where said is not null group by 1, 2, 3
),
usual as (
    select customer,
           (array_agg(said order by times desc, last desc, said collate "C") filter (where facet = 'payment'))[1]
               as payment_habit,
           (array_agg(said order by times desc, last desc, said collate "C") filter (where facet = 'delivery'))[1]
               as delivery_habit
    from way group by customer
)"""

_LIKED = """
taste as (
    select customer, category, count(distinct ref) as bought, sum(looked) as looked, max(last) as last from (
        select customer, said as category, null as ref, times as looked, last from facet where facet = 'category'
        union all
        select d.customer, product ->> 'category', d.ref, 0, d.ordered_at
        from deal d cross join lateral jsonb_array_elements(d.products) product
        where jsonb_typeof(product) = 'object'
        union all
        select d.customer, t.category, d.ref, 0, d.ordered_at
        from deal d join told t on t.customer = d.customer and t.ref = d.ref and t.role = 'ordered'
    ) mentioned where category <> '' group by customer, category
),
favourite as (
    select customer, (array_agg(category order by bought desc, looked desc, last desc, category collate "C"))[1]
        as favourite_category
    from taste group by customer
)"""

_TRAITS = """
select k.customer, s.first_seen, s.last_seen, h.first_channel, h.last_channel, coalesce(h.channels, 0) as channels,
       coalesce(s.touchpoints, 0) as touchpoints, coalesce(s.active_days, 0) as active_days,
       k.has_account, k.has_email, k.has_phone, k.has_loyalty,
       coalesce(b.orders, 0) as orders, b.first_order_at, b.last_order_at, b.order_gap_days,
       p.currency, coalesce(p.value, 0) as value, p.average_order, coalesce(p.refunded, 0) as refunded,
       coalesce(r.returns, 0) as returns, f.favourite_category, h.preferred_store,
       u.payment_habit, u.delivery_habit, h.country, h.language, coalesce(p.spent, '{{}}') as spent
from known k
left join seen s using (customer)
left join habit h using (customer)
left join bought b using (customer)
left join spent p using (customer)
left join brought_back r using (customer)
left join usual u using (customer)
left join favourite f using (customer)
"""


def statement(*, everybody: bool = False) -> str:
    """The traits of the customers in the parameter `customers` (uuid[]), or of everybody: the columns of COLUMNS.

    One row for every one of them that is a customer now, also if nothing was ever captured of them.
    """
    where = relations()
    text = "with " + ",".join((_MEMBERS, _TOUCHES, _SEEN, _ORDERS, _BOUGHT, _LIKED)) + _TRAITS
    return text.format(
        identifiers=where.identifiers,
        touchpoints=where.touchpoints,
        events=where.events,
        sources=where.sources,
        restricted=_EVERYBODY if everybody else _THESE,
        most=_WORTH_MOST,
        ordered=_quoted(ORDERED),
        cancelled=_quoted(CANCELLED),
        refunded=_quoted(REFUNDED),
        returned=_quoted(RETURNED),
        country=_first("traits,address,country", "traits,country", "properties,country", "country"),
        language=_first("traits,language", "properties,language", "language", "context,locale"),
        payment=_first("properties,payment_method", "payment_method", "properties,payment", "payment"),
        delivery=_first("properties,shipping_method", "shipping_method", "properties,delivery", "delivery"),
        products="coalesce(t.payload #> '{properties,products}', t.payload -> 'products')",
        **_KINDS,
    )


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _first(*paths: str) -> str:
    """The first of these places in the payload that says something."""
    return "coalesce(" + ", ".join(f"t.payload #>> '{{{path}}}'" for path in paths) + ")"
