"""The facts that conditions look at, under names of our own: of some customers, or of everybody.

    member    identifiers and whose they are now
    person    the customers: whose leading identifier it is
    told      the touchpoints of these members
    profile   what was reckoned of them
    agreed    what was said to each purpose, for each of their addresses
    grouped   the groups that staff put their accounts into
    inside    the segments they are in

Of some, everything is fetched once, along the identifiers, and every condition looks through it. Of everybody, each
condition counts touchpoints by identifier first, from the index by event where it has all that is asked for, and joins
to customers then. `offset 0` keeps the fetching along the identifiers: see `reckoning.by_sets`.
"""

from samband.kernel.identifier import KINDS

from .relations import Relations

_ACCOUNT = KINDS.index("account")
_TOLD = (
    "position", "identifier", "event", "occurred_at", "channel", "place", "sku", "category", "order_ref", "worth",
    "currency",
)  # fmt: skip
_PERSON = "person as not materialized (select customer from member where key = customer)"


def of_these(where: Relations, goods: bool) -> list[str]:
    """Of the customers in the parameter `customers` (uuid[]); `goods` if somebody asks what orders were of."""
    columns = ", ".join((*_TOLD, "payload") if goods else _TOLD)
    these = "customer = any(%(customers)s::uuid[])"
    return [
        f"member as materialized (select id, customer, kind, key from {where.identifiers} where {these} and id <> 0)",
        _PERSON,
        f"told as materialized (select t.* from member m cross join lateral"
        f" (select {columns} from {where.touchpoints} where identifier = m.id offset 0) t)",
        f"profile as materialized (select * from {where.profiles} where {these})",
        f"agreed as materialized (select m.customer, c.purpose, c.granted from member m cross join lateral"
        f" (select purpose, granted from {where.consents} where address = m.key offset 0) c)",
        f"grouped as materialized (select m.customer, a.group from member m cross join lateral"
        f' (select "group" from {where.accounts} where id = m.key offset 0) a where m.kind = {_ACCOUNT})',
        f"inside as materialized (select segment, customer from segments_membership where {these} and how <= 1)",
    ]


def of_all(where: Relations) -> list[str]:
    """Of everybody."""
    return [
        f"member as not materialized (select id, customer, kind, key from {where.identifiers}"
        " where customer is not null and id <> 0)",
        _PERSON,
        f"told as not materialized (select * from {where.touchpoints} where identifier <> 0)",
        f"profile as not materialized (select * from {where.profiles})",
        f"agreed as not materialized (select m.customer, c.purpose, c.granted from {where.consents} c"
        " join member m on m.key = c.address)",
        f"grouped as not materialized (select m.customer, a.group from {where.accounts} a join member m on m.key = a.id"
        f" where m.kind = {_ACCOUNT})",
        "inside as not materialized (select segment, customer from segments_membership where how <= 1)",
    ]
