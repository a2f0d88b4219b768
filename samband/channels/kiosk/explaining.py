"""Why something costs what it does in this store, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from samband.commerce.pricing.quotes import Quote
from samband.flows.at_shelf import AtShelf

from .words import Words


@dataclass(frozen=True, slots=True)
class OfferSaid:
    """An offer that takes something off: its name, by how much, and whether it holds in this place alone."""

    name: str
    off: str
    is_local: bool = False


def offers_said(seen: AtShelf, words: Words) -> tuple[OfferSaid, ...]:
    """The offers of this place for one piece."""
    return tuple(
        OfferSaid(words.text(one.names) or _("Offer"), words.money(-one.amount), one.is_local)
        for one in seen.reductions
    )


def applied_said(quote: Quote, words: Words) -> tuple[OfferSaid, ...]:
    """The promotions that took something off a basket, with what they took."""
    return tuple(
        OfferSaid(words.text(one.names) or _("Offer"), words.money(-one.amount))
        for one in quote.applied
        if one.amount.amount > 0
    )
