"""What can be known of a customer: the traits, what each is, and how it is reckoned. `computing` is where it is done.

Everything is reckoned from the touchpoints under all identifiers that are this customer's now, and from nothing else;
no trait depends on the clock or on the order in which touchpoints arrived. "Days ago" is for whoever reads a moment.

An *order* is what touchpoints tell under one order number, however many sources tell of it: the source that is trusted
most speaks (the house before a server, a webhook, an import, a browser), and of what it says the latest. An order
without a number is one of its own. An order that was cancelled is none.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trait:
    """A column of `RELATION`. `kind` is count, money, moment, text or flag; `absent` says whether it can be null.

    *money* is in the smallest unit of the `currency` that stands beside it: whoever compares it compares that as well.
    """

    column: str
    kind: str
    means: str
    absent: bool = False


TRAITS: dict[str, Trait] = {
    one.column: one
    for one in (
        Trait("first_seen", "moment", "The moment of their first touchpoint", absent=True),
        Trait("last_seen", "moment", "The moment of their latest touchpoint: recency", absent=True),
        Trait("first_channel", "text", "The channel of the first touchpoint that names one", absent=True),
        Trait("last_channel", "text", "The channel of the latest touchpoint that names one", absent=True),
        Trait("channels", "count", "On how many channels they were seen"),
        Trait("touchpoints", "count", "How many touchpoints there are of them"),
        Trait("active_days", "count", "On how many days (UTC) they were seen: frequency of whoever does not buy"),
        Trait("has_account", "flag", "Whether they have an account in the shop"),
        Trait("has_email", "flag", "Whether a mail address of theirs is known"),
        Trait("has_phone", "flag", "Whether a telephone number of theirs is known"),
        Trait("has_loyalty", "flag", "Whether they have a loyalty number"),
        Trait("orders", "count", "Orders in every currency, without those that were cancelled: frequency"),
        Trait("first_order_at", "moment", "When they ordered first", absent=True),
        Trait("last_order_at", "moment", "When they ordered last", absent=True),
        Trait(
            "order_gap_days", "count", "Whole days between two orders, on average; of two orders or more", absent=True
        ),
        Trait("currency", "text", "The currency of most of their orders, of several the one used last", absent=True),
        Trait("value", "money", "What their orders in that currency came to, less what was given back"),
        Trait("average_order", "money", "The value by the number of orders in that currency", absent=True),
        Trait("refunded", "money", "What was given back in that currency, at most what the order came to"),
        Trait("returns", "count", "Orders of which something was sent back, or was asked to be"),
        Trait("favourite_category", "text", "What they bought most often, else what they looked at most", absent=True),
        Trait("preferred_store", "text", "The place where they were on most days", absent=True),
        Trait("payment_habit", "text", "How most of their orders were paid", absent=True),
        Trait("delivery_habit", "text", "How most of their orders came to them", absent=True),
        Trait("country", "text", "The country they named last (ISO 3166-1, two letters)", absent=True),
        Trait("language", "text", "The language they used last (ISO 639-1, two letters)", absent=True),
    )
}
"""Every trait that a condition may speak of. Where two are level (a channel, a category, a store), the one that was
latest counts, then the first by its letters: the answer is the same whatever order things arrived in."""
