"""What is known of a customer, in words: what they are known by, why, what they allowed, and their traits."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere
from django.utils.translation import ngettext, pgettext

from samband.customers.identity.queries import IdentifierView
from samband.customers.profiles.queries import ProfileView, known_money
from samband.flows.customer_profile import Link
from samband.flows.known_customer import Known
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.identifier import KINDS

from . import state_words as say
from . import touch_texts
from .words import Words

IDENTIFIERS = {
    "account": N_("Account"),
    "user": N_("Customer number elsewhere"),
    "loyalty": N_("Loyalty number"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "card": N_("Payment card"),
    "social": N_("Social network"),
    "device": N_("Device"),
    "cookie": N_("Browser"),
}
FOUND_BY = {
    "email": N_("by e-mail"),
    "phone": N_("by telephone number"),
    "loyalty": N_("by loyalty number"),
    "order": N_("by order number"),
    "account": N_("by id"),
    "particulars": "",
}

LONGEST_VALUE = 28


def value(one: IdentifierView, known: Known) -> str:
    """An identifier's value as people say it; what only machines can read is cut short."""
    if one.kind == "account":
        account = next((account for account in known.accounts if account.id == one.key), None)
        if account and (account.name or account.email):
            return account.name or account.email or ""
    if one.kind in ("email", "phone", "loyalty"):
        return one.value
    short = one.value if len(one.value) <= LONGEST_VALUE else f"{one.value[:12]}…{one.value[-6:]}"
    return f"{short} ({one.namespace})" if one.namespace else short


def named(one: IdentifierView | None, known: Known) -> str:
    """An identifier with its kind."""
    if one is None:
        return _("something that was erased")
    return f"{say.word(IDENTIFIERS, one.kind)} {value(one, known)}"


def weaker(link: Link) -> int | None:
    """The number of that end of an assertion that says less of who somebody is: it is shown there."""
    ends = [one for one in (link.a, link.b) if one]
    return max(ends, key=lambda one: (KINDS.index(one.kind), one.key)).number if ends else None


def other_end(link: Link, member: IdentifierView, known: Known) -> str:
    """What the identifier is asserted to belong to."""
    return named(link.b if link.a and link.a.number == member.number else link.a, known)


def ends(link: Link, known: Known) -> str:
    """Both ends of an assertion."""
    return f"{named(link.a, known)} – {named(link.b, known)}"


_BECAUSE: dict[str, Callable[[], str]] = {
    "same": lambda: _("a person decided that it is the same person, on %(day)s"),
    "different": lambda: _("a person decided that these are two persons, on %(day)s"),
    "verified": lambda: _("signed in with a mailed code on %(day)s"),
    "account": lambda: _("stands in the account’s own particulars since %(day)s"),
    "signed_in": lambda: _("the account was used here on %(day)s"),
    "user": lambda: _("a system named both as one customer on %(day)s"),
    "stated": lambda: _("typed into a form on %(day)s"),
    "alias": lambda: _("a system gave another name on %(day)s"),
    "same_event": lambda: _("came together in one message on %(day)s"),
}


def because(link: Link, words: Words) -> str:
    """Why two identifiers are one person's: "signed in with a mailed code on 3 May, web shop"."""
    said, day = _BECAUSE.get(link.assertion.rule), date(link.assertion.first_at, words)
    text = said() % {"day": day} if said else f"{link.assertion.rule}, {day}"
    source = link.assertion.source
    told = text if source in ("", "staff") else f"{text}, {source_name(source)}"
    return f"{told} ({link.assertion.reason})" if link.assertion.reason else told


def source_name(slug: str) -> str:
    """Where something was said: by the house's own books, by a channel, or by a source, which has a name of its own."""
    return _SAID_BY[slug]() if slug in _SAID_BY else touch_texts.channel(slug)


_SAID_BY: dict[str, Callable[[], str]] = {
    "accounts": lambda: pgettext("where it was said", "in the shop’s accounts"),
    "orders": lambda: pgettext("where it was said", "with an order"),
}


