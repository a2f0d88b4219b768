"""What a segment says, in words, and what its parts are called."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere
from django.utils.translation import ngettext, pgettext

from samband.customers.consent import wordings
from samband.customers.profiles.queries import TRAITS as KNOWN
from samband.customers.segments import definitions
from samband.customers.segments.definitions import (
    Agreed,
    Amount,
    Bought,
    Condition,
    Definition,
    Did,
    Doing,
    Trait,
    Visited,
    When,
)
from samband.kernel import wording
from samband.kernel.money import MINOR_DIGITS, Money

from . import touch_texts
from .customer_words import IDENTIFIERS
from .words import Words

KINDS = {
    "did": N_("did something"),
    "did_not": N_("did not do something"),
    "bought": N_("bought goods"),
    "place": N_("was at a store"),
    "trait": N_("what is known of them"),
    "consent": N_("what they agreed to"),
    "group": N_("is in a customer group"),
    "known_by": N_("how we know them"),
    "in": N_("is in another segment"),
    "not_in": N_("is not in another segment"),
    "several": N_("several conditions together"),
}
HOW = {"all": N_("all of these"), "any": N_("at least one of these"), "none": N_("none of these")}
ANSWERS = {"granted": N_("agreed"), "refused": N_("refused"), "unknown": N_("was never asked")}
TRAITS = {
    "first_seen": N_("First seen"),
    "last_seen": N_("Last seen"),
    "first_channel": N_("First channel"),
    "last_channel": N_("Last channel"),
    "channels": N_("Number of channels"),
    "touchpoints": N_("Touchpoints"),
    "active_days": N_("Days seen"),
    "has_account": N_("Has an account"),
    "has_email": N_("Has an e-mail address"),
    "has_phone": N_("Has a telephone number"),
    "has_loyalty": N_("Has a loyalty number"),
    "orders": N_("Number of orders"),
    "first_order_at": N_("First order"),
    "last_order_at": N_("Last order"),
    "order_gap_days": N_("Days between two orders"),
    "currency": N_("Currency"),
    "value": N_("Worth of all orders"),
    "average_order": N_("Average order"),
    "refunded": N_("Given back"),
    "returns": N_("Orders sent back"),
    "favourite_category": N_("Favourite category"),
    "preferred_store": N_("Preferred store"),
    "payment_habit": N_("Usually pays by"),
    "delivery_habit": N_("Usually gets goods by"),
    "country": N_("Country"),
    "language": N_("Language"),
}
EVENTS = (
    "Product Viewed", "Product List Viewed", "Products Searched", "Product Added", "Product Added to Wishlist",
    "Cart Viewed", "Checkout Started", "Checkout Abandoned", "Order Completed", "Order Cancelled", "Order Refunded",
    "Return Requested", "Return Received", "Coupon Applied", "Promotion Clicked", "Store Visited", "Item Scanned",
    "Pickup Collected", "Pickup Lapsed", "Parcel Delivered", "Product Reviewed", "Survey Answered", "Message Opened",
    "Message Clicked", "Signed In", "Page Viewed",
)  # fmt: skip
"""Offered by name; any other can be typed."""

MOST_NAMED = 3


def title(definition: Definition, words: Words) -> str:
    """Its name, or what it is called in addresses."""
    return words.text(definition.names) or definition.segment


def trait(name: str) -> str:
    return _(TRAITS[name]) if name in TRAITS else (KNOWN[name].means if name in KNOWN else name)


def event(name: str) -> str:
    """What happened, in words where there are some."""
    if name == "Store Visited":
        return _("Was in a store")
    text: Callable[[Any, Any], str] | None = touch_texts.TEXTS.get(name)
    return text(None, None) if text else name


def purpose(slug: str) -> str:
    return wordings.name(slug)


def who(definition: Definition, words: Words) -> str:
    """Who is in it, in one sentence."""
    said = condition(definition.who, words)
    return said[:1].upper() + said[1:]


def condition(one: Condition, words: Words) -> str:
    """A condition in words."""
    [(kind, value)] = definitions.said(one).items()
    return _SAID[kind](value, words)


def _joined(how: str) -> Callable[[Sequence[Condition], Words], str]:
    def join(inner: Sequence[Condition], words: Words) -> str:
        parts = [condition(one, words) for one in inner]
        if how == "none":
            return _("none of: %(conditions)s") % {"conditions": "; ".join(parts)}
        if how == "all":
            return "; ".join(parts)
        return (" " + pgettext("between conditions", "or") + " ").join(f"({part})" for part in parts)

    return join


def _did(did: Did, words: Words) -> str:
    told = [event(did.event) if did.event else _("did anything"), times(did.at_least, did.at_most, words)]
    told += [*_where(did, words), _amount(_("each %(amount)s"), did.worth, words)]
    told += [_amount(_("together %(amount)s"), did.total, words), window(did, words)]
    told += [_end(_("the first time %(when)s"), did.first, words), _end(_("the last time %(when)s"), did.last, words)]
    return ", ".join(part for part in told if part)


def _did_not(doing: Doing, words: Words) -> str:
    what = event(doing.event) if doing.event else _("did anything")
    told = [what, *_where(doing, words), _amount(_("each %(amount)s"), doing.worth, words), window(doing, words)]
    return _("did not: %(what)s") % {"what": ", ".join(part for part in told if part)}


def _bought(bought: Bought, words: Words) -> str:
    told = [_("bought"), *_where(bought, words), times(bought.at_least, bought.at_most, words)]
    told += [_amount(_("together %(amount)s"), bought.total, words), window(bought, words)]
    return ", ".join(part for part in told if part)


def _visited(visited: Visited, words: Words) -> str:
    places = _few([words.place(one) for one in visited.any_of], words)
    told = [_("was at %(places)s") % {"places": places}, times(visited.at_least, visited.at_most, words)]
    return ", ".join(part for part in (*told, window(visited, words)) if part)


def _trait(one: Trait, words: Words) -> str:
    label = trait(one.name)
    if one.known is not None:
        return _("%(trait)s: known") % {"trait": label} if one.known else _("%(trait)s: unknown") % {"trait": label}
    if isinstance(one.value, bool):
        return f"{label}: {_('Yes') if one.value else _('No')}"
    if one.value is not None:
        return f"{label}: {_few(one.value, words)}"
    if one.currency:
        return f"{label}: {_between(one.at_least, one.at_most, one.currency, words)}"
    if one.at_least is not None or one.at_most is not None:
        return f"{label}: {_between(one.at_least, one.at_most, '', words)}"
    return f"{label}: {when(When(one.within_days, one.longer_ago_than_days, one.since, one.until), words)}"


def _agreed(agreed: Agreed, words: Words) -> str:
    return f"{purpose(agreed.purpose)}: {_(ANSWERS[agreed.answer])}"


def _group(groups: Sequence[str], words: Words) -> str:
    return _("in the customer group %(groups)s") % {"groups": _few(groups, words)}


def _known_by(kinds: Sequence[str], words: Words) -> str:
    return _("known by %(kinds)s") % {"kinds": _few([_(IDENTIFIERS[kind]) for kind in kinds], words)}


def _inside(slug: str, words: Words) -> str:
    return _("in the segment “%(segment)s”") % {"segment": slug}


def _outside(slug: str, words: Words) -> str:
    return _("not in the segment “%(segment)s”") % {"segment": slug}


_SAID: Mapping[str, Callable[[Any, Words], str]] = {
    "all": _joined("all"),
    "any": _joined("any"),
    "none": _joined("none"),
    "did": _did,
    "did_not": _did_not,
    "bought": _bought,
    "place": _visited,
    "trait": _trait,
    "consent": _agreed,
    "group": _group,
    "known_by": _known_by,
    "in": _inside,
    "not_in": _outside,
}


def times(least: int, most: int | None, words: Words) -> str:
    """How often; nothing for at least once."""
    if most is not None:
        if least == most:
            return ngettext("exactly %(count)s time", "exactly %(count)s times", least) % {"count": words.number(least)}
        between = {"least": words.number(least), "most": words.number(most)}
        return _("%(least)s to %(most)s times") % between
    if least <= 1:
        return ""
    return ngettext("at least %(count)s time", "at least %(count)s times", least) % {"count": words.number(least)}


def window(asked: Doing | Bought | Visited, words: Words) -> str:
    """In which time; nothing for ever."""
    return when(When(within_days=asked.within_days, since=asked.since, until=asked.until), words)


def when(one: When, words: Words) -> str:
    """When it was."""
    told = []
    if one.within_days is not None:
        days = {"count": words.number(one.within_days)}
        told.append(ngettext("in the last %(count)s day", "in the last %(count)s days", one.within_days) % days)
    if one.longer_ago_than_days is not None:
        days = {"count": words.number(one.longer_ago_than_days)}
        said = ngettext("more than %(count)s day ago", "more than %(count)s days ago", one.longer_ago_than_days)
        told.append(said % days)
    if one.since is not None:
        told.append(_("from %(when)s") % {"when": wording.day(one.since, words.language, weekday=False)})
    if one.until is not None:
        told.append(_("until %(when)s") % {"when": wording.day(one.until, words.language, weekday=False)})
    return ", ".join(told)


def _end(text: str, one: When | None, words: Words) -> str:
    return text % {"when": when(one, words)} if one is not None else ""


def _where(asked: Doing | Bought, words: Words) -> list[str]:
    told = []
    if asked.category:
        told.append(_("in the category %(categories)s") % {"categories": _few(asked.category, words)})
    if asked.sku:
        told.append(_few(asked.sku, words))
    if asked.channel:
        told.append(_few([touch_texts.channel(one) for one in asked.channel], words))
    if asked.place:
        told.append(_few([words.place(one) for one in asked.place], words))
    return told


def _amount(text: str, amount: Amount | None, words: Words) -> str:
    if amount is None:
        return ""
    return text % {"amount": _between(amount.at_least, amount.at_most, amount.currency, words)}


def _between(least: int | None, most: int | None, currency: str, words: Words) -> str:
    low, high = (None if one is None else _number(one, currency, words) for one in (least, most))
    if low is not None and high is not None:
        return _("%(least)s to %(most)s") % {"least": low, "most": high}
    if low is not None:
        return _("at least %(least)s") % {"least": low}
    return _("at most %(most)s") % {"most": high}


def _number(number: int, currency: str, words: Words) -> str:
    return words.money(Money(number, currency)) if currency in MINOR_DIGITS else words.number(number)


def _few(named: Sequence[str], words: Words) -> str:
    shown = wording.listing(list(named[:MOST_NAMED]), words.language)
    return shown if len(named) <= MOST_NAMED else _("%(some)s and more") % {"some": ", ".join(named[:MOST_NAMED])}


# --- refusals

WANTED = {
    "slug": N_("needs small letters, digits and single dashes, at most %(most)s"),
    "length": N_("may have %(least)s to %(most)s characters"),
    "zone": N_("is no time zone"),
    "one_of": N_("is not one of those there are"),
    "some_of": N_("needs at least one choice"),
    "many_conditions": N_("may have at most %(most)s conditions"),
    "deep": N_("lies too deep"),
    "one_condition": N_("needs a condition"),
    "empty": N_("needs at least one choice"),
    "unknown_segment": N_("names a segment that there is not"),
    "circle": N_("asks about this segment itself, if only through others"),
    "unknown_category": N_("names a category that there is not: %(category)s"),
    "comparison": N_("needs something to compare with"),
    "known_alone": N_("cannot ask for more than whether it is known"),
    "no_currency": N_("needs no currency"),
    "yes_or_no": N_("needs yes or no"),
    "words": N_("needs at least one word"),
    "range": N_("must be %(least)s to %(most)s"),
    "day": N_("must lie from %(least)s to %(most)s"),
    "until": N_("ends before it begins"),
    "window": N_("has a number of days and dates: take one of them"),
    "ago": N_("must be fewer days than the last ones that count"),
    "at_most": N_("is below the least number; that is 1 if nothing is said"),
    "bounds": N_("is below the least number"),
    "no_limit": N_("must be at least 1 if there is no greatest number"),
    "never": N_("must be at least 1 if an amount, the first or the last time is asked for"),
    "when": N_("needs a time"),
    "amount": N_("needs an amount"),
    "many": N_("names more than %(most)s"),
    "word": N_("holds an empty word, or one longer than %(most)s characters"),
    "twice": N_("names something twice"),
    "sku": N_("holds something that is no SKU"),
    "shape": N_("cannot be understood"),
}
"""What is wrong with a place, by the code of the refusal (`defining.WANTED`, and shape)."""


def refused(details: Mapping[str, Any], words: Words) -> str:
    """Why a segment cannot be as it is, with the place as it stands in its text."""
    values = {name: words.number(one) if isinstance(one, int) else one for name, one in details.items()}
    wanted = WANTED.get(str(details.get("why", "")), WANTED["shape"])
    return f"{details.get('place', '')}: {_(wanted) % values}"


def in_use(details: Mapping[str, Any], words: Words) -> str:
    """Which segments ask about one that was to go."""
    return _("These segments ask about it: %(segments)s.") % {"segments": _few(details.get("segments", ()), words)}


def not_yaml(details: Mapping[str, Any], words: Words) -> str:
    """Where a text stops being YAML."""
    return _("The text cannot be read from line %(line)s on.") % {"line": words.number(details.get("line", 1))}
