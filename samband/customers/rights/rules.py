"""What may be asked, until when it must be answered, and how long we keep what. Values in, values out."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

KINDS = ("export", "erasure")
STATES = ("open", "agreed", "waiting", "done", "withdrawn")
"""*Open* waits for a person of ours, *agreed* for us to do it, *waiting* for something of the customer's to end."""

LIVE = ("open", "agreed", "waiting")
BY = ("customer", "staff", "program")

GROUNDS = ("own_wish", "in_writing", "at_store", "by_phone", "court", "minor")
"""How we know that it is their wish. Nothing is typed here, so nothing personal can be."""

FILE_GOOD_FOR = timedelta(days=7)
LINK_GOOD_FOR = timedelta(hours=1)
"""How long an export lies ready, and how long one link to it opens it."""

LOOK_AGAIN = timedelta(hours=1)
"""How soon an erasure that waits for an order to end is tried again."""


def deadline(asked_at: datetime) -> datetime:
    """One month later (GDPR article 12(3)), on the last day of a month that is shorter."""
    year, month = asked_at.year + asked_at.month // 12, asked_at.month % 12 + 1
    day = min(asked_at.day, calendar.monthrange(year, month)[1])
    return asked_at.replace(year=year, month=month, day=day)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept for how many days, counted from `since`; None: for ever. `least` is what somebody still needs."""

    code: str
    days: int | None
    least: int
    since: str


USUAL: Mapping[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("guest_carts", 60, 1, "changed"),
        Rule("contacts_of_drafts", 30, 1, "closed"),
        Rule("contacts_of_orders", 2557, 60, "closed"),
        Rule("sign_in_codes", 1, 1, "asked"),
        Rule("messages", 365, 1, "made"),
        Rule("offline_payloads", 30, 1, "settled"),
        Rule("idempotency", 30, 2, "used"),
        Rule("label_links", 90, 1, "bought"),
        Rule("store_visits", 30, 1, "ended"),
        Rule("touchpoints_of_nobody", 90, 1, "happened"),
        Rule("touchpoints", 760, 1, "happened"),
        Rule("browser_answers", 760, 1, "answered"),
        Rule("sessions", 0, 0, "lapsed"),
        Rule("mail_files", 30, 0, "written"),
        Rule("import_rejects", 90, 0, "written"),
        Rule("requests", 1096, 31, "ended"),
    )
}
"""The usual rules. Seven years for whom an order was for, because claims and tax law reach that far back."""


def days_of(rule: Rule, kept: Mapping[str, int | None]) -> int | None:
    """How many days count, where some houses keep it otherwise; never fewer than are needed."""
    days = kept.get(rule.code, rule.days)
    return None if days is None else max(days, rule.least)
