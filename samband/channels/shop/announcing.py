"""Offers in words, where goods are looked at: what takes something off one piece, and what more of them would bring."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.pricing.promotions import (
    WHOLE,
    Amount,
    Bundle,
    BuyGet,
    FreeSample,
    FreeShipping,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from samband.flows.piece_price import Piece
from samband.kernel.geography import TIME_ZONES
from samband.kernel.money import Money

from .storefronts import Storefront
from .wording import Words


def reductions(piece: Piece, words: Words) -> list[str]:
    """What the offers are called that take something off one piece."""
    taken = piece.promotions
    return [words.text(one.names) or one.code for one in piece.offers if one.code in taken]


def announcements(piece: Piece, front: Storefront, *, briefly: bool = False) -> list[str]:
    """The other offers, each in a sentence: what has to be bought, what that brings and, unless briefly, until when."""
    words, taken = Words(front.language), piece.promotions
    return [said for one in piece.offers if one.code not in taken and (said := _said(one, front, words, briefly))]


def _said(promotion: Promotion, front: Storefront, words: Words, briefly: bool) -> str:
    """An offer in a sentence; nothing for one that does not hold in this currency."""
    deal = _deal(promotion, front.currency, words)
    if not deal:
        return ""
    said = [deal, *_conditions(promotion, front.currency, words)]
    if promotion.valid_until and not briefly:
        last = promotion.valid_until - timedelta(seconds=1)
        said.append(_("until %(day)s") % {"day": words.day(last, TIME_ZONES.get(front.country, "UTC"))})
    line = ", ".join(said)
    name = words.text(promotion.names)
    return _("%(name)s: %(offer)s") % {"name": name, "offer": line} if name else line[:1].upper() + line[1:]


def _deal(promotion: Promotion, currency: str, words: Words) -> str:
    match promotion.deal:
        case Percent(basis_points=share):
            return _("%(share)s less") % {"share": words.percent(share)}
        case Amount(amounts=amounts):
            return _less(amounts, currency, words)
        case BuyGet() as deal:
            return _buy_get(deal, words)
        case Bundle(prices=prices):
            price = _amount(prices, currency, words)
            return _("together with the rest of the set for %(price)s") % {"price": price} if price else ""
        case Tiered(tiers=tiers):
            return " · ".join(filter(None, (_tier(tier, currency, words) for tier in tiers)))
        case FreeShipping(basis_points=share):
            if share == WHOLE:
                return _("delivery is free")
            return _("delivery costs %(share)s less") % {"share": words.percent(share)}
        case FreeSample():
            return _("a gift comes along")
        case _:
            return ""


def _buy_get(deal: BuyGet, words: Words) -> str:
    said = {
        "buy": deal.buy,
        "get": deal.get,
        "all": deal.buy + deal.get,
        "share": words.percent(deal.basis_points),
    }
    if deal.got is None and deal.basis_points == WHOLE:
        return _("%(all)s for the price of %(buy)s") % said
    if deal.got is None:
        return ngettext(
            "buy %(buy)s and %(get)s more costs %(share)s less",
            "buy %(buy)s and %(get)s more cost %(share)s less",
            deal.get,
        ) % said  # fmt: skip
    if deal.basis_points == WHOLE:
        return _("buy %(buy)s and something else is free") % said
    return _("buy %(buy)s and something else costs %(share)s less") % said


def _tier(tier: Tier, currency: str, words: Words) -> str:
    if tier.basis_points:
        less = _("%(share)s less") % {"share": words.percent(tier.basis_points)}
    else:
        less = _less(tier.amounts, currency, words)
    worth = _amount(tier.worth, currency, words)
    if not less or (tier.worth and not worth):
        return ""
    if worth:
        return _("from %(amount)s %(less)s") % {"amount": worth, "less": less}
    said = {"num": tier.quantity, "less": less}
    return ngettext("from %(num)s piece %(less)s", "from %(num)s pieces %(less)s", tier.quantity) % said


def _less(amounts: Mapping[str, int], currency: str, words: Words) -> str:
    amount = _amount(amounts, currency, words)
    return _("%(amount)s less") % {"amount": amount} if amount else ""


def _amount(amounts: Mapping[str, int], currency: str, words: Words) -> str:
    return words.money(Money(amounts[currency], currency)) if currency in amounts else ""


def _conditions(promotion: Promotion, currency: str, words: Words) -> Iterator[str]:
    needs = promotion.needs
    if worth := _amount(needs.worth, currency, words):
        yield _("from a worth of %(amount)s") % {"amount": worth}
    if needs.quantity:
        yield ngettext("from %(num)s piece", "from %(num)s pieces", needs.quantity) % {"num": needs.quantity}