_STATES: dict[str, Callable[[], str]] = {
    "held_back": lambda: _("Held back: it would join two persons"),
    "shared": lambda: _("Joins nobody: many use it"),
    "different": lambda: _("Kept apart"),
    "pending": lambda: _("Not taken in yet"),
    "taken_back": lambda: _("Taken back"),
}


def link_state(link: Link, words: Words) -> str:
    """How an assertion stands that joins nobody; nothing for one that holds."""
    said = _STATES.get(link.assertion.state)
    if said is None:
        return ""
    text, at = said(), link.assertion.retracted_at
    if at is None:
        return text
    text = _("Taken back on %(day)s") % {"day": date(at, words)}
    return f"{text}: {link.assertion.retraction_reason}" if link.assertion.retraction_reason else text


def ago(at: datetime) -> str:
    """How many days ago that was."""
    days = (now() - at).days
    if days < 1:
        return pgettext("how long ago", "today")
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


def date(at: datetime, words: Words) -> str:
    """A day with its year."""
    return wording.day(at, words.language, words.zone, weekday=False)


def amount(minor: int | None, currency: str | None, words: Words) -> str:
    """An amount, also of a currency that the house does not trade in: that one in its smallest unit."""
    if minor is None or currency is None:
        return ""
    known = known_money(minor, currency)
    return words.money(known) if known else f"{words.number(minor)} {currency}"


def traits(one: ProfileView, words: Words) -> Iterator[tuple[str, str]]:
    """What is known, as plain facts: a label and a text; what is not known is left out."""
    for label, text in _traits(one, words):
        if text:
            yield label, text


def _traits(one: ProfileView, words: Words) -> Iterator[tuple[str, str]]:
    yield _("First channel"), touch_texts.channel(one.first_channel) if one.first_channel else ""
    yield _("Last channel"), touch_texts.channel(one.last_channel) if one.last_channel else ""
    yield _("Touchpoints"), words.number(one.touchpoints) if one.touchpoints else ""
    yield _("Days seen"), words.number(one.active_days) if one.active_days else ""
    yield pgettext("a count of orders", "Orders"), words.number(one.orders) if one.orders else ""
    yield _("Average order"), amount(one.average_order, one.currency, words)
    yield _("Value in other currencies"), _others(one, words)
    yield _("Given back"), amount(one.refunded or None, one.currency, words)
    yield _("Orders sent back"), words.number(one.returns) if one.returns else ""
    yield _("First order"), date(one.first_order_at, words) if one.first_order_at else ""
    yield _("Last order"), date(one.last_order_at, words) if one.last_order_at else ""
    yield _("Between two orders"), words.lasting(one.order_gap_days * 86_400) if one.order_gap_days else ""
    yield _("Favourite category"), words.category(one.favourite_category or "")
    yield _("Preferred store"), words.place(one.preferred_store) if one.preferred_store else ""
    yield _("Usually pays by"), _way(one.payment_habit)
    yield _("Usually gets goods by"), _way(one.delivery_habit)
    yield _("Country"), one.country or ""
    yield _("Language"), words.tongue(one.language) if one.language else ""


def _others(one: ProfileView, words: Words) -> str:
    return ", ".join(amount(spent, code, words) for code, spent in sorted(one.spent.items()) if code != one.currency)


_WAYS: dict[str, Callable[[], str]] = {
    "card": lambda: pgettext("way of paying", "card"),
    "cash": lambda: pgettext("way of paying", "cash"),
    "invoice": lambda: pgettext("way of paying", "invoice"),
    "transfer": lambda: pgettext("way of paying", "bank transfer"),
    "bank_transfer": lambda: pgettext("way of paying", "bank transfer"),
    "gift_card": lambda: pgettext("way of paying", "gift card"),
    "installments": lambda: pgettext("way of paying", "instalments"),
    "pickup": lambda: pgettext("way of getting goods", "pickup"),
    "ship": lambda: pgettext("way of getting goods", "parcel"),
    "carry": lambda: pgettext("way of getting goods", "taking them along"),
    "serve": lambda: pgettext("way of getting goods", "being served"),
}


def _way(code: str | None) -> str:
    return "" if code is None else _WAYS.get(code, lambda: code)()
