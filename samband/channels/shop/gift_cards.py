"""Gift cards in a form: each is looked at when its code is entered, and pays before anything else does."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from samband.commerce.payments import gift_codes
from samband.commerce.payments.gift_ledger import GiftCardView
from samband.commerce.payments.refusals import GiftCardClosed, OtherCurrency, UnknownGiftCard
from samband.flows.check_out import Tender
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict, Refusal

from . import reading, tries
from .refusal_texts import sentence
from .visits import Visit

MOST = 5
LONGEST_CODE = 40


class TooManyGiftCards(Conflict):
    """So many gift cards pay for one order at most."""

    code = "too_many_gift_cards"


class GiftCardTwice(Conflict):
    """This gift card is among those entered already."""

    code = "gift_card_twice"


class GiftCardEmpty(Conflict):
    """There is nothing left on this gift card."""

    code = "gift_card_empty"


@dataclass(frozen=True, slots=True)
class Entered:
    """A gift card that was entered: its code stays in the form, and nowhere else."""

    code: str
    card: GiftCardView


def entered(visit: Visit, sent: QueryDict, currency: str) -> tuple[list[Entered], str]:
    """The gift cards in a form, with what is to be said of one that cannot be used (it is left out)."""
    found: list[Entered] = []
    told = ""
    for code in dict.fromkeys(sent.getlist("gift")[:MOST]):
        try:
            found.append(_look(visit, code, currency, found))
        except Refusal as refusal:
            told = sentence(refusal)
    return found, told


def enter(visit: Visit, sent: QueryDict, currency: str, found: list[Entered]) -> str:
    """Look at the code that was typed, and put its card with those `found`; what is to be said if it cannot be used."""
    try:
        tries.gift_cards.count_address(visit.request)
        code = reading.text(sent, "gift_code", LONGEST_CODE)
        found.append(_look(visit, code, currency, found))
    except Refusal as refusal:
        return sentence(UnknownGiftCard() if refusal.code == "invalid" else refusal)
    return ""


def _look(visit: Visit, code: str, currency: str, found: Sequence[Entered]) -> Entered:
    if len(found) >= MOST:
        raise TooManyGiftCards(most=MOST)
    card = gift_codes.look_at(code[:LONGEST_CODE], _asker(visit))
    if any(one.card.id == card.id for one in found):
        raise GiftCardTwice()
    if not card.open:
        raise GiftCardClosed(state=card.state)
    if card.currency != currency:
        raise OtherCurrency(expected=currency, got=card.currency)
    if not card.balance:
        raise GiftCardEmpty()
    return Entered(code[:LONGEST_CODE], card)


def _asker(visit: Visit) -> str:
    return f"shop:{visit.customer_id or visit.guest_cart_id or visit.request.META.get('REMOTE_ADDR', '')}"


def shares(cards: Sequence[Entered], total: Money) -> tuple[list[tuple[Entered, Money]], Money]:
    """What each card pays of a total, the first entered first, and what they leave."""
    left, paid = total, []
    for one in cards:
        share = min(one.card.balance, left)
        if share:
            paid.append((one, share))
        left -= share
    return paid, left


def agreed(visit: Visit, sent: QueryDict, way: str, total: Money) -> tuple[list[Tender], Money]:
    """The gift cards of a form that was sent to pay with, and what they leave; what each pays is what was shown.

    Nobody looks at the cards here: sent twice, the form means the same. Raises Invalid, TooMany.
    """
    codes = sent.getlist("gift")[:MOST]
    if not codes:
        return [], total
    tries.gift_cards.count_address(visit.request)
    paid, left = [], total
    for code, said in zip(codes, sent.getlist(f"share_{way}" if way else "share"), strict=False):
        share = Money(reading.whole({"share": said}, "share", 0, 10**15), total.currency)
        if share:
            paid.append(Tender(method="gift_card", token=code[:LONGEST_CODE], amount=share))
            left -= share
    return paid, left
