"""Why something costs what it does in this store, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from samband.commerce.pricing.quotes import Quote
from samband.flows.at_shelf import AtShelf
from samband.kernel.money import Money

from .words import Words


@dataclass(frozen=True, slots=True)
class OfferSaid:
    """An offer that takes something off: its name, and by how much."""

    name: str
    off: str


def offers_said(seen: AtShelf, words: Words) -> tuple[OfferSaid, ...]:
    """The offers of this place for one unit."""
    return applied_said(seen.quote, words) if seen.quote else ()


def applied_said(quote: Quote, words: Words) -> tuple[OfferSaid, ...]:
    """The promotions that took something off a basket, with what they took."""
    return tuple(
        OfferSaid(words.text(one.names) or _("Offer"), words.money(-one.amount))
        for one in quote.applied
        if one.amount.amount > 0
    )


def saved(was: Money, now: Money) -> int:
    """By how many percent less it is now, in whole percent."""
    return (was.amount - now.amount) * 100 // was.amount if was.amount else 0
