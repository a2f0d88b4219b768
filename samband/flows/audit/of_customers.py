"""What rooms say of customers, that the rooms of the customers must agree with."""

from samband.commerce.cart import books as carts
from samband.commerce.fulfillment import books as fulfillment
from samband.commerce.orders import books as orders
from samband.customers.accounts import books as accounts
from samband.customers.consent import books as consent
from samband.customers.identity import books as identity
from samband.customers.profiles import books as profiles
from samband.customers.segments import books as segments
from samband.customers.touchpoints import books as touched
from samband.customers.touchpoints import queries as touchpoints
from samband.engagement.messaging import books as messaging
from samband.kernel.books import Check, Checks
from samband.timeline.queries import backlog

from .between_rooms import points


def _to_account(name: str, sentence: str, relation: str, column: str = "customer_id") -> Check:
    return points(name, sentence, relation, column, accounts.RELATION, "account")


ACCOUNTS = (
    _to_account("order_of_no_account", "Order {number} is customer {customer_id}'s, who does not exist.",
                orders.RELATION),
    _to_account("cart_of_no_account", "Cart {cart_id} is customer {customer_id}'s, who does not exist.",
                carts.RELATION),
    _to_account("message_to_no_account", "Message {message} is to customer {customer_id}, who does not exist.",
                messaging.RELATION),
    _to_account("consent_of_no_account", "Entry {entry} of consents is customer {account}'s, who does not exist.",
                consent.ACCOUNTS, "account"),
    _to_account("identified_without_account", "Identity knows account {account}, which does not exist.",
                identity.ACCOUNTS, "account"),
    points("order_of_no_contact", "Order {number} tells contact {contact_id}, which does not exist.",
            orders.RELATION, "contact_id", accounts.CONTACTS, "contact"),
    points("message_to_no_contact", "Message {message} is to contact {contact_id}, which does not exist.",
            messaging.RELATION, "contact_id", accounts.CONTACTS, "contact"),
    points("fulfillment_to_nowhere", "Fulfillment {number} goes to address {address_id}, which does not exist.",
            fulfillment.RELATION, "address_id", accounts.ADDRESSES, "address",
            "and here.state not in ('delivered', 'handed_over', 'cancelled', 'expired')"),
)  # fmt: skip

TOUCHPOINTS = Check(
    "touchpoints_of_nobody",
    "{touchpoints} touchpoints lie under identifier {identifier}, which does not exist; the first is {first}.",
    f"""
select t.identifier, t.touchpoints, t.first from (
    select identifier, count(*) as touchpoints, min(position) as first from {touchpoints.RELATION}
    where identifier <> 0 group by identifier
) t
where not exists (select from ({identity.NUMBERS}) i where i.identifier = t.identifier) order by 1
""",
)

UNHEARD = Check(
    "account_never_identified",
    "Identity has not heard of account {account}.",
    f"""
select a.account from ({accounts.RELATION}) a
where not a.erased and not exists (select from ({identity.ACCOUNTS}) i where i.account = a.account) order by 1
""",
)
"""Only once every event has been taken in: identity hears of an account afterwards."""

_NOBODY_WAITS = f"""
and not exists ({identity.MOVED}) and not exists ({touched.TOUCHED})
"""
"""Everybody was followed who was touched, joined or parted."""

MEMBERS = Check(
    "member_of_nobody",
    "{members} customers are in segment {segment} who do not exist; one is {customer}.",
    f"""
select segment, count(*) as members, min(customer::text) as customer from ({segments.MEMBERS}) m
where not exists (select from ({identity.CUSTOMERS}) c where c.customer = m.customer) {_NOBODY_WAITS}
group by segment order by 1
""",
)

PROFILES = Check(
    "profile_of_nobody",
    "There is a profile of customer {customer}, who does not exist.",
    f"""
select p.customer from ({profiles.KNOWN}) p
where not exists (select from ({identity.CUSTOMERS}) c where c.customer = p.customer) {_NOBODY_WAITS} order by 1
""",
)


def checks() -> Checks:
    """All of it; what a reaction puts right only when there is none left to deliver."""
    late: Checks = (UNHEARD,) if backlog().waiting == 0 else ()
    return (*ACCOUNTS, TOUCHPOINTS, MEMBERS, PROFILES, *late)
